"""Names and label points of the regions an edition speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.catalogue.members import members
from beffroi.observatory.reading import Place
from beffroi.vocabulary.geography import region

if TYPE_CHECKING:
    from collections.abc import Iterable

    from beffroi.catalogue.schema import ComparisonSet


def places_of(sets: Iterable[ComparisonSet]) -> dict[str, Place]:
    """Return every member of every set, with its country, by code."""
    codes = sorted({code for one in sets for code in members(one)})
    return {code: _place(code) for code in codes}


def _place(code: str) -> Place:
    known = region(code)
    return Place(
        code,
        known.name,
        known.country,
        region(known.country).name,
        known.level,
        known.longitude,
        known.latitude,
    )
