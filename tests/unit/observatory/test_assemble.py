"""Figures of a mixed-level set, worked by hand on Auvergne (FRK1), Rhône-Alpes (FRK2) and the whole (FRK)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beffroi.catalogue.schema import Indicator, Series, Unit
from beffroi.observatory.assemble import assemble, by_series
from beffroi.vocabulary.observation import Observation, read_flags
from beffroi.vocabulary.text import Text

NAME = Text("essai", "trial")
RATE = Series("eurostat", "rd_e_gerdreg", (("unit", "PC_GDP"),))
PEOPLE = Series("eurostat", "demo_r_d2jan", (("age", "TOTAL"),))
GRADUATES = Series("eter", "graduates", ())
RATED = Indicator(
    "gerd_pct_gdp", NAME, NAME, NAME, NAME, "", Unit("percent", NAME, NAME, 1), 1, (1, 2), 12, "test", "2026-11-22",
    value=RATE, weight_series=PEOPLE,
)  # fmt: skip
COUNTED = replace(
    RATED, id="graduates_pm", value=None, numerator=GRADUATES, denominator=PEOPLE, scale=1e6, weight_series=None
)
POPULATION = [
    Observation(PEOPLE.key, "FRK1", 2013, 1_350_000.0),
    Observation(PEOPLE.key, "FRK2", 2013, 6_400_000.0),
    Observation(PEOPLE.key, "FR10", 2013, 12_000_000.0),
]


def panel(observations, indicator=RATED, regions=("FRK", "FRK2", "FR1")):
    return assemble(by_series([*POPULATION, *observations]), [indicator], regions, vintage=2016, population=PEOPLE)


def test_old_codes_are_recoded_and_a_region_is_the_weighted_mean_of_its_parts():
    found = panel([Observation(RATE.key, "FR71", 2013, 2.77), Observation(RATE.key, "FR72", 2013, 2.33)]).figures

    whole = found["gerd_pct_gdp", "FRK"][0]
    assert whole.value == pytest.approx((1.35 * 2.33 + 6.4 * 2.77) / 7.75)
    assert (whole.year, whole.origin, whole.status) == (2013, "parts", "A")
    assert found["gerd_pct_gdp", "FRK2"][0].value == 2.77
    assert found["gerd_pct_gdp", "FRK2"][0].origin == "observed"
    assert ("gerd_pct_gdp", "FR1") not in found


def test_a_figure_published_for_the_whole_wins_over_its_parts():
    given = [Observation(RATE.key, code, 2013, value) for code, value in (("FRK", 9.0), ("FRK1", 1.0), ("FRK2", 1.0))]

    assert panel(given).figures["gerd_pct_gdp", "FRK"][0].value == 9.0


def test_parts_that_hold_four_fifths_of_the_region_give_an_estimate():
    most = panel([Observation(RATE.key, "FRK2", 2013, 2.77)]).figures
    least = panel([Observation(RATE.key, "FRK1", 2013, 2.33)]).figures

    one = most["gerd_pct_gdp", "FRK"][0]
    assert (one.value, one.status, one.origin) == (2.77, "E", "parts")
    assert ("gerd_pct_gdp", "FRK") not in least


def test_a_ratio_counts_only_the_parts_with_both_numbers():
    most = panel([Observation(GRADUATES.key, "FRK2", 2013, 640.0)], COUNTED).figures
    least = panel([Observation(GRADUATES.key, "FRK1", 2013, 135.0)], COUNTED).figures

    one = most["graduates_pm", "FRK"][0]
    assert (one.value, one.status, one.origin) == (pytest.approx(100.0), "E", "parts")
    assert ("graduates_pm", "FRK") not in least


def test_the_only_part_of_a_region_stands_for_it():
    found = panel([Observation(RATE.key, "FR10", 2013, 2.9, read_flags("p"))]).figures

    only = found["gerd_pct_gdp", "FR1"][0]
    assert (only.value, only.status, only.origin) == (2.9, "P", "observed")


def test_a_ratio_of_a_whole_is_the_ratio_of_sums():
    given = [Observation(GRADUATES.key, "FRK1", 2013, 135.0), Observation(GRADUATES.key, "FRK2", 2013, 640.0)]

    whole = panel(given, COUNTED).figures["graduates_pm", "FRK"][0]

    assert whole.value == pytest.approx(775 / 7.75)
    assert whole.origin == "parts"


def test_a_denominator_of_another_year_marks_the_figure_estimated():
    near = panel([Observation(GRADUATES.key, "FRK2", 2015, 640.0)], COUNTED).figures
    far = panel([Observation(GRADUATES.key, "FRK2", 2018, 640.0)], COUNTED).figures

    assert near["graduates_pm", "FRK2"][0].status == "E"
    assert far == {}


def test_pooled_years_are_averaged_and_an_absent_region_counts_zero_where_declared():
    pooled = replace(COUNTED, pooled_years=2, absent_is_zero=True)
    given = [
        Observation(GRADUATES.key, "FRK2", 2012, 640.0),
        Observation(GRADUATES.key, "FR10", 2013, 1200.0),
        Observation(GRADUATES.key, "FR10", 2012, 1200.0),
    ]

    found = panel(given, pooled).figures

    assert [(one.year, one.value) for one in found["graduates_pm", "FRK2"]] == [(2013, 50.0)]
    assert found["graduates_pm", "FR1"][0].value == 100.0


def test_years_outside_those_declared_are_not_used():
    limited = replace(RATED, last_year=2012)
    given = [Observation(RATE.key, "FRK2", year, 1.0) for year in (2011, 2012, 2013)]

    assert [one.year for one in panel(given, limited).figures["gerd_pct_gdp", "FRK2"]] == [2011, 2012]


def test_a_figure_far_behind_the_newest_is_not_the_latest():
    given = [Observation(RATE.key, "FRK2", 2004, 1.0), Observation(RATE.key, "FR10", 2013, 2.9)]

    assert set(panel(given).latest(RATED, ("FRK2", "FR1"))) == {"FR1"}


def test_inhabitants_are_the_newest_count_of_the_region_or_its_parts():
    assert panel([]).population == {"FRK": 7_750_000.0, "FRK2": 6_400_000.0, "FR1": 12_000_000.0}


def test_a_confidential_figure_enters_nothing():
    secret = Observation(RATE.key, "FRK2", 2013, 2.77, read_flags("", "C"))

    assert panel([secret]).figures == {}


def test_parts_that_only_changed_their_code_come_before_a_share_of_older_wholes():
    people = [Observation(PEOPLE.key, "FRE1", 2013, 4_000_000.0), Observation(PEOPLE.key, "FRE2", 2013, 2_000_000.0)]
    given = [
        Observation(RATE.key, code, 2013, value)
        for code, value in (("FR3", 9.0), ("FR2", 5.0), ("FR30", 0.9), ("FR22", 1.2))
    ]

    one = panel([*people, *given], regions=("FRE",)).figures["gerd_pct_gdp", "FRE"][0]

    assert (one.value, one.origin) == (pytest.approx(1.0), "parts")
