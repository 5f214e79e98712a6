"""Which organisation followed which: A absorbed B, and B's names still lead to A.

A register says so by the successor of a unit; a person says so by the relation "successor of". Both stay organisations
of their own: what follows is a relation, dated by the register's day or the person's event.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from beffroi.federation.units import legal_unit
from beffroi.records import models

RELATION = "successor_of"


@dataclass(frozen=True, slots=True)
class Step:
    """`heir` followed `former`: since a day (ISO), said by `source` (a register, or `person`)."""

    heir: str
    former: str
    since: str
    source: str


def steps() -> list[Step]:
    """Return every succession that stands, the oldest first."""
    return sorted({*_by_register(), *_by_person()}, key=lambda one: (one.since, one.former, one.heir))


def steps_of(organisation: str) -> list[Step]:
    """Return the successions through which an organisation came about, and what became of it."""
    found, edge = set(), {organisation}
    everything = steps()
    seen = set(edge)
    while edge:
        near = [one for one in everything if one.heir in edge or one.former in edge]
        found.update(near)
        edge = {end for one in near for end in (one.heir, one.former)} - seen
        seen |= edge
    return [one for one in everything if one in found]


def predecessors() -> dict[str, tuple[str, ...]]:
    """Return the addresses of all that an organisation followed, through any number of steps."""
    before: dict[str, set[str]] = defaultdict(set)
    for one in steps():
        before[one.heir].add(one.former)
    found = {}
    for heir, formers in before.items():
        reached: set[str] = set()
        edge = set(formers)
        while edge:
            reached |= edge
            edge = {older for one in edge for older in before.get(one, set())} - reached
        found[heir] = tuple(sorted(reached - {heir}))
    return found


def _by_register() -> list[Step]:
    said = models.Placement.objects.filter(version__isnull=False, version__fields__has_key="successor").values_list(
        "organisation_id", "version__fields__successor", "version__version__as_of", "record__source__name"
    )
    wanted = [(former, legal_unit(str(cell)), day.isoformat(), source) for former, cell, day, source in said]
    heirs = dict(
        models.Organisation.objects.filter(legal_unit__in={unit for _, unit, _, _ in wanted if unit})
        .values_list("legal_unit", "id")
    )  # fmt: skip
    return [Step(heirs[unit], former, day, source) for former, unit, day, source in wanted
            if unit in heirs and heirs[unit] != former]  # fmt: skip


def _by_person() -> list[Step]:
    # The event keeps the two records in the order in which the person named them: the first follows the second.
    said = models.Judgement.objects.filter(
        value="related", relation=RELATION, origin="person", event__undone__isnull=True
    ).select_related("event")
    pairs = [(one, int(one.event.payload.get("left", one.left_id))) for one in said]
    ends = {end for one, _ in pairs for end in (one.left_id, one.right_id)}
    homes = dict(models.Placement.objects.filter(record__in=ends).values_list("record_id", "organisation_id"))
    found = []
    for one, first in pairs:
        other = one.right_id if first == one.left_id else one.left_id
        heir, former = homes.get(first), homes.get(other)
        if heir and former and heir != former:
            found.append(Step(str(heir), str(former), one.event.at.date().isoformat(), "person"))
    return found
