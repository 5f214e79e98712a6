"""Where a stage stands: the gap, and the year at the present pace, from assessments under one definition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from beffroi.charter.book import sum_up
from beffroi.specialisation.trend_crossing import FEWEST_YEARS, Crossing, crossing
from beffroi.strategy.stage import DEFINING, is_met

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from beffroi.charter.book import Book, Entry, Thing

DAYS_OF_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment with the definition it was made under; `is_current` when that is the stage's own of today."""

    thing: Thing
    definition: Mapping[str, object]
    value: Decimal
    is_met: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a stage stands.

    Attributes:
        stage: the stage.
        assessed: every assessment, oldest first, former definitions included.
        gap: what is missing, in units of the metric, 0 when it is met; None when nothing was assessed.
        gap_share: the same as a share of the threshold; None too when the threshold is 0.
        arrival: when the trend of the current assessments meets the threshold; None with fewer than three of them.
    """

    stage: Thing
    assessed: tuple[Assessed, ...]
    gap: Decimal | None
    gap_share: Decimal | None
    arrival: Crossing | None

    @property
    def last(self) -> Assessed | None:
        """The latest assessment under the definition of today."""
        return next((one for one in reversed(self.assessed) if one.is_current), None)


def standing(book: Book, stage: Thing, entries: Sequence[Entry]) -> Standing:
    """Return how a stage stands.

    Args:
        book: what holds the assessments, as of the day asked for.
        stage: the stage, from the same book.
        entries: the stage's history; entries later than the book are left out.
    """
    known = [one for one in entries if one.number <= stage.entry]
    found = sorted(book.linking(stage.id, "assessment", "stage"), key=lambda one: (one.text("on"), one.entry))
    assessed = tuple(_assessed(one, stage, known) for one in found)
    current = [one for one in assessed if one.is_current]
    if not current:
        return Standing(stage, assessed, None, None, None)
    threshold = Decimal(stage.text("threshold"))
    missing = threshold - current[-1].value if stage.get("better") != "low" else current[-1].value - threshold
    gap = max(missing, Decimal(0))
    share = gap / abs(threshold) if threshold else None
    return Standing(stage, assessed, gap, share, arrival(current, threshold))


def arrival(assessed: Sequence[Assessed], threshold: Decimal) -> Crossing | None:
    """Return when the straight trend of assessments meets a threshold, with its interval; None with too few.

    Two points always lie on a line and leave no doubt to measure, so three are the fewest
    (`specialisation.trend_crossing`).
    """
    years = [_year(one.thing.text("on")) for one in assessed]
    if len(set(years)) < FEWEST_YEARS:
        return None
    return crossing(years, [float(one.value) for one in assessed], [float(threshold)] * len(years))


def standings(book: Book, stages: Iterable[Thing], history: Callable[[str], Sequence[Entry]]) -> list[Standing]:
    """Return how stages stand, by track and place."""
    ordered = sorted(stages, key=lambda one: (one.text("track"), int(one.text("place") or 0)))
    return [standing(book, one, history(one.id)) for one in ordered]


def _assessed(one: Thing, stage: Thing, entries: Sequence[Entry]) -> Assessed:
    number = int(one.text("definition"))
    then = sum_up(entry for entry in entries if entry.number <= number).find(stage.id) or stage
    definition = {name: then.get(name) for name in DEFINING}
    value = Decimal(one.text("value"))
    is_current = definition == {name: stage.get(name) for name in DEFINING}
    return Assessed(one, definition, value, is_met(definition, value), is_current)


def _year(day: str) -> float:
    when = date.fromisoformat(day)
    start = date(when.year, 1, 1)
    return when.year + (when - start).days / DAYS_OF_YEAR
