"""How far somebody's roles reach among the things of government: everything, some territories, or nothing.

One function decides for pages, lists, exports and the read API alike. What does not lie within reach and is not public
is as if it did not exist.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from beffroi.charter.book import Book
from beffroi.federation.meetings import is_convened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from beffroi.charter.book import Thing
    from beffroi.federation.people import Held

EVERYWHERE = frozenset({"chair", "office"})
OF_A_BODY = frozenset({"mandate", "statutes", "meeting", "decision"})
OF_A_TERRITORY = frozenset({"body", "office", "money"})
PUBLIC = frozenset({"territory", "body", "mandate", "statutes", "decision", "office", "conflict", "funder", "seating",
                    "structure"})  # fmt: skip


GOVERNED = PUBLIC | {"meeting", "minutes", "money", "agreement"}


@dataclass(frozen=True, slots=True)
class Reach:
    """Everything, or the territories named."""

    is_all: bool = False
    territories: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing lies within reach."""
        return not (self.is_all or self.territories)

    def holds(self, territory: str) -> bool:
        """Whether things of a territory lie within; those of no territory only within everything.

        >>> Reach(territories=frozenset({"territory-1"})).holds("territory-2"), Reach(is_all=True).holds("")
        (False, True)
        """
        return self.is_all or (bool(territory) and territory in self.territories)


def reach_of(held: Iterable[Held]) -> Reach:
    """Return how far roles reach: chairs and offices everywhere, a territorial secretary to her territory."""
    roles = tuple(held)
    theirs = frozenset(one.scope for one in roles if one.role == "secretary" and one.scope)
    return Reach(any(one.role in EVERYWHERE for one in roles), theirs)


def territory_of(book: Book, kind: str, values: Mapping[str, object]) -> str:
    """Return the territory that a thing of a kind lies in, from its values; empty for the federation as a whole.

    What belongs to a body (mandates, meetings, decisions, statutes, minutes) lies where the body lies.
    """
    if kind == "minutes":
        meeting = book.find(str(values.get("meeting", "")))
        return territory_of(book, "meeting", meeting.values) if meeting else ""
    if kind in OF_A_BODY:
        body = book.find(str(values.get("body", "")))
        return str(body.get("territory", "")) if body else ""
    return str(values.get("territory", "")) if kind in OF_A_TERRITORY else ""


def may_edit(reach: Reach, book: Book, thing: Thing) -> bool:
    """Whether a thing lies within reach for entries."""
    return reach.holds(territory_of(book, thing.kind, thing.values))


def may_enter(reach: Reach, book: Book, kind: str, values: Mapping[str, object]) -> bool:
    """Whether a thing with these values would lie within reach; asked before it is created or changed."""
    return reach.holds(territory_of(book, kind, values))


def is_public(book: Book, thing: Thing) -> bool:
    """Whether everybody may read a thing: no meeting in preparation, no minutes before approval, no single voucher."""
    if thing.is_archived:
        return False
    if thing.kind == "meeting":
        return is_convened(thing)
    if thing.kind == "minutes":
        return bool(thing.get("approved_at"))
    return thing.kind in PUBLIC and (thing.kind != "decision" or _is_settled(book, thing))


def may_read(reach: Reach, book: Book, thing: Thing) -> bool:
    """Whether a thing may be read by somebody of this reach."""
    return is_public(book, thing) or may_edit(reach, book, thing)


def readable(reach: Reach, book: Book, kind: str) -> tuple[Thing, ...]:
    """Return the things of a kind that somebody of this reach may read, in the order of their birth."""
    return tuple(one for one in book.of(kind) if may_read(reach, book, one))


def visible_book(reach: Reach, book: Book) -> Book:
    """Return the book as somebody of this reach may read it; what they may not read is not there.

    Things of kinds that are not of government stay: other rules decide about them.
    """
    kept = {one.id: one for one in book if one.kind not in GOVERNED or may_read(reach, book, one)}
    return Book(kept, book.last)


def editable(reach: Reach, book: Book, kind: str) -> tuple[Thing, ...]:
    """Return the things of a kind that somebody of this reach may change."""
    return tuple(one for one in book.of(kind) if may_edit(reach, book, one))


def _is_settled(book: Book, decision: Thing) -> bool:
    meeting = book.find(str(decision.get("meeting", "")))
    return meeting is None or is_convened(meeting)
