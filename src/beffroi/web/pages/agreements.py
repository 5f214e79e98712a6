"""Agreements as their funder, the chair and the office read them: money by year, state, effect, and reports due."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.federation.agreements import AGREEMENT, DONE, DUE, LATE, duties, own_agreements, paid_by_year, years_of
from beffroi.observatory.tables import Table, folded
from beffroi.strategy.cost import amounts, total
from beffroi.strategy.kinds import KINDS
from beffroi.strategy.measure import effect_of, status_of
from beffroi.strategy.objective import results_of
from beffroi.strategy.project import late, progress_of
from beffroi.web import permissions, words
from beffroi.web.government_frame import book_here, reader, show, today
from beffroi.web.markup import Head, link, row, safe, table
from beffroi.web.pages.government import tools
from beffroi.web.registry_frame import file
from beffroi.web.strategy_frame import open_view
from beffroi.web.strategy_parts import progress_table
from beffroi.web.strategy_words import euros

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from beffroi.charter.book import Thing
    from beffroi.web.strategy_frame import View

COLUMNS = ("id", "name_fr", "name_en", "funder", "signed_on", "since", "until", "amount_eur", "finances", "document",
           "reports_late")  # fmt: skip
STATED = {"action": "costs", "project": "funding"}  # where a financed thing states its public amounts


def may_see(request: HttpRequest) -> tuple[Thing, ...]:
    """The agreements that who asks may read."""
    return own_agreements(entries.book(), permissions.person_of(request).held)


def listing(request: HttpRequest, lang: str) -> HttpResponse:
    """Every agreement that the reader may see, narrowed by the address."""
    found, day = _asked(request), today()
    book = entries.book()
    heads = [Head(_("Agreement")), Head(_("Funder")), Head(_("From")), Head(_("Until")), Head(_("Amount"), True),
             Head(_("Reports"))]  # fmt: skip
    rows = [
        row([link(f"/{lang}/agreements/{one.id}/", one.text("name", lang)),
             book.thing(one.text("funder")).text("name"), words.day(one.text("since"), lang),
             words.day(one.text("until"), lang) if one.get("until") else "–",
             euros(Decimal(one.text("amount_eur")), lang), _owed(one, day, lang)], heads)
        for one in found
    ]  # fmt: skip
    query = request.META.get("QUERY_STRING", "")
    context = {
        "title": _("What did funders and the federation agree?"),
        "table": table(_("Agreements"), heads, rows, key="t-agreements") if rows else "",
        "q": request.GET.get("q", ""),
        "files": {kind: f"/{lang}/agreements/export.{kind}{'?' + query if query else ''}"
                  for kind in ("csv", "xlsx", "json")},
        "can_enter": permissions.may(permissions.person_of(request), "rule_government"),
    }  # fmt: skip
    return show(request, "government/agreements.html", context)


def listing_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The same agreements as a file."""
    return file(request, agreements_table(_asked(request)), kind)


def agreements_table(found: Sequence[Thing]) -> Table:
    """Agreements as a table; amounts are exact texts."""
    day, book = today(), entries.book()
    rows = tuple(
        (one.id, one.text("name", "fr"), one.text("name", "en"), book.thing(one.text("funder")).text("name"),
         one.text("signed_on"), one.text("since"), one.text("until") or None, one.text("amount_eur"),
         " ".join(one.ids("finances")), one.text("document"), sum(each.state == LATE for each in duties(one, day)))
        for one in found
    )  # fmt: skip
    return Table("agreements", COLUMNS, rows)


def agreement(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """One agreement: what was signed, what became of the money and the work, and what is owed."""
    one, view, day = _one(request, thing), open_view(request, lang), today()
    said = reader(request, lang, book_here(request))
    financed = [found for each in one.ids("finances") if (found := view.book.find(each)) is not None]
    context = {
        "title": one.text("name", lang),
        "facts": said.facts(AGREEMENT, one, names=AGREEMENT.names - {"finances", "duties"}),
        "years": _years(view, one, financed, lang),
        "financed": _financed(view, financed, lang),
        "waiting": len(one.ids("finances")) - len(financed),
        "effects": _effects(view, financed),
        "duties": _duties(one, day, lang),
        "late": sum(each.state == LATE for each in duties(one, day)),
        "history": said.history(AGREEMENT, entries.history(one.id)),
        **{f"{what}_files": {kind: f"/{lang}/agreements/{one.id}/{what}.{kind}" for kind in ("csv", "xlsx", "json")}
           for what in ("money", "financed", "reports")},
        **tools(request, lang, one),
    }  # fmt: skip
    return show(request, "government/agreement.html", context)


def agreement_file(request: HttpRequest, lang: str, thing: str, what: str, kind: str) -> HttpResponse:
    """The money of an agreement by year, what it finances, or its reports, as a file."""
    one, view = _one(request, thing), open_view(request, lang)
    financed = [found for each in one.ids("finances") if (found := view.book.find(each)) is not None]
    makers: dict[str, Callable[[], Table]] = {
        "money": lambda: Table(f"{one.id}-money", ("year", "committed_eur", "spent_eur", "paid_eur"),
                               tuple((year, *map(str, money)) for year, money in _sums(view, one, financed))),
        "financed": lambda: Table(f"{one.id}-financed", ("id", "kind", "name_fr", "name_en", "state", "effect_status",
                                                         "effect", "effect_unit_fr", "effect_unit_en"),
                                  tuple(_as_row(each) for each in financed)),
        "reports": lambda: Table(f"{one.id}-reports", ("name_fr", "name_en", "due", "delivered", "reference", "state"),
                                 tuple((each.name.fr, each.name.en, each.due, each.delivered or None, each.reference,
                                        each.state) for each in duties(one, today()))),
    }  # fmt: skip
    if what not in makers:
        raise Http404
    return file(request, makers[what](), kind)


def _asked(request: HttpRequest) -> list[Thing]:
    wanted = folded(request.GET.get("q", "").strip()[:200]).split()
    funder, book = request.GET.get("funder", ""), entries.book()
    return [
        one for one in may_see(request)
        if funder in {"", one.text("funder")}
        and all(word in folded(f"{one.text('name', 'fr')} {one.text('name', 'en')} {one.id} "
                               f"{book.thing(one.text('funder')).text('name')}") for word in wanted)
    ]  # fmt: skip


def _one(request: HttpRequest, thing: str) -> Thing:
    found = next((one for one in may_see(request) if one.id == thing), None)
    return found if found is not None else permissions.refuse(request, "read_agreements")


def _sums(view: View, one: Thing, financed: Sequence[Thing]) -> list[tuple[int, tuple[Decimal, Decimal, Decimal]]]:
    funder = entries.book().thing(one.text("funder"))
    name, organisation = folded(funder.text("name")), funder.text("organisation")
    stated = [
        each for thing in financed for each in amounts(thing, STATED[thing.kind])
        if folded(each.funder) == name or (organisation and each.organisation == organisation)
    ]  # fmt: skip
    paid = paid_by_year(entries.book(), one)
    years = sorted({*years_of(one, view.day.isoformat()), *paid, *(each.year for each in stated)})
    return [
        (year, (*total(each for each in stated if each.year == year), paid.get(year, Decimal(0))))
        for year in years
    ]  # fmt: skip


def _years(view: View, one: Thing, financed: Sequence[Thing], lang: str) -> SafeString:
    heads = [Head(_("Year")), Head(_("Committed to what it finances"), True), Head(_("Spent there"), True),
             Head(_("Paid to the federation"), True)]  # fmt: skip
    sums = _sums(view, one, financed)
    rows = [row([year, *(euros(each, lang) for each in money)], heads) for year, money in sums]
    whole = [sum((money[place] for _year, money in sums), Decimal(0)) for place in range(3)]
    rows.append(row([_("In all"), *(euros(each, lang) for each in whole)], heads, class_="own"))
    return table(_("Money of this funder by year, exact"), heads, rows, key="t-years")


def _financed(view: View, financed: Sequence[Thing], lang: str) -> SafeString | str:
    heads = [Head(_("What it finances")), Head(_("State")), Head(_("Progress"), True), Head(_("Late milestones"))]
    lates = late(view.book, view.day)
    words_of = view.reader()
    rows = []
    for one in financed:
        done = progress_of(one) if one.kind == "project" else None
        behind = ", ".join(f"{each.milestone} ({words.day(each.due.isoformat(), lang)})" for each in lates
                           if each.project.id == one.id)  # fmt: skip
        rows.append(row([words_of.link(one.id), words_of.said(KINDS[one.kind].field("state"), one.get("state")),
                         words.percent(float(str(done["progress_pct"])) / 100, lang) if done else "–",
                         behind or "–"], heads))  # fmt: skip
    return table(_("Actions and projects"), heads, rows, key="t-financed") if rows else ""


def _effects(view: View, financed: Sequence[Thing]) -> SafeString:
    served = dict.fromkeys(each for one in financed for each in one.ids("objectives"))
    results: dict[str, Thing] = {}
    for id_ in served:
        thing = view.book.find(id_)
        for each in results_of(view.book, id_) if thing and thing.kind == "objective" else (thing,):
            results |= {each.id: each} if each is not None else {}
    heads = [Head(_("Action")), Head(_("What is known of the effect")), Head(_("Effect observed"), True)]
    said, kind = view.reader(), KINDS["action"]
    rows = []
    for one in financed:
        if one.kind == "action":
            value = said.said(kind.field("effect"), None if effect_of(one) is None else one.get("effect"))
            shown = f"{value} {one.text('effect_unit', view.language)}" if value else "–"
            known = said.said(kind.field("effect_status"), status_of(one))
            rows.append(row([said.link(one.id), known, shown], heads))
    effects = table(_("What came of each action"), heads, rows, key="t-effects") if rows else ""
    return safe(effects + progress_table(view, list(results.values())))


def _duties(one: Thing, day: str, lang: str) -> SafeString | str:
    states = {LATE: _("late"), DUE: _("to come"), DONE: _("handed over")}
    heads = [Head(_("Report")), Head(_("Due")), Head(_("State")), Head(_("Handed over on")), Head(_("Document"))]
    rows = [
        row([each.name.say(lang), words.day(each.due, lang), states[each.state],
             words.day(each.delivered, lang) if each.delivered else "–", each.reference or "–"], heads)
        for each in duties(one, day)
    ]  # fmt: skip
    return table(_("Reports that the agreement asks for"), heads, rows, key="t-duties") if rows else ""


def _owed(one: Thing, day: str, lang: str) -> str:
    owed = [each for each in duties(one, day) if each.state != DONE]
    if not owed:
        return _("none due")
    named = {"name": owed[0].name.say(lang), "day": words.day(owed[0].due, lang)}
    return (_("late: %(name)s, %(day)s") if owed[0].state == LATE else _("%(name)s, %(day)s")) % named


def _as_row(one: Thing) -> tuple[str | None, ...]:
    effect = effect_of(one) if one.kind == "action" else None
    return (one.id, one.kind, one.text("name", "fr"), one.text("name", "en"), one.text("state"),
            status_of(one) if one.kind == "action" else None, None if effect is None else str(effect),
            one.text("effect_unit", "fr") or None, one.text("effect_unit", "en") or None)  # fmt: skip
