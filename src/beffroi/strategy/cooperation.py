"""Who works with whom, from what was recorded and from nothing else, and whether it grows.

Ties come from consortia of projects and from acts entered as such: a grouping, a meeting held, a text signed together.
A member may ask that its ties are not shown to the public; figures over all members still count them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Choice, Day, Flag, Line, Outside, Outsides
from beffroi.charter.shape import Kind
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Change

PROJECT = "project"
HOW = {
    "grouping": Text("groupement", "grouping"),
    "meeting": Text("rencontre tenue", "meeting held"),
    "co_signature": Text("texte cosigné", "text signed together"),
    "mentoring": Text("parrainage ou visite entre pairs", "mentoring or visit among peers"),
}
ALL_WAYS = {PROJECT: Text("projet commun", "common project"), **HOW}
PAIR = 2


def _two_at_least(change: Change) -> Iterator[Fault]:
    if len(change.after.ids("organisations")) < PAIR:
        yield Fault("organisations", Text(
            "Un lien réunit deux organisations au moins.", "A tie joins two organisations at least."))  # fmt: skip


def _not_ahead(change: Change) -> Iterator[Fault]:
    if change.after.text("on") > change.at.date().isoformat():
        yield Fault("on", Text(
            "Un lien se constate : ce jour n’est pas encore venu.",
            "A tie is recorded once it is there: this day has not come yet."))  # fmt: skip


TIE = Kind(
    "tie",
    Text("lien de coopération", "cooperation tie"),
    Text("liens de coopération", "cooperation ties"),
    (
        Field("how", Choice(HOW), Text("par", "through"), is_required=True),
        Field("organisations", Outsides("organisation"), Text("organisations", "organisations"), is_required=True),
        Field("on", Day(), Text("le", "on"), is_required=True),
        Field("evidence", Line(300), Text("preuve", "evidence"), is_required=True,
              help=Text("Compte rendu, accord, adresse : ce qui le montre.",
                        "Minutes, agreement, address: what shows it.")),
    ),
    title="evidence",
    rules=(_two_at_least, _not_ahead),
)  # fmt: skip

DISCRETION = Kind(
    "discretion",
    Text("discrétion d’un membre", "a member's discretion"),
    Text("discrétions", "discretions"),
    (
        Field("organisation", Outside("organisation"), Text("organisation", "organisation"), is_required=True),
        Field("hides_ties", Flag(), Text("cache ses liens au public", "hides its ties from the public")),
    ),
    title="organisation",
)


@dataclass(frozen=True, slots=True, order=True)
class Tie:
    """Two organisations that did something together on a day; `left` < `right`, `thing` is where it was recorded."""

    left: str
    right: str
    how: str
    on: date
    thing: str


@dataclass(frozen=True, slots=True)
class Measures:
    """Cooperation of a year.

    Attributes:
        year: ties dated in it count.
        members: organisations looked at.
        ties: pairs of members with one tie at least, each pair once.
        ties_per_member: 2 × ties / members; None without members.
        across: share of those pairs whose members sit in two territories, among pairs whose territories are known.
        isolated: members without any tie that year.
    """

    year: int
    members: int
    ties: int
    ties_per_member: float | None
    across: float | None
    isolated: tuple[str, ...]


def ties(book: Book) -> list[Tie]:
    """Return every tie that the book records, one for each pair and occasion, in the order of days.

    A project ties the partners of its consortium on its first day; one without a first day ties nobody yet.
    """
    found = [tie for one in book.of("tie") for tie in _pairs(one, one.ids("organisations"), one.text("how"), "on")]
    for one in book.of("project"):
        partners = [str(row["organisation"]) for row in one.rows("partners") if row.get("organisation")]
        found += _pairs(one, partners, PROJECT, "starts")
    return sorted(found, key=lambda tie: (tie.on, tie))


def for_the_public(found: Iterable[Tie], book: Book) -> tuple[list[Tie], int]:
    """Return the ties that may be shown to everybody, and how many are left out at a member's wish."""
    silent = {one.text("organisation") for one in book.of("discretion") if one.get("hides_ties")}
    every = list(found)
    shown = [one for one in every if not {one.left, one.right} & silent]
    return shown, len(every) - len(shown)


def measures(found: Sequence[Tie], territory_of: Mapping[str, str], years: Iterable[int]) -> list[Measures]:
    """Return the measures of each year.

    Args:
        found: ties; those with an organisation that is no member are left out.
        territory_of: territory of every member, empty when unknown; its keys are the members.
        years: the years asked for.

    >>> day = date(2026, 3, 1)
    >>> found = [Tie("a", "b", "meeting", day, "tie-1"), Tie("a", "c", "project", day, "project-1")]
    >>> [one] = measures(found, {"a": "Lyon", "b": "Lyon", "c": "Grenoble", "d": "Lyon"}, [2026])
    >>> one.ties, one.ties_per_member, one.across, one.isolated
    (2, 1.0, 0.5, ('d',))
    """
    return [_of_year(year, [one for one in found if one.on.year == year], territory_of) for year in years]


def _of_year(year: int, found: Sequence[Tie], territory_of: Mapping[str, str]) -> Measures:
    pairs = {(one.left, one.right) for one in found if one.left in territory_of and one.right in territory_of}
    tied = {name for pair in pairs for name in pair}
    placed = [pair for pair in pairs if territory_of[pair[0]] and territory_of[pair[1]]]
    across = sum(territory_of[left] != territory_of[right] for left, right in placed)
    count = len(territory_of)
    return Measures(
        year, count, len(pairs), PAIR * len(pairs) / count if count else None,
        across / len(placed) if placed else None, tuple(sorted(set(territory_of) - tied)),
    )  # fmt: skip


def _pairs(thing: Thing, organisations: Iterable[str], how: str, day: str) -> Iterator[Tie]:
    if not thing.text(day):
        return
    on = date.fromisoformat(thing.text(day))
    for left, right in combinations(sorted(set(organisations)), PAIR):
        yield Tie(left, right, how, on, thing.id)
