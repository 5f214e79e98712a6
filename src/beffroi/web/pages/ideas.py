"""Campaigns of ideas for everybody: the questions, the ideas and their answers, and posting one.

Posting to an anonymous campaign asks who is there only to keep strangers out of a campaign for members; neither the
room nor a log is told.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from beffroi.observatory.tables import Table
from beffroi.records.ideas import IdeaCampaign
from beffroi.strategy import ideas
from beffroi.strategy.ideas_read import FEWEST, contributions, group_counts, public, standings
from beffroi.vocabulary.errors import UsageError
from beffroi.web import ideas_frame as frame
from beffroi.web import permissions, words
from beffroi.web.house import respond
from beffroi.web.limits import DAY_SECONDS, is_too_often
from beffroi.web.markup import Head, link, row, table
from beffroi.web.pages.errors import too_many
from beffroi.web.registry_frame import author_name, file

if TYPE_CHECKING:
    from django.http import HttpRequest

    from beffroi.strategy.ideas_read import Standing

WRONG, GONE = 400, 410
MOST_A_DAY = 20  # ideas of one sender in one campaign
STATES = ("planned", "open", "ended", "closed")
FORM_FIELDS = ("title", "text", "group", "email", "name")


def _campaigns(request: HttpRequest) -> list[tuple[IdeaCampaign, str]]:
    day, wanted = datetime.now(UTC).date(), request.GET.get("state", "")
    rows = IdeaCampaign.objects.select_related("closing").order_by("-opens", "-id")
    found = [(one, ideas.state_of(one, day)) for one in rows]
    return [pair for pair in found if wanted not in STATES or pair[1] == wanted]


@require_safe
def listing(request: HttpRequest, lang: str) -> HttpResponse:
    """Every campaign, the newest first."""
    names, found = frame.state_names(), _campaigns(request)
    heads = [Head(_("Question")), Head(_("From")), Head(_("To")), Head(_("State")), Head(_("Names"))]
    lines = [
        row([link(f"/{lang}/ideas/{one.pk}/", frame.question(one, lang)), words.day(one.opens.isoformat(), lang),
             words.day(one.closes.isoformat(), lang), names[state],
             _("anonymous to all") if one.is_anonymous else _("shown")], heads)
        for one, state in found
    ]  # fmt: skip
    state = request.GET.get("state", "")
    tail = f"?{urlencode({'state': state})}" if state in STATES else ""
    context = {
        "title": _("Which ideas does the cluster ask for?"),
        "open": [(one.pk, frame.question(one, lang)) for one, state in found if state == "open"],
        "table": table(_("Campaigns, the newest first"), heads, lines, key="t-campaigns") if lines else "",
        "states": [(one, names[one]) for one in STATES],
        "state": state,
        "runs": frame.runs(request),
        "files": {kind: f"/{lang}/ideas/campaigns.{kind}{tail}" for kind in ("csv", "xlsx", "json")},
    }
    return respond(request, "ideas/listing.html", context)


@require_safe
def listing_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:
    """The same campaigns as a file."""
    columns = ("campaign", "question", "opens", "closes", "state", "is_anonymous", "audience", "contributions")
    rows = tuple(
        (one.pk, frame.question(one, lang), one.opens.isoformat(), one.closes.isoformat(), state,
         "yes" if one.is_anonymous else "no", one.audience, _shown_count(one))
        for one, state in _campaigns(request)
    )  # fmt: skip
    return file(request, Table("campaigns", columns, rows), kind)


def _shown_count(campaign: IdeaCampaign) -> int | None:
    count = contributions(campaign)
    return count if count >= FEWEST or not campaign.is_anonymous else None


def _asked(request: HttpRequest, campaign: IdeaCampaign) -> list[Standing]:
    q, outcome = request.GET.get("q", "").strip()[:200].casefold(), request.GET.get("outcome", "")
    found = public(campaign, standings(campaign))
    if outcome in {"accepted", "refused", "later"}:
        found = [one for one in found if one.answer and one.answer.outcome == outcome]
    elif outcome == "none":
        found = [one for one in found if not one.answer and one.state == "published"]
    return [one for one in found if q in f"{one.title} {one.text}".casefold()]


@require_safe
def campaign(request: HttpRequest, lang: str, campaign: int) -> HttpResponse:
    """One question with its ideas and answers."""
    one = frame.opened(campaign)
    found = _asked(request, one)
    asked = {key: value for key in ("q", "outcome") if (value := request.GET.get(key, "").strip()[:200])}
    tail = f"?{urlencode(asked)}" if asked else ""
    state, count = ideas.state_of(one, datetime.now(UTC).date()), _shown_count(one)
    groups = group_counts(one)
    heads = [Head(_("Group")), Head(_("Ideas"), is_number=True)]
    lines = [row([name or _("none named"), words.number(n, 0, lang)], heads) for name, n in sorted(groups.items())]
    context = {
        "title": frame.question(one, lang),
        "campaign": one,
        "text": frame.explained(one, lang),
        "state": state,
        "state_name": frame.state_names()[state],
        "days": (words.day(one.opens.isoformat(), lang), words.day(one.closes.isoformat(), lang)),
        "ideas": frame.all_said(found, lang),
        "count": words.number(count, 0, lang) if count is not None else "",
        "fewest": FEWEST,
        "is_small": count is None,
        "groups": table(_("Ideas by group, from five on"), heads, lines, key="t-groups") if one.groups else "",
        "asked": asked,
        "outcomes": [*frame.outcome_names().items(), ("none", _("not answered yet"))],
        "may_post": frame.may_post(request, one),
        "runs": frame.runs(request),
        "closed_by": author_name(one.closing.by) if state == "closed" else "",
        "base": f"/{lang}/ideas/{one.pk}/",
        "files": {kind: f"/{lang}/ideas/{one.pk}/ideas.{kind}{tail}" for kind in ("csv", "xlsx", "json")},
    }  # fmt: skip
    return respond(request, "ideas/campaign.html", context)


@require_safe
def campaign_file(request: HttpRequest, lang: str, campaign: int, kind: str) -> HttpResponse:
    """The same ideas as a file; days are the finest time, and an anonymous campaign has none."""
    one = frame.opened(campaign)
    rows = tuple(
        (str(each["id"]), each["title"], each["text"], standing.voice, each["group"],
         standing.day.isoformat() if standing.day else "", "; ".join(map(str, each["authors"])),  # type: ignore[call-overload]  # -- a list of names
         standing.state, standing.answer.outcome if standing.answer else "", each["answer"],
         standing.answer.day.isoformat() if standing.answer else "",
         " ".join(map(str, standing.parents)), " ".join(map(str, standing.children)))
        for standing in _asked(request, one) for each in frame.all_said([standing], lang)
    )  # fmt: skip
    columns = ("idea", "title", "text", "voice", "group", "day", "authors", "state", "outcome", "answer", "answered_on",
               "came_from", "became")  # fmt: skip
    return file(request, Table(f"ideas-{one.pk}", columns, rows), kind)  # type: ignore[arg-type]  # -- all are text


@require_safe
def idea(request: HttpRequest, lang: str, campaign: int, idea: int) -> HttpResponse:
    """One idea. One that waits shows that it waits, and nothing of itself: its address is known to its author."""
    one = frame.opened(campaign)
    found = standings(one)
    standing = next((each for each in found if each.id == idea), None)
    if standing is None:
        raise Http404
    by_id = {each.id: each.title for each in public(one, found)}
    is_public, sees = idea in by_id, frame.runs(request)
    # Who tells the author of a refusal, when nobody knows who that is? This page does: its address is hard to guess.
    context = {
        "title": standing.title if is_public or sees else _("Your idea"),
        "idea": frame.all_said([standing], lang)[0],
        "is_public": is_public,
        "sees": is_public or sees,
        "runs": sees,
        "question": frame.question(one, lang),
        "parents": [(key, by_id[key]) for key in standing.parents if key in by_id],
        "children": [(key, by_id[key]) for key in standing.children if key in by_id],
        "is_new": request.GET.get("new") == "1",
        "is_anonymous": one.is_anonymous,
        "base": f"/{lang}/ideas/{one.pk}/",
        "absolute": request.build_absolute_uri(f"/{lang}/ideas/{one.pk}/idea/{idea}/"),
    }
    return respond(request, "ideas/idea.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def posting(request: HttpRequest, lang: str, campaign: int) -> HttpResponse:
    """The form, and what comes of it: an idea that waits for a moderator, or a link by mail to a guest."""
    one = frame.opened(campaign)
    if not frame.may_post(request, one):
        if ideas.state_of(one, datetime.now(UTC).date()) == "open":
            permissions.require(request, "own_account")  # a campaign for members: a stranger is told nothing
        return HttpResponseRedirect(f"/{lang}/ideas/{one.pk}/")
    if request.method != "POST":
        return _form(request, lang, one)
    if is_too_often(request, f"idea {one.pk}", most=MOST_A_DAY, seconds=DAY_SECONDS):
        return too_many(request)
    typed = {name: request.POST.get(name, "")[:5000] for name in FORM_FIELDS}
    said = ideas.Words(typed["title"], typed["text"], typed["group"])
    try:
        if one.is_anonymous:
            made = ideas.post_without_name(one, said, day=datetime.now(UTC).date(), voice=_voice(request))
            return HttpResponseRedirect(f"/{lang}/ideas/{one.pk}/idea/{made}/?new=1")
        return _post_named(request, lang, one, said, typed)
    except UsageError:
        problem = _("An idea needs a title and a text, within the lengths given.")
    except ValidationError:
        problem = _("This address is not one. The link that confirms your idea goes there.")
    return _form(request, lang, one, typed=typed, problem=problem)


def _voice(request: HttpRequest) -> str:
    return "organiser" if request.POST.get("voice") == "organiser" and frame.runs(request) else "participant"


def _post_named(
    request: HttpRequest, lang: str, one: IdeaCampaign, said: ideas.Words, typed: dict[str, str]
) -> HttpResponse:
    account, now = permissions.person_of(request).account, datetime.now(UTC)
    if account is not None:
        made = ideas.post(one, said, account=account, lang=lang, at=now, voice=_voice(request))
        return HttpResponseRedirect(f"/{lang}/ideas/{one.pk}/idea/{made}/?new=1")
    email = typed["email"].strip()
    validate_email(email)
    token = ideas.draft(one, said, email=email, name=typed["name"], lang=lang, at=now)
    url = request.build_absolute_uri(f"/{lang}/ideas/confirm/{token}/")
    frame.send_link(email, lang, url=url, title=said.title.strip())
    return HttpResponseRedirect(f"/{lang}/ideas/{one.pk}/sent/")


def _form(
    request: HttpRequest, lang: str, one: IdeaCampaign, *, typed: dict[str, str] | None = None, problem: str = ""
) -> HttpResponse:
    context = {
        "title": _("What is your idea?"),
        "question": frame.question(one, lang),
        "campaign": one,
        "is_guest": not one.is_anonymous and permissions.person_of(request).account is None,
        "runs": frame.runs(request),
        "typed": typed or {},
        "problem": problem,
        "base": f"/{lang}/ideas/{one.pk}/",
        "longest": (ideas.LONGEST_TITLE, ideas.LONGEST_TEXT),
    }
    return respond(request, "ideas/post.html", context, status=WRONG if problem else 200)


@require_safe
def sent(request: HttpRequest, lang: str, campaign: int) -> HttpResponse:
    """A link is on its way."""
    one = frame.opened(campaign)
    context = {"title": _("Look into your mail"), "question": frame.question(one, lang), "days": ideas.LINK_DAYS,
               "base": f"/{lang}/ideas/{one.pk}/"}  # fmt: skip
    return respond(request, "ideas/sent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """Show what a link confirms; on POST, confirm it."""
    try:
        kept = ideas.draft_of(token)
        if request.method == "POST":
            made = ideas.confirm(token, at=datetime.now(UTC))
            return HttpResponseRedirect(f"/{lang}/ideas/{made.campaign_id}/idea/{made.pk}/?new=1")
    except UsageError:
        lost = {"title": _("This link leads nowhere any more")}
        return respond(request, "ideas/confirm.html", lost, status=GONE)
    context = {"title": _("Is this your idea?"), "draft": kept, "question": frame.question(kept.campaign, lang)}
    return respond(request, "ideas/confirm.html", context)
