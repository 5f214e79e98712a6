"""What the shipped definitions must say to be shown to a person."""

import pytest

from beffroi.catalogue.load import load

CATALOGUE = load()


@pytest.mark.parametrize("indicator", CATALOGUE.indicators.values(), ids=lambda one: one.id)
def test_an_indicator_speaks_both_languages_and_quotes_a_seed(indicator):
    for text in (indicator.name, indicator.short, indicator.definition, indicator.why, *indicator.breaks):
        assert text.fr
        assert text.en
    quote, year = indicator.seed.removeprefix("« ").split(" » ")
    assert len(quote.split()) <= 12
    assert year in {"(2006)", "(2016)"}
    assert len(indicator.short.fr) <= 40
    assert len(indicator.short.en) <= 40


@pytest.mark.parametrize("indicator", CATALOGUE.indicators.values(), ids=lambda one: one.id)
def test_a_published_rate_is_weighed_by_population(indicator):
    if indicator.value is not None:
        assert indicator.weight_series is not None
        assert indicator.weight_series.dataset == "demo_r_d2jan"


def test_years_left_out_are_explained():
    bounded = [one for one in CATALOGUE.indicators.values() if (one.first_year, one.last_year) != (1900, 2100)]

    assert all(one.breaks for one in bounded)


def test_every_unit_and_source_is_used():
    indicators = CATALOGUE.indicators.values()

    assert {one.unit.id for one in indicators} == set(CATALOGUE.units)
    # A register gives no series of an indicator yet: its figures are counted from rows.
    assert {series.source for one in indicators for series in one.series} == set(CATALOGUE.sources) - {
        "sirene",
        "ratios_inpi_bce",
    }


def test_the_register_says_whose_names_are_not_loaded():
    said = CATALOGUE.sources["sirene"].attribution

    assert "Aucun nom d’entrepreneur individuel ni d’unité non diffusible" in said.fr
    assert "No name of a sole trader or of a unit that is not diffused" in said.en
