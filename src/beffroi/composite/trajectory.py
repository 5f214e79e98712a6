"""By when: everybody goes on at its own pace, on fixed goalposts, and a region reaches a rank, or never does.

Futures are drawn from what remains uncertain of everybody's paces. Goalposts stay where they are: re-fitting them
each year would hide common progress.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.rank import rank
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.paces import Paces

    Floats = npt.NDArray[np.float64]

WITHIN = (5, 10, 20)

Scoring = Callable[["npt.NDArray[np.float64]"], "npt.NDArray[np.float64]"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a region is first at rank `wanted` or better, in years from now.

    `median_year` is NaN when half of the futures or more never arrive within `horizon`; `chances` gives the share
    of futures that arrive within 5, 10, 20 years (those within the horizon), `never` the share that does not within
    the horizon. `path` is the rank in each year from 0 when everybody keeps its shrunk pace.
    """

    wanted: int
    horizon: int
    median_year: float
    chances: tuple[tuple[int, float], ...]
    standard_errors: tuple[tuple[int, float], ...]
    never: float
    path: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class RequiredPace:
    """Points of score a year needed to be at the threshold in `years`, against what was ever observed.

    `best` is the best pace of any region over as many years (or all there are), `good` that of one in ten;
    `ratio` = required / good: above 1 it is faster than nine in ten ever were.
    """

    years: int
    required: float
    good: float
    best: float
    ratio: float


def ahead(points: Floats, moving: Paces, row: int, *, years: float) -> Floats:
    """Let everybody but one region go on: the rows of the others in a question about a later year.

    Args:
        points: regions × indicators today; NaN stays NaN.
        moving: everybody's paces.
        row: the region that stays where it is, so that a plan says all that it has to do.
        years: from now.

    Returns:
        Points of the same shape, saturated at the ends of the scale or where they already lie beyond.

    >>> from beffroi.composite.paces import Paces
    >>> one = np.ones((2, 1))
    >>> ahead(np.array([[40.0], [99.0]]), Paces(one, one, one, one, one[0], one[0] > 0), 0, years=5).tolist()
    [[40.0], [100.0]]
    """
    out = np.clip(points + years * moving.shrunk, *bounds(points, moving))
    out[row] = points[row]
    return np.asarray(out)


def arrival(
    points: Floats,
    moving: Paces,
    row: int,
    *,
    wanted: int,
    scoring: Scoring,
    rng: np.random.Generator,
    horizon: int = 30,
    futures: int = 500,
) -> Arrival:
    """Let everybody go on and see when a region first holds a rank.

    Args:
        points: regions × indicators today, no NaN; points saturate at 0 and 100, or where they already lie beyond.
        moving: everybody's paces.
        row: the region.
        wanted: the rank to reach.
        scoring: points (… × regions × indicators) to scores (… × regions), on fixed goalposts.
        rng: draws the futures.
        horizon: years looked ahead.
        futures: how many are drawn.

    Returns:
        The year of arrival over all futures. Today's rank counts as year 0.

    Raises:
        MethodError: points are missing, or rank, horizon or futures are below 1.

    Source: simulation of linear paces with normal uncertainty; see `paces`.
    """
    if np.isnan(points).any() or min(wanted, horizon, futures) < 1:
        raise MethodError(
            f"{int(np.isnan(points).sum())} points are missing; rank {wanted}, horizon {horizon} and {futures} futures "
            "were asked for. Impute first, and ask for at least 1 of each."
        )
    low, high = bounds(points, moving)
    drawn = moving.shrunk + moving.spread * rng.standard_normal((futures, *points.shape))
    first = np.full(futures, np.inf)
    path = np.empty(horizon + 1, dtype=np.int32)
    for year in range(horizon + 1):
        path[year] = rank(scoring(np.clip(points + year * moving.shrunk, low, high)))[row]
        open_ = np.flatnonzero(np.isinf(first))
        if open_.size:
            there = rank(scoring(np.clip(points + year * drawn[open_], low, high)))[:, row] <= wanted
            first[open_[there]] = year
    return first_arrivals(first, wanted=wanted, path=path)


def first_arrivals(first: Floats, *, wanted: int, path: npt.NDArray[np.int32]) -> Arrival:
    """Sum up when each future is first at a rank.

    Args:
        first: the year of each future, infinite where it never is within the horizon.
        wanted: the rank.
        path: the rank in each year from 0 to the horizon at everybody's own pace.
    """
    horizon = path.size - 1
    arrived = tuple((t, float((first <= t).mean())) for t in WITHIN if t <= horizon)
    errors = tuple((t, float(np.sqrt(p * (1 - p) / first.size))) for t, p in arrived)
    never = float(np.isinf(first).mean())
    median = float(np.quantile(first, 0.5, method="inverted_cdf"))
    return Arrival(wanted, horizon, median if np.isfinite(median) else np.nan, arrived, errors, never, path)


def required_pace(scores: Floats, row: int, *, threshold: float, years: int) -> RequiredPace:
    """Compare the pace needed to reach a threshold with the best that any region ever kept up.

    Args:
        scores: past years × regions, one row a year without gaps, on fixed goalposts; NaN where missing. The last
            row is today.
        row: the region.
        threshold: score to reach, in points: that of the rank, projected to the target year.
        years: until then.

    Returns:
        Points a year. Observed paces are mean changes over all windows of as many years, or of all there are if
        fewer.

    Raises:
        MethodError: fewer than two years of scores, a missing score today, or years below 1.

    >>> p = required_pace(np.array([[40.0, 50.0], [42.0, 51.0], [44.0, 55.0]]), 0, threshold=54.0, years=5)
    >>> p.required, p.best
    (2.0, 2.5)
    """
    if scores.shape[0] < 2 or years < 1 or np.isnan(scores[-1, row]):  # noqa: PLR2004 -- a change needs two
        raise MethodError(
            f"{scores.shape[0]} years of scores and a target in {years} years were given. Give at least two years, a "
            "score for today and a target at least one year ahead."
        )
    window = min(years, scores.shape[0] - 1)
    seen = (scores[window:] - scores[:-window]) / window
    seen = seen[~np.isnan(seen)]
    required = float(threshold - scores[-1, row]) / years
    good, best = map(float, np.quantile(seen, (0.9, 1.0)))
    return RequiredPace(years, required, good, best, required / good if good > 0 else np.inf if required > 0 else 0.0)


def crossing(score: float, pace: float, other: float, other_pace: float) -> float:
    """Return the years until one score on a straight line meets another that is ahead; infinite if never.

    >>> crossing(40.0, 2.0, 50.0, 1.0), crossing(40.0, 1.0, 50.0, 1.0), crossing(60.0, 0.0, 50.0, 1.0)
    (10.0, inf, 0.0)
    """
    if score >= other:
        return 0.0
    return (other - score) / (pace - other_pace) if pace > other_pace else float("inf")


def bounds(points: Floats, moving: Paces) -> tuple[Floats, Floats]:
    """Return where points saturate: at the ends of the scale, or where they already lie beyond."""
    return np.minimum(points, moving.ends[0]), np.maximum(points, moving.ends[1])
