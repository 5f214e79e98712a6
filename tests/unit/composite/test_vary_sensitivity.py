"""Shares of variance on any index: against SALib, against what one can count, and choice by choice."""

from __future__ import annotations

import numpy as np
import pytest
from SALib.analyze import sobol as salib_sobol
from varied_index import FULL, MINMAX, ZSCORE, coin

from beffroi.composite.draws import Setup, coordinates, draws_at
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.scenario_tables import Tables
from beffroi.composite.scenarios import Engine
from beffroi.composite.sensitivity import DesignError, design
from beffroi.composite.steps import Aggregate, Impute, Screen, Treat
from beffroi.composite.vary import DataNoise, Specification, VaryParameter, VaryStep, WeightNoise, WeightSets
from beffroi.composite.vary_sensitivity import run_sensitivity
from beffroi.vocabulary.errors import MethodError

SPEC = Specification(
    (
        VaryStep("treatment", "treat", (Treat(), None)),
        VaryStep("scale", "normalise", (MINMAX, ZSCORE)),
        VaryStep("mean", "aggregate", (Aggregate(), Aggregate(rules="gmean"), Aggregate(rules="hmean"))),
        WeightNoise("indicator weights", 1, 0.4),
        WeightSets("pillars", ({}, {"p": 2.0}, {"q": 1.0})),
    )
)


@pytest.fixture(scope="module")
def found():
    return run_sensitivity(coin(holes=0.1), FULL, SPEC, points=512, seed=8)


def test_shares_are_those_of_salib_on_the_same_scenarios(found) -> None:
    """Saltelli and Jansen, with SALib's own arrangement and its centring."""
    n, g = 512, 5
    ranks = found.shares.ranks
    seen = (ranks > 0).all(axis=0)
    change = np.abs(ranks[:, seen] - found.nominal_ranks[seen]).mean(axis=1)
    assert seen.all()
    names = {"num_vars": g, "names": [f"x{k}" for k in range(g)], "bounds": [[0, 1]] * g}
    for output, first, total in (
        (change, found.shares.overall.first[:, 0], found.shares.overall.total[:, 0]),
        (ranks[:, 3].astype(float), found.shares.by_region.first[:, 3], found.shares.by_region.total[:, 3]),
    ):
        blocks = output.reshape(g + 2, n)  # ours: A, B, A with a group of B; theirs: A, A with one of B …, B by point
        theirs = np.concatenate([blocks[:1], blocks[2:], blocks[1:2]]).T.ravel()
        oracle = salib_sobol.analyze(names, theirs, calc_second_order=False, num_resamples=20, seed=1)
        # SALib divides by the deviation of all outputs and takes the variance of A and B, as ours does after centring.
        np.testing.assert_allclose(total, oracle["ST"], rtol=2e-2, atol=2e-3)
        np.testing.assert_allclose(first, oracle["S1"], rtol=5e-2, atol=2e-2)


def test_a_choice_that_changes_nothing_has_no_share_and_the_intervals_hold_the_estimate() -> None:
    spec = Specification(
        (VaryStep("mean", "aggregate", (Aggregate(), Aggregate(rules="gmean"))), WeightSets("same", ({}, {"a": 2.0})))
    )

    found = run_sensitivity(coin(holes=0.0), FULL, spec, points=256, seed=1)

    shares = found.shares.overall
    assert shares.total[1, 0] == 0
    assert shares.first[0, 0] == pytest.approx(1.0, abs=0.02)
    assert (shares.total_low <= shares.total + 1e-12).all()
    assert (shares.total <= shares.total_high + 1e-12).all()
    moved = ~np.isnan(found.shares.by_region.total[0])
    assert 0 < moved.sum() < 14
    assert found.hangs_on(found.shares.regions[int(moved.argmax())])[0].factor == "mean"
    assert found.hangs_on(found.shares.regions[int((~moved).argmax())]) == ()
    assert found.scenarios == 4 * 256


def test_the_design_varies_each_choice_as_a_whole() -> None:
    setup = Setup(coin(), FULL, SPEC)
    groups = coordinates(setup)

    laid_out = design(groups, 64, rng=np.random.default_rng(1))
    a, mixed = draws_at(setup, laid_out.points[:64]), draws_at(setup, laid_out.points[5 * 64 : 6 * 64])

    assert groups == ((0,), (1,), (2,), (3, 4, 5, 6, 7, 8), (9,))
    assert (a.values["indicator weights"] != mixed.values["indicator weights"]).all()
    for name in ("treatment", "scale", "mean", "pillars"):
        assert (a.values[name] == mixed.values[name]).all()


def test_ranks_are_those_of_the_engine_in_any_number_of_threads(found) -> None:
    setup = Setup(coin(holes=0.1), FULL, SPEC)
    points = design(coordinates(setup), 512, rng=np.random.default_rng(8)).points
    engine = Engine(setup, Tables(setup, 8))
    ranks = np.concatenate([block.ranks for block in engine.run(draws_at(setup, points))])
    seen: list[int] = []

    again = run_sensitivity(coin(holes=0.1), FULL, SPEC, points=512, seed=8, workers=2, progress=seen.append)

    assert (found.shares.ranks == ranks).all()
    assert (again.shares.overall.total == found.shares.overall.total).all()
    assert seen[-1] == again.scenarios == 7 * 512


def test_effects_are_mean_ranks_under_each_option(found) -> None:
    effects = {(one.choice, one.option): one.shift for one in found.effects}

    assert list(effects) == [
        ("treatment", "treat"), ("treatment", "not done"), ("scale", "normalise (low=1)"),
        ("scale", "normalise (method=zscore, mean=100, sd=10)"), ("mean", "aggregate"),
        ("mean", "aggregate (rules=gmean)"), ("mean", "aggregate (rules=hmean)"), ("pillars", "set 1"),
        ("pillars", "set 2"), ("pillars", "set 3"),
    ]  # fmt: skip
    both = effects["treatment", "treat"] + effects["treatment", "not done"]
    np.testing.assert_allclose(both, 0.0, atol=1e-9)  # each is taken in half of the scenarios
    free = found.shares.ranks[: 2 * 512]
    setup = Setup(coin(holes=0.1), FULL, SPEC)
    points = design(coordinates(setup), 512, rng=np.random.default_rng(8)).points[: 2 * 512]
    chosen = draws_at(setup, points).values["mean"] == 1
    np.testing.assert_allclose(effects["mean", "aggregate (rules=gmean)"], free[chosen].mean(0) - free.mean(0))


def test_columns_have_a_row_for_all_and_for_every_unit_and_choice(found) -> None:
    table = found.columns()

    assert len(table["unit"]) == 5 * (1 + 14)
    assert table["unit"][:5] == [None] * 5
    assert table["choice"][:5] == list(SPEC.names)
    assert table["total"][2] == pytest.approx(found.shares.overall.total[2, 0])


def test_a_unit_that_is_not_always_ranked_has_no_shares_of_its_own() -> None:
    figures = coin(holes=0.25)
    screens = VaryStep("screening", "screen", (Screen(least_available=0.5), Screen(least_available=0.9)))
    recipe = Recipe((Screen(least_available=0.5), Impute(), MINMAX, Aggregate()))

    found = run_sensitivity(figures, recipe, Specification((screens, SPEC.vary[3])), points=64, seed=1)

    gone = (found.shares.ranks == 0).any(axis=0)
    assert 0 < gone.sum() < 14
    assert np.isnan(found.shares.by_region.total[:, gone]).all()
    assert not np.isnan(found.shares.overall.total).any()
    assert found.columns()["total"][2:][2 * int(gone.argmax())] is None
    assert np.isnan(found.effects[0].shift[gone]).all()


def test_points_are_a_power_of_two_and_the_unit_must_be_known(found) -> None:
    with pytest.raises(DesignError, match="power of two"):
        run_sensitivity(coin(), FULL, SPEC, points=100, seed=1)
    with pytest.raises(MethodError, match="'nobody' is not among"):
        found.hangs_on("nobody")


def test_tables_of_noise_and_values_of_an_interval_are_choices_too() -> None:
    figures = coin(holes=0.0)
    spec = Specification(
        (
            DataNoise("errors", dict.fromkeys(figures.data.indicators, 2.0), draws=16),
            VaryParameter("limit", "treat", "spec.skew_limit", low=0.2, high=3.0),
        )
    )

    found = run_sensitivity(figures, FULL, spec, points=64, seed=1)

    assert found.shares.overall.total[0, 0] > 0.5
    assert [one.choice for one in found.effects] == []
    nominal = build_index(figures, FULL)
    assert (found.nominal_ranks == nominal.ranks).all()
