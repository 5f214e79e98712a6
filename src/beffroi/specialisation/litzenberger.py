"""Litzenberger and Sternberg's cluster index: density of jobs per area and per head against the size of firms."""

from __future__ import annotations

from beffroi.specialisation.amounts import TABLE, Floats, Numbers, alike, amounts, divided


def litzenberger_sternberg(
    employment: Numbers, establishments: Numbers, *, area: Numbers, population: Numbers
) -> Floats:
    """Return the cluster index of every region and activity.

    [(E_ij / A_j) / (E_i. / A)] [(E_ij / P_j) / (E_i. / P)] / [(E_ij / b_ij) / (E_i. / b_i.)]: relative density of jobs
    by area and by inhabitants, divided by the relative size of establishments, so that one large plant makes no
    cluster.

    Args:
        employment: regions × activities, jobs.
        establishments: the same shape, establishments.
        area: one value a region, in any unit of area.
        population: one value a region, inhabitants.

    Returns:
        Regions × activities, without unit, 1 where everything is as in all regions. NaN where the region has no job or
        no establishment of the activity (there is no size of establishment), or a figure is missing.

    Raises:
        MethodError: figures below zero, or shapes that do not fit.

    Source: Litzenberger and Sternberg (2006), Geographische Zeitschrift 94(4), 209–224.

    >>> litzenberger_sternberg([[2.0], [2.0]], [[1.0], [1.0]], area=[1, 1], population=[1, 1]).tolist()
    [[1.0], [1.0]]
    """
    jobs = amounts(employment, "employment", dimensions=TABLE)
    firms = amounts(establishments, "establishments", dimensions=TABLE)
    alike(jobs, firms, "employment and establishments")
    places = amounts(area, "area")[:, None]
    people = amounts(population, "population")[:, None]
    alike(jobs[:, :1], places, "employment and area, one a region")
    alike(jobs[:, :1], people, "employment and population, one a region")
    whole = jobs.sum(axis=0)
    by_area = divided(divided(jobs, places), whole / places.sum())
    by_people = divided(divided(jobs, people), whole / people.sum())
    size = divided(divided(jobs, firms), divided(whole, firms.sum(axis=0)))
    return divided(by_area * by_people, size)
