"""A register on disk gives back its units by word, typo, département and SIREN."""

from __future__ import annotations

import pytest

from beffroi.linkage.record import Record, tidy
from beffroi.linkage.seek import found_by, link_index
from beffroi.store.register_index import RegisterIndex, Unit
from beffroi.vocabulary.errors import StoreError

ROWS = [
    {"key": "A", "name": "MINALOGIC PARTENAIRES", "city": "GRENOBLE", "postcode": "38000", "siren": "732829320"},
    {"key": "B", "name": "PROXEM", "city": "PARIS", "postcode": "75010"},
    {"key": "C", "name": "PROXEM", "city": "LILLE", "postcode": "59000"},
    *({"key": f"F{n}", "name": f"FIRME {n:03d}", "city": "LYON", "postcode": "69001"} for n in range(50)),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    units = (Unit(**found_by(tidy(Record("register", n, **row)))) for n, row in enumerate(ROWS, 1))
    return RegisterIndex.build(tmp_path_factory.mktemp("register") / "index", units)


def test_it_counts_its_units_words_and_places(index):
    assert index.size == len(ROWS)
    assert index.count("proxem") == 2
    assert index.count("@lyon") == 50
    assert index.count("nowhere") == 0


def test_a_unit_is_found_by_its_siren(index):
    assert [one["key"] for one in index.by_siren("732829320")] == ["A"]
    assert index.by_siren("000000000") == []


def test_a_unit_is_found_despite_a_typo(index):
    assert [one["key"] for one in index.search(["minalogik"])] == ["A"]
    assert [one["key"] for one in index.search(["minalgoic"], department="38")] == ["A"]


def test_the_departement_brings_the_near_one_first(index):
    assert [one["key"] for one in index.search(["proxem"], department="59")] == ["C", "B"]


def test_nothing_to_look_for_finds_nothing(index):
    assert index.search([]) == []


def test_rows_are_linked_through_it(index):
    rows = [
        tidy(Record("a", 1, name="Minalogik Partenaires", city="Grenoble", postcode="38000")),
        tidy(Record("a", 2, name="Proxem SAS", city="Paris", postcode="75010")),
        tidy(Record("a", 3, name="Other", siren="732 829 320")),
        tidy(Record("a", 4, name="Xylophage")),
    ]
    links = link_index(rows, index)

    assert [(one.left.record.row, one.right.record.key) for one in links if one.decision == "automatic"] == [
        (1, "A"),
        (2, "B"),
        (3, "A"),
    ]


def test_an_index_is_never_overwritten_and_a_folder_without_one_is_refused(index, tmp_path):
    with pytest.raises(StoreError, match="Build it again"):
        RegisterIndex(tmp_path)
    (tmp_path / "index").mkdir()
    with pytest.raises(StoreError, match="exists"):
        RegisterIndex.build(tmp_path / "index", [])
