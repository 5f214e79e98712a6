"""Link rows to a register too large for memory, through an index that somebody else keeps (`store.register_index`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypedDict

from beffroi.linkage.link import link_candidates
from beffroi.linkage.rank import traits
from beffroi.linkage.rarity import Rarity
from beffroi.linkage.record import FIELDS, Record, Tidy, tidy
from beffroi.linkage.retrieve import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from beffroi.linkage.judge import Judgement

KEPT = 40


class Index(Protocol):
    """What linkage asks of an index over a register."""

    size: int

    def count(self, word: str) -> int:
        """Return how many units have a word or trait."""
        ...

    def by_siren(self, siren: str) -> list[dict[str, str]]:
        """Return the units of a SIREN."""
        ...

    def search(self, words: Sequence[str], *, department: str, kept: int) -> list[dict[str, str]]:
        """Return the units that share words with these, best first."""
        ...


class FoundBy(TypedDict):
    """What an index keeps of a unit."""

    siren: str
    words: list[str]
    department: str
    traits: list[str]
    cells: dict[str, str]


def found_by(unit: Tidy) -> FoundBy:
    """Return what an index keeps of a unit.

    >>> found_by(tidy(Record("r", 1, name="Data Publica", city="Paris")))["words"]
    ['data', 'publica', 'datapublica', 'dp']
    """
    return {
        "siren": unit.siren,
        "words": words_of(unit),
        "department": unit.department,
        "traits": sorted(traits(unit)),
        "cells": {"source": unit.record.source, "row": str(unit.record.row)}
        | {name: value for name in FIELDS if (value := getattr(unit.record, name))},
    }


def link_index(
    rows: Sequence[Tidy], index: Index, *, step: Callable[[], object] = lambda: None, kept: int = KEPT
) -> list[Judgement]:
    """Propose for each row its unit in a register on disk.

    Args:
        rows: the list.
        index: the register.
        step: called after each row, for a progress bar.
        kept: candidates compared for each row.

    Returns:
        As `link.link_candidates`.
    """
    read: dict[str, Tidy] = {}
    candidates = []
    for row in rows:
        found = index.by_siren(row.siren) if row.siren else []
        found = found or index.search(words_of(row), department=row.department, kept=kept)
        candidates.append([_unit(cells, read) for cells in found])
        step()
    return link_candidates(rows, candidates, rarity=Rarity.counted(index.count, index.size))


def _unit(cells: dict[str, str], read: dict[str, Tidy]) -> Tidy:
    known = str(cells["row"])
    if known not in read:
        read[known] = tidy(Record(**{**cells, "row": int(cells["row"])}))  # type: ignore[arg-type]  # -- cells are a record's own
    return read[known]
