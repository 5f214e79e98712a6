"""Agglomeration beyond what few plants explain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.specialisation import coagglomeration, ellison_glaeser, maurel_sedillot
from beffroi.vocabulary.errors import MethodError

REFERENCE = {"a": 5.0, "b": 3.0, "c": 2.0}
PLANTS = st.lists(st.tuples(st.integers(1, 1000), st.sampled_from("abc"), st.sampled_from("ij")), min_size=3)


def slow(jobs, regions, reference):
    """The formula, term by term."""
    whole, base = sum(jobs), sum(reference.values())
    s = {r: sum(e for e, at in zip(jobs, regions, strict=True) if at == r) / whole for r in reference}
    x = {r: value / base for r, value in reference.items()}
    g = sum((s[r] - x[r]) ** 2 for r in reference)
    h = sum((e / whole) ** 2 for e in jobs)
    chance = 1 - sum(value**2 for value in x.values())
    return g, h, chance, s, x


@given(PLANTS)
def test_both_indices_are_the_formulas_term_by_term(plants):
    jobs, regions, _ = zip(*plants, strict=True)
    g, h, chance, s, x = slow(jobs, regions, REFERENCE)

    found = ellison_glaeser(jobs, regions, REFERENCE)
    assert (found.g, found.h) == pytest.approx((g, h))
    assert found.gamma == pytest.approx((g - chance * h) / (chance * (1 - h)))
    other = maurel_sedillot(jobs, regions, REFERENCE)
    squares = sum(v**2 for v in s.values()) - sum(v**2 for v in x.values())
    assert other.gamma == pytest.approx((squares / chance - h) / (1 - h))


@given(PLANTS.filter(lambda plants: len({one[2] for one in plants}) == 2))
def test_coagglomeration_is_the_published_formula(plants):
    jobs, regions, industries = map(list, zip(*plants, strict=True))
    g, _, chance, _, _ = slow(jobs, regions, REFERENCE)
    inside = herfindahl = squares = 0.0
    for industry in "ij":
        mine = [k for k, one in enumerate(industries) if one == industry]
        own = ellison_glaeser([jobs[k] for k in mine], [regions[k] for k in mine], REFERENCE)
        w = sum(jobs[k] for k in mine) / sum(jobs)
        gamma = 0.0 if len(mine) == 1 else own.gamma  # multiplied by 1 − H = 0 there
        inside += gamma * w**2 * (1 - own.h) if len(mine) > 1 else (own.g / chance - own.h) * w**2
        herfindahl += w**2 * own.h
        squares += w**2

    expected = (g / chance - herfindahl - inside) / (1 - squares)
    assert coagglomeration(jobs, regions, industries, reference=REFERENCE) == pytest.approx(expected, abs=1e-9)


def test_plants_thrown_at_random_are_not_agglomerated():
    """The mean of both indices over many throws by the reference's own law is 0."""
    rng = np.random.default_rng(5)
    codes, law = list(REFERENCE), np.array(list(REFERENCE.values())) / 10
    jobs = rng.lognormal(3, 1, size=30)
    throws = [rng.choice(codes, size=30, p=law).tolist() for _ in range(3000)]

    assert np.mean([ellison_glaeser(jobs, one, REFERENCE).gamma for one in throws]) == pytest.approx(0, abs=0.005)
    assert np.mean([maurel_sedillot(jobs, one, REFERENCE).gamma for one in throws]) == pytest.approx(0, abs=0.005)


def test_a_region_without_a_plant_counts():
    with_it = ellison_glaeser([1, 1, 1], ["a", "a", "b"], {"a": 1, "b": 1, "c": 8})
    without = ellison_glaeser([1, 1, 1], ["a", "a", "b"], {"a": 1, "b": 1})

    assert with_it.gamma > without.gamma


def test_the_two_indices_may_disagree_in_sign():
    """Spread like nobody else, but not in one place: far from the reference, and yet plants are apart."""
    jobs, regions = [10] * 9, ["b"] * 5 + ["c"] * 4
    reference = {"a": 80, "b": 10, "c": 10}

    assert ellison_glaeser(jobs, regions, reference).gamma > 0.5
    assert maurel_sedillot(jobs, regions, reference).gamma < 0


def test_a_single_plant_has_no_index_and_an_unknown_region_is_refused():
    assert np.isnan(ellison_glaeser([5], ["a"], REFERENCE).gamma)
    assert np.isnan(maurel_sedillot([5], ["a"], REFERENCE).gamma)
    assert np.isnan(ellison_glaeser([5, np.nan], ["a", "b"], REFERENCE).gamma)
    with pytest.raises(MethodError, match="first 'z'"):
        ellison_glaeser([5], ["z"], REFERENCE)
    with pytest.raises(MethodError, match="region of each plant"):
        ellison_glaeser([5, 6], ["a"], REFERENCE)
    with pytest.raises(MethodError, match="one a plant"):
        coagglomeration([5, 6], ["a", "b"], ["i"], reference=REFERENCE)
