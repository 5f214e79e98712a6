"""Indices that punish imbalance: Mazziotta–Pareto and its adjusted form, mean–min, and Wrocław taxonomy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.vocabulary.errors import ConstantIndicatorError, MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.compat import Compat

    Floats = npt.NDArray[np.float64]

Polarity = Literal["positive", "negative"]
CENTRE, SPREAD, HALF_WIDTH = 100.0, 10.0, 60.0


def standardise(values: Floats) -> Floats:
    """Standardise each column to mean 100 and standard deviation 10 (n − 1).

    Raises:
        ConstantIndicatorError: a column has one value.

    >>> standardise(np.array([[1.0], [2.0], [3.0]])).ravel().tolist()
    [90.0, 100.0, 110.0]
    """
    spread = values.std(axis=0, ddof=1)
    if (spread == 0).any():
        raise ConstantIndicatorError(f"Indicator number {int(spread.argmin())} has one value for all units.")
    return np.asarray(CENTRE + SPREAD * (values - values.mean(axis=0)) / spread)


def mazziotta_pareto(z: Floats, *, polarity: Polarity = "positive") -> Floats:
    """Return the mean of each row, less (or plus) a penalty for the spread within it.

    Args:
        z: units × indicators, standardised to mean 100 and deviation 10.
        polarity: `positive` where more is better: the penalty is taken off; `negative`: added.

    Returns:
        M(1 ∓ cv²) for each unit, where M is the row's mean and cv its coefficient of variation (n − 1).

    Source: Mazziotta & Pareto (2016), doi:10.1007/s11205-015-0998-2; deviation as in Compind's ci_mpi.

    >>> mazziotta_pareto(np.array([[90.0, 110.0]])).tolist()
    [98.0]
    """
    mean, spread = z.mean(axis=1), z.std(axis=1, ddof=1)
    sign = -1.0 if polarity == "positive" else 1.0
    return np.asarray(mean + sign * spread**2 / mean)


def adjusted_mazziotta_pareto(
    values: Floats,
    *,
    goals: Floats | None = None,
    polarity: Polarity = "positive",
    directions: Floats | None = None,
    compat: Compat = "correct",
) -> Floats:
    """Score against fixed goalposts, so that years compare.

    Args:
        values: units (and years, stacked) × indicators.
        goals: the reference value of each indicator, which scores 100; column means by default.
        polarity: whether the penalty is taken off (`positive`) or added.
        directions: +1 or −1 for each indicator.
        compat: `coinr` stands for the incumbents: Compind takes the penalty off whatever is asked.

    Returns:
        M ∓ S·cv of each row, the goalposts lying half a range below and above the reference (70..130).

    Source: Mazziotta & Pareto (2018), doi:10.1007/s11205-017-1577-5; deviation over n.

    >>> adjusted_mazziotta_pareto(np.array([[0.0], [1.0], [2.0]])).tolist()
    [70.0, 100.0, 130.0]
    """
    goals = values.mean(axis=0) if goals is None else goals
    width = values.max(axis=0) - values.min(axis=0)
    if (width == 0).any():
        raise ConstantIndicatorError(f"Indicator number {int(width.argmin())} has one value for all units.")
    signs = np.ones(values.shape[1]) if directions is None else directions
    points = CENTRE + HALF_WIDTH * signs * (values - goals) / width
    mean = points.mean(axis=1)
    spread = points.std(axis=1)
    sign = -1.0 if polarity == "positive" or compat == "coinr" else 1.0
    return np.asarray(mean + sign * spread**2 / mean)


def mean_min(z: Floats, *, penalty: float = 0.5, sharpness: float = 1.0) -> Floats:
    """Return the mean of each row, drawn towards its minimum.

    M − α(√((M − min)² + β²) − β): α = 0 is the mean; α = 1 with β = 0 is the minimum.

    Args:
        z: units × indicators on a common scale.
        penalty: α, 0..1.
        sharpness: β ≥ 0, in the units of the scale.

    Source: Tarabusi & Guarini (2013), doi:10.1007/s11205-012-0100-2.

    >>> mean_min(np.array([[1.0, 3.0]]), penalty=1.0, sharpness=0.0).tolist()
    [1.0]
    """
    if not 0 <= penalty <= 1 or sharpness < 0:
        raise MethodError(f"The penalty lies in 0..1 and the sharpness is not negative, not {penalty}, {sharpness}.")
    mean = z.mean(axis=1)
    gap = mean - z.min(axis=1)
    return np.asarray(mean - penalty * (np.sqrt(gap**2 + sharpness**2) - sharpness))


def wroclaw(z: Floats) -> Floats:
    """Return each unit's distance to the ideal unit over (mean + 2 standard deviations) of all distances.

    Args:
        z: units × indicators, standardised, more is better; the ideal has the best figure of each.

    Returns:
        0 for the ideal; less is better.

    Source: Hellwig (1968), taxonomic method of Wrocław; deviation n − 1 as in Compind's ci_wroclaw.

    >>> wroclaw(np.array([[1.0], [0.0]])).round(4).tolist()
    [0.0, 0.5224]
    """
    distance = np.sqrt(((z - z.max(axis=0)) ** 2).sum(axis=1))
    return np.asarray(distance / (distance.mean() + 2 * distance.std(ddof=1)))
