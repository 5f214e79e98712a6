"""What thousands of scenarios of a composite index say of every unit: ranks, chances, pairs, central weights."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.composite.acceptability import Acceptability, CentralWeights
from beffroi.composite.robustness import RobustBounds, TopChance
from beffroi.composite.show import Shown, bars_svg
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from beffroi.composite.draws import Draws, Setup, SobolDraws

    Floats = npt.NDArray[np.float64]

Quantile = Literal["inverted_cdf", "linear"]
LOW, HIGH = 0.05, 0.95
CLEARLY = 0.95
TOGETHER = 512  # units counted at once


@dataclass(frozen=True, slots=True)
class UncertaintyResult(Shown):
    """Counts over all scenarios, by unit of the coin, from which every answer is read.

    `counts` units × (units + 1): scenarios in which the unit has the rank of the column; column 0 counts those in which
    it has no index (screened out, or without figures). `nominal_ranks` and `nominal_scores` are the recipe's own, NaN
    where missing. `above` units × units counts scenarios in which the row's unit is above the column's, ties a half;
    `central` maps k to the sums of effective weights over scenarios that put the unit among the first k; `ranks` and
    `scores` (scenarios × units) are there if they were to be kept. `draws` gives every scenario's choices again.
    """

    setup: Setup
    seed: int
    scenarios: int
    units: tuple[str, ...]
    nominal_ranks: Floats
    nominal_scores: Floats
    counts: npt.NDArray[np.int32]
    draws: Draws | SobolDraws
    above: Floats | None = None
    central: Mapping[int, Floats] = field(default_factory=dict)
    ranks: npt.NDArray[np.int32] | None = None
    scores: Floats | None = None

    @property
    def ranked(self) -> Floats:
        """Share of scenarios in which each unit has an index."""
        return np.asarray(1 - self.counts[:, 0] / self.scenarios)

    @property
    def mean(self) -> Floats:
        """Mean rank over the scenarios in which the unit has one."""
        seen, ranks = self._seen, np.arange(1, self.counts.shape[1], dtype=float)
        sums = np.concatenate([part @ ranks for part in _parts(self.counts)])
        return np.asarray(np.divide(sums, seen, out=np.full(seen.shape, np.nan), where=seen > 0))

    @property
    def _seen(self) -> npt.NDArray[np.int64]:
        return self.scenarios - self.counts[:, 0].astype(np.int64)

    @property
    def median(self) -> Floats:
        """Median rank: a rank really reached."""
        return self.quantile(0.5)

    def quantile(self, level: float, *, method: Quantile = "inverted_cdf") -> Floats:
        """Return the rank at a quantile, for each unit over the scenarios in which it has one; NaN if none.

        Args:
            level: 0..1.
            method: `inverted_cdf` gives a rank really reached; `linear` interpolates, as R and COINr do.

        Raises:
            MethodError: the level is outside 0..1.
        """
        if not 0 <= level <= 1:
            raise MethodError(f"A quantile lies in 0..1, not at {level:g}. Ask for 0.05 to get the fifth percentile.")
        counts, seen = self.counts, self._seen
        if method == "inverted_cdf":
            # Floor with a little room: 0.05 × 100 is a hair above 5.
            found = _nth(counts, np.maximum(np.ceil(level * seen - 1e-9) - 1, 0))
        else:
            place = level * (seen - 1)
            low = np.floor(place + 1e-9)
            part = np.maximum(place - low, 0.0)
            found = (1 - part) * _nth(counts, low) + part * _nth(counts, np.minimum(low + 1, seen - 1))
        return np.asarray(np.where(seen > 0, found, np.nan))

    def interval(self, share: float = HIGH - LOW) -> tuple[Floats, Floats]:
        """Return the ranks that hold the middle `share` of scenarios: for 0.9 the 5th and 95th percentile."""
        return self.quantile((1 - share) / 2), self.quantile((1 + share) / 2)

    def top_chance(self, k: int) -> TopChance:
        """Return P(R ≤ k) of each unit over all scenarios, with the standard error √(p(1 − p)/M).

        A scenario in which the unit has no index counts as not reached.
        """
        p = self.counts[:, 1 : k + 1].sum(axis=1) / self.scenarios
        return TopChance(k, p, np.sqrt(p * (1 - p) / self.scenarios))

    def acceptability(self) -> Acceptability:
        """Return the share of scenarios in which each unit (rows) has each rank (columns, from 1).

        Source: Lahdelma & Salminen (2001), SMAA-2, doi:10.1287/opre.49.3.444.11220.
        """
        share = self.counts[:, 1:] / self.scenarios
        return Acceptability(share, np.sqrt(share * (1 - share) / self.scenarios))

    def central_weights(self, k: int = 1) -> CentralWeights:
        """Return the mean effective weights of indicators over the scenarios that put the unit among the first k.

        Raises:
            MethodError: the run was not asked to collect them for this k.
        """
        if k not in self.central:
            raise MethodError(
                f"Central weights were summed for k in {sorted(self.central)}, not for {k}. Ask by `Collect(top=…)`."
            )
        count = self.counts[:, 1 : k + 1].sum(axis=1, dtype=np.int64)
        sums = self.central[k]
        mean = np.full(sums.shape, np.nan)
        np.divide(sums, count[:, None], out=mean, where=count[:, None] > 0)
        return CentralWeights(k, mean, count)

    def pairwise(self) -> npt.NDArray[np.float32]:
        """Return P[i, k], the share of scenarios in which unit i is above unit k; ties and absences count half.

        NaN between different years of a panel.

        Raises:
            MethodError: the run was not asked to count pairs.
        """
        if self.above is None:
            raise MethodError("Pairs were not counted. Ask for them by `Collect(pairs=True)`.")
        return np.asarray(self.above / self.scenarios, dtype=np.float32)

    def bounds(self, *, clearly: float = CLEARLY) -> RobustBounds:
        """Count only units above (best) or below (worst) in at least the share `clearly` of scenarios.

        Returns:
            best = 1 + #{k: P(k above i) ≥ clearly}; worst = n − #{k: P(i above k) ≥ clearly}, n units of the same year.
        """
        p = self.pairwise()
        peers = (~np.isnan(p)).sum(axis=1)
        sure = p >= np.float32(clearly)
        return RobustBounds((1 + sure.sum(axis=0)).astype(np.int32), (peers - sure.sum(axis=1)).astype(np.int32))

    def to_columns(self) -> dict[str, list[object]]:
        """Return `columns()`, for frames and notebooks."""
        return self.columns()

    def picture(self) -> str:
        """Draw the median rank of each unit with the middle nine tenths of its ranks, best first: an SVG."""
        low, high = self.interval()
        order = np.argsort(np.where(np.isnan(self.median), np.inf, self.median), kind="stable")
        times = self.setup.coin.times
        labels = [self.units[k] + (f" {times[k]:g}" if times else "") for k in order]
        return bars_svg(
            labels, self.median[order].tolist(), title="Median rank with the 5th and 95th percentile, best first",
            low=low[order].tolist(), high=high[order].tolist(),
        )  # fmt: skip

    def columns(self, *, top: tuple[int, ...] = (5, 10)) -> dict[str, list[object]]:
        """Return plain columns, one row a unit in the coin's order, for a table or file; None where missing."""
        low, high = self.interval()
        out: dict[str, list[object]] = {"unit": list(self.units)}
        if self.setup.coin.times:
            out["time"] = list(self.setup.coin.times)
        numbers = {
            "score": self.nominal_scores, "rank": self.nominal_ranks, "mean": self.mean, "median": self.median,
            "q05": low, "q95": high, "ranked": self.ranked,
        }  # fmt: skip
        for k in top:
            chance = self.top_chance(k)
            numbers |= {f"p_top_{k}": chance.p, f"se_top_{k}": chance.standard_error}
        if self.above is not None:
            bounds = self.bounds()
            numbers |= {"best_robust": bounds.best.astype(float), "worst_robust": bounds.worst.astype(float)}
        whole = ("rank", "median", "q05", "q95", "best_robust", "worst_robust")
        for name, values in numbers.items():
            out[name] = [
                None if np.isnan(one) else int(one) if name in whole else float(one) for one in values.tolist()
            ]
        return out


def _parts(counts: npt.NDArray[np.int32]) -> list[npt.NDArray[np.int32]]:
    """The counts of ranks (without column 0), some units at a time: their wider copies stay small."""
    return [counts[start : start + TOGETHER, 1:] for start in range(0, len(counts), TOGETHER)]


def _nth(counts: npt.NDArray[np.int32], place: Floats) -> Floats:
    """The rank of the `place`-th scenario (from 0) in the order of ranks, for each unit."""
    parts = zip(_parts(counts), np.array_split(place, range(TOGETHER, len(counts), TOGETHER)), strict=True)
    return np.concatenate([(part.cumsum(axis=1) <= at[:, None]).sum(axis=1) + 1.0 for part, at in parts])
