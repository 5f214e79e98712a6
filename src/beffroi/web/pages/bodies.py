"""Bodies as everybody reads them: the tree of a day, and one body with who sits, what it decides, meets and decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.federation.bodies import BODY, TYPES, forebears, parent_on, survivor, tree_on
from beffroi.federation.calendar import feed
from beffroi.federation.competence import table_on
from beffroi.federation.dated import holds_on
from beffroi.federation.decisions import DECISION, decisions_of
from beffroi.federation.mandates import FUNCTIONS, composition_on, days_of_change
from beffroi.federation.meetings import MEETING, meetings_of
from beffroi.federation.meetings import TYPES as MEETINGS
from beffroi.federation.statutes_in_force import statutes_on, versions
from beffroi.observatory.tables import Table
from beffroi.vocabulary.icalendar import TYPE as CALENDAR
from beffroi.web import words
from beffroi.web.charter_words import listing
from beffroi.web.government_frame import book_here, day_here, files, find, reader, show, source_said
from beffroi.web.markup import Head, link, row, safe, table, text
from beffroi.web.pages.government import tools
from beffroi.web.registry_frame import file
from beffroi.web.vote_decisions import votes_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from beffroi.charter.book import Book, Thing
    from beffroi.federation.mandates import Seat
    from beffroi.federation.statutes import Competence
    from beffroi.web.charter_words import Reader

TREE = ("id", "depth", "parent", "type", "name_fr", "name_en", "territory", "since", "until", "seats")
SEATS = (
    "body",
    "mandate",
    "function",
    "person",
    "organisation",
    "territory",
    "since",
    "until",
    "stands_in",
    "substitutes",
)


def tree(request: HttpRequest, lang: str) -> HttpResponse:
    """The bodies of a day as a tree, and who decides what."""
    book, day = book_here(request), day_here(request)
    branches = [one for one in tree_on(book, day) if _asked(request, one.body)]
    heads = [Head(_("Body")), Head(_("Type")), Head(_("Territory")), Head(_("Since")), Head(_("Seats"), True)]
    said = reader(request, lang, book)
    rows = [
        row([safe(f'<span class="deep-{min(one.depth, 4)}">{said.link(one.body.id)}</span>'),
             TYPES[str(one.body.get("type"))].say(lang), said.name(one.body.text("territory")) or "–",
             words.day(one.body.text("since"), lang), len(composition_on(book, one.body.id, day))], heads)
        for one in branches
    ]  # fmt: skip
    competences = [Head(_("Matter")), Head(_("Decided by")), Head(_("Statutes"))]
    deciding = [
        row([one.competence.words.say(lang) or one.decision_type, _deciders(one.competence, lang),
             source_said(one.source, said, lang)], competences)
        for one in table_on(book, day)
    ]  # fmt: skip
    context = {
        "title": _("Who decides in the federation?"),
        "lead": _("%(count)s bodies stand on %(day)s.") % {"count": len(branches), "day": words.day(day, lang)},
        "day": day,
        "table": table(_("Each body stands under the one that it answers to"), heads, rows, key="t-bodies"),
        "competences": table(_("Who decides what, by the statutes"), competences, deciding, key="t-competences")
        if deciding else "",
        "types": [(key, one.say(lang)) for key, one in TYPES.items()],
        "territories": [(one.id, one.text("name", lang)) for one in book.of("territory")],
        "asked": {"type": request.GET.get("type", ""), "territory": request.GET.get("territory", "")},
        "files": files(f"/{lang}/bodies/export", request),
        "has_rows": bool(rows),
    }  # fmt: skip
    return show(request, "government/bodies.html", context)


def tree_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The tree of a day as a file."""
    book, day = book_here(request), day_here(request)
    return file(request, tree_table(book, day, asked=lambda one: _asked(request, one)), kind)


def tree_table(book: Book, day: str, asked: Callable[[Thing], bool] | None = None) -> Table:
    """The tree of a day as a table; `asked` chooses among bodies."""
    rows = tuple(
        (one.body.id, one.depth, parent_on(one.body, day), one.body.text("type"), one.body.text("name", "fr"),
         one.body.text("name", "en"), one.body.text("territory"), one.body.text("since"), one.body.text("until"),
         len(composition_on(book, one.body.id, day)))
        for one in tree_on(book, day) if asked is None or asked(one.body)
    )  # fmt: skip
    return Table("bodies", TREE, rows)


def body(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """One body: who sits on a day, its rules, meetings, decisions, and where it comes from."""
    book, day = book_here(request), day_here(request)
    one = find(request, book, thing, "body")
    said = reader(request, lang, book)
    seats = composition_on(book, one.id, day)
    is_standing = holds_on(one, day)
    into = survivor(book, one.id)
    decisions = decisions_of(book, one.id)
    meetings = meetings_of(book, one.id)
    context = {
        "title": one.text("name", lang),
        "body": one,
        "day": day,
        "is_asked": "on" in request.GET,
        "into": said.link(into.id) if into.id != one.id else "",
        "ended": words.day(one.text("until"), lang) if one.text("until") else "",
        "came_from": [said.link(each.id) for each in forebears(book, one.id)],
        "facts": said.facts(BODY, one, ("type", "territory", "since", "until", "mission", "contact")),
        "parent": said.link(parent_on(one, day)) if is_standing and parent_on(one, day) else "",
        "is_standing": is_standing,
        "composition": _composition(said, seats, day, lang) if seats else "",
        "changes": [(each, words.day(each, lang)) for each in days_of_change(book, one.id)],
        "statutes": _statutes(book, said, one, day, lang),
        "meetings": listing(MEETING, meetings, said, columns=("day", "begins", "place", "is_cancelled"),
                            key="t-meetings") if meetings else "",
        "decisions": listing(DECISION, decisions, said, columns=("day", "type", "outcome", "vote"), key="t-decisions")
        if decisions else "",
        "votes": votes_of(request, one.id, lang),
        "history": said.history(BODY, entries.history(one.id)),
        "files": files(f"/{lang}/bodies/{one.id}/composition", request),
        "new_base": f"/{lang}/government",
        **tools(request, lang, one),
    }  # fmt: skip
    return show(request, "government/body.html", context)


def composition_file(request: HttpRequest, lang: str, thing: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """Who sits on a day, as a file."""
    book = book_here(request)
    return file(request, seats_table(book, find(request, book, thing, "body"), day_here(request)), kind)


def seats_table(book: Book, body: Thing, day: str) -> Table:
    """Who sits in a body on a day, as a table."""
    rows = tuple(
        (body.id, one.mandate.id, one.mandate.text("function"), one.mandate.text("person"),
         one.mandate.text("organisation"), one.mandate.text("territory"), one.mandate.text("since"),
         one.mandate.text("until"), int(one.stands_in), "; ".join(each.text("person") for each in one.substitutes))
        for one in composition_on(book, body.id, day)
    )  # fmt: skip
    return Table(f"composition-{body.id}", SEATS, rows)


def calendar(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """The convened meetings of a body as a calendar, for programs that subscribe to it."""
    book = book_here(request)
    one = find(request, book, thing, "body")
    content = feed(book, one.id, language=lang, url=request.build_absolute_uri("/").rstrip("/"))
    response = HttpResponse(content, content_type=CALENDAR)
    response["Content-Disposition"] = f'attachment; filename="{one.id}.ics"'
    return response


def _asked(request: HttpRequest, one: Thing) -> bool:
    return all(request.GET.get(name, "") in {"", one.text(name)} for name in ("type", "territory"))


def _deciders(competence: Competence, lang: str) -> str:
    bodies = [TYPES[one].say(lang) if one in TYPES else one for one in competence.bodies]
    own = f" ({_('for its own territory only')})" if competence.own_territory else ""
    return ", ".join(bodies) + own


def _composition(said: Reader, seats: tuple[Seat, ...], day: str, lang: str) -> str:
    heads = [Head(_("Person")), Head(_("Function")), Head(_("Organisation")), Head(_("Territory represented")),
             Head(_("Since")), Head(_("Until")), Head(_("Substitute"))]  # fmt: skip
    rows = []
    for one in seats:
        held = one.mandate
        function = FUNCTIONS[held.text("function")].say(lang)
        rows.append(row([
            link(f"/{lang}/government/mandate/{held.id}/", held.text("person") or _("account without a name")),
            f"{function} ({_('sits')})" if one.stands_in else function,
            said.outside("organisation", held.text("organisation")) if held.text("organisation") else "–",
            said.name(held.text("territory")) or "–",
            words.day(held.text("since"), lang), words.day(held.text("until"), lang) if held.text("until") else "–",
            ", ".join(each.text("person") for each in one.substitutes) or "–"], heads))  # fmt: skip
    return table(_("Who sits on %(day)s") % {"day": words.day(day, lang)}, heads, rows, key="t-composition")


def _statutes(book: Book, said: Reader, one: Thing, day: str, lang: str) -> list[tuple[str, str]]:
    found = statutes_on(book, one.id, day)
    if found is None:
        return []
    colon = f"{words.JOINED}: " if lang == "fr" else ": "
    notice = ", ".join(f"{_meetings(name, lang)}{colon}{days}" for name, days in sorted(found.notice_days.items()))
    quorum = ", ".join(words.percent(float(each.share), lang, decimals=1) for each in found.quorum_for("default"))
    is_remote = "remote" in found.channels_for("default")
    rows = [(_("Notice, in days"), text(notice or "–")), (_("Quorum"), text(quorum or "–")),
            (_("Votes from afar"), _("allowed") if is_remote else _("not allowed"))]  # fmt: skip
    held = [said.link(each.id) for each in versions(book, one.id)]
    return [*rows, (_("Own statutes"), safe(", ".join(held) or "–"))]


def _meetings(name: str, lang: str) -> str:
    """A kind of meeting in the reader's language; `default` stands for every kind without a notice of its own."""
    return MEETINGS[name].say(lang) if name in MEETINGS else _("every other meeting") if name == "default" else name
