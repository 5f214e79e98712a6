"""Terms of many records as numbers: who has which, and which words are one letter apart.

Words, places and identifiers become numbers; two words are near when they are equal once each lost at most one letter.
All of it lies in flat arrays, so that a million rows fit in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from beffroi.linkage.retrieve import terms, variants

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from beffroi.linkage.record import Tidy

Sparse = Any  # a scipy.sparse.csr_array of whole numbers
_PIECE = 50_000
_PARTS = 16
DEPARTMENT, COMMUNE, SURE, WORD = 0, 1, 2, 3
_KINDS = {"p": DEPARTMENT, "c": COMMUNE, "i": SURE, "s": SURE, "d": SURE, "w": WORD}


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of records, by number.

    Attributes:
        words: the number of each term by its text, its kind in front (`w:lyon`, `c:lyon`, `i:732829320`), in order.
        kinds: `DEPARTMENT`, `COMMUNE`, `SURE` (identifiers) or `WORD`, a term each.
        starts, numbers: the terms of record r are `numbers[starts[r]:starts[r + 1]]`, each once.
        near: term × term, 1 where two different words are at most one letter apart on either side.
    """

    words: Mapping[str, int]
    kinds: NDArray[np.int8]
    starts: NDArray[np.int64]
    numbers: NDArray[np.int32]
    near: Sparse

    def rows(self, chosen: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return the terms of chosen records end to end: which of the chosen (0 …), and the term."""
        sizes = self.starts[chosen + 1] - self.starts[chosen]
        places = np.repeat(self.starts[chosen] - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        return np.repeat(np.arange(len(chosen)), sizes), self.numbers[places]

    def place_of(self, kind: int) -> NDArray[np.int32]:
        """Return the département or the commune of each record as a term, -1 where it has none."""
        out = np.full(len(self.starts) - 1, -1, dtype=np.int32)
        owner = np.repeat(np.arange(len(out)), np.diff(self.starts))
        chosen = self.kinds[self.numbers] == kind
        out[owner[chosen]] = self.numbers[chosen]
        return out


def terms_of(records: Sequence[Tidy]) -> Terms:
    """Number the terms of records.

    >>> from beffroi.linkage.record import Record, tidy
    >>> found = terms_of([tidy(Record("a", 1, name="Olfeo")), tidy(Record("b", 1, name="Olfea"))])
    >>> found.words, found.near.nnz
    ({'w:olfeo': 0, 'w:olfea': 1}, 2)
    """
    words: dict[str, int] = {}
    sizes = np.zeros(len(records) + 1, dtype=np.int64)
    pieces = [np.zeros(0, dtype=np.int32)]
    for start in range(0, len(records), _PIECE):
        each = [dict.fromkeys(terms(one)) for one in records[start : start + _PIECE]]
        sizes[start + 1 : start + 1 + len(each)] = [len(one) for one in each]
        numbers = (words.setdefault(term, len(words)) for one in each for term in one)
        pieces.append(np.fromiter(numbers, dtype=np.int32))
    kinds = np.fromiter((_KINDS[term[0]] for term in words), dtype=np.int8, count=len(words))
    return Terms(words, kinds, np.cumsum(sizes), np.concatenate(pieces), _near(words, kinds))


def sparse(values: NDArray[np.integer], at: tuple[NDArray[np.integer], ...], shape: tuple[int, int]) -> Sparse:
    """Return a sparse matrix in rows: values, at (rows, columns)."""
    made: Sparse = csr_array  # its stubs know matrices of one dimension only by such arguments
    return made((values, at), shape=shape, dtype=np.int32)


def _near(words: Mapping[str, int], kinds: NDArray[np.int8]) -> Sparse:
    """Lay words side by side that share a variant."""
    owners: list[NDArray[np.int32]] = []
    hashes: list[NDArray[np.int64]] = []
    texts = ((text, number) for (text, number), kind in zip(words.items(), kinds.tolist(), strict=True) if kind == WORD)
    while piece := list(islice(texts, _PIECE)):
        each = [variants(text[2:]) for text, _ in piece]
        owners.append(np.repeat([number for _, number in piece], [len(one) for one in each]).astype(np.int32))
        hashes.append(_hashed(chain.from_iterable(each), len(owners[-1])))
    if not owners:
        nothing = np.zeros(0, dtype=np.int32)
        return sparse(nothing, (nothing, nothing), (len(words), len(words)))
    one, other = _side_by_side(np.concatenate(owners), np.concatenate(hashes))
    ends = (np.concatenate([one, other]), np.concatenate([other, one]))
    found = sparse(np.ones(2 * len(one), dtype=np.int32), ends, (len(words), len(words)))
    found.sum_duplicates()
    found.data[:] = 1
    return found


def _side_by_side(owner: NDArray[np.int32], code: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return all pairs of owners of one code, a part of the codes at a time: sorting takes room."""
    left, right = [np.zeros(0, dtype=np.int32)], [np.zeros(0, dtype=np.int32)]
    part = (code & (_PARTS - 1)).astype(np.int8)
    for number in range(_PARTS):
        chosen = part == number
        owners, codes = owner[chosen], code[chosen]
        order = np.argsort(codes, kind="stable")
        one, other = _within_runs(codes[order])
        left.append(owners[order[one]])
        right.append(owners[order[other]])
    return np.concatenate(left), np.concatenate(right)


def _hashed(texts: Iterable[str], count: int) -> NDArray[np.int64]:
    """Sixty-four bits of each text: two of a thousand million differ in all but one case of forty."""
    return np.fromiter(map(hash, texts), dtype=np.int64, count=count)


def _within_runs(code: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return every pair of places of a sorted array whose values are equal, the smaller first."""
    firsts = np.flatnonzero(np.append(True, code[1:] != code[:-1])[: len(code)])
    ends = np.append(firsts, len(code))[1:]
    after = np.repeat(ends, ends - firsts) - np.arange(len(code)) - 1
    left = np.repeat(np.arange(len(code)), after)
    return left, left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(after) - after, after)
