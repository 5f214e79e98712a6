"""Shares of ranks and central weights against pysensmcda, and exact ranks against trying weights."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beffroi.composite.acceptability import acceptability, central_weights
from beffroi.composite.aggregate import Tree
from beffroi.composite.exact_rank import box, exact_rank, spread
from beffroi.composite.rank import rank
from beffroi.vocabulary.errors import MethodError

TREE = Tree(("p", "q"), (np.array([0, 1]), np.array([2])), np.array([0.4, 0.6]), np.array([0.5, 0.5, 1.0]))


def test_shares_and_central_weights_equal_those_of_pysensmcda():
    smaa = pytest.importorskip("pysensmcda.smaa", reason="pysensmcda is an oracle, not a dependency")
    rng = np.random.default_rng(3)
    points, weights = rng.uniform(0, 100, (12, 5)), rng.dirichlet(np.ones(5), 3_000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = smaa.simulate(lambda m, w, _: m @ w, points, np.ones(5), weights=weights, reverse_ranking=True)

        shares, errors = smaa.rank_acceptability(theirs, standard_error=True)
        centres = smaa.central_weights(theirs)
    ranks = rank(weights @ points.T)

    ours = acceptability(ranks)
    np.testing.assert_allclose(ours.share, shares, atol=1e-12)
    np.testing.assert_allclose(ours.standard_error, errors, atol=1e-12)
    np.testing.assert_allclose(central_weights(ranks, weights).weights, centres, atol=1e-12)


@given(st.integers(0, 10_000))
def test_rows_sum_to_one_and_central_weights_are_weights(seed: int):
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(3), 50)
    ranks = rank(weights @ rng.integers(0, 9, (6, 3)).T.astype(float))

    share = acceptability(ranks).share
    centre = central_weights(ranks, weights, k=3)

    np.testing.assert_allclose(share.sum(axis=1), 1)
    assert (centre.scenarios == (ranks <= 3).sum(axis=0)).all()
    seen = centre.scenarios > 0
    np.testing.assert_allclose(centre.weights[seen].sum(axis=1), 1)
    assert np.isnan(centre.weights[~seen]).all()


def test_scenarios_that_do_not_fit_are_refused():
    with pytest.raises(MethodError, match="No scenario"):
        acceptability(np.zeros((0, 3), dtype=np.int32))
    with pytest.raises(MethodError, match="2 scenarios of ranks, 3 of weights"):
        central_weights(np.ones((2, 3)), np.ones((3, 2)))


def test_three_regions_by_hand():
    """The middle region is never first: to beat one neighbour it must lose to the other."""
    points = np.array([[60.0, 40.0], [50.0, 45.0], [40.0, 60.0]])

    r = exact_rank(points, 1, box(np.zeros(2), np.ones(2)))

    assert (r.best, r.worst, r.proven) == (2, 3, True)


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_over_two_indicators_it_equals_trying_every_crossing(seed: int):
    """With two indicators ranks change only where two lines cross, so points between crossings are all there is."""
    rng = np.random.default_rng(seed)
    points, row = rng.uniform(0, 100, (9, 2)), 4
    low, high = 0.2, 0.9
    slope = points[:, 0] - points[:, 1]
    others = np.arange(9) != row
    cross = (points[row, 1] - points[others, 1]) / (slope[others] - slope[row])
    marks = np.unique(np.concatenate([[low, high], cross[(cross > low) & (cross < high)]]))
    tried = np.concatenate([marks, (marks[1:] + marks[:-1]) / 2])
    ranks = rank(np.column_stack([tried, 1 - tried]) @ points.T)[:, row]

    r = exact_rank(points, row, box(np.array([low, 0.0]), np.array([high, 1.0])))

    assert (r.best, r.worst, r.proven) == (ranks.min(), ranks.max(), True)


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_no_drawn_weights_leave_the_bounds_and_the_weights_found_are_allowed(seed: int):
    rng = np.random.default_rng(seed)
    points, row = rng.uniform(0, 100, (12, 3)), 5
    f, g = 0.5, 0.3
    pillar = TREE.pillar_weights * (1 + f * rng.uniform(-1, 1, (500, 2)))
    inside = TREE.indicator_weights * (1 + g * rng.uniform(-1, 1, (500, 3)))
    inside[:, :2] /= inside[:, :2].sum(axis=1, keepdims=True)
    inside[:, 2] = 1.0
    drawn = inside * (pillar / pillar.sum(axis=1, keepdims=True))[:, [0, 0, 1]]
    ranks = rank(drawn @ points.T)[:, row]

    r = exact_rank(points, row, spread(TREE, pillar_spread=f, indicator_spread=g))

    assert r.proven
    assert r.best <= ranks.min()
    assert r.worst >= ranks.max()
    for w in (r.best_weights, r.worst_weights):
        assert w.sum() == pytest.approx(1)
        ratio = w[:2].sum() / w[2] / (0.4 / 0.6)
        assert 0.5 / 1.5 - 1e-6 <= ratio <= 1.5 / 0.5 + 1e-6
        assert 0.7 / 1.3 - 1e-6 <= w[0] / w[1] <= 1.3 / 0.7 + 1e-6


def test_without_spread_there_is_one_rank():
    points = np.random.default_rng(1).uniform(0, 100, (12, 3))

    r = exact_rank(points, 5, spread(TREE, pillar_spread=0.0, indicator_spread=0.0))

    assert r.best == r.worst == rank(points @ TREE.effective)[5]


def test_twins_share_their_rank_and_one_region_alone_is_first():
    points = np.array([[1.0, 2.0], [1.0, 2.0], [3.0, 1.0]])

    r = exact_rank(points, 0, box(np.zeros(2), np.ones(2)))
    alone = exact_rank(points[:1], 0, box(np.zeros(2), np.ones(2)))

    assert (r.best, r.worst, r.proven) == (1, 2, True)
    assert (alone.best, alone.worst, alone.proven) == (1, 1, True)


def test_bounds_without_weights_and_holes_are_refused():
    with pytest.raises(MethodError, match="Widen the bounds"):
        box(np.full(2, 0.6), np.ones(2))
    with pytest.raises(MethodError, match="1 of them missing"):
        exact_rank(np.array([[np.nan, 1.0], [1.0, 1.0]]), 0, box(np.zeros(2), np.ones(2)))
