"""Link rows to a register too large for memory, through an index that somebody else keeps (`store.register_index`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from beffroi.linkage.index_words import questions
from beffroi.linkage.link import link_candidates
from beffroi.linkage.rarity import Rarity
from beffroi.linkage.record import Record, Tidy, tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from beffroi.linkage.index_words import Term
    from beffroi.linkage.judge import Judgement

KEPT = 32


class Index(Protocol):
    """What linkage asks of an index over a register."""

    size: int

    def count(self, word: str) -> int:
        """Return how many units have a word or trait."""
        ...

    def by_siren(self, siren: str) -> list[dict[str, str]]:
        """Return the units of a SIREN."""
        ...

    def search(
        self, questions: Sequence[tuple[Sequence[str], Sequence[Term]]], *, department: str, commune: str, kept: int
    ) -> list[dict[str, str]]:
        """Return the units that share words with one of the names, best first."""
        ...


def link_index(
    rows: Sequence[Tidy],
    index: Index,
    *,
    source: str,
    step: Callable[[], object] = lambda: None,
    kept: int = KEPT,
) -> list[Judgement]:
    """Propose for each row its unit in a register on disk.

    Args:
        rows: the list.
        index: the register.
        source: what to call the register.
        step: called after each row, for a progress bar.
        kept: candidates compared for each row.

    Returns:
        As `link.link_candidates`. A unit is named by its key, else by its SIRET, SIREN or row.
    """
    read: dict[str, Tidy] = {}
    candidates = []
    for row in rows:
        candidates.append([_unit(cells, source, read) for cells in sought(row, index, kept=kept)])
        step()
    return link_candidates(rows, candidates, rarity=Rarity.counted(index.count, index.size))


def sought(row: Tidy, index: Index, *, kept: int = KEPT) -> list[dict[str, str]]:
    """Return the cells of the units that a row may be: those of its SIREN, else those that share its rarest words."""
    found = index.by_siren(row.siren) if row.siren else []
    return found or index.search(questions(row), department=row.department, commune=row.commune, kept=kept)


def _unit(cells: dict[str, str], source: str, read: dict[str, Tidy]) -> Tidy:
    known = cells["row"]
    if known not in read:
        one = tidy(Record(**{**cells, "source": source, "row": int(known)}))  # type: ignore[arg-type]  # -- cells are a record's own
        if not one.record.key:
            one = replace(one, record=replace(one.record, key=one.siret or one.siren))
        read[known] = one
    return read[known]
