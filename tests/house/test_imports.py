"""What is imported when Beffroi starts is what the lock to run holds, and nothing that only tests have."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
# Modules that are imported only when Spark is asked for, and may need what `beffroi[spark]` brings.
SPARK = ("beffroi.cli.link_engine", "beffroi.linkage.spread", "beffroi.store.link_engine")

# Runs a verb where what `beffroi[spark]` brings cannot be found.
BARE = "import sys; sys.modules.update(pyarrow=None, pyspark=None); from beffroi.cli.main import run; sys.exit(run())"


def names(requirements) -> set[str]:
    return {canonicalize_name(Requirement(one).name) for one in requirements}


def at_the_top(tree: ast.Module):
    """Each import that runs as soon as the module does."""
    waiting = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{one.name}" for one in node.names)
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt)]


def module(path: Path) -> str:
    return ".".join(path.relative_to(SRC).with_suffix("").parts)


@pytest.fixture(scope="module")
def imported() -> dict[str, set[str]]:
    """What each module imports at its top."""
    files = SRC.rglob("*.py")
    return {module(path): set(at_the_top(ast.parse(path.read_text("utf-8")))) for path in files}


def test_modules_import_at_their_top_only_what_beffroi_runs_with(imported):
    providers = packages_distributions()
    wanted = names(PROJECT["dependencies"])
    spark = names(PROJECT["optional-dependencies"]["spark"])
    strangers = {
        (name, top)
        for name, each in imported.items()
        for top in {one.partition(".")[0] for one in each} - sys.stdlib_module_names - {"beffroi", ""}
        if not {canonicalize_name(one) for one in providers.get(top, ())}
        & (wanted | (spark if name in SPARK else set()))
    }

    assert not strangers
    assert any("numpy" in each for each in imported.values())


def test_only_modules_of_spark_import_modules_of_spark(imported):
    assert not {name for name, each in imported.items() if each & set(SPARK)} - set(SPARK)
    assert set(SPARK) <= set(imported)


@pytest.mark.parametrize(("engine", "code", "said"), [("here", 0, "1 automatic"), ("spark", 5, "beffroi[spark]")])
def test_lists_are_linked_without_what_spark_needs_and_spark_says_what_it_needs(tmp_path, engine, code, said):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("Nom,Ville,Site\nMinalogic,Grenoble,minalogic.com\n", "utf-8")
    command = ["link", "a.csv", "b.csv", "--out", "links.csv", "--engine", engine]
    ran = subprocess.run(
        [sys.executable, "-c", BARE, *command], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip

    assert ran.returncode == code, ran.stderr
    assert said in (ran.stderr if code else ran.stdout)
    assert "Traceback" not in ran.stderr
    assert (tmp_path / "links.csv").exists() == (not code)
