"""Measures of concentration: by hand, by slow oracles, and what must not change them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.specialisation import (
    gini,
    gini_of_quotients,
    hachman,
    hoover,
    hoover_gini,
    krugman,
    krugman_of_rows,
    litzenberger_sternberg,
    location_quotients,
    locational_gini,
)
from beffroi.vocabulary.errors import MethodError

PAIRS = st.lists(st.tuples(st.integers(0, 10**5), st.integers(1, 10**5)), min_size=2, max_size=12).filter(
    lambda pairs: sum(x for x, _ in pairs) > 0
)
MEASURES = [hoover, krugman, gini_of_quotients, hoover_gini, locational_gini, hachman]


@pytest.mark.parametrize("measure", MEASURES)
@given(PAIRS, st.randoms(use_true_random=False))
def test_neither_unit_nor_order_changes_a_measure(measure, pairs, chance):
    x, reference = map(np.array, zip(*pairs, strict=True))
    order = list(range(len(pairs)))
    chance.shuffle(order)

    found = measure(x, reference)
    assert measure(x[order], reference[order]) == pytest.approx(found, abs=1e-12)
    assert measure(x * 1000, reference / 7) == pytest.approx(found, abs=1e-9)


@pytest.mark.parametrize("measure", [hoover, krugman, gini_of_quotients, hoover_gini])
@given(PAIRS)
def test_a_spread_like_the_reference_is_no_concentration(measure, pairs):
    reference = [r for _, r in pairs]

    assert measure(np.multiply(reference, 3), reference) == pytest.approx(0, abs=1e-12)


@given(PAIRS)
def test_measures_stay_in_their_bounds_and_in_their_order(pairs):
    x, reference = zip(*pairs, strict=True)
    n = len(pairs)

    assert 0 <= hoover(x, reference) <= 1
    assert krugman(x, reference) == pytest.approx(2 * hoover(x, reference))
    assert -1e-12 <= gini(x) <= (n - 1) / n + 1e-12
    # Hoover's index is the largest distance of the Lorenz curve from the diagonal: the area is at least that triangle.
    assert hoover(x, reference) - 1e-9 <= hoover_gini(x, reference) <= 1
    assert 0 <= hachman(x, reference) <= 1 + 1e-12


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=10).filter(any))
def test_the_gini_is_half_the_mean_difference_of_all_pairs(x):
    pairs = [abs(a - b) for a, b in itertools.product(x, x)]

    assert gini(x) == pytest.approx(sum(pairs) / len(pairs) / 2 / (sum(x) / len(x)))
    assert gini(x, normalised=True) == pytest.approx(gini(x) * len(x) / (len(x) - 1))


def test_the_lorenz_curve_against_an_even_reference_gives_the_plain_gini():
    x = [5, 1, 0, 9, 3]

    assert hoover_gini(x, np.ones(5)) == pytest.approx(gini(x))
    assert locational_gini(x, np.ones(5)) == pytest.approx(gini(x) / 2)


def test_a_place_that_the_reference_lacks_comes_last_on_the_lorenz_curve():
    # All of it where the reference has nothing: the curve runs along the floor.
    assert hoover_gini([0, 0, 5], [1, 1, 0]) == 1
    with pytest.raises(MethodError, match="reference are 0"):
        gini_of_quotients([0, 5], [1, 0])
    with pytest.raises(MethodError, match="reference has 0"):
        hachman([1, 5], [1, 0])


def test_ties_on_the_lorenz_curve_do_not_change_its_area():
    x, r = np.array([2.0, 4.0, 1.0, 9.0]), np.array([1.0, 2.0, 3.0, 1.0])

    areas = [hoover_gini(x[list(order)], r[list(order)]) for order in itertools.permutations(range(4))]
    assert np.ptp(areas) < 1e-15


def test_the_two_references_of_krugman_by_hand():
    table = [[8, 2], [2, 8], [5, 5]]

    assert krugman_of_rows(table) == pytest.approx([0.6, 0.6, 0.0])
    assert krugman_of_rows(table, reference="mean_of_others") == pytest.approx([0.9, 0.9, 0.0])
    with pytest.raises(MethodError, match="two or more"):
        krugman_of_rows([[1, 2]])


def test_hachman_is_one_over_the_mean_quotient_by_share():
    table = np.array([[8.0, 2.0, 5.0], [1.0, 6.0, 3.0]])
    quotients = location_quotients(table)
    s = table[0] / table[0].sum()

    assert hachman(table[0], table.sum(axis=0)) == pytest.approx(1 / (quotients[0] * s).sum())


@pytest.mark.parametrize("measure", MEASURES)
def test_a_missing_figure_makes_the_measure_missing(measure):
    assert np.isnan(measure([1, np.nan], [1, 1]))
    assert np.isnan(measure([0, 0], [1, 1]))
    with pytest.raises(MethodError, match="expected the same"):
        measure([1, 2, 3], [1, 1])


def test_one_large_plant_is_no_cluster():
    """Same jobs; in region a they lie in one establishment, in region b in ten."""
    found = litzenberger_sternberg([[100.0], [100.0]], [[1.0], [10.0]], area=[1, 1], population=[1, 1])

    assert found[1, 0] / found[0, 0] == pytest.approx(10)
    nothing = litzenberger_sternberg([[0.0], [100.0]], [[0.0], [10.0]], area=[1, 1], population=[1, 1])
    assert np.isnan(nothing[0, 0])  # no establishment has no size
    with pytest.raises(MethodError, match="expected the same"):
        litzenberger_sternberg([[1.0], [2.0]], [[1.0], [1.0]], area=[1], population=[1, 1])
