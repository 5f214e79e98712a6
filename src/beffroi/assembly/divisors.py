"""Divisor methods: seats go one after the other to the highest weight per divisor, compared exactly.

A method is a rising sequence of divisors d(0), d(1) …; the territory with s seats and weight w comes next when w / d(s)
is the greatest. Square roots are compared by their squares, so nothing is ever rounded.

Source: Balinski and Young (2001), Fair Representation, 2nd edition, appendix A; Pukelsheim (2017), Proportional
Representation, 2nd edition, chapters 3 and 4, DOI 10.1007/978-3-319-64707-4.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from beffroi.assembly.faults import UndecidedTieError
from beffroi.vocabulary.text import Text

Priority = tuple[int, Fraction]


@dataclass(frozen=True, slots=True)
class Divisor:
    """A sequence of divisors, given as its `power`-th power so that every term is a fraction.

    Attributes:
        name: as the literature calls it.
        power: 1, or 2 where the divisors are square roots.
        term: d(s) to that power; 0 means that the territory comes before all whose divisor is above 0.
    """

    name: str
    power: int
    term: Callable[[int], Fraction]


DIVISORS: Mapping[str, Divisor] = MappingProxyType(
    {
        "sainte-lague": Divisor("Sainte-Laguë (Webster)", 1, lambda s: Fraction(2 * s + 1, 2)),
        "dhondt": Divisor("D'Hondt (Jefferson)", 1, lambda s: Fraction(s + 1)),
        "huntington-hill": Divisor("Huntington–Hill (equal proportions)", 2, lambda s: Fraction(s * (s + 1))),
        "adams": Divisor("Adams", 1, Fraction),
        "dean": Divisor("Dean (harmonic mean)", 1, lambda s: Fraction(2 * s * (s + 1), 2 * s + 1)),
        "modified-sainte-lague": Divisor(
            "modified Sainte-Laguë (first divisor 1.4)", 1, lambda s: Fraction(2 * s + 1, 2) if s else Fraction(7, 10)
        ),
    }
)


@dataclass(frozen=True, slots=True)
class TieBroken:
    """A tie as it was broken: who tied for how many seats, who got them, and by what."""

    among: tuple[str, ...]
    seats: int
    winners: tuple[str, ...]
    by: str


TieBreak = Callable[[Sequence[str], int], TieBroken]


def refuse_ties(among: Sequence[str], seats: int) -> TieBroken:
    """Break no tie.

    Raises:
        UndecidedTieError: always; it names who ties.

    >>> refuse_ties(("A", "B"), 1)
    Traceback (most recent call last):
    beffroi.assembly.faults.UndecidedTieError: A, B tie for 1 seat and the rule breaks no such tie. Declare one ...
    """
    raise UndecidedTieError(
        Text(
            f"{', '.join(among)} sont à égalité pour {seats} siège{'s' * (seats > 1)} et la règle "
            "ne départage pas cette égalité. Déclarez-en une qui le fait, comme un ordre tiré "
            "au sort.",
            f"{', '.join(among)} tie for {seats} seat{'s' * (seats > 1)} and the rule breaks no such tie. "
            "Declare one that does, such as an order drawn by lot.",
        )
    )


def priority(divisor: Divisor, weight: Fraction, held: int, exponent: Fraction = Fraction(1)) -> Priority:
    """Return how strong the claim of a territory to its next seat is; a greater value comes first.

    Under a divisor of 0 every claim is without limit, and the greater weight comes first.

    >>> priority(DIVISORS["dhondt"], Fraction(10), 1)
    (0, Fraction(5, 1))
    """
    common = math.lcm(exponent.denominator, divisor.power)
    raised: Fraction = weight ** int(exponent * common)
    term = divisor.term(held) ** (common // divisor.power)
    return (0, raised / term) if term else (1, raised)


def share_by_divisors(
    weights: Mapping[str, Fraction],
    seats: int,
    divisor: Divisor,
    *,
    held: Mapping[str, int],
    ceilings: Mapping[str, int],
    tie_break: TieBreak = refuse_ties,
    exponent: Fraction = Fraction(1),
    base: int = 0,
) -> tuple[dict[str, int], tuple[TieBroken, ...]]:
    """Share seats one after the other by a divisor method.

    Args:
        weights: of each territory, none below 0; a territory of weight 0 gets no seat beyond what it holds.
        seats: in all, with those held.
        divisor: the method.
        held: seats that each territory has beforehand (its floor).
        ceilings: most seats of each.
        tie_break: says who wins a tie.
        exponent: power to which weights are raised.
        base: seats that do not count as held when claims are compared.

    Returns:
        Seats by territory, and the ties that were broken.

    Raises:
        UndecidedTieError: from `tie_break`.
        ValueError: no territory can take a seat that is left.

    >>> w = {"A": Fraction(53), "B": Fraction(24), "C": Fraction(23)}
    >>> share_by_divisors(w, 7, DIVISORS["dhondt"], held={}, ceilings={})[0]
    {'A': 4, 'B': 2, 'C': 1}
    """
    got = {name: held.get(name, 0) for name in weights}
    broken: list[TieBroken] = []
    queue: list[tuple[_Claim, str]] = []

    def claim(name: str) -> None:
        if weights[name] and got[name] < ceilings.get(name, seats):
            heapq.heappush(queue, (_Claim(priority(divisor, weights[name], max(got[name] - base, 0), exponent)), name))

    for name in weights:
        claim(name)
    left = seats - sum(got.values())
    while left > 0:
        if not queue:
            raise ValueError(f"{left} seats are left, but no territory can take one more.")
        top = queue[0][0]
        tied: list[str] = []
        while queue and queue[0][0] == top:
            tied.append(heapq.heappop(queue)[1])
        if len(tied) > left:
            broken.append(tie_break(sorted(tied), left))
            tied = list(broken[-1].winners)
        for name in tied:
            got[name] += 1
            claim(name)
        left -= len(tied)
    return got, tuple(broken)


@dataclass(frozen=True, slots=True, order=False)
class _Claim:
    """Turns the heap round: the greatest claim is the least."""

    priority: Priority

    def __lt__(self, other: _Claim) -> bool:
        return other.priority < self.priority
