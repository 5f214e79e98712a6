"""Minutes: every version kept, approved at the next meeting of the body, and unchangeable from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.charter import entries
from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Day, Line, Link, Prose
from beffroi.charter.shape import Kind
from beffroi.federation.bodies import survivor
from beffroi.federation.meetings import is_convened, meetings_of
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.charter.book import Book, Entry, Thing
    from beffroi.charter.entries import By
    from beffroi.charter.shape import Change


def minutes_of(book: Book, meeting: str) -> Thing | None:
    """Return the minutes of a meeting; None before somebody wrote any."""
    return next(iter(book.linking(meeting, "minutes", "meeting")), None)


def versions(minutes: str) -> tuple[Entry, ...]:
    """Return the entries of minutes that changed their text, oldest first, version 1 before version 2."""
    return tuple(one for one in entries.history(minutes) if "text" in one.change)


def next_meeting(book: Book, meeting: Thing) -> Thing | None:
    """Return the meeting held next by the same body, or by the one that it became; None when there is none yet."""
    body = str(meeting.get("body"))
    bodies = dict.fromkeys([body, survivor(book, body).id])
    after = _when(meeting)
    later = [one for each in bodies for one in meetings_of(book, each)
             if is_convened(one) and not one.get("is_cancelled") and _when(one) > after]  # fmt: skip
    return min(later, key=_when, default=None)


def approve(minutes: str, at_meeting: str, *, by: By, expected: int | None = None) -> Thing:
    """Enter that a meeting approved the minutes of the one before; they never change again.

    Raises:
        UnknownThingError: no such minutes.
        RefusedError: it is not the next meeting of the body, it has not been held, or they are approved already.
    """
    meeting = entries.book().find(at_meeting)
    day = str(meeting.get("day")) if meeting else ""
    values = {"approved_at": at_meeting, "approved_on": day}
    return entries.change(MINUTES, minutes, values, by=by, expected=expected, act="approved")


def _when(meeting: Thing) -> tuple[str, str]:
    return str(meeting.get("day")), str(meeting.get("begins"))


def _of_held_meeting(change: Change) -> Iterator[Fault]:
    meeting = change.book.thing(str(change.after.get("meeting")))
    if not is_convened(meeting) or meeting.get("is_cancelled"):
        yield Fault("meeting", Text(f"{meeting.id} n’a pas été tenue.", f"{meeting.id} was not held."))
    if str(meeting.get("day")) > change.at.date().isoformat():
        yield Fault("meeting", Text(f"{meeting.id} n’a pas encore eu lieu.", f"{meeting.id} is still to come."))
    for other in change.book.linking(meeting.id, "minutes", "meeting"):
        if other.id != change.after.id:
            yield Fault("meeting", Text(f"{meeting.id} a déjà un compte rendu : {other.id}.",
                                        f"{meeting.id} has minutes already: {other.id}."))  # fmt: skip


def _immutable(change: Change) -> Iterator[Fault]:
    before = change.before
    if before is not None and before.get("approved_at"):
        at, on = before.get("approved_at"), before.get("approved_on")
        yield Fault("", Text(
            f"Ce compte rendu a été approuvé le {on} ({at}) : il ne change plus. "
            "Inscrivez une rectification au compte rendu de la prochaine réunion.",
            f"These minutes were approved on {on} ({at}) and never change again. "
            "Enter a correction in the minutes of the next meeting."))  # fmt: skip


def _approval(change: Change) -> Iterator[Fault]:
    if not change.is_set("approved_at") or not change.after.get("approved_at"):
        return
    if change.before is None or change.is_set("text"):
        yield Fault("text", Text("On approuve un texte déjà écrit, sans le changer.",
                                 "One approves a text that stands already, without changing it."))  # fmt: skip
    meeting = change.book.thing(str(change.after.get("meeting")))
    wanted = next_meeting(change.book, meeting)
    given = str(change.after.get("approved_at"))
    if wanted is None or wanted.id != given:
        name = f"{wanted.id} ({wanted.get('day')})" if wanted else ""
        fr, en = name or "aucune n’est convoquée", name or "none is convened"
        yield Fault("approved_at", Text(
            f"Le compte rendu de {meeting.id} s’approuve à la réunion suivante : {fr}.",
            f"The minutes of {meeting.id} are approved at the next meeting: {en}."))  # fmt: skip
    elif str(wanted.get("day")) > change.at.date().isoformat():
        yield Fault("approved_at", Text(f"{wanted.id} n’a pas encore eu lieu.", f"{wanted.id} is still to come."))


MINUTES = Kind(
    "minutes", Text("compte rendu", "minutes"), Text("comptes rendus", "minutes"),
    (
        Field("name", Line(160), Text("Titre", "Title"), is_required=True),
        Field("meeting", Link(("meeting",)), Text("Réunion", "Meeting"), is_required=True),
        Field("text", Prose(100_000), Text("Texte", "Text"), is_required=True),
        Field("approved_at", Link(("meeting",)), Text("Approuvé à", "Approved at")),
        Field("approved_on", Day(), Text("Approuvé le", "Approved on")),
    ),
    rules=(_immutable, _of_held_meeting, _approval),
)  # fmt: skip
