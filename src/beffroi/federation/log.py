"""The log: each event carries the fingerprint of the one before, and of every entry that it brought.

`writing` holds the pen: one writer at a time, on SQLite and on PostgreSQL. A second reviewer, or an import, waits, and
then sees what the first one did.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from django.db import OperationalError, transaction

from beffroi.federation import bulk
from beffroi.federation.rows import mapping_text, row_hash
from beffroi.records import changes, models
from beffroi.vocabulary.errors import BusyError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from django.db.models import Model

BATCH = 2_000
# What an entry is made of: left out are its own number, which the database gives, and its event.
_LEFT_OUT = {"id", "event"}


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, when, and of what kind it is."""

    author: str
    at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Break:
    """An event whose fingerprint, or whose entries, are no longer what was written."""

    event: int
    problem: str


@contextmanager
def writing() -> Iterator[models.LogHead]:
    """Give the end of the log, held until the block ends; all of the block happens, or nothing.

    Raises:
        BusyError: another writer held the registry for longer than one waits.
    """
    try:
        with transaction.atomic():
            yield models.LogHead.objects.select_for_update().get(pk=1)
    except OperationalError as error:
        if "locked" not in str(error):
            raise
        raise BusyError(
            Text(
                "Le registre est en cours d’écriture, sans doute par un long import. Rien n’a été "
                "modifié. Réessayez dans une minute.",
                "The registry is being written to, probably by a long import. Nothing was changed. Try "
                "again in a minute.",
            )
        ) from error


def new_event(
    head: models.LogHead, act: Act, payload: Mapping[str, object], *, entries: Sequence[Model] = (),
    undoes: models.Event | None = None,
) -> models.Event:  # fmt: skip
    """Append an event and its entries.

    Args:
        head: the end of the log, from `writing`.
        act: author, time, kind.
        payload: what was asked, as JSON.
        entries: unsaved rows that belong to the event (judgements, claims, overrides …).
        undoes: the event that this one takes back.
    """
    number = head.number + 1
    full = {**payload, "digest": digest(entries)}
    event = models.Event(
        id=number, at=act.at, author=act.author, kind=act.kind, payload=full, inverse={"undo": number},
        undoes=undoes, previous_hash=head.hash,
    )  # fmt: skip
    event.hash = fingerprint(event)
    event.save(force_insert=True)
    head.number, head.hash = number, event.hash
    head.save()
    write_entries(event, entries)
    return event


def write_entries(event: models.Event, entries: Sequence[Model]) -> None:
    """Insert entries under their event, table by table."""
    by_table: dict[type[Model], list[Model]] = {}
    for one in entries:
        one.event = event  # type: ignore[attr-defined]  # -- every entry has an event
        by_table.setdefault(type(one), []).append(one)
    for rows in by_table.values():
        bulk.insert(rows)


def fingerprint(event: models.Event) -> str:
    """Return the SHA-256 of an event and of the one before it."""
    parts = [event.id, event.at.astimezone(UTC).isoformat(), event.author, event.kind, event.payload, event.inverse,
             event.undoes_id, event.previous_hash]  # fmt: skip
    return hashlib.sha256(_canonical(parts)).hexdigest()


def digest(entries: Sequence[Model]) -> str:
    """Return one SHA-256 for a set of entries, whatever their order; the empty text for none."""
    if not entries:
        return ""
    lines = sorted(_canonical(_content(one)) for one in entries)
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def broken() -> list[Break]:
    """Check the whole log: numbers without a gap, fingerprints, and the entries of every event.

    Returns:
        Every break found; empty when all holds.
    """
    found = []
    previous, number = "", 0
    for event in models.Event.objects.order_by("id").iterator():
        number += 1
        if event.id != number:
            found.append(Break(event.id, f"event {number} is missing"))
            number = event.id
        if event.previous_hash != previous or fingerprint(event) != event.hash:
            found.append(Break(event.id, "the event was changed"))
        if digest(_entries_of(event)) != event.payload.get("digest", ""):
            found.append(Break(event.id, "its entries were changed"))
        found += [Break(event.id, "a file or its rows were changed") for one in event.versions.all() if _altered(one)]
        previous = event.hash
    head = models.LogHead.objects.filter(pk=1).first()
    if head is not None and (head.number, head.hash) != (number, previous):
        found.append(Break(head.number, "events at the end are missing"))
    return found


def rows_digest(rows: Iterable[tuple[int, str, bool]]) -> str:
    """Return one SHA-256 for (record, fingerprint of the row, whether it is gone), whatever their order."""
    lines = sorted(f"{record} {fingerprint} {is_gone:d}" for record, fingerprint, is_gone in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _altered(version: models.SourceVersion) -> bool:
    if version.blob is not None and hashlib.sha256(bytes(version.blob.content)).hexdigest() != version.sha256:
        return True
    text = mapping_text(version.mapping)
    kept = []
    for one in version.rows.iterator():
        if not one.is_gone and row_hash(one.raw, text) != one.row_hash:
            return True
        kept.append((one.record_id, one.row_hash, one.is_gone))
    return rows_digest(kept) != str(version.event.payload.get("rows"))


_DIGESTED = (
    models.Judgement, models.Claim, models.Override, models.Verification, models.TradeDecision, models.Task,
    models.Closing, changes.Request, changes.RequestAnswer, changes.Renewal,
)  # fmt: skip


def _entries_of(event: models.Event) -> list[Model]:
    entries: list[Model] = []
    for table in _DIGESTED:
        entries += table._default_manager.filter(event=event)  # noqa: SLF001 -- Django's public-by-convention name
    return entries


def _content(entry: Model) -> list[object]:
    columns = entry._meta.concrete_fields  # noqa: SLF001 -- Django's public-by-convention name
    values = [(one.attname, getattr(entry, one.attname)) for one in columns
              if one.name not in _LEFT_OUT]  # fmt: skip
    return [type(entry).__name__, *values]


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode()
