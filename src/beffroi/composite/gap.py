"""What would it take for a region to reach a rank: the smallest effort, certified by ranking everybody again.

A question holds everybody's points, what a point costs on each indicator and how far the region may move. A
solver (`Linear` here; integer, geometric, quadratic and nested ones beside) finds the cheapest move that lifts the
score to a target. `plan` turns a rank into a target, asks the solver, recomputes the true rank with the full scorer
and, where the scorer moves the goalposts, corrects the target until the true rank is the one wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from beffroi.composite.rank import rank as rank_of
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.gap_question import Question

    Floats = npt.NDArray[np.float64]

Scorer = Callable[["npt.NDArray[np.float64]"], "npt.NDArray[np.float64]"]

MARGIN = 1e-6  # points above a rival: more than the nine decimals below which scores tie
ROUNDS = 25  # corrections of the target when goalposts move
HALVINGS = 14  # how often the target is narrowed down once it is known to be enough
SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Found:
    """A solver's answer: points gained on each indicator, what they cost, and the least any plan can cost."""

    moves: Floats
    cost: float
    least_cost: float
    levers: tuple[tuple[str, float], ...]


class Solver(Protocol):
    """A way to score everybody with frozen goalposts, and to reach a score at the least cost."""

    def scores(self, question: Question, points: Floats) -> Floats:
        """Score every region (rows of points)."""
        ...

    def cheapest(self, question: Question, target: float) -> Found | None:
        """Reach `target` points at the least cost; None when it is out of reach."""
        ...

    def furthest(self, question: Question) -> Floats:
        """Moves that lift the score as high as it can go."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer to «what would it take to be `wanted`-th».

    When `feasible`, `true_rank` and `true_score` were recomputed with the full scorer after the moves, in `rounds`
    corrections of the target. When not, moves are zero and the cost infinite. `best_rank` is the best rank within
    the heads; `least_cost` a lower bound on the cost with frozen goalposts.
    """

    wanted: int
    feasible: bool
    moves: Floats
    levers: tuple[tuple[str, float], ...]
    cost: float
    least_cost: float
    target: float
    true_rank: int
    true_score: float
    best_rank: int
    rounds: int


@dataclass(frozen=True, slots=True)
class Linear:
    """Arithmetic index and a cost proportional to the move: fill the cheapest points of score first.

    This is the linear program min c·d subject to w·d ≥ gap, 0 ≤ d ≤ head, a fractional knapsack whose optimum is
    greedy in w/c. Source: Dantzig (1957), doi:10.1287/opre.5.2.266.
    """

    def scores(self, question: Question, points: Floats) -> Floats:
        """Return the weighted mean of points."""
        return np.asarray(points @ question.weights / question.weights.sum())

    def cheapest(self, question: Question, target: float) -> Found | None:
        """Fill indicators in the order of score gained for one unit of cost, the last one in part."""
        share = question.weights / question.weights.sum()
        gap = target - float(question.points[question.row] @ share)
        order = np.argsort(-share / question.cost, kind="stable")
        gain = share[order] * question.room[order]
        if gap > gain.sum() + SLACK:
            return None
        before = np.concatenate([[0.0], np.cumsum(gain)[:-1]])
        taken = np.clip(gap - before, 0.0, gain)
        moves = np.zeros(order.size)
        np.divide(taken, share[order], out=moves, where=share[order] > 0)
        moves[order] = moves.copy()
        return found(question, moves)

    def furthest(self, question: Question) -> Floats:
        """Use the whole head of every indicator."""
        return question.room


def found(question: Question, moves: Floats) -> Found:
    """Price moves at the question's costs; no plan is cheaper, so cost and least cost agree."""
    used = moves > SLACK
    cost = float(moves[used] @ question.cost[used])
    levers = tuple((one, float(d)) for one, d in zip(question.indicators, moves, strict=True) if d > SLACK)
    return Found(moves, cost, cost, levers)


def threshold(scores: Floats, row: int, wanted: int) -> float:
    """Return the score to reach: that of the `wanted`-th best among the others, −∞ if there are fewer.

    >>> threshold(np.array([10.0, 30.0, 20.0]), 0, 2)
    20.0
    """
    others = np.sort(np.delete(scores, row))[::-1]
    return float(others[wanted - 1]) if wanted <= others.size else -np.inf


def plan(question: Question, wanted: int, *, by: Solver, score: Scorer | None = None) -> Plan:
    """Find the least effort that brings the region to rank `wanted`, and certify it.

    Args:
        question: points, costs and heads.
        wanted: the rank to reach, 1 is best.
        by: the solver: which mean, which costs, which limits.
        score: the full scorer, from everybody's points (on the goalposts of today) to everybody's true scores; it
            may move goalposts. Without it the solver's own frozen goalposts count.

    Returns:
        The plan. With a scorer that moves goalposts the target is raised until the true rank is reached and then
        narrowed down, so the plan is certified to reach the rank and cheapest among the solver's answers.

    Raises:
        MethodError: `wanted` is below 1.

    Source: inverse of the ranking in OECD/JRC (2008), Handbook, section 1.10 (back to the details).

    >>> from beffroi.composite.gap_question import Question
    >>> q = Question(("FRK", "FRE"), ("jobs", "patents"), np.array([[60.0, 50.0], [40.0, 50.0]]),
    ...              np.array([0.5, 0.5]), "FRE", np.array([1.0, 3.0]), np.array([15.0, 40.0]))
    >>> p = plan(q, 1, by=Linear())
    >>> p.moves.round(3).tolist(), round(p.cost, 3), p.true_rank
    ([15.0, 5.0], 30.0, 1)
    """
    if wanted < 1:
        raise MethodError(f"Rank {wanted} was asked for; the best rank is 1. Ask for 1 or more.")
    true = score if score is not None else lambda points: by.scores(question, points)
    furthest = by.furthest(question)
    ceiling = _certify(question, furthest, wanted, true)
    today = _certify(question, np.zeros_like(furthest), wanted, true)
    target = threshold(by.scores(question, question.points), question.row, wanted) + MARGIN
    best, enough, too_low = min(ceiling.rank, today.rank), None, -np.inf
    if today.rank <= wanted:
        enough, target = (Found(np.zeros_like(furthest), 0.0, 0.0, ()), today), today.score
    rounds = 0
    while enough is None and rounds < ROUNDS:
        rounds += 1
        answer = by.cheapest(question, target)
        if answer is None:
            break
        seen = _certify(question, answer.moves, wanted, true)
        best = min(best, seen.rank)
        if seen.rank <= wanted:
            enough = (answer, seen)
        else:
            too_low, target = target, target + max(seen.shortfall, MARGIN)
    if enough is None and ceiling.rank <= wanted:  # frozen goalposts are more pessimistic than the full scorer
        target = float(by.scores(question, question.moved(furthest))[question.row]) - SLACK
        answer = by.cheapest(question, target)
        if answer is not None:
            seen = _certify(question, answer.moves, wanted, true)
            enough = (answer, seen) if seen.rank <= wanted else None
    if enough is None:
        nothing = np.zeros_like(furthest)
        return Plan(wanted, False, nothing, (), np.inf, np.inf, target, today.rank, today.score, best, rounds)
    if score is not None and enough[0].cost > 0:
        enough, target = _narrow(question, wanted, by, true, (enough, target, too_low))
    answer, seen = enough
    return Plan(
        wanted, True, answer.moves, answer.levers, answer.cost, answer.least_cost, target,
        seen.rank, seen.score, min(best, seen.rank), rounds,
    )  # fmt: skip


def frontier(question: Question, *, by: Solver, score: Scorer | None = None, best: int = 1) -> tuple[Plan, ...]:
    """Answer rank by rank, from the next better rank to `best` or to the last one within reach.

    Returns:
        One plan a rank, costs never falling with frozen goalposts; the last one is infeasible if `best` is.
    """
    true = score if score is not None else lambda points: by.scores(question, points)
    plans: list[Plan] = []
    for wanted in range(int(rank_of(true(question.points))[question.row]) - 1, best - 1, -1):
        plans.append(plan(question, wanted, by=by, score=score))
        if not plans[-1].feasible:
            break
    return tuple(plans)


@dataclass(frozen=True, slots=True)
class _Seen:
    rank: int
    score: float
    shortfall: float


def _certify(question: Question, moves: Floats, wanted: int, true: Scorer) -> _Seen:
    scores = true(question.moved(moves))
    own = float(scores[question.row])
    return _Seen(int(rank_of(scores)[question.row]), own, threshold(scores, question.row, wanted) - own)


def _narrow(
    question: Question, wanted: int, by: Solver, true: Scorer, known: tuple[tuple[Found, _Seen], float, float]
) -> tuple[tuple[Found, _Seen], float]:
    enough, high, low = known
    low = max(low, float(by.scores(question, question.points)[question.row]))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        answer = by.cheapest(question, middle)
        seen = _certify(question, answer.moves, wanted, true) if answer is not None else None
        if answer is not None and seen is not None and seen.rank <= wanted and answer.cost <= enough[0].cost:
            enough, high = (answer, seen), middle
        else:
            low = middle
    return enough, high
