"""What a definition holds. `load` reads the files into these; nothing here touches the disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.vocabulary.text import Text

Normalisation = Literal["min_max", "z_score", "percentile"]
Aggregation = Literal["arithmetic", "geometric", "harmonic"]
Imputation = Literal["country_mean", "set_median", "country_draw"]
Treatment = Literal["winsorise_or_log", "none"]


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a publisher's dataset: its code and the value of every dimension but region and time."""

    source: str
    dataset: str
    filters: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """Readable and unique: `hrst_st_rcat[category=HRST,unit=PC_ACT]`."""
        return f"{self.dataset}[{','.join(f'{name}={value}' for name, value in self.filters)}]"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a definition's change log."""

    on: str
    what: Text


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with its words and the decimals a reader needs (`decimals`)."""

    id: str
    name: Text
    symbol: Text
    decimals: int


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured, why, and from which series.

    Either `value` is set (the publisher gives the rate) or `numerator` and `denominator` are (we divide:
    `scale` × numerator / denominator). `weight_series` weighs parts when a region is assembled from smaller ones.
    `direction` is +1 when more is better. `pooled_years` > 1 adds that many years of the numerator and takes the
    mean. `absent_is_zero`: the publisher lists only regions with a count. Years outside first_year..last_year
    are not used, for the reason given in `breaks`.
    """

    id: str
    name: Text
    short: Text
    definition: Text
    why: Text
    seed: str
    unit: Unit
    direction: int
    levels: tuple[int, ...]
    refresh_months: int
    author: str
    reviewed_on: str
    value: Series | None = None
    numerator: Series | None = None
    denominator: Series | None = None
    weight_series: Series | None = None
    scale: float = 1.0
    pooled_years: int = 1
    absent_is_zero: bool = False
    first_year: int = 1900
    last_year: int = 2100
    breaks: tuple[Text, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def series(self) -> tuple[Series, ...]:
        """Every series the indicator reads."""
        found = (self.value, self.numerator, self.denominator, self.weight_series)
        return tuple(dict.fromkeys(one for one in found if one is not None))


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher, and the terms under which its figures may be shown."""

    id: str
    name: Text
    publisher: str
    licence: str
    licence_url: str
    url: str
    attribution: Text


@dataclass(frozen=True, slots=True)
class Pillar:
    """A branch of an index: `indicators` maps indicator id to its weight inside the pillar."""

    id: str
    name: Text
    weight: float
    indicators: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class UncertaintySpec:
    """What may vary from one scenario to the next.

    `scenarios` is a power of two; `pillar_spread` and `indicator_spread` f: each weight × U(1−f, 1+f).
    """

    scenarios: int
    seed: int
    pillar_spread: float
    indicator_spread: float
    normalisations: tuple[Normalisation, ...]
    aggregations: tuple[Aggregation, ...]
    treatments: tuple[Treatment, ...]
    imputation_draws: int


@dataclass(frozen=True, slots=True)
class ProfileRule:
    """When an indicator is a strength: its whole position interval lies at or above `strength_from` (share)."""

    strength_from: float
    weakness_to: float
    years: int
    trend_years: int
    trend_step: float


@dataclass(frozen=True, slots=True)
class Index:
    """A composite index: pillars, weights, method, and the alternatives that uncertainty draws from."""

    id: str
    name: Text
    definition: Text
    pillars: tuple[Pillar, ...]
    min_indicator_coverage: float
    min_region_coverage: float
    imputation: Imputation
    treatment: Treatment
    normalisation: Normalisation
    aggregation: Aggregation
    uncertainty: UncertaintySpec
    profile: ProfileRule
    author: str
    reviewed_on: str
    changes: tuple[Change, ...] = ()

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicator ids in the order of the pillars."""
        return tuple(one for pillar in self.pillars for one in pillar.indicators)


@dataclass(frozen=True, slots=True)
class ComparisonSet:
    """Which regions are compared: one NUTS vintage, a level for each country, and exceptions."""

    id: str
    name: Text
    definition: Text
    vintage: int
    default_level: int
    levels: Mapping[str, int] = field(default_factory=dict)
    countries: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All definitions of the house, checked against each other."""

    units: Mapping[str, Unit]
    sources: Mapping[str, Source]
    indicators: Mapping[str, Indicator]
    indices: Mapping[str, Index]
    sets: Mapping[str, ComparisonSet]
    files: Mapping[str, str] = field(default_factory=dict)  # path under the catalogue → text, for freezing
