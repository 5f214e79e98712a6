"""Diversity, variety and inequality: parts that add up, and figures of other hands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from beffroi.specialisation import (
    atkinson,
    entropy,
    equivalent_number,
    gini,
    herfindahl,
    herfindahl_normalised,
    theil,
    theil_decomposition,
    variety,
)
from beffroi.vocabulary.errors import MethodError

AMOUNTS = st.lists(st.integers(1, 10**6), min_size=2, max_size=20)
GROUPED = st.lists(st.tuples(st.integers(1, 10**5), st.sampled_from("abc")), min_size=2, max_size=20)


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=20).filter(any))
def test_entropy_is_that_of_scipy(x):
    assert entropy(x) == pytest.approx(stats.entropy(x, base=2), abs=1e-9)
    assert entropy(x, base=np.e) == pytest.approx(stats.entropy(x), abs=1e-9)


@given(AMOUNTS, st.sampled_from([0.001, 3.0, 1e6]))
def test_no_measure_hangs_on_the_unit(x, unit):
    scaled = np.multiply(x, unit)
    for measure in (herfindahl, herfindahl_normalised, entropy, gini, theil, lambda v: atkinson(v, epsilon=2.0)):
        assert measure(scaled) == pytest.approx(measure(x), abs=1e-9)


@given(AMOUNTS)
def test_bounds_of_each_measure(x):
    n = len(x)

    assert 1 / n - 1e-12 <= herfindahl(x) <= 1
    assert -1e-12 <= herfindahl_normalised(x) <= 1
    assert 1 - 1e-9 <= equivalent_number(x) <= n + 1e-9
    assert -1e-12 <= theil(x) <= np.log(n)
    assert theil(x, index="L") >= -1e-12
    assert -1e-12 <= atkinson(x, epsilon=0.5) <= atkinson(x, epsilon=1) + 1e-12 <= atkinson(x, epsilon=2) + 2e-12


def test_normalising_counts_the_zeros_and_is_never_done_unasked():
    """Two tools differ here by up to 0.057 on the same data: one normalises by default."""
    assert herfindahl([20, 50, 20, 10]) == pytest.approx(0.34)
    assert herfindahl_normalised([20, 50, 20, 10]) == pytest.approx(0.12)
    assert herfindahl([20, 50, 20, 10, 0]) == pytest.approx(0.34)
    assert herfindahl_normalised([20, 50, 20, 10, 0]) == pytest.approx((0.34 - 0.2) / 0.8)
    assert np.isnan(herfindahl_normalised([5]))


@given(GROUPED)
def test_related_and_unrelated_variety_add_up_exactly(rows):
    x, branches = zip(*rows, strict=True)
    found = variety(x, branches)

    assert found.unrelated + found.related == pytest.approx(found.total, abs=1e-9)
    assert min(found.unrelated, found.related) >= -1e-12
    assert set(found.within) == set(branches)


def test_variety_of_one_branch_is_all_related_and_an_empty_branch_adds_nothing():
    one = variety([1, 1, 1, 1], ["62"] * 4)
    more = variety([1, 1, 1, 1, 0], ["62"] * 4 + ["47"])

    assert (one.total, one.unrelated, one.related) == (2, 0, 2)
    assert (more.total, more.unrelated, more.related) == (2, 0, 2)
    assert np.isnan(variety([1, np.nan], ["62", "47"]).related)


@pytest.mark.parametrize("index", ["T", "L"])
@given(GROUPED)
def test_inequality_between_and_within_groups_adds_up_exactly(index, rows):
    x, groups = zip(*rows, strict=True)
    found = theil_decomposition(x, groups, index=index)

    assert found.total == pytest.approx(theil(x, index=index))
    assert found.between + found.within == pytest.approx(found.total, abs=1e-9)
    assert min(found.between, found.within) >= -1e-12


def test_within_groups_of_one_there_is_no_inequality():
    found = theil_decomposition([1, 5, 9], ["a", "b", "c"])

    assert found.within == 0
    assert found.groups == {"a": 0, "b": 0, "c": 0}


def test_the_limit_of_atkinson_at_one_is_its_own_formula():
    x = [10, 10, 10, 20, 50]

    assert atkinson(x, epsilon=1) == pytest.approx(atkinson(x, epsilon=1 + 1e-7), abs=1e-6)
    assert atkinson([0, 1, 2], epsilon=0.5) > 0


@pytest.mark.parametrize(
    "call",
    [
        lambda: theil([0, 1]),
        lambda: theil([0, 1], index="L"),
        lambda: atkinson([0, 1], epsilon=1),
        lambda: atkinson([1, 2], epsilon=0),
        lambda: entropy([1, 2], base=1),
        lambda: variety([1, 2], ["62"]),
        lambda: theil_decomposition([1, 2], ["a"]),
        lambda: herfindahl([-1, 2]),
    ],
)
def test_what_has_no_value_is_refused(call):
    with pytest.raises(MethodError, match="expected"):
        call()


def test_a_missing_figure_makes_every_measure_missing():
    for measure in (herfindahl, herfindahl_normalised, equivalent_number, entropy, gini, theil):
        assert np.isnan(measure([1, np.nan, 2]))
    assert np.isnan(atkinson([1, np.nan], epsilon=1))
