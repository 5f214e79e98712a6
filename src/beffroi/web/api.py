"""The read API: the same tables as pages, as JSON, with an OpenAPI description and no documentation from elsewhere."""


# ruff: noqa: ARG001, A002, PLR0913, PLR0917 -- ninja reads the signature: names are those of the address, each filter is a parameter

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from beffroi.observatory import portrait, tables
from beffroi.vocabulary.errors import BeffroiError, UsageError
from beffroi.web import access
from beffroi.web.api_answers import router
from beffroi.web.api_described import PROBLEM, DescribedApi
from beffroi.web.api_fabric import router as fabric
from beffroi.web.api_frame import ANSWERS, answer, language_of, open_set
from beffroi.web.api_government import router as government_router
from beffroi.web.api_strategy import router as strategy_router
from beffroi.web.api_votes import router as votes

api = DescribedApi(
    title="Beffroi",
    version="1",
    docs_url=None,
    urls_namespace="api",
    description="Where European regions stand in digital matters, how sure that is, and on what it rests. Read only.",
)
NOT_FOUND, NONSENSE = 404, 422
api.prefix = "/api/v1/"
api.add_router("", router)
api.add_router("", votes)
api.add_router("/fabric", fabric)
api.add_router("/strategy", strategy_router)
api.add_router("", government_router)


def _problem(status: int, detail: str) -> HttpResponse:
    page = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return HttpResponse(json.dumps(page, ensure_ascii=False), status=status, content_type=PROBLEM)


@api.exception_handler(BeffroiError)
def _refused(request: HttpRequest, error: BeffroiError) -> HttpResponse:
    return _problem(NONSENSE if type(error) is UsageError else NOT_FOUND, str(error))


@api.exception_handler(Http404)
def _hidden(request: HttpRequest, error: Http404) -> HttpResponse:
    return _problem(NOT_FOUND, "There is nothing here.")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = "; ".join(f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors)
    return _problem(422, faults)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _problem(error.status_code, error.message)


@api.get("/editions", response=ANSWERS, summary="Editions, newest first")
def list_editions(request: HttpRequest, response: HttpResponse, lang: str = "en") -> object:
    """Every edition with its date, digest, errata, and state: validated, submitted, sent_back or not_validated."""
    language_of(lang)
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
            one.validation.state,
            one.validation.by.on if one.validation.by else None,
        )
        for one in found
    )
    columns = (
        "id",
        "title",
        "built_on",
        "first_year",
        "last_year",
        "digest",
        "version",
        "errata",
        "validation",
        "signed_on",
    )
    return answer(response, access.open_edition(), tables.Table("editions", columns, rows), is_pinned=False)


@api.get("/sets", response=ANSWERS, summary="Comparison sets")
def list_sets(request: HttpRequest, response: HttpResponse, edition: str | None = None, lang: str = "en") -> object:
    """Each set of an edition with the number of ranked and excluded regions."""
    opened, _reading = open_set(edition, None)
    rows = tuple(
        (
            key,
            opened.definitions[key].name.say(language_of(lang)),
            one.index_id,
            len(one.standings),
            len(one.excluded),
            one.scenarios,
        )
        for key, one in opened.sets.items()
    )
    columns = ("id", "name", "index", "ranked", "excluded", "scenarios")
    return answer(response, opened, tables.Table("sets", columns, rows), is_pinned=edition is not None)


@api.get("/ranks", response=ANSWERS, summary="Ranks with intervals")
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
    opened, reading = open_set(edition, set)
    if dir not in {"asc", "desc"}:
        raise HttpError(422, f"dir: '{dir}' is not an order; use asc or desc.")
    query = tables.RankQuery(country.upper(), q, sort, dir == "desc", top, coverage / 100)
    found = tables.select(opened, reading, query, language=language_of(lang))
    table = tables.ranks(opened, reading, found, language=lang)
    return answer(response, opened, table, is_pinned=edition is not None)


@api.get("/regions/{code}", response=ANSWERS, summary="One region, every indicator")
def show_region(
    request: HttpRequest,
    response: HttpResponse,
    code: str,
    edition: str | None = None,
    set: str | None = None,
    lang: str = "en",
) -> object:
    """Every figure of a region, from the raw value to its points."""
    opened, reading = open_set(edition, set)
    table = tables.region(opened, reading, portrait.require(opened, code), language=language_of(lang))
    return answer(response, opened, table, is_pinned=edition is not None)


@api.get("/indicators", response=ANSWERS, summary="Indicators")
def list_indicators(
    request: HttpRequest, response: HttpResponse, edition: str | None = None, lang: str = "en"
) -> object:
    """Each indicator with its unit, direction and source."""
    opened, _reading = open_set(edition, None)
    language_of(lang)
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
    return answer(response, opened, tables.Table("indicators", columns, rows), is_pinned=edition is not None)


@api.get("/indicators/{indicator_id}", response=ANSWERS, summary="One indicator, every region")
def show_indicator(
    request: HttpRequest,
    response: HttpResponse,
    indicator_id: str,
    edition: str | None = None,
    set: str | None = None,
    lang: str = "en",
) -> object:
    """Every region's figure, best first."""
    opened, reading = open_set(edition, set)
    table = tables.indicator(opened, reading, indicator_id, language=language_of(lang))
    return answer(response, opened, table, is_pinned=edition is not None)


@api.get("/cells", response=ANSWERS, summary="Chosen figures")
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
    opened, reading = open_set(edition, set)
    codes = [portrait.require(opened, one) for one in region.split(",") if one.strip()]
    keys = [one.strip() for one in indicator.split(",") if one.strip()]
    for key in keys:
        tables.in_order(opened, reading, key)  # refuses an unknown indicator
    table = tables.cells(opened, reading, [(code, key) for code in codes for key in keys], language=language_of(lang))
    return answer(response, opened, table, is_pinned=edition is not None)


def description() -> dict[str, Any]:
    """The OpenAPI description, for tests and the command line."""
    return cast("dict[str, Any]", api.get_openapi_schema())
