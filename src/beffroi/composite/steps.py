"""The steps of a build and their settings, each named after what is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.composite.fill import Centre
    from beffroi.composite.fill_panel import PanelFilling
    from beffroi.composite.outliers import OutlierSpec
    from beffroi.composite.roll_up import Rules
    from beffroi.composite.scaling import Scale
    from beffroi.composite.screen_units import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Denominate:
    """Divide by a size: see `denominate`."""

    by: Mapping[str, str] | None = None
    factors: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Leave out units: see `screen_units`."""

    rule: Rule = "byNA"
    least_available: float = 2 / 3
    least_nonzero: float = 0.05
    force: Mapping[str, bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Impute:
    """Fill missing figures: by `column` (in a group column if named), by `row` (within a level), or over years."""

    by: Literal["column", "row", "panel"] = "column"
    centre: Centre = "mean"
    group: str | None = None
    level: int | None = None
    normalise_first: bool = True
    panel: PanelFilling = "latest"
    most_years: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Treat:
    """Treat outliers: see `treat_outliers`. In a panel each year is treated apart, unless `pooled`."""

    spec: OutlierSpec | None = None
    by_indicator: Mapping[str, OutlierSpec | None] | None = None
    pooled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalise:
    """Scale: see `scale_table`. In a panel all years share one scale, unless `pooled` is false."""

    scale: Scale | None = None
    by_indicator: Mapping[str, Scale] | None = None
    pooled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """Aggregate up the tree: see `roll_up`."""

    rules: Rules = "amean"
    weights: Mapping[str, float] | None = None
    least_available: float | Mapping[str, float] | None = None


Step = Denominate | Screen | Impute | Treat | Normalise | Aggregate
ORDER: tuple[type[Step], ...] = (Denominate, Impute, Screen, Treat, Normalise, Aggregate)
