"""By when, for every region and rank at once: one set of futures in which everybody moves, read as often as needed.

`trajectory.arrival` answers for one region and one rank; asking it for hundreds of regions would draw the same
futures hundreds of times. Here ranks of all regions are kept, year by year and future by future.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.rank import rank
from beffroi.composite.trajectory import bounds, first_arrivals
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.paces import Paces
    from beffroi.composite.trajectory import Arrival, Scoring

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Futures:
    """Years 0 … horizon in which everybody goes on.

    `ranks` years × futures × regions; `path_ranks` and `path_scores` years × regions, when everybody keeps its
    shrunk pace.
    """

    ranks: npt.NDArray[np.int16]
    path_ranks: npt.NDArray[np.int32]
    path_scores: Floats

    @property
    def horizon(self) -> int:
        """The last year looked at."""
        return int(self.ranks.shape[0]) - 1

    @property
    def drawn(self) -> int:
        """How many futures there are."""
        return int(self.ranks.shape[1])

    def arrival(self, row: int, *, wanted: int) -> Arrival:
        """Return when a region is first at a rank: what `trajectory.arrival` returns for the same draws.

        Raises:
            MethodError: there is no such region or rank.
        """
        if not (0 <= row < self.ranks.shape[2] and wanted >= 1):
            raise MethodError(f"Row {row} and rank {wanted} were asked for of {self.ranks.shape[2]} regions.")
        there = self.ranks[:, :, row] <= wanted
        first = np.where(there.any(axis=0), there.argmax(axis=0), np.inf)
        return first_arrivals(first, wanted=wanted, path=self.path_ranks[:, row])

    def interval(self, row: int, *, low: float = 0.05, high: float = 0.95) -> tuple[npt.NDArray[np.int64], ...]:
        """Return the ranks that hold a region in 9 futures of 10 (by default), year by year: best, worst."""
        found = np.quantile(self.ranks[:, :, row], (low, high), axis=1, method="inverted_cdf")
        return tuple(found.astype(np.int64))


def futures(
    points: Floats, moving: Paces, *, scoring: Scoring, rng: np.random.Generator, horizon: int = 30, drawn: int = 500
) -> Futures:
    """Let everybody go on at paces drawn from what remains uncertain of them, on fixed goalposts.

    Args:
        points: regions × indicators today, no NaN; they saturate where the scale ends, or where they lie beyond.
        moving: everybody's paces.
        scoring: points (… × regions × indicators) to scores (… × regions).
        rng: draws the futures.
        horizon: years looked ahead.
        drawn: how many futures.

    Returns:
        Ranks of all regions in every year of every future.

    Raises:
        MethodError: points are missing, or horizon or futures are below 1.

    Source: simulation of linear paces with normal uncertainty; see `paces` and `trajectory`.

    >>> from beffroi.composite.paces import Paces
    >>> still = np.zeros((2, 1))
    >>> gain = np.array([[2.0], [0.0]])
    >>> moving = Paces(gain, still, gain, still, np.zeros(1), np.ones(1, dtype=bool))
    >>> seen = futures(np.array([[10.0], [15.0]]), moving, scoring=lambda p: p.mean(axis=-1),
    ...                rng=np.random.default_rng(1), horizon=5, drawn=10)
    >>> seen.arrival(0, wanted=1).median_year
    3.0
    """
    if np.isnan(points).any() or min(horizon, drawn) < 1:
        raise MethodError(
            f"{int(np.isnan(points).sum())} points are missing; horizon {horizon} and {drawn} futures were asked for. "
            "Impute first, and ask for at least 1 of each."
        )
    low, high = bounds(points, moving)
    paces = moving.shrunk + moving.spread * rng.standard_normal((drawn, *points.shape))
    ranks = np.empty((horizon + 1, drawn, points.shape[0]), dtype=np.int16)
    path = np.empty((horizon + 1, points.shape[0]))
    for year in range(horizon + 1):
        path[year] = scoring(np.clip(points + year * moving.shrunk, low, high))
        ranks[year] = rank(scoring(np.clip(points + year * paces, low, high)))
    return Futures(ranks, rank(path), path)
