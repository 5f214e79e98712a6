"""Where would a merged region stand: ranked among one region fewer, on today's goalposts and on new ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.aggregate import aggregate
from beffroi.composite.build import Built, build
from beffroi.composite.goalposts import to_points
from beffroi.composite.impute import impute
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.rank import rank

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from beffroi.catalogue.schema import Index
    from beffroi.composite.recombine import Recombined

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reranked:
    """Scores and ranks after regions were recombined.

    `frozen_*` on the goalposts of today, comparable with today's scores; `refitted` is the index built anew, as the
    publisher would. `regions` are those of `refitted`, in its order.
    """

    regions: tuple[str, ...]
    frozen_scores: Floats
    frozen_ranks: npt.NDArray[np.int32]
    refitted: Built


def rank_again(
    today: Built, index: Index, changed: Recombined, *, directions: Mapping[str, int], countries: Mapping[str, str]
) -> Reranked:
    """Rank recombined regions twice: with goalposts frozen, and fitted again.

    Args:
        today: the build before, whose goalposts are frozen.
        index: its definition.
        changed: figures after recombination, with all indicators of `today`. Cells that are only bounded are
            missing, and imputed as the index says.
        directions: +1 or −1 for each indicator.
        countries: the country of each region, new ones included.

    Returns:
        Both rankings, over the regions that pass the screening.

    Raises:
        MethodError: too few regions or figures remain, or an indicator of today's build is not among the figures.
    """
    matrix = IndicatorMatrix(changed.regions, changed.indicators, changed.values)
    refitted = build(matrix, index, directions=directions, countries=countries)
    rows = np.isin(changed.regions, refitted.regions)
    columns = [changed.indicators.index(one) for one in today.normalised.indicators]
    kept = IndicatorMatrix(refitted.regions, today.normalised.indicators, changed.values[rows][:, columns])
    full = impute(kept, refitted.countries, method=index.imputation).matrix.values
    scores = aggregate(to_points(today, index, full), today.shape, method=index.aggregation)[1]
    return Reranked(refitted.regions, scores, rank(scores), refitted)
