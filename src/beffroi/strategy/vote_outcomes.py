"""What votes decided, for the things of the strategy and the decisions of bodies that rest on them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from beffroi.assembly.decided import CANCELLED, RUNNING, Decided
from beffroi.records.ballots import BallotVote
from beffroi.strategy.decision import APPROVED, OPEN, REFUSED, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

# A text that is to approve a thing names the thing's fingerprint; then no other text can pass for it.
_FINGERPRINT = re.compile(r"\b[0-9a-f]{64}\b")
_DECIDED = {"approved": APPROVED, "elected": APPROVED, "refused": REFUSED}


def outcomes() -> Mapping[str, Outcome]:
    """Return vote id → outcome; open while a vote runs or is not written down, and when it decided nothing."""
    found = {}
    for row in BallotVote.objects.select_related("closing").order_by("pk"):
        closing = getattr(row, "closing", None)
        named = _FINGERPRINT.search(row.text)
        outcome = _DECIDED.get(closing.outcome, OPEN) if closing is not None else OPEN
        found[row.pk] = Outcome(outcome, named.group() if named else "")
    return found


def decided(**only: object) -> Mapping[str, Decided]:
    """Return every vote of the house with what became of it, by id, oldest first; `only` chooses, as by `body`."""
    rows = BallotVote.objects.filter(**only).select_related("closing", "cancelling").order_by("at", "pk")
    return {row.pk: decided_of(row) for row in rows}


def decided_of(row: BallotVote) -> Decided:
    """Return what became of a vote; the outcome counts once it is written down."""
    state = CANCELLED if hasattr(row, "cancelling") else row.closing.outcome if hasattr(row, "closing") else RUNNING
    return Decided(row.pk, row.title, row.body, str(row.rule["id"]), state, row.closes[:10])
