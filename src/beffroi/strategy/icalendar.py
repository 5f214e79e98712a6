"""A calendar file with one event, such as the deadline of a vote.

Source: RFC 5545 (iCalendar), sections 3.1 (folding), 3.3.11 (escaping), 3.6.1 (VEVENT).
"""

from __future__ import annotations

from dataclasses import dataclass

CONTENT_TYPE = "text/calendar; charset=utf-8"
FOLD_BYTES = 75


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event; times are UTC texts such as `2026-11-22T18:00:00Z`.

    Attributes:
        uid: stays the same for ever; calendars know the event by it.
        starts, ends: when.
        summary, description, url: what is shown.
        stamp: when the file's content was fixed.
        sequence: grows with each change; calendars keep the highest.
    """

    uid: str
    starts: str
    ends: str
    summary: str
    description: str
    url: str
    stamp: str
    sequence: int = 0


def calendar(event: CalendarEvent) -> bytes:
    r"""Return the file.

    >>> day = "2026-11-22T17:30:00Z", "2026-11-22T18:00:00Z"
    >>> print(calendar(CalendarEvent("v1@b", *day, "Vote; urgent", "", "", day[0])).decode().splitlines()[9])
    SUMMARY:Vote\; urgent
    """
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Beffroi//Votes//FR", "CALSCALE:GREGORIAN",
        "BEGIN:VEVENT", f"UID:{_text(event.uid)}", f"DTSTAMP:{_time(event.stamp)}", f"DTSTART:{_time(event.starts)}",
        f"DTEND:{_time(event.ends)}", f"SUMMARY:{_text(event.summary)}", f"SEQUENCE:{event.sequence}",
        *([f"DESCRIPTION:{_text(event.description)}"] if event.description else []),
        *([f"URL:{_uri(event.url)}"] if event.url else []),
        "TRANSP:TRANSPARENT", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return b"".join(_folded(one) for one in lines)


def _time(text: str) -> str:
    return text.replace("-", "").replace(":", "")


def _text(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(one for one in plain if one == "\n" or ord(one) >= ord(" "))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _uri(text: str) -> str:
    return "".join(one for one in text if one.isprintable() and not one.isspace())


def _folded(line: str) -> bytes:
    """Cut a line after at most 75 bytes, never inside a character; what follows begins with a space."""
    parts: list[bytes] = []
    current = b""
    for one in line:
        piece = one.encode("utf-8")
        # A line that goes on has one byte less: its leading space counts.
        if len(current) + len(piece) > FOLD_BYTES - bool(parts):
            parts.append(current)
            current = b""
        current += piece
    return b"\r\n ".join([*parts, current]) + b"\r\n"
