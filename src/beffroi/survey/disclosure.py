"""Disclosure control: hide what would tell of one firm, and whatever would lead back to it by subtraction.

A cell that fewer than three units make up, or of which one unit holds more than 85 %, is secret (primary). Since totals
are shown, further cells must be hidden with it (complementary), so that from all that is shown a secret value can only
be placed in an interval of a required width. Tables are two trees of categories crossed, territories by activities for
instance, with every subtotal: a hierarchy of territories alone is such a table with one column.

Small tables are protected by an integer programme that hides least; large ones by hypercubes of four cells and, where
none is found, by linear programmes one secret at a time. Either way every secret is attacked at the end, and what does
not hold is hidden further. A firm that knows its own value knows more than this attacker; the rule of three units is
what protects its neighbours from it.

Sources: INSEE, Guide du secret statistique (threshold 3, dominance 85 %); Hundepool et al. (2012), Statistical
Disclosure Control, chapter 4; Fischetti and Salazar-González (2000), Journal of the American Statistical Association
95(451), doi 10.1080/01621459.2000.10474282; Kelly, Golden and Assad (1992), Networks 22(4),
doi 10.1002/net.3230220407.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_diag, csr_matrix, hstack

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

SHOWN, TOO_FEW, DOMINATED, COMPLEMENTARY = "", "too_few_units", "one_unit_dominates", "complementary"
ROOT = -1
_MOST_EXACT = 6_000  # variables of an integer programme that is still solved in seconds
_SECONDS = 20.0
_TOLERANCE = 1e-7
_UNBOUNDED = 3  # status of HiGHS as SciPy gives it


@dataclass(frozen=True, slots=True)
class Rule:
    """When a cell is secret, and how wide the interval around it must be.

    `least_units` that must make a cell up; `most_share` of it that one unit may hold; `width`: an attacker's interval
    must reach at least this share of the value above and below it, and at least `step` above, the smallest difference
    that matters (1 for counts).
    """

    least_units: int = 3
    most_share: float = 0.85
    width: float = 0.15
    step: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with all its subtotals: nodes of a tree of rows × nodes of a tree of columns.

    `row_parents[i]` is the row that row i adds to, `ROOT` for the grand total; likewise for columns. `values`, `units`
    and `largest` (rows × columns) give the value of each cell, how many units make it up, and the value of the largest
    of them. None is negative.
    """

    values: Floats
    units: npt.NDArray[np.int64]
    largest: Floats
    row_parents: tuple[int, ...]
    column_parents: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse a table that does not add up.

        Raises:
            MethodError: shapes differ, a value is negative or missing, or a total is not the sum of its parts.
        """
        shape = (len(self.row_parents), len(self.column_parents))
        if not self.values.shape == self.units.shape == self.largest.shape == shape:
            raise MethodError(f"Values, units and largest units must all be {shape[0]} × {shape[1]}, rows × columns.")
        if not (np.isfinite(self.values).all() and (self.values >= 0).all()):
            raise MethodError("A table to be protected holds values that are known and not negative.")
        gap = np.abs(_relations(self) @ self.values.ravel())
        if gap.size and gap.max() > _TOLERANCE * max(1.0, float(self.values.max())):
            raise MethodError("A total of the table is not the sum of its parts. Give every part, zeros included.")


@dataclass(frozen=True, slots=True)
class Protected:
    """What may be shown.

    `values` is NaN where secret; `reasons` says why for each cell, "" where it is shown; `low` and `high` bound what an
    attacker can learn of each secret at least (shown cells: the value); `method` is `exact` or `heuristic`.
    """

    values: Floats
    reasons: npt.NDArray[np.str_]
    low: Floats
    high: Floats
    method: Literal["exact", "heuristic"]

    @property
    def secret(self) -> Flags:
        """Cells that are not shown."""
        return np.asarray(self.reasons != SHOWN)


def primary(table: Table, rule: Rule | None = None) -> npt.NDArray[np.str_]:
    """Say of each cell why it is secret by itself, "" where it is not; an empty cell is no secret.

    >>> values, largest = np.array([[9.0], [8.0], [1.0]]), np.array([[7.9], [7.9], [0.5]])
    >>> t = Table(values, np.array([[7], [5], [2]]), largest, (-1, 0, 0), (-1,))
    >>> primary(t).ravel().tolist()
    ['one_unit_dominates', 'one_unit_dominates', 'too_few_units']
    """
    rule = rule or Rule()
    few = (table.units > 0) & (table.units < rule.least_units)
    dominated = (table.values > 0) & (table.largest > rule.most_share * table.values)
    return np.where(few, TOO_FEW, np.where(dominated, DOMINATED, SHOWN))


def protect(
    table: Table, rule: Rule | None = None, *, hidden: Flags | None = None, exact: bool | None = None
) -> Protected:
    """Hide the secret cells and as little else as keeps them secret.

    Args:
        table: values with all subtotals.
        rule: when a cell is secret, and how wide it must be kept.
        hidden: cells that are hidden whatever this table says, such as those of another measure of the same units.
        exact: True for the integer programme, False for the heuristic; by default by the size of the table.

    Returns:
        The table as it may be shown, with the reason of each secret and the interval it lies in for an attacker.

    Raises:
        MethodError: `exact` was asked for and no proven answer was found in time.

    >>> values = np.array([[60.0], [2.0], [28.0], [30.0]])
    >>> units = np.array([[40], [2], [18], [20]])
    >>> done = protect(Table(values, units, values / 10, (-1, 0, 0, 0), (-1,)))
    >>> done.reasons.ravel().tolist()
    ['', 'too_few_units', 'complementary', '']
    """
    rule = rule or Rule()
    reasons = primary(table, rule)
    secret = (reasons != SHOWN).ravel()
    start = secret if hidden is None else secret | hidden.ravel()
    problem = _Problem(table, rule, secret)
    is_small = table.values.size * int(secret.sum()) * 2 <= _MOST_EXACT
    found = _hide_exactly(problem, start) if (is_small if exact is None else exact) else None
    if exact and found is None:
        raise MethodError(
            "No proven smallest set of hidden cells was found in time. Protect the table with exact=False."
        )
    mask = start if found is None else found
    if found is None:
        mask = _hide_by_hypercubes(problem, mask)
    mask, low, high = _hide_by_attack(problem, mask)
    flags = mask.reshape(table.values.shape)
    why = np.where(flags & (reasons == SHOWN), COMPLEMENTARY, reasons)
    shown = np.where(flags, np.nan, table.values)
    shape = table.values.shape
    return Protected(shown, why, low.reshape(shape), high.reshape(shape), "heuristic" if found is None else "exact")


def attack(table: Table, secret: Flags, cell: tuple[int, int]) -> tuple[float, float]:
    """Return the interval that all that is shown leaves for one secret cell; infinite where nothing bounds it.

    The attacker knows every shown cell, that totals are sums, and that no value is negative.

    >>> t = Table(np.array([[5.0], [2.0], [3.0]]), np.ones((3, 1), int), np.ones((3, 1)), (-1, 0, 0), (-1,))
    >>> attack(t, np.array([[False], [True], [True]]), (1, 0))
    (0.0, 5.0)
    """
    matrix, values, free = _relations(table), table.values.ravel(), secret.ravel()
    position = int(np.ravel_multi_index(cell, table.values.shape))
    return _interval(matrix, values, free, position, sign=-1), _interval(matrix, values, free, position, sign=1)


def _interval(matrix: csr_matrix, values: Floats, free: Flags, position: int, *, sign: int) -> float:
    columns = np.flatnonzero(free)
    cost = np.where(columns == position, -float(sign), 0.0)
    right = -(matrix[:, ~free] @ values[~free])
    found = milp(cost, constraints=LinearConstraint(matrix[:, columns], right, right), bounds=Bounds(0, np.inf))
    if found.status == _UNBOUNDED or found.x is None:
        return float("inf")
    return float(found.x[np.searchsorted(columns, position)])


class _Problem:
    """The table as vectors: values, relations, and how far each secret must be movable."""

    def __init__(self, table: Table, rule: Rule, secret: Flags) -> None:
        self.table = table
        self.secret = secret
        self.values = table.values.ravel()
        self.matrix = _relations(table)
        dominance = np.maximum(table.largest.ravel() / rule.most_share - self.values, 0.0)
        needed = np.maximum(rule.width * self.values, dominance)
        self.up = np.maximum(needed, rule.step)
        self.down = np.minimum(needed, self.values)
        # An empty cell is empty for all to see: it cannot hide another.
        self.can_hide = (self.values > 0) | (table.units.ravel() > 0)
        total = float(self.values.max(initial=1.0))
        self.weights = 1.0 + self.values / total
        self.most = 4.0 * total + float(self.up.max(initial=0.0))

    def reach(self, move: Floats, low: Floats, high: Floats) -> None:
        """A move that keeps all totals shows how far each cell may be; so does its reverse, as far as it can go."""
        np.maximum(high, self.values + move, out=high)
        np.minimum(low, self.values + move, out=low)
        rising = move > _TOLERANCE
        if rising.any():
            back = min(1.0, float((self.values[rising] / move[rising]).min()))
            np.maximum(high, self.values - back * move, out=high)
            np.minimum(low, self.values - back * move, out=low)

    def holds(self, position: int, low: Floats, high: Floats) -> tuple[bool, bool]:
        """Whether the interval reaches as far down, and up, as it must."""
        slack = _TOLERANCE * max(1.0, self.values[position])
        value = self.values[position]
        return (
            bool(low[position] <= value - self.down[position] + slack),
            bool(high[position] >= value + self.up[position] - slack),
        )


def _hide_exactly(problem: _Problem, start: Flags) -> Flags | None:
    """The cheapest set of cells that lets every secret move both ways; None when it is not proven in time."""
    cells, targets = problem.values.size, np.flatnonzero(problem.secret)
    if not targets.size:
        return start
    moves = 2 * targets.size
    relations = block_diag([problem.matrix] * moves, format="csr")
    blank = csr_matrix((relations.shape[0], cells))
    eye = csr_matrix(np.eye(cells))
    stacked = block_diag([eye] * moves, format="csr")
    upper_gate = hstack([csr_matrix(np.tile(-problem.most * np.eye(cells), (moves, 1))), stacked])
    lower_gate = hstack([csr_matrix(np.tile(np.diag(problem.values), (moves, 1))), stacked])
    low, high = np.full(cells * moves, -np.inf), np.full(cells * moves, np.inf)
    for k, target in enumerate(targets):
        low[2 * k * cells + target] = problem.up[target]
        high[(2 * k + 1) * cells + target] = -problem.down[target]
    found = milp(
        np.concatenate([problem.weights, np.zeros(cells * moves)]),
        constraints=[
            LinearConstraint(hstack([blank, relations]), 0, 0),
            LinearConstraint(upper_gate, -np.inf, 0),
            LinearConstraint(lower_gate, 0, np.inf),
        ],
        bounds=Bounds(
            np.concatenate([start.astype(float), low]), np.concatenate([(problem.can_hide | start).astype(float), high])
        ),
        integrality=np.concatenate([np.ones(cells), np.zeros(cells * moves)]),
        options={"time_limit": _SECONDS},
    )
    return None if found.status != 0 else np.asarray(found.x[:cells] > 0.5)  # noqa: PLR2004 -- a binary


def _hide_by_hypercubes(problem: _Problem, start: Flags) -> Flags:
    """Close each secret leaf into a rectangle of leaves under the same parents, preferring what is hidden already."""
    table, mask = problem.table, start.reshape(problem.table.values.shape).copy()
    shape = mask.shape
    need = np.maximum(problem.up, problem.down).reshape(shape)
    rows, columns = _leaf_siblings(table.row_parents), _leaf_siblings(table.column_parents)
    for i, j in zip(*np.nonzero(problem.secret.reshape(shape)), strict=True):
        others, across = rows.get(int(i), np.array([], int)), columns.get(int(j), np.array([], int))
        if not others.size or not across.size:
            continue
        block = table.values[np.ix_(others, across)]
        fits = (block >= need[i, j]) & (table.values[others, j] >= need[i, j])[:, None]
        fits &= (table.values[i, across] >= need[i, j])[None, :]
        if not fits.any():
            continue
        weight = np.where(mask, 0.0, problem.weights.reshape(shape))
        cost = weight[np.ix_(others, across)] + weight[others, j][:, None] + weight[i, across][None, :]
        k, m = np.unravel_index(int(np.argmin(np.where(fits, cost, np.inf))), cost.shape)
        mask[others[k], j] = mask[i, across[m]] = mask[others[k], across[m]] = True
    return mask.ravel()


def _hide_by_attack(problem: _Problem, start: Flags) -> tuple[Flags, Floats, Floats]:
    """Attack every secret; where it does not hold, hide the cheapest cells that let it move. What comes out holds."""
    mask = start.copy()
    low, high = problem.values.copy(), problem.values.copy()
    for position in np.flatnonzero(problem.secret):
        for k, distance in ((1, problem.up[position]), (0, -problem.down[position])):
            if not problem.holds(int(position), low, high)[k]:
                move = _cheapest_move(problem, mask, int(position), float(distance))
                mask |= np.abs(move) > _TOLERANCE
                problem.reach(move, low, high)
    return mask, low, high


def _cheapest_move(problem: _Problem, mask: Flags, position: int, distance: float) -> Floats:
    """A change of hidden cells that moves one secret by `distance` and no total that is shown."""
    cells = problem.values.size
    free = problem.can_hide | mask
    cost = np.where(mask, 1e-6, problem.weights)
    up, down = np.where(free, problem.most, 0.0), np.where(free, problem.values, 0.0)
    fixed_up, fixed_down = up.copy(), down.copy()
    low = np.zeros(2 * cells)
    fixed_up[position], fixed_down[position] = max(distance, 0.0), max(-distance, 0.0)
    low[position], low[cells + position] = fixed_up[position], fixed_down[position]
    found = milp(
        np.concatenate([cost, cost]),
        constraints=LinearConstraint(hstack([problem.matrix, -problem.matrix], format="csr"), 0, 0),
        bounds=Bounds(low, np.concatenate([fixed_up, fixed_down])),
    )
    if found.x is None:
        raise MethodError(f"A secret cannot be protected in this table ({found.message}). Show a coarser table.")
    return np.asarray(found.x[:cells] - found.x[cells:], dtype=np.float64)


def _leaf_siblings(parents: Sequence[int]) -> dict[int, npt.NDArray[np.int64]]:
    inner = set(parents)
    leaves = [k for k in range(len(parents)) if k not in inner and parents[k] != ROOT]
    return {
        k: np.array([one for one in leaves if one != k and parents[one] == parents[k]], dtype=np.int64) for k in leaves
    }


def _relations(table: Table) -> csr_matrix:
    """One line for each total: its parts less itself, over cells in row-major order."""
    rows, columns = table.values.shape
    lines: list[tuple[int, list[int]]] = []
    for parent, parts in _families(table.row_parents).items():
        lines += [(parent * columns + j, [part * columns + j for part in parts]) for j in range(columns)]
    for parent, parts in _families(table.column_parents).items():
        lines += [(i * columns + parent, [i * columns + part for part in parts]) for i in range(rows)]
    at, cells, signs = [], [], []
    for line, (total, members) in enumerate(lines):
        at += [line] * (1 + len(members))
        cells += [total, *members]
        signs += [-1.0, *([1.0] * len(members))]
    return csr_matrix((signs, (at, cells)), shape=(len(lines), rows * columns))


def _families(parents: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for child, parent in enumerate(parents):
        if parent != ROOT:
            found.setdefault(parent, []).append(child)
    return found
