"""What seat rules weigh, counted in the registry: members, jobs, revenue and dues of each territory, and size classes.

An organisation counts where its post code lies, once, on a day on which it stands in some list. What a list does not
say counts as 0, and how many said nothing is told.

Source of the size classes: Commission Recommendation 2003/361/EC, article 2, by staff alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db.models import Q

from beffroi.assembly.seat_rule import Territory
from beffroi.federation.money import INCOME, amount_of, lines_of
from beffroi.federation.territories import territories_on, territory_of_postcode
from beffroi.records import models

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.charter.book import Book

MEASURES = ("members", "jobs", "revenue", "dues")
CLASSES = (("micro", 10), ("small", 50), ("medium", 250))
LARGE, UNKNOWN = "large", "unknown"
SIZE_CLASSES = (*(name for name, _below in CLASSES), LARGE, UNKNOWN)


@dataclass(frozen=True, slots=True)
class SeatInputs:
    """Inputs of a seat rule.

    Attributes:
        territories: with their measures; a measure that is 0 everywhere is left out.
        classes: members by territory and size class.
        silent: by measure, how many members say nothing about it.
        outside: members that lie in no territory, and so count nowhere.
    """

    territories: tuple[Territory, ...]
    classes: Mapping[str, Mapping[str, Fraction]]
    silent: Mapping[str, int]
    outside: int

    @property
    def measures(self) -> tuple[str, ...]:
        """Measures that may be weighed."""
        return tuple(one for one in MEASURES if self.territories and one in self.territories[0].measures)


def size_class(employees: str) -> str:
    """Return the size class of a firm from its staff as written.

    >>> size_class("9"), size_class("10"), size_class("250"), size_class("")
    ('micro', 'small', 'large', 'unknown')
    """
    count = _whole(employees)
    if count is None:
        return UNKNOWN
    return next((name for name, below in CLASSES if count < below), LARGE)


def seat_inputs(book: Book, day: str) -> SeatInputs:
    """Count the members of each territory on a day, and what they weigh."""
    ids = [one.id for one in territories_on(book, day) if not one.get("is_whole")]
    counts: dict[str, Counter[str]] = {one: Counter() for one in ids}
    classes: dict[str, Counter[str]] = {one: Counter() for one in ids}
    silent: Counter[str] = Counter()
    outside = 0
    for one in _members(day):
        home = territory_of_postcode(book, one.postcode, day)
        if home not in counts:
            outside += 1
            continue
        said = {key: str(value.get("value", "")) for key, value in one.values.items()}
        jobs, revenue = _whole(said.get("employees", "")), _whole(said.get("revenue_eur", ""))
        silent.update({"jobs": jobs is None, "revenue": revenue is None})
        counts[home].update({"members": 1, "jobs": jobs or 0, "revenue": revenue or 0})
        classes[home][size_class(said.get("employees", ""))] += 1
    dues = _dues(book, int(day[:4]))
    rows = [{**{name: Fraction(counts[one][name]) for name in MEASURES[:3]}, "dues": dues.get(one, Fraction(0))}
            for one in ids]  # fmt: skip
    kept = [name for name in MEASURES if any(row[name] for row in rows)]
    return SeatInputs(
        tuple(Territory(one, {name: row[name] for name in kept}) for one, row in zip(ids, rows, strict=True)),
        {one: {name: Fraction(count) for name, count in held.items()} for one, held in classes.items()},
        dict(silent),
        outside,
    )


def _members(day: str) -> list[models.Organisation]:
    standing = Q(until__isnull=True) | Q(until__gte=day)
    held = models.Membership.objects.filter(standing, since__lte=day, source__kind="list")
    ids = held.values_list("organisation_id", flat=True).distinct()
    return list(models.Organisation.objects.filter(pk__in=ids).only("id", "postcode", "values").order_by("id"))


def _dues(book: Book, year: int) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for one in lines_of(book, year):
        if one.get("direction") == INCOME and one.get("nature") == "dues":
            name = str(one.get("territory"))
            found[name] = found.get(name, Fraction(0)) + Fraction(amount_of(one))
    return found


def _whole(text: str) -> int | None:
    digits = "".join(text.split())
    return int(digits) if digits.isascii() and digits.isdecimal() else None
