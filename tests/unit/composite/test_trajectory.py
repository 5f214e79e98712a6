"""Slopes, shrinkage, and the year in which a rank is reached while everybody moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import theilslopes

from beffroi.composite.paces import Paces, paces, theil_sen
from beffroi.composite.trajectory import arrival, crossing, required_pace
from beffroi.vocabulary.errors import MethodError

YEARS = np.arange(2015, 2025)


def steady(slopes, spread=0.0):
    slope = np.asarray(slopes, dtype=float)
    return Paces(
        slope,
        slope * 0,
        slope,
        np.full(slope.shape, spread),
        np.zeros(slope.shape[1]),
        np.ones(slope.shape[1], dtype=bool),
    )


def mean(points):
    return points.mean(axis=-1)


@given(st.integers(0, 10_000))
def test_slopes_equal_those_of_scipy_with_holes(seed: int):
    rng = np.random.default_rng(seed)
    history = rng.normal(0, 5, (10, 3, 2)) + np.arange(10)[:, None, None]
    history[rng.random(history.shape) < 0.2] = np.nan

    slope, error = theil_sen(history, YEARS)

    for i in range(3):
        for j in range(2):
            y = history[:, i, j]
            seen = ~np.isnan(y)
            if seen.sum() >= 5:
                assert slope[i, j] == pytest.approx(theilslopes(y[seen], YEARS[seen])[0])
                assert error[i, j] >= 0
            else:
                assert np.isnan(slope[i, j])


def test_the_error_of_a_slope_is_about_right():
    history = 2.0 * np.arange(10)[:, None] + np.random.default_rng(1).normal(0, 3, (10, 4000))

    slope, error = theil_sen(history, YEARS)

    assert slope.mean() == pytest.approx(2.0, abs=0.02)
    assert np.median(error) == pytest.approx(slope.std(), rel=0.25)


def test_shrinkage_by_hand():
    """Slopes 0, 1, 2, 3 with error 0.5: pull = (4 − 3)·0.25 / 5 = 0.05 towards 1.5."""
    from beffroi.composite.paces import _james_stein  # noqa: PLC0415 -- the formula itself

    shrunk, spread, pull = _james_stein(np.array([0.0, 1.0, 2.0, 3.0]), np.full(4, 0.5))

    assert pull == pytest.approx(0.05)
    np.testing.assert_allclose(shrunk, [0.075, 1.025, 1.975, 2.925])
    assert (spread < 0.5).all()


def test_shrunk_slopes_are_nearer_the_truth():
    rng = np.random.default_rng(5)
    truth = rng.normal(1, 0.2, (60, 4))
    history = truth * np.arange(10)[:, None, None] + rng.normal(0, 6, (10, 60, 4))

    found = paces(history, YEARS)

    assert ((found.shrunk - truth) ** 2).mean() < 0.5 * ((found.slope - truth) ** 2).mean()
    assert ((found.pull > 0) & (found.pull <= 1)).all()


def test_a_region_without_history_gets_the_common_pace():
    history = np.arange(10.0)[:, None, None] * np.array([1.0, 2.0, 3.0, 4.0, 5.0])[None, :, None]
    history[:, 4] = np.nan

    found = paces(history, YEARS)

    assert np.isnan(found.slope[4, 0])
    assert found.shrunk[4, 0] == pytest.approx(2.5)
    assert found.spread[4, 0] > 1


def test_an_indicator_without_history_stands_still_and_says_so():
    history = np.full((10, 5, 2), np.nan)
    history[:, :, 0] = np.arange(10.0)[:, None] * np.arange(1, 6)

    found = paces(history, YEARS)

    assert found.known.tolist() == [True, False]
    assert found.shrunk[:, 1].tolist() == found.spread[:, 1].tolist() == [0.0] * 5


def test_two_straight_lines_meet_by_hand():
    """40 + 2t meets 50 + t after 10 years; the tie shares the rank."""
    points = np.array([[40.0], [50.0]])

    a = arrival(points, steady([[2.0], [1.0]]), 0, wanted=1, scoring=mean, rng=np.random.default_rng(1), futures=10)

    assert (a.median_year, a.never) == (10.0, 0.0)
    assert a.chances == ((5, 0.0), (10, 1.0), (20, 1.0))
    assert a.path.tolist() == [2] * 10 + [1] * 21
    assert crossing(40.0, 2.0, 50.0, 1.0) == 10.0


def test_a_leader_that_is_saturated_is_caught_and_a_slower_region_never_arrives():
    caught = arrival(
        np.array([[90.0], [99.0]]), steady([[1.0], [5.0]]), 0, wanted=1, scoring=mean,
        rng=np.random.default_rng(1), futures=5,
    )  # fmt: skip
    never = arrival(
        np.array([[40.0], [50.0]]), steady([[1.0], [2.0]]), 0, wanted=1, scoring=mean,
        rng=np.random.default_rng(1), futures=5,
    )  # fmt: skip

    assert caught.median_year == 10.0
    assert (np.isnan(never.median_year), never.never) == (True, 1.0)


@given(st.integers(0, 1_000))
@settings(max_examples=15)
def test_chances_rise_with_time_and_an_easier_rank_comes_no_later(seed: int):
    rng = np.random.default_rng(seed)
    points, moving = rng.uniform(20, 80, (8, 3)), steady(rng.normal(0.5, 1, (8, 3)), 0.5)

    hard, easy = (
        arrival(points, moving, 3, wanted=w, scoring=mean, rng=np.random.default_rng(seed), futures=200) for w in (2, 5)
    )

    chances = [p for _, p in hard.chances]
    assert chances == sorted(chances)
    assert chances[-1] <= 1 - hard.never
    assert easy.never <= hard.never
    assert all(e >= h for (_, e), (_, h) in zip(easy.chances, hard.chances, strict=True))


@given(st.floats(0.5, 40), st.floats(-3, 3), st.floats(-3, 3))
def test_the_meeting_of_two_lines_is_where_they_meet(behind: float, pace: float, other: float):
    t = crossing(50 - behind, pace, 50.0, other)

    if np.isfinite(t):
        assert 50 - behind + pace * t == pytest.approx(50 + other * t, rel=1e-6)
    else:
        assert pace <= other


def test_a_required_pace_is_compared_with_the_best_ever_seen():
    scores = np.array([[40.0, 50.0], [42.0, 51.0], [44.0, 55.0], [45.0, np.nan]])

    p = required_pace(scores, 0, threshold=55.0, years=2)

    windows = [2.0, 2.5, 1.5]
    assert (p.required, p.best) == (5.0, 2.5)
    assert p.good == pytest.approx(np.quantile(windows, 0.9))
    assert p.ratio == pytest.approx(5.0 / p.good)


def test_what_has_no_answer_is_refused():
    with pytest.raises(MethodError, match="ascending"):
        theil_sen(np.zeros((3, 1)), np.array([1, 3, 2]))
    with pytest.raises(MethodError, match="1 points are missing"):
        arrival(np.array([[np.nan]]), steady([[1.0]]), 0, wanted=1, scoring=mean, rng=np.random.default_rng(1))
    with pytest.raises(MethodError, match="at least two years"):
        required_pace(np.ones((1, 2)), 0, threshold=2.0, years=3)
