"""Bring indicators of different units onto one scale of 0–100 points, more is better."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.vocabulary.errors import ConstantIndicatorError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.catalogue.schema import Normalisation
    from beffroi.composite.matrix import IndicatorMatrix

POINTS_AT_MEAN = 50.0
POINTS_PER_DEVIATION = 10.0


def normalise(matrix: IndicatorMatrix, directions: Sequence[int], *, method: Normalisation) -> IndicatorMatrix:
    """Orient every indicator so that more is better, then scale it.

    Args:
        matrix: treated figures, no NaN.
        directions: +1 where more is better, −1 where less is, in the order of the indicators.
        method: `min_max`, `z_score` or `percentile`.

    Returns:
        The same regions and indicators in points.

    Raises:
        ConstantIndicatorError: an indicator has one value in every region.

    Source: OECD/JRC (2008), Handbook, section 1.5.

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(("a", "b", "c"), ("delay_days",), np.array([[10.0], [20.0], [30.0]]))
    >>> normalise(m, (-1,), method="min_max").values.ravel().tolist()
    [100.0, 50.0, 0.0]
    """
    refuse_constants(matrix)
    oriented = matrix.with_values(matrix.values * np.asarray(directions, dtype=float))
    return {"min_max": min_max, "z_score": z_score, "percentile": percentile}[method](oriented)


def min_max(matrix: IndicatorMatrix) -> IndicatorMatrix:
    """Scale each indicator linearly: its worst region gets 0, its best 100.

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(("FRK2", "FRE1"), ("ict_jobs_pct",), np.array([[4.0], [2.0]]))
    >>> min_max(m).values.ravel().tolist()
    [100.0, 0.0]
    """
    low, high = matrix.values.min(axis=0), matrix.values.max(axis=0)
    return matrix.with_values((matrix.values - low) / (high - low) * 100.0)


def z_score(matrix: IndicatorMatrix) -> IndicatorMatrix:
    """Give 50 points to the mean and 10 points to each standard deviation (n − 1) above it.

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(("a", "b", "c"), ("x",), np.array([[1.0], [2.0], [3.0]]))
    >>> z_score(m).values.ravel().tolist()
    [40.0, 50.0, 60.0]
    """
    deviation = matrix.values.std(axis=0, ddof=1)
    z = (matrix.values - matrix.values.mean(axis=0)) / deviation
    return matrix.with_values(POINTS_AT_MEAN + POINTS_PER_DEVIATION * z)


def percentile(matrix: IndicatorMatrix) -> IndicatorMatrix:
    """Give each region 100 × the share of the other regions it does better than, ties counting half.

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(("a", "b", "c"), ("x",), np.array([[1.0], [7.0], [9.0]]))
    >>> percentile(m).values.ravel().tolist()
    [0.0, 50.0, 100.0]
    """
    columns = [positions(matrix.values[:, column]) for column in range(matrix.values.shape[1])]
    return matrix.with_values(np.stack(columns, axis=1) * 100.0)


def positions(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the share (0..1) of the other figures that each figure exceeds, ties counting half.

    A missing figure stays NaN and is nobody's rival. One figure alone has position 0.5.

    >>> positions(np.array([3.0, 1.0, 1.0, float("nan")])).tolist()
    [1.0, 0.25, 0.25, nan]
    """
    present = ~np.isnan(x)
    seen = np.sort(x[present])
    out = np.full(x.shape, np.nan)
    if seen.size == 1:
        out[present] = 0.5
    elif seen.size > 1:
        below = np.searchsorted(seen, x[present], side="left")
        ties = np.searchsorted(seen, x[present], side="right") - below - 1
        out[present] = (below + 0.5 * ties) / (seen.size - 1)
    return out


def refuse_constants(matrix: IndicatorMatrix) -> None:
    """Raise ConstantIndicatorError naming the first indicator with one value in every region."""
    flat = matrix.values.max(axis=0) == matrix.values.min(axis=0)
    if flat.any():
        column = int(np.flatnonzero(flat)[0])
        raise ConstantIndicatorError(
            f"Indicator '{matrix.indicators[column]}' is {matrix.values[0, column]:g} in every one of "
            f"{len(matrix.regions)} regions, so it cannot be scaled between the worst and the best region. "
            "Take it out of the index (catalogue/indices/*.yaml) or check its series."
        )
