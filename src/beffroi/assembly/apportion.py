"""Seats of each territory under a seat rule, and what each step gave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from beffroi.assembly.divisors import DIVISORS, TieBroken, refuse_ties, share_by_divisors
from beffroi.assembly.faults import SeatRuleError, UndecidedTieError
from beffroi.assembly.remainders import REMAINDERS, share_by_remainders
from beffroi.assembly.seat_rule import EQUAL, SeatRule, Territory, check_rule
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from beffroi.assembly.divisors import TieBreak


@dataclass(frozen=True, slots=True)
class Apportionment:
    """Seats by territory.

    Attributes:
        rule: the rule applied.
        seats: seats of each territory, all together.
        weights: exact weight of each territory in the mix.
        reserved: by reserve, what each of its territories got there; part of `seats`.
        ties: ties that were broken, in the order in which they came.
    """

    rule: SeatRule
    seats: Mapping[str, int]
    weights: Mapping[str, Fraction]
    reserved: Mapping[str, Mapping[str, int]]
    ties: tuple[TieBroken, ...]

    @property
    def quotas(self) -> dict[str, Fraction]:
        """Seats of each territory in strict proportion to its weight, not rounded."""
        total = sum(self.weights.values())
        return {name: weight * self.rule.seats / total for name, weight in self.weights.items()}


def mixed_weights(territories: Sequence[Territory], mix: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return the weight of each territory in a mix of measures.

    One measure is taken as counted. Several are each turned into shares of their total and added with the weights of
    the mix, themselves brought to a sum of one; the result then sums to one. Without a measure all weigh the same.

    >>> a = Territory("A", {"members": Fraction(30), "jobs": Fraction(100)})
    >>> b = Territory("B", {"members": Fraction(10), "jobs": Fraction(300)})
    >>> mixed_weights([a, b], {"members": Fraction(1), "jobs": Fraction(3)})["A"]
    Fraction(3, 8)
    """
    used = {name: weight for name, weight in mix.items() if weight}
    if not used:
        return {one.id: Fraction(1) for one in territories}
    if len(used) == 1:
        (measure,) = used
        return {one.id: one.measures[measure] for one in territories}
    whole = sum(used.values(), Fraction(0))
    totals = {name: sum((one.measures[name] for one in territories), Fraction(0)) for name in used}
    return {
        one.id: sum((w * one.measures[name] / totals[name] for name, w in used.items()), Fraction(0)) / whole
        for one in territories
    }


def apportion(territories: Sequence[Territory], rule: SeatRule) -> Apportionment:
    """Share the seats of a board among territories.

    Reserved seats go out first, each reserve among its own territories; the rest follows among the others. Floors and
    ceilings hold for the sum.

    Raises:
        SeatRuleError: the rule does not fit the territories; all faults at once.
        UndecidedTieError: a tie that the rule does not break; it says who ties.

    >>> towns = [Territory("A", {"members": Fraction(6)}), Territory("B", {"members": Fraction(3)})]
    >>> dict(apportion(towns, SeatRule("sainte-lague", 6, {"members": Fraction(1)})).seats)
    {'A': 4, 'B': 2}
    """
    check_rule(rule, territories)
    weights = mixed_weights(territories, rule.mix)
    by_id = {one.id: one for one in territories}
    reserved: dict[str, dict[str, int]] = {}
    ties: list[TieBroken] = []
    closed: set[str] = set()
    for reserve in rule.reserves:
        among = [by_id[name] for name in by_id if name in reserve.territories]
        closed |= set() if reserve.share_rest else set(reserve.territories)
        # Where the territories share the rest as well, their floors may still be met there.
        own = [replace(one, floor=0) for one in among] if reserve.share_rest else among
        reserved[reserve.id], broken = _share(own, reserve.seats, rule, weights)
        ties += broken
    seats = {name: sum(one.get(name, 0) for one in reserved.values()) for name in by_id}
    rest = [_after(one, rule, seats[one.id]) for one in territories if one.id not in closed]
    left = rule.seats - sum(seats.values())
    if left and not rest:
        raise SeatRuleError(
            Text(
                f"{left} sièges ne sont pas réservés, mais chaque territoire est tenu à sa réserve.",
                f"{left} seats are not reserved, but every territory is confined to its reserve.",
            )
        )
    if rest:
        shared, broken = _share(rest, left, rule, weights)
        ties += broken
        seats = {name: count + shared.get(name, 0) for name, count in seats.items()}
    return Apportionment(rule, seats, weights, reserved, tuple(ties))


def _after(territory: Territory, rule: SeatRule, held: int) -> Territory:
    low, high = rule.bounds(territory)
    return replace(territory, floor=max(0, low - held), ceiling=max(0, high - held))


def _share(
    territories: Sequence[Territory], seats: int, rule: SeatRule, weights: Mapping[str, Fraction]
) -> tuple[dict[str, int], tuple[TieBroken, ...]]:
    bounds = {one.id: rule.bounds(one) for one in territories}
    floors = {name: low for name, (low, _) in bounds.items()}
    ceilings = {name: min(high, seats) for name, (_, high) in bounds.items()}
    if not sum(floors.values()) <= seats <= sum(ceilings.values()):
        raise SeatRuleError(
            Text(
                f"{seats} sièges pour {', '.join(bounds)} sont hors de leurs planchers ({sum(floors.values())} "
                f"en tout) et plafonds ({sum(ceilings.values())} en tout). Changez les sièges réservés "
                "ou les bornes.",
                f"{seats} seats for {', '.join(bounds)} lie outside their floors ({sum(floors.values())} in all) "
                f"and ceilings ({sum(ceilings.values())} in all). Change the reserved seats or the bounds.",
            )
        )
    own = {name: weights[name] for name in bounds}
    breaker = _tie_break(rule, own)
    if rule.method in REMAINDERS:
        quota = REMAINDERS[rule.method]
        return share_by_remainders(own, seats, quota, floors=floors, ceilings=ceilings, tie_break=breaker)
    claims = {name: Fraction(1) for name in own} if rule.method == EQUAL else own
    divisor = DIVISORS["sainte-lague" if rule.method == EQUAL else rule.method]
    held = {name: min(max(low, rule.base), ceilings[name]) for name, low in floors.items()}
    if sum(held.values()) > seats:
        raise SeatRuleError(
            Text(
                f"Une base de {rule.base} pour chacun des {len(held)} territoires demande plus de {seats} sièges.",
                f"A base of {rule.base} for each of {len(held)} territories needs more than {seats} seats.",
            )
        )
    try:
        return share_by_divisors(
            claims,
            seats,
            divisor,
            held=held,
            ceilings=ceilings,
            tie_break=breaker,
            exponent=rule.exponent,
            base=rule.base,
        )
    except ValueError as error:
        raise SeatRuleError(
            Text(
                "Les sièges ne tiennent pas sous ces bornes. Relevez un plafond, ou donnez un poids à un "
                "territoire qui "
                "n’en a pas.",
                f"{error} Raise a ceiling, or give a weight to a territory that has none.",
            )
        ) from error


def _tie_break(rule: SeatRule, weights: Mapping[str, Fraction]) -> TieBreak:
    if rule.ties == "refuse":
        return refuse_ties

    def rank(name: str) -> Fraction:
        if rule.ties == "order":
            return Fraction(rule.order.index(name))
        return weights[name] if rule.ties == "smaller" else -weights[name]

    def decide(among: Sequence[str], seats: int) -> TieBroken:
        by_rank = sorted(among, key=lambda name: (rank(name), name))
        last, first_out = by_rank[seats - 1], by_rank[seats]
        if rank(last) == rank(first_out):
            level = [name for name in by_rank if rank(name) == rank(last)]
            raise UndecidedTieError(
                Text(
                    f"{', '.join(level)} sont à égalité pour un siège, et la règle déclarée « {rule.ties} » "
                    "ne les départage pas. Déclarez un ordre, par exemple tiré au sort en public.",
                    f"{', '.join(level)} tie for a seat, and the declared rule '{rule.ties}' does not part them. "
                    "Declare an order, for instance drawn by lot in public.",
                )
            )
        return TieBroken(tuple(among), seats, tuple(sorted(by_rank[:seats])), rule.ties)

    return decide
