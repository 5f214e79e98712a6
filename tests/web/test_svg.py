"""Pictures: true positions, no name over another, safe text, colours that can be read."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beffroi.web.svg import gap, lines, path_chart, profile_chart, rank_chart, spread_chart
from beffroi.web.svg import map as map_chart
from beffroi.web.svg.labels import Box, Wish, place
from beffroi.web.svg.primitives import standalone
from beffroi.web.svg.projection import laea
from beffroi.web.svg.style import STANDALONE_STYLE

CSS = (Path(map_chart.__file__).parents[1] / "static/beffroi.css").read_text("utf-8")
WORDS = rank_chart.RankWords("best", "worst", str)
FRAME = Box(0, 0, 600, 300)


@given(st.lists(st.tuples(st.floats(5, 595), st.floats(20, 280), st.floats(20, 180)), min_size=1, max_size=9))
@settings(max_examples=60)
def test_labels_never_cover_each_other(marks):
    wishes = [Wish(str(n), x, y, min(y + 10, 295), width, 16) for n, (x, y, width) in enumerate(marks)]

    placed = place(wishes, [], FRAME)

    assert placed
    for number, one in enumerate(placed):
        assert one.box.is_inside(FRAME)
        for other in placed[number + 1 :]:
            assert not one.box.meets(other.box)
            assert not one.leader.meets(other.box)
            assert not one.box.meets(other.leader)


@pytest.mark.parametrize("layout", ["wide", "narrow"])
@pytest.mark.parametrize("count", [20, 46, 130, 300])
def test_the_reader_s_region_is_always_named(layout, count):
    points = [rank_chart.RankPoint(f"R{n}", n, max(1, n - 9), min(count, n + 9)) for n in range(1, count + 1)]
    for own in {1, count // 2, count}:
        named = {
            f"R{own}": rank_chart.Named("Auvergne-Rhône-Alpes · 38e", "me"),
            "R3": rank_chart.Named("Rival", "riv"),
        }

        body = rank_chart.draw(points, named, words=WORDS, layout=layout).body

        assert "38e" in body
        assert 'class="iv me"' in body


def test_hostile_names_are_escaped():
    points = [rank_chart.RankPoint(f"R{k}", k, max(1, k - 2), min(40, k + 2)) for k in range(1, 41)]
    drawing = rank_chart.draw(points, {"R20": rank_chart.Named('<b>&"', "me")}, words=WORDS, layout="wide")

    root = ET.fromstring(standalone(drawing, title="<t>", description="a & b", credit="<c>"))  # noqa: S314 -- our own text

    said = [one.text for one in root.iter() if one.text]
    assert {"<t>", "a & b"} <= set(said)
    assert any('<b>&"' in text for text in said)


@pytest.mark.parametrize(
    ("longitude", "latitude", "east", "north"),
    [(10.0, 52.0, 4321000.0, 3210000.0), (5.0, 50.0, 3962799.45, 2999718.85)],
)
def test_the_projection_agrees_with_published_points(longitude, latitude, east, north):
    """IOGP Guidance Note 7-2 gives the second point; the first is the origin."""
    assert laea(longitude, latitude) == pytest.approx((east, north), abs=0.01)


def test_the_outline_is_light_and_credited():
    source = Path(map_chart.__file__).with_name("outline.json").read_text("utf-8")

    assert len(source) < 60_000
    assert "Natural Earth" in source
    assert map_chart.outline().startswith("M")


def test_map_classes_hold_equal_numbers():
    levels, bounds = map_chart.levels({str(n): float(n) for n in range(100)})

    assert bounds == (20.0, 40.0, 60.0, 80.0)
    assert [list(levels.values()).count(level) for level in range(1, 6)] == [20] * 5


def test_bars_are_as_long_as_their_points():
    body = gap.draw([gap.GapRow("a", 4.0, ""), gap.GapRow("b", 2.0, ""), gap.GapRow("c", -1.0, "")], layout="wide").body

    widths = [float(one) for one in re.findall(r'width="([\d.]+)" height="22"', body)]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)
    assert widths[0] == pytest.approx(4 * widths[2], abs=0.2)
    assert body.count("ahead") == 1


@given(st.floats(-1e5, 1e5), st.floats(0.001, 1e5))
def test_axis_marks_cover_the_values(low, span):
    marks = lines.ticks(low, low + span)

    assert marks[0] <= low + 1e-6
    assert marks[-1] >= low + span - 1e-6
    assert 2 <= len(marks) <= 8


def test_a_missing_figure_is_said_in_the_profile():
    rows = [
        profile_chart.ProfileRow("a", "1", 0.9, 0.8, 1.0, "good", False),
        profile_chart.ProfileRow("b", "", None, None, None, "mid", True),
    ]

    body = profile_chart.draw(
        rows,
        zones=profile_chart.Zones(0.4, 0.75),
        words=profile_chart.ProfileWords("l", "m", "f", "no figure"),
        layout="narrow",
    ).body

    assert "no figure" in body
    assert body.count("<circle") == 1


def test_every_class_of_a_picture_has_a_colour_in_pages_and_in_files():
    for name in (
        "iv.oth",
        "iv.riv",
        "iv.me",
        "dots",
        "zone",
        "span",
        "good",
        "bad",
        "mid",
        "hollow",
        "land",
        "q1",
        "q5",
        "fan",
        "trace",
    ):
        assert f".{name}" in STANDALONE_STYLE
        assert f".{name}" in CSS


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("mode", [0, 1])
def test_text_colours_contrast_seven_to_one(mode):
    block = re.findall(r":root\{([^}]*--paper[^}]*)\}", CSS)[mode]
    colours = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", block))
    for text in ("ink", "soft", "brick", "slate"):
        for ground in ("paper", "band"):
            a, b = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
            assert (a + 0.05) / (b + 0.05) >= 7, (text, ground)


@pytest.mark.parametrize("mode", [0, 1])
def test_the_five_classes_grow_evenly_in_lightness(mode):
    block = re.findall(r":root\{([^}]*--paper[^}]*)\}", CSS)[mode]
    colours = dict(re.findall(r"--(q\d):(#[0-9a-f]{6})", block))
    steps = [_luminance(colours[f"q{n}"]) for n in range(1, 6)]
    assert steps == sorted(steps, reverse=mode == 0)
    assert all(max(a, b) + 0.05 >= 1.3 * (min(a, b) + 0.05) for a, b in itertools.pairwise(steps))


PATH_WORDS = path_chart.PathWords(lambda rank: f"no. {rank}", lambda year: f"+{year}", "at this pace")


@given(
    st.lists(st.tuples(st.integers(1, 200), st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=21),
    st.sets(st.integers(1, 200), max_size=4),
)
@settings(max_examples=40)
@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_a_path_stays_inside_its_picture_with_the_best_rank_on_top(layout, steps, tops):
    points = [
        path_chart.PathPoint(year, rank, max(1, rank - up), min(260, rank + down))
        for year, (rank, up, down) in enumerate(steps)
    ]
    marks = [path_chart.Mark(top, f"first {top}") for top in sorted(tops)]

    drawing = path_chart.draw(points, marks, count=260, words=PATH_WORDS, layout=layout)

    root = ET.fromstring(f"<svg>{drawing.body}</svg>")  # noqa: S314 -- our own text
    path = next(one.get("d") for one in root.iter("path") if one.get("class") == "trace me")
    at = [tuple(map(float, pair.split())) for pair in path[1:].split("L")]
    assert [x for x, _ in at] == sorted(x for x, _ in at)
    for (_, y), one in zip(at, points, strict=True):
        assert 0 <= y <= drawing.height
        for (_, other), two in zip(at, points, strict=True):
            assert (one.rank < two.rank) == (y < other - 0.06) or abs(y - other) <= 0.11
    assert all(0 <= float(one.get("y")) <= drawing.height for one in root.iter("text"))


@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_a_spread_puts_each_mark_where_its_share_says(layout):
    words = spread_chart.SpreadWords("last", "first", "own", "beside", "others")
    rows = [
        spread_chart.SpreadRow("a", "1 %", 0.0, 1.0, 0.25, 0.75),
        spread_chart.SpreadRow("<b>", "–", None, None, None, None),
        spread_chart.SpreadRow("c", "2 %", 1.0, 0.5, 0.5, 0.5),
    ]

    drawing = spread_chart.draw(rows, words=words, layout=layout)

    root = ET.fromstring(f"<svg>{drawing.body}</svg>")  # noqa: S314 -- our own text
    discs = [float(one.get("cx")) for one in root.iter("circle")][1:]  # the first is the key's
    grid = next(one.get("d") for one in root.iter("path") if one.get("class") == "grid")
    left, right = (float(one.split()[0]) for one in grid[1:].split("L"))
    assert discs == [left, right]
    assert "<b>" in {one.text for one in root.iter("text")}
    assert all(0 <= float(one.get("x")) <= drawing.width for one in root.iter("text"))
