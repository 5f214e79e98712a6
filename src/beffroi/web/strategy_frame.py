"""What pages of the strategy share: the book of a day, who sees what, addresses, the frame."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.charter.book import Book
from beffroi.strategy import vision
from beffroi.web import permissions, strategy_facts, words
from beffroi.web.charter_words import Reader, asked_day, end_of
from beffroi.web.house import respond
from beffroi.web.registry_frame import author_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from beffroi.charter.book import Thing
    from beffroi.observatory.quote import Quotes
    from beffroi.web.permissions import Person

SEGMENTS = {
    "factor": "factors", "objective": "objectives", "action": "actions", "project": "projects",
    "result": "strategy/results", "programme": "strategy/programmes", "asset": "strategy/assets",
    "figure": "strategy/figures", "resolution": "strategy/decisions", "vision": "strategy/visions",
}  # fmt: skip
# Pages of these kinds are their own (`course_urls`).
COURSE = {"stage": "stages", "note": "notes"}
DRAFT = "draft"
ENDINGS = ("csv", "xlsx", "json")


@dataclass(frozen=True, slots=True)
class View:
    """A reader's place: language, day asked for (None: today), the book of that day, who asks, and readers.

    The book holds what this person may see: drafts are for those who prepare them.
    """

    language: str
    on: date | None
    book: Book
    person: Person
    figures: Quotes

    @property
    def day(self) -> date:
        """The day shown."""
        return self.on or datetime.now(UTC).date()

    @property
    def edition(self) -> str:
        """The edition that was current on the day shown."""
        return self.figures.edition_on(self.day)

    @property
    def sees_drafts(self) -> bool:
        """Whether drafts are shown to this person."""
        return permissions.may(self.person, "read_strategy_drafts")

    @property
    def may_edit(self) -> bool:
        """Whether this person keeps the strategy; nobody edits the past."""
        return self.on is None and permissions.may(self.person, "edit_strategy")

    def reader(self, *audiences: str) -> Reader:
        """Words for values, with links to what this person may see."""
        more = ("officers",) if self.may_edit else ()
        sees_all = permissions.may(self.person, "read_registry")

        @cache
        def outside(space: str, id_: str) -> str:
            own = self.book.find(id_) if space == "indicator" else None
            if own is not None:
                return own.text("name", self.language)
            return strategy_facts.name_outside(space, id_, language=self.language, sees_all=sees_all)

        tail = f"?on={self.on}" if self.on else ""
        urls = {kind: f"/{self.language}/{segment}/{{id}}/{tail}" for kind, segment in (SEGMENTS | COURSE).items()}
        return Reader(self.language, self.book, urls=urls, outside=outside, audiences=("all", *more, *audiences),
                      author=self.author)  # fmt: skip

    def author(self, author: str) -> str:
        """Who entered something: a name for those who prepare the strategy, a number for everybody else."""
        return author_name(author) if self.sees_drafts else author.replace("account", _("account"))

    def thing(self, kind: str, id_: str) -> Thing:
        """A thing that this person may see; anything else does not exist."""
        found = self.book.find(id_)
        if found is None or found.kind != kind:
            raise Http404
        return found

    def url(self, path: str) -> str:
        """The address of a page of the strategy on the same day."""
        return f"/{self.language}/{path}" + (f"?on={self.on}" if self.on else "")


def is_draft(thing: Thing) -> bool:
    """Whether a thing is still being prepared: visions until one version is approved, others by their state."""
    return not vision.is_in_force(thing) if thing.kind == "vision" else thing.get("state") == DRAFT


def open_view(request: HttpRequest, lang: str) -> View:
    """Open the strategy as it stood at the end of the day that the address names.

    Raises:
        UsageError: `on` is no day.
    """
    on, person = asked_day(request), permissions.person_of(request)
    book = entries.book(end_of(on))
    sees_all = permissions.may(person, "read_strategy_drafts")
    return View(lang, on, book if sees_all else published(book), person, strategy_facts.figures())


@lru_cache(maxsize=8)
def published(book: Book) -> Book:
    """A book without drafts, so that no link, list or sum tells of one."""
    return Book({one.id: one for one in book if not is_draft(one)}, book.last)


def show(
    request: HttpRequest, view: View, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    """Render a page of the strategy."""
    frame = {
        "kick": _("Strategy of the cluster"),
        "on": view.on.isoformat() if view.on else "",
        "day": words.day(view.on.isoformat(), view.language) if view.on else "",
        "path": request.path,
        "may_edit": view.may_edit,
        "sees_drafts": view.sees_drafts,
        "tabs": _tabs(request, view),
    }
    return respond(request, template, {**frame, **context}, status=status)


def _tabs(request: HttpRequest, view: View) -> list[tuple[str, str, bool]]:
    names = [
        ("strategy/", _("In two minutes")), ("vision/", _("Vision")), ("factors/", _("Failure factors")),
        ("objectives/", _("Objectives")), ("actions/", _("Actions")), ("projects/", _("Projects")),
        ("stages/", _("Stages")), ("chain/", _("Chain")), ("cooperation/", _("Cooperation")), ("notes/", _("Notes")),
        (f"review/{view.day.year}/", _("The year")),
    ]  # fmt: skip
    here = request.path.removeprefix(f"/{view.language}/")
    is_at = {path: here == path if path == "strategy/" else here.startswith(path.partition("/")[0])
             for path, _name in names}  # fmt: skip
    return [(view.url(path), name, is_at[path]) for path, name in names]


def files_of(request: HttpRequest, view: View, path: str) -> dict[str, str]:
    """Addresses of the files with what is on screen: the same filter, the same day."""
    asked = {name: value for name, value in request.GET.items() if value}
    tail = f"?{urlencode(asked)}" if asked else ""
    return {kind: f"/{view.language}/{path}.{kind}{tail}" for kind in ENDINGS}
