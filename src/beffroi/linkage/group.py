"""Make groups of records that are one organisation, out of scored pairs: never by connected components.

One false link between two groups of five joins ten records when groups are connected components. Here two groups join
when their pairs speak for it on average (average linkage on log-odds, Sokal and Michener 1958), pairs that were not
even candidates speak against, and a rule may forbid it: two SIREN are never in one group.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MISSING_LOGIT = -3.0


def group(
    size: int,
    links: Iterable[tuple[int, int, float]],
    *,
    allowed: Callable[[list[int], list[int]], bool] = lambda _left, _right: True,
    missing: float = MISSING_LOGIT,
) -> list[int]:
    """Group records.

    Args:
        size: number of records, named 0 … size − 1.
        links: pairs of different records and their log-odds of being one; a pair given twice counts once, the last.
        allowed: whether two groups may join.
        missing: log-odds of a pair that is not given.

    Returns:
        For each record the smallest record of its group. Ties go to smaller numbers: give records in an order that
        hangs on what they say and not on where they stand, and the groups do not depend on the order of the rows.

    >>> group(3, [(0, 1, 2.0), (1, 2, 2.0), (0, 2, -9.0)])
    [0, 0, 2]
    >>> group(3, [(0, 1, 2.0), (1, 2, 2.5)], allowed=lambda a, b: False)
    [0, 1, 2]
    """
    known: list[dict[int, tuple[float, int]]] = [{} for _ in range(size)]
    for left, right, logit in links:
        known[left][right] = known[right][left] = (logit, 1)
    members: list[list[int]] = [[one] for one in range(size)]
    heap = [
        (-logit, left, right)
        for left, found in enumerate(known)
        for right, (logit, _) in found.items()
        if left < right and logit > 0
    ]
    heapq.heapify(heap)
    while heap:
        worth, left, right = heapq.heappop(heap)
        if right not in known[left] or -worth != _mean(known, members, left, right, missing):
            continue
        if not allowed(members[left], members[right]):
            continue
        for other in _join(known, members, left, right):
            mean = _mean(known, members, left, other, missing)
            if mean > 0:
                heapq.heappush(heap, (-mean, min(left, other), max(left, other)))
    out = list(range(size))
    for found in members:
        for one in found:
            out[one] = min(found)
    return out


def _mean(
    known: list[dict[int, tuple[float, int]]], members: list[list[int]], left: int, right: int, missing: float
) -> float:
    total, count = known[left][right]
    pairs = len(members[left]) * len(members[right])
    return (total + (pairs - count) * missing) / pairs


def _join(known: list[dict[int, tuple[float, int]]], members: list[list[int]], left: int, right: int) -> list[int]:
    """Let `left` take the members and links of `right`; return the groups whose link to it changed."""
    members[left] += members[right]
    members[right] = []
    del known[left][right]
    gone, known[right] = known[right], {}
    for other, (total, count) in gone.items():
        if other == left:
            continue
        before = known[left].get(other, (0.0, 0))
        known[left][other] = known[other][left] = (before[0] + total, before[1] + count)
        del known[other][right]
    return list(known[left])
