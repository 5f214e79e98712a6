r"""The composite index: matrix → screen → impute → treat → normalise → weigh → aggregate → rank, and its uncertainty.

Pure methods: arrays in, arrays out. No disk, network, clock or hidden randomness.

The names below are the engine for an index of one's own; each is loaded when first used.

>>> from beffroi.composite import build_index, read_coin
>>> coin = read_coin("uCode,x,y\nA,1,2\nB,3,1\nC,2,3\n", "Level,iCode,Parent,Direction,Weight,Type\n"
...     "1,x,top,1,1,Indicator\n1,y,top,1,1,Indicator\n2,top,,1,1,Aggregate\n")
>>> build_index(coin).ranks.tolist()
[3.0, 2.0, 1.0]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

# These two carry the name of their module, which would come first if they were not taken at once.
from beffroi.composite.describe import describe
from beffroi.composite.results import results, strengths_and_weaknesses, unit_summary

if TYPE_CHECKING:
    from beffroi.composite.coin import Coin, Framework, Node
    from beffroi.composite.coin_input import read_coin
    from beffroi.composite.coin_tool import read_coin_tool
    from beffroi.composite.components import component_weights, cronbach_alpha, principal_components
    from beffroi.composite.correlate import correlations, flag_pairs, size_effects, with_ancestors
    from beffroi.composite.definition import Definition, read_definition, recipe_as_mapping
    from beffroi.composite.example import example_coin, example_panel
    from beffroi.composite.explain_tree import explain_change, explain_units
    from beffroi.composite.frontier import benefit_of_the_doubt
    from beffroi.composite.gap import plan
    from beffroi.composite.gap_index import levers, question_about, solver_for, what_it_takes
    from beffroi.composite.gap_integer import Actions, Integer, alternatives
    from beffroi.composite.gap_robust import robust_plan
    from beffroi.composite.gap_tree import OnTree
    from beffroi.composite.matrix import IndicatorMatrix
    from beffroi.composite.outliers import OutlierSpec
    from beffroi.composite.peers_index import peers_of
    from beffroi.composite.penalties import adjusted_mazziotta_pareto, mazziotta_pareto, mean_min, wroclaw
    from beffroi.composite.preset import apply_preset
    from beffroi.composite.recipe import IndexBuild, Recipe, build_index
    from beffroi.composite.recombine_index import merge_units
    from beffroi.composite.scaling import Scale
    from beffroi.composite.steps import Aggregate, Custom, Denominate, Impute, Normalise, Screen, Treat
    from beffroi.composite.trajectory_index import journey, years_of_peers
    from beffroi.composite.trend import trends
    from beffroi.composite.vary import (
        DataNoise,
        DrawImputation,
        LeaveOut,
        Specification,
        VaryParameter,
        VaryStep,
        WeightDirichlet,
        WeightNoise,
        WeightSets,
    )
    from beffroi.composite.vary_exact import exact_ranks
    from beffroi.composite.vary_sensitivity import run_sensitivity
    from beffroi.composite.vary_uncertainty import Collect, replay_uncertainty, run_uncertainty
    from beffroi.composite.versions import compare_builds, remove_elements
    from beffroi.composite.weigh import effective_weights, equal_weights, noisy_weights, optimise_weights

_HOMES = {
    "coin": ("Coin", "Framework", "Node"),
    "coin_input": ("read_coin",),
    "coin_tool": ("read_coin_tool",),
    "components": ("component_weights", "cronbach_alpha", "principal_components"),
    "correlate": ("correlations", "flag_pairs", "size_effects", "with_ancestors"),
    "definition": ("Definition", "read_definition", "recipe_as_mapping"),
    "example": ("example_coin", "example_panel"),
    "explain_tree": ("explain_change", "explain_units"),
    "frontier": ("benefit_of_the_doubt",),
    "gap": ("plan",),
    "gap_index": ("levers", "question_about", "solver_for", "what_it_takes"),
    "gap_integer": ("Actions", "Integer", "alternatives"),
    "gap_robust": ("robust_plan",),
    "gap_tree": ("OnTree",),
    "matrix": ("IndicatorMatrix",),
    "outliers": ("OutlierSpec",),
    "peers_index": ("peers_of",),
    "penalties": ("adjusted_mazziotta_pareto", "mazziotta_pareto", "mean_min", "wroclaw"),
    "preset": ("apply_preset",),
    "recipe": ("IndexBuild", "Recipe", "build_index"),
    "recombine_index": ("merge_units",),
    "scaling": ("Scale",),
    "steps": ("Aggregate", "Custom", "Denominate", "Impute", "Normalise", "Screen", "Treat"),
    "trajectory_index": ("journey", "years_of_peers"),
    "trend": ("trends",),
    "vary": (
        "DataNoise", "DrawImputation", "LeaveOut", "Specification", "VaryParameter", "VaryStep", "WeightDirichlet",
        "WeightNoise", "WeightSets",
    ),
    "vary_exact": ("exact_ranks",),
    "vary_sensitivity": ("run_sensitivity",),
    "vary_uncertainty": ("Collect", "replay_uncertainty", "run_uncertainty"),
    "versions": ("compare_builds", "remove_elements"),
    "weigh": ("effective_weights", "equal_weights", "noisy_weights", "optimise_weights"),
}  # fmt: skip
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Actions",
    "Aggregate",
    "Coin",
    "Collect",
    "Custom",
    "DataNoise",
    "Definition",
    "Denominate",
    "DrawImputation",
    "Framework",
    "Impute",
    "IndexBuild",
    "IndicatorMatrix",
    "Integer",
    "LeaveOut",
    "Node",
    "Normalise",
    "OnTree",
    "OutlierSpec",
    "Recipe",
    "Scale",
    "Screen",
    "Specification",
    "Treat",
    "VaryParameter",
    "VaryStep",
    "WeightDirichlet",
    "WeightNoise",
    "WeightSets",
    "adjusted_mazziotta_pareto",
    "alternatives",
    "apply_preset",
    "benefit_of_the_doubt",
    "build_index",
    "compare_builds",
    "component_weights",
    "correlations",
    "cronbach_alpha",
    "describe",
    "effective_weights",
    "equal_weights",
    "exact_ranks",
    "example_coin",
    "example_panel",
    "explain_change",
    "explain_units",
    "flag_pairs",
    "journey",
    "levers",
    "mazziotta_pareto",
    "mean_min",
    "merge_units",
    "noisy_weights",
    "optimise_weights",
    "peers_of",
    "plan",
    "principal_components",
    "question_about",
    "read_coin",
    "read_coin_tool",
    "read_definition",
    "recipe_as_mapping",
    "remove_elements",
    "replay_uncertainty",
    "results",
    "robust_plan",
    "run_sensitivity",
    "run_uncertainty",
    "size_effects",
    "solver_for",
    "strengths_and_weaknesses",
    "trends",
    "unit_summary",
    "what_it_takes",
    "with_ancestors",
    "wroclaw",
    "years_of_peers",
]


def __getattr__(name: str) -> object:
    """Load a public name when it is first used."""
    if name not in _HOME:
        raise AttributeError(f"beffroi.composite has no public name '{name}'. See dir(beffroi.composite).")
    found: object = getattr(import_module(f"beffroi.composite.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return list(__all__)
