"""Where a map writes a French commune or département, in degrees; a commune without a point is at its département.

Table: `data/label_points.csv`, written by `tools/make_label_points.py`. Sources: Eurostat GISCO, label points of NUTS-3
regions 2021 (© EuroGeographics for the administrative boundaries); French Ministry of Higher Education and Research,
principal institutions (Licence Ouverte), for communes.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from beffroi.vocabulary.communes import places
from beffroi.vocabulary.geography import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a map. `is_own` is False where a commune borrows the point of its département."""

    longitude: float
    latitude: float
    is_own: bool


def label_point(code: str, more: Mapping[str, tuple[float, float]] | None = None) -> Point | None:
    """Return the point of a commune or département; None when not even the département has one.

    Args:
        code: INSEE code.
        more: points of one's own, by code: longitude and latitude in degrees.

    >>> label_point("69123").is_own, label_point("69001").is_own, label_point("99999")
    (True, False, None)
    """
    held = {**_shipped(), **more} if more else _shipped()
    if code in held:
        return Point(*held[code], is_own=True)
    place = places().get(code)
    if place is not None and place.commune in held:
        return Point(*held[place.commune], is_own=True)
    if place is not None and place.department in held:
        return Point(*held[place.department], is_own=False)
    return None


def read_points(path: Path) -> dict[str, tuple[float, float]]:
    """Read points of one's own from a CSV with the columns `code`, `lon`, `lat`; rows without figures are left out."""
    found = {}
    with path.open(encoding="utf-8-sig", newline="") as page:
        for row in csv.DictReader(page):
            try:
                found[row["code"]] = (float(row["lon"]), float(row["lat"]))
            except (KeyError, ValueError):
                continue
    return found


@cache
def _shipped() -> dict[str, tuple[float, float]]:
    return {row["code"]: (float(row["lon"]), float(row["lat"])) for row in read_table("label_points.csv")}
