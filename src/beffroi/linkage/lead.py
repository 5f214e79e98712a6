"""Which records of one list lead to which of another: shared terms, by the million, in time that grows with the list.

Each shared term adds the bits of its rarity. A term that more than `MOST` records of the list have would lead
everywhere; it counts only within one place, the département or else the commune, if it is rare enough there. So each
record meets a bounded number of others, however long the list is.

Bits are counted in whole thousandths: sums do not hang on their order, and every engine finds the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from beffroi.linkage.terms import COMMUNE, DEPARTMENT, SURE, WORD, Sparse, Terms, sparse

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Places = NDArray[np.int64]

MOST = 1_000
SURE_BITS = 40_000
PLACE_SHARE, NEAR_SHARE = 0.6, 0.7
LEAST_ALIKE = 2  # whoever has less than one part in two of what chance gives is not compared
_ASKERS = 20_000
_TOUCHED = 8_000_000


@dataclass(frozen=True, slots=True)
class Leads:
    """Pairs that share enough: who asks, who is found, and the thousandths of a bit they share."""

    asking: Places
    found: Places
    shared: Places


class List:
    """One list, ready to be asked: what a term is worth there, and who has it."""

    def __init__(self, terms: Terms, members: Places) -> None:
        """Count the terms of the members (numbers of records, in order)."""
        self._terms, self._members = terms, members
        count = len(terms.kinds)
        owner, number = terms.rows(members)
        self._count = np.bincount(number, minlength=count)
        self._bits = self._worth(self._count)
        kinds = terms.kinds
        self._bits[kinds == SURE] = np.where(self._count[kinds == SURE] > 0, SURE_BITS, 0)
        self._crowded = (self._count > MOST) & (kinds == WORD)
        self._open = (self._count > 0) & (self._count <= MOST)
        self._place = {kind: terms.place_of(kind) for kind in (DEPARTMENT, COMMUNE)}
        # A crowded word within a place is a term of its own, numbered after all others.
        crowd = self._crowded[number]
        owners, names = [owner[self._open[number]]], [number[self._open[number]].astype(np.int64)]
        keys = []
        for places in self._place.values():
            there = places[members[owner[crowd]]]
            keys.append((owner[crowd][there >= 0], self._key(number[crowd][there >= 0], there[there >= 0])))
        self._keys, sizes = np.unique(np.concatenate([key for _, key in keys]), return_counts=True)
        self._narrow = sizes <= MOST
        for one, key in keys:
            spot = np.searchsorted(self._keys, key)
            owners.append(one[self._narrow[spot]])
            names.append(count + spot[self._narrow[spot]])
        who, what = np.concatenate(owners), np.concatenate(names)
        self._width = count + len(self._keys)
        # Terms × members, so that a record's terms times this are the members it meets.
        self._index = sparse(np.ones(len(who), dtype=np.int32), (what, who), (self._width, len(members)))
        self._degree = np.diff(self._index.indptr)

    def _worth(self, count: Places) -> Places:
        with np.errstate(divide="ignore"):
            bits = 1000 * np.log2((len(self._members) + 1) / count)
        return np.where(count > 0, np.floor(np.where(np.isfinite(bits), bits, 0) + 0.5), 0).astype(np.int64)

    def _key(self, word: NDArray[np.integer], place: NDArray[np.integer]) -> Places:
        return word.astype(np.int64) * len(self._terms.kinds) + place

    def alike(self, asking: Places, *, kept: int, step: Callable[[], object] = lambda: None) -> Leads:
        """Return for each asking record the best members that chance does not explain, nor a better one overshadows.

        Among n records one shares log2(n) bits with a record by chance. Whoever has that is kept; whoever has less than
        half of it is not, nor who has less than half of what the best one has.
        """
        chance = int(np.floor(1000 * np.log2(len(self._members) + 1) + 0.5))

        def enough(best: Places) -> Places:
            least: Places = np.minimum(np.maximum(chance, best) // LEAST_ALIKE, chance)
            return least

        return self._asked(asking, kept, enough, step)

    def best(self, asking: Places, *, kept: int) -> Leads:
        """Return the best members that share anything at all."""
        return self._asked(asking, kept, np.zeros_like, lambda: None)

    def _asked(
        self, asking: Places, kept: int, enough: Callable[[Places], Places], step: Callable[[], object]
    ) -> Leads:
        pieces = [
            self._piece(asking[start : start + _ASKERS], kept, enough, step) for start in range(0, len(asking), _ASKERS)
        ]
        empty = np.zeros(0, dtype=np.int64)
        joined = [np.concatenate([empty, *(piece[column] for piece in pieces)]) for column in range(3)]
        return Leads(*joined)

    def _piece(
        self, asking: Places, kept: int, enough: Callable[[Places], Places], step: Callable[[], object]
    ) -> tuple[Places, Places, Places]:
        who, what, worth = self._question(asking)
        question = sparse(worth, (who, what), (len(asking), self._width))
        load = np.zeros(len(asking), dtype=np.int64)
        np.add.at(load, who, self._degree[what])
        # Cut so that what is touched at once stays bounded.
        cuts = np.searchsorted(np.cumsum(load), np.arange(_TOUCHED, load.sum() + _TOUCHED, _TOUCHED), side="right")
        edges = np.unique(np.concatenate([[0], cuts, [len(asking)]]))
        out = []
        for first, last in pairwise(edges):
            shared = question[first:last] @ self._index
            out.append(_chosen(shared, kept, enough, asking[first:last], self._members))
            for _ in range(last - first):
                step()
        return tuple(np.concatenate([one[column] for one in out]) for column in range(3))  # type: ignore[return-value]  # -- three columns

    def _question(self, asking: Places) -> tuple[Places, Places, Places]:
        """Return who asks, by which term, and what the term is worth: equal terms, and words a letter apart."""
        terms = self._terms
        who, what = terms.rows(asking)
        near = terms.near
        sizes = np.diff(near.indptr)[what]
        spots = np.repeat(near.indptr[what] - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
        all_who = np.concatenate([who, np.repeat(who, sizes)])
        all_what = np.concatenate([what, near.indices[spots]]).astype(np.int64)
        exact = np.arange(len(all_who)) < len(who)
        known = self._count[all_what] > 0
        all_who, all_what, exact = all_who[known], all_what[known], exact[known]
        # Equal terms stand first, so they win over near ones that lead to the same word.
        _, first = np.unique(all_who * len(terms.kinds) + all_what, return_index=True)
        all_who, all_what, exact = all_who[first], all_what[first], exact[first]
        share = np.where(exact, np.where(terms.kinds[all_what] <= COMMUNE, PLACE_SHARE, 1.0), NEAR_SHARE)
        worth = np.floor(self._bits[all_what] * share + 0.5).astype(np.int64)
        worth = np.where(terms.kinds[all_what] == SURE, SURE_BITS, worth)
        plain, crowd = self._open[all_what], self._crowded[all_what]
        held = self._within_place(asking, all_who[crowd], all_what[crowd], worth[crowd])
        return tuple(  # type: ignore[return-value]  # -- three columns
            np.concatenate([one[plain], more]) for one, more in zip((all_who, all_what, worth), held, strict=True)
        )

    def _within_place(self, asking: Places, who: Places, what: Places, worth: Places) -> tuple[Places, Places, Places]:
        """Ask by crowded words where the record is: in its département, or in its commune if that is crowded too."""
        spot, extra = np.full(len(who), -1), np.zeros(len(who), dtype=np.int64)
        for kind in (COMMUNE, DEPARTMENT):
            place = self._place[kind][asking[who]]
            found = np.minimum(np.searchsorted(self._keys, self._key(what, place)), max(len(self._keys) - 1, 0))
            if not len(self._keys):
                break
            good = (place >= 0) & (self._keys[found] == self._key(what, place)) & self._narrow[found]
            spot[good] = found[good]
            # A place too large to lead by itself counts here, with the word.
            alone = self._count[place] <= MOST
            bits = np.where(alone, 0, np.floor(self._bits[place] * PLACE_SHARE + 0.5))
            extra[good] = bits[good].astype(np.int64)
        good = spot >= 0
        return who[good], len(self._terms.kinds) + spot[good], (worth + extra)[good]


def _chosen(
    shared: Sparse, kept: int, enough: Callable[[Places], Places], asking: Places, members: Places
) -> tuple[Places, Places, Places]:
    """Return of each row the best `kept` that are good enough, ties in the order of the list."""
    sizes = np.diff(shared.indptr)
    value, column = shared.data.astype(np.int64), shared.indices.astype(np.int64)
    row = np.repeat(np.arange(len(sizes)), sizes)
    best = np.zeros(len(sizes), dtype=np.int64)
    np.maximum.at(best, row, value)
    good = value >= enough(best)[row]
    row, column, value = row[good], column[good], value[good]
    order = np.lexsort((column, -value, row))
    row, column, value = row[order], column[order], value[order]
    starts = np.searchsorted(row, np.arange(len(sizes)))
    chosen = np.arange(len(row)) - starts[row] < kept
    return asking[row[chosen]], members[column[chosen]], value[chosen]
