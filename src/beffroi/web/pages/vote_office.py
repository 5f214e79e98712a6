"""The election officer's pages: put a draft to the vote, open an election, write to people, close, cancel.

The officer sees who has taken part, never what was chosen before the close, and of a secret ballot never whose it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from beffroi.assembly.decision_rule import SeatsOfRuleError
from beffroi.assembly.vote import Text
from beffroi.charter import entries
from beffroi.federation.audit import note
from beffroi.federation.vote_rules import NoVoteRuleError, vote_rule, vote_rules
from beffroi.records.ballots import BallotAct, BallotElector, BallotMandate
from beffroi.strategy import cancelling, casting, closing, drafting, opening, vote_mail
from beffroi.strategy.casting import Actor
from beffroi.strategy.errors import VoteRefusedError
from beffroi.strategy.moments import utc
from beffroi.strategy.opening import Matter, Office
from beffroi.vocabulary.errors import BeffroiError
from beffroi.web import moments, permissions, words
from beffroi.web.house import respond
from beffroi.web.told import told
from beffroi.web.vote_forms import CancelForm, ElectionForm, OpenForm, RecordForm, TermsForm
from beffroi.web.vote_frame import find, home, names_of, now, said_time, state, state_name
from beffroi.web.vote_roll import roll
from beffroi.web.vote_words import said_fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from beffroi.assembly.decision_rule import DecisionRule
    from beffroi.records.ballots import BallotVote

CONFLICT = 409
MOST_NAMES = 500


def new(request: HttpRequest, lang: str) -> HttpResponse:
    """Drafts that wait for a vote, and the form that puts one to it."""
    at = now()
    waiting = drafting.handed_in(clock=at)
    typed = request.POST.get("room") or request.GET.get("draft", "")
    chosen = next((one for one in waiting if str(one.id) == typed), None)
    rules = _rules(lang, at, elects=False)
    context: dict[str, object] = {
        "title": _("Put a draft to the vote"),
        "waiting": [(one.id, one.title, one.label) for one in waiting], "chosen": chosen, "has_rules": bool(rules),
    }  # fmt: skip
    if chosen is None:
        return respond(request, "votes/new.html", context)
    with timezone.override(moments.zone()):
        form = OpenForm(request.POST or None, rules=rules, initial={"room": chosen.id})
        if request.method == "POST" and form.is_valid():
            seats = form.cleaned_data["seat_rule"]
            done = _open(request, form, lambda terms, enrolled, office: opening.open_draft(
                chosen.id, terms, enrolled, office=office, seat_rule=seats), lang)  # fmt: skip
            if done is not None:
                return HttpResponseRedirect(f"/{lang}/votes/{done.pk}/")
        send = _("Freeze text and roll, and open the vote")
        context |= {"form": form, "send": send, "title": _("Put to the vote: %(title)s") % {"title": chosen.title}}
        return respond(request, "votes/new.html", context, status=CONFLICT if form.errors else 200)


def new_election(request: HttpRequest, lang: str) -> HttpResponse:
    """The form that opens an election."""
    rules = _rules(lang, now(), elects=True)
    with timezone.override(moments.zone()):
        form = ElectionForm(request.POST or None, rules=rules)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            matter = Matter(data["title"], Text(1, data["content"].strip() or data["title"]), data["candidates"])
            done = _open(request, form, lambda terms, enrolled, office: opening.open_election(
                matter, terms, enrolled, office=office), lang)  # fmt: skip
            if done is not None:
                return HttpResponseRedirect(f"/{lang}/votes/{done.pk}/")
        context = {"title": _("Open an election"), "form": form, "send": _("Freeze candidates and roll, and open"),
                   "has_rules": bool(rules)}  # fmt: skip
        return respond(request, "votes/election.html", context, status=CONFLICT if form.errors else 200)


def office(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """What the officer sees of a vote, and may do about it."""
    return _show(request, lang, find(request, vote))


def close(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """Count, write the result down, destroy the keys."""
    held, person, at = find(request, vote), permissions.person_of(request), now()
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        done = closing.settle(vote, by=person.author, at=at, home=home())
    except VoteRefusedError as error:
        return _show(request, lang, held, problem=" ".join(said_fault(one, {}, lang) for one in error.faults))
    detail = {"vote": vote, "outcome": done.outcome, "sha256": done.sha256}
    note("vote_closed", at=at, account=person.account, detail=detail)
    return HttpResponseRedirect(f"/{lang}/votes/{vote}/")


def cancel(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """Cancel a vote that is announced or open, with a reason."""
    held, person, at = find(request, vote), permissions.person_of(request), now()
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = CancelForm(request.POST, auto_id="cancel_%s")
    if not form.is_valid():
        return _show(request, lang, held, cancelling_form=form)
    reason = form.cleaned_data["reason"]
    try:
        cancelling.cancel(vote, reason, office="election_officer", by=person.author, at=at, home=home())
    except VoteRefusedError as error:
        return _show(request, lang, held, problem=" ".join(said_fault(one, {}, lang) for one in error.faults))
    note("vote_cancelled", at=at, account=person.account, detail={"vote": vote})
    return HttpResponseRedirect(f"/{lang}/votes/{vote}/")


def mail(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """Send one kind of message to those it is for."""
    held, person, at = find(request, vote), permissions.person_of(request), now()
    kind = request.POST.get("kind", "")
    if request.method != "POST" or kind not in _mails(held, at):
        return HttpResponseNotAllowed(["POST"]) if request.method != "POST" else _show(request, lang, held)
    users = User.objects.filter(pk__in=vote_mail.to_write_to(held, kind), is_active=True).exclude(email="")
    recipients = [vote_mail.Recipient(one.pk, one.email) for one in users.order_by("pk")]
    values = {one: _values(request, held, one) for one in vote_mail.LANGUAGES}
    try:
        sent = vote_mail.send(held, kind, recipients, values, by=person.author, at=at)
    except OSError:
        return _show(request, lang, held, problem=_("The mail server does not answer. Those written to before have their message; send again to go on with the others."))  # noqa: E501  # fmt: skip
    note("vote_mail", at=at, account=person.account, detail={"vote": vote, "kind": kind, "sent": sent})
    return HttpResponseRedirect(f"/{lang}/votes/{vote}/office/?sent={sent}")


def record(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """Write down a ballot cast in the room or by post, or that an organisation is there."""
    held, person = find(request, vote), permissions.person_of(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = RecordForm(request.POST, auto_id="record_%s")
    if not form.is_valid():
        return _show(request, lang, held, form=form)
    data = form.cleaned_data
    organisation = data["organisation"].strip()
    holder = BallotMandate.objects.filter(vote=held, organisation=organisation, since__lte=utc(now()))
    by = holder.order_by("-id").values_list("person", flat=True).first() or ""
    try:
        if data["what"] == "attend":
            casting.attend(vote, organisation)
        else:
            casting.cast(vote, Actor(organisation, by, data["channel"]), data["what"])
    except VoteRefusedError as error:
        names = names_of(held, [organisation])
        form.add_error(None, " ".join(said_fault(one, names, lang) for one in error.faults))
        return _show(request, lang, held, form=form)
    detail = {"vote": vote, "organisation": organisation, "channel": data["channel"]}
    note("ballot_recorded", at=now(), account=person.account, detail=detail)
    return HttpResponseRedirect(f"/{lang}/votes/{vote}/office/")


def _rules(lang: str, at: datetime, *, elects: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """What each body may decide by vote today, as its statutes say."""
    found: dict[str, list[tuple[str, str]]] = {}
    names = {}
    for one in vote_rules(entries.book(), at.date().isoformat()):
        if (one.election is not None) == elects:
            names[one.body] = one.body_name.say(lang)
            found.setdefault(one.body, []).append((f"{one.body}:{one.id}", f"{names[one.body]}, {one.name.say(lang)}"))
    return [(names[body], rows) for body, rows in found.items()]


def _chosen(form: TermsForm, at: datetime) -> DecisionRule:
    body, _colon, kind = form.cleaned_data["rule"].partition(":")
    rule = vote_rule(entries.book(), body, kind, at.date().isoformat())
    if not isinstance(form, ElectionForm):
        return rule
    data = form.cleaned_data
    order = tuple(one.id for one in data["candidates"]) if data["breaks_ties"] else ()
    return rule.for_seats(data["seats"], order=order)


def _open(request: HttpRequest, form: TermsForm, opened: Callable[..., BallotVote], lang: str) -> BallotVote | None:
    """Open what the form describes; on refusal, write the reasons into the form."""
    person, at = permissions.person_of(request), now().replace(microsecond=0)
    try:
        rule = _chosen(form, at)
        subjects = [one.strip() for one in form.cleaned_data["subjects"].split(",") if one.strip()]
        table, which = form.cleaned_data["table"], form.cleaned_data["roll"]
        enrolled = roll(at, table, which=which, body=rule.body, subjects=subjects, language=lang)
        row = opened(form.terms(rule, at), enrolled, Office(person.author, at, home()))
    except VoteRefusedError as error:
        for one in error.faults:
            form.add_error(None, said_fault(one, {}, lang))
        return None
    except SeatsOfRuleError as error:
        form.add_error("seats", said_fault(error.fault, {}, lang))
        return None
    except NoVoteRuleError as error:
        form.add_error("rule", told(error))
        return None
    except BeffroiError as error:
        form.add_error(None, told(error))
        return None
    detail = {"vote": row.pk, "text_sha256": row.text_sha256, "electorate_sha256": row.electorate_sha256}
    note("vote_opened", at=at, account=person.account, detail=detail)
    return row


def _mails(held: BallotVote, at: datetime) -> tuple[str, ...]:
    """Kinds of message that make sense now."""
    return {"cancelled": ("cancelled",), "counting": (), "coming": ("invitation", "reminder"),
            "open": ("invitation", "reminder")}.get(state(held, at), ("result",))  # fmt: skip


def _values(request: HttpRequest, held: BallotVote, language: str) -> dict[str, str]:
    return {
        "title": held.title, "opens": said_time(held.opens, language), "closes": said_time(held.closes, language),
        "url": request.build_absolute_uri(f"/{language}/votes/{held.pk}/"),
        "sha256": held.closing.sha256 if hasattr(held, "closing") else "",
        "reason": held.cancelling.reason if closing.is_cancelled(held) else "",
    }  # fmt: skip


def _show(
    request: HttpRequest, lang: str, held: BallotVote, *, problem: str = "", form: RecordForm | None = None,
    cancelling_form: CancelForm | None = None,
) -> HttpResponse:  # fmt: skip
    at = now()
    act = "token" if held.is_secret else "cast"
    done = BallotAct.objects.filter(vote=held, act=act).values_list("organisation", flat=True)
    missing = BallotElector.objects.filter(vote=held, conflict__isnull=True).exclude(organisation__in=done)
    names = {"invitation": _("Send the invitation"), "reminder": _("Remind those who have not voted"),
             "result": _("Send the result"), "cancelled": _("Say that it is cancelled")}  # fmt: skip
    sent = request.GET.get("sent", "")
    context = {
        "title": _("Office: %(title)s") % {"title": held.title}, "vote": held, "here": f"/{lang}/votes/{held.pk}/",
        "state": state_name(held, at), "closes": said_time(held.closes, lang),
        "is_over": closing.is_over(held, at), "is_settled": hasattr(held, "closing"),
        "turnout": words.number(closing.turnout(held), 0, lang), "enrolled": words.number(held.enrolled, 0, lang),
        "missing": [] if closing.is_cancelled(held)
        else list(missing.order_by("name").values_list("organisation", "name")[:MOST_NAMES]),
        "mails": [(one, names[one], len(vote_mail.to_write_to(held, one))) for one in _mails(held, at)],
        "sent": int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 8 else 0,  # noqa: PLR2004 -- nobody writes to so many
        "form": form or RecordForm(auto_id="record_%s"), "send": _("Write it down"), "problem": problem,
        "may_cancel": state(held, at) in {"coming", "open"},
        "cancel_form": cancelling_form or CancelForm(auto_id="cancel_%s"), "cancel_send": _("Cancel the vote"),
        "may_record": state(held, at) == "open" and not held.is_secret and held.statutes["election"] is None
        and {"room", "post"} & set(held.statutes["channels"]),
    }  # fmt: skip
    faulty = problem or any(one is not None and one.errors for one in (form, cancelling_form))
    return respond(request, "votes/office.html", context, status=CONFLICT if faulty else 200)
