"""The vision in force, every version at its own address, and each on one A4 page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.observatory.tables import Table
from beffroi.strategy import read, vision
from beffroi.web import jsonld, words
from beffroi.web.charter_words import end_of
from beffroi.web.registry_frame import file
from beffroi.web.strategy_frame import View, open_view, show
from beffroi.web.vision_page import headline_table, pdf, stage_list

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.strategy.vision import Headline, Version


def page(request: HttpRequest, lang: str) -> HttpResponse:
    """The version in force on the day asked for, with figures of that day."""
    view = open_view(request, lang)
    held = _versions(view)
    if not held:
        drafts = view.book.of("vision")
        context = {"title": _("What do we want to become?"), "drafts": [view.reader().link(one.id) for one in drafts]}
        return show(request, view, "strategy/no_vision.html", context)
    return _show(request, view, held, held[-1], is_live=True)


def version(request: HttpRequest, lang: str, number: int) -> HttpResponse:
    """One version as it was approved, with the figures of that day: this address never changes its content."""
    view = open_view(request, lang)
    held = _versions(view)
    return _show(request, view, held, _chosen(held, number), is_live=False)


def paper(request: HttpRequest, lang: str) -> HttpResponse:
    """The version in force on one A4 page."""
    view = open_view(request, lang)
    held = _versions(view)
    if not held:
        raise Http404
    return _paper(request, view, held[-1], is_live=True)


def version_paper(request: HttpRequest, lang: str, number: int) -> HttpResponse:
    """One version on one A4 page, as on the day of its approval."""
    view = open_view(request, lang)
    return _paper(request, view, _chosen(_versions(view), number), is_live=False)


def headline_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The headline figures as a file."""
    view = open_view(request, lang)
    held = _versions(view)
    if not held:
        raise Http404
    rows = tuple(
        (one.name.say(lang), one.indicator, one.region, str(one.target), one.due,
         None if one.figure is None else str(one.figure.value), None if one.figure is None else one.figure.year,
         "" if one.figure is None else one.figure.source.say(lang), None if one.gap is None else str(one.gap),
         "stale" if one.is_stale else "", "" if one.figure is None else one.figure.permalink)
        for one in _headlines(view, held[-1], is_live=True)
    )  # fmt: skip
    columns = ("name", "indicator", "region", "target", "due", "value", "year", "source", "gap", "stale", "permalink")
    return file(request, Table("vision", columns, rows), kind)


def _versions(view: View) -> tuple[Version, ...]:
    """Every version of the vision in force, up to the day shown."""
    shown = read.vision_in_force(view.book)
    if shown is None:
        return ()
    end = end_of(view.on)
    return vision.versions(one for one in entries.history(shown.id) if end is None or one.at <= end)


def _chosen(held: tuple[Version, ...], number: int) -> Version:
    found = next((one for one in held if one.number == number), None)
    if found is None:
        raise Http404
    return found


def _headlines(view: View, one: Version, *, is_live: bool) -> tuple[Headline, ...]:
    """Figures of the day shown; for a version's own address those of the edition of its approval."""
    if is_live:
        return vision.headlines(one.vision, view.book, view.figures, on=view.day, edition=view.edition)
    then = entries.book(one.vision.at)
    return vision.headlines(one.vision, then, view.figures, on=one.on, edition=one.edition)


def _show(request: HttpRequest, view: View, held: tuple[Version, ...], one: Version, *, is_live: bool) -> HttpResponse:
    lang, shown = view.language, one.vision
    frozen = view if is_live else _on_day(view, one)
    path = "vision" if is_live else f"vision/{one.number}"
    context = {
        "title": shown.text("name", lang),
        "vision": shown,
        "statement": shown.text("statement", lang),
        "horizon": shown.get("horizon"),
        "version": one,
        "approved_on": words.day(one.on.isoformat(), lang),
        "decision": _decision(view, one),
        "is_live": is_live,
        "is_latest": one == held[-1],
        "headlines": headline_table(frozen, _headlines(view, one, is_live=is_live)),
        "stages": stage_list(view, shown),
        "versions": [(f"/{lang}/vision/{each.number}/", each.number, words.day(each.on.isoformat(), lang), each == one)
                     for each in reversed(held)],
        "has_draft": is_live and view.sees_drafts and vision.has_open_draft(view.book.thing(shown.id)),
        "thing_url": f"/{lang}/strategy/visions/{shown.id}/",
        "pdf_url": view.url(f"{path}/vision.pdf"),
        "files": {kind: view.url(f"vision/headlines.{kind}") for kind in ("csv", "xlsx", "json")},
        "jsonld": jsonld.thing(request, name=shown.text("name", lang), language=lang, version=one.number,
                               abstract=shown.text("statement", lang), datePublished=one.on.isoformat()),
    }  # fmt: skip
    return show(request, view, "strategy/vision.html", context)


def _on_day(view: View, one: Version) -> View:
    return View(view.language, one.on, view.book, view.person, view.figures)


def _decision(view: View, one: Version) -> str:
    thing = view.book.find(one.decision)
    return view.reader().link(one.decision) if thing is not None else one.decision


def _paper(request: HttpRequest, view: View, one: Version, *, is_live: bool) -> HttpResponse:
    lang = view.language
    frozen = view if is_live else _on_day(view, one)
    foot = _("Version %(number)s, approved on %(day)s (%(decision)s). Figures: edition %(edition)s. %(address)s") % {
        "number": one.number, "day": words.day(one.on.isoformat(), lang), "decision": one.decision,
        "edition": (view.edition if is_live else one.edition) or "–",
        "address": request.build_absolute_uri(f"/{lang}/vision/{one.number}/"),
    }  # fmt: skip
    body = pdf(frozen, one.vision, _headlines(view, one, is_live=is_live), foot=foot)
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="vision-{one.number}-{lang}.pdf"'
    return response
