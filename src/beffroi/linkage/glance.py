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
from beffroi.linkage.pair import BITS, MOST_BITS, PAIR_FEATURES, contacts, is_place, places

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from beffroi.linkage.model import Linear, Trained
    from beffroi.linkage.names import Name
    from beffroi.linkage.rarity import Rarity
    from beffroi.linkage.record import Tidy

_PREFIX = 4
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
    weights = dict(zip(PAIR_FEATURES, model.weights.tolist(), strict=True))
    least = math.log(bands.review / (1 - bands.review)) - 1e-9
    place_weights = [weights[one] for one in PAIR_FEATURES[9:14]]
    contact_weights = [weights[one] for one in PAIR_FEATURES[14:19]]
    shared_weight, alone_weight = weights["shared"] / BITS, max(weights["left_only"], weights["right_only"]) / BITS
    replaced_weight, like_weight = weights["replaced"] / BITS, weights["likeness"]

    most_of_place = sum(max(one, 0.0) for one in place_weights) * _MOST_PLACE_FIGURE

    bits = rarity.bits

    def odds(one: Name, other: Name, communes: tuple[str, str]) -> float:
        """Bound the odds that the names give; infinite where they have to be laid beside each other."""
        lefts, rights = _apart(one.tokens, other.tokens)
        if one.squashed == other.squashed or _joined(lefts, rights) or _joined(rights, lefts):
            return math.inf
        if not _TELLING.isdisjoint(lefts) or not _TELLING.isdisjoint(rights):
            return math.inf
        shared = 0.0
        for word in one.tokens:
            shared += bits(word)
        for word in lefts:
            shared -= bits(word)
        # Words that may be taken for each other count as equal, which bounds what they can be worth.
        left, right = [alone(word, communes) for word in lefts], [alone(word, communes) for word in rights]
        for place, word in enumerate(lefts):
            for where, against in enumerate(rights):
                if _may_match(word, against):
                    shared += min(bits(word), bits(against))
                    left[place] = right[where] = 0.0
        only_left, only_right = sum(left), sum(right)
        return (
            model.bias
            + shared_weight * min(shared, MOST_BITS)
            + alone_weight * (min(only_left, MOST_BITS) + min(only_right, MOST_BITS))
            + replaced_weight * min(only_left, only_right, MOST_BITS)
            + like_weight * JaroWinkler.normalized_similarity(one.squashed, other.squashed)
        )

    def alone(word: str, communes: tuple[str, str]) -> float:
        return 0.0 if is_place(word, communes) else bits(word)

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
                best = max(best, odds(one, other, communes))
        if best == math.inf:
            return True
        rest = sum(map(float.__mul__, contact_weights, said))
        if best + rest + most_of_place < least:
            return False
        return best + rest + sum(map(float.__mul__, place_weights, places(left, right, rarity))) >= least

    return worth


_MOST_PLACE_FIGURE = 4.0  # thirty-two bits: a commune that one of four thousand million records names


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
    return any([word == initials or word in whole for word in single])
