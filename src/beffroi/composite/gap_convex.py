"""What would it take where effort or index is curved, in closed form up to one multiplier found by bisection.

`Geometric`: a weighted geometric mean of indicators, cost proportional to the move. `Quadratic`: an arithmetic mean
where each further point costs more, so that many small moves are preferred.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.aggregate import LEAST_POINTS, geometric
from beffroi.composite.gap import SLACK, Found, found
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from beffroi.composite.gap_question import Question

    Floats = npt.NDArray[np.float64]

HALVINGS = 200


class ZeroUnderGeometricMeanError(MethodError):
    """An indicator below 1 point under a geometric mean, which cannot say what a first point is worth."""


@dataclass(frozen=True, slots=True)
class Geometric:
    """Weighted geometric mean of indicators, cost proportional to the move.

    The set of points above a target is convex. At the optimum z_j = λ w_j / c_j, clipped to what is allowed, with
    one λ for all (first-order conditions), found by bisection. Source: Boyd & Vandenberghe (2004), Convex
    Optimization, section 5.5.3, doi:10.1017/CBO9780511804441.
    """

    def scores(self, question: Question, points: Floats) -> Floats:
        """Return the weighted geometric mean; others' points below 1 count as 1."""
        return geometric(points, question.weights / question.weights.sum())

    def cheapest(self, question: Question, target: float) -> Found | None:
        """Fill every indicator up to λ w/c, with the smallest λ that reaches the target."""
        start = question.points[question.row]
        low = (start < LEAST_POINTS) & (question.weights > 0)
        if low.any():
            k = int(np.flatnonzero(low)[0])
            raise ZeroUnderGeometricMeanError(
                f"Region '{question.region}' has {start[k]:g} points on '{question.indicators[k]}'; a geometric mean "
                "needs at least 1. Scale the indicators to 1..100, or give the index pillars and use `Nested`."
            )
        if target <= self.scores(question, question.points)[question.row]:
            return found(question, np.zeros_like(start))
        share = question.weights / question.weights.sum()
        top = start + question.room

        def at(multiplier: float) -> Floats:
            return np.asarray(np.clip(multiplier * share / question.cost, start, top))

        def reached(multiplier: float) -> bool:
            return bool(share @ np.log(np.maximum(at(multiplier), LEAST_POINTS)) >= np.log(target))

        movable = (share > 0) & (question.room > 0)
        high = float(np.max(top[movable] * question.cost[movable] / share[movable], initial=1.0))
        if not reached(high):
            return None
        return found(question, at(_smallest(reached, high)) - start)

    def furthest(self, question: Question) -> Floats:
        """Use the whole head of every indicator."""
        return question.room


@dataclass(frozen=True, slots=True)
class Quadratic:
    """Arithmetic mean; d points on an indicator cost `cost` · d², so the tenth point costs more than the first.

    d_j = λ w_j / c_j clipped to the head: the projection of the closed form on the box. Source: Boyd & Vandenberghe
    (2004), section 5.5.3 (water-filling).
    """

    def scores(self, question: Question, points: Floats) -> Floats:
        """Return the weighted mean of points."""
        return np.asarray(points @ question.weights / question.weights.sum())

    def cheapest(self, question: Question, target: float) -> Found | None:
        """Spread the effort over all indicators in proportion to w/c, up to their heads.

        >>> from beffroi.composite.gap_question import Question
        >>> q = Question(("FRK", "FRE"), ("jobs", "patents"), np.array([[60.0, 50.0], [40.0, 50.0]]),
        ...              np.array([0.5, 0.5]), "FRE", np.array([1.0, 1.0]), np.array([40.0, 40.0]))
        >>> Quadratic().cheapest(q, 55.0).moves.round(6).tolist()
        [10.0, 10.0]
        """
        share = question.weights / question.weights.sum()
        gap = target - float(question.points[question.row] @ share)
        if gap <= 0:
            return Found(np.zeros_like(share), 0.0, 0.0, ())
        if share @ question.room < gap - SLACK:
            return None

        def at(multiplier: float) -> Floats:
            return np.asarray(np.minimum(multiplier * share / question.cost, question.room))

        movable = (share > 0) & (question.room > 0)
        high = float(np.max(question.room[movable] * question.cost[movable] / share[movable], initial=1.0))
        moves = at(_smallest(lambda multiplier: bool(share @ at(multiplier) >= gap), high))
        used = moves > SLACK
        cost = float((moves[used] ** 2) @ question.cost[used])
        levers = tuple((one, float(d)) for one, d in zip(question.indicators, moves, strict=True) if d > SLACK)
        return Found(moves, cost, cost, levers)

    def furthest(self, question: Question) -> Floats:
        """Use the whole head of every indicator."""
        return question.room


def _smallest(reached: Callable[[float], bool], high: float) -> float:
    low = 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high
