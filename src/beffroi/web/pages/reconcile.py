"""The W3C Reconciliation Service API 0.2 over the registry, and over a register where the house holds one.

OpenRefine and its like ask from anywhere: any site's scripts may read the answers, without cookies (decision 0018), by
the same rules as visitors. Nothing is ever written. JSONP is not offered: version 0.2 asks for CORS instead.
"""

from __future__ import annotations

import json
import os
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from beffroi import __version__
from beffroi.federation import directory, reconcile
from beffroi.federation.reconcile import KINDS, ORGANISATION, PROPERTIES, UNIT, Asked, Entity
from beffroi.federation.territory import territory_name
from beffroi.observatory.home import home_folder
from beffroi.vocabulary.errors import UsageError
from beffroi.web import pace
from beffroi.web.directory_ask import sees_all, today, whole
from beffroi.web.directory_words import trade_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from beffroi.federation.reconcile import Register

    View = Callable[..., HttpResponse]

MOST_QUERIES, MOST_IDS, MOST_RESULTS, LONGEST = 50, 500, 25, 400
BAD, NO_CONTENT, NOT_ALLOWED = 400, 204, 405
PREVIEW_WIDTH, PREVIEW_HEIGHT = 420, 260


def _open_to_scripts(view: View) -> View:
    """Answer any site's scripts: errors as JSON, no cookie needed and none used from elsewhere, nothing to write."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *given: Any, **more: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=NO_CONTENT)
            response["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
            response["Access-Control-Allow-Headers"] = "Content-Type"
        elif request.method not in {"GET", "HEAD", "POST"}:
            response = _json({"status": "error", "message": "Use GET or POST."}, status=NOT_ALLOWED)
        elif pace.is_too_fast(request, "reconcile", pace.BATCHES):
            said = f"More than {pace.BATCHES} batches in a minute. Wait until the minute is over."
            response = _json({"status": "error", "message": said}, status=pace.TOO_MANY)
        else:
            try:
                response = view(request, *given, **more)
            except UsageError as error:
                response = _json({"status": "error", "message": str(error)}, status=BAD)
        response.is_open_to_scripts = True  # type: ignore[attr-defined]  # -- read by headers.SafeHeaders
        return response

    return answered


@_open_to_scripts
def service(request: HttpRequest, lang: str) -> HttpResponse:
    """The one address: the manifest, a batch of queries, or values to extend a table with."""
    given = request.POST if request.method == "POST" else request.GET
    if given.get("queries"):
        return _json(_answers(request, _object(given["queries"], "queries"), lang))
    if given.get("extend"):
        return _json(_extended(request, _object(given["extend"], "extend"), lang))
    return _json(_manifest(request, lang))


@_open_to_scripts
def suggest(request: HttpRequest, lang: str, what: str) -> HttpResponse:
    """Complete what somebody types: an entity, a property or a type."""
    prefix = request.GET.get("prefix", "")[:LONGEST]
    cursor = whole(request.GET.get("cursor", "0"), 0)
    if what == "entity":
        found = _suggested(request, prefix, lang)
    elif what == "property":
        found = [{"id": key, "name": name} for key, name in _property_names().items() if _begins(prefix, key, name)]
    elif what == "type":
        found = [{"id": key, "name": name} for key, name in _kind_names().items() if _begins(prefix, key, name)]
    else:
        raise Http404
    return _json({"result": found[cursor : cursor + MOST_RESULTS]})


@_open_to_scripts
def propose_properties(request: HttpRequest, lang: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """Values that a table of entities may be extended with."""
    kind = request.GET.get("type", "")
    limit = whole(request.GET.get("limit", ""), len(PROPERTIES))
    names = _property_names()
    found = [{"id": one, "name": names[one]} for one in PROPERTIES if one != "trade" or kind != UNIT]
    return _json({"type": kind, "limit": limit, "properties": found[:limit]})


@_open_to_scripts
def preview(request: HttpRequest, lang: str) -> HttpResponse:
    """A small page about an entity, which other sites may show in a frame."""
    one = _entity(request, request.GET.get("id", ""))
    if one is None:
        raise Http404
    names = _property_names()
    lines = [(names[key], ", ".join(str(value) for part in _values(one, key, lang) for value in part.values()
                                    if value not in one.trades)) for key in PROPERTIES[1:]]  # fmt: skip
    url = f"/{lang}/registry/organisation/{one.id}/" if one.kind == ORGANISATION else ""
    context = {"lang": lang, "one": one, "kind": _kind_names()[one.kind], "url": url,
               "lines": [(name, value) for name, value in lines if value]}  # fmt: skip
    response = render(request, "registry/preview.html", context)
    response.may_be_framed = True  # type: ignore[attr-defined]  # -- read by headers.SafeHeaders
    return response


def _manifest(request: HttpRequest, lang: str) -> dict[str, object]:
    root = request.build_absolute_uri("/").rstrip("/")
    here = f"{root}/{lang}/registry/reconcile"

    def at(path: str) -> dict[str, str]:
        return {"service_url": here, "service_path": path}

    kinds = _kind_names()
    shown = KINDS if _register() is not None else (ORGANISATION,)
    page = f"{here}/preview/?id={{{{id}}}}" if UNIT in shown else f"{root}/{lang}/registry/organisation/{{{{id}}}}/"
    return {
        "versions": ["0.1", "0.2"],
        "name": _("Beffroi: registry of the federation"),
        "identifierSpace": f"{root}/{lang}/registry/organisation/",
        "schemaSpace": "https://schema.org/",
        "serviceVersion": __version__,
        "documentation": f"{root}/{lang}/about/",
        "defaultTypes": [{"id": one, "name": kinds[one]} for one in shown],
        "view": {"url": page},
        "preview": {"url": f"{here}/preview/?id={{{{id}}}}", "width": PREVIEW_WIDTH, "height": PREVIEW_HEIGHT},
        "suggest": {
            "entity": at("/suggest/entity/"),
            "property": at("/suggest/property/"),
            "type": at("/suggest/type/"),
        },
        "extend": {"propose_properties": at("/properties/"), "property_settings": []},
    }


def _answers(request: HttpRequest, queries: dict[str, Any], lang: str) -> dict[str, object]:
    if len(queries) > MOST_QUERIES:
        raise UsageError(f"{len(queries)} queries came in one batch; send {MOST_QUERIES} at most.")
    asked = {key: _asked(key, query) for key, query in queries.items()}
    day, everything, register = today(), sees_all(request), _register()
    kinds = _kind_names()
    return {
        key: {
            "result": [
                {
                    "id": one.entity.id,
                    "name": one.entity.name,
                    "description": _describe(one.entity, lang),
                    "type": [{"id": one.entity.kind, "name": kinds[one.entity.kind]}],
                    "score": one.score,
                    "match": one.is_match,
                    "features": [{"id": feature, "value": bits} for feature, bits in one.bits],
                }
                for one in reconcile.find(query, day=day, sees_all=everything, register=register)
            ]
        }
        for key, query in asked.items()
    }


def _asked(key: str, query: object) -> Asked:
    if not isinstance(query, dict):
        raise UsageError(f"Query '{key}' is {type(query).__name__}; expected an object with 'query' or 'properties'.")
    properties: dict[str, str] = {}
    for one in query.get("properties") or []:
        if not isinstance(one, dict) or "pid" not in one or "v" not in one:
            raise UsageError(f"Query '{key}' has a property without 'pid' and 'v'.")
        value = one["v"][0] if isinstance(one["v"], list) and one["v"] else one["v"]
        text = value.get("name", value.get("id", "")) if isinstance(value, dict) else value
        properties[str(one["pid"])] = str(text)[:LONGEST]
    words = str(query.get("query") or "")[:LONGEST]
    if not words and not properties:
        raise UsageError(f"Query '{key}' asks for nothing; give 'query', or 'properties' such as siren.")
    kinds = query.get("type") or []
    wanted = frozenset([kinds] if isinstance(kinds, str) else map(str, kinds)) & frozenset(KINDS)
    limit = query.get("limit")
    most = min(max(int(limit), 1), MOST_RESULTS) if isinstance(limit, int | float) else 5
    return Asked(
        words, properties, wanted if wanted and query.get("type_strict") != "should" else frozenset(KINDS), most
    )


def _extended(request: HttpRequest, asked: dict[str, Any], lang: str) -> dict[str, object]:
    ids, properties = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list):
        raise UsageError("'extend' wants two lists: 'ids' and 'properties'.")
    if len(ids) > MOST_IDS:
        raise UsageError(f"{len(ids)} ids came at once; send {MOST_IDS} at most.")
    wanted = [str(one.get("id", "")) for one in properties if isinstance(one, dict)]
    unknown = [one for one in wanted if one not in PROPERTIES]
    if unknown:
        raise UsageError(f"There is no property {', '.join(unknown)}; there are {', '.join(PROPERTIES)}.")
    names = _property_names()
    rows = {}
    for identifier in map(str, ids):
        one = _entity(request, identifier)
        rows[identifier] = {key: _values(one, key, lang) if one else [] for key in wanted}
    return {"meta": [{"id": one, "name": names[one]} for one in wanted], "rows": rows}


def _values(one: Entity, key: str, lang: str) -> list[dict[str, str]]:
    if key == "trade":
        return [{"id": concept, "name": trade_name(concept, lang)} for concept in one.trades]
    if key == "department":
        return [{"str": territory_name(one.department, lang)}] if one.department else []
    value = getattr(one, key)
    return [{"str": value}] if value else []


def _suggested(request: HttpRequest, prefix: str, lang: str) -> list[dict[str, object]]:
    if not prefix.strip():
        return []
    found = directory.search(directory.Query(prefix), day=today(), sees_all=sees_all(request)).entries
    held = [_entity(request, one.id) for one in found[: 4 * MOST_RESULTS]]
    exact = _entity(request, prefix.strip())
    register = _register()
    if register is not None:
        asked = Asked(prefix, kinds=frozenset({UNIT}), limit=MOST_RESULTS)
        units = reconcile.find(asked, day=today(), sees_all=sees_all(request), register=register)
        held += [one.entity for one in units]
    kinds = _kind_names()
    return [
        {"id": one.id, "name": one.name, "description": _describe(one, lang),
         "notable": [{"id": one.kind, "name": kinds[one.kind]}]}
        for one in dict.fromkeys([*([exact] if exact else []), *held]) if one is not None
    ]  # fmt: skip


def _entity(request: HttpRequest, identifier: str) -> Entity | None:
    return reconcile.entity(identifier, day=today(), sees_all=sees_all(request), register=_register())


def _describe(one: Entity, lang: str) -> str:
    parts = [" ".join(filter(None, (one.postcode, one.commune))), one.siren,
             ", ".join(trade_name(concept, lang) for concept in one.trades)]  # fmt: skip
    return " · ".join(filter(None, parts))


def _begins(prefix: str, *texts: str) -> bool:
    return any(
        word.startswith(prefix.casefold()) for text in texts for word in (text.casefold(), *text.casefold().split())
    )


def _kind_names() -> dict[str, str]:
    return {ORGANISATION: _("organisation of the registry"), UNIT: _("legal unit of a register")}


def _property_names() -> dict[str, str]:
    return {"name": _("name"), "siren": _("SIREN"), "commune": _("city"), "department": _("département"),
            "trade": _("trade"), "website": _("web site")}  # fmt: skip


def _object(text: str, name: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise UsageError(f"'{name}' is no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise UsageError(f"'{name}' is {type(found).__name__}; expected an object.")
    return found


def _register() -> Register | None:
    given = os.environ.get("BEFFROI_REGISTER", "")
    return reconcile.open_register(Path(given) if given else home_folder() / "registers" / "index")


def _json(page: object, *, status: int = 200) -> HttpResponse:
    return HttpResponse(
        json.dumps(page, ensure_ascii=False), status=status, content_type="application/json; charset=utf-8"
    )
