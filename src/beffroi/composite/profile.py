"""Strength, weakness, or not distinguishable: by a declared rule, never by eye."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.catalogue.schema import ProfileRule

Verdict = Literal["strength", "weakness", "middle", "not_distinguishable", "unknown"]
Trend = Literal["up", "down", "steady", "unknown"]
FEWEST_TREND_YEARS = 3


def verdict(low: float, high: float, rule: ProfileRule) -> Verdict:
    """Judge an indicator by the interval of the region's position among its peers.

    Args:
        low: lowest position (share of peers it does better than, 0..1) over the rule's years; NaN without a figure.
        high: highest position over these years.
        rule: thresholds.

    Returns:
        `strength` when the whole interval lies at or above the upper threshold, `weakness` when it lies at or below
        the lower one, `middle` when it lies between them, `not_distinguishable` when it crosses one.

    >>> from beffroi.catalogue.schema import ProfileRule
    >>> rule = ProfileRule(strength_from=0.667, weakness_to=0.333, years=3, trend_years=5, trend_step=0.05)
    >>> verdict(0.7, 0.9, rule), verdict(0.6, 0.7, rule), verdict(0.4, 0.5, rule), verdict(0.1, 0.2, rule)
    ('strength', 'not_distinguishable', 'middle', 'weakness')
    """
    if np.isnan(low) or np.isnan(high):
        return "unknown"
    if low >= rule.strength_from:
        return "strength"
    if high <= rule.weakness_to:
        return "weakness"
    if low > rule.weakness_to and high < rule.strength_from:
        return "middle"
    return "not_distinguishable"


def trend(positions: npt.NDArray[np.float64], years: npt.NDArray[np.int64], rule: ProfileRule) -> tuple[Trend, float]:
    """Say whether the region climbs among its peers: median slope of its position over the rule's trend years.

    Args:
        positions: one position (0..1) a year, NaN where missing.
        years: the years, ascending.
        rule: `trend_years` looked at, and the `trend_step` in position that counts as a move.

    Returns:
        The trend and the change of position over the period (NaN when fewer than three years are known).

    Source: Theil–Sen slope, Sen (1968), doi:10.1080/01621459.1968.10480934.

    >>> from beffroi.catalogue.schema import ProfileRule
    >>> rule = ProfileRule(strength_from=0.667, weakness_to=0.333, years=3, trend_years=5, trend_step=0.05)
    >>> trend(np.array([0.5, 0.55, 0.6]), np.array([2016, 2017, 2018]), rule)[0]
    'up'
    """
    kept = ~np.isnan(positions)
    x, y = years[kept], positions[kept]
    recent = x > (x[-1] - rule.trend_years) if x.size else np.zeros(0, dtype=bool)
    x, y = x[recent], y[recent]
    if x.size < FEWEST_TREND_YEARS:
        return "unknown", float("nan")
    i, k = np.triu_indices(x.size, 1)
    change = float(np.median((y[k] - y[i]) / (x[k] - x[i]))) * float(x[-1] - x[0])
    if change >= rule.trend_step:
        return "up", change
    return ("down" if change <= -rule.trend_step else "steady"), change
