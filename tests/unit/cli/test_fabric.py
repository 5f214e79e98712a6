"""The fabric on the command line: loaded once, counted, taken away."""

from __future__ import annotations

import csv
import io
import json

import pytest
from python_calamine import CalamineWorkbook

from beffroi.cli.main import main
from beffroi.store.tables import read_parquet


@pytest.fixture
def loaded(home, stock, tmp_path, capsys):
    files = stock.all(tmp_path / "in")
    assert main(["fabric", "load", *map(str, files), "--month", "2026-11"]) == 0
    return capsys.readouterr().out


def test_a_load_says_what_was_kept_and_what_not(loaded, capsys):
    assert "Month 2026-11 is loaded." in loaded
    assert "establishments" in loaded
    assert "communes: unknown commune" in loaded
    assert main(["fabric", "months", "--format", "json"]) == 0
    (month,) = json.loads(capsys.readouterr().out)
    assert (month["month"], month["synthetic"]) == ("2026-11", False)
    assert main(["fabric", "months"]) == 0
    assert "Month 2026-11 is loaded." in capsys.readouterr().out


def test_an_older_month_is_refused_unless_asked(loaded, stock, tmp_path, capsys):
    path = str(stock.write(tmp_path))

    assert main(["fabric", "load", path, "--month", "2026-01"]) == 2
    assert "--older" in capsys.readouterr().err
    assert main(["fabric", "load", path, "--month", "2026-01", "--older"]) == 0


def test_a_table_is_printed_and_taken_away_in_every_form(loaded, tmp_path, capsys):
    ask = ["fabric", "table", "--territory", "FRE", "--by", "department", "division"]

    assert main(ask) == 0
    assert "cells are secret" in capsys.readouterr().out
    assert main([*ask, "--format", "csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert main([*ask, "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["rows"]) == len(rows) - 1
    for form in ("parquet", "xlsx", "csv"):
        into = tmp_path / f"out.{form}"
        assert main([*ask, "--format", form, "--into", str(into)]) == 0
    assert len(read_parquet(tmp_path / "out.parquet")[1]) == len(rows) - 1
    assert len(CalamineWorkbook.from_path(tmp_path / "out.xlsx").get_sheet_by_index(0).to_python()) >= len(rows)
    assert (tmp_path / "out.csv").read_text("utf-8").count("\n") == len(rows)


def test_what_is_asked_wrongly_is_said(home, capsys):
    assert main(["fabric", "months"]) == 0
    assert "No month is loaded" in capsys.readouterr().out
    assert main(["fabric", "table"]) == 5
    assert "fabric load FILES" in capsys.readouterr().err
    assert main(["fabric", "table", "--format", "parquet"]) == 2
    assert "--into FILE.parquet" in capsys.readouterr().err
    assert main(["fabric", "load", "absent.zip", "--month", "2026-11"]) == 4
    assert main(["fabric", "load", "absent.zip", "--month", "2026-11", "--checksum", "abc"]) == 2


def test_invented_firms_are_said_to_be_invented(home, stock, tmp_path, capsys):
    path = str(stock.write(tmp_path, name="StockEtablissement_synthetic"))

    assert main(["fabric", "load", path, "--month", "2026-11"]) == 0
    assert main(["fabric", "table", "--by", "nuts1"]) == 0
    out, err = capsys.readouterr()
    assert "synthetic: no real firm" in out
    assert "These firms are invented" in err
