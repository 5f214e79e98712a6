"""Drafting rooms: a few named people, versions kept, remarks answered, and the text handed in for a vote.

Whoever does not sit in a room gets what they would get if there were none, and that is written in the door's log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.translation import gettext as _

from beffroi.federation.audit import note
from beffroi.strategy import closing, drafting, remarks
from beffroi.strategy.errors import NotReadyError, RoomClosedError, StaleBaseError, UnknownRoomError
from beffroi.strategy.text_diff import differences
from beffroi.vocabulary.errors import UsageError
from beffroi.web import moments, permissions
from beffroi.web.draft_forms import AnswerForm, InviteForm, RemarkForm, TextForm, TitleForm
from beffroi.web.house import respond
from beffroi.web.prose import prose
from beffroi.web.registry_frame import author_name
from beffroi.web.told import told
from beffroi.web.vote_frame import account_by_email, account_of, home, names_of, now
from beffroi.web.vote_words import outcome_names, state_names

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from beffroi.records.ballots import DraftVersion
    from beffroi.strategy.drafting import Room

CONFLICT = 409


def listing(request: HttpRequest, lang: str) -> HttpResponse:
    """The rooms in which one sits."""
    person, at = permissions.person_of(request), now()
    rooms = [drafting.look(one, clock=at) for one in drafting.rooms_of(person.account or 0)]
    context = {
        "title": _("What are we drafting?"),
        "rooms": [(f"/{lang}/drafts/{one.id}/", one, state_names()[one.state]) for one in rooms],
        "may_start": permissions.may(person, "start_draft"),
    }
    return respond(request, "drafts/listing.html", context)


def new(request: HttpRequest, lang: str) -> HttpResponse:
    """Open a room."""
    form = TitleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person, at = permissions.person_of(request), now()
        room = drafting.create(form.cleaned_data["title"], account=person.account or 0, by=person.author, at=at)
        note("draft_opened", at=at, account=person.account, detail={"room": room})
        return HttpResponseRedirect(f"/{lang}/drafts/{room}/")
    context = {"title": _("Start a draft"), "form": form, "send": _("Open the room")}
    return respond(request, "drafts/new.html", context)


def page(request: HttpRequest, lang: str, room: int) -> HttpResponse:
    """A room: the text, who drafts, what was said, what comes next."""
    return _show(request, lang, _enter(request, room))


def edit(request: HttpRequest, lang: str, room: int) -> HttpResponse:
    """Write the next version."""
    held = _enter(request, room)
    latest = held.latest
    if request.method != "POST":
        form = TextForm(initial={"content": latest.content if latest else "", "base": held.label})
        return _editor(request, held, form)
    form = TextForm(request.POST)
    if not form.is_valid():
        return _editor(request, held, form)
    person, at = permissions.person_of(request), now()
    closing.settle_due(by=person.author, at=at, home=home(), room=room)
    try:
        drafting.save(room, form.cleaned_data["content"], base=form.cleaned_data["base"], by=person.author, at=at)
    except StaleBaseError as error:
        return _conflict(request, drafting.look(room, clock=at), form, error)
    except UsageError as error:
        form.add_error(None, _refusal(error))
        return _editor(request, held, form, status=CONFLICT)
    return HttpResponseRedirect(f"/{lang}/drafts/{room}/")


def version(request: HttpRequest, lang: str, room: int, label: str) -> HttpResponse:
    """One version as it was saved."""
    held = _enter(request, room)
    found = _version(held, label)
    context = {
        "title": _("%(title)s, version %(label)s") % {"title": held.title, "label": label},
        "room": held, "text": prose(found.content), "by": author_name(found.by), "at": moments.said(found.at, lang),
        "back": f"/{lang}/drafts/{room}/",
    }  # fmt: skip
    return respond(request, "drafts/version.html", context)


def diff(request: HttpRequest, lang: str, room: int) -> HttpResponse:
    """What changed between two versions."""
    held = _enter(request, room)
    before, after = (_version(held, request.GET.get(name, "")) for name in ("from", "to"))
    context = {
        "title": _("What changed from %(a)s to %(b)s?") % {"a": drafting.label(before), "b": drafting.label(after)},
        "lines": differences(before.content, after.content),
        "back": f"/{lang}/drafts/{room}/",
    }
    return respond(request, "drafts/diff.html", context)


def team(request: HttpRequest, lang: str, room: int) -> HttpResponse:
    """Invite somebody, or leave."""
    held = _enter(request, room)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    person, at = permissions.person_of(request), now()
    if request.POST.get("leave"):
        try:
            drafting.leave(room, person.account or 0, by=person.author, at=at)
        except UsageError:
            return _show(request, lang, held, problem=_("You are the last one here. Invite somebody before you leave."))
        note("draft_left", at=at, account=person.account, detail={"room": room})
        return HttpResponseRedirect(f"/{lang}/drafts/")
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _show(request, lang, held, invite=form)
    user = account_by_email(form.cleaned_data["email"])
    if user is None or user.pk in held.team:
        form.add_error("email", _("Nobody else here has an account under this address."))
        return _show(request, lang, held, invite=form)
    drafting.seat(room, user.pk, by=person.author, at=at)
    note("draft_invited", at=at, account=person.account, detail={"room": room, "invited": user.pk})
    return HttpResponseRedirect(f"/{lang}/drafts/{room}/#team")


def remark(request: HttpRequest, lang: str, room: int) -> HttpResponse:
    """Say something about the text, or answer what was said."""
    held = _enter(request, room)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    person, at = permissions.person_of(request), now()
    if "remark" in request.POST:
        given = AnswerForm(request.POST)
        if not given.is_valid():
            return _show(request, lang, held, problem=_("An answer needs words, 5,000 letters at most."))
        data = given.cleaned_data
        remarks.answer(room, data["remark"], data["content"], by=person.author, at=at)
        return HttpResponseRedirect(f"/{lang}/drafts/{room}/#r{data['remark']}")
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _show(request, lang, held, remark_form=form)
    data, round_ = form.cleaned_data, held.latest.round if held.latest else 1
    done = remarks.remark(room, data["content"], round_=round_, kind=data["kind"], by=person.author, at=at)
    return HttpResponseRedirect(f"/{lang}/drafts/{room}/#r{done.pk}")


def hand_in(request: HttpRequest, lang: str, room: int) -> HttpResponse:
    """Hand the text in for a vote, or take it back."""
    held = _enter(request, room)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    person, at = permissions.person_of(request), now()
    closing.settle_due(by=person.author, at=at, home=home(), room=room)
    try:
        if request.POST.get("back"):
            drafting.take_back(room, by=person.author, at=at)
            note("draft_taken_back", at=at, account=person.account, detail={"room": room})
        else:
            step = drafting.hand_in(room, base=request.POST.get("base", ""), by=person.author, at=at)
            note("draft_handed_in", at=at, account=person.account, detail={"room": room, "sha256": step.sha256})
    except UsageError as error:
        return _show(request, lang, held, problem=_refusal(error))
    return HttpResponseRedirect(f"/{lang}/drafts/{room}/")


def _enter(request: HttpRequest, room: int) -> Room:
    person = permissions.person_of(request)
    try:
        return drafting.enter(room, person.account or 0, clock=now())
    except UnknownRoomError:
        permissions.refuse(request, "read_drafts")


def _version(room: Room, label: str) -> DraftVersion:
    try:
        return drafting.version(room.id, label)
    except UnknownRoomError as error:
        raise Http404 from error


def _refusal(error: UsageError) -> str:
    if isinstance(error, StaleBaseError):
        return _("Somebody saved a newer version meanwhile. Read it, then hand it in.")
    if isinstance(error, RoomClosedError):
        return _("The text cannot be changed now: it is handed in, being voted on, or approved.")
    if isinstance(error, NotReadyError):
        words = {
            "team": _("A draft is handed in by two people at least: invite somebody."),
            "text": _("Nothing has been written yet."),
            "objections": _("Each objection needs an answer first."),
        }
        return " ".join(words[name] for name, _number in error.reasons)
    return told(error)


def _editor(request: HttpRequest, room: Room, form: TextForm, *, status: int = 200) -> HttpResponse:
    context = {
        "title": _("Write: %(title)s") % {"title": room.title}, "room": room, "form": form,
        "send": _("Save as a new version"),
        "is_open": room.state == "drafting",
    }  # fmt: skip
    return respond(request, "drafts/edit.html", context, status=status)


def _conflict(request: HttpRequest, room: Room, form: TextForm, error: StaleBaseError) -> HttpResponse:
    """Both texts before the eyes of the second to save; sending the form again saves theirs on top."""
    latest = drafting.version(room.id, error.latest)
    again = TextForm(initial={"content": form.cleaned_data["content"], "base": error.latest})
    context = {
        "title": _("Somebody saved before you"),
        "room": room,
        "form": again,
        "send": _("Save my text over version %(label)s") % {"label": error.latest},
        "label": error.latest,
        "by": author_name(latest.by),
        "lines": differences(latest.content, form.cleaned_data["content"]),
        "is_open": True,
    }
    return respond(request, "drafts/edit.html", context, status=CONFLICT)


def _show(
    request: HttpRequest, lang: str, room: Room, *, problem: str = "", invite: InviteForm | None = None,
    remark_form: RemarkForm | None = None,
) -> HttpResponse:  # fmt: skip
    here, latest = f"/{lang}/drafts/{room.id}/", room.latest
    versions = drafting.versions(room.id)
    context = {
        "title": room.title,
        "room": room,
        "here": here,
        "state": state_names()[room.state],
        "is_open": room.state == "drafting",
        "vote": f"/{lang}/votes/{room.vote}/" if room.vote else "",
        "last_outcome": outcome_names().get(room.last_outcome, ""),
        "text": prose(latest.content) if latest else "",
        "sha256": drafting.fingerprint(latest) if latest else "",
        "saved": (author_name(latest.by), moments.said(latest.at, lang)) if latest else None,
        "team": [author_name(f"account {one}") for one in room.team],
        "versions": _versions(here, versions, lang),
        "remarks": _remarks(room, lang),
        "problem": problem,
        "invite": invite or InviteForm(auto_id="invite_%s"),
        "remark_form": remark_form or RemarkForm(auto_id="remark_%s"),
        "has_team": len(room.team) >= drafting.LEAST_TEAM,
    }
    faulty = problem or (invite and invite.errors) or (remark_form and remark_form.errors)
    return respond(request, "drafts/room.html", context, status=CONFLICT if faulty else 200)


def _versions(here: str, versions: tuple[DraftVersion, ...], lang: str) -> list[dict[str, str]]:
    rows = []
    for number, one in enumerate(versions):
        label = drafting.label(one)
        before = drafting.label(versions[number + 1]) if number + 1 < len(versions) else ""
        rows.append({
            "label": label, "url": f"{here}version/{label}/", "by": author_name(one.by),
            "at": moments.said(one.at, lang), "diff": f"{here}diff/?from={before}&to={label}" if before else "",
        })  # fmt: skip
    return rows


def _remarks(room: Room, lang: str) -> list[dict[str, object]]:
    found = []
    for one in remarks.remarks(room.id):
        names = names_of(one.vote, [one.organisation]) if one.vote and one.organisation else {}
        by = names.get(one.organisation, "") or (author_name(one.by) if account_of(one.by) else _("a secret ballot"))
        found.append({
            "id": one.pk, "kind": one.kind, "round": one.round, "content": one.content, "by": by,
            "at": moments.said(one.at, lang) if one.by else "",
            "answers": [(each.content, author_name(each.by)) for each in one.answers.all()],
            "is_open": one.kind == "objection" and not one.answers.all(),
        })  # fmt: skip
    return found
