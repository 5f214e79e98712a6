"""What changes when an element is left out, or when two versions of an index are laid side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.steps import Aggregate
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from beffroi.composite.recipe import IndexBuild


@dataclass(frozen=True, slots=True)
class Removal:
    """Scores and ranks of every unit without each element, and the mean absolute change of rank each causes."""

    units: tuple[str, ...]
    scores: Mapping[str, npt.NDArray[np.float64]]
    ranks: Mapping[str, npt.NDArray[np.float64]]
    mean_change: Mapping[str, float]


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
    change = {code: float(np.nanmean(np.abs(one - built.ranks))) for code, one in ranks.items()}
    return Removal(built.coin.units, scores, ranks, change)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Units of both versions: first, second and the difference (first − second; for ranks a gain is positive)."""

    units: tuple[str, ...]
    first: npt.NDArray[np.float64]
    second: npt.NDArray[np.float64]

    @property
    def difference(self) -> npt.NDArray[np.float64]:
        """First minus second."""
        return self.first - self.second

    @property
    def absolute(self) -> npt.NDArray[np.float64]:
        """The size of the difference."""
        return np.abs(self.difference)


def compare_builds(first: IndexBuild, second: IndexBuild, *, code: str | None = None, ranks: bool = True) -> Comparison:
    """Lay two versions side by side on the units they share.

    Args:
        first: one build,
        second: another, of the same coin or not.
        code: an indicator or aggregate; by default each version's index.
        ranks: compare ranks, else scores.

    Raises:
        MethodError: the versions share no unit.
    """
    shared = [unit for unit in first.coin.units if unit in set(second.coin.units)]
    if not shared:
        raise MethodError("The two versions share no unit. Check their codes.")

    def column(made: IndexBuild) -> npt.NDArray[np.float64]:
        values = made.scores if code is None else made.last.column(code)
        values = _ranked(values) if ranks else values
        return np.array([values[made.coin.units.index(unit)] for unit in shared])

    return Comparison(tuple(shared), column(first), column(second))


def _ranked(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    above = (values[None, :] > values[:, None]).sum(axis=1) + 1.0
    return np.where(np.isnan(values), np.nan, above)
