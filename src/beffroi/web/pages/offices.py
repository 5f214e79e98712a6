"""Local offices as everybody reads them: a map of label points with its table, and one office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.federation.offices import OFFICE, department_of_office, offices_on, staff_fte
from beffroi.vocabulary.communes import department_points, places
from beffroi.web import words
from beffroi.web.charter_words import as_table
from beffroi.web.government_frame import book_here, day_here, files, find, reader, show
from beffroi.web.markup import Head, row, safe, table
from beffroi.web.pages.government import tools
from beffroi.web.registry_frame import file
from beffroi.web.svg import places_chart
from beffroi.web.svg.places_chart import Point
from beffroi.web.svg.primitives import inline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from beffroi.charter.book import Book, Thing


def offices(request: HttpRequest, lang: str) -> HttpResponse:
    """The offices of a day."""
    book = book_here(request)
    found = _found(request, book)
    said = reader(request, lang, book)
    heads = [Head(_("Office")), Head(_("Territory")), Head(_("Place")), Head(_("Hours")), Head(_("Staff, FTE"), True)]
    rows = [
        row([said.link(one.id), said.name(one.text("territory")), _city(one), one.text("hours", lang),
             words.number(staff_fte(one), 1, lang)], heads)
        for one in found
    ]  # fmt: skip
    context = {
        "title": _("Who is near you?"),
        "map": _map(found, lang),
        "table": table(_("Offices open on %(day)s") % {"day": words.day(day_here(request), lang)}, heads, rows,
                       key="t-offices") if rows else "",
        "territories": [(one.id, one.text("name", lang)) for one in book.of("territory")],
        "asked": request.GET.get("territory", ""),
        "files": files(f"/{lang}/offices/export", request),
    }  # fmt: skip
    return show(request, "government/offices.html", context)


def offices_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The same offices as a file."""
    book = book_here(request)
    return file(request, as_table(OFFICE, _found(request, book), reader(request, lang, book)), kind)


def office(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """One office with its place on the map."""
    book = book_here(request)
    one = find(request, book, thing, "office")
    said = reader(request, lang, book)
    context = {
        "title": one.text("name", lang),
        "kind": _city(one),
        "thing": one,
        "facts": said.facts(OFFICE, one),
        "map": _map([one], lang),
        "naming": [],
        "history": said.history(OFFICE, entries.history(one.id)),
        **tools(request, lang, one),
    }
    return show(request, "government/office.html", context)


def _found(request: HttpRequest, book: Book) -> tuple[Thing, ...]:
    return offices_on(book, day_here(request), territory=request.GET.get("territory", ""))


def _city(one: Thing) -> str:
    found = places().get(one.text("commune"))
    return f"{one.text('address')}, {found.name}" if found else one.text("address")


def _map(offices: Sequence[Thing], lang: str) -> SafeString | str:
    points = [
        Point(one.text("name", lang), *at) for one in offices
        if (at := department_points().get(department_of_office(one))) is not None
    ]  # fmt: skip
    if not points:
        return ""
    description = _("Each office stands at the label point of its department: %(names)s.") % {
        "names": ", ".join(one.name for one in points)
    }
    return safe("".join(
        inline(places_chart.draw(points, layout=layout), key="offices", layout=layout, title=_("Map of the offices"),
               description=description)
        for layout in ("wide", "narrow")
    ))  # fmt: skip
