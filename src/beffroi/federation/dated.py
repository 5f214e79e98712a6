"""Days of things that begin and end: `since` is the first day, `until` the last, both written `2026-11-22`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.charter.book import Thing
    from beffroi.charter.shape import Change

FOREVER = "9999-12-31"


def holds_on(thing: Thing, day: str) -> bool:
    """Whether a thing stands on a day. Without `since` it always stood, without `until` it still does."""
    return str(thing.get("since", "")) <= day <= str(thing.get("until", FOREVER))


def overlap(one: Thing, other: Thing) -> bool:
    """Whether two things stand together on some day."""
    begins = max(str(one.get("since", "")), str(other.get("since", "")))
    return begins <= min(str(one.get("until", FOREVER)), str(other.get("until", FOREVER)))


def day_before(day: str) -> str:
    """Return the day before.

    >>> day_before("2026-03-01")
    '2026-02-28'
    """
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def day_after(day: str) -> str:
    """Return the day after.

    >>> day_after("2026-12-31")
    '2027-01-01'
    """
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def days_between(first: str, last: str) -> int:
    """Return how many days lie from one day to another.

    >>> days_between("2026-11-22", "2026-12-07")
    15
    """
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def in_order(change: Change) -> Iterator[Fault]:
    """Rule: nothing ends before it begins."""
    since, until = change.after.get("since"), change.after.get("until")
    if since and until and str(until) < str(since):
        yield Fault("until", Text(
            f"Fin le {until}, avant le début, {since}. Donnez une fin plus tardive, ou aucune.",
            f"It ends on {until}, before it begins on {since}. Give a later end, or none."))  # fmt: skip
