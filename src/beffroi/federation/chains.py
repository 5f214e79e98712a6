"""Every log whose entries carry the fingerprint of the one before, and the check of all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.charter import entries
from beffroi.federation import audit, log
from beffroi.records import models
from beffroi.records.accounts import AuditEntry
from beffroi.records.charter import CharterEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from beffroi.federation.log import Break

# A log of another room is given by the door that knows both rooms.
Check = tuple["Callable[[], int]", "Callable[[], list[Break]]"]
CHAINS: dict[str, Check] = {
    "registry": (models.Event.objects.count, log.broken),
    "door": (AuditEntry.objects.count, audit.broken),
    "charter": (CharterEntry.objects.count, lambda: [log.Break(*one) for one in entries.broken()]),
}


def verify(others: Mapping[str, Check] | None = None) -> dict[str, tuple[int, list[Break]]]:
    """Check every log from end to end.

    Returns:
        Name of the log → number of its entries, and every break found.
    """
    return {name: (count(), broken()) for name, (count, broken) in {**CHAINS, **(others or {})}.items()}
