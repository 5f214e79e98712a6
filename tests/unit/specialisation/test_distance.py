"""Duranton and Overman: the curve by its formula, the bands by their definition, and industries of known kind."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from beffroi.specialisation import (
    distances_km,
    duranton_overman,
    global_band,
    on_globe,
    on_plane,
    silverman,
)
from beffroi.vocabulary.errors import MethodError

RNG = np.random.default_rng(2026)
X, Y = RNG.uniform(0, 100, 400), RNG.uniform(0, 100, 400)
SITES = on_plane(X, Y)


def slow_curve(x, y, at, h):
    """K(d) as it is printed, pair by pair."""
    n, out = len(x), np.zeros(len(at))
    for i in range(n):
        for j in range(i + 1, n):
            d = math.hypot(x[i] - x[j], y[i] - y[j])
            out += np.exp(-(((at - d) / h) ** 2) / 2) + np.exp(-(((at + d) / h) ** 2) / 2)
    return out * 2 / (n * (n - 1) * h * math.sqrt(2 * math.pi))


def test_the_curve_is_the_formula_pair_by_pair():
    members = np.arange(40)
    found = duranton_overman(SITES, members, rng=np.random.default_rng(1), draws=100)

    slow = slow_curve(X[:40], Y[:40], found.distances_km, found.bandwidth_km)
    assert found.density == pytest.approx(slow, rel=1e-3, abs=1e-7)
    assert found.distances_km[-1] == pytest.approx(np.median(distances_km(SITES)))


def test_the_curve_is_a_density_of_all_distances():
    found = duranton_overman(SITES, np.arange(40), rng=np.random.default_rng(1), draws=100, upto_km=200)

    assert np.trapezoid(found.density, found.distances_km) == pytest.approx(1, abs=1e-3)


@settings(max_examples=50)
@given(arrays(np.float64, st.tuples(st.integers(5, 40), st.integers(1, 4)), elements=st.integers(0, 9).map(float)))
def test_the_band_is_the_narrowest_that_few_whole_curves_cross(curves):
    """By definition: try every rank from the outside in."""
    low, high = global_band(curves, level=0.8)
    draws = curves.shape[0]

    def crossing(band):
        return (curves > band).any(axis=1).sum()

    ordered = -np.sort(-curves, axis=0)
    allowed = [k for k in range(draws) if crossing(ordered[k]) <= 0.2 * draws + 1e-9]
    best = 0
    while best + 1 in allowed:
        best += 1
    assert (high == ordered[best]).all()
    assert crossing(high) <= 0.2 * draws + 1e-9
    assert (curves < low).any(axis=1).sum() <= 0.2 * draws + 1e-9


def test_an_industry_of_chance_is_found_localised_as_seldom_as_the_level_says():
    """120 industries drawn at random: about 5 in 100 cross the band."""
    rng = np.random.default_rng(9)
    found = [
        duranton_overman(SITES, rng.choice(400, 25, replace=False), rng=rng, draws=120, upto_km=50).is_localised
        for _ in range(120)
    ]

    assert 0.01 <= np.mean(found) <= 0.10


def test_a_cluster_is_localised_at_its_own_scale():
    near = np.argsort((X - 50) ** 2 + (Y - 50) ** 2)[:30]
    radius = math.sqrt(((X[near] - 50) ** 2 + (Y[near] - 50) ** 2).max())
    found = duranton_overman(SITES, near, rng=np.random.default_rng(1), draws=200)

    assert found.is_localised
    assert not found.is_dispersed  # never both, by definition
    assert not found.dispersion.any()
    assert found.localisation[found.distances_km > 2 * radius + 5 * found.bandwidth_km].max() == 0
    assert (found.global_high >= found.local_high - 1e-12).all()
    assert (found.global_low <= found.local_low + 1e-12).all()


def test_an_industry_that_keeps_its_distance_is_dispersed():
    """Chosen one by one, each as far from the others as it can be."""
    members = [0]
    for _ in range(24):
        gaps = np.min([np.hypot(X - X[m], Y - Y[m]) for m in members], axis=0)
        members.append(int(gaps.argmax()))
    found = duranton_overman(SITES, np.array(members), rng=np.random.default_rng(1), draws=200)

    assert found.is_dispersed
    assert not found.is_localised


def test_it_does_not_hang_on_place_direction_or_unit():
    members, angle = np.arange(30), 0.7
    turned = on_plane(X * np.cos(angle) - Y * np.sin(angle) + 500, X * np.sin(angle) + Y * np.cos(angle) - 80)
    doubled = on_plane(2 * X, 2 * Y)
    plain, other, large = (
        duranton_overman(one, members, rng=np.random.default_rng(4), draws=100) for one in (SITES, turned, doubled)
    )

    assert other.density == pytest.approx(plain.density, rel=1e-2, abs=1e-6)
    assert other.global_high == pytest.approx(plain.global_high, rel=1e-2, abs=1e-6)
    assert large.density == pytest.approx(plain.density / 2, rel=1e-2, abs=1e-6)
    assert large.distances_km == pytest.approx(2 * plain.distances_km)


def test_the_seed_decides_and_nothing_else():
    one, two = (duranton_overman(SITES, np.arange(30), rng=np.random.default_rng(4), draws=100) for _ in range(2))

    assert (one.global_high == two.global_high).all()


def test_the_globe_measures_along_its_surface():
    lille, lyon, quito = (3.06, 50.63), (4.84, 45.76), (-78.5, -0.2)
    found = distances_km(on_globe(*zip(lille, lyon, quito, strict=True)))

    assert found[0] == pytest.approx(558, abs=2)
    assert found[2] == pytest.approx(9480, rel=0.01)
    assert distances_km(on_globe([0.0, 180.0], [0.0, 0.0]))[0] == pytest.approx(math.pi * 6371.0088)


def test_on_the_globe_the_curve_is_the_formula_too():
    lon, lat = RNG.uniform(0, 8, 60), RNG.uniform(43, 50, 60)
    sites = on_globe(lon, lat)
    found = duranton_overman(sites, np.arange(30), rng=np.random.default_rng(4), draws=100)

    from beffroi.specialisation.sites import Sites  # noqa: PLC0415 -- only here

    d = distances_km(Sites(sites.points[:30], sites.radius))
    at, h = found.distances_km[:, None], found.bandwidth_km
    slow = (np.exp(-(((at - d) / h) ** 2) / 2) + np.exp(-(((at + d) / h) ** 2) / 2)).sum(axis=1)
    slow /= d.size * h * math.sqrt(2 * math.pi)
    assert found.density == pytest.approx(slow, rel=1e-3, abs=1e-9)


@pytest.mark.parametrize(
    "call",
    [
        lambda: duranton_overman(SITES, np.array([1, 1, 2]), rng=RNG),
        lambda: duranton_overman(SITES, np.array([1, 2]), rng=RNG),
        lambda: duranton_overman(SITES, np.array([1, 2, 400]), rng=RNG),
        lambda: duranton_overman(SITES, np.arange(9), rng=RNG, draws=10),
        lambda: duranton_overman(SITES, np.arange(9), rng=RNG, level=95),
        lambda: duranton_overman(SITES, np.arange(9), rng=RNG, upto_km=0.0),
        lambda: silverman(np.ones(5)),
        lambda: on_plane([1.0, np.nan], [1.0, 2.0]),
        lambda: on_plane([1.0], [1.0, 2.0]),
        lambda: on_globe([50.0], [120.0]),
    ],
)
def test_what_cannot_be_measured_is_refused(call):
    with pytest.raises(MethodError, match="expected"):
        call()


def test_more_sites_than_the_sample_still_give_a_median():
    rng = np.random.default_rng(0)
    many = on_plane(rng.uniform(0, 100, 2500), rng.uniform(0, 100, 2500))
    found = duranton_overman(many, np.arange(20), rng=rng, draws=100)

    assert found.distances_km[-1] == pytest.approx(51.2, abs=2)  # median distance in a square of side 100
