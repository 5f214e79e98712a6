"""Find, for a record, the few records worth comparing: an inverted index in memory.

A record is described by terms (words, glued words, words less one letter, places, identifiers); two records that share
terms share the bits of them, and the best are kept. Terms that very many records have lead nowhere and are left out.
Beyond some tens of thousands of records use the index on disk of the store.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from beffroi.linkage.record import Tidy

KEPT = 80
_SURE_BITS = 40.0
TYPO_FROM = 4
_TYPO_DISCOUNT = 0.7
_MOST = 20_000
_MOST_PLACE = 2_000  # a larger place is no reason to compare
_PLACE_SHARE = 0.6


class Candidates:
    """An index over records.

    >>> from beffroi.linkage.record import Record, tidy
    >>> there = [tidy(Record("b", 1, name="Minalogic")), tidy(Record("b", 2, name="Cap Digital"))]
    >>> Candidates(there).of(tidy(Record("a", 1, name="Minalogik")))
    [0]
    """

    def __init__(self, records: Sequence[Tidy]) -> None:
        """Index the records; a candidate is named by its place among them."""
        self.size = len(records)
        self._scores = np.zeros(self.size)
        places: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(records):
            for term in set(terms(one)):
                places[term].append(place)
        self._places = {term: np.array(found, dtype=np.int32) for term, found in places.items()}
        self._near: dict[str, list[str]] = defaultdict(list)
        for term in self._places:
            if term.startswith("w:"):
                for variant in variants(term[2:]):
                    self._near[variant].append(term)

    def of(self, record: Tidy, *, kept: int = KEPT) -> list[int]:
        """Return the places of the best candidates, best first; ties in the order of the list."""
        return [int(place) for place in self._best(record, kept)[0]]

    def _best(self, record: Tidy, kept: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the best candidates and their bits; what is touched is counted, never the whole list."""
        worth = self._worth(record)
        if not worth:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        for term, bits in worth.items():
            self._scores[self._places[term]] += bits
        touched = np.concatenate([self._places[term] for term in worth])
        scores = self._scores[touched]
        # A candidate is touched once for each term that it shares, so so many of the best hold `kept` different ones.
        most = kept * len(worth)
        if touched.size > most:
            touched = touched[scores >= np.partition(scores, touched.size - most)[touched.size - most]]
        found = np.unique(touched).astype(np.int64)
        scores = self._scores[found]
        for term in worth:
            self._scores[self._places[term]] = 0.0
        order = np.lexsort((found, -scores))[:kept]
        return found[order], scores[order]

    def _worth(self, record: Tidy) -> dict[str, float]:
        worth: dict[str, float] = {}
        for term in terms(record):
            for known, share in self._known(term):
                found = len(self._places[known])
                if found > (_MOST_PLACE if term[0] in "cp" else _MOST):
                    continue
                bits = _SURE_BITS if term[0] in "isd" else math.log2((self.size + 1) / found) * share
                worth[known] = max(worth.get(known, 0.0), bits)
        return worth

    def _known(self, term: str) -> Iterable[tuple[str, float]]:
        share = _PLACE_SHARE if term[0] in "cp" else 1.0
        if term in self._places:
            yield term, share
        if term.startswith("w:"):
            for variant in variants(term[2:]):
                for near in self._near.get(variant, ()):
                    if near != term:
                        yield near, _TYPO_DISCOUNT


def terms(record: Tidy) -> list[str]:
    """Return what a record can be found by."""
    out = [f"i:{record.siren}"] * bool(record.siren) + [f"d:{record.domain}"] * bool(record.domain)
    out += [f"s:{record.phone}"] * bool(record.phone)
    out += [f"p:{record.department}"] * bool(record.department) + [f"c:{record.commune}"] * bool(record.commune)
    return out + [f"w:{word}" for word in words_of(record)]


def words_of(record: Tidy) -> list[str]:
    """Return the words a record can be found by: those of its names, neighbours glued, initials, and its web domain.

    >>> from beffroi.linkage.record import Record, tidy
    >>> words_of(tidy(Record("a", 1, name="Data Publica", website="data-publica.com")))
    ['data', 'publica', 'datapublica', 'dp']
    """
    out: list[str] = []
    for name in record.names:
        out += [*name.tokens, *(one + other for one, other in zip(name.tokens, name.tokens[1:], strict=False))]
        out.append(name.squashed)
        if len(name.tokens) > 1:
            out.append(name.initials)
    if record.domain:
        out.append(record.domain.partition(".")[0].replace("-", ""))
    return list(dict.fromkeys(out))


def variants(word: str) -> set[str]:
    """Return the word and the word less one letter: words one edit apart share one of these.

    >>> sorted(variants("cora"))
    ['coa', 'cor', 'cora', 'cra', 'ora']
    """
    if len(word) < TYPO_FROM:
        return {word}
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
