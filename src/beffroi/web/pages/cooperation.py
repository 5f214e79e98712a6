"""Who works with whom, and whether it grows; ties recorded, and shown as members wish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.observatory.tables import Table
from beffroi.records import models
from beffroi.strategy.cooperation import ALL_WAYS, DISCRETION, TIE, for_the_public, measures, ties
from beffroi.web import jsonld, permissions, words
from beffroi.web.charter_edit import Editing, edit
from beffroi.web.markup import Head, link, row, table
from beffroi.web.registry_frame import file
from beffroi.web.strategy_frame import files_of, open_view, show

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from beffroi.strategy.cooperation import Tie
    from beffroi.web.charter_words import Reader
    from beffroi.web.strategy_frame import View

SHOWN_YEARS = 5


def cooperation(request: HttpRequest, lang: str) -> HttpResponse:
    """Who works with whom, and whether it grows."""
    view = open_view(request, lang)
    found, hidden = _ties(request, view)
    reader = view.reader()
    this_year = view.day.year
    figures = measures(ties(view.book), _territories(), range(this_year - SHOWN_YEARS + 1, this_year + 1))
    heads = [Head(_("Year")), Head(_("Members"), is_number=True), Head(_("Pairs tied"), is_number=True),
             Head(_("Ties for each member"), is_number=True), Head(_("Across territories"), is_number=True),
             Head(_("Members without a tie"), is_number=True)]  # fmt: skip
    by_year = (row([str(one.year), words.number(one.members, 0, lang), words.number(one.ties, 0, lang),
                    words.number(one.ties_per_member, 2, lang) if one.ties_per_member is not None else "–",
                    words.percent(one.across, lang) if one.across is not None else "–",
                    words.number(len(one.isolated), 0, lang)], heads) for one in figures)  # fmt: skip
    own = [Head(_("Organisation")), Head(_("With")), Head(_("Through")), Head(_("On"))]
    listed = (row([_organisation(reader, lang, one.left), _organisation(reader, lang, one.right),
                   ALL_WAYS[one.how].say(lang), words.day(one.on.isoformat(), lang)], own)
              for one in reversed(found))  # fmt: skip
    speaks = [one.scope for one in view.person.held if one.role == "representative"]
    context = {
        "title": _("Who works with whom?"),
        "lead": _("Ties that were recorded: common projects, groupings, meetings held, texts signed together."),
        "filters": [("how", _("Through"), request.GET.get("how", ""),
                     [("", _("anything")), *((key, said.say(lang)) for key, said in ALL_WAYS.items())])],
        "tables": [table(_("Cooperation of the last five years"), heads, by_year, key="t-years"),
                   table(_("Ties, newest first"), own, listed, key="t-ties") if found else ""],
        "files": files_of(request, view, "cooperation/ties"),
        "deeds": [(f"/{lang}/cooperation/discretion/{one}/", _("Hide or show the ties of my organisation"))
                  for one in speaks],
        "new_url": f"/{lang}/cooperation/new/" if view.may_edit else "",
        "new": _("Record a tie"),
        "notes": [
            _("A pair counts once a year. Across territories: among pairs whose two territories are known."),
            *([_("%(count)s ties are not shown, as members wished; the figures count them.") % {"count": hidden}]
              if hidden else []),
        ],
        "jsonld": jsonld.thing(request, name=_("Who works with whom?"), language=lang, type_="Dataset"),
    }  # fmt: skip
    return show(request, view, "strategy/course.html", context)


def cooperation_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The same ties as a file."""
    view = open_view(request, lang)
    found, _hidden = _ties(request, view)
    rows = tuple((one.left, one.right, one.how, one.on.isoformat(), one.thing) for one in found)
    return file(request, Table("ties", ("left", "right", "how", "on", "recorded_in"), rows), kind)


def new_tie(request: HttpRequest, lang: str) -> HttpResponse:
    """Record a tie with its evidence."""
    return edit(request, lang, Editing(TIE, lambda _one: f"/{lang}/cooperation/"))


def discretion(request: HttpRequest, lang: str, organisation: str) -> HttpResponse:
    """Let a member hide its own ties from the public."""
    permissions.require(request, "edit_organisation", organisation=organisation)
    book = entries.book()
    held = next((one for one in book.of("discretion") if one.get("organisation") == organisation), None)
    what = Editing(DISCRETION, lambda _one: f"/{lang}/cooperation/", thing=held, names=("hides_ties",),
                   added={"organisation": organisation},
                   title=_("Hide the ties of my organisation from the public?"))  # fmt: skip
    return edit(request, lang, what)


def _ties(request: HttpRequest, view: View) -> tuple[list[Tie], int]:
    how = request.GET.get("how", "")
    found = [one for one in ties(view.book) if how in {"", one.how} and one.on <= view.day]
    return (found, 0) if permissions.may(view.person, "read_registry") else for_the_public(found, view.book)


def _territories() -> dict[str, str]:
    """Organisation → département, the territory that every registry knows; empty when no post code says it."""
    rows = models.Organisation.objects.filter(memberships__until__isnull=True).values_list("id", "postcode").distinct()
    return {id_: postcode[:2] for id_, postcode in rows}


def _organisation(reader: Reader, lang: str, id_: str) -> str:
    name = reader.outside("organisation", id_)
    return link(f"/{lang}/registry/organisation/{id_}/", name) if name != id_ else name
