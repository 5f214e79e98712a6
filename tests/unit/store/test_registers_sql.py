"""What proves a row sound at once keeps exactly the rows that its rules keep one after the other."""

from __future__ import annotations

from itertools import product

import duckdb
import pytest

from beffroi.store.registers_sql import ESTABLISHMENTS, WRONG_KEY

SIRENS = ("732829320", "005520135", "732829321", "1234567e2", "1234_5678", "73282932 ", "+73282932", "73282932",
          "7328293200", "0xFFFFFF2", "0x2bae748", "999999e99", "", None)  # fmt: skip
NICS = ("00011", "10011", "1e3", "1e3  ", "0001", "0 011", "+0011", "-0011", "1_011", None)
OTHERS = ("73282932000011", "00552013500011", "7.3282932000e13", "1234567e200011", "73282932001", "99999999999999e9")


@pytest.fixture(scope="module")
def rows():
    """Every SIREN with every NIC and every SIRET, the one that belongs to them and none."""
    made = [
        (siren, nic, siret)
        for siren, nic in product(SIRENS, NICS)
        for siret in (None if siren is None or nic is None else siren + nic, None, *OTHERS)
    ]
    connection = duckdb.connect()
    connection.execute("CREATE TABLE given (siren VARCHAR, nic VARCHAR, siret VARCHAR)")
    connection.executemany("INSERT INTO given VALUES (?, ?, ?)", made)
    rest = ", ".join(
        f"NULL::VARCHAR AS {one}" for one in ESTABLISHMENTS.columns if one not in ("siren", "nic", "siret")
    )
    source = f"SELECT * REPLACE ('A' AS state, '59350' AS commune) FROM (SELECT *, {rest} FROM given)"
    return connection, f"SELECT *, {', '.join(ESTABLISHMENTS.numbers)} FROM ({source})"


def test_the_quick_proof_changes_no_judgement(rows):
    connection, source = rows
    rules = " AND ".join(f"({sound})" for reason, sound in ESTABLISHMENTS.rules if reason != WRONG_KEY)

    asked = f"SELECT siren, nic, siret, ({ESTABLISHMENTS.sound}) IS TRUE, ({rules}) IS TRUE FROM ({source})"
    found = connection.execute(asked).fetchall()

    assert [row for row in found if row[3] != row[4]] == []
    kept = {(siren, nic) for siren, nic, _, sound, _ in found if sound}
    nine_digits = ("732829320", "005520135", "732829321")  # the key of the last is judged when it is a number
    assert kept == {(siren, nic) for siren in nine_digits for nic in ("00011", "10011")}


def test_numbers_of_sound_rows_are_those_of_their_words(rows):
    connection, source = rows
    numbers = ESTABLISHMENTS.chosen.split(", coalesce")[0]

    found = connection.execute(
        f"SELECT siren, nic, {numbers.replace(' AS siren', ' AS one').replace(' AS nic', ' AS other')} "
        f"FROM (SELECT * FROM ({source}) WHERE {ESTABLISHMENTS.sound})"
    ).fetchall()

    assert found
    assert all((int(siren), int(nic)) == (one, other) for siren, nic, one, other in found)
