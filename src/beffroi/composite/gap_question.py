"""The question «what would it take»: everybody's points, and what one region may do about its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Question:
    """Everybody's points, and what `region` may do about its own.

    `points` regions × indicators (more is better, no NaN; rows of the others may be projections to a later year);
    `weights` the effective weight of each indicator; `cost` of one point on each indicator, in peer-years or euros,
    above zero, infinite where nothing can be done; `head` how many points the region may gain on each.
    """

    regions: tuple[str, ...]
    indicators: tuple[str, ...]
    points: Floats
    weights: Floats
    region: str
    cost: Floats
    head: Floats

    def __post_init__(self) -> None:
        n, j = len(self.regions), len(self.indicators)
        if self.points.shape != (n, j) or any(x.shape != (j,) for x in (self.weights, self.cost, self.head)):
            raise MethodError(
                f"Points have shape {self.points.shape} and weights, cost and head {self.weights.shape}, "
                f"{self.cost.shape} and {self.head.shape}; {n} regions × {j} indicators were named. "
                "Give one row a region, and one weight, cost and head an indicator."
            )
        if self.region not in self.regions:
            raise MethodError(f"Region '{self.region}' is not among the {n} that are ranked. Ask for one of these.")
        holes = np.argwhere(np.isnan(self.points))
        if holes.size:
            i, k = holes[0]
            raise MethodError(
                f"Region '{self.regions[i]}' has no points on '{self.indicators[k]}'; a target needs everybody's. "
                "Impute first, or leave the indicator out."
            )
        self._refuse(~(self.weights >= 0), "weight", self.weights, "at least 0")
        if not self.weights.sum() > 0:
            raise MethodError("All weights are 0, so no indicator moves the score. Give at least one a weight.")
        self._refuse(~(self.cost > 0), "cost", self.cost, "above 0 (infinite where nothing can be done)")
        self._refuse(~(self.head >= 0), "head", self.head, "at least 0 points")

    @property
    def row(self) -> int:
        """The region's place among the rows."""
        return self.regions.index(self.region)

    @property
    def room(self) -> Floats:
        """Head in points, 0 where no effort moves the indicator."""
        return np.where(np.isfinite(self.cost), self.head, 0.0)

    def moved(self, moves: Floats) -> Floats:
        """Everybody's points once the region has made its moves."""
        out = self.points.copy()
        out[self.row] += moves
        return out

    def _refuse(self, bad: npt.NDArray[np.bool_], what: str, values: Floats, expected: str) -> None:
        if bad.any():
            k = int(np.flatnonzero(bad)[0])
            raise MethodError(
                f"The {what} of '{self.indicators[k]}' is {values[k]:g}; it must be {expected}. Correct it."
            )
