"""Find every impossible combination of choices before the first scenario is run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.draws import Draws, Setup, given_draws, options
from beffroi.composite.recipe import IndexBuild, build_index
from beffroi.composite.scenario_means import Scorer
from beffroi.composite.scenario_tables import Tables, as_numbers, only, sum_choices, table_choices
from beffroi.composite.scenario_tree import refusals, tree_of
from beffroi.composite.steps import Aggregate
from beffroi.composite.vary import (
    Specification,
    SpecificationError,
    Varied,
    VaryParameter,
    VaryStep,
    WeightSets,
    recipe_with,
)
from beffroi.composite.vary_faults import clashes, faults_of, step_faults
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from beffroi.composite.coin import Coin
    from beffroi.composite.recipe import Recipe

    Key = tuple[float, ...]

MOST_COMBINATIONS = 256  # tables built beforehand; beyond, each choice is tried alone against the others' first


@dataclass(frozen=True, slots=True)
class Checked:
    """A setup that can be run, its nominal build, the tables that checking has made, and the scenarios if given."""

    setup: Setup
    nominal: IndexBuild
    tables: Tables
    given: Draws | None = None


def check(
    coin: Coin,
    recipe: Recipe,
    spec: Specification,
    *,
    seed: int = 0,
    columns: Mapping[str, Sequence[float]] | None = None,
) -> Checked:
    """Check a specification against figures and recipe.

    Args:
        coin: figures and tree.
        recipe: the nominal choices.
        spec: what is to vary.
        seed: of the run to come; it draws noise and imputations.
        columns: a fixed list of scenarios (see `given_draws`); then only combinations that it holds must be possible.

    Returns:
        What the run needs.

    Raises:
        SpecificationError: every reason at once: what is unknown or out of range; what would change nothing (a step
            that the recipe does not do); combinations of choices that cannot be computed, with indicator, unit and the
            remedy. A mean above pillars is tried at the nominal weights: what only other weights forbid stops the run.
    """
    setup = Setup(coin, recipe, spec)
    found = [*_coin_faults(coin), *clashes(setup)]
    if recipe.names[-1:] != ("aggregate",):
        found.append("the recipe does not end by aggregating, so there is no index to rank. End with 'aggregate'.")
    for step in recipe.steps:
        found += [f"the recipe: {one}" for one in step_faults(step, coin)]
    for one in spec.vary:
        found += faults_of(one, setup)
    if found:
        raise SpecificationError(tuple(dict.fromkeys(found)))
    try:
        nominal = build_index(coin, recipe)
    except MethodError as wrong:
        raise SpecificationError((f"the recipe itself: {wrong}",)) from wrong
    tables = Tables(setup, seed)
    given = None if columns is None else given_draws(setup, columns)
    if impossible := _combinations(setup, tables, given):
        raise SpecificationError(impossible)
    return Checked(setup, nominal, tables, given)


def _coin_faults(coin: Coin) -> list[str]:
    keys = Counter(zip(coin.units, coin.times or (0.0,) * len(coin.units), strict=True))
    out = [f"unit '{unit}' comes {n} times. Give each unit one row (a year)." for (unit, _), n in keys.items() if n > 1]
    tree = coin.framework
    if coin.data.indicators != tree.indicators:
        out.append(
            "the columns of the data are not the indicators of the tree, in its order. Read both by `read_coin`."
        )
    if len(tree.at(tree.depth)) != 1:
        out.append(f"level {tree.depth} has {len(tree.at(tree.depth))} elements; the index stands there alone.")
    return out


def _combinations(setup: Setup, tables: Tables, given: Draws | None) -> tuple[str, ...]:
    """Build every table, lay every aggregation on it, and say what fails, each reason once with its combinations."""
    ways = _tried(setup) if given is None else _drawn(setup, given)
    reasons: dict[str, list[str]] = {}
    for key, sums in ways.items():
        made = dict(zip((one.name for one in table_choices(setup.spec)), key, strict=True))
        try:
            points = tables.at(key)
        except MethodError as wrong:
            reasons.setdefault(str(wrong), []).append(_said(setup, made))
            continue
        for way in sums:
            both = {**made, **dict(zip((one.name for one in sum_choices(setup.spec)), way, strict=True))}
            said = _said(setup, both)
            recipe = recipe_with(setup.recipe, only(setup.spec, both), as_numbers(setup.spec, both))
            step = next(one for one in recipe.steps if isinstance(one, Aggregate))
            try:
                tree = tree_of(setup.coin.framework, step, recipe.compat)
                refused = refusals(points, tree)
                if not refused:
                    weights = setup.weights(recipe)
                    rows = np.array([[weights[node.code] for node in setup.coin.framework.nodes]], dtype=float)
                    Scorer(points, tree, rows).scores()
            except MethodError as wrong:
                refused = (str(wrong),)
            for reason in refused:
                reasons.setdefault(reason, []).append(said)
    return tuple(_reason(text, said) for text, said in reasons.items())


def _tried(setup: Setup) -> dict[Key, list[Key]]:
    sums = _all([_values(one, setup) for one in sum_choices(setup.spec)])
    return dict.fromkeys(_all([_values(one, setup) for one in table_choices(setup.spec)]), sums)


def _drawn(setup: Setup, given: Draws) -> dict[Key, list[Key]]:
    made, summed = ([one.name for one in kind(setup.spec)] for kind in (table_choices, sum_choices))
    rows = np.column_stack([np.zeros(given.count), *(given.values[name] for name in (*made, *summed))])[:, 1:]
    out: dict[Key, list[Key]] = {}
    for row in np.unique(rows, axis=0).tolist():
        out.setdefault(tuple(row[: len(made)]), []).append(tuple(row[len(made) :]))
    return out


def _values(varied: Varied, setup: Setup) -> list[float]:
    if isinstance(varied, VaryParameter) and varied.low is not None and varied.high is not None:
        return [varied.low, varied.high]
    # Tables of noise and imputations differ by chance only: the first stands for all.
    named = isinstance(varied, VaryStep | VaryParameter | WeightSets)
    return [float(one) for one in range(options(varied, setup.coin) if named else 1)]


def _all(ways: list[list[float]]) -> list[tuple[float, ...]]:
    whole = list(islice(product(*ways), MOST_COMBINATIONS + 1))
    if len(whole) <= MOST_COMBINATIONS:
        return whole
    first = tuple(one[0] for one in ways)
    alone = [(*first[:k], value, *first[k + 1 :]) for k, one in enumerate(ways) for value in one]
    return sorted(dict.fromkeys(alone))


def _said(setup: Setup, chosen: Mapping[str, float]) -> str:
    words = []
    for one in setup.spec.vary:
        if one.name in chosen and isinstance(one, VaryStep | VaryParameter):
            value = chosen[one.name]
            words.append(f"{one.name} = {one.labels[int(value)] if one.labels else f'{value:g}'}")
    return ", ".join(words) or "the recipe's own choices"


def _reason(text: str, said: list[str]) -> str:
    many = f" (and {len(said) - 1} more combinations)" if len(said) > 1 else ""
    return f"with {said[0]}{many}: {text}"
