"""Who does what where: one figure for each region and activity, and the columns it is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.specialisation.amounts import TABLE, Floats, Numbers, amounts
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class ActivityTable:
    """Regions × activities: jobs, establishments, revenue, patents …, in one unit.

    `values[j, i]` is what region j has of activity i; 0 where it has none, NaN where nobody knows.
    """

    regions: tuple[str, ...]
    activities: tuple[str, ...]
    values: Floats

    def __post_init__(self) -> None:
        values = amounts(self.values, "table of activities", dimensions=TABLE)
        if values.shape != (len(self.regions), len(self.activities)):
            raise MethodError(
                f"The table has {values.shape[0]} × {values.shape[1]} figures for {len(self.regions)} regions and "
                f"{len(self.activities)} activities; expected one figure for each pair. Name every row and column once."
            )
        object.__setattr__(self, "values", values)


def from_columns(regions: Sequence[str], activities: Sequence[str], values: Numbers) -> ActivityTable:
    """Make the table from three columns, one row a pair.

    Args:
        regions: code of the region in each row.
        activities: code of the activity in each row.
        values: the figure, 0 or more.

    Returns:
        Regions and activities sorted by code. A pair without a row is 0. Regions and activities that have nothing at
        all are left out: they have no shares.

    Raises:
        MethodError: columns of different length, a missing figure, a pair written twice, nothing left.

    >>> table = from_columns(["N", "N", "S"], ["62", "47", "47"], [3, 5, 4])
    >>> table.activities, table.values.tolist()
    (('47', '62'), [[5.0, 3.0], [4.0, 0.0]])
    """
    figures = amounts(values, "figures of regions and activities")
    _check_columns(regions, activities, figures)
    rows, at_row = np.unique(np.asarray(regions, dtype=str), return_inverse=True)
    columns, at_column = np.unique(np.asarray(activities, dtype=str), return_inverse=True)
    table = np.zeros((rows.size, columns.size))
    np.add.at(table, (at_row, at_column), figures)
    has_row, has_column = table.sum(axis=1) > 0, table.sum(axis=0) > 0
    if not has_row.any():
        raise MethodError("Every figure is 0; expected at least one region with an activity. Check the filter.")
    return ActivityTable(
        tuple(rows[has_row].tolist()), tuple(columns[has_column].tolist()), table[np.ix_(has_row, has_column)]
    )


def _check_columns(regions: Sequence[str], activities: Sequence[str], figures: Floats) -> None:
    if not len(regions) == len(activities) == figures.size:
        raise MethodError(
            f"The columns hold {len(regions)} regions, {len(activities)} activities and {figures.size} figures; "
            "expected as many of each. Give one row a pair."
        )
    holes = np.isnan(figures)
    if holes.any():
        place = int(np.flatnonzero(holes)[0])
        raise MethodError(
            f"{int(holes.sum())} figures are missing, first for region '{regions[place]}' and activity "
            f"'{activities[place]}'; expected none, for a hole changes every share. Estimate them, or leave out the "
            "region or the activity."
        )
    seen: set[tuple[str, str]] = set()
    for pair in zip(regions, activities, strict=True):
        if pair in seen:
            raise MethodError(
                f"Region '{pair[0]}' has activity '{pair[1]}' in two rows; expected one. Sum them, or keep one year."
            )
        seen.add(pair)


def to_columns(table: ActivityTable, values: Floats) -> Mapping[str, tuple[str, ...] | Floats]:
    """Lay out a result for each pair as three columns, regions varying slowest.

    >>> table = ActivityTable(("N", "S"), ("62",), np.array([[1.0], [2.0]]))
    >>> to_columns(table, table.values)["region"]
    ('N', 'S')
    """
    regions = tuple(region for region in table.regions for _ in table.activities)
    return {"region": regions, "activity": table.activities * len(table.regions), "value": values.ravel()}
