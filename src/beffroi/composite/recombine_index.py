"""Where would merged units stand in an index of one's own: figures from the parts, then the whole index again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.gap_index import figures_at
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.rank import rank
from beffroi.composite.recipe import build_index
from beffroi.composite.recombine import Parts, recombine
from beffroi.composite.steps import Denominate, Screen
from beffroi.composite.tree_score import tree_of
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from beffroi.composite.coin import Coin
    from beffroi.composite.recipe import IndexBuild, Recipe
    from beffroi.composite.recombine import Kind, Recombined

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Merged:
    """An index with some units put together.

    `figures` before scaling, with how each cell was found; `built` the index made anew; `frozen_scores` and
    `frozen_ranks` on the scale of the index before (NaN and 0 where a figure is missing), in the order of `built`.
    """

    figures: Recombined
    built: IndexBuild
    frozen_scores: Floats
    frozen_ranks: npt.NDArray[np.int32]


def merge_units(
    built: IndexBuild,
    groups: Mapping[str, tuple[str, ...]],
    *,
    kinds: Mapping[str, Kind] | None = None,
    weights: str | None = None,
) -> Merged:
    r"""Put units together and rank again.

    Args:
        built: the index of today, of one year.
        groups: code of each new unit → the units it is made of.
        kinds: how each indicator adds up, on the raw table: `ratio` (a rate: weighted by `weights`), `sum`, or
            `not_additive`. An indicator that is divided by a denominator is a `sum` before it is divided; others
            are a `ratio` where not named.
        weights: the column (a denominator) that weighs rates, usually population. Without one, rates of merged
            units are unknown within bounds and so missing.

    Returns:
        Figures as they are after denomination, and both rankings.

    Raises:
        MethodError: a panel, an unknown unit, indicator or column, or a step that cannot be done.

    >>> from beffroi.composite.coin_input import read_coin
    >>> from beffroi.composite.recipe import Recipe
    >>> from beffroi.composite.steps import Aggregate, Normalise
    >>> coin = read_coin("uCode,jobs,people\nA,10,100\nB,90,300\nC,30,100\nD,1,100\n",
    ...     "Level,iCode,Parent,Direction,Weight,Type,Denominator\n1,jobs,top,1,1,Indicator,people\n"
    ...     "2,top,,1,1,Aggregate,\n0,people,,1,1,Denominator,\n".replace("0,people,,1,1", ",people,,,"))
    >>> today = build_index(coin, Recipe((Denominate(), Normalise(), Aggregate())))
    >>> merged = merge_units(today, {"AB": ("A", "B")})
    >>> merged.figures.regions, merged.figures.values[:, 0].tolist(), merged.built.ranks.tolist()
    (('C', 'D', 'AB'), [0.3, 0.01, 0.25], [1.0, 3.0, 2.0])
    """
    coin = built.source
    if coin.times:
        raise MethodError("A panel was given; units are merged in one year. Take one with `built.year(…)`.")
    by = _denominators(built)
    raw = recombine(_parts(coin, kinds or {}, by, weights), groups)
    again = build_index(_merged_coin(coin, raw, groups), _keeping(built))
    frozen = _frozen(built, again)
    ranks = np.zeros(frozen.size, dtype=np.int32)
    seen = ~np.isnan(frozen)
    ranks[seen] = rank(frozen[seen])
    return Merged(_after(raw, built, again, groups), again, frozen, ranks)


def _denominators(built: IndexBuild) -> dict[str, str]:
    step = next((one for one in built.recipe.steps if isinstance(one, Denominate)), None)
    if step is None:
        return {}
    if step.by is not None:
        return dict(step.by)
    return {one.code: one.denominator for one in built.coin.framework.nodes if one.level == 1 and one.denominator}


def _parts(coin: Coin, kinds: Mapping[str, Kind], by: Mapping[str, str], weights: str | None) -> Parts:
    codes = coin.data.indicators
    for code in kinds:
        if code not in codes:
            raise MethodError(f"'{code}' has a kind but is no indicator. Check its code.")
    if weights is not None and weights not in coin.denominators:
        known = ", ".join(coin.denominators) or "none"
        raise MethodError(f"'{weights}' is no denominator column (known: {known}). Give it that type in iMeta.")
    shape = coin.data.values.shape
    heavy = coin.denominators[weights] if weights else np.zeros(shape[0])
    nothing = np.full(shape, np.nan)
    found = tuple(kinds.get(code, "sum" if code in by else "ratio") for code in codes)
    return Parts(coin.units, codes, coin.data.values, nothing, nothing, heavy, found, np.ones(shape[1]))


def _merged_coin(coin: Coin, raw: Recombined, groups: Mapping[str, tuple[str, ...]]) -> Coin:
    """Give the new units names, groups (where all parts agree) and denominators (summed)."""
    place = {unit: row for row, unit in enumerate(coin.units)}
    members = [groups.get(unit, (unit,)) for unit in raw.regions]
    rows = [[place[one] for one in parts] for parts in members]

    def agreed(values: tuple[str, ...], own: list[int]) -> str:
        seen = {values[k] for k in own}
        return seen.pop() if len(seen) == 1 else ""

    return replace(
        coin,
        data=IndicatorMatrix(raw.regions, raw.indicators, raw.values),
        names=tuple(" + ".join(coin.names[k] for k in own) for own in rows),
        groups={name: tuple(agreed(values, own) for own in rows) for name, values in coin.groups.items()},
        denominators={
            name: np.array([values[own].sum() for own in rows]) for name, values in coin.denominators.items()
        },
    )


def _keeping(built: IndexBuild) -> Recipe:
    """Return the recipe in which units that were forced in or out and have been merged are no longer named."""
    step = next((one for one in built.recipe.steps if isinstance(one, Screen) and one.force), None)
    return built.recipe if step is None else built.recipe.with_steps(replace(step, force=None))


def _after(raw: Recombined, before: IndexBuild, again: IndexBuild, groups: Mapping[str, tuple[str, ...]]) -> Recombined:
    """Return the figures after denomination; the plain mean is that of the parts' own denominated figures."""
    if "denominate" not in again.stages:
        return raw
    stage, parts = again.stages["denominate"], before.stages["denominate"]
    factor = np.divide(stage.values, raw.values, out=np.ones_like(raw.values), where=np.abs(raw.values) > 0)
    plain = stage.values.copy()
    for name, members in groups.items():
        rows = [parts.regions.index(one) for one in members]
        plain[raw.regions.index(name)] = parts.values[rows].mean(axis=0)
    return replace(raw, values=stage.values, low=raw.low * factor, high=raw.high * factor, plain_mean=plain)


def _frozen(before: IndexBuild, again: IndexBuild) -> Floats:
    """Score the new figures on the scale of before: each figure is worth what it was worth then."""
    tree = tree_of(before)
    names = before.recipe.names
    start = min(names.index(one) for one in ("treat", "normalise") if one in names)
    figures = list(before.stages.values())[start]
    now = list(again.stages.values())[start]
    points = np.full(now.values.shape, np.nan)
    for k, code in enumerate(now.indicators):
        column = figures.indicators.index(code)
        # Reading the scale forwards is reading the inverse backwards.
        points[:, k] = figures_at(
            before.stages["normalise"].values[:, column], figures.values[:, column], now.values[:, k]
        )
    return tree(points)
