"""Transformations that pull in a long tail: logarithms and Box-Cox. Vectors in, vectors out, NaN kept.

Each keeps the order of the figures, except where its docstring says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from beffroi.composite.compat import Compat

LOG_SHIFT = 0.01  # share of the range added so that the smallest figure has a logarithm


def log_ct(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return ln(x − min + 1 % of the range), for a tail on the right.

    Source: COINr's log_CT (Becker et al. 2022, doi:10.21105/joss.04567).

    >>> log_ct(np.array([0.0, 99.0])).round(6).tolist()
    [-0.01005, 4.60507]
    """
    low = np.nanmin(x)
    return np.asarray(np.log(x - low + LOG_SHIFT * float(np.nanmax(x) - low)))


def log_ct_orig(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return ln(x − min + 1), the logarithm of the JRC's COIN Tool.

    >>> log_ct_orig(np.array([3.0, 2.0 + np.e])).round(9).tolist()
    [0.0, 1.0]
    """
    return np.asarray(np.log(x - np.nanmin(x) + 1.0))


def log_gii(x: npt.NDArray[np.float64], *, compat: Compat = "correct") -> npt.NDArray[np.float64]:
    """Return ln((max − 1)(x − min)/(max − min) + 1), as the Global Innovation Index 2020 does.

    Turns the order when the maximum is below 1. `compat="coinr"` returns `x` (see compat).

    >>> log_gii(np.array([0.0, np.e])).round(9).tolist()
    [0.0, 1.0]
    """
    if compat == "coinr":
        return x.copy()
    low, high = np.nanmin(x), np.nanmax(x)
    return np.asarray(np.log((high - 1) * (x - low) / (high - low) + 1))


def box_cox(x: npt.NDArray[np.float64], *, power: float, make_positive: bool = True) -> npt.NDArray[np.float64]:
    """Return (y^λ − 1)/λ, or ln y for λ = 0, where y = x − min + 1 if `make_positive`.

    Source: Box & Cox (1964), doi:10.1111/j.2517-6161.1964.tb00553.x.

    >>> box_cox(np.array([1.0, 4.0]), power=0.5).tolist()
    [0.0, 2.0]
    """
    y = x - np.nanmin(x) + 1.0 if make_positive else x
    return np.asarray(np.log(y) if power == 0 else (y**power - 1.0) / power)
