"""Casting: the ballot page for who may vote, and what they send; the urn, which asks nobody who they are."""

from __future__ import annotations

import secrets
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.translation import gettext as _

from beffroi.assembly.exact import fraction
from beffroi.assembly.faults import InexactNumberError
from beffroi.assembly.secret import UrnBallot
from beffroi.federation.audit import note
from beffroi.records.ballots import BallotAct, BallotElector, BallotVote
from beffroi.strategy import casting, closing, urn, voter
from beffroi.strategy.casting import Actor
from beffroi.strategy.errors import UnknownVoteError, VoteRefusedError
from beffroi.strategy.vote_rows import electors, keys_of, vote_from, vote_row
from beffroi.vocabulary.errors import StoreError
from beffroi.web import permissions, words
from beffroi.web.house import respond
from beffroi.web.prose import prose
from beffroi.web.vote_decisions import cancelled_words, place_of
from beffroi.web.vote_frame import acting_for, find, home, names_of, now, own, said_time, state, state_name
from beffroi.web.vote_reading import earlier, frozen_context, result_context, said_choice
from beffroi.web.vote_words import choice_names, office_names, said_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from beffroi.web.permissions import Person

CONFLICT = 409
LONGEST_OBJECTION = 2_000


def show(
    request: HttpRequest, lang: str, held: BallotVote, *, problems: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    """The page of a vote: what is frozen, what one may do now, or the result."""
    at, person = now(), permissions.person_of(request)
    is_over = closing.is_over(held, at)
    context: dict[str, object] = {
        "title": held.title, "vote": held, "here": f"/{lang}/votes/{held.pk}/",
        "state": state_name(held, at), "is_over": is_over, "is_open": state(held, at) == "open",
        "opens": said_time(held.opens, lang), "closes": said_time(held.closes, lang),
        "text": prose(held.text), "problems": problems,
        "done": request.GET.get("done", "") in {"cast", "given", "back"},
        "weights": _weights(held),
        "candidates": [(one["id"], one["traits"].get("name", one["id"]), _traits(one)) for one in held.candidates],
        "may_run": permissions.may(person, "run_votes"), "has_account": person.account is not None,
        "has_earlier": earlier(held) is not None,
        "turnout": words.number(closing.turnout(held), 0, lang), "enrolled": words.number(held.enrolled, 0, lang),
        **frozen_context(held, lang), **place_of(request, held, lang),
    }  # fmt: skip
    if closing.is_cancelled(held):
        context["cancelled"] = cancelled_words(held, lang, office_names())
    if is_over:
        context |= result_context(held, closing.result_of(held, at=at), lang)
    elif context["is_open"]:
        context |= _booth(held, person, at)
    return respond(request, "votes/vote.html", context, status=CONFLICT if problems else status)


def _weights(held: BallotVote) -> str:
    if held.enrolled_weight == str(held.enrolled):
        distinct = BallotElector.objects.filter(vote=held, conflict__isnull=True).exclude(weight="1").exists()
        if not distinct:
            return _("one vote each")
    return _("%(weight)s in all, by organisation in the roll") % {"weight": held.enrolled_weight}


def _traits(one: dict[str, Any]) -> str:
    return ", ".join(value for name, value in sorted(one["traits"].items()) if name != "name")


def _booth(held: BallotVote, person: Person, at: datetime) -> dict[str, object]:
    """What the reader may do now, organisation by organisation."""
    mine = own(held, person, at)
    given = casting.delegations(held)
    acting = acting_for(held, person, at)
    names = names_of(held, {*mine, *acting, *(given.get(one, "") for one in mine)})
    electors = {one.organisation: one for one in BallotElector.objects.filter(vote=held, organisation__in=acting)}
    places = []
    for one in acting:
        last = (
            BallotAct.objects.filter(vote=held, organisation=one, act__in=("cast", "token")).order_by("-number").first()
        )
        elector = electors[one]
        places.append({
            "id": one, "name": names.get(one, one), "is_own": one in mine, "weight": elector.weight,
            "conflict": elector.conflict, "is_split": held.statutes["split"] and elector.is_aggregated,
            "ballot": _said_ballot(held, last), "entry": last, "has_token": last is not None and last.act == "token",
        })  # fmt: skip
    return {
        "places": places,
        "is_remote": "remote" in held.statutes["channels"],
        "given": [(one, names.get(one, one), names.get(given[one], given[one])) for one in mine if one in given],
        "may_delegate": [one for one in places if one["is_own"] and not one["ballot"]]
        if held.statutes["delegation"] else [],
        "others": list(BallotElector.objects.filter(vote=held, conflict__isnull=True).exclude(organisation__in=mine)
                       .order_by("name").values_list("organisation", "name")[:2000])
        if held.statutes["delegation"] and mine else [],
        "choices": list(choice_names().items()),
        "is_ordered": (held.statutes["election"] or {}).get("method") in {"instant-runoff", "schulze"},
        "most": (held.statutes["election"] or {}).get("most_choices"),
        "places_to_order": list(range(1, len(held.candidates) + 1)),
    }  # fmt: skip


def _said_ballot(held: BallotVote, last: BallotAct | None) -> str:
    if last is None:
        return ""
    if last.act == "token":
        return _("token taken")
    return said_choice(last.body["choice"], {o["id"]: o["traits"].get("name", o["id"]) for o in held.candidates})


def cast(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """Cast or replace a ballot in a public vote."""
    actor = _actor(request)
    objection = request.POST.get("objection", "").strip()[:LONGEST_OBJECTION]
    return _act(request, lang, vote, "ballot_cast", lambda held: casting.cast(
        vote, actor, chosen(request, held, actor.organisation), objection=objection), done="cast")  # fmt: skip


def delegate(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """Give a vote to another organisation."""
    actor, to = _actor(request), request.POST.get("to", "")[:40]
    return _act(request, lang, vote, "vote_delegated", lambda _held: casting.delegate(vote, actor, to), done="given")


def revoke(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """Take a delegation back."""
    actor = _actor(request)
    return _act(request, lang, vote, "delegation_revoked", lambda _held: casting.revoke(vote, actor), done="back")


def token(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """Take a token in a secret vote: sign what the voter's program shows, or draw one here for those who trust it."""
    held, actor, person = find(request, vote), _actor(request), permissions.person_of(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    shown = request.POST.get("blinded", "").strip()
    try:
        _entitled(request, held, actor)
        if shown:
            signed = casting.sign_token(vote, actor, shown, home=home())
            more: dict[str, object] = {"blind_signature": signed}
        else:
            more = {"slip": _drawn(held, actor)}
    except VoteRefusedError as error:
        return _refused(request, lang, held, error)
    except StoreError:
        said = _("The office’s key cannot be read, so no token was given out. Tell the election officer.")
        return show(request, lang, held, problems=[said])
    note("token_taken", at=now(), account=person.account, detail={"vote": vote})
    return _urn_page(request, lang, held, {**more, "just_taken": True})


def _drawn(held: BallotVote, actor: Actor) -> UrnBallot:
    """Do here what the voter's own program would do; nothing of it is kept."""
    roll = electors(held, {actor.organisation})
    class_id = vote_from(held, roll).class_of(roll[0]) if roll else ""
    key = keys_of(held).get(class_id)
    if key is None:  # a stranger to the roll: the room refuses with its reasons
        casting.sign_token(held.pk, actor, "", home=home())
        raise Http404
    hidden = voter.hide(held.pk, class_id, key, random_bytes=secrets.token_bytes)
    signed = casting.sign_token(held.pk, actor, hidden.blinded, home=home())
    return voter.slip(hidden, voter.uncover(hidden, signed, key), "")


def put_in(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """Put a ballot with a token into the urn. Nobody is asked who they are."""
    try:
        held = vote_row(vote)
    except UnknownVoteError as error:
        raise Http404 from error
    if not held.is_secret:
        raise Http404
    if request.method != "POST":
        return _urn_page(request, lang, held, {"done": request.GET.get("done") == "1"})
    choice = chosen(request, held, "")
    given = UrnBallot(
        request.POST.get("class", "")[:300], request.POST.get("token", "").strip().lower()[:64],
        request.POST.get("signature", "").strip().lower()[:2048],
        choice if isinstance(choice, str) else tuple(map(str, choice)) if isinstance(choice, list) else "",
    )  # fmt: skip
    try:
        urn.put_in(vote, given, objection=request.POST.get("objection", "").strip()[:LONGEST_OBJECTION])
    except VoteRefusedError as error:
        problems = [said_fault(one, {}, lang) for one in error.faults]
        return _urn_page(request, lang, held, {"slip": given, "problems": problems}, status=CONFLICT)
    return HttpResponseRedirect(f"/{lang}/votes/{vote}/urn/?done=1")


def receipt(request: HttpRequest, lang: str, vote: str) -> HttpResponse:
    """Show that the ballot of a token lies in the closed urn."""
    held, at = find(request, vote), now()
    if not held.is_secret or not closing.is_over(held, at):
        permissions.refuse(request, "read_votes")
    wanted, shown, missing = request.GET.get("token", "").strip()[:64], None, False
    if wanted:
        try:
            shown = urn.proof(held, wanted)
        except UnknownVoteError:
            missing = True
    context = {
        "title": _("Is my ballot in the urn?"), "vote": held, "here": f"/{lang}/votes/{held.pk}/", "shown": shown,
        "missing": missing, "token": wanted,
    }  # fmt: skip
    return respond(request, "votes/receipt.html", context, status=404 if missing else 200)


def chosen(request: HttpRequest, held: BallotVote, organisation: str) -> object:
    """Read a choice from a form: one word, parts of the weight, or names in order."""
    if held.statutes["election"] is not None:
        return _names(request, held)
    parts = {name: request.POST.get(f"part_{name}", "").strip() for name in choice_names()}
    if request.POST.get("choice") == "split" and any(parts.values()):
        weight = (
            BallotElector.objects.filter(vote=held, organisation=organisation).values_list("weight", flat=True).first()
        )
        return _rest(parts, weight)
    return request.POST.get("choice", "")


def _rest(parts: dict[str, str], weight: str | None) -> dict[str, str]:
    """Parts as typed; when one is left empty, it takes what remains of the weight as an abstention."""
    given = {name: value.replace(",", ".") for name, value in parts.items() if value}
    if "abstain" in given or weight is None:
        return given
    try:
        rest = fraction(weight) - sum((fraction(one) for one in given.values()), Fraction(0))
    except InexactNumberError:
        return given
    return {**given, "abstain": str(rest)} if rest > 0 else given


def _names(request: HttpRequest, held: BallotVote) -> list[str]:
    known = [one["id"] for one in held.candidates]
    if held.statutes["election"]["method"] in {"instant-runoff", "schulze"}:
        placed = [(request.POST.get(f"place_{one}", ""), one) for one in known]
        return [one for place, one in sorted(placed, key=lambda p: int(p[0] or 0)) if place.isdecimal()]
    return [one for one in request.POST.getlist("names") if isinstance(one, str)]


def _actor(request: HttpRequest) -> Actor:
    return Actor(request.POST.get("organisation", "")[:40], permissions.person_of(request).author)


def _entitled(request: HttpRequest, held: BallotVote, actor: Actor) -> None:
    """Refuse, as if there were nothing, who does not act for the organisation today."""
    person, at = permissions.person_of(request), now()
    if actor.organisation not in {*own(held, person, at), *acting_for(held, person, at)}:
        permissions.refuse(request, "cast_ballot")


def _act(
    request: HttpRequest, lang: str, vote: str, said: str, act: Callable[[BallotVote], object], *, done: str
) -> HttpResponse:
    held, actor, person = find(request, vote), _actor(request), permissions.person_of(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    _entitled(request, held, actor)
    try:
        act(held)
    except VoteRefusedError as error:
        return _refused(request, lang, held, error)
    note(said, at=now(), account=person.account, detail={"vote": vote, "organisation": actor.organisation})
    return HttpResponseRedirect(f"/{lang}/votes/{vote}/?done={done}")


def _refused(request: HttpRequest, lang: str, held: BallotVote, error: VoteRefusedError) -> HttpResponse:
    names = names_of(held, {value for one in error.faults for _key, value in one.params})
    return show(request, lang, held, problems=[said_fault(one, names, lang) for one in error.faults])


def _urn_page(
    request: HttpRequest, lang: str, held: BallotVote, more: dict[str, object], *, status: int = 200
) -> HttpResponse:
    is_public = held.visibility == "public"
    context: dict[str, object] = {
        "title": _("Put your ballot into the urn"), "vote": held, "here": f"/{lang}/votes/{held.pk}/",
        "name": held.title if is_public else "", "closes": said_time(held.closes, lang),
        "is_open": state(held, now()) == "open", "classes": sorted(held.keys),
        "choices": list(choice_names().items()),
        "candidates": [(one["id"], one["traits"].get("name", one["id"]), _traits(one)) for one in held.candidates],
        "is_ordered": (held.statutes["election"] or {}).get("method") in {"instant-runoff", "schulze"},
        "most": (held.statutes["election"] or {}).get("most_choices"),
        "places_to_order": list(range(1, len(held.candidates) + 1)),
        **more,
    }  # fmt: skip
    return respond(request, "votes/urn.html", context, status=status)
