"""Power in a weighted vote: how often a voter turns defeat into victory, counted exactly.

A coalition wins when its weights reach the quota. Coalitions are counted by their weight, not listed, so forty voters
cost no more than forty passes over a table as long as the quota.

Source: Banzhaf (1965), Rutgers Law Review 19, 317–343; Penrose (1946), Journal of the Royal Statistical Society 109,
53–57, DOI 10.2307/2981392; Shapley and Shubik (1954), American Political Science Review 48, 787–792,
DOI 10.2307/1951053; counting as in Mann and Shapley (1962), RAND RM-3158.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAVIEST = 1_000_000


class PowerError(MethodError):
    """A vote in which power has no meaning."""


@dataclass(frozen=True, slots=True)
class Power:
    """Power of one voter, from 0 to 1.

    Attributes:
        swings: coalitions of the others that win only with this voter.
        banzhaf: swings as a share of all coalitions of the others (Penrose's measure).
        banzhaf_normalised: swings as a share of all voters' swings; sums to one.
        shapley_shubik: share of all orders of joining in which this voter brings the victory; sums to one.
    """

    swings: int
    banzhaf: Fraction
    banzhaf_normalised: Fraction
    shapley_shubik: Fraction


def power(weights: Mapping[str, int], quota: int) -> dict[str, Power]:
    """Compute the power of every voter.

    Args:
        weights: whole numbers of at least 0, such as seats.
        quota: sum of weights that wins, above 0 and at most their total.

    Raises:
        PowerError: a weight below 0, a quota that always or never wins, or a total above a million.

    >>> found = power({"A": 2, "B": 1, "C": 1}, 3)
    >>> found["A"].banzhaf_normalised, found["B"].shapley_shubik
    (Fraction(3, 5), Fraction(1, 6))
    """
    total = sum(weights.values())
    if any(one < 0 for one in weights.values()) or not 0 < quota <= total:
        raise PowerError(f"The quota is {quota} of {total}: it must lie above 0 and at most at the sum of the weights.")
    unit = math.gcd(*weights.values())
    reduced, least = {name: one // unit for name, one in weights.items()}, -(-quota // unit)
    if sum(reduced.values()) > HEAVIEST:
        raise PowerError(f"The weights sum to {sum(reduced.values())}; this exact count goes to {HEAVIEST}.")
    counts = {size: _swings_by_size(reduced, size, least) for size in set(reduced.values())}
    swings = {name: sum(counts[size].values()) for name, size in reduced.items()}
    every = sum(swings.values())
    n = len(weights)
    orders = [Fraction(1, n * math.comb(n - 1, k)) for k in range(n)]
    return {
        name: Power(
            swings[name],
            Fraction(swings[name], 2 ** (n - 1)),
            Fraction(swings[name], every),
            sum((count * orders[k] for k, count in counts[size].items()), Fraction(0)),
        )
        for name, size in reduced.items()
    }


def _swings_by_size(weights: Mapping[str, int], own: int, quota: int) -> Counter[int]:
    """Count coalitions of the others with a weight from quota - own to quota - 1, by their number of voters.

    A polynomial in the number of voters is packed into one whole number for each weight: adding is then one operation.
    """
    if not own:
        return Counter()
    others = list(weights.values())
    others.remove(own)
    n = len(others)
    wide = n + 1  # no count exceeds 2 to the n
    table = [0] * quota
    table[0] = 1
    reach = 0
    for one in others:
        reach = min(quota - 1, reach + one)
        if one == 0:
            table = [value + (value << wide) for value in table]
            continue
        for weight in range(reach, one - 1, -1):
            table[weight] += table[weight - one] << wide
    packed = sum(table[max(0, quota - own) :])
    # Sums over weights stay below 2 to the n for each size, since each coalition has one weight.
    mask = (1 << wide) - 1
    return Counter({k: count for k in range(n + 1) if (count := packed >> (wide * k) & mask)})
