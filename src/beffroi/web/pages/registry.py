"""The registry as everybody reads it: directory, one organisation, and the count explained."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpResponsePermanentRedirect
from django.utils.translation import gettext as _

from beffroi.federation import directory, read
from beffroi.federation.consent import GRANTED
from beffroi.observatory.tables import Table
from beffroi.records import models
from beffroi.web import permissions, words
from beffroi.web.markup import Head, link, row, safe, table
from beffroi.web.registry_frame import (
    author_name,
    field_names,
    file,
    kind_names,
    origin,
    relation_names,
    rule_names,
    said,
    show,
    step_names,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from beffroi.federation.directory import Entry, Query
    from beffroi.federation.waterfall import Step, Waterfall

PAGE = 50
PUBLIC = ("name", "brand", "naf", "address", "postcode", "city", "website", "trade")
PUBLIC_COLUMNS = ("organisation", "legal_unit", "name", "brand", "naf", "address", "postcode", "city", "website",
                  "trade", "trades_accepted", "lists")  # fmt: skip
WIDTH = 220


def _asked(request: HttpRequest) -> Query:
    q, source, department = (request.GET.get(name, "").strip()[:200] for name in ("q", "list", "department"))
    return directory.Query(q, source, department)


def _visible(request: HttpRequest) -> list[Entry]:
    sees_all = permissions.may(permissions.person_of(request), "read_registry")
    return [one for one in directory.entries() if one.lists and (sees_all or one.is_public)]


def listing(request: HttpRequest, lang: str) -> HttpResponse:
    """The directory: search, facets, table; the same filter in the address for page and files."""
    query = _asked(request)
    visible = _visible(request)
    found = directory.select(visible, query)
    pages = max(1, -(-len(found) // PAGE))
    typed = request.GET.get("page", "1")
    number = min(max(int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else 1, 1), pages)  # noqa: PLR2004 -- no page has nine digits
    asked = {key: value for key, value in (("q", query.words), ("list", query.list),
                                           ("department", query.department)) if value}  # fmt: skip
    tail = f"?{urlencode(asked)}" if asked else ""
    lists, _unused = directory.facets(directory.select(visible, directory.Query(query.words, "", query.department)))
    _unused, departments = directory.facets(directory.select(visible, directory.Query(query.words, query.list, "")))
    heads = [Head(_("Organisation")), Head(_("City")), Head(_("Post code")), Head(_("Lists"))]
    rows = (
        row([link(f"/{lang}/registry/organisation/{one.id}/", one.name), one.city, one.postcode,
             ", ".join(one.lists)], heads)
        for one in found[(number - 1) * PAGE : number * PAGE]
    )  # fmt: skip
    count = words.number(len(found), 0, lang)
    context = {
        "title": _("Who is in the federation?"),
        "query": query,
        "count": _("Organisations shown: %(count)s.") % {"count": count},
        "hidden": not permissions.may(permissions.person_of(request), "read_registry"),
        "lists": lists,
        "departments": departments,
        "table": table(
            _("Page %(page)s of %(pages)s, by name") % {"page": number, "pages": pages}, heads, rows, key="t-directory"
        ),
        "has_rows": bool(found),
        "previous": f"?{urlencode({**asked, 'page': number - 1})}" if number > 1 else "",
        "next": f"?{urlencode({**asked, 'page': number + 1})}" if number < pages else "",
        "files": {kind: f"/{lang}/registry/organisations.{kind}{tail}" for kind in ("csv", "xlsx", "json")},
    }
    return show(request, "registry/listing.html", context)


def listing_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The same organisations as on the page, as a file; columns that visitors may not see are left out."""
    found = {one.id for one in directory.select(_visible(request), _asked(request))}
    columns, rows = read.organisation_rows(only=found)
    if not permissions.may(permissions.person_of(request), "read_registry"):
        kept = [columns.index(one) for one in PUBLIC_COLUMNS]
        columns, rows = PUBLIC_COLUMNS, [tuple(one[place] for place in kept) for one in rows]
    return file(request, Table("organisations", columns, tuple(rows)), kind)


def organisation(request: HttpRequest, lang: str, address: str) -> HttpResponse:
    """One organisation: its values with their origin, and for officers its rows and history."""
    shown, sees_all = _open(request, address)
    if shown.id != address:
        return HttpResponsePermanentRedirect(f"/{lang}/registry/organisation/{shown.id}/")
    names, rules = field_names(), rule_names()
    heads = [Head(_("Field")), Head(_("Value")), Head(_("From")), Head(_("Why this one"))]
    heads += [Head(_("Other values"))] if sees_all else []
    rows = []
    for one in shown.values:
        if sees_all or one.field in PUBLIC:
            others = "; ".join(f"{said(one.field, value)} ({origin(place)})" for value, place in one.others)
            cells = [names.get(one.field, one.field), said(one.field, one.value), origin(one.origin), rules[one.rule]]
            rows.append(row([*cells, others or "–"] if sees_all else cells, heads))
    context = {
        "title": shown.name,
        "shown": shown,
        "sees_all": sees_all,
        "relations": [(_related(one.kind), one.organisation) for one in shown.relations],
        "table": table(_("What is known, and from where"), heads, rows, key="t-values"),
        "memberships": [(source, words.day(since, lang), words.day(until, lang) if until else "")
                        for source, since, until in shown.memberships],
        "history": _history([one.record for one in shown.records]) if sees_all else [],
        "values_url": f"/{lang}/registry/organisation/{shown.id}/values",
    }  # fmt: skip
    return show(request, "registry/organisation.html", context)


def organisation_file(request: HttpRequest, lang: str, address: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """Its values with their origin, as a file."""
    shown, sees_all = _open(request, address)
    rows = [
        (shown.id, one.field, one.value, one.rule, one.origin,
         "; ".join(f"{value} ({place})" for value, place in one.others) if sees_all else "")
        for one in shown.values if sees_all or one.field in PUBLIC
    ]  # fmt: skip
    columns = ("organisation", "field", "value", "kept_by", "from", "other_values")
    return file(request, Table(f"values-{shown.id}", columns, tuple(rows)), kind)


def _open(request: HttpRequest, address: str) -> tuple[read.Portrait, bool]:
    shown = read.portrait(address)
    titles = models.Placement.objects.filter(organisation=shown.id).values_list("title", "born_title")
    addresses = {shown.id, *(one for pair in titles for one in pair)}
    person = permissions.person_of(request)
    sees_all = any(permissions.may(person, "read_registry", organisation=one) for one in addresses)
    consent = next((one.value for one in shown.values if one.field == "consent_directory"), "")
    if not sees_all and consent != GRANTED:
        permissions.require(request, "read_registry", organisation=shown.id)
    return shown, sees_all


def _related(kind: str) -> str:
    name, _space, turned = kind.partition(" ")
    label = relation_names().get(name, name)
    return f"← {label}" if turned else f"{label} →"


def _history(records: list[int]) -> list[dict[str, object]]:
    touched = (
        Q(judgements__left__in=records) | Q(judgements__right__in=records) | Q(overrides__record__in=records)
        | Q(claims__record__in=records) | Q(closings__task__record__in=records)
    )  # fmt: skip
    events = models.Event.objects.filter(touched).exclude(kind="import").select_related("undone").distinct()
    kinds = kind_names()
    return [
        {
            "id": one.pk,
            "at": f"{one.at:%Y-%m-%d %H:%M}",
            "by": author_name(one.author),
            "kind": kinds.get(one.kind, one.kind),
            "reason": one.payload.get("reason", ""),
            "is_undone": hasattr(one, "undone"),
        }
        for one in events.order_by("-id")
    ]


def count(request: HttpRequest, lang: str) -> HttpResponse:
    """The number of members, explained from the rows of all lists."""
    found = read.count_members(datetime.now(UTC).date())
    sees_all = permissions.may(permissions.person_of(request), "read_registry")
    heads = [Head(_("Step")), Head(_("Records"), True), Head(_("Bar"))]
    rows, left, total = [], 0, max(sum(one.count for one in found.lists), 1)
    for sign, one in _bars(found):
        start = 0 if sign == "=" else left if sign == "+" else left - one.count
        left = left + one.count if sign == "+" else left - one.count if sign == "−" else left
        label = step_names().get(one.name, one.name)
        url = f"/{lang}/registry/count/records/?{urlencode({'step': one.name})}"
        shown = f"{sign} {words.number(one.count, 0, lang)}"
        rows.append(row([link(url, label) if sees_all else label, shown, safe(_bar(start, one.count, total, sign))],
                        heads))  # fmt: skip
    context = {
        "title": _("How many members are there, and why not more?"),
        "sentence": _sentence(found, lang),
        "members": words.number(found.members.count, 0, lang),
        "rows_count": words.number(sum(one.count for one in found.lists), 0, lang),
        "table": table(_("Each row of each list stands in exactly one step"), heads, rows, key="t-count"),
        "files": {kind: f"/{lang}/registry/count/figures.{kind}" for kind in ("csv", "xlsx", "json")},
        "sees_all": sees_all,
    }
    return show(request, "registry/count.html", context)


def _bars(found: Waterfall) -> list[tuple[str, Step]]:
    return [*(("+", one) for one in found.lists), *(("−", one) for one in found.removed), ("=", found.members)]


def _bar(start: int, size: int, total: int, sign: str) -> str:
    class_ = {"+": "ahead", "−": "behind", "=": "whole"}[sign]
    x, width = start * WIDTH / total, max(size * WIDTH / total, 1 if size else 0)
    return (
        f'<svg class="wf" viewBox="0 0 {WIDTH} 14" width="{WIDTH}" height="14" aria-hidden="true" focusable="false">'
        f'<rect class="bar {class_}" x="{x:.1f}" y="1" width="{width:.1f}" height="12"/></svg>'
    )


def _sentence(found: Waterfall, lang: str) -> str:
    names = step_names()
    start = " + ".join(words.number(one.count, 0, lang) for one in found.lists) or "0"
    total = words.number(sum(one.count for one in found.lists), 0, lang)
    off = [
        f" → −{words.JOINED}{words.number(one.count, 0, lang)} {names[one.name]}" for one in found.removed if one.count
    ]
    return f"{start} = {total}{''.join(off)} = {words.number(found.members.count, 0, lang)}"


def count_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The steps of the count as a file."""
    rows = tuple((sign, one.name, one.count) for sign, one in _bars(read.count_members(datetime.now(UTC).date())))
    return file(request, Table("members", ("sign", "step", "records"), rows), kind)


def _step_table(request: HttpRequest) -> Table:
    name = request.GET.get("step", "")
    step = next((one for _sign, one in _bars(read.count_members(datetime.now(UTC).date())) if one.name == name), None)
    if step is None:
        raise Http404
    columns, rows = read.record_rows(only=set(step.records))
    return Table("records", columns, tuple(rows))


def records(request: HttpRequest, lang: str) -> HttpResponse:
    """The rows of one step."""
    held = _step_table(request)
    step = request.GET["step"]
    labels = [_("Record"), _("List"), _("Row"), _("As of"), _("Gone"), _("Key"), _("Organisation"), _("Name")]
    heads = [Head(one, one in labels[:3:2]) for one in labels]
    rows = (
        row([*one[:6], link(f"/{lang}/registry/organisation/{one[6]}/", str(one[6])), one[7]], heads)
        for one in held.rows
    )
    name = step_names().get(step, step)
    context = {
        "title": _("Which records are behind “%(step)s”?") % {"step": name},
        "count": words.number(len(held.rows), 0, lang),
        "table": table(name, heads, rows, key="t-records"),
        "files": {kind: f"/{lang}/registry/count/records.{kind}?{urlencode({'step': step})}"
                  for kind in ("csv", "xlsx", "json")},
    }  # fmt: skip
    return show(request, "registry/records.html", context)


def records_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The rows of one step as a file."""
    return file(request, _step_table(request), kind)
