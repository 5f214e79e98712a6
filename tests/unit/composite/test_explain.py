"""Parts add up, exactly, and say what they should in cases worked by hand."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from beffroi.composite.aggregate import Tree, aggregate
from beffroi.composite.explain import (
    CAUSES,
    explain_flat_gap,
    explain_gap,
    explain_rank_change,
    logarithmic_mean,
    shapley,
)
from beffroi.vocabulary.errors import MethodError

TREE = Tree(("p", "q"), (np.array([0, 1]), np.array([2])), np.array([0.4, 0.6]), np.array([0.25, 0.75, 1.0]))
METHODS = st.sampled_from(["arithmetic", "geometric", "harmonic"])


@given(st.integers(0, 100_000), METHODS, st.floats(0, 100))
def test_the_parts_of_a_gap_add_up(seed: int, method: str, least: float):
    points = np.random.default_rng(seed).uniform(least, 100, (5, 3))
    scores = aggregate(points, TREE, method=method)[1]

    parts = explain_gap(points, TREE, 1, 3, method=method)

    assert parts.gap == pytest.approx(scores[1] - scores[3], abs=1e-12)
    assert parts.by_pillar.sum() == pytest.approx(parts.gap, abs=1e-10)
    back = explain_gap(points, TREE, 3, 1, method=method)
    np.testing.assert_allclose(back.by_pillar, -parts.by_pillar, atol=1e-9)
    for k, columns in enumerate(TREE.members):
        assert parts.by_indicator[columns].sum() == pytest.approx(parts.by_pillar[k], abs=1e-9)


@given(st.integers(0, 100_000))
def test_the_parts_of_a_flat_geometric_gap_add_up(seed: int):
    rng = np.random.default_rng(seed)
    points, weights = rng.uniform(0.1, 100, (4, 6)), rng.dirichlet(np.ones(6))

    parts = explain_flat_gap(points, weights, 0, 2)

    assert parts.by_indicator.sum() == pytest.approx(parts.gap, abs=1e-10)
    assert parts.gap == pytest.approx(float(np.diff(np.exp(np.log(points[[2, 0]]) @ weights))[0]))


def test_a_gap_by_hand():
    """Pillars: (0.25·20 + 0.75·80, 50) = (65, 50) and (0.25·60 + 0.75·40, 90) = (45, 90); gap 0.4·20 − 0.6·40."""
    points = np.array([[20.0, 80.0, 50.0], [60.0, 40.0, 90.0]])

    parts = explain_gap(points, TREE, 0, 1, method="arithmetic")

    assert parts.gap == pytest.approx(-16.0)
    np.testing.assert_allclose(parts.by_pillar, [8.0, -24.0])
    np.testing.assert_allclose(parts.by_indicator, [0.4 * 0.25 * -40, 0.4 * 0.75 * 40, -24.0])


@pytest.mark.parametrize("method", ["arithmetic", "geometric", "harmonic"])
def test_indicators_that_cancel_out_inside_a_pillar_are_both_named(method):
    parts = explain_gap(np.array([[80.0, 40.0, 50.0], [20.0, 60.0, 50.0]]), TREE, 0, 1, method=method)

    assert parts.gap == pytest.approx(0.0)
    assert parts.by_indicator[0] == pytest.approx(-parts.by_indicator[1])
    assert parts.by_indicator[0] > 1


@given(st.floats(0.01, 1e3), st.floats(0.01, 1e3))
def test_the_logarithmic_mean_is_the_mean_of_all_geometric_ones(a: float, b: float):
    integral = quad(lambda t: a**t * b ** (1 - t), 0, 1)[0]

    assert logarithmic_mean(a, b) == pytest.approx(integral, rel=1e-8)


def test_the_logarithmic_mean_has_no_step_where_its_series_ends():
    for ratio in (1 + 1.0001e-4, 1 + 0.9999e-4, 1 + 1e-9, 1 - 1e-5):
        assert logarithmic_mean(50 * ratio, 50.0) * np.log(ratio) == pytest.approx(50 * (ratio - 1), rel=1e-7)


@given(st.lists(st.integers(-20, 20), min_size=16, max_size=16))
def test_shapley_equals_the_mean_over_all_orders(values: list[int]):
    def value(changed):
        return values[sum(2**k for k, cause in enumerate(CAUSES) if cause in changed)]

    parts = shapley(value, CAUSES)

    orders = list(permutations(CAUSES))
    for cause, part in zip(CAUSES, parts, strict=True):
        steps = [value(set(o[: o.index(cause) + 1])) - value(set(o[: o.index(cause)])) for o in orders]
        assert part == pytest.approx(np.mean(steps))
    assert sum(parts) == pytest.approx(values[15] - values[0])


def test_a_change_of_rank_that_has_one_cause_is_given_to_it():
    before = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.0]])
    own = before.copy()
    own[0] = 5.0

    def mean(x):
        return x.mean(axis=1)

    def first(x):
        return np.where(np.arange(4) == 0, 9.0, x[:, 0])

    moved = explain_rank_change(0, before=before, revised=before, after=own, scoring_before=mean, scoring_after=mean)
    method = explain_rank_change(
        0, before=before, revised=before, after=before, scoring_before=mean, scoring_after=first
    )

    assert (moved.before, moved.after, moved.parts) == (4, 1, pytest.approx((-3.0, 0.0, 0.0, 0.0)))
    assert (method.before, method.after, method.parts) == (4, 1, pytest.approx((0.0, 0.0, -3.0, 0.0)))


@given(st.integers(0, 10_000))
def test_the_parts_of_a_change_of_rank_add_up(seed: int):
    rng = np.random.default_rng(seed)
    before, revised, after = rng.uniform(1, 100, (3, 9, 3))

    change = explain_rank_change(
        4, before=before, revised=revised, after=after,
        scoring_before=lambda x: aggregate(x, TREE, method="arithmetic")[1],
        scoring_after=lambda x: aggregate(x, TREE, method="geometric")[1],
    )  # fmt: skip

    assert sum(change.parts) == pytest.approx(change.after - change.before)


def test_what_cannot_be_explained_is_refused():
    with pytest.raises(MethodError, match="Rows 0 and 9"):
        explain_gap(np.ones((2, 3)), TREE, 0, 9, method="arithmetic")
    with pytest.raises(MethodError, match="least points are 0"):
        explain_flat_gap(np.zeros((2, 2)), np.ones(2), 0, 1)
    with pytest.raises(MethodError, match="both must be above 0"):
        logarithmic_mean(0.0, 1.0)
    with pytest.raises(MethodError, match="shapes"):
        explain_rank_change(
            0, before=np.ones((2, 2)), revised=np.ones((2, 2)), after=np.ones((3, 2)),
            scoring_before=np.sum, scoring_after=np.sum,
        )  # fmt: skip
