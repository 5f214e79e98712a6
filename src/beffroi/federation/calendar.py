"""Meetings as calendar events, for files, feeds and invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.federation.bodies import forebears
from beffroi.federation.meetings import begins_at, ends_at, is_convened, meetings_of, sequence
from beffroi.records.charter import CharterEntry
from beffroi.vocabulary.icalendar import Event, Method, calendar

if TYPE_CHECKING:
    from beffroi.charter.book import Book, Thing

UID_DIGITS = 24


def event_of(book: Book, meeting: Thing, *, language: str, url: str = "") -> Event:
    """Return the calendar event of a meeting. `url` is the site, such as `https://cluster.example`.

    The UID comes from the fingerprint of the meeting's first entry: the same in every file, and no other house has it.
    """
    body = book.thing(str(meeting.get("body")))
    agenda = [f"{number}. {row['item']}" for number, row in enumerate(meeting.rows("agenda"), 1)]
    return Event(
        uid=_uid(meeting.id),
        begins=begins_at(meeting),
        ends=ends_at(meeting),
        changed_at=meeting.at,
        title=f"{meeting.text('name')} ({body.text('name', language)})",
        place=meeting.text("place"),
        text="\n".join(agenda),
        url=f"{url}/{language}/meetings/{meeting.id}/" if url else "",
        sequence=sequence(meeting.id),
        is_cancelled=bool(meeting.get("is_cancelled")),
    )


def feed(book: Book, body: str, *, language: str, url: str = "") -> bytes:
    """Return the calendar of a body: its convened meetings and those of the bodies that it came from, oldest first.

    Raises:
        UnknownThingError: no such body.
    """
    bodies = (*forebears(book, body), book.thing(body))
    held = sorted((one for each in bodies for one in meetings_of(book, each.id) if is_convened(one)), key=begins_at)
    events = [event_of(book, one, language=language, url=url) for one in held]
    return calendar(events, name=book.thing(body).text("name", language))


def one_meeting(book: Book, meeting: Thing, *, language: str, url: str = "", method: Method = "PUBLISH") -> bytes:
    """Return the calendar that holds one meeting."""
    return calendar([event_of(book, meeting, language=language, url=url)], name="", method=method)


def _uid(meeting: str) -> str:
    first = CharterEntry.objects.filter(thing=meeting).order_by("id").values_list("hash", flat=True)[0]
    return f"{meeting}-{first[:UID_DIGITS]}@beffroi"
