"""Tables for the reader: scores and ranks, one unit's summary, its strengths and weaknesses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.composite.recipe import IndexBuild

Content = Literal["summary", "aggregates", "full"]
Use = Literal["scores", "ranks"]


@dataclass(frozen=True, slots=True)
class ResultTable:
    """Units by rank of the index, best first; `columns` maps each code to its scores or ranks in that order."""

    units: tuple[str, ...]
    ranks: npt.NDArray[np.float64]
    columns: dict[str, npt.NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Standing:
    """One indicator of one unit: its rank (1 is best), its figure in the indicator's own unit, and that unit."""

    code: str
    name: str
    group: str
    rank: int
    value: float
    unit: str


def rank_column(values: npt.NDArray[np.float64], groups: Sequence[str] | None = None) -> npt.NDArray[np.float64]:
    """Rank one column, 1 for the largest; ties share the better rank; NaN stays NaN.

    >>> rank_column(np.array([2.0, 5.0, np.nan, 5.0])).tolist()
    [3.0, 1.0, nan, 1.0]
    >>> rank_column(np.array([2.0, 5.0, 1.0]), ("n", "s", "n")).tolist()
    [1.0, 1.0, 2.0]
    """
    labels = np.zeros(len(values), dtype=object) if groups is None else np.asarray(groups, dtype=object)
    same = labels[None, :] == labels[:, None]
    above = ((values[None, :] > values[:, None]) & same).sum(axis=1) + 1.0
    return np.where(np.isnan(values), np.nan, above)


def results(
    built: IndexBuild, *, content: Content = "summary", use: Use = "scores", group: str | None = None
) -> ResultTable:
    """Tabulate an index, best unit first.

    Args:
        built: a build that aggregates.
        content: the index alone, all aggregates (highest first), or aggregates and indicators.
        use: scores or ranks.
        group: rank inside the groups of this column.

    Returns:
        Units sorted by the index; units without a score come last.
    """
    tree = built.coin.framework
    nodes = [code for level in range(tree.depth, 1, -1) for code in tree.at(level)]
    codes = {"summary": nodes[:1], "aggregates": nodes, "full": [*nodes, *tree.indicators]}[content]
    groups = built.coin.group(group) if group else None
    order = np.argsort(-built.scores, kind="stable")
    columns = {}
    for code in codes:
        values = built.last.column(code)
        columns[code] = (values if use == "scores" else rank_column(values, groups))[order]
    return ResultTable(tuple(built.coin.units[i] for i in order), rank_column(built.scores, groups)[order], columns)


def unit_summary(built: IndexBuild, unit: str) -> tuple[tuple[str, str, float, float], ...]:
    """Return code, name, score and rank of one unit, from the index down to the indicators."""
    tree, place = built.coin.framework, _place(built, unit)
    codes = [code for level in range(tree.depth, 0, -1) for code in tree.at(level)]
    return tuple(
        (code, tree.node(code).name, float(values[place]), float(rank_column(values)[place]))
        for code in codes
        for values in (built.last.column(code),)
    )


def strengths_and_weaknesses(
    built: IndexBuild, unit: str, *, top: int = 5, bottom: int = 5, level: int = 2, stage: str = "raw"
) -> tuple[tuple[Standing, ...], tuple[Standing, ...]]:
    """Name the indicators on which a unit ranks best and worst.

    Args:
        built: any build; directions are taken into account.
        unit: its code.
        top: how many strengths,
        bottom: and how many weaknesses.
        level: the level whose element is given as `group`.
        stage: the table whose figures are ranked and shown.

    Returns:
        Strengths (best first) and weaknesses (worst last). An indicator on which the unit shares the very last place
        is not listed: it would be a tie of many at zero more often than a weakness.

    Raises:
        MethodError: the unit is not in the index.

    Source: COINr's get_str_weak.
    """
    place, tree = _place(built, unit), built.coin.framework
    table = built.stages[stage]
    if stage == "raw":
        place = built.source.units.index(unit)
    found = []
    for code in tree.indicators:
        values = table.column(code)
        ranks = rank_column(values * (tree.node(code).direction if stage not in ("normalise", "aggregate") else 1))
        if np.isnan(values[place]) or ranks[place] == np.nanmax(ranks):
            continue
        node = tree.node(code)
        group = tree.ancestor(code, level)
        found.append(Standing(code, node.name, group, int(ranks[place]), float(values[place]), node.unit))
    found.sort(key=lambda one: (one.rank, tree.node(one.code).parent))
    return tuple(found[:top]), tuple(found[-bottom:] if bottom else ())


def _place(built: IndexBuild, unit: str) -> int:
    if unit not in built.coin.units:
        raise MethodError(f"'{unit}' is not among the {len(built.coin.units)} units of the index. Check its code.")
    return built.coin.units.index(unit)
