"""Government in the read API: the same tables as pages, within the reach of who asks."""

# ruff: noqa: ARG001 -- ninja reads the signature: names are those of the address, each filter is a parameter

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse  # noqa: TC002 -- ninja reads it
from ninja import Router, Schema
from ninja.errors import HttpError

from beffroi.charter import entries
from beffroi.federation import government
from beffroi.web.api_frame import Problem, language_of
from beffroi.web.charter_words import as_table, select
from beffroi.web.government_frame import book_here, day_here, find, reader
from beffroi.web.pages.agreements import agreements_table, may_see
from beffroi.web.pages.bodies import seats_table, tree_table
from beffroi.web.pages.money import local_table, mix_table

if TYPE_CHECKING:
    from beffroi.observatory.tables import Table

router = Router(tags=["government"])
LISTED = tuple(name for name in government.KINDS if name != "seating")


class Things(Schema):
    """A table of government: how many rows, and the rows as objects."""

    count: int
    rows: list[dict[str, str | int | float | bool | None]]


ANSWERS = {200: Things, 404: Problem, 422: Problem}


@router.get("/bodies", response=ANSWERS, summary="Bodies of a day, as a tree")
def list_bodies(request: HttpRequest, response: HttpResponse, on: str = "") -> object:
    """Bodies that stand on a day (`on`, today without it), each after the one above it."""
    return _answer(response, tree_table(book_here(request), day_here(request)))


@router.get("/bodies/{body}", response=ANSWERS, summary="Who sits in a body on a day")
def show_body(request: HttpRequest, response: HttpResponse, body: str, on: str = "") -> object:
    """The composition of a body on a day."""
    book = book_here(request)
    return _answer(response, seats_table(book, find(request, book, body, "body"), day_here(request)))


@router.get("/government/{kind}", response=ANSWERS, summary="Things of government of a kind")
def list_things(request: HttpRequest, response: HttpResponse, kind: str, q: str = "", lang: str = "en") -> object:
    """Meetings, decisions, mandates …: what the reader may see, filtered by `q` or by any field of the kind."""
    if kind not in LISTED:
        raise HttpError(404, f"kind: '{kind}' is none of {', '.join(LISTED)}.")
    book = book_here(request)
    words = reader(request, language_of(lang), book)
    held = government.KINDS[kind]
    return _answer(response, as_table(held, select(held, book.of(kind), request.GET.dict(), words), words))


@router.get("/money/{year}/{what}", response=ANSWERS, summary="Local money, or the funding mix, of a year")
def list_money(request: HttpRequest, response: HttpResponse, year: int, what: str) -> object:
    """`what` is `local` or `mix`; amounts are exact decimal texts."""
    makers = {"local": local_table, "mix": mix_table}
    if what not in makers:
        raise HttpError(404, f"what: '{what}' is neither local nor mix.")
    return _answer(response, makers[what](entries.book(), year))


@router.get("/agreements", response=ANSWERS, summary="Agreements with funders")
def list_agreements(request: HttpRequest, response: HttpResponse, lang: str = "en") -> object:
    """Agreements that who asks may read: offices and chairs all, a funder its own, others none."""
    language_of(lang)
    return _answer(response, agreements_table(may_see(request)))


def _answer(response: HttpResponse, table: Table) -> dict[str, object]:
    response["Cache-Control"] = "no-store"  # what is seen depends on who asks
    return {"count": len(table.rows), "rows": [dict(zip(table.columns, row, strict=True)) for row in table.rows]}
