"""Quorum and majorities, counted exactly, with every number that led to the answer."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from beffroi.assembly.exact import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from beffroi.assembly.vote import Majority, Quorum

EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """What one elector, or all electors of a secret class, put into the count.

    Attributes:
        members, weight: enrolled.
        present: share of them that takes part or is there, as members.
        shares: for, against, abstain, as shares of `weight`.
        college, territory: where it counts.
    """

    members: int
    weight: Fraction
    present: Fraction
    shares: Mapping[str, Fraction]
    college: str = ""
    territory: str = ""

    def amount(self, what: str, of: str) -> Fraction:
        """Return how much of the members or weight is `enrolled`, `present`, `cast`, `expressed` or a choice.

        >>> Voice(1, Fraction(3), Fraction(1), {"for": Fraction(2), "abstain": Fraction(1)}).amount("for", "members")
        Fraction(2, 3)
        """
        whole = Fraction(self.members) if of == "members" else self.weight
        if what == "enrolled":
            return whole
        if what == "present":
            return whole * self.present / self.members
        names = {"cast": ("for", "against", "abstain"), "expressed": ("for", "against")}.get(what, (what,))
        return whole * sum((self.shares.get(name, Fraction(0)) for name in names), Fraction(0)) / self.weight


def total(voices: Iterable[Voice], what: str, of: str) -> Fraction:
    """Sum an amount over voices.

    >>> total([Voice(1, Fraction(3), Fraction(1), {"for": Fraction(3)})], "for", "weight")
    Fraction(3, 1)
    """
    return sum((one.amount(what, of) for one in voices), Fraction(0))


def check_quorum(rule: Quorum, voices: Sequence[Voice]) -> dict[str, object]:
    """Say whether enough take part, in all or in each group, with the numbers.

    >>> from beffroi.assembly.vote import Quorum
    >>> check_quorum(Quorum(), [Voice(1, Fraction(3), Fraction(1), {}), Voice(1, Fraction(1), Fraction(0), {})])["met"]
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
    >>> check_majority(Majority(), [Voice(1, Fraction(1), Fraction(1), {"for": Fraction(1)})])["met"]
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
