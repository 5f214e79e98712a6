"""The best and the worst rank that any allowed weights can give: exact, not sampled.

Allowed weights form a polytope. One binary variable a rival says whether it is above; the sum is made least and
most by a mixed-integer program. Rivals that are always above, or never, are settled by linear programs first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from beffroi.composite.rank import rank
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.composite.aggregate import Tree

    Floats = npt.NDArray[np.float64]

ABOVE = 1e-6  # points by which a rival must lead to count as above: ten times the solver's own tolerance
OPTIMAL = 0


@dataclass(frozen=True, slots=True)
class Polytope:
    """Weights w ≥ 0 that sum to 1, between `lower` and `upper`, with `rows` · (w, helpers) ≤ `limits`.

    `rows` has one column an indicator and then one for each helper variable (≥ 0, without meaning of its own).
    """

    lower: Floats
    upper: Floats
    rows: Floats
    limits: Floats


@dataclass(frozen=True, slots=True)
class ExactRank:
    """Best and worst rank, and weights that give each. `proven` unless the time limit stopped the search.

    When it did, the ranks are those found and the true bounds may lie beyond.
    """

    best: int
    worst: int
    best_weights: Floats
    worst_weights: Floats
    proven: bool


def box(lower: Floats, upper: Floats) -> Polytope:
    """Return weights between bounds that sum to 1; `box(zeros, ones)` is the whole simplex.

    Raises:
        MethodError: bounds cross or leave no weights that sum to 1.
    """
    if lower.shape != upper.shape or (lower > upper).any() or lower.sum() > 1 or upper.sum() < 1:
        raise MethodError(
            f"Lower bounds add up to {lower.sum():g} and upper ones to {upper.sum():g}; weights between them must be "
            "able to add up to 1. Widen the bounds."
        )
    return Polytope(np.maximum(lower, 0.0), upper, np.zeros((0, lower.size)), np.zeros(0))


def spread(shape: Tree, *, pillar_spread: float, indicator_spread: float) -> Polytope:
    """Return the effective weights that the uncertainty analysis can draw, exactly.

    Each weight is multiplied by a factor in 1 ± spread and rescaled in its group. With a helper s for the scale of
    a group this is (1 − f) w s ≤ v ≤ (1 + f) w s, which is linear in weights and helpers.

    Args:
        shape: pillars and nominal weights.
        pillar_spread: 0 fixes the weights of pillars, 1 lets them fall to zero.
        indicator_spread: the same for indicators inside each pillar.

    Returns:
        The polytope over effective weights, in the order of the indicators.
    """
    pillars = Siblings(shape.members, shape.pillar_weights, pillar_spread)
    inside = [
        Siblings(tuple(np.array([one]) for one in columns), shape.indicator_weights[columns], indicator_spread)
        for columns in shape.members
    ]
    return nested(shape.indicator_weights.size, [*inside, pillars])


class Siblings(NamedTuple):
    """A group of elements: the indicators under each, nominal weights (any sum), and the spread of the weights."""

    members: Sequence[npt.NDArray[np.intp]]
    weights: Floats
    spread: float


def nested(indicators: int, groups: Sequence[Siblings]) -> Polytope:
    """Return the effective weights of a tree of any depth in which each group's weights may leave the nominal ones.

    Args:
        indicators: how many there are.
        groups: every group of siblings whose weights are bound; elements of a group that is left out share its weight
            in any way.

    Returns:
        The polytope over effective weights, with one helper a group (see `spread`).
    """
    rows = []
    for number, (members, weights, f) in enumerate(groups):
        for columns, weight in zip(members, weights, strict=True):
            one = np.zeros(indicators + len(groups))
            one[columns] = 1.0
            rows += _between(one, indicators + number, float(weight), f)
    table = np.array(rows) if rows else np.zeros((0, indicators))
    return Polytope(np.zeros(indicators), np.ones(indicators), table, np.zeros(len(rows)))


def exact_rank(points: Floats, row: int, allowed: Polytope, *, seconds: float = 30.0) -> ExactRank:
    """Find the best and the worst rank of a region over all allowed weights of an arithmetic index.

    Args:
        points: regions × indicators, more is better, no NaN.
        row: the region.
        allowed: the weights.
        seconds: time limit of each of the two programs.

    Returns:
        Both ranks, and weights that give them (recomputed by ranking everybody).

    Raises:
        MethodError: no weights are allowed, or points are missing.

    Source: Lorenz et al. (2016), arXiv:1608.04556 (ranks under uncertain weights as an integer program).

    >>> points = np.array([[60.0, 40.0], [50.0, 45.0], [40.0, 60.0]])
    >>> r = exact_rank(points, 1, box(np.zeros(2), np.ones(2)))
    >>> r.best, r.worst
    (2, 3)
    """
    if np.isnan(points).any() or points.shape[1] != allowed.lower.size:
        raise MethodError(
            f"Points have shape {points.shape}, {int(np.isnan(points).sum())} of them missing; {allowed.lower.size} "
            "indicators have weights. Give full points of the same indicators."
        )
    rivals = np.delete(points, row, axis=0) - points[row]
    least = np.array([_extreme(rival, allowed) for rival in rivals])
    most = -np.array([_extreme(-rival, allowed) for rival in rivals])
    worst, high, proven_high = _program(rivals, (least, most), allowed, seconds, lead=ABOVE)
    best, low, proven_low = _program(rivals, (least, most), allowed, seconds, lead=0.0)
    if int(rank(points @ low)[row]) > best:  # the solver's tie is not one to nine decimals: ask for a lead
        best, low, proven = _program(rivals, (least, most), allowed, seconds, lead=-ABOVE)
        proven_low = proven_low and proven
    seen = [int(rank(points @ weights)[row]) for weights in (low, high)]
    return ExactRank(seen[0], seen[1], low, high, proven_low and proven_high and seen == [best, worst])


def _between(group: Floats, helper: int, weight: float, f: float) -> list[Floats]:
    over, under = group.copy(), -group
    over[helper] = -(1 + f) * weight
    under[helper] = (1 - f) * weight
    return [over, under]


def _frame(allowed: Polytope, binaries: int) -> tuple[int, Bounds, list[LinearConstraint]]:
    j, helpers = allowed.lower.size, allowed.rows.shape[1] - allowed.lower.size
    width = j + helpers + binaries
    one = np.concatenate([np.ones(j), np.zeros(helpers + binaries)])[None, :]
    rows = [LinearConstraint(one, 1.0, 1.0)]
    if allowed.limits.size:
        padded = np.hstack([allowed.rows, np.zeros((allowed.limits.size, binaries))])
        rows.append(LinearConstraint(padded, ub=allowed.limits))
    top = np.concatenate([allowed.upper, np.full(helpers, np.inf), np.ones(binaries)])
    return width, Bounds(np.concatenate([allowed.lower, np.zeros(helpers + binaries)]), top), rows


def _extreme(objective: Floats, allowed: Polytope) -> float:
    helpers = allowed.rows.shape[1] - allowed.lower.size
    answer = linprog(
        np.concatenate([objective, np.zeros(helpers)]),
        A_ub=allowed.rows if allowed.limits.size else None,
        b_ub=allowed.limits if allowed.limits.size else None,
        A_eq=np.concatenate([np.ones(allowed.lower.size), np.zeros(helpers)])[None, :],
        b_eq=[1.0],
        bounds=[*zip(allowed.lower, allowed.upper, strict=True), *([(0.0, None)] * helpers)],
    )
    if answer.x is None:
        raise MethodError("No weights satisfy all the bounds given, so there is no rank. Widen the bounds.")
    return float(objective @ answer.x[: objective.size])


def _program(
    rivals: Floats, leads: tuple[Floats, Floats], allowed: Polytope, seconds: float, *, lead: float
) -> tuple[int, Floats, bool]:
    """Return the rank, weights that give it, and whether it is proven.

    With a positive `lead`, as many rivals as possible lead by it; otherwise as few as possible lead by more than it.
    `leads` are the least and the greatest lead of each rival: they settle who is above whatever the weights.
    """
    worst = lead > 0
    always = leads[0] >= lead if worst else leads[0] > lead
    never = leads[1] < lead if worst else leads[1] <= lead
    open_ = ~always & ~never
    some, settled = rivals[open_], int(always.sum())
    width, bounds, rows = _frame(allowed, some.shape[0])
    filler = np.zeros((some.shape[0], width - some.shape[0] - rivals.shape[1]))
    if worst:  # b = 1 asks for the lead: w·z − (lead − least) b ≥ least
        step, least = np.diag(lead - leads[0][open_]), leads[0][open_]
        rows.append(LinearConstraint(np.hstack([some, filler, -step]), lb=least))
    else:  # b = 0 forbids it: w·z − (greatest − lead) b ≤ lead
        step = np.diag(leads[1][open_] - lead)
        rows.append(LinearConstraint(np.hstack([some, filler, -step]), ub=lead))
    count = np.concatenate([np.zeros(width - some.shape[0]), np.ones(some.shape[0])])
    answer = milp(
        -count if worst else count,
        integrality=count,
        bounds=bounds,
        constraints=rows,
        options={"time_limit": seconds, "presolve": False},  # no faster here with it
    )
    if answer.x is None:
        raise MethodError(f"No answer over {rivals.shape[0]} rivals within {seconds:g} seconds. Allow more time.")
    weights = np.clip(answer.x[: rivals.shape[1]], 0.0, None)
    above = settled + round(float(answer.x @ count))
    return 1 + above, weights / weights.sum(), answer.status == OPTIMAL
