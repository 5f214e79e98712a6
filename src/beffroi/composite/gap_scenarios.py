"""A robust plan for a built index, tried on every source of uncertainty: the index is rebuilt and replayed.

Planning looks at weights only, where a move acts linearly. Trying looks at everything: the moved figures go through
imputation, treatment, scales, means and weights of fresh scenarios. While the plan fails there, planning asks for
more; between the last that fails and the first that holds, the way is halved.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.acceptability import effective_weights
from beffroi.composite.gap import found
from beffroi.composite.gap_inputs import built_after
from beffroi.composite.gap_robust import RobustPlan, cases, robust_plan
from beffroi.composite.uncertainty import draw, run

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.catalogue.schema import Index
    from beffroi.composite.build import Built
    from beffroi.composite.gap_question import Question

    Floats = npt.NDArray[np.float64]

ROUNDS = 4  # times that planning asks for more before all heads are taken
HALVINGS = 6
FRESH = 101  # added to the seed: scenarios that planning never saw


def chance_after(built: Built, index: Index, question: Question, moves: Floats, *, wanted: int) -> float:
    """Return the share of fresh scenarios in which the region, after its moves, holds the rank.

    Args:
        built: the index of today.
        index: what varies; its seed is changed so that planning never saw these scenarios.
        question: the region.
        moves: points gained on each indicator.
        wanted: the rank.

    Returns:
        P(rank ≤ wanted) over `index.uncertainty.scenarios` scenarios of the rebuilt index.

    Raises:
        MethodError: a step cannot be applied to the new figures.
    """
    spec = replace(index.uncertainty, seed=index.uncertainty.seed + FRESH)
    after = built_after(built, index, question.moved(moves))
    return float((run(after, replace(index, uncertainty=spec)).ranks[:, question.row] <= wanted).mean())


def certified_robust_plan(built: Built, index: Index, question: Question, wanted: int, *, p: float) -> RobustPlan:
    """Find little effort with P(rank ≤ wanted) ≥ p over every source of uncertainty.

    Args:
        built: the index of today.
        index: what varies.
        question: points, costs and heads on the build's scale.
        wanted: the rank to reach.
        p: the chance asked for (0..1).

    Returns:
        A plan whose `verified` chance is that of the rebuilt index. `least_cost` is NaN: no bound is known when every
        source varies. Not feasible: the chance with all heads used. The last halvings look at the fresh scenarios,
        so `verified` is at most a little above p.

    Raises:
        MethodError: p is out of bounds, or a step cannot be applied to the new figures.

    Source: Luedtke & Ahmed (2008), doi:10.1137/070702928, for planning.
    """
    weights = effective_weights(draw(index.uncertainty, built.shape), built.shape)
    half = weights.shape[0] // 2
    sample, held_out = cases(question, wanted, weights[:half]), cases(question, wanted, weights[half:])
    nothing = np.zeros_like(question.room)
    today = chance_after(built, index, question, nothing, wanted=wanted)

    def answer(moves: Floats, seen: float, *, feasible: bool) -> RobustPlan:
        priced = found(question, moves)
        error = float(np.sqrt(seen * (1 - seen) / weights.shape[0]))
        return RobustPlan(wanted, p, feasible, moves, priced.levers, priced.cost, np.nan, seen, error, today)

    if today >= p:
        return answer(nothing, today, feasible=True)
    most = chance_after(built, index, question, question.room, wanted=wanted)
    if most < p:
        return answer(question.room, most, feasible=False)
    short, enough, asked = nothing, (question.room, most), p
    for _ in range(ROUNDS):
        planned = robust_plan(question, wanted, p=asked, sample=sample, fresh=held_out, seconds=3.0)
        if not planned.feasible:
            break
        seen = chance_after(built, index, question, planned.moves, wanted=wanted)
        if seen >= p:
            enough = (planned.moves, seen)
            break
        short, asked = planned.moves, (asked + 1.0) / 2
    for _ in range(HALVINGS):
        middle = (short + enough[0]) / 2
        seen = chance_after(built, index, question, middle, wanted=wanted)
        short, enough = (short, (middle, seen)) if seen >= p else (middle, enough)
    return answer(*enough, feasible=True)
