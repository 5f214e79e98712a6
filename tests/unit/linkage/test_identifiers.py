"""An identifier whose key is wrong is none."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.linkage.identifiers import domain_of, luhn, phone_of, siren_of, siren_of_vat, siret_of
from beffroi.linkage.place import commune_of, department_of, postcode_of, street_of


def luhn_by_hand(digits: str) -> bool:
    """The rule as a textbook says it: double every second digit from the right, add the digits."""
    doubled = [int(d) * (2 if n % 2 else 1) for n, d in enumerate(digits[::-1])]
    return sum(int(d) for value in doubled for d in str(value)) % 10 == 0


@given(st.text("0123456789", min_size=1, max_size=14))
def test_luhn_agrees_with_the_textbook(digits):
    assert luhn(digits) == luhn_by_hand(digits)


@given(st.integers(1, 99_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(stem, place, shift):
    right = next(f"{stem:08d}{key}" for key in range(10) if luhn(f"{stem:08d}{key}"))
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]

    assert siren_of(right) == right
    assert siren_of(wrong) == ""


@pytest.mark.parametrize(
    ("given_", "siret"),
    [("732 829 320 00074", "73282932000074"), ("35600000049837", "35600000049837"), ("35600000049838", ""), ("x", "")],
)
def test_a_siret_keeps_luhn_or_is_la_postes(given_, siret):
    assert siret_of(given_) == siret


def test_a_vat_number_with_a_wrong_key_is_none():
    assert siren_of_vat("FR44732829320") == "732829320"
    assert siren_of_vat("FR44 732 829 320") == "732829320"
    assert siren_of_vat("FR43732829320") == ""
    assert siren_of_vat("DE123456789") == ""


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.talend.com/fr/", "talend.com"),
        ("HTTP://Labs.Inria.FR", "inria.fr"),
        ("cluster.asso.fr", "cluster.asso.fr"),
        ("contact@minalogic.com", "minalogic.com"),
        ("http://facebook.com/minalogic", ""),
        ("someone@gmail.com", ""),
        ("­axtrid.­fr", "axtrid.fr"),
        ("12, rue de Paris", ""),
        ("192.168.0.1", ""),
    ],
)
def test_a_domain_is_that_of_its_owner(text, domain):
    assert domain_of(text) == domain


def test_a_telephone_number_is_one_however_written():
    assert phone_of("+33 4 76 00 00 01") == phone_of("04 76 00 00 01") == phone_of("0033476000001") != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ST QUENTIN CEDEX", "Saint-Quentin"),
        ("LE PLESSIS ROBINSON", "Plessis-Robinson"),
        ("Paris 15e", "PARIS"),
        ("Ste Geneviève -des-Bois", "STE GENEVIEVE DES BOIS CED"),
        ("92300 Levallois-Perret", "Levallois Perret"),
    ],
)
def test_a_commune_is_one_however_written(one, other):
    assert commune_of(one) == commune_of(other)


def test_places_are_read_from_codes():
    assert postcode_of("1000") == "01000"
    assert department_of("", "97410") == "974"
    assert department_of("2B") == department_of("", "20200") == "20"
    assert street_of("8, av de la Gare") == "8 avenue gare"


@pytest.mark.shared
def test_real_siren_pass_the_key(shared):
    path = shared / "data/companies/fr_esr_etablissements/etablissements.csv"
    with path.open(encoding="utf-8-sig") as file:
        head = file.readline()
        file.seek(0)
        rows = list(csv.DictReader(file, delimiter=";" if head.count(";") > head.count(",") else ","))
    given_ = [row["siren"] for row in rows if row["siren"].strip() and "," not in row["siren"]]

    assert len(given_) > 200
    assert [one for one in given_ if not siren_of(one)] == []
