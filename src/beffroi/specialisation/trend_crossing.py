"""In which year one sector will weigh as much as another, if both go on as they did.

"It does not cross" is an answer, and so is a year whose interval has no end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import stats

from beffroi.specialisation.amounts import Floats, Numbers, alike, amounts
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

Answer = Literal["crosses", "has crossed", "does not cross"]
Scale = Literal["difference", "ratio"]
LEVEL, HORIZON = 0.95, 50
FEWEST_YEARS = 3  # two always lie on a line, and leave no doubt to measure
FLAT = 1e-12


@dataclass(frozen=True, slots=True)
class Crossing:
    """When two fitted trends meet.

    `answer`: `crosses` within the horizon after the last year, `has crossed` within the years given, or `does not
    cross`. `year`: where the lines meet, wherever that is; NaN when they never do, or are one line. `low`..`high`: all
    years in which they may meet at this level; −∞ or ∞ where no year can be excluded on that side. `may_never`: the
    data do not exclude that the trends run side by side for ever; then an end is endless, also under `crosses`. `gap`:
    first less second in the last year by the fitted trend (or their ratio less 1), `yearly`: by how much that changes a
    year (per year as a share, for ratios).
    """

    answer: Answer
    year: float
    low: float
    high: float
    may_never: bool
    gap: float
    yearly: float
    level: float


def crossing(
    years: Sequence[float],
    first: Numbers,
    second: Numbers,
    *,
    scale: Scale = "difference",
    level: float = LEVEL,
    horizon: float = HORIZON,
) -> Crossing:
    """Find the year in which the trends of two sectors meet, with its interval.

    A line α + β t is fitted by least squares to first − second (or to ln first − ln second); it is 0 in year −α / β.
    The interval is Fieller's: every year t in which α + β t is not distinguishable from 0. It has no end where β is not
    distinguishable from 0, and then the honest answer has none. Yearly figures carry over what moved them last year, so
    the interval is rather too short than too long; beyond the years given it also trusts that nothing breaks.

    Args:
        years: calendar years, in any order.
        first: jobs (revenue …) of one sector in each year, NaN where missing;
        second: of the other, in the same unit and region.
        scale: `difference`, both move by a number a year; `ratio`, both by a percentage (amounts above 0).
        level: chance that the interval holds the year, 0..1.
        horizon: years after the last one within which a crossing counts.

    Returns:
        The answer. Years without both figures are left out.

    Raises:
        MethodError: fewer than three years with both, a year twice, a level outside 0..1, or an amount of 0 for
            `ratio`.

    Source: Fieller (1954), Journal of the Royal Statistical Society B 16(2), 175–185,
    doi:10.1111/j.2517-6161.1954.tb00159.x.

    >>> found = crossing([2010, 2011, 2012, 2013], [50, 52, 54.1, 56], [100, 99.9, 100.1, 100])
    >>> found.answer, round(found.year), round(found.low), round(found.high)
    ('crosses', 2035, 2034, 2037)
    >>> crossing([2010, 2011, 2012], [50, 49, 48.1], [100, 101, 102]).answer
    'does not cross'
    """
    t, gap = _gaps(years, first, second, scale, level)
    fit = _fit(t, gap, level)
    year = fit.middle - fit.height / fit.slope if fit.slope else math.nan
    low, high, may_never = _fieller(fit, year)
    last = float(t.max())
    at_last = fit.height + fit.slope * (last - fit.middle)
    now, yearly = (at_last, fit.slope) if scale == "difference" else (math.expm1(at_last), math.expm1(fit.slope))
    return Crossing(_answer(year, t, horizon), year, low, high, may_never, now, yearly, level)


def _gaps(years: Sequence[float], first: Numbers, second: Numbers, scale: Scale, level: float) -> tuple[Floats, Floats]:
    t = amounts(years, "years")
    one, two = amounts(first, "first sector"), amounts(second, "second sector")
    alike(t, one, "years and first sector")
    alike(t, two, "years and second sector")
    both = ~(np.isnan(t) | np.isnan(one) | np.isnan(two))
    t, one, two = t[both], one[both], two[both]
    if t.size < FEWEST_YEARS or np.unique(t).size < t.size or not 0 < level < 1:
        raise MethodError(
            f"{t.size} years with both figures, {np.unique(t).size} of them different, at level {level:g}; expected "
            f"{FEWEST_YEARS} different years or more and a level in 0..1. Add years."
        )
    if scale == "difference":
        return t, one - two
    if scale != "ratio" or (one <= 0).any() or (two <= 0).any():
        raise MethodError(f"Scale '{scale}' with amounts of 0 or unknown; expected 'difference', or 'ratio' above 0.")
    return t, np.log(one) - np.log(two)


@dataclass(frozen=True, slots=True)
class _Fit:
    """A line through (middle, height), and the half-widths squared of height and slope at the level."""

    middle: float
    height: float
    slope: float
    height_reach: float
    slope_reach: float


def _fit(t: Floats, gap: Floats, level: float) -> _Fit:
    middle, n = float(t.mean()), t.size
    squares = float(((t - middle) ** 2).sum())
    height = float(gap.mean())
    slope = float(((t - middle) * gap).sum()) / squares
    if abs(slope) * float(np.ptp(t)) <= FLAT * float(np.abs(gap).max()):
        slope = 0.0  # rounding, not a trend
    rest = gap - height - slope * (t - middle)
    variance = float((rest**2).sum()) / (n - 2)
    q = float(stats.t.ppf((1 + level) / 2, n - 2)) ** 2
    return _Fit(middle, height, slope, q * variance / n, q * variance / squares)


def _fieller(fit: _Fit, year: float) -> tuple[float, float, bool]:
    """All t with (height + slope t)² ≤ reach of height + t² reach of slope, t counted from the middle."""
    a = fit.slope**2 - fit.slope_reach
    b = fit.slope * fit.height
    c = fit.height**2 - fit.height_reach
    root = math.sqrt(max(b * b - a * c, 0.0))
    if a > 0:
        return fit.middle + (-b - root) / a, fit.middle + (-b + root) / a, False
    if c <= 0:  # not distinguishable from 0 even in the middle of the years
        return -math.inf, math.inf, True
    if a == 0 and b == 0:
        return math.nan, math.nan, True
    # The two pieces begin on either side of the middle; written so that a slope at the very edge of doubt divides by 0
    # nowhere: its far end is endless.
    q = -(b + math.copysign(root, b))
    early, late = sorted((c / q, q / a if a else math.copysign(math.inf, b)))
    if math.isnan(year) or year >= fit.middle:
        return fit.middle + late, math.inf, True
    return -math.inf, fit.middle + early, True


def _answer(year: float, t: Floats, horizon: float) -> Answer:
    first, last = float(t.min()), float(t.max())
    if first <= year <= last:
        return "has crossed"
    return "crosses" if last < year <= last + horizon else "does not cross"
