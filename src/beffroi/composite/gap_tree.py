"""What would it take in an index of any tree of means with exponents up to 1.

Such an index is concave and grows with every indicator, so the points that reach a target are a convex set. Each
mean that is not arithmetic is bounded from above by its tangents; a (mixed integer) linear programme over them gives
a lower bound on the effort, its answer pushed until the true target is met an upper one, and tangents are added
where the programme stopped until the two agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from beffroi.composite.gap import SLACK, Found, found
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.gap_question import Question
    from beffroi.composite.tree_score import Branch, TreeScore

    Floats = npt.NDArray[np.float64]

TANGENTS = 5  # at the start, on each mean that is not arithmetic
CUTS = 80
CLOSE = 1e-8  # relative distance between the bounds that ends the search
HALVINGS = 60
FAINT = 1e-7  # share of a head below which a move is none


@dataclass(frozen=True, slots=True)
class OnTree:
    """An index of any tree; at most `most` indicators may move.

    Source: Kelley (1960), The cutting-plane method for solving convex programs, doi:10.1137/0108053; Duran &
    Grossmann (1986), outer approximation, doi:10.1007/BF02592064.
    """

    tree: TreeScore
    most: int | None = None
    seconds: float = 30.0

    def __post_init__(self) -> None:
        steep = [one for one in self.tree.branches if one.power > 1]
        if steep:
            raise MethodError(
                f"'{steep[0].code}' is a mean with exponent {steep[0].power:g}; above 1 the least effort cannot be "
                "certified. Use an exponent of 1 or less for this question."
            )

    def scores(self, question: Question, points: Floats) -> Floats:  # noqa: ARG002 -- the tree holds the weights
        """Score everybody."""
        return self.tree(points)

    def cheapest(self, question: Question, target: float) -> Found | None:
        """Close in on the least cost from below (tangents) and above (pushed answers).

        >>> from beffroi.composite.tree_score import Branch, TreeScore
        >>> from beffroi.composite.gap_question import Question
        >>> tree = TreeScore(("jobs", "patents"), (Branch("top", ("jobs", "patents"), np.array([0.5, 0.5]), 0.0),))
        >>> q = Question(("FRK", "FRE"), ("jobs", "patents"), np.array([[60.0, 50.0], [40.0, 10.0]]),
        ...              np.array([0.5, 0.5]), "FRE", np.array([1.0, 1.0]), np.array([20.0, 30.0]))
        >>> OnTree(tree).cheapest(q, 30.0).moves.round(4).tolist()
        [0.0, 12.5]
        """
        self.tree.refuse_low(question.points[question.row][None, :], (question.region,))
        if target <= self.scores(question, question.points)[question.row]:
            return found(question, np.zeros_like(question.cost))
        if self.scores(question, question.points[question.row] + question.room) < target:
            return None
        return self._close_in(question, np.where(question.room > 0, question.cost, 0.0), target)

    def furthest(self, question: Question) -> Floats:
        """Use every head, or the best `most` of them."""
        if self.most is None or self.most >= np.count_nonzero(question.room):
            return question.room
        best = self._close_in(question, np.zeros_like(question.cost), None)
        return best.moves if best is not None else np.zeros_like(question.cost)

    def _close_in(self, question: Question, price: Floats, target: float | None) -> Found | None:
        own = question.points[question.row]
        programme = _Programme(self.tree, own, question.room, self.most, self.seconds)
        for share in np.linspace(0, 1, TANGENTS):
            programme.touch(own + share * question.room)
        best, upper, least = None, np.inf, -np.inf
        for _ in range(CUTS):
            answer = programme.solve(price, target)
            if answer is None:
                return best
            moves, least = answer
            if target is None:
                reached = float(self.tree(own + moves))
                best, upper = (found(question, moves), -reached) if -reached < upper else (best, upper)
            else:
                pushed = self._push(question, moves, target)
                if pushed is not None and pushed @ price < upper:
                    best, upper = found(question, pushed), float(pushed @ price)
            if upper - least <= CLOSE * max(1.0, abs(upper)):
                break
            programme.touch(own + moves)
        if best is None or target is None:
            return best
        return Found(best.moves, best.cost, min(max(least, 0.0), best.cost), best.levers)

    def _push(self, question: Question, moves: Floats, target: float) -> Floats | None:
        """Go from the programme's answer towards the heads of its levers, no further than the target asks."""
        own = question.points[question.row]
        moves = np.where(moves > FAINT * question.room, moves, 0.0)  # what the programme's tolerance has left
        far = np.where(moves > 0, question.room, 0.0)
        if self.tree(own + far) < target and self.most is None:
            far = question.room
        if self.tree(own + far) < target:
            return None
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            there = self.tree(own + moves + middle * (far - moves)) >= target
            low, high = (low, middle) if there else (middle, high)
        return np.asarray(moves + high * (far - moves))


class _Programme:
    """Variables: moves, levers taken (binary when they are counted), the value of each mean that is not arithmetic."""

    def __init__(self, tree: TreeScore, own: Floats, room: Floats, most: int | None, seconds: float) -> None:
        self.tree, self.own, self.room, self.most, self.seconds = tree, own, room, most, seconds
        self.curved = [one for one in tree.branches if one.power != 1]
        self.size = 2 * own.size + len(self.curved)
        self.rows: list[Floats] = []
        self.limits: list[float] = []
        self.lines = self._lines()

    def _lines(self) -> dict[str, tuple[Floats, float]]:
        """Each node as a constant and a row over the variables: exact for indicators and arithmetic means."""
        lines: dict[str, tuple[Floats, float]] = {}
        for k, code in enumerate(self.tree.indicators):
            row = np.zeros(self.size)
            row[k] = 1.0
            lines[code] = (row, float(self.own[k]))
        for one in self.tree.branches:
            if one.power == 1:
                row = np.sum([s * lines[c][0] for c, s in zip(one.children, one.shares, strict=True)], axis=0)
                lines[one.code] = (
                    row,
                    float(sum(s * lines[c][1] for c, s in zip(one.children, one.shares, strict=True))),
                )
            else:
                row = np.zeros(self.size)
                row[2 * self.own.size + self.curved.index(one)] = 1.0
                lines[one.code] = (row, 0.0)
        return lines

    def touch(self, points: Floats) -> None:
        """Bound each curved mean by its tangent at these points; it goes through zero, the mean being homogeneous."""
        nodes = self.tree.nodes(points)
        for one in self.curved:
            slope = _slope(one, np.array([float(nodes[child]) for child in one.children]))
            row, constant = self.lines[one.code][0].copy(), 0.0
            for share, child in zip(slope, one.children, strict=True):
                row -= share * self.lines[child][0]
                constant += share * self.lines[child][1]
            self.rows.append(row)
            self.limits.append(constant)

    def solve(self, price: Floats, target: float | None) -> tuple[Floats, float] | None:
        """Return moves and a lower bound on the cost (or on minus the best score, without a target)."""
        j = self.own.size
        row, constant = self.lines[self.tree.branches[-1].code]
        rows = [LinearConstraint(np.array(self.rows), ub=np.array(self.limits))] if self.rows else []
        if target is not None:
            rows.append(LinearConstraint(row[None, :], lb=target - constant))
        counted = self.most is not None
        if self.most is not None:
            taken = np.zeros((j, self.size))
            taken[:, :j], taken[:, j : 2 * j] = np.eye(j), -np.diag(self.room)
            rows.append(LinearConstraint(taken, ub=0.0))
            rows.append(
                LinearConstraint(np.repeat([0.0, 1.0, 0.0], [j, j, self.size - 2 * j])[None, :], ub=float(self.most))
            )
        free = np.full(self.size - 2 * j, np.inf)
        answer = milp(
            -row if target is None else np.concatenate([price, np.zeros(self.size - j)]),
            integrality=np.repeat([0, int(counted), 0], [j, j, self.size - 2 * j]),
            bounds=Bounds(np.concatenate([np.zeros(2 * j), -free]), np.concatenate([self.room, np.ones(j), free])),
            constraints=rows,
            options={"time_limit": self.seconds, "mip_rel_gap": 1e-9, "presolve": False},
        )
        if answer.x is None:
            return None
        bound = float(answer.fun) if not counted or answer.mip_dual_bound is None else float(answer.mip_dual_bound)
        moves = np.where(answer.x[:j] > SLACK, np.minimum(answer.x[:j], self.room), 0.0)
        return moves, bound - constant if target is None else bound


def _slope(branch: Branch, values: Floats) -> Floats:
    """Return what one more point of each child is worth to the mean, at these values."""
    if branch.power == 0:
        mean = float(np.exp(np.log(values) @ branch.shares))
        return np.asarray(branch.shares * mean / values)
    mean = float((values**branch.power @ branch.shares) ** (1 / branch.power))
    return np.asarray(branch.shares * (mean / values) ** (1 - branch.power))
