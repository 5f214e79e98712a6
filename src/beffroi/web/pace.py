"""How often one visitor may ask the interfaces in a minute; more is refused for the rest of that minute."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.core.cache import cache

from beffroi.web import permissions

if TYPE_CHECKING:
    from django.http import HttpRequest

MINUTE_SECONDS = 60
TOO_MANY = 429
READS, BATCHES = 300, 600  # answers of the read interface, and batches of the reconciliation service, in a minute


def is_too_fast(request: HttpRequest, what: str, most: int) -> bool:
    """Count one more question; tell whether it is one too many."""
    account = permissions.person_of(request).account
    who = f"account{account}" if account is not None else str(request.META.get("REMOTE_ADDR", ""))
    key = f"pace-{what}-{who}-{int(time.time()) // MINUTE_SECONDS}"
    cache.add(key, 0, 2 * MINUTE_SECONDS)
    return int(cache.incr(key)) > most
