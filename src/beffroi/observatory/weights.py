"""The ranking under a reader's own weights, beside the edition's, with an interval of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from beffroi.composite.aggregate import aggregate, tree
from beffroi.composite.rank import rank
from beffroi.composite.robustness import rank_interval
from beffroi.composite.uncertainty import run
from beffroi.observatory.rebuild import index_as_kept, rebuilt
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.catalogue.schema import Index
    from beffroi.observatory.reading import Edition, SetReading

HEAVIEST = 100.0
SCENARIOS = 512
IMPUTATIONS = 4  # four fills of the holes instead of the edition's sixteen, so that a page answers at once


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights asked for, by pillar and by indicator; what is not named keeps the edition's. Only ratios count."""

    pillars: Mapping[str, float]
    indicators: Mapping[str, float]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for."""
        return not self.pillars and not self.indicators


@dataclass(frozen=True, slots=True)
class Reweighed:
    """One region under both weightings: `rank_low`..`rank_high` hold the new rank in 9 scenarios of 10."""

    region: str
    rank: int
    rank_low: int
    rank_high: int
    score: float
    edition_rank: int
    edition_score: float


def reweigh(edition: Edition, reading: SetReading, asked: Weights) -> tuple[Reweighed, ...]:
    """Rank all regions of a set under other weights.

    Args:
        edition: a frozen edition.
        reading: one of its sets.
        asked: weights from 0 to 100.

    Returns:
        Every ranked region, best first under the weights asked for. The interval varies the same choices as the
        edition's, around these weights, over 512 scenarios.

    Raises:
        UsageError: a weight that is no number from 0 to 100, an unknown name, or nothing left that counts.
    """
    index = _with(index_as_kept(edition, reading), asked)
    built = rebuilt(edition, reading)
    if not any(_total(index, pillar.id, built.normalised.indicators) for pillar in index.pillars):
        raise UsageError(
            Text(
                "Tous les poids sont à 0 : il ne reste rien pour classer. Donnez-en au moins un au-dessus de 0.",
                "All weights are 0, so nothing is left to rank by. Give at least one a weight above 0.",
            )
        )
    shape = tree(index, built.normalised.indicators)
    pillar_scores, scores = aggregate(built.normalised.values, shape, method=index.aggregation)
    ranks = rank(scores)
    again = replace(built, shape=shape, pillar_scores=pillar_scores, scores=scores, ranks=ranks)
    spec = replace(
        index.uncertainty, scenarios=SCENARIOS, imputation_draws=min(IMPUTATIONS, index.uncertainty.imputation_draws)
    )
    held = rank_interval(run(again, replace(index, uncertainty=spec)))
    standings = {one.region: one for one in reading.standings}
    rows = (
        Reweighed(
            region, int(ranks[i]), int(held.low[i]), int(held.high[i]), float(scores[i]),
            standings[region].rank, standings[region].score,
        )
        for i, region in enumerate(built.regions)
    )  # fmt: skip
    return tuple(sorted(rows, key=lambda one: (one.rank, one.region)))


def _with(index: Index, asked: Weights) -> Index:
    _refuse(index, asked)
    return replace(
        index,
        pillars=tuple(
            replace(
                pillar,
                weight=asked.pillars.get(pillar.id, pillar.weight),
                indicators={name: asked.indicators.get(name, weight) for name, weight in pillar.indicators.items()},
            )
            for pillar in index.pillars
        ),
    )


def _refuse(index: Index, asked: Weights) -> None:
    for kind, given, known in (
        ("pillar", asked.pillars, {one.id for one in index.pillars}),
        ("indicator", asked.indicators, set(index.indicators)),
    ):
        for name, weight in given.items():
            if name not in known:
                raise UsageError(
                    Text(
                        f"L’indice n’a pas de {'pilier' if kind == 'pillar' else 'poids d’indicateur'} « {name} ». "
                        f"Il a : {', '.join(sorted(known))}.",
                        f"The index has no {kind} '{name}'. It has: {', '.join(sorted(known))}.",
                    )
                )
            if not (math.isfinite(weight) and 0 <= weight <= HEAVIEST):
                raise UsageError(
                    Text(
                        f"Le poids de « {name} » est {weight:g}. Donnez un nombre de 0 à 100.",
                        f"The weight of {kind} '{name}' is {weight:g}. Give a number from 0 to 100.",
                    )
                )


def _total(index: Index, pillar_id: str, kept: tuple[str, ...]) -> float:
    pillar = next(one for one in index.pillars if one.id == pillar_id)
    return pillar.weight * sum(weight for name, weight in pillar.indicators.items() if name in kept)
