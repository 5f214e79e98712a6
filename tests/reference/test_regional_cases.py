"""Every case of the shared regional reference agrees; a wrong, missing or unknown one never passes unnoticed."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from regional_cases import main, run  # noqa: E402 -- the runner's own folder is not a package
from regional_files import Case, compare, passes, read_table  # noqa: E402 -- as above


@pytest.mark.shared
def test_all_cases_of_the_reference_agree(shared: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(HERE / "regional_cases.py"), str(shared / "reference" / "regional")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    last = done.stdout.strip().splitlines()[-1]
    found = dict(word.split("=") for word in last.split())
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert found["cases"] == found["agree"]
    assert int(found["cases"]) >= 187


def case(method, inputs, expected, tolerance=None, folder=Path()):
    return Case(folder, "made", method, inputs, expected, tolerance or {"rel": 1e-9, "abs": 1e-12})


def test_a_wrong_number_an_unknown_method_and_a_name_without_result_are_differences():
    textbook = {"x": [20, 50, 20, 10], "normalised": False}

    assert run(case("herfindahl", textbook, {"value": 0.34})).agrees
    assert not run(case("herfindahl", textbook, {"value": 0.35})).agrees
    assert not run(case("herfindahl", textbook, {"surprise": 0.34})).agrees
    assert not run(case("herfindahl", textbook, {})).agrees
    assert "no method" in run(case("astrology", {}, {"value": 1})).note
    assert "KeyError" in run(case("location_quotient", {}, {"value": 1})).note


def test_a_missing_result_agrees_only_with_a_missing_expectation():
    assert compare({("value",): math.nan}, case("", {}, {"value": None})).agrees
    assert not compare({("value",): 0.0}, case("", {}, {"value": None})).agrees
    assert not compare({("value",): math.nan}, case("", {}, {"value": 0.0})).agrees
    assert compare({("value",): 5.0}, case("", {}, {"value": 5}, {"rel": 0, "abs": 0})).agrees


def test_one_case_that_differs_makes_the_run_fail(tmp_path, capsys):
    lines = [
        {"id": "a", "method": "herfindahl", "inputs": {"x": [1, 1]}, "expected": {"value": 0.5}},
        {"id": "b", "method": "herfindahl", "inputs": {"x": [1, 1]}, "expected": {"value": 0.6}},
    ]
    (tmp_path / "cases.jsonl").write_text(json.dumps(lines[0]) + "\n", "utf-8")
    assert main(tmp_path) == 0
    (tmp_path / "cases.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert main(tmp_path) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("cases=2 agree=1 ")
    (tmp_path / "cases.jsonl").write_text("", "utf-8")
    assert main(tmp_path) == 1


def test_filters_take_values_lists_numbers_and_prefixes():
    assert passes("FR", "FR")
    assert passes("2010", 2010)
    assert passes("2.0", 2)
    assert passes("b", ["a", "b"])
    assert passes("FR71", {"prefix": "FR", "length": 4})
    assert not passes("FR7", {"prefix": "FR", "length": 4})
    with pytest.raises(ValueError, match="suffix"):
        passes("FR71", {"suffix": "1"})


def write(folder, name, text):
    (folder / name).write_text(text, "utf-8")
    read_table.cache_clear()


def test_inputs_that_the_shared_folder_does_not_use_run_too(tmp_path):
    """Other ways that METHODS.md defines of giving the same thing."""
    write(
        tmp_path,
        "t.csv",
        "r,i,v,year,w\nN,0011,8,2020,2\nN,62,2,2020,2\nS,0011,2,2020,3\nS,62,8,2020,3\nS,62,1,2019,\n",
    )
    table = {"table": "t.csv", "columns": {"region": "r", "industry": "i", "value": "v"}, "filter": {"year": 2020}}
    write(tmp_path, "e.csv", "region,industry,value\nN,0011,1.6\nS,0011,0.4\n")
    keyed = {"table": "e.csv", "key": ["region", "industry"], "value": "value"}
    assert run(case("location_quotient_table", {**table, "binary": False}, keyed, folder=tmp_path)).agrees
    write(tmp_path, "k.csv", "industry,value\n0011,0.6\n62,0.6\n")
    by = {"table": "k.csv", "key": ["industry"], "value": "value"}
    total = {**table, "by": "industry", "reference": "total"}
    assert run(case("krugman_concentration", total, by, folder=tmp_path)).agrees
    inline = {"x": [8, 2], "reference": [10, 10]}
    assert run(case("hachman_index", inline, {"value": 1 / (1.6 * 0.8 + 0.4 * 0.2)})).agrees
    assert run(case("hoover_gini", {"x": [3, 1], "reference": [1, 1]}, {"value": 0.25})).agrees
    assert run(case("entropy", {"x": [1, 1], "base": 2}, {"value": 1})).agrees
    m = {"table": "t.csv", "columns": table["columns"], "filter": table["filter"]}
    write(tmp_path, "f.csv", "region,value\nN,1\nS,1\n")
    flat = {"table": "f.csv", "key": ["region"], "value": "value"}
    steps = {**m, "iterations": 3, "update": "simultaneous", "side": "region"}
    assert run(case("fitness", steps, flat, folder=tmp_path)).agrees
    write(tmp_path, "s.csv", "y,w,g,n\n1,2,a,10\n3,2,a,10\n5,4,b,20\n9,4,b,20\n")
    replaced = {"table": "s.csv", "design": {"id": None, "strata": "g", "weights": "w", "fpc": None}, "variable": "y"}
    se = math.sqrt(2 * ((2 - 4) ** 2 + (6 - 4) ** 2) + 2 * ((20 - 28) ** 2 + (36 - 28) ** 2))
    assert run(case("survey_total", replaced, {"estimate": 64, "se": se}, folder=tmp_path)).agrees
    number = {**replaced, "category": 3, "interval": "wald", "level": 0.9}
    assert run(case("survey_proportion", number, {"estimate": 2 / 12}, folder=tmp_path)).agrees
