"""Weighted means up the tree for many sets of weights at once: scenarios × units from one normalised table.

A subtree of one mean without missing figures is one matrix product of effective weights and transformed figures;
what has holes, mixes means, or asks for a share of data goes node by node; Copeland and functions of the user's own
go scenario by scenario. Every way gives what `roll_up` gives for each set of weights alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.means import ARITHMETIC, GEOMETRIC, HARMONIC, cannot_take
from beffroi.composite.roll_up import score_node
from beffroi.composite.scenario_tree import Branch, Points, Tree, back, cannot, into
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


SINGLE = 2**18  # multiplications up to which OpenBLAS stays with one thread
ROWS, FEWEST_UNITS = 16, 8


def product(weights: Floats, values: Floats) -> Floats:
    """Multiply scenarios × elements by units × elements into scenarios × units, in pieces of one thread's size.

    Scenarios are shared out among threads already: where a processor is busy, threads that wait for each other inside
    one small product cost more than the product (three to eight times on two busy cores).
    """
    m, k = weights.shape
    step = max(FEWEST_UNITS, SINGLE // (ROWS * max(1, k)))
    padded = np.zeros((-(-m // ROWS), ROWS, k))
    padded.reshape(-1, k)[:m] = weights
    out = np.empty((*padded.shape[:2], len(values)))
    for start in range(0, len(values), step):
        np.matmul(padded, values[start : start + step].T, out=out[..., start : start + step])
    return np.asarray(out.reshape(-1, len(values))[:m])


@dataclass(slots=True)
class Scorer:
    """Scores of many sets of weights on one table.

    `weights` scenarios × elements of the tree, not rescaled; `stays` scenarios × indicators is false where one is
    left out, or None; `blocks` are rows of the table that Copeland compares apart.
    """

    points: Points
    tree: Tree
    weights: Floats
    stays: npt.NDArray[np.bool_] | None = None
    blocks: Sequence[npt.NDArray[np.intp]] = ()

    def scores(self) -> Floats:
        """The index: scenarios × units of the table, NaN where missing."""
        out = self._node(self.tree.top)
        return out if out.ndim > 1 else np.broadcast_to(out, (len(self.weights), out.size))

    def effective(self) -> Floats:
        """Share of each indicator in the index: scenarios × indicators, rows sum to 1.

        Exact for an arithmetic mean at every node without holes.
        """
        out = np.zeros((len(self.weights), len(self.tree.leaves)))
        out[:, self._leaves(self.tree.top)] = self._below(self.tree.top)
        return out

    def _below(self, place: int) -> Floats:
        """Share of each indicator under an element in that element, in the order of `_leaves`."""
        branch = self.tree.branches[place]
        shares = self._shares(branch)
        if all(child in self.tree.leaves for child in branch.children):
            return shares
        parts = [
            shares[:, k : k + 1] * (1.0 if child in self.tree.leaves else self._below(child))
            for k, child in enumerate(branch.children)
        ]
        return np.concatenate(parts, axis=1)

    def _shares(self, branch: Branch) -> Floats:
        weights = self._own(branch)
        sums = weights.sum(axis=1, keepdims=True)
        gone = (
            np.zeros(sums.shape, dtype=bool) if self.stays is None else ~self._alive(branch).any(axis=1, keepdims=True)
        )
        if ((sums == 0) & ~gone).any():
            names = ", ".join(self.tree.codes[one] for one in branch.children)
            raise MethodError(f"The weights under '{branch.code}' sum to zero. Give one of {names} a weight.")
        return np.asarray(np.divide(weights, sums, out=np.zeros_like(weights), where=~gone))

    def _own(self, branch: Branch) -> Floats:
        weights = self.weights[:, list(branch.children)]
        return weights if self.stays is None else np.where(self._alive(branch), weights, 0.0)

    def _alive(self, branch: Branch) -> npt.NDArray[np.bool_]:
        """Which children are not left out: scenarios × children."""
        assert self.stays is not None  # noqa: S101 -- only asked for where something is left out
        columns = []
        for child in branch.children:
            leaf = self.tree.leaves.get(child)
            columns.append(
                self.stays[:, leaf] if leaf is not None else self._alive(self.tree.branches[child]).any(axis=1)
            )
        return np.stack(columns, axis=1)

    def _power_below(self, place: int) -> float | None:
        """The one exponent of a subtree without holes, thresholds and omissions; None if there is none such."""
        branch = self.tree.branches[place]
        if branch.power is None or (branch.needed or 0.0) > 1 or self.stays is not None:
            return None
        for child in branch.children:
            leaf = self.tree.leaves.get(child)
            if leaf is None and self._power_below(child) != branch.power:
                return None
            if leaf is not None and not self.points.whole[leaf]:
                return None
        return branch.power

    def _node(self, place: int) -> Floats:
        leaf = self.tree.leaves.get(place)
        if leaf is not None:
            return np.asarray(self.points.table.values[:, leaf])
        branch = self.tree.branches[place]
        as_r = self.tree.compat == "coinr"
        power = self._power_below(place)
        if power is not None:
            raised = self.points.transformed(power, tuple(self._leaves(place)), as_r=as_r)
            return back(product(self._below(place), raised), power, as_r=as_r)
        if branch.power is None:
            return self._one_by_one(branch)
        if all(child in self.tree.leaves for child in branch.children):
            return self._of_indicators(branch, branch.power)
        return self._of_nodes(branch, branch.power)

    def _leaves(self, place: int) -> list[int]:
        leaf = self.tree.leaves.get(place)
        if leaf is not None:
            return [leaf]
        return [one for child in self.tree.branches[place].children for one in self._leaves(child)]

    def _of_indicators(self, branch: Branch, power: float) -> Floats:
        as_r = self.tree.compat == "coinr"
        columns = tuple(self.tree.leaves[child] for child in branch.children)
        shares, present = self._shares(branch), self.points.present[:, columns].astype(float)
        stays = np.ones((1, len(columns))) if self.stays is None else self._alive(branch).astype(float)
        count, total = product(stays, present), product(shares, present)
        sums = product(shares, self.points.transformed(power, columns, as_r=as_r))
        return self._finish(branch, power, sums, total, count, stays.sum(axis=1))

    def _of_nodes(self, branch: Branch, power: float) -> Floats:
        as_r, shares = self.tree.compat == "coinr", self._shares(branch)
        size = (len(self.weights), len(self.points.table.regions))
        sums, total, count = np.zeros(size), np.zeros(size), np.zeros(size)
        for k, child in enumerate(branch.children):
            values = self._node(child)
            present = ~np.isnan(values)
            self._refuse(values, present, branch, child)
            share = shares[:, k : k + 1]
            raised = into(values, power, as_r=as_r)
            if present.all():
                sums += share * raised
                total += share
                count += 1
            else:
                sums += share * np.where(present, raised, 0.0)
                total += share * present
                count += present
        stays = np.array([len(branch.children)]) if self.stays is None else self._alive(branch).sum(axis=1)
        return self._finish(branch, power, sums, total, count, stays)

    def _finish(
        self, branch: Branch, power: float, sums: Floats, total: Floats, count: Floats, children: Floats
    ) -> Floats:
        as_r = self.tree.compat == "coinr"
        none = total == 0  # nothing that counts is there
        if (none & (count > 0)).any() and (self.weights < 0).any():
            raise MethodError(
                f"The weights of the values present under '{branch.code}' sum to zero. Give one of them a weight."
            )
        with np.errstate(invalid="ignore", divide="ignore"):
            out = back(sums / total, power, as_r=as_r)
            short = none | (count / children[:, None] < branch.needed) if branch.needed is not None else none
        by_number = not isinstance(branch.rule, str)
        if as_r and (by_number or power not in (ARITHMETIC, GEOMETRIC, HARMONIC)):
            short = short | (count < children[:, None])
        if short.any():
            out = np.where(short, np.nan, out)
        return out

    def _refuse(self, values: Floats, present: npt.NDArray[np.bool_], branch: Branch, child: int) -> None:
        by_number = not isinstance(branch.rule, str)
        power = ARITHMETIC if branch.power is None else branch.power
        bad = present & cannot_take(values, power, by_number=by_number, compat=self.tree.compat)
        if bad.any():
            unit = self.points.table.regions[int(np.argwhere(bad)[0][-1])]
            raise MethodError(cannot(self.tree.codes[child], values[bad][0], unit, branch))

    def _one_by_one(self, branch: Branch) -> Floats:
        """Copeland, or a function of the user's own: no product does it, so each scenario takes its turn."""
        parts = [self._node(child) for child in branch.children]
        weights, fixed = self.weights[:, list(branch.children)], all(one.ndim == 1 for one in parts)
        alive = None if self.stays is None else self._alive(branch)
        out = np.full((len(weights), len(self.points.table.regions)), np.nan)
        blocks = self.blocks or (np.arange(out.shape[1]),)
        for m in range(len(weights)):
            same = m and fixed and (weights[m] == weights[m - 1]).all()
            if same and (alive is None or (alive[m] == alive[m - 1]).all()):
                out[m] = out[m - 1]
                continue
            kept = [k for k in range(len(parts)) if alive is None or alive[m, k]]
            if not kept:
                continue
            if weights[m, kept].sum() == 0:
                raise MethodError(f"The weights under '{branch.code}' sum to zero. Give one of its elements a weight.")
            values = np.stack([parts[k] if parts[k].ndim == 1 else parts[k][m] for k in kept], axis=1)
            for rows in blocks if branch.rule == "copeland" else (np.arange(len(values)),):
                out[m, rows] = score_node(values[rows], weights[m, kept], branch.rule, self.tree.compat)
            if branch.needed is not None:
                out[m, (~np.isnan(values)).mean(axis=1) < branch.needed] = np.nan
        return out
