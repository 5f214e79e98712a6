"""Search a register's index: the rarest words lead to candidates, all words rank them, place weighs in.

A word that many units have is never read through: within the place asked for it is a short slice, and elsewhere it only
ranks what rarer words have led to. Words one letter apart are looked for when the words as they are lead nowhere sure.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from beffroi.store.register_lists import Numbers, Vocabulary

    Ranges = Sequence[tuple[int, int]]

Term = tuple[str, str, tuple[int, ...], float]
MOST_ANYWHERE = 5_000
MOST_NEAR = 40_000
_MOST_READ = 3_000_000
_TYPO_FROM = 5
_TYPO_QUALITY = 0.7
_MOST_TYPOS = 48
_SURE = 0.9
_PLACE_SHARE = 0.6
_EXTRA_SHARE = 0.25


class Index(Protocol):
    """What a search asks of an index."""

    size: int
    words: Vocabulary

    def of_word(self, number: int) -> Numbers:
        """Units that have a word."""

    def of_glued(self, text: str) -> Numbers:
        """Units whose neighbouring words make a text."""

    def of_typo(self, text: str) -> Numbers:
        """Words that are the text once a letter is left out."""

    def found(self, number: int) -> int:
        """How many units have a word."""

    def bits(self, units: Numbers) -> NDArray[np.float32]:
        """How many bits the words of units weigh."""


class Found(NamedTuple):
    """Units, the best first, and their scores in bits."""

    units: Numbers
    scores: NDArray[np.float32]


class _Lead(NamedTuple):
    """A list of units that a term leads to, which words it stands for, and how much of them it is worth."""

    units: Numbers
    covers: tuple[int, ...]
    quality: float


def search(
    index: Index, words: Sequence[str], terms: Sequence[Term], *, places: tuple[Ranges, Ranges], kept: int
) -> Found:
    """Return the best candidates for one name.

    A candidate has the bits of the words that it shares, less a quarter of those that it has beside them, and bits of
    the place. Ties go to smaller numbers.

    Args:
        index: where to search.
        words: of the name.
        terms: what stands for one or several of the words: kind, text, places of the words, worth.
        places: ranges of units of the département and of the commune asked for; none when unknown.
        kept: how many to return at most.
    """
    numbers = [index.words.find(word) for word in words]
    bits = np.array([_bits(index, index.found(one) if one >= 0 else 0) for one in numbers], dtype=np.float32)
    leads = [lead for term in terms if (lead := _lead(index, term)) is not None]
    found = _ranked(index, leads, bits, places, kept)
    if not len(found.units) or _share(index, leads, bits, found.units[:1]) < _SURE:
        leads += [lead for place, word in enumerate(words) for lead in _typos(index, word, place, float(bits[place]))]
        found = _ranked(index, leads, bits, places, kept)
    return found


def _bits(index: Index, count: int) -> float:
    return math.log2((index.size + 1) / max(count, 1))


def _lead(index: Index, term: Term) -> _Lead | None:
    kind, text, covers, quality = term
    if kind == "glued":
        units = index.of_glued(text)
    else:
        number = index.words.find(text)
        units = index.of_word(number) if number >= 0 else np.zeros(0, np.int32)
    return _Lead(units, covers, quality) if len(units) else None


def _typos(index: Index, word: str, place: int, bits: float) -> list[_Lead]:
    """Words of the register that are one letter more, less, other or swapped away; the rarest are left out first.

    They weigh what the commoner one of the two writings weighs.
    """
    if len(word) < _TYPO_FROM or word.isdigit():
        return []
    less = {word[:k] + word[k + 1 :] for k in range(len(word))}
    near = {number for one in less if (number := index.words.find(one)) >= 0}
    near.update(number for one in (word, *less) for number in index.of_typo(one).tolist())
    alike = sorted(
        (-index.found(number), number)
        for number in near
        if OSA.distance(word, index.words.word(number), score_cutoff=1) == 1
    )
    return [
        _Lead(index.of_word(number), (place,), _TYPO_QUALITY * min(1.0, _bits(index, -found) / bits))
        for found, number in alike[:_MOST_TYPOS]
    ]


def _ranked(
    index: Index, leads: Sequence[_Lead], bits: NDArray[np.float32], places: tuple[Ranges, Ranges], kept: int
) -> Found:
    units = _candidates(leads, places)
    if not len(units):
        return Found(units, np.zeros(0, np.float32))
    shared = _shared(leads, bits, units)
    scores = shared - np.float32(_EXTRA_SHARE) * np.maximum(index.bits(units) - shared, 0)
    wide, near = (_within(units, ranges) for ranges in places)
    scores += np.maximum(*(
        inside * np.float32(_PLACE_SHARE * _bits(index, sum(high - low for low, high in ranges)))
        for inside, ranges in zip((wide, near), places, strict=True)
    ))  # fmt: skip
    if len(units) > kept:
        least = np.partition(scores, len(scores) - kept)[len(scores) - kept]
        chosen = np.flatnonzero(scores >= least)
        units, scores = units[chosen], scores[chosen]
    order = np.lexsort((units, -scores))[:kept]
    return Found(units[order], scores[order])


def _candidates(leads: Sequence[_Lead], places: tuple[Ranges, Ranges]) -> Numbers:
    """Units that a short list leads to: of all, of the département, of the commune, else of the two shortest lists."""
    wide, near = places
    chosen: list[Numbers] = []
    for lead in leads:
        if len(lead.units) <= MOST_ANYWHERE:
            chosen.append(lead.units)
            continue
        for ranges in (wide, near):
            if ranges and sum(b - a for a, b in (_bounds(lead.units, one) for one in ranges)) <= MOST_NEAR:
                chosen += [lead.units[slice(*_bounds(lead.units, one))] for one in ranges]
                break
    if not any(map(len, chosen)) and leads:
        first, *rest = sorted((lead.units for lead in leads if lead.quality == 1), key=len) or [leads[0].units]
        both = first[:_MOST_READ]
        if rest:
            both = both[_have(rest[0], both)]
        chosen = [both[:MOST_NEAR]]
    if not chosen:
        return np.zeros(0, np.int32)
    units = np.sort(np.concatenate(chosen))  # quicker than np.unique, which hashes
    kept: Numbers = units[np.diff(units, prepend=-1) != 0]
    return kept


def _shared(leads: Sequence[_Lead], bits: NDArray[np.float32], units: Numbers) -> NDArray[np.float32]:
    best = np.zeros((len(bits), len(units)), dtype=np.float32)
    for lead in leads:
        have = _have(lead.units, units) * np.float32(lead.quality)
        for place in lead.covers:
            np.maximum(best[place], have, out=best[place])
    return np.asarray(bits @ best, dtype=np.float32)


def _share(index: Index, leads: Sequence[_Lead], bits: NDArray[np.float32], units: Numbers) -> float:
    """How much of a name, and of the unit, the two have in common."""
    shared = float(_shared(leads, bits, units)[0])
    return shared / max(float(bits.sum()), float(index.bits(units)[0]), 1e-9)


def _have(units: Numbers, asked: Numbers) -> NDArray[np.bool_]:
    """Tell which of the units asked are in a sorted list; both are sorted."""
    out = np.zeros(len(asked), dtype=bool)
    if len(units) < len(asked):
        places = np.searchsorted(asked, units)
        inside = places < len(asked)
        hits = places[inside]
        out[hits[asked[hits] == units[inside]]] = True
        return out
    places = np.searchsorted(units, asked)
    inside = places < len(units)
    out[inside] = units[places[inside]] == asked[inside]
    return out


def _within(units: Numbers, ranges: Ranges) -> NDArray[np.bool_]:
    out = np.zeros(len(units), dtype=bool)
    for one in ranges:
        out[slice(*_bounds(units, one))] = True
    return out


def _bounds(units: Numbers, one: tuple[int, int]) -> tuple[int, int]:
    low, high = np.searchsorted(units, np.array(one, dtype=units.dtype))
    return int(low), int(high)
