"""The index as a function of points: any tree of weighted power means, on any number of tables at once.

The questions (how far, by when, why) need scores of many tables, and to know what one more point is worth. A mean
that compares units with each other (Copeland) or is a function of Python has no such form and is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.roll_up import POWERS
from beffroi.composite.steps import Aggregate
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from beffroi.composite.recipe import IndexBuild
    from beffroi.composite.roll_up import Rule, Rules

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Branch:
    """A node: its children, their weights (which sum to 1) and the exponent of its mean (1 arithmetic, 0 geometric)."""

    code: str
    children: tuple[str, ...]
    shares: Floats
    power: float


@dataclass(frozen=True, slots=True)
class TreeScore:
    """A tree of power means: branches lowest level first, the index last."""

    indicators: tuple[str, ...]
    branches: tuple[Branch, ...]

    def nodes(self, points: Floats) -> dict[str, Floats]:
        """Score every node.

        Args:
            points: … × indicators, no NaN; above 0 where a mean is not arithmetic.

        Returns:
            Code of each indicator and node → scores of shape ….
        """
        known = {code: points[..., k] for k, code in enumerate(self.indicators)}
        for one in self.branches:
            known[one.code] = power(np.stack([known[child] for child in one.children], axis=-1), one.shares, one.power)
        return known

    def __call__(self, points: Floats) -> Floats:
        """Score the index: … × indicators → ….

        >>> tree = TreeScore(("x", "y"), (Branch("top", ("x", "y"), np.array([0.5, 0.5]), 0.0),))
        >>> tree(np.array([[4.0, 9.0], [1.0, 1.0]])).round(9).tolist()
        [6.0, 1.0]
        """
        return self.nodes(points)[self.branches[-1].code]

    @property
    def is_linear(self) -> bool:
        """Whether every mean is arithmetic."""
        return all(one.power == 1 for one in self.branches)

    @property
    def weights(self) -> Floats:
        """The product of the shares down to each indicator; they sum to 1."""
        known = {self.branches[-1].code: 1.0}
        for one in reversed(self.branches):
            known |= {c: known[one.code] * float(s) for c, s in zip(one.children, one.shares, strict=True)}
        return np.array([known.get(code, 0.0) for code in self.indicators])

    def refuse_low(self, table: Floats, units: tuple[str, ...]) -> None:
        """Refuse points that a geometric or harmonic mean above them cannot take.

        Raises:
            MethodError: the first such cell, with the remedy.
        """
        nodes = self.nodes(np.where(np.isnan(table), 1.0, np.maximum(table, 1e-300)))
        raw = {code: table[:, k] for k, code in enumerate(self.indicators)}
        for one in self.branches:
            if one.power == 1:
                continue
            for child in one.children:
                bad = np.flatnonzero(~(raw.get(child, nodes[child]) > 0))
                if bad.size:
                    value = raw.get(child, nodes[child])[bad[0]]
                    raise MethodError(
                        f"'{child}' is {value:g} for {units[bad[0]]}, which the mean with exponent {one.power:g} under "
                        f"'{one.code}' cannot take. Scale to 1..100 (minmax, low 1), or use an arithmetic mean."
                    )


def power(values: Floats, shares: Floats, exponent: float) -> Floats:
    """Return the weighted power mean over the last axis; exponent 0 is the geometric mean.

    >>> power(np.array([1.0, 4.0]), np.array([0.5, 0.5]), -1.0).round(9).tolist()
    1.6
    """
    if exponent == 1:
        return np.asarray(values @ shares)
    if exponent == 0:
        return np.asarray(np.exp(np.log(values) @ shares))
    return np.asarray((values**exponent @ shares) ** (1 / exponent))


def tree_of(built: IndexBuild) -> TreeScore:
    r"""Return how a build scores its points.

    Raises:
        MethodError: the recipe does not aggregate, or a node's mean is no power mean.

    >>> from beffroi.composite.coin_input import read_coin
    >>> from beffroi.composite.recipe import build_index
    >>> coin = read_coin("uCode,x,y\nA,1,2\nB,3,1\nC,2,3\n", "Level,iCode,Parent,Direction,Weight,Type\n"
    ...     "1,x,top,1,1,Indicator\n1,y,top,1,3,Indicator\n2,top,,1,1,Aggregate\n")
    >>> tree_of(build_index(coin)).weights.tolist()
    [0.25, 0.75]
    """
    step = next((one for one in built.recipe.steps if isinstance(one, Aggregate)), None)
    if step is None:
        raise MethodError("The recipe does not aggregate, so it has no score to ask about. Add Aggregate().")
    framework = built.coin.framework
    weights: Mapping[str, float] = built.weights or framework.weights
    branches = []
    for code in framework.aggregates:
        children = framework.children(code)
        shares = np.array([weights[one] for one in children], dtype=float)
        if not shares.sum() > 0:
            raise MethodError(f"The weights under '{code}' sum to zero. Give one of {', '.join(children)} a weight.")
        exponent = _power(step.rules, code, framework.node(code).level)
        branches.append(Branch(code, children, shares / shares.sum(), exponent))
    return TreeScore(framework.indicators, tuple(branches))


def points_of(built: IndexBuild, *, complete: bool = True) -> Floats:
    """Return the normalised table (units × indicators) of a build.

    Args:
        built: a build that normalises.
        complete: refuse missing figures.

    Raises:
        MethodError: the recipe does not normalise, or a cell is missing; the cell and the remedy are named.
    """
    stage = built.stages.get("normalise")
    if stage is None:
        raise MethodError("The recipe does not normalise, so indicators share no scale. Add Normalise().")
    holes = np.argwhere(np.isnan(stage.values))
    if complete and holes.size:
        i, j = (int(one) for one in holes[0])
        raise MethodError(
            f"'{stage.indicators[j]}' is missing for {stage.regions[i]} ({len(holes)} cells are); this question needs "
            "every figure. Add a step `impute` before `normalise`, or leave the indicator or the unit out."
        )
    return stage.values


def _power(rules: Rules, code: str, level: int) -> float:
    rule: Rule
    if callable(rules) or isinstance(rules, str | int | float):
        rule = rules
    elif hasattr(rules, "get"):
        rule = rules.get(code, "amean")
    else:
        rule = rules[level - 2]
    if isinstance(rule, str) and rule in POWERS:
        return POWERS[rule]
    if isinstance(rule, int | float):
        return float(rule)
    raise MethodError(
        f"'{code}' is aggregated by {rule if isinstance(rule, str) else 'a function'}, which says nothing about one "
        "more point. Use amean, gmean, hmean or an exponent for this question."
    )
