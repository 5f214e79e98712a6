"""Money as everybody reads it: what stayed in each territory, who pays, and whether the ceilings hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.charter.faults import RefusedError
from beffroi.federation.funding_mix import funding_mix
from beffroi.federation.local_money import balances, total
from beffroi.federation.money import SECTORS, years
from beffroi.federation.money_import import COLUMNS, import_money, read_csv
from beffroi.federation.reach import may_enter
from beffroi.observatory.tables import Table
from beffroi.web import words
from beffroi.web.government_frame import by_here, hidden, reach_here, reader, show, source_said, today
from beffroi.web.markup import Head, row, table
from beffroi.web.registry_frame import file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from django.http import HttpRequest, HttpResponse

    from beffroi.charter.book import Book

WRONG = 422
LARGEST_BYTES = 2_000_000
BALANCE = ("year", "territory", "name_fr", "name_en", "received_eur", "spent_here_eur", "spent_elsewhere_eur",
           "came_in_eur", "balance_eur", "local_share")  # fmt: skip
MIX = ("year", "funder", "name", "sector", "amount_eur", "share")
SUMS = ("received", "spent_here", "spent_elsewhere", "came_in", "balance")


def page(request: HttpRequest, lang: str) -> HttpResponse:
    """The report of a year. Sums are public; single vouchers are for the officers of their territory."""
    book = entries.book()
    year = _year(request, book)
    rows, mix = balances(book, year), funding_mix(book, year)
    heads = [Head(_("Territory")), Head(_("Received"), True), Head(_("Spent in it"), True),
             Head(_("Spent or paid elsewhere"), True), Head(_("Came from others"), True), Head(_("Balance"), True),
             Head(_("Share that stayed"), True)]  # fmt: skip
    body = [
        row([one.territory.text("name", lang), *(_eur(getattr(one, name), lang) for name in SUMS),
             words.percent(float(one.local_share), lang, decimals=1) if one.local_share is not None else "–"], heads)
        for one in rows
    ]  # fmt: skip
    body.append(row([_("All"), *(_eur(total(rows, name), lang) for name in SUMS), ""], heads, class_="total"))
    funders = [Head(_("Funder")), Head(_("Sector")), Head(_("Amount"), True), Head(_("Share"), True)]
    shares = [
        row([one.funder.text("name"), SECTORS[one.funder.text("sector")].say(lang), _eur(one.amount_eur, lang),
             words.percent(float(one.share), lang, decimals=1)], funders)
        for one in mix.shares
    ]  # fmt: skip
    held = [str(one) for one in years(book)]
    context = {
        "title": _("Does local money stay local?"),
        "year": year,
        "years": held,
        "balances": table(_("Local money of %(year)s, in EUR, exact") % {"year": year}, heads, body, key="t-local")
        if rows else "",
        "mix": table(_("Who paid in %(year)s, in EUR, exact") % {"year": year}, funders, shares, key="t-mix")
        if mix.shares else "",
        "public": words.percent(float(mix.public_share), lang, decimals=1) if mix.public_share is not None else "",
        "concentration": words.number(float(mix.concentration), 3, lang) if mix.concentration is not None else "",
        "ceilings": [
            label % {"pct": words.number(float(value), 1, lang)}
            for label, value in ((_("public money: %(pct)s %% at most"), mix.public_pct_most),
                                 (_("one funder: %(pct)s %% at most"), mix.funder_pct_most)) if value is not None
        ],
        "source": source_said(mix.source, reader(request, lang, book), lang),
        "warnings": [one.say(lang) for one in mix.warnings],
        "files": {kind: f"/{lang}/money/local.{kind}?year={year}" for kind in ("csv", "xlsx", "json")},
        "mix_files": {kind: f"/{lang}/money/mix.{kind}?year={year}" for kind in ("csv", "xlsx", "json")},
    }  # fmt: skip
    return show(request, "government/money.html", context)


def local_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The balances of a year as a file."""
    return file(request, local_table(entries.book(), _year(request, entries.book())), kind)


def mix_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The funders of a year as a file."""
    return file(request, mix_table(entries.book(), _year(request, entries.book())), kind)


def local_table(book: Book, year: int) -> Table:
    """The balances of a year; amounts are exact texts."""
    rows = tuple(
        (year, one.territory.id, one.territory.text("name", "fr"), one.territory.text("name", "en"),
         *(str(getattr(one, name)) for name in SUMS), None if one.local_share is None else float(one.local_share))
        for one in balances(book, year)
    )  # fmt: skip
    return Table(f"local-money-{year}", BALANCE, rows)


def mix_table(book: Book, year: int) -> Table:
    """The funders of a year; amounts are exact texts."""
    rows = tuple(
        (year, one.funder.id, one.funder.text("name"), one.funder.text("sector"), str(one.amount_eur), float(one.share))
        for one in funding_mix(book, year).shares
    )
    return Table(f"funding-{year}", MIX, rows)


def taking(request: HttpRequest, lang: str) -> HttpResponse:
    """Take lines in from a CSV: all or none, after a trial when it is asked for."""
    reach = reach_here(request)
    if reach.is_nothing:
        hidden(request)
    found: dict[str, object] = {}
    status = 200
    if request.method == "POST":
        sent = request.FILES.get("file")
        try:
            content = sent.read(LARGEST_BYTES + 1) if sent else b""
            rows = read_csv(content[:LARGEST_BYTES])

            def allowed(book: Book, values: Mapping[str, object]) -> bool:
                return may_enter(reach, book, "money", values)

            is_trial = request.POST.get("trial") == "1"
            made = import_money(rows, by=by_here(request), allowed=allowed, dry_run=is_trial)
            found = {"count": len(made), "is_trial": is_trial, "is_done": True}
        except RefusedError as refused:
            found, status = {"refused": refused.say(lang)}, WRONG
    context = {"title": _("Take lines of money in from a CSV"), "columns": COLUMNS, **found}
    return show(request, "government/take_money.html", context, status=status)


def _year(request: HttpRequest, book: Book) -> int:
    typed = request.GET.get("year", "")
    if typed.isascii() and typed.isdecimal() and len(typed) == 4:  # noqa: PLR2004 -- a year
        return int(typed)
    return next(iter(years(book)), int(today()[:4]))


def _eur(amount: Decimal, lang: str) -> str:
    return words.number(float(amount), 0 if amount == amount.to_integral_value() else 2, lang)
