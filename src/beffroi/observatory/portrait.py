"""What a portrait of one region needs beside its standing: gap, strengths, rivals, age of its figures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.vocabulary.errors import UnknownRegionError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from beffroi.catalogue.schema import Indicator
    from beffroi.observatory.reading import Cell, Edition, SetReading, Standing

STUTTGART = ("DE1", "DE11")
TOP = 5
_MONTHS = 12  # of a year
EDGE = 0.005  # points under which the method leaves nothing over


@dataclass(frozen=True, slots=True)
class PillarGap:
    """Points of the index that a pillar adds to the gap (positive: the region is behind), and both scores."""

    pillar: str
    points: float
    own_score: float
    top_score: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Distance in points to the mean score of the best five, pillar by pillar.

    `remainder` is what a method that is not a weighted sum leaves over (0 for an arithmetic index).
    """

    points: float
    top: tuple[str, ...]
    pillars: tuple[PillarGap, ...]
    remainder: float


@dataclass(frozen=True, slots=True)
class Ages:
    """Years of a region's figures: oldest, middle and newest, and how many are missing or put together."""

    oldest: int | None
    middle: int | None
    newest: int | None
    observed: int
    parts: int
    recoded: int
    missing: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """Age of an indicator in months at the edition's date, and whether that is past its refresh period.

    `due_year` is the year by whose end a newer figure is to be expected; None where none ever is.
    """

    newest_year: int | None
    months: int | None
    is_stale: bool
    is_ended: bool
    due_year: int | None = None


def require(edition: Edition, code: str) -> str:
    """Return the region's code as the edition writes it.

    Raises:
        UnknownRegionError: no place of the edition has that code.
    """
    wanted = code.strip().upper()
    if wanted not in edition.places:
        raise UnknownRegionError(
            Text(
                f"La région « {code} » n’est pas dans l’édition {edition.id}. Cherchez-la par son nom "
                "ou son code, comme FRK.",
                f"Region '{code}' is not in edition {edition.id}. Search the regions by name or code, e.g. FRK.",
            )
        )
    return wanted


def nearest(edition: Edition, reading: SetReading, code: str) -> tuple[str, ...]:
    """Ranked regions to offer in place of one that is not ranked: its parts, its whole, else the closest three."""
    ranked = [one.region for one in reading.standings]
    kin = [one for one in ranked if one != code and (one.startswith(code) or code.startswith(one))]
    if kin:
        return tuple(kin)
    east, north = edition.places[code].longitude, edition.places[code].latitude
    if east is None or north is None:
        country = edition.places[code].country
        return tuple(one for one in ranked if edition.places[one].country == country)[:3]
    narrowing = math.cos(math.radians(north))

    def distance(other: str) -> float:
        there = edition.places[other]
        if there.longitude is None or there.latitude is None:
            return math.inf
        return math.hypot((there.longitude - east) * narrowing, there.latitude - north)

    return tuple(sorted((one for one in ranked if one != code), key=distance)[:3])


def default_rival(reading: SetReading, code: str) -> str | None:
    """Stuttgart's region where it is ranked, else the region one rank above (or below for the first)."""
    ranked = {one.region: one for one in reading.standings}
    for candidate in STUTTGART:
        if candidate in ranked and candidate != code:
            return candidate
    order = [one for one in ranked if one != code]
    if not order:
        return None
    own = ranked[code].rank if code in ranked else 1
    return min(order, key=lambda one: (abs(ranked[one].rank - own), ranked[one].rank))


def gap_to_top(edition: Edition, reading: SetReading, code: str, *, top: int = TOP) -> Gap:
    """Split the distance to the mean of the best `top` regions by pillar, in points of the index.

    Each pillar's share is the difference of its contributions (weight × normalised), so an arithmetic index
    leaves no remainder.
    """
    best = tuple(one.region for one in reading.standings[:top])
    own = next(one for one in reading.standings if one.region == code)
    points = sum(one.score for one in reading.standings[:top]) / len(best) - own.score
    pillars = []
    for pillar in edition.indices[reading.index_id].pillars:
        if not any((code, one) in reading.cells for one in pillar.indicators):
            continue  # every indicator of the pillar was screened out in this set
        theirs = sum(_contribution(reading, one, pillar.indicators) for one in best) / len(best)
        scores = [reading.pillars[one, pillar.id].score for one in best if (one, pillar.id) in reading.pillars]
        mine = reading.pillars.get((code, pillar.id))
        pillars.append(
            PillarGap(
                pillar.id,
                theirs - _contribution(reading, code, pillar.indicators),
                mine.score if mine else 0.0,
                sum(scores) / len(scores) if scores else 0.0,
            )
        )
    remainder = points - sum(one.points for one in pillars)
    pillars.sort(key=lambda one: -one.points)
    return Gap(points, best, tuple(pillars), remainder if abs(remainder) > EDGE else 0.0)


def _contribution(reading: SetReading, code: str, indicators: Iterable[str]) -> float:
    keys = [(code, one) for one in indicators]
    return sum(reading.cells[key].contribution for key in keys if key in reading.cells)


def cells_by_position(edition: Edition, reading: SetReading, code: str) -> tuple[Cell, ...]:
    """The region's cells, best position first; those without a figure come last."""
    order = edition.indices[reading.index_id].indicators
    found = [reading.cells[code, one] for one in order if (code, one) in reading.cells]
    return tuple(sorted(found, key=lambda one: (one.position is None, -(one.position or 0.0))))


def ages(cells: tuple[Cell, ...]) -> Ages:
    """How old a region's figures are and how they came."""
    years = sorted(one.year for one in cells if one.year is not None)
    count = [one.origin for one in cells].count
    return Ages(
        years[0] if years else None,
        years[len(years) // 2] if years else None,
        years[-1] if years else None,
        count("observed"),
        count("parts"),
        count("recoded"),
        sum(one.raw is None for one in cells),
    )


def clearly(standing: Standing, ranked: int) -> tuple[int, int, int]:
    """How many regions are clearly above, not separable from, and clearly below the region."""
    above, below = standing.robust_best - 1, ranked - standing.robust_worst
    return above, max(0, ranked - 1 - above - below), below


def freshness(edition: Edition, reading: SetReading, indicator: Indicator) -> Freshness:
    """Tell whether an indicator's newest figure is older than its refresh period allows.

    A figure for year Y is dated at the end of Y; a publisher gets its refresh period plus a year to publish.
    """
    years = [one.year for (_, key), one in reading.cells.items() if key == indicator.id and one.year is not None]
    if not years:
        return Freshness(None, None, is_stale=True, is_ended=False)
    built_year, built_month = int(edition.built_on[:4]), int(edition.built_on[5:7])
    months = (built_year - max(years) - 1) * _MONTHS + built_month
    is_ended = indicator.last_year <= max(years)
    patience = indicator.refresh_months + _MONTHS
    due = None if is_ended else max(years) + math.ceil(patience / _MONTHS)
    return Freshness(max(years), months, months > patience, is_ended, due)


def starter_series(edition: Edition, cells: tuple[Cell, ...]) -> tuple[int, int]:
    """How many of the series behind these cells are the starter's, and how many there are."""
    keys = {key for one in cells for key in one.series_keys}
    known = [edition.provenance[key] for key in keys if key in edition.provenance]
    return sum(one.is_starter for one in known), len(known)
