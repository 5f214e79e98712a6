"""The chain both ways: from an indicator to the votes that concern it, from a project to what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.observatory.tables import Table
from beffroi.strategy import chain
from beffroi.web import jsonld
from beffroi.web.markup import Head, link, row, safe, table
from beffroi.web.registry_frame import file
from beffroi.web.strategy_frame import files_of, open_view, show
from beffroi.web.strategy_words import quoted, value

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from beffroi.strategy.chain import Path
    from beffroi.web.charter_words import Reader
    from beffroi.web.strategy_frame import View


def chained(request: HttpRequest, lang: str) -> HttpResponse:
    """The chain both ways: from an indicator to the votes that concern it, from a project to what came of it."""
    view = open_view(request, lang)
    reader = view.reader()
    every = chain.paths(view.book, view.figures, on=view.day)
    found = _asked_paths(request, view)
    heads = [Head(_("Indicator")), Head(_("Failure factor")), Head(_("Objective")), Head(_("Action")),
             Head(_("Project")), Head(_("Votes and decisions")), Head(_("Before")), Head(_("After")),
             Head(_("Change"))]  # fmt: skip
    rows = (row(_path_cells(view, reader, one), heads) for one in found)
    indicators = sorted({one.indicator for one in every if one.indicator})
    things = {one.id: one for path in every for one in (path.factor, path.objective, path.action, path.project) if one}
    votes = sorted({each for one in every for each in one.decisions})
    context = {
        "title": _("From weakness to vote, and back"),
        "lead": _("Read it to the right: what makes the region weak, what answers it, who decided. Read it to the "
                  "left: what came of a project, by the same indicator before and after."),
        "filters": [
            ("indicator", _("Indicator"), request.GET.get("indicator", ""),
             [("", _("all")), *((one, reader.outside("indicator", one)) for one in indicators)]),
            ("thing", _("Through"), request.GET.get("thing", ""),
             [("", _("anything")), *((key, one.text("name", lang)) for key, one in things.items()),
              *((one, one) for one in votes)]),
        ],
        "table": table(_("Each line is one way through the strategy"), heads, rows, key="t-chain") if found else "",
        "empty": _("No factor, objective or action yet that leads from an indicator to a vote."),
        "files": files_of(request, view, "chain/export"),
        "notes": [_("“Before” is the edition that was current when the action or project began, “after” the newest "
                    "one, unless the action names others. A change is shown only between two editions.")],
        "jsonld": jsonld.thing(request, name=_("From weakness to vote, and back"), language=lang),
    }  # fmt: skip
    return show(request, view, "strategy/course.html", context)


def chained_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The same paths as a file."""
    view = open_view(request, lang)
    columns = ("indicator", "region", "factor", "objective", "result", "action", "project", "decisions", "before",
               "edition_before", "after", "edition_after", "change", "effect_status")  # fmt: skip
    rows = tuple(
        (one.indicator, one.region, *(each.id if each else "" for each in (one.factor, one.objective, one.result,
                                                                           one.action, one.project)),
         "; ".join(one.decisions),
         str(one.before.value) if one.before else "", one.before.edition if one.before else "",
         str(one.after.value) if one.after else "", one.after.edition if one.after else "",
         "" if one.change is None else str(one.change), one.status)
        for one in _asked_paths(request, view)
    )  # fmt: skip
    return file(request, Table("chain", columns, rows), kind)


def _asked_paths(request: HttpRequest, view: View) -> list[Path]:
    indicator, thing = (request.GET.get(name, "")[:80] for name in ("indicator", "thing"))
    return chain.paths(view.book, view.figures, indicator=indicator, thing=thing, on=view.day)


def _path_cells(view: View, reader: Reader, one: Path) -> list[object]:
    lang = view.language
    name = reader.outside("indicator", one.indicator) if one.indicator else "–"
    indicator = link(view.url(f"strategy/indicator/{one.indicator}/"), name) if one.indicator else name
    things = [reader.link(each.id) if each else "–" for each in (one.factor, one.objective, one.action, one.project)]
    votes = safe(", ".join(str(_vote(view, reader, each)) for each in one.decisions) or "–")
    ends = [quoted(each, lang, on=view.day) if each else "–" for each in (one.before, one.after)]
    moved = value(one.after, one.change, lang) if one.after is not None and one.change is not None else "–"
    return [indicator, *things, votes, *ends, moved]


def _vote(view: View, reader: Reader, id_: str) -> str:
    if view.book.find(id_) is not None:
        return reader.link(id_)
    return link(f"/{view.language}/votes/{id_}/", id_)
