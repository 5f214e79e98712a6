"""Presets by hand: stages, caps and roots, years that share a scale, and what is missing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from beffroi.catalogue.presets import load_preset, read_preset
from beffroi.composite.cap import cap_outliers, root_if_skewed
from beffroi.composite.preset import apply_preset
from beffroi.composite.treat import skew
from beffroi.vocabulary.errors import MethodError

HEAD = """
id: small
name: {fr: Petit, en: Small}
definition: {fr: Petit, en: Small}
source: test
file: small.csv
columns: {edition: edition, unit: unit, indicator: code, value: value}
edition: "1"
"""
STAGED = read_preset(
    HEAD
    + """
method: {scale: goalposts, points: 100, means: [amean, amean]}
stages: {by: wealth, limits: [50, 100], weights: {p: [0.8, 0.5, 0.2], q: [0.2, 0.5, 0.8]}}
branches:
  - {id: p, weight: 1, indicators: {x: {low: 0, high: 10}}}
  - {id: q, weight: 1, indicators: {y: {low: 0, high: 10}}}
""",
    "staged",
)
YEARS = read_preset(
    HEAD + "method: {scale: minmax, pooled: true, means: [amean]}\nindicators: {x: {}, y: {}}\n", "years"
)


def by_unit(built):
    return dict(zip(built.coin.units, built.scores.tolist(), strict=True))


def test_weights_follow_the_stage_and_no_stage_gives_no_score():
    wealth = {"A": 49.9, "B": 50.0, "C": 100.0, "D": 300.0}
    figures = {(unit, "x"): 10.0 for unit in "ABCDE"} | {(unit, "y"): 0.0 for unit in "ABCDE"}
    figures |= {(unit, "wealth"): value for unit, value in wealth.items()}

    found = by_unit(apply_preset(STAGED, figures))

    assert {unit: found[unit] for unit in "ABCD"} == pytest.approx({"A": 80.0, "B": 50.0, "C": 20.0, "D": 20.0})
    assert np.isnan(found["E"])


def test_a_missing_branch_leaves_its_weight_to_the_other():
    figures = {("A", "x"): 10.0, ("B", "x"): 5.0, ("A", "y"): 0.0, ("A", "wealth"): 10.0, ("B", "wealth"): 10.0}

    assert by_unit(apply_preset(STAGED, figures)) == pytest.approx({"A": 80.0, "B": 50.0})
    without = {key: value for key, value in figures.items() if key[1] != "y"}
    assert by_unit(apply_preset(STAGED, without)) == pytest.approx({"A": 100.0, "B": 50.0})


def test_years_share_a_scale_and_are_replayed_with_it():
    now = {("A", "x"): 5.0, ("B", "x"): 10.0, ("A", "y"): 1.0, ("B", "y"): 1.0}
    before = {("A", "x"): 0.0, ("B", "x"): 2.0, ("A", "y"): 0.0, ("B", "y"): 2.0}

    built = apply_preset(YEARS, now, other_editions={"0": before})

    assert by_unit(built) == {"A": 0.5, "B": 0.75}
    again = built.replay(built.recipe.steps[-1])
    assert by_unit(again) == by_unit(built)


def test_a_method_that_is_not_pooled_looks_at_its_edition_only():
    figures = {("A", "x"): 10.0, ("A", "wealth"): 10.0}

    alone = apply_preset(STAGED, figures)

    assert by_unit(apply_preset(STAGED, figures, other_editions={"0": {("Z", "x"): 3.0}})) == by_unit(alone)


def test_figures_beyond_a_goalpost_count_as_the_goalpost_in_the_hdi_and_not_in_desi():
    hdi = {("A", "le"): 90.0, ("A", "eys"): 22.0, ("A", "mys"): 15.0, ("A", "gnipc"): 150_000.0}

    assert by_unit(apply_preset(load_preset("hdi"), hdi)) == {"A": 1.0}
    assert by_unit(apply_preset(load_preset("desi-2022"), {("A", "1a2"): 0.99}))["A"] == pytest.approx(150.0)


def test_a_dimension_without_figures_gives_no_hdi():
    figures = {("A", "le"): 80.0, ("A", "eys"): 18.0, ("A", "mys"): 15.0, ("B", "le"): 80.0, ("B", "gnipc"): 9e4}

    assert np.isnan(apply_preset(load_preset("hdi"), figures).scores).all()


def test_what_cannot_be_taken_is_named():
    with pytest.raises(MethodError, match="No figure belongs"):
        apply_preset(STAGED, {("A", "z"): 1.0})
    with pytest.raises(MethodError, match="'gnipc' has a figure of -3, which has no logarithm"):
        apply_preset(load_preset("hdi"), {("A", "gnipc"): -3.0})
    with pytest.raises(MethodError, match="'delay' is skewed and has a figure of -1"):
        root_if_skewed(np.array([-1.0, 0.0, 0.0, 0.0, 90.0]), what="delay")


figures = arrays(float, st.integers(3, 30), elements=st.integers(0, 999).map(float))


@given(figures, st.floats(1.0, 4.0))
def test_a_cap_moves_only_what_is_outside_and_keeps_the_order(x, deviations):
    capped = cap_outliers(x, deviations=deviations)

    inside = np.abs(x - x.mean()) <= deviations * x.std(ddof=1)
    assert np.array_equal(capped[inside], x[inside])
    assert set(capped) <= set(x)
    assert (np.diff(capped[np.argsort(x)]) >= 0).all()


@given(figures)
def test_a_root_is_taken_where_the_tail_is_long(x):
    found = root_if_skewed(x)

    long_tail = x.min() < x.max() and skew(x) > 1
    assert np.array_equal(found, np.sqrt(x) if long_tail else x)


def test_holes_stay_holes():
    x = np.array([1.0, np.nan, 2.0, 3.0, 2.0, 1.0, 3.0, 2.0, 400.0])

    assert np.isnan(cap_outliers(x)[1])
    assert cap_outliers(x)[-1] == 3.0
    assert np.isnan(root_if_skewed(x)[1])
    assert root_if_skewed(x)[-1] == 20.0
