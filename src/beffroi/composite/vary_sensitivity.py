"""Which choice does a rank hang on, for an index of any shape and any specification of what varies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.draws import coordinates, draws_at, options
from beffroi.composite.scenarios import Engine
from beffroi.composite.sensitivity import RESAMPLES, SobolIndices, design, sobol_indices
from beffroi.composite.sensitivity_rank import Hang, RankSensitivity, hangs_on
from beffroi.composite.show import Shown, bars_svg
from beffroi.composite.vary import VaryParameter, VaryStep, WeightSets
from beffroi.composite.vary_check import check
from beffroi.composite.vary_uncertainty import nominal_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from beffroi.composite.coin import Coin
    from beffroi.composite.draws import Draws, Setup
    from beffroi.composite.recipe import Recipe
    from beffroi.composite.sensitivity import Design
    from beffroi.composite.vary import Specification, Varied

    Floats = npt.NDArray[np.float64]

BLOCK_OF_POINTS = 8192


@dataclass(frozen=True, slots=True)
class OptionEffect:
    """What one option of one choice does to the ranks.

    `shift` is the mean rank of every unit in the free scenarios that chose it, minus that in all of them (below zero:
    the option lifts the unit); NaN for a unit that is not ranked in all of them.
    """

    choice: str
    option: str
    shift: Floats


@dataclass(frozen=True, slots=True)
class SensitivityResult(Shown):
    """Shares of the variance of every unit's rank, and of the mean absolute change of rank, among the choices.

    `shares.by_region` choices × units, `shares.overall` choices × 1, both with the 5th and 95th percentile of a
    bootstrap; NaN where a rank never changes, or a unit is not ranked in every scenario. `effects` has one entry for
    each option of each choice among a list.
    """

    setup: Setup
    seed: int
    points: int
    nominal_ranks: Floats
    shares: RankSensitivity
    effects: tuple[OptionEffect, ...]

    @property
    def scenarios(self) -> int:
        """How many scenarios were computed."""
        return self.points * (len(self.shares.factors) + 2)

    def hangs_on(self, unit: str) -> tuple[Hang, ...]:
        """List the choices that one unit's rank hangs on, most first; empty when its rank never changes.

        Raises:
            MethodError: the coin has no such unit.
        """
        return hangs_on(self.shares, unit)

    def to_columns(self) -> dict[str, list[object]]:
        """Return `columns()`, for frames and notebooks."""
        return self.columns()

    def picture(self) -> str:
        """Draw the total share of each choice in the mean change of rank, with its interval: an SVG."""
        found = self.shares.overall
        return bars_svg(
            self.shares.factors, found.total[:, 0].tolist(), title="Total share in the mean change of rank",
            low=found.total_low[:, 0].tolist(), high=found.total_high[:, 0].tolist(),
        )  # fmt: skip

    def columns(self) -> dict[str, list[object]]:
        """Return plain columns: one row a choice for the mean absolute change of rank, then one a unit and choice."""
        out: dict[str, list[object]] = {"unit": [], "choice": []}
        out |= {name: [] for name in ("first", "first_low", "first_high", "total", "total_low", "total_high")}
        for units, found in (((None,), self.shares.overall), (self.shares.regions, self.shares.by_region)):
            for column, unit in enumerate(units):
                for row, choice in enumerate(self.shares.factors):
                    out["unit"].append(unit)
                    out["choice"].append(choice)
                    for name in list(out)[2:]:
                        value = float(getattr(found, name)[row, column])
                        out[name].append(None if np.isnan(value) else value)
        return out


def run_sensitivity(
    coin: Coin,
    recipe: Recipe,
    spec: Specification,
    *,
    points: int,
    seed: int,
    progress: Callable[[int], None] | None = None,
    workers: int = 1,
    resamples: int = RESAMPLES,
) -> SensitivityResult:
    """Split the variance of ranks among the choices by Sobol's method.

    Args:
        coin: figures and tree.
        recipe: the nominal choices.
        spec: what varies; each entry is one choice, all weights of a level together.
        points: base points n, a power of two; (choices + 2) · n scenarios are computed.
        seed: the same one gives the same result.
        progress: called with the number of scenarios done so far.
        workers: threads; the results do not depend on it.
        resamples: of the bootstrap behind the intervals.

    Returns:
        First-order shares (centred estimator) and total ones (Jansen's), for the mean absolute change of rank from the
        nominal one and for the rank of every unit.

    Raises:
        SpecificationError: what is to vary does not fit; every reason at once.
        DesignError: points are no power of two.
        MethodError: a scenario cannot be computed.

    Source: Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018; Jansen (1999), doi:10.1016/S0010-4655(98)00154-4.

    >>> from beffroi.composite.coin import Coin, Framework, Node
    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> from beffroi.composite.recipe import Recipe
    >>> from beffroi.composite.steps import Aggregate
    >>> from beffroi.composite.vary import Specification, VaryStep, WeightSets
    >>> tree = Framework((Node("x", 1, "top"), Node("y", 1, "top"), Node("top", 2, "")))
    >>> table = IndicatorMatrix(("A", "B", "C"), ("x", "y"), np.array([[1.0, 3.0], [2.0, 1.9], [0.0, 0.0]]))
    >>> spec = Specification((WeightSets("weights", ({"y": 1.0}, {"y": 2.0})),
    ...     VaryStep("mean", "aggregate", (Aggregate(), Aggregate(rules=2.0)))))
    >>> found = run_sensitivity(Coin(table, tree, ("a", "b", "c")), Recipe(), spec, points=256, seed=1)
    >>> [(one.factor, round(one.total, 1)) for one in found.hangs_on("A")], found.hangs_on("C")
    ([('weights', 1.0), ('mean', 0.0)], ())
    """
    checked = check(coin, recipe, spec, seed=seed)
    setup, rng = checked.setup, np.random.default_rng(seed)
    laid_out = design(coordinates(setup), points, rng=rng)
    ranks = np.zeros((len(laid_out.points), len(coin.units)), dtype=np.int32)
    engine, done = Engine(setup, checked.tables, workers=workers), 0
    for draws in _draws(setup, laid_out):
        for block in engine.run(draws):
            ranks[done : done + block.draws.count] = block.ranks
            done += block.draws.count
            if progress is not None:
                progress(done)
    nominal, _ = nominal_of(checked)
    seen = (ranks > 0).all(axis=0) & ~np.isnan(nominal)
    change = np.nanmean(np.abs(np.where(ranks > 0, ranks, np.nan) - nominal), axis=1)
    outputs = np.column_stack([ranks[:, seen], change])
    found = sobol_indices(outputs, laid_out, rng=rng, resamples=resamples)
    shares = RankSensitivity(
        spec.names, coin.units, _spread(found, np.flatnonzero(seen), len(coin.units)),
        _spread(found, np.array([-1]), None), ranks,
    )  # fmt: skip
    effects = tuple(_effects(setup, draws_at(setup, laid_out.points[: 2 * points]), ranks[: 2 * points]))
    return SensitivityResult(setup, seed, points, nominal, shares, effects)


def _draws(setup: Setup, laid_out: Design) -> Iterator[Draws]:
    for start in range(0, len(laid_out.points), BLOCK_OF_POINTS):
        yield draws_at(setup, laid_out.points[start : start + BLOCK_OF_POINTS])


def _spread(found: SobolIndices, places: npt.NDArray[np.intp], width: int | None) -> SobolIndices:
    """Put the outputs into the columns of their units (NaN for the others), or take the ones at `places`."""

    def columns(values: Floats) -> Floats:
        if width is None:
            return np.asarray(values[..., places])
        out = np.full((*values.shape[:-1], width), np.nan)
        out[..., places] = values[..., : places.size]
        return out

    return SobolIndices(
        columns(found.first), columns(found.total), columns(found.first_low), columns(found.first_high),
        columns(found.total_low), columns(found.total_high), columns(found.variance),
    )  # fmt: skip


def _effects(setup: Setup, draws: Draws, ranks: npt.NDArray[np.int32]) -> Iterator[OptionEffect]:
    seen = np.where((ranks > 0).all(axis=0), ranks.mean(axis=0), np.nan)
    for one in setup.spec.vary:
        for number, label in enumerate(_labels(one, setup.coin)):
            chosen = draws.values[one.name] == number
            if chosen.any():
                yield OptionEffect(one.name, label, ranks[chosen].mean(axis=0) - seen)


def _labels(varied: Varied, coin: Coin) -> tuple[str, ...]:
    match varied:
        case VaryStep() | VaryParameter():
            return varied.labels
        case WeightSets():
            return varied.labels or tuple(f"set {k + 1}" for k in range(options(varied, coin)))
        case _:
            return ()
