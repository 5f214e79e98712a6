"""The register of processing, for everybody; one's own data and requests; and the requests to decide."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from beffroi.federation import data_requests
from beffroi.federation.person_export import everything
from beffroi.federation.personal_data import register
from beffroi.observatory.tables import Table
from beffroi.records.privacy import DataRequest
from beffroi.vocabulary.errors import UsageError
from beffroi.web import permissions, words
from beffroi.web.house import respond
from beffroi.web.markup import Head, row, table
from beffroi.web.registry_frame import author_name, file

if TYPE_CHECKING:
    from django.http import HttpRequest

CONFLICT = 409
PARTS = ("purpose", "basis", "people", "recipients", "retention")


def _part_names() -> dict[str, str]:
    return {"purpose": _("Why"), "basis": _("Legal basis"), "people": _("About whom"),
            "recipients": _("Who sees it"), "retention": _("How long")}  # fmt: skip


def _kind_names() -> dict[str, str]:
    return {"erasure": _("erasure"), "correction": _("correction"), "granted": _("granted"), "refused": _("refused")}


@require_safe
def processing(request: HttpRequest, lang: str) -> HttpResponse:
    """Which personal data this house holds, why, and how long: written from the declarations."""
    names, declared = _part_names(), register()
    activities = [
        {
            "id": one.id,
            "name": one.name.say(lang),
            "parts": [(names[part], getattr(one, part).say(lang)) for part in PARTS],
            "fields": [f"{place}.{field}" for place, field in declared.fields_of(one.id)],
        }
        for one in declared.activities.values()
    ]
    context = {
        "title": _("What does this house know about people?"),
        "activities": activities,
        "files": {kind: f"/{lang}/privacy/register.{kind}" for kind in ("csv", "xlsx", "json")},
    }
    return respond(request, "privacy/register.html", context)


@require_safe
def processing_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The register of processing as a file: one line a field."""
    declared = register()
    rows = [
        (one.id, one.name.say(lang), place, field, *(getattr(one, part).say(lang) for part in PARTS), one.days)
        for one in declared.activities.values()
        for place, field in declared.fields_of(one.id)
    ]
    return file(request, Table("register", ("activity", "name", "table", "field", *PARTS, "days"), tuple(rows)), kind)


def _account(request: HttpRequest) -> int:
    account = permissions.person_of(request).account
    if account is None:
        raise Http404
    return account


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, lang: str) -> HttpResponse:
    """Everything held about the reader, readable; on POST, ask for erasure or correction."""
    account, now, problem = _account(request), datetime.now(UTC), ""
    if request.method == "POST":
        try:
            data_requests.ask(account, request.POST.get("kind", ""), text=request.POST.get("text", ""), at=now)
        except UsageError:
            problem = _(
                "Nothing was sent: say what is wrong and what is right, or wait for the answer to the same request."
            )
        else:
            return HttpResponseRedirect(f"/{lang}/account/data/#requests")
    found = everything(account, at=now)
    kinds = _kind_names()
    asked = DataRequest.objects.filter(account=account).select_related("decision").order_by("-id")
    context = {
        "title": _("What does this house know about me?"),
        "tables": [_table_of(name, one, found["activities"], lang) for name, one in found["tables"].items()],
        "requests": [(kinds[one.kind], _said_on(one.at, lang), one.text, _answer(one, kinds)) for one in asked],
        "problem": problem,
    }  # fmt: skip
    return respond(request, "privacy/own.html", context, status=CONFLICT if problem else 200)


def _said_on(at: datetime, lang: str) -> str:
    return words.day(at.date().isoformat(), lang)


def _open_one(one: DataRequest, kinds: dict[str, str], lang: str) -> dict[str, object]:
    return {
        "id": one.pk,
        "kind": kinds[one.kind],
        "is_erasure": one.kind == "erasure",
        "who": author_name(f"account {one.account}"),
        "text": one.text,
        "due": _said_on(one.at + timedelta(days=data_requests.DAYS_TO_ANSWER), lang),
    }


def _answer(one: DataRequest, kinds: dict[str, str]) -> str:
    if not hasattr(one, "decision"):
        return _("not answered yet")
    return f"{kinds[one.decision.outcome]} – {one.decision.reason}"


def _table_of(name: str, one: dict[str, object], activities: dict[str, dict[str, dict[str, str]]], lang: str) -> object:
    rows: list[dict[str, object]] = one["rows"]  # type: ignore[assignment]  # -- as `everything` builds it
    keys: list[str] = one["activities"]  # type: ignore[assignment]  # -- as above
    heads = [Head(field) for field in rows[0]]
    lines = [row([_cell(value) for value in each.values()], heads) for each in rows]
    withheld: list[str] = one["withheld"]  # type: ignore[assignment]  # -- as above
    return {
        "name": name,
        "why": "; ".join(activities[key]["name"][lang] for key in keys),
        "withheld": ", ".join(withheld),
        "table": table(f"{name} ({len(rows)})", heads, lines, key=f"t-{name.replace('.', '-').lower()}"),
    }


def _cell(value: object) -> str:
    if value is None or value == "":
        return "–"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


@require_safe
def own_file(request: HttpRequest, lang: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """Everything held about the reader, as JSON."""
    found = everything(_account(request), at=datetime.now(UTC))
    response = HttpResponse(json.dumps(found, ensure_ascii=False, indent=2), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


def _asked_for(request: HttpRequest) -> list[DataRequest]:
    rows = DataRequest.objects.select_related("decision").order_by("-id")
    if request.GET.get("state") in {"open", "answered"}:
        rows = rows.filter(decision__isnull=request.GET["state"] == "open")
    return list(rows)


@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: HttpRequest, lang: str) -> HttpResponse:
    """Requests to answer, and those answered."""
    problem = ""
    if request.method == "POST":
        typed = request.POST.get("request", "")
        number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0  # noqa: PLR2004 -- none has ten digits
        author = permissions.person_of(request).author
        try:
            data_requests.decide(number, request.POST.get("outcome", ""), reason=request.POST.get("reason", ""),
                                 by=author, at=datetime.now(UTC))  # fmt: skip
        except UsageError:
            problem = _("Nothing was changed: choose an answer and say why; somebody may have answered meanwhile.")
        else:
            return HttpResponseRedirect(f"/{lang}/account/requests/")
    kinds, found = _kind_names(), _asked_for(request)
    context = {
        "title": _("What do people ask about their data?"),
        "open": [_open_one(one, kinds, lang) for one in found if not hasattr(one, "decision")],
        "answered": [
            (one.account, kinds[one.kind], _said_on(one.decision.at, lang), _answer(one, kinds),
             author_name(one.decision.by))
            for one in found if hasattr(one, "decision")
        ],
        "problem": problem,
        "files": {kind: f"/{lang}/account/requests.{kind}" for kind in ("csv", "xlsx", "json")},
    }  # fmt: skip
    return respond(request, "privacy/requests.html", context, status=CONFLICT if problem else 200)


@require_safe
def requests_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The same as a file, by number of account."""
    rows = [
        (one.pk, one.account, one.kind, one.at.isoformat(timespec="seconds"), one.text,
         *((one.decision.outcome, one.decision.reason, one.decision.at.isoformat(timespec="seconds"))
           if hasattr(one, "decision") else ("", "", "")))
        for one in _asked_for(request)
    ]  # fmt: skip
    columns = ("request", "account", "kind", "asked_at", "text", "outcome", "reason", "answered_at")
    return file(request, Table("requests", columns, tuple(rows)), kind)
