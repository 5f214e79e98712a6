"""Whom to ask, and how many: against every possible allocation."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.survey import Stratum, neyman_allocation, responses, sample_size
from beffroi.vocabulary.errors import MethodError


@pytest.mark.parametrize(("margin", "of_600", "of_3000"), [(0.05, 235, 341), (0.08, 121, 143), (0.10, 83, 94)])
def test_the_numbers_of_answers_that_a_barometer_needs(margin, of_600, of_3000):
    assert sample_size(margin, population=600) == of_600
    assert sample_size(margin, population=3000) == of_3000


@given(st.floats(0.02, 0.3), st.integers(50, 10**5))
def test_the_margin_is_kept_by_that_number_and_by_none_smaller(margin, population):
    n = sample_size(margin, population=population)

    def reach(k):
        return 1.959963985 * math.sqrt(0.25 / k * (population - k) / (population - 1))

    assert reach(n) <= margin * (1 + 1e-6)
    assert n == 1 or reach(n - 1) >= margin * (1 - 1e-6)
    assert n <= sample_size(margin)


def variance(strata, allocation):
    return sum(
        one.size**2 * one.spread**2 / allocation[name] * (1 - allocation[name] / one.size)
        for name, one in strata.items()
        if allocation[name]
    )


@given(st.lists(st.tuples(st.integers(2, 30), st.floats(0.1, 5)), min_size=3, max_size=3), st.integers(6, 30))
def test_no_other_allocation_is_much_better(sizes, answers):
    """Every way of sharing out so many answers, two at least a stratum."""
    strata = {name: Stratum(size, spread) for name, (size, spread) in zip("abc", sizes, strict=True)}
    answers = min(answers, sum(one.size for one in strata.values()))
    found = neyman_allocation(strata, answers)

    assert sum(found.values()) == answers
    assert all(2 <= found[name] <= strata[name].size for name in strata)
    every = (
        dict(zip("abc", (a, b, answers - a - b), strict=True))
        for a, b in itertools.product(range(2, 31), repeat=2)
        if a <= strata["a"].size and b <= strata["b"].size and 2 <= answers - a - b <= strata["c"].size
    )
    best = min(variance(strata, one) for one in every)
    # Rounding to whole answers may cost one answer here or there, not the shape of the allocation.
    moved = [{**found, x: found[x] - 1, y: found[y] + 1} for x, y in itertools.permutations("abc", 2)]
    near = [one for one in moved if all(2 <= one[k] <= strata[k].size for k in strata)]
    assert min(variance(strata, one) for one in [found, *near]) <= best * 1.02 + 1e-9


def test_large_firms_are_all_asked_and_nobody_twice():
    strata = {
        "micro": Stratum(400, 1.0),
        "etI": Stratum(12, 50.0, is_taken_whole=True),
        "pme": Stratum(10, 30.0),
        "empty": Stratum(0, 1.0),
    }
    found = neyman_allocation(strata, 60)

    assert found == {"micro": 38, "etI": 12, "pme": 10, "empty": 0}  # pme would get more than it holds
    assert neyman_allocation(strata, 10_000) == {"micro": 400, "etI": 12, "pme": 10, "empty": 0}
    same = neyman_allocation({"a": Stratum(30, 0.0), "b": Stratum(10, 0.0)}, 20)
    assert same == {"a": 15, "b": 5}  # nothing differs anywhere: by size


def test_rates_of_response_by_stratum():
    found = responses(["a"] * 4 + ["b"], [True, True, True, False, False], [True, False, False, False, False])

    assert (found["a"].rate, found["a"].weight) == (1 / 3, 4)
    assert np.isnan(found["b"].rate)
    assert np.isnan(found["b"].weight)


@pytest.mark.parametrize(
    "call",
    [
        lambda: sample_size(5),
        lambda: sample_size(0.05, population=0),
        lambda: neyman_allocation({"a": Stratum(10), "b": Stratum(5, is_taken_whole=True)}, 6),
        lambda: neyman_allocation({"a": Stratum(10, math.nan)}, 5),
        lambda: responses(["a"], [False], [True]),
        lambda: responses(["a", "b"], [True], [True]),
    ],
)
def test_what_cannot_be_asked_is_refused(call):
    with pytest.raises(MethodError, match="expected"):
        call()
