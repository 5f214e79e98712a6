"""Votes and the government: which body voted, what it decided by vote, and a vote entered as a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from beffroi.charter import entries
from beffroi.federation.bodies import BODY
from beffroi.federation.decisions import ADOPTED, OF_A_VOTE, OUTCOMES, by_vote
from beffroi.federation.reach import may_enter
from beffroi.records.ballots import BallotVote
from beffroi.strategy import vote_outcomes
from beffroi.web import permissions
from beffroi.web.government_frame import address, book_here, reach_here
from beffroi.web.markup import Head, link, row, table
from beffroi.web.moments import said as said_moment
from beffroi.web.vote_frame import may_see, now, said_time, state_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from beffroi.charter.book import Thing


def facts() -> dict[str, object]:
    """What the rules of decisions look at: every vote of the house and what became of it."""
    return {"votes": vote_outcomes.decided()}


def votes_of(request: HttpRequest, body: str, lang: str) -> str:
    """The votes of a body that the reader may see, newest first, as a table; empty when there are none."""
    person, at, book = permissions.person_of(request), now(), book_here(request)
    found = BallotVote.objects.filter(body=body).select_related("closing", "cancelling").order_by("-at", "-id")
    heads = [Head(_("Vote")), Head(_("Title")), Head(_("What is decided")), Head(_("State")), Head(_("Deadline")),
             Head(_("Decision"))]  # fmt: skip
    rows = []
    for one in found:
        if not may_see(person, one):
            continue
        entered = by_vote(book, one.pk)
        rows.append(row([
            link(f"/{lang}/votes/{one.pk}/", one.pk), one.title, one.rule["name"][lang], state_name(one, at),
            said_time(one.closes, lang), _decision(entered, lang) or "–",
        ], heads))  # fmt: skip
    return table(_("Votes of this body, newest first"), heads, rows, key="t-votes") if rows else ""


def bodies_with_votes(lang: str) -> list[tuple[str, str]]:
    """Bodies that voted, with their names, for a filter; a vote of before bodies has the name of its statutes."""
    ids = BallotVote.objects.order_by("body").values_list("body", flat=True).distinct()
    return [(one, body_name(one, lang)) for one in ids]


def body_name(body: str, lang: str) -> str:
    """What a body is called; its id when the charter does not know it."""
    found = entries.book().find(body)
    return found.text("name", lang) if found is not None and found.kind == BODY.name else body


def place_of(request: HttpRequest, held: BallotVote, lang: str) -> dict[str, object]:
    """What the page of a vote says of the government: whose vote it is, its decision, and the form to enter it."""
    book = book_here(request)
    body, entered = book.find(held.body), by_vote(book, held.pk)
    name = body_name(held.body, lang)
    may = (
        hasattr(held, "closing") and entered is None and body is not None
        and permissions.may(permissions.person_of(request), "run_government")
        and may_enter(reach_here(request), book, "decision", {"body": held.body})
    )  # fmt: skip
    return {
        "body": link(address(lang, "body", body.id), name) if body is not None else name,
        "decision": _decision(entered, lang),
        "decide_url": f"/{lang}/government/decision/new/?vote={held.pk}" if may else "",
    }


def _decision(entered: Thing | None, lang: str) -> str:
    return link(address(lang, "decision", entered.id), entered.text("name", lang)) if entered else ""


def cancelled_words(held: BallotVote, lang: str, offices: Mapping[str, str]) -> dict[str, object]:
    """What the page says of a cancelled vote: when, by which office, why, and where the log says so."""
    found = held.cancelling
    return {"when": said_moment(found.at, lang), "office": offices[found.office], "reason": found.reason,
            "hash": found.hash}  # fmt: skip


def start_of_decision(vote: str) -> tuple[dict[str, object], dict[str, object]] | None:
    """What a vote says of the decision it took: fields that it fixes, and fields to start from; None when unknown."""
    found = vote_outcomes.decided(pk=vote).get(vote)
    if found is None:
        return None
    fixed: dict[str, object] = {"vote": found.vote, "body": found.body, "type": found.kind,
                                "outcome": OF_A_VOTE.get(found.state, ADOPTED)}  # fmt: skip
    return fixed, {"name": {"fr": found.title, "en": found.title}, "day": found.closed_on}


def decision_title(fixed: Mapping[str, object], lang: str) -> str:
    """The heading of the form that enters a vote as a decision."""
    outcome = OUTCOMES[str(fixed["outcome"])].say(lang)
    return _("Enter vote %(vote)s as a decision: %(body)s") % {
        "vote": fixed["vote"], "body": f"{body_name(str(fixed['body']), lang)} ({outcome})"}  # fmt: skip
