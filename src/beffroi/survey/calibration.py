"""Make the weights of a sample add up to what is known of the population: raking and calibration.

Who did not answer is not like who did. Weights that give back the known numbers by size, territory and activity mend
what these explain, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from beffroi.survey.sampling import Design, Floats

Distance = Literal["linear", "raking", "logit"]
TOLERANCE = 1e-11  # of the largest total: nothing is off by more
ROUNDS, STEPS = 10_000, 200
HALVINGS = 40
OVERFLOW = 700.0  # exp of more is endless


@dataclass(frozen=True, slots=True)
class Calibrated:
    """New weights, one a row; `factors` = new / old; `rounds` taken; `off`: largest relative miss of a total."""

    weights: Floats
    factors: Floats
    rounds: int
    off: float


def _start(weights: npt.ArrayLike) -> Floats:
    given = np.asarray(weights, dtype=np.float64)
    if not given.size or not (np.isfinite(given) & (given > 0)).all():
        raise MethodError("Starting weights are missing or not above 0; expected all above 0. Correct the design.")
    return given


def rake(
    weights: npt.ArrayLike,
    categories: Mapping[str, Sequence[str]],
    margins: Mapping[str, Mapping[str, float]],
    *,
    tolerance: float = TOLERANCE,
) -> Calibrated:
    """Rake: adjust to one margin after the other until all hold (iterative proportional fitting).

    Args:
        weights: starting weights, one a row.
        categories: for each margin, the category of each row.
        margins: for each margin, the number known for each category, in the population.
        tolerance: largest relative miss of a margin at the end.

    Returns:
        Weights, which stay above 0. Bounds are not kept: see `calibrate` with `logit`.

    Raises:
        MethodError: margins with different sums; a category that nobody answered for, or without a known number; or
            margins that cannot hold together.

    Source: Deming and Stephan (1940), Annals of Mathematical Statistics 11(4), 427–444, doi:10.1214/aoms/1177731829.

    >>> found = rake([1, 1, 1, 1], {"size": ["s", "s", "s", "l"]}, {"size": {"s": 6, "l": 4}})
    >>> found.weights.tolist()
    [2.0, 2.0, 2.0, 4.0]
    """
    start = _start(weights)
    places, wanted = _margins(start.size, categories, margins)
    made = start.copy()
    scale = max(float(one.max()) for one in wanted)
    off = float("inf")
    for done in range(1, ROUNDS + 1):
        off = 0.0
        for place, known in zip(places, wanted, strict=True):
            reached = np.bincount(place, weights=made, minlength=known.size)
            off = max(off, float(np.abs(reached - known).max()) / scale)
            made *= (known / reached)[place]
        if off <= tolerance:
            return Calibrated(made, made / start, done, off)
    raise MethodError(
        f"After {ROUNDS} rounds the margins are still off by {off:.1e} of the largest; expected margins that can hold "
        "together with those who answered. Join categories in which few answered."
    )


def _margins(
    size: int, categories: Mapping[str, Sequence[str]], margins: Mapping[str, Mapping[str, float]]
) -> tuple[list[npt.NDArray[np.intp]], list[Floats]]:
    faults = []
    places, wanted = [], []
    for name, known in margins.items():
        column = np.asarray(categories.get(name, ()), dtype=str)
        if column.size != size:
            faults.append(f"margin '{name}' has {column.size} categories for {size} rows")
            continue
        here, there = set(column.tolist()), set(known)
        faults += [f"'{one}' of '{name}' has no known number" for one in sorted(here - there)]
        faults += [f"nobody answered for '{one}' of '{name}'" for one in sorted(there - here) if known[one]]
        faults += [
            f"the number of '{one}' of '{name}' is not above 0" for one in sorted(here & there) if not known[one] > 0
        ]
        codes = sorted(here & there)
        order = {code: number for number, code in enumerate(codes)}
        places.append(np.array([order.get(code, 0) for code in column.tolist()], dtype=np.intp))
        wanted.append(np.array([float(known[code]) for code in codes]))
    sums = {name: float(sum(known.values())) for name, known in margins.items()}
    if not margins or max(sums.values()) - min(sums.values()) > TOLERANCE * max(map(abs, sums.values())):
        faults.append(f"sums of the margins are {sums}, which are not one number")
    if faults:
        raise MethodError(
            f"The margins cannot be raked: {'; '.join(faults)}. Expected, for each, the numbers of one population by "
            "the categories that answered. Join categories, or correct the numbers."
        )
    return places, wanted


def calibrate(
    weights: npt.ArrayLike,
    auxiliary: npt.ArrayLike,
    totals: Sequence[float],
    *,
    distance: Distance = "linear",
    bounds: tuple[float, float] | None = None,
    tolerance: float = TOLERANCE,
) -> Calibrated:
    """Change weights as little as possible so that they give the known totals exactly.

    w = d F(x'λ), with Σ w x = totals. linear: F = 1 + u (the regression estimator; weights may fall below 0); raking:
    exp u; logit, with bounds L < 1 < U: [L (U − 1) + U (1 − L) e^(Au)] / [U − 1 + (1 − L) e^(Au)],
    A = (U − L) / ((1 − L)(U − 1)), so that no weight changes by a factor outside L..U.

    Args:
        weights: starting weights d, one a row.
        auxiliary: rows × variables, what is known of each (1, indicators, amounts); none missing. Variables that say
            the same twice do no harm if their totals agree.
        totals: the known total of each variable, in the same order.
        distance: `linear`, `raking` or `logit`.
        bounds: L and U of `logit`.
        tolerance: largest miss at the end, in units of the largest contribution.

    Returns:
        The weights.

    Raises:
        MethodError: shapes, a hole, bounds that do not hold 1 between them or are given for another distance, or totals
            that no such weights reach (which ones is said).

    Source: Deville and Särndal (1992), JASA 87(418), 376–382, doi:10.1080/01621459.1992.10475217.

    >>> calibrate([1, 1], [[1, 0], [1, 1]], [4, 1]).weights.round(9).tolist()
    [3.0, 1.0]
    """
    d, x = _start(weights), np.asarray(auxiliary, dtype=np.float64)
    wanted = np.asarray(totals, dtype=np.float64)
    if x.shape != (d.size, wanted.size) or not (np.isfinite(x).all() and np.isfinite(wanted).all()):
        raise MethodError(
            f"Auxiliary figures of shape {x.shape} for {d.size} rows and {wanted.size} totals; expected rows × totals "
            "and none missing. Leave out rows without them, or estimate them."
        )
    scale = np.maximum(np.abs(x).max(axis=0), np.finfo(float).tiny)
    return _newton(d, x / scale, wanted / scale, _function(distance, bounds), tolerance)


def _function(distance: str, bounds: tuple[float, float] | None) -> Callable[[Floats], tuple[Floats, Floats]]:
    """F and its derivative."""
    if distance == "logit" and bounds is not None and 0 <= bounds[0] < 1 < bounds[1]:
        return _logit(*bounds)
    if distance in {"linear", "raking"} and bounds is None:
        return _linear if distance == "linear" else _raking
    raise MethodError(
        f"Distance '{distance}' with bounds {bounds}; expected linear or raking without bounds, or logit with bounds "
        "such as (0.3, 3.0), which hold 1 between them and are not below 0."
    )


def _linear(u: Floats) -> tuple[Floats, Floats]:
    return 1 + u, np.ones_like(u)


def _raking(u: Floats) -> tuple[Floats, Floats]:
    found = np.exp(np.minimum(u, OVERFLOW))
    return found, found


def _logit(low: float, high: float) -> Callable[[Floats], tuple[Floats, Floats]]:
    a = (high - low) / ((1 - low) * (high - 1))

    def function(u: Floats) -> tuple[Floats, Floats]:
        e = np.exp(np.clip(a * u, -OVERFLOW, OVERFLOW))
        below = high - 1 + (1 - low) * e
        # Divided before it is multiplied: e² would be endless long before F has reached its bound.
        slope = (e / below) * (a * (1 - low) * (high - 1) * (high - low) / below)
        return (low * ((high - 1) / below) + high * (1 - low) * (e / below)), slope

    return function


def indicators(categories: Mapping[str, Sequence[str]]) -> Floats:
    """Return a column of 0 and 1 for each category of each margin, margins and categories in order: what `rake` used.

    >>> indicators({"size": ["s", "l"]}).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    columns = [np.asarray(column, dtype=str) == one for column in categories.values() for one in sorted(set(column))]
    return np.array(columns, dtype=np.float64).T


def calibrated(design: Design, found: Calibrated, auxiliary: npt.ArrayLike) -> Design:
    """Return the design with calibrated weights, so that estimates and their errors know of the calibration.

    Args:
        design: how the sample was drawn; its weights were the starting weights.
        found: from `calibrate` or `rake`.
        auxiliary: rows × variables: those given to `calibrate`, or `indicators` of those given to `rake`.

    Returns:
        A design for `total`, `mean`, `ratio` and `proportion`. Negative weights (`linear`) are refused here.

    Raises:
        MethodError: lengths that differ, or a weight that is not above 0.

    >>> from beffroi.survey.sampling import design
    >>> drawn, x = design(2, weights=[1.0, 1.0]), [[1.0], [1.0]]
    >>> calibrated(drawn, calibrate(drawn.weights, x, [6.0]), x).weights.tolist()
    [3.0, 3.0]
    """
    x = np.asarray(auxiliary, dtype=np.float64)
    weights = _start(found.weights)
    if weights.size != design.size or x.shape[:1] != (design.size,):
        raise MethodError(
            f"{weights.size} calibrated weights and auxiliary figures of shape {x.shape} for {design.size} answers; "
            "expected one row an answer."
        )
    return replace(design, weights=weights, auxiliary=x, drawn_weights=design.weights)


def _newton(
    d: Floats, x: Floats, wanted: Floats, function: Callable[[Floats], tuple[Floats, Floats]], tolerance: float
) -> Calibrated:
    scale = float(max(np.abs(wanted).max(), (d @ np.abs(x)).max()))
    at = np.zeros(wanted.size)
    factors, slope = function(x @ at)
    off = wanted - (d * factors) @ x
    rounds = 0
    while np.abs(off).max() > tolerance * scale and rounds < STEPS:
        step = np.linalg.lstsq((x.T * (d * slope)) @ x, off, rcond=None)[0]
        for halving in range(HALVINGS):
            tried = at + step / 2**halving
            tried_factors, tried_slope = function(x @ tried)
            tried_off = wanted - (d * tried_factors) @ x
            if np.linalg.norm(tried_off) < np.linalg.norm(off):
                break
        else:
            break
        at, factors, slope, off = tried, tried_factors, tried_slope, tried_off
        rounds += 1
    miss = np.abs(off) / scale
    if miss.max() > tolerance * 10:
        worst = ", ".join(f"{k + 1} by {miss[k]:.1e}" for k in np.argsort(-miss)[:3] if miss[k] > tolerance * 10)
        raise MethodError(
            f"No such weights reach the totals: total {worst} of the largest is missed after {rounds} steps. Expected "
            "totals that the answers can give. Widen the bounds, join categories, or check the totals against each "
            "other."
        )
    return Calibrated(d * factors, factors, rounds, float(miss.max()))
