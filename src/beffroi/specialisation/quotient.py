"""Location quotients: is an activity over-represented in a region, compared with all regions together?

Above 1 the region has more of the activity than its size alone would give it. A quotient alone says nothing of how sure
that is: see `quotient_interval`.
"""

from __future__ import annotations

import numpy as np

from beffroi.specialisation.amounts import TABLE, Floats, Numbers, amounts, divided, known

REGIONS = 0  # axis of a table


def location_quotient(
    region_activity: float, region_total: float, *, nation_activity: float, nation_total: float
) -> float:
    """Return the location quotient of one activity in one region.

    (region_activity / region_total) / (nation_activity / nation_total): 1 where the region has its share, without unit.

    Args:
        region_activity: jobs (or any amount) of the activity in the region.
        region_total: all jobs of the region.
        nation_activity: jobs of the activity in all regions, this one included.
        nation_total: all jobs of all regions.

    Returns:
        The quotient; NaN where a total is 0 or a figure missing.

    Raises:
        MethodError: a figure is below zero.

    Source: Florence (1939), Report on the Location of Industry; Balassa (1965), The Manchester School 33(2), 99–123,
    doi:10.1111/j.1467-9957.1965.tb00050.x (as revealed comparative advantage).

    >>> location_quotient(200, 1000, nation_activity=1000, nation_total=10000)
    2.0
    """
    given = amounts([region_activity, region_total, nation_activity, nation_total], "location quotient")
    return float(divided(divided(given[0], given[1]), divided(given[2], given[3])))


def location_quotients(table: Numbers) -> Floats:
    """Return the location quotient of every region and activity.

    LQ_ij = (E_ij / E_.j) / (E_i. / E_..), where the totals are those of the table.

    Args:
        table: regions × activities, amounts in one unit, the whole economy of each region. A missing figure makes every
            quotient missing, because it is part of the grand total.

    Returns:
        Regions × activities, without unit; NaN in a row or column without any amount.

    Raises:
        MethodError: a figure below zero, or no table.

    Source: Florence (1939); Balassa (1965), doi:10.1111/j.1467-9957.1965.tb00050.x.

    >>> location_quotients([[4, 6], [1, 9]]).round(4).tolist()
    [[1.6, 0.8], [0.4, 1.2]]
    """
    values = amounts(table, "table of activities", dimensions=TABLE)
    own = divided(values, values.sum(axis=1, keepdims=True))
    return divided(own, divided(values.sum(axis=0), values.sum()))


def is_specialised(table: Numbers) -> Floats:
    """Return 1 where the location quotient is 1 or more, else 0.

    A region that has exactly its share counts as specialised. The comparison is made between products
    (E_ij E_.. ≥ E_.j E_i.), so that a quotient of exactly 1 is not lost in the rounding of three divisions.

    Args:
        table: regions × activities, no figure missing.

    Returns:
        Regions × activities of 0 and 1.

    Raises:
        MethodError: a figure missing or below zero.

    Source: Hidalgo et al. (2007), Science 317, 482–487, doi:10.1126/science.1144581.

    >>> is_specialised([[4, 6], [1, 9]]).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    values = amounts(table, "table of activities", dimensions=TABLE)
    known(values)
    own, whole = values.sum(axis=1, keepdims=True), values.sum(axis=0)
    return np.asarray((values * values.sum() >= own * whole) & (values > 0), dtype=np.float64)


def symmetric(quotients: Numbers) -> Floats:
    """Return the symmetric quotient (LQ − 1) / (LQ + 1): −1 nothing, 0 its share, towards 1 everything.

    Half the share and twice the share are equally far from 0.

    Args:
        quotients: location quotients, any shape of one or two dimensions; NaN stays NaN.

    Returns:
        The same shape, from −1 to 1.

    Raises:
        MethodError: a quotient below zero.

    Source: Dalum, Laursen and Villumsen (1998), International Review of Applied Economics 12(3), 423–443.

    >>> symmetric([0.0, 1.0, 3.0]).tolist()
    [-1.0, 0.0, 0.5]
    """
    values = amounts(quotients, "location quotients", dimensions=np.ndim(quotients))
    return np.asarray((values - 1) / (values + 1))


def standardised(quotients: Numbers, *, logarithm: bool = False) -> Floats:
    """Return how many standard deviations each region's quotient lies above the mean of all regions.

    z_ij = (LQ_ij − mean_j LQ_i) / sd_j LQ_i, with the sample standard deviation (divisor: regions − 1).

    Args:
        quotients: regions × activities; missing ones are left out of mean and deviation.
        logarithm: standardise ln LQ, which is nearer to normal; a quotient of 0 has no logarithm and becomes NaN.

    Returns:
        Regions × activities, in standard deviations; NaN for an activity with one value in every region.

    Raises:
        MethodError: a quotient below zero, or no table.

    Source: O'Donoghue and Gleave (2004), Regional Studies 38(4), 419–427.

    >>> standardised([[0.5], [1.0], [1.5]]).ravel().tolist()
    [-1.0, 0.0, 1.0]
    """
    values = amounts(quotients, "location quotients", dimensions=TABLE)
    if logarithm:
        values = np.log(values, out=np.full(values.shape, np.nan), where=values > 0)
    present = ~np.isnan(values)
    count = present.sum(axis=REGIONS)
    mean = divided(np.where(present, values, 0).sum(axis=REGIONS), count)
    squares = np.where(present, values - mean, 0) ** 2
    deviation = np.sqrt(divided(squares.sum(axis=REGIONS), np.where(count > 1, count - 1, 0)))
    spread = np.nanmax(np.abs(values), axis=REGIONS, initial=0, where=present) * np.finfo(float).eps * count
    return divided(values - mean, np.where(deviation > spread, deviation, 0))
