"""How many other organisations would fit a link as well, by chance alone, given the lists themselves.

Two rows of one name are one organisation, or two that happen to bear it. How many bear it is seen in the lists: a word
that six hundred rows have makes homonyms, and so does whatever stands one letter from such a word, because it is most
likely that word mistyped. Names seen once are not free of it: how often names of so many words stand in two communes of
a list tells how many more are to be expected (Good 1953, doi:10.1093/biomet/40.3-4.237).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from beffroi.linkage.pair import Compared
    from beffroi.linkage.rarity import Rarity
    from beffroi.linkage.record import Tidy
    from beffroi.linkage.terms import Terms

MOST_DOUBT = 0.1  # a link made without a person is itself 0.9 probable (decision 10)
MOVED = 12 / 67  # of the organisations in both directories of decision 10, those with another commune in each
_PRIOR_NAMES = 200.0
_LONG = 4


@dataclass(frozen=True, slots=True)
class Claim:
    """What a link rests on.

    Attributes:
        name: the whole name glued, where both bear it; else empty.
        words: for each word in common, its writings.
        share: of all records, those that agree on the place by chance; 1 when the place is unknown or differs.
        is_moved: the places differ.
        is_settled: a contact in common leaves no room for chance.
    """

    name: str
    words: tuple[tuple[str, ...], ...]
    share: float
    is_moved: bool
    is_settled: bool


def claim(left: Tidy, right: Tidy, compared: Compared, rarity: Rarity) -> Claim:
    """Say what a pair rests on."""
    words = tuple((one.left,) if one.left == one.right else (one.left, one.right) for one in compared.alignment.matches)
    share = 1.0
    if compared["same_commune"]:
        share = max(rarity.share(f"@{one.commune}") for one in (left, right))
    elif left.department and left.department == right.department:
        share = rarity.share(f"#{left.department}")
    return Claim(
        name=compared.left_name.squashed if compared["same_core"] else "",
        words=tuple(tuple(one for one in each if " " not in one) or each[:1] for each in words),
        share=share,
        is_moved=bool(compared["other_commune"] or compared["other_department"]) and not compared["same_commune"],
        is_settled=any(compared[one] for one in ("same_domain", "same_brand_domain", "same_phone", "same_street")),
    )


class Homonyms:
    """Names of the lists at hand: who bears which word or name, and how often names meet."""

    def __init__(self, records: Sequence[Tidy], terms: Terms, claims: Collection[Claim]) -> None:
        """Count who bears what the claims rest on."""
        self._records = len(records)
        self._lists = len({one.record.source for one in records})
        whole = {one.name for one in claims if one.name}
        words = {word for one in claims if not one.name for writings in one.words for word in writings}
        count = np.bincount(terms.numbers, minlength=len(terms.kinds))
        self._bearing = {word: int(count[near].sum()) for word, near in _near(terms, words)}
        called = Counter(name.squashed for one in records for name in one.names if f"w:{name.squashed}" in terms.words)
        bearers = np.array([called[term[2:]] for term in terms.words], dtype=np.int64)
        self._called = {word: int(bearers[near].sum()) for word, near in _near(terms, whole)}
        self._unseen, self._agreeing = _meetings(records)

    def doubt(self, one: Claim) -> float:
        """Return the probability that a pair that fits is two organisations of one name."""
        if one.is_settled:
            return 0.0
        chance = (self._others(one) + self._unseen.get(min(max(len(one.words), 1), _LONG), 0.0)) * one.share
        weight = self._agreeing * (MOVED if one.is_moved else 1.0)
        return chance / (chance + weight)

    def _others(self, one: Claim) -> float:
        """Return how many rows of a list, beside the two, are to be expected to fit as well, wherever they are."""
        if one.name:
            return max(0, self._called.get(one.name, 0) - 2) / self._lists
        expected = self._records / self._lists
        for writings in one.words:
            expected *= max(0, max(self._bearing.get(word, 0) for word in writings) - 2) / self._records
        return expected


def _near(terms: Terms, words: Collection[str]) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """Yield each word that is a term, with the term and those a letter apart."""
    for word in sorted(words):
        term = terms.words.get(f"w:{word}")
        if term is not None:
            near = terms.near.indices[terms.near.indptr[term] : terms.near.indptr[term + 1]]
            yield word, np.append(near, term)


def _meetings(records: Sequence[Tidy]) -> tuple[Mapping[int, float], float]:
    """Return how many more bear a name of so many words, and the share of rows whose name another list has too."""
    sources = {source: number for number, source in enumerate({one.record.source: None for one in records})}
    named = [
        (sources[one.record.source], hash(name.squashed), hash(one.commune), min(len(name.tokens), _LONG))
        for one in records
        for name in one.names[:1]
    ]
    cells = np.array(named, dtype=np.int64).reshape(-1, 4)
    order = np.lexsort(cells.T[2::-1])
    source, name, commune, length = cells[order].T
    fresh = np.append(True, (source[1:] != source[:-1]) | (name[1:] != name[:-1]))
    place = np.append(True, commune[1:] != commune[:-1]) | fresh
    bearers = np.cumsum(fresh) - 1
    communes = np.bincount(bearers[place & (commune != hash(""))], minlength=int(fresh.sum()))
    once = np.bincount(length[fresh][communes <= 1], minlength=_LONG + 1)
    twice = np.bincount(length[fresh][communes == 2], minlength=_LONG + 1)  # noqa: PLR2004 -- seen twice
    unseen = 2 * twice / (once + _PRIOR_NAMES)
    bearing = int(fresh.sum())
    shared = bearing - len(np.unique(name)) if len(sources) > 1 else len(name) - bearing
    smaller = sorted(np.bincount(source, minlength=len(sources)).tolist())[-2:][0] if named else 0
    return dict(enumerate(unseen.tolist())), (shared + 1) / (smaller + 1)
