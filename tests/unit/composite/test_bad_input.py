"""What is wrong with figures, tree or weights is an error with its place, or a right answer: never a wrong number."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from varied_index import FULL, MINMAX, TREE, ZSCORE, coin

from beffroi.composite.coin import Coin, Framework, Node
from beffroi.composite.coin_input import read_coin
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.outliers import OutlierSpec
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.scaling import Scale
from beffroi.composite.steps import Aggregate, Impute, Normalise, Screen, Treat
from beffroi.composite.vary import (
    LeaveOut,
    Specification,
    SpecificationError,
    VaryStep,
    WeightDirichlet,
    WeightNoise,
    WeightSets,
)
from beffroi.composite.vary_sensitivity import run_sensitivity
from beffroi.composite.vary_uncertainty import Collect, run_uncertainty
from beffroi.vocabulary.errors import BeffroiError, ConstantIndicatorError, MethodError

META = "Level,iCode,Parent,Direction,Weight,Type\n1,x,t,1,1,Indicator\n1,y,t,1,1,Indicator\n2,t,,1,1,Aggregate\n"
DATA = "uCode,x,y\nA,1,2\nB,3,1\nC,2,3\n"
NOISE = Specification((WeightNoise("weights", 1, 0.5),))


def filled(values: np.ndarray, figures: Coin | None = None) -> Coin:
    figures = figures or coin(holes=0.0)
    return replace(figures, data=figures.data.with_values(values))


def flat(value: float) -> Coin:
    values = coin(holes=0.0).data.values.copy()
    values[:, 3] = value
    return filled(values)


@pytest.mark.parametrize(
    "recipe",
    [Recipe(), Recipe((Impute(), MINMAX, Aggregate())), Recipe((Treat(), ZSCORE, Aggregate())), FULL],
    ids=["plain", "imputed", "treated", "full"],
)
def test_an_indicator_without_any_figure_is_named(recipe: Recipe) -> None:
    with pytest.raises(MethodError, match="'d' has no figure at all"):
        build_index(flat(np.nan), recipe)
    with pytest.raises(SpecificationError, match="'d' has no figure at all"):
        run_uncertainty(flat(np.nan), recipe, NOISE, scenarios=8, seed=1)


def test_a_table_without_any_figure_is_refused() -> None:
    nothing = filled(np.full((14, 6), np.nan))

    with pytest.raises(MethodError, match="'a' has no figure at all"):
        build_index(nothing)
    with pytest.raises(MethodError, match="No unit has"):
        build_index(nothing, Recipe((Screen(), MINMAX, Aggregate())))


@pytest.mark.parametrize("method", ["minmax", "zscore", "dist2max", "prank"])
def test_a_constant_indicator_is_named_with_its_value(method: str) -> None:
    recipe = Recipe((Normalise(scale=Scale(method=method)), Aggregate()))

    with pytest.raises(ConstantIndicatorError, match="'d' is 7 for every unit"):
        build_index(flat(7.0), recipe)
    with pytest.raises(SpecificationError, match="'d' is 7 for every unit"):
        run_sensitivity(flat(7.0), recipe, NOISE, points=8, seed=1)


@pytest.mark.parametrize("method", ["rank", "borda", "goalposts", "scaled", "none"])
def test_a_constant_indicator_separates_nobody_where_the_method_can_take_it(method: str) -> None:
    recipe = Recipe((Normalise(scale=Scale(method=method)), Aggregate()))

    made = build_index(flat(7.0), recipe)
    alone = made.stages["normalise"].column("d")

    assert (alone == alone[0]).all()
    assert np.isfinite(made.scores).all()


def test_zero_weights_are_refused_where_they_leave_nothing_and_obeyed_elsewhere() -> None:
    none = dict.fromkeys(("a", "b", "c"), 0.0)
    with pytest.raises(MethodError, match=r"The weights under 'p' sum to zero. Give one of a, b, c a weight"):
        build_index(coin(), FULL.with_steps(Aggregate(weights=none)))
    with pytest.raises(SpecificationError, match="set 2: The weights under 'p' sum to zero"):
        run_uncertainty(coin(), FULL, Specification((WeightSets("s", ({}, none)),)), scenarios=8, seed=1)
    with pytest.raises(MethodError, match=r"weights under 'p' sum to zero|recipe itself"):
        run_uncertainty(coin(), FULL.with_steps(Aggregate(weights=none)), NOISE, scenarios=8, seed=1)

    for rules in ("amean", "copeland"):
        ways = VaryStep("mean", "aggregate", (Aggregate(), Aggregate(rules=rules, weights=none)))
        with pytest.raises(SpecificationError, match=r"with mean = .*3 given.*The weights under 'p' sum to zero"):
            run_uncertainty(coin(holes=0.0), FULL, Specification((ways,)), scenarios=8, seed=1)

    some = build_index(coin(holes=0.0), FULL.with_steps(Aggregate(weights={"a": 0.0})))
    table = coin(holes=0.0)
    moved = table.data.values.copy()
    moved[:, 0] = moved[::-1, 0]
    other = build_index(filled(moved, table), FULL.with_steps(Aggregate(weights={"a": 0.0})))
    np.testing.assert_allclose(some.scores, other.scores)


def test_a_unit_of_which_only_a_zero_weight_counts_has_no_score() -> None:
    table = IndicatorMatrix(("A", "B"), ("x", "y"), np.array([[1.0, np.nan], [2.0, 3.0]]))
    tree = Framework((Node("x", 1, "t", weight=0.0), Node("y", 1, "t"), Node("t", 2, "")))
    recipe = Recipe((Normalise(scale=Scale(method="none")), Aggregate()))
    figures = Coin(table, tree, ("a", "b"))

    np.testing.assert_array_equal(build_index(figures, recipe).scores, [np.nan, 3.0])
    found = run_uncertainty(figures, recipe, NOISE, scenarios=8, seed=1)
    assert found.ranked.tolist() == [0.0, 1.0]
    np.testing.assert_array_equal(found.median, [np.nan, 1.0])


def test_duplicate_codes_are_named() -> None:
    with pytest.raises(BeffroiError, match=r"A"):
        read_coin(DATA + "A,9,9\n", META)
    with pytest.raises(BeffroiError, match=r"x"):
        read_coin(DATA, META + "1,x,t,1,1,Indicator\n")
    with pytest.raises(BeffroiError, match="Column 'x' comes twice"):
        read_coin("uCode,x,x\nA,1,2\n", META)


@pytest.mark.parametrize(
    "meta",
    [
        "1,x,p,1,1,Indicator\n1,y,p,1,1,Indicator\n2,p,q,1,1,Aggregate\n3,q,p,1,1,Aggregate\n",  # p under q under p
        "1,x,p,1,1,Indicator\n1,y,p,1,1,Indicator\n2,p,p,1,1,Aggregate\n",  # its own parent
        "1,x,t,1,1,Indicator\n1,y,nowhere,1,1,Indicator\n2,t,,1,1,Aggregate\n",
        "1,x,t,1,1,Indicator\n1,y,x,1,1,Indicator\n2,t,,1,1,Aggregate\n",  # a parent on the same level
        "1,x,t,1,1,Indicator\n1,y,u,1,1,Indicator\n2,t,,1,1,Aggregate\n2,u,,1,1,Aggregate\n",  # two tops
    ],
    ids=["cycle", "own parent", "unknown parent", "same level", "two tops"],
)
def test_a_tree_that_is_none_is_refused_when_read(meta: str) -> None:
    with pytest.raises(BeffroiError, match=r"Parent|parent|level|Level|top"):
        read_coin(DATA, "Level,iCode,Parent,Direction,Weight,Type\n" + meta)


def test_negative_values_go_through_logarithms_that_shift_and_are_refused_by_means_that_do_not() -> None:
    values = coin(holes=0.0).data.values.copy()
    values[:, 0] -= 50.0
    values[3, 0] = 9000.0
    figures = filled(values)
    for first in ("log_CT", "log_CT_orig", "log_CT_plus", "boxcox"):
        treat = Treat(spec=OutlierSpec(first=first, second=None, forced=True))
        made = build_index(figures, Recipe((treat, MINMAX, Aggregate())))
        assert np.isfinite(made.scores).all()
        order = np.argsort(made.stages["raw"].column("a"))
        assert (np.diff(made.stages["treat"].column("a")[order]) >= 0).all()

    bare = Normalise(scale=Scale(method="none"))
    for rules, name in (("gmean", "geometric"), ("hmean", "harmonic"), (0.5, "power 0.5")):
        with pytest.raises(MethodError, match=f"'a' is -.* for R00, which a {name} mean under 'p' cannot take"):
            build_index(figures, Recipe((bare, Aggregate(rules=rules))))
        spec = Specification((VaryStep("mean", "aggregate", (Aggregate(), Aggregate(rules=rules))),))
        with pytest.raises(SpecificationError, match=f"'a' is -.* for R00, which a {name} mean under 'p' cannot take"):
            run_uncertainty(figures, Recipe((bare, Aggregate())), spec, scenarios=8, seed=1)


def test_infinite_figures_do_not_become_ranks_in_silence() -> None:
    values = coin(holes=0.0).data.values.copy()
    values[2, 1] = np.inf
    with pytest.raises(BeffroiError, match="Indicator 'b' is infinite for R02"):
        build_index(filled(values))
    with pytest.raises(BeffroiError, match="'inf' is not a number"):
        read_coin(DATA.replace("B,3", "B,inf"), META)


def test_a_row_without_year_in_a_panel_is_named() -> None:
    with pytest.raises(BeffroiError, match=r"Time.*is empty, while other rows have a year"):
        read_coin("uCode,Time,x,y\nA,2020,1,2\nB,,3,1\nA,2021,2,3\n", META)


def test_one_region_is_refused_on_a_relative_scale_and_first_on_a_fixed_one() -> None:
    one = coin(holes=0.0).rows(np.array([4]))
    posts = Recipe((Normalise(scale=Scale(method="goalposts", lower=0.0, upper=50.0)), Aggregate()))

    with pytest.raises(ConstantIndicatorError, match="for every unit"):
        build_index(one)
    found = run_uncertainty(one, posts, NOISE, scenarios=64, seed=1)
    assert found.median.tolist() == [1.0]
    assert found.top_chance(1).p.tolist() == [1.0]
    assert found.pairwise().tolist() == [[0.5]]
    assert found.bounds().worst.tolist() == [1]


def test_one_indicator_cannot_be_left_out() -> None:
    table = IndicatorMatrix(("A", "B"), ("x",), np.array([[1.0], [2.0]]))
    small = Coin(table, Framework((Node("x", 1, "t"), Node("t", 2, ""))), ("a", "b"))

    assert build_index(small).ranks.tolist() == [2.0, 1.0]
    with pytest.raises(SpecificationError, match="without it there is no index"):
        run_uncertainty(small, Recipe(), Specification((LeaveOut("out"),)), scenarios=8, seed=1)
    with pytest.raises(SpecificationError, match="has a sibling"):
        run_uncertainty(small, Recipe(), Specification((WeightDirichlet("w", 1),)), scenarios=8, seed=1)


def test_units_that_tie_share_the_better_rank_in_every_scenario() -> None:
    values = np.tile(coin(holes=0.0).data.values[:7], (2, 1))

    plain = Recipe((MINMAX, Aggregate()))
    found = run_uncertainty(filled(values), plain, NOISE, scenarios=256, seed=1, collect=Collect(ranks=True))

    assert (found.ranks[:, :7] == found.ranks[:, 7:]).all()
    assert (found.ranks % 2 == 1).all()
    np.testing.assert_allclose(np.diag(found.pairwise()[:7, 7:]), 0.5)


def test_memory_does_not_grow_with_scenarios() -> None:
    """A quarter of a million scenarios in the memory of sixteen thousand, and far below that of their ranks."""
    figures = coin(holes=0.0)
    recipe = Recipe((MINMAX, Aggregate()))
    spec = Specification((WeightNoise("a", 1, 0.5), VaryStep("scale", "normalise", (MINMAX, ZSCORE))))
    bare = Collect(pairs=False, top=())

    def peak(count: int) -> int:
        tracemalloc.start()
        found = run_uncertainty(figures, recipe, spec, scenarios=count, seed=1, collect=bare)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert found.counts.sum() == count * len(TREE.indicators) * 14 / 6
        return most

    few, many = peak(2**14), peak(2**18)

    assert many < 1.1 * few
    assert many < 2**18 * 14 * 4 / 2
