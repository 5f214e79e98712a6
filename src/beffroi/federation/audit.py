"""The door's log: refusals, sign-ins, roles given and taken. Each entry carries the fingerprint of the one before."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING

from django.db import transaction

from beffroi.federation.log import Break
from beffroi.records import models
from beffroi.records.accounts import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

HEAD = 2  # row of `LogHead` that holds the end of this log; the registry's own is row 1
LONGEST_PATH = 300


def note(
    act: str, *, at: datetime, account: int | None = None, path: str = "", detail: Mapping[str, object] | None = None
) -> int:
    """Append an entry and return its number. `account` is None for a visitor; no name is ever written here."""
    with transaction.atomic():
        head = models.LogHead.objects.select_for_update().get(pk=HEAD)
        entry = AuditEntry(
            id=head.number + 1, at=at, account=account, act=act, path=path[:LONGEST_PATH], detail=dict(detail or {}),
            previous_hash=head.hash,
        )  # fmt: skip
        entry.hash = fingerprint(entry)
        entry.save(force_insert=True)
        head.number, head.hash = entry.id, entry.hash
        head.save()
    return entry.id


def fingerprint(entry: AuditEntry) -> str:
    """Return the SHA-256 of an entry and of the one before it."""
    parts = [entry.id, entry.at.astimezone(UTC).isoformat(), entry.account, entry.act, entry.path, entry.detail,
             entry.previous_hash]  # fmt: skip
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def broken() -> list[Break]:
    """Check the whole log: numbers without a gap, fingerprints, and its end. Empty when all holds."""
    found = []
    previous, number = "", 0
    for entry in AuditEntry.objects.order_by("id").iterator():
        number += 1
        if entry.id != number:
            found.append(Break(entry.id, f"entry {number} is missing"))
            number = entry.id
        if entry.previous_hash != previous or fingerprint(entry) != entry.hash:
            found.append(Break(entry.id, "the entry was changed"))
        previous = entry.hash
    head = models.LogHead.objects.get(pk=HEAD)
    if (head.number, head.hash) != (number, previous):
        found.append(Break(head.number, "entries at the end are missing"))
    return found
