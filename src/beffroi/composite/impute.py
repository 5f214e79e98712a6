"""Fill missing figures, each with its reason, and draw other plausible fillings for the uncertainty run.

An imputed figure never leaves the index: pages show it as missing, with the reason given here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.catalogue.schema import Imputation
    from beffroi.composite.matrix import IndicatorMatrix

FEWEST_PEERS = 2
OBSERVED, COUNTRY_MEAN, SET_MEDIAN, COUNTRY_DRAW, SET_DRAW = (
    "", "country_mean", "set_median", "country_draw", "set_draw")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imputed:
    """A matrix without holes; `reasons` has its shape: empty where observed, else how the figure was found."""

    matrix: IndicatorMatrix
    reasons: npt.NDArray[np.str_]


def impute(matrix: IndicatorMatrix, countries: Sequence[str], *, method: Imputation) -> Imputed:
    """Fill each hole from the same country, or from the whole set when too few neighbours have a figure.

    Args:
        matrix: raw figures, NaN where missing; every indicator has at least one figure.
        countries: the country of each region, in the order of the regions.
        method: `country_mean` (mean of at least two regions of the country, else the set's median) or
            `set_median`.

    Returns:
        The full matrix; observed figures are untouched.

    Raises:
        MethodError: an indicator has no figure at all.

    Source: OECD/JRC (2008), Handbook, section 1.3 (explicit modelling: conditional mean imputation).

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(("FR1", "FRE", "FRK"), ("x",), np.array([[4.0], [2.0], [np.nan]]))
    >>> done = impute(m, ("FR", "FR", "FR"), method="country_mean")
    >>> done.matrix.column("x").tolist(), done.reasons[:, 0].tolist()
    ([4.0, 2.0, 3.0], ['', '', 'country_mean'])
    """
    _refuse_empty_columns(matrix)
    values = matrix.values.copy()
    reasons = np.full(values.shape, OBSERVED, dtype="<U16")
    groups = np.asarray(countries)
    for column in range(values.shape[1]):
        observed = ~np.isnan(matrix.values[:, column])
        median = float(np.median(matrix.values[observed, column]))
        for row in np.flatnonzero(~observed):
            peers = matrix.values[observed & (groups == groups[row]), column]
            near = method != "set_median" and peers.size >= FEWEST_PEERS
            values[row, column] = peers.mean() if near else median
            reasons[row, column] = COUNTRY_MEAN if near else SET_MEDIAN
    return Imputed(matrix.with_values(values), reasons)


def draw_imputation(matrix: IndicatorMatrix, countries: Sequence[str], *, rng: np.random.Generator) -> Imputed:
    """Fill each hole with a figure really observed elsewhere: in the country if two have one, else in the set.

    Args:
        matrix: raw figures, NaN where missing; every indicator has at least one figure.
        countries: the country of each region.
        rng: source of randomness; the same state gives the same filling.

    Returns:
        One plausible full matrix (a hot deck within countries); observed figures are untouched.

    Raises:
        MethodError: an indicator has no figure at all.

    Source: Andridge & Little (2010), A Review of Hot Deck Imputation, doi:10.1111/j.1751-5823.2010.00103.x.

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(("FR1", "FRE", "FRK"), ("x",), np.array([[4.0], [2.0], [np.nan]]))
    >>> draw_imputation(m, ("FR",) * 3, rng=np.random.default_rng(1)).matrix.column("x")[2] in (2.0, 4.0)
    True
    """
    _refuse_empty_columns(matrix)
    values = matrix.values.copy()
    reasons = np.full(values.shape, OBSERVED, dtype="<U16")
    groups = np.asarray(countries)
    for column in range(values.shape[1]):
        observed = ~np.isnan(matrix.values[:, column])
        everyone = matrix.values[observed, column]
        for row in np.flatnonzero(~observed):
            peers = matrix.values[observed & (groups == groups[row]), column]
            near = peers.size >= FEWEST_PEERS
            values[row, column] = rng.choice(peers if near else everyone)
            reasons[row, column] = COUNTRY_DRAW if near else SET_DRAW
    return Imputed(matrix.with_values(values), reasons)


def _refuse_empty_columns(matrix: IndicatorMatrix) -> None:
    empty = np.isnan(matrix.values).all(axis=0)
    if empty.any():
        name = matrix.indicators[int(np.flatnonzero(empty)[0])]
        raise MethodError(
            f"Indicator '{name}' has no figure in any of {len(matrix.regions)} regions, so nothing can be imputed "
            "from. Screen it out first (min_indicator_coverage above 0), or refresh its series."
        )
