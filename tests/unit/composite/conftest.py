"""Small questions and a small built index that several test files ask for."""

from __future__ import annotations

import numpy as np
import pytest

from beffroi.catalogue.schema import Index, Pillar, ProfileRule, UncertaintySpec
from beffroi.composite.build import build
from beffroi.composite.gap_question import Question
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.vocabulary.text import Text

NAME = Text("essai", "trial")
SPEC = UncertaintySpec(
    256, 2006, 0.5, 0.25, ("min_max", "z_score", "percentile"), ("arithmetic", "geometric", "harmonic"),
    ("winsorise_or_log", "none"), 3,
)  # fmt: skip
INDEX = Index(
    "trial", NAME, NAME,
    (Pillar("p", NAME, 1.0, {"a": 1.0, "b": 1.0}), Pillar("q", NAME, 2.0, {"c": 1.0, "d": 3.0})),
    0.5, 0.5, "country_mean", "winsorise_or_log", "min_max", "arithmetic", SPEC,
    ProfileRule(0.667, 0.333, 3, 5, 0.05), "test", "2026-11-22",
)  # fmt: skip


def _question(seed: int = 1, n: int = 20, j: int = 8, *, region: int = 11) -> Question:
    rng = np.random.default_rng(seed)
    points = rng.uniform(5, 100, (n, j))
    weights = rng.dirichlet(np.ones(j))
    names = tuple(f"R{i:02d}" for i in range(n))
    head = (points.max(axis=0) - points[region]) * rng.uniform(0.3, 1.0, j)
    indicators = tuple("abcdefghijklmnop"[:j])
    return Question(names, indicators, points, weights, names[region], rng.uniform(0.1, 2, j), head)


def _build(index: Index = INDEX, *, seed: int = 7, n: int = 20, sigma: float = 1.6):
    rng = np.random.default_rng(seed)
    values = rng.lognormal(sigma=sigma, size=(n, 4))
    values[rng.random(values.shape) < 0.1] = np.nan
    names = tuple(f"{'FR' if i % 2 else 'DE'}{i:02d}" for i in range(n))
    matrix = IndicatorMatrix(names, ("a", "b", "c", "d"), values)
    return build(matrix, index, directions={"a": 1, "b": -1, "c": 1, "d": 1}, countries={n: n[:2] for n in names})


@pytest.fixture(scope="session")
def question():
    """`question(seed, region=…)`: 20 regions with random points, weights, costs and heads."""
    return _question


@pytest.fixture(scope="session")
def trial_index() -> Index:
    """Two pillars of two indicators; everything may vary."""
    return INDEX


@pytest.fixture(scope="session")
def make():
    """`make(index, seed=…)` builds the trial index on skewed figures with holes."""
    return _build
