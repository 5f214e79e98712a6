"""What may vary in an index: a typed list of choices, each with the name by which results speak of it.

The choices are read off random points (`draws`), checked against figures and recipe before anything runs
(`vary_check`), and replayed by one engine (`scenarios`). What is not listed stays as the recipe has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Literal, cast

from beffroi.composite.outliers import OutlierSpec
from beffroi.composite.scaling import Scale
from beffroi.composite.steps import ORDER, Step, Usual
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from beffroi.composite.recipe import Recipe

StepName = Literal["denominate", "screen", "impute", "treat", "normalise", "aggregate"]
KINDS: dict[str, type[Usual]] = {one.__name__.lower(): one for one in ORDER}
INSIDE = {"spec": OutlierSpec, "scale": Scale}  # settings that are settings themselves, and None by default


class SpecificationError(MethodError):
    """A specification that cannot be run on these figures; `faults` has one sentence for each reason."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        """Keep the faults apart, and say all of them in the message."""
        self.faults = faults
        many = "is 1 fault" if len(faults) == 1 else f"are {len(faults)} faults"
        super().__init__("\n".join((f"There {many} in what is to vary:", *(f"- {one}" for one in faults))))


@dataclass(frozen=True, slots=True)
class VaryStep:
    """A step done in one of several ways, each with the same chance; None among `options`: not done."""

    name: str
    step: StepName
    options: tuple[Step | None, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """What each option does, in words short enough for a table."""
        return tuple(describe(one) for one in self.options)


@dataclass(frozen=True, slots=True)
class VaryParameter:
    """One setting of a step: one of `values`, or uniform between `low` and `high`.

    `parameter` names it with dots, as in `spec.win_most` or `scale.low`. Where the step is not done it has no effect.
    """

    name: str
    step: StepName
    parameter: str
    values: tuple[object, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The values in words; empty for an interval."""
        return tuple(map(str, self.values))


@dataclass(frozen=True, slots=True)
class WeightNoise:
    """Weights of one level (1: indicators), each multiplied by a uniform factor in 1 ± `spread`."""

    name: str
    level: int
    spread: float


@dataclass(frozen=True, slots=True)
class WeightDirichlet:
    """Weights of one level, drawn in each group of siblings from Dirichlet(`concentration` · k · share), k siblings.

    The mean is the weight in the recipe; with equal weights and concentration 1 every set of weights is as likely as
    any other; a large concentration keeps close to the recipe.
    """

    name: str
    level: int
    concentration: float = 1.0


@dataclass(frozen=True, slots=True)
class WeightSets:
    """One of several sets of weights (code → weight among its siblings); a code not named keeps its weight."""

    name: str
    sets: tuple[Mapping[str, float], ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataNoise:
    """Normal errors added to raw figures: one of `draws` tables x + σ Φ⁻¹(u), drawn once from the seed of the run.

    `sd` maps an indicator to its standard error in its own unit; `errors` maps unit → indicator → standard error and
    comes before `sd`. Figures without a standard error stay; missing figures stay missing. No figure is cut at zero.
    """

    name: str
    sd: Mapping[str, float] = field(default_factory=dict)
    errors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    draws: int = 128


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Indicators left out of the aggregation, after all other steps; the others of their group share the weight.

    Without `probability`, one of `indicators` (default: all) at a time, or none, each with the same chance; with it,
    each is left out with this probability by itself, but never all. A group that loses all its indicators is left out.
    """

    name: str
    indicators: tuple[str, ...] = ()
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class DrawImputation:
    """Multiple imputation: what the recipe fills by column, plus a residual drawn from the observed ones of the group.

    One of `draws` tables, drawn once from the seed of the run. A group with fewer than two figures draws from the
    residuals of all.
    """

    name: str
    draws: int = 20


Varied = VaryStep | VaryParameter | WeightNoise | WeightDirichlet | WeightSets | DataNoise | LeaveOut | DrawImputation


@dataclass(frozen=True, slots=True)
class Specification:
    """All that varies, in the order in which results list it.

    >>> Specification((WeightNoise("pillar weights", 2, 0.25), LeaveOut("indicators"))).names
    ('pillar weights', 'indicators')
    """

    vary: tuple[Varied, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What varies, by name."""
        return tuple(one.name for one in self.vary)


def describe(step: Step | None) -> str:
    """Say in a few words what a step does: its name and the settings that are not the default.

    >>> from beffroi.composite.steps import Normalise
    >>> describe(Normalise(scale=Scale(method="zscore", mean=10.0, sd=2.0))), describe(None)
    ('normalise (method=zscore, mean=10, sd=2)', 'not done')
    """
    if step is None:
        return "not done"
    said = ", ".join(_said(step))
    return type(step).__name__.lower() + (f" ({said})" if said else "")


def _said(thing: object) -> list[str]:
    out = []
    for one in fields(thing):  # type: ignore[arg-type]  # -- steps and their settings are dataclasses
        value = getattr(thing, one.name)
        if value is None or value == one.default:
            continue
        if one.name in INSIDE:
            out += _said(value)
        elif isinstance(value, Mapping):
            out.append(f"{one.name}: {len(value)} given")
        else:
            out.append(f"{one.name}={value:g}" if isinstance(value, float) else f"{one.name}={value}")
    return out


def with_parameter(step: Step, parameter: str, value: object) -> Step:
    """Return the step with one setting changed.

    Raises:
        MethodError: the step has no such setting.

    >>> from beffroi.composite.steps import Treat
    >>> with_parameter(Treat(), "spec.win_most", 3).spec.win_most
    3
    """
    return cast("Step", _with(step, parameter.split("."), value, f"{type(step).__name__.lower()}.{parameter}"))


def _with(thing: object, path: list[str], value: object, said: str) -> object:
    known = {one.name for one in fields(thing)}  # type: ignore[arg-type]  # -- steps and settings are dataclasses
    if path[0] not in known or (len(path) > 1 and path[0] not in INSIDE):
        raise MethodError(f"There is no setting '{said}'. Known there: {', '.join(sorted(known))}.")
    if len(path) == 1:
        return replace(thing, **{path[0]: value})  # type: ignore[type-var]  # -- a dataclass
    inner = getattr(thing, path[0]) or INSIDE[path[0]]()
    return replace(thing, **{path[0]: _with(inner, path[1:], value, said)})  # type: ignore[type-var]  # -- a dataclass


def recipe_with(recipe: Recipe, spec: Specification, chosen: Mapping[str, object]) -> Recipe:
    """Return the recipe of one scenario.

    Args:
        recipe: the nominal one.
        spec: what varies.
        chosen: the name of each varied step or parameter → the option's number, or the value within an interval.

    Returns:
        The recipe with these options, then these parameters; weights are not in it.
    """
    for one in spec.vary:
        if isinstance(one, VaryStep):
            option = one.options[cast("int", chosen[one.name])]
            recipe = recipe.with_steps(drop=(KINDS[one.step],)) if option is None else recipe.with_steps(option)
    for one in spec.vary:
        if isinstance(one, VaryParameter):
            found = [step for step in recipe.steps if isinstance(step, KINDS[one.step])]
            value = one.values[cast("int", chosen[one.name])] if one.values else chosen[one.name]
            recipe = recipe.with_steps(*(with_parameter(step, one.parameter, value) for step in found))
    return recipe
