"""One build of an index: every stage kept, so that any score can be traced back to its raw figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.composite.aggregate import Tree, aggregate, tree
from beffroi.composite.impute import Imputed, impute
from beffroi.composite.normalise import normalise
from beffroi.composite.rank import rank
from beffroi.composite.screen import Screened, screen
from beffroi.composite.treat import Treated, treat

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    from beffroi.catalogue.schema import Index
    from beffroi.composite.matrix import IndicatorMatrix


@dataclass(frozen=True, slots=True)
class Built:
    """An index with all its stages, in the Handbook's order.

    `pillar_scores` regions × pillars and `scores` regions, in points; `ranks` start at 1.
    """

    raw: IndicatorMatrix
    screened: Screened
    imputed: Imputed
    treated: Treated
    normalised: IndicatorMatrix
    shape: Tree
    pillar_scores: npt.NDArray[np.float64]
    pillar_ranks: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float64]
    ranks: npt.NDArray[np.int32]
    directions: tuple[int, ...]
    countries: tuple[str, ...]

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions that are ranked."""
        return self.normalised.regions


def build(raw: IndicatorMatrix, index: Index, *, directions: Mapping[str, int], countries: Mapping[str, str]) -> Built:
    """Build the index by its nominal choices.

    Args:
        raw: figures in their own units, NaN where missing.
        index: weights and methods.
        directions: +1 or −1 for each indicator.
        countries: the country of each region, from which missing figures are imputed.

    Returns:
        Every stage, for the regions and indicators that pass the screening.

    Raises:
        MethodError: too few figures, a constant indicator, no weight left.
    """
    screened = screen(
        raw,
        min_indicator_coverage=index.min_indicator_coverage,
        min_region_coverage=index.min_region_coverage,
    )
    kept = screened.matrix
    oriented = tuple(directions[one] for one in kept.indicators)
    where = tuple(countries[one] for one in kept.regions)
    imputed = impute(kept, where, method=index.imputation)
    treated = treat(imputed.matrix, method=index.treatment)
    points = normalise(treated.matrix, oriented, method=index.normalisation)
    shape = tree(index, kept.indicators)
    pillar_scores, scores = aggregate(points.values, shape, method=index.aggregation)
    return Built(
        raw, screened, imputed, treated, points, shape,
        pillar_scores, rank(pillar_scores.T).T, scores, rank(scores), oriented, where,
    )  # fmt: skip
