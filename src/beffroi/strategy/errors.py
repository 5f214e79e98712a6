"""What can go wrong between a draft and a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.strategy.approval_words import ENGLISH, FRENCH, say
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from beffroi.assembly.faults import Fault


class UnknownRoomError(UsageError):
    """No such room, or somebody asks who does not sit in it: the two must look alike."""


class UnknownVoteError(UsageError):
    """No vote has this id."""


class RoomClosedError(UsageError):
    """The text of the room is handed in, being voted on, or approved: it cannot be changed now."""


class StaleBaseError(UsageError):
    """Somebody saved a newer version meanwhile. `latest` is its label; nothing of either text is lost."""

    def __init__(self, message: str | Text, *, latest: str) -> None:
        super().__init__(message)
        self.latest = latest


class NotReadyError(UsageError):
    """A draft cannot be handed in yet; `reasons` says why, as (id, number) pairs."""

    def __init__(self, message: str | Text, *, reasons: Sequence[tuple[str, int]]) -> None:
        super().__init__(message)
        self.reasons = tuple(reasons)


class VoteRefusedError(UsageError):
    """A vote cannot be opened, or an act is not admitted; `faults` says each reason for doors to put into words."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(Text(
            "Rien n’a été écrit. " + " ".join(say(one, FRENCH) for one in faults),
            "Nothing was written. " + " ".join(say(one, ENGLISH) for one in faults)))  # fmt: skip
        self.faults = tuple(faults)
