"""A recipe as a file's owner writes it: a plain mapping (of YAML or JSON) to steps and back, all faults at once.

A definition has a list `steps`, each a step's name with its settings (those of `steps`, by the same names), and
may say `compat`. Further sections (`uncertainty`, `gap`, `trajectory`, `merge`, `peers`) belong to the questions
asked of the index and are handed on as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from beffroi.composite.outliers import OutlierSpec
from beffroi.composite.plain import Check, Faults, by_name, either, flag, listed, number, one_of, settings, text, whole
from beffroi.composite.recipe import Recipe
from beffroi.composite.scaling import Scale
from beffroi.composite.steps import Aggregate, Denominate, Impute, Normalise, Screen, Step, Treat
from beffroi.vocabulary.errors import MethodError

SECTIONS = ("uncertainty", "gap", "trajectory", "merge", "peers")
NAMES: dict[str, type[Step]] = {
    one.__name__.lower(): one for one in (Denominate, Impute, Screen, Treat, Normalise, Aggregate)
}


@dataclass(frozen=True, slots=True)
class Definition:
    """A recipe, and the sections that say what is asked of it, as plain mappings."""

    recipe: Recipe
    sections: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def read_definition(given: Mapping[str, object]) -> Definition:
    """Read a definition.

    Args:
        given: `steps` (a list; a step is its name, or a mapping from its name to its settings), `compat`, sections.

    Returns:
        The recipe and the sections. Without `steps` the recipe is min–max and arithmetic means.

    Raises:
        DefinitionError: all that is unknown, misspelt or of the wrong kind, with its place.

    >>> d = read_definition({"steps": [{"normalise": {"scale": {"method": "minmax", "low": 1}}}, "aggregate"]})
    >>> d.recipe.names, d.recipe.steps[0].scale.low
    (('normalise', 'aggregate'), 1.0)
    >>> read_definition({"steps": ["normalize"]})
    Traceback (most recent call last):
        ...
    beffroi.composite.plain.DefinitionError: The definition has 1 fault:
    steps[1]: 'normalize' was given; expected one of denominate, impute, screen, treat, normalise, aggregate.
    """
    faults = Faults()
    for name in given:
        if name not in ("steps", "compat", *SECTIONS):
            faults.add(str(name), name, f"one of steps, compat, {', '.join(SECTIONS)}")
    steps = _steps(given.get("steps"), faults)
    compat = one_of("correct", "coinr")(given.get("compat", "correct"), "compat", faults)
    sections: dict[str, Mapping[str, object]] = {}
    for name in SECTIONS:
        section = given.get(name)
        if isinstance(section, Mapping):
            sections[name] = section
        elif section is not None:
            faults.add(name, section, "a mapping")
    if len({type(one) for one in steps}) != len(steps):
        faults.add("steps", [type(one).__name__.lower() for one in steps], "each step at most once")
    faults.settle()
    recipe = Recipe(tuple(steps), compat) if steps else Recipe(compat=compat)
    return Definition(recipe, sections)


def recipe_as_mapping(recipe: Recipe) -> dict[str, object]:
    """Write a recipe as `read_definition` takes it; settings that are the default are left out.

    Raises:
        MethodError: a setting is a function of Python, which no file can hold.

    >>> recipe_as_mapping(Recipe())
    {'steps': ['normalise', 'aggregate']}
    """
    steps: list[object] = []
    for step, name in zip(recipe.steps, recipe.names, strict=True):
        settings = _plain(step, name)
        steps.append({name: settings} if settings else name)
    return {"steps": steps} if recipe.compat == "correct" else {"steps": steps, "compat": recipe.compat}


def _rule(value: object, place: str, faults: Faults) -> str | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return str(one_of("amean", "gmean", "hmean", "copeland")(value, place, faults))


def _rules(value: object, place: str, faults: Faults) -> Any:
    if isinstance(value, Mapping):
        return by_name(_rule)(value, place, faults)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return listed(_rule)(value, place, faults)
    return _rule(value, place, faults)


def _shares(value: object, place: str, faults: Faults) -> Any:
    return by_name(number)(value, place, faults) if isinstance(value, Mapping) else number(value, place, faults)


METHODS = ("winsorise", "log_CT", "log_CT_orig", "log_CT_plus", "log_GII", "boxcox")
OUTLIERS: dict[str, Check] = {
    "first": either(one_of(*METHODS)), "second": either(one_of(*METHODS)), "win_most": either(whole),
    "win_skew": number, "win_kurtosis": number, "skew_limit": number, "kurtosis_limit": number, "combine": flag,
    "forced": flag, "power": number,
}  # fmt: skip
SCALE: dict[str, Check] = {
    "method": one_of(
        "minmax", "zscore", "scaled", "dist2max", "dist2ref", "dist2targ", "fracmax", "rank", "prank", "borda",
        "goalposts", "none",
    ),
    "low": number, "high": number, "mean": number, "sd": number, "lower": number, "upper": number, "factor": number,
    "unit": whole, "target": either(number), "cap": flag, "truncate": flag, "from_meta": flag,
}  # fmt: skip
STEPS: dict[str, Check] = {
    "denominate": settings({"by": by_name(text), "factors": by_name(number)}, Denominate),
    "impute": settings(
        {
            "by": one_of("column", "row", "panel"), "centre": one_of("mean", "median"), "group": either(text),
            "level": either(whole), "normalise_first": flag,
            "panel": one_of("latest", "constant", "linear", "linear-constant"), "most_years": either(whole),
            "then": either(one_of("mean", "median")), "pooled": flag,
        },
        Impute,
    ),
    "screen": settings(
        {
            "rule": one_of("byNA", "byzeros", "byNAandzeros"), "least_available": number, "least_nonzero": number,
            "force": by_name(flag),
        },
        Screen,
    ),
    "treat": settings(
        {
            "spec": settings(OUTLIERS, OutlierSpec), "by_indicator": by_name(either(settings(OUTLIERS, OutlierSpec))),
            "pooled": flag,
        },
        Treat,
    ),
    "normalise": settings(
        {"scale": settings(SCALE, Scale), "by_indicator": by_name(settings(SCALE, Scale)), "pooled": flag}, Normalise
    ),
    "aggregate": settings(
        {"rules": _rules, "weights": by_name(number), "least_available": either(_shares)}, Aggregate
    ),
}  # fmt: skip


def read_step(given: object, place: str, faults: Faults) -> Step | None:
    """Read one step: its name, or a mapping from its name to its settings; None after a fault."""
    name, inside = given, None
    if isinstance(given, Mapping) and len(given) == 1:
        name, inside = next(iter(given.items()))
    if not isinstance(name, str) or name not in STEPS:
        faults.add(place, name, f"one of {', '.join(STEPS)}")
        return None
    before = len(faults.found)
    step: Step = STEPS[name](inside, f"{place}.{name}", faults)
    if name == "treat" and isinstance(step, Treat) and step.spec is None:
        step = Treat(spec=OutlierSpec(), by_indicator=step.by_indicator, pooled=step.pooled)
    return step if len(faults.found) == before else None


def _steps(given: object, faults: Faults) -> list[Step]:
    if given is None:
        return []
    if isinstance(given, str | Mapping) or not isinstance(given, Sequence):
        faults.add("steps", given, "a list of steps")
        return []
    read = [read_step(one, f"steps[{k}]", faults) for k, one in enumerate(given, start=1)]
    return [one for one in read if one is not None]


def _plain(step: object, place: str) -> dict[str, object]:
    out: dict[str, object] = {}
    for one in fields(step):  # type: ignore[arg-type]  # -- a step is a dataclass
        value = getattr(step, one.name)
        if value is not None and (value != one.default or one.name in ("spec", "scale")):
            out[one.name] = _value(value, f"{place}.{one.name}")
    return {name: value for name, value in out.items() if value != {} or name not in ("spec", "scale")}


def _value(value: object, place: str) -> object:
    if callable(value):
        raise MethodError(f"{place} is a function of Python. A file cannot hold it; name a method instead.")
    if is_dataclass(value):
        return _plain(value, place)
    if isinstance(value, Mapping):
        return {name: None if one is None else _value(one, f"{place}.{name}") for name, one in value.items()}
    return [_value(one, place) for one in value] if isinstance(value, tuple | list) else value
