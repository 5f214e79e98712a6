"""Objectives, and the key results that make each one measurable.

A target is a field of a key result, so that its history is the table of its targets: none is ever overwritten, and a
new one needs a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from beffroi.charter.book import Thing, after
from beffroi.charter.faults import Fault
from beffroi.charter.field import Field
from beffroi.charter.holds import Choice, Day, Line, Link, Number, Outside
from beffroi.charter.shape import Change, Kind
from beffroi.strategy.decision import APPROVED as YES
from beffroi.strategy.decision import outcome_of
from beffroi.strategy.facts import facts_of
from beffroi.strategy.fields import FACTORS, INDICATOR_FIELD, NAME, OWNER, REGION_FIELD, SAID
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from beffroi.charter.book import Book, Entry

DRAFT, APPROVED, REACHED, DROPPED = "draft", "approved", "reached", "dropped"
STATES = Choice({
    DRAFT: Text("brouillon", "draft"), APPROVED: Text("approuvé", "approved"), REACHED: Text("atteint", "reached"),
    DROPPED: Text("abandonné", "dropped"),
})  # fmt: skip
MEASURED_BY = ("indicator", "baseline", "baseline_on", "target", "due", "source")


def approved_needs_a_measure(change: Change) -> Iterator[Fault]:
    """An objective is approved with at least one key result that has indicator, baseline, target, date and source."""
    if change.after.text("state") not in {APPROVED, REACHED}:
        return
    if not any(is_complete(one) for one in results_of(change.book, change.after.id)):
        yield Fault(
            "state",
            Text(
                "Il faut un résultat clé complet : indicateur, départ, cible, date et source.",
                "A complete key result is needed: indicator, baseline, target, date and source.",
            ),
        )
    decision = change.after.text("decision")
    found = outcome_of(decision, change.book, facts_of(change).votes) if decision else None
    if decision and change.is_set("decision") and (found is None or found.outcome != YES):
        yield Fault("decision", Text(f"« {decision} » n’est pas une décision approuvée.",
                                     f"'{decision}' is no approved decision."))  # fmt: skip


def dropping_says_why(change: Change) -> Iterator[Fault]:
    """An objective is dropped with a reason."""
    if change.after.text("state") == DROPPED and change.is_set("state") and not change.reason.strip():
        yield Fault("state", Text("Dites pourquoi l’objectif est abandonné.", "Say why the objective is dropped."))


OBJECTIVE = Kind(
    "objective", Text("objectif", "objective"), Text("objectifs", "objectives"),
    (
        NAME, SAID, OWNER,
        Field("vision", Link(("vision",)), Text("Vision servie", "Vision served"), is_required=True),
        FACTORS,
        Field("state", STATES, Text("État", "State"), is_required=True),
        Field("decision", Outside("vote"), Text("Décision", "Decision")),
    ),
    rules=(approved_needs_a_measure, dropping_says_why),
)  # fmt: skip


def a_new_target_says_why(change: Change) -> Iterator[Fault]:
    """A target or its date is replaced with a reason only."""
    if change.before is None or change.reason.strip():
        return
    for name in ("target", "due", "baseline"):
        if change.is_set(name) and change.before.get(name) is not None:
            yield Fault(name, Text("L’ancienne valeur est gardée ; dites pourquoi elle change.",
                                   "The old value is kept; say why it changes."))  # fmt: skip


def approved_stays_measured(change: Change) -> Iterator[Fault]:
    """An approved objective keeps at least one complete key result, whatever becomes of this one."""
    named = {one.text("objective") for one in (change.before, change.after) if one is not None}
    for objective in filter(None, map(change.book.find, sorted(named))):
        if objective.text("state") not in {APPROVED, REACHED}:
            continue
        others = [one for one in results_of(change.book, objective.id) if one.id != change.after.id]
        is_its_own = change.after.text("objective") == objective.id and not change.after.is_archived
        if not any(is_complete(one) for one in [*others, *([change.after] if is_its_own else [])]):
            yield Fault("", Text(f"{objective.id} est approuvé : il lui faut au moins un résultat clé complet.",
                                 f"{objective.id} is approved: it needs a complete key result."))  # fmt: skip


RESULT = Kind(
    "result", Text("résultat clé", "key result"), Text("résultats clés", "key results"),
    (
        NAME,
        Field("objective", Link(("objective",)), Text("Objectif", "Objective"), is_required=True),
        INDICATOR_FIELD, REGION_FIELD,
        Field("baseline", Number(), Text("Valeur de départ", "Baseline")),
        Field("baseline_on", Day(), Text("Jour de cette valeur", "Day of the baseline")),
        Field("target", Number(), Text("Cible", "Target")),
        Field("due", Day(), Text("Échéance", "Due")),
        Field("source", Line(400), Text("Source", "Source")),
    ),
    rules=(a_new_target_says_why, approved_stays_measured),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A target as it was set: value, date due, when, by whom, and the comment given."""

    target: Decimal | None
    due: str
    at: datetime
    by: str
    comment: str


def results_of(book: Book, objective: str) -> tuple[Thing, ...]:
    """Return the key results of an objective."""
    return book.linking(objective, "result", "objective")


def is_complete(result: Thing) -> bool:
    """Whether a key result has indicator, baseline, target, date and source."""
    return all(result.get(name) is not None for name in MEASURED_BY)


def targets(history: Iterable[Entry]) -> tuple[Target, ...]:
    """Return every target that a key result ever had, oldest first, from its entries."""
    found: list[Target] = []
    thing: Thing | None = None
    for entry in history:
        thing = after(thing, entry)
        if {"target", "due"} & set(entry.change):
            value = thing.get("target")
            found.append(Target(None if value is None else Decimal(str(value)), thing.text("due"), entry.at,
                                entry.author, entry.reason))  # fmt: skip
    return tuple(found)
