"""Write an entry when its kind and its rules allow, and read the book as it stood at any moment.

Writers take turns: whoever writes holds the end of the log, on SQLite and on PostgreSQL. Each entry carries the
fingerprint of the one before, so that a later change of the database shows.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import OperationalError, connection, transaction

from beffroi.charter.book import ARCHIVED, RESTORED, Book, Entry, Thing, after, sum_up
from beffroi.charter.faults import ConflictError, Fault, RefusedError
from beffroi.charter.holds import Link, Links
from beffroi.charter.shape import Change, Kind, is_blank
from beffroi.records.charter import CharterEntry
from beffroi.records.models import LogHead
from beffroi.vocabulary.errors import BusyError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

HEAD = 3  # row of `LogHead` that holds the end of this log
SKEW = timedelta(minutes=5)  # clocks of several servers may differ by as much


@dataclass(frozen=True, slots=True)
class By:
    """Who enters something, and when. `author` is `account 3`, or a name of ours such as `demo`."""

    author: str
    at: datetime


def book(at: datetime | None = None) -> Book:
    """Return every thing as it stood at a moment; None: now.

    A book of the present is kept until the next entry, so that pages do not read all entries again.
    """
    last = LogHead.objects.values_list("number", "hash").filter(pk=HEAD).first() or (0, "")
    if at is None:
        return _present(str(connection.settings_dict["NAME"]), *last)
    return sum_up(_entries(CharterEntry.objects.filter(at__lte=at).order_by("id")))


def history(thing: str) -> tuple[Entry, ...]:
    """Return the entries of a thing, oldest first; none when there is no such thing."""
    return tuple(_entries(CharterEntry.objects.filter(thing=thing).order_by("id")))


def create(
    kind: Kind, values: Mapping[str, object], *, by: By, act: str = "created", reason: str = "",
    facts: Mapping[str, object] | None = None,
) -> Thing:  # fmt: skip
    """Enter a new thing and return it; its id is the kind and the next number. `facts`: what the rules look at.

    Raises:
        RefusedError: values or rules do not allow it; every reason is told and nothing is written.
        BusyError: another writer held the charter for longer than one waits.
    """
    with _writing() as head:
        now = book()
        number = 1 + max((int(one.id.rpartition("-")[2]) for one in now.of(kind.name, archived=True)), default=0)
        change = {name: value for name, value in values.items() if not is_blank(value)}
        entry = Entry(0, by.at, by.author, kind.name, f"{kind.name}-{number}", act, _as_json(change), reason)
        return _enter(head, now, kind, entry, facts or {})


def change(
    kind: Kind, thing: str, values: Mapping[str, object], *, by: By, expected: int | None = None,
    act: str = "changed", reason: str = "", facts: Mapping[str, object] | None = None,
) -> Thing:  # fmt: skip
    """Enter what changed in a thing and return it; a blank value takes a field away. What is equal is left out.

    Args:
        kind: the thing's kind.
        thing: its id.
        values: fields with their new values; fields not named stay.
        by: author and moment.
        expected: number of the last entry that the author saw (`Thing.entry`); None: whatever it is.
        act: a verb of the room, such as `published`.
        reason: why, in the author's words.
        facts: what the rules look at and the charter does not hold.

    Raises:
        UnknownThingError: no such thing.
        ConflictError: somebody entered something of this thing after `expected`.
        RefusedError: values or rules do not allow it.
        BusyError: another writer held the charter for longer than one waits.
    """
    with _writing() as head:
        now = book()
        before = now.thing(thing)
        if expected is not None and before.entry != expected:
            raise ConflictError([Fault("", _conflict(before))])
        asked = {name: None if is_blank(value) else value for name, value in _as_json(values).items()}
        new = {name: value for name, value in asked.items() if value != before.get(name)}
        if not new and act in {"changed", ""}:
            return before
        return _enter(head, now, kind, Entry(0, by.at, by.author, kind.name, thing, act, new, reason), facts or {})


def archive(kind: Kind, thing: str, *, by: By, reason: str = "") -> Thing:
    """Put a thing away; it stays readable, with its history."""
    return change(kind, thing, {}, by=by, act=ARCHIVED, reason=reason)


def restore(kind: Kind, thing: str, *, by: By, reason: str = "") -> Thing:
    """Take an archived thing back into the lists."""
    return change(kind, thing, {}, by=by, act=RESTORED, reason=reason)


def broken() -> list[tuple[int, str]]:
    """Check the whole log: numbers without a gap, fingerprints, and its end. Empty when all holds."""
    found = []
    previous, number = "", 0
    for row in CharterEntry.objects.order_by("id").iterator():
        number += 1
        if row.id != number:
            found.append((row.id, f"entry {number} is missing"))
            number = row.id
        if row.previous_hash != previous or fingerprint(row) != row.hash:
            found.append((row.id, "the entry was changed"))
        previous = row.hash
    head = LogHead.objects.get(pk=HEAD)
    if (head.number, head.hash) != (number, previous):
        found.append((head.number, "entries at the end are missing"))
    return found


def fingerprint(row: CharterEntry) -> str:
    """Return the SHA-256 of an entry and of the one before it."""
    parts = [row.id, row.at.astimezone(UTC).isoformat(), row.author, row.kind, row.thing, row.act, row.change,
             row.reason, row.previous_hash]  # fmt: skip
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def _writing() -> Iterator[LogHead]:
    try:
        with transaction.atomic():
            yield LogHead.objects.select_for_update().get(pk=HEAD)
    except OperationalError as error:
        if "locked" not in str(error):
            raise
        raise BusyError(
            Text(
                "La charte est en cours d’écriture. Rien n’a été modifié. Réessayez dans une minute.",
                "The charter is being written to. Nothing was changed. Try again in a minute.",
            )
        ) from error


def _enter(head: LogHead, now: Book, kind: Kind, entry: Entry, facts: Mapping[str, object]) -> Thing:
    before = now.find(entry.thing)
    then = after(before, entry)
    faults = kind.faults_of(then.values) or _dangling(now, kind, then)
    if not faults:
        ahead = Change(now, before, then, entry.act, entry.author, entry.at, entry.reason, facts)
        faults = [fault for rule in kind.rules for fault in rule(ahead)]
    if faults:
        raise RefusedError(faults)
    row = CharterEntry(
        id=head.number + 1, at=_not_before(head, entry.at), author=entry.author, kind=entry.kind, thing=entry.thing,
        act=entry.act, change=dict(entry.change), reason=entry.reason, previous_hash=head.hash,
    )  # fmt: skip
    row.hash = fingerprint(row)
    row.save(force_insert=True)
    head.number, head.hash = row.id, row.hash
    head.save()
    return after(before, _entry(row))


def _not_before(head: LogHead, at: datetime) -> datetime:
    """Keep time running forward: entries are read back by their moment."""
    last = CharterEntry.objects.filter(pk=head.number).values_list("at", flat=True).first()
    if last is None or at >= last:
        return at
    if last - at > SKEW:
        raise RefusedError([Fault("", Text(
            f"L’heure donnée, {at:%Y-%m-%d %H:%M}, précède la dernière inscription, {last:%Y-%m-%d %H:%M}.",
            f"The time given, {at:%Y-%m-%d %H:%M}, is before the last entry, {last:%Y-%m-%d %H:%M}."))])  # fmt: skip
    return last


def _dangling(now: Book, kind: Kind, then: Thing) -> list[Fault]:
    faults = []
    for one in kind.fields:
        if isinstance(one.type, Link | Links):
            for named in then.ids(one.name):
                if now.find(named) is None:
                    text = Text(f"{one.label.fr} : {named} n’existe pas.", f"{one.label.en}: there is no {named}.")
                    faults.append(Fault(one.name, text))
    return faults


def _conflict(before: Thing) -> Text:
    day = f"{before.at:%Y-%m-%d %H:%M}"
    return Text(
        f"Entre-temps, {before.by} a modifié {before.id} ({day}, temps universel). Relisez, puis recommencez.",
        f"Meanwhile {before.by} changed {before.id} ({day} UTC). Read it again, then send your change once more.",
    )


def _as_json(values: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = json.loads(json.dumps(dict(values)))  # tuples become lists, as they are read back
    return found


@lru_cache(maxsize=4)
def _present(_database: str, _number: int, _hash: str) -> Book:
    return sum_up(_entries(CharterEntry.objects.filter(id__lte=_number).order_by("id")))


def _entries(rows: Iterable[CharterEntry]) -> Iterator[Entry]:
    return (_entry(row) for row in rows)


def _entry(row: CharterEntry) -> Entry:
    return Entry(row.id, row.at, row.author, row.kind, row.thing, row.act, row.change, row.reason)
