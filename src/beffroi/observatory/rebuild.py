"""An edition's index made again from its frozen cells, so that a reader's question can be answered on the spot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.build import build
from beffroi.composite.matrix import IndicatorMatrix

if TYPE_CHECKING:
    from beffroi.catalogue.schema import Index
    from beffroi.composite.build import Built
    from beffroi.observatory.reading import Edition, SetReading


def index_as_kept(edition: Edition, reading: SetReading) -> Index:
    """Return the index without its thresholds: what they left out has no cells, and nothing else may go."""
    return replace(edition.indices[reading.index_id], min_indicator_coverage=0.0, min_region_coverage=0.0)


def figures_of(edition: Edition, reading: SetReading) -> IndicatorMatrix:
    """Return the raw figures of the ranked regions, in the order of their codes, NaN where none is published."""
    regions = tuple(sorted(one.region for one in reading.standings))
    names = tuple(one for one in edition.indices[reading.index_id].indicators if one in reading.treated)
    values = np.full((len(regions), len(names)), np.nan)
    for row, region in enumerate(regions):
        for column, name in enumerate(names):
            raw = reading.cells[region, name].raw
            if raw is not None:
                values[row, column] = raw
    return IndicatorMatrix(regions, names, values)


def rebuilt(edition: Edition, reading: SetReading) -> Built:
    """Return the build of one set with all its stages; its scores are those of the edition.

    Raises:
        MethodError: the cells do not make an index.
    """
    figures = figures_of(edition, reading)
    return build(
        figures,
        index_as_kept(edition, reading),
        directions=directions_of(edition, figures.indicators),
        countries={one: one[:2] for one in figures.regions},
    )


def directions_of(edition: Edition, names: tuple[str, ...]) -> dict[str, int]:
    """Return +1 or −1 for each indicator."""
    return {one: edition.indicators[one].direction for one in names}
