"""Who may stand on the roll of a vote: organisations that are members on a day, and who speaks for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from beffroi.federation.read import count_members
from beffroi.records.accounts import Mandate
from beffroi.records.models import Placement

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Representative:
    """An account that speaks for an organisation from a moment on, until another or without end; UTC."""

    account: int
    since: datetime
    until: datetime | None


def members(day: date) -> dict[str, str]:
    """Return the members of a day, address to name: those that the count ends with, nobody lapsed or closed."""
    counted = set(count_members(day).members.records)
    placed = Placement.objects.filter(record_id__in=counted).values_list("organisation_id", "organisation__name")
    return dict(sorted(placed))


def representatives(day: date) -> dict[str, list[Representative]]:
    """Return who holds a mandate of representative that has not ended by a day, by organisation."""
    rows = Mandate.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day), role="representative", end__isnull=True
    ).order_by("id")
    found: dict[str, list[Representative]] = {}
    for scope, account, since, until in rows.values_list("scope", "account", "since", "until"):
        last = None if until is None else _midnight(until + timedelta(days=1))
        found.setdefault(scope, []).append(Representative(account, _midnight(since), last))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
