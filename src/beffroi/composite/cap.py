"""Two gentle treatments of published scoreboards: outliers brought back to the last figure within, roots of tails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.treat import skew
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    Vector = npt.NDArray[np.float64]

FEWEST_FIGURES = 3  # skewness needs three


def cap_outliers(x: Vector, *, deviations: float = 2.0) -> Vector:
    """Bring figures further than so many standard deviations from the mean back to the last figure within.

    Args:
        x: figures of one indicator; NaN stays NaN and counts in neither mean nor deviation.
        deviations: how many standard deviations (n − 1), on either side.

    Returns:
        Figures of the same length, in the indicator's unit.

    Source: European Innovation Scoreboard, methodology report, "identifying and replacing outliers".

    >>> cap_outliers(np.array([1.0, 2.0, 3.0, 2.0, 1.0, 3.0, 2.0, 50.0])).tolist()
    [1.0, 2.0, 3.0, 2.0, 1.0, 3.0, 2.0, 3.0]
    """
    seen = x[~np.isnan(x)]
    if seen.size < FEWEST_FIGURES:
        return x.copy()
    inside = seen[np.abs(seen - seen.mean()) <= deviations * seen.std(ddof=1)]
    return np.clip(x, inside.min(), inside.max()) if inside.size else x.copy()


def root_if_skewed(x: Vector, *, skewness: float = 1.0, what: str = "this indicator") -> Vector:
    """Take the square root of an indicator whose skewness is above a limit; others stay as they are.

    Args:
        x: figures of one indicator, NaN where missing.
        skewness: the limit of the sample-adjusted skewness.
        what: names the indicator in a message.

    Returns:
        Roots, or the figures; NaN stays NaN.

    Raises:
        MethodError: a skewed indicator has a negative figure.

    >>> root_if_skewed(np.array([0.0, 1.0, 1.0, 4.0, 100.0])).tolist()
    [0.0, 1.0, 1.0, 2.0, 10.0]
    >>> root_if_skewed(np.array([1.0, 4.0, 9.0])).tolist()
    [1.0, 4.0, 9.0]
    """
    seen = x[~np.isnan(x)]
    if seen.size < FEWEST_FIGURES or seen.min() == seen.max() or skew(seen) <= skewness:
        return x.copy()
    if seen.min() < 0:
        raise MethodError(
            f"Indicator '{what}' is skewed and has a figure of {seen.min():g}, which has no square root. Correct the "
            "figure, or leave the root out of the method."
        )
    return np.sqrt(x)
