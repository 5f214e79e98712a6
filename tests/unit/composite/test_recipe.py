"""A small index by hand, replayed with other choices; what must hold for any index."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from beffroi.composite.coin import Coin, Framework, Node
from beffroi.composite.coin_input import read_coin
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.outliers import OutlierSpec, treat_outliers
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.roll_up import roll_up
from beffroi.composite.scaling import Scale, scale_table
from beffroi.composite.screen_units import availability_by_group, screen_units
from beffroi.composite.steps import Aggregate, Denominate, Impute, Normalise, Screen, Treat
from beffroi.vocabulary.errors import ConstantIndicatorError, MethodError

TREE = Framework(
    (
        Node("x", 1, "P", weight=3.0),
        Node("y", 1, "P", direction=-1),
        Node("z", 1, "Q"),
        Node("P", 2, "Index"),
        Node("Q", 2, "Index"),
        Node("Index", 3, ""),
    )
)
nan = float("nan")


def coin(values: object, **more: object) -> Coin:
    table = np.array(values, dtype=float)
    units = tuple("ABCDEFGHIJKL"[: len(table)])
    return Coin(IndicatorMatrix(units, ("x", "y", "z"), table), TREE, units, **more)  # type: ignore[arg-type]


SMALL = coin([[0, 10, 5], [10, 0, 0], [5, 5, 10]])
tables = arrays(float, st.tuples(st.integers(4, 9), st.just(3)), elements=st.integers(1, 90).map(float), unique=True)


def test_a_worked_example() -> None:
    made = build_index(SMALL)

    assert made.last.column("P").tolist() == [0.0, 100.0, 50.0]
    assert made.scores.tolist() == [25.0, 50.0, 75.0]
    assert made.ranks.tolist() == [3.0, 2.0, 1.0]
    assert list(made.stages) == ["raw", "normalise", "aggregate"]


def test_a_node_has_its_own_mean_weights_and_threshold() -> None:
    made = build_index(
        SMALL,
        Recipe((Normalise(scale=Scale(low=1)), Aggregate(rules={"Index": "gmean"}, weights={"Q": 3.0}))),
    )

    assert made.last.column("P").tolist() == pytest.approx([1.0, 100.0, 50.5])
    assert made.scores[1] == pytest.approx((100.0 * 1.0**3) ** 0.25)


def test_too_few_children_leave_a_node_missing() -> None:
    holed = coin([[0, nan, 5], [10, 0, 0], [5, 5, 10]])

    made = build_index(holed, Recipe((Normalise(), Aggregate(least_available={"P": 1.0}))))

    assert np.isnan(made.last.column("P")[0])
    assert made.ranks.tolist() == [2.0, 2.0, 1.0]


@given(tables)
def test_a_replay_is_a_build_with_the_changed_recipe(values: np.ndarray) -> None:
    first = build_index(coin(values), Recipe((Treat(), Normalise(), Aggregate())))
    change = (Treat(spec=OutlierSpec(win_most=1)), Aggregate(rules=2.0))

    again = first.replay(*change)

    fresh = build_index(first.source, first.recipe.with_steps(*change))
    assert np.array_equal(again.scores, fresh.scores)
    assert again.stages["raw"] is first.stages["raw"]


@given(tables, st.sampled_from([0.01, 2.0, 1000.0]))
def test_a_change_of_unit_changes_no_score(values: np.ndarray, factor: float) -> None:
    other = values.copy()
    other[:, 0] *= factor

    assert build_index(coin(other)).scores == pytest.approx(build_index(coin(values)).scores)


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_units_changes_no_score(values: np.ndarray, chance: object) -> None:
    order = list(range(len(values)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    for rules in ("amean", "copeland", 2.0):
        recipe = Recipe((Normalise(), Aggregate(rules=rules)))  # type: ignore[arg-type]

        shuffled = build_index(coin(values[order]), recipe).scores

        assert shuffled == pytest.approx(build_index(coin(values), recipe).scores[order])


@given(tables)
def test_an_improvement_never_lowers_the_score(values: np.ndarray) -> None:
    better = values.copy()
    better[0, 2] += 5
    for rules in ("amean", "gmean", "hmean", 2.0):
        recipe = Recipe((Normalise(scale=Scale(method="scaled", lower=-1)), Aggregate(rules=rules)))  # type: ignore[arg-type]
        up = Coin(
            IndicatorMatrix(tuple("ABCDEFGHI"[: len(values)]), ("z",), better[:, 2:]),
            ONE,
            tuple("ABCDEFGHI"[: len(values)]),
        )
        down = Coin(up.data.with_values(values[:, 2:]), ONE, up.names)

        assert build_index(up, recipe).scores[0] >= build_index(down, recipe).scores[0]


ONE = Framework((Node("z", 1, "Index"), Node("Index", 2, "")))


def test_a_zero_under_a_geometric_mean_names_unit_indicator_and_remedy() -> None:
    with pytest.raises(MethodError, match=r"'x' is 0 for A.*geometric mean under 'P'.*1\.\.100"):
        build_index(SMALL, Recipe((Normalise(), Aggregate(rules="gmean"))))


@pytest.mark.parametrize(
    ("rules", "said"), [("gmena", "not a rule"), (("amean",), "No rule for level 3"), (-1.0, "power|harmonic")]
)
def test_rules_that_cannot_be_followed_are_refused(rules: object, said: str) -> None:
    with pytest.raises(MethodError, match=said):
        build_index(SMALL, Recipe((Normalise(), Aggregate(rules=rules))))  # type: ignore[arg-type]


def test_weights_that_carry_nothing_are_refused() -> None:
    with pytest.raises(MethodError, match="under 'P' sum to zero"):
        roll_up(SMALL.data, TREE, weights={"x": 0.0, "y": 0.0})
    with pytest.raises(MethodError, match="'w' has a weight"):
        roll_up(SMALL.data, TREE, weights={"w": 1.0})


def test_a_constant_indicator_is_refused_and_coinr_gives_none() -> None:
    flat = coin([[1, 1, 1], [1, 2, 2], [1, 3, 3]])

    with pytest.raises(ConstantIndicatorError, match="'x' is 1 for every unit"):
        build_index(flat)
    made = build_index(flat, Recipe((Normalise(),), "coinr"))
    assert np.isnan(made.last.column("x")).all()


def test_scales_that_mean_nothing_are_refused() -> None:
    negative = coin([[-1, 1, 1], [-2, 2, 2], [-3, 3, 3]])
    for scale, said in (
        (Scale(method="fracmax"), "no positive figure"),
        (Scale(method="dist2targ"), "has no target"),
        (Scale(method="dist2targ", target=-9), "not better than"),
    ):
        with pytest.raises(MethodError, match=said):
            scale_table(negative.data, TREE, scale=scale)
    with pytest.raises(MethodError, match="no figure at all"):
        scale_table(coin([[nan, 1, 1], [nan, 2, 2]]).data, TREE)


def test_parameters_come_from_the_meta_table_when_asked() -> None:
    tree = Framework((Node("z", 1, "Index", parameters={"goalpost_lower": 0.0, "goalpost_upper": 50.0}), ONE.nodes[1]))
    table = IndicatorMatrix(("A", "B"), ("z",), np.array([[25.0], [75.0]]))

    made = scale_table(table, tree, scale=Scale(method="goalposts", from_meta=True))

    assert made.values.ravel().tolist() == [50.0, 100.0]


def test_forced_winsorising_is_done_and_coinr_ignores_it() -> None:
    table = IndicatorMatrix(tuple("ABCDE"), ("z",), np.array([[1.0, 2, 3, 4, 5]]).T)
    forced = {"z": OutlierSpec(win_most=1, forced=True)}

    assert treat_outliers(table, by_indicator=forced).table.values.ravel().tolist() == [1, 2, 3, 4, 4]
    assert treat_outliers(table, by_indicator=forced, compat="coinr").table.values.ravel().tolist() == [1, 2, 3, 4, 5]
    with pytest.raises(MethodError, match="'w' has a treatment"):
        treat_outliers(table, by_indicator={"w": None})


def test_a_second_treatment_marks_what_it_did() -> None:
    x = np.array([*np.linspace(1, 2, 28), 800.0, 900.0])
    table = IndicatorMatrix(tuple(f"U{k}" for k in range(30)), ("z",), x[:, None])

    found = treat_outliers(table, spec=OutlierSpec(win_most=1, second="boxcox", power=0.0))

    assert found.outcomes[0].marks[-2:] == ("+boxcox", "winhi+boxcox")
    assert found.table.values[0, 0] == 0.0
    assert found.outcomes[0].winsorised == 1


def test_units_are_screened_and_forced() -> None:
    table = coin([[1, nan, nan], [0, 0, 1], [1, 2, 3]]).data

    assert screen_units(table).kept.tolist() == [False, True, True]
    assert screen_units(table, rule="byzeros", least_nonzero=0.5).kept.tolist() == [True, False, True]
    assert screen_units(table, rule="byNAandzeros", least_nonzero=0.5).kept.tolist() == [False, False, True]
    assert screen_units(table, force={"A": True, "C": False}).kept.tolist() == [True, True, False]
    assert availability_by_group(table, TREE).column("P").tolist() == [0.5, 1.0, 1.0]
    with pytest.raises(MethodError, match="'Z' is to be forced"):
        screen_units(table, force={"Z": True})
    with pytest.raises(MethodError, match="No unit"):
        screen_units(table, least_available=1.1)


def test_screening_drops_the_unit_everywhere() -> None:
    made = build_index(
        coin([[nan, nan, 5], [10, 0, 0], [5, 5, 10], [0, 9, 9]], groups={"side": ("n", "n", "s", "s")}),
        Recipe((Screen(), Normalise(), Aggregate())),
    )

    assert made.coin.units == ("B", "C", "D")
    assert made.coin.groups["side"] == ("n", "s", "s")
    assert len(made.scores) == 3


def test_imputation_by_group_row_and_year() -> None:
    holed = coin([[1, nan, 5], [3, 4, nan], [5, 8, 9], [7, 2, 1]], groups={"side": ("n", "n", "n", "s")})

    by_group = build_index(holed, Recipe((Impute(group="side", centre="median"),))).last
    by_row = build_index(holed, Recipe((Impute(by="row"),))).last

    assert by_group.column("y")[0] == 6.0
    assert by_row.column("y")[0] == pytest.approx(8 - 6 * 0.25)
    with pytest.raises(MethodError, match="needs a panel"):
        build_index(holed, Recipe((Impute(by="panel"),)))
    with pytest.raises(MethodError, match="not a group column"):
        build_index(holed, Recipe((Impute(group="colour"),)))


PANEL = read_coin(
    "uCode,Time,z\nA,1,1\nB,1,3\nC,1,5\nA,2,2\nB,2,\nC,2,10\n",
    "Level,iCode,Parent,Direction,Weight,Type\n1,z,Index,1,1,Indicator\n2,Index,,1,1,Aggregate\n",
)


def test_a_panel_shares_one_scale_or_has_one_a_year() -> None:
    pooled = build_index(PANEL, Recipe((Impute(by="panel"), Normalise(), Aggregate())))
    apart = pooled.replay(Normalise(pooled=False))

    assert pooled.scores == pytest.approx([0, 200 / 9, 400 / 9, 100 / 9, 200 / 9, 100])
    assert apart.scores.tolist() == [0, 50, 100, 0, 12.5, 100]
    assert apart.ranks.tolist() == [3, 2, 1, 3, 2, 1]


def test_a_denominator_of_zero_is_refused_with_its_unit() -> None:
    sized = coin([[1, 1, 1], [2, 2, 2]], denominators={"people": np.array([1.0, 0.0])})

    with pytest.raises(MethodError, match=r"'x' cannot be divided by 'people', which is 0 for B"):
        build_index(sized, Recipe((Denominate(by={"x": "people"}),)))
    with pytest.raises(MethodError, match="not among the denominators"):
        build_index(sized, Recipe((Denominate(by={"x": "area"}),)))


def test_a_step_comes_once() -> None:
    with pytest.raises(MethodError, match="twice"):
        Recipe((Normalise(), Normalise()))


def test_one_unit_alone_is_refused_or_ranked_never_guessed() -> None:
    alone = coin([[1, 2, 3]])

    with pytest.raises(ConstantIndicatorError):
        build_index(alone)
    assert build_index(alone, Recipe((Normalise(scale=Scale(method="rank")), Aggregate()))).ranks.tolist() == [1.0]


def test_coinr_refuses_copeland_by_its_own_name() -> None:
    recipe = Recipe((Normalise(), Aggregate(rules="a_copeland")))

    assert build_index(SMALL, recipe).last.column("Q").tolist() == [0.0, -2.0, 2.0]
    with pytest.raises(MethodError, match="refuses 'a_copeland'"):
        build_index(SMALL, recipe, known=None).replay(compat="coinr")


def test_a_function_of_ones_own_aggregates() -> None:
    made = build_index(SMALL, Recipe((Normalise(), Aggregate(rules=lambda values, _: values.min(axis=1)))))

    assert made.scores.tolist() == [0.0, 0.0, 50.0]
    assert made.coin.framework.weights == made.weights
    assert made.coin.framework.depth == 3


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(MethodError, match="'w' is neither"):
        TREE.node("w")
    with pytest.raises(MethodError, match="no row for 1999"):
        PANEL.year(1999)
    with pytest.raises(MethodError, match="'Q' has no indicator left"):
        roll_up(IndicatorMatrix(("A",), ("x", "y"), np.array([[1.0, 2.0]])), TREE)


def test_who_has_only_what_counts_for_nothing_has_no_score():
    made = build_index(
        coin([[1, 2, 3], [nan, nan, 5], [2, 1, 4]]), Recipe((Normalise(), Aggregate(weights={"Q": 0.0})))
    )

    assert np.isnan(made.scores).tolist() == [False, True, False]
