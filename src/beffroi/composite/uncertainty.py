"""How sure is a rank: replay the index over thousands of defensible choices and count.

A scenario is one filling of the missing figures, one treatment, one normalisation, one mean over pillars and one
set of weights, read off a scrambled Sobol point. All points come from one seed before anything is computed and
every sum has a fixed order, so that results do not depend on the number of cores.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import qmc

from beffroi.composite.aggregate import LEAST_POINTS
from beffroi.composite.impute import draw_imputation
from beffroi.composite.normalise import normalise
from beffroi.composite.rank import rank
from beffroi.composite.sensitivity import choice
from beffroi.composite.treat import treat
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from beffroi.catalogue.schema import Aggregation, Index, UncertaintySpec
    from beffroi.composite.aggregate import Tree
    from beffroi.composite.build import Built

CHOICES = 4  # imputation, treatment, normalisation, mean: the first coordinates of a point
BLOCK = 256  # scenarios scored at once: bounds memory at BLOCK × pillars × regions


@dataclass(frozen=True, slots=True)
class Draws:
    """The choices of every scenario: four category numbers and two tables of weights (rows sum to 1)."""

    imputation: npt.NDArray[np.intp]
    treatment: npt.NDArray[np.intp]
    normalisation: npt.NDArray[np.intp]
    aggregation: npt.NDArray[np.intp]
    pillar_weights: npt.NDArray[np.float64]
    indicator_weights: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scenarios:
    """Ranks and scores of every region (columns) in every scenario (rows), with the choices made."""

    regions: tuple[str, ...]
    draws: Draws
    ranks: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float64]


def draw(spec: UncertaintySpec, shape: Tree) -> Draws:
    """Read the choices of each scenario off a scrambled Sobol sequence.

    Args:
        spec: how many scenarios (a power of two), the seed, and what may vary.
        shape: nominal weights; each is multiplied by a uniform factor in 1 ± spread and rescaled in its group.

    Returns:
        `spec.scenarios` rows of choices; the same seed gives the same rows.

    Source: Saisana, Saltelli & Tarantola (2005), doi:10.1111/j.1467-985X.2005.00350.x; Owen (1998) scrambling.
    """
    dimensions = CHOICES + len(shape.pillars) + len(shape.indicator_weights)
    sampler = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(spec.seed))
    return draws_at(sampler.random(spec.scenarios), spec, shape)


def draws_at(u: npt.NDArray[np.float64], spec: UncertaintySpec, shape: Tree) -> Draws:
    """Read the choices of each scenario off given points of the unit cube.

    Args:
        u: scenarios × (4 + pillars + indicators), in [0, 1).
        spec: what may vary.
        shape: nominal weights.

    Returns:
        One row of choices a scenario; weights sum to 1 in each group.

    Raises:
        MethodError: the points do not have one column a choice and weight.
    """
    pillars, indicators = len(shape.pillars), len(shape.indicator_weights)
    if u.shape[1] != CHOICES + pillars + indicators:
        raise MethodError(
            f"Points have {u.shape[1]} coordinates; {CHOICES} choices, {pillars} pillars and {indicators} indicators "
            f"need {CHOICES + pillars + indicators}. Lay the design out for this index."
        )
    sizes = (spec.imputation_draws, len(spec.treatments), len(spec.normalisations), len(spec.aggregations))
    imputation, treatment, normalisation, mean = (choice(u[:, k], max(1, size)) for k, size in enumerate(sizes))
    pillar_weights = shape.pillar_weights * (1 + spec.pillar_spread * (2 * u[:, CHOICES : CHOICES + pillars] - 1))
    weights = shape.indicator_weights * (1 + spec.indicator_spread * (2 * u[:, CHOICES + pillars :] - 1))
    for columns in shape.members:
        weights[:, columns] /= weights[:, columns].sum(axis=1, keepdims=True)
    pillar_weights /= pillar_weights.sum(axis=1, keepdims=True)
    return Draws(imputation, treatment, normalisation, mean, pillar_weights, weights)


def run(built: Built, index: Index, *, workers: int = 1, progress: Callable[[int], None] | None = None) -> Scenarios:
    """Score and rank every region in every scenario.

    Args:
        built: the nominal build; its screening is kept, all later steps are replayed.
        index: the uncertainty specification and the pillar structure.
        workers: threads; the results do not depend on it.
        progress: called with the number of scenarios just done.

    Returns:
        Scenarios × regions.

    Raises:
        MethodError: a step cannot be applied to these figures.
    """
    spec = index.uncertainty
    draws = draw(spec, built.shape)
    points = points_of_each_choice(built, spec)
    n = len(built.regions)
    scores = np.empty((spec.scenarios, n))
    ranks = np.empty((spec.scenarios, n), dtype=np.int32)
    groups = np.stack([draws.imputation, draws.treatment, draws.normalisation, draws.aggregation], axis=1)
    jobs = [
        (choice, rows[start : start + BLOCK])
        for choice, rows in rows_by_choice(groups)
        for start in range(0, rows.size, BLOCK)
    ]

    def do(job: tuple[tuple[int, ...], npt.NDArray[np.intp]]) -> int:
        (imputation, treatment, normalisation, aggregation), rows = job
        z = points[imputation, treatment, normalisation]
        scores[rows] = score_scenarios(z, built.shape, draws, rows, method=spec.aggregations[aggregation])
        ranks[rows] = rank(scores[rows])
        return int(rows.size)

    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        for done in pool.map(do, jobs):
            if progress is not None:
                progress(done)
    return Scenarios(built.regions, draws, ranks, scores)


def points_of_each_choice(built: Built, spec: UncertaintySpec) -> dict[tuple[int, int, int], npt.NDArray[np.float64]]:
    """Normalise once for each filling × treatment × normalisation; filling 0 is the nominal one."""
    seeds = np.random.SeedSequence(spec.seed).spawn(max(1, spec.imputation_draws))
    fillings = [built.imputed.matrix] + [
        draw_imputation(built.screened.matrix, built.countries, rng=np.random.default_rng(seed)).matrix
        for seed in seeds[1:]
    ]
    return {
        (i, t, k): normalise(treated, built.directions, method=method).values
        for i, filling in enumerate(fillings)
        for t, treatment in enumerate(spec.treatments)
        for treated in (treat(filling, method=treatment).matrix,)
        for k, method in enumerate(spec.normalisations)
    }


def rows_by_choice(groups: npt.NDArray[np.intp]) -> list[tuple[tuple[int, ...], npt.NDArray[np.intp]]]:
    """Return each combination of choices (rows of `groups`) with the scenarios that made it."""
    kinds, number = np.unique(groups, axis=0, return_inverse=True)
    return [(tuple(map(int, kind)), np.flatnonzero(number.ravel() == k)) for k, kind in enumerate(kinds)]


def score_scenarios(
    z: npt.NDArray[np.float64], shape: Tree, draws: Draws, rows: npt.NDArray[np.intp], *, method: Aggregation
) -> npt.NDArray[np.float64]:
    """Score every region (columns) in the scenarios `rows` that share the points `z` and the mean `method`."""
    # einsum without BLAS: its order of additions does not depend on the number of threads.
    total = np.zeros((rows.size, z.shape[0]))
    for k, columns in enumerate(shape.members):
        pillar = np.einsum("mj,nj->mn", draws.indicator_weights[np.ix_(rows, columns)], z[:, columns])
        weight = draws.pillar_weights[rows, k][:, None]
        total += weight * _into[method](pillar)
    return _out_of[method](total)


def _same(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return x


def _log(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(np.log(np.maximum(x, LEAST_POINTS)))


def _exp(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(np.exp(x))


def _inverse(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(1.0 / np.maximum(x, LEAST_POINTS))


def _back(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(1.0 / x)


# A mean over pillars is a sum of transformed pillars, transformed back.
_into = {"arithmetic": _same, "geometric": _log, "harmonic": _inverse}
_out_of = {"arithmetic": _same, "geometric": _exp, "harmonic": _back}
