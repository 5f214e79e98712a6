"""Quorum and majorities, counted exactly, with every number that led to the answer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from beffroi.assembly.exact import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from beffroi.assembly.vote import Majority, Quorum

EVERYWHERE = ""


CHOSEN = ("for", "against", "abstain")
_PARTS = {"cast": CHOSEN, "expressed": CHOSEN[:2]}


@dataclass(frozen=True, slots=True)
class Voice:
    """What the electors of one college and territory put into the count, added up.

    Attributes:
        sums: `enrolled`, `present` and each choice, of members and of weight.
        college, territory: where it counts.
    """

    sums: Mapping[tuple[str, str], Fraction]
    college: str = ""
    territory: str = ""

    def amount(self, what: str, of: str) -> Fraction:
        """Return how much is `enrolled`, `present`, `cast`, `expressed` or a choice.

        >>> half = Fraction(1, 2)
        >>> Voice({("for", "members"): half, ("abstain", "members"): half}).amount("cast", "members")
        Fraction(1, 1)
        """
        return sum((self.sums.get((one, of), Fraction(0)) for one in _PARTS.get(what, (what,))), Fraction(0))


class Voices:
    """Adds electors up by college and territory.

    Weights are brought to one denominator first, so that a hundred thousand of them are added as whole numbers.

    >>> voices = Voices([Fraction(3), Fraction(1, 2)])
    >>> voices.add(Fraction(3), present=1, shares={"for": Fraction(2), "abstain": Fraction(1)})
    >>> voices.add(Fraction(1, 2), present=1, shares={"for": Fraction(1, 2)})
    >>> [total(voices.all(), "for", of) for of in ("members", "weight")]
    [Fraction(5, 3), Fraction(5, 2)]
    """

    def __init__(self, weights: Iterable[Fraction]) -> None:
        self._unit = math.lcm(*{one.denominator for one in weights})
        self._sums: dict[tuple[str, str], dict[tuple[str, str], Fraction | int]] = {}

    def add(
        self,
        weight: Fraction,
        *,
        present: int,
        shares: Mapping[str, Fraction],
        place: tuple[str, str] = ("", ""),
        members: int = 1,
    ) -> None:
        """Add `members` electors of one weight, of whom `present` take part; `shares` sums over them all."""
        sums = self._sums.setdefault(place, {})
        scaled = weight.numerator * (self._unit // weight.denominator)

        def put(what: str, count: Fraction | int, heavy: Fraction | int) -> None:
            sums[what, "members"] = sums.get((what, "members"), 0) + count
            sums[what, "weight"] = sums.get((what, "weight"), 0) + heavy

        put("enrolled", members, members * scaled)
        put("present", present, present * scaled)
        for name, share in shares.items():
            whole = share == weight
            put(name, 1 if whole else share / weight, scaled if whole else share * self._unit)

    def all(self) -> list[Voice]:
        """Return the sums."""
        return [
            Voice({key: Fraction(one) / (self._unit if key[1] == "weight" else 1) for key, one in sums.items()}, *place)
            for place, sums in self._sums.items()
        ]


def total(voices: Iterable[Voice], what: str, of: str) -> Fraction:
    """Sum an amount over voices.

    >>> total([Voice({("for", "weight"): Fraction(3)})], "for", "weight")
    Fraction(3, 1)
    """
    return sum((one.amount(what, of) for one in voices), Fraction(0))


def check_quorum(rule: Quorum, voices: Sequence[Voice]) -> dict[str, object]:
    """Say whether enough take part, in all or in each group, with the numbers.

    >>> from beffroi.assembly.vote import Quorum
    >>> sums = {("enrolled", "members"): Fraction(2), ("present", "members"): Fraction(1)}
    >>> check_quorum(Quorum(), [Voice(sums)])["met"]
    True
    """
    groups = []
    for name, own in _groups(rule.within, voices):
        needed, reached = rule.share * total(own, "enrolled", rule.of), total(own, "present", rule.of)
        met = reached > needed if rule.strict else reached >= needed
        groups.append({"group": name, "needed": written(needed), "reached": written(reached), "met": met})
    return {"of": rule.of, "within": rule.within, "groups": groups, "met": all(one["met"] for one in groups)}


def check_majority(rule: Majority, voices: Sequence[Voice]) -> dict[str, object]:
    """Say whether enough are for it, in all or in enough groups, with the numbers.

    A base of 0 reaches no majority: nobody has said anything.

    >>> from beffroi.assembly.vote import Majority
    >>> check_majority(Majority(), [Voice({("for", "weight"): Fraction(1)})])["met"]
    True
    """
    groups = []
    for name, own in _groups(rule.within, voices):
        base, reached = total(own, rule.base, rule.of), total(own, "for", rule.of)
        needed = rule.share * base
        met = base > 0 and (reached > needed if rule.strict else reached >= needed)
        exact = rule.strict and base > 0 and reached == needed
        groups.append({
            "group": name, "base": written(base), "needed": written(needed), "reached": written(reached),
            "met": met, "missed_by_nothing": exact,
        })  # fmt: skip
    met_in = sum(bool(one["met"]) for one in groups)
    return {
        "of": rule.of,
        "base": rule.base,
        "within": rule.within,
        "groups": groups,
        "met_in": met_in,
        "met": met_in >= rule.groups * len(groups) and met_in > 0,
    }


def _groups(within: str | None, voices: Sequence[Voice]) -> list[tuple[str, Sequence[Voice]]]:
    if within is None:
        return [(EVERYWHERE, voices)]
    own: dict[str, list[Voice]] = {}
    for one in voices:
        own.setdefault(one.college if within == "college" else one.territory, []).append(one)
    return sorted(own.items())
