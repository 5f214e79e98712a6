"""The best and worst rank that the weights of a specification can give, exactly, on a tree of any depth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.exact_rank import ExactRank, Polytope, Siblings, exact_rank, nested
from beffroi.composite.roll_up import power_of, rule_at
from beffroi.composite.steps import Aggregate
from beffroi.composite.vary import Specification, WeightDirichlet, WeightNoise, WeightSets
from beffroi.composite.vary_check import check
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.composite.coin import Coin, Framework
    from beffroi.composite.recipe import Recipe


def exact_ranks(
    coin: Coin, recipe: Recipe, spec: Specification, unit: str, *, seconds: float = 30.0
) -> ExactRank:  # fmt: skip
    """Find the best and the worst rank of a unit over all weights that the specification allows.

    Steps, data and indicators stay as the recipe has them: the bounds are those of the weights alone.

    Args:
        coin: figures and tree of one year.
        recipe: arithmetic means at every node.
        spec: what varies; `WeightNoise` and `WeightDirichlet` (any shares within a group) count here.
        unit: its code.
        seconds: time limit of each of the two programs.

    Returns:
        Both ranks among the units of the index, and effective weights of the indicators that give them.

    Raises:
        SpecificationError: the specification does not fit.
        MethodError: an aggregation other than arithmetic, holes in the normalised table, sets of weights, an unknown
            unit, or a specification without weights.

    Source: Lorenz et al. (2016), arXiv:1608.04556.

    >>> from beffroi.composite.coin import Coin, Framework, Node
    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> from beffroi.composite.recipe import Recipe
    >>> tree = Framework((Node("x", 1, "top"), Node("y", 1, "top"), Node("top", 2, "")))
    >>> table = IndicatorMatrix(("A", "B", "C"), ("x", "y"), np.array([[60.0, 40.0], [50.0, 45.0], [40.0, 60.0]]))
    >>> found = exact_ranks(Coin(table, tree, ("a", "b", "c")), Recipe(),
    ...     Specification((WeightDirichlet("weights", 1),)), "B")
    >>> found.best, found.worst
    (2, 3)
    """
    built = check(coin, recipe, spec).nominal
    varied = {one.level: one for one in spec.vary if isinstance(one, WeightNoise | WeightDirichlet)}
    if any(isinstance(one, WeightSets) for one in spec.vary) or not varied:
        raise MethodError(
            "Exact bounds need weights that vary freely: weight_noise or weight_dirichlet. For a list of sets, the "
            "scenarios already hold them all."
        )
    step = next(one for one in recipe.steps if isinstance(one, Aggregate))
    tree = built.coin.framework
    rules = {code: rule_at(step.rules, code, tree.node(code).level) for code in tree.aggregates}
    other = [code for code, rule in rules.items() if not isinstance(rule, str | float | int) or not _is_plain(rule)]
    points = [table.values for name, table in built.stages.items() if name != "aggregate"][-1]
    if other or np.isnan(points).any() or coin.times:
        raise MethodError(
            "Exact bounds are known for arithmetic means of one year without holes; "
            + (f"'{other[0]}' is aggregated otherwise." if other else "fill the holes, or take one year of the panel.")
        )
    if unit not in built.coin.units:
        raise MethodError(f"'{unit}' is not among the {len(built.coin.units)} units of the index. Check its code.")
    weights = {**tree.weights, **(step.weights or {})}
    return exact_rank(points, built.coin.units.index(unit), polytope(tree, weights, varied), seconds=seconds)


def _is_plain(rule: str | float) -> bool:
    return rule not in ("copeland", "a_copeland") and power_of(rule) == 1


def polytope(
    tree: Framework, weights: Mapping[str, float], varied: Mapping[int, WeightNoise | WeightDirichlet]
) -> Polytope:
    """Return all effective weights that a tree can have when the weights of some levels vary.

    Args:
        tree: indicators and aggregates.
        weights: nominal weight of each code among its siblings.
        varied: level → noise (a factor in 1 ± spread) or Dirichlet (any shares among those with a weight).

    Returns:
        The polytope, in the order of the indicators.
    """
    place = {code: k for k, code in enumerate(tree.indicators)}
    groups, upper = [], np.ones(len(place))
    for parent in tree.aggregates:
        children = tree.children(parent)
        how = varied.get(tree.node(children[0]).level)
        members = [np.array([place[one] for one in tree.leaves(code)]) for code in children]
        if isinstance(how, WeightDirichlet):
            for code, columns in zip(children, members, strict=True):
                upper[columns] *= weights[code] > 0
            continue
        nominal = np.array([weights[code] for code in children], dtype=float)
        groups.append(Siblings(members, nominal, how.spread if how is not None else 0.0))
    found = nested(len(place), groups)
    return Polytope(found.lower, upper, found.rows, found.limits)
