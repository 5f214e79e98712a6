"""Calendars as RFC 5545 text: events with a stable UID, a SEQUENCE that grows, and times in UTC.

Pure: values in, text out. Lines end with CRLF and are folded at 75 octets, never inside a letter.

Source: RFC 5545 (2009), sections 3.1, 3.3.11, 3.6.1, 3.8.1.11 and 3.8.7; RFC 7986 (2016), section 5, for names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

TYPE = "text/calendar; charset=utf-8"
OCTETS = 75
_IN_ADDRESSES = ":/?#[]@!$&'()*+,;=%~"
_NEVER = {"\x7f", *map(chr, range(0xD800, 0xE000))}  # delete, and halves of letters, which UTF-8 cannot hold
PRODUCT = "-//Beffroi//Calendar 1//EN"
Method = Literal["PUBLISH", "REQUEST", "CANCEL"]


@dataclass(frozen=True, slots=True)
class Event:
    """A gathering.

    Attributes:
        uid: the same for ever, in every file.
        begins, ends: with their zone.
        changed_at: when it was last changed; also its DTSTAMP, so that a file is the same twice.
        title, place, text: plain text.
        url: where to read it; empty for nowhere.
        sequence: how often it changed in a way that matters to those invited.
        is_cancelled: it stays in calendars, marked so.
    """

    uid: str
    begins: datetime
    ends: datetime
    changed_at: datetime
    title: str
    place: str = ""
    text: str = ""
    url: str = ""
    sequence: int = 0
    is_cancelled: bool = False


def calendar(events: Iterable[Event], *, name: str = "", method: Method = "PUBLISH") -> bytes:
    """Return a calendar.

    Args:
        events: in the order given.
        name: shown by programs that follow RFC 7986.
        method: PUBLISH for a feed, REQUEST for an invitation, CANCEL for one taken back.

    Raises:
        ValueError: an event ends before it begins, or has a moment without a zone.

    >>> calendar([], name="Board").decode().splitlines()[0]
    'BEGIN:VCALENDAR'
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", f"METHOD:{method}"]
    lines += [f"NAME:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}"] if name else []
    for one in events:
        lines += _event(one)
    lines.append("END:VCALENDAR")
    return "".join(folded(line) for line in lines).encode()


def escaped(text: str) -> str:
    r"""Write a value of type TEXT: backslash, semicolon, comma and line ends are escaped, other controls are left out.

    >>> print(escaped("a;b,c\nd"))
    a\;b\,c\nd
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return "".join(letter for letter in text if letter == "\t" or (letter >= " " and letter not in _NEVER))


def folded(line: str) -> str:
    r"""Write one content line: at most 75 octets a row, each further row after one space, CRLF at the end.

    >>> [len(row.encode()) for row in folded("é" * 60).split("\r\n")]
    [74, 47, 0]
    """
    rows, row, size = [], "", 0
    for letter in line:
        octets = len(letter.encode("utf-8", "replace"))
        if size + octets > OCTETS:
            rows.append(row)
            row, size = " ", 1
        row, size = row + letter, size + octets
    return "\r\n".join([*rows, row]) + "\r\n"


def stamp(moment: datetime) -> str:
    """Write a moment in UTC.

    Raises:
        ValueError: it has no zone.

    >>> from datetime import datetime
    >>> stamp(datetime(2026, 11, 22, 18, 30, tzinfo=UTC))
    '20261122T183000Z'
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no zone; calendars of several countries read it. Give one.")
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _event(one: Event) -> list[str]:
    if one.ends <= one.begins:
        raise ValueError(f"{one.uid} ends at {one.ends}, which is not after {one.begins}.")
    url = quote(one.url, safe=_IN_ADDRESSES, errors="replace")
    optional = (("LOCATION", escaped(one.place)), ("DESCRIPTION", escaped(one.text)), ("URL", url))
    return [
        "BEGIN:VEVENT",
        f"UID:{escaped(one.uid)}",
        f"DTSTAMP:{stamp(one.changed_at)}",
        f"LAST-MODIFIED:{stamp(one.changed_at)}",
        f"DTSTART:{stamp(one.begins)}",
        f"DTEND:{stamp(one.ends)}",
        f"SUMMARY:{escaped(one.title)}",
        *(f"{name}:{value}" for name, value in optional if value),
        f"SEQUENCE:{one.sequence}",
        f"STATUS:{'CANCELLED' if one.is_cancelled else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT" if one.is_cancelled else "TRANSP:OPAQUE",
        "END:VEVENT",
    ]
