"""Overlapping totals keep their secrets from an attacker who solves everything shown at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from beffroi.survey.disclosure import Rule
from beffroi.survey.overlaps import Sets, primary_of, protect_sets
from beffroi.vocabulary.errors import MethodError


def bounds(sets, shown, one):
    """What a linear programme lets an attacker know of a total; he knows where nobody is."""
    ceiling = [(0, None if value > 0 else 0) for value in sets.parts]
    kept = {"bounds": ceiling}
    if shown.any():
        kept |= {"A_eq": sets.members[shown].astype(float), "b_eq": sets.values[shown]}
    ends = []
    for sign in (1, -1):
        found = linprog(sign * sets.members[one].astype(float), **kept)
        ends.append(sign * found.fun if found.status == 0 else np.inf)
    return ends


def needed(sets, rule, one):
    value = sets.values[one]
    wide = max(rule.width * value, sets.largest[one] / rule.most_share - value, 0.0)
    return max(value - wide, 0.0), value + max(wide, rule.step)


@st.composite
def territories(draw):
    """Parts in two départements and a few EPCI across them, firms with random weights."""
    count = draw(st.integers(3, 9))
    department = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    epci = draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    firms = [draw(st.lists(st.integers(1, 50), max_size=5)) for _ in range(count)]
    rows = [np.ones(count, bool)]
    rows += [np.array(department) == one for one in range(3)] + [np.array(epci) == one for one in range(4)]
    members = np.array([row for row in rows if row.any()])
    return Sets(
        np.array([float(sum(one)) for one in firms]),
        members,
        np.array([sum(len(firms[k]) for k in np.flatnonzero(row)) for row in members]),
        np.array([float(max((w for k in np.flatnonzero(row) for w in firms[k]), default=0)) for row in members]),
    )


@given(territories())
def test_no_secret_is_found_by_solving_what_is_shown(sets):
    rule = Rule()

    reasons = protect_sets(sets, rule)

    shown = reasons == ""
    for one in np.flatnonzero(primary_of(sets, rule) != ""):
        low, high = bounds(sets, shown, one)
        want_low, want_high = needed(sets, rule, one)
        # With nobody elsewhere there is nowhere to hide but in silence: then no total that holds it is shown.
        assert low <= want_low + 1e-6
        assert high >= want_high - 1e-6


def test_an_epci_across_a_border_does_not_give_a_department_away():
    # Parts: A∩1, B∩1, B∩2, C∩2. Départements 1 and 2, EPCI A, B, C. A has two firms.
    members = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1]], bool)
    sets = Sets(np.array([2.0, 30, 20, 50]), members, np.array([32, 70, 2, 50, 50]), np.zeros(5))

    reasons = protect_sets(sets)

    assert reasons[2] == "too_few_units"
    assert (reasons == "complementary").sum() >= 1
    low, high = bounds(sets, reasons == "", 2)
    assert low < 2 < high


def test_where_nothing_is_secret_nothing_is_hidden():
    sets = Sets(np.array([5.0, 6.0]), np.array([[1, 1], [1, 0]], bool), np.array([11, 5]), np.array([1.0, 1.0]))

    assert (protect_sets(sets) == "").all()


def test_totals_hidden_for_another_reason_stay_hidden():
    sets = Sets(np.array([5.0, 6.0]), np.array([[1, 1], [1, 0]], bool), np.array([11, 5]), np.array([1.0, 1.0]))

    assert protect_sets(sets, hidden=np.array([False, True])).tolist() == ["", "complementary"]


def test_what_does_not_fit_is_refused():
    with pytest.raises(MethodError, match="as many parts"):
        Sets(np.zeros(3), np.ones((2, 2), bool), np.zeros(2, int), np.zeros(2))
    with pytest.raises(MethodError, match="not negative"):
        Sets(np.array([-1.0]), np.ones((1, 1), bool), np.zeros(1, int), np.zeros(1))
