"""Communes lead to the territories that a register's figures are counted in."""

from __future__ import annotations

import csv

from beffroi.vocabulary.communes import department_names, epci_names, places


def test_every_code_leads_to_a_commune_that_stands():
    known = places()

    assert [one.code for one in known.values() if known[one.commune].commune != one.commune] == []


def test_every_commune_of_a_department_in_the_union_has_a_nuts_region():
    outside = {one.department for one in places().values() if not one.nuts3}

    assert outside == {"975", "977", "978", "984", "986", "987", "988", "989"}
    assert {one.department for one in places().values()} <= set(department_names())
    assert {one.epci for one in places().values()} - {""} <= set(epci_names())


def test_overseas_departments_have_each_their_own_region():
    found = {one.department: one.nuts3 for one in places().values() if one.department.startswith("97")}

    assert {found[code] for code in ("971", "972", "973", "974", "976")} == {
        "FRY10",
        "FRY20",
        "FRY30",
        "FRY40",
        "FRY50",
    }


def test_municipal_arrondissements_share_the_people_of_their_commune():
    known = places()
    parts = [one for one in known.values() if one.commune == "75056" and one.code.startswith("751")]

    assert len(parts) == 20
    assert sum(one.people for one in parts) == known["75056"].people


def test_regions_of_departments_carry_their_names_in_the_nuts(shared):
    with (shared / "data/geography/nuts_reference/nuts_2021_names.csv").open(encoding="utf-8") as file:
        names = {row["code"]: row["name"].strip().replace("’", "'") for row in csv.DictReader(file)}
    ours = {one.department: one.nuts3 for one in places().values() if one.nuts3}

    assert {d: n for d, n in ours.items() if names[n] != department_names()[d].replace("’", "'")} == {}
