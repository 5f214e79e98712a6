"""How sure is a rank of a composite index of any shape: run its specification and count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.draws import Draws, SobolDraws
from beffroi.composite.scenarios import Engine
from beffroi.composite.vary_check import Checked, check
from beffroi.composite.vary_result import UncertaintyResult
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from beffroi.composite.coin import Coin
    from beffroi.composite.recipe import Recipe
    from beffroi.composite.vary import Specification

    Floats = npt.NDArray[np.float64]
    Ranks = npt.NDArray[np.int32]
    Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collect:
    """What a run keeps besides the counts of ranks.

    `pairs`: who is above whom, which costs scenarios × units². `top`: for which k to sum central weights. `ranks`,
    `scores`: those of every scenario, 4 and 8 bytes a unit and scenario.
    """

    pairs: bool = True
    top: tuple[int, ...] = (1,)
    ranks: bool = False
    scores: bool = False


def run_uncertainty(
    coin: Coin,
    recipe: Recipe,
    spec: Specification,
    *,
    scenarios: int,
    seed: int,
    progress: Progress | None = None,
    workers: int = 1,
    collect: Collect = Collect(),
) -> UncertaintyResult:
    """Rank every unit in many scenarios read off a scrambled Sobol sequence.

    Args:
        coin: figures and tree, one year or a panel (ranks are then by year).
        recipe: the nominal choices; it must aggregate.
        spec: what varies.
        scenarios: how many; a power of two is balanced best.
        seed: the same one gives the same scenarios and results.
        progress: called with the number of scenarios done so far.
        workers: threads; the results do not depend on it.
        collect: what to keep besides the counts of ranks.

    Returns:
        Counts, from which intervals, chances, pairs and central weights are read.

    Raises:
        SpecificationError: what is to vary does not fit; every reason at once, before the first scenario.
        MethodError: the nominal index, or a scenario, cannot be computed; indicator and unit are named.

    Source: Saisana, Saltelli & Tarantola (2005), doi:10.1111/j.1467-985X.2005.00350.x; OECD/JRC (2008), section 1.7.

    >>> from beffroi.composite.coin import Coin, Framework, Node
    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> from beffroi.composite.recipe import Recipe
    >>> from beffroi.composite.vary import Specification, WeightNoise
    >>> tree = Framework((Node("x", 1, "top"), Node("y", 1, "top"), Node("top", 2, "")))
    >>> table = IndicatorMatrix(("A", "B", "C"), ("x", "y"), np.array([[1.0, 3.0], [2.0, 1.9], [0.0, 0.0]]))
    >>> sure = run_uncertainty(Coin(table, tree, ("a", "b", "c")), Recipe(),
    ...     Specification((WeightNoise("weights", 1, 0.5),)), scenarios=64, seed=1)
    >>> sure.median.tolist(), sure.quantile(0.95).tolist(), sure.top_chance(2).p.tolist()
    ([2.0, 1.0, 3.0], [2.0, 2.0, 3.0], [1.0, 1.0, 0.0])
    """
    if scenarios < 1:
        raise MethodError(f"{scenarios} scenarios were asked for. Ask for at least one, better for 1024 or more.")
    checked = check(coin, recipe, spec, seed=seed)
    draws = SobolDraws(checked.setup, scenarios, seed)
    return _collected(checked, draws, progress=progress, workers=workers, collect=collect)


def replay_uncertainty(
    coin: Coin,
    recipe: Recipe,
    spec: Specification,
    *,
    draws: Mapping[str, Sequence[float]],
    seed: int = 0,
    progress: Progress | None = None,
    workers: int = 1,
    collect: Collect = Collect(),
) -> UncertaintyResult:
    """Do what `run_uncertainty` does with a fixed list of scenarios: columns as `Draws.columns` gives them.

    Args, Returns and Raises are those of `run_uncertainty`; `draws` replaces the number of scenarios, and `seed` draws
    only the tables of noise and imputations.

    Raises:
        MethodError: the columns do not fit the specification.

    >>> from beffroi.composite import Recipe, Specification, WeightSets, example_coin
    >>> spec = Specification((WeightSets("access", ({"Access": 1.0}, {"Access": 3.0})),))
    >>> found = replay_uncertainty(example_coin(), Recipe(), spec, draws={"access": [0, 1, 1]})
    >>> found.scenarios, found.mean.round(2).tolist()[:3]
    (3, [4.33, 5.0, 1.0])
    """
    checked = check(coin, recipe, spec, seed=seed, columns=draws)
    assert checked.given is not None  # noqa: S101 -- columns were given
    return _collected(checked, checked.given, progress=progress, workers=workers, collect=collect)


def _collected(
    checked: Checked,
    draws: Draws | SobolDraws,
    *,
    progress: Progress | None,
    workers: int,
    collect: Collect,
) -> UncertaintyResult:
    setup = checked.setup
    if any(k < 1 for k in collect.top):
        raise MethodError(f"Central weights were asked for k in {list(collect.top)}. Give k of 1 or more.")
    n = len(setup.coin.units)
    counts, above = np.zeros(n * (n + 1), dtype=np.int32), np.zeros((n, n)) if collect.pairs else None
    central = {k: np.zeros((n, len(setup.coin.framework.indicators))) for k in collect.top}
    ranks = np.zeros((draws.count, n), dtype=np.int32) if collect.ranks else None
    scores = np.zeros((draws.count, n)) if collect.scores else None
    engine = Engine(setup, tables=checked.tables, workers=workers, weigh=bool(collect.top))
    for block in engine.run(draws):
        _count(counts, block.ranks)
        rows = slice(block.start, block.start + block.draws.count)
        if above is not None:
            above += _pairs(block.ranks)
        if block.weights is not None:
            for k in central:
                inside = (block.ranks > 0) & (block.ranks <= k)
                central[k] += inside.T.astype(float) @ block.weights
        if ranks is not None:
            ranks[rows] = block.ranks
        if scores is not None:
            scores[rows] = block.scores
        if progress is not None:
            progress(rows.stop)
    if above is not None and setup.coin.times:
        years = np.asarray(setup.coin.times)
        above[years[:, None] != years] = np.nan
    return UncertaintyResult(
        setup, checked.tables.seed, draws.count, setup.coin.units, *nominal_of(checked), counts.reshape(n, n + 1),
        draws, above, central, ranks, scores,
    )  # fmt: skip


def _count(counts: npt.NDArray[np.int32], ranks: Ranks) -> None:
    """Add to the counts of every unit (n + 1 each) the ranks it has here."""
    n = ranks.shape[1]
    cells = (ranks + np.arange(n) * (n + 1)).ravel()
    if cells.size > counts.size:
        counts += np.bincount(cells, minlength=counts.size).astype(np.int32)
    else:  # few scenarios of many units: most counts stay
        np.add.at(counts, cells, np.int32(1))


def nominal_of(checked: Checked) -> tuple[Floats, Floats]:
    """Ranks and scores of the recipe itself for all units of the coin, NaN where screened out."""
    setup, built = checked.setup, checked.nominal
    kept = np.arange(len(setup.coin.units)) if built.screening is None else np.flatnonzero(built.screening.kept)
    ranks, scores = np.full(len(setup.coin.units), np.nan), np.full(len(setup.coin.units), np.nan)
    ranks[kept], scores[kept] = built.ranks, built.scores
    return ranks, scores


def _pairs(ranks: Ranks) -> Floats:
    """Count scenarios in which the row's unit is above the column's; a tie, or one without rank, counts half."""
    n = ranks.shape[1]
    plain = ranks.sum(axis=1) == n * (n + 1) // 2  # every rank once: a tie, or an absence, makes the sum smaller
    small = ranks.astype(np.int16 if n < np.iinfo(np.int16).max else np.int32)
    alike, other = np.ascontiguousarray(small[plain].T), np.ascontiguousarray(small[~plain].T)
    out = np.full((n, n), len(ranks) / 2)
    for i in range(n - 1):
        above = np.count_nonzero(alike[i] < alike[i + 1 :], axis=1) + 0.0
        if other.size:
            own, others = other[i], other[i + 1 :]
            both = (own > 0) & (others > 0)
            above += ((own < others) & both).sum(axis=1) + 0.5 * ((own == others) | ~both).sum(axis=1)
        out[i, i + 1 :] = above
        out[i + 1 :, i] = len(ranks) - above
    return out
