"""The read interface of the registry: what pages show, as JSON, by the same rules of who may see what.

It stands apart from the observatory's, whose answers anybody may keep and any site's scripts may read. A session
decides what is shown here, so nothing is stored on the way and no other site reads it.
"""

# ruff: noqa: ARG001 -- ninja reads the signature: names are those of the address, each filter is a parameter

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from ninja import Query, Schema
from ninja.errors import HttpError, ValidationError

from beffroi.catalogue.trades import load_trades
from beffroi.federation import directory, lineage, profile, read
from beffroi.federation.directory_entries import PUBLIC, entries
from beffroi.federation.freshness import freshness
from beffroi.federation.territory import territory_name
from beffroi.vocabulary.errors import BeffroiError, UsageError
from beffroi.web import pace
from beffroi.web.api_described import DescribedApi
from beffroi.web.api_frame import Problem, language_of
from beffroi.web.directory_ask import asked, sees_all, today
from beffroi.web.pages.organisation import open_organisation

MOST = 500
NOT_FOUND, NONSENSE = 404, 422

registry_api = DescribedApi(
    title="Beffroi: registry",
    version="1",
    docs_url=None,
    urls_namespace="registry-api",
    description="Organisations of the federation, where each value is from, and how the count comes about. Read only.",
)


class Filter(Schema):
    """What the directory may be asked; the same names as in its address."""

    q: str = ""
    list: str = ""
    territory: str = ""
    acts_in: str = ""
    trade: str = ""
    membership: str = ""
    size: str = ""
    status: str = ""
    sort: str = ""


class Organisation(Schema):
    """An organisation in short; size and status are null for visitors."""

    id: str
    name: str
    legal_unit: str
    city: str
    postcode: str
    website: str
    commune: str
    epci: str
    department: str
    region: str
    acts_in: list[str]
    lists: list[str]
    trades: list[str]
    trades_by: str
    formerly: list[str]
    size: str | None
    status: str | None


class Facet(Schema):
    """A value of a facet with how many organisations it would leave."""

    value: str
    count: int


class Page(Schema):
    """One page of what was found, and the facets."""

    count: int
    page: int
    pages: int
    trades_version: str
    rows: list[Organisation]
    facets: dict[str, list[Facet]]


class OtherValue(Schema):
    """A value that competes, and where it is from."""

    value: str
    origin: str


class Value(Schema):
    """A value with its origin and the rule that kept it."""

    field: str
    value: str
    rule: str
    origin: str
    others: list[OtherValue]


class Membership(Schema):
    """An organisation stands in a list since a day, perhaps until another."""

    organisation: str
    list: str
    since: str
    until: str | None


class Succession(Schema):
    """One organisation followed another."""

    heir: str
    former: str
    since: str
    source: str


class Whole(Schema):
    """Everything that may be seen of one organisation."""

    organisation: Organisation
    values: list[Value]
    memberships: list[Membership]
    lineage: list[Succession]
    verified_on: str | None
    verified_against: str


class Step(Schema):
    """A step of the count; `records` are the rows in it, for officers."""

    sign: str
    name: str
    count: int
    records: list[int] | None


class Count(Schema):
    """The number of members, explained."""

    sentence: str
    members: int
    steps: list[Step]


class Trade(Schema):
    """A trade of the scheme."""

    id: str
    label_fr: str
    label_en: str
    broader: str
    replaced_by: str
    codes: dict[str, list[str]]


class Scheme(Schema):
    """A versioned scheme of trades."""

    id: str
    version: str
    trades: list[Trade]


class ProfileLine(Schema):
    """A class with a number for each column, null where it is hidden."""

    dimension: str
    code: str
    counts: dict[str, int | None]


class ProfileAnswer(Schema):
    """The profile of the lists before and after they are put together."""

    lists: list[str]
    years: list[int]
    trades_version: str
    lines: list[ProfileLine]


def _problem(status: int, detail: str) -> HttpResponse:
    page = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return HttpResponse(json.dumps(page, ensure_ascii=False), status=status, content_type="application/problem+json")


@registry_api.exception_handler(BeffroiError)
def _refused(request: HttpRequest, error: BeffroiError) -> HttpResponse:
    return _problem(NONSENSE if type(error) is UsageError else NOT_FOUND, str(error))


@registry_api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = "; ".join(f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors)
    return _problem(NONSENSE, faults)


@registry_api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _problem(error.status_code, error.message)


@registry_api.exception_handler(Http404)
def _nothing(request: HttpRequest, error: Http404) -> HttpResponse:
    return _problem(NOT_FOUND, "There is nothing at this address, or it is not for you.")


ANSWERS: dict[int, Any] = {404: Problem, 422: Problem, 429: Problem}


def _count(request: HttpRequest) -> None:
    if pace.is_too_fast(request, "registry", pace.READS):
        raise HttpError(pace.TOO_MANY, f"More than {pace.READS} questions in a minute. Wait until the minute is over.")


@registry_api.get("/organisations", response={200: Page, **ANSWERS}, summary="Organisations, filtered and paged")
def list_organisations(
    request: HttpRequest,
    given: Query[Filter],
    page: int = 1,
    size_of_page: int = 50,
) -> object:
    """What the directory shows for the same filter; visitors find those that agreed to be shown."""
    _count(request)
    if not 1 <= size_of_page <= MOST:
        raise HttpError(NONSENSE, f"size_of_page: {size_of_page} is not between 1 and {MOST}.")
    everything = sees_all(request)
    query = asked(given.dict(), sees_all=everything)
    found = directory.search(query, day=today(), sees_all=everything)
    number, pages, shown = directory.cut(found.entries, page, size_of_page)
    facets = {
        name: [Facet(value=value, count=count) for value, count in counts.most_common()]
        for name, counts in found.facets.items() if everything or name not in directory.FOR_OFFICERS
    }  # fmt: skip
    return Page(
        count=len(found.entries), page=number, pages=pages, trades_version=load_trades().version,
        rows=[_short(one, sees_all=everything) for one in shown], facets=facets,
    )  # fmt: skip


@registry_api.get(
    "/organisations/{address}", response={200: Whole, **ANSWERS}, summary="One organisation, with origins"
)
def show_organisation(request: HttpRequest, address: str) -> object:
    """Every value with where it is from; an address of before a join leads to that of today (301)."""
    _count(request)
    shown, everything = open_organisation(request, address)
    if shown.id != address:
        return HttpResponsePermanentRedirect(f"/api/v1/registry/organisations/{shown.id}")
    held = {one.id: one for one in entries(today())}
    visible = {key for key, one in held.items() if sees_all(request) or one.is_public or key == shown.id}
    fresh = next(iter(freshness(shown.id)), None)
    return Whole(
        organisation=_short(held[shown.id], sees_all=everything),
        values=[
            Value(field=one.field, value=one.value, rule=one.rule, origin=one.origin,
                  others=[OtherValue(value=value, origin=place) for value, place in one.others] if everything else [])
            for one in shown.values if everything or one.field in PUBLIC
        ],
        memberships=[Membership(organisation=shown.id, list=source, since=since, until=until or None)
                     for source, since, until in shown.memberships],
        lineage=[Succession(heir=one.heir, former=one.former, since=one.since, source=one.source)
                 for one in lineage.steps_of(shown.id) if {one.heir, one.former} <= visible],
        verified_on=fresh.on.isoformat() if fresh and fresh.on else None,
        verified_against=fresh.against if fresh else "",
    )  # fmt: skip


@registry_api.get("/memberships", response={200: list[Membership], **ANSWERS}, summary="Who stands in which list")
def list_memberships(request: HttpRequest, given: Query[Filter]) -> object:
    """Memberships of the organisations that the same filter finds."""
    _count(request)
    everything = sees_all(request)
    found = directory.search(asked(given.dict(), sees_all=everything), day=today(), sees_all=everything)
    return [
        Membership(organisation=address, list=source, since=since, until=until)
        for address, source, since, until in read.membership_rows(one.id for one in found.entries)
    ]


@registry_api.get("/waterfall", response={200: Count, **ANSWERS}, summary="The number of members, explained")
def show_waterfall(request: HttpRequest) -> object:
    """Each row of each list stands in exactly one step."""
    _count(request)
    found = read.count_members(today())
    everything = sees_all(request)
    signed = [*(("+", one) for one in found.lists), *(("−", one) for one in found.removed), ("=", found.members)]
    return Count(
        sentence=found.sentence,
        members=found.members.count,
        steps=[Step(sign=sign, name=one.name, count=one.count, records=list(one.records) if everything else None)
               for sign, one in signed],
    )  # fmt: skip


@registry_api.get("/profile", response={200: ProfileAnswer, **ANSWERS}, summary="The lists before and after")
def show_profile(request: HttpRequest) -> object:
    """Size, trade and place; for visitors, small cells are hidden and cannot be worked out."""
    _count(request)
    found = profile.profile(today(), is_public=not sees_all(request))
    return ProfileAnswer(
        lists=list(found.lists), years=list(found.years), trades_version=found.trades_version,
        lines=[ProfileLine(dimension=one.dimension, code=one.code,
                           counts=dict(zip(found.columns, one.counts, strict=True))) for one in found.lines],
    )  # fmt: skip


@registry_api.get("/trades", response={200: Scheme, **ANSWERS}, summary="The scheme of trades")
def show_trades(request: HttpRequest) -> object:
    """Every trade, merged ones included, with the version that statistics use."""
    _count(request)
    scheme = load_trades()
    return Scheme(
        id=scheme.id, version=scheme.version,
        trades=[
            Trade(id=one.id, label_fr=one.label.fr, label_en=one.label.en, broader=one.broader,
                  replaced_by=one.replaced_by,
                  codes={f"{match}_{code}": list(values) for (match, code), values in one.matches.items()})
            for one in scheme.concepts.values()
        ],
    )  # fmt: skip


@registry_api.get("/territories/{code}", response={200: dict[str, str], **ANSWERS}, summary="The name of a territory")
def show_territory(request: HttpRequest, code: str, lang: str = "en") -> object:
    """A territory of any level: region, département, EPCI, commune."""
    _count(request)
    return {"code": code, "name": territory_name(code, language_of(lang))}


def _short(one: directory.Entry, *, sees_all: bool) -> Organisation:
    return Organisation(
        id=one.id, name=one.name, legal_unit=one.legal_unit, city=one.city, postcode=one.postcode, website=one.website,
        commune=one.seat.commune, epci=one.seat.epci, department=one.seat.department, region=one.seat.region,
        acts_in=list(one.acts_in), lists=list(one.lists), trades=list(one.trades), trades_by=one.trades_by,
        formerly=list(one.formerly), size=one.size if sees_all else None, status=one.status if sees_all else None,
    )  # fmt: skip


def description() -> dict[str, Any]:
    """The OpenAPI description, for tests."""
    return cast("dict[str, Any]", registry_api.get_openapi_schema(path_prefix="/api/v1/registry/"))
