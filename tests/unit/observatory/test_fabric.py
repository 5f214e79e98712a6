"""A table of the fabric adds up where it is shown, and hides what would tell of one firm."""

from __future__ import annotations

from collections import defaultdict

import pytest

from beffroi.observatory.fabric import SECRET, TOTAL, fabric_table
from beffroi.sources.sirene_load import load_snapshot
from beffroi.survey.disclosure import Rule
from beffroi.vocabulary.communes import places
from beffroi.vocabulary.errors import MethodError, UsageError


@pytest.fixture(scope="module")
def register(stock_maker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fabric")
    made = stock_maker(units=90)
    load_snapshot([made.write(folder)], folder / "r", month="2026-11", today="2026-11-22")
    return folder / "r", made.rows["establishments"]


def units_of(rows, level, digits):
    found = defaultdict(set)
    for row in rows:
        code, naf = row["codeCommuneEtablissement"], row["activitePrincipaleEtablissement"]
        if row["etatAdministratifEtablissement"] == "A":
            place = getattr(places().get(code), level, "")
            known = row["nomenclatureActivitePrincipaleEtablissement"] == "NAFRev2"
            found[place, naf[:digits] if known else ""].add(row["siren"])
    return found


def test_cells_of_few_firms_are_secret_and_say_why(register):
    folder, rows = register

    found = fabric_table(folder, by=("department", "division"))

    cells = {(row[0], row[2]): row for row in found.table.rows}
    expected = units_of(rows, "department", 2)
    few = {key for key, units in expected.items() if len(units) < 3}
    assert few
    assert {cells[key][-1] for key in few} == {"too_few_units"}
    for row in cells.values():
        assert (row[3] is None) == (row[4] is None) == (row[5] is None) == (row[6] == SECRET) == (row[7] != "")
    assert found.secret_cells == sum(row[6] == SECRET for row in cells.values())
    assert found.secret_cells > len(few)
    assert not found.synthetic


def test_without_a_rule_the_table_adds_up(register):
    folder, rows = register

    found = fabric_table(folder, by=("department", "division"), rule=Rule(least_units=0, most_share=1.0))

    cells = {(row[0], row[2]): row[3] for row in found.table.rows}
    assert found.secret_cells == 0
    assert cells[TOTAL, TOTAL] == sum(row["etatAdministratifEtablissement"] == "A" for row in rows)
    for department in {key[0] for key in cells}:
        inner = sum(value for key, value in cells.items() if key[0] == department and key[1] != TOTAL)
        assert inner == cells[department, TOTAL]


def test_a_perimeter_and_a_territory_narrow_the_count(register):
    folder, rows = register

    found = fabric_table(
        folder, by=("epci",), territory="FRE", codes=("62", "63"), rule=Rule(least_units=0, most_share=1.0)
    )

    total = next(row[2] for row in found.table.rows if row[0] == TOTAL)
    assert found.table.columns == ("epci", "name", "establishments", "employers", "jobs", "status", "reason")
    assert total == sum(
        row["etatAdministratifEtablissement"] == "A"
        and row["codeCommuneEtablissement"] in {"59350", "59009", "59512"}
        and row["nomenclatureActivitePrincipaleEtablissement"] == "NAFRev2"
        and row["activitePrincipaleEtablissement"][:2] in ("62", "63")
        for row in rows
    )
    assert {row[0]: row[1] for row in found.table.rows}["200093201"] == "Métropole Européenne de Lille"


@pytest.mark.parametrize(
    "by", [(), ("division", "size"), ("nuts3", "epci"), ("nuts3", "division", "size"), ("colour",)]
)
def test_dimensions_that_make_no_table_are_refused(register, by):
    with pytest.raises(UsageError, match="cannot be given"):
        fabric_table(register[0], by=by)


def test_a_table_too_large_to_be_protected_is_refused(register, monkeypatch):
    monkeypatch.setattr("beffroi.observatory.fabric._MOST_CELLS", 10)

    with pytest.raises(MethodError, match=r"up to 10 can be protected. Ask for a smaller territory"):
        fabric_table(register[0], by=("commune", "code"))
