"""Choose the pairs of records of one or several lists that are worth comparing."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from beffroi.linkage.lead import Leads, List
from beffroi.linkage.terms import Terms, terms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

    from beffroi.linkage.record import Tidy

    Places = NDArray[np.int64]

KEPT = 12
_LOOKING_BACK = 80


def pairs(records: Sequence[Tidy], *, step: Callable[[], object] = lambda: None) -> list[tuple[int, int]]:
    """Return pairs of places, the smaller first, in order; between lists when there are several, else within the one.

    Both ways are looked up, so that no list is the one that asks.

    >>> from beffroi.linkage.record import Record, tidy
    >>> some = [tidy(Record("a", 1, name="Olfeo")), tidy(Record("b", 1, name="OLFEO SA")), tidy(Record("b", 2))]
    >>> pairs(some)
    [(0, 1)]
    """
    found = pairs_with(records, range(len(records)), terms=terms_of(records), step=step)
    return [(left, right) for left, right in found.tolist()]


def pairs_with(
    records: Sequence[Tidy], fresh: Collection[int], *, terms: Terms, step: Callable[[], object] = lambda: None
) -> Places:
    """Return the pairs of `pairs` that hold one of the fresh places, without looking every record up.

    Fresh records look everywhere. The others look back only where a fresh record could see them at all, which leaves
    out nothing but pairs that one side alone would have named.

    Returns:
        pairs × 2, in order.

    >>> from beffroi.linkage.record import Record, tidy
    >>> some = [tidy(Record("a", 1, name="Olfeo")), tidy(Record("b", 1, name="OLFEO SA")), tidy(Record("b", 2))]
    >>> [pairs_with(some, one, terms=terms_of(some)).tolist() for one in ({2}, {1})]
    [[], [[0, 1]]]
    """
    sources = _sources(records)
    new = np.zeros(len(records), dtype=bool)
    new[np.fromiter(fresh, dtype=np.int64, count=len(fresh))] = True
    # A list that is new as a whole is looked up from both sides, so that it does not matter which list came first.
    whole = {source for source, places in sources.items() if new[places].all()}
    found = []
    for source, places in sources.items():
        index = List(terms, places)
        others = np.concatenate([sources[one] for one in _others(source, sources)])
        asking = others[new[others]]
        found.append(_codes(index.alike(asking, kept=KEPT + 1, step=step), len(records)))
        if new[places].any():
            back = others[~new[others]]
            if source not in whole:
                back = back[_seen_from(places[new[places]], back, terms)]
            near = index.alike(back, kept=KEPT + 1, step=step)
            known = new[near.found]
            found.append(_codes(Leads(near.asking[known], near.found[known], near.shared[known]), len(records)))
    return np.column_stack(
        np.divmod(np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *found])), len(records) or 1)
    )


def _sources(records: Sequence[Tidy]) -> dict[str, Places]:
    out: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(records):
        out[one.record.source].append(place)
    return {source: np.array(places, dtype=np.int64) for source, places in out.items()}


def _seen_from(fresh: Places, others: Places, terms: Terms) -> NDArray[np.bool_]:
    """Mark the others that a fresh record could see."""
    if not len(others):
        return np.zeros(0, dtype=bool)
    return np.isin(others, List(terms, others).best(fresh, kept=_LOOKING_BACK).found)


def _codes(leads: Leads, count: int) -> Places:
    """Return each pair of two different records as one number, the smaller record first."""
    left, right = np.minimum(leads.asking, leads.found), np.maximum(leads.asking, leads.found)
    codes: Places = (left * count + right)[left != right]
    return codes


def _others(source: str, sources: dict[str, Places]) -> list[str]:
    return [one for one in sources if one != source] or [source]
