"""Choose the pairs of records of one or several lists that are worth comparing."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from beffroi.linkage.retrieve import Candidates

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from beffroi.linkage.record import Tidy

KEPT = 12


def pairs(records: Sequence[Tidy], *, step: Callable[[], object] = lambda: None) -> list[tuple[int, int]]:
    """Return pairs of places, the smaller first, in order; between lists when there are several, else within the one.

    Both ways are looked up, so that no list is the one that asks.

    >>> from beffroi.linkage.record import Record, tidy
    >>> some = [tidy(Record("a", 1, name="Olfeo")), tidy(Record("b", 1, name="OLFEO SA")), tidy(Record("b", 2))]
    >>> pairs(some)
    [(0, 1)]
    """
    sources: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(records):
        sources[one.record.source].append(place)
    found: set[tuple[int, int]] = set()
    for source, places in sources.items():
        index = Candidates([records[place] for place in places])
        asking = [
            place for other, theirs in sources.items() if other != source or len(sources) == 1 for place in theirs
        ]
        for place in asking:
            for near in index.alike(records[place], kept=KEPT + 1):
                pair = sorted((place, places[near]))
                if pair[0] != pair[1]:
                    found.add((pair[0], pair[1]))
            step()
    return sorted(found)


def pairs_with(
    records: Sequence[Tidy], fresh: Collection[int], *, step: Callable[[], object] = lambda: None
) -> list[tuple[int, int]]:
    """Return the pairs of `pairs` that hold one of the fresh places, without looking every record up.

    Fresh records look everywhere. The others look back only where a fresh record could see them at all, which leaves
    out nothing but pairs that one side alone would have named.

    >>> from beffroi.linkage.record import Record, tidy
    >>> some = [tidy(Record("a", 1, name="Olfeo")), tidy(Record("b", 1, name="OLFEO SA")), tidy(Record("b", 2))]
    >>> pairs_with(some, {2}), pairs_with(some, {1})
    ([], [(0, 1)])
    """
    if len(fresh) == len(records):
        return pairs(records, step=step)
    sources: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(records):
        sources[one.record.source].append(place)
    indices = {source: Candidates([records[place] for place in places]) for source, places in sources.items()}
    fresh_sources = {records[place].record.source for place in fresh}
    found: set[tuple[int, int]] = set()
    askers: set[int] = set()
    for place in fresh:
        for source in _others(records[place].record.source, sources):
            near = [sources[source][one] for one in indices[source].alike(records[place], kept=KEPT + 1)]
            found.update((min(place, one), max(place, one)) for one in near if one != place)
            askers.update(sources[source][one] for one in indices[source].of(records[place]))
        step()
    # A list that is new as a whole is looked up from both sides, so that it does not matter which list came first.
    whole = {source for source in fresh_sources if all(place in fresh for place in sources[source])}
    askers |= {place for source in whole for other in _others(source, sources) for place in sources[other]}
    for place in askers - set(fresh):
        for source in _others(records[place].record.source, sources):
            if source in fresh_sources:
                near = [sources[source][one] for one in indices[source].alike(records[place], kept=KEPT + 1)]
                found.update((min(place, one), max(place, one)) for one in near if one in fresh and one != place)
    return sorted(found)


def _others(source: str, sources: dict[str, list[int]]) -> list[str]:
    return [one for one in sources if one != source] or [source]


def within(groups: dict[str, list[int]]) -> Iterator[tuple[int, int]]:
    """Yield every pair of places that share a key, the smaller first."""
    for places in groups.values():
        for number, one in enumerate(places):
            for other in places[number + 1 :]:
                yield (one, other)
