"""The engine's public names: all there, all documented with an example that runs, none loaded before it is used."""

from __future__ import annotations

import ast
import doctest
import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import beffroi.composite as engine

# Plain containers and settings: how they are made is shown by the functions that take them. A workbook needs a file.
WITHOUT_EXAMPLE = {
    "Actions", "Coin", "Definition", "Node", "DataNoise", "DrawImputation", "LeaveOut", "VaryParameter", "VaryStep",
    "WeightDirichlet", "WeightNoise", "WeightSets", "Aggregate", "Custom", "Denominate", "Impute", "IndexBuild",
    "Normalise", "Screen", "Treat", "Scale", "OutlierSpec", "Collect", "IndicatorMatrix", "Integer", "read_coin_tool",
}  # fmt: skip


@pytest.mark.parametrize("name", engine.__all__)
def test_a_public_name_is_there_and_documented(name: str) -> None:
    found = getattr(engine, name)
    assert not inspect.ismodule(found)
    assert inspect.getdoc(found)
    if name not in WITHOUT_EXAMPLE:
        parsed = doctest.DocTestFinder(recurse=True).find(found, name, module=import_module(found.__module__))
        assert any(one.examples for one in parsed), f"{name} has no example"


def test_names_for_type_checkers_are_the_names_that_are_loaded() -> None:
    tree = ast.parse(Path(engine.__file__).read_text(encoding="utf-8"))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("beffroi.")
        for alias in node.names
    }
    assert imported == set(engine.__all__)
    assert {*engine._HOME, "describe", "results", "strengths_and_weaknesses", "unit_summary"} == imported
    assert dir(engine) == list(engine.__all__)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no public name 'rank_everything'"):
        _ = engine.rank_everything


def test_nothing_heavy_is_loaded_for_a_look() -> None:
    said = "import sys, beffroi.composite; print('scipy.optimize' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
