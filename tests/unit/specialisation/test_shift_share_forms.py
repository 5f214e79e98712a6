"""Parts of growth that add up to it, whatever form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from beffroi.specialisation import (
    shift_share,
    shift_share_dynamic,
    shift_share_esteban_marquillas,
    shift_share_index,
    total_of,
)
from beffroi.vocabulary.errors import MethodError

JOBS = arrays(np.float64, st.tuples(st.just(4), st.integers(1, 6)), elements=st.integers(1, 10**5).map(float))


@given(JOBS)
def test_the_parts_add_up_to_the_growth(given):
    start, end, other_start, other_end = given
    nation = start + other_start, end + other_end

    plain = shift_share(start, end, *nation)
    assert plain.national + plain.mix + plain.regional == pytest.approx(plain.growth, abs=1e-6)
    assert plain.by_industry.sum() == pytest.approx(end.sum() - start.sum(), abs=1e-6)
    cleared = shift_share_esteban_marquillas(start, end, *nation)
    assert cleared.regional + cleared.allocation == pytest.approx(plain.regional, abs=1e-6 * abs(start).sum())
    factors = shift_share_index(start, end, *nation)
    growth = (end.sum() / start.sum()) / (nation[1].sum() / nation[0].sum())
    assert factors.net_total_shift == pytest.approx(growth)


@given(JOBS)
def test_the_nation_has_no_shift_of_its_own(given):
    start, end = given[0], given[1]
    found = shift_share(start, end, start, end)

    assert (found.mix, found.regional) == pytest.approx((0, 0), abs=1e-6)


def test_the_nation_may_be_counted_in_thousands():
    region, nation = ([90, 20], [100, 40]), ([400, 150], [440, 210])
    plain = shift_share(*region, *nation)
    thousands = shift_share(*region, *(np.divide(one, 1000) for one in nation))

    assert thousands.by_industry == pytest.approx(plain.by_industry)


def test_an_industry_new_in_the_region_is_its_own_doing():
    found = shift_share([10, 0], [10, 5], [100, 50], [100, 100])

    assert found.growth == found.national + found.mix + found.regional == 5
    assert found.by_industry[1].tolist() == [0, 0, 5, 0]
    # It has no rate of growth in the region, so the cleared form has no value, and says so.
    assert np.isnan(shift_share_esteban_marquillas([10, 0], [10, 5], [100, 50], [100, 100]).regional)


def test_an_industry_new_everywhere_counts_too():
    for form in (shift_share, shift_share_esteban_marquillas):
        found = form([10, 0], [10, 5], [100, 0], [100, 20])
        assert found.national + found.mix + found.regional + found.allocation == pytest.approx(found.growth)


def test_the_dynamic_form_is_the_sum_of_its_years_and_follows_the_mix():
    """An industry that grows tenfold in region and nation alike: no regional part in any year."""
    region = np.array([[10.0, 90.0], [30.0, 85.0], [100.0, 80.0]])
    nation = region * 10

    years = shift_share_dynamic(region, nation)
    both = total_of(years)
    assert both.growth == region[-1].sum() - region[0].sum()
    assert both.national + both.mix + both.regional == pytest.approx(both.growth)
    assert both.regional == pytest.approx(0, abs=1e-9)
    other = np.array([[100.0, 900.0], [200.0, 900.0], [300.0, 900.0]])
    classic = shift_share(region[0], region[-1], other[0], other[-1])
    assert total_of(shift_share_dynamic(region, other)).mix > classic.mix  # the mix has moved on the way
    cleared = total_of(shift_share_dynamic(region, other, form="esteban_marquillas"))
    assert cleared.net_total_shift == pytest.approx(total_of(shift_share_dynamic(region, other)).net_total_shift)


def test_a_missing_figure_is_carried_and_bad_columns_are_refused():
    assert np.isnan(shift_share([1, np.nan], [1, 1], [2, 2], [2, 2]).mix)
    with pytest.raises(MethodError, match="expected the same"):
        shift_share([1], [1, 2], [3, 3], [3, 3])
    with pytest.raises(MethodError, match="1 year was given"):
        shift_share_dynamic([[1.0]], [[2.0]])
