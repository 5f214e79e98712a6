"""Pillars under a geometric or harmonic mean: lower and upper bound meet, and a general solver agrees."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from beffroi.composite.aggregate import Tree, aggregate
from beffroi.composite.gap import Linear, plan
from beffroi.composite.gap_nested import Nested
from beffroi.composite.rank import rank

TREE = Tree(
    ("p", "q", "r"),
    (np.array([0, 1, 2]), np.array([3, 4]), np.array([5, 6, 7])),
    np.array([0.5, 0.2, 0.3]),
    np.array([0.2, 0.3, 0.5, 0.6, 0.4, 0.1, 0.1, 0.8]),
)


def score(points, method):
    return aggregate(np.atleast_2d(points), TREE, method=method)[1]


@given(st.integers(0, 10_000), st.sampled_from(["geometric", "harmonic"]))
@settings(max_examples=25)
def test_bounds_meet_and_a_general_solver_agrees(question, seed: int, method: str):
    q = question(seed)
    start = q.points[q.row]
    now, most = float(score(start, method)[0]), float(score(start + q.head, method)[0])
    target = now + 0.6 * (most - now)

    found = Nested(TREE, method).cheapest(q, target)
    oracle = minimize(
        lambda d: q.cost @ d, 0.8 * q.head, jac=lambda _: q.cost, method="SLSQP",
        bounds=list(zip(np.zeros(8), q.head, strict=True)),
        constraints=[{"type": "ineq", "fun": lambda d: float(score(start + d, method)[0]) - target}],
        options={"ftol": 1e-11, "maxiter": 500},
    )  # fmt: skip

    assert found is not None
    assert score(start + found.moves, method)[0] >= target - 1e-9
    assert found.cost - found.least_cost <= 1e-6 * max(1.0, found.cost)
    if oracle.success:
        assert found.cost <= oracle.fun * (1 + 1e-6)
        assert found.cost == pytest.approx(oracle.fun, rel=1e-3)


def test_an_arithmetic_tree_equals_the_greedy_plan(question):
    q = replace(question(), weights=TREE.effective)

    assert plan(q, 4, by=Nested(TREE, "arithmetic")).cost == pytest.approx(plan(q, 4, by=Linear()).cost, rel=1e-6)


@given(st.integers(0, 10_000))
@settings(max_examples=8)
def test_at_most_two_levers_equals_trying_every_pair(question, seed: int):
    q = question(seed)
    start = q.points[q.row]
    reach = max(
        float(score(start + np.isin(np.arange(8), pair) * q.head, "geometric")[0]) for pair in combinations(range(8), 2)
    )
    now = float(score(start, "geometric")[0])
    target = now + 0.7 * (reach - now)
    assume(target > now + 1e-3)

    pair_costs = []
    for pair in combinations(range(8), 2):
        only = replace(q, head=np.where(np.isin(np.arange(8), pair), q.head, 0.0))
        found = Nested(TREE, "geometric").cheapest(only, target)
        pair_costs.append(np.inf if found is None else found.cost)
    two = Nested(TREE, "geometric", most=2)

    assert two.cheapest(q, target).cost == pytest.approx(min(pair_costs), rel=1e-5)
    assert score(start + two.furthest(q), "geometric")[0] == pytest.approx(reach, rel=1e-6)


def test_the_plan_is_certified_and_out_of_reach_is_said(question):
    q = question(5)

    p = plan(q, 3, by=Nested(TREE, "geometric"))
    none = plan(replace(q, head=np.full(8, 0.5)), 1, by=Nested(TREE, "geometric"))

    assert rank(score(q.moved(p.moves), "geometric"))[q.row] == p.true_rank <= 3
    assert not none.feasible
    assert none.best_rank == rank(score(q.moved(np.full(8, 0.5)), "geometric"))[q.row]


def test_a_pillar_without_a_point_can_still_be_lifted(question):
    q = question(2)
    points = q.points.copy()
    points[q.row, 3:5] = 0.0
    q = replace(q, points=points, head=np.full(8, 60.0))

    p = plan(q, 5, by=Nested(TREE, "geometric"))

    assert p.feasible
    assert p.true_rank <= 5
