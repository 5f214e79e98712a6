"""Regions × indicators: the table every step of the index takes and gives back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class IndicatorMatrix:
    """Figures of regions (rows) by indicators (columns); NaN is a missing figure.

    >>> import numpy as np
    >>> IndicatorMatrix(("FRK", "FRE"), ("jobs_pct",), np.array([[4.7], [2.4]])).column("jobs_pct").tolist()
    [4.7, 2.4]
    """

    regions: tuple[str, ...]
    indicators: tuple[str, ...]
    values: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        expected = (len(self.regions), len(self.indicators))
        if self.values.shape != expected:
            raise MethodError(
                f"The figures have shape {self.values.shape}, but {expected[0]} regions × {expected[1]} indicators "
                "were named. Give one row a region and one column an indicator."
            )

    def column(self, indicator: str) -> npt.NDArray[np.float64]:
        """Return one indicator's figures, in the order of the regions."""
        return self.values[:, self.indicators.index(indicator)]

    def with_values(self, values: npt.NDArray[np.float64]) -> IndicatorMatrix:
        """Return the same regions and indicators with other figures."""
        return replace(self, values=values)

    def keep(self, rows: npt.NDArray[np.bool_], columns: npt.NDArray[np.bool_]) -> IndicatorMatrix:
        """Return the rows and columns marked true, in their order."""
        return IndicatorMatrix(
            tuple(one for one, kept in zip(self.regions, rows, strict=True) if kept),
            tuple(one for one, kept in zip(self.indicators, columns, strict=True) if kept),
            self.values[rows][:, columns],
        )
