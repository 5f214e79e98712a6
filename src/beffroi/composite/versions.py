"""What changes when an element is left out, or when two versions of an index are laid side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.rank import DECIMALS
from beffroi.composite.results import rank_column
from beffroi.composite.show import Shown
from beffroi.composite.steps import Aggregate
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from beffroi.composite.recipe import IndexBuild


@dataclass(frozen=True, slots=True)
class Removal(Shown):
    """Scores and ranks of every unit without each element, and the mean absolute change of rank each causes.

    In a panel there is one row a unit and year (`times`), ranks are those of the year, and `mean_change` is that over
    all rows; `change_in` gives that of one year.
    """

    units: tuple[str, ...]
    scores: Mapping[str, npt.NDArray[np.float64]]
    ranks: Mapping[str, npt.NDArray[np.float64]]
    mean_change: Mapping[str, float]
    times: tuple[float, ...] = ()

    def to_columns(self) -> dict[str, Sequence[object]]:
        """Return a row an element: its code and the mean absolute change of rank without it."""
        return {"element": list(self.mean_change), "mean_change": list(self.mean_change.values())}

    def change_in(self, year: float) -> dict[str, float]:
        """Return the mean absolute change of rank in one year of a panel.

        Raises:
            MethodError: the panel has no such year.
        """
        rows = np.flatnonzero(np.asarray(self.times) == year)
        if not rows.size:
            raise MethodError(f"There is no row for {year:g}. The years: {sorted(set(self.times))}.")
        return {code: _mean_change(one[rows], self.ranks["Nominal"][rows]) for code, one in self.ranks.items()}


def remove_elements(built: IndexBuild, *, level: int = 1) -> Removal:
    """Leave out each element of a level in turn (weight 0) and rank again.

    Args:
        built: a build whose recipe ends with aggregation.
        level: whose elements to leave out.

    Returns:
        `Nominal` first, then each element; changes are in ranks.

    Raises:
        MethodError: the recipe does not aggregate, or an element is alone under its parent.

    Source: COINr's remove_elements.

    >>> from beffroi.composite import build_index, example_coin
    >>> remove_elements(build_index(example_coin())).mean_change["fibre"]
    0.25
    """
    step = next((one for one in built.recipe.steps if isinstance(one, Aggregate)), None)
    if step is None:
        raise MethodError("The recipe does not aggregate, so nothing can be left out of it. Add Aggregate().")
    scores, ranks = {"Nominal": built.scores}, {"Nominal": built.ranks}
    for code in built.coin.framework.at(level):
        again = built.replay(
            Aggregate(
                rules=step.rules, weights={**(step.weights or {}), code: 0.0}, least_available=step.least_available
            )
        )
        scores[code], ranks[code] = again.scores, again.ranks
    change = {code: _mean_change(one, built.ranks) for code, one in ranks.items()}
    return Removal(built.coin.units, scores, ranks, change, built.coin.times)


def _mean_change(ranks: npt.NDArray[np.float64], nominal: npt.NDArray[np.float64]) -> float:
    return float(np.nanmean(np.abs(ranks - nominal)))


@dataclass(frozen=True, slots=True)
class Comparison(Shown):
    """Units of both versions: first, second and the difference (first − second; for ranks a gain is positive).

    For two panels there is one row a unit and year, and `times` has the years.
    """

    units: tuple[str, ...]
    first: npt.NDArray[np.float64]
    second: npt.NDArray[np.float64]
    times: tuple[float, ...] = ()

    def to_columns(self) -> dict[str, Sequence[object]]:
        """Return uCode, Time in a panel, both versions and their difference."""
        years: dict[str, Sequence[object]] = {"Time": self.times} if self.times else {}
        figures = {"first": self.first, "second": self.second, "difference": self.difference}
        return {"uCode": self.units, **years, **{name: one.tolist() for name, one in figures.items()}}

    @property
    def difference(self) -> npt.NDArray[np.float64]:
        """First minus second."""
        return self.first - self.second

    @property
    def absolute(self) -> npt.NDArray[np.float64]:
        """The size of the difference."""
        return np.abs(self.difference)


def compare_builds(first: IndexBuild, second: IndexBuild, *, code: str | None = None, ranks: bool = True) -> Comparison:
    """Lay two versions side by side on the units they share; two panels on the units and years they share.

    Args:
        first: one build,
        second: another, of the same coin or not. Two years of one panel: `built.year(2020), built.year(2021)`.
        code: an indicator or aggregate; by default each version's index.
        ranks: compare ranks (in a panel those of the year), else scores.

    Raises:
        MethodError: the versions share no unit, or one is a panel and the other is not.

    >>> from beffroi.composite import Normalise, Scale, build_index, example_coin
    >>> built = build_index(example_coin())
    >>> other = built.replay(Normalise(scale=Scale(method="rank")))
    >>> compare_builds(built, other).difference.tolist()
    [2.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]
    """
    if bool(first.coin.times) != bool(second.coin.times):
        raise MethodError("One version is a panel and the other is not. Choose a year of the panel: built.year(…).")
    here, there = _keys(first), _keys(second)
    shared = [key for key in here if key in there]
    if not shared:
        raise MethodError("The two versions share no unit (and year). Check their codes.")

    def column(made: IndexBuild, places: Mapping[tuple[str, float], int]) -> npt.NDArray[np.float64]:
        values = made.scores if code is None else made.last.column(code)
        if ranks:
            values = rank_column(np.round(values, DECIMALS), [time for _, time in places])
        return np.array([values[places[key]] for key in shared])

    times = tuple(time for _, time in shared) if first.coin.times else ()
    return Comparison(tuple(unit for unit, _ in shared), column(first, here), column(second, there), times)


def _keys(made: IndexBuild) -> dict[tuple[str, float], int]:
    """Unit and year of each row → its place, in the order of the rows."""
    times = made.coin.times or (0.0,) * len(made.coin.units)
    return {key: place for place, key in enumerate(zip(made.coin.units, times, strict=True))}
