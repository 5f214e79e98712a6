"""Shares of people and their intervals, the seed's own among them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from beffroi.survey import design, proportion, proportion_of_count
from beffroi.vocabulary.errors import MethodError

INTERVALS = ("wald", "logit", "arcsine", "korn_graubard")


def test_one_executive_in_four_was_between_18_and_33_in_a_hundred():
    """29 of 117 companies in 2016."""
    found = proportion_of_count(29, 117)

    assert (round(found.low, 3), round(found.high, 3)) == (0.178, 0.333)


@given(st.integers(1, 300), st.data())
def test_intervals_of_counts_are_those_of_statsmodels(n, data):
    k = data.draw(st.integers(0, n))
    for ours, theirs in (("wilson", "wilson"), ("clopper_pearson", "beta")):
        found = proportion_of_count(k, n, interval=ours)
        low, high = proportion_confint(k, n, method=theirs)
        assert (found.low, found.high) == pytest.approx(
            (0.0 if np.isnan(low) else low, 1.0 if np.isnan(high) else high), abs=1e-9
        )
        assert 0 <= found.low <= found.value <= found.high <= 1


@given(st.lists(st.sampled_from([0, 1]), min_size=3, max_size=40).filter(lambda x: 0 < sum(x) < len(x)))
def test_intervals_hold_the_estimate_and_turn_with_the_question(answers):
    drawn = design(len(answers), population=[[1000] * len(answers)])
    for interval in INTERVALS:
        yes = proportion(answers, drawn, interval=interval)
        no = proportion(1 - np.array(answers), drawn, interval=interval)
        assert yes.low - 1e-12 <= yes.value <= yes.high + 1e-12
        if interval != "arcsine":
            assert (1 - no.high, 1 - no.low) == pytest.approx((yes.low, yes.high), abs=1e-9)


def test_a_plain_sample_of_a_large_population_gives_clopper_and_pearson():
    answers = [1] * 29 + [0] * 88
    found = proportion(answers, design(117, weights=[1000.0] * 117))
    exact = proportion_of_count(29, 117, interval="clopper_pearson")

    # The design divides by n − 1 where the binomial law divides by n.
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=1e-3)


def test_when_everybody_says_yes_no_interval_pretends_to_certainty():
    drawn = design(30, population=[[600] * 30])
    found = {interval: proportion([1] * 30, drawn, interval=interval) for interval in INTERVALS}

    assert found["korn_graubard"].high == 1
    assert found["korn_graubard"].low == pytest.approx(0.025 ** (1 / 30))
    assert np.isnan(found["logit"].low)
    assert np.isnan(found["arcsine"].high)


def test_asking_everybody_leaves_no_doubt():
    found = proportion([1, 0, 0], design(3, population=[[3] * 3]))

    assert (found.low, found.high) == pytest.approx((1 / 3, 1 / 3))
    only = proportion([1], design(1, population=[[1]]))
    assert (only.low, only.high) == pytest.approx((0.025, 1))  # one answer, whoever gave it
    # So it is when the stratum says the answer: the variance is 0 but for rounding.
    strata = ["a"] * 7 + ["b"] * 3
    told = proportion([1.0] * 7 + [0.0] * 3, design(10, strata=strata, population=[[77] * 7 + [31] * 3]))
    assert (told.low, told.high) == pytest.approx((77 / 108, 77 / 108))


def test_no_answer_makes_the_share_missing_unless_left_out():
    drawn = design(4, population=[[100] * 4])

    assert np.isnan(proportion([1, 0, np.nan, 0], drawn).value)
    assert proportion([1, 0, np.nan, 0], drawn, domain=[True, True, False, True]).value == pytest.approx(1 / 3)


def test_what_is_no_share_is_refused():
    drawn = design(2, weights=[1, 1])
    for call in (
        lambda: proportion([1, 2], drawn),
        lambda: proportion([1, 0], drawn, interval="exact"),
        lambda: proportion_of_count(5, 4),
        lambda: proportion_of_count(1, 4, interval="wald"),
        lambda: proportion_of_count(1, 4, level=2),
    ):
        with pytest.raises(MethodError, match="expected"):
            call()
