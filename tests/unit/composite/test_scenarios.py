"""The engine gives, for every scenario of any specification, what building the index again gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from varied_index import FULL, MINMAX, RANKED, TREE, ZSCORE, coin

from beffroi.composite.draws import Setup, SobolDraws, given_draws
from beffroi.composite.outliers import OutlierSpec
from beffroi.composite.rank import rank_present
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.scenario_tables import Tables
from beffroi.composite.scenarios import Engine, rebuild
from beffroi.composite.steps import Aggregate, Denominate, Impute, Normalise, Screen, Treat
from beffroi.composite.vary import (
    DataNoise,
    DrawImputation,
    LeaveOut,
    Specification,
    VaryParameter,
    VaryStep,
    WeightDirichlet,
    WeightNoise,
    WeightSets,
)
from beffroi.composite.vary_uncertainty import Collect, replay_uncertainty, run_uncertainty
from beffroi.vocabulary.errors import MethodError

CHOICES = (
    VaryStep("treatment", "treat", (None, Treat(), Treat(spec=OutlierSpec(win_most=1, second=None)))),
    VaryStep("filling", "impute", (Impute(group="side"), Impute(centre="median"), None)),
    VaryStep("size", "denominate", (Denominate(), None)),
    VaryStep("screening", "screen", (Screen(least_available=0.7), Screen(least_available=0.9), None)),
    VaryStep("scale", "normalise", (MINMAX, ZSCORE, RANKED)),
    VaryParameter("points", "treat", "spec.win_most", values=(1, 3, 5)),
    VaryParameter("limit", "treat", "spec.skew_limit", low=0.5, high=2.0),
    VaryParameter("needed", "aggregate", "least_available", values=(None, 0.4, 0.7)),
    VaryStep("mean", "aggregate", (Aggregate(), Aggregate(rules="gmean"), Aggregate(rules=("amean", 0.5, "hmean")))),
    WeightNoise("indicator weights", 1, 0.6),
    WeightNoise("pillar weights", 2, 0.3),
    WeightDirichlet("top weights", 3, 2.0),
    WeightSets("sets", ({"a": 0.0, "b": 1.0}, {"p": 2.0, "d": 0.1}, {})),
    DataNoise("errors", {"a": 0.3}, {"R03": {"c": 0.2}}, draws=3),
    LeaveOut("one out", ("a", "d", "f")),
    DrawImputation("drawn", draws=3),
)


@st.composite
def questions(draw):
    chosen = draw(st.lists(st.sampled_from(CHOICES), min_size=1, max_size=6, unique_by=lambda one: one.name))
    names = {one.name for one in chosen}
    if "drawn" in names:
        chosen = [one for one in chosen if one.name != "filling"]
    if draw(st.booleans()) and "one out" not in names:
        chosen.append(LeaveOut("some out", probability=0.4))
    figures = coin(seed=draw(st.integers(1, 5)), holes=draw(st.sampled_from((0.0, 0.2))))
    rules = draw(st.sampled_from(("amean", "gmean", "hmean", 0.5, -2.0, "copeland", ("amean", "gmean", "copeland"))))
    recipe = FULL.with_steps(Aggregate(rules=rules), drop=draw(st.sampled_from(((), (Screen,), (Treat, Screen)))))
    kept = [one for one in chosen if not _absent(one, recipe)]
    return figures, recipe, Specification(tuple(kept or [CHOICES[9]]))


def _absent(one, recipe) -> bool:
    step = getattr(one, "step", None)
    return step is not None and step not in recipe.names


def scored(setup: Setup, count: int, *, workers: int = 1):
    draws = SobolDraws(setup, count, seed=3)
    engine = Engine(setup, Tables(setup, 3), workers=workers)
    blocks = list(engine.run(draws))
    return draws.table(), np.concatenate([one.scores for one in blocks]), np.concatenate([one.ranks for one in blocks])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(questions())
def test_every_scenario_is_the_index_built_again(question) -> None:
    setup = Setup(*question)
    draws = SobolDraws(setup, 12, seed=3).table()
    try:
        plain = np.stack([rebuild(setup, draws, m, seed=3) for m in range(12)])
    except MethodError:
        with pytest.raises(MethodError, match=r"sum to zero|cannot take"):
            scored(setup, 12)
        return

    _, scores, ranks = scored(setup, 12)

    np.testing.assert_allclose(scores, plain, rtol=1e-10, atol=1e-10)
    assert (ranks == rank_present(plain)).all()


def test_a_scenario_is_the_recipe_one_would_write_by_hand() -> None:
    figures = coin(holes=0.1)
    spec = Specification((CHOICES[0], CHOICES[4], CHOICES[5], CHOICES[8], CHOICES[9]))
    setup = Setup(figures, FULL, spec)

    draws, scores, _ = scored(setup, 32)

    for m in range(32):
        at = {name: values[m] for name, values in draws.values.items()}
        treat = (None, Treat(), Treat(spec=OutlierSpec(win_most=1, second=None)))[int(at["treatment"])]
        most = (1, 3, 5)[int(at["points"])]
        scale = (MINMAX, ZSCORE, RANKED)[int(at["scale"])]
        rules = ("amean", "gmean", ("amean", 0.5, "hmean"))[int(at["mean"])]
        noise = dict(zip(TREE.indicators, at["indicator weights"], strict=True))
        weights = {code: TREE.weights[code] * noise[code] for code in TREE.indicators}
        spec_ = None if treat is None else replace(treat.spec or OutlierSpec(), win_most=most)
        recipe = FULL.with_steps(scale, Aggregate(rules=rules, weights=weights), drop=(Treat,))
        recipe = recipe if treat is None else recipe.with_steps(Treat(spec=spec_))
        built = build_index(figures, recipe)
        kept = [figures.units.index(one) for one in built.coin.units]
        np.testing.assert_allclose(scores[m, kept], built.scores, rtol=1e-10)
        assert np.isnan(np.delete(scores[m], kept)).all()


def test_coinr_mode_keeps_its_habits_in_every_scenario() -> None:
    figures = coin(holes=0.2)
    recipe = replace(FULL.with_steps(drop=(Impute,)), compat="coinr")
    ways = tuple(Aggregate(rules=one) for one in ("amean", "gmean", 2.0, -1.0))
    setup = Setup(figures, recipe, Specification((VaryStep("mean", "aggregate", ways), CHOICES[9])))

    draws, scores, _ = scored(setup, 32)

    plain = np.stack([rebuild(setup, draws, m) for m in range(32)])
    np.testing.assert_allclose(scores, plain, rtol=1e-10)
    assert np.isnan(plain).any(axis=1).sum() > 8  # a generalised mean of the reference is missing with its first hole


def test_weights_of_the_reference_that_cancel_out_are_an_error() -> None:
    recipe = replace(FULL.with_steps(drop=(Impute, Screen)), compat="coinr")
    sets = WeightSets("sets", ({"a": 1.0, "b": -1.0, "c": 0.5},))
    values = coin(holes=0.0).data.values.copy()
    values[2, 2] = np.nan
    figures = coin(holes=0.0)
    figures = replace(figures, data=figures.data.with_values(values))

    with pytest.raises(MethodError, match="values present under 'p' sum to zero"):
        replay_uncertainty(figures, recipe, Specification((sets,)), draws={"sets": [0]})
    with pytest.raises(MethodError, match="sum to zero"):
        rebuild(Setup(figures, recipe, Specification((sets,))), given_draws(
            Setup(figures, recipe, Specification((sets,))), {"sets": [0]}
        ), 0)  # fmt: skip


def test_a_function_of_ones_own_and_copeland_go_through_the_slow_way() -> None:
    figures = coin(holes=0.0)
    rules = {"p": lambda values, _: np.median(values, axis=1), "top": "copeland"}
    spec = Specification((WeightNoise("weights", 1, 0.5), WeightNoise("upper weights", 3, 0.9)))
    setup = Setup(figures, Recipe((Normalise(), Aggregate(rules=rules))), spec)

    draws, scores, _ = scored(setup, 16)

    assert (scores == np.stack([rebuild(setup, draws, m) for m in range(16)])).all()


def test_a_panel_is_ranked_year_by_year() -> None:
    figures = coin(n=20, years=2, holes=0.0)
    spec = Specification((WeightNoise("weights", 1, 0.8), CHOICES[4]))

    found = run_uncertainty(figures, Recipe(), spec, scenarios=64, seed=1, collect=Collect(ranks=True))

    assert (np.sort(found.ranks[:, :10], axis=1)[:, 0] == 1).all()
    assert (np.sort(found.ranks[:, 10:], axis=1)[:, 0] == 1).all()
    assert found.ranks.max() == 10
    assert np.isnan(found.pairwise()[0, 10])
    assert found.bounds().worst.max() == 10


def test_the_same_draws_replayed_give_the_same_results() -> None:
    figures = coin()
    spec = Specification(
        (CHOICES[0], CHOICES[4], CHOICES[6], CHOICES[9], CHOICES[11], LeaveOut("out", probability=0.2))
    )
    first = run_uncertainty(figures, FULL, spec, scenarios=128, seed=5, collect=Collect(scores=True))

    again = replay_uncertainty(
        figures, FULL, spec, draws=first.draws.table().columns(), collect=Collect(scores=True)
    )  # fmt: skip

    np.testing.assert_allclose(again.scores, first.scores, rtol=1e-12)
    assert (again.counts == first.counts).all()
    assert (again.pairwise() == first.pairwise()).all()


def test_a_fixed_list_may_avoid_what_is_impossible() -> None:
    ways = (
        VaryStep("scale", "normalise", (Normalise(), MINMAX)),
        VaryStep("mean", "aggregate", (Aggregate(), Aggregate(rules="gmean"))),
    )
    sound = {"scale": [0, 1, 1, 0], "mean": [0, 0, 1, 0]}

    found = replay_uncertainty(coin(), FULL, Specification(ways), draws=sound)

    assert found.scenarios == 4
    with pytest.raises(MethodError, match=r"with scale = normalise, mean = aggregate \(rules=gmean\): 'a' is 0"):
        replay_uncertainty(coin(), FULL, Specification(ways), draws={"scale": [0, 1], "mean": [1, 1]})


def test_results_do_not_depend_on_threads_or_on_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = Specification((CHOICES[0], CHOICES[4], CHOICES[9]))
    whole = run_uncertainty(coin(), FULL, spec, scenarios=1000, seed=2)
    monkeypatch.setattr("beffroi.composite.scenarios.MEMORY", 1)
    monkeypatch.setattr("beffroi.composite.scenario_tables.ROOM", 1)
    seen: list[int] = []

    parts = run_uncertainty(coin(), FULL, spec, scenarios=1000, seed=2, workers=2, progress=seen.append)

    assert (parts.counts == whole.counts).all()
    np.testing.assert_allclose(parts.central_weights().weights, whole.central_weights().weights, rtol=1e-12)
    assert seen == [128, 256, 384, 512, 640, 768, 896, 1000]


def test_draws_that_do_not_fit_are_refused_all_at_once() -> None:
    setup = Setup(coin(), FULL, Specification((CHOICES[0], CHOICES[9], CHOICES[14], CHOICES[6])))
    rows = {f"indicator weights:{code}": [1.0, -1.0] for code in TREE.indicators}

    with pytest.raises(MethodError) as refused:
        given_draws(setup, {**rows, "treatment": [0, 3], "one out": [0, np.nan]})

    said = str(refused.value)
    for one in (
        "'treatment' is 3",
        "its options are 0..2",
        "weight below zero",
        "no number in row 2",
        "column 'limit'",
    ):
        assert one in said
    out = Setup(coin(), FULL, Specification((LeaveOut("out", ("a", "b"), probability=0.9),)))
    with pytest.raises(MethodError, match="says left out by 1 and kept by 0"):
        given_draws(out, {"out:a": [0.5], "out:b": [0]})
    both = given_draws(out, {"out:a": [1, 1], "out:b": [1, 0]}).table()
    assert both.values["out"].tolist() == [[1, 1], [1, 0]]
    assert (SobolDraws(out, 64, 1).table().values["out"].sum(axis=1) == 2).any()  # others stay, so both may go
    with pytest.raises(MethodError, match="rows"):
        given_draws(setup, {**rows, "treatment": [0], "one out": [0, 1], "limit": [1.0, 1.0]})
