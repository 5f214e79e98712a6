"""Who is where: a region's place in a set, and the ranking of one indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.rank import rank
from beffroi.vocabulary.errors import UnknownDefinitionError, UnknownRegionError
from beffroi.vocabulary.geography import region as nuts_region
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from beffroi.observatory.reading import Edition, Point, SetReading, Standing


@dataclass(frozen=True, slots=True)
class IndicatorPlace:
    """A region's rank (1 is best, ties share) on one indicator, with the figure it rests on."""

    rank: int
    region: str
    value: float
    year: int
    status: str
    origin: str


def set_of(edition: Edition, set_id: str | None) -> SetReading:
    """Return a set of the edition, its first when none is named.

    Raises:
        UnknownDefinitionError: the edition does not hold it.
    """
    if set_id is None:
        return next(iter(edition.sets.values()))
    if set_id not in edition.sets:
        raise UnknownDefinitionError(
            Text(
                f"L’édition {edition.id} n’a pas d’ensemble de comparaison « {set_id} » (elle a : "
                f"{', '.join(edition.sets)}).",
                f"Edition {edition.id} has no comparison set '{set_id}' (it has: {', '.join(edition.sets)}).",
            )
        )
    return edition.sets[set_id]


def place_in(edition: Edition, reading: SetReading, code: str) -> Standing:
    """Return a region's standing, or say why it has none.

    Raises:
        UnknownRegionError: no such code, not a member of the set, or too few figures to be ranked.
    """
    standing = reading.standing(code)
    if standing is not None:
        return standing
    excluded = next((one for one in reading.excluded if one.region == code), None)
    if excluded is not None:
        raise UnknownRegionError(
            Text(
                f"La région « {code} » est dans « {reading.set_id} » mais n’est pas classée : {excluded.coverage:.0%} "
                "seulement de ses chiffres sont publiés.",
                f"Region '{code}' is in set '{reading.set_id}' but not ranked: only {excluded.coverage:.0%} of its "
                "figures are published. See its indicators with 'beffroi region', or lower min_region_coverage.",
            )
        )
    known = nuts_region(code)
    inside = [one.set_id for one in edition.sets.values() if one.standing(code)]
    hint = f"It is ranked in: {', '.join(inside)} (use --set)." if inside else "Give a member of the set."
    raise UnknownRegionError(
        Text(
            f"La région « {code} » ({known.name.fr}) n’est pas dans l’ensemble « {reading.set_id} ».",
            f"Region '{code}' ({known.name.en}) is not in set '{reading.set_id}'. {hint}",
        )
    )


def indicator_ranking(
    edition: Edition, reading: SetReading, indicator: str, *, year: int | None = None
) -> tuple[IndicatorPlace, ...]:
    """Rank the set's members with a figure on one indicator, best first.

    Args:
        edition: the edition.
        reading: the set whose members (ranked by the index or not) are compared.
        indicator: its id.
        year: this year only; by default each region's newest figure.

    Raises:
        UnknownDefinitionError: an indicator the edition does not hold.
    """
    if indicator not in edition.indicators:
        known = ", ".join(edition.indicators)
        raise UnknownDefinitionError(
            Text(
                f"L’indicateur « {indicator} » n’est pas dans l’édition {edition.id} (connus : {known}).",
                f"Indicator '{indicator}' is not in edition {edition.id} (known: {known}).",
            )
        )
    regions = [one.region for one in reading.standings] + [one.region for one in reading.excluded]
    points = {one: _point(edition.series.get((indicator, one), ()), year) for one in regions}
    found = [(one, point) for one, point in points.items() if point is not None]
    values = np.array([point.value for _, point in found]) * edition.indicators[indicator].direction
    ranks = rank(values) if found else np.zeros(0, dtype=np.int32)
    places = (
        IndicatorPlace(int(r), one, point.value, point.year, point.status, point.origin)
        for r, (one, point) in zip(ranks, found, strict=True)
    )
    return tuple(sorted(places, key=lambda one: (one.rank, one.region)))


def _point(points: tuple[Point, ...], year: int | None) -> Point | None:
    if year is None:
        return points[-1] if points else None
    return next((one for one in points if one.year == year), None)
