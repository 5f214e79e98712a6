from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.federation.rows import check_mapping, looks_like_a_person, natural_key, read_row, row_hash
from beffroi.federation.units import legal_unit
from beffroi.vocabulary.errors import UsageError


@pytest.mark.parametrize(
    ("cell", "unit"),
    [("732 829 320", "siren:732829320"), ("732.829.320", "siren:732829320"), ("73282932000074", "siren:732829320"),
     ("732829321", ""), ("", ""), ("DEMO-00001", "demo:00001"), ("٧٣٢٨٢٩٣٢٠", ""), ("abc", "")],
)  # fmt: skip
def test_a_cell_names_a_legal_unit_or_nothing(cell, unit):
    assert legal_unit(cell) == unit


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=5))
def test_a_fingerprint_forgets_the_order_of_columns_and_nothing_else(raw):
    turned = dict(reversed(raw.items()))

    assert row_hash(turned, "m") == row_hash(raw, "m")
    assert row_hash(raw, "n") != row_hash(raw, "m")
    assert row_hash({**raw, "new column": "x"}, "m") != row_hash(raw, "m")


def test_a_row_that_names_nobody_is_a_fatal_fault():
    row, faults = read_row(7, {"Nom": " ", "SIREN": "123"}, {"name": "Nom", "siren": "SIREN"}, digest="")

    assert dict(row.fields) == {}
    assert [(one.row, one.field, one.is_fatal) for one in faults] == [(7, "siren", False), (7, "name", True)]


def test_a_faulty_cell_is_left_out_and_the_raw_row_keeps_it():
    mapping = {"name": "n", "email": "e", "revenue_eur": "r", "member_until": "u"}
    raw = {"n": "Alpha", "e": "nobody", "r": "12 k€", "u": "31/12/2016"}
    row, faults = read_row(1, raw, mapping, digest="")

    assert dict(row.fields) == {"name": "Alpha"}
    assert row.raw == raw
    assert [one.field for one in faults] == ["email", "revenue_eur", "member_until"]


def test_keys_go_from_the_legal_unit_to_the_name():
    full = {"siren": "siren:732829320", "own_id": "17", "name": "Alpha", "postcode": "69001"}

    assert natural_key(full) == "siren:732829320"
    assert natural_key({**full, "siren": ""}) == "id:17"
    assert natural_key({"name": "ALPHA!", "postcode": "69001"}) == natural_key({"name": "alpha", "postcode": "69001"})
    assert natural_key({"name": "Alpha", "postcode": "69001"}) != natural_key({"name": "Alpha", "postcode": "42000"})


def test_every_fault_of_a_mapping_is_said_at_once():
    with pytest.raises(UsageError, match=r"'colour' is no field; no column 'Site' for 'website'; nothing says who"):
        check_mapping({"colour": "Nom", "website": "Site"}, frozenset({"Nom"}))


@pytest.mark.parametrize(
    ("fields", "is_person"),
    [({"name": "M. Jean Petit"}, True), ({"name": "Mobilis"}, False), ({"name": "Alpha", "legal_form": "EI"}, True),
     ({"name": "Alpha", "first_name": "Ada", "last_name": "B"}, False), ({"last_name": "B"}, True)],
)  # fmt: skip
def test_natural_persons_are_recognised_as_a_question(fields, is_person):
    assert looks_like_a_person(fields) is is_person
