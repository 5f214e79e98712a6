"""Ranks from scores: 1 is best, equal scores share the better rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

DECIMALS = 9  # scores closer than this many decimals are equal: below it lies rounding, not information


def rank(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
    """Rank scores along the last axis.

    Args:
        scores: any shape, no NaN; more is better. Scores equal to 9 decimals tie.

    Returns:
        Ranks of the same shape: R_i = 1 + #{k: S_k > S_i}.

    >>> rank(np.array([10.0, 30.0, 30.0, 20.0])).tolist()
    [4, 1, 1, 3]
    """
    flat = np.round(np.atleast_2d(scores), DECIMALS)
    order = np.argsort(-flat, axis=-1, kind="stable")
    ordered = np.take_along_axis(flat, order, axis=-1)
    starts = np.ones(ordered.shape, dtype=bool)
    starts[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    first = np.maximum.accumulate(np.where(starts, np.arange(flat.shape[-1], dtype=np.int32), 0), axis=-1)
    out = np.empty(flat.shape, dtype=np.int32)
    np.put_along_axis(out, order, first.astype(np.int32) + 1, axis=-1)
    return out.reshape(np.shape(scores))
