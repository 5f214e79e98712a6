"""Variance of an estimated total under a design, stage by stage; every other estimate is a total once linearised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.survey.sampling import Floats, Places, units_by_stratum
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.survey.sampling import Design, Stage


def variance_of_total(linearised: Floats, design: Design) -> float:
    """Return the variance of the sum of the linearised values, each already multiplied by its weight.

    First stage: Σ over strata of (1 − n/N) n/(n−1) Σ (t_u − mean t)², t_u the total of unit u. Each further stage adds
    the same inside each unit of the stage before, times the sampling fraction of what lies above. Without a population
    the first units are taken as drawn with replacement, and later stages add nothing; nor does a later stage without
    one.

    After calibration only what the auxiliary variables do not explain is in doubt: residuals of a regression with the
    weights from before take the place of the figures.

    Args:
        linearised: one figure a row, 0 outside a domain.
        design: how the sample was drawn.

    Returns:
        The variance, in squared units of the variable; NaN where a figure is missing.

    Raises:
        MethodError: a stratum from which one unit of several was drawn: nothing shows how units differ there.

    Source: Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, sections 4.3 and 6.6; Deville and
    Särndal (1992), JASA 87(418), 376–382, doi:10.1080/01621459.1992.10475217.

    >>> from beffroi.survey.sampling import design
    >>> variance_of_total(np.array([5.0, 15.0]), design(2, population=[[10, 10]]))
    80.0
    """
    if np.isnan(linearised).any():
        return float("nan")
    return _from_stage(_unexplained(linearised, design), design.stages, np.ones(design.size))


def _unexplained(linearised: Floats, design: Design) -> Floats:
    if design.auxiliary is None or design.drawn_weights is None:
        return linearised
    x, root = design.auxiliary, np.sqrt(design.drawn_weights)
    figures = linearised / design.weights
    slopes = np.linalg.lstsq(x * root[:, None], figures * root, rcond=None)[0]
    return np.asarray(design.weights * (figures - x @ slopes))


def _from_stage(values: Floats, stages: tuple[Stage, ...], above: Floats) -> float:
    """Variance of one stage, and of the stages below, each row weighed by the fraction drawn above it."""
    stage = stages[0]
    totals, strata, factor = _unit_totals(values, stage, above)
    drawn = units_by_stratum(stage)
    population = _by_stratum(stage, stage.population)
    fraction = np.where(np.isnan(population), 0.0, drawn / population)
    _check_lonely(drawn, fraction, np.bincount(strata, weights=np.abs(totals), minlength=drawn.size))
    mean = np.bincount(strata, weights=totals, minlength=drawn.size) / drawn
    squares = np.bincount(strata, weights=factor * (totals - mean[strata]) ** 2, minlength=drawn.size)
    spread = np.divide(drawn, drawn - 1, out=np.zeros_like(drawn), where=drawn > 1)
    own = float(((1 - fraction) * spread * squares).sum())
    # Units of which nobody says out of how many they were drawn count as taken whole.
    if len(stages) == 1 or np.isnan(stage.population).any() or np.isnan(stages[1].population).any():
        return own
    return own + _from_stage(values, stages[1:], above * fraction[stage.stratum])


def _unit_totals(values: Floats, stage: Stage, above: Floats) -> tuple[Floats, Places, Floats]:
    """Total, stratum and fraction above, one a unit."""
    _, first, unit = np.unique(stage.unit, return_index=True, return_inverse=True)
    return np.asarray(np.bincount(unit, weights=values), dtype=np.float64), stage.stratum[first], above[first]


def _by_stratum(stage: Stage, column: Floats) -> Floats:
    found = np.full(int(stage.stratum.max()) + 1, np.nan)
    found[stage.stratum] = column
    return found


def _check_lonely(drawn: Floats, fraction: Floats, size: npt.NDArray[np.generic]) -> None:
    lonely = (drawn == 1) & (fraction < 1) & (np.asarray(size, dtype=np.float64) > 0)
    if lonely.any():
        raise MethodError(
            f"{int(lonely.sum())} strata hold a single unit of several that could have been drawn; expected two or "
            "more, for one shows no variance. Join each to a neighbour that resembles it."
        )
