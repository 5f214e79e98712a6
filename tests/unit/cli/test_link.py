"""`beffroi link`: lists in, one CSV of links out."""

from __future__ import annotations

import csv

import duckdb
import pytest
import xlsxwriter

from beffroi.cli import link, link_register
from beffroi.cli.main import main

LEFT = "Nom,Ville,CP,Site web\nTalend,Suresnes,92150,talend.com\nAnt Inno,Montreuil,93100,\nOnly Here,Paris,75001,\n"
RIGHT = (
    "Raison sociale;Commune;Code postal\nANT’INNO;Montreuil;93100\nTALEND SA;SURESNES CEDEX;92154\nÉcole;Lyon;69001\n"
)
REGISTER = "id,denomination,commune,siren\nU1,TALEND,SURESNES,732829320\nU2,ANT INNO,MONTREUIL,\nU3,AUTRE,PARIS,\n"


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setenv("BEFFROI_HOME", str(tmp_path / "home"))
    for name, text in (("left.csv", LEFT), ("right.csv", RIGHT), ("units.csv", REGISTER)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def linked(files, *arguments):
    out = files / "out" / "links.csv"
    assert main(["link", *arguments, "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_two_lists_are_linked_by_row(files, capsys):
    found = linked(files, str(files / "left.csv"), str(files / "right.csv"))

    assert list(found[0]) == list(link.COLUMNS)
    assert [
        (row["left_file"], row["left_row"], row["right_file"], row["right_row"], row["decision"]) for row in found
    ] == [
        ("left.csv", "1", "right.csv", "2", "automatic"),
        ("left.csv", "2", "right.csv", "1", "automatic"),
    ]
    assert all(0.9 <= float(row["probability"]) <= 1 and "bits" in row["reason"] for row in found)
    said = capsys.readouterr()
    assert "6 rows: 2 automatic, 0 review, 0 related." in said.out
    assert "name ← 'Raison sociale'" in said.err


def test_the_first_list_stands_left_whichever_order(files):
    found = linked(files, str(files / "right.csv"), str(files / "left.csv"))

    assert [(row["left_row"], row["right_row"]) for row in found] == [("1", "2"), ("2", "1")]


@pytest.mark.parametrize("in_memory", [100, 0])
def test_a_unit_of_the_register_is_named_by_its_key(files, monkeypatch, in_memory):
    monkeypatch.setattr(link_register, "IN_MEMORY", in_memory)

    found = linked(files, str(files / "left.csv"), "--register", str(files / "units.csv"))

    assert [
        (row["left_row"], row["right_row"], row["decision"]) for row in found if row["decision"] == "automatic"
    ] == [
        ("1", "U1", "automatic"),
        ("2", "U2", "automatic"),
    ]


def indices(files):
    return sorted(one.name for one in (files / "home" / "register_indices").iterdir() if one.name != ".lock")


def test_an_index_is_used_again_until_the_register_changes(files, monkeypatch):
    monkeypatch.setattr(link_register, "IN_MEMORY", 0)
    register, arguments = files / "units.csv", (str(files / "left.csv"), "--register", str(files / "units.csv"))
    first = linked(files, *arguments)
    [index] = indices(files)
    monkeypatch.setattr(link_register, "build", None)
    assert linked(files, *arguments) == first
    assert indices(files) == [index]
    monkeypatch.undo()
    monkeypatch.setenv("BEFFROI_HOME", str(files / "home"))
    monkeypatch.setattr(link_register, "IN_MEMORY", 0)
    register.write_text(REGISTER.replace("U1", "V1"), encoding="utf-8")

    assert {row["right_row"] for row in linked(files, *arguments) if row["decision"] == "automatic"} == {"V1", "U2"}
    assert len(indices(files)) == 2


def test_a_register_may_be_parquet_with_whole_numbers(files):
    path = files / "units.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT 'U' || range AS id, 'FIRME ' || range AS denomination, 'LYON' AS commune, "  # noqa: S608 -- ours
            f"5520135 + range * 0 AS siren, range::BIGINT AS other FROM range(1, 4)) TO '{path}' (FORMAT parquet)"
        )
    (files / "one.csv").write_text("Nom,siren\nQuite another,005520135\n", encoding="utf-8")

    found = linked(files, str(files / "one.csv"), "--register", str(path))

    assert [(row["left_row"], row["right_row"], row["decision"]) for row in found] == [("1", "U1", "automatic")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_large_register_is_read_in_any_writing(files, monkeypatch, encoding):
    monkeypatch.setattr(link_register, "_SMALL_BYTES", 10)
    monkeypatch.setattr(link_register, "_SAMPLE_BYTES", 400)
    rows = "".join(f'U{n};"FIRME ""{n}"" ; LYON";LYON\n' for n in range(100))
    text = f"Extrait\n\nid;denomination;commune\n{rows}\nX1;SOCIÉTÉ DES ÉPÉES;CRÉTEIL\nX2;TALEND\n"
    (files / "units.csv").write_text(text, encoding=encoding)
    (files / "one.csv").write_text("Nom,Ville\nSociété des Épées,Créteil\nTalend,Suresnes\n", encoding="utf-8")

    found = linked(files, str(files / "one.csv"), "--register", str(files / "units.csv"))

    assert [(row["left_row"], row["right_row"]) for row in found] == [("1", "X1"), ("2", "X2")]


def test_a_workbook_beyond_memory_is_indexed_too(files, monkeypatch):
    monkeypatch.setattr(link_register, "IN_MEMORY", 2)
    book = xlsxwriter.Workbook(files / "units.xlsx")
    page = book.add_worksheet()
    for n, row in enumerate(csv.reader(REGISTER.splitlines())):
        page.write_row(n, 0, row)
    book.close()

    found = linked(files, str(files / "left.csv"), "--register", str(files / "units.xlsx"))

    assert {row["right_row"] for row in found if row["decision"] == "automatic"} == {"U1", "U2"}


def test_a_register_that_is_no_table_is_refused_in_words(files, capsys):
    (files / "units.parquet").write_bytes(b"no parquet")

    assert main(["link", str(files / "left.csv"), "--register", str(files / "units.parquet"), "--out", "x.csv"]) == 2
    assert "units.parquet cannot be read as a register" in capsys.readouterr().err
    assert main(["link", str(files / "left.csv"), "--register", str(files / "none.parquet"), "--out", "x.csv"]) == 2
    assert "none.parquet" in capsys.readouterr().err


def test_one_list_alone_finds_its_duplicates(files):
    (files / "one.csv").write_text(LEFT + "talend s.a.,SURESNES,92150,http://www.talend.com\n", encoding="utf-8")

    found = linked(files, str(files / "one.csv"))

    assert [(row["left_row"], row["right_row"]) for row in found] == [("1", "4")]


def test_columns_are_stated_where_detection_errs(files):
    (files / "odd.csv").write_text(LEFT.replace("Nom,Ville", "A, b: c,V"), encoding="utf-8")
    (files / "odd.csv").write_text("Nom,A: b\nx1,Talend\nx2,Ant Inno\n", encoding="utf-8")

    found = linked(
        files, str(files / "odd.csv"), str(files / "right.csv"), "--columns", "odd.csv=name:A: b,key:Nom",
        "--columns", f"{files / 'right.csv'}=name:Raison sociale,city:Commune",
    )  # fmt: skip

    assert {(row["left_row"], row["right_row"]) for row in found} == {("1", "2"), ("2", "1")}


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["none.csv"], "is no file"),
        (["left.csv", "left.csv"], "given twice"),
        (["left.csv", "--columns", "other.csv=name:Nom"], "none of the files"),
        (["left.csv", "--columns", "left.csv=Nom"], "FIELD:HEADER"),
        (["left.csv", "--columns", "left.csv=name:Nix"], "no column 'Nix'"),
        (["left.csv", "--columns", "left.csv=name:Nom", "--columns", "left.csv=city:Ville"], "given twice"),
    ],
)
def test_what_is_asked_wrongly_is_refused_in_words(files, monkeypatch, capsys, arguments, word):
    monkeypatch.chdir(files)

    assert main(["link", *arguments, "--out", "links.csv"]) == 2

    assert word in capsys.readouterr().err
    assert not (files / "links.csv").exists()
