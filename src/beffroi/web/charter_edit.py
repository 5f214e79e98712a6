"""Show the form of a thing, and enter what was sent: told why when it is refused, with nothing of it lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.charter.faults import ConflictError, RefusedError
from beffroi.web import permissions
from beffroi.web.charter_form import ThingForm, name_of
from beffroi.web.charter_words import Reader
from beffroi.web.house import respond

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.shape import Kind

WRONG, CONFLICT = 422, 409


@dataclass(frozen=True, slots=True)
class Editing:
    """What a page wants edited.

    Attributes:
        kind: kind of thing.
        thing: what is edited; None for a new one.
        names: the fields asked for; None for all.
        act: the verb entered; empty for `created` or `changed`.
        then: address to go to afterwards, from the thing as entered.
        title: heading of the page; by default what the kind is called.
        choices: per space, what may be chosen.
        added: values that the page sets by itself.
        start: values that the form of a new thing starts with.
        facts: what the rules look at, from the values about to be entered.
        send: words of the button.
        book: where linked things are chosen from; None for the whole present.
    """

    kind: Kind
    then: Callable[[Thing], str]
    thing: Thing | None = None
    names: Iterable[str] | None = None
    act: str = ""
    title: str = ""
    choices: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    added: Mapping[str, object] = field(default_factory=dict)
    start: Mapping[str, object] = field(default_factory=dict)
    facts: Callable[[Mapping[str, object]], Mapping[str, object]] = lambda _values: {}
    send: str = ""
    book: Book | None = None


def edit(request: HttpRequest, lang: str, what: Editing) -> HttpResponse:
    """Show the form (GET), show it with more rows (POST `more`), or enter what was sent and go on (POST).

    The act of the view decides who may; this function does not ask again.
    """
    data = request.POST if request.method == "POST" else None
    form = ThingForm(what.kind, language=lang, book=what.book or entries.book(), thing=what.thing,
                     data=_with_more(data), names=what.names, choices=what.choices, start=what.start)  # fmt: skip
    if data is None or "more" in data:
        return _show(request, lang, what, form)
    if not form.is_valid():
        return _show(request, lang, what, form, status=WRONG)
    try:
        entered = _enter(request, what, form)
    except ConflictError as conflict:
        form.take(conflict)
        return _show(request, lang, what, form, status=CONFLICT)
    except RefusedError as refused:
        form.take(refused)
        return _show(request, lang, what, form, status=WRONG)
    return HttpResponseRedirect(what.then(entered))


def _enter(request: HttpRequest, what: Editing, form: ThingForm) -> Thing:
    values = {**form.values(), **what.added}
    by = entries.By(permissions.person_of(request).author, datetime.now(UTC))
    reason = form.cleaned_data["reason"].strip()
    facts = what.facts(values)
    if what.thing is None:
        return entries.create(what.kind, values, by=by, act=what.act or "created", reason=reason, facts=facts)
    return entries.change(what.kind, what.thing.id, values, by=by, expected=form.cleaned_data["expected"],
                          act=what.act or "changed", reason=reason, facts=facts)  # fmt: skip


def _with_more(data: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """More rows are asked for by a button that names the table: no JavaScript is needed."""
    if data is None or "more" not in data:
        return data
    copy = data.copy()  # type: ignore[attr-defined]  # -- a QueryDict
    name = copy["more"]
    typed = copy.get(f"{name}-rows", "0")
    copy[f"{name}-rows"] = str((int(typed) if typed.isdecimal() and len(typed) < 4 else 0) + 3)  # noqa: PLR2004 -- three digits are plenty
    return copy  # type: ignore[no-any-return]  # -- as above


def _show(request: HttpRequest, lang: str, what: Editing, form: ThingForm, *, status: int = 200) -> HttpResponse:
    title = what.title or (
        _("Edit: %(name)s") % {"name": name_of(what.thing, lang)} if what.thing
        else _("New: %(kind)s") % {"kind": what.kind.label.say(lang)}
    )  # fmt: skip
    is_conflict = status == CONFLICT
    now = entries.book().find(what.thing.id) if what.thing and is_conflict else None
    context = {
        "title": title,
        "form": form,
        "tables": [(one.name, one.label.say(lang), form.row_counts[one.name]) for one in form.asked
                   if one.name in form.row_counts],
        "send": what.send or _("Save"),
        "is_conflict": is_conflict,
        "facts_now": Reader(lang, entries.book(), audiences=_ALL).facts(what.kind, now) if now else [],
        "entry_now": now.entry if now else "",
    }  # fmt: skip
    return respond(request, "charter/form.html", context, status=status)


_ALL = ("all", "members", "officers", "partners")
