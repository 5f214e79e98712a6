"""Invitations to meetings: who is invited, and the letter in plain text, both languages, with the calendar file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from beffroi.federation.calendar import one_meeting
from beffroi.federation.mandates import composition_on
from beffroi.federation.meetings import PARIS, begins_at, ends_at

if TYPE_CHECKING:
    from beffroi.charter.book import Book, Thing

MONTHS_FR = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
             "novembre", "décembre")  # fmt: skip
MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
             "November", "December")  # fmt: skip
LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: subject, plain text in both languages, and the meeting as a calendar file."""

    subject: str
    text: str
    calendar: bytes


def accounts_invited(book: Book, meeting: Thing) -> tuple[int, ...]:
    """Return the accounts that sit in the body on the day of a meeting, substitutes included, each once."""
    seats = composition_on(book, str(meeting.get("body")), str(meeting.get("day")))
    every = [one for seat in seats for one in (seat.mandate, *seat.substitutes)]
    held = [account for one in every if isinstance(account := one.get("account"), int)]
    return tuple(dict.fromkeys(held))


def invitation(book: Book, meeting: Thing, *, url: str, first: str = "fr") -> Letter:
    """Return the letter of a convened meeting; of a cancelled one, the letter that says so.

    Args:
        book: things as they stand.
        meeting: convened.
        url: of the site, such as `https://cluster.example`.
        first: the language that comes first.
    """
    order = (first, *(one for one in LANGUAGES if one != first))
    parts = [_said(book, meeting, url, one) for one in order]
    day = str(meeting.get("day"))
    is_off = bool(meeting.get("is_cancelled"))
    word = {"fr": "Annulation" if is_off else "Convocation", "en": "Cancelled" if is_off else "Invitation"}[first]
    colon = " :" if first == "fr" else ":"
    return Letter(f"{word}{colon} {meeting.text('name')}, {day}", "\n\n--\n\n".join(parts) + "\n",
                  one_meeting(book, meeting, language=first, url=url))  # fmt: skip


def _said(book: Book, meeting: Thing, url: str, language: str) -> str:
    body = book.thing(str(meeting.get("body"))).text("name", language)
    is_off = bool(meeting.get("is_cancelled"))
    begins, ends = (one.astimezone(ZoneInfo(PARIS)) for one in (begins_at(meeting), ends_at(meeting)))
    agenda = "\n".join(f"{number}. {row['item']}" for number, row in enumerate(meeting.rows("agenda"), 1))
    address = f"{url}/{language}/meetings/{meeting.id}/"
    link = meeting.text("link")
    if language == "fr":
        day = f"{begins.day} {MONTHS_FR[begins.month - 1]} {begins.year}"
        when = f"{day}, de {begins:%H:%M} à {ends:%H:%M} (heure de Paris)"
        lead = f"La réunion de {body} est annulée." if is_off else f"{body} se réunit ; vous êtes convoqué(e)."
        rows = [lead, meeting.text("name"), f"Quand : {when}", f"Où : {meeting.text('place')}"]
        rows += [f"À distance : {link}"] if link else []
        return "\n".join([*rows, "", "Ordre du jour :", agenda, "", f"Page de la réunion : {address}"])
    when = f"{begins.day} {MONTHS_EN[begins.month - 1]} {begins.year}, {begins:%H:%M} to {ends:%H:%M} (time of Paris)"
    lead = f"The meeting of {body} is cancelled." if is_off else f"{body} meets; you are invited."
    rows = [lead, meeting.text("name"), f"When: {when}", f"Where: {meeting.text('place')}"]
    rows += [f"Remote: {link}"] if link else []
    return "\n".join([*rows, "", "Agenda:", agenda, "", f"Page of the meeting: {address}"])
