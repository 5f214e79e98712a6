"""The number of members explained: bars, table, and the records behind each step."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from beffroi.federation import read
from beffroi.observatory.tables import Table
from beffroi.web import permissions, words
from beffroi.web.figures import Picture
from beffroi.web.markup import Head, link, row, safe, table
from beffroi.web.registry_frame import file, show, step_names
from beffroi.web.svg import waterfall

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.federation.waterfall import Step, Waterfall


def count(request: HttpRequest, lang: str) -> HttpResponse:
    """The number of members, explained from the rows of all lists."""
    found = read.count_members(datetime.now(UTC).date())
    sees_all = permissions.may(permissions.person_of(request), "read_registry")
    heads = [Head(_("Step")), Head(_("Records"), is_number=True)]
    heads += [Head(_("Take its records away"))] if sees_all else []
    rows = []
    for sign, one in _bars(found):
        label = step_names().get(one.name, one.name)
        url = f"/{lang}/registry/count/records/?{urlencode({'step': one.name})}"
        shown = f"{sign} {words.number(one.count, 0, lang)}"
        cells: list[object] = [link(url, label) if sees_all else label, shown]
        if sees_all:
            files = [link(f"/{lang}/registry/count/records.{kind}?{urlencode({'step': one.name})}", kind.upper())
                     for kind in ("csv", "xlsx", "json")]  # fmt: skip
            cells.append(safe(" ".join(files)))
        rows.append(row(cells, heads))
    context = {
        "title": _("How many members are there, and why not more?"),
        "sentence": _sentence(found, lang),
        "members": words.number(found.members.count, 0, lang),
        "rows_count": words.number(sum(one.count for one in found.lists), 0, lang),
        "picture": _picture(found, lang),
        "svg": f"/{lang}/registry/count/figures.svg",
        "table": table(_("Each row of each list stands in exactly one step"), heads, rows, key="t-count"),
        "files": {kind: f"/{lang}/registry/count/figures.{kind}" for kind in ("csv", "xlsx", "json")},
        "sees_all": sees_all,
    }
    return show(request, "registry/count.html", context)


def _picture(found: Waterfall, lang: str) -> Picture:
    names = step_names()
    bars = [waterfall.Bar(sign, one.count, names.get(one.name, one.name), words.number(one.count, 0, lang))
            for sign, one in _bars(found)]  # fmt: skip
    title = _("From the rows of the lists to the members")
    credit = _("Source: the lists and registers taken in, and the decisions of the federation. Exact.")
    return Picture(
        "count", title, _sentence(found, lang), credit, lambda layout, _a: waterfall.draw(bars, layout=layout)
    )


def count_picture(request: HttpRequest, lang: str) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """The bars of the count as a file."""
    picture = _picture(read.count_members(datetime.now(UTC).date()), lang)
    response = HttpResponse(picture.file(), content_type="image/svg+xml; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="members.svg"'
    return response


def _bars(found: Waterfall) -> list[tuple[str, Step]]:
    return [*(("+", one) for one in found.lists), *(("−", one) for one in found.removed), ("=", found.members)]


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
