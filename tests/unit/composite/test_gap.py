"""Least effort to a rank: worked by hand, against independent solvers, and certified by ranking again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from beffroi.composite.aggregate import geometric
from beffroi.composite.gap import Linear, frontier, plan, threshold
from beffroi.composite.gap_convex import Geometric, Quadratic, ZeroUnderGeometricMeanError
from beffroi.composite.gap_question import Question
from beffroi.composite.rank import rank
from beffroi.vocabulary.errors import MethodError


def test_two_levers_by_hand():
    """FRE has 45, FRK 55: 10 points lack. A point of jobs gives 0.5 for 1 year (15 points left), patents for 3."""
    q = Question(
        ("FRK", "FRE"), ("jobs", "patents"), np.array([[60.0, 50.0], [40.0, 50.0]]), np.array([0.5, 0.5]), "FRE",
        np.array([1.0, 3.0]), np.array([15.0, 40.0]),
    )  # fmt: skip

    p = plan(q, 1, by=Linear())

    np.testing.assert_allclose(p.moves, [15.0, 5.0], atol=1e-5)
    assert p.cost == pytest.approx(30.0, abs=1e-5)
    assert [name for name, _ in p.levers] == ["jobs", "patents"]
    assert (p.feasible, p.true_rank, p.best_rank, p.rounds) == (True, 1, 1, 1)
    assert p.true_score == pytest.approx(55.0, abs=1e-5)


@given(st.integers(0, 10_000), st.integers(1, 6))
def test_the_greedy_plan_equals_the_linear_program(question, seed: int, wanted: int):
    q = question(seed)
    share = q.weights / q.weights.sum()
    gap = threshold(q.points @ share, q.row, wanted) + 1e-6 - q.points[q.row] @ share
    assume(gap > 0)

    p = plan(q, wanted, by=Linear())
    lp = linprog(q.cost, A_ub=-share[None, :], b_ub=[-gap], bounds=list(zip(np.zeros(8), q.head, strict=True)))

    assert p.feasible == (lp.status == 0)
    if p.feasible:
        assert p.cost == pytest.approx(lp.fun, rel=1e-9, abs=1e-9)
        assert rank(q.moved(p.moves) @ share)[q.row] <= wanted


@given(st.integers(0, 10_000))
def test_a_better_rank_never_costs_less_and_the_last_step_names_what_is_in_reach(question, seed: int):
    q = question(seed, region=19)

    plans = frontier(q, by=Linear())

    costs = [p.cost for p in plans]
    assert costs == sorted(costs)
    for p in plans:
        assert (p.moves <= q.head + 1e-9).all()
        assert p.feasible == (p.best_rank <= p.wanted)


def test_out_of_reach_names_the_best_reachable_rank(question):
    q = question()
    q = replace(q, head=np.full(8, 1.0))
    best = int(rank(q.moved(q.head) @ q.weights)[q.row])

    p = plan(q, 1, by=Linear())

    assert (p.feasible, p.cost, p.moves.tolist(), p.best_rank) == (False, np.inf, [0.0] * 8, best)


def test_a_rank_already_held_costs_nothing(question):
    q = question()

    p = plan(q, 20, by=Linear())

    assert (p.feasible, p.cost, p.levers) == (True, 0.0, ())


def test_an_indicator_without_road_is_left_alone(question):
    q = question()
    cost = q.cost.copy()
    cost[3] = np.inf

    p = plan(replace(q, cost=cost), 5, by=Linear())

    assert p.feasible
    assert p.moves[3] == 0.0


@given(st.integers(0, 10_000), st.integers(2, 8))
@settings(max_examples=25)
def test_the_geometric_closed_form_equals_a_general_solver(question, seed: int, wanted: int):
    q = question(seed)
    share = q.weights / q.weights.sum()
    target = threshold(geometric(q.points, share), q.row, wanted) + 1e-6
    start = q.points[q.row]
    assume(geometric(start + q.head, share) > target * 1.001)
    assume(geometric(start, share) < target)

    found = Geometric().cheapest(q, target)
    oracle = minimize(
        lambda d: q.cost @ d, q.head / 2, jac=lambda _: q.cost, method="SLSQP",
        bounds=list(zip(np.zeros(8), q.head, strict=True)),
        constraints=[{
            "type": "ineq",
            "fun": lambda d: share @ np.log(start + d) - np.log(target),
            "jac": lambda d: share / (start + d),
        }],
        options={"ftol": 1e-12, "maxiter": 500},
    )  # fmt: skip

    assert found is not None
    assert geometric(start + found.moves, share) >= target - 1e-9
    if oracle.success:
        assert found.cost == pytest.approx(oracle.fun, rel=1e-5, abs=1e-6)


def test_a_geometric_plan_reaches_its_rank_and_zero_points_are_refused_by_name(question):
    q = question()

    p = plan(q, 3, by=Geometric())

    assert rank(geometric(q.moved(p.moves), q.weights))[q.row] == 3
    points = q.points.copy()
    points[q.row, 2] = 0.0
    with pytest.raises(ZeroUnderGeometricMeanError, match=r"'R11' has 0 points on 'c'.*1\.\.100"):
        plan(replace(q, points=points), 3, by=Geometric())


@given(st.integers(0, 10_000))
@settings(max_examples=25)
def test_quadratic_effort_equals_a_general_solver(question, seed: int):
    q = question(seed)
    share = q.weights / q.weights.sum()
    gap = 0.6 * float(share @ q.head)

    found = Quadratic().cheapest(q, float(share @ q.points[q.row]) + gap)
    oracle = minimize(
        lambda d: q.cost @ d**2, q.head / 2, jac=lambda d: 2 * q.cost * d, method="SLSQP",
        bounds=list(zip(np.zeros(8), q.head, strict=True)),
        constraints=[{"type": "ineq", "fun": lambda d: share @ d - gap, "jac": lambda _: share}],
        options={"ftol": 1e-13, "maxiter": 500},
    )  # fmt: skip

    assert found is not None
    assert share @ found.moves == pytest.approx(gap, rel=1e-9)
    assert found.cost == pytest.approx(oracle.fun, rel=1e-5)
    assert Quadratic().cheapest(q, 1000.0) is None


def test_moving_goalposts_are_followed_until_the_true_rank_is_reached(question):
    """A full scorer that rescales each indicator between its worst and best region after the moves."""
    q = question(3)
    q = replace(q, points=(q.points - q.points.min(0)) / np.ptp(q.points, axis=0) * 100, head=np.full(8, 60.0))

    def rescaled(points: np.ndarray) -> np.ndarray:
        return (points - points.min(0)) / np.ptp(points, axis=0) * 100 @ q.weights

    for wanted in range(1, 11):
        p = plan(q, wanted, by=Linear(), score=rescaled)
        assert p.feasible
        assert rank(rescaled(q.moved(p.moves)))[q.row] == p.true_rank
        assert p.true_rank <= wanted
        assert p.true_score == pytest.approx(rescaled(q.moved(p.moves))[q.row])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"region": "XX"}, "'XX' is not among the 20"),
        ({"weights": np.ones(3)}, "8 indicators were named"),
        ({"cost": np.array([1.0, 0, 1, 1, 1, 1, 1, 1])}, "cost of 'b' is 0"),
        ({"weights": np.zeros(8)}, "All weights are 0"),
        ({"head": np.array([1.0, 1, -2, 1, 1, 1, 1, 1])}, "head of 'c' is -2"),
        ({"points": np.full((20, 8), np.nan)}, "'R00' has no points on 'a'"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(question, change, words):
    with pytest.raises(MethodError, match=words):
        replace(question(), **change)


def test_rank_zero_is_refused(question):
    with pytest.raises(MethodError, match="the best rank is 1"):
        plan(question(), 0, by=Linear())


def test_a_scorer_kinder_than_frozen_goalposts_is_believed(question):
    """Each point of the region counts 1.5 times in truth, so a rank beyond the frozen heads is within reach."""
    q = replace(question(), head=np.full(8, 8.0))

    def kinder(points):
        scores = points @ q.weights
        scores[q.row] += 0.5 * float((points[q.row] - q.points[q.row]) @ q.weights)
        return scores

    best = int(rank(kinder(q.moved(q.head)))[q.row])
    frozen = plan(q, best, by=Linear())
    p = plan(q, best, by=Linear(), score=kinder)

    assert frozen.best_rank > best
    assert not frozen.feasible
    assert (p.feasible, p.true_rank, p.best_rank) == (True, best, best)
    assert p.cost < q.cost @ q.head
    below = replace(q, head=p.moves * 0.99)
    assert rank(kinder(q.moved(below.head)))[q.row] > best


def test_solvers_leave_alone_what_is_reached_and_refuse_what_is_not(question):
    q = question()
    now = float(q.points[q.row] @ q.weights)

    for by in (Linear(), Geometric(), Quadratic()):
        own = float(by.scores(q, q.points)[q.row])
        assert by.cheapest(q, own - 1.0).cost == 0.0
        assert by.cheapest(q, 1000.0) is None
        np.testing.assert_array_equal(by.furthest(q), q.head)
    assert plan(q, 4, by=Quadratic()).true_rank == 4
    assert Quadratic().cheapest(q, now + 1.0).cost > 0
