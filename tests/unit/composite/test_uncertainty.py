"""Scenarios against a slow, obvious loop; seeds, cores, and the counts drawn from them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import gmean, hmean

from beffroi.catalogue.schema import Index, Pillar, ProfileRule, UncertaintySpec
from beffroi.composite.build import Built, build
from beffroi.composite.impute import draw_imputation
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.normalise import normalise
from beffroi.composite.robustness import pairwise_above, rank_interval, robust_bounds, score_interval, top_chance
from beffroi.composite.treat import treat
from beffroi.composite.uncertainty import Scenarios, run
from beffroi.vocabulary.text import Text

NAME = Text("essai", "trial")
SPEC = UncertaintySpec(
    256, 2006, 0.5, 0.25, ("min_max", "z_score", "percentile"), ("arithmetic", "geometric", "harmonic"),
    ("winsorise_or_log", "none"), 3,
)  # fmt: skip
INDEX = Index(
    "trial", NAME, NAME,
    (Pillar("p", NAME, 1.0, {"a": 1.0, "b": 1.0}), Pillar("q", NAME, 2.0, {"c": 1.0, "d": 3.0})),
    0.5, 0.5, "country_mean", "winsorise_or_log", "min_max", "arithmetic", SPEC,
    ProfileRule(0.667, 0.333, 3, 5, 0.05), "test", "2026-11-22",
)  # fmt: skip


@pytest.fixture(scope="module")
def built() -> Built:
    rng = np.random.default_rng(7)
    values = rng.lognormal(size=(20, 4))
    values[rng.random(values.shape) < 0.1] = np.nan
    names = tuple(f"{'FR' if i % 2 else 'DE'}{i:02d}" for i in range(20))
    matrix = IndicatorMatrix(names, ("a", "b", "c", "d"), values)
    countries = {name: name[:2] for name in names}
    return build(matrix, INDEX, directions={"a": 1, "b": -1, "c": 1, "d": 1}, countries=countries)


@pytest.fixture(scope="module")
def scenarios(built: Built) -> Scenarios:
    return run(built, INDEX)


def test_every_scenario_equals_an_obvious_loop(built: Built, scenarios: Scenarios) -> None:
    draws = scenarios.draws
    seeds = np.random.SeedSequence(SPEC.seed).spawn(SPEC.imputation_draws)

    for m in range(SPEC.scenarios):
        filled = built.imputed.matrix
        if draws.imputation[m] > 0:
            rng = np.random.default_rng(seeds[draws.imputation[m]])
            filled = draw_imputation(built.screened.matrix, built.countries, rng=rng).matrix
        treated = treat(filled, method=SPEC.treatments[draws.treatment[m]]).matrix
        points = normalise(treated, built.directions, method=SPEC.normalisations[draws.normalisation[m]]).values
        scores = []
        for i in range(len(built.regions)):
            w = draws.indicator_weights[m]
            pillars = [points[i, 0] * w[0] + points[i, 1] * w[1], points[i, 2] * w[2] + points[i, 3] * w[3]]
            weights = draws.pillar_weights[m]
            mean = SPEC.aggregations[draws.aggregation[m]]
            if mean == "arithmetic":
                scores.append(np.average(pillars, weights=weights))
            else:
                score = gmean if mean == "geometric" else hmean
                scores.append(score(np.maximum(pillars, 1.0), weights=weights))
        np.testing.assert_allclose(scenarios.scores[m], scores, rtol=1e-10)
        obvious = [1 + sum(round(o, 9) > round(s, 9) for o in scenarios.scores[m]) for s in scenarios.scores[m]]
        assert scenarios.ranks[m].tolist() == obvious


def test_the_same_seed_gives_the_same_results_on_any_number_of_cores(built: Built, scenarios: Scenarios) -> None:
    again = run(built, INDEX, workers=2)

    assert (again.ranks == scenarios.ranks).all()
    assert (again.scores == scenarios.scores).all()
    assert (pairwise_above(again, workers=2) == pairwise_above(scenarios)).all()


def test_another_seed_draws_other_scenarios(built: Built, scenarios: Scenarios) -> None:
    from dataclasses import replace  # noqa: PLC0415

    other = run(built, replace(INDEX, uncertainty=replace(SPEC, seed=2016)))

    assert (other.draws.pillar_weights != scenarios.draws.pillar_weights).any()


def test_weights_sum_to_one_in_each_group_and_stay_within_their_spread(scenarios: Scenarios) -> None:
    draws = scenarios.draws

    np.testing.assert_allclose(draws.pillar_weights.sum(axis=1), 1)
    np.testing.assert_allclose(draws.indicator_weights[:, :2].sum(axis=1), 1)
    np.testing.assert_allclose(draws.indicator_weights[:, 2:].sum(axis=1), 1)
    ratio = draws.pillar_weights[:, 1] / draws.pillar_weights[:, 0]
    assert ratio.min() >= 2 * 0.5 / 1.5
    assert ratio.max() <= 2 * 1.5 / 0.5


def test_sobol_points_spread_the_choices_evenly(scenarios: Scenarios) -> None:
    assert np.bincount(scenarios.draws.treatment).tolist() == [128, 128]


def test_interval_chance_and_pairwise_share_are_plain_counts(scenarios: Scenarios) -> None:
    ranks = scenarios.ranks
    interval, top, pairs = rank_interval(scenarios), top_chance(scenarios, 5), pairwise_above(scenarios)

    for i in range(ranks.shape[1]):
        ordered = sorted(ranks[:, i])
        assert interval.low[i] == ordered[int(np.ceil(0.05 * 256)) - 1]
        assert interval.high[i] == ordered[int(np.ceil(0.95 * 256)) - 1]
        assert top.p[i] == sum(r <= 5 for r in ranks[:, i]) / 256
        for k in range(ranks.shape[1]):
            share = ((ranks[:, i] < ranks[:, k]).sum() + 0.5 * (ranks[:, i] == ranks[:, k]).sum()) / 256
            assert pairs[i, k] == pytest.approx(0.5 if i == k else share)
    np.testing.assert_allclose(top.standard_error, np.sqrt(top.p * (1 - top.p) / 256))


def test_robust_bounds_hold_the_interval_of_clear_rivals(scenarios: Scenarios) -> None:
    bounds = robust_bounds(pairwise_above(scenarios))

    assert (bounds.best >= 1).all()
    assert (bounds.best <= bounds.worst).all()
    assert (bounds.worst <= 20).all()


def test_score_intervals_use_one_scale_only(built: Built, scenarios: Scenarios) -> None:
    low, high = score_interval(scenarios, normalisation=0, aggregation=0)

    chosen = (scenarios.draws.normalisation == 0) & (scenarios.draws.aggregation == 0)
    np.testing.assert_allclose(low, np.quantile(scenarios.scores[chosen], 0.05, axis=0))
    assert (high > low).all()


def test_progress_counts_every_scenario_once(built: Built) -> None:
    seen: list[int] = []

    run(built, INDEX, progress=seen.append)

    assert sum(seen) == SPEC.scenarios
