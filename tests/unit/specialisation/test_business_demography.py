"""Business demography, by hand and by counting one enterprise after the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.specialisation import (
    EUROSTAT_2014,
    OECD_2007,
    HighGrowthRule,
    demography,
    high_growth,
    survival_rates,
)
from beffroi.vocabulary.errors import MethodError

LIVES = st.lists(st.tuples(st.integers(2000, 2020), st.one_of(st.none(), st.integers(0, 10))), min_size=1, max_size=40)


def columns(lives):
    born = [b for b, _ in lives]
    died = [np.nan if age is None else b + age for b, age in lives]
    return born, died


@given(LIVES)
def test_counts_are_those_of_one_enterprise_after_the_other(lives):
    born, died = columns(lives)
    years = range(1998, 2032)
    found = demography(born, died, years)

    for k, year in enumerate(years):
        assert found.births[k] == sum(b == year for b in born)
        assert found.deaths[k] == sum(d == year for d in died)
        assert found.active[k] == sum(b <= year and not d < year for b, d in zip(born, died, strict=True))


@given(LIVES)
def test_who_is_active_next_year_is_who_was_less_the_dead_and_the_new(lives):
    found = demography(*columns(lives), range(1999, 2032))

    assert (found.active[1:] == found.active[:-1] - found.deaths[:-1] + found.births[1:]).all()
    both = ~np.isnan(found.churn_rate)
    assert (found.churn_rate[both] >= np.abs(found.net_growth_rate[both])).all()
    assert np.isnan(found.birth_rate[0])  # nobody was there yet


@given(LIVES)
def test_survival_never_rises(lives):
    born, died = columns(lives)
    rates = survival_rates(born, died, cohort=born[0], until=2032)

    assert (np.diff(rates) <= 0).all()
    assert ((rates >= 0) & (rates <= 1)).all()
    assert rates.size == 2032 - born[0]


def test_who_dies_in_a_year_was_active_in_it():
    assert survival_rates([2018, 2018], [2019, np.nan], cohort=2018, until=2020).tolist() == [1.0, 0.5]
    assert np.isnan(survival_rates([2018], [np.nan], cohort=2017, until=2020)).all()


@pytest.mark.parametrize(("end", "is_high"), [(1331, True), (1330, False), (1332, True)])
def test_ten_per_cent_a_year_is_high_growth_to_the_last_job(end, is_high):
    """1,000 × 1.1³ is 1331.0000000000002 in a computer: exactly 10 % would be lost."""
    assert bool(high_growth([1000], [end]).is_high[0]) is is_high


def test_the_rule_of_the_oecd_is_above_and_not_from():
    assert not high_growth([1000], [1728], rule=OECD_2007).is_high[0]
    assert high_growth([1000], [1729], rule=OECD_2007).is_high[0]
    assert high_growth([1000], [1728], rule=HighGrowthRule(0.2, is_strict=False)).is_high[0]
    assert (EUROSTAT_2014.yearly_growth, EUROSTAT_2014.fewest_jobs) == (0.10, 10)


def test_small_young_and_unknown_enterprises_are_not_looked_at():
    found = high_growth([9, 10, 10, 10, np.nan], [90, 20, 20, np.nan, 50], age=[8, 4, 2, 9, 9])

    assert found.is_high.tolist() == [False, True, False, False, False]
    assert found.is_gazelle.tolist() == [False, True, False, False, False]
    assert (found.looked_at, found.share) == (1, 1.0)
    assert np.isnan(high_growth([9], [90]).share)
    assert high_growth([10, 10], [0, 14]).share == 0.5  # the dead did not grow, but were there
    assert not high_growth([10], [14], age=[np.nan]).is_gazelle[0]


def test_lives_that_cannot_be_are_refused():
    with pytest.raises(MethodError, match="1 enterprises have no year of birth and 1 died before"):
        demography([np.nan, 2020], [np.nan, 2019], [2020])
    with pytest.raises(MethodError, match="later year"):
        survival_rates([2020], [np.nan], cohort=2020, until=2020)
    with pytest.raises(MethodError, match="expected the same"):
        high_growth([1], [1, 2])
