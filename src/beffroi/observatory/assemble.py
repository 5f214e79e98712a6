"""From observations as published to one figure for each region and indicator, with where it came from.

Codes are carried to the NUTS vintage of the comparison set, ratios are formed, and a region that no publisher
covers directly is assembled from its parts: sums over sums where we divide ourselves, a mean weighed by population
where the publisher gives only the rate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.observatory.known import Known, Years, rate, ratio, recoded, total
from beffroi.vocabulary.observation import ConfStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from beffroi.catalogue.schema import Indicator, Series
    from beffroi.vocabulary.observation import Observation
    from beffroi.vocabulary.recode import Kind

YearsOf = Callable[["Series", "Kind"], Years]

OLDEST = 8  # a figure this many years behind the newest of its indicator no longer speaks of the present
NEAREST = 3  # a population may stand in for that of a year this far away


@dataclass(frozen=True, slots=True)
class Figure:
    """One usable figure: `value` in the indicator's unit, its year, SDMX status letters and origin."""

    value: float
    year: int
    status: str
    origin: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Every usable figure of one comparison set: (indicator, region) → figures by ascending year."""

    figures: Mapping[tuple[str, str], tuple[Figure, ...]]
    population: Mapping[str, float]

    def latest(self, indicator: Indicator, regions: Sequence[str]) -> dict[str, Figure]:
        """Return each region's newest figure, unless it is too far behind the newest of all."""
        newest = {one: figures[-1] for one in regions if (figures := self.figures.get((indicator.id, one)))}
        last = max((figure.year for figure in newest.values()), default=0)
        return {one: figure for one, figure in newest.items() if last - figure.year <= OLDEST}


def by_series(observations: Iterable[Observation]) -> dict[str, tuple[Observation, ...]]:
    """Group by series key the observations that have a value which may be published.

    A missing value is explained by its cell; a confidential one never enters a figure, not even through a sum.
    """
    groups: dict[str, list[Observation]] = defaultdict(list)
    for one in observations:
        if one.value is not None and one.flags.confidentiality is ConfStatus.FREE:
            groups[one.series].append(one)
    return {key: tuple(group) for key, group in groups.items()}


def assemble(
    observations: Mapping[str, Sequence[Observation]],
    indicators: Iterable[Indicator],
    regions: Sequence[str],
    *,
    vintage: int,
    population: Series | None,
) -> Panel:
    """Assemble all figures of a comparison set.

    Args:
        observations: by series key, codes as given.
        indicators: what to assemble.
        regions: members of the set, codes of `vintage`, levels mixed.
        vintage: NUTS vintage of the set.
        population: the series of inhabitants shown beside regions.

    Returns:
        Figures by indicator and region; a pair without any figure is absent.
    """
    read: dict[tuple[str, Kind], Years] = {}

    def years_of(series: Series, kind: Kind) -> Years:
        key = (series.key, kind)
        if key not in read:
            read[key] = recoded(observations.get(series.key, ()), vintage, kind)
        return read[key]

    figures: dict[tuple[str, str], tuple[Figure, ...]] = {}
    for indicator in indicators:
        for region in regions:
            made = rates if indicator.value else ratios
            found = tuple(
                figure
                for figure in made(indicator, region, vintage, years_of)
                if indicator.first_year <= figure.year <= indicator.last_year
            )
            if found:
                figures[indicator.id, region] = found
    inhabitants = years_of(population, "count") if population else {}
    newest = {one: _newest_count(inhabitants, one, vintage) for one in regions}
    return Panel(figures, {one: count for one, count in newest.items() if count is not None})


def rates(indicator: Indicator, region: str, vintage: int, years_of: YearsOf) -> Iterable[Figure]:
    """Yield the figures of a rate that its publisher gives, or its mean over parts weighed by `weight_series`."""
    if indicator.value is None:
        return
    weights = years_of(indicator.weight_series, "count") if indicator.weight_series else {}
    for year, codes in years_of(indicator.value, "rate").items():
        known = rate(codes, region, vintage, weights=nearest_year(weights, year))
        if known is not None:
            yield Figure(known.value * indicator.scale, year, known.status, known.origin)


def ratios(indicator: Indicator, region: str, vintage: int, years_of: YearsOf) -> Iterable[Figure]:
    """Yield `scale` × numerator / denominator by year, each counted directly or summed over parts.

    A denominator may be of a year at most three away; the figure is then marked estimated (E).
    """
    if indicator.numerator is None or indicator.denominator is None:
        return
    over = years_of(indicator.numerator, "count")
    under = years_of(indicator.denominator, "count")
    for year in over:
        pool = [one for one in range(year - indicator.pooled_years + 1, year + 1) if one in over]
        if len(pool) < indicator.pooled_years:
            continue
        known = ratio(
            [over[one] for one in pool],
            nearest_year(under, year),
            region,
            vintage,
            absent_is_zero=indicator.absent_is_zero,
        )
        if known is not None:
            status = known.status if year in under or "E" in known.status else known.status.replace("A", "") + "E"
            yield Figure(known.value * indicator.scale, year, status, known.origin)


def nearest_year(years: Years, year: int) -> dict[str, Known]:
    """Return the counts of a year, or of the nearest at most three away; nothing when there is none."""
    for away in range(NEAREST + 1):
        for near in (year - away, year + away):
            if near in years:
                return years[near]
    return {}


def _newest_count(years: Years, region: str, vintage: int) -> float | None:
    counts = (total(years[year], region, vintage) for year in sorted(years, reverse=True))
    return next((one for one in counts if one is not None), None)
