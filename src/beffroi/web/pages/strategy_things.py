"""Lists of factors, objectives, actions, projects and the rest; the page of each; amounts that partners read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.charter.book import Book
from beffroi.charter.holds import Choice
from beffroi.observatory.tables import Table
from beffroi.strategy import read, tables
from beffroi.strategy.compare import SideBySide, side_by_side
from beffroi.strategy.cost import amounts
from beffroi.strategy.kinds import KINDS
from beffroi.strategy.order import in_order
from beffroi.web import jsonld, permissions, words
from beffroi.web.charter_words import as_table, end_of, listing, select
from beffroi.web.markup import Head, link, row, safe, table, text
from beffroi.web.registry_frame import file
from beffroi.web.strategy_frame import SEGMENTS, View, open_view, show
from beffroi.web.strategy_parts import money, parts, schedule
from beffroi.web.strategy_words import change_names, value

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from beffroi.charter.book import Thing
    from beffroi.charter.shape import Kind
    from beffroi.vocabulary.figure import Figure

COLUMNS = {
    "factor": ("severity", "state", "owner"), "objective": ("state", "factors", "owner"),
    "action": ("state", "objectives", "starts", "owner"), "project": ("state", "objectives", "owner"),
    "result": ("objective", "target", "due"), "programme": ("vision",), "asset": ("territory", "source"),
    "figure": ("unit", "refresh_months"), "resolution": ("body", "day", "outcome"), "vision": ("horizon", "version"),
}  # fmt: skip
# Fields that the page of a thing shows in parts of its own, or that only machines read.
APART = {
    "factor": {"name", "evidence", "indicators"}, "action": {"name", "costs", "review", "review_why", "review_by",
    "review_text"}, "project": {"name", "funding", "private_funding"}, "figure": {"name", "readings"},
    "vision": {"name", "approved_text"},
}  # fmt: skip


def listed(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """A list, filtered by its address; what it shows can be taken away."""
    view, one = open_view(request, lang), KINDS[kind]
    reader = view.reader()
    found = _found(request, view, one)
    asked = _asked(request, one)
    segment = SEGMENTS[kind]
    tail = f"?{urlencode({**asked, **({'on': view.on.isoformat()} if view.on else {})})}"
    context = {
        "title": _titles()[kind],
        "lead": _lead(view, kind, found),
        "kind": kind,
        "has_any": bool(view.book.of(kind)),
        "q": asked.get("q", ""),
        "state": asked.get("state", ""),
        "states": _states(one, lang),
        "table": listing(one, found, reader, columns=COLUMNS[kind]) if found else "",
        "schedule": schedule(view, found) if kind == "action" else "",
        "files": {each: f"/{lang}/{segment}/export.{each}{tail}" for each in ("csv", "xlsx", "json")},
        "action": f"/{lang}/{segment}/",
        "new_url": f"/{lang}/strategy/new/{kind}/",
        "others": [(view.url(f"{SEGMENTS[each]}/"), KINDS[each].plural.say(lang).capitalize())
                   for each in ("result", "programme", "asset", "figure", "resolution")],
        "jsonld": jsonld.thing(request, name=_titles()[kind], language=lang, type_="Collection"),
    }  # fmt: skip
    return show(request, view, "strategy/listing.html", context)


def listed_file(request: HttpRequest, lang: str, kind: str, ending: str) -> HttpResponse:
    """What the list shows, as a file; actions with every funder."""
    view, one = open_view(request, lang), KINDS[kind]
    found = _found(request, view, one)
    if kind == "action":
        columns, rows = tables.actions(view.book, found)
        return file(request, Table("actions", columns, rows), ending)
    return file(request, as_table(one, found, view.reader(), name=SEGMENTS[kind].rpartition("/")[2]), ending)


def page(request: HttpRequest, lang: str, kind: str, thing: str) -> HttpResponse:
    """One thing: what is said of it, what it serves and what serves it, and its history."""
    view, one = open_view(request, lang), KINDS[kind]
    shown = view.thing(kind, thing)
    reader = view.reader()
    chain = read.chain(view.book, thing)
    fields = [each.name for each in one.fields if each.name not in APART.get(kind, {"name"})]
    end = end_of(view.on)
    told = [each for each in entries.history(thing) if end is None or each.at <= end]
    context = {
        "title": shown.text("name", lang),
        "label": one.label.say(lang).capitalize(),
        "thing": shown,
        "facts": reader.facts(one, shown, fields),
        "parts": parts(view, shown),
        "above": [(KINDS[each.kind].label.say(lang), reader.link(each.id)) for each in chain.above],
        "below": [(KINDS[each.kind].label.say(lang), reader.link(each.id)) for each in chain.below],
        "history": reader.history(one, told),
        "list_url": view.url(f"{SEGMENTS[kind]}/"),
        "plural": one.plural.say(lang),
        "deeds": _deeds(view, shown),
        "files": {each: view.url(f"{SEGMENTS[kind]}/{thing}/values.{each}") for each in ("csv", "xlsx", "json")},
        "jsonld": jsonld.thing(request, name=shown.text("name", lang), language=lang,
                               type_="Project" if kind == "project" else "CreativeWork"),
    }  # fmt: skip
    return show(request, view, "strategy/thing.html", context)


def page_file(request: HttpRequest, lang: str, kind: str, thing: str, ending: str) -> HttpResponse:
    """The values of one thing as a file."""
    view = open_view(request, lang)
    return file(request, as_table(KINDS[kind], [view.thing(kind, thing)], view.reader(), name=thing), ending)


def partner_amounts(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """The confidential amounts of a project: for those who speak for a partner, nobody else."""
    view = open_view(request, lang)
    shown = view.thing("project", thing)
    speaks = [str(each["organisation"]) for each in shown.rows("partners")]
    theirs = next((one for one in speaks if permissions.may(view.person, "read_amounts", organisation=one)), "")
    permissions.require(request, "read_amounts", organisation=theirs)
    context = {
        "title": _("What does “%(name)s” cost, all amounts?") % {"name": shown.text("name", lang)},
        "table": money(amounts(shown, "funding", "private_funding"), lang, key="t-money"),
        "thing_url": view.url(f"projects/{thing}/"),
        "edit_url": f"/{lang}/projects/{thing}/amounts/edit/",
    }
    return show(request, view, "strategy/amounts.html", context)


def compare(request: HttpRequest, lang: str) -> HttpResponse:
    """Failure factors under two editions, side by side."""
    view = open_view(request, lang)
    held, before, after = _editions(request, view)
    found = _side_by_side(view, before, after)
    context = {
        "title": _("What changed for each failure factor between two editions?"),
        "editions": held,
        "before": before,
        "after": after,
        "table": _compared(view, found, before, after) if found else safe(""),
        "files": {kind: f"/{lang}/factors/compare.{kind}?{urlencode({'before': before, 'after': after})}"
                  for kind in ("csv", "xlsx", "json")},
    }  # fmt: skip
    return show(request, view, "strategy/compare.html", context)


def compare_file(request: HttpRequest, lang: str, ending: str) -> HttpResponse:
    """The same comparison as a file."""
    view = open_view(request, lang)
    _held, before, after = _editions(request, view)
    columns, rows = tables.factors_compared(_side_by_side(view, before, after), language=lang)
    return file(request, Table("factors_compared", columns, rows), ending)


def _editions(request: HttpRequest, view: View) -> tuple[tuple[str, ...], str, str]:
    held = view.figures.editions()
    if not held:
        return (), "", ""
    before, after = (request.GET.get(name) or held[place] for name, place in (("before", -1), ("after", 0)))
    if before not in held or after not in held:
        raise Http404
    return held, before, after


def _side_by_side(view: View, before: str, after: str) -> tuple[SideBySide, ...]:
    if not after:
        return ()
    then = _known(view, view.figures.built_on(before))
    # The newest edition stands for what is held true now: a factor entered after its day must not be missing.
    now = view.book if after == view.figures.editions()[0] else _known(view, view.figures.built_on(after))
    return side_by_side(then, now, view.figures, before=before, after=after)


def _known(view: View, day: date | None) -> Book:
    found = entries.book(end_of(day))
    return Book({one.id: one for one in found if view.book.find(one.id) is not None})


def _compared(view: View, found: tuple[SideBySide, ...], before: str, after: str) -> str:
    heads = [Head(_("Failure factor")), Head(_("Indicator")), Head(before), Head(after), Head(_("Change"))]
    rows, reader, names, kind = [], view.reader(), change_names(), KINDS["factor"]
    for one in found:
        severities = [reader.said(kind.field("severity"), each) or "–" for each in (one.severity_before,
                                                                                      one.severity_after)]  # fmt: skip
        rows.append(row([reader.link(one.factor.id), _("severity"), *severities, ""], heads, class_="own"))
        for pair in one.pairs:
            name = reader.outside("indicator", pair.indicator)
            cells = [_cell(view, each) for each in (pair.before, pair.after)]
            rows.append(row([reader.link(one.factor.id), name, *cells, names[pair.verdict]], heads))
    return table(_("Each factor: severity as held then, and its indicators as published"), heads, rows, key="t-compare")


def _cell(view: View, figure: Figure | None) -> str:
    if figure is None:
        return safe(text(_("no figure")))
    shown = link(f"/{view.language}{figure.permalink}", value(figure, figure.value, view.language))
    return safe(f"{shown} ({figure.year})")


def _found(request: HttpRequest, view: View, kind: Kind) -> list[Thing]:
    found = select(kind, view.book.of(kind.name), _asked(request, kind), view.reader())
    return list(in_order(found)) if kind.name == "action" else found


def _asked(request: HttpRequest, kind: Kind) -> dict[str, str]:
    return {name: str(one)[:200] for name, one in request.GET.items() if one and name in {"q", *kind.names}}


def _states(kind: Kind, lang: str) -> list[tuple[str, str]]:
    if "state" not in kind.names:
        return []
    options = kind.field("state").type
    assert isinstance(options, Choice)  # noqa: S101 -- states are choices
    return [(key, said.say(lang)) for key, said in options.options.items()]


def _lead(view: View, kind: str, found: list[Thing]) -> str:
    shown = words.number(len(found), 0, view.language)
    return _("Shown: %(count)s.") % {"count": shown} + (f" {_leads()[kind]}" if kind in _leads() else "")


def _titles() -> dict[str, str]:
    return {
        "factor": _("What keeps us from getting there?"), "objective": _("What must we reach?"),
        "action": _("What do we do, and in which order?"), "project": _("Which projects do we carry together?"),
        "result": _("By what do we measure our objectives?"), "programme": _("Which programmes do we run?"),
        "asset": _("What do we have that others do not?"), "figure": _("Which figures do we read ourselves?"),
        "resolution": _("Which decisions were taken elsewhere?"), "vision": _("Which visions were written?"),
    }  # fmt: skip


def _leads() -> dict[str, str]:
    return {
        "factor": _("Each is rated on evidence, and lifted only by a figure past its threshold or by a decision."),
        "objective": _(
            "Each hangs on the vision and is measured by key results, with baseline, target, date and source."
        ),
        "action": _("Each serves an objective and is tied to something that only this territory has."),
        "project": _("Each has a consortium, milestones and money, and ends with results or a reason for none."),
    }


def _deeds(view: View, thing: Thing) -> list[tuple[str, str]]:
    """What this person may do with a thing, as links to forms."""
    if view.on is not None:
        return []
    lang, made = view.language, []
    if view.may_edit:
        made.append((f"/{lang}/strategy/edit/{thing.id}/", _("Edit")))
        if "state" in KINDS[thing.kind].names:
            made.append((f"/{lang}/strategy/state/{thing.id}/", _("Change its state")))
        if thing.kind == "vision":
            made.append((f"/{lang}/strategy/approve/{thing.id}/", _("Enter its approval")))
        label = _("Take it back into the lists") if thing.is_archived else _("Put it away")
        made.append((f"/{lang}/strategy/put-away/{thing.id}/", label))
    if thing.kind == "action":
        if permissions.may(view.person, "answer_review") and thing.get("state") == "draft":
            made.append((f"/{lang}/strategy/review/{thing.id}/", _("Answer: would it fit any cluster?")))
        may_override = permissions.may(view.person, "override_prerequisite", organisation=thing.text("owner"))
        if may_override and thing.get("state") == "published":
            made.append((f"/{lang}/strategy/override/{thing.id}/", _("Start it although a prerequisite is unmet")))
    return made
