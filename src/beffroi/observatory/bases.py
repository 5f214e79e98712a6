"""What each rate is divided by, where a publisher says it: kept so that regions can be put together honestly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.observatory.assemble import nearest_year
from beffroi.observatory.known import recoded, total
from beffroi.observatory.outlook import Base

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from beffroi.catalogue.schema import Catalogue, Indicator, Series
    from beffroi.observatory.assemble import Panel
    from beffroi.observatory.known import Years
    from beffroi.vocabulary.observation import Observation

PRODUCT = "tgs00003"
BY_UNIT = {"per_million": "demo_r_d2jan", "eur_per_head": "demo_r_d2jan", "pct_gdp": PRODUCT}


def bases(
    panel: Panel,
    indicators: Sequence[Indicator],
    regions: Sequence[str],
    *,
    observations: Mapping[str, Sequence[Observation]],
    catalogue: Catalogue,
    vintage: int,
) -> tuple[Base, ...]:
    """Return the denominators of the newest figures: that of a ratio we form, or what the unit of a rate names.

    Args:
        panel: figures of the set.
        indicators: those of the index.
        regions: members of the set.
        observations: by series key, codes as given.
        catalogue: where series of inhabitants and of product are found.
        vintage: NUTS vintage of the set.

    Returns:
        One base for each figure whose denominator is published for the region or all its parts, of a year at most
        three away. A share of persons, households or jobs has none: nobody gives their number here.
    """
    out = []
    read: dict[str, Years] = {}
    for one in indicators:
        series = one.denominator or _named(one, catalogue)
        if series is None:
            continue
        if series.key not in read:
            read[series.key] = recoded(observations.get(series.key, ()), vintage, "count")
        for region, figure in panel.latest(one, regions).items():
            count = total(nearest_year(read[series.key], figure.year), region, vintage)
            if count is not None and count > 0:
                out.append(Base(region, one.id, count))
    return tuple(out)


def _named(one: Indicator, catalogue: Catalogue) -> Series | None:
    wanted = BY_UNIT.get(one.unit.id)
    every = (series for each in catalogue.indicators.values() for series in each.series)
    return next((series for series in every if series.dataset == wanted), None)
