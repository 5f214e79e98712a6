"""Forms of those who keep the strategy: enter, change, change state, review, override, approve, put away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django import forms
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.charter.faults import RefusedError
from beffroi.strategy import genericity, write
from beffroi.strategy.kinds import KINDS
from beffroi.strategy.vision import APPROVAL
from beffroi.web import permissions, strategy_facts
from beffroi.web.charter_edit import Editing, edit
from beffroi.web.house import respond
from beffroi.web.strategy_frame import SEGMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse

    from beffroi.charter.book import Thing
    from beffroi.charter.entries import By

WRONG = 422
# What no form of fields asks for: it is entered by an act of its own, or is for others to enter.
BY_ACT = {*APPROVAL, "review", "review_why", "review_by", "review_text", "private_funding", "state"}
FIRST = {"factor": "open"}


class Said(forms.Form):
    """One text, such as a reason; perhaps an answer before it."""

    def __init__(self, *, label: str, answers: Mapping[str, str] | None = None, question: str = "",
                 is_line: bool = False, data: object = None) -> None:  # fmt: skip
        """Lay the form out: `answers` are offered under `question`; `is_line` asks for a line, not for paragraphs."""
        super().__init__(data, auto_id="f-%s", label_suffix="")  # type: ignore[arg-type]  # -- what was posted
        if answers:
            self.fields["answer"] = forms.ChoiceField(label=question, choices=list(answers.items()), required=False,
                                                      widget=forms.RadioSelect)  # fmt: skip
        widget = forms.TextInput() if is_line else forms.Textarea(attrs={"rows": 4})
        self.fields["said"] = forms.CharField(label=label, max_length=4000, required=False, widget=widget)


def new(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """Enter a new thing; it starts as a draft."""
    if kind not in KINDS:
        raise Http404
    added = {"state": FIRST.get(kind, "draft")} if "state" in KINDS[kind].names else {}
    return edit(request, lang, replace(_editing(request, lang, kind), added=added))


def change(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """Change the fields of a thing."""
    one = _one(thing)
    return edit(request, lang, _editing(request, lang, one.kind, one))


def state(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """Bring a thing to its next state: publish, start, finish, approve, lift … with a reason where one is asked."""
    one = _one(thing)
    kind = KINDS[one.kind]
    if "state" not in kind.names:
        raise Http404
    names = [each for each in ("state", "decision", "lifted_by", "results", "no_result") if each in kind.names]
    title = _("Change the state of “%(name)s”") % {"name": one.text("name", lang)}
    return edit(request, lang, replace(_editing(request, lang, one.kind, one), names=names, title=title))


def money(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """Enter confidential amounts of a project: for those who speak for a partner."""
    one = _one(thing)
    person = permissions.person_of(request)
    partners = [str(each["organisation"]) for each in one.rows("partners")] if one.kind == "project" else []
    theirs = next((each for each in partners if permissions.may(person, "read_amounts", organisation=each)), "")
    permissions.require(request, "read_amounts", organisation=theirs)
    what = replace(_editing(request, lang, "project", one), names=["private_funding"],
                   then=lambda each: f"/{lang}/projects/{each.id}/amounts/",
                   title=_("Confidential amounts of “%(name)s”") % {"name": one.text("name", lang)})  # fmt: skip
    return edit(request, lang, what)


def review(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """Say whether an action would fit any cluster; its author may not."""
    one = _one(thing, "action")
    field = KINDS["action"].field("review")
    options: Mapping[str, object] = getattr(field.type, "options", {})
    answers = {key: said.say(lang) for key, said in options.items()}  # type: ignore[attr-defined]  # -- texts
    form = Said(label=_("Why"), question=field.label.say(lang), answers=answers, data=_posted(request))
    title = _("Would “%(name)s” fit any cluster?") % {"name": one.text("name", lang)}
    about = [one.text("said", lang), *(_named(each, lang) for each in genericity.links_of(one))]
    return _entered(
        request, lang, one, form, title=title, about=about, send=_("Enter my answer"),
        enter=lambda by: write.review(one.id, form.data.get("answer", ""), form.data.get("said", "").strip(), by=by),
    )  # fmt: skip


def override(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """Start an action although a prerequisite is unmet: its owner says why."""
    one = _one(thing, "action")
    person = permissions.require(request, "override_prerequisite", organisation=one.text("owner"))
    form = Said(label=_("Why start now? This stays in the log."), data=_posted(request))
    title = _("Start “%(name)s” although a prerequisite is unmet?") % {"name": one.text("name", lang)}
    return _entered(
        request, lang, one, form, title=title, about=[], send=_("Start it"),
        enter=lambda by: write.override(one.id, by=by, facts=strategy_facts.facts(person),
                                        reason=form.data.get("said", "").strip()),
    )  # fmt: skip


def approve(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """Enter that a decision approved a vision: a new version begins."""
    one = _one(thing, "vision")
    person = permissions.person_of(request)
    form = Said(label=_("Number of the vote or decision"), is_line=True, data=_posted(request))
    title = _("Which decision approved “%(name)s”?") % {"name": one.text("name", lang)}
    return _entered(
        request, lang, one, form, title=title, about=[one.text("statement", lang)], send=_("Enter the approval"),
        enter=lambda by: write.approve(one.id, form.data.get("said", "").strip(), by=by,
                                       facts=strategy_facts.facts(person)),
    )  # fmt: skip


def put_away(request: HttpRequest, lang: str, thing: str) -> HttpResponse:
    """Archive a thing, or take it back; nothing is ever deleted."""
    one = _one(thing)
    form = Said(label=_("Reason, for the history"), data=_posted(request))
    title = (_("Take “%(name)s” back into the lists?") if one.is_archived else _("Put “%(name)s” away?")) % {
        "name": one.text("name", lang)}  # fmt: skip
    about = [_("It leaves the lists and stays readable at its address, with its history. It can be taken back.")]
    call = write.restore if one.is_archived else write.archive
    return _entered(
        request, lang, one, form, title=title, about=[] if one.is_archived else about,
        send=_("Take it back") if one.is_archived else _("Put it away"),
        enter=lambda by: call(one.id, by=by, reason=form.data.get("said", "").strip()),
    )  # fmt: skip


def _editing(request: HttpRequest, lang: str, kind: str, thing: Thing | None = None) -> Editing:
    person, book = permissions.person_of(request), entries.book()

    def looked_up(values: Mapping[str, object]) -> dict[str, object]:
        strategy_facts.check(KINDS[kind], values, book, before=thing)
        return {"strategy": strategy_facts.facts(person)}

    hidden = BY_ACT if kind == "vision" else BY_ACT - {"decision"}
    names = [each.name for each in KINDS[kind].fields if each.name not in hidden]
    return Editing(KINDS[kind], lambda one: _url(lang, one), thing=thing, names=names, facts=looked_up)


def _entered(
    request: HttpRequest, lang: str, one: Thing, form: Said, *, title: str, about: list[str], send: str,
    enter: Callable[[By], Thing],
) -> HttpResponse:  # fmt: skip
    """Show a short form, or enter what was sent; a refusal is told above the form, with what was typed kept."""
    status = 200
    if request.method == "POST":
        form.is_valid()
        try:
            enter(entries.By(permissions.person_of(request).author, datetime.now(UTC)))
        except RefusedError as refused:
            for said in refused.say(lang):
                form.add_error(None, said)
            status = WRONG
        else:
            return HttpResponseRedirect(_url(lang, one))
    context = {"title": title, "form": form, "about": [each for each in about if each], "send": send,
               "kick": _("Strategy of the cluster"), "back": _url(lang, one)}  # fmt: skip
    return respond(request, "strategy/said.html", context, status=status)


def _posted(request: HttpRequest) -> object:
    return request.POST if request.method == "POST" else None


def _one(thing: str, kind: str = "") -> Thing:
    found = entries.book().find(thing)
    if found is None or found.kind not in KINDS or kind not in {"", found.kind}:
        raise Http404
    return found


def _named(link: str, lang: str) -> str:
    found = entries.book().find(link)
    return found.text("name", lang) if found else link


def _url(lang: str, one: Thing) -> str:
    return f"/{lang}/{SEGMENTS[one.kind]}/{one.id}/"
