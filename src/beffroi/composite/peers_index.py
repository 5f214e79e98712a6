"""Peers of a unit in an index of one's own: who is alike in structure, and what the best of them reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.peers import best_peer, structural_peers
from beffroi.composite.tree_score import points_of
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.composite.recipe import IndexBuild


@dataclass(frozen=True, slots=True)
class Peer:
    """One peer: its distance in standard deviations, whether the choice is mutual, its rank in the index."""

    code: str
    distance: float
    mutual: bool
    rank: float


@dataclass(frozen=True, slots=True)
class Reach:
    """One indicator: the unit's points, what the best tenth of its peers reach, and the peer nearest to that."""

    code: str
    own: float
    reachable: float
    example: str


@dataclass(frozen=True, slots=True)
class PeersOf:
    """The peers of a unit, nearest first, and what they reach on each indicator."""

    unit: str
    peers: tuple[Peer, ...]
    reach: tuple[Reach, ...]


def peers_of(
    built: IndexBuild, unit: str, *, structure: Sequence[str], logs: Sequence[str] = (), k: int = 10
) -> PeersOf:
    """Find the peers of a unit.

    Args:
        built: an index of one year that normalises.
        unit: its code.
        structure: denominator columns that say what a unit cannot change (population, area, GDP). Units that lack
            one of them are left out.
        logs: those among them, all above 0, of which the logarithm is taken; sizes usually are.
        k: how many peers.

    Raises:
        MethodError: a panel, an unknown unit or column, a figure at or below 0 under a logarithm, or fewer than
            three units with all of them.

    Source: see `structural_peers`.

    >>> from beffroi.composite import build_index, example_coin
    >>> sizes = ("people", "area")
    >>> found = peers_of(build_index(example_coin()), "Alder", structure=sizes, logs=sizes, k=2)
    >>> [(one.code, one.mutual) for one in found.peers]
    [('Elm', True), ('Hazel', True)]
    """
    coin = built.coin
    if coin.times:
        raise MethodError("A panel was given; peers are found in one year. Take one with `built.year(…)`.")
    for name in (*structure, *logs):
        if name not in coin.denominators or name not in structure:
            known = ", ".join(coin.denominators) or "none"
            raise MethodError(
                f"'{name}' is no structural column (known: {known}). Give it the type Denominator in iMeta."
            )
    if unit not in coin.units:
        raise MethodError(f"'{unit}' is not ranked. Ask for one of: {', '.join(coin.units[:8])} …")
    table = np.column_stack([_column(built, name, log=name in logs) for name in structure])
    kept = np.flatnonzero(~np.isnan(table).any(axis=1))
    if unit not in {coin.units[i] for i in kept}:
        raise MethodError(f"'{unit}' lacks one of {', '.join(structure)}. Give its figure, or leave the column out.")
    if kept.size < 3:  # noqa: PLR2004 -- two units are each other's only peer
        raise MethodError(f"{kept.size} units have all of {', '.join(structure)}; three are needed.")
    matrix = IndicatorMatrix(tuple(coin.units[i] for i in kept), tuple(structure), table[kept])
    found = structural_peers(matrix, k=k)
    own = found.regions.index(unit)
    rows = kept[found.rows[own][found.rows[own] >= 0]]
    points = points_of(built, complete=False)
    best = best_peer(points, rows)
    row = coin.units.index(unit)
    ranks = built.ranks
    peers = tuple(
        Peer(coin.units[i], float(d), bool(m), float(ranks[i]))
        for i, d, m in zip(rows, found.distances[own], found.mutual[own], strict=False)
    )
    reach = tuple(
        Reach(
            code, float(points[row, j]), float(best.reachable[j]), coin.units[best.row[j]] if best.row[j] >= 0 else ""
        )
        for j, code in enumerate(built.stages["normalise"].indicators)
    )
    return PeersOf(unit, peers, reach)


def _column(built: IndexBuild, name: str, *, log: bool) -> npt.NDArray[np.float64]:
    values = built.coin.denominators[name]
    if not log:
        return values
    low = np.flatnonzero(values <= 0)
    if low.size:
        unit = built.coin.units[low[0]]
        raise MethodError(f"'{name}' is {values[low[0]]:g} for {unit}; a logarithm needs it above 0. Correct it.")
    return np.log(values)
