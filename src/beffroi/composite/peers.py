"""Whom to compare with: regions alike in what they cannot change, and what the best of them reach.

Size, density, the mix of activities or a border set a region's frame; performance must stay out, or the peers of a
weak region would all be weak.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.matrix import IndicatorMatrix

    Floats = npt.NDArray[np.float64]

TAMED = 0.025  # share winsorised at each end, so that one capital does not set the scale
BEST = 0.9


@dataclass(frozen=True, slots=True)
class Peers:
    """The peers of each region, nearest first.

    `rows` and `distances` regions × k; `mutual` where both choose each other. Distances are in standard deviations
    of the common scatter, comparable between regions.
    """

    regions: tuple[str, ...]
    rows: npt.NDArray[np.intp]
    distances: Floats
    mutual: npt.NDArray[np.bool_]

    def of(self, region: str) -> tuple[tuple[str, float], ...]:
        """Return one region's peers with their distances, nearest first."""
        if region not in self.regions:
            raise MethodError(f"Region '{region}' has no structural figures. Ask for one of {len(self.regions)}.")
        row = self.regions.index(region)
        return tuple(
            (self.regions[k], float(d)) for k, d in zip(self.rows[row], self.distances[row], strict=True) if k >= 0
        )


@dataclass(frozen=True, slots=True)
class BestPeer:
    """Per indicator: `reachable` the 90th percentile among the peers, and the `row` of the peer nearest to it.

    NaN and −1 where no peer has a figure.
    """

    reachable: Floats
    row: npt.NDArray[np.intp]


def ledoit_wolf(x: Floats) -> tuple[Floats, float]:
    """Return a covariance that can always be inverted: the sample's, drawn towards equal and unrelated variables.

    Args:
        x: observations × variables, no NaN.

    Returns:
        The covariance (divided by n) and the share of the way it was drawn (0..1).

    Raises:
        MethodError: fewer than two observations.

    Source: Ledoit & Wolf (2004), doi:10.1016/S0047-259X(03)00096-4.

    >>> covariance, share = ledoit_wolf(np.array([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]]))
    >>> covariance.tolist(), share
    ([[1.0, 0.0], [0.0, 1.0]], 0.0)
    """
    n, p = x.shape
    if n < 2:  # noqa: PLR2004 -- one observation does not vary
        raise MethodError(f"{n} observations were given; a covariance needs at least two. Give more regions.")
    centred = x - x.mean(axis=0)
    sample = centred.T @ centred / n
    level = float(np.trace(sample)) / p
    target = level * np.eye(p)
    distance = float(((sample - target) ** 2).sum()) / p
    squares = centred**2
    noise = float((squares.T @ squares / n - sample**2).sum()) / (n * p)
    share = min(noise, distance) / distance if distance > 0 else 0.0
    return share * target + (1 - share) * sample, share


def structural_peers(structure: IndicatorMatrix, *, k: int = 10, most_distance: float = np.inf) -> Peers:
    """Find the k regions most alike in structure, by Mahalanobis distance with a shrunk covariance.

    Args:
        structure: regions × structural variables (logarithms of sizes, shares …), no NaN. Each is winsorised at
            2.5 % and 97.5 % and standardised first.
        k: peers wanted; fewer if there are not so many regions.
        most_distance: a peer further away is left out (row −1, distance NaN).

    Returns:
        Rows and distances, nearest first; equal distances keep the order of regions.

    Raises:
        MethodError: a figure is missing, a variable never varies, or k is below 1.

    Source: Mahalanobis (1936); Ledoit & Wolf (2004), doi:10.1016/S0047-259X(03)00096-4.

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> table = IndicatorMatrix(("a", "b", "c"), ("x",), np.array([[0.0], [1.0], [10.0]]))
    >>> structural_peers(table, k=1).of("a")[0][0]
    'b'
    """
    values, n = structure.values, len(structure.regions)
    holes = np.argwhere(np.isnan(values))
    if holes.size:
        i, j = holes[0]
        raise MethodError(
            f"Region '{structure.regions[i]}' has no figure for '{structure.indicators[j]}'; a distance needs all. "
            "Leave the region or the variable out."
        )
    if k < 1:
        raise MethodError(f"{k} peers were asked for. Ask for at least 1.")
    low, high = np.quantile(values, (TAMED, 1 - TAMED), axis=0)
    tamed = np.clip(values, low, high)
    deviation = tamed.std(axis=0)
    flat = np.flatnonzero(deviation == 0)
    if flat.size:
        raise MethodError(f"'{structure.indicators[flat[0]]}' is the same nearly everywhere. Leave it out.")
    z = (tamed - tamed.mean(axis=0)) / deviation
    root = np.linalg.cholesky(np.linalg.inv(ledoit_wolf(z)[0]))
    turned = z @ root
    distance = np.sqrt(((turned[:, None, :] - turned[None, :, :]) ** 2).sum(axis=2))
    np.fill_diagonal(distance, np.inf)
    rows = np.argsort(distance, axis=1, kind="stable")[:, : min(k, n - 1)]
    near = np.take_along_axis(distance, rows, axis=1)
    kept = near <= most_distance
    rows = np.where(kept, rows, -1)
    chosen = np.zeros((n, n + 1), dtype=bool)  # the last column takes the −1
    np.put_along_axis(chosen, rows % (n + 1), values=True, axis=1)
    both = chosen[:, :n] & chosen[:, :n].T
    mutual = np.take_along_axis(both, np.maximum(rows, 0), axis=1) & kept
    return Peers(structure.regions, rows, np.where(kept, near, np.nan), mutual)


def hellinger(shares: Floats) -> Floats:
    """Turn shares (rows sum to 1) into variables whose Euclidean distance is that of Hellinger, 0..1.

    For a mix of activities: pass the result as structural variables.

    Source: Hellinger (1909), doi:10.1515/crll.1909.136.210.

    >>> v = hellinger(np.array([[1.0, 0.0], [0.0, 1.0]]))
    >>> round(float(np.linalg.norm(v[0] - v[1])), 9)
    1.0
    """
    if (shares < 0).any() or not np.allclose(shares.sum(axis=1), 1):
        raise MethodError("Shares must be at least 0 and add up to 1 in each region. Divide each row by its sum.")
    return np.asarray(np.sqrt(shares / 2))


def best_peer(points: Floats, rows: npt.NDArray[np.intp], *, quantile: float = BEST) -> BestPeer:
    """Return what the best of a region's peers reach on each indicator.

    Args:
        points: regions × indicators, more is better; NaN where missing.
        rows: the peers (−1 is left out).
        quantile: what counts as reachable.

    Returns:
        The quantile and the peer nearest to it, an example to visit.

    >>> b = best_peer(np.array([[1.0], [5.0], [9.0]]), np.array([1, 2]), quantile=1.0)
    >>> b.reachable.tolist(), b.row.tolist()
    ([9.0], [2])
    """
    rows = rows[rows >= 0]
    reachable = np.full(points.shape[1], np.nan)
    nearest = np.full(points.shape[1], -1, dtype=np.intp)
    for column in range(points.shape[1]):
        seen = rows[~np.isnan(points[rows, column])]
        if seen.size:
            reachable[column] = np.quantile(points[seen, column], quantile)
            nearest[column] = seen[np.argmin(np.abs(points[seen, column] - reachable[column]))]
    return BestPeer(reachable, nearest)
