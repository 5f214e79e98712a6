"""Location quotients, and how sure they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from beffroi.specialisation import (
    bootstrap_interval,
    bootstrap_threshold,
    delta_interval,
    exact_interval,
    is_specialised,
    location_quotient,
    location_quotients,
    standardised,
    symmetric,
)
from beffroi.vocabulary.errors import MethodError

TABLES = arrays(np.float64, st.tuples(st.integers(2, 6), st.integers(2, 6)), elements=st.integers(1, 10**6).map(float))


def test_a_quotient_by_hand():
    # 20 % of the region's jobs against 10 % of the nation's.
    assert location_quotient(200, 1000, nation_activity=1000, nation_total=10000) == 2
    assert np.isnan(location_quotient(0, 0, nation_activity=1, nation_total=2))


@given(TABLES)
def test_the_table_holds_what_the_plain_formula_gives_one_by_one(table):
    found = location_quotients(table)

    for j, region in enumerate(table):
        for i in range(table.shape[1]):
            whole = table[:, i].sum(), table.sum()
            one = location_quotient(region[i], region.sum(), nation_activity=whole[0], nation_total=whole[1])
            assert found[j, i] == pytest.approx(one, rel=1e-12)


@given(TABLES, st.sampled_from([1e-6, 7.0, 1e6]))
def test_quotients_do_not_hang_on_the_unit_or_the_order(table, unit):
    found = location_quotients(table)

    assert location_quotients(table * unit) == pytest.approx(found, rel=1e-9)
    assert location_quotients(table[::-1, ::-1]) == pytest.approx(found[::-1, ::-1], rel=1e-12)


@given(TABLES)
def test_every_region_and_every_activity_is_specialised_somewhere(table):
    m = is_specialised(table)

    assert (m.sum(axis=0) >= 1).all()
    assert (m.sum(axis=1) >= 1).all()


@pytest.mark.parametrize("row", [[3, 7, 11], [49, 1, 13], [1, 10**9, 7]])
def test_a_quotient_of_exactly_one_is_a_specialisation_whatever_the_rounding(row):
    """Regions that are copies of each other have quotients of exactly 1; divisions would lose some of them."""
    assert is_specialised(np.outer([1, 3, 7, 31], row)).all()


def test_a_hole_is_refused_where_it_would_decide_everything_and_carried_elsewhere():
    table = [[1, np.nan], [1, 1]]

    assert np.isnan(location_quotients(table)).all()
    with pytest.raises(MethodError, match="missing"):
        is_specialised(table)


@given(st.floats(0.001, 1000))
def test_twice_and_half_the_share_are_equally_far_from_the_middle(quotient):
    high, low = symmetric([quotient, 1 / quotient])

    assert high == pytest.approx(-low, abs=1e-12)
    assert -1 <= low <= 1


def test_standardising_leaves_out_what_is_missing_and_what_has_no_spread():
    z = standardised([[0.5, 1.0], [1.0, 1.0], [1.5, 1.0], [np.nan, 1.0]])

    assert z[:3, 0].tolist() == [-1, 0, 1]
    assert np.isnan(z[3, 0])
    assert np.isnan(z[:, 1]).all()
    assert np.isnan(standardised([[0.0], [1.0], [2.0]], logarithm=True)[0, 0])  # no jobs, no logarithm
    assert standardised([[1.0], [np.e], [np.e**2]], logarithm=True).ravel() == pytest.approx([-1, 0, 1])


def test_the_delta_interval_by_hand():
    found = delta_interval(20, 100, nation_activity=1000, nation_total=10000)

    reach = 1.959964 * (0.8 / 20 + 0.9 / 1000) ** 0.5
    assert (found.low, found.high) == pytest.approx((2 * np.exp(-reach), 2 * np.exp(reach)), rel=1e-6)
    assert np.isnan(delta_interval(0, 30, nation_activity=5, nation_total=100).low)


def test_intervals_hold_the_truth_as_often_as_they_say():
    """3,000 regions of 60 establishments with a true share of 0.2, the nation's being 0.1."""
    rng = np.random.default_rng(7)
    drawn = rng.binomial(60, 0.2, size=3000)
    nation = {"nation_activity": 10_000, "nation_total": 100_000}
    exact = [exact_interval(int(k), 60, **nation) for k in drawn]
    delta = [delta_interval(int(k), 60, **nation) for k in drawn if k]

    assert np.mean([one.low <= 2 <= one.high for one in exact]) >= 0.95
    assert 0.93 < np.mean([one.low <= 2 <= one.high for one in delta]) < 0.98


def test_an_exact_interval_ends_where_it_must():
    nothing = exact_interval(0, 30, nation_activity=1000, nation_total=10000)
    everything = exact_interval(30, 30, nation_activity=1000, nation_total=10000)

    assert nothing.low == 0
    assert nothing.high == pytest.approx((1 - 0.025 ** (1 / 30)) * 10)
    assert everything.high == pytest.approx(10)
    assert np.isnan(exact_interval(0, 0, nation_activity=10, nation_total=100).high)


def test_one_large_firm_makes_the_quotient_of_jobs_unsure():
    """The same 200 jobs of 1,000: in twenty firms of ten, or in one."""
    rng = np.random.default_rng(3)
    many = np.full(100, 10.0)
    even = bootstrap_interval(many, np.arange(100) < 20, nation_share=0.1, rng=rng)
    one = np.array([200.0, *[10.0] * 80])
    uneven = bootstrap_interval(one, np.arange(81) < 1, nation_share=0.1, rng=rng)

    assert even.value == uneven.value == pytest.approx(2)
    assert (uneven.high - uneven.low) > 2 * (even.high - even.low)
    assert np.isnan(bootstrap_interval([np.nan, 1.0], np.array([True, False]), nation_share=0.1, rng=rng).low)


def test_the_threshold_of_a_normal_crowd_is_that_of_the_normal_law():
    values = np.random.default_rng(1).normal(size=400)
    found = bootstrap_threshold(values, rng=np.random.default_rng(2))

    assert found.value == pytest.approx(np.percentile((values - values.mean()) / values.std(ddof=1), 95), abs=0.05)
    assert found.low < 1.645 < found.high
    assert np.isnan(bootstrap_threshold([1.0, 1.0, 1.0], rng=np.random.default_rng(2)).value)


@pytest.mark.parametrize(
    "call",
    [
        lambda: delta_interval(30, 20, nation_activity=10, nation_total=100),
        lambda: delta_interval(1, 20, nation_activity=10, nation_total=100, level=95),
        lambda: exact_interval(1, 20, nation_activity=200, nation_total=100),
        lambda: bootstrap_threshold([1.0, 2.0], rng=np.random.default_rng(1)),
        lambda: bootstrap_threshold([1.0, 2.0, 3.0], rng=np.random.default_rng(1), draws=10),
        lambda: bootstrap_interval([1.0], np.array([True]), nation_share=0.0, rng=np.random.default_rng(1)),
    ],
)
def test_counts_and_settings_that_cannot_be_are_refused(call):
    with pytest.raises(MethodError, match="expected"):
        call()
