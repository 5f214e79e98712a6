"""Why an entry is refused: all the reasons at once, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason. `field` is empty when it concerns the whole."""

    field: str
    text: Text


class RefusedError(UsageError):
    """An entry that was not written; `faults` says why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(Text(*(" ".join(one.text.say(each) for one in faults) for each in LANGUAGES)))
        self.faults = tuple(faults)

    def say(self, language: str) -> list[str]:
        """Return every reason in a language."""
        return [one.text.say(language) for one in self.faults]


class ConflictError(RefusedError):
    """Somebody changed the thing meanwhile: nothing was written, and nothing that was typed is lost by the door."""


class UnknownThingError(UsageError):
    """No thing has this id."""
