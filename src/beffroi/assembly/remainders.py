"""Largest remainders: whole quotas first, then one more seat each to the largest parts left over.

Source: Balinski and Young (2001), Fair Representation, appendix A; Gallagher (1992), British Journal of Political
Science 22, 469–496, DOI 10.1017/S0007123400006499, for the quotas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from beffroi.assembly.divisors import TieBreak, TieBroken, refuse_ties
from beffroi.assembly.faults import SeatRuleError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

Quota = Callable[[Fraction, int], Fraction]


def hare(total: Fraction, seats: int) -> Fraction:
    """Return the quota of Hare: total over seats.

    >>> hare(Fraction(100), 8)
    Fraction(25, 2)
    """
    return total / seats


def droop(total: Fraction, seats: int) -> Fraction:
    """Return the quota of Droop: the least whole number above total over seats and one.

    Raises:
        SeatRuleError: the total is no whole number, as with shares; Hagenbach-Bischoff's quota takes any.

    >>> droop(Fraction(100), 4)
    Fraction(21, 1)
    """
    if total.denominator != 1:
        raise SeatRuleError(
            Text(
                f"Le quotient de Droop compte des voix entières, mais les poids font {total}. Prenez "
                "une mesure comptée en nombres entiers, ou largest-remainder-hagenbach-bischoff.",
                f"The quota of Droop counts whole votes, but the weights sum to {total}. "
                "Take one measure counted in whole numbers, or largest-remainder-hagenbach-bischoff.",
            )
        )
    return Fraction(total // (seats + 1) + 1)


def hagenbach_bischoff(total: Fraction, seats: int) -> Fraction:
    """Return the quota of Hagenbach-Bischoff: total over seats and one, not rounded.

    >>> hagenbach_bischoff(Fraction(100), 4)
    Fraction(20, 1)
    """
    return total / (seats + 1)


REMAINDERS: Mapping[str, Quota] = MappingProxyType(
    {
        "largest-remainder-hare": hare,
        "largest-remainder-droop": droop,
        "largest-remainder-hagenbach-bischoff": hagenbach_bischoff,
    }
)


def clamped_quotas(
    weights: Mapping[str, Fraction], seats: int, *, floors: Mapping[str, int], ceilings: Mapping[str, int]
) -> dict[str, Fraction]:
    """Return exact quotas between floor and ceiling that sum to the seats.

    One factor multiplies all weights; a quota below its floor or above its ceiling stands there. The factor is found
    exactly, so the result does not depend on the order of the territories.

    Raises:
        SeatRuleError: territories with a weight cannot take all seats within their ceilings.

    >>> clamped_quotas({"A": Fraction(9), "B": Fraction(1)}, 4, floors={"B": 1}, ceilings={})
    {'A': Fraction(3, 1), 'B': Fraction(1, 1)}
    """
    bounds = {name: (Fraction(floors.get(name, 0)), Fraction(ceilings.get(name, seats))) for name in weights}

    def quotas(factor: Fraction) -> dict[str, Fraction]:
        return {name: min(max(w * factor, bounds[name][0]), bounds[name][1]) for name, w in weights.items()}

    turns = sorted({bound / w for name, w in weights.items() if w for bound in bounds[name]} | {Fraction(0)})
    below = Fraction(0)
    for turn in turns:
        if sum(quotas(turn).values()) > seats:
            break
        below = turn
    at = quotas(below)
    free = {name for name, w in weights.items() if w and bounds[name][0] <= w * below < bounds[name][1]}
    lacking = seats - sum(at.values())
    if not lacking:
        return at
    if lacking < 0 or not free:
        raise SeatRuleError(
            Text(
                f"{seats} sièges ne tiennent pas entre les planchers et les plafonds des territoires qui ont un poids.",
                f"{seats} seats do not fit between the floors and ceilings of territories with a weight.",
            )
        )
    return quotas(below + lacking / sum((weights[name] for name in free), Fraction(0)))


def share_by_remainders(
    weights: Mapping[str, Fraction],
    seats: int,
    quota: Quota,
    *,
    floors: Mapping[str, int],
    ceilings: Mapping[str, int],
    tie_break: TieBreak = refuse_ties,
) -> tuple[dict[str, int], tuple[TieBroken, ...]]:
    """Share seats by largest remainders.

    With the quota of Hare, floors and ceilings hold by `clamped_quotas`; the other quotas take neither.

    Raises:
        SeatRuleError: floors or ceilings with a quota other than Hare's.
        UndecidedTieError: from `tie_break`.

    >>> w = {"A": Fraction(53), "B": Fraction(24), "C": Fraction(23)}
    >>> share_by_remainders(w, 7, hare, floors={}, ceilings={})[0]
    {'A': 4, 'B': 2, 'C': 1}
    """
    if quota is hare:
        parts = clamped_quotas(weights, seats, floors=floors, ceilings=ceilings)
    elif any(floors.values()) or any(one < seats for one in ceilings.values()):
        raise SeatRuleError(
            Text(
                "Planchers et plafonds vont avec largest-remainder-hare ou une méthode à diviseurs.",
                "Floors and ceilings go with largest-remainder-hare or a divisor method.",
            )
        )
    else:
        unit = quota(sum(weights.values(), Fraction(0)), seats)
        parts = {name: weight / unit for name, weight in weights.items()}
    got = {name: part.numerator // part.denominator for name, part in parts.items()}
    rests = {name: part - got[name] for name, part in parts.items()}
    left = seats - sum(got.values())
    step = 1 if left >= 0 else -1
    if left < 0:
        # Every weight is a whole number of Hagenbach-Bischoff quotas: one whole quota too many.
        rests = {name: Fraction(got[name] > 0) for name in rests}
    return _hand_out(got, rests, left=abs(left), step=step, tie_break=tie_break)


def _hand_out(
    got: dict[str, int], rests: Mapping[str, Fraction], *, left: int, step: int, tie_break: TieBreak
) -> tuple[dict[str, int], tuple[TieBroken, ...]]:
    out, broken = dict(got), []
    for names in _by_size(rests):
        if not left:
            break
        winners: Sequence[str] = names
        if len(names) > left:
            keep = left if step > 0 else len(names) - left
            tie = tie_break(sorted(names), keep)
            broken.append(tie)
            winners = tie.winners if step > 0 else [name for name in names if name not in tie.winners]
        for name in winners:
            out[name] += step
        left -= len(winners)
    if left:
        raise SeatRuleError(
            Text(
                f"Il reste {left} sièges après un de plus pour chaque reste : les poids sont trop petits "
                "pour ce quotient. Prenez largest-remainder-hare.",
                f"{left} seats are left after one more for each remainder: the weights are too small for this quota. "
                "Take largest-remainder-hare.",
            )
        )
    return out, tuple(broken)


def _by_size(rests: Mapping[str, Fraction]) -> list[list[str]]:
    """Group the territories with equal remainders, largest first; one without remainder claims nothing."""
    sizes = sorted({rest for rest in rests.values() if rest}, reverse=True)
    return [[name for name, rest in rests.items() if rest == size] for size in sizes]
