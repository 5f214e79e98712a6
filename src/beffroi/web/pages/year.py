"""A year in review: kept, changed, dropped, added, with the reasons given at the time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.observatory.tables import Table
from beffroi.strategy.kinds import KINDS
from beffroi.strategy.stage import STAGE
from beffroi.strategy.year_review import count_by_fate, review
from beffroi.web import jsonld, words
from beffroi.web.markup import Head, row, table
from beffroi.web.registry_frame import file
from beffroi.web.strategy_frame import files_of, open_view, show

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from beffroi.charter.shape import Kind
    from beffroi.strategy.year_review import Reviewed, Step
    from beffroi.web.charter_words import Reader
    from beffroi.web.strategy_frame import View

REVIEWED: dict[str, Kind] = {**KINDS, "stage": STAGE}


def reviewed(request: HttpRequest, lang: str, year: int) -> HttpResponse:
    """A year in review: kept, changed, dropped, added, with the reasons given at the time."""
    view = open_view(request, lang)
    found = _year_of(view, year)
    reader, names = view.reader(), fate_names()
    wanted = request.GET.get("fate", "")
    heads = [Head(_("What")), Head(_("Kind")), Head(_("Fate")), Head(_("What changed")), Head(_("Reason"))]
    rows = (
        row([reader.link(one.thing.id), REVIEWED[one.thing.kind].label.say(lang), names[one.fate],
             _steps(reader, one), one.reason], heads)
        for one in found if wanted in {"", one.fate}
    )  # fmt: skip
    counts = count_by_fate(found)
    told = ", ".join(f"{names[fate]}{words.JOINED if lang == 'fr' else ''}: {count}" for fate, count in counts.items())
    context = {
        "title": _("What became of the strategy in %(year)s?") % {"year": year},
        "lead": told if found else "",
        "filters": [("fate", _("Fate"), wanted, [("", _("all")), *names.items()])],
        "table": table(_("Everything that stood at the start of the year or came since"), heads, rows, key="t-review")
        if found else "",
        "empty": _("Nothing stood in this year."),
        "files": files_of(request, view, f"review/{year}/export"),
        "deeds": [(view.url(f"review/{one}/"), str(one)) for one in (year - 1, year + 1)
                  if _first_year(view) <= one <= view.day.year],
        "jsonld": jsonld.thing(request, name=str(year), language=lang),
    }  # fmt: skip
    return show(request, view, "strategy/course.html", context)


def reviewed_file(request: HttpRequest, lang: str, year: int, kind: str) -> HttpResponse:
    """The same review as a file, one line for each change."""
    view = open_view(request, lang)
    reader = view.reader()
    rows: list[tuple[str, ...]] = []
    for one in _year_of(view, year):
        start = (one.thing.id, one.thing.kind, one.thing.text("name", lang) or one.thing.id, one.fate)
        shown = _visible(reader, one)
        rows += [(*start, step.field, reader.said(REVIEWED[one.thing.kind].field(step.field), step.before),
                  reader.said(REVIEWED[one.thing.kind].field(step.field), step.after), step.entry.at.isoformat(),
                  step.entry.reason) for step in shown] or [(*start, "", "", "", "", one.reason)]  # fmt: skip
    columns = ("id", "kind", "name", "fate", "field", "before", "after", "at", "reason")
    return file(request, Table(f"review-{year}", columns, tuple(rows)), kind)


def fate_names() -> dict[str, str]:
    """What can become of a thing within a year, in the reader's language."""
    return {"kept": _("kept"), "changed": _("changed"), "dropped": _("dropped"), "added": _("added")}


def _year_of(view: View, year: int) -> list[Reviewed]:
    if not date.min.year < year < date.max.year:
        raise Http404
    start = entries.book(datetime.combine(date(year - 1, 12, 31), time.max, UTC))
    end = entries.book(datetime.combine(date(year, 12, 31), time.max, UTC))
    found = review(start, end, entries.history, REVIEWED)
    return [one for one in found if view.book.find(one.thing.id) is not None]


def _visible(reader: Reader, one: Reviewed) -> list[Step]:
    kind = REVIEWED[one.thing.kind]
    return [
        step for step in one.steps if step.field in kind.names and kind.field(step.field).audience in reader.audiences
    ]


def _steps(reader: Reader, one: Reviewed) -> str:
    if one.fate == "added":
        return "–"
    kind, parts = REVIEWED[one.thing.kind], []
    for step in _visible(reader, one):
        field = kind.field(step.field)
        before, after = (reader.said(field, each) or "–" for each in (step.before, step.after))
        parts.append(f"{field.label.say(reader.language)} ({step.entry.at:%Y-%m-%d}): {before} → {after}")
    return "; ".join(parts) or "–"


def _first_year(view: View) -> int:
    return min((one.born_at.year for one in view.book), default=view.day.year)
