"""Support structures as everybody reads them: who serves whom with what money, and where they overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.federation.structures import (
    NATURES,
    SERVICES,
    STRUCTURE,
    Overlap,
    overlaps,
    public_money,
    structures_on,
)
from beffroi.federation.territory import known, territory_name
from beffroi.observatory.tables import Table
from beffroi.web import words
from beffroi.web.charter_words import COLONS, as_table
from beffroi.web.government_frame import address, book_here, day_here, files, find, reach_here, reader, show
from beffroi.web.markup import Head, row, safe, table, text
from beffroi.web.pages.government import tools
from beffroi.web.registry_frame import file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from beffroi.charter.book import Book, Thing

OVERLAP_COLUMNS = ("service", "service_name", "territory", "territory_name", "structures", "names", "public_eur",
                   "structures_without_amount")  # fmt: skip


def structures(request: HttpRequest, lang: str) -> HttpResponse:
    """The structures of a day, filtered by the address."""
    book = book_here(request)
    found = _found(request, book)
    said = reader(request, lang, book)
    heads = [Head(_("Structure")), Head(_("Nature")), Head(_("Services and territories")),
             Head(_("Public money, EUR"), True), Head(_("Year"), True)]  # fmt: skip
    rows = [
        row([said.link(one.id), NATURES[one.text("nature")].say(lang), _offers(one, lang), *_money(one, lang)], heads)
        for one in found
    ]  # fmt: skip
    context = {
        **_frame(request, lang),
        "title": _("Who serves firms, where, with what money?"),
        "table": table(_("Support structures on %(day)s") % {"day": words.day(day_here(request), lang)}, heads, rows,
                       key="t-structures") if rows else "",
        "files": files(f"/{lang}/structures/export", request),
    }  # fmt: skip
    return show(request, "government/structures.html", context)


def structures_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The same structures as a file."""
    book = book_here(request)
    return file(request, as_table(STRUCTURE, _found(request, book), reader(request, lang, book)), kind)


def structure(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """One structure, with those that serve the same territories with the same services."""
    book = book_here(request)
    one = find(request, book, thing, "structure")
    said = reader(request, lang, book)
    beside = [each for each in overlaps(structures_on(book, day_here(request))) if one in each.structures]
    context = {
        "title": one.text("name", lang),
        "kind": STRUCTURE.label.say(lang),
        "thing": one,
        "facts": said.facts(STRUCTURE, one),
        "beside": _crowds(beside, lang) if beside else "",
        "absorbed": [said.link(each.id) for each in book.linking(one.id, "structure", "absorbed_by")],
        "history": said.history(STRUCTURE, entries.history(one.id)),
        **tools(request, lang, one),
    }
    return show(request, "government/structure.html", context)


def overlap(request: HttpRequest, lang: str) -> HttpResponse:
    """The services that several structures offer in the whole of one territory."""
    found = overlaps(_found(request, book_here(request)))
    context = {
        **_frame(request, lang),
        "title": _("Where do support structures overlap?"),
        "is_overlap": True,
        "table": _crowds(found, lang) if found else "",
        "files": files(f"/{lang}/structures/overlap", request),
    }
    return show(request, "government/structures.html", context)


def overlap_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The same overlaps as a file."""
    rows = tuple(
        (one.service, SERVICES[one.service].say(lang), one.territory, territory_name(one.territory, lang),
         len(one.structures), "; ".join(each.text("name", lang) for each in one.structures), one.public_eur,
         one.without_money)
        for one in overlaps(_found(request, book_here(request)))
    )  # fmt: skip
    return file(request, Table("beffroi-overlaps", OVERLAP_COLUMNS, rows), kind)


def _found(request: HttpRequest, book: Book) -> tuple[Thing, ...]:
    service, territory = request.GET.get("service", ""), request.GET.get("territory", "").strip()
    if territory:
        known(territory)  # a code that nobody knows is told as such
    return structures_on(book, day_here(request), service=service if service in SERVICES else "", territory=territory)


def _frame(request: HttpRequest, lang: str) -> dict[str, object]:
    return {
        "services": [(key, one.say(lang)) for key, one in SERVICES.items()],
        "asked": {name: request.GET.get(name, "") for name in ("service", "territory", "on")},
        "can_enter": reach_here(request).is_all,
    }


def _offers(one: Thing, lang: str) -> SafeString:
    lines = (
        f"{SERVICES[str(row['service'])].say(lang)}{COLONS[lang]}{territory_name(str(row['territory']), lang)}"
        for row in one.rows("offers")
    )
    return safe('<ul class="plain">' + "".join(f"<li>{text(line)}</li>" for line in lines) + "</ul>")


def _money(one: Thing, lang: str) -> tuple[str, str]:
    held = public_money(one)
    return (_("not stated"), "–") if held is None else (words.number(held[1], 0, lang), str(held[0]))


def _crowds(found: Sequence[Overlap], lang: str) -> SafeString:
    heads = [Head(_("Service")), Head(_("Territory")), Head(_("Structures"), True), Head(_("Which")),
             Head(_("Their public money, EUR"), True)]  # fmt: skip
    rows = [
        row([SERVICES[one.service].say(lang), territory_name(one.territory, lang), str(len(one.structures)),
             _which(one, lang), _sum(one, lang)], heads)
        for one in found
    ]  # fmt: skip
    return table(_("Same service, same territory"), heads, rows, key="t-overlaps")


def _which(one: Overlap, lang: str) -> SafeString:
    links = (f'<li><a href="{address(lang, "structure", each.id)}">{text(each.text("name", lang))}</a></li>'
             for each in one.structures)  # fmt: skip
    return safe('<ul class="plain">' + "".join(links) + "</ul>")


def _sum(one: Overlap, lang: str) -> str:
    if one.without_money == len(one.structures):
        return _("not stated")
    said = words.number(one.public_eur, 0, lang)
    return _("%(sum)s at least (%(count)d give none)") % {"sum": said, "count": one.without_money} \
        if one.without_money else said  # fmt: skip
