"""How far a key result has come, and whether it keeps the pace that its date asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from beffroi.strategy.figures import figure_of
from beffroi.strategy.objective import is_complete

if TYPE_CHECKING:
    from beffroi.charter.book import Book, Thing
    from beffroi.strategy.figures import Figures
    from beffroi.vocabulary.figure import Figure


@dataclass(frozen=True, slots=True)
class Progress:
    """A key result on a day.

    `way`: share of the way from baseline to target (0..1 and beyond), None without figures; `due_way`: the share that a
    steady pace would have covered by the day of the figure. `state`: `reached`, `on_pace`, `behind`, or `unknown`.
    """

    result: Thing
    figure: Figure | None
    way: Decimal | None
    due_way: Decimal | None
    state: str


def progress(result: Thing, book: Book, figures: Figures, *, edition: str = "") -> Progress:
    """Return how far a key result is by the newest figure, or by that of an edition."""
    figure = figure_of(figures, book, result.text("indicator"), result.text("region"), edition)
    if figure is None or not is_complete(result):
        return Progress(result, figure, None, None, "unknown")
    start, end = (Decimal(result.text(name)) for name in ("baseline", "target"))
    if start == end:
        return Progress(result, figure, None, None, "reached" if figure.value == end else "behind")
    way = (figure.value - start) / (end - start)
    due_way = _steady(
        date.fromisoformat(result.text("baseline_on")), date.fromisoformat(result.text("due")), figure.dated
    )
    state = "reached" if way >= 1 else "on_pace" if way >= due_way else "behind"
    return Progress(result, figure, way, due_way, state)


def _steady(start: date, due: date, on: date) -> Decimal:
    days = (due - start).days
    if days <= 0:
        return Decimal(1)
    return min(max(Decimal((on - start).days) / Decimal(days), Decimal(0)), Decimal(1))
