"""Cases to plan on when the weights are not sure: every weight of the tree moved at random among its siblings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.gap_robust import Cases, cases
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.gap_question import Question
    from beffroi.composite.tree_score import TreeScore

    Floats = npt.NDArray[np.float64]


def noisy_effective_weights(tree: TreeScore, *, spread: float, rng: np.random.Generator, count: int) -> Floats:
    """Draw effective weights: each weight times 1 + U(−spread, spread), shared out anew among siblings.

    Returns:
        count × indicators; rows sum to 1.

    >>> from beffroi.composite.tree_score import Branch, TreeScore
    >>> one = TreeScore(("x", "y"), (Branch("top", ("x", "y"), np.array([0.5, 0.5]), 1.0),))
    >>> noisy_effective_weights(one, spread=0.0, rng=np.random.default_rng(1), count=1).tolist()
    [[0.5, 0.5]]
    """
    known = {tree.branches[-1].code: np.ones(count)}
    for one in reversed(tree.branches):
        shares = one.shares * (1 + rng.uniform(-spread, spread, (count, one.shares.size)))
        shares /= shares.sum(axis=1, keepdims=True)
        known |= {child: known[one.code] * shares[:, k] for k, child in enumerate(one.children)}
    return np.column_stack([known[code] for code in tree.indicators])


def cases_of(
    tree: TreeScore, question: Question, wanted: int, *, spread: float, rng: np.random.Generator, count: int
) -> Cases:
    """Draw cases for `robust_plan` from an arithmetic index.

    Raises:
        MethodError: a mean is not arithmetic, or the spread is not within 0 and 1.
    """
    if not tree.is_linear:
        raise MethodError("A plan with a given chance needs arithmetic means. Change the means, or ask without chance.")
    if not 0 <= spread < 1:
        raise MethodError(f"A spread of {spread:g} was given; weights can vary by 0 up to less than 1 of themselves.")
    return cases(question, wanted, noisy_effective_weights(tree, spread=spread, rng=rng, count=count))
