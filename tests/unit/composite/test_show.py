"""What a notebook shows: a table that can be read aloud, a picture with its words, everything escaped."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from beffroi.composite import Recipe, Specification, WeightNoise, example_coin, run_sensitivity, run_uncertainty
from beffroi.composite.coin_input import read_coin
from beffroi.composite.recipe import build_index
from beffroi.composite.results import results
from beffroi.composite.show import bars_svg, table_html
from beffroi.composite.versions import compare_builds, remove_elements
from beffroi.vocabulary.errors import UsageError

nan = float("nan")
META = """Level,iCode,Parent,Direction,Weight,Type
1,x,t<op>,1,1,Indicator
1,y,t<op>,1,1,Indicator
2,t<op>,,1,1,Aggregate
"""
UNITS = ["<b>A</b>", "B & C", *(f"U{k}" for k in range(80))]
DATA = "uCode,x,y\n" + "".join(f"{unit},{k},{k * k % 7}\n" for k, unit in enumerate(UNITS))
BUILT = build_index(read_coin(DATA, META))
SVG = "{http://www.w3.org/2000/svg}"


def parsed(text):
    return ET.fromstring(text)  # noqa: S314 -- the text is our own


def test_every_header_cell_has_its_scope_and_every_word_is_escaped():
    made = BUILT._repr_html_()

    table = parsed(made)
    assert [one.get("scope") for one in table.iter("th")][:5] == ["col"] * 5
    assert {one.get("scope") for one in table.find("tbody").iter("th")} == {"row"}
    assert [one.text for one in table.find("thead").iter("th")] == ["uCode", "rank", "t<op>", "y", "x"]
    assert table.find("tbody/tr/th").text == "<b>A</b>"
    assert "<b>" not in made


def test_a_long_table_says_how_many_rows_it_hides():
    table = parsed(BUILT._repr_html_())

    assert table.find("caption").text == "IndexBuild: first 60 of 82 rows"
    assert len(table.findall("tbody/tr")) == 60
    assert "82" not in parsed(table_html({"a": [1] * 3}, caption="Three")).find("caption").text


@pytest.mark.parametrize("what", [results(BUILT), remove_elements(BUILT), compare_builds(BUILT, BUILT)])
def test_every_result_shows_itself(what):
    table = parsed(what._repr_html_())

    assert table.tag == "table"
    assert table.find("caption").text.startswith(type(what).__name__)


def test_a_missing_figure_is_a_dash_and_a_small_one_keeps_its_digits():
    made = table_html(
        {"u": ["A"], "a": [nan], "b": [None], "c": [0.000012345], "d": [1234.5], "e": [7], "f": [0.0]}, caption=""
    )

    assert re.findall("<td>(.*?)</td>", made) == ["–", "–", "1.234e-05", "1234.5", "7", "0"]


def test_a_picture_has_a_title_a_description_and_a_bar_a_row():
    picture = parsed(results(BUILT).picture())

    assert picture.get("role") == "img"
    assert picture.find(f"{SVG}title").text == "t<op>, best first"
    assert "The first 60 of 82 are shown." in picture.find(f"{SVG}desc").text
    assert len(picture.findall(f"{SVG}rect")) == 60


def test_intervals_are_drawn_where_they_are_known():
    picture = parsed(
        bars_svg(("A", "B", "C"), (2.0, -1.0, nan), low=(1.0, nan, 0.0), high=(3.0, 0.0, 1.0), title="Rank")
    )

    rects, paths = picture.findall(f"{SVG}rect"), picture.findall(f"{SVG}path")
    assert len(rects) == 2
    assert len(paths) == 1
    assert "–" in [one.text for one in picture.findall(f"{SVG}text")]
    # From -1 to 3 on 360 pixels: the bar of A goes from 0 to 2, its interval from 1 to 3.
    assert [float(rects[0].get(k)) for k in ("x", "width")] == [260.0, 180.0]
    assert paths[0].get("d") == "M350.0 17H530.0"
    assert float(rects[1].get("x")) == 170.0


def test_a_panel_names_unit_and_year():
    data = "uCode,Time,x,y\nA,2020,1,2\nB,2020,2,1\nA,2021,3,4\nB,2021,4,5\n"

    picture = parsed(results(build_index(read_coin(data, META))).picture())

    assert [one.text for one in picture.findall(f"{SVG}text")][0::2] == ["B 2020", "A 2020", "B 2021", "A 2021"]


@pytest.mark.parametrize("more", [{"low": (1.0,)}, {"low": (1.0,), "high": (1.0, 2.0)}, {"high": (2.0,)}])
def test_bars_that_do_not_fit_are_refused(more):
    with pytest.raises(UsageError, match="Bars need"):
        bars_svg(("A",), (1.0,), title="t", **more)


def test_uncertainty_and_sensitivity_show_themselves() -> None:
    spec = Specification((WeightNoise("weights", 1, 0.5), WeightNoise("themes", 2, 0.5)))
    sure = run_uncertainty(example_coin(), Recipe(), spec, scenarios=64, seed=1)
    assert sure.to_columns()["unit"] == list(example_coin().units)
    assert sure.picture().count("<rect") == 8
    assert "<table>" in sure._repr_html_()
    hangs = run_sensitivity(example_coin(), Recipe(), spec, points=32, seed=1)
    assert hangs.picture().count("<rect") == 2
    assert set(hangs.to_columns()["choice"]) == {"weights", "themes"}
