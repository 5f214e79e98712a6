"""Bring one indicator onto a scale: the eleven normalisations, on vectors. NaN stays NaN.

Every function takes figures that already point upwards (multiplied by the direction).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import rankdata

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Vector = npt.NDArray[np.float64]


def minmax(x: Vector, *, low: float = 0.0, high: float = 100.0) -> Vector:
    """Scale linearly: the worst figure gets `low`, the best `high`; columns of a table each by itself.

    >>> minmax(np.array([2.0, 4.0, np.nan]), low=1.0).tolist()
    [1.0, 100.0, nan]
    """
    least = np.nanmin(x, axis=0)
    return np.asarray((x - least) / (np.nanmax(x, axis=0) - least) * (high - low) + low)


def zscore(x: Vector, *, mean: float = 0.0, sd: float = 1.0) -> Vector:
    """Give `mean` to the mean and `sd` to each standard deviation (n − 1) above it.

    >>> zscore(np.array([1.0, 2.0, 3.0]), mean=100.0, sd=10.0).tolist()
    [90.0, 100.0, 110.0]
    """
    return np.asarray((x - np.nanmean(x)) / np.nanstd(x, ddof=1) * sd + mean)


def scaled(x: Vector, *, lower: float = 0.0, upper: float = 100.0, factor: float = 100.0) -> Vector:
    """Return (x − lower)/(upper − lower) × factor; figures outside the bounds fall outside the scale.

    >>> scaled(np.array([1.5]), lower=-1.0, upper=4.0, factor=10.0).tolist()
    [5.0]
    """
    return np.asarray((x - lower) / (upper - lower) * factor)


def to_max(x: Vector) -> Vector:
    """Return 1 − (max − x)/(max − min): 1 for the best, 0 for the worst.

    >>> to_max(np.array([2.0, 3.0, 4.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    high = np.nanmax(x)
    return np.asarray(1 - (high - x) / (high - np.nanmin(x)))


def to_reference(x: Vector, *, unit: int, cap: bool = False) -> Vector:
    """Return (x − min)/(x_ref − min), where the reference is the `unit`-th figure, counted from 1.

    All are NaN when the reference is missing. `cap` holds those above the reference at 1.

    >>> to_reference(np.array([0.0, 2.0, 4.0]), unit=2).tolist()
    [0.0, 1.0, 2.0]
    """
    return to_target(x, target=float(x[unit - 1]), cap=cap)


def to_target(x: Vector, *, target: float, cap: bool = False) -> Vector:
    """Return (x − min)/(target − min); `cap` holds those above the target at 1.

    >>> to_target(np.array([0.0, 2.0, 4.0]), target=2.0, cap=True).tolist()
    [0.0, 1.0, 1.0]
    """
    low = np.nanmin(x)
    share = (x - low) / (target - low)
    return np.asarray(np.where(share > 1, 1.0, share) if cap else share)


def share_of_max(x: Vector) -> Vector:
    """Return x / max.

    >>> share_of_max(np.array([1.0, 4.0])).tolist()
    [0.25, 1.0]
    """
    return np.asarray(x / np.nanmax(x))


def ranks(x: Vector) -> Vector:
    """Rank upwards from 1 for the worst; equal figures share the lower rank.

    >>> ranks(np.array([7.0, 1.0, 7.0, np.nan])).tolist()
    [2.0, 1.0, 2.0, nan]
    """
    return np.asarray(rankdata(x, method="min", nan_policy="omit"), dtype=float)


def borda(x: Vector) -> Vector:
    """Count the figures that are worse: rank − 1.

    >>> borda(np.array([7.0, 1.0])).tolist()
    [1.0, 0.0]
    """
    return ranks(x) - 1


def percentile_rank(x: Vector) -> Vector:
    """Return (rank − 1)/(n − 1), the share of the others that are worse.

    >>> percentile_rank(np.array([7.0, 1.0, 3.0])).tolist()
    [1.0, 0.0, 0.5]
    """
    return np.asarray(borda(x) / (np.count_nonzero(~np.isnan(x)) - 1))


def goalposts(
    x: Vector,
    *,
    posts: Sequence[float],
    factor: float = 1.0,
    direction: int = 1,
    truncate: bool = True,
) -> Vector:
    """Measure the way from the lower to the upper post.

    Args:
        x: figures already multiplied by the direction.
        posts: lower and upper post, in the indicator's own unit (not multiplied).
        factor: points for reaching the upper post.
        direction: −1 when less is better: the lower post is then the best.
        truncate: hold figures outside the posts at 0 and `factor`.

    >>> goalposts(np.array([1.0, 5.0]), posts=(0.0, 2.0), factor=10.0).tolist()
    [5.0, 10.0]
    >>> goalposts(np.array([-0.5]), posts=(0.0, 2.0), direction=-1).tolist()
    [0.75]
    """
    low, high = posts
    share = (x - low) / (high - low) if direction > 0 else (x + high) / (high - low)
    if truncate:
        share = np.where(share > 1, 1.0, np.where(share < 0, 0.0, share))
    return np.asarray(share * factor)
