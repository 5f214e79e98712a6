"""One field of a kind of things: its name, what it may hold, and who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from beffroi.vocabulary.text import Text

_NOTHING = Text("", "")
Audience = Literal["all", "members", "officers", "partners"]


class Type(Protocol):
    """What a field may hold."""

    def fault(self, value: object) -> Text | None:
        """Return what is wrong with a value that is not blank; None when it fits."""


@dataclass(frozen=True, slots=True)
class Personal:
    """Why a field may name a person, and how long it is kept."""

    purpose: Text
    retention_days: int


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind.

    Attributes:
        name: key among the values of a thing, in snake case.
        type: what it may hold (`holds`); checks a JSON value.
        label: its name for readers.
        help: one line beside the form.
        is_required: whether a thing may stand without it.
        audience: who may read it.
        personal: declared when the field may name a natural person.
    """

    name: str
    type: Type
    label: Text
    help: Text = _NOTHING
    is_required: bool = False
    audience: Audience = "all"
    personal: Personal | None = None
