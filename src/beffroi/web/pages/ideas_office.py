"""Campaigns of ideas for those who run them: open, moderate, join, split, answer, close, and the log of it all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beffroi.federation.audit import note
from beffroi.observatory.tables import Table
from beffroi.strategy import ideas, ideas_moderate
from beffroi.strategy.ideas_read import moderation_log, standings
from beffroi.vocabulary.errors import UsageError
from beffroi.web import ideas_frame as frame
from beffroi.web import permissions
from beffroi.web.house import respond
from beffroi.web.registry_frame import file
from beffroi.web.told import told

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.records.ideas import IdeaCampaign

CONFLICT, WRONG = 409, 400
USUAL_DAYS = 30
MOST_PARTS, USUAL_PARTS, MOST_JOINED = 6, 3, 50
DIGITS = 19  # of the largest number that is drawn
OPENING = ("question_fr", "question_en", "text_fr", "text_en", "opens", "closes", "names", "audience", "groups")


def _by(request: HttpRequest) -> str:
    return permissions.person_of(request).author


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"'{text}' is no day; expected such as 2026-11-30.") from error


def _is_anonymous(text: str) -> bool:
    if text not in {"named", "anonymous"}:
        raise UsageError("Say whether names are shown or the campaign is anonymous to all.")
    return text == "anonymous"


@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: HttpRequest, lang: str) -> HttpResponse:
    """Ask a question. What is settled here cannot be changed afterwards."""
    now, problem = datetime.now(UTC), ""
    typed = {"opens": now.date().isoformat(), "closes": (now.date() + timedelta(days=USUAL_DAYS)).isoformat()}
    if request.method == "POST":
        typed = {one: request.POST.get(one, "")[:5000] for one in OPENING}
        try:
            asked = ideas.Question(
                typed["question_fr"], typed["question_en"], _day(typed["opens"]), _day(typed["closes"]),
                is_anonymous=_is_anonymous(typed["names"]), audience=typed["audience"], text_fr=typed["text_fr"],
                text_en=typed["text_en"], groups=typed["groups"].splitlines(),
            )  # fmt: skip
            made = ideas.open_campaign(asked, by=_by(request), at=now)
        except UsageError as error:
            problem = told(error)
        else:
            return HttpResponseRedirect(f"/{lang}/ideas/{made}/")
    context = {"title": _("Which question do you ask?"), "typed": typed, "problem": problem}
    return respond(request, "ideas/opening.html", context, status=WRONG if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, lang: str, campaign: int) -> HttpResponse:
    """What waits: ideas to let in, ideas to answer; on POST, publish or refuse one."""
    one, problem = frame.opened(campaign), ""
    if request.method == "POST":
        try:
            done = ideas_moderate.moderate(one, _number(request.POST.get("idea", "")), request.POST.get("deed", ""),
                                           reason=request.POST.get("reason", "")[:2000], by=_by(request),
                                           at=datetime.now(UTC))  # fmt: skip
        except UsageError as error:
            problem = told(error)
        else:
            _log_contribution(one, is_first=done.is_first)
            return HttpResponseRedirect(f"/{lang}/ideas/{one.pk}/desk/")
    return _desk(request, lang, one, problem=problem)


def _log_contribution(one: IdeaCampaign, *, is_first: bool) -> None:
    """Let the door's log know that somebody contributed, once a moderator has read it: never when, who or what."""
    if one.is_anonymous and is_first:
        note("contributed", at=datetime.now(UTC), detail={"campaign": one.pk})


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= DIGITS


def _number(text: str) -> int:
    if not _is_number(text):
        raise UsageError(f"'{text[:40]}' is no number of an idea.")
    return int(text)


def _desk(request: HttpRequest, lang: str, one: IdeaCampaign, *, problem: str = "") -> HttpResponse:
    found = standings(one)
    context = {
        "title": _("What waits in this campaign?"),
        "question": frame.question(one, lang),
        "campaign": one,
        "is_closed": hasattr(one, "closing"),
        "waiting": frame.all_said([each for each in found if each.state == "waiting"], lang),
        "published": frame.all_said([each for each in found if each.state == "published"], lang),
        "left": len(ideas_moderate.unanswered(one)),
        "outcomes": list(frame.outcome_names().items()),
        "problem": problem,
        "base": f"/{lang}/ideas/{one.pk}/",
        "files": {kind: f"/{lang}/ideas/{one.pk}/moderation.{kind}" for kind in ("csv", "xlsx", "json")},
    }
    return respond(request, "ideas/desk.html", context, status=CONFLICT if problem else 200)


@require_POST
def answering(request: HttpRequest, lang: str, campaign: int, idea: int) -> HttpResponse:
    """Answer an idea and tell its authors."""
    one = frame.opened(campaign)
    try:
        notices = ideas_moderate.answer(one, idea, request.POST.get("outcome", ""), by=_by(request),
                                        reason=request.POST.get("reason", "")[:4000], at=datetime.now(UTC))  # fmt: skip
    except UsageError as error:
        return _desk(request, lang, one, problem=told(error))
    frame.tell(notices, base=request.build_absolute_uri("/").rstrip("/"), campaign=one.pk)
    return HttpResponseRedirect(f"/{lang}/ideas/{one.pk}/desk/")


@require_http_methods(["GET", "HEAD", "POST"])
def joining(request: HttpRequest, lang: str, campaign: int) -> HttpResponse:
    """Choose ideas and word the one they become."""
    one, problem = frame.opened(campaign), ""
    given = request.POST if request.method == "POST" else request.GET
    chosen = [int(text) for text in given.getlist("idea")[:MOST_JOINED] if _is_number(text)]
    if request.method == "POST":
        try:
            said = ideas.Words(request.POST.get("title", ""), request.POST.get("text", ""))
            made = ideas_moderate.merge(one, chosen, said, by=_by(request), at=datetime.now(UTC))
        except UsageError as error:
            problem = told(error)
        else:
            return HttpResponseRedirect(f"/{lang}/ideas/{one.pk}/idea/{made}/")
    context = {
        "title": _("Which ideas become one?"),
        "question": frame.question(one, lang),
        "published": frame.all_said([each for each in standings(one) if each.state == "published"], lang),
        "chosen": chosen,
        "typed": {key: given.get(key, "")[:5000] for key in ("title", "text")},
        "problem": problem,
        "base": f"/{lang}/ideas/{one.pk}/",
    }
    return respond(request, "ideas/join.html", context, status=CONFLICT if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def splitting(request: HttpRequest, lang: str, campaign: int, idea: int) -> HttpResponse:
    """Write the parts of an idea."""
    one, problem = frame.opened(campaign), ""
    standing = frame.idea_of(one, idea)
    titles, texts = (request.POST.getlist(name)[:MOST_PARTS] for name in ("title", "text"))
    written = [ideas.Words(title, text) for title, text in zip(titles, texts, strict=False)]
    parts = [each for each in written if each.title.strip() or each.text.strip()]
    if request.method == "POST":
        try:
            ideas_moderate.split(one, idea, parts, by=_by(request), at=datetime.now(UTC))
        except UsageError as error:
            problem = told(error)
        else:
            return HttpResponseRedirect(f"/{lang}/ideas/{one.pk}/idea/{idea}/")
    blank = [ideas.Words("", "")] * max(USUAL_PARTS - len(parts), 0)
    context = {
        "title": _("Into which parts does this idea fall?"),
        "idea": frame.all_said([standing], lang)[0],
        "parts": list(enumerate([*parts, *blank], start=1)),
        "problem": problem,
        "base": f"/{lang}/ideas/{one.pk}/",
    }
    return respond(request, "ideas/split.html", context, status=CONFLICT if problem else 200)


@require_POST
def closing(request: HttpRequest, lang: str, campaign: int) -> HttpResponse:
    """Close a campaign in which every idea has its answer."""
    one = frame.opened(campaign)
    try:
        ideas_moderate.close(one, by=_by(request), at=datetime.now(UTC), text=request.POST.get("text", "")[:4000])
    except UsageError as error:
        return _desk(request, lang, one, problem=told(error))
    return HttpResponseRedirect(f"/{lang}/ideas/{one.pk}/")


@require_safe
def log_file(request: HttpRequest, lang: str, campaign: int, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """Every deed and answer of a campaign, by day, as a file."""
    one = frame.opened(campaign)
    rows = tuple((str(row[0]), *row[1:5], row[5].isoformat()) for row in moderation_log(one))
    return file(request, Table(f"moderation-{one.pk}", ("idea", "deed", "outcome", "reason", "by", "day"), rows), kind)
