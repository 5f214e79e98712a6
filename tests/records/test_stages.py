"""S31: stages are measurable, assessed from figures, and keep the definition under which they were assessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from beffroi.charter import entries
from beffroi.charter.entries import By
from beffroi.charter.faults import RefusedError
from beffroi.strategy.stage import ASSESSMENT, DECLARED, STAGE
from beffroi.strategy.stage_standing import standing, standings

START = datetime(2026, 11, 22, 8, tzinfo=UTC)
TOP_FIVE = {
    "name": {"fr": "Cinq premiers", "en": "Top five"}, "track": "rank", "place": 2, "metric": "rank", "region": "FRK",
    "population": "regions", "threshold": "5", "better": "low", "by": "2036-01-01", "status": "open", "unit": "rank",
}  # fmt: skip


class Clock:
    minutes = 0


def by():
    Clock.minutes += 1
    return By("account 3", START + timedelta(minutes=Clock.minutes))


@pytest.fixture
def stages(registry):
    Clock.minutes = 0
    first = {**TOP_FIVE, "name": {"fr": "Premier", "en": "First"}, "place": 1, "threshold": "1", "population": "france"}
    return [entries.create(STAGE, one, by=by()) for one in (first, TOP_FIVE)]


def assess(stage, on, value, **more):
    now = entries.book().thing(stage)
    given = {"stage": stage, "definition": now.entry, "on": on, "value": value, "source": "edition 2026-11-22", **more}
    return entries.create(ASSESSMENT, given, by=by())


def look(stage):
    book = entries.book()
    return standing(book, book.thing(stage), entries.history(stage))


@pytest.mark.parametrize("missing", ["metric", "population", "threshold", "by"])
def test_s31_1_a_stage_without_metric_population_threshold_or_date_is_refused(registry, missing):
    with pytest.raises(RefusedError) as refused:
        entries.create(STAGE, {**TOP_FIVE, missing: ""}, by=by())
    assert missing in [one.field for one in refused.value.faults]


def test_s31_1_a_rank_needs_its_region_and_an_indicator_its_name(registry):
    with pytest.raises(RefusedError, match="Region"):
        entries.create(STAGE, {**TOP_FIVE, "region": ""}, by=by())
    with pytest.raises(RefusedError, match="Indicator"):
        entries.create(STAGE, {**TOP_FIVE, "metric": "indicator"}, by=by())
    entries.create(STAGE, TOP_FIVE, by=by())
    with pytest.raises(RefusedError, match="already holds this place"):
        entries.create(STAGE, TOP_FIVE, by=by())


def test_s31_2_the_gap_in_units_in_per_cent_and_in_years(stages):
    assert look("stage-2").gap is None
    for year, rank in (("2017", "17"), ("2020", "14"), ("2023", "11.2"), ("2026", "8")):
        assess("stage-2", f"{year}-01-01", rank)
    now = look("stage-2")
    assert (now.gap, now.gap_share) == (Decimal(3), Decimal("0.6"))
    assert now.arrival.answer == "crosses"
    assert now.arrival.low < now.arrival.year < now.arrival.high
    assert now.arrival.year == pytest.approx(2029.0, abs=0.3)  # one place a year


def test_s31_2_a_pace_that_leads_away_never_arrives_and_two_points_have_none(stages):
    assess("stage-2", "2020-01-01", "10")
    assess("stage-2", "2022-01-01", "11")
    assert look("stage-2").arrival is None
    assess("stage-2", "2024-01-01", "12.1")
    assess("stage-2", "2026-01-01", "13")
    assert look("stage-2").arrival.answer == "does not cross"


def test_s31_2_a_threshold_that_is_met_leaves_no_gap(stages):
    assess("stage-2", "2026-01-01", "4", low="3", high="7")
    assert look("stage-2").gap == 0
    with pytest.raises(RefusedError, match="does not lie between"):
        assess("stage-2", "2026-01-01", "9", low="3", high="7")
    with pytest.raises(RefusedError, match="both ends"):
        assess("stage-2", "2026-01-01", "9", low="3")


def test_s31_4_past_assessments_keep_the_definition_of_their_time(stages):
    old = assess("stage-2", "2020-01-01", "12")
    entries.change(STAGE, "stage-2", {"population": "nuts2", "threshold": "10"}, by=by(), reason="more rivals")
    assess("stage-2", "2026-01-01", "12")
    now = look("stage-2")
    assert [(one.definition["population"], one.is_current) for one in now.assessed] == [
        ("regions", False), ("nuts2", True),
    ]  # fmt: skip
    assert now.gap == 2
    assert entries.book(old.at).thing("stage-2").get("threshold") == "5"
    entries.change(STAGE, "stage-2", {"name": {"fr": "Cinq", "en": "Five"}}, by=by())
    assert [one.is_current for one in look("stage-2").assessed] == [False, True]


def test_s31_4_an_assessment_never_changes(stages):
    one = assess("stage-2", "2020-01-01", "12")
    with pytest.raises(RefusedError, match="does not change"):
        entries.change(ASSESSMENT, one.id, {"value": "1"}, by=by())
    with pytest.raises(RefusedError, match="changed meanwhile"):
        assess("stage-2", "2020-01-01", "12", definition=1)


def test_s31_5_the_second_stage_waits_for_the_first_unless_somebody_says_why(stages):
    assess("stage-2", "2026-01-01", "4")
    reached = {"status": "reached", "reached_on": "2026-06-01"}
    with pytest.raises(RefusedError, match=r"earlier stage is not reached \(stage-1\)"):
        entries.change(STAGE, "stage-2", reached, by=by(), act=DECLARED)
    entries.change(
        STAGE, "stage-2", {**reached, "override_reason": "The first counts few rivals."}, by=by(), act=DECLARED
    )
    assert entries.history("stage-2")[-1].change["override_reason"] == "The first counts few rivals."


def test_s31_5_a_stage_is_not_reached_by_wish(stages):
    with pytest.raises(RefusedError, match=r"latest assessment \(none\)"):
        entries.change(STAGE, "stage-1", {"status": "reached"}, by=by(), act=DECLARED)
    assess("stage-1", "2026-01-01", "2")
    with pytest.raises(RefusedError, match=r"latest assessment \(2\)"):
        entries.change(STAGE, "stage-1", {"status": "reached"}, by=by(), act=DECLARED)
    assess("stage-1", "2026-02-01", "1")
    entries.change(STAGE, "stage-1", {"status": "reached"}, by=by(), act=DECLARED)
    book = entries.book()
    assert [one.stage.get("status") for one in standings(book, book.of("stage"), entries.history)] == [
        "reached",
        "open",
    ]
