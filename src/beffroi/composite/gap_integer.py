"""What would it take with at most K levers, fixed costs, a budget, and actions that move several indicators.

A mixed-integer program solved to optimality: an action is taken or not (binary), and if taken to some extent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from beffroi.composite.gap import SLACK, Found, Plan, Scorer, plan
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.gap_question import Question

    Floats = npt.NDArray[np.float64]

ACTIVE = 1e-7  # an action used less than this share of its cap counts as not taken
OPTIMAL = 0


class ActionError(MethodError):
    """Actions that do not fit the question: a wrong shape, a negative cost, an unknown name."""


@dataclass(frozen=True, slots=True)
class Actions:
    """What can be done. `effects` indicators × actions: points gained on each indicator by one unit of the action.

    `cost` of one unit, `fixed_cost` of starting at all, `cap` the most units; `incompatible` pairs of names of
    which only one can be chosen.
    """

    names: tuple[str, ...]
    effects: Floats
    cost: Floats
    fixed_cost: Floats
    cap: Floats
    incompatible: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        p = len(self.names)
        given = (self.effects.shape[1:], self.cost.shape, self.fixed_cost.shape, self.cap.shape)
        if any(shape != (p,) for shape in given):
            raise ActionError(
                f"{p} actions were named, but effects, cost, fixed cost and cap are given for "
                f"{', '.join(str(shape) for shape in given)}. Give one column or number an action."
            )
        for what, values in (("cost", self.cost), ("fixed cost", self.fixed_cost), ("cap", self.cap)):
            bad = np.flatnonzero(~((values >= 0) & np.isfinite(values)))
            if bad.size:
                raise ActionError(
                    f"The {what} of action '{self.names[bad[0]]}' is {values[bad[0]]:g}; it must be finite and at "
                    "least 0. Leave out what cannot be done."
                )
        unknown = sorted({one for pair in self.incompatible for one in pair} - set(self.names))
        if unknown:
            raise ActionError(f"Action '{unknown[0]}' is said to exclude another but is not named. Name it.")


@dataclass(frozen=True, slots=True)
class Integer:
    """Arithmetic index moved by actions; at most `most` of them, within `budget`, never all of one `not_these` set."""

    actions: Actions
    most: int | None = None
    budget: float = np.inf
    not_these: tuple[frozenset[str], ...] = ()
    seconds: float = 30.0

    def scores(self, question: Question, points: Floats) -> Floats:
        """Return the weighted mean of points."""
        return np.asarray(points @ question.weights / question.weights.sum())

    def cheapest(self, question: Question, target: float) -> Found | None:
        """Solve min cost·a + fixed·y subject to w·Ba ≥ gap, a ≤ cap·y and the limits."""
        gain = self._gain(question)
        gap = target - float(self.scores(question, question.points)[question.row])
        objective = np.concatenate([self.actions.cost, self.actions.fixed_cost])
        extra = LinearConstraint(np.concatenate([gain, np.zeros_like(gain)])[None, :], lb=gap)
        return self._solve(question, objective, [extra])

    def furthest(self, question: Question) -> Floats:
        """Solve the same limits for the highest score."""
        gain = self._gain(question)
        best = self._solve(question, np.concatenate([-gain, np.zeros_like(gain)]), [])
        return best.moves if best is not None else np.zeros(len(question.indicators))

    def _gain(self, question: Question) -> Floats:
        if self.actions.effects.shape[0] != len(question.indicators):
            raise ActionError(
                f"Effects are given on {self.actions.effects.shape[0]} indicators, the question has "
                f"{len(question.indicators)}. Give one row an indicator, in the question's order."
            )
        return np.asarray(question.weights @ self.actions.effects / question.weights.sum())

    def _solve(self, question: Question, objective: Floats, extra: list[LinearConstraint]) -> Found | None:
        do, p = self.actions, len(self.actions.names)
        rows = [*extra, LinearConstraint(np.hstack([np.eye(p), -np.diag(do.cap)]), ub=0.0)]
        rows.append(LinearConstraint(np.hstack([do.effects, np.zeros_like(do.effects)]), ub=question.room))
        for names, most in self._choices():
            chosen = np.array([one in names for one in do.names], dtype=float)
            rows.append(LinearConstraint(np.concatenate([np.zeros(p), chosen])[None, :], ub=most))
        prices = np.concatenate([do.cost, do.fixed_cost])
        if np.isfinite(self.budget):
            rows.append(LinearConstraint(prices[None, :], ub=self.budget))
        answer = milp(
            objective,
            integrality=np.repeat([0, 1], p),
            bounds=Bounds(np.zeros(2 * p), np.concatenate([do.cap, np.ones(p)])),
            constraints=rows,
            options={"time_limit": self.seconds, "mip_rel_gap": 1e-9, "presolve": False},  # no faster here with it
        )
        if answer.x is None:
            return None
        amounts = np.where(answer.x[:p] > ACTIVE * do.cap, answer.x[:p], 0.0)
        cost = float(amounts @ do.cost + (amounts > 0) @ do.fixed_cost)
        bound = answer.mip_dual_bound
        least = cost if answer.status == OPTIMAL or bound is None else float(bound)
        levers = tuple((one, float(a)) for one, a in zip(do.names, amounts, strict=True) if a > SLACK)
        return Found(do.effects @ amounts, cost, least, levers)

    def _choices(self) -> list[tuple[frozenset[str], float]]:
        choices = [(frozenset(pair), 1.0) for pair in self.actions.incompatible]
        choices += [(names, len(names) - 1.0) for names in self.not_these]
        return choices if self.most is None else [*choices, (frozenset(self.actions.names), float(self.most))]


def one_lever_each(question: Question) -> Actions:
    """Return actions that move one indicator each, at the question's costs and heads, without fixed cost.

    >>> from beffroi.composite.gap_question import Question
    >>> q = Question(("FRK", "FRE"), ("jobs", "patents"), np.array([[60.0, 50.0], [40.0, 50.0]]),
    ...              np.array([0.5, 0.5]), "FRE", np.array([1.0, 3.0]), np.array([15.0, 40.0]))
    >>> p = plan(q, 1, by=Integer(one_lever_each(q), most=1))
    >>> p.levers[0][0], round(p.cost, 3)
    ('patents', 60.0)
    """
    cost = np.where(question.room > 0, question.cost, 0.0)
    return Actions(question.indicators, np.eye(cost.size), cost, np.zeros_like(cost), question.room)


def alternatives(
    question: Question, wanted: int, *, by: Integer, count: int, score: Scorer | None = None
) -> tuple[Plan, ...]:
    """List different plans to the same rank, the cheapest first.

    Args:
        question: points, costs and heads.
        wanted: the rank to reach.
        by: actions and limits.
        count: the most plans to list.
        score: the full scorer, as in `plan`.

    Returns:
        Up to `count` feasible plans; none uses all the actions of one before it (a no-good cut), so each is a
        different choice and not the same one with something added. Empty when the rank is out of reach.

    Source: Balas & Jeroslow (1972), Canonical cuts on the unit hypercube, doi:10.1137/0123007.

    >>> from beffroi.composite import build_index, example_coin, question_about
    >>> asked = question_about(build_index(example_coin()), "Alder")
    >>> [one.levers[0][0] for one in alternatives(asked, 3, by=Integer(one_lever_each(asked), most=1), count=2)]
    ['fibre', 'founders']
    """
    plans: list[Plan] = []
    while len(plans) < count:
        found = plan(question, wanted, by=by, score=score)
        if not found.feasible or not found.levers:
            return (*plans, found) if found.feasible and not plans else tuple(plans)
        plans.append(found)
        by = replace(by, not_these=(*by.not_these, frozenset(name for name, _ in found.levers)))
    return tuple(plans)
