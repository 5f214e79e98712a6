"""First-order and total sensitivity from a design A, B, A with one column of B at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.compat import Compat

    Floats = npt.NDArray[np.float64]


def sensitivity_indices(outcomes: Floats, *, factors: int, compat: Compat = "correct") -> tuple[Floats, Floats]:
    """Estimate Sobol indices.

    Args:
        outcomes: N(d + 2) results in the order A, B, then A with column i taken from B for each i.
        factors: d.
        compat: `coinr` does not centre the results first, which makes the first-order estimate far less sure.

    Returns:
        First-order and total index of each factor.

    Raises:
        MethodError: the number of results does not fit the design, or they are all equal.

    Source: Saltelli et al. (2010), first order; Jansen (1999), total; doi:10.1016/j.cpc.2009.09.018.

    >>> a, b = np.array([0.0, 1.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0, 1.0])
    >>> sensitivity_indices(np.concatenate([a, b, b]), factors=1)[1].tolist()
    [1.0]
    """
    size, rest = divmod(len(outcomes), factors + 2)
    if rest or not size:
        raise MethodError(f"{len(outcomes)} results are not a multiple of {factors} + 2. Give the whole design.")
    blocks = np.asarray(outcomes, dtype=float).reshape(factors + 2, size)
    both = blocks[:2].ravel()
    variance = both.var(ddof=1 if compat == "coinr" else 0)
    if variance == 0:
        raise MethodError("All results are equal, so no factor has an influence to share out.")
    if compat == "correct":
        blocks = blocks - both.mean()
    base, other, mixed = blocks[0], blocks[1], blocks[2:]
    first = (other * (mixed - base)).mean(axis=1) / variance
    total = ((base - mixed) ** 2).sum(axis=1) / (2 * size * variance)
    return first, total
