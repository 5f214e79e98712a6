"""Votes in the read API: what everybody may read once it is over and written down."""

# ruff: noqa: ARG001 -- ninja reads the signature: names are those of the address

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse  # noqa: TC002 -- ninja reads annotations at run time
from ninja import Router, Schema
from ninja.errors import HttpError

from beffroi.records.ballots import BallotVote
from beffroi.strategy.closing import turnout
from beffroi.web.api_frame import Problem

router = Router()
OUTCOMES = ("approved", "refused", "no_decision", "elected", "tie")


class VoteRow(Schema):
    """A vote that is over; times are UTC."""

    vote: str
    title: str
    body: str
    state: str
    opens: str
    closes: str
    secrecy: str
    enrolled: int
    took_part: int
    text_sha256: str
    electorate_sha256: str
    rules_sha256: str
    box_sha256: str


class VoteRows(Schema):
    """Votes, newest first."""

    count: int
    rows: list[VoteRow]


class VoteResult(VoteRow):
    """A vote with its text and its whole result, as the ballot box has it."""

    outcome: str
    text: str
    text_number: int
    result: dict[str, Any]


LISTS: Any = {200: VoteRows, 422: Problem}
RESULTS: Any = {200: VoteResult, 404: Problem}


@router.get("/votes", response=LISTS, summary="Votes that are over")
def list_votes(request: HttpRequest, response: HttpResponse, state: str = "", q: str = "") -> object:
    """Every public vote whose result is written down; `state` is an outcome, `q` a part of the title."""
    if state not in {"", *OUTCOMES}:
        raise HttpError(422, f"state: '{state}' is no outcome; use one of: {', '.join(OUTCOMES)}.")
    found = BallotVote.objects.filter(visibility="public", closing__isnull=False, title__icontains=q[:100])
    found = found.filter(closing__outcome=state) if state else found
    rows = [_row(one) for one in found.select_related("closing").order_by("-at", "-id")]
    response["Cache-Control"] = "public, max-age=300"
    return {"count": len(rows), "rows": rows}


@router.get("/votes/{vote_id}", response=RESULTS, summary="One vote and its result")
def show_vote(request: HttpRequest, response: HttpResponse, vote_id: str) -> object:
    """Text, fingerprints and every number of the count. The ballots are in the box that the page gives away."""
    found = BallotVote.objects.filter(pk=vote_id[:20], visibility="public", closing__isnull=False)
    one = found.select_related("closing").first()
    if one is None:
        raise HttpError(404, f"There is no public vote '{vote_id}' that is over.")
    response["Cache-Control"] = "public, max-age=300"
    closing = one.closing
    return {**_row(one), "outcome": closing.outcome, "text": one.text, "text_number": one.text_number,
            "result": closing.result}  # fmt: skip


def _row(one: BallotVote) -> dict[str, object]:
    return {
        "vote": one.pk, "title": one.title, "body": one.body, "state": one.closing.outcome, "opens": one.opens,
        "closes": one.closes, "secrecy": "secret" if one.is_secret else "public", "enrolled": one.enrolled,
        "took_part": turnout(one), "text_sha256": one.text_sha256, "electorate_sha256": one.electorate_sha256,
        "rules_sha256": one.rules_sha256, "box_sha256": one.closing.sha256,
    }  # fmt: skip
