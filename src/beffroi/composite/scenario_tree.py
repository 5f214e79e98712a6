"""A tree and a normalised table, prepared for adding up under many sets of weights (see `scenario_means`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from beffroi.composite.means import ARITHMETIC, HARMONIC, NEGLIGIBLE, cannot_take
from beffroi.composite.roll_up import Rule, power_of, rule_at
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.coin import Framework
    from beffroi.composite.compat import Compat
    from beffroi.composite.matrix import IndicatorMatrix
    from beffroi.composite.steps import Aggregate

    Floats = npt.NDArray[np.float64]


class Branch(NamedTuple):
    """One node: columns of its children among all elements, its exponent (None: not a power mean), what it needs."""

    code: str
    children: tuple[int, ...]
    rule: Rule
    power: float | None
    needed: float | None


@dataclass(frozen=True, slots=True)
class Tree:
    """The tree of one way to aggregate, elements by their place in the framework; `top` is the index."""

    codes: tuple[str, ...]
    branches: dict[int, Branch]
    leaves: dict[int, int]
    top: int
    compat: Compat


@dataclass(frozen=True, slots=True)
class Points:
    """A normalised table: `rows` are its units among all units of the coin; transformed figures are kept."""

    table: IndicatorMatrix
    rows: npt.NDArray[np.intp]
    present: npt.NDArray[np.bool_]
    whole: npt.NDArray[np.bool_]
    kept: dict[tuple[float, bool, tuple[int, ...]], Floats] = field(default_factory=dict)

    def transformed(self, power: float, columns: tuple[int, ...], *, as_r: bool) -> Floats:
        """Some indicators as the mean of this exponent adds them up; a missing figure is 0."""
        key = (power, as_r, columns)
        if key not in self.kept:
            present = self.present[:, columns]
            filled = np.where(present, self.table.values[:, columns], 1.0)
            self.kept[key] = np.where(present, into(filled, power, as_r=as_r), 0.0)
        return self.kept[key]


def points_of(table: IndicatorMatrix, rows: npt.NDArray[np.intp]) -> Points:
    """Take a normalised table whose units are these rows of the coin."""
    present = ~np.isnan(table.values)
    return Points(table, rows, np.asarray(present), np.asarray(present.all(axis=0)))


def tree_of(framework: Framework, step: Aggregate, compat: Compat) -> Tree:
    """Compile the tree for one aggregation step.

    Raises:
        MethodError: a rule is not known, or `a_copeland` is asked for by name with `compat="coinr"`.
    """
    place = {node.code: k for k, node in enumerate(framework.nodes)}
    branches = {}
    for code in framework.aggregates:
        rule = rule_at(step.rules, code, framework.node(code).level)
        needed = step.least_available.get(code) if isinstance(step.least_available, Mapping) else step.least_available
        power = None if callable(rule) or rule in ("copeland", "a_copeland") else power_of(rule)
        children = tuple(place[one] for one in framework.children(code))
        branches[place[code]] = Branch(code, children, rule, power, needed)
    leaves = {place[code]: k for k, code in enumerate(framework.indicators)}
    codes = tuple(node.code for node in framework.nodes)
    return Tree(codes, branches, leaves, place[framework.at(framework.depth)[0]], compat)


def into(values: Floats, power: float, *, as_r: bool = False) -> Floats:
    """Transform values so that the mean of this exponent is the weighted sum, transformed back by `back`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if power == ARITHMETIC:
            return values
        if abs(power) < NEGLIGIBLE:
            return np.asarray(np.log(values))
        if power == HARMONIC:
            return np.asarray(1.0 / values)
        return np.asarray(values**power if as_r else np.expm1(power * np.log(values)))


def back(sums: Floats, power: float, *, as_r: bool = False) -> Floats:
    """Undo `into`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if power == ARITHMETIC:
            return sums
        if abs(power) < NEGLIGIBLE:
            return np.asarray(np.exp(sums))
        if power == HARMONIC:
            return np.asarray(1.0 / sums)
        return np.asarray(sums ** (1.0 / power) if as_r else np.exp(np.log1p(np.maximum(sums, -1.0)) / power))


def refusals(points: Points, tree: Tree) -> tuple[str, ...]:
    """Name every indicator whose figures the mean above it cannot take, with one unit; empty if there is none."""
    found = []
    for branch in tree.branches.values():
        if branch.power is None or branch.power == ARITHMETIC:
            continue
        by_number = not isinstance(branch.rule, str)
        for child in branch.children:
            if child not in tree.leaves:
                continue
            values = points.table.values[:, tree.leaves[child]]
            bad = cannot_take(values, branch.power, by_number=by_number, compat=tree.compat)
            bad &= points.present[:, tree.leaves[child]]
            if bad.any():
                found.append(cannot(tree.codes[child], values[bad][0], points.table.regions[int(bad.argmax())], branch))
    return tuple(found)


def refuse(points: Points, tree: Tree) -> None:
    """Do what `refusals` does, and raise the first.

    Raises:
        MethodError: there is one.
    """
    if found := refusals(points, tree):
        raise MethodError(found[0])


def cannot(code: str, value: float, unit: str, branch: Branch) -> str:
    """Say that a mean cannot take a value, and what to do."""
    power = ARITHMETIC if branch.power is None else branch.power
    name = {0.0: "geometric", HARMONIC: "harmonic"}.get(power, f"power {power:g}")
    return (
        f"'{code}' is {value:g} for {unit}, which a {name} mean under '{branch.code}' cannot take. "
        "Scale to 1..100 (minmax, low=1), or use an arithmetic mean."
    )
