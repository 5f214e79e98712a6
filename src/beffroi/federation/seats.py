"""Seats of a board simulated and compared: shares, fairness, power, size classes, and what cannot be.

The numbers come from `assembly`, exact; here they are put side by side as a reader asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from beffroi.assembly.apportion import Apportionment, apportion
from beffroi.assembly.balance import Composition, Group, Wish, compose
from beffroi.assembly.fairness import Fairness, Standing, by_class, fairness
from beffroi.assembly.faults import SeatRuleError, UndecidedTieError
from beffroi.assembly.power import Power, PowerError, power
from beffroi.assembly.seat_rule import METHODS
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from beffroi.assembly.seat_rule import SeatRule, Territory

MOST_SEATS, MOST_TERRITORIES = 1000, 200
MOST_GROUPS, MOST_BALANCED_SEATS = 40, 120  # an integer programme is solved while a reader waits


@dataclass(frozen=True, slots=True)
class Simulated:
    """A rule applied.

    Attributes:
        found: seats, weights, reserves, ties.
        fair: fairness by territory and in all.
        powers: power of each territory if it voted as one, winning with more than half of the seats; empty when no
            territory has a seat.
        classes: standing of each size class; empty when no classes are given or a seat stands for nobody.
        reserved: reserved seats by territory.
    """

    found: Apportionment
    fair: Fairness
    powers: Mapping[str, Power]
    classes: Mapping[str, Standing]
    reserved: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """One method beside the others: its result, or why it has none."""

    method: str
    result: Simulated | None
    reason: str = ""


def simulate(
    territories: Sequence[Territory], rule: SeatRule, classes: Mapping[str, Mapping[str, Fraction]] | None = None
) -> Simulated:
    """Share the seats and measure the outcome.

    Raises:
        SeatRuleError: the rule does not fit the territories (all faults), or asks for more than this screen takes.
        UndecidedTieError: a tie that the rule does not break.

    >>> from fractions import Fraction
    >>> from beffroi.assembly.seat_rule import SeatRule, Territory
    >>> towns = [Territory("A", {"members": Fraction(6)}), Territory("B", {"members": Fraction(3)})]
    >>> simulate(towns, SeatRule("dhondt", 3, {"members": Fraction(1)})).powers["A"].banzhaf_normalised
    Fraction(1, 1)
    """
    if rule.seats > MOST_SEATS or len(territories) > MOST_TERRITORIES:
        raise SeatRuleError(
            Text(
                f"{MOST_SEATS} sièges et {MOST_TERRITORIES} territoires au plus sont admis ici.",
                f"At most {MOST_SEATS} seats and {MOST_TERRITORIES} territories are taken here.",
            )
        )
    found = apportion(territories, rule)
    reserved = {one.id: sum(held.get(one.id, 0) for held in found.reserved.values()) for one in territories}
    return Simulated(
        found, fairness(found.seats, found.weights), _powers(found), _classes(found, classes or {}), reserved
    )


def compare(
    territories: Sequence[Territory], rule: SeatRule, *, methods: Sequence[str] = METHODS,
    classes: Mapping[str, Mapping[str, Fraction]] | None = None,
) -> tuple[Compared, ...]:  # fmt: skip
    """Apply several methods to the same inputs; one that cannot be applied says why."""
    rows = []
    for method in methods:
        try:
            rows.append(Compared(method, simulate(territories, replace(rule, method=method), classes)))
        except (SeatRuleError, UndecidedTieError) as error:
            rows.append(Compared(method, None, str(error)))
    return tuple(rows)


def balanced(
    found: Apportionment, classes: Mapping[str, Mapping[str, Fraction]], *, women_share: Fraction,
    least_women: int = 0, least_men: int = 0, least_of_class: Mapping[str, int] | None = None,
) -> Composition:  # fmt: skip
    """Fill the seats of each territory with size classes and genders, nearest to proportion, keeping every wish.

    Groups are named `territory/class/gender`; their weight is the members of the class there, shared by gender.

    Args:
        found: seats of each territory, which stay as they are.
        classes: members by territory and class.
        women_share: share of women among those who may sit, above 0 and below 1.
        least_women: fewest seats of women.
        least_men: fewest seats of men.
        least_of_class: fewest seats of a size class.

    Raises:
        SeatRuleError: no members by class, a share of 0 or 1, or more groups than a reader can wait for.
        InfeasibleError: the wishes conflict; a smallest conflicting set is named.
        UndecidedTieError: too many compositions are equally near.
    """
    if not 0 < women_share < 1:
        raise SeatRuleError(
            Text(
                f"La part des femmes est {women_share} ; elle doit être entre 0 et 1, exclus.",
                f"The share of women is {women_share}; it must lie above 0 and below 1.",
            )
        )
    genders = (("women", women_share), ("men", 1 - women_share))
    groups = [
        Group(f"{place}/{size}/{gender}", {"territory": place, "class": size, "gender": gender}, count * share,
              min(found.seats[place], found.rule.seats))
        for place, held in classes.items() if found.seats.get(place)
        for size, count in held.items() if count
        for gender, share in genders
    ]  # fmt: skip
    if not groups or len(groups) > MOST_GROUPS or found.rule.seats > MOST_BALANCED_SEATS:
        raise SeatRuleError(
            Text(
                f"{len(groups)} groupes et {found.rule.seats} sièges ; l’équilibre se calcule ici pour "
                f"1 à {MOST_GROUPS} groupes (territoire, taille, genre) et {MOST_BALANCED_SEATS} sièges. "
                "La commande « beffroi seats compose » n’a pas cette limite.",
                f"{len(groups)} groups and {found.rule.seats} seats; balance is worked out here for 1 to {MOST_GROUPS} "
                f"groups (territory, size class, gender) and {MOST_BALANCED_SEATS} seats. "
                "'beffroi seats compose' has no such limit.",
            )
        )
    wishes = [Wish({"territory": place}, count, count) for place, count in found.seats.items() if count]
    wishes += [Wish({"gender": name}, least) for name, least in (("women", least_women), ("men", least_men)) if least]
    wishes += [Wish({"class": name}, least) for name, least in (least_of_class or {}).items() if least]
    return compose(groups, found.rule.seats, wishes, order=[one.id for one in groups])


def _powers(found: Apportionment) -> Mapping[str, Power]:
    try:
        return power(dict(found.seats), sum(found.seats.values()) // 2 + 1)
    except PowerError:
        return {}


def _classes(
    found: Apportionment, classes: Mapping[str, Mapping[str, Fraction]]
) -> Mapping[str, Standing]:  # fmt: skip
    if not classes or any(count and not sum(classes.get(name, {}).values()) for name, count in found.seats.items()):
        return {}
    return by_class(found.seats, {name: one for name, one in classes.items() if name in found.seats})
