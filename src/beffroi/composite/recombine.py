"""What if regions merged, or one were split: rates from the numerators and denominators of the parts.

A rate of a merged region is the sum of numerators over the sum of denominators, never the mean of rates. Where the
numerator is not known the cell says how it was found, and where nothing adds up it gives bounds instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

Kind = Literal["ratio", "sum", "not_additive"]
EXACT, WEIGHTED, BOUNDED, MISSING, UNTOUCHED = "exact", "weighted_estimate", "bounded", "missing", ""


@dataclass(frozen=True, slots=True)
class Parts:
    """Figures that can be recombined.

    `values` regions × indicators as published, NaN where missing; `numerators` and `denominators` the same shape,
    NaN where not known; `scale` of each indicator (value = scale × numerator / denominator); `weights` one a region
    (population), for rates of which neither is known; `kinds` one an indicator: a `ratio`, a `sum` (value =
    numerator, no denominator), or `not_additive` (medians, Gini coefficients). Distinct counts are none of these:
    see `union_size`; ranks and scores of an index are made anew, never combined.
    """

    regions: tuple[str, ...]
    indicators: tuple[str, ...]
    values: Floats
    numerators: Floats
    denominators: Floats
    weights: Floats
    kinds: tuple[Kind, ...]
    scale: Floats

    def __post_init__(self) -> None:
        expected = (len(self.regions), len(self.indicators))
        tables = (self.values.shape, self.numerators.shape, self.denominators.shape)
        lists = (len(self.kinds), self.scale.size, self.weights.size)
        if any(shape != expected for shape in tables) or lists != (expected[1], expected[1], expected[0]):
            raise MethodError(
                f"Values, numerators and denominators have shapes {tables}, and {lists[0]} kinds, {lists[1]} scales "
                f"and {lists[2]} weights are given, for {expected[0]} regions × {expected[1]} indicators. "
                "Make them fit."
            )


@dataclass(frozen=True, slots=True)
class Recombined:
    """Figures after regions were put together; new regions come last.

    `how` says of each cell: `exact` (numerators and denominators known), `weighted_estimate` (rates weighted by
    denominators of part of them, or by population), `bounded` (not additive: the value is NaN, between `low` and
    `high`), `missing` (a part has no figure) or empty (region untouched). `low` and `high` bound every cell: the
    least and greatest part where it is not exact. `plain_mean` is what averaging the rates would have given.
    """

    regions: tuple[str, ...]
    indicators: tuple[str, ...]
    values: Floats
    low: Floats
    high: Floats
    how: npt.NDArray[np.str_]
    plain_mean: Floats


def recombine(parts: Parts, groups: Mapping[str, tuple[str, ...]]) -> Recombined:
    """Put regions together; a split is the same thing over finer parts.

    Args:
        parts: figures of all regions.
        groups: name of each new region and the regions it is made of; each region goes into one group at most.
            Regions in no group stay as they are.

    Returns:
        Untouched regions in their order, then the new ones. Figures are in the unit of the indicator.

    Raises:
        MethodError: a part is unknown, used twice or missing, or a new name is taken.

    Source: ratio of sums, Cochran (1977), Sampling Techniques, chapter 6.

    >>> one = np.array([[50.0], [10.0]])
    >>> table = Parts(("FRK", "FRC"), ("rate_pct",), one, np.array([[50.0], [30.0]]), np.array([[100.0], [300.0]]),
    ...               np.array([1.0, 3.0]), ("ratio",), np.array([100.0]))
    >>> r = recombine(table, {"both": ("FRK", "FRC")})
    >>> r.regions, r.values.tolist(), r.how.tolist(), r.plain_mean.tolist()
    (('both',), [[20.0]], [['exact']], [[30.0]])
    """
    place = {name: row for row, name in enumerate(parts.regions)}
    _refuse(parts, groups)
    used = {name for members in groups.values() for name in members}
    kept = [row for name, row in place.items() if name not in used]
    n, j = len(kept) + len(groups), len(parts.indicators)
    values, low, high, plain = (np.full((n, j), np.nan) for _ in range(4))
    how = np.full((n, j), UNTOUCHED, dtype="<U20")
    for table in (values, low, high, plain):
        table[: len(kept)] = parts.values[kept]
    for number, members in enumerate(groups.values()):
        rows = [place[name] for name in members]
        for column in range(j):
            at = (len(kept) + number, column)
            values[at], low[at], high[at], how[at] = _cell(parts, rows, column)
            plain[at] = parts.values[rows, column].mean()
    names = (*(parts.regions[row] for row in kept), *groups)
    return Recombined(names, parts.indicators, values, low, high, how, plain)


def union_size(one: int, other: int, *, both: int) -> int:
    """Return how many distinct members two registers have together: |A| + |B| − |A ∩ B|.

    Raises:
        MethodError: more are in both than in one of them.

    >>> union_size(300, 200, both=40)
    460
    """
    if not 0 <= both <= min(one, other):
        raise MethodError(f"{both} members are said to be in both registers of {one} and {other}. Match them again.")
    return one + other - both


def _cell(parts: Parts, rows: list[int], column: int) -> tuple[float, float, float, str]:
    values, over = parts.values[rows, column], parts.denominators[rows, column]
    above, scale = parts.numerators[rows, column], float(parts.scale[column])
    kind = parts.kinds[column]
    if kind == "sum":
        total = float(np.where(np.isnan(above), values, scale * above).sum())
        return total, total, total, MISSING if np.isnan(total) else EXACT
    if kind == "ratio" and not np.isnan(above).any() and over.sum() > 0:
        rate = scale * float(above.sum() / over.sum())
        return rate, rate, rate, EXACT
    if np.isnan(values).any():
        return np.nan, np.nan, np.nan, MISSING
    low, high = float(values.min()), float(values.max())
    weights = parts.weights[rows]
    if kind == "not_additive" or not (over.sum() > 0 or weights.sum() > 0):
        return np.nan, low, high, BOUNDED
    if over.sum() > 0:  # the rate and what it is divided by give the numerator back
        rate = float(values @ over / over.sum())
        return rate, rate, rate, EXACT
    return float(values @ weights / weights.sum()), low, high, WEIGHTED


def _refuse(parts: Parts, groups: Mapping[str, tuple[str, ...]]) -> None:
    members = [name for group in groups.values() for name in group]
    unknown = [name for name in members if name not in parts.regions]
    if unknown:
        raise MethodError(
            f"Region '{unknown[0]}' is to be merged but has no figures. Give its figures or leave it out."
        )
    twice = [name for name in members if members.count(name) > 1]
    if twice:
        raise MethodError(f"Region '{twice[0]}' is in two groups. Put each region into one.")
    taken = [name for name, group in groups.items() if not group or (name in parts.regions and name not in group)]
    if taken:
        raise MethodError(
            f"'{taken[0]}' has no parts, or is the name of a region that stays. Give it parts and a name of its own."
        )
