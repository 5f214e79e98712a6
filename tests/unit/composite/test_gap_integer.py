"""Few levers, budgets, exclusions and several plans, against trying every subset."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from beffroi.composite.gap import Linear, plan
from beffroi.composite.gap_integer import ActionError, Actions, Integer, alternatives, one_lever_each


def by_trying(q, target, actions, *, most=99, budget=np.inf):
    share = q.weights / q.weights.sum()
    gap = target - share @ q.points[q.row]
    best = np.inf
    for size in range(min(most, len(actions.names)) + 1):
        for chosen in combinations(range(len(actions.names)), size):
            names = {actions.names[c] for c in chosen}
            if any(set(pair) <= names for pair in actions.incompatible):
                continue
            columns = list(chosen)
            effects = actions.effects[:, columns]
            if not columns:
                best = min(best, 0.0 if gap <= 0 else np.inf)
                continue
            lp = linprog(
                actions.cost[columns],
                A_ub=np.vstack([-(share @ effects)[None, :], effects]),
                b_ub=np.concatenate([[-gap], q.head]),
                bounds=[(0.0, cap) for cap in actions.cap[columns]],
            )
            total = lp.fun + actions.fixed_cost[columns].sum() if lp.status == 0 else np.inf
            best = min(best, total if total <= budget else np.inf)
    return best


@given(st.integers(0, 10_000), st.integers(1, 4))
@settings(max_examples=20)
def test_at_most_k_levers_equals_trying_every_subset(question, seed: int, most: int):
    q = question(seed, j=6)
    target = float(np.sort(q.points @ q.weights)[-6])

    found = Integer(one_lever_each(q), most=most).cheapest(q, target)

    assert (np.inf if found is None else found.cost) == pytest.approx(
        by_trying(q, target, one_lever_each(q), most=most), rel=1e-6, abs=1e-6
    )


@given(st.integers(0, 10_000))
@settings(max_examples=15)
def test_actions_with_fixed_costs_exclusions_and_a_budget_equal_trying_every_subset(question, seed: int):
    q = question(seed, j=6)
    rng = np.random.default_rng(seed)
    effects = rng.uniform(0, 3, (6, 5)) * (rng.random((6, 5)) < 0.6)
    actions = Actions(
        ("A", "B", "C", "D", "E"), effects, rng.uniform(0.5, 2, 5), rng.uniform(0, 5, 5), rng.uniform(2, 10, 5),
        (("A", "B"), ("B", "C")),
    )  # fmt: skip
    target = float(q.points[q.row] @ q.weights) + 4.0

    found = Integer(actions, most=3, budget=25.0).cheapest(q, target)

    expected = by_trying(q, target, actions, most=3, budget=25.0)
    assert (np.inf if found is None else found.cost) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_without_limits_the_program_equals_the_greedy_plan(question):
    q = question()

    assert plan(q, 4, by=Integer(one_lever_each(q))).cost == pytest.approx(plan(q, 4, by=Linear()).cost, rel=1e-8)


def test_a_limit_that_is_too_tight_names_the_best_rank_within_it(question):
    q = question()
    two = Integer(one_lever_each(q), most=1)
    gains = q.weights * q.head
    best = q.points[q.row] @ q.weights + gains.max()
    others = np.delete(q.points @ q.weights, q.row)

    p = plan(q, 1, by=two)

    assert not p.feasible
    assert p.best_rank == 1 + (others > best).sum()


def test_alternatives_are_different_never_cheaper_and_none_contains_another(question):
    q = question()

    plans = alternatives(q, 5, by=Integer(one_lever_each(q), most=4), count=5)

    assert len(plans) == 5
    costs = [p.cost for p in plans]
    assert costs == sorted(costs)
    used = [{name for name, _ in p.levers} for p in plans]
    assert not any(before <= after for i, after in enumerate(used) for before in used[:i])
    assert all(p.true_rank <= 5 for p in plans)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cost": np.ones(3)}, "2 actions were named"),
        ({"cap": np.array([1.0, np.inf])}, "cap of action 'B' is inf"),
        ({"incompatible": (("A", "Z"),)}, "'Z' is said to exclude"),
    ],
)
def test_actions_that_make_no_sense_are_refused(change, words):
    good = Actions(("A", "B"), np.ones((8, 2)), np.ones(2), np.zeros(2), np.ones(2))

    with pytest.raises(ActionError, match=words):
        replace(good, **change)


def test_effects_on_other_indicators_are_refused(question):
    actions = Actions(("A",), np.ones((3, 1)), np.ones(1), np.zeros(1), np.ones(1))

    with pytest.raises(ActionError, match="Effects are given on 3 indicators, the question has 8"):
        plan(question(), 2, by=Integer(actions))
