"""Why: the gap between two regions by indicator, and a change of rank by cause. Parts add up to the whole.

A gap in an arithmetic mean is a sum already. In a geometric mean the logarithmic mean of the two scores turns the
sum of logarithms into points. A change of rank has four causes that interact; Shapley values share it among them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.aggregate import LEAST_POINTS, aggregate
from beffroi.composite.rank import rank
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.catalogue.schema import Aggregation
    from beffroi.composite.aggregate import Tree

    Floats = npt.NDArray[np.float64]

NEAR = 1e-4  # relative difference below which the logarithmic mean is taken from its series
CAUSES = ("own", "others", "method", "revision")

Scoring = Callable[["npt.NDArray[np.float64]"], "npt.NDArray[np.float64]"]


@dataclass(frozen=True, slots=True)
class GapParts:
    """The gap S_i − S_k in points: `by_indicator` and `by_pillar` each add up to `gap`."""

    gap: float
    by_indicator: Floats
    by_pillar: Floats


@dataclass(frozen=True, slots=True)
class RankChange:
    """A change of rank from `before` to `after` (negative is up), by cause; `parts` add up to after − before."""

    before: int
    after: int
    causes: tuple[str, ...]
    parts: tuple[float, ...]


def logarithmic_mean(a: float, b: float) -> float:
    """Return (a − b) / ln(a / b), and a where both are equal: the mean that turns log ratios into differences.

    >>> round(logarithmic_mean(2.0, 1.0), 6), logarithmic_mean(3.0, 3.0)
    (1.442695, 3.0)
    """
    if a <= 0 or b <= 0:
        raise MethodError(
            f"A logarithmic mean of {a:g} and {b:g} was asked for; both must be above 0. Scale to 1..100."
        )
    ratio = (a - b) / b
    if abs(ratio) < NEAR:
        return b * (1 + ratio / 2 - ratio**2 / 12 + ratio**3 / 24)
    return (a - b) / float(np.log1p(ratio))


def explain_gap(points: Floats, shape: Tree, one: int, other: int, *, method: Aggregation) -> GapParts:
    """Split the gap between two regions' scores among indicators and pillars.

    Args:
        points: regions × indicators, no NaN.
        shape: pillars and weights; arithmetic inside pillars.
        one: row of the first region.
        other: row of the second; the gap is the score of `one` less that of `other`.
        method: mean over pillars. A pillar below 1 point counts as 1 in a geometric or harmonic one.

    Returns:
        Parts in points. Arithmetic: weight × difference. Geometric: L(S_i, S_k) · weight · ln ratio of pillars;
        harmonic: S_i S_k · weight · difference of reciprocals. Inside a pillar the part is shared in proportion to
        weight × difference.

    Raises:
        MethodError: a row is not there.

    Source: logarithmic mean Divisia decomposition, Ang (2004), doi:10.1016/j.enpol.2003.10.010.

    >>> from beffroi.composite.aggregate import Tree
    >>> tree = Tree(("p", "q"), (np.array([0]), np.array([1])), np.array([0.5, 0.5]), np.ones(2))
    >>> parts = explain_gap(np.array([[80.0, 50.0], [20.0, 50.0]]), tree, 0, 1, method="arithmetic")
    >>> parts.gap, parts.by_indicator.tolist()
    (30.0, [30.0, 0.0])
    """
    if not (0 <= one < points.shape[0] and 0 <= other < points.shape[0]):
        raise MethodError(f"Rows {one} and {other} were asked for of {points.shape[0]} regions. Ask for two of these.")
    pillars, scores = aggregate(points[[one, other]], shape, method=method)
    gap = float(scores[0] - scores[1])
    factor = np.array(
        [
            weight * _worth(float(a), float(b), float(scores[0]), float(scores[1]), method)
            for weight, a, b in zip(shape.pillar_weights, *pillars, strict=True)
        ]
    )
    by_indicator = np.zeros(points.shape[1])
    for k, columns in enumerate(shape.members):
        difference = points[one, columns] - points[other, columns]
        by_indicator[columns] = factor[k] * shape.indicator_weights[columns] * difference
    by_pillar = factor * (pillars[0] - pillars[1])
    return GapParts(gap, by_indicator, by_pillar)


def _worth(a: float, b: float, score_a: float, score_b: float, method: Aggregation) -> float:
    """Return the points of score that one point between pillar scores a and b stands for (times the weight)."""
    if method == "arithmetic":
        return 1.0
    safe_a, safe_b = max(a, LEAST_POINTS), max(b, LEAST_POINTS)
    alike = 1.0 if a >= LEAST_POINTS else 0.0
    kept = alike if a == b else (safe_a - safe_b) / (a - b)  # below 1 point nothing counts
    if method == "geometric":
        return kept * logarithmic_mean(score_a, score_b) / logarithmic_mean(safe_a, safe_b)
    return kept * score_a * score_b / (safe_a * safe_b)


def explain_flat_gap(points: Floats, weights: Floats, one: int, other: int) -> GapParts:
    """Split the gap of a weighted geometric mean of indicators (no pillars): L(S_i, S_k) · w_j · ln(z_ij / z_kj).

    Args:
        points: regions × indicators, above 0.
        weights: of the indicators; rescaled to sum to 1.
        one: row of the first region.
        other: row of the second.

    Returns:
        Parts in points; each indicator is its own pillar.

    Raises:
        MethodError: points at or below 0.

    Source: Ang (2004), doi:10.1016/j.enpol.2003.10.010.

    >>> parts = explain_flat_gap(np.array([[80.0, 50.0], [20.0, 50.0]]), np.array([0.5, 0.5]), 0, 1)
    >>> round(parts.gap, 4), parts.by_indicator.round(4).tolist()
    (31.6228, [31.6228, 0.0])
    """
    two = points[[one, other]]
    if not (two > 0).all():
        raise MethodError(f"The least points are {two.min():g}; a geometric mean needs them above 0. Scale to 1..100.")
    share = weights / weights.sum()
    scores = np.exp(np.log(two) @ share)
    parts = logarithmic_mean(float(scores[0]), float(scores[1])) * share * np.log(two[0] / two[1])
    return GapParts(float(scores[0] - scores[1]), parts, parts)


def shapley(value: Callable[[frozenset[str]], float], causes: Sequence[str]) -> tuple[float, ...]:
    """Share value(all) − value(none) among causes, each by its mean effect over all orders of change.

    Args:
        value: the outcome once the given causes have changed; called once for each of 2^causes sets.
        causes: their names.

    Returns:
        One part a cause; they add up to the whole change.

    Source: Shapley (1953), doi:10.1515/9781400881970-018; Shorrocks (2013), doi:10.1007/s10888-011-9214-z.

    >>> shapley(lambda changed: 6.0 if len(changed) == 2 else 0.0, ("a", "b"))
    (3.0, 3.0)
    """
    n = len(causes)
    sets = [frozenset(some) for size in range(n + 1) for some in combinations(causes, size)]
    known = {some: float(value(some)) for some in sets}
    parts = []
    for cause in causes:
        without = (some for some in sets if cause not in some)
        parts.append(
            sum(
                factorial(len(some))
                * factorial(n - len(some) - 1)
                / factorial(n)
                * (known[some | {cause}] - known[some])
                for some in without
            )
        )
    return tuple(parts)


def explain_rank_change(
    row: int, *, before: Floats, revised: Floats, after: Floats, scoring_before: Scoring, scoring_after: Scoring
) -> RankChange:
    """Split a change of rank into own change, others' change, change of method and revision of old figures.

    Args:
        row: the region.
        before: figures of the earlier edition as then published, regions × indicators.
        revised: figures for the same time as published now.
        after: figures of the later edition; same regions and indicators as both others.
        scoring_before: figures to scores by the method of the earlier edition; NaN as that method allows.
        scoring_after: the same by the method of the later edition.

    Returns:
        Ranks and the four parts. Revision replaces earlier figures wherever they still stand; own and others'
        changes replace them by the later ones. 16 indices are computed.

    Raises:
        MethodError: the three tables differ in shape.

    Source: Shorrocks (2013), doi:10.1007/s10888-011-9214-z.
    """
    if not before.shape == revised.shape == after.shape:
        raise MethodError(
            f"Figures have shapes {before.shape}, {revised.shape} and {after.shape}. Give the same regions and "
            "indicators at both times; regions that joined or left cannot be compared."
        )

    def ranked(changed: frozenset[str]) -> float:
        figures = (revised if "revision" in changed else before).copy()
        others = np.arange(figures.shape[0]) != row
        if "own" in changed:
            figures[row] = after[row]
        if "others" in changed:
            figures[others] = after[others]
        score = scoring_after if "method" in changed else scoring_before
        return float(rank(score(figures))[row])

    parts = shapley(ranked, CAUSES)
    return RankChange(int(ranked(frozenset())), int(ranked(frozenset(CAUSES))), CAUSES, parts)
