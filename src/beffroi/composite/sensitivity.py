"""Which choice does a result hang on: shares of its variance by Sobol's method, for any model and many outputs.

`design` lays out points in the unit cube; the caller computes its outputs there; `sobol_indices` splits the
variance of each output among groups of inputs. A categorical input with A choices reads its coordinate as
`choice(u, A)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import qmc

from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

RESAMPLES = 200
LOW, HIGH = 0.05, 0.95
AT_ONCE = 64  # outputs split together: bounds memory
STILL = 1e-12  # variance, relative to the square of the mean, below which an output does not vary


class DesignError(MethodError):
    """A design or its outputs that do not fit Sobol's method: not a power of two, inputs left out, a wrong shape."""


@dataclass(frozen=True, slots=True)
class Design:
    """Points to compute a model at.

    `points` is (groups + 2) · n × inputs in [0, 1): first n rows A, then n rows B, then for each group n rows that
    are A with the group's inputs from B. `groups` are the columns of each group.
    """

    n: int
    groups: tuple[tuple[int, ...], ...]
    points: Floats


@dataclass(frozen=True, slots=True)
class SobolIndices:
    """Shares of variance, groups × outputs, with the 5th and 95th percentile of a bootstrap.

    `first` is the share of a group alone, `total` that share and all its interactions; NaN where an output does not
    vary. Estimates may leave 0..1 by their sampling error. `variance` of each output in its unit squared.
    """

    first: Floats
    total: Floats
    first_low: Floats
    first_high: Floats
    total_low: Floats
    total_high: Floats
    variance: Floats


def design(groups: Sequence[Sequence[int]], n: int, *, rng: np.random.Generator) -> Design:
    """Lay out a Saltelli design on a scrambled Sobol sequence.

    Args:
        groups: columns of each group; together they are 0 … inputs − 1, each once.
        n: base points, a power of two (Sobol points are balanced only then).
        rng: scrambles the sequence.

    Returns:
        (groups + 2) · n points.

    Raises:
        DesignError: n is no power of two, or the groups leave out or repeat an input.

    Source: Saltelli (2002), doi:10.1016/S0010-4655(02)00280-1; Owen (1998) scrambling, doi:10.1145/272991.273010.

    >>> design([[0], [1, 2]], 4, rng=np.random.default_rng(1)).points.shape
    (16, 3)
    """
    columns = sorted(column for group in groups for column in group)
    if not columns or columns != list(range(len(columns))):
        raise DesignError(f"Groups hold the inputs {columns}; each of 0 … {len(columns) - 1} must be in one group.")
    if n < 2 or n & (n - 1):  # noqa: PLR2004 -- one point has no variance
        raise DesignError(f"{n} base points were asked for; give a power of two, for example 1024.")
    d = len(columns)
    both = qmc.Sobol(2 * d, scramble=True, rng=rng).random(n)
    a, b = both[:, :d], both[:, d:]
    points = np.tile(a, (len(groups) + 2, 1))
    points[n : 2 * n] = b
    for k, group in enumerate(groups):
        rows = slice((k + 2) * n, (k + 3) * n)
        points[rows, list(group)] = b[:, list(group)]
    return Design(n, tuple(tuple(group) for group in groups), points)


def choice(u: Floats, choices: int) -> npt.NDArray[np.intp]:
    """Read a categorical input off its coordinate: floor(u · A), each choice with the same chance.

    >>> choice(np.array([0.0, 0.49, 0.5, 0.999]), 2).tolist()
    [0, 0, 1, 1]
    """
    return np.minimum((u * choices).astype(np.intp), choices - 1)


def sobol_indices(
    outputs: Floats, laid_out: Design, *, rng: np.random.Generator, resamples: int = RESAMPLES
) -> SobolIndices:
    """Split the variance of each output among the groups of a design.

    First-order shares use outputs centred on their mean: without it the estimator's error grows with the mean and
    shares come out negative. Total shares use Jansen's estimator.

    Args:
        outputs: rows of the design, or rows × outputs, no NaN.
        laid_out: the design they were computed on.
        rng: bootstrap over base points.
        resamples: how many; 0 leaves the intervals NaN.

    Returns:
        Groups × outputs.

    Raises:
        DesignError: rows do not fit the design, or an output is not a number.

    Source: Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018; Jansen (1999), doi:10.1016/S0010-4655(98)00154-4.
    """
    y = np.asarray(outputs, dtype=float)
    y = y[:, None] if y.ndim == 1 else y
    g, n, q = len(laid_out.groups), laid_out.n, y.shape[1]
    if y.shape[0] != laid_out.points.shape[0]:
        raise DesignError(f"{y.shape[0]} outputs were given for {laid_out.points.shape[0]} points. Give one each.")
    if np.isnan(y).any():
        raise DesignError("An output is not a number. Let the model give one at every point of the design.")
    counts = rng.multinomial(n, np.full(n, 1.0 / n), size=resamples) / n if resamples else np.zeros((0, n))
    parts = [_split(y[:, start : start + AT_ONCE], g, n, counts) for start in range(0, q, AT_ONCE)]
    return SobolIndices(*(np.concatenate(tables, axis=-1) for tables in zip(*parts, strict=True)))


def _split(y: Floats, g: int, n: int, counts: Floats) -> tuple[Floats, ...]:
    q, mean = y.shape[1], y.mean(axis=0)
    blocks = (y - mean).reshape(g + 2, n, q)
    a, b, mixed = blocks[0], blocks[1], blocks[2:]
    sums = np.concatenate([(b * (mixed - a)).transpose(1, 0, 2), ((a - mixed) ** 2 / 2).transpose(1, 0, 2)], axis=1)
    table = np.concatenate([sums.reshape(n, 2 * g * q), (a + b) / 2, (a**2 + b**2) / 2], axis=1)
    still = STILL * np.maximum(1.0, mean**2)
    first, total, variance = _shares(table.mean(axis=0)[None, :], g, q, still)
    low = high = np.full((2, g, q), np.nan)
    if counts.size:
        low, high = np.quantile(np.stack(_shares(counts @ table, g, q, still)[:2]), (LOW, HIGH), axis=1)
    return first[0], total[0], low[0], high[0], low[1], high[1], variance[0]


def _shares(means: Floats, g: int, q: int, still: Floats) -> tuple[Floats, Floats, Floats]:
    sums = means[:, : 2 * g * q].reshape(-1, 2, g, q)
    centre, square = means[:, 2 * g * q : 2 * g * q + q], means[:, 2 * g * q + q :]
    variance = square - centre**2
    safe = np.where(variance > still, variance, np.nan)[:, None, :]
    return sums[:, 0] / safe, sums[:, 1] / safe, variance
