"""What all judgements of one pair amount to, in whatever order they were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# A person outranks an identifier, which outranks a model; among equals the more careful word holds.
_ORIGIN = {"person": 0, "rule": 1, "model": 2}
_CARE = {"different": 0, "related": 1, "unsure": 2, "same": 3}


@dataclass(frozen=True, slots=True)
class Word:
    """One judgement of a pair: `id` names it, `bits` is the evidence for `same` (log2 of the odds)."""

    id: int
    left: int
    right: int
    value: str
    origin: str
    bits: float = 0.0
    relation: str = ""


def verdicts(words: Iterable[Word]) -> dict[tuple[int, int], Word]:
    """Return the judgement that holds for each pair.

    A person's word holds against a rule's, a rule's against a model's. Between words of the same origin the more
    careful holds: different, related, unsure, same; then the stronger evidence; then the later one.

    >>> rule, person = Word(1, 1, 2, "same", "rule"), Word(2, 1, 2, "different", "person")
    >>> verdicts([rule, person]) == verdicts([person, rule])
    True
    >>> verdicts([rule, person])[1, 2].value
    'different'
    """
    held: dict[tuple[int, int], Word] = {}
    for word in words:
        pair = (min(word.left, word.right), max(word.left, word.right))
        if pair not in held or _rank(word) < _rank(held[pair]):
            held[pair] = word
    return held


def _rank(word: Word) -> tuple[int, int, float, int]:
    return _ORIGIN[word.origin], _CARE[word.value], -word.bits, -word.id
