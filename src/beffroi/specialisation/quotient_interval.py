"""How sure a location quotient is: three intervals, and a threshold drawn from the regions themselves.

Count establishments, or answers, and not jobs: jobs come in firms, so that a thousand jobs are far fewer than a
thousand independent observations and an interval made from them is much too short. Where few establishments hold most
jobs, draw the establishments again (`bootstrap_interval`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from beffroi.specialisation.amounts import Numbers, amounts, divided
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

LEVEL = 0.95
CUT_OFF = 95.0  # percentile of the standardised quotients
FEWEST_DRAWS = 1000
FEWEST_REGIONS = 3


@dataclass(frozen=True, slots=True)
class Interval:
    """A quotient and the ends of its interval at `level`; NaN where an end cannot be had."""

    value: float
    low: float
    high: float
    level: float


def _level(level: float) -> float:
    if not 0 < level < 1:
        raise MethodError(
            f"A level of {level:g} was given; expected a share between 0 and 1, such as 0.95. Correct it."
        )
    return level


def _counts(own: float, region: float, activity: float, nation: float) -> None:
    given = amounts([own, region, activity, nation], "counts of a location quotient")
    if not (given[0] <= given[1] <= given[3] and given[0] <= given[2] <= given[3]):
        raise MethodError(
            f"Counts {own:g} of {region:g} in the region and {activity:g} of {nation:g} in all were given; expected a "
            "part no larger than its whole, and the region inside the nation. Check their order."
        )


def delta_interval(
    region_activity: float, region_total: float, *, nation_activity: float, nation_total: float, level: float = LEVEL
) -> Interval:
    """Return the quotient with its interval by the delta method, on the logarithm.

    var(ln LQ) = (1 − p) / (n p) + (1 − q) / (N q), with p = region_activity / n and q = nation_activity / N: both
    shares are seen as binomial. Region and nation are taken as independent, which is cautious for a small region.

    Args:
        region_activity: units counted (establishments, answers: not jobs) of the activity in the region.
        region_total: n, all units of the region.
        nation_activity: units of the activity in all regions.
        nation_total: N, all units.
        level: chance that the interval holds the truth, 0..1.

    Returns:
        The interval, without unit. With no unit in the region the logarithm has no value: both ends are NaN; take
        `exact_interval`.

    Raises:
        MethodError: counts that cannot be, or a level outside 0..1.

    Source: Moineddin, Beyene and Boyle (2003), Geographical Analysis 35(3), 249–256.

    >>> found = delta_interval(20, 100, nation_activity=1000, nation_total=10000)
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (2.0, 1.346, 2.973)
    """
    _counts(region_activity, region_total, nation_activity, nation_total)
    p, q = float(divided(region_activity, region_total)), float(divided(nation_activity, nation_total))
    value = float(divided(p, q))
    if not region_activity:
        return Interval(value, float("nan"), float("nan"), _level(level))
    variance = float(divided(1 - p, region_total * p) + divided(1 - q, nation_total * q))
    reach = float(stats.norm.ppf((1 + _level(level)) / 2)) * variance**0.5
    return Interval(value, value * float(np.exp(-reach)), value * float(np.exp(reach)), level)


def exact_interval(
    region_activity: int, region_total: int, *, nation_activity: float, nation_total: float, level: float = LEVEL
) -> Interval:
    """Return the quotient with its exact interval, the nation's share taken as known.

    Clopper–Pearson limits of the region's share, divided by the nation's share. Never shorter than `level` promises,
    and usable with 0 units, where the lower end is 0.

    Args:
        region_activity: units counted (establishments, answers: not jobs) of the activity in the region.
        region_total: all units of the region.
        nation_activity: units of the activity in all regions.
        nation_total: all units.
        level: chance that the interval holds the truth, 0..1.

    Returns:
        The interval, without unit; NaN where a total is 0.

    Raises:
        MethodError: counts that cannot be, or a level outside 0..1.

    Source: Clopper and Pearson (1934), Biometrika 26(4), 404–413, doi:10.1093/biomet/26.4.404.

    >>> found = exact_interval(0, 30, nation_activity=1000, nation_total=10000)
    >>> found.value, found.low, round(found.high, 3)
    (0.0, 0.0, 1.157)
    """
    _counts(region_activity, region_total, nation_activity, nation_total)
    tail = (1 - _level(level)) / 2
    q = float(divided(nation_activity, nation_total))
    rest = region_total - region_activity
    low = float(stats.beta.ppf(tail, region_activity, rest + 1)) if region_activity else 0.0
    high = float(stats.beta.ppf(1 - tail, region_activity + 1, rest)) if rest else 1.0
    if not region_total:
        low = high = float("nan")
    value = float(divided(divided(region_activity, region_total), q))
    return Interval(value, float(divided(low, q)), float(divided(high, q)), level)


def bootstrap_interval(
    jobs: Numbers,
    in_activity: npt.NDArray[np.bool_],
    *,
    nation_share: float,
    rng: np.random.Generator,
    draws: int = 2000,
    level: float = LEVEL,
) -> Interval:
    """Return the quotient of jobs with an interval from drawing the region's establishments again.

    The right interval where a few establishments hold most jobs: whether the largest one is there decides the figure.

    Args:
        jobs: jobs of each establishment of the region.
        in_activity: whether each is of the activity.
        nation_share: the activity's share of all jobs in the nation, 0..1, taken as known.
        rng: draws the establishments.
        draws: how many times, 1,000 at least.
        level: chance that the interval holds the truth, 0..1.

    Returns:
        The quotient and the percentiles of the drawn ones, without unit. A missing number of jobs makes all NaN.

    Raises:
        MethodError: columns of different length, fewer than 1,000 draws, a level outside 0..1.

    Source: Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 13 (percentile interval).

    >>> rng = np.random.default_rng(1)
    >>> found = bootstrap_interval([10] * 50, np.arange(50) < 10, nation_share=0.1, rng=rng)
    >>> round(found.value, 3), found.low < 2 < found.high
    (2.0, True)
    """
    sizes = amounts(jobs, "jobs of establishments")
    if sizes.shape != np.shape(in_activity) or draws < FEWEST_DRAWS or not 0 < nation_share <= 1:
        raise MethodError(
            f"{sizes.size} establishments, {np.size(in_activity)} activities, {draws} draws and a national share of "
            f"{nation_share:g} were given; expected as many activities, {FEWEST_DRAWS} draws or more, a share in 0..1. "
            "Correct them."
        )
    inside = np.asarray(in_activity, dtype=bool)
    value = float(divided(sizes[inside].sum(), sizes.sum())) / nation_share
    times = rng.multinomial(sizes.size, np.full(sizes.size, 1 / sizes.size), size=draws)
    drawn = divided(times[:, inside] @ sizes[inside], times @ sizes) / nation_share
    tail = (1 - _level(level)) / 2
    if np.isnan(value):
        return Interval(value, value, value, level)
    low, high = np.nanquantile(drawn, [tail, 1 - tail])
    return Interval(value, float(low), float(high), level)


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which standardised quotient on a region stands out: mean of the draws, and 95 % of them."""

    value: float
    low: float
    high: float


def bootstrap_threshold(
    quotients: Numbers, *, rng: np.random.Generator, draws: int = 2000, percentile: float = CUT_OFF
) -> Threshold:
    """Return the cut-off of one activity above which a region stands out, drawn from the regions themselves.

    Regions are drawn with replacement; each draw is standardised with its own mean and sample deviation, and its 95th
    percentile kept. A fixed limit such as 1.25 has no such ground.

    Args:
        quotients: location quotients (or their logarithms) of one activity, one a region; missing ones are left out.
        rng: draws the regions.
        draws: how many times, 1,000 at least.
        percentile: which percentile of the standardised quotients is the cut-off.

    Returns:
        The cut-off in standard deviations. A draw in which all regions are the same has none and is left out.

    Raises:
        MethodError: fewer than three regions, or fewer than 1,000 draws.

    Source: Tian (2013), Journal of Regional Analysis and Policy 43(2).

    >>> found = bootstrap_threshold(np.linspace(0.5, 1.5, 40), rng=np.random.default_rng(1))
    >>> 1.2 < found.low < found.value < found.high < 1.9
    True
    """
    values = np.asarray(quotients, dtype=np.float64)
    values = values[~np.isnan(values)]
    if values.size < FEWEST_REGIONS or draws < FEWEST_DRAWS:
        raise MethodError(
            f"{values.size} regions and {draws} draws were given; expected {FEWEST_REGIONS} and {FEWEST_DRAWS} or "
            "more. Take more of them."
        )
    drawn = values[rng.integers(0, values.size, size=(draws, values.size))]
    spread = drawn.std(axis=1, ddof=1, keepdims=True)
    z = divided(drawn - drawn.mean(axis=1, keepdims=True), spread)
    cuts = np.percentile(z[~np.isnan(z).any(axis=1)], percentile, axis=1)
    if not cuts.size:
        return Threshold(float("nan"), float("nan"), float("nan"))
    low, high = np.quantile(cuts, [0.025, 0.975])
    return Threshold(float(cuts.mean()), float(low), float(high))
