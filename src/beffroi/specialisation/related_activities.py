"""Which activities go together, and how near a region's activities are to those it does not have.

M has regions in rows and activities in columns, 1 where a region is specialised (`quotient.is_specialised`). Tools
differ in two conventions that change results: what stands on the diagonal of a matrix of relatedness, and whether the
sums S are of co-occurrences (here) or of regions (in `proximity`). Both are said by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from beffroi.specialisation.amounts import TABLE, Floats, Numbers, alike, amounts, divided
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable

Measure = Literal["cosine", "jaccard", "association", "probability", "proximity"]


def specialisations(given: Numbers) -> Floats:
    """Check a matrix of 0 and 1.

    Raises:
        MethodError: another value, a missing one, or no table.

    >>> specialisations([[1, 0]]).tolist()
    [[1.0, 0.0]]
    """
    values = amounts(given, "specialisations", dimensions=TABLE)
    if not np.isin(values, (0.0, 1.0)).all():
        raise MethodError(
            "The matrix of specialisations holds other values than 0 and 1; expected one of both for every region and "
            "activity. Make it with is_specialised."
        )
    return values


def diversity(specialised: Numbers) -> Floats:
    """Return in how many activities each region is specialised.

    Args:
        specialised: regions × activities of 0 and 1.

    Returns:
        One count a region.

    Raises:
        MethodError: other values than 0 and 1.

    Source: Hidalgo and Hausmann (2009), PNAS 106(26), 10570–10575, doi:10.1073/pnas.0900943106.

    >>> diversity([[1, 1], [1, 0]]).tolist()
    [2.0, 1.0]
    """
    return np.asarray(specialisations(specialised).sum(axis=1))


def ubiquity(specialised: Numbers) -> Floats:
    """Return how many regions are specialised in each activity.

    Arguments, errors and source as in `diversity`.

    >>> ubiquity([[1, 1], [1, 0]]).tolist()
    [2.0, 1.0]
    """
    return np.asarray(specialisations(specialised).sum(axis=0))


def co_occurrence(specialised: Numbers, *, diagonal: float = 0.0) -> Floats:
    """Return in how many regions each pair of activities is found together: M'M.

    Args:
        specialised: regions × activities of 0 and 1.
        diagonal: put where an activity meets itself.

    Returns:
        Activities × activities.

    Raises:
        MethodError: other values than 0 and 1.

    Source: Hidalgo et al. (2007), Science 317, 482–487, doi:10.1126/science.1144581.

    >>> co_occurrence([[1, 1], [1, 0]]).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    m = specialisations(specialised)
    together = m.T @ m
    np.fill_diagonal(together, diagonal)
    return together


def _cosine(c: Floats, s: Floats) -> Floats:
    return divided(c, np.sqrt(np.outer(s, s)))


def _jaccard(c: Floats, s: Floats) -> Floats:
    return divided(c, s[:, None] + s - c)


def _association(c: Floats, s: Floats) -> Floats:
    return divided(c * s.sum(), np.outer(s, s))


def _probability(c: Floats, s: Floats) -> Floats:
    whole = s.sum()
    left = divided(s, whole - s)
    expected = np.outer(divided(s, whole), left)
    return divided(c, (expected + expected.T) * whole / 2)


FORMULAS: dict[Measure, Callable[[Floats, Floats], Floats]] = {
    "cosine": _cosine,
    "jaccard": _jaccard,
    "association": _association,
    "probability": _probability,
}


def relatedness(specialised: Numbers, *, measure: Measure = "proximity", diagonal: float = 0.0) -> Floats:
    """Return how related each pair of activities is, by the regions that have both.

    With C the co-occurrences (diagonal 0), S their column sums and T the sum of all: cosine C / √(S_i S_j); jaccard
    C / (S_i + S_j − C); association C T / (S_i S_j), 1 where chance would put it; probability
    C / {[S_i/T · S_j/(T − S_i) + S_j/T · S_i/(T − S_j)] T/2}, the same without drawing an activity twice. proximity is
    C / max(U_i, U_j), with U the number of regions of each activity: the smaller of two conditional probabilities.

    Args:
        specialised: regions × activities of 0 and 1.
        measure: which of these.
        diagonal: put where an activity meets itself; 1 or 0, and it changes every density that is made from it.

    Returns:
        Activities × activities; 0 where the formula divides 0 by 0.

    Raises:
        MethodError: other values than 0 and 1, or an unknown measure.

    Source: proximity: Hidalgo et al. (2007), doi:10.1126/science.1144581; association: van Eck and Waltman (2009),
    Journal of the American Society for Information Science and Technology 60(8), 1635–1651, doi:10.1002/asi.21075;
    probability: Steijn (2017), Papers in Evolutionary Economic Geography.

    >>> relatedness([[1, 1, 0], [1, 0, 1]]).tolist()
    [[0.0, 0.5, 0.5], [0.5, 0.0, 0.0], [0.5, 0.0, 0.0]]
    """
    if measure != "proximity" and measure not in FORMULAS:
        raise MethodError(f"'{measure}' is no measure of relatedness; expected proximity or {', '.join(FORMULAS)}.")
    together = co_occurrence(specialised)
    if measure == "proximity":
        regions = ubiquity(specialised)
        found = divided(together, np.maximum(regions[:, None], regions))
    else:
        found = FORMULAS[measure](together, together.sum(axis=0))
    found = np.nan_to_num(found, nan=0.0)
    np.fill_diagonal(found, diagonal)
    return found


def relatedness_density(specialised: Numbers, related: Numbers, *, scale: float = 1.0) -> Floats:
    """Return, for each region and activity, which share of the activity's neighbourhood the region already has.

    Σ_k M_jk φ_ki / Σ_k φ_ki: near `scale`, everything that goes with the activity is there. Whether an activity counts
    as its own neighbour is what the diagonal of `related` says; tools differ, and densities with them.

    Args:
        specialised: regions × activities of 0 and 1.
        related: activities × activities, from `relatedness`, or `above_chance` of it.
        scale: 1 for shares, 100 for percents.

    Returns:
        Regions × activities; NaN for an activity related to none.

    Raises:
        MethodError: other values than 0 and 1, or shapes that do not fit.

    Source: Hidalgo et al. (2007), doi:10.1126/science.1144581.

    >>> m = [[1, 1, 0], [1, 0, 1]]
    >>> relatedness_density(m, relatedness(m)).tolist()
    [[0.5, 1.0, 1.0], [0.5, 1.0, 1.0]]
    """
    m = specialisations(specialised)
    phi = amounts(related, "relatedness", dimensions=TABLE)
    alike(phi, np.empty((m.shape[1], m.shape[1])), "relatedness, activities × activities")
    return scale * divided(m @ phi, phi.sum(axis=0))


def above_chance(related: Numbers) -> Floats:
    """Return 1 where two activities are found together at least as often as chance would have it (φ ≥ 1), else 0.

    Meant for `association` and `probability`, whose 1 is chance. NaN and shape as given.

    >>> above_chance([[0.0, 1.2], [0.9, 0.0]]).tolist()
    [[0.0, 1.0], [0.0, 0.0]]
    """
    phi = amounts(related, "relatedness", dimensions=TABLE)
    return np.where(np.isnan(phi), np.nan, (phi >= 1).astype(np.float64))
