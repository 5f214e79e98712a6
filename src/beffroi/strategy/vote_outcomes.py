"""What votes decided, for the things of the strategy that rest on a decision."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from beffroi.records.ballots import BallotVote
from beffroi.strategy.decision import APPROVED, OPEN, REFUSED, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

# A text that is to approve a thing names the thing's fingerprint; then no other text can pass for it.
_FINGERPRINT = re.compile(r"\b[0-9a-f]{64}\b")
_DECIDED = {"approved": APPROVED, "elected": APPROVED, "refused": REFUSED}


def outcomes() -> Mapping[str, Outcome]:
    """Return vote id → outcome. A vote that runs, was not written down yet, or reached no decision is open."""
    found = {}
    for row in BallotVote.objects.select_related("closing").order_by("pk"):
        closing = getattr(row, "closing", None)
        named = _FINGERPRINT.search(row.text)
        outcome = _DECIDED.get(closing.outcome, OPEN) if closing is not None else OPEN
        found[row.pk] = Outcome(outcome, named.group() if named else "")
    return found
