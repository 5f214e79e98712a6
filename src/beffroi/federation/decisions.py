"""Decisions of bodies: what was decided where, on which day, in the body that the statutes name for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Both, Choice, Day, Link, Number, Outside, Outsides, Prose
from beffroi.charter.shape import Kind
from beffroi.federation.competence import fault_of
from beffroi.federation.dated import holds_on
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Change

ADOPTED = "adopted"
OUTCOMES = {
    ADOPTED: Text("adoptée", "adopted"),
    "refused": Text("refusée", "refused"),
    "no_decision": Text("sans décision (quorum)", "no decision (quorum)"),
}


def decisions_of(book: Book, body: str) -> tuple[Thing, ...]:
    """Return the decisions of a body, newest first."""
    return tuple(sorted(book.linking(body, "decision", "body"), key=lambda one: str(one.get("day")), reverse=True))


def _competent(change: Change) -> Iterator[Fault]:
    one = change.after
    text = fault_of(change.book, str(one.get("body")), str(one.get("type")), str(one.get("day")),
                    territory=str(one.get("territory", "")))  # fmt: skip
    if text is not None:
        yield Fault("body", text)


def _day(change: Change) -> Iterator[Fault]:
    day, body = str(change.after.get("day")), change.book.thing(str(change.after.get("body")))
    if not holds_on(body, day):
        yield Fault("day", Text(f"{body.id} n’existe pas le {day}.", f"{body.id} does not stand on {day}."))
    if day > change.at.date().isoformat():
        yield Fault("day", Text(f"Le {day} est à venir ; on inscrit ce qui est décidé.",
                                f"{day} is to come; what is decided is entered."))  # fmt: skip


def _meeting(change: Change) -> Iterator[Fault]:
    meeting = change.book.find(str(change.after.get("meeting", "")))
    if meeting is None:
        return
    if meeting.get("body") != change.after.get("body") or meeting.get("day") != change.after.get("day"):
        yield Fault("meeting", Text(
            f"{meeting.id} est une réunion de {meeting.get('body')} le {meeting.get('day')} ; "
            "la décision doit nommer la même instance et le même jour.",
            f"{meeting.id} is a meeting of {meeting.get('body')} on {meeting.get('day')}; "
            "the decision must name the same body and day."))  # fmt: skip
    if not meeting.get("convened_on") or meeting.get("is_cancelled"):
        yield Fault("meeting", Text(f"{meeting.id} n’a pas été convoquée, ou est annulée.",
                                    f"{meeting.id} was not convened, or is cancelled."))  # fmt: skip


def _final(change: Change) -> Iterator[Fault]:
    """Rule: once the minutes of its meeting are approved, a decision stays as it is."""
    before = change.before
    if before is None:
        return
    minutes = change.book.linking(str(before.get("meeting", "")), "minutes", "meeting")
    if any(one.get("approved_at") for one in minutes):
        yield Fault("", Text(f"Le compte rendu de {before.get('meeting')} est approuvé : {before.id} ne change plus.",
                             f"The minutes of {before.get('meeting')} are approved: {before.id} stays."))  # fmt: skip


DECISION = Kind(
    "decision", Text("décision", "decision"), Text("décisions", "decisions"),
    (
        Field("name", Both(200), Text("Objet", "Matter"), is_required=True),
        Field("type", Outside("decision_type", 40), Text("Type", "Type"),
              Text("Un mot du tableau des compétences.", "A word of the competence table."), is_required=True),
        Field("body", Link(("body",)), Text("Instance", "Body"), is_required=True),
        Field("meeting", Link(("meeting",)), Text("Réunion", "Meeting")),
        Field("day", Day(), Text("Jour", "Day"), is_required=True),
        Field("territory", Link(("territory",)), Text("Territoire concerné", "Territory concerned")),
        Field("outcome", Choice(OUTCOMES), Text("Issue", "Outcome"), is_required=True),
        Field("amount_eur", Number(0), Text("Montant, EUR", "Amount, EUR")),
        Field("text", Prose(), Text("Texte", "Text")),
        Field("about", Outsides("thing"), Text("Au sujet de", "About")),
        Field("vote", Outside("vote"), Text("Vote", "Vote")),
    ),
    rules=(_day, _competent, _meeting, _final),
)  # fmt: skip
