"""Fairness and power: by hand, by listing every coalition, and as published."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.assembly.fairness import by_class, degression_faults, fairness
from beffroi.assembly.faults import SeatRuleError
from beffroi.assembly.power import PowerError, power


def test_measures_of_fairness_by_hand():
    found = fairness({"A": 6, "B": 3, "C": 1}, {"A": Fraction(45), "B": Fraction(35), "C": Fraction(20)})

    # Shares of seats 60, 30, 10 against 45, 35, 20: gaps 15, -5, -10.
    assert found.loosemore_hanby == Fraction(15, 100)
    assert found.rae == Fraction(30, 300)
    assert found.gallagher_squared == Fraction(225 + 25 + 100, 2 * 10000)
    assert found.gallagher == pytest.approx(math.sqrt(0.0175))
    assert found.sainte_lague == Fraction(225, 4500) + Fraction(25, 3500) + Fraction(100, 2000)
    assert found.largest_deviation == Fraction(3, 2)
    assert found.quota_violations == ("A", "C")  # quotas 4.5, 3.5 and 2: A holds 6, C 1
    assert found.standings["A"].ratio == Fraction(4, 3)
    assert found.standings["C"].deviation == -1


def test_seats_without_weight_have_no_ratio():
    found = fairness({"A": 2, "B": 1}, {"A": Fraction(3), "B": Fraction(0)})

    assert found.sainte_lague is None
    assert found.standings["B"].ratio is None
    with pytest.raises(SeatRuleError, match="same territories"):
        fairness({"A": 1}, {"B": Fraction(1)})


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 500)), min_size=1, max_size=8).filter(
        lambda x: any(a for a, _ in x)
    )
)
def test_measures_keep_their_bounds(rows):
    found = fairness(
        {str(i): s for i, (s, _) in enumerate(rows)}, {str(i): Fraction(w) for i, (_, w) in enumerate(rows)}
    )

    assert 0 <= found.loosemore_hanby <= 1
    assert found.gallagher_squared <= found.loosemore_hanby
    assert sum(one.deviation for one in found.standings.values()) == 0


def test_s24_3_size_classes_speak_through_the_seats_of_their_territory():
    members = {
        "A": {"small": Fraction(30), "large": Fraction(10)},
        "B": {"small": Fraction(5), "large": Fraction(15)},
    }

    found = by_class({"A": 4, "B": 4}, members)

    # Small: 4 · 30/40 + 4 · 5/20 = 4 implied seats; 35 of 60 members would be 14/3.
    assert found["small"].deviation == 4 - Fraction(14, 3)
    assert found["small"].ratio == 4 / Fraction(14, 3)
    assert found["large"].deviation == Fraction(14, 3) - 4
    with pytest.raises(SeatRuleError, match="C has seats but no member"):
        by_class({"C": 1}, members)


def test_degressive_proportionality_names_who_breaks_it():
    weights = {"A": Fraction(100), "B": Fraction(60), "C": Fraction(60)}

    assert degression_faults({"A": 9, "B": 6, "C": 6}, weights) == ()
    assert degression_faults({"A": 5, "B": 6, "C": 5}, weights) == (("A", "B"),)
    assert degression_faults({"A": 9, "B": 5, "C": 6}, weights) == (("A", "B"),)


# Felsenthal and Machover (1998), The Measurement of Voting Power, chapters 5 and 6: the Council of 1958 (12 of 17) and
# the Security Council (nine of fifteen with the five permanent members, as weights 7 and 1 and quota 39).
COUNCIL = {"Germany": 4, "France": 4, "Italy": 4, "Belgium": 2, "Netherlands": 2, "Luxembourg": 1}


def test_the_council_of_1958_comes_out():
    found = power(COUNCIL, 12)

    assert [one.banzhaf_normalised for one in found.values()] == [Fraction(5, 21)] * 3 + [Fraction(1, 7)] * 2 + [0]
    assert [one.shapley_shubik for one in found.values()] == [Fraction(7, 30)] * 3 + [Fraction(3, 20)] * 2 + [0]


def test_the_security_council_comes_out():
    found = power({**{f"P{i}": 7 for i in range(5)}, **{f"N{i}": 1 for i in range(10)}}, 39)

    assert found["P0"].shapley_shubik == Fraction(421, 2145)
    assert found["N0"].shapley_shubik == Fraction(4, 2145)
    assert found["P0"].banzhaf_normalised == Fraction(106, 635)
    assert found["N0"].banzhaf_normalised == Fraction(21, 1270)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6).filter(any), st.data())
def test_counting_agrees_with_listing(weights, data):
    named = {str(place): weight for place, weight in enumerate(weights)}
    quota = data.draw(st.integers(1, sum(weights)))

    found = power(named, quota)

    for name, own in named.items():
        others = [one for one in named if one != name]
        coalitions = [c for k in range(len(others) + 1) for c in itertools.combinations(others, k)]
        swings = [c for c in coalitions if quota - own <= sum(named[o] for o in c) < quota]
        orders = sum(math.factorial(len(c)) * math.factorial(len(others) - len(c)) for c in swings)
        assert found[name].swings == len(swings)
        assert found[name].banzhaf == Fraction(len(swings), 2 ** len(others))
        assert found[name].shapley_shubik == Fraction(orders, math.factorial(len(named)))
    assert sum(one.shapley_shubik for one in found.values()) == 1
    assert sum(one.banzhaf_normalised for one in found.values()) == 1


@pytest.mark.parametrize(
    ("weights", "quota"), [({"A": 2}, 0), ({"A": 2}, 3), ({"A": -1, "B": 3}, 1), ({"A": 10**6 + 1, "B": 1}, 2)]
)
def test_power_without_meaning_is_refused(weights, quota):
    with pytest.raises(PowerError):
        power(weights, quota)
