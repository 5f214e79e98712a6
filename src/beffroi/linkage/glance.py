"""A glance at two records that spares most pairs the full comparison, and never one that would be more than "no".

Nine pairs of ten share a place, or one common word, and nothing else. Where no word of one name can be taken for a word
of the other but those that are equal, the odds are bounded by the equal words and the place, which takes a tenth of the
time of laying the names beside each other.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA, JaroWinkler

from beffroi.linkage.align import LEAST_ALIKE
from beffroi.linkage.countries import COUNTRY_WORDS
from beffroi.linkage.judge import PART_WORDS
from beffroi.linkage.pair import BITS, MOST_BITS, ON_CONTACTS, ON_PLACES, PAIR_FEATURES, contacts, is_place, places

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from beffroi.linkage.model import Linear, Trained
    from beffroi.linkage.names import Name
    from beffroi.linkage.rarity import Rarity
    from beffroi.linkage.record import Tidy

_PREFIX = 4
_MOST_PLACE_FIGURE = 4.0  # thirty-two bits: a commune that one of four thousand million records names
_TELLING = PART_WORDS | COUNTRY_WORDS


def glance(rarity: Rarity, *, model: Linear, bands: Trained) -> Callable[[Tidy, Tidy], bool]:
    """Return a test that tells whether a pair is worth the full comparison.

    >>> from beffroi.linkage.model import models
    >>> from beffroi.linkage.rarity import Rarity
    >>> from beffroi.linkage.record import Record, tidy
    >>> known = models()["lists"]
    >>> worth = glance(Rarity(), model=known.final, bands=known)
    >>> here = tidy(Record("a", 1, name="Talend", city="Lyon"))
    >>> [worth(here, tidy(Record("b", 1, name=name, city="Lyon"))) for name in ("Nuxeo", "Talent")]
    [False, True]
    """
    least = math.log(bands.review / (1 - bands.review)) - 1e-9
    weights = dict(zip(PAIR_FEATURES, model.weights.tolist(), strict=True))
    place_weights, contact_weights = [weights[one] for one in ON_PLACES], [weights[one] for one in ON_CONTACTS]
    most_of_place = sum(max(one, 0.0) for one in place_weights) * _MOST_PLACE_FIGURE
    odds = _Odds(rarity, weights, bias=model.bias)

    def worth(left: Tidy, right: Tidy) -> bool:
        if left.siren and right.siren:
            return True
        said = contacts(left, right)
        if said[0] or said[1] or said[3]:
            return True
        communes = (left.commune, right.commune)
        best = -math.inf
        for one in left.names:
            for other in right.names:
                best = max(best, odds.most(one, other, communes))
        if best == math.inf:
            return True
        best += sum(map(float.__mul__, contact_weights, said))
        if best + most_of_place < least:
            return False
        return best + sum(map(float.__mul__, place_weights, places(left, right, rarity))) >= least

    return worth


class _Odds:
    """What two names can bring at most."""

    def __init__(self, rarity: Rarity, weights: Mapping[str, float], *, bias: float) -> None:
        self._bits, self._bias, self._like = rarity.bits, bias, weights["likeness"]
        self._shared, self._replaced = weights["shared"] / BITS, weights["replaced"] / BITS
        self._alone = max(weights["left_only"], weights["right_only"]) / BITS

    def most(self, one: Name, other: Name, communes: tuple[str, str]) -> float:
        """Bound the log-odds that names give, the bias in; infinite where they have to be laid beside each other."""
        lefts, rights = _apart(one.tokens, other.tokens)
        if one.squashed == other.squashed or _joined(lefts, rights) or _joined(rights, lefts):
            return math.inf
        if not _TELLING.isdisjoint(lefts) or not _TELLING.isdisjoint(rights):
            return math.inf
        shared, left, right = self._shared_and_alone(one, lefts, rights, communes)
        likeness: float = JaroWinkler.normalized_similarity(one.squashed, other.squashed)
        return (
            self._bias
            + self._shared * min(shared, MOST_BITS)
            + self._alone * (min(left, MOST_BITS) + min(right, MOST_BITS))
            + self._replaced * min(left, right, MOST_BITS)
            + self._like * likeness
        )

    def _shared_and_alone(
        self, one: Name, lefts: list[str], rights: list[str], communes: tuple[str, str]
    ) -> tuple[float, float, float]:
        """Count words that may be taken for each other as equal, which bounds what they can be worth."""
        bits = self._bits
        shared = sum(map(bits, one.tokens)) - sum(map(bits, lefts))
        left, right = ([0.0 if is_place(word, communes) else bits(word) for word in words] for words in (lefts, rights))
        for place, word in enumerate(lefts):
            for where, against in enumerate(rights):
                if _may_match(word, against):
                    shared += min(bits(word), bits(against))
                    left[place] = right[where] = 0.0
        return shared, sum(left), sum(right)


def _apart(one: Sequence[str], other: Sequence[str]) -> tuple[list[str], list[str]]:
    lefts, rights = list(one), list(other)
    for word in one:
        if word in rights:
            lefts.remove(word)
            rights.remove(word)
    return lefts, rights


def _may_match(word: str, against: str) -> bool:
    """Tell whether one word may be taken for the other by its letters or by its beginning."""
    if word[0] == against[0] and min(len(word), len(against)) >= _PREFIX and (
        word.startswith(against) or against.startswith(word)
    ):  # fmt: skip
        return True
    short, long = sorted((len(word), len(against)))
    return short >= LEAST_ALIKE * long and OSA.normalized_similarity(word, against) >= LEAST_ALIKE


def _joined(many: list[str], single: list[str]) -> bool:
    if len(many) <= 1 or not single:
        return False
    initials, whole = "".join([word[0] for word in many]), "".join(many)
    return any(word == initials or word in whole for word in single)
