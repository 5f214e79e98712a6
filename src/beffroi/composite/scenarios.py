"""Score and rank every unit in every scenario: one engine for random draws and for a fixed list of them.

Scenarios that share all choices before the aggregation share one normalised table; those that share the aggregation
too are scored together for all their weights. Everything runs in blocks, so that memory does not grow with scenarios.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.draws import BLOCK, Draws, Setup, dimensions, options
from beffroi.composite.rank import rank_present
from beffroi.composite.roll_up import roll_up
from beffroi.composite.scenario_means import Scorer
from beffroi.composite.scenario_tables import Tables, as_numbers, only, sum_choices, table_choices
from beffroi.composite.scenario_tree import Points, Tree, refuse, tree_of
from beffroi.composite.steps import Aggregate
from beffroi.composite.vary import LeaveOut, WeightDirichlet, WeightNoise, WeightSets, recipe_with

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from beffroi.composite.draws import SobolDraws

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.intp]

SMALLEST, LARGEST = 128, 2**15  # scenarios in a block
MEMORY = 48 * 2**20  # bytes a block should stay below
CHUNK = 2**16  # scores computed at once: small enough for a processor's cache
TOGETHER = 64  # scenarios that should share a table in a block


@dataclass(frozen=True, slots=True)
class Block:
    """Some scenarios with what became of them.

    `scores` and `ranks` are scenarios × units of the coin (NaN and 0 where a unit has no index); `weights` scenarios ×
    indicators are effective ones, or None if not asked for; `start` is the number of the first.
    """

    start: int
    draws: Draws
    scores: Floats
    ranks: npt.NDArray[np.int32]
    weights: Floats | None


@dataclass(slots=True)
class Engine:
    """Scores scenarios of one setup from its tables; `workers` threads change no result; `weigh`: weights too."""

    setup: Setup
    tables: Tables
    workers: int = 1
    weigh: bool = False
    trees: dict[tuple[float, ...], tuple[Tree, dict[str, float]]] = field(default_factory=dict)
    agreed: set[tuple[tuple[float, ...], tuple[float, ...]]] = field(default_factory=set)

    def size(self) -> int:
        """How many scenarios to take at a time: a power of two that keeps memory flat and tables shared."""
        units, elements = len(self.setup.coin.units), len(self.setup.coin.framework.nodes)
        each = 8 * (3 * units + 3 * elements + 3 * dimensions(self.setup))
        kinds = 1
        for one in (*table_choices(self.setup.spec), *sum_choices(self.setup.spec)):
            kinds *= max(1, options(one, self.setup.coin))
        wanted = min(max(BLOCK, TOGETHER * kinds), LARGEST)
        return 1 << max(SMALLEST, min(wanted, MEMORY // each)).bit_length() - 1

    def run(self, draws: Draws | SobolDraws) -> Iterator[Block]:
        """Score all scenarios, block by block and in order.

        Raises:
            MethodError: a step or mean cannot be applied in a scenario; indicator and unit are named.
        """
        start = 0
        with ThreadPoolExecutor(max_workers=max(1, self.workers)) as pool:
            for some in draws.blocks(self.size()):
                yield self._block(some, start, pool)
                start += some.count

    def _block(self, draws: Draws, start: int, pool: ThreadPoolExecutor) -> Block:
        units = len(self.setup.coin.units)
        scores = np.full((draws.count, units), np.nan)
        ranks = np.zeros((draws.count, units), dtype=np.int32)
        weights = np.zeros((draws.count, len(self.setup.coin.framework.indicators))) if self.weigh else None
        jobs = []
        for key, rows in _grouped(draws, tuple(one.name for one in table_choices(self.setup.spec))):
            points = self.tables.at(key)
            for way, inside in _grouped(draws, tuple(one.name for one in sum_choices(self.setup.spec)), rows):
                tree, base = self._tree(way)
                if (key, way) not in self.agreed:
                    refuse(points, tree)
                    self.agreed.add((key, way))
                step = max(1, CHUNK // units)
                jobs += [(points, tree, base, inside[k : k + step]) for k in range(0, inside.size, step)]

        def do(job: tuple[Points, Tree, dict[str, float], Rows]) -> None:
            points, tree, base, rows = job
            scorer = self._scorer(points, tree, base, draws, rows)
            made = scorer.scores()
            whole = len(points.rows) == units
            scores[rows if whole else np.ix_(rows, points.rows)] = made
            ranks[rows] = self._ranks(made if whole else scores[rows])
            if weights is not None:
                weights[rows] = scorer.effective()

        list(pool.map(do, jobs) if self.workers > 1 else map(do, jobs))
        return Block(start, draws, scores, ranks, weights)

    def _ranks(self, scores: Floats) -> npt.NDArray[np.int32]:
        if not self.setup.coin.times:
            return rank_present(scores)
        out = np.zeros(scores.shape, dtype=np.int32)
        for rows in self.setup.coin.blocks:
            out[:, rows] = rank_present(scores[:, rows])
        return out

    def _tree(self, way: tuple[float, ...]) -> tuple[Tree, dict[str, float]]:
        if way not in self.trees:
            chosen = dict(zip((one.name for one in sum_choices(self.setup.spec)), way, strict=True))
            spec = self.setup.spec
            recipe = recipe_with(self.setup.recipe, only(spec, chosen), as_numbers(spec, chosen))
            step = next(one for one in recipe.steps if isinstance(one, Aggregate))
            made = tree_of(self.setup.coin.framework, step, recipe.compat)
            self.trees[way] = (made, self.setup.weights(recipe))
        return self.trees[way]

    def _scorer(self, points: Points, tree: Tree, base: dict[str, float], draws: Draws, rows: Rows) -> Scorer:
        weights, stays = weights_of(self.setup, base, draws, rows), stays_of(self.setup, draws, rows)
        return Scorer(points, tree, weights, stays, self._blocks(points))

    def _blocks(self, points: Points) -> tuple[Rows, ...]:
        if not self.setup.coin.times:
            return ()
        place = {int(row): k for k, row in enumerate(points.rows)}
        kept = ([place[int(row)] for row in rows if int(row) in place] for rows in self.setup.coin.blocks)
        return tuple(np.array(rows, dtype=np.intp) for rows in kept if rows)


def _grouped(draws: Draws, names: tuple[str, ...], rows: Rows | None = None) -> list[tuple[tuple[float, ...], Rows]]:
    """Return each combination of values of these choices with the scenarios (of `rows`) that made it."""
    rows = np.arange(draws.count) if rows is None else rows
    if not names:
        return [((), rows)]
    kinds, number = np.unique(np.stack([draws.values[one][rows] for one in names], axis=1), axis=0, return_inverse=True)
    order = np.argsort(number.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(number.ravel(), minlength=len(kinds)))[:-1]
    return [
        (tuple(map(float, kind)), rows[some]) for kind, some in zip(kinds, np.split(order, ends), strict=True)
    ]  # fmt: skip


def weights_of(setup: Setup, base: dict[str, float], draws: Draws, rows: Rows) -> Floats:
    """Weights of every element (columns, in the framework's order) in these scenarios, not rescaled."""
    codes = [node.code for node in setup.coin.framework.nodes]
    place = {code: k for k, code in enumerate(codes)}
    out = np.tile(np.array([base[code] for code in codes], dtype=float), (rows.size, 1))
    for sets in (one for one in setup.spec.vary if isinstance(one, WeightSets)):
        table = np.array([[one.get(code, np.nan) for code in codes] for one in sets.sets], dtype=float)
        drawn = table[draws.values[sets.name][rows].astype(np.intp)]
        out = np.where(np.isnan(drawn), out, drawn)
    for one in setup.spec.vary:
        if isinstance(one, WeightNoise | WeightDirichlet):
            columns = [place[code] for code in draws.elements[one.name]]
            drawn = draws.values[one.name][rows]
            out[:, columns] = out[:, columns] * drawn if isinstance(one, WeightNoise) else drawn
    return out


def stays_of(setup: Setup, draws: Draws, rows: Rows) -> npt.NDArray[np.bool_] | None:
    """Which indicators stay in these scenarios (scenarios × indicators); None where nothing is ever left out."""
    codes = setup.coin.framework.indicators
    leaving = [one for one in setup.spec.vary if isinstance(one, LeaveOut)]
    if not leaving:
        return None
    stays = np.ones((rows.size, len(codes)), dtype=bool)
    for one in leaving:
        named, drawn = one.indicators or codes, draws.values[one.name][rows]
        columns = np.array([codes.index(code) for code in named])
        if one.probability is None:
            gone = np.flatnonzero(drawn > 0)
            stays[gone, columns[drawn[gone].astype(np.intp) - 1]] = False
        else:
            stays[:, columns] &= drawn == 0
    return stays


def rebuild(setup: Setup, draws: Draws, scenario: int, *, seed: int = 0) -> Floats:
    """Score one scenario the plain way, from the raw figures up: what the engine must give, and a way to look inside.

    Args:
        setup: the index and what varies.
        draws: the scenarios.
        scenario: the number of one, from 0.
        seed: of the run (it draws noise and imputations).

    Returns:
        The index of every unit of the coin, NaN where missing.

    Raises:
        MethodError: a step cannot be applied in this scenario.
    """
    spec, tree, rows = setup.spec, setup.coin.framework, np.array([scenario])
    chosen = {one.name: float(draws.values[one.name][scenario]) for one in table_choices(spec)}
    done = Tables(setup, seed).build(chosen)
    chosen = {one.name: float(draws.values[one.name][scenario]) for one in sum_choices(spec)}
    recipe = recipe_with(setup.recipe, only(spec, chosen), as_numbers(spec, chosen))
    step = next(one for one in recipe.steps if isinstance(one, Aggregate))
    weights = dict(zip(tree.weights, weights_of(setup, setup.weights(recipe), draws, rows)[0].tolist(), strict=True))
    stays = stays_of(setup, draws, rows)
    kept = np.ones(len(tree.indicators), dtype=bool) if stays is None else stays[0]
    small = tree.pruned([code for code, stay in zip(tree.indicators, kept, strict=True) if stay])
    made = roll_up(
        done.last.keep(np.ones(len(done.last.regions), dtype=bool), kept), small, rules=step.rules,
        weights={code: weights[code] for code in small.weights}, least_available=step.least_available,
        blocks=done.coin.blocks if done.coin.times else None, compat=recipe.compat,
    )  # fmt: skip
    out = np.full(len(setup.coin.units), np.nan)
    out[np.arange(out.size) if done.screening is None else np.flatnonzero(done.screening.kept)] = made.values[:, -1]
    return out
