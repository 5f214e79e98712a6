"""Places of rows: what codes and coordinates say where names of places do not."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.linkage.link import link_lists
from beffroi.linkage.pair import ON_PLACES, places
from beffroi.linkage.place import metres_between, point_of
from beffroi.linkage.rarity import Rarity
from beffroi.linkage.record import Record, tidy

NORTHS, EASTS = st.floats(41, 52), st.floats(-5, 10)


def figures(left, right, *others):
    both = [tidy(Record("a", 1, **left)), tidy(Record("b", 1, **right))]
    crowd = [tidy(Record("c", n, **one)) for n, one in enumerate(others, 1)]
    found = places(*both, Rarity.of_lists([*both, *crowd]))
    return {name: value for name, value in zip(ON_PLACES, found, strict=True) if value}


def at(north, east, **cells):
    return {"name": "Proxem", "latitude": str(north), "longitude": str(east), **cells}


LILLE, NEXT_DOOR, ROUBAIX, PARIS = (50.6292, 3.0573), (50.6294, 3.0576), (50.6916, 3.1746), (48.8566, 2.3522)


def test_a_code_of_a_commune_is_its_name_and_its_departement():
    one = tidy(Record("a", 1, name="Proxem", commune_code="59350"))

    assert (one.commune, one.department) == ("lille", "59")
    assert tidy(Record("a", 1, name="Proxem", city="Hellemmes", commune_code="59350")).commune == "hellemmes"
    assert tidy(Record("a", 1, name="Proxem", commune_code="59000")).department == ""


def test_a_list_of_codes_agrees_with_one_of_names():
    found = figures({"name": "Proxem", "commune_code": "59350"}, {"name": "Proxem", "city": "LILLE CEDEX"})

    assert set(found) == {"same_commune"}


def test_points_say_what_the_lists_leave_unsaid():
    assert set(figures(at(*LILLE), at(*NEXT_DOOR))) == {"same_commune", "same_street"}
    assert set(figures(at(*LILLE), at(50.64, 3.06))) == {"same_commune"}
    assert figures(at(*LILLE), at(*ROUBAIX)) == {}
    assert set(figures(at(*LILLE), at(*PARIS))) == {"other_commune", "other_department"}


def test_points_never_speak_against_what_the_lists_say():
    said = {"city": "Lille", "department": "59"}

    assert set(figures(at(*LILLE, **said), at(*PARIS, **said))) == {"same_commune"}


def test_a_point_where_many_stand_is_no_address():
    crowd = [at(*LILLE, name=f"Firme {n}") for n in range(5)]

    assert set(figures(at(*LILLE), at(*NEXT_DOOR), *crowd)) == {"same_commune"}


def test_homonyms_are_told_apart_by_coordinates_alone():
    left = [at(*LILLE, name="Solution Systemes"), at(*PARIS, name="Solution Systemes")]
    right = [at(*NEXT_DOOR, name="Solution Systemes")]
    rows = [tidy(Record(source, n, **one)) for source, cells in (("a", left), ("b", right))
            for n, one in enumerate(cells, 1)]  # fmt: skip

    best = max((one for one in link_lists(rows) if one.decision != "no"), key=lambda one: one.probability)

    assert {best.left.id, best.right.id} == {("a", 1), ("b", 1)}
    assert "as at one address" in best.reason


@pytest.mark.parametrize("cell", ["", "-", "48.85", "48,85", "POINT(2.35 48.85)", "148.8566, 2.3522", "0.0, 0.0"])
def test_what_is_no_point_is_none(cell):
    assert point_of(cell) is None


@given(NORTHS, EASTS, NORTHS, EASTS)
def test_distances_are_those_of_the_great_circle(north, east, to_north, to_east):
    one, other = (math.radians(north), math.radians(east)), (math.radians(to_north), math.radians(to_east))
    half = math.sin((one[0] - other[0]) / 2) ** 2 + (
        math.cos(one[0]) * math.cos(other[0]) * math.sin((one[1] - other[1]) / 2) ** 2
    )
    exact = 2 * 6_371_000 * math.asin(math.sqrt(half))

    found = metres_between((north, east), (to_north, to_east))

    assert found == pytest.approx(exact, rel=0.01, abs=0.01)
    assert found == metres_between((to_north, to_east), (north, east))
