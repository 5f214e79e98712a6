"""Seats shared two ways at once: every territory its seats, every size class its seats, each cell in proportion.

The answer of Balinski and Demange: there are divisors of rows and of columns such that each cell, divided by both and
rounded by the method, gives its seats. It is found as a flow of greatest product: seats move along the path that loses
least, and claims are compared as exact fractions, never as logarithms.

Source: Balinski and Demange (1989), Mathematics of Operations Research 14, 700–719, DOI 10.1287/moor.14.4.700;
Pukelsheim (2017), Proportional Representation, chapters 14 and 15, DOI 10.1007/978-3-319-64707-4; the flow is that of
Gaffke and Pukelsheim (2008), Mathematical Social Sciences 56, 166–184, DOI 10.1016/j.mathsocsci.2008.01.004.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from beffroi.assembly.divisors import DIVISORS, TieBroken, share_by_divisors
from beffroi.assembly.faults import InfeasibleError, SeatRuleError, UndecidedTieError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from beffroi.assembly.divisors import Divisor

Cell: TypeAlias = tuple[str, str]
Node: TypeAlias = tuple[int, str]  # 0 a row, 1 a column
METHODS = ("sainte-lague", "dhondt", "modified-sainte-lague")


@dataclass(frozen=True, slots=True)
class Matrix:
    """Seats by row and column, with the divisors that certify them.

    Attributes:
        seats: by cell with a weight.
        row_divisors, column_divisors: weight / (row divisor × column divisor), rounded by the method, gives the seats.
    """

    seats: Mapping[Cell, int]
    row_divisors: Mapping[str, Fraction]
    column_divisors: Mapping[str, Fraction]


def biproportional(
    weights: Mapping[Cell, Fraction],
    rows: Mapping[str, int],
    columns: Mapping[str, int],
    *,
    method: str = "sainte-lague",
    order: Sequence[Cell] = (),
) -> Matrix:
    """Share seats so that rows and columns both come out.

    Args:
        weights: weight of each cell (row, column); a cell of weight 0 or left out gets no seat.
        rows: seats of each row.
        columns: seats of each column; they sum to the same.
        method: one of `METHODS`.
        order: cells, best first: of several answers that are equally right, the one that gives most to the first
            cell, then to the second, and so on. Without an order such a tie is refused.

    Raises:
        SeatRuleError: another method, or rows and columns with different sums.
        InfeasibleError: some rows have weight only in columns that do not hold enough seats.
        UndecidedTieError: several answers are equally right and no order is given.

    >>> w = {("A", "small"): Fraction(6), ("A", "large"): Fraction(2), ("B", "small"): Fraction(1)}
    >>> dict(biproportional(w, {"A": 3, "B": 1}, {"small": 3, "large": 1}).seats)
    {('A', 'small'): 2, ('A', 'large'): 1, ('B', 'small'): 1}
    """
    if method not in METHODS:
        raise SeatRuleError(f"'{method}' shares no matrix; take one of {', '.join(METHODS)}.")
    if sum(rows.values()) != sum(columns.values()):
        raise SeatRuleError(f"Rows hold {sum(rows.values())} seats, columns {sum(columns.values())}; both must agree.")
    flow = _Flow({cell: w for cell, w in weights.items() if w > 0}, DIVISORS[method])
    flow.fill(columns)
    flow.level(rows)
    potentials = flow.potentials(rows, columns)
    flow.settle(potentials, order)
    return Matrix(
        dict(flow.seats),
        {name: potentials[0, name] for name in rows},
        {name: 1 / potentials[1, name] for name in columns},
    )


class _Flow:
    """Seats of a matrix while they move: the one place where they change."""

    def __init__(self, weights: Mapping[Cell, Fraction], divisor: Divisor) -> None:
        self.weights, self.divisor = weights, divisor
        self.seats = dict.fromkeys(weights, 0)

    def claim(self, cell: Cell, held: int) -> Fraction:
        return self.weights[cell] / self.divisor.term(held)

    def fill(self, columns: Mapping[str, int]) -> None:
        """Share each column by itself: the best there is as long as rows do not count."""
        for column, seats in columns.items():
            own = {row: w for (row, name), w in self.weights.items() if name == column}
            if seats and not own:
                raise InfeasibleError(f"'{column}' has {seats} seats, but nobody has a weight there.")
            got, _ = share_by_divisors(own, seats, self.divisor, held={}, ceilings={}, tie_break=_any_of)
            self.seats.update({(row, column): count for row, count in got.items()})

    def level(self, rows: Mapping[str, int]) -> None:
        """Move seats from rows that have too many to rows that have too few, each time where least is lost."""
        while True:
            held = dict.fromkeys(rows, 0)
            for (row, _), count in self.seats.items():
                held[row] = held.get(row, 0) + count
            over = [row for row, count in held.items() if count > rows.get(row, 0)]
            under = [row for row in rows if held[row] < rows[row]]
            if not over:
                return
            reach, before = self.reach({(0, row): Fraction(1) for row in over})
            ends = [row for row in under if (0, row) in reach]
            if not ends:
                raise InfeasibleError(self._why(rows, [row for row in rows if (0, row) not in reach]))
            node: Node = (0, max(ends, key=lambda row: reach[0, row]))
            while node in before:
                node = self.move(before[node], node)

    def move(self, start: Node, end: Node) -> Node:
        """Take a seat out of a cell (row to column) or put one in (column to row)."""
        if start[0] == 0:
            self.seats[start[1], end[1]] -= 1
        else:
            self.seats[end[1], start[1]] += 1
        return start

    def edges(self) -> Iterator[tuple[Node, Node, Fraction]]:
        """Give each move of one seat: from a row to a column it is taken out, from a column to a row put in."""
        for (row, column), held in self.seats.items():
            yield (1, column), (0, row), self.claim((row, column), held)
            if held:
                yield (0, row), (1, column), 1 / self.claim((row, column), held - 1)

    def reach(self, best: dict[Node, Fraction]) -> tuple[dict[Node, Fraction], dict[Node, Node]]:
        """Find the greatest product of moves to every node (Bellman and Ford)."""
        moves, before, changed = list(self.edges()), {}, True
        while changed:
            changed = False
            for start, end, factor in moves:
                if start in best and (end not in best or best[start] * factor > best[end]):
                    best[end], before[end], changed = best[start] * factor, start, True
        return best, before

    def potentials(self, rows: Collection[str], columns: Collection[str]) -> dict[Node, Fraction]:
        nodes = [(0, name) for name in rows] + [(1, name) for name in columns]
        return self.reach(dict.fromkeys(nodes, Fraction(1)))[0]

    def settle(self, potentials: Mapping[Node, Fraction], order: Sequence[Cell]) -> None:
        """Choose among equally right answers by the order, or refuse when there are several."""
        fixed: set[Cell] = set()
        for cell in order or sorted(self.seats):
            if cell not in self.seats:
                continue
            while (path := self._level_path(potentials, cell, fixed)) is not None:
                if not order:
                    names = sorted({f"{row}/{column}" for row, column in path})
                    raise UndecidedTieError(
                        f"The cells {', '.join(names)} tie: seats can be swapped among them without loss. "
                        "Declare an order of the cells."
                    )
                for (row, column), step in path.items():
                    self.seats[row, column] += step
            fixed.add(cell)

    def _level_path(
        self, potentials: Mapping[Node, Fraction], cell: Cell, fixed: Collection[Cell]
    ) -> dict[Cell, int] | None:
        """Find a round of moves without loss that gives `cell` one seat more."""
        level: dict[Node, list[Node]] = {}
        for start, end, factor in self.edges():
            touched = (start[1], end[1]) if start[0] == 0 else (end[1], start[1])
            if touched not in fixed and potentials[start] * factor == potentials[end]:
                level.setdefault(start, []).append(end)
        source, goal = (0, cell[0]), (1, cell[1])
        if source not in level.get(goal, ()):
            return None
        before: dict[Node, Node] = {}
        queue = [source]
        for node in queue:
            for end in level.get(node, ()):
                if end not in before and end != source and {node, end} != {source, goal}:
                    before[end] = node
                    queue.append(end)
        if goal not in before:
            return None
        steps = {cell: 1}
        node = goal
        while node != source:
            start = before[node]
            touched = (start[1], node[1]) if start[0] == 0 else (node[1], start[1])
            steps[touched] = -1 if start[0] == 0 else 1
            node = start
        return steps

    def _why(self, rows: Mapping[str, int], lacking: Sequence[str]) -> str:
        where = sorted({column for row, column in self.weights if row in lacking})
        offered = sum(count for (_, column), count in self.seats.items() if column in where)
        return (
            f"{', '.join(lacking)} need {sum(rows[row] for row in lacking)} seats together, but have a weight only in "
            f"{', '.join(where) or 'no column'}, which hold {offered}. Change one of these numbers of seats."
        )


def _any_of(among: Sequence[str], seats: int) -> TieBroken:
    """Start anywhere: which answer is chosen is settled at the end."""
    return TieBroken(tuple(among), seats, tuple(among[:seats]), "start")
