"""Link rows to a register: rank the candidates of each row, and let what the list is about settle ties.

The candidates of a row compete: their probabilities and that of "none of them" sum to 1 (conditional logit, McFadden
1974), so two homonyms in one town share what a single one would have. Most ties a person settles by knowing the list:
one of schools for future engineers means the general school and not the vocational one of the same name. The links that
are sure teach it: traits that are more frequent among them than in the register (words of the name, activity) speak for
a candidate. A row never teaches itself.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.linkage.pair import PAIR_FEATURES, Compared, compare
from beffroi.linkage.place import point_trait

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from beffroi.linkage.model import Linear
    from beffroi.linkage.rarity import Rarity
    from beffroi.linkage.record import Tidy

RANK_FEATURES = (*PAIR_FEATURES, "list_profile")
ROUNDS = 2
_SURE = 0.9
_COMMON_SHARE = 0.004
_COMMON_COUNT = 10
_PROFILE_BITS = 4.0
_MOST_PROFILE = 3.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One candidate of a row: its figures and its probability."""

    unit: Tidy
    compared: Compared
    figures: np.ndarray
    probability: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row and its candidates, the most probable first; `none` is the probability that it is none of them."""

    row: Tidy
    choices: tuple[Choice, ...]
    none: float


def rank(rows: Sequence[Tidy], candidates: Sequence[Sequence[Tidy]], *, rarity: Rarity, model: Linear) -> list[Ranked]:
    """Rank the candidates of every row.

    Args:
        rows: the list.
        candidates: for each row, units of the register worth comparing (see `retrieve`).
        rarity: words and traits counted over the register.
        model: weights of `RANK_FEATURES`.

    Returns:
        One answer a row, in the same order.

    Source: McFadden (1974), Conditional logit analysis of qualitative choice behavior.
    """
    return rank_compared(compare_candidates(rows, candidates, rarity=rarity), rarity=rarity, model=model)


def compare_candidates(rows: Sequence[Tidy], candidates: Sequence[Sequence[Tidy]], *, rarity: Rarity) -> list[Ranked]:
    """Compare every row with its candidates; no model has a say yet, so that several may rank one comparison."""
    return [_compared(row, units, rarity) for row, units in zip(rows, candidates, strict=True)]


def rank_compared(compared: Sequence[Ranked], *, rarity: Rarity, model: Linear) -> list[Ranked]:
    """Rank candidates that `compare_candidates` has compared."""
    ranked = [_posterior(each, model) for each in compared]
    units = {each.unit.id: each.unit for one in compared for each in one.choices}
    common = {place: _common(unit, rarity) for place, unit in units.items()}
    for _ in range(ROUNDS):
        profile = Profile.learn(ranked, rarity, common)
        compared = [profile.applied(each, before) for each, before in zip(compared, ranked, strict=True)]
        ranked = [_posterior(each, model) for each in compared]
    return ranked


def traits(unit: Tidy) -> frozenset[str]:
    """Return what a register counts of a unit: words of its names, its activity (`=`), its commune (`@`), its point."""
    words = {word for name in unit.names for word in name.tokens}
    kinds = {f"={unit.activity[:2]}", f"={unit.activity[:4]}"} if unit.activity else set()
    at = {point_trait(unit.point)} if unit.point else set()
    return frozenset(words | kinds | at | {f"@{unit.commune}"})


@dataclass(frozen=True, slots=True)
class Profile:
    """How often the sure links have a trait, against the register."""

    counts: Counter[str]
    links: int
    rarity: Rarity
    common: Mapping[tuple[str, int], tuple[str, ...]]

    @classmethod
    def learn(
        cls, ranked: Sequence[Ranked], rarity: Rarity, common: Mapping[tuple[str, int], tuple[str, ...]]
    ) -> Profile:
        """Count the traits of the sure links."""
        counts: Counter[str] = Counter()
        links = 0
        for one in ranked:
            if one.choices and one.choices[0].probability >= _SURE:
                counts.update(common[one.choices[0].unit.id])
                links += 1
        return cls(counts, links, rarity, common)

    def applied(self, ranked: Ranked, before: Ranked) -> Ranked:
        """Return the row with the profile among the figures of its candidates, its own link left out of the count."""
        sure = bool(before.choices) and before.choices[0].probability >= _SURE
        own = frozenset(self.common[before.choices[0].unit.id]) if sure else frozenset()
        choices = []
        for each in ranked.choices:
            figures = each.figures.copy()
            figures[-1] = self._bits(each.unit, own, self.links - sure)
            choices.append(Choice(each.unit, each.compared, figures, each.probability))
        return Ranked(ranked.row, tuple(choices), ranked.none)

    def _bits(self, unit: Tidy, own: frozenset[str], links: int) -> float:
        total = 0.0
        for trait in self.common[unit.id]:
            background = self.rarity.share(trait)
            among = (self.counts[trait] - (trait in own) + background) / (links + 1)
            total += math.log2(among / background)
        return max(-_MOST_PROFILE, min(_MOST_PROFILE, total / _PROFILE_BITS))


def _common(unit: Tidy, rarity: Rarity) -> tuple[str, ...]:
    """Return the traits that enough units have to tell kinds apart; a place is no kind."""
    return tuple(
        one
        for one in sorted(traits(unit))
        if one[0] not in "@°" and rarity.count(one) >= _COMMON_COUNT and rarity.share(one) >= _COMMON_SHARE
    )


def _compared(row: Tidy, units: Sequence[Tidy], rarity: Rarity) -> Ranked:
    found = [(unit, compare(row, unit, rarity)) for unit in units]
    return Ranked(
        row,
        tuple(Choice(unit, one, np.append(one.figures, 0.0), 0.0) for unit, one in found if one is not None),
        1.0,
    )


def _posterior(ranked: Ranked, model: Linear) -> Ranked:
    if not ranked.choices:
        return ranked
    logits = np.array([each.figures for each in ranked.choices]) @ model.weights + model.bias
    top = max(0.0, float(logits.max()))
    odds = np.exp(logits - top)
    none = math.exp(-top)
    whole = float(odds.sum()) + none
    choices = [
        Choice(each.unit, each.compared, each.figures, float(one) / whole)
        for each, one in zip(ranked.choices, odds, strict=True)
    ]
    choices.sort(key=lambda each: (-each.probability, each.unit.id))
    return Ranked(ranked.row, tuple(choices), none / whole)
