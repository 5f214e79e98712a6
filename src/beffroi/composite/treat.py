"""Tame outliers so that one region does not decide the scale for all others.

Skewness and kurtosis are tested; an indicator that fails is winsorised by a few points, and if that does not
suffice its original figures are taken through a logarithm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.transform import log_ct

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.catalogue.schema import Treatment
    from beffroi.composite.matrix import IndicatorMatrix

SKEW_LIMIT = 2.0
KURTOSIS_LIMIT = 3.5
MOST_POINTS = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """What was done to one indicator: `none`, `winsorised` (`points` figures moved) or `log`.

    `skew` and `kurtosis` are those of the untreated figures.
    """

    indicator: str
    method: str
    points: int
    skew: float
    kurtosis: float


@dataclass(frozen=True, slots=True)
class Treated:
    """The matrix after treatment, in the unit of each indicator (or its logarithm), and each decision."""

    matrix: IndicatorMatrix
    decisions: tuple[Decision, ...]


def shape(x: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return the sample-adjusted skewness G1 (at least three figures) and excess kurtosis G2 (four); 0 if all equal.

    G2 of three figures is 0.

    Source: Joanes & Gill (1998), doi:10.1111/1467-9884.00122.

    >>> tuple(round(one, 6) for one in shape(np.array([1.0, 2.0, 3.0, 4.0])))
    (0.0, -1.2)
    """
    n = x.size
    d = x - np.add.reduce(x) / n
    square = d * d
    m2 = float(np.add.reduce(square)) / n
    if m2 == 0:
        return 0.0, 0.0
    return adjusted(n, m2, float(square @ d) / n, float(square @ square) / n)


def adjusted(n: int, m2: float, m3: float, m4: float) -> tuple[float, float]:
    """Return G1 and G2 from the number of figures and their central moments (see `shape`)."""
    tall = m3 / m2**1.5 * math.sqrt(n * (n - 1)) / (n - 2)
    if n < 4:  # noqa: PLR2004 -- G2 divides by (n − 3)
        return tall, 0.0
    return tall, ((n + 1) * (m4 / m2**2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))


def skew(x: npt.NDArray[np.float64]) -> float:
    """Return the skewness of `shape`.

    >>> skew(np.array([1.0, 2.0, 3.0]))
    0.0
    """
    return shape(x)[0]


def kurtosis(x: npt.NDArray[np.float64]) -> float:
    """Return the excess kurtosis of `shape`.

    >>> round(kurtosis(np.array([1.0, 2.0, 3.0, 4.0])), 6)
    -1.2
    """
    return shape(x)[1]


def is_tame(
    x: npt.NDArray[np.float64], *, skew_limit: float = SKEW_LIMIT, kurtosis_limit: float = KURTOSIS_LIMIT
) -> bool:
    """Tell whether |skewness| is below 2 or excess kurtosis below 3.5 (either suffices; the limits may be moved)."""
    tall, heavy = shape(x)
    return abs(tall) < skew_limit or heavy < kurtosis_limit


def winsorise(x: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], int]:
    """Move the most extreme figure to the next one, one at a time, until tame or five have been moved.

    The side is the sign of the skewness, found anew at each step.

    Args:
        x: figures of one indicator, none missing.

    Returns:
        The figures in the same order, and how many were moved.

    Source: COINr's Treat (Becker et al. 2022, doi:10.21105/joss.04567), rule of the JRC.

    >>> winsorise(np.array([1.0, 1.1, 1.2, 1.3, 1.25, 1.15, 9.0]))[0].tolist()
    [1.0, 1.1, 1.2, 1.3, 1.25, 1.15, 1.3]
    """
    out, points = x.copy(), 0
    upper = lower = 0
    order = np.argsort(x, kind="stable")
    while points < MOST_POINTS and not is_tame(out):
        points += 1
        if skew(out) > 0:
            upper += 1
            out[order[len(x) - upper :]] = x[order[len(x) - upper - 1]]
        else:
            lower += 1
            out[order[:lower]] = x[order[lower]]
    return out, points


def log_transform(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return ln(x − min + 1 % of the range); mirrored first when the tail is on the left.

    Order is kept in both cases.

    Source: COINr's log_CT_plus (Becker et al. 2022, doi:10.21105/joss.04567).
    """
    return log_ct(x) if skew(x) > 0 else -log_ct(-x)


def treat(matrix: IndicatorMatrix, *, method: Treatment) -> Treated:
    """Treat each indicator that fails the test of skewness and kurtosis.

    Args:
        matrix: full matrix (no NaN), each indicator in its unit.
        method: `winsorise_or_log`, or `none` to leave all figures as they are.

    Returns:
        Figures in their unit, winsorised, or as logarithms, with one decision for each indicator. The order of
        regions on an indicator never reverses; winsorised regions tie.

    Source: OECD/JRC (2008), Handbook, section 1.4; thresholds of the JRC (|skew| 2, kurtosis 3.5).

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(("a", "b", "c", "d", "e", "f", "g"), ("x",),
    ...                     np.array([[1.0], [1.1], [1.2], [1.3], [1.25], [1.15], [9.0]]))
    >>> treat(m, method="winsorise_or_log").decisions[0].method
    'winsorised'
    """
    values = matrix.values.copy()
    decisions = []
    for column, indicator in enumerate(matrix.indicators):
        values[:, column], name, points = _treat_one(matrix.values[:, column], method)
        x = matrix.values[:, column]
        decisions.append(Decision(indicator, name, points, skew(x), kurtosis(x)))
    return Treated(matrix.with_values(values), tuple(decisions))


def _treat_one(x: npt.NDArray[np.float64], method: Treatment) -> tuple[npt.NDArray[np.float64], str, int]:
    if method == "none" or is_tame(x):
        return x, "none", 0
    moved, points = winsorise(x)
    if is_tame(moved):
        return moved, "winsorised", points
    return log_transform(x), "log", 0
