"""Is an industry more concentrated than its plants alone would be, thrown like darts on the map?

Both measures compare the industry's spread over regions with that of a reference, and take away what comes from jobs
being in few plants (H). Around 0: as chance would have it; Ellison and Glaeser call more than 0.05 strong. They hang on
the borders of regions: see `distance` for a measure that does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.specialisation.amounts import Floats, Numbers, amounts, divided, shares
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Agglomeration:
    """`gamma`, raw concentration `g` = Σ (s − x)², and `h` = Σ z², the Herfindahl index of the plants."""

    gamma: float
    g: float
    h: float


@dataclass(frozen=True, slots=True)
class _Spread:
    s: Floats  # the industry's share by region
    x: Floats  # the reference's
    z: Floats  # each plant's share


def _spread(jobs: Numbers, regions: Sequence[str], reference: Mapping[str, float]) -> _Spread:
    plants = amounts(jobs, "employment of plants")
    if len(regions) != plants.size:
        raise MethodError(
            f"{plants.size} plants and {len(regions)} regions were given; expected the region of each plant."
        )
    unknown = sorted(set(regions) - set(reference))
    if unknown:
        raise MethodError(
            f"Plants lie in {len(unknown)} regions that the reference does not hold, first '{unknown[0]}'; expected "
            "every region. Add them, also those without a plant."
        )
    place = {code: number for number, code in enumerate(reference)}
    x = shares(amounts(list(reference.values()), "reference by region"))
    s = np.bincount([place[code] for code in regions], weights=plants, minlength=len(place))
    return _Spread(shares(s), x, shares(plants))


def ellison_glaeser(jobs: Numbers, regions: Sequence[str], reference: Mapping[str, float]) -> Agglomeration:
    """Return Ellison and Glaeser's index of one industry.

    G = Σ (s_r − x_r)², H = Σ z², X = 1 − Σ x_r²; γ = (G − X H) / (X (1 − H)).

    Args:
        jobs: employment of each plant.
        regions: the region of each plant.
        reference: by region, the amount that a spread by chance would follow (all jobs; in some works, all plants).
            Regions without a plant belong here too: they count with s = 0.

    Returns:
        γ without unit (it may be below 0), G and H. γ is NaN with a single plant, a single region, or a missing figure.

    Raises:
        MethodError: a plant in a region that the reference lacks, or figures below zero.

    Source: Ellison and Glaeser (1997), Journal of Political Economy 105(5), 889–927, doi:10.1086/262098.

    >>> found = ellison_glaeser([10, 10, 10, 10], ["a", "a", "a", "b"], {"a": 1, "b": 1})
    >>> found.g, found.h, round(found.gamma, 4)
    (0.125, 0.25, 0.0)
    """
    spread = _spread(jobs, regions, reference)
    g, h = float(((spread.s - spread.x) ** 2).sum()), float((spread.z**2).sum())
    chance = 1 - float((spread.x**2).sum())
    return Agglomeration(float(divided(g - chance * h, chance * (1 - h))), g, h)


def maurel_sedillot(jobs: Numbers, regions: Sequence[str], reference: Mapping[str, float]) -> Agglomeration:
    """Return Maurel and Sédillot's index of one industry.

    γ = [(Σ s² − Σ x²) / X − H] / (1 − H). It looks at how likely two plants are to lie in one region, not at being
    where the reference is not: on the same data it can have the other sign than Ellison and Glaeser's.

    Args:
        jobs: employment of each plant.
        regions: the region of each plant.
        reference: by region, the amount that a spread by chance would follow, regions without a plant included.

    Returns:
        γ, with g = Σ s² − Σ x² here, and H. γ is NaN with a single plant, a single region, or a missing figure.

    Raises:
        MethodError: a plant in a region that the reference lacks, or figures below zero.

    Source: Maurel and Sédillot (1999), Regional Science and Urban Economics 29(5), 575–604.

    >>> round(maurel_sedillot([10, 10, 10, 10], ["a", "a", "a", "b"], {"a": 1, "b": 1}).gamma, 4)
    0.0
    """
    spread = _spread(jobs, regions, reference)
    g = float((spread.s**2).sum() - (spread.x**2).sum())
    h = float((spread.z**2).sum())
    return Agglomeration(float(divided(divided(g, 1 - (spread.x**2).sum()) - h, 1 - h)), g, h)


def coagglomeration(
    jobs: Numbers, regions: Sequence[str], industries: Sequence[str], *, reference: Mapping[str, float]
) -> float:
    """Return how much the industries of a group sit together, beyond each one's own concentration.

    γ_c = [G / X − H − Σ γ_i w_i² (1 − H_i)] / (1 − Σ w_i²), with H = Σ w_i² H_i, w_i the industry's share of the
    group's jobs, and G of the jobs of the group taken together. (Some published code gives values above 1; the formula
    does not.)

    Args:
        jobs: employment of each plant of the group.
        regions: the region of each plant.
        industries: the industry of each plant, two or more.
        reference: by region, the amount that a spread by chance would follow, regions without a plant included.

    Returns:
        γ_c without unit; NaN with one industry, a single region, or a missing figure.

    Raises:
        MethodError: a plant in a region that the reference lacks, figures below zero, or not one industry a plant.

    Source: Ellison and Glaeser (1997), section V, doi:10.1086/262098.

    >>> two = coagglomeration([5, 5, 5, 5], ["a", "a", "a", "a"], ["i", "i", "j", "j"], reference={"a": 1, "b": 1})
    >>> round(two, 4)
    1.0
    """
    pooled = _spread(jobs, regions, reference)
    names = np.asarray(industries, dtype=str)
    if names.size != len(regions):
        raise MethodError(f"{len(regions)} plants and {names.size} industries were given; expected one a plant.")
    plants, places = amounts(jobs, "employment of plants"), np.asarray(regions, dtype=str)
    chance = 1 - float((pooled.x**2).sum())
    inside = herfindahl = squares = 0.0
    for industry in sorted(set(names.tolist())):
        mine = names == industry
        own = ellison_glaeser(plants[mine], places[mine].tolist(), reference)
        weight = float(divided(plants[mine].sum(), plants.sum())) ** 2
        # γ_i (1 − H_i) is G_i / X − H_i: so written, an industry with one plant does no harm.
        inside += weight * (float(divided(own.g, chance)) - own.h)
        herfindahl += weight * own.h
        squares += weight
    g = float(((pooled.s - pooled.x) ** 2).sum())
    return float(divided(float(divided(g, chance)) - herfindahl - inside, 1 - squares))
