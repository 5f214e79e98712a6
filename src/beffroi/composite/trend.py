"""How fast each indicator of each unit moves over the years of a panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.composite.coin import Coin

    Vector = npt.NDArray[np.float64]

Measure = Literal["CAGR", "prc_change"]
FEWEST_YEARS = 2
LINE = 3  # from three figures on a line is fitted


@dataclass(frozen=True, slots=True)
class Trend:
    """One series: change, share of years with a figure, first and last."""

    unit: str
    indicator: str
    value: float
    available: float
    first: float
    latest: float


def growth_rate(y: Vector, years: Vector) -> float:
    """Return the compound yearly growth between the first and the last figure, as a share (0.02 is 2 %).

    NaN with fewer than two figures or when the ratio is negative; infinite when it starts at 0; 0 when equal.

    >>> round(growth_rate(np.array([100.0, np.nan, 121.0]), np.array([2020.0, 2021.0, 2022.0])), 9)
    0.1
    """
    first, last = _ends(y)
    if first is None or last is None:
        return float("nan")
    if y[first] == y[last]:
        return 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        return float((y[last] / y[first]) ** (1 / (years[last] - years[first])) - 1)


def percent_change(y: Vector, years: Vector, *, per: float = 1.0) -> float:
    """Return the change in % of the first value per `per` years: by a fitted line from three figures on.

    NaN with fewer than two figures; 0 when all are equal; infinite when the first value is 0.

    >>> round(percent_change(np.array([100.0, 110.0, 120.0]), np.array([2020.0, 2021.0, 2022.0])), 9)
    10.0
    """
    present = ~np.isnan(y)
    a, t = y[present], years[present]
    if a.size < FEWEST_YEARS:
        return float("nan")
    if np.ptp(a) == 0:
        return 0.0
    if a.size < LINE:
        slope, start = (a[-1] - a[0]) / (t[-1] - t[0]), a[0]
    else:
        slope = float(((t - t.mean()) * (a - a.mean())).sum() / ((t - t.mean()) ** 2).sum())
        start = a.mean() + slope * (t[0] - t.mean())
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.float64(slope) * per / start * 100)


def trends(
    coin: Coin,
    *,
    measure: Measure = "CAGR",
    years: Sequence[float] | None = None,
    latest: int | None = None,
    interpolate: bool = False,
    oriented: bool = False,
) -> tuple[Trend, ...]:
    """Measure every series of a panel.

    Args:
        coin: a panel; missing figures are left out.
        measure: compound growth rate, or yearly change in % of the first value.
        years: look at these years only; all by default.
        latest: look at the last so many years up to the latest figure only.
        interpolate: fill holes between figures by a line first (never beyond them).
        oriented: turn the sign where less is better, so that a positive trend is towards the good end.

    Returns:
        One entry a unit and indicator, units in order of first appearance; the sign as measured unless `oriented`.

    Raises:
        MethodError: the coin is not a panel, or a year is not in it.

    Source: COINr's get_trends.

    >>> from beffroi.composite import example_panel
    >>> found = trends(example_panel())
    >>> found[0].unit, found[0].indicator, round(found[0].value, 4)
    ('Alder', 'fibre', 0.057)
    """
    if not coin.times:
        raise MethodError("Trends need a panel: a column Time with two years or more.")
    unknown = sorted(set(years or ()) - set(coin.times))
    if unknown:
        raise MethodError(f"Year {unknown[0]:g} is not in the panel. Its years: {sorted(set(coin.times))}.")
    function = {"CAGR": growth_rate, "prc_change": percent_change}[measure]
    units, times = np.asarray(coin.units, dtype=object), np.asarray(coin.times)
    out = []
    for unit in dict.fromkeys(coin.units):
        rows = np.flatnonzero(units == unit)
        rows = rows[np.argsort(times[rows])]
        chosen = np.isin(times[rows], list(years)) if years is not None else np.ones(rows.size, dtype=bool)
        for code, sign in zip(coin.framework.indicators, coin.framework.directions, strict=True):
            raw, t = coin.data.column(code)[rows], times[rows]
            y = _between(raw, t) if interpolate else raw
            y, raw, t = y[chosen], raw[chosen], t[chosen]
            first, last = _ends(raw)
            turn = float(sign) if oriented else 1.0
            part = _latest(y, latest)
            out.append(
                Trend(
                    unit, code, function(y[part], t[part]) * turn, float((~np.isnan(raw)).mean()),
                    float("nan") if first is None else float(t[first]),
                    float("nan") if last is None else float(t[last]),
                )
            )  # fmt: skip
    return tuple(out)


def _ends(y: Vector) -> tuple[int | None, int | None]:
    present = np.flatnonzero(~np.isnan(y))
    return (int(present[0]), int(present[-1])) if present.size >= FEWEST_YEARS else (None, None)


def _latest(y: Vector, count: int | None) -> slice:
    present = np.flatnonzero(~np.isnan(y))
    if count is None:
        return slice(None)
    end = int(present[-1]) + 1 if present.size else 0
    return slice(end - count, end) if end - count >= 0 else slice(0)


def _between(y: Vector, years: Vector) -> Vector:
    present = ~np.isnan(y)
    if present.sum() < FEWEST_YEARS:
        return y
    return np.interp(years, years[present], y[present], left=np.nan, right=np.nan)
