"""A board that meets several wishes at once: territories, size classes, gender, each with fewest and most seats.

Among all compositions that keep every constraint, the one nearest to proportion in the sense of Sainte-Laguë: the sum
of seats² / weight over all cells is least. Without constraints that is the method of Sainte-Laguë itself. A
mixed-integer program (HiGHS) proposes, exact fractions decide: every constraint and the sum are checked again without
rounding, and further solutions are asked for until one is worse, so that a tie is seen.

Limit: that no composition is better rests on HiGHS with its gap set to zero, hence on floating-point numbers; that the
one given keeps every constraint does not.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array

from beffroi.assembly.faults import InfeasibleError, SeatRuleError, UndecidedTieError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

MOST_TIES = 50
_OPTIMAL, _INFEASIBLE = 0, 2


@dataclass(frozen=True, slots=True)
class Group:
    """Members that are alike, such as women of small firms of Lyon.

    Attributes:
        id: name of the group.
        traits: territory, size class, gender …
        weight: their weight, above 0.
        most: seats they can fill at most, for instance their candidates.
    """

    id: str
    traits: Mapping[str, str]
    weight: Fraction
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """Fewest and most seats of all groups with certain traits.

    >>> Wish({"gender": "F"}, at_least=8).in_words
    'at least 8 seats for gender F'
    """

    traits: Mapping[str, str]
    at_least: int | None = None
    at_most: int | None = None

    @property
    def in_words(self) -> str:
        """The wish as a person says it."""
        who = " and ".join(f"{name} {value}" for name, value in self.traits.items()) or "the board"
        ends = (("at least", self.at_least), ("at most", self.at_most))
        if self.at_least == self.at_most:
            return f"exactly {self.at_least} seats for {who}"
        return " and ".join(f"{word} {count} seats" for word, count in ends if count is not None) + f" for {who}"

    def concerns(self, group: Group) -> bool:
        """Tell whether the group has all the traits."""
        return all(group.traits.get(name) == value for name, value in self.traits.items())

    def is_kept(self, groups: Sequence[Group], seats: Sequence[int]) -> bool:
        """Tell whether the seats keep the wish."""
        held = sum(count for group, count in zip(groups, seats, strict=True) if self.concerns(group))
        return (self.at_least is None or held >= self.at_least) and (self.at_most is None or held <= self.at_most)


@dataclass(frozen=True, slots=True)
class Composition:
    """Seats by group, and the sum of seats² / weight, which no other composition goes below."""

    seats: Mapping[str, int]
    distance: Fraction


def compose(groups: Sequence[Group], seats: int, wishes: Sequence[Wish], *, order: Sequence[str] = ()) -> Composition:
    """Compose a board.

    Args:
        groups: all groups that may sit.
        seats: size of the board.
        wishes: constraints, all of them kept.
        order: groups, best first: of several compositions equally near, the one that gives most to the first, then to
            the second. Without an order such a tie is refused.

    Raises:
        SeatRuleError: a weight that is not above 0, a group given twice.
        InfeasibleError: the wishes conflict; a smallest set of them that conflicts is named.
        UndecidedTieError: several compositions are equally near and no order is given.

    >>> two = [Group("women", {"gender": "F"}, Fraction(1)), Group("men", {"gender": "M"}, Fraction(3))]
    >>> dict(compose(two, 4, [Wish({"gender": "F"}, at_least=2)]).seats)
    {'women': 2, 'men': 2}
    """
    names = [one.id for one in groups]
    if len(set(names)) < len(names) or any(one.weight <= 0 for one in groups) or seats < 1:
        raise SeatRuleError(
            Text(
                "Chaque groupe a son nom et un poids au-dessus de 0, et le conseil au moins un siège.",
                "Every group needs its own name and a weight above 0, and the board at least one seat.",
            )
        )
    program = _Program(groups, seats)
    found = program.solve(wishes, ())
    if found is None:
        raise InfeasibleError(_conflict(program, seats, wishes))
    best, distance = [found], program.distance(found)
    seen = [found]
    while len(best) <= MOST_TIES and (other := program.solve(wishes, seen)) is not None:
        seen.append(other)
        # What the solver took for the best by rounding may be beaten by the next: the exact sum decides.
        if program.distance(other) > distance:
            break
        best = [other] if program.distance(other) < distance else [*best, other]
        distance = program.distance(other)
    return Composition(dict(zip(names, _chosen(names, best, order), strict=True)), distance)


def _chosen(names: Sequence[str], best: Sequence[tuple[int, ...]], order: Sequence[str]) -> tuple[int, ...]:
    if len(best) == 1:
        return best[0]
    differing = [name for place, name in enumerate(names) if len({one[place] for one in best}) > 1]
    if not order or len(best) > MOST_TIES or not set(differing) <= set(order):
        raise UndecidedTieError(
            Text(
                f"{len(best)} compositions ou plus sont aussi proches ; elles diffèrent pour {', '.join(differing)}. "
                "Déclarez un ordre de ces groupes, ou un souhait de plus.",
                f"{len(best)} compositions or more are equally near; they differ for {', '.join(differing)}. "
                "Declare an order of these groups, or one more wish.",
            )
        )
    return max(best, key=lambda one: [one[names.index(name)] for name in order if name in names])


def _conflict(program: _Program, seats: int, wishes: Sequence[Wish]) -> str:
    """Leave out one wish after the other; what cannot be left out is a smallest conflicting set."""
    needed = list(wishes)
    for wish in wishes:
        without = [one for one in needed if one is not wish]
        if program.solve(without, ()) is None:
            needed = without
    if not needed:
        return f"The groups cannot fill {seats} seats. Add groups or candidates, or take a smaller board."
    listed = "\n".join(f"- {one.in_words}" for one in needed)
    together = "These wishes cannot be kept together" if len(needed) > 1 else "This wish cannot be kept"
    return f"{together} on a board of {seats} seats:\n{listed}\nGive up or soften one of them."


class _Program:
    """One variable a group and seat, 1 when the group has that seat: its k-th seat costs (2k - 1) / weight."""

    def __init__(self, groups: Sequence[Group], seats: int) -> None:
        self.groups = groups
        self.tops = [seats if one.most is None else min(seats, one.most) for one in groups]
        self.starts = [0, *itertools.accumulate(self.tops)]
        self.seats = seats
        heaviest = max((one.weight for one in groups), default=Fraction(1))
        self.cost = np.array(
            [
                float(heaviest * (2 * k + 1) / one.weight)
                for one, top in zip(groups, self.tops, strict=True)
                for k in range(top)
            ]
        )

    def distance(self, seats: Sequence[int]) -> Fraction:
        return sum((count * count / one.weight for one, count in zip(self.groups, seats, strict=True)), Fraction(0))

    def solve(self, wishes: Sequence[Wish], refused: Sequence[tuple[int, ...]]) -> tuple[int, ...] | None:
        """Return the nearest composition that keeps the wishes and is none of those refused, or nothing."""
        size = self.starts[-1]
        if not size:
            return None
        rows = [np.ones(size)]
        ends: list[tuple[float, float]] = [(self.seats, self.seats)]
        for wish in wishes:
            low = -np.inf if wish.at_least is None else wish.at_least
            high = np.inf if wish.at_most is None else wish.at_most
            rows.append(self._row([wish.concerns(one) for one in self.groups]))
            ends.append((low, high))
        for one in refused:
            # At least one of its seats must go: the sum being fixed, another one comes.
            rows.append(self._held(one))
            ends.append((-np.inf, sum(one) - 1))
        lows, highs = zip(*ends, strict=True)
        answer = milp(
            self.cost,
            integrality=np.ones(size, dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=[LinearConstraint(csr_array(np.array(rows)), lows, highs), self._in_turn()],
            options={"mip_rel_gap": 0.0},
        )
        if answer.status == _INFEASIBLE:
            return None
        if answer.status != _OPTIMAL or answer.x is None:
            raise InfeasibleError(
                Text(
                    f"Le solveur HiGHS a renoncé : {answer.message}",
                    f"HiGHS gave up: {answer.message}",
                )
            )
        held = [round(float(part.sum())) for part in np.split(answer.x, self.starts[1:-1])]
        if sum(held) != self.seats or not all(one.is_kept(self.groups, held) for one in wishes):
            raise InfeasibleError(
                Text(
                    "HiGHS a proposé une composition qui ne tient pas chaque souhait ; rien n’est donné.",
                    "HiGHS proposed a composition that does not keep every wish; nothing is given.",
                )
            )
        return tuple(held)

    def _in_turn(self) -> LinearConstraint:
        """A group has its second seat only with its first: otherwise one composition could be written in many ways."""
        size = self.starts[-1]
        steps = (eye_array(size, k=1) - eye_array(size)).tocsr()
        ends = [end - 1 for end in self.starts[1:]]
        return LinearConstraint(steps[np.setdiff1d(np.arange(size), ends)], -np.inf, 0)

    def _row(self, marks: Sequence[bool]) -> npt.NDArray[np.float64]:
        return np.repeat(np.array(marks, dtype=float), self.tops)

    def _held(self, seats: Sequence[int]) -> npt.NDArray[np.float64]:
        return np.concatenate(
            [np.arange(top) < count for top, count in zip(self.tops, seats, strict=True)], dtype=float, casting="unsafe"
        )
