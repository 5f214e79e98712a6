"""Position notes that cite figures, and contacts with institutions for those who keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.observatory.tables import Table
from beffroi.strategy.position import CONTACT, NOTE
from beffroi.web import jsonld, permissions, words
from beffroi.web.charter_edit import Editing, edit
from beffroi.web.charter_words import as_table
from beffroi.web.markup import Head, link, row, table
from beffroi.web.registry_frame import file
from beffroi.web.strategy_frame import files_of, open_view, show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from beffroi.charter.book import Thing
    from beffroi.web.strategy_frame import View


def notes(request: HttpRequest, lang: str) -> HttpResponse:
    """Position notes: drafts are for officers."""
    view = open_view(request, lang)
    reader = view.reader()
    heads = [Head(_("Note")), Head(_("For whom")), Head(_("Date")), Head(_("Figures"), is_number=True)]
    field = NOTE.field("for_whom")
    found = _notes(view)
    rows = (row([link(view.url(f"notes/{one.id}/"), one.text("name", lang)), reader.said(field, one.get("for_whom")),
                 words.day(one.text("on"), lang), str(len(one.rows("figures")))], heads) for one in found)  # fmt: skip
    context = {
        "title": _("What position does the sector take?"),
        "lead": _("Notes for elected officials, institutions and media; each cites figures that can be checked."),
        "table": table(_("Position notes, newest first"), heads, rows, key="t-notes") if found else "",
        "empty": _("No note is published yet."),
        "files": files_of(request, view, "notes/export"),
        "new_url": f"/{lang}/notes/new/" if view.may_edit else "",
        "new": _("Write a note"),
        "deeds": [(f"/{lang}/contacts/", _("Contacts with institutions"))]
        if permissions.may(view.person, "keep_contacts") else [],
        "jsonld": jsonld.thing(request, name=_("What position does the sector take?"), language=lang,
                               type_="Collection"),
    }  # fmt: skip
    return show(request, view, "strategy/course.html", context)


def notes_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The same notes as a file."""
    view = open_view(request, lang)
    return file(request, as_table(NOTE, _notes(view), view.reader()), kind)


def note(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """One note with the figures it cites."""
    view = open_view(request, lang)
    shown, reader = view.thing("note", thing), view.reader()
    heads = [Head(_("What the figure says")), Head(_("Value")), Head(_("Year")), Head(_("Source"))]
    rows = (row([link(_of_language(str(one["permalink"]), lang), _said(one, lang)), str(one["value"]),
                 str(one["year"]), str(one["source"])], heads) for one in shown.rows("figures"))  # fmt: skip
    context = {
        "title": shown.text("name", lang),
        "facts": reader.facts(NOTE, shown, ("on", "for_whom", "state", "position")),
        "table": table(_("Figures cited"), heads, rows, key="t-cited") if shown.rows("figures") else "",
        "files": files_of(request, view, f"notes/{thing}"),
        "deeds": [(f"/{lang}/notes/{thing}/edit/", _("Edit"))] if view.may_edit else [],
        "history": reader.history(NOTE, entries.history(thing)) if view.on is None else "",
        "back": (view.url("notes/"), _("All notes")),
        "jsonld": jsonld.thing(request, name=shown.text("name", lang), language=lang, type_="Article"),
    }  # fmt: skip
    return show(request, view, "strategy/course.html", context)


def note_file(request: HttpRequest, lang: str, thing: str, kind: str) -> HttpResponse:
    """The figures that a note cites, as a file."""
    view = open_view(request, lang)
    shown = view.thing("note", thing)
    rows = tuple((_said(one, "fr"), _said(one, "en"), str(one["value"]), str(one["year"]), str(one["source"]),
                  str(one["permalink"])) for one in shown.rows("figures"))  # fmt: skip
    return file(request, Table(thing, ("says_fr", "says_en", "value", "year", "source", "permalink"), rows), kind)


def new_note(request: HttpRequest, lang: str) -> HttpResponse:
    """Write a note; it starts as a draft."""
    return edit(request, lang, Editing(NOTE, lambda one: f"/{lang}/notes/{one.id}/"))


def change_note(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """Change a note."""
    shown = open_view(request, lang).thing("note", thing)
    return edit(request, lang, Editing(NOTE, lambda one: f"/{lang}/notes/{one.id}/", thing=shown))


def contacts(request: HttpRequest, lang: str) -> HttpResponse:
    """Whom the cluster met, when and about what: for those who keep these contacts, nobody else."""
    view = open_view(request, lang)
    reader = view.reader("officers")
    heads = [Head(_("On")), *(Head(CONTACT.field(name).label.say(lang).capitalize())
                              for name in ("institution", "person", "subject", "note"))]  # fmt: skip
    found = sorted(view.book.of("contact"), key=lambda one: one.text("on"), reverse=True)
    rows = (row([words.day(one.text("on"), lang), *(reader.shown(CONTACT.field(name), one.get(name))
                                                    for name in ("institution", "person", "subject", "note"))], heads)
            for one in found)  # fmt: skip
    context = {
        "title": _("Whom did the cluster meet?"),
        "table": table(_("Contacts with institutions, newest first"), heads, rows, key="t-contacts") if found else "",
        "empty": _("No contact is logged yet."),
        "files": files_of(request, view, "contacts/export"),
        "new_url": f"/{lang}/contacts/new/",
        "new": _("Log a contact"),
        "back": (view.url("notes/"), _("All notes")),
    }
    return show(request, view, "strategy/course.html", context)


def contacts_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The same contacts as a file."""
    view = open_view(request, lang)
    return file(request, as_table(CONTACT, view.book.of("contact"), view.reader("officers")), kind)


def new_contact(request: HttpRequest, lang: str) -> HttpResponse:
    """Log a contact."""
    return edit(request, lang, Editing(CONTACT, lambda _one: f"/{lang}/contacts/"))


def _notes(view: View) -> Sequence[Thing]:
    found = [one for one in view.book.of("note") if view.sees_drafts or one.get("state") == "published"]
    return sorted(found, key=lambda one: (one.text("on"), one.entry), reverse=True)


def _of_language(permalink: str, lang: str) -> str:
    start = permalink.find("/edition/")
    return f"/{lang}{permalink[start:]}"


def _said(figure: Mapping[str, object], lang: str) -> str:
    said = figure["says"]
    return str(said[lang]) if isinstance(said, dict) else str(said)
