"""The normalised table of each combination of choices, built once by the recipe and kept while there is room."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.recipe import IndexBuild, Recipe, build_index
from beffroi.composite.scenario_tree import Points, points_of
from beffroi.composite.steps import ORDER, Aggregate, Impute, Step
from beffroi.composite.vary import (
    KINDS,
    DataNoise,
    DrawImputation,
    Specification,
    Varied,
    VaryParameter,
    VaryStep,
    recipe_with,
)
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from beffroi.composite.coin import Coin
    from beffroi.composite.draws import Setup

    Key = tuple[float, ...]

ROOM = 256 * 2**20  # bytes of tables kept; the oldest go first
FEWEST_PEERS = 2


def table_choices(spec: Specification) -> tuple[Varied, ...]:
    """What varies before the aggregation, in the order in which it acts, so that neighbours share their first steps."""
    acting = [one for one in spec.vary if isinstance(one, DataNoise | DrawImputation) or _step(one, but=Aggregate)]
    return tuple(sorted(acting, key=_place))


def sum_choices(spec: Specification) -> tuple[Varied, ...]:
    """What varies in the aggregation itself, weights apart."""
    return tuple(one for one in spec.vary if isinstance(one, VaryStep | VaryParameter) and one.step == "aggregate")


def _step(one: Varied, *, but: type[Step]) -> bool:
    return isinstance(one, VaryStep | VaryParameter) and KINDS[one.step] is not but


def _place(one: Varied) -> float:
    if isinstance(one, VaryStep | VaryParameter):
        return ORDER.index(KINDS[one.step])
    return -1.0 if isinstance(one, DataNoise) else ORDER.index(Impute) + 0.5


@dataclass(slots=True)
class Tables:
    """Normalised tables by the numbers of the choices that make them; `seed` draws noise and imputations."""

    setup: Setup
    seed: int
    made: OrderedDict[Key, Points] = field(default_factory=OrderedDict)
    noisy: tuple[Key, Coin] | None = None
    last: tuple[Key, IndexBuild] | None = None

    def at(self, key: Key) -> Points:
        """The table of one combination: the value of each of `table_choices`, in order."""
        if key in self.made:
            self.made.move_to_end(key)
            return self.made[key]
        done = self.build(dict(zip(self._names, key, strict=True)))
        rows = np.arange(len(done.source.units)) if done.screening is None else np.flatnonzero(done.screening.kept)
        points = points_of(done.last, rows)
        self.made[key] = points
        while len(self.made) > 1 and len(self.made) * points.table.values.nbytes > ROOM:
            self.made.popitem(last=False)
        return points

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(one.name for one in table_choices(self.setup.spec))

    def build(self, chosen: Mapping[str, float]) -> IndexBuild:
        """Build up to the normalised table, beginning where the last build allows."""
        whole = recipe_with(self.setup.recipe, only(self.setup.spec, chosen), as_numbers(self.setup.spec, chosen))
        recipe = whole.with_steps(drop=(Aggregate,))
        noise = [one for one in self.setup.spec.vary if isinstance(one, DataNoise)]
        filling = [one for one in self.setup.spec.vary if isinstance(one, DrawImputation)]
        version = tuple(chosen[name] for name in (*(one.name for one in noise), *(one.name for one in filling)))
        coin = self._coin(noise[0], int(chosen[noise[0].name])) if noise else self.setup.coin
        known = self.last[1] if self.last is not None and self.last[0] == version else None
        if filling and Impute in map(type, recipe.steps):
            upto = recipe.steps[: [type(one) for one in recipe.steps].index(Impute) + 1]
            if known is None or not _continues(known.recipe, recipe, len(upto)):
                known = self._redrawn(coin, Recipe(upto, recipe.compat), filling[0], int(chosen[filling[0].name]))
        done = build_index(coin, recipe, known=known)
        self.last = (version, done)
        return done

    def _coin(self, noise: DataNoise, draw: int) -> Coin:
        key = (float(draw),)
        if self.noisy is None or self.noisy[0] != key:
            self.noisy = (key, with_noise(self.setup.coin, noise, rng=_rng(self.seed, noise.name, draw)))
        return self.noisy[1]

    def _redrawn(self, coin: Coin, recipe: Recipe, filling: DrawImputation, draw: int) -> IndexBuild:
        filled = build_index(coin, recipe)
        step = recipe.steps[-1]
        group = step.group if isinstance(step, Impute) else None
        stages = list(filled.stages.items())
        before, after = stages[-2][1], stages[-1][1]
        groups = filled.coin.group(group) if group else ("",) * len(filled.coin.units)
        apart = filled.coin.times and isinstance(step, Impute) and not step.pooled
        years = filled.coin.times if apart else (0.0,) * len(filled.coin.units)
        values = with_residuals(
            before.values, after.values, list(zip(years, groups, strict=True)),
            rng=_rng(self.seed, filling.name, draw),
        )  # fmt: skip
        return replace(filled, stages={**filled.stages, "impute": after.with_values(values)})


def _continues(known: Recipe, recipe: Recipe, needed: int) -> bool:
    """Tell whether `build_index` takes over the first steps `needed`; it starts anew when the screening changes."""
    pairs = zip(known.steps, recipe.steps, strict=False)
    shared = next((k for k, (one, other) in enumerate(pairs) if one != other), min(len(known.steps), len(recipe.steps)))
    return shared >= needed and "screen" not in known.names[shared:]


def only(spec: Specification, chosen: Mapping[str, float]) -> Specification:
    """The part of a specification about which something is chosen."""
    return Specification(tuple(one for one in spec.vary if one.name in chosen))


def as_numbers(spec: Specification, chosen: Mapping[str, float]) -> dict[str, object]:
    """Options by whole numbers, values within an interval as they are."""
    free = {one.name for one in spec.vary if isinstance(one, VaryParameter) and not one.values}
    return {name: value if name in free else int(value) for name, value in chosen.items()}


def _rng(seed: int, name: str, draw: int) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(name.encode()), draw])


def with_noise(coin: Coin, noise: DataNoise, *, rng: np.random.Generator) -> Coin:
    """Return the coin with normal errors added to its raw figures.

    Raises:
        MethodError: an indicator or a unit has a standard error and is not in the coin.

    >>> from beffroi.composite.coin import Framework, Node
    >>> from beffroi.composite.coin import Coin
    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> table = IndicatorMatrix(("A", "B"), ("x",), np.array([[1.0], [np.nan]]))
    >>> coin = Coin(table, Framework((Node("x", 1, ""),)), ("a", "b"))
    >>> with_noise(coin, DataNoise("n", {"x": 0.0}), rng=np.random.default_rng(1)).data.values.ravel().tolist()
    [1.0, nan]
    """
    table = coin.data
    unknown = sorted((set(noise.sd) | {one for row in noise.errors.values() for one in row}) - set(table.indicators))
    unknown += sorted(set(noise.errors) - set(table.regions))
    if unknown:
        raise MethodError(f"'{unknown[0]}' has a standard error and is not in the data. Check its code.")
    sigma = np.zeros(table.values.shape)
    for code, sd in noise.sd.items():
        sigma[:, table.indicators.index(code)] = sd
    for row, unit in enumerate(table.regions):
        for code, sd in noise.errors.get(unit, {}).items():
            sigma[row, table.indicators.index(code)] = sd
    values = table.values + sigma * rng.standard_normal(sigma.shape)
    return replace(coin, data=table.with_values(values))


def with_residuals(
    before: npt.NDArray[np.float64],
    after: npt.NDArray[np.float64],
    groups: Sequence[object],
    *,
    rng: np.random.Generator,
) -> npt.NDArray[np.float64]:
    """Add to each figure that was filled a residual of an observed one of its group (of all, where fewer than two).

    Args:
        before: units × indicators, NaN where missing.
        after: the same, filled by column.
        groups: of each unit; the residual is the observed figure minus the mean of its group.
        rng: source of randomness.

    Returns:
        The filled table with residuals; observed figures are untouched, what is still missing stays so.

    Source: Little & Rubin (2019), Statistical Analysis with Missing Data, doi:10.1002/9781119482260, chapter 4.
    """
    labels = {label: number for number, label in enumerate(dict.fromkeys(groups))}
    number = np.array([labels[one] for one in groups])
    out = after.copy()
    for column in range(before.shape[1]):
        seen = ~np.isnan(before[:, column])
        holes = np.flatnonzero(~seen & ~np.isnan(after[:, column]))
        if not holes.size:
            continue
        count = np.bincount(number[seen], minlength=len(labels))
        sums = np.bincount(number[seen], weights=before[seen, column], minlength=len(labels))
        residual = before[seen, column] - sums[number[seen]] / count[number[seen]]
        for row in holes:
            near = residual[number[seen] == number[row]]
            out[row, column] += rng.choice(near if near.size >= FEWEST_PEERS else residual)
    return out
