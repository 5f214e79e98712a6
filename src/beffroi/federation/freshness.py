"""When each organisation was last verified, and against what; after twelve months it is listed.

Verified means: a register held its unit on a day, or a person said so. That a member list still names it proves no more
than that the list was not edited.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from beffroi.federation.derive import order_of_lists
from beffroi.records import models

DAYS = 365
LONGEST = timedelta(days=DAYS)


@dataclass(frozen=True, slots=True)
class Freshness:
    """`on` and `against` are None and empty when nobody ever verified."""

    organisation: str
    name: str
    on: date | None
    against: str


def freshness(organisation: str = "") -> list[Freshness]:
    """Return every organisation with its last verification, the longest unverified first; or one alone."""
    one_alone = {"organisation": organisation} if organisation else {}
    last: dict[str, tuple[date, str]] = {}
    days = order_of_lists()
    registers = models.Placement.objects.filter(record__source__kind="register", version__is_gone=False, **one_alone)
    for address, source, name in registers.values_list("organisation_id", "record__source_id", "record__source__name"):
        last[address] = max(last.get(address, (date.min, "")), (days[source], name))
    said = models.Verification.objects.filter(event__undone__isnull=True, record__placement__isnull=False)
    said = said.filter(record__placement__organisation=organisation) if organisation else said
    for address, day, against in said.values_list("record__placement__organisation_id", "on", "against"):
        last[address] = max(last.get(address, (date.min, "")), (day, against))
    held = models.Organisation.objects.filter(**({"pk": organisation} if organisation else {}))
    found = [
        Freshness(address, name, *(last.get(address) or (None, ""))) for address, name in held.values_list("id", "name")
    ]
    return sorted(found, key=lambda one: (one.on or date.min, one.name, one.organisation))


def of(organisation: str) -> Freshness:
    """Return when one organisation was last verified, and against what."""
    held = models.Organisation.objects.get(pk=organisation)
    days = order_of_lists()
    registers = held.placements.filter(record__source__kind="register", version__is_gone=False)
    found = [(days[source], name) for source, name in
             registers.values_list("record__source_id", "record__source__name")]  # fmt: skip
    said = models.Verification.objects.filter(event__undone__isnull=True, record__placement__organisation=held)
    found += said.values_list("on", "against")
    return Freshness(held.id, held.name, *max(found, default=(None, "")))


def stale(today: date) -> list[Freshness]:
    """Return the organisations that nobody verified in the last twelve months."""
    limit = today - LONGEST
    return [one for one in freshness() if one.on is None or one.on < limit]
