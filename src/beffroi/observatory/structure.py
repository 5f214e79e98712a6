"""Whom to compare with: regions alike in size, growth, wealth and nearness to others, whatever their rank.

What a region cannot change sets its frame; performance stays out. No publisher of ours gives areas, so there is no
density; the inhabitants within reach stand in for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.peers import structural_peers
from beffroi.observatory.known import recoded, total
from beffroi.observatory.outlook import Peer, Trait

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from beffroi.catalogue.schema import Series
    from beffroi.observatory.assemble import Panel
    from beffroi.observatory.reading import Place
    from beffroi.vocabulary.observation import Observation

PEERS = 10
POPULATION, GROWTH, WEALTH, REACH = "population", "growth_pct", "gdp_eur_per_head", "reach_persons_per_km"
TRAITS = (POPULATION, GROWTH, WEALTH, REACH)
LOGARITHMIC = {POPULATION, WEALTH, REACH}
GROWTH_YEARS = 10
FEWEST_YEARS = 5
FEWEST_REGIONS = 5
KNOWN = 0.8  # share of regions for which a trait must be known, or it is left out
EARTH_KM = 6371.0


def traits(
    regions: Sequence[str],
    panel: Panel,
    places: Mapping[str, Place],
    inhabitants: Mapping[str, Mapping[int, float]],
) -> tuple[Trait, ...]:
    """Return every structural figure that is known.

    Args:
        regions: those compared.
        panel: population, and product per head where the catalogue defines it.
        places: label points.
        inhabitants: persons by region and year.

    Returns:
        Population (persons), its growth (% a year over ten years at most, five at least), product per head (euros),
        and inhabitants within reach: the others' populations, each divided by its distance (persons per km).

    Source: market potential, Harris (1954), doi:10.1080/00045605409352140.
    """
    out = [Trait(one, POPULATION, panel.population[one]) for one in regions if one in panel.population]
    for one in regions:
        growth = _growth(inhabitants.get(one, {}))
        if growth is not None:
            out.append(Trait(one, GROWTH, growth))
        wealth = panel.figures.get((WEALTH, one), ())
        if wealth:
            out.append(Trait(one, WEALTH, wealth[-1].value))
    return (*out, *_reach(regions, panel.population, places))


def peers(known: Iterable[Trait], ranked: Sequence[str]) -> tuple[Peer, ...]:
    """Return the ten regions most alike for each ranked region, nearest first.

    A region that lacks one of the traits has no peers and is nobody's; a trait known for too few is left out.
    """
    by_trait: dict[str, dict[str, float]] = {}
    for one in known:
        by_trait.setdefault(one.trait, {})[one.region] = one.value
    used = [name for name in TRAITS if _tells(by_trait.get(name, {}), ranked)]
    whole = tuple(one for one in ranked if all(one in by_trait[name] for name in used))
    if not used or len(whole) < FEWEST_REGIONS:
        return ()
    columns = [np.array([by_trait[name][one] for one in whole]) for name in used]
    values = [np.log(x) if name in LOGARITHMIC else x for name, x in zip(used, columns, strict=True)]
    found = structural_peers(IndicatorMatrix(whole, tuple(used), np.stack(values, axis=1)), k=PEERS)
    return tuple(
        Peer(region, place + 1, whole[found.rows[row, place]], float(distance), bool(found.mutual[row, place]))
        for row, region in enumerate(whole)
        for place, distance in enumerate(found.distances[row])
    )


def inhabitants_of(
    observations: Mapping[str, Sequence[Observation]], population: Series | None, regions: Sequence[str], vintage: int
) -> dict[str, dict[int, float]]:
    """Return the persons of each region by year, as published or summed over all its parts."""
    if population is None:
        return {}
    years = recoded(observations.get(population.key, ()), vintage, "count")
    out: dict[str, dict[int, float]] = {}
    for year, codes in years.items():
        for region in regions:
            count = total(codes, region, vintage)
            if count is not None:
                out.setdefault(region, {})[year] = count
    return out


def _tells(values: Mapping[str, float], ranked: Sequence[str]) -> bool:
    seen = [values[one] for one in ranked if one in values]
    return len(seen) >= KNOWN * len(ranked) and len(set(seen)) > FEWEST_REGIONS


def _growth(persons: Mapping[int, float]) -> float | None:
    if not persons:
        return None
    last = max(persons)
    first = min(year for year in persons if last - year <= GROWTH_YEARS)
    if last - first < FEWEST_YEARS or persons[first] <= 0:
        return None
    return float(((persons[last] / persons[first]) ** (1 / (last - first)) - 1) * 100)


def _reach(regions: Sequence[str], persons: Mapping[str, float], places: Mapping[str, Place]) -> list[Trait]:
    placed = [
        (code, one.longitude, one.latitude)
        for code in regions
        if code in persons and (one := places[code]).longitude is not None and one.latitude is not None
    ]
    if len(placed) < FEWEST_REGIONS:
        return []
    east, north = (np.radians(np.array([one[k] for one in placed], dtype=float)) for k in (1, 2))
    half = np.sin((north[:, None] - north) / 2) ** 2
    half = half + np.cos(north[:, None]) * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
    distance = 2 * EARTH_KM * np.arcsin(np.sqrt(half))
    np.fill_diagonal(distance, np.inf)
    reach = np.array([persons[one[0]] for one in placed]) @ (1 / np.maximum(distance, 1.0))
    return [Trait(one[0], REACH, float(value)) for one, value in zip(placed, reach, strict=True)]
