"""Support structures (S22): services by territory, public money, overlaps, and what becomes of those absorbed."""

from __future__ import annotations

import pytest
from government_house import NOW, House, both, refused
from hypothesis import given, settings
from hypothesis import strategies as st

from beffroi.charter import entries
from beffroi.charter.book import Thing
from beffroi.federation.structures import communes_of, overlaps, public_money, structures_on

DAY = "2026-06-01"


@pytest.fixture
def house(registry):
    return House()


def offers(*pairs):
    return [{"service": service, "territory": code} for service, code in pairs]


def structure(house, name, *pairs, **more):
    held = {"nature": "public", "since": "2010-01-01", **more}
    return house.new("structure", name=both(name), offers=offers(*pairs), **held)


def test_s22_1_a_structure_has_services_territories_and_public_money(house):
    money = [{"year": year, "amount_eur": amount, "funder": "Région", "source": "Budget voté"}
             for year, amount in ((2024, "10"), (2025, "12.5"), (2025, "30"))]  # fmt: skip
    one = structure(house, "Agence", ("advice", "69"), ("export", "FRK"), money=money)
    none = structure(house, "Pépinière", ("creation", "42"))
    book = entries.book()

    assert public_money(one) == (2025, 42.5)
    assert public_money(none) is None
    assert structures_on(book, DAY, service="advice") == (one,)
    assert structures_on(book, DAY, territory="42218") == (one, none)  # the region serves Saint-Étienne with one of two
    assert structures_on(book, DAY, territory="42218", service="advice") == ()
    assert structures_on(book, "2009-01-01") == ()
    assert "no territory" in refused(structure, house, "Loin", ("advice", "nowhere"))
    assert "no commune in France" in refused(structure, house, "Loin", ("advice", "DE2"))
    assert "amount" in refused(structure, house, "Sans", ("advice", "69"), money=[{"year": 2025}]).lower()


def test_s22_2_the_same_service_in_the_same_territory_is_an_overlap(house):
    city = structure(house, "Ville", ("advice", "69123"), ("premises", "69123"))
    region = structure(house, "Région", ("advice", "FRK"))
    loire = structure(house, "Loire", ("advice", "42"), ("premises", "42"))

    found = overlaps(structures_on(entries.book(), DAY))

    said = {(one.service, one.territory): [each.id for each in one.structures] for one in found}
    assert said == {("advice", "69123"): [city.id, region.id], ("advice", "42"): [region.id, loire.id]}


def test_s22_3_an_absorbed_structure_leads_to_the_one_that_absorbed_it(house):
    new = structure(house, "Nouvelle", ("advice", "69"))
    old = structure(house, "Ancienne", ("advice", "69"), until="2016-12-31", absorbed_by=new.id)

    assert structures_on(entries.book(), DAY) == (new,)
    assert structures_on(entries.book(), "2016-12-31") == (new, old)
    assert entries.book().linking(new.id, "structure", "absorbed_by") == (old,)
    assert "last day" in refused(structure, house, "Sans fin", ("advice", "69"), absorbed_by=new.id)
    said = refused(house.set, new.id, absorbed_by=old.id, until="2020-01-01")
    assert "absorb itself" in said


CODES = ("FRK", "FRK2", "69", "FRK26", "42", "200046977", "69123", "69266", "42218")


@settings(max_examples=60)
@given(st.lists(st.lists(st.tuples(st.sampled_from(("advice", "export")), st.sampled_from(CODES)), min_size=1,
                         max_size=3), max_size=5))  # fmt: skip
def test_overlaps_are_those_that_going_through_communes_finds(given_offers):
    held = [
        Thing("structure", f"structure-{n}", {"offers": offers(*pairs)}, NOW, "", NOW, "", 1)
        for n, pairs in enumerate(given_offers)
    ]
    found = overlaps(held)

    for one in found:
        for commune in communes_of(one.territory):
            serving = {each.id for each in held if any(row["service"] == one.service and commune in communes_of(
                row["territory"]) for row in each.rows("offers"))}  # fmt: skip
            assert {each.id for each in one.structures} <= serving
    named = {(row["service"], row["territory"]) for each in held for row in each.rows("offers")}
    for service, code in named:
        crowd = {each.id for each in held if any(row["service"] == service and communes_of(code) <= communes_of(
            row["territory"]) for row in each.rows("offers"))}  # fmt: skip
        told = [one for one in found if one.service == service and communes_of(code) <= communes_of(one.territory)
                and {each.id for each in one.structures} == crowd]  # fmt: skip
        assert bool(told) == (len(crowd) > 1)
