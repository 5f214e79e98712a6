"""A specification that cannot be run is refused before the first scenario, with every reason at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from varied_index import FULL, MINMAX, TREE, ZSCORE, coin

from beffroi.composite.coin import Coin, Framework, Node
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.outliers import OutlierSpec
from beffroi.composite.plain import DefinitionError
from beffroi.composite.recipe import Recipe
from beffroi.composite.scaling import Scale
from beffroi.composite.steps import Aggregate, Custom, Denominate, Impute, Normalise, Screen, Treat
from beffroi.composite.vary import (
    DataNoise,
    DrawImputation,
    LeaveOut,
    Specification,
    SpecificationError,
    VaryParameter,
    VaryStep,
    WeightDirichlet,
    WeightNoise,
    WeightSets,
    describe,
    with_parameter,
)
from beffroi.composite.vary_check import check
from beffroi.composite.vary_read import uncertainty_options
from beffroi.composite.vary_uncertainty import run_uncertainty
from beffroi.vocabulary.errors import MethodError


def faults(*vary, recipe: Recipe = FULL, figures: Coin | None = None) -> str:
    with pytest.raises(SpecificationError) as refused:
        check(figures or coin(), recipe, Specification(vary))
    return "\n".join(refused.value.faults)


def test_all_faults_come_at_once() -> None:
    said = faults(
        VaryStep("fill", "impute", (Impute(group="nation"), Impute(by="row", level=9))),
        VaryStep("size", "denominate", (Denominate(by={"a": "acres", "zz": "heads"}),)),
        WeightNoise("noise", 7, 0.5),
        WeightNoise("much", 2, 1.5),
        WeightDirichlet("top", 4, -1.0),
        WeightSets("sets", ({"a": 0.0, "b": 0.0, "c": 0.0}, {"nobody": 1.0, "d": -1.0})),
        DataNoise("errors", {"a": -1.0, "zz": 0.1}, draws=0),
        LeaveOut("out", ("a", "a", "zz"), probability=1.0),
    )

    for one in (
        "'fill': 'nation' is not a group column (known: side)",
        "'fill': level 9 has no groups of indicators: levels go from 2 to 4",
        "'size': 'acres' is not among the denominators (known: heads)",
        "'size': 'zz' is no indicator",
        "'noise': there is no level 7: the tree has levels 1 to 4",
        "'much': a spread lies above 0 and up to 1, not at 1.5",
        "'top': no element of level 4 has a sibling",
        "'top': the concentration is a number above 0, not -1",
        "'sets': set 1: The weights under 'p' sum to zero",
        "'sets': 'nobody' has a weight in set 2",
        "'sets': 'd' has the weight -1 in set 2",
        "'errors': 'zz' has a standard error and is no indicator",
        "'errors': standard errors are numbers of 0 or more",
        "'errors': 0 tables were asked for",
        "'out': 'zz' is to be left out and is no indicator",
        "'out': 'a' is listed 2 times",
        "'out': a probability lies between 0 and 1",
    ):
        assert one in said


def test_varying_a_step_that_is_not_in_the_recipe_is_an_error() -> None:
    plain = Recipe((MINMAX, Aggregate()))

    said = faults(
        VaryStep("treatment", "treat", (Treat(), Treat(spec=OutlierSpec(win_most=1)))),
        VaryParameter("points", "impute", "centre", values=("mean", "median")),
        DrawImputation("drawn"),
        recipe=plain,
    )

    assert said.count("so varying it would change nothing") == 3
    assert "the recipe has no step 'impute' (it has: normalise, aggregate)" in said


def test_a_step_may_be_done_or_not_done() -> None:
    plain = Recipe((MINMAX, Aggregate()))

    checked = check(coin(), plain, Specification((VaryStep("treatment", "treat", (None, Treat())),)))

    assert checked.setup.spec.vary[0].labels == ("not done", "treat")


def test_a_parameter_must_exist_and_have_values_of_its_kind() -> None:
    said = faults(
        VaryParameter("a", "treat", "spec.most", values=(1,)),
        VaryParameter("b", "treat", "spec.win_most", low=1.0, high=3.0),
        VaryParameter("c", "normalise", "scale.method", values=("minmax", "minmaxx")),
        VaryParameter("d", "treat", "spec.skew_limit", values=("two", True)),
        VaryParameter("e", "screen", "least_available", low=0.9, high=0.5),
        VaryParameter("f", "impute", "pooled", values=(1,)),
        VaryParameter("g", "treat", "spec.kurtosis_limit"),
        VaryParameter("h", "treat", "spec.combine", values=(True,), low=0.0, high=1.0),
        VaryParameter("i", "impute", "level", values=(2,)),
        VaryParameter("j", "treat", "spec.win_skew.more", values=(2,)),
        VaryParameter("k", "treat", "spec.win_kurtosis", low=1.0, high=float("inf")),
        VaryParameter("l", "weigh", "spec", values=(1,)),  # type: ignore[arg-type]
    )

    for one in (
        "'a': There is no setting 'treat.spec.most'",
        "'b': 'spec.win_most' is not a number with decimals",
        "'c': 'minmaxx' is not a value of 'scale.method'. Choose among minmax, zscore",
        "'d': 'two' is of the wrong kind",
        "'d': True is of the wrong kind",
        "'e': the interval from 0.9 to 0.5 is empty",
        "'f': 1 is of the wrong kind",
        "'g': give either `values`, or both `low` and `high`",
        "'h': give either `values`, or both `low` and `high`",
        "'i': Impute(by='column') looks at no level of the tree",
        "'j': There is no setting 'treat.spec.win_skew.more'",
        "'k': the interval from 1 to inf is empty or has no end",
        "'l': 'weigh' is not a step",
    ):
        assert one in said


def test_two_choices_that_vary_the_same_thing_are_refused() -> None:
    said = faults(
        VaryStep("x", "treat", (Treat(), None)),
        VaryStep("x", "treat", (Treat(),)),
        VaryParameter("p", "treat", "spec.win_most", values=(1, 2)),
        VaryParameter("q", "treat", "spec.win_most", values=(3, 4)),
        WeightNoise("n", 2, 0.1),
        WeightDirichlet("d", 2),
        WeightSets("sets", ({"p": 1.0}, {"p": 2.0})),
        WeightSets("more", ({"d": 1.0},), ("one", "two")),
        VaryStep("agg", "aggregate", (Aggregate(weights={"q": 2.0}), None, Treat())),
        VaryStep("agg2", "normalise", ()),
        VaryStep("step", "weigh", ()),  # type: ignore[arg-type]
    )

    for one in (
        "the name 'x' is given to 2 choices",
        "step 'treat' is varied 2 times",
        "'treat.spec.win_most' is varied 2 times",
        "the weights of level 2 are varied 2 times",
        "there are 2 of kind WeightSets",
        "'d' draws the weight of 'p', which another choice sets",
        "'more': 2 labels were given for 1 sets",
        "'agg': an option is not a step of kind Aggregate",
        "'agg2': no option is given",
        "'step': 'weigh' is not a step",
    ):
        assert one in said
    assert "nothing is listed" in faults()
    assert "there is no index to rank" in faults(VaryStep("agg", "aggregate", (Aggregate(), None)))


def test_impossible_combinations_name_indicator_unit_and_remedy() -> None:
    said = faults(
        VaryStep("scale", "normalise", (Normalise(), MINMAX, Normalise(scale=Scale(method="zscore")))),
        VaryStep(
            "mean", "aggregate", (Aggregate(), Aggregate(rules="gmean"), Aggregate(rules=("amean", "amean", -1.0)))
        ),
        VaryParameter("points", "treat", "spec.win_most", values=(1, 5)),
    )

    assert "scale = normalise, mean = aggregate (rules=gmean)" in said
    assert "'a' is 0 for R" in said
    assert "which a geometric mean under 'p' cannot take. Scale to 1..100" in said
    assert "which a harmonic mean under 'top' cannot take" in said  # z-scores below zero, two levels further up
    assert "scale = normalise (low=1)" not in said
    assert "more combinations" in said


def test_a_table_that_cannot_be_built_is_named_with_its_choices() -> None:
    figures = coin(holes=0.0)
    flat = figures.data.values.copy()
    flat[:, 1] = 3.0
    figures = replace(figures, data=figures.data.with_values(flat))
    posts = Normalise(scale=Scale(method="goalposts", lower=0.0, upper=9.0))

    said = faults(VaryStep("scale", "normalise", (posts, MINMAX)), recipe=FULL.with_steps(posts), figures=figures)

    assert "with scale = normalise (low=1): Indicator 'b' is 3 for every unit" in said


def test_many_combinations_are_tried_one_choice_at_a_time() -> None:
    many = tuple(0.5 + k / 100 for k in range(300))
    spec = (
        VaryParameter("limit", "treat", "spec.skew_limit", values=many),
        VaryStep("scale", "normalise", (MINMAX, Normalise(), ZSCORE)),
        VaryStep("mean", "aggregate", (Aggregate(), Aggregate(rules="gmean"))),
    )

    said = faults(*spec)

    assert "scale = normalise, mean = aggregate (rules=gmean)" in said


def test_what_the_recipe_itself_names_wrongly_is_said_too() -> None:
    steps = (
        Impute(group="nation"), Screen(force={"nobody": True}), Normalise(by_indicator={"zz": Scale()}),
        Aggregate(rules={"zz": "gmean"}, weights={"zy": 1.0}, least_available={"zx": 0.5}),
    )  # fmt: skip

    said = faults(WeightNoise("w", 1, 0.1), recipe=Recipe(steps))

    for one in (
        "'nation'",
        "'nobody' is no unit",
        "'zz' is no indicator",
        "'zz' is no aggregate",
        "'zy' is not in the",
    ):
        assert f"the recipe: {one}" in said
    assert "'zx' is no aggregate" in said
    after = Recipe((MINMAX, Aggregate(), Custom(name="round", function=np.round)))
    assert "does not end by aggregating" in faults(WeightNoise("w", 1, 0.1), recipe=after)
    assert "needs a panel" in faults(VaryStep("f", "impute", (Impute(by="panel"),)))
    assert "filling by column, not by row" in faults(DrawImputation("d"), recipe=FULL.with_steps(Impute(by="row")))


def test_a_coin_that_is_not_one_is_refused() -> None:
    figures = coin()
    twice = replace(figures, data=IndicatorMatrix(("R00",) * 14, TREE.indicators, figures.data.values))
    shuffled = replace(figures, data=IndicatorMatrix(figures.units, TREE.indicators[::-1], figures.data.values))
    heads = replace(figures, framework=Framework((*TREE.nodes, Node("top2", 4, ""))))

    assert "unit 'R00' comes 14 times" in faults(WeightNoise("w", 1, 0.1), figures=twice)
    assert "not the indicators of the tree" in faults(WeightNoise("w", 1, 0.1), figures=shuffled)
    assert "level 4 has 2 elements" in faults(WeightNoise("w", 1, 0.1), figures=heads)


def test_a_mean_that_only_some_weights_forbid_stops_the_run_with_its_names() -> None:
    tree = Framework(
        (
            Node("a", 1, "p"), Node("b", 1, "p"), Node("c", 1, "q"),
            Node("p", 2, "top"), Node("q", 2, "top"), Node("top", 3, ""),
        )
    )  # fmt: skip
    table = IndicatorMatrix(("A", "B"), ("a", "b", "c"), np.array([[2.0, -1.0, 1.0], [3.0, 2.0, 2.0]]))
    recipe = Recipe((Normalise(scale=Scale(method="none")), Aggregate(rules=("amean", "gmean"))))
    spec = Specification((WeightDirichlet("w", 1),))

    with pytest.raises(MethodError, match=r"'p' is -.* for A, which a geometric mean under 'top' cannot take"):
        run_uncertainty(Coin(table, tree, ("a", "b")), recipe, spec, scenarios=256, seed=1)


def test_options_are_described_by_what_is_not_the_default() -> None:
    assert describe(Treat(spec=OutlierSpec(win_most=1, second=None))) == "treat (win_most=1)"
    assert describe(Aggregate(rules="gmean", weights={"a": 1.0})) == "aggregate (rules=gmean, weights: 1 given)"
    assert with_parameter(MINMAX, "scale.high", 10.0) == Normalise(scale=Scale(low=1.0, high=10.0))


SECTION = {
    "scenarios": 256,
    "points": 64,
    "seed": 3,
    "top": [2, 4],
    "vary": [
        {"name": "t", "kind": "step", "step": "treat", "options": [{}, {"spec": {"win_most": 1}}, "not done"]},
        {"name": "p", "kind": "parameter", "step": "normalise", "parameter": "scale.low", "values": [1, 5]},
        {"name": "q", "kind": "parameter", "step": "treat", "parameter": "spec.skew_limit", "low": 1, "high": 2},
        {"name": "n", "kind": "weight_noise", "level": 1, "spread": 0.2},
        {"name": "d", "kind": "weight_dirichlet", "level": 2},
        {"name": "s", "kind": "weight_sets", "sets": [{"s": 1.0}, {"s": 2}], "labels": ["flat", "steep"]},
        {"name": "e", "kind": "data_noise", "sd": {"a": 0.1}, "errors": {"R01": {"b": 0.2}}, "draws": 4},
        {"name": "o", "kind": "leave_out", "probability": 0.1},
        {"name": "i", "kind": "imputation", "draws": 5},
    ],
}


def test_a_mapping_gives_the_specification_one_would_write() -> None:
    read = uncertainty_options(SECTION)

    assert read.spec == Specification(
        (
            VaryStep("t", "treat", (Treat(), Treat(spec=OutlierSpec(win_most=1)), None)),
            VaryParameter("p", "normalise", "scale.low", (1, 5)),
            VaryParameter("q", "treat", "spec.skew_limit", low=1.0, high=2.0),
            WeightNoise("n", 1, 0.2),
            WeightDirichlet("d", 2),
            WeightSets("s", ({"s": 1.0}, {"s": 2.0}), ("flat", "steep")),
            DataNoise("e", {"a": 0.1}, {"R01": {"b": 0.2}}, 4),
            LeaveOut("o", probability=0.1),
            DrawImputation("i", 5),
        )
    )
    assert (read.scenarios, read.points, read.seed, read.top) == (256, 64, 3, (2, 4))
    found = run_uncertainty(coin(), FULL, read.spec, scenarios=64, seed=read.seed)
    assert found.ranked.max() == 1


def test_every_fault_of_a_mapping_has_its_place() -> None:
    with pytest.raises(DefinitionError) as refused:
        uncertainty_options(
            {
                "scenario": 10,
                "scenarios": "many",
                "vary": [
                    {"kind": "step", "step": "treet", "options": "all"},
                    {"name": "b", "kind": "step", "step": "treat", "options": [{"specs": {}}, 3]},
                    {"name": "c", "kind": "weight_noise", "levels": 2},
                    {"name": "d", "kind": "noise"},
                    "e",
                    {"name": "f", "kind": "parameter", "step": "treat", "parameter": "spec.first", "values": [[1]]},
                    {"name": "h", "kind": "step", "step": "weigh", "options": [{}]},
                    {"name": "g", "kind": "weight_sets", "sets": [{"a": "one"}]},
                ],
            }
        )

    said = str(refused.value)
    for one in (
        "uncertainty.scenario: 'scenario' was given; expected one of vary, scenarios",
        "uncertainty.scenarios: 'many'",
        "uncertainty.vary[1].name: None",
        "uncertainty.vary[1].step: 'treet'",
        "uncertainty.vary[1].options: 'all' was given; expected a list",
        "uncertainty.vary[2].options[1].specs: 'specs'",
        "uncertainty.vary[2].options[2]: 3 was given; expected a mapping of settings, or 'not done'",
        "uncertainty.vary[3].levels: 'levels'",
        "uncertainty.vary[3].level: None",
        "uncertainty.vary[3].spread: None",
        "uncertainty.vary[4].kind: 'noise' was given; expected one of step, parameter",
        "uncertainty.vary[5]: 'e'",
        "uncertainty.vary[6].values[1]: [1]",
        "uncertainty.vary[7].step: 'weigh'",
        "uncertainty.vary[8].sets[1].a: 'one'",
    ):
        assert one in said
