"""Decisions of bodies: what was decided where, on which day, in the body that the statutes name for it.

A decision taken by vote names it. Votes are kept by another room: the door passes what became of them as the fact
`votes`, a mapping from id to `assembly.decided.Decided`; without it no vote can be named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.assembly.decided import CANCELLED, RUNNING
from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Both, Choice, Day, Link, Number, Outside, Outsides, Prose
from beffroi.charter.shape import Kind
from beffroi.federation.competence import fault_of
from beffroi.federation.dated import holds_on
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.assembly.decided import Decided
    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Change

ADOPTED = "adopted"
OUTCOMES = {
    ADOPTED: Text("adoptée", "adopted"),
    "refused": Text("refusée", "refused"),
    "no_decision": Text("sans décision (quorum)", "no decision (quorum)"),
}
# What a vote came to, as the outcome of a decision. A tie elects nobody in full: there is no decision either.
OF_A_VOTE = {
    "approved": ADOPTED, "elected": ADOPTED, "refused": "refused", "no_decision": "no_decision", "tie": "no_decision",
}  # fmt: skip


def decisions_of(book: Book, body: str) -> tuple[Thing, ...]:
    """Return the decisions of a body, newest first."""
    return tuple(sorted(book.linking(body, "decision", "body"), key=lambda one: str(one.get("day")), reverse=True))


def by_vote(book: Book, vote: str) -> Thing | None:
    """Return the decision that names a vote; None when there is none."""
    return next((one for one in book.of("decision") if one.get("vote") == vote), None)


def vote_fault(found: Decided | None, vote: str, body: str, *, decision_type: str = "") -> Text | None:
    """Return why nothing can rest on a vote yet, or not in this body; None when it is closed and theirs.

    Args:
        found: what became of the vote; None: nobody knows it.
        vote: its id, as given.
        body: id of the body that decides.
        decision_type: of the decision; empty: whatever it is.
    """
    if found is None:
        return Text(f"Le vote {vote} n’existe pas ; donnez le numéro d’un vote clos, comme 2026-1.",
                    f"There is no vote {vote}; give the number of a closed vote, such as 2026-1.")  # fmt: skip
    if found.state == CANCELLED:
        return Text(f"Le vote {vote} a été annulé ; il ne décide rien.",
                    f"Vote {vote} was cancelled; it decides nothing.")  # fmt: skip
    if found.state == RUNNING:
        return Text(f"Le vote {vote} n’est pas dépouillé ; attendez que son résultat soit inscrit.",
                    f"Vote {vote} is not counted; wait until its result is written down.")  # fmt: skip
    if found.body != body:
        return Text(f"Le vote {vote} est un vote de {found.body}, et non de {body}.",
                    f"Vote {vote} is a vote of {found.body}, not of {body}.")  # fmt: skip
    if decision_type and found.kind != decision_type:
        return Text(f"Le vote {vote} porte sur « {found.kind} », et non sur « {decision_type} ».",
                    f"Vote {vote} is about '{found.kind}', not about '{decision_type}'.")  # fmt: skip
    return None


def _voted(change: Change) -> Iterator[Fault]:
    one, vote = change.after, str(change.after.get("vote", ""))
    if not vote or not any(change.is_set(name) for name in ("vote", "body", "type", "outcome")):
        return
    votes = change.facts.get("votes", {})
    found = votes.get(vote) if isinstance(votes, dict) else None
    fault = vote_fault(found, vote, str(one.get("body")), decision_type=str(one.get("type")))
    if fault is not None:
        yield Fault("vote", fault)
        return
    assert found is not None  # noqa: S101 -- an unknown vote is a fault
    outcome = OF_A_VOTE[found.state]
    if one.get("outcome") != outcome:
        said = OUTCOMES[outcome]
        yield Fault("outcome", Text(f"Le vote {vote} donne : {said.fr}.", f"Vote {vote} says: {said.en}."))
    other = by_vote(change.book, vote)
    if other is not None and other.id != one.id:
        yield Fault("vote", Text(f"{other.id} inscrit déjà ce que le vote {vote} a décidé.",
                                 f"{other.id} already enters what vote {vote} decided."))  # fmt: skip


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
        Field("vote", Outside("vote"), Text("Vote", "Vote"),
              Text("Le numéro d’un vote clos de cette instance, comme 2026-1.",
                   "The number of a closed vote of this body, such as 2026-1.")),
    ),
    rules=(_day, _competent, _meeting, _final, _voted),
)  # fmt: skip
