"""Stages on the way: how far, by when at this pace, and every assessment with its source."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.charter.faults import RefusedError
from beffroi.observatory.tables import Table
from beffroi.strategy.stage import ASSESSMENT, DECLARED, METRICS, OPEN, REACHED, STAGE
from beffroi.strategy.stage_standing import standing, standings
from beffroi.web import jsonld, permissions, stage_measure, strategy_facts, words
from beffroi.web.charter_edit import Editing, edit
from beffroi.web.charter_words import end_of
from beffroi.web.markup import Head, link, row, table
from beffroi.web.registry_frame import file
from beffroi.web.strategy_frame import files_of, open_view, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from beffroi.charter.book import Entry, Thing
    from beffroi.specialisation.trend_crossing import Crossing
    from beffroi.strategy.stage_standing import Standing
    from beffroi.web.strategy_frame import View

BILLION = 1_000_000_000
FARTHEST = 2100
FORM = tuple(one.name for one in STAGE.fields if one.name not in {"status", "reached_on", "override_reason"})


def listed(request: HttpRequest, lang: str) -> HttpResponse:
    """Every stage: where it stands, what is missing, and the year at this pace."""
    view = open_view(request, lang)
    found = standings(view.book, view.book.of("stage"), _told(view))
    heads = [Head(_("Stage")), Head(_("Among whom")), Head(_("Threshold")), Head(_("Now")), Head(_("Missing")),
             Head(_("At this pace")), Head(_("Due")), Head(_("Status"))]  # fmt: skip
    rows = (row([link(view.url(f"stages/{one.stage.id}/"), one.stage.text("name", lang)), *_cells(view, one)], heads)
            for one in found)  # fmt: skip
    context = {
        "title": _("Which stages lie on the way?"),
        "lead": _("Each stage is a measure over a stated population, with a threshold and a day."),
        "table": table(_("Stages by track, in their order"), heads, rows, key="t-stages") if found else "",
        "empty": _("No stage yet. A stage needs a measure, a population, a threshold and a day."),
        "new_url": f"/{lang}/stages/new/" if view.may_edit else "",
        "new": _("Enter a stage"),
        "files": files_of(request, view, "stages/export"),
        "jsonld": jsonld.thing(request, name=_("Which stages lie on the way?"), language=lang, type_="Collection"),
    }
    return show(request, view, "strategy/course.html", context)


def listed_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The same stages as a file, in exact numbers."""
    view = open_view(request, lang)
    columns = ("stage", "name", "track", "place", "metric", "region", "indicator", "population", "threshold", "better",
               "by", "status", "value", "low", "high", "on", "source", "gap", "gap_share", "pace", "year", "year_low",
               "year_high")  # fmt: skip
    rows = tuple(_row(one, lang) for one in standings(view.book, view.book.of("stage"), _told(view)))
    return file(request, Table("stages", columns, rows), kind)


def page(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """One stage: its definition, its assessments under each definition it had, its history."""
    view = open_view(request, lang)
    shown, reader = view.thing("stage", thing), view.reader()
    one = standing(view.book, shown, _told(view)(thing))
    deeds = []
    if view.may_edit and shown.get("status") != REACHED:
        deeds = [
            (f"/{lang}/stages/{thing}/edit/", _("Edit")),
            (f"/{lang}/stages/{thing}/declare/", _("Declare it reached")),
        ]
    context = {
        "title": shown.text("name", lang),
        "lead": _sentence(view, one),
        "facts": reader.facts(STAGE, shown, [each.name for each in STAGE.fields if each.name != "name"]),
        "table": _assessments(view, one),
        "history": reader.history(STAGE, _told(view)(thing)),
        "deeds": deeds,
        "assess_url": f"/{lang}/stages/{thing}/assess/" if view.may_edit else "",
        "back": (view.url("stages/"), _("All stages")),
        "files": files_of(request, view, f"stages/{thing}/assessments"),
        "jsonld": jsonld.thing(request, name=shown.text("name", lang), language=lang),
    }
    return show(request, view, "strategy/course.html", context)


def page_file(request: HttpRequest, lang: str, thing: str, kind: str) -> HttpResponse:
    """Its assessments as a file."""
    view = open_view(request, lang)
    one = standing(view.book, view.thing("stage", thing), _told(view)(thing))
    names = tuple(each.name for each in ASSESSMENT.fields)
    rows: tuple[tuple[str | int, ...], ...] = tuple(
        (each.thing.id, *(each.thing.text(name) for name in names), str(each.definition.get("threshold")),
         str(each.definition.get("population")), each.is_met, each.is_current) for each in one.assessed
    )  # fmt: skip
    columns = ("id", *names, "threshold_then", "population_then", "is_met", "is_current_definition")
    return file(request, Table(f"{thing}-assessments", columns, rows), kind)


def new(request: HttpRequest, lang: str) -> HttpResponse:
    """Enter a stage."""
    return edit(request, lang, replace(_editing(lang), added={"status": OPEN}))


def change(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """Change what a stage is; assessments made so far keep the old definition."""
    return edit(request, lang, replace(_editing(lang), thing=_one(request, lang, thing)))


def declare(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """Declare a stage reached: the latest assessment must say so."""
    what = replace(_editing(lang), thing=_one(request, lang, thing), names=("reached_on", "override_reason"),
                   act=DECLARED, added={"status": REACHED}, send=_("Declare it reached"))  # fmt: skip
    return edit(request, lang, what)


def assess(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """Assess a stage from what the house knows today; shown first, then entered."""
    stage = _one(request, lang, thing)
    problems: list[str] = []
    values: dict[str, object] = {}
    try:
        values = stage_measure.assessed(stage)
        if request.method == "POST":
            by = entries.By(permissions.person_of(request).author, datetime.now(UTC))
            entries.create(ASSESSMENT, values, by=by)
            return HttpResponseRedirect(f"/{lang}/stages/{thing}/")
    except RefusedError as refused:
        problems = refused.say(lang)
    view = open_view(request, lang)
    fields = {one.name: one for one in ASSESSMENT.fields}
    reader = view.reader()
    context = {
        "title": _("Assess “%(name)s” from today’s figures?") % {"name": stage.text("name", lang)},
        "problems": problems,
        "facts": [(fields[name].label.say(lang), reader.shown(fields[name], value)) for name, value in values.items()
                  if name not in {"stage", "definition"}],
        "send": _("Enter this assessment") if not problems else "",
        "back": (f"/{lang}/stages/{thing}/", stage.text("name", lang)),
    }  # fmt: skip
    return show(
        request, view, "strategy/course.html", context, status=422 if problems and request.method == "POST" else 200
    )


def _editing(lang: str) -> Editing:
    def looked_up(values: object) -> dict[str, object]:
        strategy_facts.check(STAGE, values, entries.book())  # type: ignore[arg-type]  # -- the form's values
        return {}

    choices = {"population": [*stage_measure.populations(), ("members", _("members of the federation"))]}
    return Editing(STAGE, lambda one: f"/{lang}/stages/{one.id}/", names=FORM, choices=choices, facts=looked_up)


def _one(request: HttpRequest, lang: str, thing: str) -> Thing:
    return open_view(request, lang).thing("stage", thing)


def _told(view: View) -> Callable[[str], list[Entry]]:
    end = end_of(view.on)
    return lambda thing: [one for one in entries.history(thing) if end is None or one.at <= end]


def _cells(view: View, one: Standing) -> list[object]:
    lang, stage, reader = view.language, one.stage, view.reader()
    last = one.last
    now = "–"
    if last is not None:
        span = (
            f" ({_amount(last.thing.text('low'), lang)}–{_amount(last.thing.text('high'), lang)})"
            if last.thing.get("low")
            else ""
        )
        now = f"{_amount(str(last.value), lang)}{span}, {words.day(last.thing.text('on'), lang)}"
    among = stage.text("population_in_words", lang) or _population(stage.text("population"))
    return [among, _amount(stage.text("threshold"), lang), now, _missing(one, lang), _pace(one),
            words.day(stage.text("by"), lang), reader.said(STAGE.field("status"), stage.get("status"))]  # fmt: skip


def _population(key: str) -> str:
    return dict(stage_measure.populations()).get(key, _("members of the federation") if key == "members" else key)


def _amount(text: str, lang: str) -> str:
    if not text:
        return "–"
    number = Decimal(text)
    if abs(number) >= BILLION:
        return _("%(number)s bn EUR") % {"number": words.number(float(number / BILLION), 2, lang)}
    exponent = number.normalize().as_tuple().exponent
    return words.number(float(number), max(0, -int(exponent)) if isinstance(exponent, int) else 0, lang)


def _missing(one: Standing, lang: str) -> str:
    if one.gap is None:
        return "–"
    if not one.gap:
        return _("nothing: the threshold is met")
    # Of a rank one says how many places, not how many hundredths of the fifth place.
    has_share = one.gap_share is not None and one.stage.get("better") != "low"
    share = f" ({words.percent(float(one.gap_share or 0), lang)})" if has_share else ""
    return f"{_amount(str(one.gap), lang)}{share}"


def _pace(one: Standing) -> str:
    if one.gap is not None and not one.gap:
        return "–"
    if one.arrival is None:
        return _("too few assessments to say (three are needed)")
    if one.arrival.answer == "does not cross" or _is_far(one.arrival):
        return _("never")
    low, high = (_year(each) for each in (one.arrival.low, one.arrival.high))
    return _("%(year)s (between %(low)s and %(high)s)") % {"year": round(one.arrival.year), "low": low, "high": high}


def _is_far(arrival: Crossing) -> bool:
    return not math.isfinite(arrival.year) or arrival.year > FARTHEST


def _year(value: float) -> str:
    if not math.isfinite(value) or value > FARTHEST:
        return _("never") if value > 0 else _("already")
    return str(round(value))


def _sentence(view: View, one: Standing) -> str:
    stage, lang = one.stage, view.language
    metric = METRICS[stage.text("metric")].say(lang)
    return _("%(metric)s: threshold %(threshold)s by %(by)s. Missing: %(missing)s. At this pace: %(pace)s.") % {
        "metric": metric[:1].upper() + metric[1:], "threshold": _amount(stage.text("threshold"), lang),
        "by": words.day(stage.text("by"), lang), "missing": _missing(one, lang), "pace": _pace(one),
    }  # fmt: skip


def _assessments(view: View, one: Standing) -> str:
    lang = view.language
    if not one.assessed:
        return ""
    heads = [Head(_("On")), Head(_("Value"), is_number=True), Head(_("Interval")), Head(_("Stated and estimated")),
             Head(_("Threshold then"), is_number=True), Head(_("Definition")), Head(_("Source"))]  # fmt: skip
    rows = []
    for each in reversed(one.assessed):
        thing = each.thing
        span = f"{_amount(thing.text('low'), lang)} – {_amount(thing.text('high'), lang)}" if thing.get("low") else "–"
        parts = "–"
        if thing.get("stated_sum"):
            parts = _("%(sum)s stated by %(count)s; %(more)s estimated for %(others)s") % {
                "sum": _amount(thing.text("stated_sum"), lang), "count": thing.get("stated_by"),
                "more": _amount(thing.text("estimated_sum"), lang), "others": thing.get("estimated_for"),
            }  # fmt: skip
        source = (
            link(f"/{lang}{thing.text('permalink')}", thing.text("source"))
            if thing.get("permalink")
            else thing.text("source")
        )
        rows.append(row([words.day(thing.text("on"), lang), _amount(str(each.value), lang), span, parts,
                         _amount(str(each.definition.get("threshold")), lang),
                         _("today’s") if each.is_current else _("a former one"), source], heads))  # fmt: skip
    return table(_("Assessments, newest first"), heads, rows, key="t-assessments")


def _row(one: Standing, lang: str) -> tuple[str | int | float | None, ...]:
    stage, last, arrival = one.stage, one.last, one.arrival
    year = (arrival.answer, arrival.year, arrival.low, arrival.high) if arrival else ("", None, None, None)
    finite = [
        each if isinstance(each, str) else each if each is not None and math.isfinite(each) else None for each in year
    ]
    return (
        stage.id, stage.text("name", lang), stage.text("track"), stage.text("place"),
        *(stage.text(name) for name in ("metric", "region", "indicator", "population", "threshold", "better", "by",
                                        "status")),
        *(last.thing.text(name) if last else "" for name in ("value", "low", "high", "on", "source")),
        None if one.gap is None else str(one.gap), None if one.gap_share is None else str(round(one.gap_share, 6)),
        *finite,
    )  # fmt: skip
