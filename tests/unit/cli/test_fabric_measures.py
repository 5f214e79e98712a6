"""Measures of the fabric on the command line: each way answers, in every form, and refuses what it cannot do."""

from __future__ import annotations

import csv
import io
import json

import pytest
from python_calamine import CalamineWorkbook

from beffroi.cli.main import main
from beffroi.store.tables import read_parquet

WAYS = {
    "quotient": ["--territory", "FRE", "--by", "nuts3"],
    "concentration": ["--by", "nuts1"],
    "shift-share": ["--territory", "75", "--start", "2015", "--end", "2025"],
    "relatedness": ["--territory", "FR1"],
    "demography": ["--by", "nuts1"],
    "against": ["--territory", "FR"],
}


@pytest.fixture
def loaded(home, stock, tmp_path, capsys):
    files = [stock.write(tmp_path / "in")]
    assert main(["fabric", "load", *map(str, files), "--month", "2026-11"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("way", WAYS)
def test_each_way_answers_in_words_and_tables(way, loaded, capsys, tmp_path):
    ask = ["fabric", way, *WAYS[way]]

    assert main(ask) == 0
    said = capsys.readouterr().out
    assert "ICT sector (OECD 2007), 2007 (oecd_ict_sector), NAFRev2. SIRENE (INSEE)" in said
    assert "rows are secret" in said
    assert main([*ask, "--format", "sdmx-csv"]) == 0
    sdmx = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {one["STRUCTURE"] for one in sdmx} == {"dataflow"}
    assert {one["PERIMETER"] for one in sdmx} == {"oecd_ict_sector_2007"}


def test_a_table_is_taken_away_in_every_form(loaded, capsys, tmp_path):
    ask = ["fabric", "shift-share", *WAYS["shift-share"]]

    assert main([*ask, "--format", "csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[0][-5:] == ["perimeter", "perimeter_version", "nomenclature", "month", "source"]
    assert main([*ask, "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["rows"]) == len(rows) - 1
    assert main([*ask, "--format", "parquet", "--out", str(tmp_path / "a.parquet")]) == 0
    assert len(read_parquet(tmp_path / "a.parquet")[1]) == len(rows) - 1
    assert main([*ask, "--format", "xlsx", "--into", str(tmp_path / "a.xlsx")]) == 0
    assert CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python()[0][0] == "territory"


def test_what_cannot_be_asked_is_said(home, loaded, capsys):
    assert main(["fabric", "quotient", "--format", "xlsx"]) == 2
    assert "--into FILE.xlsx" in capsys.readouterr().err
    assert main(["fabric", "quotient", "--perimeter", "nothing"]) != 0
    assert "is not here" in capsys.readouterr().err
    assert main(["fabric", "shift-share", "--territory", "FRE", "--start", "2015", "--end", "2025-11"]) == 2
    assert "two months" in capsys.readouterr().err
    assert (
        main(["fabric", "shift-share", "--territory", "FRE", "--start", "1", "--end", "2", "--month", "2026-11"]) == 2
    )


def test_without_a_register_the_way_to_one_is_said(home, capsys):
    assert main(["fabric", "quotient"]) == 5
    assert "fabric load FILES" in capsys.readouterr().err


def test_invented_firms_are_said_to_be_invented(home, stock, tmp_path, capsys):
    path = str(stock.write(tmp_path, name="StockEtablissement_synthetic"))
    assert main(["fabric", "load", path, "--month", "2026-11"]) == 0

    assert main(["fabric", "quotient", "--by", "nuts1", "--format", "csv"]) == 0

    out, err = capsys.readouterr()
    assert "These firms are invented" in err
    assert "synthetic register: no real firm" in out
