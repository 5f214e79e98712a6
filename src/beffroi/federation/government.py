"""The kinds of things of government, and entries made within somebody's reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.charter import entries
from beffroi.federation.agreements import AGREEMENT
from beffroi.federation.bodies import BODY
from beffroi.federation.conflicts import CONFLICT
from beffroi.federation.decisions import DECISION
from beffroi.federation.mandates import MANDATE
from beffroi.federation.meetings import MEETING
from beffroi.federation.minutes import MINUTES
from beffroi.federation.money import FUNDER, MONEY
from beffroi.federation.offices import OFFICE
from beffroi.federation.reach import may_edit, may_enter
from beffroi.federation.seating import SEATING
from beffroi.federation.statutes_in_force import STATUTES
from beffroi.federation.structures import STRUCTURE
from beffroi.federation.territories import TERRITORY
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.charter.book import Thing
    from beffroi.charter.entries import By
    from beffroi.charter.shape import Kind
    from beffroi.federation.reach import Reach

KINDS: dict[str, Kind] = {
    one.name: one
    for one in (
        TERRITORY,
        BODY,
        MANDATE,
        STATUTES,
        MEETING,
        MINUTES,
        DECISION,
        OFFICE,
        STRUCTURE,
        FUNDER,
        MONEY,
        AGREEMENT,
        CONFLICT,
        SEATING,
    )
}
# Filled by an act of their own (`meetings.convene`, `minutes.approve`, `merge_bodies` …), never by a form.
BY_ACT = {
    "meeting": frozenset({"convened_on", "is_cancelled"}),
    "minutes": frozenset({"approved_at", "approved_on"}),
    "body": frozenset({"merges", "merged_into"}),
}


class OutOfReachError(UsageError):
    """A thing that the author may not enter or change; doors answer as if there were none."""


def create(
    kind: str, values: Mapping[str, object], *, by: By, reach: Reach, reason: str = "",
    facts: Mapping[str, object] | None = None,
) -> Thing:  # fmt: skip
    """Enter a new thing within reach; `facts`: what its rules look at and the charter does not hold.

    Raises:
        OutOfReachError: it would lie outside the author's territories, or fills a field that only an act fills.
        RefusedError: values or rules do not allow it.
    """
    _refuse_acts(kind, values)
    if not may_enter(reach, entries.book(), kind, values):
        raise OutOfReachError("This lies outside your territory.")
    return entries.create(KINDS[kind], values, by=by, reason=reason, facts=facts)


def change(
    thing: str, values: Mapping[str, object], *, by: By, reach: Reach, expected: int | None = None, reason: str = ""
) -> Thing:
    """Change a thing within reach, before and after.

    Raises:
        UnknownThingError: no such thing.
        OutOfReachError: it lies, or would lie, outside the author's territories.
        RefusedError: values or rules do not allow it; ConflictError when somebody was faster.
    """
    kind = require(thing, reach).kind
    _refuse_acts(kind, values)
    book = entries.book()
    if not may_enter(reach, book, kind, {**book.thing(thing).values, **values}):
        raise OutOfReachError("This would leave your territory.")
    return entries.change(KINDS[kind], thing, values, by=by, expected=expected, reason=reason)


def require(thing: str, reach: Reach) -> Thing:
    """Return a thing that the author may change.

    Raises:
        UnknownThingError: no such thing.
        OutOfReachError: it lies outside the author's territories.
    """
    book = entries.book()
    found = book.thing(thing)
    if found.kind not in KINDS or not may_edit(reach, book, found):
        raise OutOfReachError(f"{thing} lies outside your territory.")
    return found


def _refuse_acts(kind: str, values: Mapping[str, object]) -> None:
    if kind not in KINDS or BY_ACT.get(kind, frozenset()) & {name for name, one in values.items() if one}:
        raise OutOfReachError("This is filled by an act of its own.")
