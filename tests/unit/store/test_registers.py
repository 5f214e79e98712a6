"""Figures of a register against a plain count of the publisher's rows, on every engine there is."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.sources.sirene_load import load_snapshot
from beffroi.store.registers import as_ranges, perimeter, within
from beffroi.store.registers_engine import open_duckdb, open_spark
from beffroi.store.registers_figures import (
    Question,
    births_sql,
    cells_sql,
    change_sql,
    contributors_sql,
    counts_sql,
    demography_sql,
    quotients_sql,
)
from beffroi.store.registers_keys import keeps_key, luhn_sql, luhn_sum
from beffroi.store.registers_months import folder_of
from beffroi.store.registers_tables import BANDS, REV21, section_of
from beffroi.store.tables import read_parquet
from beffroi.vocabulary.communes import places
from beffroi.vocabulary.errors import StoreError, UnknownDefinitionError, UnknownRegionError, UsageError

BAND = {one.code: one for one in BANDS}


@pytest.fixture(scope="module")
def made(stock_maker, tmp_path_factory):
    """A register of two months and the rows of the newer one."""
    one = stock_maker(units=1500)
    folder = tmp_path_factory.mktemp("register")
    older = stock_maker(seed=2, units=1200)
    load_snapshot([older.write(folder / "older")], folder / "r", month="2026-10", today="2026-11-22")
    load_snapshot([one.write(folder / "newer")], folder / "r", month="2026-11", today="2026-11-22")
    return folder / "r", one.rows["establishments"], older.rows["establishments"]


@pytest.fixture(scope="module")
def duck(made):
    with open_duckdb() as engine:
        engine.add_tables(folder_of(made[0], "2026-11"))
        engine.add_tables(folder_of(made[0], "2026-10"), prefix="before_")
        yield engine


@pytest.fixture(scope="module")
def rows(made):
    return made[1]


def place(row):
    """Commune of today, EPCI, département, NUTS-3 of an official row; "" where there is none."""
    code = row["codeCommuneEtablissement"]
    if code is None:
        return dict.fromkeys(("commune", "epci", "department", "nuts3", "nuts2", "nuts1"), "")
    if code not in places():
        return dict.fromkeys(("epci", "department", "nuts3", "nuts2", "nuts1"), "") | {"commune": code}
    one = places()[code]
    return {"commune": one.commune, "epci": one.epci, "department": one.department, "nuts3": one.nuts3,
            "nuts2": one.nuts2, "nuts1": one.nuts1}  # fmt: skip


def activity(row, digits):
    is_current = row["nomenclatureActivitePrincipaleEtablissement"] == "NAFRev2"
    return row["activitePrincipaleEtablissement"][:digits] if is_current else ""


def active(rows):
    return [row for row in rows if row["etatAdministratifEtablissement"] == "A"]


@pytest.mark.parametrize("level", ["commune", "epci", "department", "nuts3", "nuts2", "nuts1"])
@pytest.mark.parametrize(("cut", "digits"), [("code", 6), ("class", 5), ("branch", 4), ("division", 2)])
def test_cells_agree_with_a_plain_count(duck, rows, level, cut, digits):
    _, found = duck.rows(cells_sql(Question(territory=level, activity=cut)))

    assert {row[:2]: row[2] for row in found} == Counter(
        (place(row)[level], activity(row, digits)) for row in active(rows)
    )
    assert len(found) == len({row[:2] for row in found})


def test_staff_and_size_agree_with_a_plain_count(duck, rows):
    _, found = duck.rows(counts_sql(Question(by=("territory", "size"), territory="department")))
    expected = defaultdict(lambda: [0, 0, 0, 0])
    for row in active(rows):
        band = BAND[row["trancheEffectifsEtablissement"]]
        cell = expected[place(row)["department"], band.code]
        employs = row["caractereEmployeurEtablissement"] == "O"
        for k, value in enumerate((1, employs, band.low, band.low if band.high is None else band.high)):
            cell[k] += value

    assert {row[:2]: list(row[2:]) for row in found} == expected


def test_the_newer_nomenclature_is_counted_by_its_own_column(duck, rows):
    _, found = duck.rows(cells_sql(Question(by=("activity",), vintage=REV21)))

    assert {row[0]: row[1] for row in found} == Counter(
        row["activitePrincipaleNAF25Etablissement"] or "" for row in active(rows)
    )


def test_a_territory_and_a_perimeter_hold_what_they_name(duck, rows):
    question = Question(
        by=("territory",), territory="commune",
        places=within(duck, "FRE1"), activities=perimeter(duck, ["62", "63.1"]),
    )  # fmt: skip
    _, found = duck.rows(cells_sql(question))

    assert {row[0]: row[1] for row in found} == Counter(
        place(row)["commune"]
        for row in active(rows)
        if place(row)["nuts2"] == "FRE1" and activity(row, 6).startswith(("62", "63.1"))
    )
    assert found != []


def test_arrondissements_count_for_their_commune(duck, rows):
    _, found = duck.rows(cells_sql(Question(by=("territory",), places=within(duck, "69123"))))

    codes = {"69123", "69381", "69382"}
    assert found == [("69123", sum(row["codeCommuneEtablissement"] in codes for row in active(rows)))]


def test_contributors_are_legal_units_and_the_largest_is_theirs(duck, rows):
    _, found = duck.rows(contributors_sql(Question(by=("territory",), territory="nuts1")))
    jobs = defaultdict(Counter)
    for row in active(rows):
        band = BAND[row["trancheEffectifsEtablissement"]]
        jobs[place(row)["nuts1"]][row["siren"]] += band.low + (band.low if band.high is None else band.high)

    assert {row[0]: (row[1], row[4], row[5]) for row in found} == {
        code: (len(units), sum(units.values()), max(units.values())) for code, units in jobs.items()
    }


def test_quotients_agree_with_the_formula(duck, rows):
    _, found = duck.rows(quotients_sql(Question(territory="nuts2", activity="division")))
    cells = Counter((place(row)["nuts2"], activity(row, 2)) for row in active(rows))
    cells = {key: count for key, count in cells.items() if all(key)}
    total = sum(cells.values())

    for territory, division, count, of_territory, of_activity, of_all, quotient in found:
        here = sum(value for key, value in cells.items() if key[0] == territory)
        there = sum(value for key, value in cells.items() if key[1] == division)
        assert (count, of_territory, of_activity, of_all) == (cells[territory, division], here, there, total)
        assert quotient == pytest.approx(count / here / (there / total), rel=1e-12)
    assert len(found) == len(cells)


def test_births_deaths_and_stock_agree_with_a_plain_count(duck, rows):
    _, found = duck.rows(demography_sql(Question(by=("territory",), territory="nuts1"), first=2012, last=2025))
    for code, year, births, deaths, stock in found:
        mine = [row for row in rows if place(row)["nuts1"] == code]
        born = [int(row["dateCreationEtablissement"][:4]) for row in mine]
        died = [int(row["dateDebut"][:4]) for row in mine if row["etatAdministratifEtablissement"] == "F"]
        assert (births, deaths) == (born.count(year), died.count(year))
        assert stock == sum(one <= year for one in born) - sum(one <= year for one in died)
    assert len(found) == 14 * len({place(row)["nuts1"] for row in rows})


def test_births_and_deaths_alone_agree_with_a_plain_count(duck, rows):
    _, found = duck.rows(births_sql(Question(by=("activity",), activity="division"), first=2012, last=2020))
    closed = [row for row in rows if row["etatAdministratifEtablissement"] == "F"]
    born, died = (
        Counter((activity(row, 2), int(row[day][:4])) for row in part)
        for part, day in ((rows, "dateCreationEtablissement"), (closed, "dateDebut"))
    )

    assert {row[:2]: row[2:] for row in found} == {
        key: (born[key], died[key]) for key in born | died if 2012 <= key[1] <= 2020
    }


def test_two_snapshots_are_compared_by_their_codes(duck, made):
    newer = Question(by=("activity",), activity="division")
    _, found = duck.rows(change_sql(Question(by=("activity",), activity="division", prefix="before_"), newer))
    after, before = (Counter(activity(row, 2) for row in active(part)) for part in made[1:])

    assert {row[0]: row[1:] for row in found} == {
        code: (before[code], after[code], after[code] - before[code]) for code in before | after
    }
    with pytest.raises(UsageError, match="the two questions differ"):
        change_sql(Question(territory="epci"), newer)


def test_a_whole_answer_can_be_written(duck, tmp_path):
    duck.write(cells_sql(Question()), tmp_path / "all.parquet")

    assert read_parquet(tmp_path / "all.parquet") == duck.rows(cells_sql(Question()))


def test_what_no_table_can_answer_is_said(duck):
    with pytest.raises(UnknownRegionError, match="'Lille' is no territory"):
        within(duck, "Lille")
    with pytest.raises(UnknownDefinitionError, match=r"begins with 99\.9, XX"):
        perimeter(duck, ["62", "99.9", "XX"])
    with pytest.raises(UnknownDefinitionError, match="'canton' is no level of territories"):
        Question(territory="canton")
    with pytest.raises(UsageError, match="Figures are given by territory, activity, size"):
        Question(by=("colour",))


def test_nothing_loaded_is_said_with_the_remedy(tmp_path):
    with pytest.raises(StoreError, match=r"No register is loaded.*fabric load"):
        folder_of(tmp_path)


def test_an_empty_range_holds_nothing(duck):
    assert as_ranges([]) == ()
    assert duck.rows(cells_sql(Question(by=(), activities=()))) == (("establishments",), [(0,)])


def test_sections_follow_each_nomenclature():
    assert [section_of(code) for code in ("01.11Z", "45.20A", "58.21Z", "63.11Z", "99.00Z")] == [
        "A",
        "G",
        "J",
        "J",
        "U",
    ]
    assert [section_of(code, REV21) for code in ("58.21Y", "61.10Y", "64.19Y", "46.11Y")] == ["J", "K", "L", "G"]
    assert section_of("67.20", "NAP") == ""


@pytest.mark.parametrize("number", [0, 5, 123456782, 732829320, 999999999, 356000000])
def test_the_key_is_summed_alike_by_digits_and_by_thousands(duck, number):
    expected = sum(sum(map(int, str(int(d) * (1 + k % 2)))) for k, d in enumerate(reversed(str(number))))

    assert luhn_sum(number) == expected
    assert duck.rows(f"SELECT {luhn_sql(str(number))}")[1][0][0] == expected


@given(st.lists(st.integers(0, 999_999_999), max_size=50))
def test_an_array_of_numbers_is_judged_as_each_of_them(numbers):
    found = keeps_key(np.array(numbers, np.int32))

    assert found.tolist() == [luhn_sum(number) % 10 == 0 for number in numbers]


def test_more_numbers_than_are_judged_at_once():
    numbers = np.arange(732_000_000, 732_200_000)

    found = numbers[keeps_key(numbers)]

    assert len(found) == 20_000  # one key in ten numbers
    assert all(luhn_sum(int(number)) % 10 == 0 for number in found[::997])


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning")
def test_spark_gives_the_same_values_as_duckdb(made, duck, spark_master, spark_settings):
    part = {"places": within(duck, "FRE"), "activities": perimeter(duck, ["62", "63"])}
    fine, coarse = Question(), Question(territory="nuts3", activity="division")
    questions = {
        "commune × NAF": cells_sql(fine),
        "NUTS-3 × division": counts_sql(coarse),
        "all quotients": quotients_sql(fine),
        "births and deaths": demography_sql(Question(by=("territory",), territory="nuts3"), first=2015, last=2025),
        "births alone": births_sql(Question(by=("activity",), activity="section"), first=2012, last=2020),
        "size bands": counts_sql(Question(by=("territory", "size"), territory="epci", **part)),
        "contributors": contributors_sql(Question(by=("activity",), **part)),
        "change": change_sql(Question(by=("activity",), prefix="before_"), Question(by=("activity",))),
    }

    with open_spark(spark_master, settings=spark_settings) as spark:
        spark.add_tables(folder_of(made[0], "2026-11"))
        spark.add_tables(folder_of(made[0], "2026-10"), prefix="before_")
        assert within(spark, "FRE") == part["places"]
        assert spark.session.sparkContext.master == spark_master
        for name, sql in questions.items():
            assert spark.rows(sql) == duck.rows(sql), name
