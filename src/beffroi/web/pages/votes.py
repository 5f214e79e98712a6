"""Votes as everybody reads them: the list, the ballot page, the result, the text for ever, and files to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _

from beffroi.assembly.box import exported
from beffroi.assembly.exact import canonical
from beffroi.observatory.tables import Table
from beffroi.records.ballots import BallotAct, BallotElector, BallotVote, DraftRemark
from beffroi.strategy import closing
from beffroi.strategy.moments import moment, utc
from beffroi.strategy.text_diff import differences
from beffroi.strategy.vote_rows import urn_of
from beffroi.vocabulary.icalendar import TYPE, Event, calendar
from beffroi.web import moments, permissions, words
from beffroi.web.house import respond
from beffroi.web.markup import Head, link, row, table
from beffroi.web.pages import ballots
from beffroi.web.prose import prose
from beffroi.web.registry_frame import file
from beffroi.web.vote_decisions import bodies_with_votes, body_name
from beffroi.web.vote_frame import acting_for, find, may_see, now, said_time, state, state_name
from beffroi.web.vote_reading import MOST_ROWS, cast_ballots, earlier, said_choice
from beffroi.web.vote_words import act_names, outcome_names

GONE = 410

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest

    from beffroi.web.permissions import Person

STATES = ("open", "coming", "counting", "approved", "refused", "no_decision", "elected", "tie", "cancelled")
COLUMNS = (
    "vote",
    "title",
    "body",
    "kind",
    "state",
    "opens_utc",
    "closes_utc",
    "secrecy",
    "enrolled",
    "took_part",
    "box_sha256",
)


def listing(request: HttpRequest, lang: str) -> HttpResponse:
    """Every vote that the reader may see, newest first, filtered by the address."""
    at, person = now(), permissions.person_of(request)
    found, wanted, q, body = _asked(request, at)
    heads = [
        Head(_("Vote")),
        Head(_("Title")),
        Head(_("Body")),
        Head(_("State")),
        Head(_("Deadline")),
        Head(_("Took part"), is_number=True),
    ]
    rows = [
        row([link(f"/{lang}/votes/{one.pk}/", one.pk), one.title, body_name(one.body, lang), state_name(one, at),
             said_time(one.closes, lang),
             _("%(a)s of %(b)s") % {"a": words.number(closing.turnout(one), 0, lang),
                                    "b": words.number(one.enrolled, 0, lang)}], heads)
        for one in found
    ]  # fmt: skip
    names = outcome_names()
    tail = f"?{urlencode({'state': wanted, 'body': body, 'q': q})}" if wanted or q or body else ""
    context = {
        "title": _("What is decided, and what was?"),
        "table": table(_("Votes, newest first"), heads, rows, key="t-votes") if rows else "",
        "states": [(one, names[one]) for one in STATES],
        "state": wanted, "q": q, "bodies": bodies_with_votes(lang), "body": body,
        "is_empty": not BallotVote.objects.exists(),
        "waiting": _waiting(person, at, lang),
        "may_run": permissions.may(person, "run_votes"),
        "has_account": person.account is not None,
        "files": {kind: f"/{lang}/votes/votes.{kind}{tail}" for kind in ("csv", "xlsx", "json")},
    }  # fmt: skip
    return respond(request, "votes/listing.html", context)


def listing_file(request: HttpRequest, lang: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The same list as a file."""
    at = now()
    found, _wanted, _q, _body = _asked(request, at)
    return file(request, votes_table(found, at), kind)


def votes_table(found: Sequence[BallotVote], at: datetime) -> Table:
    """Votes as plain rows, for files and the read API."""
    rows = tuple(
        (one.pk, one.title, one.body, str(one.rule["id"]), state(one, at), one.opens, one.closes,
         "secret" if one.is_secret else "public",
         one.enrolled, closing.turnout(one), one.closing.sha256 if hasattr(one, "closing") else None)
        for one in found
    )  # fmt: skip
    return Table("votes", COLUMNS, rows)


def _asked(request: HttpRequest, at: datetime) -> tuple[list[BallotVote], str, str, str]:
    wanted = request.GET.get("state", "")
    wanted = wanted if wanted in STATES else ""
    q, person = request.GET.get("q", "").strip()[:100], permissions.person_of(request)
    body = request.GET.get("body", "").strip()[:60]
    held = BallotVote.objects.select_related("closing", "cancelling").order_by("-at", "-id")
    held = held.filter(title__icontains=q) if q else held
    held = held.filter(body=body) if body else held
    found = [one for one in held if may_see(person, one) and wanted in {"", state(one, at)}]
    return found, wanted, q, body


def _waiting(person: Person, at: datetime, lang: str) -> list[tuple[str, str, str]]:
    """Open votes in which the reader has not voted yet, for every organisation they act for."""
    found = []
    for one in BallotVote.objects.filter(opens__lte=utc(at), closes__gt=utc(at), cancelling__isnull=True).order_by(
        "closes"
    ):
        mine = acting_for(one, person, at)
        act = "token" if one.is_secret else "cast"
        done = set(
            BallotAct.objects.filter(vote=one, act=act, organisation__in=mine).values_list("organisation", flat=True)
        )
        if set(mine) - done:
            found.append((f"/{lang}/votes/{one.pk}/", one.title, said_time(one.closes, lang)))
    return found


def page(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """The ballot page while the vote is open, the result afterwards."""
    return ballots.show(request, lang, find(request, vote))


def text(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """The text as it was voted on: this address never changes."""
    held, at = find(request, vote), now()
    context = {
        "title": held.title, "vote": held, "text": prose(held.text), "state": state_name(held, at),
        "closes": said_time(held.closes, lang), "here": f"/{lang}/votes/{held.pk}/",
    }  # fmt: skip
    return respond(request, "votes/text.html", context)


def changes(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """What changed since the text was last voted on, with the objections and their answers."""
    held = find(request, vote)
    before = earlier(held)
    lines = differences(before.text, held.text) if before else ()
    asked = DraftRemark.objects.filter(vote=before).prefetch_related("answers") if before else ()
    context = {
        "title": _("What changed since the last vote?"), "vote": held, "before": before, "lines": lines,
        "here": f"/{lang}/votes/{held.pk}/",
        "objections": [(one.content, [each.content for each in one.answers.all()]) for one in asked],
    }  # fmt: skip
    return respond(request, "votes/changes.html", context)


def box(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """The ballot box of a vote that is over, as `beffroi vote verify` reads it; why a cancelled one has none."""
    held, at = find(request, vote), now()
    if closing.is_cancelled(held):
        return ballots.show(request, lang, held, status=GONE)
    if not closing.is_over(held, at):
        permissions.refuse(request, "read_votes")
    return _attached(exported(closing.box_of(held, at=at)), f"vote-{held.pk}-box.json", "application/json")


def paper(request: HttpRequest, lang: str, vote: str) -> HttpResponse:  # noqa: ARG001 -- the address gives it
    """The ballot paper: text, rules and keys as frozen, for a voter's own program."""
    held = find(request, vote)
    return _attached(canonical(closing.paper_of(held)), f"vote-{held.pk}-paper.json", "application/json")


def roll(request: HttpRequest, lang: str, vote: str, kind: str) -> HttpResponse:  # noqa: ARG001 -- as above
    """The roll: who may vote, with what weight, and who is left out and why."""
    held = find(request, vote)
    columns = ("organisation", "name", "weight", "college", "territory", "is_aggregated", "conflict")
    rows = BallotElector.objects.filter(vote=held).order_by("place").values_list(*columns)
    plain = tuple((*one[:5], "yes" if one[5] else "no", one[6]) for one in rows)
    return file(request, Table(f"vote-{held.pk}-roll", columns, plain), kind)


def ballots_file(request: HttpRequest, lang: str, vote: str, kind: str) -> HttpResponse:
    """Every ballot of a public vote that is over: who, what, how, how often changed; or the urn of a secret one."""
    held, at = find(request, vote), now()
    if not closing.is_over(held, at):
        permissions.refuse(request, "read_votes")
    columns = ("organisation", "name", "choice", "by_delegate", "channel", "changes")
    rows: Sequence[tuple[Any, ...]] = [one[:6] for one in cast_ballots(held)]
    if held.is_secret:
        columns = ("token", "class", "choice", "changes")  # type: ignore[assignment]  # -- the urn has other columns
        rows = [(one.token, one.class_id, one.choice if isinstance(one.choice, str) else ", ".join(one.choice),
                 one.changes) for one in urn_of(held)]  # fmt: skip
    del lang
    return file(request, Table(f"vote-{held.pk}-ballots", columns, tuple(rows)), kind)


def deadline(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """The deadline for a calendar."""
    held = find(request, vote)
    url = request.build_absolute_uri(f"/{lang}/votes/{held.pk}/")
    event = Event(
        f"vote-{held.pk}@{request.get_host().partition(':')[0]}", moment(held.opens), moment(held.closes), held.at,
        _("Vote: %(title)s") % {"title": held.title},
        text=_("The vote opens and closes at these times. Cast your ballot before the end."), url=url,
    )  # fmt: skip
    return _attached(calendar([event]), f"vote-{held.pk}.ics", TYPE)


def _attached(body: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def log(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """The log of a vote that is over: every act in its order, replaced ballots included."""
    held, at = find(request, vote), now()
    if not closing.is_over(held, at):
        permissions.refuse(request, "read_votes")
    names = dict(BallotElector.objects.filter(vote=held).values_list("organisation", "name"))
    candidates = {one["id"]: one["traits"].get("name", one["id"]) for one in held.candidates}
    acts = BallotAct.objects.filter(vote=held).order_by("number")[:MOST_ROWS]
    heads = [Head(_("Entry"), is_number=True), Head(_("When")), Head(_("Act")), Head(_("Organisation")),
             Head(_("What")), Head(_("Fingerprint"))]  # fmt: skip
    said = act_names()
    rows = []
    for one in acts:
        what = names.get(one.target, one.target)
        if one.act == "cast":
            what = said_choice(one.body["choice"], candidates)
        rows.append(row([one.number, moments.said(moment(one.body["at"]), lang), said[one.act],
                         names.get(one.organisation, one.organisation), what, one.hash[:12]], heads))  # fmt: skip
    context = {
        "title": _("What was done, in its order?"), "vote": held, "here": f"/{lang}/votes/{held.pk}/",
        "table": table(_("The log of the vote"), heads, rows, key="t-log"),
    }  # fmt: skip
    return respond(request, "votes/log.html", context)
