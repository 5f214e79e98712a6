"""How far the members' revenue is from a goal, and the fewest non-members that would close the gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.federation.read import count_members
from beffroi.records import models

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


@dataclass(frozen=True, slots=True)
class Earner:
    """An organisation with its yearly revenue in EUR, None when nobody states it."""

    organisation: str
    name: str
    revenue_eur: float | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Revenue of the members (`known` of `members` state one), the goal, and the non-members to win, largest first.

    `is_closed` is False when even all non-members together do not reach the goal.
    """

    revenue_eur: float
    members: int
    known: int
    goal_eur: float
    to_win: tuple[Earner, ...]
    is_closed: bool


def gap_to(goal_eur: float, members: Sequence[Earner], others: Sequence[Earner]) -> Gap:
    """Return the smallest number of non-members whose revenue closes the gap: the largest ones.

    A member whose revenue nobody states counts for nothing, and is counted out in `known`.

    >>> inside = [Earner("a", "A", 4.0), Earner("b", "B", None)]
    >>> gap = gap_to(10, inside, [Earner("c", "C", 5.0), Earner("d", "D", 2.0)])
    >>> [one.name for one in gap.to_win], gap.known, gap.is_closed
    (['C', 'D'], 1, True)
    """
    held = [one.revenue_eur for one in members if one.revenue_eur is not None]
    total = reached = sum(held)
    to_win = []
    for one in sorted(others, key=lambda one: (-(one.revenue_eur or 0), one.name, one.organisation)):
        if reached >= goal_eur or not one.revenue_eur:
            break
        to_win.append(one)
        reached += one.revenue_eur
    return Gap(total, len(members), len(held), goal_eur, tuple(to_win), reached >= goal_eur)


def revenue_gap(goal_eur: float, *, day: date) -> Gap:
    """Return the gap on a day: members are those of the waterfall's end, non-members all other organisations."""
    counted = set(count_members(day).members.records)
    inside = set(
        models.Placement.objects.filter(record__source__kind="list")
        .values_list("organisation_id", flat=True)
    )  # fmt: skip
    members = {
        organisation
        for record, organisation in models.Placement.objects.values_list("record_id", "organisation_id")
        if record in counted
    }
    earners = [_earner(one) for one in models.Organisation.objects.order_by("id")]
    return gap_to(
        goal_eur,
        [one for one in earners if one.organisation in members],
        [one for one in earners if one.organisation not in inside],
    )


def _earner(one: models.Organisation) -> Earner:
    said = str(one.values.get("revenue_eur", {}).get("value", "")).replace(" ", "")
    return Earner(one.id, one.name, float(said) if said else None)
