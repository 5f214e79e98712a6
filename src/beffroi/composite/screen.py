"""Leave out what rests on too few figures: indicators first, then regions.

Step 2 of the Handbook. Indicators go first, because a rarely published indicator would otherwise cost regions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.composite.matrix import IndicatorMatrix

FEWEST_REGIONS = 3


@dataclass(frozen=True, slots=True)
class Screened:
    """What is left, and the coverage (share of figures present) of what was left out and of what was kept."""

    matrix: IndicatorMatrix
    dropped: Mapping[str, float]
    excluded: Mapping[str, float]
    coverage: Mapping[str, float]


def screen(matrix: IndicatorMatrix, *, min_indicator_coverage: float, min_region_coverage: float) -> Screened:
    """Drop indicators, then regions, with a share of figures below the threshold.

    Args:
        matrix: raw figures; NaN counts as absent.
        min_indicator_coverage: share (0..1) of regions an indicator needs.
        min_region_coverage: share (0..1) of the remaining indicators a region needs.

    Returns:
        The remaining matrix in the same order, with the coverage of every region kept or not.

    Raises:
        MethodError: fewer than three regions or no indicator remain.

    Source: OECD/JRC (2008), Handbook on Constructing Composite Indicators, section 1.3; the JRC asks for 65 %.

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> nan = float("nan")
    >>> m = IndicatorMatrix(("a", "b", "c", "d"), ("x", "y"), np.array([[1, nan], [2, 5], [3, nan], [nan, nan]]))
    >>> s = screen(m, min_indicator_coverage=0.5, min_region_coverage=0.5)
    >>> s.matrix.regions, s.matrix.indicators, s.dropped, s.excluded
    (('a', 'b', 'c'), ('x',), {'y': 0.25}, {'d': 0.0})
    """
    present = ~np.isnan(matrix.values)
    by_indicator = present.mean(axis=0) if len(matrix.regions) else np.zeros(len(matrix.indicators))
    columns = (by_indicator >= min_indicator_coverage) & (by_indicator > 0)
    by_region = present[:, columns].mean(axis=1) if columns.any() else np.zeros(len(matrix.regions))
    rows = (by_region >= min_region_coverage) & (by_region > 0)
    if rows.sum() < FEWEST_REGIONS:
        raise MethodError(
            f"Only {int(rows.sum())} of {len(matrix.regions)} regions have enough figures "
            f"({int(columns.sum())} of {len(matrix.indicators)} indicators reach {min_indicator_coverage:.0%}); "
            f"a rank needs {FEWEST_REGIONS}. Lower the thresholds of the index or widen the comparison set."
        )
    return Screened(
        matrix.keep(rows, columns),
        {one: float(c) for one, c, kept in zip(matrix.indicators, by_indicator, columns, strict=True) if not kept},
        {one: float(c) for one, c, kept in zip(matrix.regions, by_region, rows, strict=True) if not kept},
        {one: float(c) for one, c in zip(matrix.regions, by_region, strict=True)},
    )
