"""Weigh pairs of rows of lists, and settle what they claim together: one row with one, homonyms with a person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from beffroi.linkage.glance import glance
from beffroi.linkage.group import group
from beffroi.linkage.homonyms import MOST_DOUBT, Claim, Homonyms, claim
from beffroi.linkage.judge import Judgement, judge
from beffroi.linkage.model import models
from beffroi.linkage.pair import PAIR_FEATURES, Compared, compare
from beffroi.linkage.reason import bits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from beffroi.linkage.rarity import Rarity
    from beffroi.linkage.record import Tidy
    from beffroi.linkage.terms import Terms

    Weighed = tuple[Judgement, Claim | None]

_LIFT = 10.0


def weigher(rarity: Rarity) -> Callable[[Tidy, Tidy], Weighed | None]:
    """Return what judges one pair on its own; nothing where the answer is no.

    Beside the judgement stands what it rests on, where it would be made without a person.
    """
    trained = models()["lists"]
    worth = glance(rarity, model=trained.final, bands=trained)

    def weigh(left: Tidy, right: Tidy) -> Weighed | None:
        known = bool(left.siren) and left.siren == right.siren
        if not known and not worth(left, right):
            return None
        compared = None if known else both_ways(left, right, rarity)
        found = judge(left, right, compared, model=trained.final, bands=trained)
        if found.decision == "no":
            return None
        return found, claim(left, right, compared, rarity) if found.decision == "automatic" and compared else None

    return weigh


def both_ways(left: Tidy, right: Tidy, rarity: Rarity) -> Compared | None:
    """Compare two records so that it does not matter which one stands left."""
    one = compare(left, right, rarity)
    if one is None or _is_even(left, right, one):
        return one and replace(one, figures=one.figures @ _HALF)
    other = compare(right, left, rarity)
    return other and replace(one, figures=(one.figures + other.figures) / 2)


def _is_even(left: Tidy, right: Tidy, compared: Compared) -> bool:
    """Tell whether the other way round the same words would meet: one name each, one word at most not equal."""
    unequal = sum(one.left != one.right for one in compared.alignment.matches)
    return len(left.names) == len(right.names) == 1 and unequal <= 1


def _half() -> np.ndarray:
    """Average the words that stand on the left alone and on the right alone."""
    out = np.eye(len(PAIR_FEATURES))
    sides = [PAIR_FEATURES.index(one) for one in ("left_only", "right_only")]
    out[np.ix_(sides, sides)] = 0.5
    return out


_HALF = _half()


def settled(records: Sequence[Tidy], found: Mapping[tuple[int, int], Weighed], *, terms: Terms) -> list[Judgement]:
    """Return the judgements that stand beside each other, in order: the better pair wins, homonyms go to a person."""
    homonyms = Homonyms(records, terms, [one for _, one in found.values() if one])
    labels = _groups(records, {pair: one for pair, (one, _) in found.items()})
    kept = (
        _doubted(_settled(pair, one, labels), rests, homonyms)
        for pair, (one, rests) in sorted(found.items(), key=lambda each: each[0])
    )
    return [one for one in kept if one.decision != "no"]


def _doubted(one: Judgement, rests: Claim | None, homonyms: Homonyms) -> Judgement:
    """Leave to a person what chance may have brought together."""
    doubt = homonyms.doubt(rests) if rests and one.decision == "automatic" else 0.0
    if doubt <= MOST_DOUBT:
        return one
    return replace(one, decision="review", reason=f"{one.reason}; the name may be another's (chance {doubt:.2f})")


def _groups(records: Sequence[Tidy], found: Mapping[tuple[int, int], Judgement]) -> list[int]:
    several = len({one.record.source for one in records}) > 1

    def allowed(left: list[int], right: list[int]) -> bool:
        sirens = {records[one].siren for one in (*left, *right)} - {""}
        sources = [records[one].record.source for one in (*left, *right)]
        return len(sirens) <= 1 and (not several or len(set(sources)) == len(sources))

    # Every pair that may be one is above 0 here; among these the groups take the better ones first.
    links = [
        (*pair, bits_of(one.probability) + _LIFT)
        for pair, one in found.items()
        if one.decision in ("automatic", "review")
    ]
    return group(len(records), links, allowed=allowed)


def _settled(pair: tuple[int, int], one: Judgement, labels: list[int]) -> Judgement:
    """Take back what better pairs of either record forbid."""
    if labels[pair[0]] == labels[pair[1]] or one.decision not in ("automatic", "review"):
        return one
    if one.decision == "review":
        return replace(one, decision="no")
    return replace(one, decision="review", reason=f"{one.reason}; another row fits better")
