"""By when: everybody goes on at its own pace, and each region reaches each top, or does not within twenty years.

Paces are slopes over the years the edition holds, drawn to the common pace as far as they are uncertain. Years are
counted from the figures, not from the day of the edition: nobody knows what happened in between. Goalposts stay
where they are today.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.aggregate import aggregate
from beffroi.composite.arrivals import futures
from beffroi.composite.gap import threshold
from beffroi.composite.goalposts import to_points
from beffroi.composite.paces import FEWEST_YEARS, paces
from beffroi.composite.trajectory import WITHIN, required_pace
from beffroi.observatory.chance import Chance
from beffroi.observatory.effort import tops_beyond
from beffroi.observatory.outlook import Arrival, Pace, PathYear, Required

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from beffroi.catalogue.schema import Index
    from beffroi.composite.arrivals import Futures
    from beffroi.composite.build import Built
    from beffroi.composite.paces import Paces
    from beffroi.composite.trajectory import Scoring
    from beffroi.observatory.assemble import Panel

    Floats = npt.NDArray[np.float64]

HORIZON = 20
FUTURES = 500
ENOUGH = 0.5  # share of the index on which a region must have a pace of its own to count among the paces observed


@dataclass(frozen=True, slots=True)
class Ahead:
    """Everything an edition says of the years ahead, region by region in the order of the build."""

    arrivals: tuple[Arrival, ...]
    required: tuple[Required, ...]
    paths: tuple[PathYear, ...]
    paces: tuple[Pace, ...]


def ahead(built: Built, panel: Panel, index: Index) -> Ahead:
    """Look twenty years ahead of one comparison set.

    Args:
        built: the index of today.
        panel: figures by year, from which paces are taken.
        index: its definition; its seed draws the futures.

    Returns:
        Arrivals and required paces for each top not yet reached, paths for every region, paces for every cell.
        Nothing but paces when no indicator has five years of figures anywhere.
    """
    years, figures = _history(built, panel)
    moving = paces(to_points(built, index, figures), years)
    told = tuple(_paces(built, moving, years, figures))
    if not moving.known.any():
        return Ahead((), (), (), told)

    def scoring(points: Floats) -> Floats:
        # One region a row: the mean is taken over the last axis, whatever stands before.
        flat = points.reshape(-1, points.shape[-1])
        return aggregate(flat, built.shape, method=index.aggregation)[1].reshape(points.shape[:-1])

    rng = np.random.default_rng(index.uncertainty.seed)
    seen = futures(built.normalised.values, moving, scoring=scoring, rng=rng, horizon=HORIZON, drawn=FUTURES)
    asked = [
        (row, top)
        for row in range(len(built.regions))
        for top in tops_beyond(int(built.ranks[row]), len(built.regions))
    ]
    observed = _year_before(built, moving, scoring)
    return Ahead(
        tuple(_arrival(built, seen, row, top) for row, top in asked),
        tuple(one for row, top in asked for one in _required(built, seen, observed, row=row, top=top)),
        tuple(one for row in range(len(built.regions)) for one in _path(built, seen, row)),
        told,
    )


def _history(built: Built, panel: Panel) -> tuple[npt.NDArray[np.int64], Floats]:
    names, regions = built.normalised.indicators, built.regions
    held = {(i, k): panel.figures.get((name, region), ()) for k, name in enumerate(names) for i, region in enumerate(regions)}  # fmt: skip # noqa: E501 -- one table
    years = np.array(sorted({one.year for figures in held.values() for one in figures}), dtype=np.int64)
    at = {int(year): number for number, year in enumerate(years)}
    out = np.full((years.size, len(regions), len(names)), np.nan)
    for (i, k), figures in held.items():
        for one in figures:
            out[at[one.year], i, k] = one.value
    return years, out


def _paces(built: Built, moving: Paces, years: npt.NDArray[np.int64], figures: Floats) -> Iterator[Pace]:
    for i, region in enumerate(built.regions):
        for k, name in enumerate(built.normalised.indicators):
            seen = years[~np.isnan(figures[:, i, k])]
            is_own = seen.size >= FEWEST_YEARS
            yield Pace(
                region,
                name,
                "own" if is_own else "common" if moving.known[k] else "still",
                int(seen.size),
                int(seen[0]) if seen.size else None,
                int(seen[-1]) if seen.size else None,
                float(moving.slope[i, k]) if is_own else None,
                float(moving.shrunk[i, k]),
                float(moving.spread[i, k]),
            )


def _year_before(built: Built, moving: Paces, scoring: Scoring) -> Floats:
    """Scores of a year ago and of today as each region's own paces tell them; NaN where too few are its own."""
    points = built.normalised.values
    before = scoring(points - moving.shrunk)
    own = ~np.isnan(moving.slope) @ built.shape.effective
    return np.stack([np.where(own >= ENOUGH, before, np.nan), scoring(points)])


def _arrival(built: Built, seen: Futures, row: int, top: int) -> Arrival:
    found = seen.arrival(row, wanted=top)
    chance = partial(_chance, drawn=seen.drawn)
    within = dict(found.chances)
    five, ten, twenty = WITHIN
    return Arrival(
        region=built.regions[row],
        top=top,
        futures=seen.drawn,
        median_year=None if np.isnan(found.median_year) else found.median_year,
        within_5=chance(within[five]),
        within_10=chance(within[ten]),
        within_20=chance(within[twenty]),
        never=chance(found.never),
    )


def _chance(p: float, *, drawn: int) -> Chance:
    return Chance(p, float(np.sqrt(p * (1 - p) / drawn)))


def _required(built: Built, seen: Futures, observed: Floats, *, row: int, top: int) -> Iterator[Required]:
    if np.isnan(observed[0]).all():
        return
    for years in WITHIN:
        needed = threshold(seen.path_scores[years], row, top)
        found = required_pace(observed, row, threshold=needed, years=years)
        yield Required(built.regions[row], top, years, needed, found.required, found.good, found.best)


def _path(built: Built, seen: Futures, row: int) -> Iterator[PathYear]:
    low, high = seen.interval(row)
    for year, rank in enumerate(seen.path_ranks[:, row]):
        yield PathYear(built.regions[row], year, int(rank), int(low[year]), int(high[year]))
