"""Read one composite index from its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, get_args

from beffroi.catalogue.faults import read_number, resembling
from beffroi.catalogue.read_indicator import read_changes
from beffroi.catalogue.schema import (
    Aggregation,
    Imputation,
    Index,
    Normalisation,
    Pillar,
    ProfileRule,
    Treatment,
    UncertaintySpec,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from beffroi.catalogue.nodes import Fields

T = TypeVar("T", bound=str)

NORMALISATIONS: tuple[Normalisation, ...] = get_args(Normalisation)
AGGREGATIONS: tuple[Aggregation, ...] = get_args(Aggregation)
IMPUTATIONS: tuple[Imputation, ...] = get_args(Imputation)
TREATMENTS: tuple[Treatment, ...] = get_args(Treatment)
NO_UNCERTAINTY = UncertaintySpec(1, 0, 0.0, 0.0, (), (), (), 0)
NO_PROFILE = ProfileRule(1.0, 0.0, 1, 1, 0.0)


def read_index(fields: Fields, *, indicators: Collection[str]) -> Index:
    """Build an index from its fields; faults go to `fields.faults`."""
    found = Index(
        id=fields.string("id"),
        name=fields.text("name"),
        definition=fields.text("definition"),
        pillars=_read_pillars(fields, indicators),
        min_indicator_coverage=fields.number("min_indicator_coverage", low=0, high=1),
        min_region_coverage=fields.number("min_region_coverage", low=0, high=1),
        imputation=fields.choice("imputation", IMPUTATIONS),
        treatment=fields.choice("treatment", TREATMENTS),
        normalisation=fields.choice("normalisation", NORMALISATIONS),
        aggregation=fields.choice("aggregation", AGGREGATIONS),
        uncertainty=_read_uncertainty(fields),
        profile=_read_profile(fields),
        author=fields.string("author"),
        reviewed_on=fields.date("reviewed_on"),
        changes=read_changes(fields),
    )
    fields.done()
    return found


def _read_pillars(fields: Fields, known: Collection[str]) -> tuple[Pillar, ...]:
    used: dict[str, str] = {}
    pillars = []
    for entry in fields.each("pillars"):
        pillar = Pillar(
            id=entry.string("id"),
            name=entry.text("name"),
            weight=_read_weight(entry),
            indicators=_read_weights(entry, known, used),
        )
        entry.done()
        pillars.append(pillar)
    if pillars and not any(one.weight > 0 for one in pillars):
        fields.fault("pillars", "every pillar weighs 0; expected a weight above 0; give at least one pillar a weight.")
    return tuple(pillars)


def _read_weight(entry: Fields) -> float:
    return entry.number("weight", low=0, high=1e9)


def _read_weights(entry: Fields, known: Collection[str], used: dict[str, str]) -> dict[str, float]:
    """Weights by indicator; `used` remembers which pillar took an indicator first."""
    pillar = entry.string("id", default="?")
    weights: dict[str, float] = {}
    for name, node, line in entry.pairs("indicators"):
        weight = read_number(node)
        if name not in known:
            remedy = resembling(name, known)
            entry.faults.add(
                entry.path,
                line,
                f"indicator '{name}' does not exist; expected an id of the catalogue; {remedy}",
            )
        if name in used:
            what = f"indicator '{name}' is already in pillar '{used[name]}'; expected it once; remove one."
            entry.faults.add(entry.path, line, what)
        if weight is None or not weight >= 0:
            what = f"the weight of '{name}' is '{node.value}'; expected a number from 0 up; correct the weight."
            entry.faults.add(entry.path, line, what)
        used.setdefault(name, pillar)
        weights[name] = weight or 0.0
    if weights and not any(weight > 0 for weight in weights.values()):
        entry.fault(
            "indicators",
            f"every indicator of pillar '{pillar}' weighs 0; expected a weight above 0; give one a weight.",
        )
    return weights


def _read_uncertainty(fields: Fields) -> UncertaintySpec:
    inner = fields.below("uncertainty")
    if inner is None:
        return NO_UNCERTAINTY
    scenarios = inner.integer("scenarios", low=1, high=2**22)
    if scenarios and scenarios & (scenarios - 1):
        remedy = f"write {2 ** (scenarios.bit_length() - 1)} or {2 ** scenarios.bit_length()}."
        inner.fault("scenarios", f"'scenarios' is {scenarios}; expected a power of two (Sobol points); {remedy}")
    spec = UncertaintySpec(
        scenarios=scenarios,
        seed=inner.integer("seed", low=0, high=2**31),
        pillar_spread=inner.number("pillar_spread", low=0, high=1),
        indicator_spread=inner.number("indicator_spread", low=0, high=1),
        normalisations=_read_choices(inner, "normalisations", NORMALISATIONS),
        aggregations=_read_choices(inner, "aggregations", AGGREGATIONS),
        treatments=_read_choices(inner, "treatments", TREATMENTS),
        imputation_draws=inner.integer("imputation_draws", low=0, high=10_000),
    )
    inner.done()
    return spec


def _read_choices(fields: Fields, key: str, options: tuple[T, ...]) -> tuple[T, ...]:
    found: list[T] = []
    for given, line in fields.strings(key):
        if given in options:
            found.append(next(one for one in options if one == given))
        else:
            what = f"'{given}' is unknown in '{key}'; expected some of {', '.join(options)}; correct the list."
            fields.faults.add(fields.path, line, what)
    return tuple(found)


def _read_profile(fields: Fields) -> ProfileRule:
    inner = fields.below("profile")
    if inner is None:
        return NO_PROFILE
    rule = ProfileRule(
        strength_from=inner.number("strength_from", low=0, high=1),
        weakness_to=inner.number("weakness_to", low=0, high=1),
        years=inner.integer("years", low=1, high=50),
        trend_years=inner.integer("trend_years", low=1, high=50),
        trend_step=inner.number("trend_step", low=0, high=1),
    )
    if rule.weakness_to > rule.strength_from:
        inner.fault("weakness_to", f"'weakness_to' {rule.weakness_to:g} is above 'strength_from' "
                    f"{rule.strength_from:g}; expected it below; lower it.")  # fmt: skip
    inner.done()
    return rule
