"""Meetings as everybody reads them: the list, and one meeting with agenda, attendance, decisions and minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.federation.calendar import one_meeting
from beffroi.federation.decisions import DECISION
from beffroi.federation.invitations import accounts_invited
from beffroi.federation.meetings import MEETING, begins_at, is_convened, notice_rule
from beffroi.federation.minutes import minutes_of, next_meeting, versions
from beffroi.federation.reach import may_edit
from beffroi.vocabulary.icalendar import TYPE as CALENDAR
from beffroi.web import words
from beffroi.web.charter_words import as_table, listing, select
from beffroi.web.government_frame import book_here, files, find, hidden, reach_here, reader, show, source_said, today
from beffroi.web.pages.government import tools
from beffroi.web.registry_frame import file

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.charter.book import Book, Thing

WHEN = ("", "coming", "past")
COLUMNS = ("body", "day", "begins", "place", "convened_on", "is_cancelled")


def meetings(request: HttpRequest, lang: str) -> HttpResponse:
    """The meetings, next first; an officer also sees those in preparation in her territory."""
    book = book_here(request)
    said = reader(request, lang, book)
    found = _found(request, book, lang)
    context = {
        "title": _("When do the bodies meet?"),
        "table": listing(
            MEETING, found, said, columns=("body", "day", "begins", "place", "convened_on", "is_cancelled")
        ),
        "has_rows": bool(found),
        "bodies": [(one.id, one.text("name", lang)) for one in book.of("body")],
        "asked": {name: request.GET.get(name, "") for name in ("body", "when", "q")},
        "files": files(f"/{lang}/meetings/export", request),
    }
    return show(request, "government/meetings.html", context)


def meetings_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The same meetings as a file."""
    book = book_here(request)
    return file(request, as_table(MEETING, _found(request, book, lang), reader(request, lang, book)), kind)


def meeting(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """One meeting."""
    book = book_here(request)
    one = find(request, book, thing, "meeting")
    said = reader(request, lang, book)
    minutes = minutes_of(book, one.id)
    days, source = notice_rule(book, one)
    decisions = book.linking(one.id, "decision", "meeting")
    may = may_edit(reach_here(request), entries.book(), one)
    then = next_meeting(book, one)
    context = {
        "title": one.text("name"),
        "meeting": one,
        "body": said.link(one.text("body")),
        "day": words.day(one.text("day"), lang),
        "is_draft": not is_convened(one),
        "notice": _("The statutes ask for a notice of %(days)s days (%(source)s).") % {"days": days,
                    "source": source_said(source, said, lang)}
        if source else "",
        "convened": words.day(one.text("convened_on"), lang) if is_convened(one) else "",
        "facts": said.facts(MEETING, one, ("type", "place", "link")),
        "agenda": [(row["item"], row.get("type", "")) for row in one.rows("agenda")],
        "attendance": said.facts(MEETING, one, ("attendance",)),
        "decisions": listing(DECISION, decisions, said, columns=("type", "outcome", "vote"), key="t-decisions")
        if decisions else "",
        "minutes": minutes,
        "minutes_url": f"/{lang}/government/minutes/{minutes.id}/" if minutes else "",
        "versions": len(versions(minutes.id)) if minutes else 0,
        "approved": words.day(minutes.text("approved_on"), lang) if minutes and minutes.get("approved_on") else "",
        "next": said.link(then.id) if then else "",
        "is_past": one.text("day") <= today() and is_convened(one) and not one.get("is_cancelled"),
        "history": said.history(MEETING, entries.history(one.id)),
        "invited": len(accounts_invited(book, one)),
        "may_edit": may,
        **tools(request, lang, one),
    }  # fmt: skip
    return show(request, "government/meeting.html", context)


def meeting_calendar(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """One convened meeting as a calendar file."""
    book = book_here(request)
    one = find(request, book, thing, "meeting")
    if not is_convened(one):
        hidden(request)
    content = one_meeting(book, one, language=lang, url=request.build_absolute_uri("/").rstrip("/"))
    response = HttpResponse(content, content_type=CALENDAR)
    response["Content-Disposition"] = f'attachment; filename="{one.id}.ics"'
    return response


def _found(request: HttpRequest, book: Book, lang: str) -> list[Thing]:
    when, day = request.GET.get("when", ""), today()
    held = [one for one in book.of("meeting")
            if when not in WHEN[1:] or (one.text("day") >= day) == (when == "coming")]  # fmt: skip
    asked = {name: request.GET.get(name, "") for name in ("body", "q", "day", "type")}
    found = select(MEETING, held, asked, reader(request, lang, book))
    coming = sorted((one for one in found if one.text("day") >= day), key=begins_at)
    return [*coming, *sorted((one for one in found if one.text("day") < day), key=begins_at, reverse=True)]
