"""What would it take in an index of pillars: arithmetic inside, arithmetic, geometric or harmonic over them.

The mean over pillars is a sum of concave functions of one pillar each. Tangents bound each from above, so a (mixed
integer) linear program over tangents gives a lower bound on the effort; its answer, pushed until the true curve is
met, gives an upper one. Tangents are added where the program stopped until the two agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from beffroi.composite.aggregate import LEAST_POINTS, aggregate
from beffroi.composite.gap import SLACK, Found, found

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.catalogue.schema import Aggregation
    from beffroi.composite.aggregate import Tree
    from beffroi.composite.gap_question import Question

    Floats = npt.NDArray[np.float64]

TANGENTS = 9  # at the start, on each pillar
CUTS = 60  # times that tangents may be added
CLOSE = 1e-8  # relative distance between lower and upper bound that ends the search
HALVINGS = 60
USUAL = 50.0  # points at which curves are given slope 1, so that the solver's tolerance means the same everywhere


@dataclass(frozen=True, slots=True)
class Nested:
    """An index of pillars; at most `most` indicators may move.

    A pillar below 1 point counts as 1 in a geometric or harmonic index, which is not concave; the tangent at 1 is
    used below it, so a plan is never too small, and may be too large only if it leaves a pillar below 1.

    Source: Kelley (1960), The cutting-plane method for solving convex programs, doi:10.1137/0108053; Duran &
    Grossmann (1986), outer approximation, doi:10.1007/BF02592064.
    """

    shape: Tree
    method: Aggregation
    most: int | None = None
    seconds: float = 30.0

    def scores(self, question: Question, points: Floats) -> Floats:  # noqa: ARG002 -- the tree holds the weights
        """Aggregate indicators into pillars and pillars into the index."""
        return aggregate(points, self.shape, method=self.method)[1]

    def cheapest(self, question: Question, target: float) -> Found | None:
        """Close in on the least cost from below (tangents) and above (pushed answers)."""
        if target <= self.scores(question, question.points)[question.row]:
            return found(question, np.zeros_like(question.cost))
        needed = float(_curve(self.method, np.array([target]))[0][0])
        price = np.where(question.room > 0, question.cost, 0.0)
        return self._close_in(question, price, needed)

    def furthest(self, question: Question) -> Floats:
        """Use every head, or the best `most` of them.

        >>> from beffroi.composite.aggregate import Tree
        >>> tree = Tree(("p", "q"), (np.array([0]), np.array([1])), np.array([0.5, 0.5]), np.ones(2))
        >>> from beffroi.composite.gap_question import Question
        >>> q = Question(("FRK", "FRE"), ("jobs", "patents"), np.array([[60.0, 50.0], [40.0, 10.0]]),
        ...              np.array([0.5, 0.5]), "FRE", np.array([1.0, 1.0]), np.array([20.0, 10.0]))
        >>> Nested(tree, "geometric", most=1).furthest(q).tolist()
        [0.0, 10.0]
        """
        if self.most is None or self.most >= np.count_nonzero(question.room):
            return question.room
        best = self._close_in(question, np.zeros_like(question.cost), None)
        return best.moves if best is not None else np.zeros_like(question.cost)

    def _close_in(self, question: Question, price: Floats, needed: float | None) -> Found | None:
        start = self._pillars(question.points[question.row])
        top = self._pillars(question.points[question.row] + question.room)
        places = np.linspace(start, top, TANGENTS)
        best, upper, least = None, np.inf, -np.inf
        for _ in range(CUTS):
            answer = self._program(question, price, needed, places)
            if answer is None:
                return best
            moves, least = answer
            if needed is None:
                reached = self._reach(question, moves)
                best, upper = (found(question, moves), -reached) if -reached < upper else (best, upper)
            else:
                pushed = self._push(question, moves, needed)
                if pushed is not None and pushed @ price < upper:
                    best, upper = found(question, pushed), float(pushed @ price)
            if upper - least <= CLOSE * max(1.0, abs(upper)):
                break
            places = np.vstack([places, self._pillars(question.points[question.row] + moves)])
        if best is None or needed is None:
            return best
        return Found(best.moves, best.cost, min(least, best.cost), best.levers)

    def _program(
        self, question: Question, price: Floats, needed: float | None, places: Floats
    ) -> tuple[Floats, float] | None:
        """Variables: moves (j), levers taken (j, binary), and one bounded value a pillar (k)."""
        j, k = price.size, len(self.shape.pillars)
        value, slope = _curve(self.method, places)
        inside = np.zeros((k, j))
        for number, columns in enumerate(self.shape.members):
            inside[number, columns] = self.shape.indicator_weights[columns]
        start = inside @ question.points[question.row]
        cuts = np.concatenate([np.hstack([-s[:, None] * inside, np.zeros((k, j)), np.eye(k)]) for s in slope])
        limits = np.concatenate([v + s * (start - p) for v, s, p in zip(value, slope, places, strict=True)])
        weights = np.concatenate([np.zeros(2 * j), self.shape.pillar_weights])
        taken = np.concatenate([np.zeros(j), np.ones(j), np.zeros(k)])
        rows = [
            LinearConstraint(cuts, ub=limits),
            LinearConstraint(np.hstack([np.eye(j), -np.diag(question.room), np.zeros((j, k))]), ub=0.0),
            LinearConstraint(taken[None, :], ub=float(j if self.most is None else self.most)),
        ]
        objective = np.concatenate([price, np.zeros(j + k)]) if needed is not None else -weights
        if needed is not None:
            rows.append(LinearConstraint(weights[None, :], lb=needed))
        binary = np.concatenate([np.zeros(j), np.full(j, 0 if self.most is None else 1), np.zeros(k)])
        free = np.full(k, np.inf)
        answer = milp(
            objective,
            integrality=binary,
            bounds=Bounds(np.concatenate([np.zeros(2 * j), -free]), np.concatenate([question.room, np.ones(j), free])),
            constraints=rows,
            options={"time_limit": self.seconds, "mip_rel_gap": 1e-9, "presolve": False},  # no faster here with it
        )
        if answer.x is None:
            return None
        bound = float(answer.fun) if self.most is None or answer.mip_dual_bound is None else answer.mip_dual_bound
        return np.where(answer.x[:j] > SLACK, np.minimum(answer.x[:j], question.room), 0.0), float(bound)

    def _push(self, question: Question, moves: Floats, needed: float) -> Floats | None:
        """Go from the program's answer towards the heads of its levers, no further than the target asks."""
        far = question.room if self.most is None else np.where(moves > 0, question.room, 0.0)
        if self._reach(question, far) < needed:
            return None
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (
                (low, middle) if self._reach(question, moves + middle * (far - moves)) >= needed else (middle, high)
            )
        return np.asarray(moves + high * (far - moves))

    def _reach(self, question: Question, moves: Floats) -> float:
        pillars = self._pillars(question.points[question.row] + moves)
        return float(self.shape.pillar_weights @ _curve(self.method, pillars)[0])

    def _pillars(self, own: Floats) -> Floats:
        return np.array([own[columns] @ self.shape.indicator_weights[columns] for columns in self.shape.members])


def _curve(method: Aggregation, pillars: Floats) -> tuple[Floats, Floats]:
    """Return the concave function whose weighted sum orders regions as the index does, and its slope."""
    if method == "arithmetic":
        return pillars, np.ones_like(pillars)
    safe = np.maximum(pillars, LEAST_POINTS)
    below = np.minimum(pillars - LEAST_POINTS, 0.0)
    if method == "geometric":
        return USUAL * (np.log(safe) + below / LEAST_POINTS), USUAL / safe
    return USUAL**2 * (-1.0 / safe + below / LEAST_POINTS**2), USUAL**2 / safe**2
