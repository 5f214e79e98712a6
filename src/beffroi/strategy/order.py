"""Which action comes before which: prerequisites, cycles, and one order for tables and pictures alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.strategy.decision import APPROVED, outcome_of
from beffroi.strategy.thresholds import is_passed, seen
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from beffroi.charter.book import Book, Thing
    from beffroi.strategy.facts import Facts

FINISHED = "finished"
LAST = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """What must hold before an action starts: an action, a decision or a threshold, in words, and whether it does."""

    kind: str
    id: str
    said: Text
    is_met: bool


def prerequisites(action: Thing, book: Book, facts: Facts) -> tuple[Prerequisite, ...]:
    """Return all prerequisites of an action, met or not."""
    return (
        *(_finished(one, book) for one in action.ids("after")),
        *(_decided(one, book, facts) for one in action.ids("decisions")),
        *(_passed(row, book, facts) for row in action.rows("thresholds")),
    )


def unmet(action: Thing, book: Book, facts: Facts) -> tuple[Prerequisite, ...]:
    """Return the prerequisites that do not hold."""
    return tuple(one for one in prerequisites(action, book, facts) if not one.is_met)


def cycle_through(action: Thing, book: Book) -> tuple[str, ...]:
    """Return actions that lead from this one back to it, or none. `action` may differ from what the book holds."""
    path: list[str] = []
    visited: set[str] = set()

    def leads_back(ids: Iterable[str]) -> bool:
        for one in ids:
            if one == action.id:
                return True
            thing = book.find(one)
            if thing is None or one in visited:
                continue
            visited.add(one)
            path.append(one)
            if leads_back(thing.ids("after")):
                return True
            path.pop()
        return False

    return (action.id, *path, action.id) if leads_back(action.ids("after")) else ()


def in_order(actions: Iterable[Thing]) -> tuple[Thing, ...]:
    """Return actions so that each follows what it requires; else by day of start, then by birth.

    Actions required but not among those given do not count.
    """
    left = {one.id: one for one in actions}
    births = {key: number for number, key in enumerate(left)}
    found: list[Thing] = []
    while left:
        free = [one for one in left.values() if not any(before in left for before in one.ids("after"))]
        # Entries that were imported may hold a cycle: then the earliest goes first rather than none.
        chosen = min(free or left.values(), key=lambda one: (one.text("starts") or LAST, births[one.id]))
        found.append(left.pop(chosen.id))
    return tuple(found)


def _finished(action: str, book: Book) -> Prerequisite:
    thing = book.find(action)
    names = (thing.text("name", "fr"), thing.text("name", "en")) if thing else (action, action)
    return Prerequisite("action", action, Text(f"« {names[0]} » est achevée", f"“{names[1]}” is finished"),
                        thing is not None and thing.get("state") == FINISHED)  # fmt: skip


def _decided(decision: str, book: Book, facts: Facts) -> Prerequisite:
    found = outcome_of(decision, book, facts.votes)
    return Prerequisite("decision", decision, Text(f"la décision {decision} est approuvée",
                                                   f"decision {decision} is approved"),
                        found is not None and found.outcome == APPROVED)  # fmt: skip


def _passed(row: Mapping[str, object], book: Book, facts: Facts) -> Prerequisite:
    figure = seen(row, book, facts.figures)
    name = figure.name if figure else Text(str(row["indicator"]), str(row["indicator"]))
    side = Text("au plus", "at most") if row["side"] == "at_most" else Text("au moins", "at least")
    now = f" ({figure.value}, {figure.year})" if figure else ""
    return Prerequisite("threshold", str(row["indicator"]),
                        Text(f"{name.fr} : {side.fr} {row['value']}{now}", f"{name.en}: {side.en} {row['value']}{now}"),
                        is_passed(row, book, facts.figures))  # fmt: skip
