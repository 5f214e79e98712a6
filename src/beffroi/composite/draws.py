"""Scenarios as a table: for each, the value of everything that varies, read off random points or given.

Draws from a seed need not be kept: the same seed gives the same table, block by block, so that a million scenarios
are stored in two numbers, and `table` writes all of them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaincinv
from scipy.stats import qmc

from beffroi.composite.sensitivity import choice
from beffroi.composite.steps import Aggregate
from beffroi.composite.vary import (
    DataNoise,
    DrawImputation,
    LeaveOut,
    Specification,
    Varied,
    VaryParameter,
    VaryStep,
    WeightDirichlet,
    WeightNoise,
    WeightSets,
)
from beffroi.composite.weigh import rescaled_weights
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from beffroi.composite.coin import Coin
    from beffroi.composite.recipe import Recipe

    Array = npt.NDArray[np.float64]

BLOCK = 4096  # points drawn at once; a power of two, so that every block of a Sobol sequence is balanced


@dataclass(frozen=True, slots=True)
class Setup:
    """An index and what varies in it: figures and tree, the nominal recipe, the specification."""

    coin: Coin
    recipe: Recipe
    spec: Specification

    def weights(self, recipe: Recipe | None = None) -> dict[str, float]:
        """The weights of a recipe (the nominal one by default), by code; the tree's where the recipe names none."""
        own = [one.weights for one in (recipe or self.recipe).steps if isinstance(one, Aggregate)]
        return {**self.coin.framework.weights, **((own[0] if own else None) or {})}


@dataclass(frozen=True, slots=True)
class Draws:
    """What every scenario chose: name → its value in each scenario (rows), or one column for each element.

    Options, sets and tables by their number from 0; a parameter within an interval by its value; noise by its factor;
    Dirichlet weights by the share in the group; indicators left out as 1. `elements` names the columns.
    """

    count: int
    values: Mapping[str, Array]
    elements: Mapping[str, tuple[str, ...]]

    def columns(self) -> dict[str, Array]:
        """Plain columns: one a name, or `name:element` where there are several."""
        out: dict[str, Array] = {}
        for name, values in self.values.items():
            codes = self.elements[name]
            out |= {f"{name}:{code}": values[:, k] for k, code in enumerate(codes)} if codes else {name: values}
        return out

    def rows(self, kept: slice) -> Draws:
        """Return some of the scenarios."""
        values = {name: one[kept] for name, one in self.values.items()}
        return Draws(len(range(*kept.indices(self.count))), values, self.elements)

    def blocks(self, size: int = BLOCK) -> Iterator[Draws]:
        """Return the scenarios in order, at most `size` at a time."""
        for start in range(0, self.count, size):
            yield self.rows(slice(start, start + size))

    def table(self) -> Draws:
        """All scenarios at once."""
        return self


@dataclass(frozen=True, slots=True)
class SobolDraws:
    """Scenarios read off a scrambled Sobol sequence; the same seed gives the same ones.

    Source: Owen (1998), doi:10.1145/272991.273010.
    """

    setup: Setup
    count: int
    seed: int

    def blocks(self, size: int = BLOCK) -> Iterator[Draws]:
        """Return the scenarios in order, at most `size` (a power of two) at a time."""
        sampler = qmc.Sobol(dimensions(self.setup), scramble=True, rng=np.random.default_rng(self.seed))
        for start in range(0, self.count, size):
            left = min(size, self.count - start)
            yield draws_at(self.setup, sampler.random(1 << (left - 1).bit_length())[:left])

    def table(self) -> Draws:
        """All scenarios at once."""
        return next(self.blocks(1 << (self.count - 1).bit_length()))


def elements_of(varied: Varied, coin: Coin) -> tuple[str, ...]:
    """Codes that have a value of their own in every scenario; empty for a choice that is one value."""
    match varied:
        case WeightNoise() | WeightDirichlet():
            return coin.framework.at(varied.level)
        case LeaveOut() if varied.probability is not None:
            return varied.indicators or coin.framework.indicators
        case _:
            return ()


def dimensions(setup: Setup) -> int:
    """How many coordinates a scenario's point has."""
    return sum(len(group) for group in coordinates(setup))


def coordinates(setup: Setup) -> tuple[tuple[int, ...], ...]:
    """The coordinates of each choice, in the order of the specification."""
    sizes = [max(1, len(elements_of(one, setup.coin))) for one in setup.spec.vary]
    ends = np.cumsum(sizes)
    return tuple(tuple(range(end - size, end)) for size, end in zip(sizes, map(int, ends), strict=True))


def draws_at(setup: Setup, u: Array) -> Draws:
    """Read scenarios off points of the unit cube.

    Args:
        setup: the index and what varies.
        u: scenarios × `dimensions(setup)`, in [0, 1).

    Returns:
        One row a point.
    """
    values = {
        one.name: _realised(one, setup, u[:, list(columns)])
        for one, columns in zip(setup.spec.vary, coordinates(setup), strict=True)
    }
    return Draws(len(u), values, {one.name: elements_of(one, setup.coin) for one in setup.spec.vary})


def options(varied: Varied, coin: Coin) -> int:
    """How many values a choice can take; 0 when it is not one of a list."""
    match varied:
        case VaryStep():
            return len(varied.options)
        case VaryParameter():
            return len(varied.values)
        case WeightSets():
            return len(varied.sets)
        case DataNoise() | DrawImputation():
            return varied.draws
        case LeaveOut() if varied.probability is None:
            return 1 + len(varied.indicators or coin.framework.indicators)
        case _:
            return 0


def _realised(varied: Varied, setup: Setup, u: Array) -> Array:
    if many := options(varied, setup.coin):
        return choice(u[:, 0], many).astype(float)
    match varied:
        case VaryParameter(low=low, high=high) if low is not None and high is not None:
            return np.asarray(low + (high - low) * u[:, 0])
        case WeightNoise():
            return np.asarray(1 + varied.spread * (2 * u - 1))
        case WeightDirichlet():
            return _dirichlet(varied, setup, u)
        case LeaveOut(probability=probability) if probability is not None:
            out = u < probability
            if u.shape[1] == len(setup.coin.framework.indicators):
                empty = out.all(axis=1)
                out[empty, u[empty].argmax(axis=1)] = False  # one stays: the one that came nearest to staying
            return out.astype(float)
        case _:  # pragma: no cover -- the check refuses an interval without ends
            raise MethodError(f"'{varied.name}' has neither values nor an interval. Give one of them.")


def _dirichlet(varied: WeightDirichlet, setup: Setup, u: Array) -> Array:
    tree = setup.coin.framework
    codes, shares = tree.at(varied.level), rescaled_weights(tree, setup.weights())
    parents = np.array([tree.node(code).parent for code in codes], dtype=object)
    out = np.zeros(u.shape)
    for parent in dict.fromkeys(parents):
        places = np.flatnonzero(parents == parent)
        share = np.array([shares[codes[place]] for place in places])
        alpha = varied.concentration * places.size * share
        drawn = places[alpha > 0]
        tiny = np.finfo(float).tiny
        out[:, drawn] = np.maximum(gammaincinv(alpha[alpha > 0], np.maximum(u[:, drawn], tiny)), tiny)
        out[:, places] /= out[:, places].sum(axis=1, keepdims=True)
    return out


def given_draws(setup: Setup, columns: Mapping[str, Sequence[float]]) -> Draws:
    """Take a fixed list of scenarios, to be replayed as it is.

    Args:
        setup: the index and what varies.
        columns: for each choice the column that `Draws.columns` would give (see `Draws`).

    Returns:
        The scenarios in the order given.

    Raises:
        MethodError: a column is missing, is not a number somewhere, has another length, or names an option that is
            not there; all such faults at once.
    """
    faults, values = [], {}
    lengths = {len(one) for one in columns.values()}
    for one in setup.spec.vary:
        codes = elements_of(one, setup.coin)
        names = [f"{one.name}:{code}" for code in codes] or [one.name]
        lacking = [name for name in names if name not in columns]
        if lacking:
            faults.append(f"there is no column '{lacking[0]}'")
        elif len(lengths) == 1:
            read = np.stack([np.asarray(columns[name], dtype=float) for name in names], axis=1)
            faults += _unusable(one, read, options(one, setup.coin))
            values[one.name] = read if codes else read[:, 0]
    if len(lengths) != 1 or 0 in lengths:
        faults.append(f"the columns have {sorted(lengths)} rows")
    if faults:
        raise MethodError(f"These draws cannot be replayed: {'; '.join(faults)}. Give one row a scenario.")
    return Draws(lengths.pop(), values, {one.name: elements_of(one, setup.coin) for one in setup.spec.vary})


def _unusable(varied: Varied, read: Array, many: int) -> list[str]:
    if not np.isfinite(read).all():
        return [f"'{varied.name}' has no number in row {int(np.argwhere(~np.isfinite(read))[0][0]) + 1}"]
    if many and not (np.isin(read, np.arange(many))).all():
        return [f"'{varied.name}' is {read[~np.isin(read, np.arange(many))][0]:g}, and its options are 0..{many - 1}"]
    if isinstance(varied, WeightNoise | WeightDirichlet) and (read < 0).any():
        return [f"'{varied.name}' has a weight below zero"]
    if isinstance(varied, LeaveOut) and varied.probability is not None and not np.isin(read, (0, 1)).all():
        return [f"'{varied.name}' says left out by 1 and kept by 0, and nothing else"]
    return []
