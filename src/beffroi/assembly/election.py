"""Electing candidates from weighted ballots: approval, plurality at large, instant run-off, Schulze.

Source: instant run-off as in Tideman (2006), Collective Decisions and Voting, chapter 11; Schulze (2011), Social Choice
and Welfare 36, 267–303, DOI 10.1007/s00355-010-0475-4, with winning votes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from beffroi.assembly.exact import written

Ballots: TypeAlias = Mapping[tuple[str, ...], Fraction]


@dataclass(frozen=True, slots=True)
class Elected:
    """Who is elected.

    Attributes:
        elected: candidates with a seat, in the order of the roll of candidates.
        tied: candidates among whom nothing decides, when the statutes give no order; then seats stay open.
        rounds: the count, step by step: candidate and weight as text.
        by_order: candidates whom the declared order has put before an equal.
    """

    elected: tuple[str, ...]
    tied: tuple[str, ...]
    rounds: tuple[Mapping[str, str], ...]
    by_order: tuple[str, ...] = ()


def most_votes(ballots: Ballots, candidates: Sequence[str], *, seats: int, order: Sequence[str] = ()) -> Elected:
    """Elect those named most often (approval, or plurality at large when ballots are as long as the seats).

    A candidate whom nobody names is not elected.

    >>> most_votes({("A", "B"): Fraction(2), ("C",): Fraction(1)}, ("A", "B", "C"), seats=2).elected
    ('A', 'B')
    """
    sums = {name: Fraction(0) for name in candidates}
    for names, weight in ballots.items():
        for name in names:
            sums[name] += weight
    named = [name for name in candidates if sums[name]]
    ranked = sorted(named, key=lambda name: (-sums[name], order.index(name) if order else 0))
    level: list[str] = []
    if len(ranked) > seats and sums[ranked[seats - 1]] == sums[ranked[seats]]:
        level = [name for name in ranked if sums[name] == sums[ranked[seats]]]
    sure = [name for name in ranked[:seats] if order or name not in level]
    chosen = tuple(name for name in candidates if name in sure)
    lucky = tuple(name for name in level if name in sure)
    return Elected(chosen, () if order else tuple(level), (_shown(sums),), lucky)


def instant_runoff(ballots: Ballots, candidates: Sequence[str], *, order: Sequence[str] = ()) -> Elected:
    """Elect one: the last is struck out, ballots pass to their next name, until one has more than half.

    >>> votes = {("A",): Fraction(4), ("B", "C"): Fraction(3), ("C", "B"): Fraction(2)}
    >>> instant_runoff(votes, ("A", "B", "C")).elected
    ('B',)
    """
    left = list(candidates)
    rounds: list[Mapping[str, str]] = []
    by_order: list[str] = []
    while True:
        sums = {name: Fraction(0) for name in left}
        for names, weight in ballots.items():
            if (first := next((name for name in names if name in sums), None)) is not None:
                sums[first] += weight
        rounds.append(_shown(sums))
        living = sum(sums.values(), Fraction(0))
        if not living:
            return Elected((), (), tuple(rounds), tuple(by_order))
        best = max(left, key=sums.__getitem__)
        if 2 * sums[best] > living:
            return Elected((best,), (), tuple(rounds), tuple(by_order))
        least = min(sums.values())
        last = [name for name in left if sums[name] == least]
        if least == 0 and len(last) < len(left):
            # Nobody's ballot moves when they go together.
            left = [name for name in left if name not in last]
            continue
        if len(last) > 1 and not order:
            return Elected((), tuple(last), tuple(rounds), tuple(by_order))
        gone = max(last, key=order.index) if len(last) > 1 else last[0]
        by_order += [name for name in last if name != gone]
        left.remove(gone)


def schulze(ballots: Ballots, candidates: Sequence[str], *, order: Sequence[str] = ()) -> Elected:
    """Elect one whose path to each rival is at least as strong as the path back; names left out come last.

    >>> votes = {("A", "B", "C"): Fraction(2), ("B", "C", "A"): Fraction(1)}
    >>> schulze(votes, ("A", "B", "C")).elected
    ('A',)
    """
    prefers = {(one, two): Fraction(0) for one in candidates for two in candidates if one != two}
    for names, weight in ballots.items():
        place = {name: number for number, name in enumerate(names)}
        for one, two in prefers:
            if place.get(one, len(candidates)) < place.get(two, len(candidates)):
                prefers[one, two] += weight
    path = {(i, j): w if w > prefers[j, i] else Fraction(0) for (i, j), w in prefers.items()}
    for k in candidates:
        for i, j in prefers:
            if k not in {i, j}:
                path[i, j] = max(path[i, j], min(path[i, k], path[k, j]))
    rounds = (_shown({f"{i}>{j}": w for (i, j), w in prefers.items()}),)
    if not any(names and weight for names, weight in ballots.items()):
        return Elected((), (), rounds)
    best = [i for i in candidates if all(path[i, j] >= path[j, i] for j in candidates if j != i)]
    if len(best) == 1:
        return Elected((best[0],), (), rounds)
    if not order:
        return Elected((), tuple(best), rounds)
    first = min(best, key=order.index)
    return Elected((first,), (), rounds, (first,))


def _shown(sums: Mapping[str, Fraction]) -> dict[str, str]:
    return {name: written(value) for name, value in sums.items()}
