"""What a vote came to, as one room tells another: enough to rest a decision on it, and nothing of who voted what."""

from __future__ import annotations

from dataclasses import dataclass

RUNNING, CANCELLED = "running", "cancelled"


@dataclass(frozen=True, slots=True)
class Decided:
    """A vote and what became of it.

    Attributes:
        vote, title: its id and title.
        body: id of the body that voted.
        kind: type of decision.
        state: `running` until it is written down, then the outcome, such as `approved`; or `cancelled`.
        closed_on: day of the deadline, UTC.
    """

    vote: str
    title: str
    body: str
    kind: str
    state: str
    closed_on: str
