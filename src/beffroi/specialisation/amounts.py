"""What every measure asks of its figures: amounts that are counted, none below zero, in the shape expected."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from beffroi.vocabulary.errors import MethodError

Floats: TypeAlias = npt.NDArray[np.float64]
Numbers: TypeAlias = npt.ArrayLike

VECTOR, TABLE = 1, 2
SHAPES = {VECTOR: "one row of figures", TABLE: "a table with regions in rows and activities in columns"}


def amounts(given: Numbers, what: str, *, dimensions: int = VECTOR) -> Floats:
    """Return the figures as floating-point numbers, or say what is wrong with them.

    Args:
        given: figures, NaN where missing.
        what: their name in the message.
        dimensions: 1 for a vector, 2 for a table.

    Returns:
        An array of that many dimensions. NaN stays NaN.

    Raises:
        MethodError: no figure, another shape, a figure below zero or an endless one.

    >>> amounts([1, 2], "jobs").tolist()
    [1.0, 2.0]
    """
    values = np.asarray(given, dtype=np.float64)
    if values.ndim != dimensions or values.size == 0:
        raise MethodError(
            f"{what}: figures of shape {values.shape} were given; expected {SHAPES[dimensions]}. Reshape them."
        )
    wrong = (values < 0) | np.isinf(values)
    if wrong.any():
        raise MethodError(
            f"{what}: {int(wrong.sum())} figures are below zero or endless, first {values[wrong][0]:g}; expected "
            "amounts of 0 or more. Correct them, or give NaN where the figure is not known."
        )
    return values


def known(values: Floats) -> None:
    """Refuse figures with holes, where one figure unknown leaves no share known.

    Raises:
        MethodError: a figure is missing.
    """
    holes = int(np.isnan(values).sum())
    if holes:
        raise MethodError(
            f"{holes} figures of the table are missing; expected none, for each belongs to every total. "
            "Estimate them first, or leave out the region or the activity."
        )


def alike(first: Floats, second: Floats, what: str) -> None:
    """Refuse two sets of figures of different shape.

    Raises:
        MethodError: the shapes differ.
    """
    if first.shape != second.shape:
        raise MethodError(
            f"{what}: shapes {first.shape} and {second.shape} were given; expected the same. "
            "Put both in the same order, with 0 where there is nothing."
        )


def shares(values: npt.NDArray[np.generic], *, axis: int = -1) -> Floats:
    """Return the figures as shares of their sum along an axis; NaN where the sum is 0 or unknown.

    >>> shares(np.array([1.0, 3.0])).tolist()
    [0.25, 0.75]
    """
    given = np.asarray(values, dtype=np.float64)
    return divided(given, given.sum(axis=axis, keepdims=True))


def divided(above: Numbers, below: Numbers) -> Floats:
    """Divide, with NaN where the divisor is 0: an unknown quotient, never an endless one.

    >>> divided([1.0, 1.0], [2.0, 0.0]).tolist()
    [0.5, nan]
    """
    top, bottom = np.broadcast_arrays(np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64))
    return np.asarray(np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0))
