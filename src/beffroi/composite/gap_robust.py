"""What would it take to be r-th in at least p of all scenarios, not only in the nominal one.

A few dozen scenarios are chosen to stand for all, a mixed-integer program finds the least effort that succeeds in
enough of them, and the plan is tried on fresh scenarios; while it fails there, more is asked of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from beffroi.composite.gap import MARGIN, SLACK, found
from beffroi.composite.rank import DECIMALS
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.gap_question import Question

    Floats = npt.NDArray[np.float64]

SCENARIOS = 100  # that stand for all: the program needs seconds for 100 and does not close for 1,000
STEPS = 12


@dataclass(frozen=True, slots=True)
class Cases:
    """Per scenario: `lack` points to gain for the rank (negative when reached), and `gain` per point of each move."""

    lack: Floats
    gain: Floats


@dataclass(frozen=True, slots=True)
class RobustPlan:
    """Least effort found so that P(rank ≤ wanted) ≥ `asked`; `verified` and its standard error on fresh scenarios.

    When not `feasible`, moves are all heads and `verified` is the best chance within reach. `least_cost` bounds the
    cost from below for the scenarios that were chosen, not for all.
    """

    wanted: int
    asked: float
    feasible: bool
    moves: Floats
    levers: tuple[tuple[str, float], ...]
    cost: float
    least_cost: float
    verified: float
    standard_error: float
    today: float


def cases(question: Question, wanted: int, weights: Floats) -> Cases:
    """Turn draws of effective weights into cases, for an arithmetic index on frozen goalposts.

    Args:
        question: points, costs and heads.
        wanted: the rank to reach.
        weights: scenarios × indicators, rows sum to 1.

    Returns:
        What each scenario lacks and what each move gives in it.

    Raises:
        MethodError: the weights do not have one column an indicator.
    """
    if weights.ndim != 2 or weights.shape[1] != len(question.indicators):  # noqa: PLR2004 -- a table
        raise MethodError(
            f"Weights have shape {weights.shape}; one row a scenario and {len(question.indicators)} columns are "
            "needed. Multiply pillar weights into indicator weights first."
        )
    scores = weights @ question.points.T
    own = scores[:, question.row]
    others = np.delete(scores, question.row, axis=1)
    if wanted > others.shape[1]:
        return Cases(np.full(own.size, -np.inf), weights)
    place = others.shape[1] - wanted
    return Cases(np.partition(others, place, axis=1)[:, place] - own + MARGIN, weights)


def chance(sample: Cases, moves: Floats) -> float:
    """Return the share of scenarios in which the moves suffice.

    >>> chance(Cases(np.array([1.0, 3.0]), np.array([[0.5, 0.5], [0.5, 0.5]])), np.array([2.0, 0.0]))
    0.5
    """
    return float((sample.gain @ moves >= sample.lack - 10.0**-DECIMALS).mean())


def robust_plan(
    question: Question, wanted: int, *, p: float, sample: Cases, fresh: Cases, seconds: float = 10.0
) -> RobustPlan:
    """Find the least effort with P(rank ≤ wanted) ≥ p.

    Args:
        question: points, costs and heads.
        wanted: the rank to reach.
        p: the chance asked for (0..1).
        sample: scenarios to plan on; about a hundred spread over them are used.
        fresh: other scenarios to verify on; they take no part in planning.
        seconds: time limit of each program.

    Returns:
        A plan whose chance on `fresh` is at least p, or the best chance within the heads. Should no program find
        one, the cautious plan is pushed until `fresh` agrees, and its chance is then fitted, not verified.

    Raises:
        MethodError: p is not above 0 and at most 1.

    Source: Luedtke & Ahmed (2008), A sample approximation approach for optimization with probabilistic
    constraints, doi:10.1137/070702928.

    >>> from beffroi.composite.gap_question import Question
    >>> asked = Question(("FRK", "FRE"), ("jobs", "patents"), np.array([[60.0, 50.0], [40.0, 50.0]]),
    ...     np.array([0.5, 0.5]), "FRE", np.array([1.0, 3.0]), np.array([40.0, 40.0]))
    >>> weights = np.random.default_rng(1).dirichlet((9.0, 9.0), 2000)
    >>> sample, fresh = cases(asked, 1, weights[:1000]), cases(asked, 1, weights[1000:])
    >>> found = robust_plan(asked, 1, p=0.9, sample=sample, fresh=fresh)
    >>> found.feasible, found.verified >= 0.9, [name for name, _ in found.levers]
    (True, True, ['jobs'])
    """
    if not 0 < p <= 1:
        raise MethodError(f"A chance of {p:g} was asked for; it must be above 0 and at most 1. Give for example 0.9.")
    few = reduce_cases(sample, SCENARIOS)
    m = fresh.lack.size
    today = chance(fresh, np.zeros_like(question.room))

    def answer(moves: Floats, least: float, *, feasible: bool) -> RobustPlan:
        priced, seen = found(question, moves), chance(fresh, moves)
        error = float(np.sqrt(seen * (1 - seen) / m))
        return RobustPlan(wanted, p, feasible, moves, priced.levers, priced.cost, least, seen, error, today)

    if today >= p:
        return answer(np.zeros_like(question.room), 0.0, feasible=True)
    if chance(fresh, question.room) < p:
        return answer(question.room, np.inf, feasible=False)
    least = 0.0
    for step in range(STEPS):
        share = min(1.0, p + step / few.lack.size)
        solved = _cheapest(question, few, share, seconds)
        if solved is None:
            break
        moves, bound = solved
        least = bound if step == 0 else least
        if chance(fresh, moves) >= p:
            return answer(moves, least, feasible=True)
    careful = cautious(question, sample, p)
    start = careful if careful is not None else np.zeros_like(question.room)
    return answer(start if chance(fresh, start) >= p else _towards(question, fresh, p, start), least, feasible=True)


def reduce_cases(sample: Cases, count: int) -> Cases:
    """Choose `count` scenarios evenly spread from the least to the most that is lacking; all when there are fewer."""
    if sample.lack.size <= count:
        return sample
    order = np.argsort(sample.lack, kind="stable")
    chosen = order[((np.arange(count) + 0.5) * sample.lack.size / count).astype(np.intp)]
    return Cases(sample.lack[chosen], sample.gain[chosen])


def cautious(question: Question, sample: Cases, p: float) -> Floats | None:
    """Return the cheapest moves whose average shortfall in the worst 1 − p scenarios is not positive; None if none.

    A linear program; P(rank ≤ wanted) ≥ p then holds on the sample, at more cost than necessary.

    Source: Rockafellar & Uryasev (2000), Optimization of conditional value-at-risk, doi:10.21314/JOR.2000.038.
    """
    few = reduce_cases(sample, 2 * SCENARIOS)
    m, j = few.gain.shape
    tail = max(1.0 - p, 1.0 / m)
    price = np.where(question.room > 0, question.cost, 0.0)
    lack = np.where(np.isfinite(few.lack), few.lack, -1e6)
    answer = linprog(
        np.concatenate([price, np.zeros(1 + m)]),
        A_ub=np.vstack(
            [
                np.concatenate([np.zeros(j), [1.0], np.full(m, 1.0 / (tail * m))])[None, :],
                np.hstack([-few.gain, -np.ones((m, 1)), -np.eye(m)]),
            ]
        ),
        b_ub=np.concatenate([[0.0], -lack]),
        bounds=[*((0.0, float(room)) for room in question.room), (None, None), *([(0.0, None)] * m)],
    )
    return np.asarray(answer.x[:j]) if answer.x is not None else None


def _cheapest(question: Question, few: Cases, share: float, seconds: float) -> tuple[Floats, float] | None:
    """Variables: moves (j) and success in each scenario (m, binary); a scenario that lacks L needs gain ≥ L·b."""
    m, j = few.gain.shape
    lack = np.maximum(few.lack, 0.0)
    price = np.where(question.room > 0, question.cost, 0.0)
    answer = milp(
        np.concatenate([price, np.zeros(m)]),
        integrality=np.concatenate([np.zeros(j), np.ones(m)]),
        bounds=Bounds(np.zeros(j + m), np.concatenate([question.room, np.ones(m)])),
        constraints=[
            LinearConstraint(np.hstack([few.gain, -np.diag(lack)]), lb=0.0),
            LinearConstraint(np.concatenate([np.zeros(j), np.ones(m)])[None, :], lb=np.ceil(share * m - SLACK)),
        ],
        options={"time_limit": seconds, "mip_rel_gap": 1e-4, "presolve": False},  # no faster here with it
    )
    if answer.x is None:
        return None
    bound = answer.mip_dual_bound
    return np.clip(answer.x[:j], 0.0, question.room), float(answer.fun if bound is None else bound)


def _towards(question: Question, fresh: Cases, p: float, start: Floats) -> Floats:
    """Go from `start` towards all heads, no further than the chance asks."""
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        enough = chance(fresh, start + middle * (question.room - start)) >= p
        low, high = (low, middle) if enough else (middle, high)
    return np.asarray(start + high * (question.room - start))
