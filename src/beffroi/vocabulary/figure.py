"""A figure as others quote it: one value with its day, source, interval and address, and when it is stale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

_NOWHERE = Text("", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """One value.

    Attributes:
        indicator, region: what is measured, and where (empty for a figure of the cluster's own).
        value: in `unit`.
        dated: the last day it speaks of.
        name, unit, source: for readers.
        low, high: its interval; None where none is published.
        permalink: address without language that will always show this value.
        edition: the edition it was read in; empty for a figure of the cluster's own.
        fresh_months: how long after `dated` a newer one should be there.
        direction: +1 when more is better, -1 when less is.
        decimals: digits a reader needs.
    """

    indicator: str
    region: str
    value: Decimal
    dated: date
    name: Text
    unit: Text
    source: Text
    permalink: str
    edition: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    fresh_months: int = 12
    direction: int = 1
    decimals: int = 1
    place: Text = _NOWHERE

    @property
    def year(self) -> int:
        """The year it speaks of."""
        return self.dated.year

    def is_stale(self, on: date) -> bool:
        """Whether a newer figure should be there by a day.

        >>> from datetime import date
        >>> from decimal import Decimal
        >>> one = Figure("x", "FRE", Decimal(4), date(2020, 12, 31), *[Text("", "")] * 3, "/", fresh_months=24)
        >>> one.is_stale(date(2022, 12, 31)), one.is_stale(date(2023, 1, 31))
        (False, True)
        """
        return (on.year - self.dated.year) * 12 + on.month - self.dated.month > self.fresh_months
