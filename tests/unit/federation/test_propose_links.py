"""Linkage as the registry asks it: only what is new, in any order, in words and bits."""

from __future__ import annotations

import random

import pytest

from beffroi.federation.propose import Offered
from beffroi.federation.propose_links import propose

FIRST = [
    ("Minalogic", "", "38000", "Grenoble", "www.minalogic.com"), ("Zenpark", "", "75002", "Paris", "zenpark.com"),
    ("Olfeo", "443061841", "75009", "Paris", "olfeo.com"), ("Ateliers du Soir", "", "69001", "Lyon", ""),
    ("HEC Paris", "", "78350", "Jouy-en-Josas", "hec.edu"), ("Studio Numa", "732829320", "69002", "Lyon", ""),
]  # fmt: skip
SECOND = [
    ("MINALOGIC SAS", "", "38000", "Grenoble", "minalogic.com"), ("Zenpark Gestion", "", "75011", "Paris", ""),
    ("Olfeo", "552100554", "75009", "Paris", "olfeo.com"), ("Boulangerie Martin", "", "42000", "Saint-Etienne", ""),
    ("Incubateur HEC Paris", "", "78350", "Jouy-en-Josas", "hec.edu"),
    ("STUDIO NUMA", "732829320", "69002", "Lyon", ""),
]  # fmt: skip


def offered(source, rows, kind="list"):
    return [
        Offered((source, f"k{number}"), kind, {
            key: cell for key, cell in zip(("name", "siren", "postcode", "city", "website"),
                                           (row[0], row[1] and f"siren:{row[1]}", *row[2:]), strict=True) if cell
        })
        for number, row in enumerate(rows)
    ]  # fmt: skip


def pairs(found):
    return {(one.left[1], one.right[1]): one.value for one in found}


def test_decisions_become_judgements_with_their_evidence():
    found = propose(offered("B", SECOND), offered("A", FIRST))
    said = {(one.left[1], one.right[1]): one for one in found}

    assert pairs(found) == {
        ("k0", "k0"): "same",
        ("k1", "k1"): "unsure",
        ("k2", "k2"): "related",
        ("k4", "k4"): "related",
    }
    sure = said["k0", "k0"]
    assert (sure.origin, sure.method, sure.relation) == ("model", "linkage-lists", "")
    assert sure.probability > 0.98
    assert sure.bits > 5
    assert "bits" in sure.sentence
    assert "two legal units" in said["k2", "k2"].sentence
    assert said["k4", "k4"].relation == "other"


def test_it_does_not_matter_which_list_came_first_nor_where_rows_stand():
    first, second = offered("A", FIRST), offered("B", SECOND)
    forth, back = propose(second, first), propose(first, second)
    chance = random.Random(1)  # noqa: S311 -- an order of rows, no secret
    mixed = propose(chance.sample(second, len(second)), chance.sample(first, len(first)))

    assert forth == back == mixed


def test_a_third_list_changes_no_link_between_two():
    first, second = offered("A", FIRST), offered("B", SECOND)
    third = offered("C", [("Minalogic", "", "38000", "Grenoble", "minalogic.com")] * 3)

    assert [one for one in propose(second, [*first, *third]) if "C" not in {one.left[0], one.right[0]}] == propose(
        second, first
    )


@pytest.mark.parametrize("place", range(len(SECOND)))
def test_one_new_row_gets_what_it_had_when_all_were_new(place):
    first, second = offered("A", FIRST), offered("B", SECOND)
    new, rest = [second[place]], [one for number, one in enumerate(second) if number != place]
    found = propose(new, [*first, *rest])

    assert found == [one for one in propose(second, first) if second[place].reference in {one.left, one.right}]


def test_nothing_is_said_of_rows_that_stood_already():
    assert propose([], [*offered("A", FIRST), *offered("B", SECOND)]) == []


def test_a_row_without_a_unit_is_looked_up_in_the_register():
    register = offered("R", [("MINALOGIC", "818717332", "38000", "Grenoble", ""),
                             ("BOULANGERIE MARTIN", "399275395", "42000", "Saint-Etienne", ""),
                             ("LAITERIE DU NORD", "552100554", "59000", "Lille", "")], kind="register")  # fmt: skip
    found = propose(register, offered("B", SECOND))

    assert {(one.left, one.right) for one in found} == {(("B", "k0"), ("R", "k0")), (("B", "k3"), ("R", "k1"))}
    assert {one.value for one in found} <= {"same", "unsure"}
    assert propose(offered("B", SECOND), register) == found


def test_the_same_row_twice_in_one_list_is_proposed_once():
    twice = [FIRST[0], ("Minalogic", "", "38000", "Grenoble", "minalogic.com"), FIRST[3]]

    assert pairs(propose(offered("A", twice), [])) == {("k0", "k1"): "same"}
