"""Which regions a comparison set compares."""

from collections import Counter

from beffroi.catalogue.load import load
from beffroi.catalogue.members import members
from beffroi.catalogue.schema import ComparisonSet
from beffroi.vocabulary.geography import parts
from beffroi.vocabulary.text import Text

NOTHING = Text("", "")


def of_country(set_id, country):
    return [code for code in members(load().sets[set_id]) if code.startswith(country)]


def test_the_administrative_set_compares_the_regions_of_the_seeds():
    french = of_country("administrative_2016", "FR")

    assert {"FRK", "FRE", "FR1"} <= set(french)
    assert len(french) == 18
    assert len(members(load().sets["administrative_2016"])) == 227


def test_masovia_counts_once():
    polish = of_country("administrative_2016", "PL")

    assert [code for code in polish if code.startswith("PL9")] == ["PL9"]
    assert len(polish) == 16


def test_the_nuts_2_set_has_every_region_of_level_2():
    assert len(members(load().sets["nuts2_2016"])) == 296
    assert Counter(len(code) for code in members(load().sets["nuts2_2016"])) == {4: 296}


def test_no_region_of_a_set_is_part_of_another():
    for compared in load().sets.values():
        found = members(compared)

        assert len({part for code in found for part in parts(code, compared.vintage)}) == sum(
            len(parts(code, compared.vintage)) for code in found
        )


def test_exclude_takes_a_region_out_with_its_parts():
    compared = ComparisonSet("x", NOTHING, NOTHING, 2016, 2, countries=("BE",), exclude=("BE2", "BE10"))

    assert members(compared) == ("BE31", "BE32", "BE33", "BE34", "BE35")
