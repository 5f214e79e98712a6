"""Relatedness and density: formulas one pair at a time, and the conventions that tools do not share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from beffroi.specialisation import (
    above_chance,
    co_occurrence,
    diversity,
    relatedness,
    relatedness_density,
    ubiquity,
)
from beffroi.vocabulary.errors import MethodError

BINARY = arrays(np.float64, st.tuples(st.integers(2, 6), st.integers(2, 6)), elements=st.sampled_from([0.0, 1.0]))
M = np.array([[1, 1, 0, 1], [1, 0, 1, 1], [1, 1, 1, 0], [0, 0, 1, 0]], dtype=float)


def slow(m, measure):
    """Every pair by the formula as it is written."""
    n = m.shape[1]
    c = np.zeros((n, n))
    for i in range(n):
        for k in range(n):
            if i != k:
                c[i, k] = sum(row[i] * row[k] for row in m)
    s, whole = c.sum(axis=0), c.sum()
    regions = m.sum(axis=0)
    out = np.zeros((n, n))
    for i in range(n):
        for k in range(n):
            if i == k or c[i, k] == 0:
                continue
            out[i, k] = {
                "cosine": lambda i=i, k=k: c[i, k] / np.sqrt(s[i] * s[k]),
                "jaccard": lambda i=i, k=k: c[i, k] / (s[i] + s[k] - c[i, k]),
                "association": lambda i=i, k=k: c[i, k] * whole / (s[i] * s[k]),
                "probability": lambda i=i, k=k: (
                    c[i, k]
                    / ((s[i] / whole * s[k] / (whole - s[i]) + s[k] / whole * s[i] / (whole - s[k])) * whole / 2)
                ),
                "proximity": lambda i=i, k=k: c[i, k] / max(regions[i], regions[k]),
            }[measure]()
    return out


@pytest.mark.parametrize("measure", ["cosine", "jaccard", "association", "probability", "proximity"])
@given(BINARY)
def test_each_measure_is_its_formula_pair_by_pair(measure, m):
    found = relatedness(m, measure=measure)

    assert found == pytest.approx(slow(m, measure), rel=1e-12, abs=1e-12)
    assert found == pytest.approx(found.T, abs=1e-12)


@given(BINARY)
def test_the_order_of_regions_means_nothing_and_that_of_activities_goes_along(m):
    order = np.arange(m.shape[1])[::-1]

    assert relatedness(m[::-1], measure="cosine") == pytest.approx(relatedness(m, measure="cosine"))
    turned = relatedness(m[:, order], measure="cosine")
    assert turned == pytest.approx(relatedness(m, measure="cosine")[np.ix_(order, order)])


def test_the_diagonal_is_a_choice_that_changes_density():
    """Tools differ by up to 0.083 in density because one puts 1 there and another 0."""
    with_itself = relatedness_density(M, relatedness(M, diagonal=1.0))
    without = relatedness_density(M, relatedness(M, diagonal=0.0))

    assert np.diag(relatedness(M, diagonal=1.0)).tolist() == [1, 1, 1, 1]
    assert np.abs(with_itself - without).max() > 0.05


def test_density_is_a_share_of_the_neighbourhood():
    phi = relatedness(M)
    found = relatedness_density(M, phi, scale=100)

    for j in range(4):
        for i in range(4):
            assert found[j, i] == pytest.approx(100 * sum(M[j, k] * phi[k, i] for k in range(4)) / phi[:, i].sum())
    assert ((found >= 0) & (found <= 100)).all()


def test_an_activity_related_to_none_has_no_density():
    alone = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]])

    assert np.isnan(relatedness_density(alone, relatedness(alone))[:, 2]).all()
    assert relatedness(alone, measure="association")[2].tolist() == [0, 0, 0]


def test_above_chance_keeps_one_and_more():
    assert above_chance([[1.0, 0.999], [np.nan, 2.0]])[0].tolist() == [1, 0]
    assert np.isnan(above_chance([[np.nan]])[0, 0])


def test_counts_of_regions_and_activities():
    assert diversity(M).tolist() == [3, 3, 3, 1]
    assert ubiquity(M).tolist() == [3, 2, 3, 2]
    assert np.diag(co_occurrence(M, diagonal=7)).tolist() == [7] * 4


def test_what_is_no_matrix_of_specialisations_is_refused():
    for given_ in ([[0.5]], [[np.nan]], [1, 0]):
        with pytest.raises(MethodError, match="expected"):
            relatedness(given_)
    with pytest.raises(MethodError, match="no measure of relatedness"):
        relatedness(M, measure="likeness")
    with pytest.raises(MethodError, match="expected the same"):
        relatedness_density(M, np.ones((2, 2)))
