"""What a run says of every unit is what one would count by hand from the ranks of all its scenarios."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from varied_index import FULL, MINMAX, TREE, ZSCORE, coin

from beffroi.composite.acceptability import acceptability, central_weights
from beffroi.composite.draws import Setup, SobolDraws
from beffroi.composite.exact_rank import exact_rank, spread
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.robustness import robust_bounds
from beffroi.composite.scenario_tables import Tables, with_residuals
from beffroi.composite.scenarios import Engine
from beffroi.composite.steps import Aggregate, Impute, Normalise, Screen, Treat
from beffroi.composite.vary import (
    DataNoise,
    DrawImputation,
    LeaveOut,
    Specification,
    VaryStep,
    WeightDirichlet,
    WeightNoise,
    WeightSets,
)
from beffroi.composite.vary_exact import exact_ranks, polytope
from beffroi.composite.vary_uncertainty import Collect, run_uncertainty
from beffroi.vocabulary.errors import MethodError

SPEC = Specification(
    (
        VaryStep("treatment", "treat", (Treat(), None)),
        VaryStep("scale", "normalise", (MINMAX, ZSCORE)),
        WeightNoise("indicator weights", 1, 0.5),
        WeightNoise("pillar weights", 2, 0.5),
    )
)
ALL = Collect(ranks=True, scores=True, top=(1, 3))


@pytest.fixture(scope="module")
def found():
    return run_uncertainty(coin(holes=0.1), FULL, SPEC, scenarios=1024, seed=4, collect=ALL)


def test_quantiles_and_means_are_those_of_the_ranks(found) -> None:
    ranks = found.ranks.astype(float)
    for level in (0.0, 0.05, 0.1, 0.5, 0.95, 1.0):
        for method in ("inverted_cdf", "linear"):
            expected = np.quantile(ranks, level, axis=0, method=method)
            np.testing.assert_allclose(found.quantile(level, method=method), expected, rtol=1e-12)
    np.testing.assert_allclose(found.mean, ranks.mean(axis=0))
    assert (found.median == np.quantile(ranks, 0.5, axis=0, method="inverted_cdf")).all()
    low, high = found.interval(0.9)
    assert (low == found.quantile(0.05)).all()
    assert (high == found.quantile(0.95)).all()
    with pytest.raises(MethodError, match=r"not at 5"):
        found.quantile(5)


def test_chances_pairs_and_central_weights_are_counted_from_the_same_ranks(found) -> None:
    ranks = found.ranks
    chance = found.top_chance(3)
    np.testing.assert_allclose(chance.p, (ranks <= 3).mean(axis=0))
    np.testing.assert_allclose(chance.standard_error, np.sqrt(chance.p * (1 - chance.p) / 1024))
    assert chance.standard_error.max() <= 0.5 / np.sqrt(1024)

    np.testing.assert_allclose(found.acceptability().share, acceptability(ranks).share)
    above = (ranks[:, :, None] < ranks[:, None, :]).mean(axis=0) + (ranks[:, :, None] == ranks[:, None, :]).mean(0) / 2
    np.testing.assert_allclose(found.pairwise(), above, atol=1e-7)
    assert found.bounds().best.tolist() == robust_bounds(above.astype(np.float32)).best.tolist()
    assert found.bounds().worst.tolist() == robust_bounds(above.astype(np.float32)).worst.tolist()

    draws = found.draws.table()
    weights = np.ones((1024, 6))
    for parent in TREE.aggregates:
        children = TREE.children(parent)
        noise = {
            **dict(zip(TREE.at(1), draws.values["indicator weights"].T, strict=True)),
            **dict(zip(TREE.at(2), draws.values["pillar weights"].T, strict=True)),
        }
        drawn = np.stack([TREE.weights[one] * noise.get(one, np.ones(1024)) for one in children])
        for code, share in zip(children, drawn / drawn.sum(axis=0), strict=True):
            weights[:, [TREE.indicators.index(leaf) for leaf in TREE.leaves(code)]] *= share[:, None]
    expected = central_weights(ranks, weights, k=3)
    np.testing.assert_allclose(found.central_weights(3).weights, expected.weights, rtol=1e-9)
    assert (found.central_weights(3).scenarios == expected.scenarios).all()
    with pytest.raises(MethodError, match=r"summed for k in \[1, 3\], not for 2"):
        found.central_weights(2)


def test_a_unit_screened_out_in_some_scenarios_counts_as_not_ranked_there() -> None:
    spec = Specification(
        (VaryStep("screening", "screen", (Screen(least_available=0.5), Screen(least_available=0.9))), SPEC.vary[2])
    )
    figures = coin(holes=0.25)
    recipe = Recipe((Screen(least_available=0.5), Impute(), MINMAX, Aggregate()))

    found = run_uncertainty(figures, recipe, spec, scenarios=512, seed=1, collect=ALL)

    out = found.ranks == 0
    assert 0 < out.any(axis=0).sum() < 14
    np.testing.assert_allclose(found.ranked, 1 - out.mean(axis=0))
    ranks = np.where(out, np.nan, found.ranks)
    np.testing.assert_allclose(found.mean, np.nanmean(ranks, axis=0))
    np.testing.assert_allclose(found.median, np.nanquantile(ranks, 0.5, axis=0, method="inverted_cdf"))
    np.testing.assert_allclose(found.top_chance(5).p, ((ranks <= 5) & ~out).mean(axis=0))
    i, k = int(out.any(axis=0).argmax()), int((~out.any(axis=0)).argmax())
    expected = (np.where(out[:, i], 0.5, (ranks[:, i] < ranks[:, k]) + (ranks[:, i] == ranks[:, k]) / 2)).mean()
    assert found.pairwise()[i, k] == pytest.approx(expected)
    table = found.columns()
    assert len(table["unit"]) == 14
    assert table["ranked"][i] < 1


def test_a_unit_that_never_has_an_index_has_no_rank() -> None:
    figures = coin(holes=0.0)
    values = figures.data.values.copy()
    values[0] = np.nan
    figures = replace(figures, data=figures.data.with_values(values))
    recipe = Recipe((Screen(), MINMAX, Aggregate()))

    found = run_uncertainty(figures, recipe, Specification((SPEC.vary[2],)), scenarios=128, seed=1)

    assert np.isnan(
        [found.mean[0], found.median[0], found.nominal_ranks[0], found.quantile(0.3, method="linear")[0]]
    ).all()
    assert found.columns()["q05"][0] is None
    assert found.top_chance(14).p[0] == 0
    assert found.ranked[0] == 0


def test_the_nominal_index_is_the_recipe(found) -> None:
    built = build_index(coin(holes=0.1), FULL)
    kept = [found.units.index(one) for one in built.coin.units]

    assert (found.nominal_ranks[kept] == built.ranks).all()
    np.testing.assert_allclose(found.nominal_scores[kept], built.scores)


def test_columns_say_all_of_it_in_plain_numbers(found) -> None:
    table = found.columns(top=(2,))

    assert list(table) == [
        "unit", "score", "rank", "mean", "median", "q05", "q95", "ranked", "p_top_2", "se_top_2", "best_robust",
        "worst_robust",
    ]  # fmt: skip
    assert all(isinstance(one, int) for one in table["q05"])
    assert all(len(one) == 14 for one in table.values())
    bare = run_uncertainty(coin(), FULL, SPEC, scenarios=64, seed=4, collect=Collect(pairs=False, top=()))
    assert "best_robust" not in bare.columns()
    with pytest.raises(MethodError, match="Pairs were not counted"):
        bare.pairwise()
    with pytest.raises(MethodError, match="k of 1 or more"):
        run_uncertainty(coin(), FULL, SPEC, scenarios=64, seed=4, collect=Collect(top=(0,)))
    with pytest.raises(MethodError, match="0 scenarios"):
        run_uncertainty(coin(), FULL, SPEC, scenarios=0, seed=4)
    panel = run_uncertainty(coin(n=20, years=2), Recipe(), Specification((SPEC.vary[2],)), scenarios=64, seed=4)
    assert panel.columns()["time"] == [2020.0] * 10 + [2021.0] * 10


def test_draws_are_what_was_asked_for() -> None:
    spec = Specification(
        (
            VaryStep("scale", "normalise", (MINMAX, ZSCORE)),
            WeightNoise("noise", 1, 0.3),
            WeightDirichlet("shares", 2, 1.0),
            WeightSets("sets", ({"s": 1.0}, {"s": 2.0}, {"s": 3.0})),
            LeaveOut("out", probability=0.25),
        )
    )
    draws = SobolDraws(Setup(coin(), FULL, spec), 4096, 11).table()
    at = draws.values

    assert set(at["scale"]) == {0.0, 1.0}
    assert at["scale"].mean() == pytest.approx(0.5, abs=1e-3)
    assert np.bincount(at["sets"].astype(int)).tolist() == pytest.approx([4096 / 3] * 3, abs=2)
    assert at["noise"].min() == pytest.approx(0.7, abs=1e-3)
    assert at["noise"].max() == pytest.approx(1.3, abs=1e-3)
    p, q, r = at["shares"].T
    np.testing.assert_allclose(p + q, 1.0)
    assert (r == 1).all()  # no sibling
    assert p.mean() == pytest.approx(0.25, abs=5e-3)  # weights 1 and 3
    assert p.var() == pytest.approx(0.25 * 0.75 / (1.0 * 2 + 1), rel=0.03)
    assert at["out"].mean(axis=0) == pytest.approx([0.25] * 6, abs=5e-3)
    assert not at["out"].all(axis=1).any()
    assert list(draws.columns())[:3] == ["scale", "noise:a", "noise:b"]
    again = np.concatenate(
        [one.values["shares"] for one in SobolDraws(Setup(coin(), FULL, spec), 4096, 11).blocks(512)]
    )
    assert (again == at["shares"]).all()


def test_equal_dirichlet_shares_of_three_are_uniform_on_the_triangle() -> None:
    setup = Setup(coin(), FULL.with_steps(Aggregate(weights={"a": 1.0})), Specification((WeightDirichlet("w", 1),)))

    shares = SobolDraws(setup, 8192, 2).table().values["w"][:, :3]

    # Uniform on the simplex of three: P(largest > 1 − x) = 3 x², and each share is below x with 1 − (1 − x)².
    assert (shares.max(axis=1) > 0.8).mean() == pytest.approx(3 * 0.2**2, abs=4e-3)
    assert (shares[:, 0] < 0.3).mean() == pytest.approx(1 - 0.7**2, abs=6e-3)
    never = Setup(
        coin(), FULL.with_steps(Aggregate(weights={"a": 0.0})), Specification((WeightDirichlet("w", 1, 0.01),))
    )
    drawn = SobolDraws(never, 512, 2).table().values["w"]
    assert (drawn[:, 0] == 0).all()
    assert np.isfinite(drawn).all()


def test_data_noise_moves_only_what_has_an_error() -> None:
    figures = coin(holes=0.2)
    spec = Specification((DataNoise("errors", {"a": 0.5}, {"R02": {"b": 2.0}}, draws=400),))
    tables = Tables(Setup(figures, Recipe((Normalise(), Aggregate())), spec), 7)

    moved = (
        np.stack([tables.build({"errors": float(k)}).stages["raw"].values for k in range(400)]) - figures.data.values
    )

    assert (np.isnan(moved) == np.isnan(figures.data.values)).all()
    still = np.nan_to_num(moved).std(axis=0)
    seen = ~np.isnan(figures.data.values[:, 0])
    assert still[seen, 0] == pytest.approx([0.5] * seen.sum(), rel=0.15)
    assert still[2, 1] == pytest.approx(2.0, rel=0.15)
    still[:, 0] = still[2, 1] = 0.0
    assert still.max() == 0
    with pytest.raises(MethodError, match="'zz' has a standard error"):
        Tables(Setup(figures, Recipe(), Specification((DataNoise("e", {"zz": 1.0}),))), 1).build({"e": 0.0})


def test_drawn_imputations_add_residuals_of_the_same_group() -> None:
    before = np.array([[1.0], [3.0], [np.nan], [10.0], [30.0], [np.nan], [100.0], [np.nan]])
    groups = ["n", "n", "n", "s", "s", "s", "w", "w"]
    after = np.array([[1.0], [3.0], [2.0], [10.0], [30.0], [20.0], [100.0], [100.0]])

    drawn = np.stack([with_residuals(before, after, groups, rng=np.random.default_rng(k))[:, 0] for k in range(200)])

    assert set(drawn[:, 2]) == {1.0, 3.0}
    assert set(drawn[:, 5]) == {10.0, 30.0}
    assert set(drawn[:, 7]) == {99.0, 101.0, 90.0, 110.0, 100.0}  # alone in its group: the residuals of all
    assert (drawn[:, [0, 1, 3, 4, 6]] == before[[0, 1, 3, 4, 6], 0]).all()

    figures = coin(holes=0.3)
    recipe = Recipe((Impute(group="side"), MINMAX, Aggregate()))
    sure = run_uncertainty(figures, recipe, Specification((DrawImputation("drawn", 8),)), scenarios=256, seed=3)
    whole = run_uncertainty(
        coin(holes=0.0), recipe, Specification((DrawImputation("drawn", 8),)), scenarios=256, seed=3
    )
    assert (sure.quantile(1.0) > sure.quantile(0.0)).any()
    assert (whole.quantile(1.0) == whole.quantile(0.0)).all()


def test_leaving_one_out_gives_the_index_without_it() -> None:
    figures = coin(holes=0.0)
    spec = Specification((LeaveOut("out"),))
    engine = Engine(Setup(figures, Recipe(), spec), Tables(Setup(figures, Recipe(), spec), 0))
    draws = SobolDraws(Setup(figures, Recipe(), spec), 64, 1).table()
    scores = np.concatenate([block.scores for block in engine.run(draws)])

    for left_out, code in enumerate(("", *TREE.indicators)):
        rows = draws.values["out"] == left_out
        assert rows.any()
        weights = {code: 0.0, "r": 0.0} if code == "f" else {code: 0.0} if code else {}
        zeroed = {**weights, "t": 0.0, "f": 1.0, "r": 1.0} if code == "f" else weights
        expected = build_index(figures, Recipe((Normalise(), Aggregate(weights=zeroed)))).scores
        np.testing.assert_allclose(scores[rows], np.tile(expected, (rows.sum(), 1)), rtol=1e-12)


def test_no_sampled_rank_leaves_the_exact_bounds_and_the_bounds_are_reached() -> None:
    figures = coin(seed=3, holes=0.0)
    recipe = Recipe((Normalise(), Aggregate()))
    spec = Specification((WeightNoise("a", 1, 0.4), WeightNoise("b", 2, 0.4), WeightDirichlet("c", 3)))
    sampled = run_uncertainty(figures, recipe, spec, scenarios=4096, seed=1)
    points = build_index(figures, recipe).stages["normalise"].values

    for unit in ("R02", "R05", "R09"):
        place = figures.units.index(unit)
        found = exact_ranks(figures, recipe, spec, unit)
        assert found.proven
        assert found.best <= sampled.quantile(0.0)[place] <= sampled.quantile(1.0)[place] <= found.worst
        for weights, rank in ((found.best_weights, found.best), (found.worst_weights, found.worst)):
            scores = points @ weights
            assert 1 + (scores > scores[place] + 1e-9).sum() == rank
            _inside(weights)


def _inside(weights: np.ndarray) -> None:
    """The weights are a product down the tree, level by level within what the specification allows."""
    for level, f in ((1, 0.4), (2, 0.4)):
        codes = TREE.at(level)
        share = {code: sum(weights[TREE.indicators.index(one)] for one in TREE.leaves(code)) for code in codes}
        for one, other in pairwise(codes):
            if TREE.node(one).parent == TREE.node(other).parent and min(share[one], share[other]) > 0:
                drawn = share[one] / share[other] / (TREE.weights[one] / TREE.weights[other])
                assert (1 - f) / (1 + f) - 1e-6 <= drawn <= (1 + f) / (1 - f) + 1e-6


def test_exact_bounds_of_two_levels_are_those_of_the_observatory(make) -> None:
    built = make(seed=5)
    allowed = spread(built.shape, pillar_spread=0.3, indicator_spread=0.2)

    found = [exact_rank(built.normalised.values, row, allowed) for row in range(3)]

    assert all(one.proven and 1 <= one.best <= built.ranks[row] <= one.worst for row, one in enumerate(found))


def test_exact_bounds_are_refused_where_they_are_not_known() -> None:
    noise = Specification((WeightNoise("a", 1, 0.4),))
    figures = coin(holes=0.0)

    with pytest.raises(MethodError, match="vary freely"):
        exact_ranks(figures, Recipe(), Specification((WeightSets("s", ({"a": 1.0},)),)), "R01")
    with pytest.raises(MethodError, match="'p' is aggregated otherwise"):
        exact_ranks(figures, Recipe((MINMAX, Aggregate(rules={"p": "gmean"}))), noise, "R01")
    with pytest.raises(MethodError, match="fill the holes"):
        exact_ranks(coin(holes=0.2), Recipe(), noise, "R01")
    with pytest.raises(MethodError, match="'R99' is not among the 14 units"):
        exact_ranks(figures, Recipe(), noise, "R99")
    none = polytope(TREE, {**TREE.weights, "s": 0.0}, {3: WeightDirichlet("c", 3)})
    assert none.upper.tolist() == [0.0] * 5 + [1.0]
