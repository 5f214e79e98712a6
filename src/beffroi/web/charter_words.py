"""Things of the charter as readers see them: values in words, history, lists with filters, files."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.charter.book import ARCHIVED, RESTORED
from beffroi.charter.holds import Both, Choice, Data, Day, Flag, Link, Links, Number, Outside, Outsides, Prose, Rows
from beffroi.observatory.tables import Table, folded
from beffroi.vocabulary.errors import UsageError
from beffroi.web import words
from beffroi.web.charter_form import name_of
from beffroi.web.markup import Head, link, row, safe, table, text
from beffroi.web.registry_frame import author_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from beffroi.charter.book import Book, Entry, Thing
    from beffroi.charter.field import Field
    from beffroi.charter.shape import Kind

LONGEST_SEARCH = 200
VOTE = re.compile(r"[0-9]{4}-[0-9]+")  # the number of a vote of this house
COLONS = {"fr": "\u00a0: ", "en": ": "}


class Reader:
    """Turns values into words and markup of one language.

    Args:
        language: `fr` or `en`.
        book: where linked things are looked up.
        urls: per kind, the address of a thing with `{id}` in it; kinds without one are not linked.
        outside: names what is kept elsewhere, from (space, id).
        audiences: whose fields are shown; by default those for all.
        author: names who entered something; pages for everybody give a number, not a name.
    """

    def __init__(
        self, language: str, book: Book, *, urls: Mapping[str, str] | None = None,
        outside: Callable[[str, str], str] | None = None, audiences: Collection[str] = ("all",),
        author: Callable[[str], str] = author_name,
    ) -> None:  # fmt: skip
        self.language, self.book, self.urls, self.audiences = language, book, urls or {}, frozenset(audiences)
        self.outside = outside or (lambda _space, id_: id_)
        self.author = author

    def name(self, thing_id: str) -> str:
        """What a linked thing is called."""
        found = self.book.find(thing_id)
        return name_of(found, self.language) if found else thing_id

    def url(self, thing_id: str) -> str:
        """Its address; empty when it has no page."""
        found = self.book.find(thing_id)
        return self.urls.get(found.kind, "").format(id=thing_id) if found else ""

    def link(self, thing_id: str) -> SafeString:
        """Its name, linked to its page when it has one."""
        url = self.url(thing_id)
        return link(url, self.name(thing_id)) if url else safe(text(self.name(thing_id)))

    def said(self, field: Field, value: object) -> str:
        """A value in words, without markup; empty when there is none."""
        if value is None or value in ("", []):
            return ""
        return _plain(self, field, value)

    def shown(self, field: Field, value: object) -> SafeString:
        """A value as markup: links to other things, paragraphs, small tables."""
        if value is None or value in ("", []):
            return safe("–")
        if isinstance(field.type, Link):
            return self.link(str(value))
        if isinstance(field.type, Links) and isinstance(value, list):
            return safe('<ul class="plain">' + "".join(f"<li>{self.link(str(one))}</li>" for one in value) + "</ul>")
        if isinstance(field.type, Prose):
            parts = [part for part in str(value).split("\n\n") if part.strip()]
            return safe("".join(f"<p>{'<br>'.join(text(one) for one in part.splitlines())}</p>" for part in parts))
        if isinstance(field.type, Rows) and isinstance(value, list):
            return self._rows(field, value)
        said, is_vote = self.said(field, value), isinstance(field.type, Outside) and field.type.space == "vote"
        url = self.urls.get("vote", "") if is_vote and VOTE.fullmatch(said) else ""
        return link(url.format(id=said), said) if url else safe(text(said))

    def facts(self, kind: Kind, thing: Thing, names: Iterable[str] | None = None) -> list[tuple[str, SafeString]]:
        """Label and markup of each field that has a value and that this reader may see."""
        wanted = None if names is None else set(names)
        return [
            (one.label.say(self.language), self.shown(one, thing.get(one.name)))
            for one in kind.fields
            if one.audience in self.audiences and (wanted is None or one.name in wanted)
            and thing.get(one.name) not in (None, "", [])
        ]  # fmt: skip

    def history(self, kind: Kind, entries: Iterable[Entry], *, key: str = "t-history") -> SafeString:
        """Who said what, when and why, newest first; fields for others than this reader are left out."""
        heads = [Head(_("When (UTC)")), Head(_("Who")), Head(_("What")), Head(_("Reason"))]
        rows, values = [], dict[str, object]()
        for entry in entries:
            parts = [f"{act_name(entry.act)}"]
            for name, value in entry.change.items():
                if name in kind.names and (field := kind.field(name)).audience in self.audiences:
                    before, after = self.said(field, values.get(name)), self.said(field, value)
                    label = field.label.say(self.language)
                    told = f"{before} → {after or '–'}" if before else after
                    parts.append(f"{label}{COLONS[self.language]}{told}")
            values |= entry.change
            cells = [f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M}", self.author(entry.author),
                     safe("<br>".join(text(part) for part in parts)), entry.reason]  # fmt: skip
            rows.append(row(cells, heads))
        return table(_("History: nothing is ever overwritten"), heads, reversed(rows), key=key)

    def _rows(self, field: Field, value: list[Mapping[str, object]]) -> SafeString:
        assert isinstance(field.type, Rows)  # noqa: S101 -- for the type checker; the caller has asked
        columns = [one for one in field.type.columns if one.audience in self.audiences]
        heads = [Head(one.label.say(self.language), isinstance(one.type, Number)) for one in columns]
        body = (row([self.shown(one, line.get(one.name)) for one in columns], heads) for line in value)
        return table(field.label.say(self.language), heads, body, key=f"t-{field.name}")


def as_table(kind: Kind, things: Iterable[Thing], reader: Reader, *, name: str = "") -> Table:
    """Return things as a table to download: id, every field this reader may see, dates, author."""
    fields = [one for one in kind.fields if one.audience in reader.audiences]
    columns: list[str] = ["id"]
    for one in fields:
        columns += [f"{one.name}_fr", f"{one.name}_en"] if isinstance(one.type, Both) else [one.name]
    rows = []
    for thing in things:
        cells: list[str | int | float | None] = [thing.id]
        for one in fields:
            value = thing.get(one.name)
            if isinstance(one.type, Both):
                cells += [thing.text(one.name, "fr"), thing.text(one.name, "en")]
            elif isinstance(value, list):
                cells.append("; ".join(str(each) if not isinstance(each, dict) else _pairs(each) for each in value))
            else:
                cells.append(value if isinstance(value, int | str) else None if value is None else str(value))
        rows.append((*cells, thing.born_at.isoformat(), thing.at.isoformat(), thing.is_archived))
    return Table(name or kind.name, (*columns, "entered", "changed", "is_archived"), tuple(rows))


def select(kind: Kind, things: Iterable[Thing], asked: Mapping[str, str], reader: Reader) -> list[Thing]:
    """Return the things that an address asks for: `q` is searched in every text, other names are fields.

    A field of links fits when it holds the id. Names that are no fields are ignored.
    """
    found = list(things)
    for name, wanted in asked.items():
        if name in kind.names and wanted and kind.field(name).audience in reader.audiences:
            found = [one for one in found if wanted in (one.ids(name) or (one.text(name),))]
    q = folded(asked.get("q", "").strip()[:LONGEST_SEARCH])
    if not q:
        return found
    fields = [one for one in kind.fields if one.audience in reader.audiences]
    return [
        one for one in found
        if all(word in folded(" ".join(reader.said(field, one.get(field.name)) for field in fields) + " " + one.id)
               for word in q.split())
    ]  # fmt: skip


def listing(
    kind: Kind, things: Sequence[Thing], reader: Reader, *, columns: Sequence[str], key: str = "t-things"
) -> SafeString:
    """Return things as a table on a page, each linked to its own page by its name."""
    fields = [kind.field(name) for name in columns]
    heads = [Head(kind.label.say(reader.language).capitalize())]
    heads += [Head(one.label.say(reader.language), isinstance(one.type, Number)) for one in fields]
    body = (row([reader.link(one.id), *(reader.shown(field, one.get(field.name)) for field in fields)],
                heads) for one in things)  # fmt: skip
    return table(kind.plural.say(reader.language).capitalize(), heads, body, key=key)


def asked_day(request: HttpRequest) -> date | None:
    """Return the day that `?on=` names; None without one.

    Raises:
        UsageError: it is no day.
    """
    typed = request.GET.get("on", "").strip()
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise UsageError(_("'%(given)s' was given for “on”; a day such as 2026-11-22 is expected.")
                         % {"given": typed[:40]}) from None  # fmt: skip


def end_of(day: date | None) -> datetime | None:
    """Return the last moment of a day (UTC), up to which a book is read; None for the present."""
    return datetime.combine(day, time.max, UTC) if day else None


def act_name(act: str) -> str:
    """A verb of an entry in the reader's language; verbs of rooms that have no words here stay as they are."""
    names = {
        "created": _("entered"), "changed": _("changed"), ARCHIVED: _("put away"), RESTORED: _("taken back"),
        "published": _("published"), "approved": _("approved"), "refused": _("refused"), "started": _("started"),
        "closed": _("closed"), "lifted": _("lifted"), "adopted": _("adopted"), "merged": _("joined"),
        "declared": _("declared"), "cancelled": _("cancelled"), "convened": _("convened"),
        "overridden": _("started although a prerequisite was unmet"), "reviewed": _("reviewed"),
        "template": _("entered from a template"),
    }  # fmt: skip
    return names.get(act, act.replace("_", " "))


def _plain(reader: Reader, field: Field, value: object) -> str:  # noqa: PLR0911, C901 -- one branch a type
    kind, lang = field.type, reader.language
    if isinstance(kind, Both) and isinstance(value, dict):
        return str(value.get(lang, ""))
    if isinstance(kind, Choice):
        found = kind.options.get(str(value))
        return found.say(lang) if found else str(value)
    if isinstance(kind, Link):
        return reader.name(str(value))
    if isinstance(kind, Links) and isinstance(value, list):
        return ", ".join(reader.name(str(one)) for one in value)
    if isinstance(kind, Outside):
        return reader.outside(kind.space, str(value))
    if isinstance(kind, Outsides) and isinstance(value, list):
        return ", ".join(reader.outside(kind.space, str(one)) for one in value)
    if isinstance(kind, Day):
        return words.day(str(value), lang)
    if isinstance(kind, Number):
        exact = Decimal(str(value))
        decimals = max(0, -int(exact.normalize().as_tuple().exponent))
        return words.number(float(exact), decimals, lang)
    if isinstance(kind, Flag):
        return _("yes") if value else _("no")
    if isinstance(kind, Rows) and isinstance(value, list):
        return "; ".join(
            ", ".join(reader.said(one, line.get(one.name)) for one in kind.columns
                      if one.audience in reader.audiences and line.get(one.name) not in (None, ""))
            for line in value
        )  # fmt: skip
    if isinstance(kind, Data) and isinstance(value, dict):
        return _pairs(value)
    return str(value)


def _pairs(value: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={each}" for name, each in value.items())
