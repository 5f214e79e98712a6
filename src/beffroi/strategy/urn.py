"""The urn of a secret vote: ballots with a token and no name. Nobody is asked who they are, and no time is kept."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db.models import Max

from beffroi.assembly.faults import fault
from beffroi.assembly.secret import UrnBallot, ballot_fault, is_in_urn, receipt, root
from beffroi.records.ballots import UrnSlip
from beffroi.strategy import remarks
from beffroi.strategy.casting import now, turn
from beffroi.strategy.errors import UnknownVoteError, VoteRefusedError
from beffroi.strategy.moments import utc
from beffroi.strategy.vote_rows import cancelled_faults, keys_of, urn_of, vote_from
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from beffroi.records.ballots import BallotVote
    from beffroi.strategy.casting import Clock


def put_in(vote_id: str, ballot: UrnBallot, *, objection: str = "", clock: Clock = now) -> int:
    """Put a ballot into the urn, or replace the one with the same token.

    Returns:
        How many times the ballot of this token was changed.

    Raises:
        VoteRefusedError: before the opening or after the deadline, not signed for this vote, or no such choice.
        UnknownVoteError: there is no such vote.
    """
    with turn(vote_id) as (row, _head):
        at = clock()
        _check(row, ballot, utc(at))
        held = UrnSlip.objects.filter(vote=row, token=ballot.token).aggregate(last=Max("changes"))["last"]
        changes = 0 if held is None else held + 1
        choice = ballot.choice if isinstance(ballot.choice, str) else list(ballot.choice)
        # A random key: neither the number nor the place of the row tells when it came.
        UrnSlip.objects.create(
            id=secrets.randbits(62), vote=row, class_id=ballot.class_id, token=ballot.token,
            signature=ballot.signature, choice=choice, changes=changes,
        )  # fmt: skip
        if objection.strip():
            remarks.with_ballot(row, objection, at=at)
    return changes


def proof(row: BallotVote, token: str) -> dict[str, object]:
    """Return the proof that the ballot of a token lies in the closed urn, with the root it leads to.

    Raises:
        UnknownVoteError: no ballot has this token.

    """
    urn = urn_of(row)
    try:
        shown = receipt(urn, token.strip().lower())
    except KeyError as error:
        raise UnknownVoteError(
            Text(
                "Aucun bulletin de l’urne ne porte ce jeton.",
                "No ballot in the urn has this token.",
            )
        ) from error
    top = root(urn)
    return {**shown, "root": top, "holds": is_in_urn(shown, top)}


def _check(row: BallotVote, ballot: UrnBallot, at: str) -> None:
    if not row.is_secret:
        raise VoteRefusedError([fault("vote_not_secret")])
    faults = cancelled_faults(row)
    faults += [fault("before_opening", at=at)] if at < row.opens else []
    faults += [fault("after_deadline", at=at, closes=row.closes)] if at >= row.closes else []
    wrong = ballot_fault(vote_from(row, ()), keys_of(row), ballot)
    if faults or wrong is not None:
        raise VoteRefusedError([*faults, *([wrong] if wrong else [])])
