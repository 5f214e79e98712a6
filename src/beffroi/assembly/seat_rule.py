"""What a seat rule says, as data: method, mix of measures, bounds, reserved seats, and who wins a tie."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from beffroi.assembly.divisors import DIVISORS
from beffroi.assembly.faults import SeatRuleError
from beffroi.assembly.remainders import REMAINDERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EQUAL = "equal"
METHODS = (*DIVISORS, *REMAINDERS, EQUAL)
TIES = ("refuse", "larger", "smaller", "order")


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory that shares the seats.

    Attributes:
        id: its name in every table.
        measures: what it counts of each measure (members, jobs …), none below zero.
        floor, ceiling: fewest and most seats of this territory; where absent, those of the rule.
    """

    id: str
    measures: Mapping[str, Fraction]
    floor: int | None = None
    ceiling: int | None = None


@dataclass(frozen=True, slots=True)
class Reserve:
    """Seats set aside before the others are shared.

    Attributes:
        id: name of the reserve.
        seats: how many.
        territories: those that share them, by the same method and mix.
        share_rest: whether these territories also take part in the seats that are left.
    """

    id: str
    seats: int
    territories: tuple[str, ...]
    share_rest: bool = False


@dataclass(frozen=True, slots=True)
class SeatRule:
    """How seats are shared.

    Attributes:
        method: one of `METHODS`.
        seats: size of the board.
        mix: weight of each measure; weights need not sum to one. One measure alone is taken as counted, several are
            first each turned into shares of their total.
        exponent: power to which the weight of a territory is raised; 1/2 gives the square root of Penrose.
        base: seats that each territory gets before the method shares the rest, within floor and ceiling.
        floor, ceiling: fewest and most seats of a territory that has no bounds of its own.
        reserves: seats set aside.
        ties: `refuse`, `larger` or `smaller` weight first, or `order`: the territory earlier in `order` first.
        order: every territory, best first, for instance as drawn by lot in public.
    """

    method: str
    seats: int
    mix: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    exponent: Fraction = Fraction(1)
    base: int = 0
    floor: int = 0
    ceiling: int | None = None
    reserves: tuple[Reserve, ...] = ()
    ties: str = "refuse"
    order: tuple[str, ...] = ()

    def bounds(self, territory: Territory) -> tuple[int, int]:
        """Return the fewest and most seats of a territory.

        >>> SeatRule("dhondt", 5, floor=1).bounds(Territory("A", {}, ceiling=3))
        (1, 3)
        """
        low = self.floor if territory.floor is None else territory.floor
        high = self.ceiling if territory.ceiling is None else territory.ceiling
        return low, self.seats if high is None else min(high, self.seats)


def check_rule(rule: SeatRule, territories: Sequence[Territory]) -> None:
    """Refuse a rule that cannot be applied to the territories, with every fault at once.

    Raises:
        SeatRuleError: the message has one line a fault.

    >>> check_rule(SeatRule("dhondt", 3, {"members": Fraction(1)}), [Territory("A", {"members": Fraction(2)})])
    """
    faults = [
        *_form(rule),
        *_territories(rule, territories),
        *_bounds(rule, territories),
        *_reserves(rule, territories),
    ]
    if faults:
        raise SeatRuleError("This seat rule cannot be applied:\n" + "\n".join(f"- {one}" for one in faults))


def _form(rule: SeatRule) -> list[str]:
    faults = []
    if rule.method not in METHODS:
        faults.append(f"method '{rule.method}' is unknown; take one of {', '.join(METHODS)}.")
    if rule.seats < 1:
        faults.append(f"{rule.seats} seats are asked for; at least 1 is needed.")
    if rule.ties not in TIES:
        faults.append(f"ties '{rule.ties}' is unknown; take one of {', '.join(TIES)}.")
    if rule.base < 0 or rule.floor < 0:
        faults.append(f"base {rule.base} and floor {rule.floor} must not be below 0.")
    if rule.exponent <= 0 or rule.exponent.denominator > 12 or rule.exponent.numerator > 12:  # noqa: PLR2004 -- powers
        faults.append(f"exponent {rule.exponent} must lie above 0, with numerator and denominator up to 12.")
    if rule.method in REMAINDERS and (rule.base or rule.exponent != 1):
        faults.append("base and exponent go with a divisor method, not with largest remainders.")
    if not any(weight > 0 for weight in rule.mix.values()) and rule.method != EQUAL:
        faults.append("the mix names no measure with a weight above 0.")
    faults += [f"the weight of '{name}' is {weight}, below 0." for name, weight in rule.mix.items() if weight < 0]
    return faults


def _territories(rule: SeatRule, territories: Sequence[Territory]) -> list[str]:
    names = [one.id for one in territories]
    faults = [f"territory '{name}' is given twice." for name in sorted({one for one in names if names.count(one) > 1})]
    if not names:
        faults.append("there is no territory.")
    for measure, weight in rule.mix.items():
        if not weight:
            continue
        if lacking := [one.id for one in territories if measure not in one.measures]:
            faults.append(f"'{measure}' is missing for {', '.join(lacking)}.")
        values = [one.measures[measure] for one in territories if measure in one.measures]
        faults += [f"'{measure}' is below 0 somewhere."] if any(value < 0 for value in values) else []
        faults += [f"'{measure}' is 0 everywhere, so it has no shares."] if values and not any(values) else []
    if rule.ties == "order" and sorted(rule.order) != sorted(names):
        faults.append("the order for ties must name every territory once.")
    return faults


def _bounds(rule: SeatRule, territories: Sequence[Territory]) -> list[str]:
    bounds = {one.id: rule.bounds(one) for one in territories}
    faults = [
        f"'{name}' has floor {low} above its ceiling {high} (a ceiling is never above the {rule.seats} seats)."
        for name, (low, high) in bounds.items()
        if not 0 <= low <= high
    ]
    lows, highs = sum(low for low, _ in bounds.values()), sum(high for _, high in bounds.values())
    if lows > rule.seats:
        holders = ", ".join(f"{name} {low}" for name, (low, _) in bounds.items() if low)
        faults.append(f"the floors need {lows} seats ({holders}), but there are {rule.seats}.")
    if bounds and highs < rule.seats:
        listed = ", ".join(f"{name} {high}" for name, (_, high) in bounds.items())
        faults.append(f"the ceilings allow {highs} seats ({listed}), but there are {rule.seats}.")
    return faults


def _reserves(rule: SeatRule, territories: Sequence[Territory]) -> list[str]:
    names = {one.id for one in territories}
    faults = []
    for one in rule.reserves:
        if unknown := sorted(set(one.territories) - names):
            faults.append(f"reserve '{one.id}' names unknown territories: {', '.join(unknown)}.")
        if not one.territories or one.seats < 1:
            faults.append(f"reserve '{one.id}' needs at least one seat and one territory.")
    held = sum(one.seats for one in rule.reserves)
    if held > rule.seats:
        faults.append(f"{held} seats are reserved, but there are {rule.seats}.")
    several = [name for name in sorted(names) if sum(name in one.territories for one in rule.reserves) > 1]
    faults += [f"'{name}' shares several reserves; give it one." for name in several]
    return faults
