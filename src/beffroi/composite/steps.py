"""The steps of a build and their settings, each named after what is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from beffroi.composite.matrix import IndicatorMatrix
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.composite.fill import Centre
    from beffroi.composite.fill_panel import PanelFilling
    from beffroi.composite.outliers import OutlierSpec
    from beffroi.composite.roll_up import Rules
    from beffroi.composite.scaling import Scale
    from beffroi.composite.screen_units import Rule

TableFunction = Callable[[IndicatorMatrix], IndicatorMatrix]


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
    """Fill missing figures: by `column`, by `row` (within a level), over years, or by a `function` on the `table`.

    `group` names the group column inside which columns, or the function's tables, are looked at. In a panel each
    year is filled apart, unless `pooled`; `by="panel"` fills each series over the years, and with `then` what a
    series has left empty by the column of its year.
    """

    by: Literal["column", "row", "panel", "table"] = "column"
    centre: Centre = "mean"
    group: str | None = None
    level: int | None = None
    normalise_first: bool = True
    panel: PanelFilling = "latest"
    most_years: int | None = None
    then: Centre | None = None
    function: TableFunction | None = None
    pooled: bool = False

    def __post_init__(self) -> None:
        """Refuse settings that would be passed over in silence."""
        if (self.by == "table") != (self.function is not None):
            raise MethodError(f"Impute(by='{self.by}') and a function: give a function with by='table', and only then.")
        if self.group and self.by not in ("column", "table"):
            raise MethodError(f"Impute(by='{self.by}') has no groups of units. Group with by='column' or by='table'.")
        if self.level and self.by != "row":
            raise MethodError(f"Impute(by='{self.by}') looks at no level of the tree. Give a level with by='row'.")
        if self.pooled and self.by == "panel":
            raise MethodError("Impute(by='panel') already looks at all years. Leave out 'pooled'.")
        if self.then and self.by != "panel":
            raise MethodError(f"Impute(by='{self.by}') leaves nothing empty. Give `then` with by='panel'.")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Custom:
    """A free step: `function` takes the table and gives back the same units and indicators with other figures.

    `name` stands in the recipe and names the stage. In a panel the function sees all years at once when `pooled`,
    else each year apart.
    """

    name: str
    function: TableFunction
    pooled: bool = True

    def __post_init__(self) -> None:
        """Refuse a name that another stage has."""
        taken = ("raw", *(kind.__name__.lower() for kind in ORDER))
        if not self.name or self.name in taken:
            raise MethodError(f"'{self.name}' cannot name a free step. Choose a word other than {', '.join(taken)}.")


Usual = Denominate | Screen | Impute | Treat | Normalise | Aggregate
Step = Usual | Custom
ORDER: tuple[type[Usual], ...] = (Denominate, Impute, Screen, Treat, Normalise, Aggregate)


def name_of(step: Step) -> str:
    """Return the name of a step in its recipe and of the stage it makes.

    >>> name_of(Treat()), name_of(Custom(name="root", function=lambda table: table))
    ('treat', 'root')
    """
    return step.name if isinstance(step, Custom) else type(step).__name__.lower()
