"""Cancelling a vote that is announced or open: an act in its log, with a reason; nothing is deleted, nothing counted.

The ballots stay where they are, sealed: no page, file or box shows them. The text goes back to where it waits for a
vote, so that it can be put to another one, or taken back by its drafters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.assembly.chain import linked
from beffroi.assembly.faults import fault
from beffroi.records.ballots import BallotAct, BallotCancelling
from beffroi.strategy import office_keys
from beffroi.strategy.casting import turn
from beffroi.strategy.errors import VoteRefusedError
from beffroi.strategy.moments import utc
from beffroi.strategy.vote_rows import cancelled_faults

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from beffroi.assembly.faults import Fault
    from beffroi.records.ballots import BallotVote

LONGEST_REASON = 2_000


def cancel(vote_id: str, reason: str, *, office: str, by: str, at: datetime, home: Path) -> BallotCancelling:
    """Cancel a vote before its deadline; the keys of a secret vote are destroyed.

    Args:
        vote_id: of the vote.
        reason: why, shown on its page.
        office: in which office, `election_officer` or `operator`.
        by: who, as logs name them.
        at: when.
        home: where the keys are.

    Returns:
        What was written; its entry of the log carries the same words.

    Raises:
        VoteRefusedError: the deadline is past, it is cancelled already, or no reason is given.
        UnknownVoteError: there is no such vote.
    """
    clean = reason.replace("\r\n", "\n").strip()
    with turn(vote_id) as (row, head):
        if faults := _faults(row, clean, at):
            raise VoteRefusedError(faults)
        body = {"act": "cancel", "at": max(utc(at), head.last) if utc(at) >= row.opens else utc(at), "office": office,
                "reason": clean}  # fmt: skip
        entry = linked(head.number + 1, head.hash, body)
        BallotAct.objects.create(vote=row, act="cancel", **entry)
        head.number, head.hash = head.number + 1, str(entry["hash"])
        head.save()
        made = BallotCancelling.objects.create(
            vote=row, reason=clean, office=office, hash=head.hash, at=at, by=by
        )  # fmt: skip
    if row.is_secret:
        office_keys.destroy(home, vote_id)
    return made


def _faults(row: BallotVote, reason: str, at: datetime) -> list[Fault]:
    found = cancelled_faults(row)
    if utc(at) >= row.closes:
        found.append(fault("already_settled", closes=row.closes))
    if not 1 <= len(reason) <= LONGEST_REASON:
        found.append(fault("no_reason", longest=LONGEST_REASON))
    return found
