"""What pages of government share: who reaches how far, the book as they may read it, words, frame and files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.charter.faults import UnknownThingError
from beffroi.federation import government
from beffroi.federation.competence import table_on
from beffroi.federation.reach import reach_of, visible_book
from beffroi.federation.territory import territory_name
from beffroi.records.models import Organisation
from beffroi.vocabulary.errors import UsageError
from beffroi.web import permissions, words
from beffroi.web.charter_form import name_of
from beffroi.web.charter_words import Reader
from beffroi.web.house import respond
from beffroi.web.strategy_frame import published

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Kind
    from beffroi.federation.reach import Reach

OWN_PAGES = {"body": "bodies", "meeting": "meetings", "office": "offices", "structure": "structures",
             "agreement": "agreements"}  # fmt: skip
DEMO = "demo"


def reach_here(request: HttpRequest) -> Reach:
    """How far the reader's roles reach today."""
    return reach_of(permissions.person_of(request).held)


def book_here(request: HttpRequest, at: datetime | None = None) -> Book:
    """The book as the reader may see it, today or as it stood at a moment."""
    book = entries.book(at)
    sees_drafts = permissions.may(permissions.person_of(request), "read_strategy_drafts")
    return visible_book(reach_here(request), book if sees_drafts else published(book))


def address(lang: str, kind: str, thing: str) -> str:
    """The address of a thing of government."""
    place = OWN_PAGES.get(kind, f"government/{kind}")
    return f"/{lang}/{place}/{thing}/"


def find(request: HttpRequest, book: Book, thing: str, *kinds: str) -> Thing:
    """Return a thing of some kinds; one that is not there for this reader is refused and logged."""
    try:
        found = book.thing(thing)
    except UnknownThingError:
        hidden(request)
    if found.kind not in (kinds or tuple(government.KINDS)):
        hidden(request)
    return found


def hidden(request: HttpRequest) -> NoReturn:
    """Answer as if there were nothing here."""
    permissions.refuse(request, "run_government")


def kind_of(request: HttpRequest, name: str) -> Kind:
    """Return a kind by its name, or answer that there is none."""
    found = government.KINDS.get(name)
    if found is None:
        hidden(request)
    return found


def reader(request: HttpRequest, lang: str, book: Book) -> Reader:
    """What turns values into words for this reader."""
    person = permissions.person_of(request)
    audiences = ["all"]
    audiences += ["members"] if person.account is not None else []
    audiences += ["officers"] if not reach_here(request).is_nothing else []
    urls = {name: address(lang, name, "{id}") for name in government.KINDS} | {"vote": f"/{lang}/votes/{{id}}/"}
    return Reader(lang, book, urls=urls, outside=partial(_named, book=book, lang=lang), audiences=audiences)


def day_here(request: HttpRequest) -> str:
    """The day that `?on=` asks for, else today.

    Raises:
        UsageError: it is no day.
    """
    typed = request.GET.get("on", "").strip()
    try:
        return date.fromisoformat(typed).isoformat() if typed else today()
    except ValueError:
        raise UsageError(_("'%(given)s' was given for “on”; a day such as 2026-11-22 is expected.")
                         % {"given": typed[:40]}) from None  # fmt: skip


def today() -> str:
    """Today, in UTC."""
    return datetime.now(UTC).date().isoformat()


def by_here(request: HttpRequest) -> entries.By:
    """The author and moment of an entry made now."""
    return entries.By(permissions.person_of(request).author, datetime.now(UTC))


def show(request: HttpRequest, template: str, context: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    """Render a page of government with its own navigation."""
    person = permissions.person_of(request)
    frame = {
        "may_run": permissions.may(person, "run_government"),
        "may_rule": permissions.may(person, "rule_government"),
        "may_read_agreements": permissions.may(person, "read_agreements"),
        "is_demo": any(one.born_by == DEMO for one in entries.book().of("body")),
    }
    return respond(request, template, {**frame, **context}, status=status)


def files(path: str, request: HttpRequest) -> dict[str, str]:
    """Addresses of what is on screen, as files."""
    query = request.META.get("QUERY_STRING", "")
    return {kind: f"{path}.{kind}{'?' + query if query else ''}" for kind in ("csv", "xlsx", "json")}


def source_said(source: str, said: Reader, lang: str) -> str:
    """The statutes that a rule comes from, by name, and their first day."""
    thing, comma, day = source.partition(", ")
    return f"{said.name(thing)}, {words.day(day, lang)}" if comma else source


def _named(space: str, id_: str, *, book: Book, lang: str) -> str:
    if space == "thing":
        found = book.find(id_)
        return name_of(found, lang) if found else id_
    if space == "decision_type":
        said = next((one.competence.words for one in table_on(book, today()) if one.decision_type == id_), None)
        return said.say(lang) if said else id_.replace("_", " ")
    if space == "territory":
        return territory_name(id_, lang)
    if space != "organisation":
        return id_
    return Organisation.objects.filter(pk=id_).values_list("name", flat=True).first() or id_
