"""Weighted means over siblings, one row a unit: missing values are left out and the weights rescaled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.compat import Compat

    Floats = npt.NDArray[np.float64]

ARITHMETIC, GEOMETRIC, HARMONIC = 1.0, 0.0, -1.0
NEGLIGIBLE = 1e-12  # an exponent this near 0 is the geometric mean, to all digits


def mean_sum(values: Floats, weights: Floats) -> Floats:
    """Add up values × weights over the last axis; weights sum to 1."""
    return np.asarray((values * weights).sum(axis=-1))


def mean_log(values: Floats, weights: Floats) -> Floats:
    """Multiply values to the power of their weights over the last axis; weights sum to 1, values are positive."""
    return np.asarray(np.exp((np.log(values) * weights).sum(axis=-1)))


def mean_inverse(values: Floats, weights: Floats) -> Floats:
    """Return 1 over the sum of weights / values over the last axis; weights sum to 1."""
    return np.asarray(1.0 / (weights / values).sum(axis=-1))


def power_mean(
    values: Floats,
    weights: Floats,
    *,
    power: float = ARITHMETIC,
    by_number: bool = False,
    compat: Compat = "correct",
) -> Floats:
    """Take the weighted mean of exponent `power` of each row.

    Args:
        values: units × siblings; NaN is left out and the other weights of the row rescaled.
        weights: one a sibling, any sum but zero.
        power: 1 arithmetic, 0 geometric, −1 harmonic, any other generalised.
        by_number: the exponent was given as a number, which COINr takes for a generalised mean.
        compat: `coinr` lets negative values pass where COINr does, and gives NaN for a generalised mean of a row
            with any missing value.

    Returns:
        One value a unit; NaN for a row without values.

    Raises:
        MethodError: a value that this mean cannot take, the row and column named by number; or the weights sum to 0.

    Source: OECD/JRC (2008), Handbook, section 1.6.3.

    >>> power_mean(np.array([[20.0, 80.0], [50.0, np.nan]]), np.array([1.0, 1.0]), power=0.0).round(9).tolist()
    [40.0, 50.0]
    """
    present = ~np.isnan(values)
    bad = present & cannot_take(values, power, by_number=by_number, compat=compat)
    if bad.any():
        row, column = map(int, np.argwhere(bad)[0])
        raise MethodError(f"{values[row, column]:g} in row {row}, column {column} has no mean of power {power:g}.")
    share = np.where(present, weights, 0.0)
    total = share.sum(axis=1, keepdims=True)
    some = present.any(axis=1)
    if (some & (total[:, 0] == 0)).any():
        raise MethodError("The weights of the values present sum to zero. Give one of them a weight.")
    share = np.divide(share, total, out=np.zeros_like(share), where=total != 0)
    filled = np.where(present, values, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        out = _mean_as_r(filled, share, power) if compat == "coinr" else _mean(filled, share, power)
    out[~some] = np.nan
    if compat == "coinr" and (by_number or power not in (ARITHMETIC, GEOMETRIC, HARMONIC)):
        out[~present.all(axis=1)] = np.nan
    return out


def _mean(values: Floats, share: Floats, power: float) -> Floats:
    if power == ARITHMETIC:
        return mean_sum(values, share)
    if abs(power) < NEGLIGIBLE:
        return mean_log(values, share)
    if power == HARMONIC:
        return mean_inverse(values, share)
    # Around exponent 0 the plain formula loses every digit; expm1 and log1p keep them, and 0 has a logarithm here.
    raised = (np.expm1(power * np.log(values)) * share).sum(axis=-1)
    return np.asarray(np.exp(np.log1p(np.maximum(raised, -1.0)) / power))


def _mean_as_r(values: Floats, share: Floats, power: float) -> Floats:
    # R adds in extended precision: the last digit decides whether two units tie, and ties decide COINr's ranks.
    if power == GEOMETRIC:
        return np.asarray(np.exp(_long_sum(np.log(values) * share)))
    if power == HARMONIC:
        return np.asarray(1.0 / _long_sum(share / values))
    if power == ARITHMETIC:
        return _long_sum(values * share)
    return np.asarray(_long_sum(values**power * share) ** (1.0 / power))


def _long_sum(values: Floats) -> Floats:
    return np.asarray(values.astype(np.longdouble).sum(axis=-1), dtype=float)


def cannot_take(
    values: Floats, power: float, *, by_number: bool = False, compat: Compat = "correct"
) -> npt.NDArray[np.bool_]:
    """Mark the values that a mean of this exponent cannot take (NaN is never marked).

    >>> cannot_take(np.array([-1.0, 0.0, 1.0]), -1.0).tolist(), cannot_take(np.array([-1.0]), 1.0).tolist()
    ([True, True, False], [False])
    """
    if power == ARITHMETIC:
        return np.zeros(values.shape, dtype=bool)
    if power == GEOMETRIC:
        return np.asarray(values <= 0)
    if compat == "coinr":
        harmonic = power == HARMONIC and not by_number
        return np.asarray(values == 0) if harmonic else np.asarray((values <= 0) & (power < 0))
    return np.asarray(values <= 0 if power < 0 else values < 0)
