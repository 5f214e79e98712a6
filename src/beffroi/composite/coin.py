"""A composite indicator as its makers write it down: units, indicators, groups and a tree of any depth.

`read_coin` (coin_input) makes it from the two tables of COINr, iData and iMeta; every step takes it from there.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy.typing as npt

    from beffroi.composite.matrix import IndicatorMatrix


@dataclass(frozen=True, slots=True)
class Node:
    """An indicator (level 1) or an aggregate (level 2 and above) of the tree.

    `direction` is +1 when more is better; `weight` counts against its siblings; `target` is NaN when none is set;
    `denominator` names the column to divide by, or is empty; `parameters` holds the numbers of iMeta's further
    columns (`minmax_lower`, `goalpost_upper`, …).
    """

    code: str
    level: int
    parent: str
    name: str = ""
    direction: int = 1
    weight: float = 1.0
    unit: str = ""
    target: float = float("nan")
    denominator: str = ""
    parameters: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Label:
    """What a column that is neither indicator nor aggregate is: its kind (Group, Denominator, Other), name, unit."""

    kind: str
    name: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Framework:
    """The tree: every indicator and aggregate, indicators first, in the order of the meta table.

    >>> tree = Framework((Node("a", 1, "top"), Node("b", 1, "top", weight=3.0), Node("top", 2, "")))
    >>> tree.depth, tree.indicators, tree.children("top"), tree.ancestor("b", 2)
    (2, ('a', 'b'), ('a', 'b'), 'top')
    """

    nodes: tuple[Node, ...]

    @property
    def depth(self) -> int:
        """The number of levels; the index stands on the last."""
        return max(one.level for one in self.nodes)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Codes of level 1."""
        return self.at(1)

    @property
    def aggregates(self) -> tuple[str, ...]:
        """Codes above level 1, lowest level first."""
        return tuple(one for level in range(2, self.depth + 1) for one in self.at(level))

    @property
    def weights(self) -> dict[str, float]:
        """The weight of every node among its siblings, as written (not rescaled)."""
        return {one.code: one.weight for one in self.nodes}

    @property
    def directions(self) -> npt.NDArray[np.float64]:
        """+1 or −1 for each indicator."""
        return np.array([one.direction for one in self.nodes if one.level == 1], dtype=float)

    def at(self, level: int) -> tuple[str, ...]:
        """Codes of one level, in order."""
        return tuple(one.code for one in self.nodes if one.level == level)

    def node(self, code: str) -> Node:
        """Return the node with this code.

        Raises:
            MethodError: the tree has no such code.
        """
        for one in self.nodes:
            if one.code == code:
                return one
        raise MethodError(f"'{code}' is neither an indicator nor an aggregate. Choose a code of the meta table.")

    def children(self, code: str) -> tuple[str, ...]:
        """Codes whose parent is this one, in order."""
        return tuple(one.code for one in self.nodes if one.parent == code)

    def ancestor(self, code: str, level: int) -> str:
        """The element at this level under which a code stands (itself at its own level)."""
        found = self.node(code)
        while found.level < level:
            found = self.node(found.parent)
        return found.code

    def leaves(self, code: str) -> tuple[str, ...]:
        """Indicators under a code, in the order of the meta table."""
        level = self.node(code).level
        return tuple(one for one in self.indicators if self.ancestor(one, level) == code)

    def pruned(self, kept: Collection[str]) -> Framework:
        """Return the tree with these indicators only; an aggregate that loses all of its own goes too.

        >>> nodes = (Node("a", 1, "p"), Node("b", 1, "q"), Node("p", 2, "t"), Node("q", 2, "t"), Node("t", 3, ""))
        >>> Framework(nodes).pruned(["a"]).aggregates
        ('p', 't')
        """
        stay = {self.ancestor(one, level) for one in kept for level in range(1, self.depth + 1)}
        return Framework(tuple(one for one in self.nodes if one.code in stay))

    def lineage(self) -> tuple[tuple[str, ...], ...]:
        """One row an indicator: its own code, then its ancestors up to the index."""
        levels = range(1, self.depth + 1)
        return tuple(tuple(self.ancestor(one, level) for level in levels) for one in self.indicators)


@dataclass(frozen=True, slots=True)
class Coin:
    """Figures and framework together; for a panel, one row a unit and year.

    `data` is rows × indicators, each in its own unit, NaN where missing. `groups` and `denominators` have one entry
    a row. `times` is empty, or has the year of each row; then a unit's code comes once a year.
    """

    data: IndicatorMatrix
    framework: Framework
    names: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    denominators: Mapping[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    times: tuple[float, ...] = ()
    labels: Mapping[str, Label] = field(default_factory=dict)

    @property
    def units(self) -> tuple[str, ...]:
        """The code of each row."""
        return self.data.regions

    @property
    def blocks(self) -> tuple[npt.NDArray[np.intp], ...]:
        """Rows to be treated together: one block a year, or one block of all rows."""
        if not self.times:
            return (np.arange(len(self.units)),)
        years = np.asarray(self.times)
        return tuple(np.flatnonzero(years == year) for year in np.unique(years))

    def group(self, name: str) -> tuple[str, ...]:
        """The group of each row.

        Raises:
            MethodError: the table has no such group column.
        """
        if name not in self.groups:
            known = ", ".join(self.groups) or "none"
            raise MethodError(f"'{name}' is not a group column (known: {known}). Give it the type 'Group' in iMeta.")
        return self.groups[name]

    def rows(self, kept: npt.NDArray[np.intp]) -> Coin:
        """Return the coin with these rows only, in this order."""
        return replace(
            self,
            data=type(self.data)(tuple(self.units[i] for i in kept), self.data.indicators, self.data.values[kept]),
            names=tuple(self.names[i] for i in kept),
            groups={name: tuple(values[i] for i in kept) for name, values in self.groups.items()},
            denominators={name: values[kept] for name, values in self.denominators.items()},
            times=tuple(self.times[i] for i in kept) if self.times else (),
        )

    def ordered(self) -> Coin:
        """Return the rows by year, then by code: the order COINr gives them.

        >>> from beffroi.composite.matrix import IndicatorMatrix
        >>> m = IndicatorMatrix(("B", "A"), ("x",), np.array([[2.0], [1.0]]))
        >>> Coin(m, Framework((Node("x", 1, ""),)), ("b", "a")).ordered().units
        ('A', 'B')
        """
        years = self.times or (0.0,) * len(self.units)
        order = sorted(range(len(self.units)), key=lambda i: (years[i], self.units[i]))
        return self.rows(np.array(order, dtype=np.intp))

    def year(self, time: float) -> Coin:
        """Return one year of a panel as a coin of its own.

        Raises:
            MethodError: the panel has no row of this year.
        """
        kept = np.flatnonzero(np.asarray(self.times) == time)
        if not kept.size:
            raise MethodError(f"The panel has no row for {time:g}. Its years: {sorted(set(self.times))}.")
        return replace(self.rows(kept), times=())
