"""Compare units pair by pair instead of adding up: the outranking matrix and Copeland's score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.compat import Compat

    Floats = npt.NDArray[np.float64]

HALF = 0.5
DIGITS = 12  # half of the weight to so many digits is a tie


def outranking(values: Floats, weights: Floats, *, compat: Compat = "correct") -> Floats:
    """Return the share of the weight on which each unit beats each other, ties counting half.

    Args:
        values: units × siblings; a pair is compared on what both have.
        weights: one a sibling, not negative.
        compat: `coinr` takes the weight of missing comparisons from the unit that stands first (see compat).

    Returns:
        units × units, 0 on the diagonal; o_ij + o_ji = 1.

    Source: OECD/JRC (2008), Handbook, section 1.6.4 (non-compensatory aggregation).

    >>> outranking(np.array([[3.0, 1.0], [2.0, 1.0]]), np.array([1.0, 1.0])).tolist()
    [[0.0, 0.75], [0.25, 0.0]]
    """
    share = np.asarray(weights / weights.sum(), dtype=np.longdouble)
    if compat == "correct":
        values = _significant(values)
    out = np.zeros((len(values), len(values)))
    for row in range(len(values)):
        # Extended precision, rounded once: half of the weight must not depend on the order of additions.
        wins = ((values[row] > values) * share).sum(axis=1).astype(float)
        ties = ((values[row] == values) * share).sum(axis=1).astype(float) / 2
        out[row] = wins + ties
        if compat == "correct":
            both = ((~np.isnan(values[row]) & ~np.isnan(values)) * share).sum(axis=1).astype(float)
            out[row] = np.divide(out[row], both, out=np.full(len(values), HALF), where=both > 0)
    if compat == "coinr":
        lower = np.tril_indices(len(values), -1)
        out[lower] = 1 - out.T[lower]
    np.fill_diagonal(out, 0.0)
    return out


def _significant(values: Floats) -> Floats:
    """Round each value to 12 significant digits, so that values equal but for rounding tie."""
    with np.errstate(divide="ignore"):
        size = np.where(values == 0, 0.0, np.floor(np.log10(np.abs(values))))
    unit = 10.0 ** (size - DIGITS + 1)
    return np.asarray(np.round(values / unit) * unit)


def copeland(values: Floats, weights: Floats, *, compat: Compat = "correct") -> Floats:
    """Count for each unit the units it beats on more than half of the weight, minus those that beat it.

    Takes and returns what `outranking` does, one score a unit; a unit without any value scores 0.

    Source: Copeland (1951); Saari & Merlin (1996), doi:10.1007/BF01212012.

    >>> copeland(np.array([[3.0], [2.0], [1.0]]), np.array([1.0])).tolist()
    [2.0, 0.0, -2.0]
    """
    matrix = outranking(values, weights, compat=compat)
    if compat == "correct":
        matrix = matrix.round(DIGITS)
    score = np.sign(matrix - HALF)
    np.fill_diagonal(score, 0.0)
    return np.asarray(score.sum(axis=1))


def dominant_pairs(matrix: Floats) -> tuple[int, float]:
    """Count the pairs in which one unit beats the other on all the weight, and their share of all pairs.

    >>> dominant_pairs(np.array([[0.0, 1.0], [0.0, 0.0]]))
    (1, 1.0)
    """
    count = int((matrix == 1).sum())
    units = len(matrix)
    return count, count / ((units * units - units) / 2)
