"""Find organisations: by words that may lack accents or carry a slip of the finger, and by what they are counted by.

A query is what an address asks for; page, files and interface answer the same query with the same organisations in the
same order. What a visitor may not read, a visitor may not filter or search by either.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from beffroi.federation.directory_entries import OUTSIDE, STATUSES, Entry, entries
from beffroi.federation.rows import plain
from beffroi.federation.size_class import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

ONE_SLIP, TWO_SLIPS = 4, 8  # letters from which a word may be one or two slips away
ANY = "any"
MEMBERSHIPS = ("one", "several", "none")
SORTS = ("name", "city", "size", "trade")
MOST_WORDS = 12
MOST_ANSWERS = 200


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for; empty means everything.

    `territory` is a code of any level (see `territory`), `acts_in` one in which an organisation acts or sits, `trade`
    an id of the scheme (narrower ones count), `list` a list that it stands in today, `membership` in `one` or `several`
    lists or `none`, `size` a class, `status` one of `STATUSES` or `any` (empty: whoever stands in a list today), `sort`
    one of `SORTS`, with `-` before it for the reverse; empty sorts by nearness of the words, then by name.
    """

    words: str = ""
    list: str = ""
    territory: str = ""
    acts_in: str = ""
    trade: str = ""
    membership: str = ""
    size: str = ""
    status: str = ""
    sort: str = ""


FACETS = ("list", "territory", "acts_in", "trade", "membership", "size", "status")
FOR_OFFICERS = ("size", "status")
PARAMETERS = {"q": "words", **{one.name: one.name for one in fields(Query) if one.name != "words"}}


@dataclass(frozen=True, slots=True)
class Found:
    """The organisations asked for, in order, and counts by facet.

    Of each value of a facet the count says how many there would be: the filter of that facet itself is left out.
    """

    entries: tuple[Entry, ...]
    facets: dict[str, Counter[str]]


def search(query: Query, *, day: date, sees_all: bool) -> Found:
    """Answer a query.

    Args:
        query: what is asked for.
        day: decides which memberships have lapsed.
        sees_all: an officer asks, who may read everything; visitors find who stands in a list and agreed to be shown.
    """
    everything = entries(day)
    if not sees_all:
        query = replace(query, **dict.fromkeys(FOR_OFFICERS, ""))
    if _answers.held is not everything:
        _answers.held = everything
        _answers.known.clear()
    known = _answers.known.get((query, sees_all))
    if known is None:
        known = _search(query, everything, sees_all=sees_all)
        if len(_answers.known) < MOST_ANSWERS:
            _answers.known[query, sees_all] = known
    return known


class _Answers:
    """Answers to the first questions asked of one state of the registry: pages and files ask the same ones again."""

    held: tuple[Entry, ...] = ()
    known: ClassVar[dict[tuple[Query, bool], Found]] = {}


_answers = _Answers()


def _search(query: Query, everything: tuple[Entry, ...], *, sees_all: bool) -> Found:
    near = _index(everything, sees_all=sees_all).find(query.words) if query.words else None
    tests = _tests(query)
    found: list[int] = []
    others: dict[str, list[Entry]] = {name: [] for name, _ in tests}
    places: Iterable[int] = range(len(everything)) if near is None else sorted(near)
    for place in places:
        one = everything[place]
        if not sees_all and not (one.lists and one.is_public):
            continue
        failed = [name for name, test in tests if not test(one)]
        if not failed:
            found.append(place)
        elif len(failed) == 1:
            others[failed[0]].append(one)
    kept = [everything[place] for place in found]
    counts = {
        name: Counter(chain.from_iterable(map(_VALUES[name], chain(kept, others.get(name, ()))))) for name in FACETS
    }
    ordered = _sorted([((near or {}).get(place, 0), place) for place in found], everything, query.sort)
    return Found(tuple(everything[place] for place in ordered), counts)


def cut(found: Sequence[Entry], number: int, size: int) -> tuple[int, int, Sequence[Entry]]:
    """Return the number of a page (held within what there is), how many there are, and its entries.

    >>> cut([], 7, 50)
    (1, 1, [])
    """
    pages = max(1, -(-len(found) // size))
    kept = min(max(number, 1), pages)
    return kept, pages, found[(kept - 1) * size : kept * size]


def _tests(query: Query) -> list[tuple[str, Callable[[Entry], bool]]]:
    found = [(name, _has(name, getattr(query, name))) for name in FACETS if name != "status" and getattr(query, name)]
    # Without a word on status: whoever stands in a list today, lapsed or closed or not.
    if query.status != ANY:
        found.append(("status", _has("status", query.status) if query.status else lambda one: bool(one.lists)))
    return found


def _has(facet: str, value: str) -> Callable[[Entry], bool]:
    values = _VALUES[facet]
    return lambda one: value in values(one)


_VALUES: dict[str, Callable[[Entry], Sequence[str] | frozenset[str]]] = {
    "list": lambda one: one.lists,
    "territory": lambda one: one.codes,
    "acts_in": lambda one: one.codes.union(one.acts_in) if one.acts_in else one.codes,
    "trade": lambda one: one.trade_codes,
    "membership": lambda one: (MEMBERSHIPS[min(len(one.lists), 2) - 1],),
    "size": lambda one: (one.size,),
    "status": lambda one: (one.status,),
}
VALUES = {"membership": MEMBERSHIPS, "size": CLASSES, "status": (*STATUSES, ANY)}


def _sorted(found: list[tuple[int, int]], held: Sequence[Entry], sort: str) -> list[int]:
    by, is_reverse = sort.removeprefix("-"), sort.startswith("-")
    keys: dict[str, Callable[[Entry], tuple[object, ...]]] = {
        "city": lambda one: (not one.city, plain(one.city)),
        "size": lambda one: (one.size_rank,),
        "trade": lambda one: (not one.trades, one.trades[:1]),
    }
    places = [place for _, place in sorted(found)] if not sort else sorted(place for _, place in found)
    if by in keys:
        return sorted(places, key=lambda place: keys[by](held[place]), reverse=is_reverse)
    return places[::-1] if by == "name" and is_reverse else places


class _Index:
    """Words of the entries, sorted, with the entries that have each."""

    def __init__(self, held: Sequence[Entry], *, sees_all: bool) -> None:
        self.held = held
        places: dict[str, list[int]] = {}
        for place, one in enumerate(held):
            for word in one.all_words if sees_all else one.words:
                places.setdefault(word, []).append(place)
        self.words = sorted(places)
        self.places = [places[word] for word in self.words]
        self._heads: dict[int, list[str]] = {}

    def find(self, text: str) -> dict[int, int] | None:
        """Return the entries that have all words, with how many slips that takes; None when nothing is asked."""
        asked = plain(text).split()[:MOST_WORDS]
        if not asked:
            return None
        found: dict[int, int] | None = None
        for word in asked:
            near = self._near(word)
            if found is None:
                found = near
            else:
                found = {place: slips + near[place] for place, slips in found.items() if place in near}
        return found

    def _near(self, word: str) -> dict[int, int]:
        found: dict[int, int] = {}
        slips = 2 if len(word) >= TWO_SLIPS else 1 if len(word) >= ONE_SLIP else 0
        if slips:
            # The beginning of each word, as long as what was typed and as long as it may be: a word may be half typed.
            far = np.minimum(self._distances(word, len(word) + slips, slips), self._distances(word, len(word), slips))
            for number in np.flatnonzero(far <= slips):
                for place in self.places[number]:
                    found[place] = min(found.get(place, slips), int(far[number]))
        for at in range(bisect_left(self.words, word), len(self.words)):
            if not self.words[at].startswith(word):
                break
            found |= dict.fromkeys(self.places[at], 0)
        return found

    def _distances(self, word: str, length: int, slips: int) -> np.ndarray:
        if length not in self._heads:
            self._heads[length] = [one[:length] for one in self.words]
        heads = self._heads[length]
        if not heads:
            return np.zeros(0, dtype=np.uint8)
        return np.asarray(cdist([word], heads, scorer=OSA.distance, score_cutoff=slips, dtype=np.uint8)[0])


_indices: dict[bool, _Index] = {}


def _index(held: tuple[Entry, ...], *, sees_all: bool) -> _Index:
    known = _indices.get(sees_all)
    if known is None or known.held is not held:
        known = _indices[sees_all] = _Index(held, sees_all=sees_all)
    return known


def slips_between(one: str, other: str) -> int:
    """Return how many letters to add, drop, change or swap with a neighbour to go from one word to the other.

    >>> slips_between("lyon", "lyno"), slips_between("numelink", "numerlink"), slips_between("a", "a")
    (1, 1, 0)
    """
    return int(OSA.distance(one, other))


__all__ = ["ANY", "FACETS", "FOR_OFFICERS", "OUTSIDE", "PARAMETERS", "SORTS", "VALUES", "Entry", "Found", "Query",
           "cut", "search", "slips_between"]  # fmt: skip
