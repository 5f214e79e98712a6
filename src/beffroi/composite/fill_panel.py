"""Fill the holes of a panel from the same unit's other years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.composite.matrix import IndicatorMatrix

PanelFilling = Literal["latest", "constant", "linear", "linear-constant"]
FEWEST_POINTS = 2  # a straight line needs two


def fill_panel(
    table: IndicatorMatrix, times: Sequence[float], *, method: PanelFilling = "latest", most_years: int | None = None
) -> IndicatorMatrix:
    """Fill each series of a unit and an indicator over the years.

    Args:
        table: one row a unit and year × indicators, NaN where missing.
        times: the year of each row.
        method: `latest` carries the last figure forward; `constant` does so too and gives years before the first
            figure that figure; `linear` draws a line between figures and holds the first and last outside;
            `linear-constant` is `linear`, and holds a single figure for all years.
        most_years: with `latest`, how many of the panel's years to look back; None: all.

    Returns:
        The same rows; a series without any figure keeps its holes.

    Raises:
        MethodError: `linear` meets a series with one figure (indicator and unit are named), or there is one year only.

    Source: COINr's impute_panel (Becker et al. 2022, doi:10.21105/joss.04567).

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(("A", "A", "A"), ("x",), np.array([[1.0], [np.nan], [3.0]]))
    >>> fill_panel(m, (2020, 2021, 2022)).values.ravel().tolist()
    [1.0, 1.0, 3.0]
    >>> fill_panel(m, (2020, 2021, 2022), method="linear").values.ravel().tolist()
    [1.0, 2.0, 3.0]
    """
    years = np.asarray(times, dtype=float)
    known = np.unique(years)
    if known.size < FEWEST_POINTS:
        raise MethodError("The panel has one year only, so nothing can be taken from another. Fill by column.")
    units = np.asarray(table.regions, dtype=object)
    values = table.values.copy()
    for unit in dict.fromkeys(table.regions):
        rows = np.flatnonzero(units == unit)
        rows = rows[np.argsort(years[rows], kind="stable")]
        for column, indicator in enumerate(table.indicators):
            series = table.values[rows, column]
            if method == "latest":
                values[rows, column] = _carried(series, np.searchsorted(known, years[rows]), most_years)
            else:
                values[rows, column] = _drawn(series, years[rows], method, f"'{indicator}' of {unit}")
    return table.with_values(values)


def _carried(series: npt.NDArray[np.float64], step: npt.NDArray[np.intp], most: int | None) -> npt.NDArray[np.float64]:
    out = series.copy()
    last: int | None = None
    for place in range(series.size):
        if not np.isnan(series[place]):
            last = place
        elif last is not None and (most is None or step[place] - step[last] <= most):
            out[place] = series[last]
    return out


def _drawn(
    series: npt.NDArray[np.float64], years: npt.NDArray[np.float64], method: str, what: str
) -> npt.NDArray[np.float64]:
    present = ~np.isnan(series)
    if not present.any() or present.all():
        return series
    if method == "constant":
        before = np.maximum(np.searchsorted(years[present], years, side="right") - 1, 0)
        return np.asarray(series[present][before])
    if present.sum() < FEWEST_POINTS and method == "linear":
        raise MethodError(
            f"Indicator {what} has one figure, and a line needs two. Choose 'linear-constant' to hold it for all years."
        )
    return np.where(present, series, np.interp(years, years[present], series[present]))
