"""Analyses of an index: examples by hand, properties, and other people's code as oracle."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from beffroi.composite.coin import Coin, Framework, Node
from beffroi.composite.components import component_weights, cronbach_alpha, principal_components
from beffroi.composite.correlate import correlation, correlations, flag_pairs, size_effects, with_ancestors
from beffroi.composite.describe import describe
from beffroi.composite.estimators import sensitivity_indices
from beffroi.composite.fill import fill_columns, fill_rows, fill_with
from beffroi.composite.fill_panel import fill_panel
from beffroi.composite.frontier import benefit_of_the_doubt
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.means import power_mean
from beffroi.composite.outrank import copeland, dominant_pairs, outranking
from beffroi.composite.penalties import adjusted_mazziotta_pareto, mazziotta_pareto, mean_min, standardise, wroclaw
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.results import results, strengths_and_weaknesses, unit_summary
from beffroi.composite.steps import Aggregate, Normalise
from beffroi.composite.transform import log_gii
from beffroi.composite.trend import percent_change, trends
from beffroi.composite.versions import compare_builds, remove_elements
from beffroi.composite.weigh import effective_weights, equal_weights, noisy_weights, optimise_weights, rescaled_weights
from beffroi.vocabulary.errors import ConstantIndicatorError, MethodError

nan = float("nan")
TREE = Framework(
    (
        Node("x", 1, "P", "Speed", weight=3.0, unit="Mbps"), Node("y", 1, "P", "Delay", direction=-1),
        Node("z", 1, "Q"), Node("P", 2, "Index"), Node("Q", 2, "Index"), Node("Index", 3, ""),
    )
)  # fmt: skip
RNG = np.random.default_rng(5)
VALUES = RNG.uniform(1, 99, (20, 3))
UNITS = tuple(f"U{k:02d}" for k in range(20))
COIN = Coin(IndicatorMatrix(UNITS, ("x", "y", "z"), VALUES), TREE, UNITS, denominators={"size": VALUES[:, 0] * 2})
BUILT = build_index(COIN)
positive = arrays(float, (6, 3), elements=st.integers(1, 100).map(float))


def test_alpha_is_pingouins() -> None:
    pingouin = pytest.importorskip("pingouin")
    pandas = pytest.importorskip("pandas")

    theirs = pingouin.cronbach_alpha(pandas.DataFrame(VALUES))[0]

    assert cronbach_alpha(COIN.data, ("x", "y", "z")) == pytest.approx(theirs)
    assert np.isnan(cronbach_alpha(COIN.data, ("x",)))


def test_centred_estimates_are_salibs() -> None:
    sobol = pytest.importorskip("SALib.analyze.sobol")
    sample = pytest.importorskip("SALib.sample.sobol")
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[-np.pi, np.pi]] * 3}
    x = sample.sample(problem, 1024, calc_second_order=False, seed=1)
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    theirs = sobol.analyze(problem, y, calc_second_order=False, seed=1)
    blocks = y.reshape(-1, 5).T  # a row of theirs is A, A with each column of B, B
    first, total = sensitivity_indices(np.concatenate([blocks[0], blocks[4], *blocks[1:4]]), factors=3)

    assert first == pytest.approx(theirs["S1"], abs=1e-4)
    assert total == pytest.approx(theirs["ST"], abs=1e-4)
    assert first == pytest.approx([0.314, 0.442, 0.0], abs=0.03)


def test_a_design_that_says_nothing_is_refused() -> None:
    with pytest.raises(MethodError, match="multiple"):
        sensitivity_indices(np.arange(4.0), factors=1)
    with pytest.raises(MethodError, match="equal"):
        sensitivity_indices(np.ones(6), factors=1)


@given(positive, st.integers(0, 2), st.sampled_from([0.001, 7.0]))
def test_doubt_is_free_of_units_and_bounds_only_lower_it(values: np.ndarray, column: int, factor: float) -> None:
    scores, weights = benefit_of_the_doubt(values)
    changed = values.copy()
    changed[:, column] *= factor

    assert scores.max() == pytest.approx(1)
    assert (values * weights).sum(axis=1) == pytest.approx(scores)
    assert (values @ weights.T <= 1 + 1e-7).all()
    assert benefit_of_the_doubt(changed)[0] == pytest.approx(scores, abs=1e-7)
    bounded, shares = benefit_of_the_doubt(values, least_share=0.2, most_share=0.5)
    assert (bounded <= scores + 1e-7).all()
    parts = values * shares / bounded[:, None]
    assert ((parts > 0.2 - 1e-6) & (parts < 0.5 + 1e-6)).all()


def test_doubt_refuses_what_it_cannot_weigh() -> None:
    for values, more, said in (
        ([[1.0, nan]], {}, "present"),
        ([[1.0, 1.0]], {"least_share": 0.6}, "cannot sum to 1"),
        ([[1.0, 0.0]], {}, "zero for every unit"),
        ([[1.0, 0.0], [1.0, 1.0]], {"least_share": 0.3}, "No weights keep|unit number"),
    ):
        if said.startswith("No weights"):
            assert benefit_of_the_doubt(np.array(values), **more)[0][0] == pytest.approx(0)
            continue
        with pytest.raises(MethodError, match=said):
            benefit_of_the_doubt(np.array(values), **more)


def test_imbalance_costs_points_either_way() -> None:
    z = np.array([[90.0, 110.0], [100.0, 100.0]])

    assert mazziotta_pareto(z).tolist() == [98.0, 100.0]
    assert mazziotta_pareto(z, polarity="negative").tolist() == [102.0, 100.0]
    assert mean_min(z, penalty=1.0, sharpness=0.0).tolist() == [90.0, 100.0]
    assert mean_min(z, penalty=0.0).tolist() == [100.0, 100.0]
    up = adjusted_mazziotta_pareto(VALUES)
    down = adjusted_mazziotta_pareto(VALUES, polarity="negative")
    assert (up < down).all()
    assert np.array_equal(adjusted_mazziotta_pareto(VALUES, polarity="negative", compat="coinr"), up)
    assert wroclaw(standardise(VALUES)).min() >= 0
    for refuse in (lambda: standardise(np.ones((3, 1))), lambda: adjusted_mazziotta_pareto(np.ones((3, 1)))):
        with pytest.raises(ConstantIndicatorError):
            refuse()
    with pytest.raises(MethodError, match="penalty"):
        mean_min(z, penalty=2.0)


@given(positive, st.floats(-3, 3), st.floats(-3, 3))
def test_a_mean_grows_with_its_exponent_and_lies_between(values: np.ndarray, p: float, q: float) -> None:
    low, high = sorted((p, q))
    w = np.array([1.0, 2.0, 3.0])

    assert (power_mean(values, w, power=low) <= power_mean(values, w, power=high) * (1 + 1e-6)).all()
    assert (power_mean(values, w, power=low) >= values.min(axis=1) * (1 - 1e-6)).all()


def test_means_leave_out_what_is_missing_and_refuse_what_they_cannot_take() -> None:
    values = np.array([[2.0, nan], [nan, nan]])

    assert power_mean(values, np.ones(2), power=2.0)[0] == 2.0
    assert np.isnan(power_mean(values, np.ones(2), power=2.0, compat="coinr")).all()
    assert np.isnan(power_mean(values, np.ones(2))[1])
    with pytest.raises(MethodError, match="no mean"):
        power_mean(np.array([[0.0]]), np.ones(1), power=-1.0)
    with pytest.raises(MethodError, match="sum to zero"):
        power_mean(values, np.array([0.0, 1.0]))


@given(positive)
def test_pairs_share_the_weight_and_copeland_sums_to_zero(values: np.ndarray) -> None:
    weights = np.array([1.0, 1.0, 2.0])

    matrix = outranking(values, weights)

    off = ~np.eye(6, dtype=bool)
    assert (matrix + matrix.T)[off] == pytest.approx(1)
    assert copeland(values, weights).sum() == 0


def test_two_equal_units_tie_whatever_is_missing_and_in_coinr_do_not() -> None:
    values = np.array([[1.0, nan], [1.0, nan], [2.0, 3.0]])

    assert copeland(values, np.ones(2)).tolist() == [-1, -1, 2]
    assert copeland(values, np.ones(2), compat="coinr")[:2].tolist() != [-1, -1]
    assert dominant_pairs(outranking(np.array([[2.0], [1.0]]), np.ones(1))) == (1, 1.0)


def test_statistics_flag_what_needs_a_second_look() -> None:
    x = np.array([[0.0, 1], [0, 1], [0, 1], [0, 2], [0, nan], [nan, nan], [nan, nan], [nan, nan], [9, 400]])

    one, two = describe(IndicatorMatrix(tuple("ABCDEFGHI"), ("a", "b"), x))

    assert (one.available, one.nonzero, one.unique, one.same) == (6, 1, 2, 5)
    assert one.flags == {"available": "", "nonzero": "LOW", "unique": "LOW", "shape": "OUT"}
    assert two.median == 1
    assert np.isnan(describe(IndicatorMatrix(("A",), ("a",), np.array([[nan]])))[0].mean)


def test_correlations_with_family_size_and_flags() -> None:
    family = with_ancestors(BUILT.last, TREE)

    assert [(one.first, one.second) for one in family][:4] == [("x", "P"), ("y", "P"), ("z", "Q"), ("x", "Index")]
    assert [one.value for one in family if one.second == "Q"] == pytest.approx([1.0])
    assert [one.first for one in size_effects(COIN.data, COIN)] == ["x"]
    assert [group for group, _ in flag_pairs(BUILT.last, TREE, above=-1.0)] == ["P"]
    assert flag_pairs(BUILT.last, TREE, below=-1.0) == ()
    assert np.isnan(correlation(np.array([1.0, nan, 2.0]), np.array([1.0, 2.0, 3.0]))[0])
    cut = correlations(BUILT.last, ("x",), ("y",), significant=0.0, kind="kendall")
    assert np.isnan(cut[0].value)


def test_components_explain_all_the_variance() -> None:
    found = principal_components(COIN.data, ("x", "y", "z"))

    assert (found.deviations**2).sum() == pytest.approx(3)
    assert found.loadings.T @ found.loadings == pytest.approx(np.eye(3))
    weights = component_weights(COIN.data, TREE)
    assert weights["x"] + weights["y"] == pytest.approx(1)
    assert min(weights["x"], weights["y"]) > 0
    for codes, values, said in (
        (("x",), VALUES, "two codes"),
        (("x", "y"), np.ones((20, 3)), "one value"),
    ):
        with pytest.raises(MethodError, match=said):
            principal_components(COIN.data.with_values(values), codes)


def test_weights_are_shares_and_can_be_made_to_balance() -> None:
    assert effective_weights(TREE) == {"x": 0.375, "y": 0.125, "z": 0.5, "P": 0.5, "Q": 0.5, "Index": 1.0}
    assert rescaled_weights(TREE, equal_weights(TREE))["x"] == 0.5
    noisy = noisy_weights(TREE, spread={1: 0.25}, rng=np.random.default_rng(1))
    assert abs(noisy["x"] - 3) <= 0.75
    assert noisy["P"] == 1.0
    _, shares = optimise_weights(BUILT.stages["normalise"], TREE, level=2)
    assert shares == pytest.approx([0.5, 0.5], abs=1e-6)
    weights, most = optimise_weights(BUILT.stages["normalise"], TREE, level=2, aim="infomax")
    assert most.sum() >= 1
    assert weights["P"] + weights["Q"] == pytest.approx(1)
    with pytest.raises(MethodError, match="sum to zero"):
        rescaled_weights(TREE, {"P": 0.0, "Q": 0.0})
    with pytest.raises(MethodError, match="Spreads"):
        noisy_weights(TREE, spread={1: 1.5}, rng=RNG)


def test_removal_and_comparison_count_changes_of_rank() -> None:
    found = remove_elements(BUILT, level=2)
    ranked = build_index(COIN, Recipe((Normalise(), Aggregate(weights={"Q": 0.0}))))

    assert found.mean_change["Nominal"] == 0
    assert np.array_equal(found.ranks["Q"], ranked.ranks)
    laid = compare_builds(BUILT, ranked)
    assert laid.absolute.mean() == pytest.approx(found.mean_change["Q"])
    assert compare_builds(BUILT, ranked, code="P", ranks=False).difference.tolist() == [0.0] * 20
    with pytest.raises(MethodError, match="does not aggregate"):
        remove_elements(build_index(COIN, Recipe((Normalise(),))))
    other = build_index(Coin(IndicatorMatrix(("V",) * 3, ("x", "y", "z"), VALUES[:3]), TREE, ("V",) * 3))
    with pytest.raises(MethodError, match="share no unit"):
        compare_builds(BUILT, other)


def test_results_are_sorted_and_strengths_are_the_best_ranks() -> None:
    table = results(BUILT, content="full", use="ranks")

    assert table.ranks.tolist() == sorted(table.ranks)
    assert list(table.columns) == ["Index", "P", "Q", "x", "y", "z"]
    best = UNITS[int(VALUES[:, 0].argmax())]
    strong, weak = strengths_and_weaknesses(BUILT, best, top=1, bottom=1)
    assert (strong[0].code, strong[0].rank, strong[0].unit) == ("x", 1, "Mbps")
    assert len(weak) == 1
    assert unit_summary(BUILT, best)[0][0] == "Index"
    with pytest.raises(MethodError, match="not among"):
        unit_summary(BUILT, "XX")


PANEL = Coin(
    IndicatorMatrix(("A", "A", "A", "B", "B", "B"), ("z",), np.array([[1.0], [nan], [4.0], [nan], [2.0], [nan]])),
    Framework((Node("z", 1, "Index", direction=-1), Node("Index", 2, ""))),
    ("A",) * 3 + ("B",) * 3,
    times=(2020.0, 2021.0, 2022.0) * 2,
)


def test_trends_use_the_years_they_are_given() -> None:
    first, second = trends(PANEL)

    assert (first.value, first.first, first.latest) == (1.0, 2020, 2022)
    assert np.isnan(second.value)
    assert trends(PANEL, oriented=True)[0].value == -1.0
    assert np.isnan(trends(PANEL, years=(2021, 2022))[0].value)
    assert trends(PANEL, years=(2021, 2022), interpolate=True)[0].value == pytest.approx(0.6)
    assert trends(PANEL, measure="prc_change", latest=3)[0].value == pytest.approx(150)
    assert np.isnan(trends(PANEL, latest=4)[0].value)
    assert percent_change(np.array([2.0, 2.0, nan]), np.arange(3.0)) == 0
    with pytest.raises(MethodError, match="not in the panel"):
        trends(PANEL, years=(1999,))
    with pytest.raises(MethodError, match="need a panel"):
        trends(COIN)


def test_a_panel_is_filled_as_asked() -> None:
    def filled(**how: object) -> list[float]:
        return fill_panel(PANEL.data, PANEL.times, **how).values.ravel().tolist()  # type: ignore[arg-type]

    assert filled()[:3] == [1, 1, 4]
    assert filled(method="constant") == [1, 1, 4, 2, 2, 2]
    assert filled(method="linear-constant") == [1, 2.5, 4, 2, 2, 2]
    assert filled(most_years=0)[1:2] != [1.0]
    with pytest.raises(MethodError, match="'z' of B has one figure"):
        filled(method="linear")
    with pytest.raises(MethodError, match="one year only"):
        fill_panel(PANEL.data, (2020,) * 6)


def test_filling_never_changes_an_observed_figure() -> None:
    holed = COIN.data.with_values(np.where(VALUES > 80, nan, VALUES))

    for made in (fill_columns(holed, centre="median"), fill_rows(holed, TREE), fill_with(holed, np.nan_to_num)):
        seen = ~np.isnan(holed.values)
        assert np.array_equal(made.values[seen], holed.values[seen])
    plain = fill_rows(holed, TREE, normalise_first=False, centre="median", level=3)
    assert np.nanmax(plain.values) <= 80
    assert np.isnan(fill_columns(holed, groups=("",) * 20).values).sum() == np.isnan(holed.values).sum()
    with pytest.raises(MethodError, match="changed 'x'"):
        fill_with(holed, lambda x: x + 1)
    with pytest.raises(MethodError, match="shape"):
        fill_with(holed, lambda x: x[:1])
    with pytest.raises(MethodError, match="one value for all"):
        fill_rows(COIN.data.with_values(np.ones((20, 3))), TREE)


def test_the_logarithm_coinr_forgets() -> None:
    x = np.array([0.0, 3.0])

    assert log_gii(x, compat="coinr").tolist() == [0.0, 3.0]
    assert log_gii(x).tolist() == pytest.approx([0.0, np.log(3)])
