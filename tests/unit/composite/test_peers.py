"""Peers by structure: the shrunk covariance, distances, and what the best of them reach."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.peers import best_peer, hellinger, ledoit_wolf, structural_peers
from beffroi.vocabulary.errors import MethodError


def table(values):
    names = tuple(f"R{i:02d}" for i in range(values.shape[0]))
    return IndicatorMatrix(names, tuple("abcdef"[: values.shape[1]]), values)


@given(st.integers(0, 10_000), st.integers(3, 30), st.integers(1, 6))
def test_the_shrunk_covariance_equals_its_definition_summed_by_hand(seed: int, n: int, p: int):
    """Ledoit & Wolf's b² = Σ‖x xᵀ − S‖² / n², capped at d² = ‖S − m·I‖²; the share is b² / d²."""
    x = np.random.default_rng(seed).normal(size=(n, p)) * np.arange(1, p + 1)

    covariance, share = ledoit_wolf(x)

    c = x - x.mean(axis=0)
    s = c.T @ c / n
    m = np.trace(s) / p
    d2 = ((s - m * np.eye(p)) ** 2).sum() / p
    b2 = min(sum(((np.outer(row, row) - s) ** 2).sum() for row in c) / p / n**2, d2)
    assert share == pytest.approx(b2 / d2 if p > 1 else share)
    np.testing.assert_allclose(covariance, share * m * np.eye(p) + (1 - share) * s)
    assert np.linalg.eigvalsh(covariance).min() > 0


def test_it_equals_scikit_learn_where_that_is_at_hand():
    sklearn = pytest.importorskip("sklearn.covariance", reason="scikit-learn is an oracle, not a dependency")
    x = np.random.default_rng(1).normal(size=(40, 5)) @ np.random.default_rng(2).normal(size=(5, 5))

    covariance, share = ledoit_wolf(x)

    oracle = sklearn.LedoitWolf().fit(x)
    assert share == pytest.approx(oracle.shrinkage_)
    np.testing.assert_allclose(covariance, oracle.covariance_)


def test_distances_equal_those_of_scipy_and_come_nearest_first():
    values = np.random.default_rng(3).normal(size=(30, 4))
    low, high = np.quantile(values, (0.025, 0.975), axis=0)
    tamed = np.clip(values, low, high)
    z = (tamed - tamed.mean(axis=0)) / tamed.std(axis=0)
    expected = cdist(z, z, "mahalanobis", VI=np.linalg.inv(ledoit_wolf(z)[0]))

    found = structural_peers(table(values), k=5)

    for i in range(30):
        others = [int(k) for k in np.argsort(expected[i]) if k != i][:5]
        assert found.rows[i].tolist() == others
        np.testing.assert_allclose(found.distances[i], expected[i, others])
        assert found.mutual[i].tolist() == [i in found.rows[k] for k in others]


@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_a_change_of_unit_changes_no_peer(seed: int, factor: float):
    values = np.random.default_rng(seed).normal(size=(15, 3))

    one, other = structural_peers(table(values), k=3), structural_peers(table(values * [factor, 1, 1] + 7), k=3)

    np.testing.assert_allclose(one.distances, other.distances, rtol=1e-6)


def test_a_region_unlike_all_others_has_no_peer_within_the_caliper():
    values = np.random.default_rng(4).normal(size=(40, 2))
    values[:3] += 40.0

    found = structural_peers(table(values), k=4, most_distance=1.0)

    assert found.of("R00") == tuple((n, d) for n, d in found.of("R00") if n in ("R01", "R02"))
    assert (np.isnan(found.distances) == (found.rows == -1)).all()
    assert not found.mutual[found.rows == -1].any()


def test_the_best_peer_is_the_ninetieth_percentile_and_names_an_example():
    points = np.column_stack([np.arange(12.0), np.full(12, np.nan)])

    b = best_peer(points, np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1]))

    assert b.reachable[0] == 10.0
    assert b.row.tolist() == [10, -1]
    assert np.isnan(b.reachable[1])


def test_hellinger_distance_of_two_mixes_by_hand():
    v = hellinger(np.array([[0.5, 0.5], [1.0, 0.0]]))

    assert np.linalg.norm(v[0] - v[1]) == pytest.approx(np.sqrt(1 - np.sqrt(0.5)))
    with pytest.raises(MethodError, match="add up to 1"):
        hellinger(np.array([[0.5, 0.6]]))


def test_what_has_no_distance_is_refused():
    good = np.random.default_rng(1).normal(size=(5, 2))
    hole = good.copy()
    hole[2, 1] = np.nan

    with pytest.raises(MethodError, match="'R02' has no figure for 'b'"):
        structural_peers(table(hole))
    with pytest.raises(MethodError, match="'b' is the same"):
        structural_peers(table(good * [1, 0]))
    with pytest.raises(MethodError, match="0 peers"):
        structural_peers(table(good), k=0)
    with pytest.raises(MethodError, match="no structural figures"):
        structural_peers(table(good)).of("XX")
    with pytest.raises(MethodError, match="1 observations"):
        ledoit_wolf(np.ones((1, 2)))
