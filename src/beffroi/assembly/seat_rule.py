"""What a seat rule says, as data: method, mix of measures, bounds, reserved seats, and who wins a tie."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from beffroi.assembly.divisors import DIVISORS
from beffroi.assembly.faults import SeatRuleError
from beffroi.assembly.remainders import REMAINDERS
from beffroi.vocabulary.text import Text

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
        raise SeatRuleError(Text(
            "Cette règle de sièges ne peut pas être appliquée :\n" + "\n".join(f"- {one.fr}" for one in faults),
            "This seat rule cannot be applied:\n" + "\n".join(f"- {one.en}" for one in faults)))  # fmt: skip


def _form(rule: SeatRule) -> list[Text]:
    faults: list[Text] = []
    if rule.method not in METHODS:
        faults.append(
            Text(
                f"la méthode « {rule.method} » est inconnue ; prenez l’une de {', '.join(METHODS)}.",
                f"method '{rule.method}' is unknown; take one of {', '.join(METHODS)}.",
            )
        )
    if rule.seats < 1:
        faults.append(
            Text(
                f"{rule.seats} sièges sont demandés ; il en faut au moins 1.",
                f"{rule.seats} seats are asked for; at least 1 is needed.",
            )
        )
    if rule.ties not in TIES:
        faults.append(
            Text(
                f"la règle d’égalité « {rule.ties} » est inconnue ; prenez l’une de {', '.join(TIES)}.",
                f"ties '{rule.ties}' is unknown; take one of {', '.join(TIES)}.",
            )
        )
    if rule.base < 0 or rule.floor < 0:
        faults.append(
            Text(
                f"la base {rule.base} et le plancher {rule.floor} ne peuvent être sous 0.",
                f"base {rule.base} and floor {rule.floor} must not be below 0.",
            )
        )
    if rule.exponent <= 0 or rule.exponent.denominator > 12 or rule.exponent.numerator > 12:  # noqa: PLR2004 -- powers
        faults.append(
            Text(
                f"l’exposant {rule.exponent} doit dépasser 0, numérateur et dénominateur jusqu’à 12.",
                f"exponent {rule.exponent} must lie above 0, with numerator and denominator up to 12.",
            )
        )
    if rule.method in REMAINDERS and (rule.base or rule.exponent != 1):
        faults.append(
            Text(
                "base et exposant vont avec une méthode à diviseurs, non aux plus forts restes.",
                "base and exponent go with a divisor method, not with largest remainders.",
            )
        )
    if not any(weight > 0 for weight in rule.mix.values()) and rule.method != EQUAL:
        faults.append(
            Text(
                "le mélange ne nomme aucune mesure de poids supérieur à 0.",
                "the mix names no measure with a weight above 0.",
            )
        )
    faults += [
        Text(f"le poids de « {name} » est {weight}, sous 0.", f"the weight of '{name}' is {weight}, below 0.")
        for name, weight in rule.mix.items()
        if weight < 0
    ]
    return faults


def _territories(rule: SeatRule, territories: Sequence[Territory]) -> list[Text]:
    names = [one.id for one in territories]
    faults = [
        Text(f"le territoire « {name} » est donné deux fois.", f"territory '{name}' is given twice.")
        for name in sorted({one for one in names if names.count(one) > 1})
    ]
    if not names:
        faults.append(Text("il n’y a pas de territoire.", "there is no territory."))
    for measure, weight in rule.mix.items():
        if not weight:
            continue
        if lacking := [one.id for one in territories if measure not in one.measures]:
            faults.append(
                Text(
                    f"« {measure} » manque pour {', '.join(lacking)}.",
                    f"'{measure}' is missing for {', '.join(lacking)}.",
                )
            )
        values = [one.measures[measure] for one in territories if measure in one.measures]
        faults += (
            [Text(f"« {measure} » est sous 0 quelque part.", f"'{measure}' is below 0 somewhere.")]
            if any(value < 0 for value in values)
            else []
        )
        faults += (
            [
                Text(
                    f"« {measure} » vaut 0 partout, donc ne donne aucune part.",
                    f"'{measure}' is 0 everywhere, so it has no shares.",
                )
            ]
            if values and not any(values)
            else []
        )
    if rule.ties == "order" and sorted(rule.order) != sorted(names):
        faults.append(
            Text(
                "l’ordre des égalités doit nommer chaque territoire une fois.",
                "the order for ties must name every territory once.",
            )
        )
    return faults


def _bounds(rule: SeatRule, territories: Sequence[Territory]) -> list[Text]:
    bounds = {one.id: rule.bounds(one) for one in territories}
    faults = [
        Text(
            f"« {name} » a un plancher {low} au-dessus de son plafond {high} (jamais plus que les "
            f"{rule.seats} sièges).",
            f"'{name}' has floor {low} above its ceiling {high} (a ceiling is never above the {rule.seats} seats).",
        )
        for name, (low, high) in bounds.items()
        if not 0 <= low <= high
    ]
    lows, highs = sum(low for low, _ in bounds.values()), sum(high for _, high in bounds.values())
    if lows > rule.seats:
        holders = ", ".join(f"{name} {low}" for name, (low, _) in bounds.items() if low)
        faults.append(
            Text(
                f"les planchers demandent {lows} sièges ({holders}), et il y en a {rule.seats}.",
                f"the floors need {lows} seats ({holders}), but there are {rule.seats}.",
            )
        )
    if bounds and highs < rule.seats:
        listed = ", ".join(f"{name} {high}" for name, (_, high) in bounds.items())
        faults.append(
            Text(
                f"les plafonds permettent {highs} sièges ({listed}), et il y en a {rule.seats}.",
                f"the ceilings allow {highs} seats ({listed}), but there are {rule.seats}.",
            )
        )
    return faults


def _reserves(rule: SeatRule, territories: Sequence[Territory]) -> list[Text]:
    names = {one.id for one in territories}
    faults: list[Text] = []
    for one in rule.reserves:
        if unknown := sorted(set(one.territories) - names):
            faults.append(
                Text(
                    f"la réserve « {one.id} » nomme des territoires inconnus : {', '.join(unknown)}.",
                    f"reserve '{one.id}' names unknown territories: {', '.join(unknown)}.",
                )
            )
        if not one.territories or one.seats < 1:
            faults.append(
                Text(
                    f"la réserve « {one.id} » demande au moins un siège et un territoire.",
                    f"reserve '{one.id}' needs at least one seat and one territory.",
                )
            )
    held = sum(one.seats for one in rule.reserves)
    if held > rule.seats:
        faults.append(
            Text(
                f"{held} sièges sont réservés, et il y en a {rule.seats}.",
                f"{held} seats are reserved, but there are {rule.seats}.",
            )
        )
    several = [name for name in sorted(names) if sum(name in one.territories for one in rule.reserves) > 1]
    faults += [
        Text(
            f"« {name} » est dans plusieurs réserves ; gardez-en une.",
            f"'{name}' shares several reserves; give it one.",
        )
        for name in several
    ]
    return faults
