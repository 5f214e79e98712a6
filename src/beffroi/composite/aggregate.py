"""Weights and means: from indicators to pillars, from pillars to the index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.means import mean_inverse, mean_log, mean_sum
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.catalogue.schema import Aggregation, Index

LEAST_POINTS = 1.0  # a geometric or harmonic mean needs points above zero


@dataclass(frozen=True, slots=True)
class Tree:
    """Which column belongs to which pillar, with weights that sum to 1 in each pillar and over pillars."""

    pillars: tuple[str, ...]
    members: tuple[npt.NDArray[np.intp], ...]
    pillar_weights: npt.NDArray[np.float64]
    indicator_weights: npt.NDArray[np.float64]

    @property
    def effective(self) -> npt.NDArray[np.float64]:
        """Each indicator's share of the whole index; the shares sum to 1."""
        out = np.zeros_like(self.indicator_weights)
        for weight, columns in zip(self.pillar_weights, self.members, strict=True):
            out[columns] = weight * self.indicator_weights[columns]
        return out


def tree(index: Index, indicators: Sequence[str]) -> Tree:
    """Weigh the indicators that remain after screening; a pillar that lost all of them is left out.

    Args:
        index: the definition with its weights (not negative).
        indicators: columns of the matrix, in order.

    Returns:
        The tree over these columns, weights rescaled to sum to 1 inside each pillar and over pillars.

    Raises:
        MethodError: no pillar of the index has an indicator left, or the weights left are all zero.

    Source: OECD/JRC (2008), Handbook, section 1.6.
    """
    place = {name: number for number, name in enumerate(indicators)}
    kept = [(one, [i for i in one.indicators if i in place]) for one in index.pillars]
    kept = [(one, names) for one, names in kept if sum(one.indicators[i] for i in names) * one.weight > 0]
    if not kept:
        raise MethodError(
            f"Index '{index.id}' has no indicator with a positive weight among {', '.join(indicators) or 'none'}. "
            "Give at least one pillar an indicator that passes the screening."
        )
    weights = np.zeros(len(indicators))
    for pillar, names in kept:
        total = sum(pillar.indicators[i] for i in names)
        for name in names:
            weights[place[name]] = pillar.indicators[name] / total
    pillar_weights = np.array([one.weight for one, _ in kept], dtype=float)
    return Tree(
        tuple(one.id for one, _ in kept),
        tuple(np.array([place[i] for i in names], dtype=np.intp) for _, names in kept),
        pillar_weights / pillar_weights.sum(),
        weights,
    )


def arithmetic(values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the weighted mean over the last axis; `weights` sum to 1. Weak points are made up for by strong ones.

    >>> arithmetic(np.array([[20.0, 80.0]]), np.array([0.5, 0.5])).tolist()
    [50.0]
    """
    return mean_sum(values, weights)


def geometric(values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the weighted geometric mean over the last axis, points below 1 counting as 1.

    >>> geometric(np.array([[20.0, 80.0]]), np.array([0.5, 0.5])).round(6).tolist()
    [40.0]
    """
    return mean_log(np.maximum(values, LEAST_POINTS), weights)


def harmonic(values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the weighted harmonic mean over the last axis, points below 1 counting as 1.

    >>> harmonic(np.array([[20.0, 80.0]]), np.array([0.5, 0.5])).round(6).tolist()
    [32.0]
    """
    return mean_inverse(np.maximum(values, LEAST_POINTS), weights)


def aggregate(
    points: npt.NDArray[np.float64], shape: Tree, *, method: Aggregation
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Aggregate normalised indicators into pillars (arithmetic mean) and pillars into the index (`method`).

    Args:
        points: regions × indicators, no NaN.
        shape: pillars, members and weights.
        method: mean over pillars; a geometric or harmonic one lets a weak pillar weigh more.

    Returns:
        Pillar scores (regions × pillars) and index scores (regions), in points.

    Source: OECD/JRC (2008), Handbook, section 1.6.3 (compensability).
    """
    pillars = np.stack(
        [arithmetic(points[:, columns], shape.indicator_weights[columns]) for columns in shape.members],
        axis=1,
    )
    mean = {"arithmetic": arithmetic, "geometric": geometric, "harmonic": harmonic}[method]
    return pillars, mean(pillars, shape.pillar_weights)
