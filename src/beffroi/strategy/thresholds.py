"""Whether a figure has passed a threshold."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from beffroi.strategy.figures import figure_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.charter.book import Book
    from beffroi.strategy.figures import Figures
    from beffroi.vocabulary.figure import Figure


def seen(row: Mapping[str, object], book: Book, figures: Figures) -> Figure | None:
    """Return the newest figure that a threshold speaks of; None when there is none."""
    return figure_of(figures, book, str(row.get("indicator", "")), str(row.get("region", "")))


def is_passed(row: Mapping[str, object], book: Book, figures: Figures) -> bool:
    """Whether the newest figure is on the right side; a missing figure passes nothing.

    >>> from beffroi.charter.book import Book
    >>> from beffroi.strategy.figures import NoFigures
    >>> is_passed({"indicator": "rank", "region": "FRE", "side": "at_most", "value": "5"}, Book({}), NoFigures())
    False
    """
    found = seen(row, book, figures)
    if found is None:
        return False
    wanted = Decimal(str(row["value"]))
    return found.value <= wanted if row.get("side") == "at_most" else found.value >= wanted
