"""From weakness to vote and back: each way from an indicator over factor, objective, action and project to what came.

A path is read both ways: from an indicator to the decisions that concern it, and from a project to the same indicator
measured in an edition before it began and in one after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from beffroi.strategy.figures import figure_of
from beffroi.strategy.measure import status_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from beffroi.charter.book import Book, Thing
    from beffroi.strategy.figures import Figures
    from beffroi.vocabulary.figure import Figure


@dataclass(frozen=True, slots=True)
class Path:
    """One way through the strategy; a link that nobody made is None.

    Attributes:
        indicator, region: what is measured at both ends; empty when neither factor nor key result names one.
        factor, objective, result, action, project: the things on the way.
        decisions: ids of the votes and decisions on the way, each once, top first.
        before: the figure in the edition that was current before the action or project began.
        after: the figure in the newest edition, or in the one that the action names.
        status: what is known of the action's effect: measured, estimated or unknown; empty without an action.
    """

    indicator: str
    region: str
    factor: Thing | None
    objective: Thing | None
    result: Thing | None
    action: Thing | None
    project: Thing | None
    decisions: tuple[str, ...]
    before: Figure | None
    after: Figure | None
    status: str

    @property
    def change(self) -> Decimal | None:
        """How far the figure moved; None unless it was measured twice, in two editions."""
        if self.before is None or self.after is None or self.before.edition == self.after.edition:
            return None
        return self.after.value - self.before.value

    def has(self, thing: str) -> bool:
        """Whether a thing or decision is on the way."""
        held = (self.factor, self.objective, self.result, self.action, self.project)
        return thing in self.decisions or any(one is not None and one.id == thing for one in held)


def paths(book: Book, figures: Figures, *, indicator: str = "", thing: str = "", on: date) -> list[Path]:
    """Return every path of a book, or those that concern an indicator or a thing (a decision's id is one too).

    Args:
        book: the strategy as of a day.
        figures: reads the observatory's figures.
        indicator: keep the paths that it stands at the ends of; empty keeps all.
        thing: keep the paths that lead over it; empty keeps all.
        on: the day shown; the newest edition of that day is the one "after".
    """
    found = [
        _path(book, figures, measured, factor, objective, result, action, project, on)
        for factor, objective in _answers(book)
        for result in _results(book, objective)
        for action, project in _deeds(book, objective, result)
        for measured in _measured(factor, result)
    ]
    kept = [one for one in found if indicator in {"", one.indicator}]
    return [one for one in kept if not thing or one.has(thing)]


def _answers(book: Book) -> Iterator[tuple[Thing | None, Thing | None]]:
    answered = set()
    for objective in book.of("objective"):
        factors = [one for name in objective.ids("factors") if (one := book.find(name)) and not one.is_archived]
        answered |= {one.id for one in factors}
        yield from ((one, objective) for one in factors)
        if not factors:
            yield None, objective
    yield from ((one, None) for one in book.of("factor") if one.id not in answered)


def _results(book: Book, objective: Thing | None) -> Iterable[Thing | None]:
    return (objective and book.linking(objective.id, "result", "objective")) or (None,)


def _deeds(book: Book, objective: Thing | None, result: Thing | None) -> Iterator[tuple[Thing | None, Thing | None]]:
    served = [one.id for one in (objective, result) if one is not None]
    actions = _linking(book, served, "action", "objectives")
    direct = _linking(book, served, "project", "objectives")
    through: set[str] = set()
    for action in actions:
        projects = book.linking(action.id, "project", "actions")
        through |= {one.id for one in projects}
        for project in projects or (None,):
            yield action, project
    alone = [one for one in direct if one.id not in through]
    yield from ((None, one) for one in alone)
    if not actions and not alone:
        yield None, None


def _linking(book: Book, things: Iterable[str], kind: str, field: str) -> list[Thing]:
    return list({one.id: one for thing in things for one in book.linking(thing, kind, field)}.values())


def _measured(factor: Thing | None, result: Thing | None) -> list[tuple[str, str]]:
    found = [(result.text("indicator"), result.text("region"))] if result and result.get("indicator") else []
    if factor is not None:
        region = factor.text("region")
        found += [(name, region) for name in factor.ids("indicators")]
        found += [(str(row["indicator"]), str(row.get("region") or region)) for row in factor.rows("evidence")
                  if row.get("indicator")]  # fmt: skip
    return list(dict.fromkeys(found)) or [("", "")]


def _path(  # noqa: PLR0913, PLR0917 -- the links of a chain, in their order
    book: Book, figures: Figures, measured: tuple[str, str], factor: Thing | None, objective: Thing | None,
    result: Thing | None, action: Thing | None, project: Thing | None, on: date,
) -> Path:  # fmt: skip
    indicator, region = measured
    starts = _first_day(action, project)
    before = (action.text("edition_before") if action else "") or (figures.edition_on(starts) if starts else "")
    after = (action.text("edition_after") if action else "") or figures.edition_on(on)
    read = [figure_of(figures, book, indicator, region, one) if indicator and one else None for one in (before, after)]
    decisions = _decisions(book, factor, objective, action)
    status = status_of(action) if action else ""
    ends = {"before": read[0], "after": read[1]}
    return Path(indicator, region, factor, objective, result, action, project, decisions, status=status, **ends)


def _first_day(*things: Thing | None) -> date | None:
    days = [one.text("starts") for one in things if one is not None and one.get("starts")]
    return date.fromisoformat(min(days)) if days else None


def _decisions(book: Book, factor: Thing | None, objective: Thing | None, action: Thing | None) -> tuple[str, ...]:
    vision = book.find(objective.text("vision")) if objective else None
    named = ((vision, "decision"), (factor, "lifted_by"), (objective, "decision"), (action, "decisions"))
    return tuple(dict.fromkeys(each for thing, field in named if thing for each in thing.ids(field)))
