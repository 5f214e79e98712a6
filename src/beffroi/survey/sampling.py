"""How a sample was drawn: strata, units stage by stage, weights, and how many there were to draw from.

Everything an estimate needs to know of the design, checked once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of drawing: of which unit each row is, in which stratum it was drawn, and how many were there.

    `unit` and `stratum` number units and strata (within the stage before). `population` is the number of units in the
    row's stratum, NaN when drawn with replacement or from a very large number.
    """

    unit: Places
    stratum: Places
    population: Floats


@dataclass(frozen=True, slots=True)
class Design:
    """A sample as it was drawn: one row an answer. `weights` say how many units of the population each stands for.

    After calibration `auxiliary` (answers × variables) holds what the weights were calibrated on, and `drawn_weights`
    those from before: what these variables explain is no longer in doubt.
    """

    weights: Floats
    stages: tuple[Stage, ...]
    auxiliary: Floats | None = None
    drawn_weights: Floats | None = None

    @property
    def size(self) -> int:
        """How many answers there are."""
        return int(self.weights.size)

    @property
    def degrees_of_freedom(self) -> int:
        """Units of the first stage less strata."""
        first = self.stages[0]
        return int(np.unique(first.unit).size - np.unique(first.stratum).size)


def design(
    size: int,
    *,
    units: Sequence[Sequence[str] | npt.NDArray[np.str_]] = (),
    strata: Sequence[str] | None = None,
    weights: npt.ArrayLike | None = None,
    population: Sequence[npt.ArrayLike] = (),
) -> Design:
    """Describe how a sample of `size` answers was drawn.

    Args:
        size: how many answers.
        units: for each stage, the unit of each row; none: each row was drawn by itself. A label of the second stage
            need only be unique within its unit of the first.
        strata: stratum of each row at the first stage; none: one stratum.
        weights: what each row stands for, above 0 and none missing; none: the product over the stages of N / n, from
            `population`.
        population: for each stage, in each row, the number N of units in its stratum (at later stages: in its unit of
            the stage before); none: drawn with replacement, no finite population correction. Later stages without one
            are taken as asked in whole.

    Returns:
        The design.

    Raises:
        MethodError: columns of another length, a unit in two strata, populations that differ within a stratum or are
            smaller than the sample, a weight not above 0, or neither weights nor populations.

    Source: Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, Springer, chapters 3 and 4.

    >>> drawn = design(4, strata=["a", "a", "b", "b"], population=[[10, 10, 20, 20]])
    >>> drawn.weights.tolist(), drawn.degrees_of_freedom
    ([5.0, 5.0, 10.0, 10.0], 2)
    """
    _check_lengths(size, units, strata, weights, population)
    labels = [np.asarray(one, dtype=str) for one in units] or [np.arange(size).astype(str)]
    if len(population) > len(labels):
        raise MethodError(
            f"Populations of {len(population)} stages for {len(labels)} stages of units; expected no more. "
            "Name the units of every stage."
        )
    inside = _numbered(np.asarray(strata if strata is not None else [""] * size, dtype=str))
    stages: list[Stage] = []
    for number, label in enumerate(labels):
        within = inside if number == 0 else stages[-1].unit
        unit = _numbered(within.astype(str), label)
        known = number < len(population)
        counted = np.asarray(population[number], dtype=np.float64) if known else np.full(size, np.nan)
        stages.append(Stage(unit, within, counted))
        if known:
            _check_population(stages[-1], number + 1)
    _check_nesting(labels[0], inside)
    return Design(_weights(size, weights, stages[: len(population)]), tuple(stages))


def _numbered(*columns: npt.NDArray[np.str_]) -> Places:
    """Number the combinations of columns."""
    place = np.zeros(columns[0].size, dtype=np.intp)
    for column in columns:
        _, found = np.unique(column, return_inverse=True)
        _, place = np.unique(place * (found.max() + 1) + found, return_inverse=True)
    return place


def _check_lengths(
    size: int,
    units: Sequence[Sequence[str] | npt.NDArray[np.str_]],
    strata: Sequence[str] | None,
    weights: npt.ArrayLike | None,
    population: Sequence[npt.ArrayLike],
) -> None:
    columns: dict[str, object] = {f"units of stage {k + 1}": one for k, one in enumerate(units)}
    columns |= {f"population of stage {k + 1}": one for k, one in enumerate(population)}
    columns |= {name: one for name, one in (("strata", strata), ("weights", weights)) if one is not None}
    lengths = {name: len(np.asarray(one)) for name, one in columns.items()}
    wrong = [f"{name} has {length}" for name, length in lengths.items() if length != size]
    if size < 1 or wrong:
        raise MethodError(f"{size} answers, but {', '.join(wrong) or 'nobody answered'}; expected one figure a row.")


def _check_nesting(first: npt.NDArray[np.str_], strata: Places) -> None:
    places: dict[str, int] = {}
    for label, stratum in zip(first.tolist(), strata.tolist(), strict=True):
        if places.setdefault(label, stratum) != stratum:
            raise MethodError(
                f"Unit '{label}' of the first stage lies in two strata; expected one. If two units share a label, add "
                "the stratum to it."
            )


def _check_population(stage: Stage, number: int) -> None:
    known = np.nan_to_num(stage.population, nan=-1.0)
    low = np.full(stage.stratum.max() + 1, np.inf)
    high = np.full_like(low, -np.inf)
    np.minimum.at(low, stage.stratum, known)
    np.maximum.at(high, stage.stratum, known)
    if (low != high).any() or (low < units_by_stratum(stage)).any():
        raise MethodError(
            f"Populations of stage {number} are missing, differ within a stratum, or are smaller than what was drawn "
            "from it; expected one number of units a stratum, as large as its sample or larger. Correct the frame."
        )


def units_by_stratum(stage: Stage) -> Floats:
    """How many units were drawn in each stratum of a stage."""
    _, first = np.unique(stage.unit, return_index=True)
    return np.bincount(stage.stratum[first], minlength=int(stage.stratum.max()) + 1).astype(np.float64)


def _weights(size: int, given: npt.ArrayLike | None, stages: list[Stage]) -> Floats:
    if given is None:
        if not stages:
            raise MethodError(
                "Neither weights nor populations were given; expected one of both, for nothing else says "
                "how many each answer stands for. Give weights of 1 to describe the answers alone."
            )
        made = np.ones(size)
        for stage in stages:
            made *= stage.population / units_by_stratum(stage)[stage.stratum]
        return made
    weights = np.asarray(given, dtype=np.float64)
    if not (np.isfinite(weights) & (weights > 0)).all():
        raise MethodError(
            f"{int((~(weights > 0)).sum())} weights are missing or not above 0; expected all above 0. Leave out rows "
            "that stand for nobody."
        )
    return weights
