"""What thousands of scenarios say of each region: interval, chances, and who is clearly above whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.uncertainty import Scenarios

LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
CLEARLY = 0.95


@dataclass(frozen=True, slots=True)
class RankInterval:
    """Per region: the rank at the 5th, 50th and 95th percentile of scenarios."""

    low: npt.NDArray[np.int32]
    median: npt.NDArray[np.int32]
    high: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class TopChance:
    """Per region: share of scenarios within the first `k`, and its Monte-Carlo standard error."""

    k: int
    p: npt.NDArray[np.float64]
    standard_error: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RobustBounds:
    """Per region: best and worst rank when only regions clearly above or below are counted."""

    best: npt.NDArray[np.int32]
    worst: npt.NDArray[np.int32]


def rank_interval(scenarios: Scenarios) -> RankInterval:
    """Return the ranks that hold each region in nine scenarios of ten.

    Quantiles are ranks really reached (inverse of the distribution), so always whole numbers.

    Source: OECD/JRC (2008), Handbook, section 1.7 (uncertainty analysis).
    """
    low, median, high = np.quantile(scenarios.ranks, (LOW, MIDDLE, HIGH), axis=0, method="inverted_cdf")
    return RankInterval(low.astype(np.int32), median.astype(np.int32), high.astype(np.int32))


def top_chance(scenarios: Scenarios, k: int) -> TopChance:
    """Return P(R ≤ k) for each region with the standard error √(p(1 − p)/M) of M scenarios."""
    p = (scenarios.ranks <= k).mean(axis=0)
    return TopChance(k, p, np.sqrt(p * (1 - p) / scenarios.ranks.shape[0]))


def share_at(scenarios: Scenarios, ranks: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """Return the share of scenarios in which each region has exactly the rank given."""
    return np.asarray((scenarios.ranks == ranks).mean(axis=0))


def pairwise_above(scenarios: Scenarios, *, workers: int = 1) -> npt.NDArray[np.float32]:
    """Return P[i, k]: the share of scenarios in which region i is above region k, ties counting half.

    P[i, k] + P[k, i] = 1, and the diagonal is 0.5. Cost: scenarios × regions².

    Source: Lahdelma, Hokkanen & Salminen (1998), SMAA, doi:10.1016/S0377-2217(97)00163-X.
    """
    ranks = np.ascontiguousarray(scenarios.ranks.T.astype(np.int16))
    n, m = ranks.shape
    out = np.full((n, n), 0.5, dtype=np.float32)

    def against_all(i: int) -> None:
        others = ranks[i + 1 :]
        above = np.count_nonzero(ranks[i] < others, axis=1)
        ties = np.count_nonzero(ranks[i] == others, axis=1)
        p = (above + 0.5 * ties) / m
        out[i, i + 1 :] = p
        out[i + 1 :, i] = 1 - p

    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        list(pool.map(against_all, range(n - 1)))
    return out


def robust_bounds(pairwise: npt.NDArray[np.float32]) -> RobustBounds:
    """Count only regions clearly above (best) or clearly below (worst), at probability 0.95.

    Args:
        pairwise: regions × regions, share of scenarios in which the row is above the column.

    Returns:
        best = 1 + #{k: P(k above i) ≥ 0.95}; worst = n − #{k: P(i above k) ≥ 0.95}.

    >>> b = robust_bounds(np.array([[0.5, 0.99, 0.6], [0.01, 0.5, 0.2], [0.4, 0.8, 0.5]], dtype=np.float32))
    >>> b.best.tolist(), b.worst.tolist()
    ([1, 2, 1], [2, 3, 3])
    """
    clearly_above = pairwise >= CLEARLY
    best = 1 + clearly_above.sum(axis=0)
    worst = pairwise.shape[0] - clearly_above.sum(axis=1)
    return RobustBounds(best.astype(np.int32), worst.astype(np.int32))


def score_interval(
    scenarios: Scenarios, *, normalisation: int, aggregation: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the 5th and 95th percentile of scores among scenarios on one scale and one mean.

    Scores of different scales cannot be compared, so only scenarios with the given (nominal) normalisation and
    aggregation count; weights, treatment and imputation vary.
    """
    draws = scenarios.draws
    rows = (draws.normalisation == normalisation) & (draws.aggregation == aggregation)
    low, high = np.quantile(scenarios.scores[rows], (LOW, HIGH), axis=0)
    return low, high
