"""The figures shipped with the project."""

from collections import Counter
from importlib import resources

from beffroi.catalogue.load import load
from beffroi.sources.starter import read_starter
from beffroi.vocabulary.geography import is_region
from beffroi.vocabulary.observation import Observation


def test_a_figure_is_read_as_its_publisher_gave_it():
    figures, _ = read_starter()

    assert Observation("hrst_st_rcat[unit=PC_ACT,category=HRST]", "FR10", 2020, 66.5) in figures


def test_every_series_of_the_catalogue_is_in_the_starter():
    _, provenance = read_starter()
    wanted = {series.key for one in load().indicators.values() for series in one.series}

    assert wanted == {one.series for one in provenance}


def test_every_series_names_its_source_licence_day_and_intermediary():
    _, provenance = read_starter()

    assert all(one.source in load().sources and one.is_starter for one in provenance)
    assert all(one.licence and one.via and one.dataset and one.filters for one in provenance)
    assert all(len(one.retrieved_on) == len("2022-04-30") for one in provenance)


def test_the_provenance_agrees_with_the_series_of_the_catalogue():
    _, provenance = read_starter()
    series = {one.key: one for indicator in load().indicators.values() for one in indicator.series}

    assert all(
        (one.source, one.filters) == (series[one.series].source, series[one.series].filters) for one in provenance
    )


def test_figures_are_of_regions_and_years_of_the_starter_and_none_twice():
    figures, _ = read_starter()
    repeated = [key for key, count in Counter((o.series, o.region, o.year) for o in figures).items() if count > 1]

    assert repeated == []
    assert {o.year for o in figures} == set(range(2008, 2021))
    assert all(is_region(code) for code in {o.region for o in figures})


def test_codes_of_several_vintages_are_kept_as_given():
    figures, _ = read_starter()
    gerd = {o.region for o in figures if o.series == "rd_e_gerdreg[sectperf=TOTAL,unit=PC_GDP]"}

    assert {"FR30", "FR71"} <= gerd


def test_a_whole_country_at_zero_is_missing_and_left_out():
    figures, _ = read_starter()
    graduates = [one for one in figures if one.series == "graduates[isced11=ED6,iscedf13=F06]"]

    assert not [one for one in graduates if one.region.startswith("RO")]
    assert max(one.year for one in graduates if one.region.startswith("FR")) == 2014
    assert 0 in {one.value for one in graduates if one.region.startswith("FR")}


def test_the_starter_stays_small():
    file = resources.files("beffroi.catalogue").joinpath("starter", "figures.csv.gz")

    assert len(file.read_bytes()) < 3_000_000
