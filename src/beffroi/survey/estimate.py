"""Totals, means, ratios and proportions with design-based standard errors and intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from beffroi.survey.variance import variance_of_total
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.survey.sampling import Design, Floats

LEVEL = 0.95
UNKNOWN = float("nan")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, its standard error, and the ends of its interval at `level`; `answers` is the number it rests on."""

    value: float
    standard_error: float
    low: float
    high: float
    level: float
    answers: int


def _values(given: npt.ArrayLike, design: Design) -> Floats:
    values = np.asarray(given, dtype=np.float64)
    if values.shape != (design.size,):
        raise MethodError(f"{values.size} figures for {design.size} answers; expected one a row, NaN where missing.")
    return values


def _domain(given: npt.ArrayLike | None, design: Design) -> npt.NDArray[np.bool_]:
    if given is None:
        return np.ones(design.size, dtype=bool)
    inside = np.asarray(given, dtype=bool)
    if inside.shape != (design.size,) or not inside.any():
        raise MethodError(
            f"The domain marks {int(inside.sum())} of {inside.size} rows, for {design.size} answers; expected a mark "
            "a row and at least one inside. Correct the condition."
        )
    return inside


def check_level(level: float) -> float:
    """Return the level, or refuse one that is no chance.

    Raises:
        MethodError: a level outside 0..1.
    """
    if not 0 < level < 1:
        raise MethodError(
            f"A level of {level:g} was given; expected a share between 0 and 1, such as 0.95. Correct it."
        )
    return level


def student(level: float, degrees_of_freedom: int) -> float:
    """Return how many standard errors an interval reaches; NaN without degrees of freedom.

    >>> round(student(0.95, 10), 3)
    2.228
    """
    tail = (1 + check_level(level)) / 2
    return float(stats.t.ppf(tail, degrees_of_freedom)) if degrees_of_freedom > 0 else float("nan")


def _estimate(value: float, linearised: Floats, design: Design, level: float, answers: int) -> Estimate:
    error = float(np.sqrt(variance_of_total(linearised, design)))
    reach = student(level, design.degrees_of_freedom) * error
    return Estimate(value, error, value - reach, value + reach, level, answers)


def total(y: npt.ArrayLike, design: Design, *, domain: npt.ArrayLike | None = None, level: float = LEVEL) -> Estimate:
    """Estimate the total of a variable in the population: Σ w y.

    Args:
        y: the variable, one figure a row.
        design: how the sample was drawn.
        domain: which rows belong to the part asked about; the others keep their place in the design, as they must.
        level: chance that the interval holds the truth, 0..1.

    Returns:
        The total in the variable's unit, linearised standard error, and an interval by Student's t on the design's
        degrees of freedom. A missing figure in the domain makes all NaN: leave it out by `domain`, and say so.

    Raises:
        MethodError: lengths that differ, an empty domain, a stratum with a single unit of several.

    Source: Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, chapters 2 and 5.

    >>> from beffroi.survey.sampling import design
    >>> found = total([1.0, 3.0], design(2, population=[[10, 10]]))
    >>> found.value, round(found.standard_error, 4)
    (20.0, 8.9443)
    """
    inside = _domain(domain, design)
    weighted = np.where(inside, design.weights * _values(y, design), 0.0)
    return _estimate(float(weighted.sum()), weighted, design, level, int(inside.sum()))


def ratio(
    y: npt.ArrayLike,
    x: npt.ArrayLike,
    design: Design,
    *,
    domain: npt.ArrayLike | None = None,
    level: float = LEVEL,
) -> Estimate:
    """Estimate the ratio of two totals: Σ w y / Σ w x (exports in revenue, not the mean of each firm's share).

    Linearised: w (y − R x) / Σ w x.

    Args:
        y: what is above,
        x: what is below, one figure a row.
        design: how the sample was drawn.
        domain: which rows belong to the part asked about.
        level: chance that the interval holds the truth, 0..1.

    Returns:
        As `total`, in the unit of y by that of x. NaN where a figure is missing in the domain or Σ w x is 0.

    Raises:
        MethodError: as `total`.

    Source: Särndal, Swensson and Wretman (1992), section 5.6.

    >>> from beffroi.survey.sampling import design
    >>> ratio([1.0, 3.0], [10.0, 10.0], design(2, population=[[10, 10]])).value
    0.2
    """
    inside = _domain(domain, design)
    above, below = _values(y, design), _values(x, design)
    w = design.weights
    base = float(np.where(inside, w * below, 0.0).sum())
    if base == 0 or np.isnan(base):
        return Estimate(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, level, int(inside.sum()))
    value = float(np.where(inside, w * above, 0.0).sum()) / base
    linearised = np.where(inside, w * (above - value * below) / base, 0.0)
    return _estimate(value, linearised, design, level, int(inside.sum()))


def mean(y: npt.ArrayLike, design: Design, *, domain: npt.ArrayLike | None = None, level: float = LEVEL) -> Estimate:
    """Estimate the mean of a variable in the population: Σ w y / Σ w.

    Args:
        y: the variable, one figure a row.
        design: how the sample was drawn.
        domain: which rows belong to the part asked about.
        level: chance that the interval holds the truth, 0..1.

    Returns:
        As `total`, in the variable's unit.

    Raises:
        MethodError: as `total`.

    Source: Särndal, Swensson and Wretman (1992), section 5.7.

    >>> from beffroi.survey.sampling import design
    >>> mean([1.0, 3.0], design(2, population=[[10, 10]])).value
    2.0
    """
    return ratio(y, np.ones(design.size), design, domain=domain, level=level)


def design_effect(y: npt.ArrayLike, design: Design, *, replacement: bool = False) -> float:
    """Return by how much the design multiplies the variance of a mean, against a simple random sample of that size.

    se² / v, with v = S² (N − n) / (N n), or S² / n with replacement; S² = Σ w (y − m)² / Σ w · n / (n − 1), N = Σ w.

    Args:
        y: the variable, one figure a row.
        design: how the sample was drawn.
        replacement: compare with a sample drawn with replacement, without finite population correction.

    Returns:
        Without unit: below 1 strata help, above 1 clusters and unequal weights cost. NaN for a missing figure, and
        where the sample is the population.

    Raises:
        MethodError: as `total`.

    Source: Kish (1965), Survey Sampling, Wiley, section 8.2.

    >>> from beffroi.survey.sampling import design
    >>> round(design_effect([1.0, 3.0, 5.0], design(3, population=[[9, 9, 9]])), 9)
    1.0
    """
    values, w, n = _values(y, design), design.weights, design.size
    found = mean(values, design)
    whole = float(w.sum())
    if n == 1 or np.isnan(found.value):
        return float("nan")
    spread = float((w * (values - found.value) ** 2).sum()) / whole * n / (n - 1)
    simple = spread / n if replacement else spread * (whole - n) / (whole * n)
    return found.standard_error**2 / simple if simple > 0 else float("nan")


def weighting_effect(weights: npt.ArrayLike) -> float:
    """Return Kish's effect of unequal weights: n Σ w² / (Σ w)² = 1 + squared coefficient of variation.

    What weighting alone costs a variable that has nothing to do with the weights: n divided by it is the effective
    size.

    Raises:
        MethodError: no weight, or one that is not above 0.

    Source: Kish (1965), Survey Sampling, section 11.7.

    >>> weighting_effect([1.0, 1.0, 2.0])
    1.125
    """
    w = np.asarray(weights, dtype=np.float64)
    if not w.size or not (w > 0).all():
        raise MethodError(
            "Weights are missing or not above 0; expected all above 0. Leave out rows that count nothing."
        )
    return float(w.size * (w**2).sum() / w.sum() ** 2)
