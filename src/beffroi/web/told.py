"""What an error says to the reader of a page, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation

if TYPE_CHECKING:
    from beffroi.vocabulary.errors import BeffroiError


def told(error: BeffroiError) -> str:
    """Return what went wrong, in the language of the page being made."""
    return error.told(translation.get_language() or "fr")
