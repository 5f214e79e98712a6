"""How many activities count in a region: Herfindahl, entropy, and variety inside and between branches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.specialisation.amounts import Floats, Numbers, amounts, divided, shares
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def herfindahl(x: Numbers) -> float:
    """Return the Herfindahl index, NOT normalised: the sum of squared shares.

    H = Σ s², from 1/n (even) to 1 (all in one). Tools differ: some normalise unless told otherwise, so figures of two
    tools are only to be compared under one name. Here the normalised one is `herfindahl_normalised`.

    Args:
        x: amounts.

    Returns:
        1/n..1; NaN where a figure is missing or all are 0.

    Raises:
        MethodError: figures below zero.

    Source: Herfindahl (1950), Concentration in the Steel Industry, thesis, Columbia University.

    >>> round(herfindahl([20, 50, 20, 10]), 9)
    0.34
    """
    return float((shares(amounts(x, "Herfindahl index")) ** 2).sum())


def herfindahl_normalised(x: Numbers) -> float:
    """Return the Herfindahl index normalised to 0..1: (H − 1/n) / (1 − 1/n).

    `n` is the number of figures given: a zero counts as a possible activity, so a list with more zeros gives another
    value. Missing, negative and all-zero figures as in `herfindahl`; NaN for a single figure.

    >>> round(herfindahl_normalised([20, 50, 20, 10]), 9)
    0.12
    """
    n = amounts(x, "Herfindahl index").size
    return float(divided(herfindahl(x) - 1 / n, 1 - 1 / n))


def equivalent_number(x: Numbers) -> float:
    """Return how many equal activities would give the same Herfindahl index: 1/H.

    Missing, negative and all-zero figures as in `herfindahl`.

    Source: Adelman (1969), Review of Economics and Statistics 51(1), 99–101.

    >>> round(equivalent_number([20, 50, 20, 10]), 6)
    2.941176
    """
    return float(divided(1.0, herfindahl(x)))


def entropy(x: Numbers, *, base: float = 2.0) -> float:
    """Return Shannon's entropy of the shares: 0 (all in one) to log n (even).

    − Σ s log s, with 0 log 0 = 0 (nothing is added inside the logarithm).

    Args:
        x: amounts.
        base: of the logarithm: 2 for bits, e for nats.

    Returns:
        In units of the base; NaN where a figure is missing or all are 0.

    Raises:
        MethodError: figures below zero, or a base that has no logarithm.

    Source: Shannon (1948), Bell System Technical Journal 27, 379–423, doi:10.1002/j.1538-7305.1948.tb01338.x.

    >>> entropy([1, 1, 1, 1])
    2.0
    """
    if not (base > 0 and base != 1):
        raise MethodError(f"A base of {base:g} was given; expected a number above 0 other than 1. Take 2 or e.")
    return float(_surprise(shares(amounts(x, "entropy"))).sum() / np.log(base))


def _surprise(s: Floats) -> Floats:
    """− s ln s, 0 at 0, NaN where missing."""
    return -s * np.log(np.where(s == 0, 1.0, s))


@dataclass(frozen=True, slots=True)
class Variety:
    """Entropy of a region's activities in bits, split exactly: `total` = `unrelated` + `related`.

    `unrelated` lies between branches, `related` within them (each branch weighted by its share). `within` gives the
    entropy of each branch alone.
    """

    total: float
    unrelated: float
    related: float
    within: Mapping[str, float]


def variety(x: Numbers, branches: Sequence[str]) -> Variety:
    """Split the variety of a region into variety between and within branches.

    UV = Σ_g P_g log2(1 / P_g); RV = Σ_g P_g H_g, with H_g = Σ (p_i / P_g) log2(P_g / p_i).

    Args:
        x: amounts by fine activity (four or five digits).
        branches: the branch (two digits) of each.

    Returns:
        The three entropies, in bits. An activity of 0 adds nothing. A missing figure makes them NaN.

    Raises:
        MethodError: figures below zero, or not one branch a figure.

    Source: Frenken, Van Oort and Verburg (2007), Regional Studies 41(5), 685–697, doi:10.1080/00343400601120296.

    >>> found = variety([25, 25, 50], ["62", "62", "47"])
    >>> found.total, found.unrelated, found.related
    (1.5, 1.0, 0.5)
    """
    values = amounts(x, "variety")
    names = np.asarray(branches, dtype=str)
    if names.shape != values.shape:
        raise MethodError(
            f"Variety: {values.size} figures and {names.size} branches were given; expected one branch a figure. "
            "Give the first two digits of each activity."
        )
    codes, place = np.unique(names, return_inverse=True)
    sums = np.bincount(place, weights=values, minlength=codes.size)
    within = np.array([entropy(values[place == k]) for k in range(codes.size)])
    weight = shares(sums)
    related = float((weight * np.where(sums == 0, 0.0, within))[~(weight == 0)].sum())
    unrelated = entropy(sums)
    return Variety(entropy(values), unrelated, related, dict(zip(codes.tolist(), within.tolist(), strict=True)))
