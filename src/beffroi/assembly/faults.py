"""What can be wrong with seats and votes: errors by their name, and faults that are listed all at once."""

from __future__ import annotations

from dataclasses import dataclass

from beffroi.vocabulary.errors import MethodError


class SeatRuleError(MethodError):
    """A seat rule and its territories do not fit: the message lists every fault."""


class UndecidedTieError(MethodError):
    """A tie that the declared rule does not break; the message says who ties for how many seats."""


class InfeasibleError(MethodError):
    """Constraints that no composition meets together; the message names a smallest conflicting set."""


class InexactNumberError(MethodError):
    """A number that is no exact fraction, such as a float."""


class BallotBoxError(MethodError):
    """A ballot box that cannot be read: the message says where."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong: a message id of `words`, and what fills the message.

    Attributes:
        id: message id.
        params: pairs of name and text, in the order of the names.

    >>> fault("delegates_to_itself", organisation="O1").params
    (('organisation', 'O1'),)
    """

    id: str
    params: tuple[tuple[str, str], ...] = ()

    def as_record(self) -> dict[str, object]:
        """Return the fault as JSON takes it."""
        return {"id": self.id, "params": dict(self.params)}


def fault(message_id: str, /, **params: object) -> Fault:
    """Make a fault from named parameters.

    >>> fault("closed", at="2026-01-01T00:00:00Z").as_record()
    {'id': 'closed', 'params': {'at': '2026-01-01T00:00:00Z'}}
    """
    return Fault(message_id, tuple(sorted((name, str(value)) for name, value in params.items())))
