"""`--register sirene`: the month that the house has loaded, with head offices, and no sole trader by name."""

from __future__ import annotations

import csv

import duckdb
import pytest

from beffroi.cli.main import main
from beffroi.store.registers_months import folder_of

MONTH = ["--month", "2026-11"]
NAMES = {0: "MINALOGIC PARTENAIRES", 1: "CEDEXIS", 2: "CEDEXIS"}


@pytest.fixture
def units(stock):
    """The first three legal persons that may be named, one in Lille and two namesakes in Lyon and Paris."""
    named = [
        row
        for row in stock.rows["legal_units"]
        if row["denominationUniteLegale"].startswith("SOCIETE") and row["statutDiffusionUniteLegale"] == "O"
    ]
    for number, commune in enumerate(("59350", "69123", "75101")):
        named[number] |= {"denominationUniteLegale": NAMES[number], "sigleUniteLegale": None,
                          "etatAdministratifUniteLegale": "A"}  # fmt: skip
        for site in stock.rows["establishments"]:
            if site["siren"] == named[number]["siren"]:
                is_head = site["etablissementSiege"] == "true"
                site |= {"codeCommuneEtablissement": commune if is_head else "01025"}
    named[0]["denominationUsuelle1UniteLegale"] = "Minalogic"
    return [row["siren"] for row in named[:3]]


@pytest.fixture
def loaded(stock, units, tmp_path, home, capsys):
    """A house with one month, and a list of three rows beside it."""
    files = [str(stock.write(tmp_path, kind)) for kind in ("establishments", "legal_units")]
    assert main(["fabric", "load", *files, *MONTH]) == 0
    rows = "Nom,Ville\nMinalogic,Lille\nCedexis,Lyon\nPERSONNESECRETE,Lille\n"
    (tmp_path / "list.csv").write_text(rows, encoding="utf-8")
    capsys.readouterr()
    return tmp_path


def linked(folder, register="sirene"):
    out = folder / "links.csv"
    assert main(["link", str(folder / "list.csv"), "--register", register, "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as page:
        return list(csv.DictReader(page))


def test_rows_find_their_legal_unit_by_usual_name_and_head_office(loaded, units, capsys):
    found = linked(loaded)

    best = {row["left_row"]: row for row in reversed(found)}
    assert best["1"]["right_row"] == units[0]
    assert best["2"]["right_row"] == units[1]
    assert {row["right_file"] for row in found} == {"sirene"}
    assert "same commune 'Lyon'" in best["2"]["reason"]
    assert "legal persons of 2026-11" in capsys.readouterr().err
    assert "3" not in best


def test_a_month_is_named_and_one_that_is_not_loaded_is_refused(loaded, capsys):
    assert {row["right_file"] for row in linked(loaded, "sirene/2026-11")} == {"sirene/2026-11"}
    capsys.readouterr()
    out = str(loaded / "links.csv")

    assert main(["link", str(loaded / "list.csv"), "--register", "sirene/2026-10", "--out", out]) == 5
    assert "Months loaded: 2026-11" in capsys.readouterr().err


def test_without_a_month_it_says_how_to_load_one(home, tmp_path, capsys):
    (tmp_path / "list.csv").write_text("Nom\nMinalogic\n", encoding="utf-8")

    assert main(["link", str(tmp_path / "list.csv"), "--register", "sirene", "--out", str(tmp_path / "o.csv")]) == 5
    assert "./beffroi fabric load" in capsys.readouterr().err


def test_a_month_without_legal_units_has_no_names(stock, tmp_path, home, capsys):
    assert main(["fabric", "load", str(stock.write(tmp_path)), *MONTH]) == 0
    (tmp_path / "list.csv").write_text("Nom\nMinalogic\n", encoding="utf-8")

    assert main(["link", str(tmp_path / "list.csv"), "--register", "sirene", "--out", str(tmp_path / "o.csv")]) == 2
    assert "Load StockUniteLegale with it" in capsys.readouterr().err


def test_a_file_of_that_name_goes_before(loaded, monkeypatch):
    monkeypatch.chdir(loaded)
    (loaded / "sirene").write_text("siren,denomination,commune\n732829320,MINALOGIC,LILLE\n", encoding="utf-8")

    assert {row["right_row"] for row in linked(loaded)} == {"732829320"}


def test_a_month_loaded_before_usual_names_were_read_serves_too(loaded, units, home):
    names = folder_of(home / "registers" / "sirene") / "names.parquet"
    old = names.with_name("old.parquet")
    duckdb.read_parquet(str(names)).project("siren, name, acronym").write_parquet(str(old))
    old.replace(names)

    assert units[1] in {row["right_row"] for row in linked(loaded)}
