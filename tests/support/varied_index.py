"""A small index of four levels with holes, groups and a denominator, for the tests of what varies."""

from __future__ import annotations

import numpy as np

from beffroi.composite.coin import Coin, Framework, Node
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.recipe import Recipe
from beffroi.composite.scaling import Scale
from beffroi.composite.steps import Aggregate, Denominate, Impute, Normalise, Screen, Treat

TREE = Framework(
    (
        Node("a", 1, "p", weight=2.0, denominator="heads"), Node("b", 1, "p", direction=-1), Node("c", 1, "p"),
        Node("d", 1, "q"), Node("e", 1, "q", weight=0.5), Node("f", 1, "r"),
        Node("p", 2, "s"), Node("q", 2, "s", weight=3.0), Node("r", 2, "t"),
        Node("s", 3, "top"), Node("t", 3, "top", weight=2.0), Node("top", 4, ""),
    )
)  # fmt: skip


def coin(*, seed: int = 1, n: int = 14, holes: float = 0.15, years: int = 0) -> Coin:
    rng = np.random.default_rng(seed)
    values = rng.lognormal(sigma=1.2, size=(n, 6)) + 0.5
    values[rng.random(values.shape) < holes] = np.nan
    values[np.isnan(values).all(axis=1), 0] = 1.0
    per_year = n // max(1, years)
    units = tuple(f"R{i % per_year:02d}" for i in range(n))
    times = tuple(2020.0 + i // per_year for i in range(n)) if years else ()
    groups = tuple("north" if i % 2 else "south" for i in range(n))
    return Coin(
        IndicatorMatrix(units, TREE.indicators, values), TREE, units, {"side": groups},
        {"heads": rng.uniform(1, 5, n)}, times,
    )  # fmt: skip


MINMAX, ZSCORE = Normalise(scale=Scale(low=1.0)), Normalise(scale=Scale(method="zscore", mean=100.0, sd=10.0))
RANKED = Normalise(scale=Scale(method="rank"))
FULL = Recipe((Denominate(), Impute(group="side"), Screen(least_available=0.5), Treat(), MINMAX, Aggregate()))
