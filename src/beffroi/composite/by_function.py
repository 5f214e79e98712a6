"""Apply a function of the user's own to a table, year by year or group by group, and check what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.matrix import IndicatorMatrix
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from beffroi.composite.steps import TableFunction

SAME = 1e-9  # relative: a filled table may come back through another program's decimals


def fill_by_function(
    table: IndicatorMatrix, function: TableFunction, blocks: Iterable[npt.NDArray[np.intp]]
) -> IndicatorMatrix:
    """Fill missing figures by a function that sees one block of rows at a time.

    Args:
        table: units × indicators, NaN where missing.
        function: takes a table and gives back the same units and indicators; what is present may not change.
        blocks: rows of each table that the function sees; rows in no block stay as they are.

    Returns:
        The table, filled where the function fills; what it leaves missing stays missing.

    Raises:
        MethodError: the function changed an observed figure (indicator and unit are named), the shape, the units or
            the indicators, or gave an infinite figure.

    Source: COINr's Impute with impute_by = "df" (Becker et al. 2022, doi:10.21105/joss.04567).

    >>> m = IndicatorMatrix(("A", "B"), ("x",), np.array([[1.0], [np.nan]]))
    >>> fill_by_function(m, lambda t: t.with_values(np.nan_to_num(t.values, nan=7.0)), [np.arange(2)]).values.tolist()
    [[1.0], [7.0]]
    """
    made = apply_by_block(table, function, blocks, "filling function")
    present = ~np.isnan(table.values)
    changed = np.argwhere(present & ~np.isclose(made.values, table.values, rtol=SAME, atol=0.0))
    if changed.size:
        row, column = map(int, changed[0])
        raise MethodError(
            f"The filling function changed '{table.indicators[column]}' of {table.regions[row]} from "
            f"{table.values[row, column]:g} to {made.values[row, column]:g}. Only missing figures may be filled."
        )
    return table.with_values(np.where(present, table.values, made.values))


def apply_by_block(
    table: IndicatorMatrix, function: TableFunction, blocks: Iterable[npt.NDArray[np.intp]], what: str
) -> IndicatorMatrix:
    """Apply a function to each block of rows; `what` names it in the message when it gives back something else.

    Raises:
        MethodError: other units or indicators than were given came back, or an infinite figure.
    """
    values = table.values.copy()
    for rows in blocks:
        part = IndicatorMatrix(tuple(table.regions[i] for i in rows), table.indicators, table.values[rows].copy())
        made = function(part)
        if not isinstance(made, IndicatorMatrix):
            raise MethodError(f"The {what} gave a {type(made).__name__}. Give back table.with_values(…).")
        if (made.regions, made.indicators) != (part.regions, part.indicators):
            raise MethodError(
                f"The {what} gave other units or indicators than it was given ({len(part.regions)} × "
                f"{len(part.indicators)}). Give back the same ones, in the same order."
            )
        infinite = np.argwhere(np.isinf(made.values))
        if infinite.size:
            row, column = map(int, infinite[0])
            raise MethodError(
                f"The {what} made '{part.indicators[column]}' of {part.regions[row]} infinite. Leave it missing (NaN), "
                "or guard against zeros and negative figures."
            )
        values[rows] = made.values
    return table.with_values(values)
