"""Statistics of each indicator, with flags where a figure asks for a second look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.treat import KURTOSIS_LIMIT, SKEW_LIMIT, kurtosis, skew

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from beffroi.composite.matrix import IndicatorMatrix

FEWEST_FIGURES = 4  # skewness needs three, kurtosis four


@dataclass(frozen=True, slots=True)
class Limits:
    """When a flag is raised: shares (0..1) below the first three, shape above the last two."""

    available: float = 0.65
    nonzero: float = 0.5
    unique: float = 0.5
    skew: float = SKEW_LIMIT
    kurtosis: float = KURTOSIS_LIMIT


@dataclass(frozen=True, slots=True)
class Statistics:
    """One indicator: its figures in its own unit, counts, shares of the figures present, and flags (words).

    `std` divides by n − 1; `skew` and `kurtosis` are sample-adjusted, NaN for fewer than four figures. `same` counts
    the figures that share the commonest value. A flag is empty when all is well, else `LOW` or `OUT`.
    """

    indicator: str
    least: float
    most: float
    mean: float
    median: float
    std: float
    skew: float
    kurtosis: float
    available: int
    nonzero: int
    unique: int
    same: int
    share_available: float
    share_nonzero: float
    share_unique: float
    share_same: float
    flags: Mapping[str, str]


def describe(table: IndicatorMatrix, *, limits: Limits | None = None) -> tuple[Statistics, ...]:
    """Describe each indicator.

    Args:
        table: units × indicators, NaN where missing.
        limits: when a flag is raised.

    Returns:
        One entry an indicator, in order; an indicator without figures has NaN and the flag `LOW` for `available`.

    Source: COINr's get_stats; the limits are the JRC's rules of thumb.

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(("A", "B", "C", "D"), ("x",), np.array([[0.0], [0.0], [3.0], [np.nan]]))
    >>> one = describe(m)[0]
    >>> one.mean, one.nonzero, one.share_available, one.flags["nonzero"]
    (1.0, 1, 0.75, 'LOW')
    """
    return tuple(
        _describe(name, table.values[:, column], limits or Limits()) for column, name in enumerate(table.indicators)
    )


def _describe(name: str, x: npt.NDArray[np.float64], limits: Limits) -> Statistics:
    seen, nan = x[~np.isnan(x)], float("nan")
    n, units = int(seen.size), int(x.size)
    nonzero = int(np.count_nonzero(seen))
    kinds, counts = np.unique(seen, return_counts=True)
    unique, same = int(kinds.size), int(counts.max()) if n else 0
    shaped = n >= FEWEST_FIGURES
    tall, heavy = (skew(seen), kurtosis(seen)) if shaped else (nan, nan)
    flags = {
        "available": "LOW" if n / units < limits.available else "",
        "nonzero": "LOW" if nonzero / units < limits.nonzero else "",
        "unique": "LOW" if unique / units < limits.unique else "",
        "shape": "OUT" if shaped and abs(tall) > limits.skew and heavy > limits.kurtosis else "",
    }
    return Statistics(
        name,
        *((float(seen.min()), float(seen.max()), float(seen.mean()), float(np.median(seen))) if n else (nan,) * 4),
        float(seen.std(ddof=1)) if n > 1 else nan,
        tall, heavy, n, nonzero, unique, same,
        n / units, *((nonzero / n, unique / n, same / n) if n else (nan,) * 3), flags,
    )  # fmt: skip
