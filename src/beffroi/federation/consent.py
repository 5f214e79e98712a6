"""Consents of one organisation through all its lists, combined to the most restrictive."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PREFIX = "consent_"
REFUSED, UNANSWERED, GRANTED = "refused", "unanswered", "granted"
_YES = {"oui", "o", "yes", "y", "true", "1", "vrai", "x", "granted", "accepté", "accepte", "ok", "opt-in"}
_NO = {"non", "n", "no", "false", "0", "faux", "refused", "refusé", "refuse", "ko", "opt-out"}
_ORDER = (REFUSED, UNANSWERED, GRANTED)


def read_consent(cell: str) -> str:
    """Return what a cell grants; a word that is not clearly yes is no consent.

    >>> read_consent("Oui"), read_consent("NON"), read_consent("")
    ('granted', 'refused', 'unanswered')
    """
    word = cell.strip().casefold()
    if word in _NO:
        return REFUSED
    return GRANTED if word in _YES else UNANSWERED


def combine(answers: Iterable[str]) -> str:
    """Return the most restrictive of the answers: one refusal refuses, one silence leaves the question open.

    A list that does not ask the question takes no part: leave it out of `answers`.

    >>> combine([GRANTED, REFUSED]), combine([GRANTED, UNANSWERED]), combine([GRANTED]), combine([])
    ('refused', 'unanswered', 'granted', 'unanswered')
    """
    return min(answers, key=_ORDER.index, default=UNANSWERED)
