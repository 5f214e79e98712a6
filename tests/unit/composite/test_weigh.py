"""Weights by influence: slopes against differences, solutions against a search by trial, on the full tree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import least_squares

from beffroi.composite.coin import Framework, Node
from beffroi.composite.correlate import correlation
from beffroi.composite.influence import influence_at
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.roll_up import roll_up
from beffroi.composite.weigh import LEAST_WEIGHT, effective_weights, optimise_weights

LEAVES = tuple(f"x{k}" for k in range(9))
TREE = Framework(
    (
        *(Node(code, 1, "PQR"[k // 3], weight=1.0 + k % 2) for k, code in enumerate(LEAVES)),
        Node("P", 2, "A"), Node("Q", 2, "A", weight=2.0), Node("R", 2, "B"),
        Node("A", 3, "Index"), Node("B", 3, "Index"), Node("Index", 4, ""),
    )
)  # fmt: skip


def figures(seed, *, holes=0.1, units=40):
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(units, 1))
    values = 50 + 10 * (0.7 * common + rng.normal(size=(units, 9)))
    values = np.clip(values, 1, 100)
    values[rng.random(values.shape) < holes] = np.nan
    return IndicatorMatrix(tuple(f"U{k}" for k in range(units)), LEAVES, values)


def by_the_whole_tree(table, level, weights, rules="amean", kind="pearson"):
    """The plain definition: build the index with these weights and correlate."""
    codes = TREE.at(level)
    made = roll_up(table, TREE, rules=rules, weights=dict(zip(codes, weights, strict=True)))
    return np.array([correlation(made.column(one), made.column("Index"), kind=kind)[0] for one in codes])


RULES = ["amean", "gmean", "hmean", 2.0, 1e-12, ("hmean", "amean", "gmean"), {"A": "gmean", "Index": -0.5}]


@settings(max_examples=20)
@given(st.integers(0, 99), st.sampled_from(RULES), st.integers(1, 3))
def test_slopes_are_what_small_differences_give(seed, rules, level):
    table = figures(seed)
    seen = influence_at(table, TREE, level, rules=rules, kind="pearson")
    n = len(TREE.at(level))
    weights = np.random.default_rng(seed).uniform(0.5, 2.0, n)

    found, slopes = seen.with_slopes(weights)

    assert found == pytest.approx(by_the_whole_tree(table, level, weights, rules), abs=1e-10)
    step = 1e-5
    trial = [(seen.of(weights + step * one) - seen.of(weights - step * one)) / (2 * step) for one in np.eye(n)]
    assert slopes == pytest.approx(np.stack(trial, axis=1), abs=1e-6)


@pytest.mark.parametrize("holes", [0.0, 0.3])
@pytest.mark.parametrize("kind", ["spearman", "kendall"])
def test_rank_correlations_are_those_of_the_whole_tree(kind, holes):
    table, weights = figures(1, holes=holes), np.array([1.0, 3.0, 2.0])

    seen = influence_at(table, TREE, 2, rules=("amean", "copeland", "amean"), kind=kind)

    rules = ("amean", "copeland", "amean")
    assert seen.of(weights) == pytest.approx(by_the_whole_tree(table, 2, weights, rules, kind))


@pytest.mark.parametrize("rules", ["amean", "gmean", lambda values, weights: np.nanmean(values * weights, axis=1)])
def test_what_can_be_balanced_is(rules):
    aim = {"A": 1.0, "B": 1.1}

    weights, obtained = optimise_weights(figures(4, holes=0.0), TREE, level=3, aim=aim, rules=rules)

    assert obtained == pytest.approx(np.array([1.0, 1.1]) / 2.1, abs=1e-9)
    assert min(weights.values()) > 0
    assert weights["A"] + weights["B"] == pytest.approx(1.0)


def test_rank_correlations_are_balanced_as_well_as_they_can_be():
    weights, obtained = optimise_weights(figures(4, holes=0.0), TREE, level=3, kind="spearman")

    equal = by_the_whole_tree(figures(4, holes=0.0), 3, np.ones(2), kind="spearman")
    assert np.ptp(obtained) <= np.ptp(equal / equal.sum())
    assert weights["A"] + weights["B"] == pytest.approx(1.0)


def test_the_answer_is_as_good_as_a_search_by_differences():
    table = figures(7)

    weights, obtained = optimise_weights(table, TREE, level=1)

    def gap(trial):
        found = by_the_whole_tree(table, 1, trial)
        return np.append(found / found.sum() - 1 / 9, trial.sum() - 1)

    slow = least_squares(gap, np.full(9, 1 / 9), bounds=(LEAST_WEIGHT, np.inf), xtol=1e-13, ftol=1e-13, gtol=1e-13)
    assert ((obtained - 1 / 9) ** 2).sum() <= 2 * slow.cost + 1e-12
    assert [sum(weights[one] for one in TREE.children(p)) for p in "PQR"] == pytest.approx([1 / 3] * 3)
    given_back = by_the_whole_tree(table, 1, [weights[one] for one in LEAVES])
    assert given_back / given_back.sum() == pytest.approx(obtained)


def test_most_information_is_at_least_that_of_equal_and_of_random_weights():
    table = figures(9)

    weights, obtained = optimise_weights(table, TREE, level=1, aim="infomax")

    rng = np.random.default_rng(2)
    others = [by_the_whole_tree(table, 1, rng.dirichlet(np.ones(9))).sum() for _ in range(60)]
    assert obtained.sum() >= by_the_whole_tree(table, 1, np.ones(9)).sum()
    assert obtained.sum() >= max(others)
    assert min(weights.values()) > 0
    assert sum(effective_weights(TREE, weights)[one] for one in LEAVES) == pytest.approx(1.0)
