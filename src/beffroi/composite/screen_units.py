"""Leave out units with too few figures or too many zeros, and say what each unit lacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from beffroi.composite.coin import Framework
    from beffroi.composite.matrix import IndicatorMatrix

Rule = Literal["byNA", "byzeros", "byNAandzeros"]


@dataclass(frozen=True, slots=True)
class Availability:
    """What each unit has: counts (integers) and shares (0..1), one entry a unit.

    `nonzero` is the share of the figures present that are not zero (NaN when none is present).
    """

    units: tuple[str, ...]
    missing: npt.NDArray[np.intp]
    zeros: npt.NDArray[np.intp]
    available: npt.NDArray[np.float64]
    nonzero: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class UnitScreening:
    """Which units stay (`kept`, one entry a unit), and why the others do not."""

    availability: Availability
    low_data: npt.NDArray[np.bool_]
    low_nonzero: npt.NDArray[np.bool_]
    kept: npt.NDArray[np.bool_]
    forced: Mapping[str, bool] = field(default_factory=dict)


def availability(table: IndicatorMatrix) -> Availability:
    """Count what each unit has.

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> has = availability(IndicatorMatrix(("A",), ("x", "y", "z"), np.array([[0.0, 2.0, np.nan]])))
    >>> has.missing.tolist(), has.zeros.tolist(), has.available.round(3).tolist(), has.nonzero.tolist()
    ([1], [1], [0.667], [0.5])
    """
    gone = np.isnan(table.values)
    missing, zeros = gone.sum(axis=1), (table.values == 0).sum(axis=1)
    count = len(table.indicators)
    present = count - missing
    nonzero = np.divide(present - zeros, present, out=np.full(len(missing), np.nan), where=present > 0)
    return Availability(table.regions, missing, zeros, present / count, nonzero)


def availability_by_group(table: IndicatorMatrix, framework: Framework) -> IndicatorMatrix:
    """Return the share of figures present for each unit under each aggregate, lowest level first."""
    present = ~np.isnan(table.values)
    columns = [
        present[:, [table.indicators.index(one) for one in framework.leaves(code)]].mean(axis=1)
        for code in framework.aggregates
    ]
    return type(table)(table.regions, framework.aggregates, np.stack(columns, axis=1))


def screen_units(
    table: IndicatorMatrix,
    *,
    rule: Rule = "byNA",
    least_available: float = 2 / 3,
    least_nonzero: float = 0.05,
    force: Mapping[str, bool] | None = None,
) -> UnitScreening:
    """Decide which units stay.

    Args:
        table: units × indicators, NaN where missing.
        rule: by missing figures, by zeros, or by both.
        least_available: share of figures a unit needs, 0..1.
        least_nonzero: share of its figures that must not be zero, 0..1.
        force: unit → stays (true) or goes (false), whatever the rule says.

    Returns:
        The decision for every unit; a unit without any figure never stays unless forced.

    Raises:
        MethodError: a forced unit is not in the table, or no unit is left.

    Source: COINr's Screen (Becker et al. 2022, doi:10.21105/joss.04567).

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(("A", "B"), ("x", "y"), np.array([[1.0, 2.0], [1.0, np.nan]]))
    >>> screen_units(m, least_available=0.9).kept.tolist()
    [True, False]
    """
    has = availability(table)
    low_data = has.available < least_available
    low_nonzero = ~(has.nonzero >= least_nonzero)
    kept = {"byNA": ~low_data, "byzeros": ~low_nonzero, "byNAandzeros": ~(low_data | low_nonzero)}[rule]
    kept = kept & (has.available > 0)
    for unit, stays in (force or {}).items():
        if unit not in table.regions:
            raise MethodError(f"Unit '{unit}' is to be forced in or out, but is not in the table. Check its code.")
        kept |= np.array([one == unit for one in table.regions]) & stays
        kept &= ~np.array([one == unit for one in table.regions]) | stays
    if not kept.any():
        raise MethodError(f"No unit has {least_available:.0%} of its figures. Lower the threshold.")
    return UnitScreening(has, low_data, low_nonzero, kept, dict(force or {}))
