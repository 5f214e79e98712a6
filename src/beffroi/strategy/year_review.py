"""A year in review: what was kept, changed, dropped and added, with the reasons given at the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from beffroi.charter.book import ARCHIVED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from beffroi.charter.book import Book, Entry, Thing

Fate = Literal["kept", "changed", "dropped", "added"]


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one field within the year: what it was, what it became, when, by whom and why."""

    field: str
    before: object
    after: object
    entry: Entry


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A thing and what the year did to it; `steps` is empty for what was kept, `reason` is that of its end."""

    thing: Thing
    fate: Fate
    steps: tuple[Step, ...] = ()
    reason: str = ""


def review(start: Book, end: Book, history: Callable[[str], Sequence[Entry]], kinds: Iterable[str]) -> list[Reviewed]:
    """Compare the book at two moments, kind by kind and in the order of birth.

    Args:
        start: the book when the period begins.
        end: the book when it ends.
        history: every entry of a thing, oldest first.
        kinds: the kinds looked at.

    Returns:
        Everything that stood at the start or came since, once. What came and went within the period is dropped.
    """
    found = []
    for kind in kinds:
        for thing in end.of(kind, archived=True):
            before = start.find(thing.id)
            if before is not None and before.is_archived and thing.is_archived:
                continue  # it was gone already
            entries = [one for one in history(thing.id) if start.last < one.number <= end.last]
            found.append(_reviewed(before, thing, entries))
    return found


def count_by_fate(reviewed: Iterable[Reviewed]) -> dict[Fate, int]:
    """Return how many things met each fate."""
    counted: dict[Fate, int] = {"kept": 0, "changed": 0, "dropped": 0, "added": 0}
    for one in reviewed:
        counted[one.fate] += 1
    return counted


def _reviewed(before: Thing | None, thing: Thing, entries: Sequence[Entry]) -> Reviewed:
    steps = tuple(_steps(before.values if before else {}, entries))
    if thing.is_archived:
        ended = [one for one in entries if one.act == ARCHIVED]
        return Reviewed(thing, "dropped", steps, ended[-1].reason if ended else "")
    if before is None or before.is_archived:
        return Reviewed(thing, "added", steps, entries[0].reason if entries else "")
    if steps:
        return Reviewed(thing, "changed", steps, "; ".join(dict.fromkeys(one.reason for one in entries if one.reason)))
    return Reviewed(thing, "kept")


def _steps(values: Mapping[str, object], entries: Sequence[Entry]) -> list[Step]:
    now = dict(values)
    steps = []
    for entry in entries:
        for field, value in entry.change.items():
            if now.get(field) != value:
                steps.append(Step(field, now.get(field), value, entry))
                now[field] = value
    return steps
