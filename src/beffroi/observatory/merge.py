"""What if regions merged: their figures put together, and their place among one region fewer or more.

Rates come from sums over sums where what they are divided by is known; elsewhere they are means weighted by
inhabitants and marked so. A region that lacks a figure is left out of it when the others hold four fifths of the
weight (the rule by which the observatory assembles regions), else the figure is missing and imputed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.composite.aggregate import aggregate
from beffroi.composite.goalposts import to_points
from beffroi.composite.rank import rank
from beffroi.composite.recombine import BOUNDED, EXACT, MISSING, WEIGHTED, Kind, Parts, recombine
from beffroi.composite.recombine_rank import rank_again
from beffroi.observatory.known import ENOUGH
from beffroi.observatory.portrait import require
from beffroi.observatory.rebuild import directions_of, figures_of, index_as_kept, rebuilt
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.composite.recombine import Recombined
    from beffroi.observatory.reading import Edition, SetReading

    Floats = npt.NDArray[np.float64]

How = Literal["exact", "weighted_estimate", "partial_estimate", "missing"]
FEWEST, MOST = 2, 10
FEWEST_LEFT = 3
PARTIAL = "partial_estimate"
JOINT = "+"
WAYS: dict[str, How] = {
    EXACT: "exact", WEIGHTED: "weighted_estimate", PARTIAL: "partial_estimate", BOUNDED: "missing", MISSING: "missing",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MergedFigure:
    """One indicator of the merged region, in its unit, with the figures of its parts in their order.

    `how`: `exact` (sums over sums), `weighted_estimate` (mean weighted by inhabitants), `partial_estimate` (a part
    that holds at most a fifth of the weight is missing), `missing` (imputed: `value` is None and `used` what was
    put there). `low`..`high`: the least and greatest part, between which an estimate must lie. `plain_mean`: what
    averaging the parts would have given. `points` on the 0–100 scale of today.
    """

    indicator: str
    parts: tuple[float | None, ...]
    years: tuple[int | None, ...]
    value: float | None
    used: float
    low: float | None
    high: float | None
    plain_mean: float | None
    how: How
    points: float


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged region among the others, on today's goalposts (`frozen_*`) and on goalposts fitted again.

    `rank_low`..`rank_high`: the frozen rank when every estimated figure is as good, and as bad, as its best and worst
    part. `ranked` counts the regions after the merger.
    """

    regions: tuple[str, ...]
    population: float | None
    ranked: int
    frozen_rank: int
    frozen_score: float
    rank_low: int
    rank_high: int
    refitted_rank: int
    refitted_score: float
    figures: tuple[MergedFigure, ...]

    def count(self, how: How) -> int:
        """How many figures were put together in this way."""
        return sum(one.how == how for one in self.figures)


def merge(edition: Edition, reading: SetReading, codes: Sequence[str]) -> Merged:
    """Put two regions or more together and rank the result.

    Args:
        edition: a frozen edition.
        reading: one of its sets.
        codes: regions ranked in it.

    Returns:
        Figures, scores and ranks of the merged region.

    Raises:
        UnknownRegionError: a code is no place of the edition.
        UsageError: fewer than two regions, more than ten, one that is not ranked here, or too few would be left.
    """
    chosen = _chosen(edition, reading, codes)
    today, index = rebuilt(edition, reading), index_as_kept(edition, reading)
    parts, is_partial = _parts(edition, reading, chosen)
    name = JOINT.join(chosen)
    changed = recombine(parts, {name: chosen})
    countries = {one: one[:2] for one in changed.regions}
    countries[name] = chosen[0][:2] if len({one[:2] for one in chosen}) == 1 else ""
    directions = directions_of(edition, changed.indicators)
    again = rank_again(today, index, changed, directions=directions, countries=countries)
    full = again.refitted.imputed.matrix.values
    row = again.regions.index(name)
    points = to_points(today, index, full)
    estimated = is_partial | (changed.how[-1] == WEIGHTED)

    def rank_with(figures: Floats) -> int:
        moved = full.copy()
        moved[row, estimated] = figures[estimated]
        scores = aggregate(to_points(today, index, moved), today.shape, method=index.aggregation)[1]
        return int(rank(scores)[row])

    signs = np.array([directions[one] for one in changed.indicators])
    least, most = changed.low[-1], changed.high[-1]
    return Merged(
        regions=chosen,
        population=_population(reading, chosen),
        ranked=len(again.regions),
        frozen_rank=int(again.frozen_ranks[row]),
        frozen_score=float(again.frozen_scores[row]),
        rank_low=rank_with(np.where(signs > 0, most, least)),
        rank_high=rank_with(np.where(signs > 0, least, most)),
        refitted_rank=int(again.refitted.ranks[row]),
        refitted_score=float(again.refitted.scores[row]),
        figures=tuple(
            _figure(reading, changed, column, used=full[row, column], points=points[row, column], how=how)
            for column, how in enumerate(np.where(is_partial, PARTIAL, changed.how[-1]))
        ),
    )


def _chosen(edition: Edition, reading: SetReading, codes: Sequence[str]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(require(edition, one) for one in codes))
    if len(chosen) < FEWEST:
        raise UsageError(
            Text(
                f"{len(chosen)} région est donnée. Donnez-en au moins deux à fusionner.",
                f"{len(chosen)} region was given. Give at least two regions to merge.",
            )
        )
    if len(chosen) > MOST:
        raise UsageError(
            Text(
                f"{len(chosen)} régions sont données. Donnez-en {MOST} au plus.",
                f"{len(chosen)} regions were given. Give at most {MOST}.",
            )
        )
    unranked = [one for one in chosen if reading.standing(one) is None]
    if unranked:
        raise UsageError(
            Text(
                f"La région « {unranked[0]} » n’est pas classée dans « {reading.set_id} » : elle n’y "
                "a pas de chiffres à fusionner. Choisissez des régions classées, ou un autre ensemble.",
                f"Region '{unranked[0]}' is not ranked in set '{reading.set_id}', so it has no figures to merge there. "
                "Choose ranked regions, or another set.",
            )
        )
    left = len(reading.standings) - len(chosen) + 1
    if left < FEWEST_LEFT:
        raise UsageError(
            Text(
                f"Il ne resterait que {left} régions à classer. Fusionnez-en moins.",
                f"Only {left} regions would be left to rank. Merge fewer.",
            )
        )
    return chosen


def _parts(edition: Edition, reading: SetReading, chosen: Sequence[str]) -> tuple[Parts, npt.NDArray[np.bool_]]:
    """Everybody's figures with what they are divided by; small holes of the chosen filled from the other parts."""
    figures = figures_of(edition, reading)
    values = figures.values.copy()
    bases = np.full(values.shape, np.nan)
    for row, region in enumerate(figures.regions):
        for column, name in enumerate(figures.indicators):
            base = reading.outlook.bases.get((region, name))
            bases[row, column] = base.denominator if base else np.nan
    persons = {one.region: one.population for one in reading.standings}
    weights = np.array([np.nan if (n := persons[one]) is None else n for one in figures.regions], dtype=float)
    rows = [figures.regions.index(one) for one in chosen]
    is_partial = np.zeros(len(figures.indicators), dtype=bool)
    for column in range(len(figures.indicators)):
        seen = [row for row in rows if not np.isnan(values[row, column])]
        held = weights[seen].sum() / weights[rows].sum()
        if len(seen) < len(rows) and held >= ENOUGH:
            mean = values[seen, column] @ weights[seen] / weights[seen].sum()
            values[[row for row in rows if row not in seen], column] = mean
            bases[rows, column] = np.nan
            is_partial[column] = True
    unknown = np.full(values.shape, np.nan)
    ones = np.ones(len(figures.indicators))
    kinds: tuple[Kind, ...] = tuple("ratio" for _ in figures.indicators)
    return Parts(figures.regions, figures.indicators, values, unknown, bases, weights, kinds, ones), is_partial


def _figure(
    reading: SetReading, changed: Recombined, column: int, *, used: float, points: float, how: str
) -> MergedFigure:
    name, chosen = changed.indicators[column], changed.regions[-1].split(JOINT)
    value = _number(changed.values[-1, column])
    cells = [reading.cells[one, name] for one in chosen]
    return MergedFigure(
        indicator=name,
        parts=tuple(one.raw for one in cells),
        years=tuple(one.year for one in cells),
        value=value,
        used=float(used),
        low=_number(changed.low[-1, column]),
        high=_number(changed.high[-1, column]),
        plain_mean=_number(changed.plain_mean[-1, column]) if how != PARTIAL else None,
        how=WAYS[how] if value is not None else "missing",
        points=float(points),
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _population(reading: SetReading, chosen: Sequence[str]) -> float | None:
    persons = [one.population for one in reading.standings if one.region in chosen]
    known = [one for one in persons if one is not None]
    return sum(known) if len(known) == len(chosen) else None
