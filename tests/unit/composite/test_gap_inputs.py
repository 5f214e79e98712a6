"""Heads, paces, the full scorer of a built index, and plans that hold in most scenarios."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beffroi.composite.gap import Linear, plan
from beffroi.composite.gap_inputs import heads, peer_years, question_of, rebuild
from beffroi.composite.gap_nested import Nested
from beffroi.composite.gap_robust import cases, cautious, chance, reduce_cases, robust_plan
from beffroi.composite.rank import rank
from beffroi.vocabulary.errors import MethodError


def test_heads_are_what_the_best_tenth_of_peers_has_more():
    points = np.array([[10.0, 90.0, np.nan], *[[float(k), 50.0, 1.0] for k in range(11)]])

    assert heads(points, 0).tolist() == [0.0, 0.0, 0.0]
    assert heads(points, 1).tolist() == [pytest.approx(np.quantile([10, *range(1, 11)], 0.9)), 40.0 * 0, 0.0]
    assert heads(points, 0, peers=[11], quantile=1.0).tolist() == [0.0, 0.0, 0.0]
    with pytest.raises(MethodError, match="No peer"):
        heads(points, 0, peers=[])


def test_a_pace_nobody_has_costs_infinitely_much():
    assert peer_years(np.array([[2.0, np.nan, -1.0]])).tolist() == [0.5, np.inf, np.inf]


@pytest.mark.parametrize("normalisation", ["min_max", "z_score", "percentile"])
@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric"])
def test_the_full_scorer_gives_todays_scores_and_certifies_plans(make, trial_index, normalisation, aggregation):
    index = replace(trial_index, normalisation=normalisation, aggregation=aggregation)
    built = make(index)
    score = rebuild(built, index)
    q = question_of(built, built.regions[4], cost=np.ones(4), head=heads(built.normalised.values, 4))

    np.testing.assert_allclose(score(built.normalised.values), built.scores, rtol=1e-12)
    p = plan(q, max(1, int(built.ranks[4]) - 4), by=Nested(built.shape, aggregation), score=score)
    assert rank(score(q.moved(p.moves)))[4] == p.true_rank
    if p.feasible:
        assert p.true_rank <= p.wanted


def test_a_move_inside_the_scale_is_taken_back_to_the_figure_it_stands_for(make, trial_index):
    built = make(trial_index)
    score = rebuild(built, trial_index)
    points = built.normalised.values.copy()
    row = int(np.argsort(built.scores)[10])
    points[row, 0] = 55.0

    moved = score(points)

    frozen = points[row] @ built.shape.effective
    treated = built.treated.decisions[0].method
    assert moved[row] == pytest.approx(frozen, rel=0.2 if treated != "none" else 1e-6)


@given(st.integers(0, 1_000))
@settings(max_examples=6)
def test_a_robust_plan_holds_on_scenarios_it_never_saw(question, seed: int):
    q = question(seed)
    rng = np.random.default_rng(seed)
    alpha = 60 * q.weights + 1e-3
    sample, fresh = (cases(q, 5, rng.dirichlet(alpha, size)) for size in (2_000, 4_000))

    p = robust_plan(q, 5, p=0.9, sample=sample, fresh=fresh, seconds=2.0)

    if p.feasible:
        assert p.verified >= 0.9
        assert chance(fresh, p.moves) == p.verified
        assert (p.moves <= q.head + 1e-9).all()
    else:
        assert p.verified == chance(fresh, q.head) < 0.9


def test_cases_count_as_ranking_does(question):
    q = question()
    weights = np.random.default_rng(1).dirichlet(np.ones(8), 500)
    moves = q.head / 2

    told = chance(cases(q, 5, weights), moves)

    counted = np.mean([rank(q.moved(moves) @ w)[q.row] <= 5 for w in weights])
    assert told == pytest.approx(counted, abs=1e-12)
    assert chance(cases(q, 20, weights), np.zeros(8)) == 1.0


def test_certainty_costs_more_than_the_nominal_plan_and_the_cautious_plan_most(question):
    q = question(4)
    weights = np.random.default_rng(1).dirichlet(200 * q.weights, 3_000)
    sample, fresh = cases(q, 8, weights[:1_000]), cases(q, 8, weights[1_000:])

    half, sure = (robust_plan(q, 8, p=p, sample=sample, fresh=fresh) for p in (0.5, 0.95))
    careful = cautious(q, sample, 0.95)

    assert half.cost <= sure.cost <= careful @ q.cost * 1.05
    assert sure.least_cost <= sure.cost
    assert plan(q, 8, by=Linear()).cost <= sure.cost
    assert reduce_cases(sample, 10).lack.size == 10
    assert chance(reduce_cases(sample, 1_000), careful) >= 0.95


def test_robust_plans_at_the_ends(question):
    q = question(4)
    weights = np.random.default_rng(1).dirichlet(200 * q.weights, 600)
    sample, fresh = cases(q, 8, weights[:300]), cases(q, 8, weights[300:])

    idle = robust_plan(q, 20, p=1.0, sample=cases(q, 20, weights), fresh=cases(q, 20, weights))
    hopeless = robust_plan(replace(q, head=np.full(8, 0.1)), 8, p=0.9, sample=sample, fresh=fresh)

    assert (idle.feasible, idle.cost, idle.verified) == (True, 0.0, 1.0)
    assert (hopeless.feasible, hopeless.least_cost) == (False, np.inf)


def test_a_plan_made_on_too_narrow_scenarios_is_pushed_until_it_holds(question):
    q = question(4)
    rng = np.random.default_rng(1)
    narrow = cases(q, 8, rng.dirichlet(5_000 * q.weights, 60))
    wide = cases(q, 8, rng.dirichlet(30 * q.weights, 2_000))
    asked = min(0.95, chance(wide, q.head) - 0.001)

    p = robust_plan(q, 8, p=asked, sample=narrow, fresh=wide, seconds=1.0)

    assert p.feasible
    assert asked <= p.verified <= asked + 0.01


def test_an_impossible_chance_is_refused_and_wrong_weights_too(question):
    q = question()
    sample = cases(q, 5, np.full((3, 8), 1 / 8))

    with pytest.raises(MethodError, match="above 0 and at most 1"):
        robust_plan(q, 5, p=0.0, sample=sample, fresh=sample)
    with pytest.raises(MethodError, match="8 columns"):
        cases(q, 5, np.ones((3, 2)))
