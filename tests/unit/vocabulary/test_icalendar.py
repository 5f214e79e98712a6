"""Calendars against the grammar of RFC 5545, written out here: content lines, folding, escaping, what is required."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.vocabulary.icalendar import Event, calendar, escaped, folded

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
# RFC 5545, section 3.1: contentline = name *(";" param) ":" value; TEXT of section 3.3.11 may hold no bare ; , or \.
LINE = re.compile(r"[A-Z][A-Z0-9-]*(?:;[A-Z-]+=[^\x00-\x08\x0a-\x1f\x7f\":;]*)*:[^\x00-\x08\x0a-\x1f\x7f]*")
TEXT = re.compile(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*")
MOMENT = re.compile(r"\d{8}T\d{6}Z")
TEXTS = ("UID", "SUMMARY", "LOCATION", "DESCRIPTION", "NAME", "X-WR-CALNAME")
MOMENTS = ("DTSTAMP", "DTSTART", "DTEND", "LAST-MODIFIED")


def event(**more):
    given = {"uid": "m-1@x", "begins": NOW, "ends": NOW + timedelta(hours=2), "changed_at": NOW, "title": "Réunion"}
    return Event(**{**given, **more})


def parsed(content: bytes) -> list[tuple[str, str]]:
    """Read a calendar by the grammar, refusing what it refuses."""
    assert content.endswith(b"\r\n")
    rows = content[:-2].split(b"\r\n")
    assert all(len(row) <= 75 for row in rows)
    assert all(row.decode() for row in rows)  # no letter is cut in two
    lines = re.sub(r"\r\n[ \t]", "", content[:-2].decode()).split("\r\n")
    assert all(LINE.fullmatch(line) for line in lines)
    return [(name, value) for name, _colon, value in (line.partition(":") for line in lines)]


def read(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def check(content: bytes) -> list[dict[str, str]]:
    """Structure and types of section 3.4 to 3.6.1; return the events."""
    lines = parsed(content)
    assert lines[0] == ("BEGIN", "VCALENDAR")
    assert lines[-1] == ("END", "VCALENDAR")
    head = lines[1 : next(n for n, one in enumerate(lines) if one in {("BEGIN", "VEVENT"), ("END", "VCALENDAR")})]
    assert dict(head)["VERSION"] == "2.0"
    assert dict(head)["PRODID"]
    events, inside = [], None
    for name, value in lines[1 + len(head) : -1]:
        if (name, value) == ("BEGIN", "VEVENT"):
            inside = []
        elif (name, value) == ("END", "VEVENT"):
            assert len({one for one, _ in inside}) == len(inside)  # each of these properties stands once
            events.append(dict(inside))
            inside = None
        else:
            inside.append((name, value))
        if name in TEXTS:
            assert TEXT.fullmatch(value), value
        if name in MOMENTS:
            assert MOMENT.fullmatch(value)
    assert all({"UID", "DTSTAMP", "DTSTART"} <= set(one) for one in events)
    return events


def test_an_event_follows_the_grammar():
    full = event(place="Salle; B, 2", text="1. Budget\n2. Divers", url="https://x.example/a b", sequence=3)
    (one,) = check(calendar([full], name="Bureau"))
    assert one == {
        "UID": "m-1@x", "DTSTAMP": "20261122T090000Z", "LAST-MODIFIED": "20261122T090000Z",
        "DTSTART": "20261122T090000Z", "DTEND": "20261122T110000Z", "SUMMARY": "Réunion",
        "LOCATION": "Salle\\; B\\, 2", "DESCRIPTION": "1. Budget\\n2. Divers", "URL": "https://x.example/a%20b",
        "SEQUENCE": "3", "STATUS": "CONFIRMED", "TRANSP": "OPAQUE",
    }  # fmt: skip


def test_a_cancelled_event_stays_and_frees_the_time():
    (one,) = check(calendar([event(is_cancelled=True)], method="CANCEL"))
    assert (one["STATUS"], one["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert ("METHOD", "CANCEL") in parsed(calendar([], method="CANCEL"))


def test_a_moment_of_another_zone_is_written_in_utc():
    paris = timezone(timedelta(hours=2))
    (one,) = check(calendar([event(begins=datetime(2026, 7, 1, 18, 30, tzinfo=paris), ends=NOW)]))
    assert one["DTSTART"] == "20260701T163000Z"


@pytest.mark.parametrize(("more", "message"), [
    ({"ends": NOW}, "not after"),
    ({"begins": datetime(2026, 1, 1)}, "zone|offset"),  # noqa: DTZ001 -- the mistake under test
])  # fmt: skip
def test_what_no_calendar_can_hold_is_refused(more, message):
    with pytest.raises((ValueError, TypeError), match=message):
        calendar([event(**more)])


@given(st.text(alphabet=st.characters(codec=None), max_size=300), st.text(max_size=300), st.text(max_size=120))
def test_whatever_is_typed_the_file_follows_the_grammar(title, text, url):
    (one,) = check(calendar([event(title=title, text=text, url=f"https://x/{url}")]))
    lines = title.replace("\r\n", "\n").replace("\r", "\n")
    never = {"\x7f", *map(chr, range(0xD800, 0xE000))}
    kept = "".join(letter for letter in lines if letter in "\t\n" or (letter >= " " and letter not in never))
    assert read(one["SUMMARY"]) == kept


@given(st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=400))
def test_unfolding_gives_the_line_back(line):
    rows = folded(line)
    assert re.sub(r"\r\n ", "", rows[:-2]) == line or " " in line
    assert all(len(row.encode()) <= 75 for row in rows.split("\r\n"))


def test_escaping_is_undone_by_reading():
    assert read(escaped("a\\b;c,d\ne\\n")) == "a\\b;c,d\ne\\n"
