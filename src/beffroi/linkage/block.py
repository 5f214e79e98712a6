"""Choose the pairs of records of one or several lists that are worth comparing."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from beffroi.linkage.retrieve import Candidates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
            for near in index.of(records[place], kept=KEPT + 1):
                pair = sorted((place, places[near]))
                if pair[0] != pair[1]:
                    found.add((pair[0], pair[1]))
            step()
    return sorted(found)


def within(groups: dict[str, list[int]]) -> Iterator[tuple[int, int]]:
    """Yield every pair of places that share a key, the smaller first."""
    for places in groups.values():
        for number, one in enumerate(places):
            for other in places[number + 1 :]:
                yield (one, other)
