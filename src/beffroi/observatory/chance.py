"""A probability counted over draws."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chance:
    """A probability estimated over scenarios or futures (share) and its Monte-Carlo standard error."""

    p: float
    standard_error: float
