"""The strategy as plain tables for files: columns and rows, the same for pages, the read API and the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from beffroi.charter.holds import Both
from beffroi.strategy.cost import Amount, of_action, per_result
from beffroi.strategy.genericity import report
from beffroi.strategy.measure import effect_of, status_of
from beffroi.strategy.order import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Kind
    from beffroi.strategy.compare import SideBySide
    from beffroi.strategy.read import Orphans, Overview

Value = str | int | float | None
Rows = tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]]

ACTIONS = (
    "action", "name_fr", "name_en", "programme", "state", "owner", "objectives", "after", "starts", "ends", "funder",
    "organisation", "year", "committed_eur", "spent_eur", "stated_by", "effect_status", "effect", "effect_unit_en",
    "eur_per_result", "why_no_cost_per_result_en",
)  # fmt: skip


def actions(book: Book, found: Sequence[Thing] | None = None) -> Rows:
    """Return every action in order, one row for each funder and year; one row without amounts when there are none."""
    rows: list[tuple[Value, ...]] = []
    for action in in_order(book.of("action") if found is None else found):
        amounts: Iterable[Amount | None] = of_action(action, book) or (None,)
        rows += [_action(action, one, book) for one in amounts]
    return ACTIONS, tuple(rows)


def _action(action: Thing, one: Amount | None, book: Book) -> tuple[Value, ...]:
    effect, cost = effect_of(action), per_result(action, book)
    money: tuple[Value, ...] = (
        ("", "", None, None, None, "") if one is None
        else (one.funder, one.organisation, one.year, str(one.committed_eur), str(one.spent_eur), one.of)
    )  # fmt: skip
    return (
        action.id, action.text("name", "fr"), action.text("name", "en"), action.text("programme"), action.text("state"),
        action.text("owner"), " ".join(action.ids("objectives")), " ".join(action.ids("after")), action.text("starts"),
        action.text("ends"), *money, status_of(action), None if effect is None else str(effect),
        action.text("effect_unit", "en"), None if cost.eur is None else f"{cost.eur:.2f}",
        cost.refusal.en if cost.refusal else "",
    )  # fmt: skip


def things(book: Book, kind: Kind) -> Rows:
    """Return the things of a kind with the fields that everybody may read; lists are written as JSON."""
    fields = [one for one in kind.fields if one.audience == "all"]
    columns = ["id"]
    for one in fields:
        columns += [f"{one.name}_fr", f"{one.name}_en"] if isinstance(one.type, Both) else [one.name]
    rows = []
    for thing in book.of(kind.name):
        cells: list[Value] = [thing.id]
        for one in fields:
            if isinstance(one.type, Both):
                cells += [thing.text(one.name, "fr"), thing.text(one.name, "en")]
            else:
                cells.append(_cell(thing.get(one.name)))
        rows.append((*cells, thing.born_at.isoformat(), thing.at.isoformat()))
    return (*columns, "entered", "changed"), tuple(rows)


def _cell(value: object) -> Value:
    return value if isinstance(value, str | int) or value is None else json.dumps(value, ensure_ascii=False)


def overview(found: Overview, *, language: str) -> Rows:
    """Return the strategy at a glance as rows of what, value, unit, year and source."""
    columns = ("what", "name", "value", "year", "target", "due", "gap", "standing", "source", "permalink")
    rows: list[tuple[Value, ...]] = [
        ("headline", one.name.say(language), None if one.figure is None else str(one.figure.value),
         None if one.figure is None else one.figure.year, str(one.target), str(one.due),
         None if one.gap is None else str(one.gap), "stale" if one.is_stale else "fresh",
         "" if one.figure is None else one.figure.source.say(language),
         "" if one.figure is None else one.figure.permalink)
        for one in found.headlines
    ]  # fmt: skip
    rows += [("key_result", one.result.text("name", language), None if one.figure is None else str(one.figure.value),
              None if one.figure is None else one.figure.year, one.result.text("target"), one.result.text("due"),
              None, one.state, "" if one.figure is None else one.figure.source.say(language),
              "" if one.figure is None else one.figure.permalink) for one in found.progress]  # fmt: skip
    for what, held in (("actions", found.actions), ("projects", found.projects), ("effects", found.effects)):
        rows += [(what, state, count, None, None, None, None, "", "", "") for state, count in sorted(held.items())]
    money = (("committed_eur", found.committed_eur), ("spent_eur", found.spent_eur))
    rows += [("money", name, str(amount), None, None, None, None, "", "", "") for name, amount in money]
    rows += [("late", one.milestone, one.days, None, None, one.due.isoformat(), None, "", one.project.id, "")
             for one in found.late]  # fmt: skip
    return columns, tuple(rows)


def orphans(found: Orphans, *, language: str) -> Rows:
    """Return what hangs on nothing, list by list."""
    rows = tuple((name, one.id, one.text("name", language)) for name in found.__slots__ for one in getattr(found, name))
    return ("list", "id", "name"), rows


def genericity(book: Book, *, language: str) -> Rows:
    """Return every action with what ties it to the territory."""
    columns = ("action", "name", "verdict", "links", "not_shared_by_all", "review", "resembles", "likeness_of_100")
    rows = tuple(
        (one.action.id, one.action.text("name", language), one.verdict, "; ".join(one.links), "; ".join(one.own),
         one.review, one.near[0].say(language) if one.near else "", one.near[1] if one.near else None)
        for one in report(book)
    )  # fmt: skip
    return columns, rows


def factors_compared(found: Iterable[SideBySide], *, language: str) -> Rows:
    """Return factors under two editions, one row for each indicator."""
    columns = ("factor", "name", "severity_before", "severity_after", "state_before", "state_after", "indicator",
               "year_before", "value_before", "year_after", "value_after", "change", "verdict", "permalink_before",
               "permalink_after")  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for one in found:
        head = (one.factor.id, one.factor.text("name", language), one.severity_before, one.severity_after,
                one.state_before, one.state_after)  # fmt: skip
        for pair in one.pairs:
            before, after = pair.before, pair.after
            rows.append((
                *head, pair.indicator, before.year if before else None, str(before.value) if before else None,
                after.year if after else None, str(after.value) if after else None,
                None if pair.change is None else str(pair.change), pair.verdict,
                before.permalink if before else "", after.permalink if after else "",
            ))  # fmt: skip
        if not one.pairs:
            rows.append((*head, "", None, None, None, None, None, "unknown", "", ""))
    return columns, tuple(rows)
