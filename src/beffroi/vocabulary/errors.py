"""Every error raised on purpose, and the exit code a door gives for it.

A message says what was given, what was expected and what to do now. Doors print it without traceback. What a page
may have to show is raised with a `Text`, so that readers meet it in their language; logs and commands say the English.
"""

from __future__ import annotations

from typing import ClassVar

from beffroi.vocabulary.text import Text


class BeffroiError(Exception):
    """Root of every error raised on purpose.

    >>> error = UsageError(Text("Il manque un nom.", "A name is missing."))
    >>> str(error), error.told("fr")
    ('A name is missing.', 'Il manque un nom.')
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str | Text = "") -> None:
        self.text = message if isinstance(message, Text) else Text(message, message)
        super().__init__(self.text.en)

    def told(self, language: str) -> str:
        """Return the message in a language; a message that was written in English alone stays so."""
        return self.text.say(language)


class UsageError(BeffroiError):
    """What was asked for cannot be asked for in this way."""

    exit_code = 2


class CatalogueError(BeffroiError):
    """Definitions are wrong: every fault at once, each with file and line."""

    exit_code = 3


class SourceError(BeffroiError):
    """A publisher did not answer, or answered something we cannot read."""

    exit_code = 4


class StoreError(BeffroiError):
    """Our own files are missing, damaged, full or in use."""

    exit_code = 5


class BusyError(StoreError):
    """Another build holds the store."""


class UnknownRegionError(UsageError):
    """A region code that no NUTS vintage knows, or that is outside the comparison set."""


class UnknownEditionError(UsageError):
    """An edition that this house does not hold."""


class UnknownDefinitionError(UsageError):
    """An indicator, index, set or source that the catalogue does not hold."""


class MethodError(BeffroiError):
    """Data and method do not fit: a constant indicator, no region left, a value a mean cannot take."""

    exit_code = 6


class ConstantIndicatorError(MethodError):
    """An indicator has one value in every region, so it cannot be scaled."""
