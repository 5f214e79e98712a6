"""When two trends meet, how sure that is, and when they do not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from beffroi.specialisation import crossing
from beffroi.vocabulary.errors import MethodError

YEARS = list(range(2010, 2021))


def line(start, yearly, noise=0.0, seed=0):
    rng = np.random.default_rng(seed)
    return np.array([start + yearly * k for k in range(11)]) + noise * rng.normal(size=11)


def test_two_lines_meet_where_they_meet():
    found = crossing(YEARS, line(50, 2), line(100, 0))

    assert found.answer == "crosses"
    assert (found.year, found.low, found.high) == pytest.approx((2035, 2035, 2035))
    assert (found.gap, found.yearly) == pytest.approx((-30, 2))
    assert not found.may_never


def test_it_does_not_cross_is_an_answer():
    apart = crossing(YEARS, line(50, -1), line(100, 1))
    side_by_side = crossing(YEARS, line(50, 1), line(100, 1))
    too_late = crossing(YEARS, line(50, 0.1), line(100, 0))

    assert [one.answer for one in (apart, side_by_side, too_late)] == ["does not cross"] * 3
    assert apart.year < 2010  # where the lines met before anybody looked
    assert math.isnan(side_by_side.year)
    assert side_by_side.may_never
    assert too_late.year == pytest.approx(2510)
    assert crossing(YEARS, line(50, 0.1), line(100, 0), horizon=600).answer == "crosses"


def test_it_has_crossed_within_the_years_given():
    assert crossing(YEARS, line(90, 2), line(100, 0)).answer == "has crossed"


def test_a_trend_that_may_be_none_leaves_the_end_open():
    found = crossing(YEARS, line(95, 0.3, noise=2, seed=1), line(100, 0))

    assert found.may_never
    assert found.high == math.inf or found.low == -math.inf


def test_what_touches_all_along_has_no_bounds():
    found = crossing(YEARS, line(100, 0, noise=1, seed=2), line(100, 0, noise=1, seed=3))

    assert (found.low, found.high, found.may_never) == (-math.inf, math.inf, True)
    same = crossing(YEARS, line(100, 1), line(100, 1))
    assert (same.answer, same.gap) == ("does not cross", 0)


@settings(max_examples=25)
@given(st.floats(-3, 3), st.floats(-40, 40), st.integers(0, 1000))
def test_the_interval_holds_every_year_in_which_the_gap_may_be_nothing(yearly, start, seed):
    """By the definition: a regression's band around the fitted line, year by year."""
    gap = line(start, yearly, noise=3, seed=seed)
    found = crossing(YEARS, gap + 200, np.full(11, 200.0))
    fit = stats.linregress(YEARS, gap)
    t = np.array(YEARS, dtype=float)
    q = stats.t.ppf(0.975, 9)
    s2 = ((gap - fit.intercept - fit.slope * t) ** 2).sum() / 9

    def within(year):
        spread = s2 * (1 / 11 + (year - t.mean()) ** 2 / ((t - t.mean()) ** 2).sum())
        return abs(fit.intercept + fit.slope * year) <= q * math.sqrt(spread)

    grid = np.linspace(1800, 2300, 501)
    inside = np.array([within(year) for year in grid])
    assert within(found.year)
    for year, said in zip(grid, inside, strict=True):
        if min(abs(year - found.low), abs(year - found.high)) < 1e-3:
            continue
        if found.low <= year <= found.high:
            assert said or found.may_never  # the hull of an endless set may hold a gap
        elif not found.may_never:
            assert not said


@given(st.floats(-3, 3).filter(lambda x: abs(x) > 0.2), st.floats(-40, 40), st.integers(0, 1000))
def test_years_may_come_in_any_order_and_unit(yearly, start, seed):
    gap = line(start, yearly, noise=0.5, seed=seed)
    plain = crossing(YEARS, gap + 200, np.full(11, 200.0))
    assume(not plain.may_never)
    turned = crossing(YEARS[::-1], (gap[::-1] + 200) * 1000, np.full(11, 200_000.0))
    swapped = crossing(YEARS, np.full(11, 200.0), gap + 200)

    for other in (turned, swapped):
        assert (other.year, other.low, other.high) == pytest.approx((plain.year, plain.low, plain.high), abs=1e-3)
        assert other.answer == plain.answer


def test_intervals_hold_the_true_year_as_often_as_they_say():
    rng = np.random.default_rng(5)
    truth, hits = 2030.0, 0
    for _ in range(1000):
        first = np.array([50 + 2.5 * (year - 2010) for year in YEARS]) + rng.normal(size=11)
        found = crossing(YEARS, first, np.full(11, 100.0))
        hits += found.low <= truth <= found.high

    assert 0.93 <= hits / 1000 <= 0.97


def test_percentages_cross_on_their_own_scale():
    first, second = [100 * 1.1**k for k in range(11)], [400 * 1.02**k for k in range(11)]
    found = crossing(YEARS, first, second, scale="ratio")

    assert found.year == pytest.approx(2010 + math.log(4) / math.log(1.1 / 1.02))
    assert found.yearly == pytest.approx(1.1 / 1.02 - 1)
    assert found.gap == pytest.approx(first[-1] / second[-1] - 1)


def test_years_without_both_figures_are_left_out():
    holes = line(50, 2)
    holes[3] = np.nan

    assert crossing(YEARS, holes, line(100, 0)).year == pytest.approx(2035)


@pytest.mark.parametrize(
    "call",
    [
        lambda: crossing([2010, 2011], [1, 2], [3, 3]),
        lambda: crossing([2010, 2010, 2011], [1, 2, 3], [3, 3, 3]),
        lambda: crossing([2010, 2011, 2012], [1, 2, 3], [3, 3, 3], level=95),
        lambda: crossing([2010, 2011, 2012], [0, 2, 3], [3, 3, 3], scale="ratio"),
        lambda: crossing([2010, 2011, 2012], [1, 2, 3], [3, 3, 3], scale="squares"),
        lambda: crossing([2010, 2011, 2012], [1, 2], [3, 3, 3]),
    ],
)
def test_series_that_make_no_trend_are_refused(call):
    with pytest.raises(MethodError, match="expected"):
        call()
