"""A definition in a file: read with all its faults at once, and written back as it was."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from beffroi.composite.coin_input import read_coin
from beffroi.composite.definition import read_definition, recipe_as_mapping
from beffroi.composite.options import gap_options, merge_options, peer_options
from beffroi.composite.outliers import OutlierSpec
from beffroi.composite.plain import DefinitionError
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.scaling import Scale
from beffroi.composite.steps import Aggregate, Denominate, Impute, Normalise, Screen, Treat
from beffroi.composite.vary_read import uncertainty_options

STEPS = st.tuples(
    st.sampled_from([None, Denominate(), Denominate(by={"x": "GDP"})]),
    st.sampled_from([None, Impute(), Impute(centre="median", group="region"), Impute(by="panel", panel="linear")]),
    st.sampled_from([None, Screen(least_available=0.5), Screen(force={"AUT": True})]),
    st.sampled_from([None, Treat(spec=OutlierSpec(win_most=2)), Treat(spec=OutlierSpec(), by_indicator={"x": None})]),
    st.sampled_from([Normalise(scale=Scale(method="zscore", sd=10.0)), Normalise(by_indicator={"x": Scale(low=1.0)})]),
    st.sampled_from(
        [Aggregate(), Aggregate(rules=("gmean", "amean")), Aggregate(rules={"top": 0.5}, weights={"x": 2.0})]
    ),
)


@given(STEPS, st.sampled_from(["correct", "coinr"]))
def test_a_recipe_written_and_read_is_the_same(steps, compat) -> None:
    recipe = Recipe(tuple(one for one in steps if one is not None), compat)
    read = read_definition(recipe_as_mapping(recipe)).recipe
    assert recipe_as_mapping(read) == recipe_as_mapping(recipe)
    assert read.names == recipe.names


def test_all_faults_come_at_once_with_their_places() -> None:
    with pytest.raises(DefinitionError) as caught:
        read_definition(
            {
                "steps": [
                    {"normalise": {"scale": {"method": "minimax", "low": "one"}}},
                    {"impute": {"center": "mean"}},
                    "agregate",
                ],
                "colour": "red",
            }
        )
    text = str(caught.value)
    assert text.startswith("The definition has 5 faults:")
    for place in (
        "steps[1].normalise.scale.method",
        "steps[1].normalise.scale.low",
        "steps[2].impute.center",
        "steps[3]",
        "colour",
    ):
        assert place in text


def test_a_step_that_comes_twice_is_refused() -> None:
    with pytest.raises(DefinitionError, match="each step at most once"):
        read_definition({"steps": ["normalise", "normalise", "aggregate"]})


def test_a_function_cannot_go_to_a_file() -> None:
    recipe = Recipe((Normalise(scale=Scale(method="custom", function=lambda x: x)), Aggregate()))
    with pytest.raises(Exception, match=r"normalise\.scale\.function is a function"):
        recipe_as_mapping(recipe)


def test_sections_are_handed_on() -> None:
    assert read_definition({"gap": {"costs": {"x": 2}}}).sections == {"gap": {"costs": {"x": 2}}}


def test_the_example_of_the_manual_is_read(root) -> None:
    page = (root / "docs/reference/composite-definition.md").read_text(encoding="utf-8")
    given = yaml.safe_load(page.split("```yaml\n")[1].split("```")[0])
    made = read_definition(given)
    assert made.recipe.names == ("denominate", "impute", "screen", "treat", "normalise", "aggregate")
    assert [one.name for one in gap_options(made.sections["gap"]).actions] == ["hub", "school"]
    assert len(uncertainty_options(made.sections["uncertainty"]).spec.names) == 9
    assert merge_options(made.sections["merge"]).weights == "Population"
    assert peer_options(made.sections["peers"]).k == 10


def test_what_the_years_leave_empty_is_filled_by_column() -> None:
    text = "uCode,Time,x\nA,2019,1\nA,2020,\nB,2019,\nB,2020,\n"
    coin = read_coin(text, "Level,iCode,Parent,Direction,Weight,Type\n1,x,top,1,1,Indicator\n2,top,,1,1,Aggregate\n")
    made = read_definition({"steps": [{"impute": {"by": "panel", "panel": "latest", "then": "mean"}}]})
    assert build_index(coin, made.recipe).last.values.ravel().tolist() == [1.0, 1.0, 1.0, 1.0]
    with pytest.raises(DefinitionError, match="Give `then` with by='panel'"):
        read_definition({"steps": [{"impute": {"then": "mean"}}]})
