"""Decisions that the strategy rests on: votes of the house, and decisions taken before or outside it.

A vote is kept by another room: the door passes outcomes as the fact `decisions`. A decision taken elsewhere is a thing
of its own here, with the document that says so; its id serves wherever the id of a vote does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.charter.field import Field
from beffroi.charter.holds import Choice, Day, Line
from beffroi.charter.shape import Kind
from beffroi.strategy.fields import NAME, SAID
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.charter.book import Book

APPROVED, REFUSED, OPEN = "approved", "refused", "open"

DECISION = Kind(
    "resolution", Text("décision prise ailleurs", "decision taken elsewhere"),
    Text("décisions prises ailleurs", "decisions taken elsewhere"),
    (
        NAME, SAID,
        Field("body", Line(), Text("Instance", "Body"), is_required=True),
        Field("day", Day(), Text("Jour", "Day"), is_required=True),
        Field("outcome", Choice({APPROVED: Text("approuvée", "approved"), REFUSED: Text("refusée", "refused")}),
              Text("Issue", "Outcome"), is_required=True),
        Field("document", Line(400), Text("Document qui en fait foi", "Document that proves it"), is_required=True),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided: `approved`, `refused` or `open`; `text_hash` of the text voted, empty when none is known."""

    outcome: str
    text_hash: str = ""


def outcome_of(decision: str, book: Book, votes: Mapping[str, Outcome]) -> Outcome | None:
    """Return the outcome of a vote or of a decision taken elsewhere; None when nobody knows it.

    >>> from beffroi.charter.book import Book
    >>> outcome_of("vote-1", Book({}), {"vote-1": Outcome("approved")}), outcome_of("vote-2", Book({}), {})
    (Outcome(outcome='approved', text_hash=''), None)
    """
    if decision in votes:
        return votes[decision]
    thing = book.find(decision)
    if thing is None or thing.kind != DECISION.name or thing.is_archived:
        return None
    return Outcome(str(thing.get("outcome")))
