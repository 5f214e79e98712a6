"""What an edition says of the times ahead and of regions alike, as plain values; `reading` says the rest.

Points are those of the index's scale (0–100); probabilities are shares in 0..1; a missing value is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.observatory.chance import Chance

Basis = Literal["own", "common", "still"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a region is first among the `top`, in years counted from the edition's figures, everybody moving.

    `median_year` is None when half of the futures or more do not arrive within the horizon; `never` is the share
    that does not. `futures` counts those drawn.
    """

    region: str
    top: int
    futures: int
    median_year: float | None
    within_5: Chance
    within_10: Chance
    within_20: Chance
    never: Chance


@dataclass(frozen=True, slots=True)
class Required:
    """Points of score a year to be among the `top` in `years`, and what regions were seen to keep up.

    `threshold`: the score needed then, the others having moved at their pace. `good`: the pace that one region in
    ten keeps; `best`: the best of any.
    """

    region: str
    top: int
    years: int
    threshold: float
    pace: float
    good: float
    best: float


@dataclass(frozen=True, slots=True)
class PathYear:
    """The rank in a year when everybody keeps its pace, and the ranks that hold it in 9 futures of 10."""

    region: str
    year: int
    rank: int
    rank_low: int
    rank_high: int


@dataclass(frozen=True, slots=True)
class Pace:
    """Points a year on one indicator: `observed` over `years` figures, and `used` in the futures with its `spread`.

    `basis`: `own` when the region has five years of figures; `common` when it has not and moves like the set;
    `still` when no region has, so that nobody moves.
    """

    region: str
    indicator: str
    basis: Basis
    years: int
    first_year: int | None
    last_year: int | None
    observed: float | None
    used: float
    spread: float


@dataclass(frozen=True, slots=True)
class Peer:
    """A region alike in what it cannot change: its `place` among them (1 is nearest) and its distance.

    Distances are in standard deviations of the common scatter; `is_mutual` when each is among the other's peers.
    """

    region: str
    place: int
    peer: str
    distance: float
    is_mutual: bool


@dataclass(frozen=True, slots=True)
class Trait:
    """One structural figure of a region, as it is read by people (not its logarithm)."""

    region: str
    trait: str
    value: float


@dataclass(frozen=True, slots=True)
class Base:
    """What a rate is divided by for one region, where it is known: inhabitants or gross domestic product."""

    region: str
    indicator: str
    denominator: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What lies ahead of each region of a set, whom it is like, and what its rates are divided by.

    All empty in an edition built before these questions were asked.
    """

    arrivals: Mapping[tuple[str, int], Arrival] = field(default_factory=dict)
    required: Mapping[tuple[str, int], tuple[Required, ...]] = field(default_factory=dict)
    paths: Mapping[str, tuple[PathYear, ...]] = field(default_factory=dict)
    paces: Mapping[tuple[str, str], Pace] = field(default_factory=dict)
    peers: Mapping[str, tuple[Peer, ...]] = field(default_factory=dict)
    traits: Mapping[tuple[str, str], Trait] = field(default_factory=dict)
    bases: Mapping[tuple[str, str], Base] = field(default_factory=dict)
