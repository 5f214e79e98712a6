"""Today's scale held fast: there and back, robust plans tried on rebuilt scenarios, merged regions ranked again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from beffroi.composite.acceptability import effective_weights
from beffroi.composite.build import build
from beffroi.composite.gap_inputs import built_after, heads, question_of
from beffroi.composite.gap_scenarios import certified_robust_plan, chance_after
from beffroi.composite.goalposts import to_figures, to_points
from beffroi.composite.rank import rank
from beffroi.composite.recombine import Parts, recombine
from beffroi.composite.recombine_rank import rank_again
from beffroi.composite.uncertainty import draw, run
from beffroi.vocabulary.errors import MethodError

SCALES = ["min_max", "z_score", "percentile"]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("sigma", [0.3, 1.6, 3.0])
@pytest.mark.parametrize("seed", range(3))
def test_the_builds_own_figures_get_the_builds_own_points_and_come_back(make, trial_index, scale, sigma, seed):
    index = replace(trial_index, normalisation=scale)
    built = make(index, seed=seed, n=90, sigma=sigma)
    figures = built.imputed.matrix.values

    points = to_points(built, index, figures)

    np.testing.assert_allclose(points, built.normalised.values, atol=1e-9)
    for column, decision in enumerate(built.treated.decisions):
        if decision.method != "winsorised":
            back = to_figures(built, index, column, points[:, column])
            np.testing.assert_allclose(back, figures[:, column], rtol=1e-6, atol=1e-9 * np.ptp(figures[:, column]))


def test_figures_of_other_years_go_beyond_the_scale_and_holes_stay(make, trial_index):
    built = make(replace(trial_index, treatment="none"))
    figures = np.stack([built.imputed.matrix.values, built.imputed.matrix.values * 2])
    figures[0, 3, 2] = np.nan

    points = to_points(built, trial_index, figures)

    assert np.isnan(points).sum() == 1
    assert points[1, :, 0].max() > 100
    with pytest.raises(MethodError, match="Figures of 3 indicators"):
        to_points(built, trial_index, figures[..., :3])


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_log_scale_ends_at_the_least_figure_seen(make, trial_index, side):
    raw = make(trial_index, n=90, sigma=3.0).raw
    ways, where = dict.fromkeys(raw.indicators, 1), {one: one[:2] for one in raw.regions}
    built = build(raw.with_values(side * raw.values), trial_index, directions=ways, countries=where)
    logs = [k for k, decision in enumerate(built.treated.decisions) if decision.method == "log"]
    assert logs

    points = to_points(built, trial_index, np.full(4, -1e9 * side))

    np.testing.assert_allclose(points[logs], 0.0 if side > 0 else 100.0, atol=1e-9)


def test_without_a_move_nothing_changes(make, trial_index):
    built = make(trial_index)

    again = built_after(built, trial_index, built.normalised.values)

    np.testing.assert_array_equal(again.scores, built.scores)


def test_a_robust_plan_holds_when_everything_is_rebuilt(make, trial_index):
    spec = replace(trial_index.uncertainty, normalisations=("min_max", "z_score"), imputation_draws=2)
    index = replace(trial_index, uncertainty=spec)
    built = make(index)
    row = int(np.flatnonzero(built.ranks == 12)[0])
    head = heads(built.normalised.values, row)
    q = question_of(built, built.regions[row], cost=np.ones(4), head=head)

    plan = certified_robust_plan(built, index, q, 8, p=0.8)
    hopeless = certified_robust_plan(built, index, replace(q, head=np.full(4, 0.01)), 1, p=0.8)
    idle = certified_robust_plan(built, index, q, 20, p=0.8)

    assert plan.feasible
    assert plan.verified >= 0.8
    assert plan.verified == chance_after(built, index, q, plan.moves, wanted=8)
    assert plan.today < 0.8
    assert not hopeless.feasible
    assert hopeless.verified < 0.8
    assert (idle.cost, idle.verified) == (0.0, 1.0)


def test_fresh_scenarios_are_not_those_of_planning(make, trial_index):
    built = make(trial_index)
    q = question_of(built, built.regions[0], cost=np.ones(4), head=np.ones(4))

    p = chance_after(built, trial_index, q, np.zeros(4), wanted=7)

    assert p == pytest.approx((run(built, trial_index).ranks[:, 0] <= 7).mean(), abs=0.1)
    weights = effective_weights(draw(trial_index.uncertainty, built.shape), built.shape)
    np.testing.assert_allclose(weights.sum(axis=1), 1)


def test_a_merged_region_is_ranked_among_one_fewer_on_old_and_new_goalposts(make, trial_index):
    built = make(trial_index)
    raw = built.screened.matrix
    holes = np.full(raw.values.shape, np.nan)
    parts = Parts(
        raw.regions, raw.indicators, raw.values, holes, holes, np.arange(1.0, 1 + len(raw.regions)), ("ratio",) * 4,
        np.ones(4),
    )  # fmt: skip
    pair = (raw.regions[1], raw.regions[3])

    changed = recombine(parts, {"FRX": pair})
    where = {one: one[:2] for one in changed.regions}
    ways = dict(zip(raw.indicators, built.directions, strict=True))
    again = rank_again(built, trial_index, changed, directions=ways, countries=where)

    assert len(again.regions) == len(raw.regions) - 1
    assert again.regions[-1] == "FRX"
    np.testing.assert_array_equal(again.frozen_ranks, rank(again.frozen_scores))
    complete = ~np.isnan(raw.values).any(axis=1)
    for name, full in zip(raw.regions, complete, strict=True):
        if full and name not in pair:
            here = again.regions.index(name)
            assert again.frozen_scores[here] == pytest.approx(built.scores[raw.regions.index(name)])
