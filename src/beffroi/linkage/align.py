"""Lay the words of two names beside each other: equal, glued, mistyped, shortened, or on one side only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from beffroi.linkage.rarity import Rarity

LEAST_ALIKE = 0.7
_SHORT = 3
_PREFIX = 4
_PREFIX_QUALITY = 0.85
_ACRONYM_QUALITY = 0.8
_LEAST_ACRONYM = 2


@dataclass(frozen=True, slots=True)
class Match:
    """Words of the left and of the right taken as one word; `quality` 1 is equality, `bits` its weight."""

    left: str
    right: str
    quality: float
    bits: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """What two names share and what each has alone, with the weight of it in bits."""

    matches: tuple[Match, ...]
    left_only: tuple[str, ...]
    right_only: tuple[str, ...]
    shared_bits: float
    left_bits: float
    right_bits: float
    typo_bits: float


def align(left: Sequence[str], right: Sequence[str], rarity: Rarity) -> Alignment:
    """Align two names word by word, best pairs first.

    >>> from beffroi.linkage.rarity import Rarity
    >>> found = align(("wallmart", "france"), ("walmart",), Rarity())
    >>> [(one.left, one.right) for one in found.matches], found.left_only
    ([('wallmart', 'walmart')], ('france',))
    """
    lefts, rights = list(left), list(right)
    matches = [*_equal(lefts, rights, rarity)]
    for way in (_glued, _alike, _acronym):
        if lefts and rights:
            matches += way(lefts, rights, rarity)
    return Alignment(
        matches=tuple(matches),
        left_only=tuple(lefts),
        right_only=tuple(rights),
        shared_bits=sum(one.bits * one.quality for one in matches),
        left_bits=sum(map(rarity.bits, lefts)),
        right_bits=sum(map(rarity.bits, rights)),
        typo_bits=sum(one.bits * (1 - one.quality) for one in matches),
    )


def similarity(left: str, right: str) -> float:
    """Return 1 less the edits (swaps of neighbours count once) by the longer length.

    >>> similarity("kernanec", "kemanec")
    0.75
    """
    return OSA.normalized_similarity(left, right)


def _equal(lefts: list[str], rights: list[str], rarity: Rarity) -> list[Match]:
    out = []
    for word in tuple(lefts):
        if word in rights:
            lefts.remove(word)
            rights.remove(word)
            out.append(Match(word, word, 1.0, rarity.bits(word)))
    return out


def _glued(lefts: list[str], rights: list[str], rarity: Rarity) -> list[Match]:
    """Take neighbours of one side that make one word of the other: `ant inno` and `antinno`."""
    if len(lefts) == len(rights) == 1:
        return []
    out = [Match(words, one, quality, bits) for words, one, quality, bits in _glue(lefts, rights, rarity)]
    return out + [Match(one, words, quality, bits) for words, one, quality, bits in _glue(rights, lefts, rarity)]


def _glue(many: list[str], single: list[str], rarity: Rarity) -> list[tuple[str, str, float, float]]:
    out = []
    for one in tuple(single):
        found = next(
            (
                (start, end)
                for start in range(len(many))
                for end in range(start + 2, len(many) + 1)
                if "".join(many[start:end]) == one
            ),
            None,
        )
        if found:
            words = " ".join(many[slice(*found)])
            bits = max(map(rarity.bits, (one, *words.split())))
            del many[slice(*found)]
            single.remove(one)
            out.append((words, one, 1.0, bits))
    return out


def _alike(lefts: list[str], rights: list[str], rarity: Rarity) -> list[Match]:
    if not lefts or not rights:
        return []
    pairs = sorted(
        (
            (quality, one, other)
            for one in set(lefts)
            for other in set(rights)
            if (quality := _quality(one, other)) >= LEAST_ALIKE
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    out = []
    for quality, one, other in pairs:
        if one in lefts and other in rights:
            lefts.remove(one)
            rights.remove(other)
            out.append(Match(one, other, quality, min(rarity.bits(one), rarity.bits(other))))
    return out


def _quality(one: str, other: str) -> float:
    if one.isdigit() or other.isdigit():
        return 0.0
    short, long = sorted((one, other), key=len)
    if len(short) >= _PREFIX and long.startswith(short):
        return max(_PREFIX_QUALITY, similarity(one, other))
    if len(short) <= _SHORT and len(long) <= _SHORT + 1:
        return 0.0
    return similarity(one, other)


def _acronym(lefts: list[str], rights: list[str], rarity: Rarity) -> list[Match]:
    out = []
    for many, single, swapped in ((lefts, rights, False), (rights, lefts, True)):
        initials = "".join(word[0] for word in many)
        if len(initials) > _LEAST_ACRONYM - 1 and len(many) > 1 and initials in single:
            words, bits = " ".join(many), rarity.bits(initials)
            single.remove(initials)
            many.clear()
            pair = (initials, words) if swapped else (words, initials)
            out.append(Match(*pair, _ACRONYM_QUALITY, bits))
    return out
