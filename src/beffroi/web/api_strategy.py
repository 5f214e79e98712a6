"""The strategy in the read API: what everybody may read, as it stood on any day."""

# ruff: noqa: ARG001 -- ninja reads the signature: names are those of the address, each filter is a parameter

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse  # noqa: TC002 -- ninja reads annotations at run time
from ninja import Router, Schema

from beffroi.charter import entries
from beffroi.strategy import read, tables
from beffroi.strategy.kinds import KINDS
from beffroi.vocabulary.errors import UnknownDefinitionError
from beffroi.web import strategy_facts
from beffroi.web.api_frame import Problem, language_of
from beffroi.web.charter_words import end_of
from beffroi.web.strategy_frame import published

if TYPE_CHECKING:
    from beffroi.charter.book import Book

router = Router()


class Told(Schema):
    """A table of the strategy: the day it was true on, how many rows, and the rows as objects."""

    on: str
    count: int
    rows: list[dict[str, str | int | float | None]]


ANSWERS: Any = {200: Told, 404: Problem, 422: Problem}


@router.get("", response=ANSWERS, summary="The strategy at a glance")
def show_overview(request: HttpRequest, response: HttpResponse, on: date | None = None, lang: str = "en") -> object:
    """Headline figures, key results, and how many actions and projects stand where."""
    found = read.overview(_book(on), strategy_facts.figures(), on=_day(on))
    return _told(response, on, tables.overview(found, language=language_of(lang)))


@router.get("/orphans", response=ANSWERS, summary="What hangs on nothing")
def list_orphans(request: HttpRequest, response: HttpResponse, on: date | None = None, lang: str = "en") -> object:
    """Objectives without action, actions and projects without objective, factors without objective."""
    return _told(response, on, tables.orphans(read.orphans(_book(on)), language=language_of(lang)))


@router.get("/genericity", response=ANSWERS, summary="What ties actions to the territory")
def list_genericity(request: HttpRequest, response: HttpResponse, on: date | None = None, lang: str = "en") -> object:
    """Every published action, the least tied first."""
    return _told(response, on, tables.genericity(_book(on), language=language_of(lang)))


@router.get("/indicator/{indicator_id}", response=ANSWERS, summary="What names an indicator")
def list_naming(
    request: HttpRequest, response: HttpResponse, indicator_id: str, on: date | None = None, lang: str = "en"
) -> object:
    """The factors, objectives, actions and projects that name an indicator."""
    found = read.naming(_book(on), indicator_id)
    rows = tuple((one.kind, one.id, one.text("name", language_of(lang))) for one in found)
    return _told(response, on, (("kind", "id", "name"), rows))


@router.get("/funders", response=ANSWERS, summary="Actions with funders and years")
def list_funders(request: HttpRequest, response: HttpResponse, on: date | None = None) -> object:
    """Every published action in its order, one row for each funder and year."""
    return _told(response, on, tables.actions(_book(on)))


@router.get("/things/{kind}", response=ANSWERS, summary="Things of one kind")
def list_things(request: HttpRequest, response: HttpResponse, kind: str, on: date | None = None) -> object:
    """Every published thing of a kind, such as factor, objective, action or project."""
    if kind not in KINDS:
        raise UnknownDefinitionError(f"'{kind}' is no kind of the strategy; one of: {', '.join(KINDS)}.")
    return _told(response, on, tables.things(_book(on), KINDS[kind]))


@router.get("/things/{kind}/{thing}/chain", response=ANSWERS, summary="The chain of one thing, both ways")
def show_chain(
    request: HttpRequest, response: HttpResponse, kind: str, thing: str, on: date | None = None, lang: str = "en"
) -> object:
    """What a thing serves, and what serves it."""
    found = read.chain(_book(on), thing)
    name = language_of(lang)
    rows = tuple((way, one.kind, one.id, one.text("name", name)) for way, held in (("above", found.above),
                                                                                  ("below", found.below))
                 for one in held)  # fmt: skip
    return _told(response, on, (("way", "kind", "id", "name"), rows))


def _book(on: date | None) -> Book:
    return published(entries.book(end_of(on)))


def _day(on: date | None) -> date:
    return on or datetime.now(UTC).date()


def _told(response: HttpResponse, on: date | None, table: tables.Rows) -> dict[str, object]:
    response["Cache-Control"] = "public, max-age=60"
    columns, rows = table
    return {
        "on": _day(on).isoformat(),
        "count": len(rows),
        "rows": [dict(zip(columns, row, strict=True)) for row in rows],
    }
