"""What doors show of a strategy: the overview, the chain both ways, orphans, and who names an indicator."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.strategy import vision
from beffroi.strategy.action import DRAFT, STOPPED
from beffroi.strategy.cost import amounts, total
from beffroi.strategy.failure_factor import LIFTED, unanswered
from beffroi.strategy.kinds import KINDS
from beffroi.strategy.objective import DROPPED, results_of
from beffroi.strategy.progress import Progress, progress
from beffroi.strategy.project import Late, late

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date
    from decimal import Decimal

    from beffroi.charter.book import Book, Thing
    from beffroi.strategy.figures import Figures
    from beffroi.strategy.vision import Headline

# What each kind hangs on, upwards: project → action → key result → objective → factor and vision.
ABOVE: Mapping[str, tuple[str, ...]] = {
    "project": ("actions", "objectives"), "action": ("objectives", "programme"), "result": ("objective",),
    "objective": ("factors", "vision"), "programme": ("vision",),
}  # fmt: skip
TOP_DOWN = ("vision", "factor", "objective", "result", "programme", "action", "project")


@dataclass(frozen=True, slots=True)
class Chain:
    """What a thing serves (`above`) and what serves it (`below`), from the vision down to projects."""

    thing: Thing
    above: tuple[Thing, ...]
    below: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Orphans:
    """What hangs on nothing: each is a list that should be empty."""

    objectives_without_action: tuple[Thing, ...]
    actions_without_objective: tuple[Thing, ...]
    projects_without_objective: tuple[Thing, ...]
    factors_without_objective: tuple[Thing, ...]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return any(getattr(self, name) for name in self.__slots__)


@dataclass(frozen=True, slots=True)
class Overview:
    """A strategy in two minutes: the vision in force and its headline figures, then what stands where."""

    vision: Thing | None
    headlines: tuple[Headline, ...]
    factors: tuple[Thing, ...]
    progress: tuple[Progress, ...]
    actions: Mapping[str, int]
    projects: Mapping[str, int]
    late: tuple[Late, ...]
    committed_eur: Decimal
    spent_eur: Decimal
    effects: Mapping[str, int]


def overview(book: Book, figures: Figures, *, on: date) -> Overview:
    """Return the strategy as it stands in a book. Only what is published counts."""
    shown = vision_in_force(book)
    actions = [one for one in book.of("action") if one.get("state") != DRAFT]
    projects = [one for one in book.of("project") if one.get("state") != DRAFT]
    money = [one for thing in actions for one in amounts(thing, "costs")]
    money += [one for thing in projects for one in amounts(thing, "funding")]
    committed, spent = total(money)
    edition = figures.edition_on(on)
    return Overview(
        shown,
        vision.headlines(shown, book, figures, on=on, edition=edition) if shown else (),
        tuple(sorted((one for one in book.of("factor") if one.get("state") != LIFTED),
                     key=lambda one: one.text("severity"), reverse=True)),
        tuple(progress(one, book, figures, edition=edition) for objective in book.of("objective")
              if objective.get("state") != DROPPED for one in results_of(book, objective.id)),
        Counter(one.text("state") for one in actions),
        Counter(one.text("state") for one in projects),
        late(book, on),
        committed, spent,
        Counter(one.text("effect_status") or "unknown" for one in actions),
    )  # fmt: skip


def vision_in_force(book: Book) -> Thing | None:
    """Return the vision that was approved last; None when none ever was."""
    held = [one for one in book.of("vision") if vision.is_in_force(one)]
    return max(held, key=lambda one: one.entry, default=None)


def chain(book: Book, thing: str) -> Chain:
    """Return what a thing serves and what serves it, archived things left out.

    Raises:
        UnknownThingError: there is no such thing.
    """
    start = book.thing(thing)
    above = _reach(start, lambda one: (book.find(each) for name in ABOVE.get(one.kind, ()) for each in one.ids(name)))
    below = _reach(start, lambda one: (each for each in book.linking(one.id) if _hangs_on(each, one.id)))
    return Chain(start, _sorted(above), _sorted(below))


def orphans(book: Book) -> Orphans:
    """Return objectives without action, actions and projects without objective, factors without objective."""
    served = {each for one in (*book.of("action"), *book.of("project")) for each in one.ids("objectives")}
    objectives = [one for one in book.of("objective") if one.get("state") != DROPPED]
    return Orphans(
        tuple(one for one in objectives
              if not {one.id, *(each.id for each in results_of(book, one.id))} & served),
        tuple(one for one in book.of("action") if not one.ids("objectives") and one.get("state") != STOPPED),
        tuple(one for one in book.of("project") if not one.ids("objectives") and one.get("state") != STOPPED),
        unanswered(book),
    )  # fmt: skip


def naming(book: Book, indicator: str) -> tuple[Thing, ...]:
    """Return the things, not archived, that name an indicator anywhere; an objective by its key results."""
    found = {
        one.id: one for one in book if not one.is_archived and one.kind in KINDS and indicator in _texts(one.values)
    }
    for one in list(found.values()):
        objective = book.find(one.text("objective")) if one.kind == "result" else None
        if objective is not None and not objective.is_archived:
            found[objective.id] = objective
            found |= {each.id: each for each in book.linking(objective.id, "action", "objectives")}
            found |= {each.id: each for each in book.linking(one.id, "action", "objectives")}
        if one.kind == "factor":
            for each in book.linking(one.id, "objective", "factors"):
                found |= {each.id: each, **{act.id: act for act in book.linking(each.id, "action", "objectives")}}
    return _sorted(found.values())


def _reach(start: Thing, step: Callable[[Thing], Iterable[Thing | None]]) -> list[Thing]:
    found: dict[str, Thing] = {}
    left = [start]
    while left:
        for one in step(left.pop()):
            if one is not None and not one.is_archived and one.id not in found and one.id != start.id:
                found[one.id] = one
                left.append(one)
    return list(found.values())


def _hangs_on(one: Thing, other: str) -> bool:
    return any(other in one.ids(name) for name in ABOVE.get(one.kind, ()))


def _sorted(things: Iterable[Thing]) -> tuple[Thing, ...]:
    order = {kind: number for number, kind in enumerate((*TOP_DOWN, *KINDS))}
    return tuple(sorted(things, key=lambda one: (order[one.kind], int(one.id.rpartition("-")[2]))))


def _texts(values: Mapping[str, object]) -> set[str]:
    def walk(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for one in value.values():
                yield from walk(one)
        elif isinstance(value, list):
            for one in value:
                yield from walk(one)

    return {text for name in values for text in walk(values[name])}
