"""Protect cells of several tables at once that share cells or totals: what one table hides, another must not tell.

Cells stand in one row, bound by any linear relations (a relation's cells, with their signs, sum to nought). Cells that
are never shown take part as well: what could be worked out of them is as secret as what stands on the page. Every
secret is attacked with all that is shown, and what does not hold is hidden further (`disclosure`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from beffroi.survey.disclosure import Rule, _hide_by_attack, _interval, _Problem
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

Relation = dict[int, float]
_TOLERANCE = 1e-6


def protect_linked(
    counts: npt.ArrayLike, relations: Sequence[Relation], *, offered: npt.ArrayLike, rule: Rule | None = None
) -> Flags:
    """Say which of the offered cells may be shown.

    Args:
        counts: how many units each cell counts, none negative.
        relations: for each, the sign of each cell in it.
        offered: cells that would be shown if nothing were secret.
        rule: a cell of at least one and fewer than `least_units` units is secret; `width` and `step` say how far from
            its value, relative and absolute, an attacker's interval must reach.

    Returns:
        True for cells that may be shown. No secret cell, offered or not, can be worked out from them.

    Raises:
        MethodError: a relation does not hold.

    >>> counts = [60, 2, 28, 30]
    >>> protect_linked(counts, [{0: -1, 1: 1, 2: 1, 3: 1}], offered=[True] * 4).tolist()
    [True, False, False, True]
    """
    values = np.asarray(counts, dtype=np.float64)
    problem = _Linked(values, _matrix(relations, values), rule or Rule())
    is_offered = np.asarray(offered, dtype=bool)
    start = problem.secret | ~is_offered
    mask, _low, _high = _hide_by_attack(problem, start)
    return np.asarray(~mask & is_offered)


def attack_linked(
    counts: npt.ArrayLike, relations: Sequence[Relation], shown: npt.ArrayLike, cell: int
) -> tuple[float, float]:
    """Return the interval that all shown cells leave for one that is not.

    >>> attack_linked([5, 2, 3], [{0: -1, 1: 1, 2: 1}], [True, False, False], 1)
    (0.0, 5.0)
    """
    values = np.asarray(counts, dtype=np.float64)
    matrix, free = _matrix(relations, values), ~np.asarray(shown, dtype=bool)
    low, high = (_interval(matrix, values, free, cell, sign=sign) for sign in (-1, 1))
    return low, high


class _Linked(_Problem):
    """Cells bound by given relations, in the form that the attacks of `disclosure` work on."""

    def __init__(self, values: Floats, matrix: csr_matrix, rule: Rule) -> None:
        self.values, self.matrix = values, matrix
        self.secret = (values > 0) & (values < rule.least_units)
        needed = rule.width * values
        self.up, self.down = np.maximum(needed, rule.step), np.minimum(needed, values)
        self.can_hide = values > 0
        total = float(values.max(initial=1.0))
        self.weights = 1.0 + values / total
        self.most = 4.0 * total + float(self.up.max(initial=0.0))


def _matrix(relations: Sequence[Relation], values: Floats) -> csr_matrix:
    at = [line for line, relation in enumerate(relations) for _ in relation]
    cells = [cell for relation in relations for cell in relation]
    signs = [sign for relation in relations for sign in relation.values()]
    found = csr_matrix((signs, (at, cells)), shape=(len(relations), values.size), dtype=np.float64)
    if relations and float(np.abs(np.asarray(found @ values)).max()) > _TOLERANCE:
        raise MethodError("A relation between cells does not hold. Give every part of each total, zeros included.")
    return found
