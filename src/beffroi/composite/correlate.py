"""Correlations between indicators and elements of the tree, on the pairs that both have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from beffroi.composite.coin import Coin, Framework
    from beffroi.composite.matrix import IndicatorMatrix

Kind = Literal["pearson", "spearman", "kendall"]
FEWEST_PAIRS = 3  # two points always lie on a line


@dataclass(frozen=True, slots=True)
class Correlation:
    """One pair: coefficient (−1..1) and two-sided p-value; both NaN with fewer than three pairs or no spread."""

    first: str
    second: str
    value: float
    p_value: float


def correlation(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], *, kind: Kind = "pearson"
) -> tuple[float, float]:
    """Return the coefficient and p-value of the figures that both have.

    >>> correlation(np.array([1.0, 2.0, 3.0, np.nan]), np.array([2.0, 4.0, 5.9, 1.0]))[0].round(4)
    np.float64(0.9999)
    """
    both = ~(np.isnan(x) | np.isnan(y))
    a, b = x[both], y[both]
    if a.size < FEWEST_PAIRS or np.ptp(a) == 0 or np.ptp(b) == 0:
        return np.float64("nan"), np.float64("nan")
    functions: dict[str, Callable[..., Any]] = {
        "pearson": stats.pearsonr,
        "spearman": stats.spearmanr,
        "kendall": stats.kendalltau,
    }
    found = functions[kind](a, b)
    return np.float64(found.statistic), np.float64(found.pvalue)


def correlations(
    table: IndicatorMatrix,
    first: Sequence[str],
    second: Sequence[str],
    *,
    kind: Kind = "pearson",
    significant: float | None = None,
) -> tuple[Correlation, ...]:
    """Correlate every code of `first` with every code of `second`.

    Args:
        table: units × indicators or elements, NaN where missing.
        first: codes of the table,
        second: to be correlated with these.
        kind: Pearson's r, Spearman's rho or Kendall's tau-b.
        significant: coefficients with a larger p-value become NaN; None keeps all.

    Returns:
        One entry a pair, the second code varying slowest.

    Source: OECD/JRC (2008), Handbook, section 1.4; COINr's get_corr.

    >>> from beffroi.composite.matrix import IndicatorMatrix
    >>> m = IndicatorMatrix(("A", "B", "C"), ("x", "y"), np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]]))
    >>> [round(float(one.value), 9) for one in correlations(m, ("x",), ("x", "y"))]
    [1.0, -1.0]
    """
    out = []
    for b in second:
        for a in first:
            value, p = correlation(table.column(a), table.column(b), kind=kind)
            kept = significant is None or not p > significant
            out.append(Correlation(a, b, float(value) if kept else float("nan"), float(p)))
    return tuple(out)


def with_ancestors(
    table: IndicatorMatrix,
    framework: Framework,
    *,
    level: int = 1,
    up_to: Sequence[int] | None = None,
    kind: Kind = "pearson",
    significant: float | None = None,
) -> tuple[Correlation, ...]:
    """Correlate each element of a level with its own ancestor at each level of `up_to` (default: all above).

    >>> from beffroi.composite import build_index, example_coin
    >>> built = build_index(example_coin())
    >>> found = with_ancestors(built.last, built.coin.framework)
    >>> found[0].first, found[0].second, round(found[0].value, 3)
    ('fibre', 'Access', 0.988)
    """
    found: list[Correlation] = []
    for above in up_to or range(level + 1, framework.depth + 1):
        for code in framework.at(level):
            parent = framework.ancestor(code, above)
            found += correlations(table, (code,), (parent,), kind=kind, significant=significant)
    return tuple(found)


def flag_pairs(
    table: IndicatorMatrix,
    framework: Framework,
    *,
    above: float | None = None,
    below: float | None = None,
    level: int = 2,
    kind: Kind = "pearson",
) -> tuple[tuple[str, Correlation], ...]:
    """Name the pairs of indicators inside one element of `level` whose correlation is above or below a limit.

    Args:
        table: units × indicators.
        framework: the tree.
        above: flag what is larger (double counting).
        below: flag what is smaller (indicators that pull against each other).
        level: the element within which pairs are looked at.
        kind: which correlation.

    Returns:
        The element and the pair, each pair once.

    >>> from beffroi.composite import example_coin
    >>> coin = example_coin()
    >>> [(where, one.first, one.second) for where, one in flag_pairs(coin.data, coin.framework, above=0.7)]
    [('Access', 'fibre', 'masts'), ('Work', 'coders', 'founders')]
    """
    out: list[tuple[str, Correlation]] = []
    for group in framework.at(level):
        codes = framework.leaves(group)
        for place, a in enumerate(codes):
            pairs = correlations(table, (a,), codes[place + 1 :], kind=kind)
            out.extend((group, one) for one in pairs if _flagged(one.value, above, below))
    return tuple(out)


def _flagged(value: float, above: float | None, below: float | None) -> bool:
    return (above is not None and value > above) or (below is not None and value < below)


def size_effects(
    table: IndicatorMatrix, coin: Coin, *, limit: float = 0.6, kind: Kind = "pearson"
) -> tuple[Correlation, ...]:
    """Name the indicators that go with a measure of size (|r| above the limit): they may want a denominator.

    `second` is the denominator. Source: COINr's get_denom_corr.

    >>> from beffroi.composite import example_coin
    >>> coin = example_coin()
    >>> [(one.first, one.second) for one in size_effects(coin.data, coin, limit=0.9)]
    [('coders', 'people'), ('founders', 'people'), ('leavers', 'area')]
    """
    out: list[Correlation] = []
    for name, size in coin.denominators.items():
        for code in table.indicators:
            value, p = correlation(table.column(code), size, kind=kind)
            if abs(value) > limit:
                out.append(Correlation(code, name, float(value), float(p)))
    return tuple(out)
