"""A text in both languages of the house."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One truth written twice.

    >>> Text("emploi", "employment").say("en")
    'employment'
    """

    fr: str
    en: str

    def say(self, language: str) -> str:
        """Return the text in `language` (`fr` or `en`; any other tag gets English)."""
        return self.fr if language.startswith("fr") else self.en
