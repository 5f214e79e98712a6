"""How unevenly an amount is spread, compared with a reference or with an even spread: one number a row.

The same measures serve twice: over the activities of one region (specialisation) and over the regions of one activity
(concentration). `x` is what is looked at, `reference` what it is compared with, in the same order.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from beffroi.specialisation.amounts import TABLE, Floats, Numbers, alike, amounts, divided, shares
from beffroi.vocabulary.errors import MethodError

Reference = Literal["total", "mean_of_others"]


def _pair(x: Numbers, reference: Numbers | None, what: str) -> tuple[Floats, Floats]:
    own = amounts(x, what)
    other = np.ones_like(own) if reference is None else amounts(reference, f"{what}, reference")
    alike(own, other, what)
    return own, other


def hoover(x: Numbers, reference: Numbers | None = None) -> float:
    """Return Hoover's index: the share that would have to move for both to be spread alike.

    ½ Σ |x_k / Σx − r_k / Σr|, from 0 to 1.

    Args:
        x: amounts.
        reference: what they are compared with, in the same order; None: an even spread.

    Returns:
        A share, 0..1; NaN where a figure is missing or a sum is 0.

    Raises:
        MethodError: figures below zero, or of different length.

    Source: Hoover (1936), Review of Economics and Statistics 18(4), 162–171, doi:10.2307/1927875.

    >>> hoover([3, 1], [1, 1])
    0.25
    """
    own, other = _pair(x, reference, "Hoover's index")
    return float(np.abs(shares(own) - shares(other)).sum() / 2)


def krugman(x: Numbers, reference: Numbers) -> float:
    """Return Krugman's index: the sum of the absolute differences of two rows of shares.

    Σ |s_k − q_k|, from 0 (alike) to 2 (nothing in common). Some print half of it: that is Hoover's index.

    Args:
        x: amounts.
        reference: what they are compared with, in the same order.

    Returns:
        From 0 to 2; NaN where a figure is missing or a sum is 0.

    Raises:
        MethodError: figures below zero, or of different length.

    Source: Krugman (1991), Geography and Trade, MIT Press, page 76.

    >>> krugman([20, 10, 70, 0], [0, 0, 0, 60])
    2.0
    """
    own, other = _pair(x, reference, "Krugman's index")
    return float(np.abs(shares(own) - shares(other)).sum())


def krugman_of_rows(table: Numbers, *, reference: Reference = "total") -> Floats:
    """Return Krugman's index of each row of a table against the others.

    Args:
        table: regions × activities gives the specialisation of each region; its transpose, the concentration of each
            activity.
        reference: `total`, the shares of the column sums, in which the row itself has its part; `mean_of_others`, the
            plain mean of the shares of the other rows. They differ: a large region looks less special under `total`.

    Returns:
        One number a row, 0..2. A missing figure makes its own row missing, and every row under either reference.

    Raises:
        MethodError: figures below zero; fewer than two rows.

    Source: Krugman (1991), Geography and Trade; the mean of the others: Farhauer and Kröll (2013), Standorttheorien.

    >>> krugman_of_rows([[8, 2], [2, 8]]).round(4).tolist()
    [0.6, 0.6]
    >>> krugman_of_rows([[8, 2], [2, 8]], reference="mean_of_others").round(4).tolist()
    [1.2, 1.2]
    """
    values = amounts(table, "Krugman's index", dimensions=TABLE)
    rows = values.shape[0]
    if rows <= 1:
        raise MethodError("Krugman's index compares rows: one row was given; expected two or more. Add the others.")
    own = shares(values)
    compared = shares(values.sum(axis=0)) if reference == "total" else (own.sum(axis=0) - own) / (rows - 1)
    return np.asarray(np.abs(own - compared).sum(axis=1))


def hachman(x: Numbers, reference: Numbers) -> float:
    """Return Hachman's index: how much a region's mix resembles the reference's, 1 where it is the same.

    1 / Σ LQ_k s_k, with LQ_k = s_k / q_k.

    Args:
        x: amounts of the region by activity.
        reference: amounts of all regions, in the same order.

    Returns:
        From 0 to 1 (1: same mix); NaN where a figure is missing or a sum is 0.

    Raises:
        MethodError: figures below zero or of different length, or an activity that the reference does not have.

    Source: Hachman (1995), Bureau of Economic and Business Research, University of Utah.

    >>> round(hachman([8, 2], [10, 10]), 4)
    0.7353
    """
    own, other = _pair(x, reference, "Hachman's index")
    _within(own, other, "Hachman's index")
    s, q = shares(own), shares(other)
    here = ~(own == 0)
    return float(divided(1.0, (s[here] * divided(s[here], q[here])).sum()))


def _within(own: Floats, other: Floats, what: str) -> None:
    if ((other == 0) & (own > 0)).any():
        raise MethodError(
            f"{what}: the reference has 0 where an amount was given; expected a reference that holds at least as much, "
            "such as the total of all regions. Check the order of both."
        )


def gini_of_quotients(x: Numbers, reference: Numbers) -> float:
    """Return the unweighted Gini coefficient of the location quotients x_k / r_k.

    2 / (n² mean R) Σ k (R_(k) − mean R), R sorted upwards: every activity (or region) counts once, however small.

    Args:
        x: amounts.
        reference: what they are compared with, in the same order, above 0 everywhere.

    Returns:
        From 0 to (n − 1) / n; NaN where a figure is missing or all are 0.

    Raises:
        MethodError: figures below zero, of different length, or a reference of 0, against which there is no quotient.

    Source: Farhauer and Kröll (2013), Standorttheorien, chapter on specialisation.

    >>> round(gini_of_quotients([700, 600, 500, 10000, 40000], [30000, 15000, 10000, 60000, 50000]), 9)
    0.622222222
    """
    own, other = _pair(x, reference, "Gini of quotients")
    if (other == 0).any():
        raise MethodError(
            f"Gini of quotients: {int((other == 0).sum())} figures of the reference are 0; expected all above 0, for a "
            "quotient divides by them. Leave these activities or regions out."
        )
    return gini(own / other)


def gini(x: Numbers, *, normalised: bool = False) -> float:
    """Return the Gini coefficient of amounts, each counting once.

    Σ (2k − n − 1) x_(k) / (n Σx), x sorted upwards.

    Args:
        x: amounts; zeros count.
        normalised: multiply by n / (n − 1), so that everything in one place is 1 whatever n.

    Returns:
        0 (even) to (n − 1) / n, or to 1 when normalised; NaN where a figure is missing or all are 0.

    Raises:
        MethodError: figures below zero.

    Source: Gini (1912), Variabilità e mutabilità.

    >>> gini([0, 0, 0, 1]), gini([0, 0, 0, 1], normalised=True)
    (0.75, 1.0)
    """
    values = np.sort(amounts(x, "Gini coefficient"))
    n = values.size
    places = 2 * np.arange(1, n + 1) - n - 1
    plain = float(divided((places * values).sum(), n * values.sum()))
    return float(divided(plain * n, n - 1)) if normalised else plain


def hoover_gini(x: Numbers, reference: Numbers) -> float:
    """Return the Gini coefficient of the Lorenz curve of `x` over `reference`, places sorted by x / r upwards.

    1 − Σ (a_k + a_(k−1)) (b_k − b_(k−1)), with a and b the cumulated shares of x and of the reference, from 0 to 1.
    Here a large place counts for much, unlike in `gini_of_quotients`. Ties do not change it.

    Args:
        x: amounts.
        reference: what they are compared with, in the same order.

    Returns:
        0..1; NaN where a figure is missing or a sum is 0.

    Raises:
        MethodError: figures below zero or of different length.

    Source: Hoover (1936), doi:10.2307/1927875.

    >>> hoover_gini([3, 1], [1, 1])
    0.25
    """
    own, other = _pair(x, reference, "Lorenz curve")
    if np.isnan(own).any() or np.isnan(other).any() or not own.sum() or not other.sum():
        return float("nan")
    # By angle rather than by quotient: a place that the reference lacks comes last, not nowhere.
    order = np.argsort(np.arctan2(own, other), kind="stable")
    a = np.concatenate([[0.0], np.cumsum(own[order])]) / own.sum()
    b = np.concatenate([[0.0], np.cumsum(other[order])]) / other.sum()
    return float(1 - ((a[1:] + a[:-1]) * np.diff(b)).sum())


def locational_gini(x: Numbers, reference: Numbers) -> float:
    """Return Krugman's locational Gini: the area between the Lorenz curve and the diagonal.

    One half of `hoover_gini`: 0 to 0.5. Others call the whole of it by this name, so its maximum is to be said.

    Args:
        x: amounts of one activity by region.
        reference: amounts of all activities by region, in the same order.

    Returns:
        0..0.5; NaN where a figure is missing or a sum is 0.

    Raises:
        MethodError: figures below zero or of different length.

    Source: Krugman (1991), Geography and Trade, pages 55–57.

    >>> locational_gini([3, 1], [1, 1])
    0.125
    """
    return hoover_gini(x, reference) / 2
