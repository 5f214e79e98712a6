"""Which weights would put a region first, and how often does it hold each rank (SMAA-2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.aggregate import Tree
    from beffroi.composite.uncertainty import Draws

    Floats = npt.NDArray[np.float64]
    Ranks = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Acceptability:
    """`share` regions × ranks: share of scenarios in which the row's region has the column's rank (first is rank 1).

    `standard_error` is the Monte-Carlo one, same shape.
    """

    share: Floats
    standard_error: Floats


@dataclass(frozen=True, slots=True)
class CentralWeights:
    """`weights` regions × indicators: mean weights of the scenarios that put the region among the first `k`.

    NaN for a region that no scenario puts there; `scenarios` counts them.
    """

    k: int
    weights: Floats
    scenarios: npt.NDArray[np.int64]


def acceptability(ranks: Ranks) -> Acceptability:
    """Count how often each region has each rank.

    Args:
        ranks: scenarios × regions, 1 is best, equal scores share the better rank.

    Returns:
        Rows sum to 1; columns do too unless regions tie.

    Raises:
        MethodError: there is no scenario.

    Source: Lahdelma & Salminen (2001), SMAA-2, doi:10.1287/opre.49.3.444.11220.

    >>> acceptability(np.array([[1, 2], [1, 2], [2, 1], [1, 2]], dtype=np.int32)).share.tolist()
    [[0.75, 0.25], [0.25, 0.75]]
    """
    m, n = ranks.shape
    if m == 0:
        raise MethodError("No scenario was given, so no rank has a share. Run at least one.")
    places = np.arange(n) * n + (ranks - 1)
    share = np.bincount(places.ravel(), minlength=n * n).reshape(n, n) / m
    return Acceptability(share, np.sqrt(share * (1 - share) / m))


def central_weights(ranks: Ranks, weights: Floats, *, k: int = 1) -> CentralWeights:
    """Average the weights of the scenarios in which a region is among the first `k`.

    Args:
        ranks: scenarios × regions.
        weights: scenarios × indicators (effective weights, or any other level), rows sum to 1.
        k: 1 for the usual central weights.

    Returns:
        Who cares like this puts the region there; NaN where nobody does.

    Raises:
        MethodError: ranks and weights are not of the same scenarios, or k is below 1.

    Source: Lahdelma & Salminen (2001), doi:10.1287/opre.49.3.444.11220.

    >>> central_weights(np.array([[1, 2], [2, 1]]), np.array([[0.8, 0.2], [0.4, 0.6]])).weights.tolist()
    [[0.8, 0.2], [0.4, 0.6]]
    """
    if ranks.shape[0] != weights.shape[0] or k < 1:
        raise MethodError(
            f"{ranks.shape[0]} scenarios of ranks, {weights.shape[0]} of weights and k = {k} were given. Give the "
            "weights of the same scenarios, and k of at least 1."
        )
    inside = (ranks <= k).astype(float)
    count = inside.sum(axis=0)
    mean = np.full((ranks.shape[1], weights.shape[1]), np.nan)
    np.divide(inside.T @ weights, count[:, None], out=mean, where=count[:, None] > 0)
    return CentralWeights(k, mean, count.astype(np.int64))


def effective_weights(draws: Draws, shape: Tree) -> Floats:
    """Multiply pillar weights into indicator weights, scenario by scenario.

    Args:
        draws: the weights drawn for each scenario.
        shape: which indicators belong to which pillar.

    Returns:
        Scenarios × indicators; rows sum to 1. Exact shares for an arithmetic mean over pillars.

    >>> from beffroi.composite.aggregate import Tree
    >>> from beffroi.composite.uncertainty import Draws
    >>> tree = Tree(("p", "q"), (np.array([0]), np.array([1, 2])), np.array([0.5, 0.5]), np.array([1.0, 0.5, 0.5]))
    >>> no = np.zeros(1, dtype=np.intp)
    >>> drawn = Draws(no, no, no, no, np.array([[0.25, 0.75]]), np.array([[1.0, 0.2, 0.8]]))
    >>> effective_weights(drawn, tree).round(2).tolist()
    [[0.25, 0.15, 0.6]]
    """
    out = np.zeros_like(draws.indicator_weights)
    for number, columns in enumerate(shape.members):
        out[:, columns] = draws.indicator_weights[:, columns] * draws.pillar_weights[:, number : number + 1]
    return out
