"""Weights that give back what is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from beffroi.survey import calibrate, rake
from beffroi.vocabulary.errors import MethodError

ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.floats(1, 50)), min_size=8, max_size=30
).filter(lambda rows: len({(a, b) for a, b, _ in rows}) == 6)


@given(ROWS)
def test_raking_gives_the_margins_and_keeps_odds_ratios(rows):
    size, place, weights = zip(*rows, strict=True)
    wanted = {"size": {"a": 40.0, "b": 60.0}, "place": {"x": 20.0, "y": 30.0, "z": 50.0}}
    found = rake(weights, {"size": size, "place": place}, wanted)

    for name, column in (("size", size), ("place", place)):
        for category, known in wanted[name].items():
            assert found.weights[np.array(column) == category].sum() == pytest.approx(known)
    factor = {(a, b): f for (a, b, _), f in zip(rows, found.factors, strict=True)}
    ratio = factor["a", "x"] * factor["b", "y"] / (factor["a", "y"] * factor["b", "x"])
    assert ratio == pytest.approx(1)


@given(ROWS)
def test_raking_is_calibration_by_the_exponential(rows):
    size, place, weights = zip(*rows, strict=True)
    wanted = {"size": {"a": 40.0, "b": 60.0}, "place": {"x": 20.0, "y": 30.0, "z": 50.0}}
    columns = [np.array(size) == "a", np.array(size) == "b", *(np.array(place) == one for one in "xyz")]

    raked = rake(weights, {"size": size, "place": place}, wanted)
    made = calibrate(weights, np.array(columns, dtype=float).T, [40, 60, 20, 30, 50], distance="raking")
    assert made.weights == pytest.approx(raked.weights, rel=1e-7)


def sample(n=40, seed=1):
    rng = np.random.default_rng(seed)
    x = np.stack([np.ones(n), rng.lognormal(3, 1, n), (rng.random(n) < 0.4).astype(float)], axis=1)
    d = rng.uniform(5, 20, n)
    return d, x, (d @ x) * np.array([1.03, 1.10, 0.95])


@pytest.mark.parametrize(
    ("distance", "bounds"), [("linear", None), ("raking", None), ("logit", (0.4, 3.0)), ("logit", (0.0, 1.8))]
)
def test_calibrated_weights_give_the_totals_and_keep_the_bounds(distance, bounds):
    d, x, totals = sample()
    found = calibrate(d, x, totals, distance=distance, bounds=bounds)

    assert found.weights @ x == pytest.approx(totals, rel=1e-9)
    assert found.factors == pytest.approx(found.weights / d)
    if bounds:
        assert bounds[0] < found.factors.min() < 1 < found.factors.max() < bounds[1]


def test_linear_weights_are_the_nearest_of_all_that_give_the_totals():
    d, x, totals = sample(n=12)
    found = calibrate(d, x, totals)
    oracle = minimize(
        lambda w: ((w - d) ** 2 / d).sum(), d, constraints={"type": "eq", "fun": lambda w: w @ x - totals},
        options={"maxiter": 500, "ftol": 1e-14},
    )  # fmt: skip

    assert found.weights == pytest.approx(oracle.x, rel=1e-4)


def test_raking_weights_are_the_nearest_by_their_own_distance():
    d, x, totals = sample(n=12)
    found = calibrate(d, x, totals, distance="raking")
    oracle = minimize(
        lambda w: (w * np.log(w / d) - w + d).sum(), d, bounds=[(1e-6, None)] * 12,
        constraints={"type": "eq", "fun": lambda w: w @ x - totals}, options={"maxiter": 1000, "ftol": 1e-14},
    )  # fmt: skip

    assert found.weights == pytest.approx(oracle.x, rel=1e-3)


@pytest.mark.parametrize("distance", ["linear", "raking", "logit"])
def test_neither_unit_nor_a_variable_said_twice_changes_weights(distance):
    d, x, totals = sample()
    bounds = (0.3, 3.0) if distance == "logit" else None
    found = calibrate(d, x, totals, distance=distance, bounds=bounds)

    scale = np.array([1.0, 1e6, 1e-3])
    assert calibrate(d, x * scale, totals * scale, distance=distance, bounds=bounds).weights == pytest.approx(
        found.weights, rel=1e-7
    )
    twice = calibrate(d, np.c_[x, x[:, 1]], [*totals, totals[1]], distance=distance, bounds=bounds)
    assert twice.weights == pytest.approx(found.weights, rel=1e-7)


@pytest.mark.parametrize("distance", ["raking", "logit"])
def test_totals_that_no_weights_reach_are_said(distance):
    d, x, totals = sample()
    totals[2] = 1.2 * totals[0]  # more people of a kind than people at all
    with pytest.raises(MethodError, match="No such weights"):
        calibrate(d, x, totals, distance=distance, bounds=(0.3, 3.0) if distance == "logit" else None)


@pytest.mark.parametrize(
    ("margins", "said"),
    [
        ({"size": {"a": 5, "b": 6}, "place": {"x": 10}}, "not one number"),
        ({"size": {"a": 5, "c": 5}}, "'b' of 'size' has no known number"),
        ({"size": {"a": 5, "b": 5, "c": 5}}, "nobody answered for 'c'"),
        ({"size": {"a": 5, "b": 0}}, "'b' of 'size' is not above 0"),
        ({"shape": {"a": 5}}, "margin 'shape' has 0 categories"),
        ({}, "not one number"),
    ],
)
def test_margins_that_cannot_be_raked_are_all_said(margins, said):
    with pytest.raises(MethodError, match=said):
        rake([1, 1], {"size": ["a", "b"], "place": ["x", "x"]}, margins)


def test_margins_that_contradict_the_answers_are_refused():
    """All of a live in x, but the margins put more of a than there is of x."""
    with pytest.raises(MethodError, match="rounds"):
        rake([1, 1], {"size": ["a", "b"], "place": ["x", "y"]}, {"size": {"a": 6, "b": 4}, "place": {"x": 4, "y": 6}})


@pytest.mark.parametrize(
    "call",
    [
        lambda: calibrate([1, 1], [[1.0], [1.0]], [2], distance="logit"),
        lambda: calibrate([1, 1], [[1.0], [1.0]], [2], distance="logit", bounds=(1.2, 3)),
        lambda: calibrate([1, 1], [[1.0], [1.0]], [2], distance="linear", bounds=(0.5, 2)),
        lambda: calibrate([1, 1], [[1.0], [np.nan]], [2]),
        lambda: calibrate([1, 1], [[1.0]], [2]),
        lambda: calibrate([1, -1], [[1.0], [1.0]], [2]),
        lambda: rake([], {}, {}),
    ],
)
def test_settings_that_cannot_be_are_refused(call):
    with pytest.raises(MethodError, match="expected"):
        call()
