"""«Your rank hangs on …»: which choice of the index moves the rank of each region.

The six choices of the uncertainty analysis (imputation, treatment, normalisation, mean over pillars, pillar weights,
indicator weights) are the groups of a Sobol design; all weights of a level count as one choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.rank import rank
from beffroi.composite.sensitivity import SobolIndices, design, sobol_indices
from beffroi.composite.uncertainty import (
    BLOCK,
    CHOICES,
    draws_at,
    points_of_each_choice,
    rows_by_choice,
    score_scenarios,
)
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.catalogue.schema import Index
    from beffroi.composite.build import Built

    Floats = npt.NDArray[np.float64]

FACTORS = ("imputation", "treatment", "normalisation", "aggregation", "pillar_weights", "indicator_weights")


@dataclass(frozen=True, slots=True)
class RankSensitivity:
    """Shares of the variance of every region's rank by choice.

    `by_region` factors × regions; `overall` factors × 1, for the mean absolute change of rank. `ranks` scenarios ×
    regions are all those that were computed.
    """

    factors: tuple[str, ...]
    regions: tuple[str, ...]
    by_region: SobolIndices
    overall: SobolIndices
    ranks: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Hang:
    """One choice that a rank hangs on: its total share of the variance, with interval, and its share alone."""

    factor: str
    total: float
    low: float
    high: float
    first: float


def scores_at(built: Built, index: Index, u: Floats) -> Floats:
    """Score every region in the scenario that each point of the unit cube stands for.

    Args:
        built: the nominal build; its screening is kept.
        index: the uncertainty specification.
        u: scenarios × (4 + pillars + indicators), in [0, 1).

    Returns:
        Scenarios × regions, in points of the scenario's own scale.

    Raises:
        MethodError: the points have a wrong shape, or a step cannot be applied to these figures.
    """
    spec = index.uncertainty
    draws = draws_at(u, spec, built.shape)
    points = points_of_each_choice(built, spec)
    scores = np.empty((u.shape[0], len(built.regions)))
    groups = np.stack([draws.imputation, draws.treatment, draws.normalisation, draws.aggregation], axis=1)
    for (imputation, treatment, normalisation, mean), rows in rows_by_choice(groups):
        z = points[imputation, treatment, normalisation]
        for start in range(0, rows.size, BLOCK):
            some = rows[start : start + BLOCK]
            scores[some] = score_scenarios(z, built.shape, draws, some, method=spec.aggregations[mean])
    return scores


def rank_sensitivity(built: Built, index: Index, n: int, *, rng: np.random.Generator) -> RankSensitivity:
    """Split the variance of every region's rank, and of the mean absolute change of rank, among the six choices.

    Args:
        built: the nominal build.
        index: what may vary.
        n: base points, a power of two; 8 · n scenarios are computed.
        rng: source of randomness.

    Returns:
        Sobol indices with bootstrap intervals. A choice without alternatives has share 0.

    Raises:
        MethodError: n is no power of two, or a step cannot be applied.

    Source: Saisana, Saltelli & Tarantola (2005), doi:10.1111/j.1467-985X.2005.00350.x.
    """
    pillars, indicators = len(built.shape.pillars), len(built.shape.indicator_weights)
    ends = np.cumsum([CHOICES, pillars, indicators])
    groups = [*([k] for k in range(CHOICES)), list(range(CHOICES, ends[1])), list(range(ends[1], ends[2]))]
    laid_out = design(groups, n, rng=rng)
    ranks = rank(scores_at(built, index, laid_out.points))
    change = np.abs(ranks - built.ranks).mean(axis=1)
    both = sobol_indices(np.column_stack([ranks, change]), laid_out, rng=rng)
    return RankSensitivity(FACTORS, built.regions, _columns(both, slice(-1)), _columns(both, slice(-1, None)), ranks)


def hangs_on(result: RankSensitivity, region: str) -> tuple[Hang, ...]:
    """List the choices that one region's rank hangs on, most first; empty when its rank never changes.

    Raises:
        MethodError: the region is not ranked.
    """
    if region not in result.regions:
        raise MethodError(f"Region '{region}' is not among the {len(result.regions)} that are ranked. Ask for one.")
    k = result.regions.index(region)
    s = result.by_region
    if np.isnan(s.total[:, k]).any():
        return ()
    order = np.argsort(-s.total[:, k], kind="stable")
    return tuple(
        Hang(
            result.factors[f],
            float(s.total[f, k]), float(s.total_low[f, k]), float(s.total_high[f, k]), float(s.first[f, k]),
        )
        for f in order
    )  # fmt: skip


def _columns(s: SobolIndices, kept: slice) -> SobolIndices:
    return SobolIndices(
        s.first[:, kept], s.total[:, kept], s.first_low[:, kept], s.first_high[:, kept],
        s.total_low[:, kept], s.total_high[:, kept], s.variance[kept],
    )  # fmt: skip
