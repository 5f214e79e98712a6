"""Seats of the board: anyone simulates, compares and shares the address; officers enter what a vote adopted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from beffroi.assembly.frozen_rule import thaw
from beffroi.assembly.seat_rule import METHODS
from beffroi.charter.faults import RefusedError
from beffroi.federation.seat_presets import PRESETS
from beffroi.federation.seating import adopt, record_of, run_again
from beffroi.federation.seats import Simulated, balanced, compare, simulate
from beffroi.observatory.tables import Table
from beffroi.vocabulary.errors import BeffroiError, MethodError
from beffroi.web import words
from beffroi.web.government_frame import book_here, by_here, find, reader, show, today
from beffroi.web.markup import Head, row, safe, table
from beffroi.web.registry_frame import file
from beffroi.web.seat_question import REGISTRY, SHOWN, TYPED, Question, form_of, read_question
from beffroi.web.svg import seats_chart
from beffroi.web.svg.primitives import inline, standalone
from beffroi.web.told import told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from beffroi.assembly.divisors import TieBroken
    from beffroi.federation.seats import Compared

WRONG = 422
COLUMNS = ("territory", "name", "weight_share", "quota", "seats", "of_which_reserved", "deviation", "ratio",
           "banzhaf_normalised", "shapley_shubik")  # fmt: skip
_WISH = re.compile(r"- (?:(exactly) (\d+)|at least (\d+)(?: seats and at most (\d+))?|at most (\d+)) seats for (.+)")


def page(request: HttpRequest, lang: str) -> HttpResponse:
    """The board as the address asks for it, or why it cannot be."""
    return _page(request, lang)


def table_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The seats and their fairness as a file."""
    asked = _asked(request, lang)
    found = simulate(asked.territories, asked.rule, asked.classes)
    rows = tuple(tuple(one) for one in _rows(asked, found))
    return file(request, Table("seats", COLUMNS, rows), kind)


def picture(request: HttpRequest, lang: str) -> HttpResponse:
    """The bars as a picture."""
    asked = _asked(request, lang)
    found = simulate(asked.territories, asked.rule, asked.classes)
    drawing = seats_chart.draw(_bars(asked, found, lang), layout="wide")
    content = standalone(drawing, title=_title(asked, lang), description=_how(), credit="Beffroi")
    return HttpResponse(content, content_type="image/svg+xml; charset=utf-8")


def adopting(request: HttpRequest, lang: str) -> HttpResponse:
    """Enter the rule of the address as adopted by a vote; its inputs and result are frozen with it."""
    if request.method != "POST":
        return _page(request, lang)
    asked = _asked(request, lang)
    sent = {name: request.POST.get(name, "").strip()[:160] for name in ("body", "name", "since", "until", "vote",
                                                                         "decision")}  # fmt: skip
    find(request, book_here(request), sent["body"], "body")
    try:
        one = adopt(sent["body"], asked.territories, asked.rule, name=sent["name"], term=(sent["since"], sent["until"]),
                    vote=sent["vote"], by=by_here(request), decision=sent["decision"])  # fmt: skip
    except RefusedError as refused:
        return _page(request, lang, refused=refused.say(lang))
    return HttpResponseRedirect(f"/{lang}/seats/adopted/{one.id}/")


def adopted(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """An adopted rule: what it gave, and what it would give today by the registry."""
    book = book_here(request)
    one = find(request, book, thing, "seating")
    now = read_question(request.GET, book, today(), lang)
    names = {each.id: each.text("name", lang) for each in book.of("territory", archived=True)}
    new: Simulated | None
    try:
        old, new = run_again(one, now.territories, now.classes)
        problem = ""
    except MethodError as error:
        frozen, _rule = thaw(record_of(one))
        (old, _same), new, problem = run_again(one, frozen), None, told(error)
    heads = [Head(_("Territory")), Head(_("Weight when adopted"), True), Head(_("Seats when adopted"), True)]
    heads += [Head(_("Weight today"), True), Head(_("Seats today"), True), Head(_("Change"), True)] if new else []
    rows = []
    for name, seats in old.found.seats.items():
        cells = [names.get(name, name), words.number(float(old.found.weights[name]), 2, lang), seats]
        if new:
            then = new.found.seats.get(name, 0)
            weight = float(new.found.weights.get(name, 0))
            cells += [words.number(weight, 2, lang), then, words.signed(then - seats, 0, lang)]
        rows.append(row(cells, heads))
    context = {
        "title": one.text("name"),
        "thing": one,
        "body": reader(request, lang, book).link(one.text("body")),
        "table": table(_("The rule when adopted, and on today’s figures"), heads, rows, key="t-adopted"),
        "problem": problem,
        "rule": old.found.rule,
        "sha256": record_of(one).get("sha256"),
        "ties": [_tie(each, names) for each in old.found.ties],
    }
    return show(request, "government/adopted.html", context)


def _asked(request: HttpRequest, lang: str) -> Question:
    return read_question(request.GET, book_here(request), today(), lang)


def _page(request: HttpRequest, lang: str, *, refused: list[str] | None = None) -> HttpResponse:
    book = book_here(request)
    asked: Question | None = None
    context: dict[str, object] = {}
    status = 200
    try:
        asked = _asked(request, lang)
        found = simulate(asked.territories, asked.rule, asked.classes)
        context = _found(request, lang, asked, found)
    except (BeffroiError, RecursionError) as error:
        said = told(error) if isinstance(error, BeffroiError) else str(error)
        context, status = {"problem": said}, WRONG
    if asked is not None:
        context |= {"names": list(asked.names.items()), "note": asked.note}
        context["compared"] = _compared(asked, compare(asked.territories, asked.rule, methods=SHOWN), lang)
    query = request.META.get("QUERY_STRING", "")
    context |= {
        "title": _("How many seats for each territory?"),
        "form": form_of(asked, request.GET, labels=measure_names(), sizes=class_names()),
        "methods": list(method_names().items()),
        "tie_rules": list(tie_names().items()),
        "sources": [(REGISTRY, _("the registry, as counted today")), (TYPED, _("the table below")),
                    *((key, one.title.say(lang)) for key, one in PRESETS.items())],
        "query": query,
        "refused": refused or [],
        "bodies": [(one.id, one.text("name", lang)) for one in book.of("body")],
        "adoptions": [(one.id, one.text("name"), one.text("since")) for one in book.of("seating")],
        "files": {kind: f"/{lang}/seats/figures.{kind}?{query}" for kind in ("csv", "xlsx", "json")},
    }  # fmt: skip
    return show(request, "government/seats.html", context, status=WRONG if refused else status)


def _found(request: HttpRequest, lang: str, asked: Question, found: Simulated) -> dict[str, object]:
    heads = [Head(_("Territory")), Head(_("Weight"), True), Head(_("In proportion"), True), Head(_("Seats"), True),
             Head(_("of which reserved"), True), Head(_("Too many or too few"), True),
             Head(_("Seats per seat due"), True), Head("Banzhaf", True), Head("Shapley–Shubik", True)]  # fmt: skip
    rows = []
    total = sum(found.found.weights.values())
    for name, one in found.fair.standings.items():
        power = found.powers.get(name)
        rows.append(row([
            asked.names.get(name, name), _pct(found.found.weights[name] / total, lang),
            words.number(float(one.quota), 2, lang), one.seats, found.reserved[name],
            words.signed(float(one.deviation), 2, lang),
            words.number(float(one.ratio), 2, lang) if one.ratio is not None else "–",
            _pct(power.banzhaf_normalised if power else None, lang),
            _pct(power.shapley_shubik if power else None, lang)], heads))  # fmt: skip
    fair = found.fair
    pictures = [
        inline(seats_chart.draw(_bars(asked, found, lang), layout=layout), key="seats", layout=layout,
               title=_title(asked, lang), description=_how())
        for layout in ("wide", "narrow")
    ]  # fmt: skip
    return {
        "lead": _lead(asked, found, lang),
        "table": table(_("Seats, and what strict proportion would give"), heads, rows, key="t-seats"),
        "picture": safe("".join(pictures)),
        "how": _how(),
        "gallagher": words.percent(fair.gallagher, lang, decimals=2),
        "loosemore": words.percent(float(fair.loosemore_hanby), lang, decimals=2),
        "outside": ", ".join(asked.names.get(one, one) for one in fair.quota_violations),
        "ties": [_tie(one, asked.names) for one in found.found.ties],
        "classes": _classes(found, lang),
        "balance": _balance(asked, found) if asked.asks_balance else {},
        "svg": f"/{lang}/seats/seats.svg?{request.META.get('QUERY_STRING', '')}",
    }


def _pct(share: Fraction | None, lang: str) -> str:
    return "–" if share is None else words.percent(float(share), lang, decimals=1)


def _rows(asked: Question, found: Simulated) -> list[tuple[str | int | float | None, ...]]:
    total = sum(found.found.weights.values())
    rows: list[tuple[str | int | float | None, ...]] = []
    for name, one in found.fair.standings.items():
        power = found.powers.get(name)
        rows.append((
            name, asked.names.get(name, name), float(found.found.weights[name] / total), float(one.quota), one.seats,
            found.reserved[name], float(one.deviation), None if one.ratio is None else float(one.ratio),
            float(power.banzhaf_normalised) if power else None,
            float(power.shapley_shubik) if power else None))  # fmt: skip
    return rows


def _bars(asked: Question, found: Simulated, lang: str) -> list[seats_chart.Bar]:
    return [
        seats_chart.Bar(asked.names.get(name, name), one.seats, found.reserved[name], float(one.quota),
                        f"{one.seats} ({words.number(float(one.quota), 1, lang)})")
        for name, one in found.fair.standings.items()
    ]  # fmt: skip


def _compared(asked: Question, rows: tuple[Compared, ...], lang: str) -> SafeString:
    held = [one for one in rows if one.result is not None]
    heads = [Head(_("Territory")), *(Head(method_names().get(one.method, one.method), True) for one in held)]
    body = [
        row([asked.names[name], *(one.result.found.seats[name] for one in held if one.result)], heads)
        for name in asked.names
    ]
    body.append(row([_("Gallagher’s index"), *(words.percent(one.result.fair.gallagher, lang, decimals=2)
                                               for one in held if one.result)], heads, class_="total"))  # fmt: skip
    missing = [method_names().get(one.method, one.method) for one in rows if one.result is None]
    caption = _("The same inputs under several rules")
    caption += " " + _("(not applicable here: %(rules)s)") % {"rules": ", ".join(missing)} if missing else ""
    return table(caption, heads, body, key="t-compared")


def _classes(found: Simulated, lang: str) -> SafeString | str:
    if not found.classes:
        return ""
    heads = [Head(_("Size class")), Head(_("In proportion"), True), Head(_("Through its territories"), True),
             Head(_("Seats per seat due"), True)]  # fmt: skip
    rows = [
        row([class_names().get(name, name), words.number(float(one.quota), 2, lang),
             words.number(float(one.quota + one.deviation), 2, lang),
             words.number(float(one.ratio), 2, lang) if one.ratio is not None else "–"], heads)
        for name, one in found.classes.items()
    ]  # fmt: skip
    return table(_("A territory’s seats speak for its members, in proportion"), heads, rows, key="t-classes")


def _balance(asked: Question, found: Simulated) -> dict[str, object]:
    try:
        made = balanced(found.found, asked.classes, women_share=asked.women_share, least_women=asked.least_women,
                        least_men=asked.least_men, least_of_class=asked.least_of_class)  # fmt: skip
    except MethodError as error:
        return {"problem": told(error), "wishes": _wishes(str(error), asked)}
    heads = [Head(_("Territory")), Head(_("Size class")), Head(_("Women"), True), Head(_("Men"), True)]
    cells: dict[tuple[str, str], dict[str, int]] = {}
    for name, count in made.seats.items():
        place, size, gender = name.rsplit("/", 2)
        cells.setdefault((place, size), {})[gender] = count
    rows = [
        row([asked.names.get(place, place), class_names().get(size, size), held["women"], held["men"]], heads)
        for (place, size), held in cells.items() if any(held.values())
    ]  # fmt: skip
    return {"table": table(_("The board nearest to proportion that keeps every wish"), heads, rows, key="t-balance")}


def _wishes(error: str, asked: Question) -> list[str]:
    """The conflicting wishes in the reader's language."""
    found = []
    for line in error.splitlines():
        if match := _WISH.fullmatch(line):
            exactly, count, least, most, at_most, who = match.groups()
            value = who.partition(" ")[2]
            names = {"women": _("women"), "men": _("men"), **class_names(), **asked.names}
            name = names.get(value, value)
            if exactly:
                found.append(_("exactly %(count)s seats: %(name)s") % {"count": count, "name": name})
            elif least:
                found.append(_("at least %(count)s seats: %(name)s") % {"count": least, "name": name})
            else:
                found.append(_("at most %(count)s seats: %(name)s") % {"count": at_most or most, "name": name})
    return found


def _tie(tie: TieBroken, names: Mapping[str, str]) -> str:
    said = [", ".join(names.get(one, one) for one in each) for each in (tie.among, tie.winners)]
    by = tie_names().get(tie.by, tie.by)
    return _("%(among)s tied for %(seats)s; %(winners)s won by the declared rule: %(by)s.") % {
        "among": said[0], "seats": tie.seats, "winners": said[1], "by": by}  # fmt: skip


def _title(asked: Question, lang: str) -> str:
    return _("%(seats)s seats by %(method)s") % {
        "seats": words.number(asked.rule.seats, 0, lang), "method": method_names()[asked.rule.method]}  # fmt: skip


def _how() -> str:
    return _("Each bar is the seats of a territory, reserved ones in green; the red tick is strict proportion.")


def _lead(asked: Question, found: Simulated, lang: str) -> str:
    reserved = sum(found.reserved.values())
    title = _title(asked, lang)
    if reserved:
        return _("%(title)s: %(free)s shared among all that take part, %(reserved)s reserved.") % {
            "title": title, "free": asked.rule.seats - reserved, "reserved": reserved}  # fmt: skip
    return _("%(title)s, the numbers exact.") % {"title": title}


def method_names() -> dict[str, str]:
    """Methods in the reader's language."""
    names = {
        "largest-remainder-hare": _("largest remainder (Hare)"),
        "largest-remainder-droop": _("largest remainder (Droop)"),
        "largest-remainder-hagenbach-bischoff": _("largest remainder (Hagenbach-Bischoff)"),
        "equal": _("equal seats"), "sainte-lague": "Sainte-Laguë", "dhondt": "D’Hondt",
        "huntington-hill": "Huntington–Hill", "adams": "Adams", "dean": "Dean",
        "modified-sainte-lague": _("modified Sainte-Laguë"),
    }  # fmt: skip
    return {one: names.get(one, one) for one in METHODS}


def measure_names() -> dict[str, str]:
    """Measures in the reader's language."""
    return {"members": _("members"), "jobs": _("jobs"), "revenue": _("revenue"), "dues": _("dues")}


def class_names() -> dict[str, str]:
    """Size classes in the reader's language."""
    return {"micro": _("under 10 people"), "small": _("10 to 49 people"), "medium": _("50 to 249 people"),
            "large": _("250 people or more"), "unknown": _("staff not known")}  # fmt: skip


def tie_names() -> dict[str, str]:
    """Rules for ties in the reader's language."""
    return {"refuse": _("refuse"), "larger": _("the larger weight"), "smaller": _("the smaller weight"),
            "order": _("the declared order")}  # fmt: skip
