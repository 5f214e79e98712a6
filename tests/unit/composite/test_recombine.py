"""Merged and split regions: sums over sums, estimates marked, and nothing made up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.composite.recombine import Parts, recombine, union_size
from beffroi.vocabulary.errors import MethodError

NAN = np.nan
TABLE = Parts(
    ("FRK1", "FRK2", "FRE1"),
    ("ict_jobs_pct", "access_pct", "patents", "median_wage"),
    np.array([[2.0, 80.0, 10.0, 30.0], [5.0, 90.0, 50.0, 36.0], [3.0, 70.0, 20.0, 33.0]]),
    np.array([[12.0, NAN, 10.0, NAN], [150.0, NAN, 50.0, NAN], [30.0, NAN, 20.0, NAN]]),
    np.array([[600.0, NAN, NAN, NAN], [3000.0, NAN, NAN, NAN], [1000.0, NAN, NAN, NAN]]),
    np.array([1.0, 4.0, 2.0]),
    ("ratio", "ratio", "sum", "not_additive"),
    np.array([100.0, 1.0, 1.0, 1.0]),
)


def test_a_merger_by_hand():
    """Jobs 162 of 3600 = 4.5 %; access (80 + 4·90)/5 = 88 by population; 60 patents; the median lies in 30..36."""
    r = recombine(TABLE, {"ARA": ("FRK1", "FRK2")})

    assert r.regions == ("FRE1", "ARA")
    np.testing.assert_allclose(r.values[1], [4.5, 88.0, 60.0, NAN])
    np.testing.assert_allclose(r.low[1], [4.5, 80.0, 60.0, 30.0])
    np.testing.assert_allclose(r.high[1], [4.5, 90.0, 60.0, 36.0])
    assert r.how.tolist() == [["", "", "", ""], ["exact", "weighted_estimate", "exact", "bounded"]]
    np.testing.assert_allclose(r.values[0], TABLE.values[2])
    np.testing.assert_allclose(r.plain_mean[1], [3.5, 85.0, 30.0, 33.0])


@given(st.integers(0, 10_000))
def test_merging_at_once_or_in_two_steps_is_the_same_and_lies_between_the_parts(seed: int):
    rng = np.random.default_rng(seed)
    above, over = rng.uniform(1, 50, (4, 2)), rng.uniform(50, 100, (4, 2))
    parts = Parts(("a", "b", "c", "d"), ("x", "y"), above / over, above, over, np.ones(4), ("ratio",) * 2, np.ones(2))

    once = recombine(parts, {"all": ("a", "b", "c", "d")})
    pairs = [[0, 1], [2, 3]]
    above2, over2 = (np.array([t[p].sum(axis=0) for p in pairs]) for t in (above, over))
    halves = Parts(("ab", "cd"), ("x", "y"), above2 / over2, above2, over2, np.ones(2), ("ratio",) * 2, np.ones(2))
    twice = recombine(halves, {"all": ("ab", "cd")})

    np.testing.assert_allclose(once.values, twice.values)
    assert (once.values >= parts.values.min(axis=0) - 1e-12).all()
    assert (once.values <= parts.values.max(axis=0) + 1e-12).all()
    mean_error = once.plain_mean[0] - once.values[0]
    covariance = ((parts.values - parts.values.mean(axis=0)) * (over - over.mean(axis=0))).mean(axis=0)
    np.testing.assert_allclose(mean_error, -covariance / over.mean(axis=0))


def test_a_rate_and_its_denominator_give_the_numerator_back():
    table = replace(TABLE, numerators=np.full((3, 4), NAN))

    r = recombine(table, {"ARA": ("FRK1", "FRK2")})

    assert r.values[1, 0] == pytest.approx(4.5)
    assert r.how[1].tolist() == ["exact", "weighted_estimate", "exact", "bounded"]


def test_a_part_without_figure_leaves_the_whole_without_one():
    values = TABLE.values.copy()
    values[0] = NAN
    numerators = np.full((3, 4), NAN)

    r = recombine(replace(TABLE, values=values, numerators=numerators), {"ARA": ("FRK1", "FRK2")})

    assert np.isnan(r.values[1]).all()
    assert r.how[1].tolist() == ["missing"] * 4


def test_without_population_a_rate_is_only_bounded():
    r = recombine(replace(TABLE, weights=np.full(3, NAN)), {"ARA": ("FRK1", "FRK2")})

    assert (r.how[1, 1], r.low[1, 1], r.high[1, 1]) == ("bounded", 80.0, 90.0)
    assert np.isnan(r.values[1, 1])


def test_a_member_of_both_registers_counts_once():
    assert union_size(300, 200, both=40) == 460
    with pytest.raises(MethodError, match="250 members"):
        union_size(300, 200, both=250)


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ({"X": ("FRK1", "FR0")}, "'FR0' is to be merged"),
        ({"X": ("FRK1",), "Y": ("FRK1",)}, "'FRK1' is in two groups"),
        ({"FRE1": ("FRK1", "FRK2")}, "'FRE1' has no parts, or is the name"),
        ({"X": ()}, "'X' has no parts"),
    ],
)
def test_groups_that_make_no_sense_are_refused(groups, words):
    with pytest.raises(MethodError, match=words):
        recombine(TABLE, groups)


def test_tables_that_do_not_fit_are_refused():
    with pytest.raises(MethodError, match="Make them fit"):
        replace(TABLE, scale=np.ones(2))
