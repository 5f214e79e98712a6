"""Benefit of the doubt: score each unit by the weights that suit it best, found by linear programming."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def benefit_of_the_doubt(values: Floats, *, least_share: float = 0.0, most_share: float = 1.0) -> tuple[Floats, Floats]:
    """Score each unit with its own best weights, under which no unit scores above 1.

    Args:
        values: units × indicators, none missing or negative, more is better.
        least_share: the least share (0..1) of a unit's score that any one indicator gives,
        most_share: and the largest.

    Returns:
        Scores (0..1; 1 on the frontier) and weights (units × indicators).

    Raises:
        MethodError: a missing or negative figure, shares that cannot sum to 1, or a unit whose shares cannot be kept.

    Source: Cherchye et al. (2007), doi:10.1007/s11205-006-9029-7; solved by HiGHS.

    >>> benefit_of_the_doubt(np.array([[2.0, 1.0], [1.0, 2.0], [1.0, 1.0]]))[0].round(6).tolist()
    [1.0, 1.0, 0.666667]
    """
    if np.isnan(values).any() or (values < 0).any():
        raise MethodError("Benefit of the doubt needs every figure present and none negative. Fill and scale first.")
    units, width = values.shape
    if not least_share * width <= 1 <= most_share * width:
        raise MethodError(f"Shares between {least_share:g} and {most_share:g} of {width} indicators cannot sum to 1.")
    size = values.max(axis=0)
    if (size == 0).any():
        raise MethodError(f"Indicator number {int(size.argmin())} is zero for every unit. Take it out.")
    x = values / size  # the weights do not depend on units; the solver is best off near 1
    scores, weights = np.empty(units), np.empty_like(x)
    for unit, own in enumerate(x):
        rows, limits = [x], [np.ones(units)]
        if least_share > 0:
            rows.append(least_share * own - np.diag(own))
            limits.append(np.zeros(width))
        if most_share < 1:
            rows.append(np.diag(own) - most_share * own)
            limits.append(np.zeros(width))
        found = linprog(-own, A_ub=np.vstack(rows), b_ub=np.concatenate(limits), bounds=(0, None), method="highs")
        if not found.success:
            raise MethodError(f"No weights keep the shares for unit number {unit}: {found.message}")
        scores[unit], weights[unit] = own @ found.x, found.x / size
    return scores, weights
