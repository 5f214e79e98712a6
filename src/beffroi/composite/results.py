"""Tables for the reader: scores and ranks, one unit's summary, its strengths and weaknesses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.composite.panel import one_year
from beffroi.composite.rank import DECIMALS
from beffroi.composite.show import Shown, bars_svg
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.composite.recipe import IndexBuild

Content = Literal["summary", "aggregates", "full"]
Use = Literal["scores", "ranks"]


@dataclass(frozen=True, slots=True)
class ResultTable(Shown):
    """Units by rank of the index, best first; `columns` maps each code to its scores or ranks in that order.

    In a panel each row has its year in `times`, rows come year by year, and every rank is that within its year.
    """

    units: tuple[str, ...]
    ranks: npt.NDArray[np.float64]
    columns: dict[str, npt.NDArray[np.float64]]
    times: tuple[float, ...] = ()

    def to_columns(self) -> dict[str, Sequence[object]]:
        """Return uCode, Time in a panel, rank, and every column."""
        years: dict[str, Sequence[object]] = {"Time": self.times} if self.times else {}
        plain = {code: values.tolist() for code, values in self.columns.items()}
        return {"uCode": self.units, **years, "rank": self.ranks.tolist(), **plain}

    def picture(self) -> str:
        """Draw the first column, a bar a unit, best first: an SVG."""
        code, values = next(iter(self.columns.items()))
        years = [f" {time:g}" for time in self.times] or [""] * len(self.units)
        labels = [unit + year for unit, year in zip(self.units, years, strict=True)]
        return bars_svg(labels, values.tolist(), title=f"{code}, best first")


@dataclass(frozen=True, slots=True)
class Standing:
    """One indicator of one unit: its rank (1 is best), its figure in the indicator's own unit, and that unit."""

    code: str
    name: str
    group: str
    rank: int
    value: float
    unit: str


def rank_column(values: npt.NDArray[np.float64], groups: Sequence[object] | None = None) -> npt.NDArray[np.float64]:
    """Rank one column, 1 for the largest; ties share the better rank; NaN stays NaN.

    >>> rank_column(np.array([2.0, 5.0, np.nan, 5.0])).tolist()
    [3.0, 1.0, nan, 1.0]
    >>> rank_column(np.array([2.0, 5.0, 1.0]), ("n", "s", "n")).tolist()
    [1.0, 1.0, 2.0]
    """
    places: dict[object, int] = {}
    labels = np.array([places.setdefault(one, len(places)) for one in groups or [""] * len(values)])
    same = labels[None, :] == labels[:, None]
    above = ((values[None, :] > values[:, None]) & same).sum(axis=1) + 1.0
    return np.where(np.isnan(values), np.nan, above)


def results(
    built: IndexBuild,
    *,
    content: Content = "summary",
    use: Use = "scores",
    group: str | None = None,
    year: float | None = None,
) -> ResultTable:
    """Tabulate an index, best unit first.

    Args:
        built: a build that aggregates.
        content: the index alone, all aggregates (highest first), or aggregates and indicators.
        use: scores or ranks (1 is best; scores equal to 9 decimals share the better rank).
        group: rank inside the groups of this column.
        year: of a panel, this year only; None: all years, one after the other.

    Returns:
        Units sorted by the index, within each year; units without a score come last.

    Raises:
        MethodError: the panel has no such year, or the table no such group.

    >>> from beffroi.composite import build_index, example_coin
    >>> table = results(build_index(example_coin()), use="ranks")
    >>> table.units[:3], table.ranks[:3].tolist()
    (('Cedar', 'Fir', 'Birch'), [1.0, 2.0, 3.0])
    """
    if year is not None:
        built = one_year(built, year)
    tree, coin = built.coin.framework, built.coin
    nodes = [code for level in range(tree.depth, 1, -1) for code in tree.at(level)]
    codes = {"summary": nodes[:1], "aggregates": nodes, "full": [*nodes, *tree.indicators]}[content]
    groups = coin.group(group) if group else ("",) * len(coin.units)
    times = coin.times or (0.0,) * len(coin.units)
    labels = [(when, one) for when, one in zip(times, groups, strict=True)]

    def ranked(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return rank_column(np.round(values, DECIMALS), labels)

    order = np.lexsort((-built.scores, np.asarray(times)))
    columns = {
        code: (built.last.column(code) if use == "scores" else ranked(built.last.column(code)))[order] for code in codes
    }
    return ResultTable(
        tuple(coin.units[i] for i in order),
        ranked(built.scores)[order],
        columns,
        tuple(coin.times[i] for i in order) if coin.times else (),
    )


def unit_summary(
    built: IndexBuild, unit: str, *, year: float | None = None
) -> tuple[tuple[str, str, float, float], ...]:
    """Return code, name, score and rank of one unit, from the index down to the indicators.

    Raises:
        MethodError: the unit is not in the index, or a panel is given without the year.

    >>> from beffroi.composite import build_index, example_coin
    >>> unit_summary(build_index(example_coin()), "Cedar")[0][:2]
    ('Index', 'Digital valleys')
    """
    built = one_year(built, year)
    tree, place = built.coin.framework, _place(built, unit)
    codes = [code for level in range(tree.depth, 0, -1) for code in tree.at(level)]
    return tuple(
        (code, tree.node(code).name, float(values[place]), float(rank_column(values)[place]))
        for code in codes
        for values in (built.last.column(code),)
    )


def strengths_and_weaknesses(
    built: IndexBuild,
    unit: str,
    *,
    top: int = 5,
    bottom: int = 5,
    level: int = 2,
    stage: str = "raw",
    year: float | None = None,
) -> tuple[tuple[Standing, ...], tuple[Standing, ...]]:
    """Name the indicators on which a unit ranks best and worst.

    Args:
        built: any build; directions are taken into account.
        unit: its code.
        top: how many strengths,
        bottom: and how many weaknesses.
        level: the level whose element is given as `group`.
        stage: the table whose figures are ranked and shown.
        year: of a panel, the year in which it stands among the others.

    Returns:
        Strengths (best first) and weaknesses (worst last). An indicator on which the unit shares the very last place
        is not listed: it would be a tie of many at zero more often than a weakness.

    Raises:
        MethodError: the unit is not in the index, or a panel is given without the year.

    Source: COINr's get_str_weak.

    >>> from beffroi.composite import build_index, example_coin
    >>> best, worst = strengths_and_weaknesses(build_index(example_coin()), "Fir", top=1, bottom=1)
    >>> best[0].code, best[0].rank, worst[0].code, worst[0].rank
    ('coders', 1, 'masts', 6)
    """
    built = one_year(built, year)
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
