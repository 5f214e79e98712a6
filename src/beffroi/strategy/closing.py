"""The count: exact, the same whoever asks and whenever, exported as a box that others check.

From the deadline on the result is settled by what was cast: looking at it writes nothing and gives the same box each
time, since the close is dated at the deadline. `settle` writes the result down, destroys the keys of a secret vote, and
opens the next round of a text that was refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from beffroi.assembly.box import box, closing, urn_record
from beffroi.assembly.chain import linked
from beffroi.assembly.exact import digest
from beffroi.assembly.faults import fault
from beffroi.records.ballots import BallotAct, BallotClosing, BallotHead, BallotVote, DraftVersion
from beffroi.strategy import office_keys
from beffroi.strategy.errors import VoteRefusedError
from beffroi.strategy.moments import utc
from beffroi.strategy.vote_rows import cancelled_faults, electors, keys_of, log_of, urn_of, vote_from, vote_row

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Closed:
    """A count: outcome, the whole result, and the fingerprint of the box. `is_settled`: it is written down."""

    outcome: str
    result: dict[str, Any]
    sha256: str
    is_settled: bool


def is_over(row: BallotVote, at: datetime) -> bool:
    """Tell whether the deadline is past, so that the vote is counted; a cancelled vote never is."""
    return utc(at) >= row.closes and not is_cancelled(row)


def is_cancelled(row: BallotVote) -> bool:
    """Tell whether the vote was cancelled before its deadline."""
    return hasattr(row, "cancelling")


def box_of(row: BallotVote, *, at: datetime) -> dict[str, Any]:
    """Return the box of a vote whose deadline is past; the same one whenever it is asked for.

    Raises:
        VoteRefusedError: ballots may still come in, or the vote was cancelled and stays uncounted.
    """
    if faults := cancelled_faults(row):
        raise VoteRefusedError(faults)
    if not is_over(row, at):
        raise VoteRefusedError([fault("not_closed_yet", closes=row.closes)])
    vote = vote_from(row, electors(row))
    urn = urn_of(row) if row.is_secret else ()
    log = log_of(row)
    if log[-1]["body"]["act"] != "close":  # type: ignore[index]  # -- a body is a mapping
        log.append(_close(row, log[-1], urn))
    return box(vote, log, urn=urn, keys=keys_of(row))


def result_of(row: BallotVote, *, at: datetime) -> Closed:
    """Return the result of a vote whose deadline is past; nothing is written.

    Raises:
        VoteRefusedError: ballots may still come in.
    """
    if hasattr(row, "closing"):
        return Closed(row.closing.outcome, row.closing.result, row.closing.sha256, is_settled=True)
    with transaction.atomic():
        # A ballot dated just before the deadline may still be on its way into the table: wait for it.
        BallotHead.objects.select_for_update().get(pk=row.pk)
        found = box_of(row, at=at)
    return Closed(found["result"]["outcome"], found["result"], found["sha256"], is_settled=False)


def settle(vote_id: str, *, by: str, at: datetime, home: Path) -> Closed:
    """Write the result of a vote down; a second time changes nothing.

    Raises:
        VoteRefusedError: ballots may still come in.
        UnknownVoteError: there is no such vote.
    """
    with transaction.atomic():
        vote_row(vote_id)
        head = BallotHead.objects.select_for_update().get(pk=vote_id)
        row = vote_row(vote_id)
        if not hasattr(row, "closing"):
            _settle(row, head, by=by, at=at)
            row = vote_row(vote_id)
    if row.is_secret:
        office_keys.destroy(home, vote_id)
    return result_of(row, at=at)


def settle_due(*, by: str, at: datetime, home: Path, room: int | None = None) -> tuple[str, ...]:
    """Settle every vote whose deadline is past, or those of one room; return their ids."""
    due = BallotVote.objects.filter(
        closes__lte=utc(at), closing__isnull=True, cancelling__isnull=True
    ).order_by("closes", "pk")  # fmt: skip
    due = due if room is None else due.filter(room=room)
    ids = tuple(due.values_list("pk", flat=True))
    for one in ids:
        settle(one, by=by, at=at, home=home)
    return ids


def turnout(row: BallotVote) -> int:
    """Return how many organisations have cast a ballot, or taken a token in a secret vote."""
    act = "token" if row.is_secret else "cast"
    return BallotAct.objects.filter(vote=row, act=act).values("organisation").distinct().count()


def _settle(row: BallotVote, head: BallotHead, *, by: str, at: datetime) -> None:
    found = box_of(row, at=at)
    last = found["log"][-1]
    BallotAct.objects.create(vote=row, act="close", **last)
    head.number, head.hash, head.last = last["number"], last["hash"], row.closes
    head.save()
    outcome = found["result"]["outcome"]
    BallotClosing.objects.create(
        vote=row, outcome=outcome, result=found["result"], sha256=found["sha256"], at=at, by=by
    )
    if outcome == "refused" and row.version is not None:
        _next_round(row.version, by=by, at=at)


def _next_round(version: DraftVersion, *, by: str, at: datetime) -> None:
    """Open the next round with the refused text, for the drafters to work on."""
    DraftVersion.objects.get_or_create(
        room_id=version.room_id, round=version.round + 1, number=1,
        defaults={"content": version.content, "at": at, "by": by},
    )  # fmt: skip


def _close(row: BallotVote, last: dict[str, Any], urn: tuple[Any, ...]) -> dict[str, object]:
    kept = urn_record(urn) if row.is_secret else None
    return linked(last["number"] + 1, last["hash"], closing(at=row.closes, urn=kept))


def paper_of(row: BallotVote) -> dict[str, Any]:
    """Return the ballot paper: what is voted on and by which rules, and the keys of a secret vote; without the roll."""
    bare = vote_from(row, ())
    paper = {
        "format": "beffroi-ballot-paper", "version": 1,
        "vote": {
            "id": bare.id, "title": bare.title, "opens": bare.opens, "closes": bare.closes,
            "kind": "decision" if bare.statutes.election is None else "election",
            "secrecy": "secret" if bare.is_secret else "public",
        },
        "text": {"number": bare.text.number, "content": bare.text.content}, "statutes": row.statutes,
        "candidates": row.candidates, "keys": row.keys, "text_sha256": row.text_sha256,
        "electorate_sha256": row.electorate_sha256, "rules_sha256": row.rules_sha256,
    }  # fmt: skip
    return {**paper, "sha256": digest(paper)}
