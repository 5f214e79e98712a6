"""Things of government by their kind: lists with filters and files, one thing with its history, forms of officers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.charter.faults import Fault, RefusedError
from beffroi.federation import government
from beffroi.federation.bodies import BODY
from beffroi.federation.merge_bodies import merge_bodies
from beffroi.federation.reach import editable, may_edit, may_enter
from beffroi.federation.statutes import StatutesError, parse
from beffroi.vocabulary.text import Text
from beffroi.web import vote_decisions as votes
from beffroi.web.charter_edit import Editing, edit
from beffroi.web.charter_form import ThingForm, name_of
from beffroi.web.charter_words import as_table, asked_day, end_of, listing, select
from beffroi.web.government_frame import (
    address,
    book_here,
    by_here,
    files,
    find,
    hidden,
    kind_of,
    reach_here,
    reader,
    show,
)
from beffroi.web.pages import deeds
from beffroi.web.registry_frame import file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from beffroi.charter.book import Thing

COLUMNS = {
    "territory": ("departments", "since", "until"),
    "body": ("type", "territory", "since", "until"),
    "mandate": ("body", "function", "organisation", "since", "until"),
    "statutes": ("body", "since"),
    "meeting": ("body", "day", "begins", "place", "convened_on", "is_cancelled"),
    "minutes": ("meeting", "approved_on"),
    "decision": ("type", "body", "day", "outcome", "vote"),
    "office": ("territory", "address", "hours"),
    "structure": ("nature", "since", "until"),
    "funder": ("sector",),
    "money": ("direction", "day", "amount_eur", "territory", "to_territory", "funder"),
    "agreement": ("funder", "since", "until", "amount_eur"),
    "conflict": ("organisation", "subject", "nature", "since", "until"),
    "seating": ("body", "since", "until", "vote", "sha256"),
}
WRONG = 422
MERGED = ("name", "type", "territory", "parents", "since", "mission", "merges")


def desk(request: HttpRequest, lang: str) -> HttpResponse:
    """What an officer may enter and change, kind by kind, and what waits."""
    reach, book = reach_here(request), book_here(request)
    rows = [
        (one.plural.say(lang).capitalize(), len(editable(reach, book, name)), f"/{lang}/government/{name}/",
         f"/{lang}/government/{name}/new/")
        for name, one in government.KINDS.items() if name != "seating"
    ]  # fmt: skip
    waiting = [
        (address(lang, one.kind, one.id), name_of(one, lang), one.text("day"))
        for one in editable(reach, book, "meeting") if not one.get("convened_on")
    ]  # fmt: skip
    drafts = [(address(lang, one.kind, one.id), name_of(one, lang)) for one in editable(reach, book, "minutes")
              if not one.get("approved_at")]  # fmt: skip
    context = {"title": _("My desk"), "rows": rows, "waiting": waiting, "drafts": drafts}
    return show(request, "government/desk.html", context)


def things(request: HttpRequest, lang: str, name: str) -> HttpResponse:
    """The things of a kind, filtered by the address, today or as they stood on a day."""
    kind, day = kind_of(request, name), asked_day(request)
    book = book_here(request, end_of(day))
    words = reader(request, lang, book)
    held = book.of(name)
    found = select(kind, held, request.GET.dict(), words)
    filters = [
        (f"f-{one}", one, kind.field(one).label.say(lang), request.GET.get(one, ""),
         sorted({each.text(one): words.said(kind.field(one), each.get(one)) for each in held if each.get(one)}.items(),
                key=lambda pair: pair[1]))
        for one in COLUMNS[name] if one in {"body", "territory", "type", "function", "outcome", "meeting", "direction",
                                            "funder", "subject", "sector", "nature"}
    ]  # fmt: skip
    context = {
        "title": kind.plural.say(lang).capitalize(),
        "name": name,
        "count": len(found),
        "q": request.GET.get("q", ""),
        "filters": filters,
        "table": listing(kind, found, words, columns=COLUMNS[name]),
        "files": files(f"/{lang}/government/{name}/export", request),
        "on": day.isoformat() if day else "",
        "path": request.path,
        "can_enter": not reach_here(request).is_nothing and name != "seating",
    }
    return show(request, "government/things.html", context)


def things_file(request: HttpRequest, lang: str, name: str, kind: str) -> HttpResponse:
    """The same things as a file."""
    held = kind_of(request, name)
    book = book_here(request, end_of(asked_day(request)))
    words = reader(request, lang, book)
    return file(request, as_table(held, select(held, book.of(name), request.GET.dict(), words), words), kind)


def thing(request: HttpRequest, lang: str, name: str, thing: str) -> HttpResponse:
    """One thing: what it says, what names it, and its history."""
    kind, book = kind_of(request, name), book_here(request)
    return thing_page(request, lang, find(request, book, thing, kind.name))


def thing_page(request: HttpRequest, lang: str, one: Thing, *, refused: RefusedError | None = None) -> HttpResponse:
    """The page of any thing; with the reasons why something was refused, when it was."""
    kind, book = government.KINDS[one.kind], book_here(request)
    words = reader(request, lang, book)
    context = {
        "title": name_of(one, lang),
        "kind": kind.label.say(lang),
        "thing": one,
        "facts": words.facts(kind, one),
        "naming": [words.link(each.id) for each in book.linking(one.id) if each.kind in government.KINDS],
        "history": words.history(kind, entries.history(one.id)),
        "refused": refused.say(lang) if refused else [],
        **tools(request, lang, one),
    }
    return show(request, "government/thing.html", context, status=WRONG if refused else 200)


def tools(request: HttpRequest, lang: str, one: Thing) -> dict[str, object]:
    """What an officer may do with a thing: the address of its form and the deeds that go with its kind."""
    if not may_edit(reach_here(request), entries.book(), one):
        return {"edit_url": "", "deeds": []}
    base = f"/{lang}/government/{one.kind}/{one.id}"
    return {"edit_url": f"{base}/edit/", "deeds": [(f"{base}/do/{key}/", label) for key, label in deeds.offered(one)]}


def new(request: HttpRequest, lang: str, name: str) -> HttpResponse:
    """The form of a new thing; fields named in the address are filled in by it."""
    kind = kind_of(request, name)
    if name == "seating":
        hidden(request)
    given: dict[str, object] = {one: request.GET[one] for one in ("body", "meeting", "territory") if one in kind.names
             and request.GET.get(one)}  # fmt: skip
    book, title = book_here(request), ""
    start: dict[str, object] = {}
    if name == "decision" and (vote := request.GET.get("vote", "")):
        fixed, start = votes.start_of_decision(vote) or hidden(request)
        given |= fixed
        title = votes.decision_title(fixed, lang)
    for key in {"body", "meeting", "territory"} & set(given):
        find(request, book, str(given[key]), key)
    what = Editing(
        kind, lambda one: address(lang, one.kind, one.id), title=title, start=start,
        names=[one for one in _typed(name) if one not in given], added=given, facts=_guard(request, name), book=book,
    )  # fmt: skip
    return edit(_with_document(request, name), lang, what)


def change(request: HttpRequest, lang: str, name: str, thing: str) -> HttpResponse:
    """The form of a thing that stands."""
    kind, book = kind_of(request, name), book_here(request)
    one = find(request, book, thing, kind.name)
    if not may_edit(reach_here(request), entries.book(), one) or name == "seating":
        hidden(request)
    what = Editing(
        kind, lambda then: address(lang, then.kind, then.id), thing=one, names=_typed(name),
        facts=_guard(request, name, one), book=book,
    )  # fmt: skip
    return edit(_with_document(request, name), lang, what)


def do(request: HttpRequest, lang: str, name: str, thing: str, deed: str) -> HttpResponse:
    """A deed on a thing, such as convening a meeting: by POST alone, then back to its page, or why not."""
    book = book_here(request)
    one = find(request, book, thing, kind_of(request, name).name)
    if not may_edit(reach_here(request), entries.book(), one) or deed not in deeds.DEEDS.get(name, ()):
        hidden(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        deeds.do(request, lang, one, deed)
    except RefusedError as refused:
        return thing_page(request, lang, one, refused=refused)
    return HttpResponseRedirect(address(lang, name, thing))


def merging(request: HttpRequest, lang: str) -> HttpResponse:
    """The form that joins bodies into a new one."""
    data = request.POST if request.method == "POST" else None
    form = ThingForm(BODY, language=lang, book=book_here(request), data=data, names=MERGED)
    status = 200
    if data is not None and form.is_valid():
        values = form.values()
        try:
            named = values.pop("merges") or []
            found = merge_bodies(
                named if isinstance(named, list) else [], values, day=_day(values.pop("since")), by=by_here(request),
                reason=form.cleaned_data["reason"].strip(),
            )  # fmt: skip
            return HttpResponseRedirect(address(lang, "body", found.id))
        except RefusedError as refused:
            form.take(refused)
            status = WRONG
    context = {"title": _("Join bodies into one"), "form": form, "send": _("Join them"), "is_conflict": False,
               "tables": [("parents", BODY.field("parents").label.say(lang), form.row_counts["parents"])]}  # fmt: skip
    return show(request, "charter/form.html", context, status=status)


def _day(value: object) -> str:
    if not value:
        raise RefusedError([Fault("since", Text("Depuis quel jour ?", "Since which day?"))])
    return str(value)


def _typed(name: str) -> list[str]:
    by_act = government.BY_ACT.get(name, frozenset())
    return [one.name for one in government.KINDS[name].fields if one.name not in by_act]


def _guard(request: HttpRequest, name: str, before: Thing | None = None) -> Any:
    def check(values: Mapping[str, object]) -> Mapping[str, object]:
        held = {**(before.values if before else {}), **values}
        if not may_enter(reach_here(request), entries.book(), name, held):
            hidden(request)
        return votes.facts() if name == "decision" else {}

    return check


def _with_document(request: HttpRequest, name: str) -> HttpRequest:
    """Statutes may be typed as YAML; the form keeps JSON."""
    if name == "statutes" and request.method == "POST" and "rules" in request.POST:
        try:
            document = parse(request.POST["rules"])
        except StatutesError:
            return request
        sent = request.POST.copy()
        sent["rules"] = json.dumps(document, ensure_ascii=False)
        request.POST = sent  # type: ignore[assignment]  # -- a QueryDict that may be written
    return request
