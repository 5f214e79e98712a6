"""The members' revenue taken together: what they state, an estimate for the others with its interval, groups once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.federation.consent import GRANTED
from beffroi.federation.read import count_members
from beffroi.records import models
from beffroi.survey import design, total
from beffroi.vocabulary.errors import MethodError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

# Bands of headcount within which those who say nothing are taken to be like those who do.
BANDS = ((10, "0-9"), (50, "10-49"), (250, "50-249"))
LARGEST, UNKNOWN = "250+", "unknown"
FEWEST_STATED = 2  # one figure has no spread


@dataclass(frozen=True, slots=True)
class MemberRevenue:
    """A member: yearly revenue in EUR and headcount, None when nobody states them; `group` is empty when it has none.

    `consents`: whether it agreed that its figure enters a sum. Without that it is estimated like a silent member.
    """

    organisation: str
    revenue_eur: float | None
    consents: bool
    employees: int | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Pooled:
    """The sum, and what it is made of.

    Attributes:
        stated_eur: sum over members that state and consent.
        stated_by: how many they are.
        estimated_eur: estimate for the members that do not; 0 when all do.
        estimated_for: how many those are.
        total_eur: both together.
        low_eur: low end of the interval of the total; equal to the total when nothing is estimated.
        high_eur: its high end.
        level: chance that the interval holds the truth, if the silent are like the others of their size.
        inside_groups: members left out because the largest figure of their group counts for it.
    """

    stated_eur: float
    stated_by: int
    estimated_eur: float
    estimated_for: int
    total_eur: float
    low_eur: float
    high_eur: float
    level: float
    inside_groups: tuple[str, ...]


def pooled_revenue(members: Iterable[MemberRevenue], *, level: float = 0.95) -> Pooled:
    """Return the revenue of all members together, each group once, in EUR.

    Of a group's members only the one with the largest usable figure is kept: a parent's accounts hold its
    subsidiaries'. Others are estimated by the mean of their headcount band (a stratified expansion estimator with
    finite population correction, `survey.total`); a band with fewer than two figures joins the next
    larger one.

    Args:
        members: the members, in any order.
        level: chance that the interval holds the truth.

    Raises:
        MethodError: fewer than two usable figures while others are to be estimated.

    >>> made = [MemberRevenue(str(n), 10.0 + n, consents=True, employees=5) for n in range(4)]
    >>> sum_ = pooled_revenue([*made, MemberRevenue("x", 99.0, consents=False, employees=5)])
    >>> sum_.stated_eur, sum_.estimated_eur, sum_.estimated_for
    (46.0, 11.5, 1)
    """
    kept, inside = _each_group_once(list(members))
    stated = [one for one in kept if _usable(one) is not None]
    silent = [one for one in kept if _usable(one) is None]
    total_stated = float(sum(_usable(one) or 0.0 for one in stated))
    if not silent:
        return Pooled(total_stated, len(stated), 0.0, 0, total_stated, total_stated, total_stated, level, inside)
    if len(stated) < FEWEST_STATED:
        raise MethodError(
            Text(
                f"{len(stated)} membres sur {len(kept)} déclarent un chiffre d’affaires utilisable ; "
                f"il en faut {FEWEST_STATED} au moins pour estimer les autres. Demandez d’abord chiffres "
                "et consentements.",
                f"{len(stated)} of {len(kept)} members state a revenue that may be used; {FEWEST_STATED} at least are "
                "needed to estimate the others. Ask for figures and consents first.",
            )
        )
    bands = _bands([*stated, *silent], stated)
    drawn = design(
        len(stated), strata=[bands[one.organisation] for one in stated],
        population=[[sum(b == bands[one.organisation] for b in bands.values()) for one in stated]],
    )  # fmt: skip
    found = total([_usable(one) or 0.0 for one in stated], drawn, level=level)
    low = max(found.low, total_stated)  # what is stated is certain
    return Pooled(total_stated, len(stated), found.value - total_stated, len(silent), found.value, low,
                  max(found.high, found.value), level, inside)  # fmt: skip


def _usable(one: MemberRevenue) -> float | None:
    return one.revenue_eur if one.consents else None


def _each_group_once(members: Sequence[MemberRevenue]) -> tuple[list[MemberRevenue], tuple[str, ...]]:
    best: dict[str, MemberRevenue] = {}
    for one in members:
        if one.group:
            held = best.setdefault(one.group, one)
            if _rank(one) > _rank(held):
                best[one.group] = one
    kept = [one for one in members if not one.group or best[one.group] is one]
    names = {one.organisation for one in kept}
    return kept, tuple(sorted(one.organisation for one in members if one.organisation not in names))


def _rank(one: MemberRevenue) -> tuple[float, int, str]:
    usable = _usable(one)
    return (-1.0 if usable is None else usable, one.employees or 0, one.organisation)


def _bands(members: Sequence[MemberRevenue], stated: Sequence[MemberRevenue]) -> dict[str, str]:
    """Give each member its stratum: bands from small to large, joined until each holds enough figures."""
    strata: dict[str, str] = {}
    waiting: list[str] = []
    last = ""
    for name in (*(name for _limit, name in BANDS), LARGEST, UNKNOWN):
        waiting.append(name)
        if sum(_band(one) in waiting for one in stated) >= FEWEST_STATED:
            last = "+".join(waiting)
            strata |= dict.fromkeys(waiting, last)
            waiting = []
    if waiting:  # too few at the end: they join the stratum before
        whole = f"{last}+{'+'.join(waiting)}"
        strata = {name: whole if stratum == last else stratum for name, stratum in strata.items()}
        strata |= dict.fromkeys(waiting, whole)
    return {one.organisation: strata[_band(one)] for one in members}


def _band(one: MemberRevenue) -> str:
    if one.employees is None:
        return UNKNOWN
    return next((name for limit, name in BANDS if one.employees < limit), LARGEST)


def members_revenue(day: date) -> list[MemberRevenue]:
    """Return the members of a day (the end of the waterfall) with what the registry knows of them.

    A group is what judgements relate as group, part or site. A figure may be used where the organisation granted
    `consent_revenue`; lists that do not ask are taken at their word that members gave it for the cluster's sum.
    """
    counted = set(count_members(day).members.records)
    placed = models.Placement.objects.filter(record_id__in=counted).values_list("organisation_id", flat=True)
    found = models.Organisation.objects.filter(pk__in=set(placed)).order_by("id")
    groups = _groups({one.id for one in found})
    return [
        MemberRevenue(one.id, _number(one, "revenue_eur"), consents=_consents(one),
                      employees=_whole(one), group=groups.get(one.id, "")) for one in found
    ]  # fmt: skip


def _groups(members: set[str]) -> dict[str, str]:
    rows = models.Judgement.objects.filter(
        value="related", relation__in=("group_of", "part_of", "site_of"), event__undone__isnull=True
    ).values_list("left__placement__organisation", "right__placement__organisation")
    head: dict[str, str] = {}

    def first(one: str) -> str:
        while head.get(one, one) != one:
            one = head[one]
        return one

    for left, right in rows:
        if left in members and right in members and left != right:
            low, high = sorted((first(left), first(right)))
            head[high], head[low] = low, low
    return {one: first(one) for one in head}


def _consents(one: models.Organisation) -> bool:
    said = one.values.get("consent_revenue")
    return said is None or said.get("value") == GRANTED


def _number(one: models.Organisation, name: str) -> float | None:
    said = str(one.values.get(name, {}).get("value", "")).replace(" ", "")
    return float(said) if said else None


def _whole(one: models.Organisation) -> int | None:
    found = _number(one, "employees")
    return None if found is None else int(found)
