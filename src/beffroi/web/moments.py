"""Moments as people of the house read and write them: in the time of Paris, or in UTC where no such zone is known."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from beffroi.web.words import JOINED, day

PLACE = "Europe/Paris"


@cache
def zone() -> tzinfo:
    """The time zone of pages and forms."""
    try:
        return ZoneInfo(PLACE)
    except ZoneInfoNotFoundError:  # pragma: no cover -- only on systems without a table of time zones
        return UTC


def said(moment: datetime, language: str) -> str:
    """A moment in words.

    >>> said(datetime(2026, 11, 22, 17, 30, tzinfo=UTC), "en").replace(JOINED, " ")
    '22 November 2026, 18:30 (Paris time)'
    >>> said(datetime(2026, 7, 1, 16, 0, tzinfo=UTC), "fr").replace(JOINED, " ")
    '1er juillet 2026 à 18 h 00 (heure de Paris)'
    """
    there = moment.astimezone(zone())
    date = day(there.date().isoformat(), language)
    if language == "fr":
        place = "heure de Paris" if zone() is not UTC else "UTC"
        return f"{date} à {there:%H}{JOINED}h{JOINED}{there:%M} ({place})"
    place = "Paris time" if zone() is not UTC else "UTC"
    return f"{date}, {there:%H:%M} ({place})"
