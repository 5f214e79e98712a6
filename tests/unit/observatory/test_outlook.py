"""By when, peers and what rates are divided by, on the starter's real figures; and an edition from before them."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest

from beffroi.composite.aggregate import aggregate
from beffroi.observatory.ahead import HORIZON
from beffroi.observatory.frozen_outlook import LATER_TABLES, freeze_outlook, thaw_outlook
from beffroi.observatory.outlook import Outlook, Trait
from beffroi.observatory.read import open_edition
from beffroi.observatory.rebuild import rebuilt
from beffroi.observatory.structure import FEWEST_REGIONS, TRAITS, peers
from beffroi.vocabulary.errors import StoreError


@pytest.fixture(scope="module")
def edition(built):
    return open_edition(built.path)


def test_each_place_not_yet_held_has_an_arrival_with_its_chances(edition):
    for reading in edition.sets.values():
        assert set(reading.outlook.arrivals) == set(reading.goals)
        for one in reading.outlook.arrivals.values():
            assert one.within_5.p <= one.within_10.p <= one.within_20.p
            assert one.within_20.p + one.never.p == pytest.approx(1)
            assert (one.median_year is None) == (one.never.p >= 0.5) or one.never.p == pytest.approx(0.5)
            p = one.within_10
            assert p.standard_error == pytest.approx(np.sqrt(p.p * (1 - p.p) / one.futures))


def test_a_nearer_place_is_never_reached_later(edition):
    for reading in edition.sets.values():
        by_region: dict[str, list] = {}
        for one in reading.outlook.arrivals.values():
            by_region.setdefault(one.region, []).append(one)
        for found in by_region.values():
            ordered = sorted(found, key=lambda one: -one.top)
            for near, far in pairwise(ordered):
                assert near.within_20.p >= far.within_20.p


def test_the_path_starts_at_today_s_rank_and_follows_everybody_s_pace(edition):
    """A slow recount: move every region's points by its pace, cell by cell, and count who is above."""
    reading = edition.sets["nuts2_2016"]
    built = rebuilt(edition, reading)
    points = built.normalised.values
    paces = np.array(
        [[reading.outlook.paces[region, name].used for name in built.normalised.indicators] for region in built.regions]
    )
    for year in (0, 7, HORIZON):
        moved = np.clip(points + year * paces, np.minimum(points, 0), np.maximum(points, 100))
        scores = aggregate(moved, built.shape, method="arithmetic")[1]
        for row in (0, 50, 200):
            path = reading.outlook.paths[built.regions[row]]
            assert [one.year for one in path] == list(range(HORIZON + 1))
            assert path[year].rank == 1 + int((scores > scores[row] + 1e-9).sum())
            assert path[year].rank_low <= path[year].rank_high


def test_a_pace_says_on_how_many_years_it_rests(edition):
    for reading in edition.sets.values():
        for one in reading.outlook.paces.values():
            held = len(edition.series.get((one.indicator, one.region), ()))
            assert one.years == held
            assert (one.basis == "own") == (held >= 5) == (one.observed is not None)
            if one.basis == "still":
                assert (one.used, one.spread) == (0.0, 0.0)
        still = {one.indicator for one in reading.outlook.paces.values() if one.basis == "still"}
        assert {"high_tech_patents_per_million", "research_organisations_per_million"} <= still


def test_the_pace_required_leads_to_the_threshold(edition):
    reading = edition.sets["administrative_2016"]
    scores = {one.region: one.score for one in reading.standings}
    for found in reading.outlook.required.values():
        assert [one.years for one in found] == [5, 10, 20]
        for one in found:
            assert scores[one.region] + one.years * one.pace == pytest.approx(one.threshold)
            assert one.good <= one.best


def test_peers_are_alike_and_mutual_when_each_chose_the_other(edition):
    for reading in edition.sets.values():
        found = reading.outlook.peers
        assert len(found) > 0.9 * len(reading.standings)
        for region, group in found.items():
            assert [one.place for one in group] == list(range(1, 11))
            distances = [one.distance for one in group]
            assert distances == sorted(distances)
            for one in group:
                assert one.peer != region
                assert one.is_mutual == (region in {each.peer for each in found[one.peer]})


def test_the_peers_of_stuttgart_s_land_are_the_large_and_rich_ones(edition):
    reading = edition.sets["administrative_2016"]

    nearest = [one.peer for one in reading.outlook.peers["DE1"]][:5]

    assert {"DE2", "DEA", "DE7"} <= set(nearest)


def test_a_region_without_a_trait_has_no_peers_and_is_nobody_s(edition):
    reading = edition.sets["administrative_2016"]
    ranked = [one.region for one in reading.standings]
    known = [one for one in reading.outlook.traits.values() if (one.region, one.trait) != ("DE1", TRAITS[0])]

    found = peers(known, ranked)

    assert "DE1" not in {one.region for one in found} | {one.peer for one in found}
    assert peers([Trait(one, TRAITS[0], 1e6) for one in ranked], ranked) == ()
    assert peers(known, ranked[: FEWEST_REGIONS - 1]) == ()


def test_a_base_gives_the_numerator_back(edition):
    """Persons times product per head is the product that Eurostat publishes (millions of euros, 2018)."""
    reading = edition.sets["nuts2_2016"]
    base = reading.outlook.bases["FRK2", "gdp_eur_per_head"]
    cell = reading.cells["FRK2", "gdp_eur_per_head"]

    assert cell.raw * base.denominator / 1e6 == pytest.approx(234_000, rel=0.05)


def test_an_edition_from_before_these_questions_still_reads(house):
    folder = house.edition("2026-1")
    manifest = json.loads((folder / "manifest.json").read_text())
    for name in LATER_TABLES:
        (folder / "tables" / f"{name}.parquet").unlink()
        del manifest["tables"][name]
        del manifest["files"][f"tables/{name}.parquet"]
    (folder / "manifest.json").write_text(json.dumps(manifest))

    old = open_edition(house.path, "2026-1")

    reading = old.sets["administrative_2016"]
    assert reading.outlook == Outlook()
    assert reading.standing("FRK") is not None


def test_a_table_that_the_manifest_promises_must_be_there(house):
    (house.edition("2026-1") / "tables" / "out__peers.parquet").unlink()

    with pytest.raises(StoreError):
        open_edition(house.path, "2026-1")


def test_an_outlook_survives_freezing(edition):
    for set_id, reading in edition.sets.items():
        columns = freeze_outlook(set_id, reading.outlook)
        tables = {name: (tuple(one), list(zip(*one.values(), strict=True))) for name, one in columns.items()}
        assert tuple(columns) == LATER_TABLES
        assert thaw_outlook(set_id, tables) == reading.outlook
        assert thaw_outlook("another", tables) == Outlook()
