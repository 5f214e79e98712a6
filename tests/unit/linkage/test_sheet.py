"""A list is read as it comes; a hostile file harms nothing and is told why."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from beffroi.linkage import sheet as sheets
from beffroi.linkage.columns import ColumnsError, find_columns, records_of
from beffroi.linkage.sheet import Sheet, UnreadableListError, read_sheet


def workbook(rows, merged=(), formulas=()):
    page = io.BytesIO()
    with xlsxwriter.Workbook(page) as book:
        one = book.add_worksheet("liste")
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                one.write(line, column, value)
        for place in merged:
            one.merge_range(place, "deux lignes")
        for place, formula in formulas:
            one.write_formula(place, formula, None, "result")
    return page.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_found(encoding, separator):
    text = f"Nom{separator}Ville\nSociété Générale{separator}Orléans\nŒuvre{separator}Nîmes\n"

    assert read_sheet(text.encode(encoding), name="a").rows == (("Société Générale", "Orléans"), ("Œuvre", "Nîmes"))


def test_a_title_above_the_header_is_passed_over():
    found = read_sheet("Membres du pôle en 2026;;\n;;\nNom;Ville;CP\nBull;Les Clayes;78340\n".encode(), name="a")

    assert found.header == ("Nom", "Ville", "CP")
    assert found.rows == (("Bull", "Les Clayes", "78340"),)


def test_a_row_of_empty_cells_keeps_its_number():
    found = read_sheet(b"Nom,Ville\nBull,Paris\n,\nAtos,Lyon\n", name="a")

    assert [row[0] for row in found.rows] == ["Bull", "", "Atos"]


def test_a_workbook_and_json_are_read_like_the_csv():
    rows = [["Nom", "CP"], ["Bull", "78340"], ["Atos", "95870"]]
    as_json = json.dumps([{"Nom": "Bull", "CP": 78340}, {"Nom": "Atos", "CP": "95870"}]).encode()

    assert (
        read_sheet(workbook(rows), name="a").rows
        == read_sheet(as_json, name="a").rows
        == read_sheet(b"Nom,CP\nBull,78340\nAtos,95870\n", name="a").rows
    )


def test_a_formula_is_its_last_value_and_never_computed():
    content = workbook(
        [["Nom", "Ville"], ["Bull", "Paris"], ["", "Lyon"]], formulas=[("A3", '=HYPERLINK("http://x","y")')]
    )

    assert read_sheet(content, name="a").rows[1] == ("result", "Lyon")


def refused(content):
    with pytest.raises(UnreadableListError) as caught:
        read_sheet(content, name="list.csv")
    assert "list.csv" in str(caught.value)
    return str(caught.value)


def test_a_line_without_end_is_refused():
    assert "characters" in refused(b"Nom,Ville\n" + b"a" * 1_200_000 + b"\n")


def test_a_zip_bomb_is_not_opened():
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)

    assert "not opened" in refused(page.getvalue())


def test_a_file_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_BYTES", 10)

    assert "the most" in refused(b"Nom,Ville\nBull,Paris\n")


def test_cells_merged_over_rows_are_refused():
    assert "rows 2 to 3" in refused(workbook([["Nom", "Ville"], ["", "Paris"], ["", "Lyon"]], merged=["A2:A3"]))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"Nom,Ville\n", "no row below"),
        (b"\x00\x01\x02Nom", "zero bytes"),
        (b"PK\x03\x04 damaged", "damaged"),
        (b"\xd0\xcf\x11\xe0 damaged", "workbook"),
        (b"[1, 2", "JSON"),
        (b"[1, 2]", "no list of objects"),
        (b"\xff\xfea", "utf-16"),
        (b"[" * 100_000, "JSON"),
    ],
)
def test_what_is_no_list_is_refused_in_words(content, word):
    assert word in refused(content)


def test_text_of_another_code_page_is_read_and_said():
    found = read_sheet("Nom,Ville\nSoci\u00e9t\u00e9,Orl\u00e9ans\n".encode("cp1252"), name="a")

    assert "encoding cp1252" in found.notes


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    try:
        found = read_sheet(content, name="a")
    except UnreadableListError:
        return
    assert {len(row) for row in found.rows} == {len(found.header)}


def columns(text, **stated):
    found = read_sheet(text.encode(), name="a.csv")
    mapping = find_columns(found, name="a.csv", stated=stated)
    return {field: found.header[place] for field, place in mapping.columns.items()}


@pytest.mark.parametrize(("header", "cells", "expected"), [
    (("siren", "denominationUniteLegale", "denominationUsuelle1UniteLegale", "sigleUniteLegale",
      "activitePrincipaleUniteLegale", "dateCreationUniteLegale", "etatAdministratifUniteLegale"),
     ("732829320", "MINALOGIC PARTENAIRES", "Minalogic", "MNL", "94.99Z", "2005-07-12", "A"),
     ("siren", "name", "trade_name", "acronym", "activity", "year", "active")),
    (("siren", "etablissementSiege", "enseigne1Etablissement", "codePostalEtablissement",
      "libelleCommuneEtablissement", "codeCommuneEtablissement"),
     ("732829320", "true", "MINALOGIC", "38000", "GRENOBLE", "38185"),
     ("siren", None, "trade_name", "postcode", "city", "commune_code")),
    (("Nom", "code_commune", "Code INSEE"), ("Minalogic", "38185", "38185"), ("name", "commune_code", None)),
    (("Nom", "Commune", "Code Postal"), ("Minalogic", "38185", "38000"), ("name", "commune_code", "postcode")),
    (("Nom", "Code INSEE"), ("Minalogic", "38000"), ("name", None)),
])  # fmt: skip
def test_columns_of_the_national_register_are_known_and_the_code_of_a_commune_is_no_post_code(header, cells, expected):
    found = find_columns(Sheet(header, (cells,) * 20, ()), name="a.csv").columns

    assert found == {field: place for place, field in enumerate(expected) if field}


def test_columns_are_found_by_header_in_both_languages():
    assert columns("Company name,Zip code,Town,Website\nBull,78340,Les Clayes,bull.com\n") == {
        "name": "Company name", "postcode": "Zip code", "city": "Town", "website": "Website",
    }  # fmt: skip
    assert columns("Raison sociale;Code Postal;Commune;Téléphone\nBull;78340;Les Clayes;0102030405\n") == {
        "name": "Raison sociale", "postcode": "Code Postal", "city": "Commune", "phone": "Téléphone",
    }  # fmt: skip


def test_columns_without_a_telling_header_are_found_by_content():
    lines = ["a,b,c,d,e"] + [f"Firm {w},732829320,75011,http://{w}.fr,x" for w in ("Alpha", "Beta", "Gamma", "Delta")]

    assert columns("\n".join(lines)) == {"siren": "b", "postcode": "c", "website": "d", "name": "a"}


def test_places_points_and_years_are_found_by_content_where_headers_say_nothing():
    firms = ("Alpha", "Beta", "Gamma", "Delta")
    lines = ["a;b;c;d;e;f"] + [f"Firm {one};Saint-Étienne;1998;45,4397{n};4,3872{n};12" for n, one in enumerate(firms)]

    assert columns("\n".join(lines)) == {
        "name": "a", "city": "b", "year": "c", "latitude": "d", "longitude": "e",
    }  # fmt: skip


def test_half_a_point_and_the_year_of_something_else_are_not_taken():
    lines = ["Nom;Part;Exercice"] + [f"Firm {one};45,43972;2024" for one in ("Alpha", "Beta", "Gamma", "Delta")]

    assert columns("\n".join(lines)) == {"name": "Nom"}


def test_a_column_of_pairs_holds_both_coordinates():
    lines = ["nom;geo_point_2d"] + [f"Firm {one};45.43972, 4.38722" for one in ("Alpha", "Beta", "Gamma")]

    assert columns("\n".join(lines)) == {"name": "nom", "latitude": "geo_point_2d"}


def test_a_header_that_lies_is_not_believed():
    assert columns("Nom,SIREN,Société\n1,abc,Bull\n2,def,Atos\n3,ghi,Talend\n") == {"name": "Société"}


def test_what_is_stated_goes_before_what_is_found():
    assert columns("Nom,Marque,x\nBull,Atos,1\n", name="Marque")["name"] == "Marque"


def test_all_faults_of_a_statement_come_at_once():
    with pytest.raises(ColumnsError) as caught:
        columns("Nom,Ville\nBull,Paris\n", nome="Nom", city="Commune")

    assert "'nome' is no field" in str(caught.value)
    assert "no column 'Commune'" in str(caught.value)


def test_a_list_without_names_is_refused():
    with pytest.raises(ColumnsError, match="--columns"):
        columns("a,b\n1,2\n3,4\n")


def test_records_carry_their_row():
    found = read_sheet(b"Nom,Ville\nBull,Paris\nAtos,Lyon\n", name="a.csv")
    records = records_of(found, find_columns(found, name="a.csv"), source="a.csv")

    assert [(one.row, one.name, one.city) for one in records] == [(1, "Bull", "Paris"), (2, "Atos", "Lyon")]
