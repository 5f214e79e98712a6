"""The question «what would it take» about a unit of a built index, and the scorer that certifies the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.gap import SLACK, Linear, plan
from beffroi.composite.gap_inputs import heads
from beffroi.composite.gap_question import Question
from beffroi.composite.gap_tree import OnTree
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.steps import Normalise, Treat
from beffroi.composite.tree_score import points_of, tree_of
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from beffroi.composite.gap import Plan, Scorer, Solver
    from beffroi.composite.matrix import IndicatorMatrix
    from beffroi.composite.recipe import IndexBuild

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lever:
    """One indicator to move: from and to, in points and in the indicator's own unit after denomination."""

    code: str
    points: float
    points_after: float
    figure: float
    figure_after: float
    cost: float


def question_about(
    built: IndexBuild,
    unit: str,
    *,
    costs: Mapping[str, float] | None = None,
    heads_to: float = 0.9,
    most_points: Mapping[str, float] | None = None,
    peers: Sequence[str] | None = None,
) -> Question:
    """Return the question about one unit of an index of one year.

    Args:
        built: the index; it normalises and aggregates, and no figure is missing.
        unit: its code.
        costs: what one point costs on an indicator (any unit: years, euros); 1 where not named, `inf` where nothing
            can be done.
        heads_to: how far the unit can go on each indicator: this quantile of its peers' points.
        most_points: heads of some indicators, in points, in place of that.
        peers: codes of its peers (see `peers_of`); all others when not given.

    Raises:
        MethodError: a panel, a missing figure, an unknown unit or indicator.

    >>> from beffroi.composite import build_index, example_coin
    >>> asked = question_about(build_index(example_coin()), "Alder", costs={"founders": 3.0})
    >>> asked.indicators, asked.cost.tolist()
    (('fibre', 'masts', 'coders', 'leavers', 'founders'), [1.0, 1.0, 1.0, 1.0, 3.0])
    """
    if built.coin.times:
        raise MethodError("A panel was given; what would it take is asked of one year. Take one with `built.year(…)`.")
    tree, points = tree_of(built), points_of(built)
    place = {code: k for k, code in enumerate(tree.indicators)}
    for code in (*(costs or {}), *(most_points or {})):
        if code not in place:
            raise MethodError(f"'{code}' has a cost or a head but is no indicator of the index. Check its code.")
    if unit not in built.coin.units:
        raise MethodError(f"'{unit}' is not ranked. Ask for one of: {', '.join(built.coin.units[:8])} …")
    cost = np.ones(len(place))
    for code, one in (costs or {}).items():
        cost[place[code]] = one
    unknown = sorted(set(peers or ()) - set(built.coin.units))
    if unknown:
        raise MethodError(f"Peer '{unknown[0]}' is not ranked. Give codes of units of the index.")
    rows = None if peers is None else [built.coin.units.index(one) for one in peers]
    head = heads(points, built.coin.units.index(unit), peers=rows, quantile=heads_to)
    for code, one in (most_points or {}).items():
        head[place[code]] = one
    return Question(built.coin.units, tree.indicators, points, tree.weights, unit, cost, head)


def solver_for(built: IndexBuild, *, most: int | None = None) -> Solver:
    """Return the solver that fits the index: greedy where all means are arithmetic, else tangents.

    >>> from beffroi.composite import Aggregate, Normalise, Scale, build_index, example_coin
    >>> built = build_index(example_coin())
    >>> type(solver_for(built)).__name__
    'Linear'
    >>> flat = built.replay(Normalise(scale=Scale(low=1.0)), Aggregate(rules="gmean"))
    >>> type(solver_for(flat)).__name__
    'OnTree'
    """
    tree = tree_of(built)
    return Linear() if tree.is_linear and most is None else OnTree(tree, most)


def rescorer(built: IndexBuild) -> Scorer:
    """Return a scorer that takes points back to figures and builds again, goalposts and treatment included.

    Returns:
        A function from points (units × indicators) to true scores. Only cells that differ from today's are taken
        back to figures, by the scale of today; NaN scores count as worst.
    """
    before, after, rest = _split(built)
    coin = replace(built.coin, data=before)

    def score(points: Floats) -> Floats:
        figures = before.values.copy()
        changed = points != after.values
        for k in np.flatnonzero(changed.any(axis=0)):
            rows = changed[:, k]
            figures[rows, k] = figures_at(before.values[:, k], after.values[:, k], points[rows, k])
        scores = build_index(replace(coin, data=before.with_values(figures)), rest).scores
        return np.where(np.isnan(scores), -np.inf, scores)

    return score


def figures_at(figures: Floats, points: Floats, wanted: Floats) -> Floats:
    """Read today's scale backwards: the figures that stand for some points.

    Args:
        figures: one indicator's figures today, NaN where missing.
        points: what each is worth today; monotone in the figures.
        wanted: points to be taken back.

    Returns:
        Figures between those observed, on the straight line between neighbours; beyond them along the last slope.
        Where several figures are worth the same, the one nearest to the middle is taken.

    >>> figures_at(np.array([1.0, 2.0, 4.0]), np.array([100.0, 50.0, 0.0]), np.array([75.0, 110.0])).tolist()
    [1.5, 0.8]
    """
    seen = ~(np.isnan(figures) | np.isnan(points))
    middle = float(np.median(figures[seen]))
    worth, first = np.unique(points[seen], return_inverse=True)
    at = np.array([min(figures[seen][first == k], key=lambda x: abs(x - middle)) for k in range(worth.size)])
    if worth.size < 2:  # noqa: PLR2004 -- a line needs two
        return np.full(wanted.shape, at[0] if at.size else np.nan)
    out = np.interp(wanted, worth, at)
    for end, side in ((0, wanted < worth[0]), (-1, wanted > worth[-1])):
        inner = 1 if end == 0 else -2
        slope = (at[end] - at[inner]) / (worth[end] - worth[inner])
        out = np.where(side, at[end] + slope * (wanted - worth[end]), out)
    return np.asarray(out)


def levers(built: IndexBuild, question: Question, moves: Floats) -> tuple[Lever, ...]:
    """Say what a plan means in figures: every indicator that moves, the dearest move first.

    >>> from beffroi.composite import build_index, example_coin
    >>> built = build_index(example_coin())
    >>> asked = question_about(built, "Alder")
    >>> found = levers(built, asked, what_it_takes(built, asked, 3).moves)
    >>> [(one.code, one.figure, round(one.figure_after, 1)) for one in found]
    [('fibre', 62.0, 80.9)]
    """
    before, after, _ = _split(built)
    row = question.row
    out = []
    for k in np.flatnonzero(moves > SLACK):
        start, end = float(question.points[row, k]), float(question.points[row, k] + moves[k])
        figure = figures_at(before.values[:, k], after.values[:, k], np.array([end]))
        cost = float(moves[k] * question.cost[k])
        out.append(Lever(question.indicators[k], start, end, float(before.values[row, k]), float(figure[0]), cost))
    return tuple(sorted(out, key=lambda one: -one.cost))


def what_it_takes(built: IndexBuild, question: Question, wanted: int, *, by: Solver | None = None) -> Plan:
    r"""Find the least effort to a rank, certified by building the index again from the new figures.

    Args:
        built: the index of today.
        question: from `question_about`.
        wanted: rank to reach, 1 is best.
        by: a solver; by default the one that fits the index.

    Returns:
        The plan; its `true_rank` is that of the index built again, goalposts moving with it. In a year of a panel
        (`IndexBuild.year`) the scale is that of all years and does not move.

    >>> from beffroi.composite.coin_input import read_coin
    >>> from beffroi.composite.recipe import build_index
    >>> coin = read_coin("uCode,x,y\nA,1,2\nB,9,1\nC,4,3\nD,10,4\n", "Level,iCode,Parent,Direction,Weight,Type\n"
    ...     "1,x,top,1,1,Indicator\n1,y,top,1,1,Indicator\n2,top,,1,1,Aggregate\n")
    >>> built = build_index(coin)
    >>> found = what_it_takes(built, question_about(built, "A"), 3)
    >>> found.feasible, found.true_rank, [one.code for one in levers(built, question_about(built, "A"), found.moves)]
    (True, 3, ['x'])
    """
    # A year of a panel stands on the scale of all its years, which stays where it is.
    score = None if built.whole else rescorer(built)
    return plan(question, wanted, by=by or solver_for(built), score=score)


def _split(built: IndexBuild) -> tuple[IndicatorMatrix, IndicatorMatrix, Recipe]:
    """Return the figures that points are made of, the points, and the steps from the ones to the scores."""
    names = built.recipe.names
    start = next((k for k, one in enumerate(built.recipe.steps) if isinstance(one, Treat | Normalise)), None)
    if start is None or "normalise" not in names:
        raise MethodError("The recipe does not normalise, so indicators share no scale. Add Normalise().")
    before = list(built.stages.values())[start]  # stages begin with the raw table, so this is the one before the step
    return before, built.stages["normalise"], Recipe(built.recipe.steps[start:], built.recipe.compat)
