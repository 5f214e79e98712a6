"""What would it take: for each region, the smallest effort that lifts it a place, into the quarter, the ten, the five.

An effort is counted in years of a peer that does well: the pace that one region in four reaches on the indicator. A
region can go as far as the best tenth of the set; what nobody publishes for it cannot be moved. Every plan is
certified by ranking all regions again with the goalposts where they then stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.aggregate import aggregate
from beffroi.composite.gap import Linear, plan
from beffroi.composite.gap_inputs import heads, peer_years, question_of
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.normalise import min_max
from beffroi.composite.paces import theil_sen
from beffroi.composite.rank import rank
from beffroi.observatory.reading import Goal, Lever

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.build import Built
    from beffroi.composite.gap import Plan, Scorer
    from beffroi.composite.gap_question import Question
    from beffroi.observatory.assemble import Panel

    Floats = npt.NDArray[np.float64]

TOPS = (5, 10)
QUARTER = 4
GOOD_PACE = 0.75


def tops_beyond(rank: int, count: int) -> tuple[int, ...]:
    """Return the tops that a rank among `count` regions has not reached, the nearest first: the next place, others.

    >>> tops_beyond(38, 216), tops_beyond(6, 216), tops_beyond(1, 216)
    ((37, 10, 5), (5,), ())
    """
    wanted = {rank - 1, max(1, count // QUARTER), *TOPS}
    return tuple(sorted((top for top in wanted if 1 <= top < rank), reverse=True))


def goals(built: Built, panel: Panel, directions: dict[str, int]) -> tuple[Goal, ...]:
    """Answer for each region, its next place and each top not reached, under an arithmetic mean of min–max points.

    Args:
        built: the index of today.
        panel: figures by year, from which paces are taken.
        directions: +1 or −1 for each indicator.

    Returns:
        Goals by region, in the order of the regions, the nearest top first.
    """
    cost = peer_years(_paces(built, panel, directions), quantile=GOOD_PACE)
    score = _rescaled(built)
    out = []
    for row, region in enumerate(built.regions):
        own = np.where(built.imputed.reasons[row] == "", cost, np.inf)
        question = question_of(built, region, cost=own, head=heads(built.normalised.values, row))
        tops = tops_beyond(int(built.ranks[row]), len(built.regions))
        out += [_goal(built, question, top, score) for top in tops]
    return tuple(out)


def _goal(built: Built, question: Question, top: int, score: Scorer) -> Goal:
    found = plan(question, top, by=Linear())
    if found.feasible and _true_rank(question, found, score) > top:
        found = plan(question, top, by=Linear(), score=score)
    furthest = int(rank(score(question.moved(question.room)))[question.row])
    if not found.feasible:
        return Goal(question.region, top, False, None, furthest, ())
    moved = question.points[question.row] + found.moves
    levers = tuple(
        Lever(
            indicator=name,
            raw_from=float(built.imputed.matrix.values[question.row, column]),
            raw_to=_figure(built, column, float(moved[column])),
            points=float(found.moves[column]),
            years=float(found.moves[column] * question.cost[column]),
        )
        for column, name in enumerate(question.indicators)
        if found.moves[column] > 0
    )
    ordered = tuple(sorted(levers, key=lambda one: -one.points * built.shape.effective[_at(question, one)]))
    return Goal(question.region, top, True, found.cost, _true_rank(question, found, score), ordered)


def _at(question: Question, lever: Lever) -> int:
    return question.indicators.index(lever.indicator)


def _true_rank(question: Question, found: Plan, score: Scorer) -> int:
    return int(rank(score(question.moved(found.moves)))[question.row])


def _rescaled(built: Built) -> Scorer:
    """Score everybody with the ends of each scale where the moved points put them."""

    def score(points: Floats) -> Floats:
        scaled = min_max(IndicatorMatrix(built.regions, built.normalised.indicators, points)).values
        return aggregate(scaled, built.shape, method="arithmetic")[1]

    return score


def _paces(built: Built, panel: Panel, directions: dict[str, int]) -> Floats:
    """Points gained a year by each region on each indicator, on today's scale; NaN with fewer than five years."""
    out = np.full(built.normalised.values.shape, np.nan)
    for column, name in enumerate(built.normalised.indicators):
        raw = directions[name] * built.imputed.matrix.values[:, column]
        order = np.argsort(raw, kind="stable")
        points = built.normalised.values[order, column]
        series = [panel.figures.get((name, region), ()) for region in built.regions]
        years = np.array(sorted({one.year for figures in series for one in figures}), dtype=np.int64)
        history = np.full((years.size, len(series)), np.nan)
        for row, figures in enumerate(series):
            seen = np.interp([directions[name] * one.value for one in figures], raw[order], points)
            history[np.searchsorted(years, [one.year for one in figures]), row] = seen
        out[:, column] = theil_sen(history, years)[0]
    return out


def _figure(built: Built, column: int, points: float) -> float:
    """The figure that has these points today, read between its neighbours."""
    order = np.argsort(built.normalised.values[:, column], kind="stable")
    return float(np.interp(points, built.normalised.values[order, column], built.imputed.matrix.values[order, column]))
