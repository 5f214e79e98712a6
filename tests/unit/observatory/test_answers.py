"""Why, merge and weights: answers made on the spot from frozen cells, each against an obvious recount."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from beffroi.observatory.merge import merge
from beffroi.observatory.outlook import Outlook
from beffroi.observatory.read import open_edition
from beffroi.observatory.rebuild import rebuilt
from beffroi.observatory.weights import Weights, reweigh
from beffroi.observatory.why import change, why
from beffroi.vocabulary.errors import UnknownRegionError, UsageError

ADMINISTRATIVE, NUTS2 = "administrative_2016", "nuts2_2016"
UNIONS = {"FRK": ("FRK1", "FRK2"), "FRE": ("FRE1", "FRE2")}


@pytest.fixture(scope="module")
def edition(built):
    return open_edition(built.path)


def test_an_index_made_again_has_the_scores_of_the_edition(edition):
    for reading in edition.sets.values():
        built = rebuilt(edition, reading)
        scores = {one.region: one.score for one in reading.standings}
        assert built.scores == pytest.approx([scores[one] for one in built.regions], abs=1e-9)


def test_parts_of_a_gap_add_up_and_are_weight_times_difference(edition):
    reading = edition.sets[ADMINISTRATIVE]

    found = why(edition, reading, "FRK", "DE1")

    own, rival = reading.standing("FRK"), reading.standing("DE1")
    assert found.points == pytest.approx(own.score - rival.score, abs=1e-9)
    assert sum(one.points for one in found.parts) == pytest.approx(found.points, abs=1e-9)
    assert sum(points for _, points in found.pillars) == pytest.approx(found.points, abs=1e-9)
    for one in found.parts:
        assert one.points == pytest.approx(one.own.contribution - one.rival.contribution, abs=1e-9)
    assert found.above == reading.above("FRK", "DE1")


def test_a_gap_read_from_the_other_side_changes_its_sign(edition):
    reading = edition.sets[ADMINISTRATIVE]

    one, other = why(edition, reading, "FRK", "FRE"), why(edition, reading, "FRE", "FRK")

    assert one.points == pytest.approx(-other.points)
    assert {part.indicator: part.points for part in one.parts} == pytest.approx(
        {part.indicator: -part.points for part in other.parts}
    )


def test_a_gap_needs_two_ranked_regions(edition):
    reading = edition.sets[ADMINISTRATIVE]
    with pytest.raises(UsageError, match="own rival"):
        why(edition, reading, "FRK", "FRK")
    with pytest.raises(UnknownRegionError, match="not ranked"):
        why(edition, reading, "FRK", "FRK2")


def moved(edition, region, factor):
    """The same edition with one region's figures multiplied, as a later publication would give them."""
    reading = edition.sets[ADMINISTRATIVE]
    cells = {
        key: replace(one, raw=one.raw * factor, year=one.year + 1) if key[0] == region and one.raw is not None else one
        for key, one in reading.cells.items()
    }
    sets = {**edition.sets, ADMINISTRATIVE: replace(reading, cells=cells)}
    return replace(edition, id="2027-1", sets=sets)


def test_a_change_of_rank_is_told_by_its_cause(edition):
    same = change(edition, edition, ADMINISTRATIVE, "FRK")
    assert same.before == same.after
    assert [points for _, points in same.parts] == [0.0, 0.0, 0.0, 0.0]

    later = moved(edition, "FRK", 1.2)
    own = change(edition, later, ADMINISTRATIVE, "FRK")
    assert own.after < own.before
    assert dict(own.parts)["own"] == pytest.approx(own.after - own.before)
    other = change(edition, later, ADMINISTRATIVE, "FRI")
    assert dict(other.parts)["own"] == 0.0
    assert sum(points for _, points in other.parts) == pytest.approx(other.after - other.before)


def test_a_change_of_method_and_a_revision_are_told_apart(edition):
    index = edition.indices["digital_region"]
    heavier = replace(
        index, pillars=tuple(replace(one, weight=9.0) if one.id == "use" else one for one in index.pillars)
    )
    found = change(edition, replace(edition, id="2027-1", indices={index.id: heavier}), ADMINISTRATIVE, "FRK")
    assert dict(found.parts)["method"] == pytest.approx(found.after - found.before)
    assert found.after != found.before

    reading = edition.sets[ADMINISTRATIVE]
    revised = dict(edition.series)
    cells = dict(reading.cells)
    for name in reading.treated:
        cell = reading.cells["FRK", name]
        points = revised[name, "FRK"]
        revised[name, "FRK"] = tuple(
            replace(one, value=one.value * 1.3) if one.year == cell.year else one for one in points
        )
        cells["FRK", name] = replace(cell, raw=cell.raw * 1.3)
    sets = {**edition.sets, ADMINISTRATIVE: replace(reading, cells=cells)}
    found = change(edition, replace(edition, id="2027-1", sets=sets, series=revised), ADMINISTRATIVE, "FRK")
    parts = dict(found.parts)
    assert parts["revision"] + parts["own"] == pytest.approx(found.after - found.before)
    assert parts["revision"] < 0
    assert parts["method"] == parts["others"] == 0.0


def test_a_region_of_one_edition_only_has_no_change(edition):
    assert change(edition, edition, ADMINISTRATIVE, "FRK2") is None
    assert change(replace(edition, sets={}), edition, ADMINISTRATIVE, "FRK") is None


@pytest.mark.parametrize("whole", UNIONS)
def test_two_old_regions_merged_are_the_new_one(edition, whole):
    """The administrative set assembles the same regions from raw counts: an independent way to the same figures."""
    reading, other = edition.sets[NUTS2], edition.sets[ADMINISTRATIVE]

    found = merge(edition, reading, UNIONS[whole])

    assert found.ranked == len(reading.standings) - 1
    assert found.population == pytest.approx(other.standing(whole).population)
    for one in found.figures:
        cell = other.cells[whole, one.indicator]
        if cell.origin == "parts":
            assert one.value == pytest.approx(cell.raw, rel=0.03)
            if one.how == "exact" and len(set(one.years)) == 1:
                assert one.value == pytest.approx(cell.raw, rel=1e-9)
    low, high = sorted(reading.standing(one).rank for one in UNIONS[whole])
    assert low <= found.frozen_rank <= high
    assert found.rank_low <= found.frozen_rank <= found.rank_high


def test_what_rests_on_no_known_denominator_is_marked_an_estimate(edition):
    reading = edition.sets[NUTS2]

    found = merge(edition, reading, ("FRK1", "FRK2"))

    how = {one.indicator: one.how for one in found.figures}
    assert how["gdp_eur_per_head"] == "exact"
    assert how["tertiary_attainment_pct"] == "weighted_estimate"
    assert how["erasmus_incoming_per_million"] == "partial_estimate"
    bare = replace(reading, outlook=Outlook())
    assert merge(edition, bare, ("FRK1", "FRK2")).count("exact") == 0


def test_a_figure_that_the_larger_part_lacks_is_missing(edition):
    reading = edition.sets[NUTS2]
    key = ("FRK2", "gdp_eur_per_head")
    holed = replace(reading, cells={**reading.cells, key: replace(reading.cells[key], raw=None, year=None)})

    found = merge(edition, holed, ("FRK1", "FRK2"))

    one = next(each for each in found.figures if each.indicator == "gdp_eur_per_head")
    assert (one.how, one.value) == ("missing", None)
    assert np.isfinite(one.used)


@pytest.mark.parametrize(
    ("codes", "words"),
    [(["FRK1"], "at least two"), (["FRK1", "FRK1"], "at least two"), (["FRK1", "FRK"], "not ranked")],
)
def test_a_merger_that_makes_no_sense_is_refused(edition, codes, words):
    with pytest.raises(UsageError, match=words):
        merge(edition, edition.sets[NUTS2], codes)


def test_too_many_or_too_few_regions_are_refused(edition):
    reading = edition.sets[NUTS2]
    codes = [one.region for one in reading.standings]
    with pytest.raises(UsageError, match="at most 10"):
        merge(edition, reading, codes[:11])
    small = replace(reading, standings=reading.standings[:3])
    with pytest.raises(UsageError, match="would be left"):
        merge(edition, small, codes[:2])
    with pytest.raises(UnknownRegionError):
        merge(edition, reading, ["FRK1", "ZZZ"])


def test_the_edition_s_own_weights_give_the_edition_s_ranks(edition):
    for reading in edition.sets.values():
        for one in reweigh(edition, reading, Weights({}, {})):
            assert (one.rank, one.score) == (one.edition_rank, pytest.approx(one.edition_score, abs=1e-9))
            assert one.rank_low <= one.rank_high


def test_weight_on_one_pillar_alone_is_that_pillar_s_ranking(edition):
    reading = edition.sets[ADMINISTRATIVE]
    pillars = [one.id for one in edition.indices["digital_region"].pillars]

    found = reweigh(edition, reading, Weights({one: float(one == "research") for one in pillars}, {}))

    for one in found:
        assert one.score == pytest.approx(reading.pillars[one.region, "research"].score)
        assert one.rank == reading.pillars[one.region, "research"].rank


def test_only_ratios_of_weights_count(edition):
    reading = edition.sets[ADMINISTRATIVE]
    pillars = [one.id for one in edition.indices["digital_region"].pillars]

    light = reweigh(edition, reading, Weights(dict.fromkeys(pillars, 2.0) | {"use": 8.0}, {}))
    heavy = reweigh(edition, reading, Weights(dict.fromkeys(pillars, 10.0) | {"use": 40.0}, {}))

    assert [one.region for one in light] == [one.region for one in heavy]
    assert [one.score for one in light] == pytest.approx([one.score for one in heavy])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Weights({"talent": -1.0}, {}), "0 to 100"),
        (Weights({"talent": float("nan")}, {}), "0 to 100"),
        (Weights({"magic": 1.0}, {}), "no pillar 'magic'"),
        (Weights({}, {"magic": 1.0}), "no indicator 'magic'"),
    ],
)
def test_weights_that_are_none_are_refused(edition, asked, words):
    with pytest.raises(UsageError, match=words):
        reweigh(edition, edition.sets[ADMINISTRATIVE], asked)


def test_all_weights_at_zero_are_refused(edition):
    pillars = [one.id for one in edition.indices["digital_region"].pillars]
    with pytest.raises(UsageError, match="nothing is left"):
        reweigh(edition, edition.sets[ADMINISTRATIVE], Weights(dict.fromkeys(pillars, 0.0), {}))
