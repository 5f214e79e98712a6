"""Proportions with intervals that stay between 0 and 1."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import stats

from beffroi.survey.estimate import LEVEL, Estimate, check_level, mean, student
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.survey.sampling import Design

Interval = Literal["wald", "logit", "arcsine", "korn_graubard"]
CountInterval = Literal["wilson", "clopper_pearson"]
Ends = tuple[float, float]
KNOWN = 1e-12  # a standard error below this is rounding
UNKNOWN: Ends = (math.nan, math.nan)


def proportion(
    answered_yes: npt.ArrayLike,
    design: Design,
    *,
    interval: Interval = "korn_graubard",
    domain: npt.ArrayLike | None = None,
    level: float = LEVEL,
) -> Estimate:
    """Estimate which share of the population would answer yes.

    wald: p ± t se; logit: on ln(p / (1 − p)), with se / (p (1 − p)); arcsine: on asin √p, with se / (2 √(p (1 − p)));
    korn_graubard: exact limits on the effective number n* = p (1 − p) / se² · [t(n − 1) / t(df)]².

    Args:
        answered_yes: 1 or 0 a row, NaN where missing.
        design: how the sample was drawn.
        interval: which one. Wald's may leave 0..1 and is too short near the ends; it is there for comparison.
        domain: which rows belong to the part asked about.
        level: chance that the interval holds the truth, 0..1.

    Returns:
        As `mean`, 0..1. When everybody, or nobody, says yes there is no variance to see: the logit and arcsine
        intervals are NaN, Wald's is a point, and Korn–Graubard's takes the number of answers for the effective one.

    Raises:
        MethodError: other values than 0 and 1, an unknown interval, or as `mean`.

    Source: Korn and Graubard (1998), Survey Methodology 24, 193–201; logit and arcsine as in Lumley (2010), Complex
    Surveys, Wiley, section 2.4.

    >>> from beffroi.survey.sampling import design
    >>> found = proportion([1, 0, 0, 0], design(4, population=[[100] * 4]), interval="wald")
    >>> found.value, round(found.low, 3)
    (0.25, -0.53)
    """
    values = np.asarray(answered_yes, dtype=np.float64)
    if not (np.isnan(values) | np.isin(values, (0.0, 1.0))).all():
        raise MethodError("Answers hold other values than 0 and 1; expected 1 for yes, 0 for no, NaN for no answer.")
    if interval not in {"wald", "logit", "arcsine", "korn_graubard"}:
        raise MethodError(f"'{interval}' is no interval; expected wald, logit, arcsine or korn_graubard.")
    found = mean(values, design, domain=domain, level=level)
    low, high = _ends(found, interval, design.degrees_of_freedom)
    return Estimate(found.value, found.standard_error, low, high, level, found.answers)


def _ends(found: Estimate, interval: Interval, df: int) -> Ends:
    p, se = found.value, found.standard_error
    if math.isnan(p) or interval == "wald":
        return found.low, found.high
    if interval == "korn_graubard":
        return _korn_graubard(found, df)
    room = p * (1 - p)
    if not room > 0:
        return UNKNOWN
    t = student(found.level, df)
    if interval == "logit":
        middle, reach = math.log(p / (1 - p)), t * se / room
        return 1 / (1 + math.exp(reach - middle)), 1 / (1 + math.exp(-reach - middle))
    middle, reach = math.asin(math.sqrt(p)), t * se / (2 * math.sqrt(room))
    # Angles beyond the ends would come back into 0..1 on the other side.
    return math.sin(max(middle - reach, 0.0)) ** 2, math.sin(min(middle + reach, math.pi / 2)) ** 2


def _korn_graubard(found: Estimate, df: int) -> Ends:
    p, n = found.value, found.answers
    room = p * (1 - p)
    # Where the population was asked in whole, or the strata tell the answer, the share is known.
    if room > 0 and found.standard_error <= KNOWN:
        return p, p
    effective = room / found.standard_error**2 if room > 0 else float(n)
    if n > 1 and df > 0:
        effective *= (student(found.level, n - 1) / student(found.level, df)) ** 2
    return _exact(effective * p, effective, found.level)


def _exact(yes: float, n: float, level: float) -> Ends:
    """Limits of Clopper and Pearson, for numbers that need not be whole."""
    tail, no = (1 - level) / 2, n - yes
    low = float(stats.beta.ppf(tail, yes, no + 1)) if yes > 0 else 0.0
    high = float(stats.beta.ppf(1 - tail, yes + 1, no)) if no > 0 else 1.0
    return low, high


def proportion_of_count(
    successes: int, n: int, *, interval: CountInterval = "wilson", level: float = LEVEL
) -> Estimate:
    """Estimate a share from a plain count: a simple random sample from a large population, no design.

    Args:
        successes: how many said yes,
        n: of how many.
        interval: `wilson` (score interval, no continuity correction) or `clopper_pearson` (exact, never too short).
        level: chance that the interval holds the truth, 0..1.

    Returns:
        The share with its interval, 0..1, and the standard error √(p (1 − p) / n).

    Raises:
        MethodError: counts that cannot be, or an unknown interval.

    Source: Wilson (1927), JASA 22(158), 209–212, doi:10.1080/01621459.1927.10502953; Clopper and Pearson (1934),
    Biometrika 26(4), 404–413, doi:10.1093/biomet/26.4.404.

    >>> found = proportion_of_count(29, 117)
    >>> round(found.low, 3), round(found.high, 3)
    (0.178, 0.333)
    """
    if not 0 <= successes <= n or n < 1:
        raise MethodError(f"{successes} of {n} were given; expected a number of answers and a part of them.")
    p = successes / n
    if interval == "clopper_pearson":
        low, high = _exact(successes, n, check_level(level))
    elif interval == "wilson":
        z = float(stats.norm.ppf((1 + check_level(level)) / 2))
        middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
        reach = z / (1 + z**2 / n) * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
        # At 0 and 1 the formula gives the end itself, but for the last digit.
        low = middle - reach if successes else 0.0
        high = middle + reach if successes < n else 1.0
    else:
        raise MethodError(f"'{interval}' is no interval of a count; expected wilson or clopper_pearson.")
    return Estimate(p, math.sqrt(p * (1 - p) / n), low, high, level, n)
