"""Aggregate a normalised table up a tree of any depth, with a method and weights for every node."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.means import cannot_take, power_mean
from beffroi.composite.outrank import copeland
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from beffroi.composite.coin import Framework
    from beffroi.composite.compat import Compat

Floats = npt.NDArray[np.float64]
MeanName = Literal["amean", "gmean", "hmean", "copeland", "a_copeland"]
Rule = MeanName | float | Callable[[Floats, Floats], Floats]
"""A mean by name, the exponent of a generalised mean, or a function (units × siblings, weights) → units."""
Rules = Rule | Sequence[Rule] | Mapping[str, Rule]
POWERS = {"amean": 1.0, "gmean": 0.0, "hmean": -1.0}


def roll_up(
    table: IndicatorMatrix,
    framework: Framework,
    *,
    rules: Rules = "amean",
    weights: Mapping[str, float] | None = None,
    least_available: float | Mapping[str, float] | None = None,
    blocks: Sequence[npt.NDArray[np.intp]] | None = None,
    compat: Compat = "correct",
) -> IndicatorMatrix:
    """Aggregate level by level.

    Args:
        table: units × indicators on a common scale, more is better; NaN where missing.
        framework: the tree, and the weights where `weights` names none.
        rules: one rule for all nodes; or one a level, from level 2 up; or node → rule (others arithmetic).
        weights: code → weight among its siblings (any sum); overrides the framework's.
        least_available: share of its children that a node needs, 0..1, for all nodes or by node; below it the node
            is missing. None: one child is enough.
        blocks: rows that Copeland compares apart (years of a panel).
        compat: `coinr` repeats COINr (see compat).

    Returns:
        The indicators, then the nodes, lowest level first. A unit of which only children with a weight of zero are
        present has no score.

    Raises:
        MethodError: a value that a mean cannot take (unit, element and node are named), a node whose weights sum to
            zero, a weight for an unknown code, or `a_copeland` with `compat="coinr"`, which COINr refuses.

    Source: OECD/JRC (2008), Handbook, section 1.6; COINr's Aggregate.

    >>> from beffroi.composite.coin import Framework, Node
    >>> tree = Framework((Node("x", 1, "top", weight=3.0), Node("y", 1, "top"), Node("top", 2, "")))
    >>> m = IndicatorMatrix(("A",), ("x", "y"), np.array([[20.0, 60.0]]))
    >>> roll_up(m, tree).column("top").tolist()
    [30.0]
    """
    given = {**framework.weights, **(weights or {})}
    unknown = sorted(set(given) - set(framework.weights))
    if unknown:
        raise MethodError(f"'{unknown[0]}' has a weight but is not in the tree. Check its code.")
    columns = {code: table.values[:, place] for place, code in enumerate(table.indicators)}
    nodes = framework.aggregates
    for node in nodes:
        rule = rule_at(rules, node, framework.node(node).level)
        children = tuple(one for one in framework.children(node) if one in columns)
        if not children:
            raise MethodError(f"'{node}' has no indicator left under it. Take it out of the tree.")
        needed = least_available.get(node) if isinstance(least_available, Mapping) else least_available
        values = np.stack([columns[one] for one in children], axis=1)
        _check(values, rule, np.array([given[one] for one in children]), (node, children, table.regions), compat)
        shares = np.array([given[one] for one in children], dtype=float)
        out = np.empty(len(values))
        for rows in blocks if blocks is not None and rule == "copeland" else (np.arange(len(values)),):
            out[rows] = score_node(values[rows], shares, rule, compat)
        if needed is not None:
            out[(~np.isnan(values)).mean(axis=1) < needed] = np.nan
        columns[node] = out
    codes = (*table.indicators, *nodes)
    return IndicatorMatrix(table.regions, codes, np.stack([columns[one] for one in codes], axis=1))


def rule_at(rules: Rules, node: str, level: int) -> Rule:
    """Return the rule of one node.

    Raises:
        MethodError: rules were given by level, and none for this one.
    """
    if isinstance(rules, Mapping):
        return rules.get(node, "amean")
    if isinstance(rules, Sequence) and not isinstance(rules, str):
        if not 0 <= level - 2 < len(rules):
            raise MethodError(f"No rule for level {level}: {len(rules)} rule(s) given, the first for level 2.")
        return rules[level - 2]
    return rules


def score_node(values: Floats, weights: Floats, rule: Rule, compat: Compat) -> Floats:
    """Aggregate the siblings of one node (units × siblings) by its rule; errors are those of `roll_up`."""
    if callable(rule):
        return np.asarray(rule(values, weights), dtype=float)
    if rule in ("copeland", "a_copeland"):
        return copeland(values, weights, compat=compat)
    # Who has only what counts for nothing has no score: one weight of zero is no fault of the whole index.
    known = ((weights != 0) & ~np.isnan(values)).any(axis=1)
    values = np.where(known[:, None], values, np.nan)
    return power_mean(values, weights, power=power_of(rule), by_number=not isinstance(rule, str), compat=compat)


def power_of(rule: str | float) -> float:
    """Return the exponent of a mean.

    Raises:
        MethodError: there is no mean of this name.
    """
    if isinstance(rule, str):
        if rule not in POWERS:
            raise MethodError(f"'{rule}' is not a rule. Choose one of: {', '.join(POWERS)}, copeland, or an exponent.")
        return POWERS[rule]
    return float(rule)


def _check(
    values: Floats, rule: Rule, weights: Floats, where: tuple[str, tuple[str, ...], tuple[str, ...]], compat: Compat
) -> None:
    node, children, units = where
    if weights.sum() == 0:
        raise MethodError(f"The weights under '{node}' sum to zero. Give one of {', '.join(children)} a weight.")
    if callable(rule):
        return
    if rule == "a_copeland" and compat == "coinr":
        raise MethodError(
            f"COINr refuses 'a_copeland' by name (element '{children[0]}' under '{node}'). Ask for 'copeland'."
        )
    if rule in ("copeland", "a_copeland"):
        return
    power = power_of(rule)
    refused = cannot_take(values, power, by_number=not isinstance(rule, str), compat=compat)
    bad = np.argwhere(refused & ~np.isnan(values))
    if bad.size:
        row, column = map(int, bad[0])
        name = {0.0: "geometric", -1.0: "harmonic"}.get(power, f"power {power:g}")
        raise MethodError(
            f"'{children[column]}' is {values[row, column]:g} for {units[row]}, which a {name} mean under '{node}' "
            "cannot take. Scale to 1..100 (minmax, low=1), or use an arithmetic mean."
        )
