"""How unequal amounts are between places, and how much of that lies between groups of places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.specialisation.amounts import Floats, Numbers, amounts, divided, shares
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Index = Literal["T", "L"]


def _positive(values: Floats, what: str) -> None:
    if (values == 0).any():
        raise MethodError(
            f"{what}: {int((values == 0).sum())} of {values.size} figures are 0; expected all above 0, for a "
            "logarithm is taken. Leave them out and say so, or take another measure (Gini, Hoover)."
        )


def theil(x: Numbers, *, index: Index = "T") -> float:
    """Return Theil's index of amounts, each counting once.

    T = Σ q ln(n q), q = x / Σx, in 0..ln n: the upper end weighs most. L = mean of ln(mean x / x), the mean log
    deviation: the lower end weighs most. Some tools call L "Theil", so the letter is to be said.

    Args:
        x: amounts above 0 (income per head, jobs per region …).
        index: `T` or `L`.

    Returns:
        0 (equal) upwards, in nats; NaN where a figure is missing.

    Raises:
        MethodError: figures of 0 or below.

    Source: Theil (1967), Economics and Information Theory, chapter 4.

    >>> round(theil([10, 10, 10, 20, 50], index="L"), 6)
    0.23263
    >>> round(theil([10, 10, 10, 20, 50]), 6)
    0.250201
    """
    values = amounts(x, "Theil's index")
    _positive(values, "Theil's index")
    if index == "L":
        return float(np.log(values.mean() / values).mean())
    q = shares(values)
    return float((q * np.log(values.size * q)).sum())


@dataclass(frozen=True, slots=True)
class TheilDecomposition:
    """Inequality between groups and within them; `between` + `within` = `total`. `groups`: index inside each."""

    total: float
    between: float
    within: float
    groups: Mapping[str, float]


def theil_decomposition(x: Numbers, groups: Sequence[str], *, index: Index = "T") -> TheilDecomposition:
    """Split Theil's index into inequality between groups and within them.

    For T: between = Σ Q_g ln(Q_g n / n_g), within = Σ Q_g T_g, Q_g the group's share of the sum. For L: between =
    Σ (n_g / n) ln(mean / mean_g), within = Σ (n_g / n) L_g.

    Args:
        x: amounts above 0.
        groups: the group of each figure.
        index: `T` or `L`.

    Returns:
        Both parts, in nats; NaN where a figure is missing.

    Raises:
        MethodError: figures of 0 or below, or not one group a figure.

    Source: Theil (1967); Shorrocks (1980), Econometrica 48(3), 613–625, doi:10.2307/1913126.

    >>> found = theil_decomposition([1, 1, 3, 3], ["a", "a", "b", "b"])
    >>> round(found.within, 9), round(found.between - found.total, 9)
    (0.0, 0.0)
    """
    values = amounts(x, "Theil's index")
    names = np.asarray(groups, dtype=str)
    if names.shape != values.shape:
        raise MethodError(f"Theil's index: {values.size} figures and {names.size} groups; expected one group a figure.")
    inside: dict[str, float] = {}
    between = within = 0.0
    whole = values.sum()
    for group in sorted(set(names.tolist())):
        part = values[names == group]
        inside[group] = theil(part, index=index)
        members = part.size / values.size
        weight, relative = (part.sum() / whole, 1.0) if index == "T" else (members, -1.0)
        between += float(weight * relative) * float(np.log(part.sum() / whole / members))
        within += float(weight) * inside[group]
    return TheilDecomposition(theil(values, index=index), between, within, inside)


def atkinson(x: Numbers, *, epsilon: float) -> float:
    """Return Atkinson's index: the share of the sum that could go if the rest were shared equally, to the same good.

    1 − [mean (x / mean x)^(1−ε)]^(1/(1−ε)); for ε = 1: 1 − geometric mean / mean.

    Args:
        x: amounts above 0 (0 is allowed below ε = 1).
        epsilon: aversion to inequality, above 0; the larger, the more the lower end weighs.

    Returns:
        0..1; NaN where a figure is missing or all are 0.

    Raises:
        MethodError: an aversion of 0 or below, figures below zero, or 0 where the formula divides by it.

    Source: Atkinson (1970), Journal of Economic Theory 2(3), 244–263, doi:10.1016/0022-0531(70)90039-6.

    >>> round(atkinson([10, 10, 10, 20, 50], epsilon=0.5), 6)
    0.115475
    """
    values = amounts(x, "Atkinson's index")
    if not epsilon > 0:
        raise MethodError(f"Atkinson's index: an aversion of {epsilon:g} was given; expected a number above 0.")
    if epsilon >= 1:
        _positive(values, "Atkinson's index")
    relative = divided(values, values.mean())
    if epsilon == 1:
        return 1 - float(np.exp(np.log(relative).mean()))
    return 1 - float((relative ** (1 - epsilon)).mean() ** (1 / (1 - epsilon)))
