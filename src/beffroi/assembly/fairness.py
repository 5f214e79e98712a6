"""How far seats stand from strict proportion: of each territory, of each size class, and in all.

Shares are fractions of one; every measure is exact, but for the square root of Gallagher's index, whose square is kept.

Source: Gallagher (1991), Electoral Studies 10, 33–51, DOI 10.1016/0261-3794(91)90004-C; Loosemore and Hanby (1971),
British Journal of Political Science 1, 467–477, DOI 10.1017/S000712340000925X; Rae (1967), The Political Consequences
of Electoral Laws; Balinski and Young (2001), Fair Representation, for the quota rule.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from beffroi.assembly.faults import SeatRuleError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Standing:
    """How one territory stands.

    Attributes:
        seats: seats held.
        quota: seats in strict proportion.
        deviation: seats less quota; above 0 is over-represented.
        ratio: share of seats over share of weight; 1 is proportion, None for a territory without weight.
        is_within_quota: seats are the quota rounded down or up.
    """

    seats: int
    quota: Fraction
    deviation: Fraction
    ratio: Fraction | None
    is_within_quota: bool


@dataclass(frozen=True, slots=True)
class Fairness:
    """Measures over all territories.

    Attributes:
        standings: by territory.
        loosemore_hanby: half the sum of |seat share - weight share|, from 0 to 1.
        rae: mean of the same differences.
        gallagher_squared: half the sum of their squares.
        sainte_lague: sum of (seat share - weight share)² / weight share; None where seats have no weight.
        largest_deviation: greatest |seats - quota|.
        quota_violations: territories outside their quota rounded down and up.
    """

    standings: Mapping[str, Standing]
    loosemore_hanby: Fraction
    rae: Fraction
    gallagher_squared: Fraction
    sainte_lague: Fraction | None
    largest_deviation: Fraction
    quota_violations: tuple[str, ...]

    @property
    def gallagher(self) -> float:
        """Gallagher's index from 0 to 1: a rounded square root of an exact number."""
        return math.sqrt(self.gallagher_squared)


def fairness(seats: Mapping[str, int], weights: Mapping[str, Fraction]) -> Fairness:
    """Measure how far seats stand from the weights.

    Raises:
        SeatRuleError: no seat, no weight, or different territories.

    >>> found = fairness({"A": 3, "B": 1}, {"A": Fraction(2), "B": Fraction(2)})
    >>> found.loosemore_hanby, found.standings["A"].deviation
    (Fraction(1, 4), Fraction(1, 1))
    """
    board, total = sum(seats.values()), sum(weights.values(), Fraction(0))
    if board <= 0 or total <= 0 or set(seats) != set(weights):
        raise SeatRuleError("Fairness compares seats and weights of the same territories, both above 0 in all.")
    standings = {name: _standing(seats[name], weights[name] * board / total) for name in weights}
    gaps = {name: one.deviation / board for name, one in standings.items()}
    shares = {name: weight / total for name, weight in weights.items()}
    spread = sum((abs(gap) for gap in gaps.values()), Fraction(0))
    unweighted = any(gaps[name] for name, share in shares.items() if not share)
    return Fairness(
        standings,
        spread / 2,
        spread / len(gaps),
        sum((gap * gap for gap in gaps.values()), Fraction(0)) / 2,
        None if unweighted else sum((gaps[n] ** 2 / share for n, share in shares.items() if share), Fraction(0)),
        max(abs(one.deviation) for one in standings.values()),
        tuple(name for name, one in standings.items() if not one.is_within_quota),
    )


def by_class(seats: Mapping[str, int], classes: Mapping[str, Mapping[str, Fraction]]) -> dict[str, Standing]:
    """Say how each class of members, such as a size class, is represented through the seats of its territories.

    A territory's seats speak for its members, so each class holds them in proportion to its members there.

    Args:
        seats: by territory.
        classes: by territory, members of each class; a class may be absent.

    Returns:
        By class: `seats` is the rounded implied number, `deviation` and `ratio` are exact.

    Raises:
        SeatRuleError: a territory has seats but no member.

    >>> of = {"A": {"small": Fraction(3), "large": Fraction(1)}, "B": {"small": Fraction(4)}}
    >>> by_class({"A": 4, "B": 4}, of)["large"].ratio
    Fraction(1, 1)
    """
    empty = [name for name, count in seats.items() if count and not sum(classes.get(name, {}).values())]
    if empty:
        raise SeatRuleError(f"{', '.join(empty)} has seats but no member of any class.")
    names = sorted({name for one in classes.values() for name in one})
    members = {name: sum((one.get(name, Fraction(0)) for one in classes.values()), Fraction(0)) for name in names}
    total, board = sum(members.values(), Fraction(0)), sum(seats.values())
    implied = {
        name: sum(
            (seats[t] * one.get(name, Fraction(0)) / sum(one.values()) for t, one in classes.items() if seats.get(t)),
            Fraction(0),
        )
        for name in names
    }
    return {name: _standing(implied[name], members[name] * board / total) for name in names}


def degression_faults(seats: Mapping[str, int], weights: Mapping[str, Fraction]) -> tuple[tuple[str, str], ...]:
    """Name pairs (greater, smaller) that break degressive proportionality after rounding.

    It asks that a greater territory never has fewer seats, and never fewer inhabitants a seat, than a smaller one.
    Source: Grimmett and others (2011), The Cambridge Compromise, section 3; European Council Decision (EU) 2018/937,
    article 1, asks the second before rounding only.

    >>> degression_faults({"A": 6, "B": 2}, {"A": Fraction(20), "B": Fraction(10)})
    (('A', 'B'),)
    """
    order = sorted(weights, key=lambda name: (-weights[name], name))
    return tuple(
        (big, small)
        for big, small in itertools.combinations(order, 2)
        if weights[big] > weights[small]
        and (seats[big] < seats[small] or weights[big] * seats[small] < weights[small] * seats[big])
    )


def _standing(held: Fraction | int, quota: Fraction) -> Standing:
    whole = held if isinstance(held, int) else round(held)
    return Standing(
        whole,
        quota,
        held - quota,
        held / quota if quota else None,
        quota.numerator // quota.denominator <= held <= -(-quota.numerator // quota.denominator),
    )
