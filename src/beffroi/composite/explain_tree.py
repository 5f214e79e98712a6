"""Why one unit scores more than another, in an index of any tree of power means: parts that add up exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.explain import NEAR, explain_rank_change, logarithmic_mean
from beffroi.composite.tree_score import points_of, tree_of
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from beffroi.composite.explain import RankChange
    from beffroi.composite.recipe import IndexBuild
    from beffroi.composite.tree_score import TreeScore

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TreeGap:
    """The gap between two units in points of the index; `parts` maps every element to its part.

    The parts of the children of a node add up to the node's own part, and those of the indicators to `gap`.
    """

    one: str
    other: str
    gap: float
    parts: Mapping[str, float]


def explain_units(built: IndexBuild, one: str, other: str, *, time: float | None = None) -> TreeGap:
    r"""Split the gap between two units' scores over the tree.

    Args:
        built: an index that normalises and aggregates by power means.
        one: code of the first unit.
        other: code of the second; the gap is the score of `one` less that of `other`.
        time: the year, in a panel.

    Returns:
        Parts in points of the index.

    Raises:
        MethodError: a unit is not ranked, a figure of either is missing, or a mean cannot be decomposed.

    Source: generalised logarithmic (Stolarsky) mean decomposition; Ang (2004), doi:10.1016/j.enpol.2003.10.010;
    Stolarsky (1975), doi:10.1080/0025570X.1975.11976447.

    >>> from beffroi.composite.coin_input import read_coin
    >>> from beffroi.composite.recipe import build_index
    >>> coin = read_coin("uCode,x,y\nA,1,2\nB,3,1\nC,2,3\n", "Level,iCode,Parent,Direction,Weight,Type\n"
    ...     "1,x,top,1,1,Indicator\n1,y,top,1,1,Indicator\n2,top,,1,1,Aggregate\n")
    >>> explain_units(build_index(coin), "C", "A").parts
    {'top': 50.0, 'x': 25.0, 'y': 25.0}
    """
    tree, points = tree_of(built), points_of(built, complete=False)
    rows = [_row(built, unit, time) for unit in (one, other)]
    pair = points[rows]
    holes = np.argwhere(np.isnan(pair))
    if holes.size:
        i, j = (int(k) for k in holes[0])
        raise MethodError(
            f"'{tree.indicators[j]}' is missing for {(one, other)[i]}; its weight went to its siblings, so no gap of "
            "it can be told. Add a step `impute`, or leave the indicator out."
        )
    tree.refuse_low(pair, (one, other))
    parts = split_gap(tree, pair)
    return TreeGap(one, other, parts[tree.branches[-1].code], parts)


def split_gap(tree: TreeScore, pair: Floats) -> dict[str, float]:
    """Split the difference of two rows of points (the first less the second) over the nodes, top first."""
    nodes = tree.nodes(pair)
    top = tree.branches[-1].code
    worth = {top: 1.0}  # points of the index that one point between both scores of a node stands for
    for branch in reversed(tree.branches):
        first, second = (float(nodes[branch.code][k]) for k in (0, 1))
        for child, share in zip(branch.children, branch.shares, strict=True):
            a, b = (float(nodes[child][k]) for k in (0, 1))
            scale = _scale(a, b, branch.power) / _scale(first, second, branch.power)
            worth[child] = worth[branch.code] * float(share) * scale
    return {code: factor * float(nodes[code][0] - nodes[code][1]) for code, factor in worth.items()}


def explain_change(built: IndexBuild, unit: str, *, start: float, end: float) -> RankChange:
    """Split a change of rank between two years of a panel into own change and the change of all others.

    Args:
        built: a panel whose years share one scale (`Normalise(pooled=True)`), over units present in both years.
        unit: its code.
        start: the earlier year.
        end: the later year.

    Returns:
        Ranks in both years and the Shapley parts of `own` and `others`; method and figures being one, both other
        causes are zero.

    Raises:
        MethodError: no panel, an unknown year or unit, or a missing figure.

    >>> from beffroi.composite import build_index, example_panel
    >>> change = explain_change(build_index(example_panel()), "Dogwood", start=2020, end=2025)
    >>> change.before, change.after, [round(one, 3) for one in change.parts[:2]]
    (7, 7, [-0.5, 0.5])
    """
    coin = built.coin
    if not coin.times:
        raise MethodError("One year was given; a change needs a panel: a column Time with two years or more.")
    tree, points = tree_of(built), points_of(built, complete=False)
    years = {year: {coin.units[k]: k for k in np.flatnonzero(np.asarray(coin.times) == year)} for year in (start, end)}
    for year, known in years.items():
        if unit not in known:
            raise MethodError(f"'{unit}' has no row for {year:g}. The panel's years: {sorted(set(coin.times))}.")
    shared = [one for one in years[start] if one in years[end]]
    before, after = (points[[known[one] for one in shared]] for known in years.values())
    for table, year in ((before, start), (after, end)):
        holes = np.argwhere(np.isnan(table))
        if holes.size:
            i, j = (int(k) for k in holes[0])
            raise MethodError(
                f"'{tree.indicators[j]}' is missing for {shared[i]} in {year:g}. Add a step `impute` (by panel)."
            )
        tree.refuse_low(table, tuple(shared))
    return explain_rank_change(
        shared.index(unit), before=before, revised=before, after=after, scoring_before=tree, scoring_after=tree
    )


def _scale(a: float, b: float, power: float) -> float:
    """Return (aᵖ − bᵖ)/(a − b) up to a factor that cancels: 1 for p = 1, 1/L(a, b) for p = 0."""
    if power == 1:
        return 1.0
    if power == 0:
        return 1.0 / logarithmic_mean(a, b)
    ratio = (a - b) / b
    if abs(ratio) < NEAR:  # its series around b, to the fourth order
        p, middle = power, (a + b) / 2
        half = (a - b) / 2 / middle
        return float(p * middle ** (p - 1) * (1 + (p - 1) * (p - 2) / 6 * half**2))
    return float((a**power - b**power) / (a - b))


def _row(built: IndexBuild, unit: str, time: float | None) -> int:
    coin = built.coin
    if coin.times and time is None:
        raise MethodError(f"A panel was given. Say which year: one of {sorted(set(coin.times))}.")
    for row, code in enumerate(coin.units):
        if code == unit and (not coin.times or coin.times[row] == time):
            return row
    raise MethodError(f"'{unit}' is not ranked{'' if time is None else f' in {time:g}'}. Ask for one that is.")
