"""Figures carried from one NUTS vintage to another."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.vocabulary.geography import is_valid, known_vintages, regions
from beffroi.vocabulary.recode import RecodedValue, recode

OLD = sorted(code for code in regions(2013, 2) if not is_valid(code, 2016))
VALUES = st.floats(min_value=0, max_value=1e6, allow_nan=False)


@pytest.mark.parametrize(
    ("old", "new"), [("FR30", "FRE1"), ("FR22", "FRE2"), ("FR71", "FRK2"), ("FR72", "FRK1"), ("FR7", "FRK")]
)
def test_a_french_region_only_changed_its_code(old, new):
    assert recode({old: 5.2}, to_vintage=2016, kind="rate").values == {new: RecodedValue(5.2, "observed", (old,), 0.0)}


def test_a_code_of_the_wanted_vintage_wins_over_an_older_one_of_the_same_place():
    found = recode({"FR71": 1.0, "FRK2": 2.0}, to_vintage=2016, kind="rate")

    assert found.values == {"FRK2": RecodedValue(2.0, "observed", ("FRK2",), 0.0)}


def test_a_split_region_gives_its_rate_to_both_parts_and_shares_its_count():
    rates = recode({"HU10": 40.0}, to_vintage=2016, kind="rate").values
    counts = recode({"HU10": 1000.0}, to_vintage=2016, kind="count").values

    assert {code: (one.value, one.origin) for code, one in rates.items()} == {
        "HU11": (40.0, "recoded"),
        "HU12": (40.0, "recoded"),
    }
    assert counts["HU11"].value + counts["HU12"].value == pytest.approx(1000.0)
    assert counts["HU11"].value > counts["HU12"].value


def test_merged_regions_give_a_mean_weighted_by_persons_and_a_sum():
    rate = recode({"FI13": 10.0, "FI1A": 20.0}, to_vintage=2016, kind="rate").values["FI1D"]
    count = recode({"FI13": 10.0, "FI1A": 20.0}, to_vintage=2016, kind="count").values["FI1D"]

    assert 10 < rate.value < 20
    assert (count.value, count.origin, count.from_codes) == (30.0, "recoded", ("FI13", "FI1A"))


def test_the_share_of_missing_weight_is_said():
    found = recode({"UKM2": 4.0}, to_vintage=2016, kind="rate").values

    assert found["UKM7"].missing_weight == pytest.approx(0, abs=0.01)
    assert 0.3 < found["UKM9"].missing_weight < 1


def test_two_old_vintages_of_one_place_do_not_count_it_twice():
    alone = recode({"UKI1": 100.0, "UKI2": 100.0}, to_vintage=2021, kind="count").values
    doubled = recode({"FR71": 100.0, "UKI1": 100.0, "UKI2": 100.0}, to_vintage=2021, kind="count").values

    assert {code: doubled[code] for code in alone} == alone


def test_aggregates_and_unknown_codes_are_unplaced():
    assert recode({"EU27_2020": 3.0, "FRZZ": 1.0}, to_vintage=2016, kind="rate").unplaced == (
        "EU27_2020",
        "FRZZ",
    )


@pytest.mark.parametrize("vintage", known_vintages())
def test_every_vintage_leads_to_2016(vintage):
    given_ = {code: 1.0 for level in (0, 1, 2) for code in regions(vintage, level)}

    assert set(recode(given_, to_vintage=2016, kind="rate").unplaced) <= {"NO0B"}  # Jan Mayen: new in 2021


@given(st.dictionaries(st.sampled_from(OLD), VALUES, min_size=1))
def test_counts_keep_their_total(values):
    found = recode(values, to_vintage=2016, kind="count").values

    assert math.isclose(sum(one.value for one in found.values()), sum(values.values()), rel_tol=1e-9, abs_tol=1e-6)


@given(st.dictionaries(st.sampled_from(OLD), VALUES, min_size=1))
def test_rates_stay_between_the_least_and_the_greatest(values):
    found = [one.value for one in recode(values, to_vintage=2016, kind="rate").values.values()]

    assert min(values.values()) - 1e-6 <= min(found)
    assert max(found) <= max(values.values()) + 1e-6


@given(st.dictionaries(st.sampled_from(regions(2016, 2)), VALUES, min_size=1))
def test_figures_of_the_wanted_vintage_stay_as_they_are(values):
    found = recode(values, to_vintage=2016, kind="count").values

    assert {code: one.value for code, one in found.items()} == values
    assert {one.origin for one in found.values()} == {"observed"}
