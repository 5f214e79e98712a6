"""How fast does each region move on each indicator: robust slopes, drawn to the common pace as far as uncertain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

FEWEST_YEARS = 5
FEWEST_TO_SHRINK = 4  # below this James and Stein's estimator does not gain
MAD_TO_DEVIATION = 1.4826


@dataclass(frozen=True, slots=True)
class Paces:
    """Points a year, regions × indicators: `slope` as observed, `error` of it, `shrunk` and its `spread`.

    NaN slopes (fewer than five years) are replaced in `shrunk` by the common pace. `pull` is the share of the way
    to the common pace that each indicator's slopes are drawn (0..1). `known` is false for an indicator with five
    years in no region: it stands still (pace and spread 0), which a reader must be told. `ends` are
    those of the scale of points, infinite where it has none.
    """

    slope: Floats
    error: Floats
    shrunk: Floats
    spread: Floats
    pull: Floats
    known: npt.NDArray[np.bool_]
    ends: tuple[float, float] = (0.0, 100.0)


def theil_sen(history: Floats, years: Ints) -> tuple[Floats, Floats]:
    """Return the median slope of each series over all pairs of years, and its standard error.

    Args:
        history: years × …, points; NaN where missing.
        years: ascending, one a row.

    Returns:
        Slope a year and its error, shape …; NaN with fewer than five years. The error is that of a straight line
        with the same scatter, measured by the median absolute residual.

    Raises:
        MethodError: years and history do not fit.

    Source: Sen (1968), doi:10.1080/01621459.1968.10480934.

    >>> slope, error = theil_sen(np.array([1.0, 2.0, 3.0, 40.0, 5.0, 6.0])[:, None], np.arange(2015, 2021))
    >>> slope.tolist(), error.tolist()
    ([1.0], [0.0])
    """
    if history.shape[0] != years.size or (np.diff(years) <= 0).any():
        raise MethodError(
            f"{years.size} years were given for {history.shape[0]} rows of history. Give one year a row, ascending."
        )
    flat = history.reshape(years.size, -1)
    first, second = np.triu_indices(years.size, 1)
    pairs = (flat[second] - flat[first]) / (years[second] - years[first])[:, None]
    present = ~np.isnan(flat)
    enough = present.sum(axis=0) >= FEWEST_YEARS
    slope, error = np.full((2, flat.shape[1]), np.nan)
    if enough.any():
        slope[enough] = _middle(pairs[:, enough])
        lines = flat[:, enough] - slope[enough] * years[:, None]
        residual = lines - _middle(lines)
        count = present[:, enough].sum(axis=0)
        # The median residual is too small when a line was fitted to few years: n / (n − 2) mends most of it.
        scatter = MAD_TO_DEVIATION * _middle(np.abs(residual)) * count / (count - 2)
        seen = np.where(present[:, enough], years[:, None].astype(float), np.nan)
        error[enough] = scatter / np.sqrt(np.nansum((seen - np.nanmean(seen, axis=0)) ** 2, axis=0))
    return slope.reshape(history.shape[1:]), error.reshape(history.shape[1:])


def _middle(values: Floats) -> Floats:
    """Return the median of each column, NaN left out; NumPy's own takes forty times as long for such short columns."""
    ordered = np.sort(values, axis=0)  # NaN last
    count = (~np.isnan(values)).sum(axis=0)
    ends = (np.maximum(count - 1, 0) // 2, count // 2)
    low, high = (np.take_along_axis(ordered, np.minimum(one, len(values) - 1)[None], axis=0)[0] for one in ends)
    return np.where(count > 0, (low + high) / 2, np.nan)


def paces(history: Floats, years: Ints, *, ends: tuple[float, float] = (0.0, 100.0)) -> Paces:
    """Estimate how fast each region moves on each indicator, and draw uncertain paces to the common one.

    Args:
        history: years × regions × indicators, points on fixed goalposts, more is better; NaN where missing.
        years: ascending.
        ends: of the scale of points, infinite where it has none.

    Returns:
        Slopes and their positive-part James–Stein estimates by indicator.

    Raises:
        MethodError: years do not fit.

    Source: James & Stein (1961); Efron & Morris (1975), doi:10.1080/01621459.1975.10479864.
    """
    slope, error = theil_sen(history, years)
    shrunk, spread, pull = np.zeros_like(slope), np.zeros_like(slope), np.zeros(slope.shape[1])
    known = np.asarray((~np.isnan(slope)).any(axis=0))
    for column in np.flatnonzero(known):
        shrunk[:, column], spread[:, column], pull[column] = _james_stein(slope[:, column], error[:, column])
    return Paces(slope, error, shrunk, spread, pull, known, ends)


def _james_stein(slope: Floats, error: Floats) -> tuple[Floats, Floats, float]:
    seen = ~np.isnan(slope)
    centre = float(slope[seen].mean())
    noise = float((error[seen] ** 2).mean())
    scatter = float(((slope[seen] - centre) ** 2).sum())
    pull = 0.0
    if seen.sum() >= FEWEST_TO_SHRINK and scatter > 0:
        pull = min(1.0, (int(seen.sum()) - 3) * noise / scatter)
    shrunk = np.where(seen, centre + (1 - pull) * (slope - centre), centre)
    common = scatter / max(1, int(seen.sum()) - 1)  # a region without a pace of its own may have any of the others'
    spread = np.where(seen, np.sqrt((1 - pull) * error**2 + pull**2 * noise / max(1, int(seen.sum()))), np.sqrt(common))
    return shrunk, spread, pull
