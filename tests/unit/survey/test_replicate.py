"""Leaving units out in turn gives the errors that formulas give, and errors where there is no formula."""

from __future__ import annotations

import numpy as np
import pytest

from beffroi.survey import (
    calibrate,
    calibrated,
    design,
    estimate_by_replicates,
    indicators,
    jackknife,
    mean,
    proportion,
    rake,
    ratio,
    rescaled_bootstrap,
    total,
    weighted_median,
)
from beffroi.vocabulary.errors import MethodError

RNG = np.random.default_rng(8)
STRATA = ["a"] * 20 + ["b"] * 15
DRAWN = design(35, strata=STRATA, population=[[60] * 20 + [90] * 15])
Y, X = RNG.lognormal(2, 0.5, 35), RNG.lognormal(3, 0.5, 35)


def test_the_jackknife_of_a_total_is_the_formula_to_the_last_digit():
    made = jackknife(DRAWN)

    assert estimate_by_replicates(lambda w: float(w @ Y), DRAWN, made).standard_error == pytest.approx(
        total(Y, DRAWN).standard_error
    )
    near = estimate_by_replicates(lambda w: float(w @ Y / (w @ X)), DRAWN, made).standard_error
    assert near == pytest.approx(ratio(Y, X, DRAWN).standard_error, rel=0.05)


def test_the_jackknife_leaves_whole_clusters_out():
    clusters = design(6, units=[["p", "p", "q", "q", "r", "r"]], weights=[2.0] * 6)
    y = np.array([1.0, 2.0, 5.0, 6.0, 9.0, 1.0])

    made = jackknife(clusters)
    assert made.weights.shape == (3, 6)
    assert estimate_by_replicates(lambda w: float(w @ y), clusters, made).standard_error == pytest.approx(
        total(y, clusters).standard_error
    )


def test_the_bootstrap_of_a_total_is_the_formula_on_average():
    made = rescaled_bootstrap(DRAWN, rng=np.random.default_rng(1), draws=4000)
    found = estimate_by_replicates(lambda w: float(w @ Y), DRAWN, made)

    assert found.standard_error == pytest.approx(total(Y, DRAWN).standard_error, rel=0.05)
    assert found.value == pytest.approx(total(Y, DRAWN).value)


def test_the_error_of_a_median_is_what_repeated_drawing_shows():
    population = RNG.lognormal(2, 0.7, 400)
    samples = [RNG.choice(population, 60, replace=False) for _ in range(1000)]
    truth = np.std([np.median(one) for one in samples])
    drawn = design(60, population=[[400] * 60])
    errors = [
        estimate_by_replicates(
            lambda w, y=y: weighted_median(y, w), drawn, rescaled_bootstrap(drawn, rng=RNG, draws=200)
        ).standard_error
        for y in samples[:60]
    ]

    assert np.mean(errors) == pytest.approx(truth, rel=0.15)


def test_a_weighted_median_has_half_of_the_weight_on_either_side():
    assert weighted_median([3.0, 1.0, 2.0], np.array([1.0, 5.0, 1.0])) == 1
    assert weighted_median([1.0, 2.0, 3.0, 4.0], np.ones(4)) == 2.5
    assert weighted_median([np.nan, 2.0], np.array([0.0, 1.0])) == 2
    assert np.isnan(weighted_median([np.nan, 2.0], np.ones(2)))
    assert np.isnan(weighted_median([1.0], np.zeros(1)))


def test_a_stratum_asked_in_whole_needs_no_replicate_and_a_lonely_one_is_refused():
    whole = design(3, strata=["a", "b", "b"], population=[[1, 9, 9]])
    assert jackknife(whole).weights.shape == (2, 3)
    assert (rescaled_bootstrap(whole, rng=RNG, draws=200).weights[:, 0] == 1).all()
    with pytest.raises(MethodError, match="single unit"):
        jackknife(design(3, strata=["a", "b", "b"], population=[[2, 9, 9]]))
    with pytest.raises(MethodError, match="200 or more"):
        rescaled_bootstrap(whole, rng=RNG, draws=10)


def test_what_the_weights_were_calibrated_on_is_no_longer_in_doubt():
    x = np.stack([np.ones(35), X], axis=1)
    made = calibrated(DRAWN, calibrate(DRAWN.weights, x, [150, 4000], distance="raking"), x)

    assert total(X, made).value == pytest.approx(4000)
    assert total(X, made).standard_error == pytest.approx(0, abs=1e-6)
    assert total(X, DRAWN).standard_error > 100


def test_the_error_after_calibration_is_what_repeated_drawing_shows():
    """A variable that goes with the known one: calibration halves its error, and the formula knows by how much."""
    n, size = 80, 1000
    x = RNG.lognormal(2, 0.4, size)
    y = 3 * x + RNG.normal(0, 4, size)
    found = []
    for _ in range(400):
        rows = RNG.choice(size, n, replace=False)
        drawn = design(n, population=[[size] * n])
        aux = np.stack([np.ones(n), x[rows]], axis=1)
        made = calibrated(drawn, calibrate(drawn.weights, aux, [size, x.sum()], distance="raking"), aux)
        found.append((mean(y[rows], made), mean(y[rows], drawn)))

    truth = np.std([one.value for one, _ in found])
    assert np.mean([one.standard_error for one, _ in found]) == pytest.approx(truth, rel=0.1)
    assert np.mean([plain.standard_error for _, plain in found]) > 1.5 * truth
    covered = np.mean([one.low <= y.mean() <= one.high for one, _ in found])
    assert 0.91 < covered < 0.98


def test_after_raking_the_known_shares_are_known():
    size = ["s"] * 25 + ["l"] * 10
    categories = {"size": size}
    raked = rake(DRAWN.weights, categories, {"size": {"s": 120, "l": 30}})
    made = calibrated(DRAWN, raked, indicators(categories))

    found = proportion([float(one == "s") for one in size], made, interval="wald")
    assert (found.value, found.standard_error) == pytest.approx((0.8, 0), abs=1e-9)
    with pytest.raises(MethodError, match="one row an answer"):
        calibrated(design(2, weights=[1, 1]), raked, indicators(categories))
