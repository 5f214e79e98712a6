"""Read what may vary from a plain mapping (of YAML or JSON): the section `uncertainty` of a definition.

Each entry of the list `vary` has a `name`, a `kind`, and the settings of that kind (those of `vary`, by the same
names). An option of a step is a mapping of the step's settings (empty: its defaults), or the words `not done`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any

from beffroi.composite.definition import STEPS
from beffroi.composite.plain import Check, Faults, by_name, either, listed, number, one_of, text, whole
from beffroi.composite.vary import (
    KINDS,
    DataNoise,
    DrawImputation,
    LeaveOut,
    Specification,
    Varied,
    VaryParameter,
    VaryStep,
    WeightDirichlet,
    WeightNoise,
    WeightSets,
)

if TYPE_CHECKING:
    from beffroi.composite.steps import Step

NOT_DONE = "not done"
SCENARIOS, POINTS, SEED = 16384, 1024, 2006


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertaintyOptions:
    """What varies, how many scenarios, base points of the sensitivity analysis, the seed, and for which k chances."""

    spec: Specification
    scenarios: int = SCENARIOS
    points: int = POINTS
    seed: int = SEED
    top: tuple[int, ...] = (1, 5, 10)


def _value(value: object, place: str, faults: Faults) -> object:
    if value is not None and not isinstance(value, bool | int | float | str):
        faults.add(place, value, "a number, a text, true, false or nothing")
    return value


_READERS: dict[str, tuple[Callable[..., Varied], dict[str, Check]]] = {
    "parameter": (
        VaryParameter,
        {
            "step": one_of(*KINDS), "parameter": text, "values": listed(_value), "low": either(number),
            "high": either(number),
        },
    ),
    "weight_noise": (WeightNoise, {"level": whole, "spread": number}),
    "weight_dirichlet": (WeightDirichlet, {"level": whole, "concentration": number}),
    "weight_sets": (WeightSets, {"sets": listed(by_name(number)), "labels": listed(text)}),
    "data_noise": (DataNoise, {"sd": by_name(number), "errors": by_name(by_name(number)), "draws": whole}),
    "leave_out": (LeaveOut, {"indicators": listed(text), "probability": either(number)}),
    "imputation": (DrawImputation, {"draws": whole}),
}  # fmt: skip
_OPTIONS: dict[str, Check] = {"scenarios": whole, "points": whole, "seed": whole, "top": listed(whole)}


def uncertainty_options(section: Mapping[str, object]) -> UncertaintyOptions:
    """Read the section `uncertainty`.

    Args:
        section: `vary`, a list, and if wanted `scenarios`, `points`, `seed`, `top`.

    Returns:
        A specification of the right types; whether it fits an index, `check` says.

    Raises:
        DefinitionError: all that is unknown, missing or of the wrong kind, with its place.

    >>> read = uncertainty_options({"scenarios": 4096, "vary": [
    ...     {"name": "scale", "kind": "step", "step": "normalise", "options": [{}, {"scale": {"method": "rank"}}]},
    ...     {"name": "pillar weights", "kind": "weight_noise", "level": 2, "spread": 0.25}]})
    >>> read.spec.names, read.spec.vary[0].labels, read.scenarios
    (('scale', 'pillar weights'), ('normalise', 'normalise (method=rank)'), 4096)
    >>> uncertainty_options({"vary": [{"kind": "weight_noise", "level": "2"}]})
    Traceback (most recent call last):
        ...
    beffroi.composite.plain.DefinitionError: The definition has 3 faults:
    uncertainty.vary[1].name: None was given; expected a text.
    uncertainty.vary[1].level: '2' was given; expected a whole number.
    uncertainty.vary[1].spread: None was given; expected a number.
    """
    faults = Faults()
    for name in section:
        if name not in ("vary", *_OPTIONS):
            faults.add(f"uncertainty.{name}", name, f"one of vary, {', '.join(_OPTIONS)}")
    read: dict[str, Any] = {
        name: check(section[name], f"uncertainty.{name}", faults) for name, check in _OPTIONS.items() if name in section
    }
    vary = listed(_varied)(section.get("vary"), "uncertainty.vary", faults)
    faults.settle()
    return UncertaintyOptions(spec=Specification(vary), **read)


def _varied(given: object, place: str, faults: Faults) -> Varied | None:
    if not isinstance(given, Mapping):
        faults.add(place, given, "a mapping with a name and a kind")
        return None
    name = text(given.get("name"), f"{place}.name", faults)
    kind = one_of("step", *_READERS)(given.get("kind"), f"{place}.kind", faults)
    if kind == "step":
        return _step(given, name, place, faults)
    if kind not in _READERS:
        return None
    make, checks = _READERS[kind]
    _refuse_unknown(given, checks, place, faults)
    before = len(faults.found)
    needed = {one.name for one in fields(make) if _is_needed(one)} - {"name"}  # type: ignore[arg-type]  # -- a dataclass
    read = {
        key: check(given.get(key), f"{place}.{key}", faults)
        for key, check in checks.items()
        if key in given or key in needed
    }
    return make(name=name, **read) if len(faults.found) == before else None


def _is_needed(one: Any) -> bool:
    """Tell whether a field of a dataclass has no default of either sort."""
    return bool(one.default is MISSING and one.default_factory is MISSING)


def _refuse_unknown(given: Mapping[str, object], known: Mapping[str, object], place: str, faults: Faults) -> None:
    for key in given:
        if key not in ("name", "kind", *known):
            faults.add(f"{place}.{key}", key, f"one of name, kind, {', '.join(known)}")


def _step(given: Mapping[str, object], name: str, place: str, faults: Faults) -> VaryStep | None:
    _refuse_unknown(given, {"step": None, "options": None}, place, faults)
    step = one_of(*KINDS)(given.get("step"), f"{place}.step", faults)
    listed_ = given.get("options")
    if isinstance(listed_, str) or not isinstance(listed_, Sequence):
        faults.add(f"{place}.options", listed_, f"a list of settings of the step, or of '{NOT_DONE}'")
        return None
    if step not in STEPS:
        return None
    options = tuple(
        _option(one, STEPS[step], f"{place}.options[{k}]", faults) for k, one in enumerate(listed_, start=1)
    )
    return VaryStep(name, step, options)


def _option(one: object, check: Check, place: str, faults: Faults) -> Step | None:
    if one == NOT_DONE:
        return None
    if not isinstance(one, Mapping):
        faults.add(place, one, f"a mapping of settings, or '{NOT_DONE}'")
        return None
    step: Step = check(one, place, faults)
    return step
