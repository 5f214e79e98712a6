"""What an edition says, as plain values: everything a door may show, nothing it must compute.

`observatory.read` fills these from the frozen files. Scores and positions are floats; ranks are integers
starting at 1 (best); probabilities are shares in 0..1; NaN never appears: a missing value is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from beffroi.observatory.outlook import Outlook
from beffroi.observatory.signatures import validation_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    from beffroi.catalogue.schema import ComparisonSet, Index, Indicator, Source
    from beffroi.observatory.chance import Chance
    from beffroi.observatory.signatures import Signature, Validation
    from beffroi.vocabulary.provenance import Provenance
    from beffroi.vocabulary.text import Text

Verdict = Literal["strength", "weakness", "middle", "not_distinguishable", "unknown"]
Trend = Literal["up", "down", "steady", "unknown"]


@dataclass(frozen=True, slots=True)
class Place:
    """A region's name and label point (degrees, WGS 84; None where no table gives one)."""

    code: str
    name: Text
    country: str
    country_name: Text
    level: int
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One region's place in one comparison set under one index.

    `score` in points (0–100); `rank` by the nominal index; `rank_low`..`rank_high` hold it in 9 scenarios of 10
    (5th and 95th percentile), `rank_median` is the middle one; `robust_best`..`robust_worst` count only
    regions clearly above or below (pairwise probability ≥ 0.95). `share_at_rank`: share of scenarios in which the
    nominal rank holds exactly. `coverage`: share of indicators observed. `population`: persons, or None.
    """

    region: str
    score: float
    score_low: float
    score_high: float
    rank: int
    rank_low: int
    rank_median: int
    rank_high: int
    robust_best: int
    robust_worst: int
    share_at_rank: float
    top_5: Chance
    top_10: Chance
    top_quarter: Chance
    coverage: float
    population: float | None


@dataclass(frozen=True, slots=True)
class PillarStanding:
    """Score (points) and rank of a region in one pillar, nominal method."""

    region: str
    pillar: str
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator for one region, from the raw figure to its share of the index.

    `raw` in the indicator's unit, None when missing; `year` of the newest figure used; `age` in years at the
    edition's date; `status` SDMX letters; `origin`: `observed`, `parts` (assembled from smaller regions),
    `recoded` (carried over NUTS vintages by weights), `imputed`; `reason` is a reason code when not observed.
    `used` is the figure after imputation; `treated` after outliers; `low`/`high` the bounds of scaling in the unit
    (of treated values); `normalised` 0–100; `weight` effective share of the index;
    `contribution` = weight × normalised (points of an arithmetic index).
    `rank` among `ranked` regions with a figure; `position` share of regions it does better than (0..1) with its
    interval over recent years. `series_keys`: series the figure rests on. `trend_change`: change of position.
    """

    region: str
    indicator: str
    raw: float | None
    year: int | None
    age: int | None
    status: str
    origin: str
    reason: str
    used: float
    treated: float
    low: float
    high: float
    normalised: float
    weight: float
    contribution: float
    rank: int | None
    ranked: int
    position: float | None
    position_low: float | None
    position_high: float | None
    verdict: Verdict
    trend: Trend
    trend_change: float | None
    series_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A region of the set that is not ranked, and why (`reason` code, coverage share)."""

    region: str
    reason: str
    coverage: float


@dataclass(frozen=True, slots=True)
class Treated:
    """What was done to one indicator before scaling, and the figures behind that decision."""

    indicator: str
    method: str  # "none", "winsorised", "log"
    skew: float
    kurtosis: float
    points: int
    low: float
    high: float
    observed: int
    imputed: int


@dataclass(frozen=True, slots=True)
class Lever:
    """One indicator to move, from the figure of today to the one needed (both in its unit).

    `points` gained on its 0–100 scale; `years` at the pace that one region in four reaches.
    """

    indicator: str
    raw_from: float
    raw_to: float
    points: float
    years: float


@dataclass(frozen=True, slots=True)
class Goal:
    """What it would take for a region to be among the `top` first: the smallest effort, certified.

    When `is_feasible`, `years` of effort in all and `rank` reached with the levers, all else staying as it is, the
    levers that add most first. When not, `years` is None, there is no lever, and `rank` is the best within reach.
    """

    region: str
    top: int
    is_feasible: bool
    years: float | None
    rank: int
    levers: tuple[Lever, ...]


@dataclass(frozen=True, slots=True)
class Hang:
    """One choice of method that a region's rank hangs on.

    `total`: share (0..1) of the variance of its rank that would vanish if the choice were fixed, with its 90 %
    bootstrap interval `low`..`high`. Shares may add up to more than 1, because choices act together.
    """

    factor: str
    total: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SetReading:
    """All that an edition says of one comparison set under one index.

    `standings` are sorted by rank; `pairwise[i, k]` is the share of scenarios in which standing i is above
    standing k (same order). `dropped`: indicators screened out, with the share of regions that had a figure. `goals`
    by (region, top): what it would take, for tops not yet reached. `hangs`: by region, what its rank hangs on, most
    first; nothing where it never changes. `outlook`: by when, peers, and what rates are divided by.
    """

    set_id: str
    index_id: str
    standings: tuple[Standing, ...]
    excluded: tuple[Exclusion, ...]
    pillars: Mapping[tuple[str, str], PillarStanding]
    cells: Mapping[tuple[str, str], Cell]
    treated: Mapping[str, Treated]
    dropped: Mapping[str, float]
    pairwise: npt.NDArray[np.float32]
    scenarios: int
    seed: int
    choices: tuple[tuple[str, int], ...]
    goals: Mapping[tuple[str, int], Goal] = field(default_factory=dict)
    hangs: Mapping[str, tuple[Hang, ...]] = field(default_factory=dict)
    outlook: Outlook = field(default_factory=Outlook)

    def standing(self, region: str) -> Standing | None:
        """The region's standing, or None when it is not ranked in this set."""
        return next((one for one in self.standings if one.region == region), None)

    def above(self, region: str, rival: str) -> float:
        """Share of scenarios in which `region` is above `rival` (both must be ranked)."""
        order = {one.region: number for number, one in enumerate(self.standings)}
        return float(self.pairwise[order[region], order[rival]])


@dataclass(frozen=True, slots=True)
class Point:
    """One year of an indicator's series for one region."""

    year: int
    value: float
    status: str
    origin: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A frozen publication of the observatory.

    `id` is the permalink part (`2026-1`); `digest` fingerprints every figure in it; `built_on` an ISO date;
    `first_year`..`last_year` span the figures used. `sets` are keyed by comparison-set id; the first is the default.
    `series[(indicator, region)]` are points by year. `from_starter` counts series shipped with the project.
    """

    id: str
    title: Text
    built_on: str
    digest: str
    version: str
    first_year: int
    last_year: int
    places: Mapping[str, Place]
    indicators: Mapping[str, Indicator]
    indices: Mapping[str, Index]
    definitions: Mapping[str, ComparisonSet]
    sources: Mapping[str, Source]
    provenance: Mapping[str, Provenance]
    sets: Mapping[str, SetReading]
    series: Mapping[tuple[str, str], tuple[Point, ...]]
    errata: tuple[Text, ...] = ()
    signatures: tuple[Signature, ...] = ()

    @property
    def validation(self) -> Validation:
        """Whether two persons stand behind it."""
        return validation_of(self.signatures, self.digest)

    @property
    def from_starter(self) -> int:
        """How many series are the starter's."""
        return sum(one.is_starter for one in self.provenance.values())
