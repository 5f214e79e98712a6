"""Meetings of bodies: prepared, convened with the notice of the statutes, moved or cancelled, attended."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from beffroi.charter import entries
from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Choice, Day, Flag, Line, Link, Outside, Rows
from beffroi.charter.shape import Kind
from beffroi.federation.dated import days_between, holds_on
from beffroi.federation.mandates import WHO
from beffroi.federation.statutes_in_force import statutes_on
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.entries import By
    from beffroi.charter.shape import Change

TYPES = {
    "ordinary": Text("ordinaire", "ordinary"),
    "extraordinary": Text("extraordinaire", "extraordinary"),
    "general": Text("assemblée générale", "general assembly"),
}
ATTENDED = {
    "present": Text("présent", "present"),
    "remote": Text("à distance", "remote"),
    "represented": Text("représenté", "represented"),
    "excused": Text("excusé", "excused"),
    "absent": Text("absent", "absent"),
}
PARIS = "Europe/Paris"
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
WHEN_AND_WHERE = ("day", "begins", "ends", "place", "link")


def begins_at(meeting: Thing) -> datetime:
    """Return the moment at which a meeting begins, in UTC; hours are entered as they are in Paris."""
    return _moment(str(meeting.get("day")), str(meeting.get("begins")))


def ends_at(meeting: Thing) -> datetime:
    """Return the moment at which a meeting ends, in UTC."""
    return _moment(str(meeting.get("day")), str(meeting.get("ends")))


def meetings_of(book: Book, body: str) -> tuple[Thing, ...]:
    """Return the meetings of a body, newest first, prepared ones included."""
    found = book.linking(body, "meeting", "body")
    return tuple(sorted(found, key=lambda one: (str(one.get("day")), str(one.get("begins"))), reverse=True))


def is_convened(meeting: Thing) -> bool:
    """Whether a meeting was convened; one that was cancelled since still was."""
    return bool(meeting.get("convened_on"))


def notice_rule(book: Book, meeting: Thing) -> tuple[int, str]:
    """Return the notice that the statutes ask for, in days, and the statutes that say so; (0, "") where none do."""
    statutes = statutes_on(book, str(meeting.get("body")), str(meeting.get("day")))
    if statutes is None:
        return 0, ""
    return statutes.notice_for(str(meeting.get("type"))), statutes.source("notice_days")


def convene(meeting: str, *, by: By, expected: int | None = None, reason: str = "") -> Thing:
    """Convene a meeting: from now on it is public and in the calendar.

    Raises:
        UnknownThingError: no such meeting.
        RefusedError: the notice is shorter than the statutes ask for, the agenda is empty, or it was convened before.
    """
    day = by.at.date().isoformat()
    return entries.change(MEETING, meeting, {"convened_on": day}, by=by, expected=expected, act="convened",
                          reason=reason)  # fmt: skip


def cancel(meeting: str, *, by: By, expected: int | None = None, reason: str = "") -> Thing:
    """Call a convened meeting off; it stays in the calendar, marked so.

    Raises:
        UnknownThingError: no such meeting.
        RefusedError: it was not convened, or its day has passed.
    """
    return entries.change(MEETING, meeting, {"is_cancelled": True}, by=by, expected=expected, act="cancelled",
                          reason=reason)  # fmt: skip


def sequence(meeting: str) -> int:
    """Return how often a meeting changed since it was convened: the SEQUENCE of calendars (RFC 5545, 3.8.7.4)."""
    number = -1
    for one in entries.history(meeting):
        if one.act == "convened":
            number = 0
        elif number >= 0 and {*WHEN_AND_WHERE, "name", "agenda", "is_cancelled"} & set(one.change):
            number += 1
    return max(number, 0)


def _moment(day: str, hour: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}:00").replace(tzinfo=ZoneInfo(PARIS)).astimezone(UTC)


def _hours(change: Change) -> Iterator[Fault]:
    begins, ends = str(change.after.get("begins")), str(change.after.get("ends"))
    for name, value in (("begins", begins), ("ends", ends)):
        if not _HOUR.fullmatch(value):
            yield Fault(
                name, Text(f"« {value} » n’est pas une heure comme 18:30.", f"'{value}' is no hour such as 18:30.")
            )
    if _HOUR.fullmatch(begins) and _HOUR.fullmatch(ends) and ends <= begins:
        yield Fault(
            "ends", Text(f"La fin, {ends}, précède le début, {begins}.", f"It ends at {ends}, before {begins}.")
        )
    link = change.after.text("link")
    if link and not link.startswith("https://"):
        yield Fault("link", Text("Une adresse en https:// est attendue.", "An address in https:// is expected."))


def _body_stands(change: Change) -> Iterator[Fault]:
    body, day = change.book.thing(str(change.after.get("body"))), str(change.after.get("day"))
    if not holds_on(body, day):
        yield Fault("day", Text(f"{body.id} n’existe pas le {day}.", f"{body.id} does not stand on {day}."))


def _notice(change: Change) -> Iterator[Fault]:
    """Rule: from convening, or from moving, to the meeting lie at least the days of the statutes."""
    one, before = change.after, change.before
    if not is_convened(one):
        return
    if before is not None and is_convened(before) and change.act == "convened":
        yield Fault("", Text(f"{one.id} est déjà convoquée.", f"{one.id} is convened already."))
        return
    convening = change.is_set("convened_on")
    earlier = before is not None and str(one.get("day")) != str(before.get("day"))
    if not convening and not earlier:
        return
    if convening and not one.rows("agenda"):
        yield Fault("agenda", Text("L’ordre du jour est vide.", "The agenda is empty."))
    today = change.at.date().isoformat()
    if convening and one.get("convened_on") != today:
        yield Fault("convened_on", Text("On convoque au jour même.", "One convenes on the very day."))
    days, source = notice_rule(change.book, one)
    left = days_between(today, str(one.get("day")))
    if left < max(days, 0):
        yield Fault("day", Text(
            f"{left} jours séparent le {today} du {one.get('day')} ; les statuts en demandent {days} pour une réunion "
            f"{TYPES[str(one.get('type'))].fr} ({source or 'jour passé'}).",
            f"{left} days lie between {today} and {one.get('day')}; the statutes ask for {days} for a meeting of type "
            f"'{TYPES[str(one.get('type'))].en}' ({source or 'a day gone by'})."))  # fmt: skip


def _cancelling(change: Change) -> Iterator[Fault]:
    if not change.is_set("is_cancelled") or not change.after.get("is_cancelled"):
        return
    if not is_convened(change.after):
        yield Fault("", Text("Une réunion non convoquée se range ; elle ne s’annule pas.",
                             "A meeting that was not convened is put away, not cancelled."))  # fmt: skip
    if str(change.after.get("day")) < change.at.date().isoformat():
        yield Fault("", Text("Son jour est passé.", "Its day has passed."))


def _held(change: Change) -> Iterator[Fault]:
    """Rule: a meeting convened keeps its body, type and record; attendance is entered from its day on."""
    before, today = change.before, change.at.date().isoformat()
    if change.after.rows("attendance") and change.is_set("attendance") and str(change.after.get("day")) > today:
        yield Fault("attendance", Text("On note les présences à partir du jour de la réunion.",
                                       "Attendance is entered from the day of the meeting on."))  # fmt: skip
    for row in change.after.rows("attendance"):
        mandate = change.book.find(str(row["mandate"]))
        if mandate is None or mandate.get("body") != change.after.get("body"):
            yield Fault("attendance", Text(f"{row['mandate']} n’est pas un mandat de cette instance.",
                                           f"{row['mandate']} is no mandate of this body."))  # fmt: skip
    if before is None or not is_convened(before):
        return
    for name in ("body", "type", "convened_on"):
        if change.is_set(name):
            yield Fault(name, Text("Ne change plus après la convocation.", "Stays as it is once convened."))
    if change.act == "archived":
        yield Fault("", Text("Une réunion convoquée s’annule ; elle ne se range pas.",
                             "A meeting that was convened is cancelled, not put away."))  # fmt: skip
    if str(before.get("day")) < today and any(change.is_set(name) for name in (*WHEN_AND_WHERE, "agenda")):
        yield Fault("day", Text("La réunion a eu lieu.", "The meeting has been held."))


MEETING = Kind(
    "meeting", Text("réunion", "meeting"), Text("réunions", "meetings"),
    (
        Field("name", Line(160), Text("Titre", "Title"), is_required=True),
        Field("body", Link(("body",)), Text("Instance", "Body"), is_required=True),
        Field("type", Choice(TYPES), Text("Sorte", "Type"), is_required=True),
        Field("day", Day(), Text("Jour", "Day"), is_required=True),
        Field("begins", Line(5), Text("Début (heure de Paris)", "Begins (time of Paris)"), is_required=True),
        Field("ends", Line(5), Text("Fin (heure de Paris)", "Ends (time of Paris)"), is_required=True),
        Field("place", Line(200), Text("Lieu", "Place"), is_required=True),
        Field("link", Line(300), Text("Adresse de la visioconférence", "Address of the video meeting"),
              audience="members"),
        Field("agenda", Rows((
            Field("item", Line(200), Text("Point", "Item"), is_required=True),
            Field("type", Outside("decision_type", 40), Text("Type de décision", "Type of decision")),
        )), Text("Ordre du jour", "Agenda")),
        Field("attendance", Rows((
            Field("mandate", Link(("mandate",)), Text("Mandat", "Mandate"), is_required=True),
            Field("state", Choice(ATTENDED), Text("Présence", "Attendance"), is_required=True),
        )), Text("Présences", "Attendance"), personal=WHO),
        Field("convened_on", Day(), Text("Convoquée le", "Convened on")),
        Field("is_cancelled", Flag(), Text("Annulée", "Cancelled")),
    ),
    rules=(_hours, _body_stands, _notice, _cancelling, _held),
)  # fmt: skip
