"""One year of a panel's build, with the figures that the whole panel gave it; and an analysis year by year.

Most analyses take a table: `built.last` holds all years together (pooled), `built.year(2020).last` one of them. Ranks
are always those of a year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable

    from beffroi.composite.recipe import IndexBuild

Found = TypeVar("Found")


def in_each_year(built: IndexBuild, analysis: Callable[[IndexBuild], Found]) -> dict[float, Found]:
    r"""Apply an analysis to each year of a panel.

    Args:
        built: the build of a panel.
        analysis: takes the build of one year, on the panel's own scale.

    Returns:
        year → what was found, in the order of the years.

    Raises:
        MethodError: the build is not that of a panel.

    >>> from beffroi.composite.coin_input import read_coin
    >>> from beffroi.composite.recipe import build_index
    >>> made = build_index(read_coin("uCode,Time,x\nA,1,1\nB,1,2\nA,2,5\nB,2,4\n",
    ...     "Level,iCode,Parent,Direction,Weight,Type\n1,x,top,1,1,Indicator\n2,top,,1,1,Aggregate\n"))
    >>> in_each_year(made, lambda year: year.scores.tolist())
    {1.0: [0.0, 25.0], 2.0: [100.0, 75.0]}
    """
    if not built.coin.times:
        raise MethodError("Year by year needs a panel: a column Time with two years or more.")
    return {year: analysis(built.year(year)) for year in sorted(set(built.coin.times))}


def one_year(built: IndexBuild, year: float | None) -> IndexBuild:
    """Return a build of one year: that of the panel's year, or the build itself where there are no years.

    Raises:
        MethodError: a panel without a year, or a year without a panel.
    """
    if built.coin.times:
        if year is None:
            years = ", ".join(f"{one:g}" for one in sorted(set(built.coin.times)))
            raise MethodError(f"The build is that of a panel. Say which year: {years}.")
        return built.year(year)
    if year is not None and not (built.whole and built.whole[1] == year):
        raise MethodError(f"Year {year:g} was asked for, but the build is not that of a panel. Leave the year out.")
    return built
