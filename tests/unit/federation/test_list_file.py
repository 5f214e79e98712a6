"""A list as it comes becomes rows and a mapping that a person can check; a hostile file harms nothing."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import xlsxwriter

from beffroi.federation.list_file import read_list, stated_columns
from beffroi.linkage.sheet import UnreadableListError
from beffroi.vocabulary.errors import UsageError

ROWS = [["Raison sociale", "CP", "Effectif", "Échéance"], ["Société A", "69001", "12", "2026-12-31"],
        ["Société B", "42000", "3", ""], ["Société C", "38000", "", ""]]  # fmt: skip
MAPPING = {"name": "Raison sociale", "postcode": "CP", "employees": "Effectif", "member_until": "Échéance"}


def as_csv(encoding="utf-8", separator=";"):
    return "\n".join(separator.join(row) for row in ROWS).encode(encoding)


def as_xlsx(rows=ROWS):
    page = io.BytesIO()
    with xlsxwriter.Workbook(page) as book:
        one = book.add_worksheet()
        for number, row in enumerate(rows):
            one.write_row(number, 0, row)
    return page.getvalue()


def as_ods(rows=ROWS, *, repeated=""):
    """The least an OpenDocument sheet holds (ISO/IEC 26300)."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string" {repeated}><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {spaces} office:version="1.2"><office:body>'
            f'<office:spreadsheet><table:table table:name="Liste">{cells}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return page.getvalue()


FORMS = {
    "utf-8": as_csv(), "cp1252": as_csv("cp1252"), "utf-16": as_csv("utf-16", "\t"), "comma": as_csv(separator=","),
    "xlsx": as_xlsx(), "ods": as_ods(),
    "json": json.dumps([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]).encode(),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_list_gives_the_same_rows_and_mapping(form):
    found = read_list(FORMS[form], name="liste")

    assert dict(found.mapping) == MAPPING
    assert found.rows == tuple(dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:])
    assert found.columns[0].samples == ("Société A", "Société B", "Société C")


def test_columns_are_found_by_header_and_by_content_and_what_stays_unread_is_said():
    content = b"Nom;x;Rang;Code\nAlpha;732829320;1;a\nBeta;443061841;2;b\nGamma;552100554;3;a\n"
    found = read_list(content, name="a.csv")

    assert [(one.field, one.header, one.found_by) for one in found.columns] == [
        ("name", "Nom", "header"), ("siren", "x", "content"),
    ]  # fmt: skip
    assert found.unread == ("Rang", "Code")


def test_what_a_person_said_goes_first_and_is_remembered():
    content = b"Nom;Autre;NAF\nAlpha;Alpha SAS;6201Z\nBeta;Beta SARL;6202A\n"
    first = read_list(content, name="a", stated=stated_columns("name:autre,naf:"))
    second = read_list(content, name="a", remembered=first.mapping)
    third = read_list(content, name="a", remembered=first.mapping, stated=stated_columns("brand:Nom"))

    assert dict(first.mapping) == dict(second.mapping) == {"name": "Autre"}
    assert dict(third.mapping) == {"name": "Autre", "brand": "Nom"}
    assert [one.found_by for one in third.columns] == ["remembered", "stated"]


def test_a_remembered_column_that_is_gone_is_looked_for_again():
    found = read_list(b"Denomination;CP\nAlpha;69001\n", name="a", remembered={"name": "Nom", "postcode": "CP"})

    assert dict(found.mapping) == {"name": "Denomination", "postcode": "CP"}


def test_columns_without_header_or_with_one_twice_keep_their_cells_apart():
    found = read_list(b"Nom;Note;Note;\nAlpha;a;b;c\nBeta;d;e;f\n", name="a")

    assert list(found.rows[0].items()) == [("Nom", "Alpha"), ("Note", "a"), ("Note (2)", "b"), ("column 4", "c")]


def test_a_contact_persons_name_is_not_the_organisations():
    found = read_list(b"Nom de famille;Prenom;Societe\nDurand;Camille;Alpha\nPetit;Sacha;Beta\n", name="a")

    assert dict(found.mapping) == {"last_name": "Nom de famille", "first_name": "Prenom", "name": "Societe"}


def test_a_wrong_mapping_is_refused_in_words():
    with pytest.raises(UsageError, match="no column 'Rue' for 'address'"):
        read_list(as_csv(), name="a", stated={"address": "Rue"})
    with pytest.raises(UsageError, match="is not 'field:header'"):
        stated_columns("colour:Rouge")


def test_a_row_with_a_stray_separator_is_not_read_shifted():
    with pytest.raises(UnreadableListError, match="rows 2 have more cells than the header"):
        read_list(b"Nom;CP\nAlpha;69001\nBeta; SARL;42000\nGamma;38000\n", name="a")


def bomb(inner):
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(inner, b" " * 60_000_000)
    return page.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (bomb("xl/worksheets/sheet1.xml"), "which no list does"), (bomb("content.xml"), "which no list does"),
        (b"Nom;CP\n" + b"x" * 3_000_000, "characters; 1,000,000 are the most"),
        (b"Nom;CP\n\x00\x01\x02", "zero bytes"), (b"\xff\xfeN", "is not"), (b"PK\x03\x04damaged", "damaged"),
        (b'Nom;CP\n"Alpha;' + b"1\n" * 600_000, "cannot be read as CSV"), (b"[" * 100_000, "looks like JSON"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_with_what_to_do(content, message):
    with pytest.raises(UnreadableListError, match=message):
        read_list(content, name="liste")
