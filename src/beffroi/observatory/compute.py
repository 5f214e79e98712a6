"""One comparison set under one index: from assembled figures to all that an edition says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.build import Built, build
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.robustness import (
    pairwise_above,
    rank_interval,
    robust_bounds,
    score_interval,
    share_at,
    top_chance,
)
from beffroi.composite.sensitivity_rank import hangs_on, rank_sensitivity
from beffroi.composite.uncertainty import Scenarios, run
from beffroi.observatory.ahead import ahead
from beffroi.observatory.cells import cells, treatments
from beffroi.observatory.chance import Chance
from beffroi.observatory.effort import goals
from beffroi.observatory.frozen_outlook import outlook_of
from beffroi.observatory.reading import Exclusion, Goal, Hang, PillarStanding, SetReading, Standing
from beffroi.observatory.structure import peers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from beffroi.catalogue.schema import Index
    from beffroi.observatory.assemble import Panel
    from beffroi.observatory.outlook import Base, Outlook, Trait
    from beffroi.observatory.question import Question

QUARTER = 4
SCENARIOS_PER_BASE = 8  # a Sobol design of six choices has 6 + 2 scenarios for each base point
FEWEST_BASES = 16


def matrix_of(panel: Panel, question: Question) -> IndicatorMatrix:
    """Lay the newest figures out as regions × indicators of the index, NaN where there is none."""
    names = question.index.indicators
    values = np.full((len(question.regions), len(names)), np.nan)
    row = {region: number for number, region in enumerate(question.regions)}
    for column, name in enumerate(names):
        for region, figure in panel.latest(question.indicators[name], question.regions).items():
            values[row[region], column] = figure.value
    return IndicatorMatrix(question.regions, names, values)


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beside the index's figures: structural traits, and what rates are divided by."""

    traits: tuple[Trait, ...] = ()
    bases: tuple[Base, ...] = ()


def compute(
    panel: Panel, question: Question, around: Around | None = None, *,
    workers: int = 1, progress: Callable[[int], None] | None = None,
) -> SetReading:  # fmt: skip
    """Build the index, replay it over scenarios, and write down what both say of each region.

    Args:
        panel: assembled figures of the set.
        question: regions, index, indicators and the edition's year.
        around: what peers and mergers rest on; nothing leaves both out.
        workers: threads; the result does not depend on it.
        progress: called with the number of scenarios just done.

    Returns:
        The set's reading, standings sorted by rank, then by code.

    Raises:
        MethodError: figures and method do not fit.
    """
    directions = {name: one.direction for name, one in question.indicators.items()}
    countries = {region: region[:2] for region in question.regions}
    built = build(matrix_of(panel, question), question.index, directions=directions, countries=countries)
    scenarios = run(built, question.index, workers=workers, progress=progress)
    pairwise = pairwise_above(scenarios, workers=workers)
    order = sorted(range(len(built.regions)), key=lambda i: (int(built.ranks[i]), built.regions[i]))
    standings = _standings(built, scenarios, pairwise, question.index, panel)
    screened = built.screened
    return SetReading(
        set_id=question.set_id,
        index_id=question.index.id,
        standings=tuple(standings[i] for i in order),
        excluded=tuple(
            Exclusion(region, "too_few_figures" if share > 0 else "no_figure", share)
            for region, share in sorted(screened.excluded.items())
        ),
        pillars=_pillars(built),
        cells=cells(built, panel, question),
        treated=treatments(built),
        dropped=dict(screened.dropped),
        pairwise=pairwise[np.ix_(order, order)],
        scenarios=question.index.uncertainty.scenarios,
        seed=question.index.uncertainty.seed,
        choices=_choices(scenarios, question.index),
        goals=_goals(built, panel, question.index, directions),
        hangs=_hangs(built, question.index),
        outlook=_outlook(built, panel, question.index, around or Around()),
    )


def _standings(
    built: Built, scenarios: Scenarios, pairwise: np.ndarray[tuple[int, int], np.dtype[np.float32]],
    index: Index, panel: Panel,
) -> list[Standing]:  # fmt: skip
    interval, robust = rank_interval(scenarios), robust_bounds(pairwise)
    n = len(built.regions)
    tops = [top_chance(scenarios, k) for k in (5, 10, max(1, n // QUARTER))]
    held = share_at(scenarios, built.ranks)
    low, high = score_interval(
        scenarios,
        normalisation=index.uncertainty.normalisations.index(index.normalisation),
        aggregation=index.uncertainty.aggregations.index(index.aggregation),
    )
    return [
        Standing(
            region=region,
            score=float(built.scores[i]),
            score_low=float(low[i]),
            score_high=float(high[i]),
            rank=int(built.ranks[i]),
            rank_low=int(interval.low[i]),
            rank_median=int(interval.median[i]),
            rank_high=int(interval.high[i]),
            robust_best=int(robust.best[i]),
            robust_worst=int(robust.worst[i]),
            share_at_rank=float(held[i]),
            top_5=Chance(float(tops[0].p[i]), float(tops[0].standard_error[i])),
            top_10=Chance(float(tops[1].p[i]), float(tops[1].standard_error[i])),
            top_quarter=Chance(float(tops[2].p[i]), float(tops[2].standard_error[i])),
            coverage=built.screened.coverage[region],
            population=panel.population.get(region),
        )
        for i, region in enumerate(built.regions)
    ]


def _pillars(built: Built) -> dict[tuple[str, str], PillarStanding]:
    return {
        (region, pillar): PillarStanding(
            region, pillar, float(built.pillar_scores[i, k]), int(built.pillar_ranks[i, k])
        )
        for i, region in enumerate(built.regions)
        for k, pillar in enumerate(built.shape.pillars)
    }


def _goals(built: Built, panel: Panel, index: Index, directions: dict[str, int]) -> dict[tuple[str, int], Goal]:
    if (index.normalisation, index.aggregation) != ("min_max", "arithmetic"):
        return {}  # filling the cheapest points first is exact for a mean of min–max points only
    return {(one.region, one.top): one for one in goals(built, panel, directions)}


def _hangs(built: Built, index: Index) -> dict[str, tuple[Hang, ...]]:
    spec = index.uncertainty
    base = max(FEWEST_BASES, spec.scenarios // SCENARIOS_PER_BASE)
    found = rank_sensitivity(built, index, base, rng=np.random.default_rng(spec.seed))
    return {
        region: tuple(Hang(one.factor, one.total, one.low, one.high) for one in hangs_on(found, region))
        for region in built.regions
    }


def _outlook(built: Built, panel: Panel, index: Index, around: Around) -> Outlook:
    found = ahead(built, panel, index)
    return outlook_of(
        arrivals=found.arrivals,
        required=found.required,
        paths=found.paths,
        paces=found.paces,
        peers=peers(around.traits, built.regions),
        traits=around.traits,
        bases=around.bases,
    )


def _choices(scenarios: Scenarios, index: Index) -> tuple[tuple[str, int], ...]:
    draws, spec = scenarios.draws, index.uncertainty
    named: list[tuple[Sequence[str], np.ndarray[tuple[int], np.dtype[np.intp]]]] = [
        (spec.treatments, draws.treatment),
        (spec.normalisations, draws.normalisation),
        (spec.aggregations, draws.aggregation),
    ]
    return tuple((name, int((drawn == number).sum())) for names, drawn in named for number, name in enumerate(names))
