"""Business demography: how many enterprises are born, die, survive and grow fast, as Eurostat and OECD count them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.specialisation.amounts import Floats, Numbers, alike, amounts, divided
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

RELATIVE = 1e-9  # growth is compared with its limit to nine digits: 1,331 of 1,000 is 10 % a year, whatever 1.1³ says


@dataclass(frozen=True, slots=True)
class Demography:
    """One value a year. Rates are shares (0..1) of the enterprises active in the year; NaN where there is none.

    `churn_rate` = `birth_rate` + `death_rate`; `net_growth_rate` = `birth_rate` − `death_rate`. Deaths of the two last
    years are provisional at every publisher: who comes back within two years did not die.
    """

    years: tuple[int, ...]
    active: Floats
    births: Floats
    deaths: Floats

    @property
    def birth_rate(self) -> Floats:
        """Births in the year / active in the year."""
        return divided(self.births, self.active)

    @property
    def death_rate(self) -> Floats:
        """Deaths in the year / active in the year."""
        return divided(self.deaths, self.active)

    @property
    def churn_rate(self) -> Floats:
        """Births and deaths in the year / active in the year."""
        return self.birth_rate + self.death_rate

    @property
    def net_growth_rate(self) -> Floats:
        """Births less deaths in the year / active in the year."""
        return self.birth_rate - self.death_rate


def _life(born: Numbers, died: Numbers) -> tuple[Floats, Floats]:
    first, last = amounts(born, "years of birth"), amounts(died, "years of death")
    alike(first, last, "years of birth and of death")
    if np.isnan(first).any() or (last < first).any():
        raise MethodError(
            f"{int(np.isnan(first).sum())} enterprises have no year of birth and {int((last < first).sum())} died "
            "before "
            "they were born; expected a year of birth for each, and NaN or a later year of death. Leave them out and "
            "say "
            "how many."
        )
    return first, last


def demography(born: Numbers, died: Numbers, years: Sequence[int]) -> Demography:
    """Count births, deaths and active enterprises of each year.

    Active in a year is who was active at any time of it: also who was born or died in it.

    Args:
        born: year of birth of each enterprise: of a creation, not of a merger, a move or a change of owner.
        died: year of death, NaN for the living.
        years: which years.

    Returns:
        One value a year.

    Raises:
        MethodError: a missing year of birth, or a death before birth.

    Source: Eurostat and OECD (2007), Manual on Business Demography Statistics, chapters 5 to 8.

    >>> found = demography([2020, 2020, 2021], [2021, np.nan, np.nan], [2020, 2021])
    >>> found.active.tolist(), found.birth_rate.round(3).tolist(), found.death_rate.round(3).tolist()
    ([2.0, 3.0], [1.0, 0.333], [0.0, 0.333])
    """
    first, last = _life(born, died)
    alive_from, gone = np.sort(first), np.sort(last[~np.isnan(last)])
    when = np.asarray(years, dtype=np.float64)
    begun = np.searchsorted(alive_from, when, side="right")
    ended = np.searchsorted(gone, when, side="left")
    births = begun - np.searchsorted(alive_from, when, side="left")
    deaths = np.searchsorted(gone, when, side="right") - ended
    return Demography(tuple(years), *(np.asarray(one, dtype=np.float64) for one in (begun - ended, births, deaths)))


def survival_rates(born: Numbers, died: Numbers, *, cohort: int, until: int) -> Floats:
    """Return which share of those born in a year was still active 1, 2, … years later.

    survivors_t / births_(t − k): active at any time of year t.

    Args:
        born: year of birth of each enterprise,
        died: year of death, NaN for the living.
        cohort: year of birth looked at.
        until: last year that the register knows in full.

    Returns:
        One share (0..1) for each year from `cohort` + 1 to `until`; NaN when nobody was born.

    Raises:
        MethodError: a missing year of birth, a death before birth, or no year to look at.

    Source: Eurostat and OECD (2007), Manual on Business Demography Statistics, chapter 8.

    >>> survival_rates([2018] * 4, [2019, 2020, np.nan, np.nan], cohort=2018, until=2021).tolist()
    [1.0, 0.75, 0.5]
    """
    first, last = _life(born, died)
    if until <= cohort:
        raise MethodError(f"Survival of {cohort} until {until}: expected a later year. Wait for it.")
    of_cohort = last[first == cohort]
    alive = [(np.isnan(of_cohort) | (of_cohort >= year)).sum() for year in range(cohort + 1, until + 1)]
    return divided(alive, of_cohort.size)


@dataclass(frozen=True, slots=True)
class HighGrowthRule:
    """Which yearly growth over how many years makes high growth, and from which size on it is looked at.

    `is_strict`: the growth must be above `yearly_growth`, else it may be equal. `fewest_jobs` at the start.
    """

    yearly_growth: float
    is_strict: bool
    years: int = 3
    fewest_jobs: float = 10.0


EUROSTAT_2014 = HighGrowthRule(0.10, is_strict=False)
OECD_2007 = HighGrowthRule(0.20, is_strict=True)
GAZELLE_AGE = 5  # years since birth, at most


@dataclass(frozen=True, slots=True)
class HighGrowth:
    """`share` of the enterprises with enough jobs at the start that grew fast; `is_high` and `is_gazelle` one each."""

    share: float
    is_high: npt.NDArray[np.bool_]
    is_gazelle: npt.NDArray[np.bool_]
    looked_at: int


def high_growth(
    jobs_start: Numbers, jobs_end: Numbers, *, rule: HighGrowthRule = EUROSTAT_2014, age: Numbers | None = None
) -> HighGrowth:
    """Tell the enterprises of high growth, by the rule of Eurostat (default) or of the OECD's manual.

    (end / start)^(1 / years) − 1, compared with the rule. The two rules differ: 10 % a year or more since 2014, more
    than 20 % before; figures by both cannot be compared.

    Args:
        jobs_start: employees of each enterprise at the start,
        jobs_end: and at the end, 0 when it died. Missing on either side: not looked at.
        rule: `EUROSTAT_2014` or `OECD_2007`, or one's own.
        age: years since birth at the end; those of 5 years or less that grow fast are gazelles. Who is younger than the
            rule's period did not exist at the start and is not looked at. NaN: not known, no gazelle.

    Returns:
        The share, 0..1; NaN when no enterprise was large enough.

    Raises:
        MethodError: figures below zero, or columns of different length.

    Source: Commission Implementing Regulation (EU) 439/2014; Eurostat and OECD (2007), Manual on Business Demography
    Statistics, chapter 8.

    >>> found = high_growth([10, 10, 5], [14, 13, 50])
    >>> found.share, found.is_high.tolist()
    (0.5, [True, False, False])
    """
    start, end = amounts(jobs_start, "jobs at the start"), amounts(jobs_end, "jobs at the end")
    alike(start, end, "jobs at the start and at the end")
    years_old = np.full(start.shape, np.nan) if age is None else amounts(age, "age")
    alike(start, years_old, "jobs and age")
    looked_at = (start >= rule.fewest_jobs) & ~np.isnan(end) & ~(years_old < rule.years)
    limit = start * (1 + rule.yearly_growth) ** rule.years
    limit = limit * (1 + RELATIVE) if rule.is_strict else limit * (1 - RELATIVE)
    is_high = looked_at & ((end > limit) if rule.is_strict else (end >= limit))
    share = float(divided(is_high.sum(), looked_at.sum()))
    return HighGrowth(share, is_high, is_high & (years_old <= GAZELLE_AGE), int(looked_at.sum()))
