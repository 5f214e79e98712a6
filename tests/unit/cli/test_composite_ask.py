"""Questions to an index of one's own, from its tables: exit codes, files and sentences."""

from __future__ import annotations

import csv
import json

import pytest

from beffroi.cli.main import main

DATA = """uCode,Time,jobs,patents,people
A,,8,40,100
B,,6,20,300
C,,2,10,200
D,,1,35,100
"""
META = """Level,iCode,Parent,Direction,Weight,Type,Denominator
1,jobs,index,1,1,Indicator,
1,patents,index,1,3,Indicator,people
2,index,,1,1,Aggregate,
,people,,,,Denominator,
"""


@pytest.fixture
def tables(tmp_path):
    (tmp_path / "data.csv").write_text(DATA.replace("Time,", "").replace(",,", ","), encoding="utf-8")
    (tmp_path / "meta.csv").write_text(META, encoding="utf-8")
    return [str(tmp_path / "data.csv"), str(tmp_path / "meta.csv"), "--out", str(tmp_path / "out")]


@pytest.fixture
def panel(tmp_path):
    lines = ["uCode,Time,jobs,patents,people"]
    for year in range(2014, 2022):
        for k, code in enumerate("ABCD"):
            own = 3 * (year - 2014) if code == "D" else 0
            lines.append(f"{code},{year},{10 * k + own},{40 - 5 * k + own},100")
    (tmp_path / "panel.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "meta.csv").write_text(META.replace("Indicator,people", "Indicator,"), encoding="utf-8")
    return [str(tmp_path / "panel.csv"), str(tmp_path / "meta.csv"), "--out", str(tmp_path / "out")]


def rows(path):
    with path.open(encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def test_what_it_takes_is_certified_and_written(tables, tmp_path, capsys):
    assert main(["composite", "gap", *tables, "--unit", "C", "--rank", "2"]) == 0

    assert "C: rank 4 -> 2 at a cost of" in capsys.readouterr().out
    plan = rows(tmp_path / "out/plans.csv")[0]
    assert (plan["feasible"], plan["true_rank"]) == ("1", "2")
    assert sum(float(one["cost"]) for one in rows(tmp_path / "out/levers.csv")) == pytest.approx(float(plan["cost"]))


def test_a_ladder_has_a_plan_for_every_rank(tables, tmp_path):
    assert main(["composite", "gap", *tables, "--unit", "C", "--rank", "1", "--ladder"]) == 0

    found = rows(tmp_path / "out/plans.csv")
    assert [one["wanted"] for one in found] == ["3", "2", "1"][: len(found)]
    costs = [float(one["cost"]) for one in found if one["feasible"] == "1"]
    assert costs == sorted(costs)


def test_costs_heads_and_actions_come_from_the_definition(tables, tmp_path, capsys):
    made = {
        "steps": [{"normalise": {"scale": {"method": "minmax"}}}, "aggregate"],
        "gap": {
            "heads": {"jobs": 100, "patents": 100},
            "actions": [
                {"name": "school", "effects": {"jobs": 1}, "cost": 1, "cap": 100},
                {"name": "hub", "effects": {"jobs": 0.5, "patents": 1}, "cost": 1, "fixed_cost": 5, "cap": 100},
            ],
        },
    }
    (tmp_path / "d.json").write_text(json.dumps(made), encoding="utf-8")
    assert (
        main(["composite", "gap", *tables, "--definition", str(tmp_path / "d.json"), "--unit", "C", "--rank", "2"]) == 0
    )

    assert "hub" in capsys.readouterr().out
    assert json.loads((tmp_path / "out/definition.json").read_text(encoding="utf-8"))["gap"] == made["gap"]


def test_a_chance_is_verified(tables, tmp_path):
    assert main(["composite", "gap", *tables, "--unit", "C", "--rank", "2", "--chance", "0.9"]) == 0

    plan = rows(tmp_path / "out/plans.csv")[0]
    assert float(plan["chance"]) >= 0.9 or plan["feasible"] == "0"


def test_by_when_needs_a_panel(tables, panel, tmp_path, capsys):
    assert main(["composite", "trajectory", *tables, "--unit", "C", "--rank", "1"]) == 6
    assert "needs a panel" in capsys.readouterr().err

    assert main(["composite", "trajectory", *panel, "--unit", "D", "--rank", "1"]) == 0
    assert "D, rank" in capsys.readouterr().out
    assert len(rows(tmp_path / "out/path.csv")) == 31


def test_what_is_drawn_is_drawn_by_the_seed(panel, tmp_path):
    found = []
    for seed in ("1", "1", "2"):
        main(["composite", "trajectory", *panel, "--unit", "B", "--rank", "1", "--seed", seed])
        found.append((tmp_path / "out/arrival.csv").read_text(encoding="utf-8"))
    assert found[0] == found[1]


def test_merged_units_are_ranked_again(tables, tmp_path, capsys):
    assert main(["composite", "merge", *tables, "--denominate", "--impute", "mean", "--units", "NEW=B+C"]) == 0

    assert "NEW would be" in capsys.readouterr().out
    figures = {one["indicator"]: one for one in rows(tmp_path / "out/figures.csv")}
    assert float(figures["patents"]["figure"]) == pytest.approx(30 / 500)
    assert figures["patents"]["how"] == "exact"
    assert (figures["jobs"]["how"], figures["jobs"]["low"], figures["jobs"]["high"]) == ("bounded", "2.0", "6.0")
    assert {one["unit"] for one in rows(tmp_path / "out/ranks.csv")} == {"A", "D", "NEW"}


@pytest.mark.parametrize("given", ["NEW", "NEW=", "=A+B"])
def test_a_merger_badly_written_says_how_to_write_it(tables, given, capsys):
    assert main(["composite", "merge", *tables, "--units", given]) == 2
    assert "NEW=A+B" in capsys.readouterr().err


def test_peers_are_written(tables, tmp_path, capsys):
    assert (
        main(
            ["composite", "peers", *tables, "--unit", "A", "--structure", "people", "--logs", "people", "--peers", "2"]
        )
        == 0
    )

    assert "A is most like" in capsys.readouterr().out
    assert len(rows(tmp_path / "out/peers.csv")) == 2
    assert main(["composite", "peers", *tables, "--unit", "A"]) == 2


def test_a_gap_is_explained(tables, panel, tmp_path, capsys):
    assert main(["composite", "explain", *tables, "--unit", "A", "--with", "B"]) == 0

    parts = {one["element"]: float(one["points"]) for one in rows(tmp_path / "out/gap.csv")}
    assert parts["jobs"] + parts["patents"] == pytest.approx(parts["index"])
    assert main(["composite", "explain", *panel, "--unit", "D", "--between", "2014", "2021"]) == 0
    assert "rank" in capsys.readouterr().out
    assert main(["composite", "explain", *tables, "--unit", "A"]) == 2


def test_another_recipe_is_compared(tables, tmp_path, capsys):
    (tmp_path / "other.yaml").write_text(
        "steps:\n  - normalise: {scale: {method: rank}}\n  - aggregate\n", encoding="utf-8"
    )
    assert main(["composite", "compare", *tables, "--with", str(tmp_path / "other.yaml")]) == 0

    assert "a mean change of" in capsys.readouterr().out
    assert len(rows(tmp_path / "out/comparison.csv")) == 4


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("steps: [normalize]", "expected one of denominate"),
        ("steps: [", "no YAML or JSON (line"),
        ("- normalise", "holds no mapping"),
    ],
)
def test_a_definition_with_faults_names_file_and_place(tables, tmp_path, capsys, content, says):
    (tmp_path / "bad.yaml").write_text(content, encoding="utf-8")
    assert main(["composite", "build", *tables, "--definition", str(tmp_path / "bad.yaml")]) in (2, 6)
    message = capsys.readouterr().err
    assert says in message
    assert "bad.yaml" in message


def test_steps_are_said_in_one_place(tables, tmp_path, capsys):
    (tmp_path / "d.yaml").write_text("steps: [normalise, aggregate]", encoding="utf-8")
    assert main(["composite", "build", *tables, "--definition", str(tmp_path / "d.yaml"), "--treat"]) == 2
    assert "--treat and --definition" in capsys.readouterr().err


VARY = """
steps: [{impute: {centre: mean}}, {normalise: {scale: {method: minmax, low: 1}}}, aggregate]
uncertainty:
  scenarios: 64
  points: 16
  top: [1, 2]
  vary:
    - {name: mean, kind: step, step: aggregate, options: [{}, {rules: gmean}]}
    - {name: weights, kind: weight_noise, level: 1, spread: 0.5}
"""


@pytest.fixture
def varied(tables, tmp_path):
    (tmp_path / "v.yaml").write_text(VARY, encoding="utf-8")
    return [*tables, "--definition", str(tmp_path / "v.yaml")]


def test_how_sure_the_ranks_are_is_written_and_can_be_replayed(varied, tmp_path, capsys):
    assert main(["composite", "uncertainty", *varied]) == 0

    assert "64 scenarios of 2 choices, 4 units." in capsys.readouterr().out
    first = (tmp_path / "out/ranks.csv").read_bytes()
    ranks = {one["unit"]: one for one in rows(tmp_path / "out/ranks.csv")}
    assert sum(float(one["p_top_1"]) for one in ranks.values()) == pytest.approx(1)
    assert len(rows(tmp_path / "out/draws.csv")) == 64
    assert len(rows(tmp_path / "out/pairs.csv")) == 4
    drawn = tmp_path / "draws.csv"
    (tmp_path / "out/draws.csv").rename(drawn)
    assert main(["composite", "uncertainty", *varied, "--draws", str(drawn)]) == 0
    assert (tmp_path / "out/ranks.csv").read_bytes() == first


def test_without_a_section_the_weights_vary(tables, tmp_path, capsys):
    assert main(["composite", "uncertainty", *tables, "--scenarios", "32", "--exact", "C"]) == 0
    assert "weights vary by 25%" in capsys.readouterr().out
    exact = rows(tmp_path / "out/exact_ranks.csv")[0]
    found = {one["unit"]: one for one in rows(tmp_path / "out/ranks.csv")}["C"]
    assert int(exact["best"]) <= int(found["q05"]) <= int(found["q95"]) <= int(exact["worst"])


def test_what_ranks_hang_on_is_written(varied, tmp_path, capsys):
    assert main(["composite", "sensitivity", *varied]) == 0
    assert "64 scenarios. The mean change of rank hangs on" in capsys.readouterr().out
    assert {one["choice"] for one in rows(tmp_path / "out/sensitivity.csv")} == {"mean", "weights"}


def test_what_cannot_be_combined_is_said_before_anything_runs(tables, tmp_path, capsys):
    (tmp_path / "v.yaml").write_text(VARY.replace("low: 1", "low: 0"), encoding="utf-8")
    assert main(["composite", "uncertainty", *tables, "--definition", str(tmp_path / "v.yaml")]) == 6
    message = capsys.readouterr().err
    assert "which a geometric mean under 'index' cannot take" in message
    assert "1..100" in message


def test_draws_that_are_no_numbers_name_the_cell(varied, tmp_path, capsys):
    (tmp_path / "draws.csv").write_text("mean,weights:jobs,weights:patents\n0,1,one\n", encoding="utf-8")
    assert main(["composite", "uncertainty", *varied, "--draws", str(tmp_path / "draws.csv")]) == 2
    assert "row 2, column 'weights:patents': 'one'" in capsys.readouterr().err


def test_in_a_panel_effort_is_counted_in_years_of_a_typical_unit(panel, capsys):
    assert main(["composite", "gap", *panel, "--unit", "A", "--rank", "1"]) == 0
    assert "A point costs the years" in capsys.readouterr().out


def test_heads_come_from_peers_where_the_definition_says_who_they_are(tables, tmp_path):
    reached = {}
    for name, sections in (("all", {}), ("peers", {"peers": {"structure": ["people"], "k": 1}})):
        (tmp_path / "d.json").write_text(
            json.dumps({"steps": ["normalise", "aggregate"], **sections}), encoding="utf-8"
        )
        given = ["composite", "gap", *tables, "--definition", str(tmp_path / "d.json"), "--unit", "C", "--rank", "1"]
        assert main(given) == 0
        reached[name] = int(rows(tmp_path / "out/plans.csv")[0]["best_rank"])
    # B, the one peer of C in size, is behind A: with it C cannot be first.
    assert reached["all"] <= reached["peers"]
    assert reached["peers"] > 1
