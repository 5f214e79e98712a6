"""Failure factors under two editions, side by side: what was measured then and now, and how severe they were held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.strategy.figures import OWN, Figures

if TYPE_CHECKING:
    from decimal import Decimal

    from beffroi.charter.book import Book, Thing
    from beffroi.vocabulary.figure import Figure


@dataclass(frozen=True, slots=True)
class Pair:
    """One indicator of a factor in two editions; None where an edition has no figure."""

    indicator: str
    before: Figure | None
    after: Figure | None

    @property
    def change(self) -> Decimal | None:
        """How much it changed, in its unit; None when a side is missing."""
        return None if self.before is None or self.after is None else self.after.value - self.before.value

    @property
    def verdict(self) -> str:
        """`better`, `worse`, `same`, or `unknown`."""
        if self.change is None or self.after is None:
            return "unknown"
        way = self.change * self.after.direction
        return "better" if way > 0 else "worse" if way < 0 else "same"


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A factor, its severity and state then and now (empty: not rated), and its indicators in both editions."""

    factor: Thing
    severity_before: str
    severity_after: str
    state_before: str
    state_after: str
    pairs: tuple[Pair, ...]


def side_by_side(then: Book, now: Book, figures: Figures, *, before: str, after: str) -> tuple[SideBySide, ...]:
    """Return every factor that stands in either book, with what two editions say of its indicators.

    Args:
        then: the book on the day of the older edition.
        now: the book on the day of the newer one.
        figures: the reader of figures.
        before: id of the older edition.
        after: id of the newer edition.
    """
    keys = dict.fromkeys(one.id for book in (now, then) for one in book.of("factor"))
    return tuple(_factor(key, then, now, figures, before, after) for key in keys)


def _factor(key: str, then: Book, now: Book, figures: Figures, before: str, after: str) -> SideBySide:
    old, new = then.find(key), now.find(key)
    shown = new or then.thing(key)
    region = shown.text("region")
    pairs = tuple(
        Pair(one, figures.find(one, region, before), figures.find(one, region, after))
        for one in shown.ids("indicators") if not one.startswith(OWN)
    )  # fmt: skip
    return SideBySide(
        shown, old.text("severity") if old else "", new.text("severity") if new else "",
        old.text("state") if old else "", new.text("state") if new else "", pairs,
    )  # fmt: skip
