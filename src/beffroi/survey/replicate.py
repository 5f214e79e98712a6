"""Standard errors by leaving units out in turn: for medians, and anything else that is no smooth function of totals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.survey.estimate import LEVEL, Estimate, student
from beffroi.survey.sampling import units_by_stratum
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from beffroi.survey.sampling import Design, Floats, Stage

FEWEST_DRAWS = 200
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Replicates:
    """`weights`: replicates × answers; `scale`: by what the squared difference of each is multiplied."""

    weights: Floats
    scale: Floats
    degrees_of_freedom: int


def jackknife(design: Design) -> Replicates:
    """Leave out each unit of the first stage in turn, and let the others of its stratum stand for it (JKn).

    Scale (n_h − 1) / n_h (1 − n_h / N_h). Right for totals, means, ratios and all that is made smoothly of them; not
    for medians, for which see `rescaled_bootstrap`.

    Raises:
        MethodError: a stratum with a single unit of several.

    Source: Rust and Rao (1996), Statistical Methods in Medical Research 5(3), 283–310, doi:10.1177/096228029600500305.

    >>> from beffroi.survey.sampling import design
    >>> jackknife(design(2, weights=[3.0, 5.0])).weights.tolist()
    [[0.0, 10.0], [6.0, 0.0]]
    """
    stage, drawn, fraction = _first_stage(design)
    _, first = np.unique(stage.unit, return_index=True)
    rows, scales = [], []
    for unit, stratum in zip(stage.unit[first], stage.stratum[first], strict=True):
        n = drawn[stratum]
        if n == 1:
            continue  # the only one there is
        weights = design.weights.copy()
        weights[stage.stratum == stratum] *= n / (n - 1)
        weights[stage.unit == unit] = 0.0
        rows.append(weights)
        scales.append((n - 1) / n * (1 - fraction[stratum]))
    return Replicates(np.array(rows), np.array(scales), design.degrees_of_freedom)


def rescaled_bootstrap(design: Design, *, rng: np.random.Generator, draws: int = 1000) -> Replicates:
    """Draw n_h − 1 of the n_h units of each stratum with replacement, and rescale (Rao and Wu).

    Weight times 1 − λ + λ n_h / (n_h − 1) · times drawn, λ = √(1 − n_h / N_h). Right for medians too.

    Args:
        design: how the sample was drawn; only its first stage is drawn again.
        rng: draws the units.
        draws: how many replicates, 200 at least.

    Raises:
        MethodError: few draws, or a stratum with a single unit of several.

    Source: Rao and Wu (1988), JASA 83(401), 231–241, doi:10.1080/01621459.1988.10478591; Rao, Wu and Yue (1992), Survey
    Methodology 18(2), 209–217.

    >>> from beffroi.survey.sampling import design
    >>> made = rescaled_bootstrap(design(3, weights=[1.0, 1.0, 1.0]), rng=np.random.default_rng(1), draws=200)
    >>> made.weights.shape, bool((made.weights.sum(axis=1).round(9) == 3).all())
    ((200, 3), True)
    """
    if draws < FEWEST_DRAWS:
        raise MethodError(f"{draws} draws were asked for; expected {FEWEST_DRAWS} or more.")
    stage, drawn, fraction = _first_stage(design)
    _, first, unit = np.unique(stage.unit, return_index=True, return_inverse=True)
    factors = np.ones((draws, first.size))
    for stratum in np.unique(stage.stratum):
        inside = np.flatnonzero(stage.stratum[first] == stratum)
        n = int(drawn[stratum])
        if n == 1:
            continue
        times = rng.multinomial(n - 1, np.full(n, 1 / n), size=draws)
        shrink = np.sqrt(1 - fraction[stratum])
        factors[:, inside] = 1 - shrink + shrink * n / (n - 1) * times
    return Replicates(design.weights * factors[:, unit], np.full(draws, 1 / draws), design.degrees_of_freedom)


def _first_stage(design: Design) -> tuple[Stage, Floats, Floats]:
    """First stage, units drawn and fraction drawn by stratum."""
    stage = design.stages[0]
    drawn = units_by_stratum(stage)
    population = np.full(drawn.size, np.nan)
    population[stage.stratum] = stage.population
    fraction = np.where(np.isnan(population), 0.0, drawn / population)
    if ((drawn == 1) & (fraction < 1)).any():
        raise MethodError(
            "A stratum holds a single unit of several; expected two or more, for one shows no variance. "
            "Join it to a neighbour that resembles it."
        )
    return stage, drawn, fraction


def estimate_by_replicates(
    measure: Callable[[Floats], float], design: Design, replicates: Replicates, *, level: float = LEVEL
) -> Estimate:
    """Estimate anything that can be computed from weights, with the spread it has over the replicates.

    Variance Σ scale (θ_r − θ)², θ with the design's own weights.

    Args:
        measure: weights (one a row) to the figure, NaN where it has none.
        design: how the sample was drawn.
        replicates: from `jackknife` or `rescaled_bootstrap`.
        level: chance that the interval holds the truth, 0..1.

    Returns:
        The figure in its unit, standard error, and an interval by Student's t. NaN when a replicate has no figure.

    Source: Rust and Rao (1996), doi:10.1177/096228029600500305.

    >>> from beffroi.survey.sampling import design
    >>> y, drawn = np.array([1.0, 3.0]), design(2, population=[[10, 10]])
    >>> found = estimate_by_replicates(lambda w: float(w @ y), drawn, jackknife(drawn))
    >>> found.value, round(found.standard_error, 4)
    (20.0, 8.9443)
    """
    value = measure(design.weights)
    apart = np.array([measure(weights) for weights in replicates.weights]) - value
    error = float(np.sqrt((replicates.scale * apart**2).sum()))
    reach = student(level, replicates.degrees_of_freedom) * error
    return Estimate(value, error, value - reach, value + reach, level, design.size)


def weighted_median(y: npt.ArrayLike, weights: Floats) -> float:
    """Return the value with half of the weight on either side; halfway between two when the half falls between them.

    A missing figure makes it NaN; rows of weight 0 do not count.

    >>> weighted_median([1.0, 2.0, 9.0], np.array([1.0, 1.0, 1.0])), weighted_median([1.0, 3.0], np.array([1.0, 1.0]))
    (2.0, 2.0)
    """
    values = np.asarray(y, dtype=np.float64)
    inside = np.asarray(weights) > 0
    values, w = values[inside], np.asarray(weights, dtype=np.float64)[inside]
    if not values.size or np.isnan(values).any():
        return float("nan")
    order = np.argsort(values, kind="stable")
    values, reached = values[order], np.cumsum(w[order])
    half = reached[-1] / 2
    at = int(np.searchsorted(reached, half * (1 - ROUNDING)))
    if abs(reached[at] - half) <= ROUNDING * half and at + 1 < values.size:
        return float((values[at] + values[at + 1]) / 2)
    return float(values[at])
