"""Sets of weights: rescaled, effective, equal, noisy, and optimised for the influence each element should have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.optimize import least_squares, minimize

from beffroi.composite.influence import influence_at
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from beffroi.composite.coin import Framework
    from beffroi.composite.compat import Compat
    from beffroi.composite.correlate import Kind
    from beffroi.composite.influence import Influence
    from beffroi.composite.matrix import IndicatorMatrix
    from beffroi.composite.roll_up import Rules

    Floats = npt.NDArray[np.float64]

LEAST_WEIGHT = 1e-6


def equal_weights(framework: Framework) -> dict[str, float]:
    """Give every element of the tree the weight 1.

    >>> from beffroi.composite import example_coin
    >>> equal_weights(example_coin().framework)["fibre"]
    1.0
    """
    return dict.fromkeys(framework.weights, 1.0)


def rescaled_weights(framework: Framework, weights: Mapping[str, float] | None = None) -> dict[str, float]:
    """Rescale weights to sum to 1 among siblings.

    Raises:
        MethodError: siblings whose weights sum to zero.
    """
    given = {**framework.weights, **(weights or {})}
    totals: dict[str, float] = {}
    for node in framework.nodes:
        totals[node.parent] = totals.get(node.parent, 0.0) + given[node.code]
    zero = [parent for parent, total in totals.items() if total == 0]
    if zero:
        raise MethodError(f"The weights under '{zero[0] or 'the top'}' sum to zero. Give one of them a weight.")
    return {node.code: given[node.code] / totals[node.parent] for node in framework.nodes}


def effective_weights(framework: Framework, weights: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return each element's share of the whole index: its rescaled weight times those of its ancestors.

    The shares of one level sum to 1. Source: COINr's get_eff_weights.

    >>> from beffroi.composite.coin import Framework, Node
    >>> tree = Framework((Node("x", 1, "p", weight=3.0), Node("y", 1, "p"), Node("p", 2, "top"), Node("top", 3, "")))
    >>> effective_weights(tree)["x"]
    0.75
    """
    shares = rescaled_weights(framework, weights)
    out: dict[str, float] = {}
    for node in reversed(framework.nodes):
        out[node.code] = shares[node.code] * out.get(node.parent, 1.0)
    return {node.code: out[node.code] for node in framework.nodes}


def noisy_weights(framework: Framework, *, spread: Mapping[int, float], rng: np.random.Generator) -> dict[str, float]:
    """Multiply each weight of the named levels by a uniform factor in 1 ± spread.

    Args:
        framework: nominal weights.
        spread: level → half width, 0..1.
        rng: source of randomness; the same state gives the same weights.

    Raises:
        MethodError: a spread outside 0..1, which could turn a weight negative.

    >>> from beffroi.composite import example_coin
    >>> found = noisy_weights(example_coin().framework, spread={1: 0.1}, rng=np.random.default_rng(1))
    >>> 1.8 <= found["fibre"] <= 2.2, found["Access"]
    (True, 1.0)
    """
    if any(not 0 <= one <= 1 for one in spread.values()):
        raise MethodError(f"Spreads lie in 0..1, not {dict(spread)}.")
    return {
        node.code: node.weight * (1 + spread[node.level] * rng.uniform(-1, 1)) if node.level in spread else node.weight
        for node in framework.nodes
    }


def optimise_weights(
    table: IndicatorMatrix,
    framework: Framework,
    *,
    level: int,
    aim: Mapping[str, float] | Literal["balance", "infomax"] = "balance",
    rules: Rules = "amean",
    kind: Kind = "pearson",
    compat: Compat = "correct",
) -> tuple[dict[str, float], npt.NDArray[np.float64]]:
    """Choose a level's weights so that its elements correlate with the index as they should.

    Args:
        table: normalised units × indicators.
        framework: the tree; the weights of other levels stay.
        level: whose weights to choose.
        aim: code → wanted share of influence; `balance`: equal shares; `infomax`: the largest sum of correlations.
        rules: how the index is aggregated.
        kind: the correlation that measures influence.
        compat: `coinr` lets weights be negative.

    Returns:
        The weights of the whole tree (those of the level positive, sum 1, each family of siblings with its share of
        the elements), and the influence obtained: the share of
        each element in the sum of correlations (for `infomax` the correlations).

    Source: Becker et al. (2017), doi:10.1016/j.ecolind.2017.03.056.

    >>> from beffroi.composite import build_index, example_coin
    >>> built = build_index(example_coin())
    >>> weights, influence = optimise_weights(built.stages["normalise"], built.coin.framework, level=2)
    >>> influence.round(3).tolist()
    [0.5, 0.5]
    """
    codes = framework.at(level)
    wanted = np.array([aim[one] if not isinstance(aim, str) else 1.0 for one in codes])
    wanted = wanted / wanted.sum()

    seen = influence_at(table, framework, level, rules=rules, kind=kind)
    if kind == "pearson" and aim != "infomax":
        shares = _balanced(seen, wanted, floor=-np.inf if compat == "coinr" else LEAST_WEIGHT)
    elif kind == "pearson" and seen.powers and compat == "correct":
        shares = _most_informed(seen, np.ones(len(codes)))
    else:
        shares = _searched(seen, wanted, towards_most=aim == "infomax")
    shares = _even(framework, codes, shares)
    found = seen.of(shares)
    obtained = found if aim == "infomax" else found / found.sum()
    return {**framework.weights, **dict(zip(codes, map(float, shares), strict=True))}, obtained


def _even(framework: Framework, codes: Sequence[str], weights: Floats) -> Floats:
    """Only ratios among siblings count: let each family's weights sum to its share of the level's elements."""
    parents = np.array([framework.node(one).parent for one in codes])
    out = weights.copy()
    for parent in dict.fromkeys(parents):
        family = parents == parent
        out[family] *= family.mean() / out[family].sum()
    return out


def _balanced(seen: Influence, wanted: Floats, *, floor: float) -> Floats:
    """Solve for the shares of influence; one more equation keeps the sum of weights at 1."""

    def gap(weights: Floats) -> Floats:
        found = seen.of(weights)
        return np.append(found / found.sum() - wanted, weights.sum() - 1.0)

    def slopes(weights: Floats) -> Floats:
        found, moved = seen.with_slopes(weights)
        shares = (moved - np.outer(found / found.sum(), moved.sum(axis=0))) / found.sum()
        return np.vstack([shares, np.ones(len(weights))])

    best = least_squares(
        gap, wanted, jac=slopes if seen.powers else "2-point", bounds=(floor, np.inf), xtol=1e-15, ftol=1e-15,
        gtol=1e-15, x_scale=wanted.max(),
    )  # fmt: skip
    return np.asarray(best.x / best.x.sum())


def _most_informed(seen: Influence, start: Floats) -> Floats:
    """Climb to the largest sum of correlations by its slopes; weights stay positive."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        found, moved = seen.with_slopes(weights)
        return -float(found.sum()), -moved.sum(axis=0)

    bounds = [(LEAST_WEIGHT, None)] * len(start)
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-12, "gtol": 1e-8})
    return np.asarray(best.x / best.x.sum())


def _searched(seen: Influence, wanted: Floats, *, towards_most: bool) -> Floats:
    """Search without slopes, which rank correlations do not have; weights stay positive."""

    def shares(logs: Floats) -> Floats:
        weights = np.maximum(np.exp(logs - logs.max()), LEAST_WEIGHT)
        return np.asarray(weights / weights.sum())

    def loss(logs: Floats) -> float:
        found = seen.of(shares(logs))
        return float(-found.sum()) if towards_most else float(((found / found.sum() - wanted) ** 2).mean())

    best = minimize(
        loss,
        np.log(wanted),
        method="Nelder-Mead",
        options={"xatol": 1e-10, "fatol": 1e-16, "maxiter": 4000, "adaptive": True},
    )
    return shares(np.asarray(best.x))
