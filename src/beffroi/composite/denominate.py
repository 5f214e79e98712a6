"""Divide figures that grow with the size of a unit by a measure of that size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.composite.coin import Coin
    from beffroi.composite.matrix import IndicatorMatrix


def denominate(
    table: IndicatorMatrix,
    coin: Coin,
    *,
    by: Mapping[str, str] | None = None,
    factors: Mapping[str, float] | None = None,
) -> IndicatorMatrix:
    """Divide each indicator by its denominator: x / (size / factor).

    Args:
        table: rows of the coin × indicators, each in its own unit; missing stays missing.
        coin: holds the columns to divide by.
        by: indicator → denominator; by default what the framework says.
        factors: indicator → factor (1000 for "a thousand inhabitants"); 1 where not named.

    Returns:
        The same rows and indicators; an indicator without denominator is untouched.

    Raises:
        MethodError: a denominator is not a column of the coin, or is zero for a unit with a figure.

    Source: OECD/JRC (2008), Handbook, section 1.2; COINr's Denominate.

    >>> from beffroi.composite.coin_input import read_coin
    >>> coin = read_coin({"uCode": ["A"], "x": [6.0], "heads": [3.0]},
    ...     {"iCode": ["x", "top", "heads"], "Level": [1, 2, None], "Parent": ["top", None, None],
    ...      "Direction": [1, 1, None], "Weight": [1, 1, None], "Denominator": ["heads", None, None],
    ...      "Type": ["Indicator", "Aggregate", "Denominator"]})
    >>> denominate(coin.data, coin, factors={"x": 1000.0}).values.tolist()
    [[2000.0]]
    """
    pairs = {one.code: one.denominator for one in coin.framework.nodes if one.denominator} if by is None else by
    values = table.values.copy()
    for indicator, name in pairs.items():
        if indicator not in table.indicators:
            continue
        if name not in coin.denominators:
            known = ", ".join(coin.denominators) or "none"
            raise MethodError(f"'{name}', denominator of '{indicator}', is not among the denominators ({known}).")
        place, size = table.indicators.index(indicator), coin.denominators[name]
        zero = np.flatnonzero((size == 0) & ~np.isnan(values[:, place]))
        if zero.size:
            raise MethodError(
                f"Indicator '{indicator}' cannot be divided by '{name}', which is 0 for {table.regions[zero[0]]}. "
                "Correct the figure or leave it empty."
            )
        values[:, place] /= size / (1.0 if factors is None else factors.get(indicator, 1.0))
    return table.with_values(values)
