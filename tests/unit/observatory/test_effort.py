"""What it would take, on the starter's real figures: reachable, certified, and no further than the best tenth."""

from __future__ import annotations

import numpy as np
import pytest

from beffroi.observatory.read import open_edition


@pytest.fixture(scope="module")
def edition(built):
    return open_edition(built.path)


def test_each_top_not_yet_reached_has_an_answer(edition):
    for reading in edition.sets.values():
        tops = {5, 10, len(reading.standings) // 4}
        for one in reading.standings:
            asked = {top for region, top in reading.goals if region == one.region}
            next_place = {one.rank - 1} - {0}
            assert asked == {top for top in tops if one.rank > top} | next_place


def test_levers_really_lift_the_region_to_the_place(edition):
    """An obvious recount: add each lever's points to today's, by its weight, and count who is still above."""
    for reading in edition.sets.values():
        scores = {one.region: one.score for one in reading.standings}
        for goal in reading.goals.values():
            added = sum(one.points * reading.cells[goal.region, one.indicator].weight for one in goal.levers)
            lifted = scores[goal.region] + added
            above = sum(score > lifted + 1e-9 for region, score in scores.items() if region != goal.region)
            if goal.is_feasible:
                assert goal.rank <= goal.top
                # A region that leaves the bottom of an indicator moves the scale for the others: allow one place.
                assert above <= goal.top
                assert goal.years == pytest.approx(sum(one.years for one in goal.levers))
            else:
                assert goal.levers == ()
                assert goal.rank > goal.top


def test_no_lever_goes_beyond_the_best_tenth_or_moves_what_is_not_published(edition):
    for reading in edition.sets.values():
        for goal in reading.goals.values():
            for one in goal.levers:
                cell = reading.cells[goal.region, one.indicator]
                points = [c.normalised for (_, name), c in reading.cells.items() if name == one.indicator]
                assert cell.raw is not None
                assert one.raw_from == cell.raw
                assert cell.normalised + one.points <= np.quantile(points, 0.92) + 1e-6
                assert (one.raw_to - one.raw_from) * edition.indicators[one.indicator].direction > 0
                assert one.years > 0


def test_a_farther_place_never_takes_less(edition):
    reading = edition.sets["administrative_2016"]
    for one in reading.standings:
        years = [
            goal.years for (region, _), goal in sorted(reading.goals.items(), key=lambda pair: -pair[0][1])
            if region == one.region and goal.years is not None
        ]  # fmt: skip
        assert years == sorted(years)


def test_each_rank_says_what_it_hangs_on(edition):
    for reading in edition.sets.values():
        for one in reading.standings:
            found = reading.hangs.get(one.region, ())
            assert [hang.total for hang in found] == sorted((hang.total for hang in found), reverse=True)
            assert all(hang.low <= hang.high for hang in found)
            if one.rank_low != one.rank_high:
                assert found[0].total > 0
