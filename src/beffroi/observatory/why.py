"""Why one region is ahead of another, and why a rank changed between two editions: parts that add up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.build import build
from beffroi.composite.explain import CAUSES, explain_gap, explain_rank_change
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.observatory.rebuild import rebuilt
from beffroi.vocabulary.errors import UnknownRegionError, UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.composite.explain import Scoring
    from beffroi.observatory.reading import Cell, Edition, SetReading, Standing

    Floats = npt.NDArray[np.float64]

FEWEST_TO_RANK = 3


@dataclass(frozen=True, slots=True)
class Part:
    """What one indicator adds to the gap, in points (negative: the region is behind), with both regions' cells."""

    indicator: str
    pillar: str
    own: Cell
    rival: Cell
    points: float


@dataclass(frozen=True, slots=True)
class Why:
    """The gap from a region to its rival (own score − rival's), by indicator and pillar, largest part first.

    Parts and pillars each add up to `points` exactly. `above` is the share of scenarios in which the region is ahead.
    """

    region: str
    rival: str
    points: float
    above: float
    parts: tuple[Part, ...]
    pillars: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A change of rank between two editions, by cause (negative: places gained), over the regions ranked in both.

    `parts` follow `explain.CAUSES` (own, others, method, revision) and add up to `after` − `before`. `published_*`
    are the ranks in each edition, which had other regions too when they differ.
    """

    region: str
    since: str
    before: int
    after: int
    parts: tuple[tuple[str, float], ...]
    regions: int
    published_before: int
    published_after: int


def why(edition: Edition, reading: SetReading, region: str, rival: str) -> Why:
    """Split the gap between two ranked regions among indicators and pillars.

    Raises:
        UsageError: a region is asked to be compared with itself.
        UnknownRegionError: one of them is not ranked in this set.
    """
    if region == rival:
        raise UsageError(
            Text(
                f"La région « {region} » ne peut pas être sa propre rivale. Choisissez-en une autre.",
                f"Region '{region}' cannot be its own rival. Choose another region.",
            )
        )
    _ranked(reading, region)
    _ranked(reading, rival)
    built = rebuilt(edition, reading)
    index = edition.indices[reading.index_id]
    rows = {name: number for number, name in enumerate(built.regions)}
    found = explain_gap(
        built.normalised.values, built.shape, rows[region], rows[rival], method=index.aggregation
    )  # fmt: skip
    pillar_of = {one: pillar.id for pillar in index.pillars for one in pillar.indicators}
    parts = (
        Part(name, pillar_of[name], reading.cells[region, name], reading.cells[rival, name], float(points))
        for name, points in zip(built.normalised.indicators, found.by_indicator, strict=True)
    )
    pillars = zip(built.shape.pillars, map(float, found.by_pillar), strict=True)
    return Why(
        region,
        rival,
        found.gap,
        reading.above(region, rival),
        tuple(sorted(parts, key=lambda one: -abs(one.points))),
        tuple(sorted(pillars, key=lambda one: -abs(one[1]))),
    )


def change(older: Edition, newer: Edition, set_id: str, region: str) -> Change | None:
    """Split a region's change of rank between two editions into its four causes.

    Returns:
        None where the region is not ranked in both, or fewer than three regions are. Figures of the older edition are
        compared with those that the newer one gives for the same years (revision), and with its newest (own and
        others' change). An indicator that only one of them knows has the same figure before and after, so that it
        comes in or goes out with the method.
    """
    if set_id not in older.sets or set_id not in newer.sets:
        return None
    before, after = older.sets[set_id], newer.sets[set_id]
    was, now = before.standing(region), after.standing(region)
    shared = sorted({one.region for one in before.standings} & {one.region for one in after.standings})
    if was is None or now is None or len(shared) < FEWEST_TO_RANK:
        return None
    names = tuple(dict.fromkeys((*before.treated, *after.treated)))
    figures = [_three(newer, before, after, one, shared) for one in names]
    tables = [np.stack([each[number] for each in figures], axis=1) for number in range(3)]
    found = explain_rank_change(
        shared.index(region),
        before=tables[0],
        revised=tables[1],
        after=tables[2],
        scoring_before=_scoring(older, before, names, shared),
        scoring_after=_scoring(newer, after, names, shared),
    )
    parts = tuple(zip(CAUSES, found.parts, strict=True))
    return Change(region, older.id, found.before, found.after, parts, len(shared), was.rank, now.rank)


def _ranked(reading: SetReading, region: str) -> Standing:
    found = reading.standing(region)
    if found is None:
        raise UnknownRegionError(
            Text(
                f"La région « {region} » n’est pas classée dans « {reading.set_id} ». Choisissez une "
                f"de ses {len(reading.standings)}.",
                f"Region '{region}' is not ranked in set '{reading.set_id}'. Choose one of its "
                f"{len(reading.standings)}.",
            )
        )
    return found


def _three(
    newer: Edition, before: SetReading, after: SetReading, name: str, regions: Sequence[str]
) -> tuple[Floats, Floats, Floats]:
    """One indicator's figures as then published, as now published for the same years, and newest."""
    now = [after.cells[one, name].raw if name in after.treated else None for one in regions]
    if name not in before.treated:
        return (_numbers(now),) * 3
    cells = [before.cells[one, name] for one in regions]
    then = [one.raw for one in cells]
    if name not in after.treated:
        return (_numbers(then),) * 3
    revised = [_at(newer, name, one) for one in cells]
    return _numbers(then), _numbers(revised), _numbers(now)


def _at(newer: Edition, name: str, cell: Cell) -> float | None:
    """The newer edition's figure for the year of an older cell; the older figure where the newer gives none."""
    points = newer.series.get((name, cell.region), ())
    return next((one.value for one in points if one.year == cell.year), cell.raw)


def _numbers(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if one is None else one for one in values], dtype=float)


def _scoring(edition: Edition, reading: SetReading, names: Sequence[str], regions: Sequence[str]) -> Scoring:
    kept = [number for number, one in enumerate(names) if one in reading.treated]
    chosen = tuple(names[number] for number in kept)
    index = replace(edition.indices[reading.index_id], min_indicator_coverage=0.0, min_region_coverage=0.0)
    directions = {one: edition.indicators[one].direction for one in chosen}
    countries = {one: one[:2] for one in regions}

    def score(figures: Floats) -> Floats:
        matrix = IndicatorMatrix(tuple(regions), chosen, figures[:, kept])
        return build(matrix, index, directions=directions, countries=countries).scores

    return score
