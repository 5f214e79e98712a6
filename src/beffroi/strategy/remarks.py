"""Comments and objections to a draft, and what the drafters answer.

An objection is made in the room or with a ballot. Each one needs an answer before the text is handed in again.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from beffroi.records.ballots import REMARKS, DraftAnswer, DraftRemark
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from datetime import datetime

    from beffroi.records.ballots import BallotVote

LONGEST = 5_000


def remark(room: int, content: str, *, round_: int, kind: str, by: str, at: datetime) -> DraftRemark:
    """Write a comment or an objection in a room.

    Raises:
        UsageError: another kind, or an empty or too long text.
    """
    if kind not in REMARKS:
        raise UsageError(
            Text(
                f"Une remarque est une de ces sortes : {', '.join(REMARKS)} ; non « {kind} ».",
                f"A remark is one of: {', '.join(REMARKS)}; not '{kind}'.",
            )
        )
    return _new(room_id=room, round=round_, kind=kind, content=_clean(content), at=at, by=by)


def with_ballot(
    vote: BallotVote, content: str, *, organisation: str = "", by: str = "", at: datetime
) -> DraftRemark | None:
    """Write the objection that comes with a ballot; nothing when the text is empty or no room drafted the text.

    Without author and organisation, as in a secret vote, only its day is kept.
    """
    if not content.strip() or vote.room_id is None:
        return None
    kept = at if by else at.replace(hour=0, minute=0, second=0, microsecond=0)
    return _new(
        room_id=vote.room_id, round=vote.text_number, kind="objection", content=_clean(content), vote=vote,
        organisation=organisation, by=by, at=kept,
    )  # fmt: skip


def answer(room: int, remark_id: int, content: str, *, by: str, at: datetime) -> DraftAnswer:
    """Answer a remark of a room; answers are added, none is changed.

    Raises:
        UsageError: the room has no such remark, or the answer is empty or too long.
    """
    found = DraftRemark.objects.filter(pk=remark_id, room=room).first()
    if found is None:
        raise UsageError(
            Text(
                "Cette salle n’a pas cette remarque.",
                "This room holds no such remark.",
            )
        )
    return DraftAnswer.objects.create(remark=found, content=_clean(content), at=at, by=by)


def remarks(room: int) -> tuple[DraftRemark, ...]:
    """Return all remarks with their answers, latest round first, oldest first within a round."""
    found = DraftRemark.objects.filter(room=room).order_by("-round", "at", "id")
    return tuple(found.prefetch_related("answers"))


def _new(**fields: object) -> DraftRemark:
    # A random key: the number of an objection must not tell when the secret ballot beside it came in.
    return DraftRemark.objects.create(id=secrets.randbits(62), **fields)


def _clean(content: str) -> str:
    clean = content.replace("\r\n", "\n").strip()
    if not clean or len(clean) > LONGEST:
        raise UsageError(
            Text(
                f"Une remarque ou une réponse compte de 1 à {LONGEST} signes ; celle-ci en a {len(clean)}.",
                f"A remark or an answer has 1 to {LONGEST} letters; this one has {len(clean)}.",
            )
        )
    return clean
