"""How strongly each element of a level goes with the index, and how that changes with its weights.

Influence is the correlation of an element with the index. Where every node is a mean of some power, its slopes are
known exactly, which makes the search for weights hundreds of times shorter than by trial.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import rankdata

from beffroi.composite.coin import Framework
from beffroi.composite.correlate import FEWEST_PAIRS, correlation
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.means import NEGLIGIBLE, power_mean
from beffroi.composite.roll_up import POWERS, roll_up, rule_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from beffroi.composite.correlate import Kind
    from beffroi.composite.roll_up import Rules

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Influence:
    """The elements of one level (units × elements), and the tree above them, which stays.

    `powers` has the exponent of every node above, lowest first, or is empty where a node is no mean of a power.
    """

    elements: IndicatorMatrix
    above: Framework
    rules: Rules
    kind: Kind
    powers: Mapping[str, float]

    def of(self, weights: Floats) -> Floats:
        """Return the correlation of each element with the index, for weights of the elements (any sum)."""
        top = self._columns(weights)[self.above.at(self.above.depth)[0]]
        if self.kind == "pearson":
            return self._pearson(top)[0]
        if self.kind == "spearman":
            return _rank_correlations(self.elements.values, top)
        return np.array([correlation(one, top, kind=self.kind)[0] for one in self.elements.values.T])

    def with_slopes(self, weights: Floats) -> tuple[Floats, Floats]:
        """Return Pearson's correlations, and elements × elements: how each of them changes with each weight."""
        columns, given = self._columns(weights), self._given(weights)
        top = self.above.at(self.above.depth)[0]
        slope = {top: np.ones(len(self.elements.regions))}
        by_weight = np.zeros(self.elements.values.shape)
        places = {code: place for place, code in enumerate(self.elements.indicators)}
        for node, power in reversed(tuple(self.powers.items())):
            children = self.above.children(node)
            x = np.stack([columns[one] for one in children], axis=1)
            shares = np.where(np.isnan(x), 0.0, [given[one] for one in children])
            by_value, by_share = _mean_slopes(x, columns[node], shares, power)
            for place, child in enumerate(children):
                slope[child] = slope[node] * by_value[:, place]
                if child in places:
                    by_weight[:, places[child]] = slope[node] * by_share[:, place]
        found, by_index = self._pearson(columns[top])
        return found, np.asarray(by_index @ np.nan_to_num(by_weight))

    def _columns(self, weights: Floats) -> dict[str, Floats]:
        """Elements and nodes, each with one value a unit."""
        given = self._given(weights / weights.sum())
        if not self.powers:
            made = roll_up(self.elements, self.above, rules=self.rules, weights=given)
            return {one: made.column(one) for one in made.indicators}
        columns = dict(zip(self.elements.indicators, self.elements.values.T, strict=True))
        for node, power in self.powers.items():
            children = self.above.children(node)
            shares = np.array([given[one] for one in children])
            columns[node] = power_mean(np.stack([columns[one] for one in children], axis=1), shares, power=power)
        return columns

    def _given(self, weights: Floats) -> dict[str, float]:
        return {**self.above.weights, **dict(zip(self.elements.indicators, map(float, weights), strict=True))}

    def _pearson(self, top: Floats) -> tuple[Floats, Floats]:
        """The correlations, and how each changes with the index of each unit."""
        both = ~np.isnan(self.elements.values) & ~np.isnan(top)[:, None]
        count = both.sum(axis=0)

        def centred(x: Floats) -> Floats:
            return np.asarray(np.where(both, x - np.where(both, x, 0.0).sum(axis=0) / count, 0.0))

        with np.errstate(divide="ignore", invalid="ignore"):
            a, b = centred(self.elements.values), centred(np.broadcast_to(top[:, None], both.shape))
            long_a, long_b = np.sqrt((a**2).sum(axis=0)), np.sqrt((b**2).sum(axis=0))
            r = (a * b).sum(axis=0) / (long_a * long_b)
            return r, (a / (long_a * long_b) - r * b / long_b**2).T


def influence_at(table: IndicatorMatrix, framework: Framework, level: int, *, rules: Rules, kind: Kind) -> Influence:
    """Prepare the search: aggregate up to the level once, keep the tree above it.

    Args:
        table: normalised units × indicators.
        framework: the tree.
        level: whose elements' influence is asked for.
        rules: how the index is aggregated, as `roll_up` takes them.
        kind: the correlation that measures influence.
    """
    below = roll_up(table, framework, rules=rules)
    codes = framework.at(level)
    elements = IndicatorMatrix(table.regions, codes, np.stack([below.column(one) for one in codes], axis=1))
    above = Framework(tuple(replace(one, level=one.level - level + 1) for one in framework.nodes if one.level >= level))
    kept: Rules = rules
    if isinstance(rules, Sequence) and not isinstance(rules, str):
        kept = tuple(rules)[level - 1 :]
    powers = {node: _power(kept, node, above) for node in above.aggregates}
    known = {node: power for node, power in powers.items() if power is not None}
    return Influence(elements, above, kept, kind, known if len(known) == len(powers) else {})


def _power(rules: Rules, node: str, above: Framework) -> float | None:
    rule = rule_at(rules, node, above.node(node).level)
    if isinstance(rule, str):
        return POWERS.get(rule)
    return None if callable(rule) else float(rule)


def _rank_correlations(elements: Floats, top: Floats) -> Floats:
    """Spearman's rho of each column, without the p-values, which take most of the time."""
    if np.isnan(elements).any() or np.isnan(top).any() or len(top) < FEWEST_PAIRS:
        return np.array([_rank_correlation(one, top) for one in elements.T])
    a, b = rankdata(elements, axis=0), rankdata(top)
    a, b = a - a.mean(axis=0), b - b.mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(b @ a / np.sqrt((a**2).sum(axis=0) * (b**2).sum()))


def _rank_correlation(x: Floats, y: Floats) -> float:
    both = ~(np.isnan(x) | np.isnan(y))
    if both.sum() < FEWEST_PAIRS or np.ptp(x[both]) == 0 or np.ptp(y[both]) == 0:
        return float("nan")
    return float(np.corrcoef(rankdata(x[both]), rankdata(y[both]))[0, 1])


def _mean_slopes(x: Floats, y: Floats, shares: Floats, power: float) -> tuple[Floats, Floats]:
    """How a weighted mean of a power changes with each value and with each weight."""
    total, mean = shares.sum(axis=1, keepdims=True), y[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        if power == 1:
            by_value, by_share = shares / total, (x - mean) / total
        elif abs(power) < NEGLIGIBLE:
            by_value, by_share = shares / total * mean / x, mean * (np.log(x) - np.log(mean)) / total
        else:
            ratio = x / mean
            by_value = shares / total * ratio ** (power - 1)
            by_share = mean / total * np.expm1(power * np.log(ratio)) / power  # exact for an exponent near 0
    missing = np.isnan(x)
    return np.where(missing, 0.0, by_value), np.where(missing, 0.0, by_share)
