"""The strategy at a glance: two minutes for a newcomer, what hangs on nothing, what is generic, who names a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext as _

from beffroi.observatory.tables import Table
from beffroi.strategy import read, tables
from beffroi.strategy.genericity import report
from beffroi.strategy.kinds import KINDS
from beffroi.strategy.measure import STATUSES
from beffroi.web import jsonld, permissions, words
from beffroi.web.markup import Head, row, safe, table
from beffroi.web.registry_frame import file
from beffroi.web.strategy_frame import View, open_view, show
from beffroi.web.strategy_words import euros, pace_names, verdict_names
from beffroi.web.vision_page import headline_table, stage_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from beffroi.charter.book import Thing
    from beffroi.charter.holds import Choice
    from beffroi.strategy.read import Overview

MOST_FACTORS = 5


def overview(request: HttpRequest, lang: str) -> HttpResponse:
    """What the cluster wants and where it stands, for somebody who has two minutes."""
    view = open_view(request, lang)
    found = read.overview(view.book, view.figures, on=view.day)
    reader = view.reader()
    context = {
        "title": _("What does the cluster want, and where does it stand?"),
        "found": found,
        "statement": found.vision.text("statement", lang) if found.vision else "",
        "name": found.vision.text("name", lang) if found.vision else "",
        "horizon": found.vision.get("horizon") if found.vision else None,
        "headlines": headline_table(view, found.headlines),
        "stages": stage_list(view, found.vision) if found.vision else "",
        "factors": [(reader.link(one.id), reader.said(KINDS["factor"].field("severity"), one.get("severity")))
                    for one in found.factors[:MOST_FACTORS]],
        "more_factors": max(0, len(found.factors) - MOST_FACTORS),
        "sentences": _sentences(view, found),
        "late": [(reader.link(one.project.id), one.milestone, words.day(one.due.isoformat(), lang), one.days)
                 for one in found.late if _is_theirs(view, one.owner)],
        "jsonld": jsonld.thing(request, name=_("What does the cluster want, and where does it stand?"), language=lang),
    }  # fmt: skip
    return show(request, view, "strategy/overview.html", context)


def _is_theirs(view: View, owner: str) -> bool:
    speaks = any(one.role == "representative" and one.scope == owner for one in view.person.held)
    return speaks or permissions.may(view.person, "edit_strategy")


def _sentences(view: View, found: Overview) -> list[str]:
    """Where things stand, in words: results, actions, projects, money, effects."""
    lang, made = view.language, []
    if found.progress:
        names = pace_names()
        counts = {name: [one.state for one in found.progress].count(name) for name in names}
        shown = ", ".join(f"{names[name]}{words.JOINED}: {n}" if lang == "fr" else f"{names[name]}: {n}"
                          for name, n in counts.items() if n)  # fmt: skip
        made.append(_("Key results (%(count)s): %(states)s.") % {"count": len(found.progress), "states": shown})
    for kind, held, said in (
        ("action", found.actions, _("Actions (%(count)s): %(states)s.")),
        ("project", found.projects, _("Projects (%(count)s): %(states)s.")),
    ):
        if held:
            states = KINDS[kind].field("state").type
            made.append(said % {"count": sum(held.values()), "states": _counted(held, states, lang)})  # type: ignore[arg-type]  # -- a choice
    if found.committed_eur:
        made.append(_("Committed: %(committed)s, of which %(spent)s spent (exact, public amounts).") % {
            "committed": euros(found.committed_eur, lang), "spent": euros(found.spent_eur, lang)})  # fmt: skip
    if found.effects:
        made.append(_("Effect of the actions: %(states)s.") % {"states": _counted(found.effects, STATUSES, lang)})
    return made


def _counted(held: Mapping[str, int], states: Choice, language: str) -> str:
    joint = f"{words.JOINED}: " if language == "fr" else ": "
    return ", ".join(f"{said.say(language)}{joint}{held[name]}" for name, said in states.options.items()
                     if held.get(name))  # fmt: skip


def orphans(request: HttpRequest, lang: str) -> HttpResponse:
    """What hangs on nothing: lists that should be empty."""
    view = open_view(request, lang)
    found, reader = read.orphans(view.book), view.reader()
    lists = [
        (_("Objectives that no action serves"), found.objectives_without_action),
        (_("Actions that serve no objective"), found.actions_without_objective),
        (_("Projects that serve no objective"), found.projects_without_objective),
        (_("Failure factors that no objective answers"), found.factors_without_objective),
    ]
    context = {
        "title": _("What hangs on nothing?"),
        "is_empty": not found,
        "has_any": any(view.book.of(kind) for kind in ("objective", "action", "project", "factor")),
        "lists": [(name, [reader.link(one.id) for one in things]) for name, things in lists],
        "files": _files(view, "strategy/orphans"),
    }
    return show(request, view, "strategy/orphans.html", context)


def orphans_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The same lists as a file."""
    view = open_view(request, lang)
    columns, rows = tables.orphans(read.orphans(view.book), language=lang)
    return file(request, Table("orphans", columns, rows), kind)


def genericity(request: HttpRequest, lang: str) -> HttpResponse:
    """Which actions would fit any cluster?"""
    view = open_view(request, lang)
    reader, names = view.reader(), verdict_names()
    heads = [Head(_("Action")), Head(_("What ties it here")), Head(_("Its links")), Head(_("Resembles"))]
    found = report(view.book)
    rows = (
        row([reader.link(one.action.id), names[one.verdict], ", ".join(_named(view, each) for each in one.links) or "–",
             f"{one.near[0].say(lang)} ({one.near[1]}/100)" if one.near else "–"], heads)
        for one in found
    )  # fmt: skip
    weak = sum(one.verdict in {"unlinked", "shared"} for one in found)
    context = {
        "title": _("Would our actions fit any cluster?"),
        "lead": _("Of %(count)s actions, %(weak)s are tied to nothing of their own.") % {
            "count": len(found), "weak": weak},
        "table": table(_("Actions, the least tied to the territory first"), heads, rows, key="t-generic")
        if found else safe(""),
        "files": _files(view, "strategy/genericity"),
    }  # fmt: skip
    return show(request, view, "strategy/report.html", context)


def _named(view: View, link: str) -> str:
    indicator, sign, region = link.partition(" @ ")
    reader = view.reader()
    if not sign:
        return reader.name(link)
    return f"{reader.outside('indicator', indicator)} ({reader.outside('region', region)})"


def genericity_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The same report as a file."""
    view = open_view(request, lang)
    columns, rows = tables.genericity(view.book, language=lang)
    return file(request, Table("genericity", columns, rows), kind)


def indicator(request: HttpRequest, lang: str, indicator_id: str) -> HttpResponse:
    """What we do about an indicator: the factors, objectives, actions and projects that name it."""
    view = open_view(request, lang)
    own = view.book.find(indicator_id)
    if own is None and not view.figures.knows(indicator_id):
        raise Http404
    reader = view.reader()
    found = _naming(view, indicator_id)
    groups = [(KINDS[kind].plural.say(lang).capitalize(), [reader.link(one.id) for one in found if one.kind == kind])
              for kind in read.TOP_DOWN]  # fmt: skip
    name = own.text("name", lang) if own else reader.outside("indicator", indicator_id)
    context = {
        "title": _("What do we do about “%(name)s”?") % {"name": name},
        "groups": [(label, links) for label, links in groups if links],
        "figure_url": reader.url(indicator_id) if own else f"/{lang}/indicator/{indicator_id}/",
        "files": _files(view, f"strategy/indicator/{indicator_id}/named"),
    }
    return show(request, view, "strategy/indicator.html", context)


def indicator_file(request: HttpRequest, lang: str, indicator_id: str, kind: str) -> HttpResponse:
    """The same things as a file."""
    view = open_view(request, lang)
    rows = tuple((one.kind, one.id, one.text("name", lang)) for one in _naming(view, indicator_id))
    return file(request, Table("named", ("kind", "id", "name"), rows), kind)


def _naming(view: View, indicator_id: str) -> tuple[Thing, ...]:
    return tuple(one for one in read.naming(view.book, indicator_id) if one.id != indicator_id)


def _files(view: View, path: str) -> dict[str, str]:
    return {kind: view.url(f"{path}.{kind}") for kind in ("csv", "xlsx", "json")}
