"""Seats on the command line: the examples of the manual, every format, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from beffroi.assembly.frozen_rule import verify
from beffroi.cli.main import main

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "examples"
BOARD = str(EXAMPLES / "board-of-2015.yaml")
TOWNS = "territory,members,jobs,floor,ceiling\nLyon,150,9000,1,\nGrenoble,90,5200,1,8\nÀ-côté,60,2100,1,\n"


@pytest.fixture
def towns(tmp_path):
    (tmp_path / "towns.csv").write_text(TOWNS, encoding="utf-8")
    return str(tmp_path / "towns.csv")


def table(text):
    return {row["territory"]: row for row in csv.DictReader(io.StringIO(text))}


def test_s24_6_the_board_of_2015_comes_out(capsys):
    assert main(["seats", "simulate", BOARD, "--format", "csv"]) == 0

    rows = table(capsys.readouterr().out)
    assert {name: int(row["seats"]) for name, row in rows.items()} == {
        "Lyon": 15, "Grenoble": 9, "Clermont-Ferrand": 6, "Saint-Étienne": 7, "Valence": 3,
    }  # fmt: skip
    assert sum(int(row["of_which_reserved"]) for row in rows.values()) == 10


def test_s24_3_the_terminal_shows_who_is_over_represented_and_by_size_class(capsys):
    assert main(["seats", "simulate", BOARD]) == 0

    said = capsys.readouterr().out
    assert "Reserved 'newcomers': Saint-Étienne 7, Valence 3." in said
    assert "Loosemore–Hanby 20.45 %" in said
    assert any(
        line.startswith("small") and line.split()[1:] == ["29.82", "27.49", "0.9219"] for line in said.splitlines()
    )


def test_s24_1_options_replace_what_the_file_says(towns, capsys):
    given = [
        "seats",
        "simulate",
        towns,
        "--rule",
        "dhondt",
        "--seats",
        "24",
        "--mix",
        "members=1,jobs=1/2",
        "--format",
        "json",
    ]
    assert main([*given, "--floor", "2", "--ceiling", "20", "--ties", "order", "--order", "Lyon, Grenoble,À-côté"]) == 0

    rows = {row["territory"]: row for row in json.loads(capsys.readouterr().out)["rows"]}
    assert sum(row["seats"] for row in rows.values()) == 24
    assert rows["Grenoble"]["seats"] == 7
    assert (
        main([*given[:3], "--seats", "9", "--mix", "members=1", "--exponent", "1/2", "--base", "1", "--ties", "larger"])
        == 0
    )
    assert "within_quota" in capsys.readouterr().out


def test_rules_stand_side_by_side_and_those_that_fail_say_why(towns, tmp_path, capsys):
    out = str(tmp_path / "out.csv")
    assert (
        main(["seats", "compare", towns, "--seats", "10", "--mix", "members=1", "--format", "csv", "--into", out]) == 0
    )

    rows = table(Path(out).read_text(encoding="utf-8"))
    assert sum(int(row["sainte-lague"]) for row in rows.values()) == 10
    assert "largest-remainder-droop: Floors and ceilings go with" in capsys.readouterr().err
    assert main(["seats", "compare", towns, "--seats", "10", "--mix", "members=1"]) == 0
    assert "outside quota" in capsys.readouterr().out
    assert main(["seats", "compare", towns, "--seats", "2", "--mix", "members=1"]) == 2
    assert "No rule can be applied" in capsys.readouterr().err


def test_power_of_the_council_of_1958(tmp_path, capsys):
    votes = "territory;votes\nGermany;4\nFrance;4\nItaly;4\nBelgium;2\nNetherlands;2\nLuxembourg;1\n"
    (tmp_path / "council.csv").write_text(votes, encoding="utf-8")
    given = ["seats", "power", str(tmp_path / "council.csv"), "--quota", "12"]

    assert main([*given, "--measure", "votes", "--format", "csv"]) == 0
    rows = table(capsys.readouterr().out)
    assert float(rows["Germany"]["banzhaf_normalised"]) == pytest.approx(5 / 21)
    assert float(rows["Luxembourg"]["shapley_shubik"]) == 0
    assert main(given) == 2
    assert "has no 'seats' for Germany" in capsys.readouterr().err
    (tmp_path / "half.csv").write_text("territory,seats\nA,1/2\n", encoding="utf-8")
    assert main(["seats", "power", str(tmp_path / "half.csv"), "--quota", "1"]) == 2
    assert "counted in whole numbers" in capsys.readouterr().err


def test_a_board_under_wishes_comes_out_or_says_which_conflict(tmp_path, capsys):
    example = EXAMPLES / "balanced-board.yaml"
    assert main(["seats", "compose", str(example)]) == 0
    assert "Kept: at least 4 seats for territory Grenoble" in capsys.readouterr().out

    text = example.read_text(encoding="utf-8").replace("at_least: 5", "at_least: 9")
    (tmp_path / "board.yaml").write_text(text, encoding="utf-8")
    assert main(["seats", "compose", str(tmp_path / "board.yaml")]) == 6
    assert "- at least 9 seats for gender F" in capsys.readouterr().err
    (tmp_path / "board.yaml").write_text("seats: 2\n", encoding="utf-8")
    assert main(["seats", "compose", str(tmp_path / "board.yaml")]) == 2
    assert "A board has 'seats', 'groups'" in capsys.readouterr().err
    (tmp_path / "board.yaml").write_text("seats: two\ngroups: []\n", encoding="utf-8")
    assert main(["seats", "compose", str(tmp_path / "board.yaml")]) == 2
    (tmp_path / "board.yaml").write_text("seats: 1\ngroups: [{id: a, traits: {}, weight: 1}]\n", encoding="utf-8")
    assert main(["seats", "compose", str(tmp_path / "board.yaml")]) == 0
    assert "No wish was given." in capsys.readouterr().out


def test_s24_5_the_adopted_rule_is_frozen_with_its_inputs(tmp_path, capsys):
    assert main(["seats", "simulate", BOARD, "--freeze", str(tmp_path / "rule.json")]) == 0

    record = json.loads((tmp_path / "rule.json").read_bytes())
    assert verify(record)
    assert record["sha256"] in capsys.readouterr().err


def test_s24_4_a_tie_ends_with_the_names(tmp_path, capsys):
    (tmp_path / "even.csv").write_text("territory,members\nA,1\nB,1\n", encoding="utf-8")

    assert main(["seats", "simulate", str(tmp_path / "even.csv"), "--seats", "1"]) == 6
    assert "A, B tie for 1 seat" in capsys.readouterr().err
    assert (
        main(["seats", "simulate", str(tmp_path / "even.csv"), "--seats", "1", "--ties", "order", "--order", "B,A"])
        == 0
    )
    assert "Tie of A, B for 1: B, by 'order'." in capsys.readouterr().out


def test_a_workbook_holds_numbers(towns, tmp_path):
    out = tmp_path / "seats.xlsx"
    given = ["seats", "simulate", towns, "--seats", "5", "--mix", "jobs=1", "--format", "xlsx", "--into", str(out)]
    assert main(given) == 0

    sheet = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    assert sheet[0][:4] == ["territory", "weight_share", "quota", "seats"]
    assert sum(row[3] for row in sheet[1:]) == 5


@pytest.mark.parametrize(
    ("name", "text", "more", "message"),
    [
        ("gone.csv", None, (), "is no file"),
        ("bad.csv", b"territory,\xe9\n", (), "cannot be read as UTF-8"),
        ("t.csv", "town,members\nA,1\n", (), "there is no column 'territory' (there is: town, members)"),
        ("t.csv", "territory,members\nA,many\n", (), "row 2: 'many' is no exact number"),
        ("t.csv", "territory,members\nA\n", (), "row 2 has more or fewer cells"),
        ("t.csv", "territory,floor\nA,-1\n", (), "row 2, floor: '-1' is no whole number"),
        ("t.csv", "territory,members,jobs\nA,1,2\n", (), "say which count, such as --mix jobs=1"),
        ("t.csv", "territory,members\nA,1\n", ("--seats", "0"), "Say how many seats"),
        ("t.csv", "territory,members\nA,1\n", ("--mix", "members"), "'members' is no part of a mix"),
        ("t.csv", "territory,members\nA,1\n", ("--mix", "members=x"), "--mix: 'x' is no exact number"),
        ("t.csv", "territory,members\nA,1\n", ("--exponent", "half"), "--exponent: 'half' is no exact number"),
        ("t.csv", "territory,members\nA,1\n", ("--into", "x"), "Text is for the terminal"),
        ("t.yaml", "- a\n", (), "a YAML mapping is expected"),
        ("t.yaml", "a: [\n", (), "this is no YAML"),
        ("t.yaml", "towns: []\n", (), "Expected: 'territories'"),
        ("t.yaml", "territories: []\nrule: {sets: 4}\n", (), "the rule says 'sets', which is unknown"),
        ("t.yaml", "territories: [{id: A, floor: many}]\n", (), "floor: 'many' is no whole number"),
    ],
)
def test_what_cannot_be_read_says_where(tmp_path, capsys, name, text, more, message):
    if text is not None:
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    seats = () if "--seats" in more else ("--seats", "3")

    assert main(["seats", "simulate", str(tmp_path / name), *seats, *more]) in {2, 6}

    assert message in capsys.readouterr().err


def test_seats_have_to_be_said(tmp_path, capsys):
    (tmp_path / "t.yaml").write_text(
        "territories: [{id: A, measures: {n: 0.1}}, {id: B, measures: {n: 0.2}}]\nrule: {exponent: 1, order: [A, B]}\n",
        "utf-8",
    )

    assert main(["seats", "simulate", str(tmp_path / "t.yaml")]) == 2
    assert "Say how many seats" in capsys.readouterr().err
    assert main(["seats", "simulate", str(tmp_path / "t.yaml"), "--seats", "3", "--format", "csv"]) == 0
    assert float(table(capsys.readouterr().out)["A"]["quota"]) == 1.0
