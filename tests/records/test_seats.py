"""Seats of the board (S24): simulated from the registry, compared, balanced, adopted and run again next term."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from fractions import Fraction

import pytest
from government_house import House, refused
from hypothesis import given, settings
from hypothesis import strategies as st

from beffroi.assembly.apportion import apportion
from beffroi.assembly.divisors import DIVISORS
from beffroi.assembly.faults import InfeasibleError, SeatRuleError, UndecidedTieError
from beffroi.assembly.frozen_rule import verify
from beffroi.assembly.seat_rule import METHODS, SeatRule, Territory
from beffroi.charter import entries
from beffroi.federation.seat_inputs import seat_inputs
from beffroi.federation.seat_presets import GROWTH
from beffroi.federation.seating import adopt, record_of, run_again, seating_on
from beffroi.federation.seats import balanced, compare, simulate

MEMBERS = {"members": Fraction(1)}


def towns(**members):
    return [Territory(name, {"members": Fraction(count)}) for name, count in members.items()]


def shared(territories, rule):
    try:
        return apportion(territories, rule).seats
    except UndecidedTieError:
        return None


@pytest.fixture
def house(registry):
    """Two territories, and five members: three in the Loire, one in the Rhône, one in none."""
    columns = ("name", "siren", "postcode", "website", "employees", "revenue_eur")
    rows = [("A", "", "42000", "", "4", "100"), ("B", "", "42100", "", "12", "200"), ("C", "", "42600", "", "", ""),
            ("D", "", "69001", "", "60", "1 000"), ("E", "", "75001", "", "300", "9")]  # fmt: skip
    registry.take("liste", rows, columns=columns)
    return House()


def test_s24_1_seats_method_mix_floor_ceiling_and_reserve_are_chosen_over_the_registry(house):
    found = seat_inputs(entries.book(), "2026-02-01")
    assert {one.id: dict(one.measures) for one in found.territories} == {
        house.loire: {"members": 3, "jobs": 16, "revenue": 300},
        house.rhone: {"members": 1, "jobs": 60, "revenue": 1000},
    }  # fmt: skip
    assert {name: dict(one) for name, one in found.classes.items()} == {
        house.loire: {"micro": 1, "small": 1, "unknown": 1}, house.rhone: {"medium": 1},
    }  # fmt: skip
    assert (found.measures, found.outside) == (("members", "jobs", "revenue"), 1)
    assert (found.silent["jobs"], found.silent["revenue"]) == (1, 1)
    mix = {"members": Fraction(3), "jobs": Fraction(1)}
    shown = {
        method: [simulate(found.territories, SeatRule(method, 10, mix, **more)).found.seats[house.loire], more]
        for method, more in (
            ("largest-remainder-hare", {}), ("sainte-lague", {"floor": 4}), ("dhondt", {"ceiling": 5}),
            ("equal", {}),
        )
    }  # fmt: skip
    assert {method: count for method, (count, _more) in shown.items()} == {
        "largest-remainder-hare": 6, "sainte-lague": 6, "dhondt": 5, "equal": 5,
    }  # fmt: skip
    assert [one.result.found.seats[house.loire] for one in compare(found.territories, SeatRule("dhondt", 10, mix))
            if one.method in {"sainte-lague", "dhondt"}] == [6, 6]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=9).filter(any), st.integers(1, 120), st.sampled_from(METHODS),
       st.integers(0, 2))  # fmt: skip
def test_s24_2_seats_sum_to_the_board_whatever_the_rule(counts, seats, method, floor):
    territories = towns(**{f"T{n}": count for n, count in enumerate(counts)})
    rule = SeatRule(method, seats, MEMBERS, floor=min(floor, seats // len(counts)), ties="larger")
    try:
        found = shared(territories, rule)
    except SeatRuleError:  # a method that leaves no territory empty, with fewer seats than territories
        return
    assert found is None or sum(found.values()) == seats


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(1, 500), min_size=2, max_size=8), st.integers(8, 90), st.sampled_from(sorted(DIVISORS)),
       st.integers(1, 300))  # fmt: skip
def test_s24_2_more_weight_never_gives_fewer_seats_within_one_divisor_method(counts, seats, method, more):
    rule = SeatRule(method, seats, MEMBERS)
    before = shared(towns(**{f"T{n}": count for n, count in enumerate(counts)}), rule)
    after = shared(towns(**{f"T{n}": count + (more if n == 0 else 0) for n, count in enumerate(counts)}), rule)
    assert before is None or after is None or after["T0"] >= before["T0"]


def test_s24_3_over_and_under_representation_of_territories_and_size_classes_is_measured():
    found = simulate(GROWTH.territories, GROWTH.rule, GROWTH.classes)
    lyon, etienne = found.fair.standings["Lyon"], found.fair.standings["Saint-Étienne"]
    assert (lyon.seats, lyon.quota, lyon.deviation) == (15, Fraction(120, 11), Fraction(45, 11))
    assert etienne.ratio == Fraction(7, 40) / Fraction(170, 550)
    small, large = found.classes["small"], found.classes["large"]
    assert small.quota == Fraction(410 * 40, 550)
    held = {"Lyon": 15, "Grenoble": 9, "Clermont-Ferrand": 6, "Saint-Étienne": 7, "Valence": 3}
    implied = sum(held[name] * one["large"] / sum(one.values()) for name, one in GROWTH.classes.items())
    assert large.quota + large.deviation == implied
    assert small.deviation == -large.deviation
    assert large.ratio > 1 > small.ratio
    assert sum(one.shapley_shubik for one in found.powers.values()) == 1
    assert sum(one.banzhaf_normalised for one in found.powers.values()) == 1
    assert found.fair.gallagher**2 == pytest.approx(float(found.fair.gallagher_squared))


def test_s24_4_a_tie_is_broken_by_the_declared_rule_and_shown_never_silently():
    pair = towns(A=10, B=10)
    with pytest.raises(UndecidedTieError, match=r"A, B|A and B"):
        simulate(pair, SeatRule("sainte-lague", 3, MEMBERS))
    by_lot = simulate(pair, SeatRule("sainte-lague", 3, MEMBERS, ties="order", order=("B", "A")))
    assert dict(by_lot.found.seats) == {"A": 1, "B": 2}
    assert [(one.among, one.winners, one.by) for one in by_lot.found.ties] == [(("A", "B"), ("B",), "order")]
    rows = compare(pair, SeatRule("dhondt", 3, MEMBERS))
    without = {one.method: one.reason for one in rows if one.result is None}
    assert {"dhondt", "sainte-lague", "equal"} <= set(without)
    assert all("A" in reason and "B" in reason for reason in without.values())


def test_s24_5_the_adopted_rule_and_its_inputs_are_frozen_with_the_vote(house):
    found = seat_inputs(entries.book(), "2026-02-01")
    rule = SeatRule("sainte-lague", 8, MEMBERS, floor=1)
    one = adopt(house.region, found.territories, rule, name="2026-2029", term=("2026-01-01", "2028-12-31"),
                vote="vote-12", by=house.by())  # fmt: skip
    assert verify(record_of(one))
    assert record_of(one)["result"]["seats"] == {house.loire: 6, house.rhone: 2}
    assert one.get("sha256") == record_of(one)["sha256"]
    assert seating_on(entries.book(), house.region, "2027-01-01") == one
    assert seating_on(entries.book(), house.region, "2029-01-01") is None
    changed = json.loads(json.dumps(record_of(one)))
    changed["territories"][0]["measures"]["members"] = "30"
    assert "was changed" in refused(house.set, one.id, record=changed)
    other = adopt(house.region, found.territories, replace(rule, seats=9), name="x", term=("2030-01-01", ""),
                  vote="vote-13", by=house.by())  # fmt: skip
    assert "another rule is adopted by another vote" in refused(
        house.set, one.id, record=record_of(other), sha256=other.get("sha256")
    )
    assert "frozen with its vote" in refused(house.set, one.id, vote="vote-14")
    assert "Vote: it must be given" in refused(adopt, house.region, found.territories, rule, name="x",
                                               term=("2030-01-01", ""), vote="", by=house.by())  # fmt: skip
    said = refused(house.new, "seating", name="x", body=house.region, record={"format": "other"}, sha256="0",
                   vote="v", since="2030-01-01")  # fmt: skip
    assert "cannot be read" in said

    newer = (Fraction(1), Fraction(3))
    now = [replace(each, measures={"members": n}) for each, n in zip(found.territories, newer, strict=True)]
    old, new = run_again(one, now)
    assert dict(old.found.seats) == {house.loire: 6, house.rhone: 2}
    assert dict(new.found.seats) == {house.loire: 2, house.rhone: 6}


def test_s24_6_from_24_to_40_seats_with_10_reserved_gives_30_and_10():
    found = simulate(GROWTH.territories, GROWTH.rule, GROWTH.classes)
    assert sum(found.found.seats.values()) == 40
    assert sum(found.reserved.values()) == 10
    assert sum(found.found.seats[name] for name in ("Lyon", "Grenoble", "Clermont-Ferrand")) == 30
    before = simulate(GROWTH.territories[:3], replace(GROWTH.rule, seats=24, reserves=()))
    assert dict(before.found.seats) == {"Lyon": 12, "Grenoble": 7, "Clermont-Ferrand": 5}


def test_balance_of_classes_and_genders_is_found_or_the_conflicting_wishes_are_named():
    start = time.monotonic()
    found = simulate(GROWTH.territories, GROWTH.rule).found
    wanted = balanced(found, GROWTH.classes, women_share=Fraction(2, 5), least_women=20, least_of_class={"large": 12})
    seats = {tuple(name.split("/")): count for name, count in wanted.seats.items()}
    assert sum(count for (_place, _size, gender), count in seats.items() if gender == "women") >= 20
    assert sum(count for (_place, size, _gender), count in seats.items() if size == "large") >= 12
    for place, count in found.seats.items():
        assert sum(each for (name, _size, _gender), each in seats.items() if name == place) == count
    with pytest.raises(InfeasibleError, match="at least 30 seats for gender women"):
        balanced(found, GROWTH.classes, women_share=Fraction(2, 5), least_women=30, least_men=20)
    with pytest.raises(SeatRuleError, match="share of women"):
        balanced(found, GROWTH.classes, women_share=Fraction(1))
    with pytest.raises(SeatRuleError, match="0 groups"):
        balanced(found, {}, women_share=Fraction(1, 2))
    assert time.monotonic() - start < 20


def test_a_screen_refuses_more_than_it_can_show():
    with pytest.raises(SeatRuleError, match="At most 1000 seats"):
        simulate(towns(A=1), SeatRule("dhondt", 1001, MEMBERS))
    assert simulate(towns(A=0, B=2), SeatRule("dhondt", 1, MEMBERS), {"A": {"small": Fraction(1)}}).classes == {}
