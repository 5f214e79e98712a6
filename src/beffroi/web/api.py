"""The read API: the same tables as pages, as JSON, with an OpenAPI description and no documentation from elsewhere."""


# ruff: noqa: ARG001, A002, PLR0913, PLR0917 -- ninja reads the signature: names are those of the address, each filter is a parameter

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from beffroi.observatory import portrait, tables
from beffroi.observatory.ranking import set_of
from beffroi.vocabulary.errors import BeffroiError
from beffroi.web import access

if TYPE_CHECKING:
    from beffroi.observatory.reading import Edition, SetReading
    from beffroi.observatory.tables import Table

api = NinjaAPI(
    title="Beffroi",
    version="1",
    docs_url=None,
    urls_namespace="api",
    description="Where European regions stand in digital matters, how sure that is, and on what it rests. Read only.",
)
PROBLEM = "application/problem+json"


class Rows(Schema):
    """A table: the edition it comes from, how many rows, and the rows as objects."""

    edition: str
    count: int
    rows: list[dict[str, str | int | float | None]]


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


_ANSWERS: Any = {200: Rows, 404: Problem, 422: Problem}


def _problem(status: int, detail: str) -> HttpResponse:
    page = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return HttpResponse(json.dumps(page, ensure_ascii=False), status=status, content_type=PROBLEM)


@api.exception_handler(BeffroiError)
def _refused(request: HttpRequest, error: BeffroiError) -> HttpResponse:
    return _problem(404, str(error))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = "; ".join(f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors)
    return _problem(422, faults)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _problem(error.status_code, error.message)


def _open(edition: str | None, set_id: str | None) -> tuple[Edition, SetReading]:
    opened = access.open_edition(edition)
    return opened, set_of(opened, set_id)


def _answer(response: HttpResponse, edition: Edition, table: Table, *, is_pinned: bool) -> dict[str, object]:
    age = 31_536_000 if is_pinned else 300
    response["Cache-Control"] = f"public, max-age={age}{', immutable' if is_pinned else ''}"
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return {"edition": edition.id, "count": len(rows), "rows": rows}


def _language(lang: str) -> str:
    if lang not in {"fr", "en"}:
        raise HttpError(422, f"lang: '{lang}' is not a language of this house; use fr or en.")
    return lang


@api.get("/editions", response=_ANSWERS, summary="Editions, newest first")
def list_editions(request: HttpRequest, response: HttpResponse, lang: str = "en") -> object:
    """Every edition with its date, digest and errata."""
    _language(lang)
    found = [access.open_edition(one) for one in access.editions()]
    rows = tuple(
        (
            one.id,
            one.title.say(lang),
            one.built_on,
            one.first_year,
            one.last_year,
            one.digest,
            one.version,
            len(one.errata),
        )
        for one in found
    )
    columns = ("id", "title", "built_on", "first_year", "last_year", "digest", "version", "errata")
    return _answer(response, access.open_edition(), tables.Table("editions", columns, rows), is_pinned=False)


@api.get("/sets", response=_ANSWERS, summary="Comparison sets")
def list_sets(request: HttpRequest, response: HttpResponse, edition: str | None = None, lang: str = "en") -> object:
    """Each set of an edition with the number of ranked and excluded regions."""
    opened, _reading = _open(edition, None)
    rows = tuple(
        (
            key,
            opened.definitions[key].name.say(_language(lang)),
            one.index_id,
            len(one.standings),
            len(one.excluded),
            one.scenarios,
        )
        for key, one in opened.sets.items()
    )
    columns = ("id", "name", "index", "ranked", "excluded", "scenarios")
    return _answer(response, opened, tables.Table("sets", columns, rows), is_pinned=edition is not None)


@api.get("/ranks", response=_ANSWERS, summary="Ranks with intervals")
def list_ranks(
    request: HttpRequest,
    response: HttpResponse,
    edition: str | None = None,
    set: str | None = None,
    country: str = "",
    q: str = "",
    sort: str = "rank",
    dir: str = "asc",
    top: int | None = None,
    coverage: float = 0.0,
    lang: str = "en",
) -> object:
    """The rank table, filtered and sorted as the page does; `coverage` in per cent."""
    opened, reading = _open(edition, set)
    if dir not in {"asc", "desc"}:
        raise HttpError(422, f"dir: '{dir}' is not an order; use asc or desc.")
    query = tables.RankQuery(country.upper(), q, sort, dir == "desc", top, coverage / 100)
    found = tables.select(opened, reading, query, language=_language(lang))
    table = tables.ranks(opened, reading, found, language=lang)
    return _answer(response, opened, table, is_pinned=edition is not None)


@api.get("/regions/{code}", response=_ANSWERS, summary="One region, every indicator")
def show_region(
    request: HttpRequest,
    response: HttpResponse,
    code: str,
    edition: str | None = None,
    set: str | None = None,
    lang: str = "en",
) -> object:
    """Every figure of a region, from the raw value to its points."""
    opened, reading = _open(edition, set)
    table = tables.region(opened, reading, portrait.require(opened, code), language=_language(lang))
    return _answer(response, opened, table, is_pinned=edition is not None)


@api.get("/indicators", response=_ANSWERS, summary="Indicators")
def list_indicators(
    request: HttpRequest, response: HttpResponse, edition: str | None = None, lang: str = "en"
) -> object:
    """Each indicator with its unit, direction and source."""
    opened, _reading = _open(edition, None)
    _language(lang)
    columns = (
        "id",
        "name",
        "definition",
        "unit",
        "direction",
        "refresh_months",
        "source",
        "licence",
        "series",
    )
    rows = tuple(
        (
            one.id,
            one.name.say(lang),
            one.definition.say(lang),
            one.unit.symbol.say(lang),
            one.direction,
            one.refresh_months,
            *tables.source_of(opened, one, lang),
            " ".join(each.key for each in one.series),
        )
        for one in opened.indicators.values()
    )
    return _answer(response, opened, tables.Table("indicators", columns, rows), is_pinned=edition is not None)


@api.get("/indicators/{indicator_id}", response=_ANSWERS, summary="One indicator, every region")
def show_indicator(
    request: HttpRequest,
    response: HttpResponse,
    indicator_id: str,
    edition: str | None = None,
    set: str | None = None,
    lang: str = "en",
) -> object:
    """Every region's figure, best first."""
    opened, reading = _open(edition, set)
    table = tables.indicator(opened, reading, indicator_id, language=_language(lang))
    return _answer(response, opened, table, is_pinned=edition is not None)


@api.get("/cells", response=_ANSWERS, summary="Chosen figures")
def list_cells(
    request: HttpRequest,
    response: HttpResponse,
    region: str,
    indicator: str,
    edition: str | None = None,
    set: str | None = None,
    lang: str = "en",
) -> object:
    """Figures of some regions and indicators; both lists are separated by commas."""
    opened, reading = _open(edition, set)
    codes = [portrait.require(opened, one) for one in region.split(",") if one.strip()]
    keys = [one.strip() for one in indicator.split(",") if one.strip()]
    for key in keys:
        tables.in_order(opened, reading, key)  # refuses an unknown indicator
    table = tables.cells(opened, reading, [(code, key) for code in codes for key in keys], language=_language(lang))
    return _answer(response, opened, table, is_pinned=edition is not None)


def description() -> dict[str, Any]:
    """The OpenAPI description, for tests and the command line."""
    return cast("dict[str, Any]", api.get_openapi_schema(path_prefix="/api/v1/"))
