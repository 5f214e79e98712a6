"""Regions by code: names, vintages, parents, parts."""

import pytest

from beffroi.vocabulary import geography
from beffroi.vocabulary.errors import UnknownRegionError


def test_the_regions_of_the_seeds_have_their_french_names():
    names = {code: geography.name(code).fr for code in ("FRK", "FRE", "FRK2", "FR71", "FRE1", "FR30", "FR10", "FRL0")}

    assert names == {
        "FRK": "Auvergne-Rhône-Alpes",
        "FRE": "Hauts-de-France",
        "FRK2": "Rhône-Alpes",
        "FR71": "Rhône-Alpes",
        "FRE1": "Nord-Pas-de-Calais",
        "FR30": "Nord-Pas-de-Calais",
        "FR10": "Île-de-France",
        "FRL0": "Provence-Alpes-Côte d’Azur",
    }


def test_well_known_regions_have_a_name_in_each_language():
    assert (geography.name("UKI").fr, geography.name("UKI").en) == ("Londres", "London")
    assert (geography.name("DE2").fr, geography.name("DE2").en) == ("Bavière", "Bavaria")
    assert (geography.name("ES51").fr, geography.name("ES51").en) == ("Catalogne", "Catalonia")


def test_a_country_that_is_one_region_has_one_name_at_every_level():
    assert {geography.name(code).fr for code in ("LV", "LV0", "LV00")} == {"Lettonie"}


def test_every_country_has_a_name_in_both_languages_and_a_label_point():
    countries = [
        geography.region(code) for vintage in geography.known_vintages() for code in geography.regions(vintage, 0)
    ]

    assert all(one.name.fr and one.name.en and one.longitude is not None for one in countries)
    assert (geography.country_name("EL").en, geography.country_name("UKI").fr) == ("Greece", "Royaume-Uni")


def test_no_name_is_written_in_capitals():
    shouting = [
        code
        for vintage in geography.known_vintages()
        for level in geography.LEVELS
        for code in geography.regions(vintage, level)
        if geography.region(code).local_name.isupper()
    ]

    assert shouting == []


def test_every_region_of_2016_has_a_label_point_and_a_parent():
    found = [geography.region(code) for level in (1, 2) for code in geography.regions(2016, level)]

    assert [one.code for one in found if one.longitude is None or one.latitude is None] == []
    assert [one.code for one in found if not geography.is_valid(str(one.parent), 2016)] == []


def test_france_has_27_regions_of_level_2_in_2016():
    assert len(geography.regions(2016, 2, "FR")) == 27


def test_a_code_is_valid_only_in_its_vintages():
    assert geography.vintages("FR71") == (2006, 2010, 2013)
    assert geography.is_valid("HR02", 2006)
    assert not geography.is_valid("HR02", 2016)
    assert geography.is_valid("HR02", 2021)


def test_parts_are_the_level_2_regions_below():
    assert geography.parts("FRK", 2016) == ("FRK1", "FRK2")
    assert geography.parts("BE", 2016)[:2] == ("BE10", "BE21")
    assert geography.parts("FRK2", 2016) == ("FRK2",)


@pytest.mark.parametrize("code", ["EU27_2020", "EA19", "FRZZ", "FRK26", "XK", ""])
def test_aggregates_extra_regio_and_smaller_regions_are_no_regions(code):
    assert not geography.is_region(code)


def test_an_unknown_code_is_refused_with_the_nearest_ones():
    with pytest.raises(UnknownRegionError, match=r"'FRK9' is no NUTS code.*FRK \(Auvergne-Rhône-Alpes\).*Give a code"):
        geography.region("FRK9")


def test_a_name_leads_to_its_code():
    assert geography.nearest("hauts de france", count=1)[0].code == "FRE"


def test_an_unknown_vintage_is_refused():
    with pytest.raises(UnknownRegionError, match="NUTS 1999 level 2 is not in the tables"):
        geography.regions(1999, 2)
