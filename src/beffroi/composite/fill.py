"""Fill missing figures from other units (by column) or from the unit's other indicators (by row)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from beffroi.composite.coin import Framework
    from beffroi.composite.matrix import IndicatorMatrix

Centre = Literal["mean", "median"]


def fill_columns(
    table: IndicatorMatrix, *, centre: Centre = "mean", groups: Sequence[str] | None = None
) -> IndicatorMatrix:
    """Give each missing figure the mean or median of its indicator, in the unit's group if groups are given.

    Args:
        table: units × indicators, NaN where missing.
        centre: `mean` or `median`.
        groups: the group of each unit; an empty group gives and receives nothing.

    Returns:
        The same table; observed figures are untouched. Where nobody in the group has the figure it stays missing.

    Source: OECD/JRC (2008), Handbook, section 1.3; COINr's i_mean, i_median, i_mean_grp, i_median_grp.

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(("A", "B", "C"), ("x",), np.array([[1.0], [np.nan], [9.0]]))
    >>> fill_columns(m).values.ravel().tolist(), fill_columns(m, groups=("n", "n", "s")).values.ravel().tolist()
    ([1.0, 5.0, 9.0], [1.0, 1.0, 9.0])
    """
    values = table.values.copy()
    labels = np.zeros(len(table.regions), dtype=int) if groups is None else np.asarray(groups, dtype=object)
    for label in dict.fromkeys(labels):
        if label == "":
            continue
        rows = np.flatnonzero(labels == label)
        values[rows] = _filled(values[rows], _centre(values[rows].T, centre))
    return table.with_values(values)


def fill_rows(
    table: IndicatorMatrix,
    framework: Framework,
    *,
    centre: Centre = "mean",
    level: int | None = None,
    normalise_first: bool = True,
) -> IndicatorMatrix:
    """Give each missing figure the mean or median of the unit's other indicators, on a common scale.

    Args:
        table: units × indicators, each in its own unit, NaN where missing.
        framework: directions, and the tree for `level`.
        centre: `mean` or `median`.
        level: only indicators under the same element of this level are looked at; None: all of them.
        normalise_first: scale each indicator to 0..1 (its best unit 1) first, and back afterwards. Without it the
            indicators must already share a scale.

    Returns:
        The same table; observed figures are untouched; a unit without any figure in the group keeps its holes.

    Raises:
        MethodError: an indicator to be scaled has one value for all units.

    Source: COINr's Impute by row (Becker et al. 2022, doi:10.21105/joss.04567).

    >>> from beffroi.composite.coin import Framework, Node
    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> tree = Framework((Node("x", 1, "t"), Node("y", 1, "t", direction=-1), Node("t", 2, "")))
    >>> m = IndicatorMatrix(("A", "B", "C"), ("x", "y"), np.array([[0.0, 30.0], [10.0, 10.0], [5.0, np.nan]]))
    >>> fill_rows(m, tree).values[2].tolist()
    [5.0, 20.0]
    """
    values = table.values.copy()
    signs = np.array([framework.node(one).direction for one in table.indicators], dtype=float)
    groups = [framework.leaves(code) for code in framework.at(level)] if level else [table.indicators]
    for members in groups:
        columns = [table.indicators.index(one) for one in members]
        block = values[:, columns]
        if normalise_first:
            oriented = block * signs[columns]
            low, high = np.nanmin(oriented, axis=0), np.nanmax(oriented, axis=0)
            _refuse_flat(members, low, high)
            share = (oriented - low) / (high - low)
            found = (_centre(share, centre)[:, None] * (high - low) + low) * signs[columns]
        else:
            found = np.broadcast_to(_centre(block, centre)[:, None], block.shape)
        values[:, columns] = np.where(np.isnan(block), found, block)
    return table.with_values(values)


def fill_with(
    table: IndicatorMatrix, function: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]
) -> IndicatorMatrix:
    """Fill by a function of the user's own, which sees the whole table and may only change what is missing.

    Raises:
        MethodError: the function changed an observed figure or the shape of the table.

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(("A",), ("x",), np.array([[np.nan]]))
    >>> fill_with(m, lambda x: np.nan_to_num(x)).values.tolist()
    [[0.0]]
    """
    found = np.asarray(function(table.values.copy()), dtype=float)
    if found.shape != table.values.shape:
        raise MethodError(f"The filling function returned shape {found.shape}, not {table.values.shape}.")
    present = ~np.isnan(table.values)
    changed = np.argwhere(present & ~np.isclose(found, table.values, rtol=1e-9, atol=0, equal_nan=True))
    if changed.size:
        row, column = changed[0]
        raise MethodError(
            f"The filling function changed '{table.indicators[column]}' of {table.regions[row]}, which is observed. "
            "Only missing figures may be filled."
        )
    return table.with_values(np.where(present, table.values, found))


def _centre(block: npt.NDArray[np.float64], centre: Centre) -> npt.NDArray[np.float64]:
    """Mean or median of each row; NaN for a row without figures."""
    out = np.full(block.shape[0], np.nan)
    some = ~np.isnan(block).all(axis=1)
    take = np.nanmean if centre == "mean" else np.nanmedian
    out[some] = take(block[some], axis=1)
    return out


def _filled(block: npt.NDArray[np.float64], found: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(np.isnan(block), found, block)


def _refuse_flat(members: Sequence[str], low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]) -> None:
    flat = np.flatnonzero(low == high)
    if flat.size:
        raise MethodError(
            f"Indicator '{members[flat[0]]}' has one value for all units, so it cannot be scaled before filling by "
            "row. Take it out, or fill by column."
        )
