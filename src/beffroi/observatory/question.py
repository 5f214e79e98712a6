"""What is asked of the figures: which regions, under which index, seen from which year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.catalogue.schema import Index, Indicator


@dataclass(frozen=True, slots=True)
class Question:
    """One comparison set under one index; `year` is the edition's, from which ages are counted."""

    set_id: str
    regions: tuple[str, ...]
    index: Index
    indicators: Mapping[str, Indicator]
    year: int
