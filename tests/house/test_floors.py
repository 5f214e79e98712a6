"""Each import contract is shown to fail: a rule that never broke may be asleep."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest

LINT = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"

# Contract, and the files that break it alone.
OFFENCES = {
    "ground importing upward": ("floors", {"vocabulary/offender.py": "import beffroi.catalogue.schema"}),
    "a room importing a door": ("floors", {"observatory/offender.py": "import beffroi.cli"}),
    "neighbours on one floor": ("floors", {"composite/offender.py": "import beffroi.sources"}),
    "an assembly that leans on a neighbour": ("floors", {"assembly/offender.py": "import beffroi.composite"}),
    "a folder without a floor": ("floors", {"annex/__init__.py": ""}),
    "a formula that knows the web": ("method-is-pure", {"composite/offender.py": "import django"}),
    "an assembly that knows the web": ("method-is-pure", {"assembly/offender.py": "import django"}),
    "a formula that fetches": ("method-is-pure", {"composite/offender.py": "import httpx"}),
    "an observatory bound to Django": (
        "observatory-without-django",
        {"observatory/offender.py": "import django"},
    ),
    "a page that fetches": ("no-fetch-in-a-request", {"web/offender.py": "import httpx"}),
    "a page that opens the store": ("no-fetch-in-a-request", {"web/offender.py": "import beffroi.store"}),
    "a second door to DuckDB": ("one-door-to-duckdb", {"observatory/offender.py": "import duckdb"}),
    "two modules in a ring": (
        "no-cycles",
        {
            "vocabulary/offender.py": "import beffroi.vocabulary.accomplice",
            "vocabulary/accomplice.py": "import beffroi.vocabulary.offender",
        },
    ),
}


@pytest.fixture(scope="module")
def contracts(root):
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    return {one["id"]: one["name"] for one in settings["tool"]["importlinter"]["contracts"]}


@pytest.fixture(scope="module")
def copy(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("floors")
    leave_out = shutil.ignore_patterns("__pycache__", "*.yaml", "*.parquet", "*.csv", "static", "templates")
    shutil.copytree(root / "src", folder / "src", ignore=leave_out)
    shutil.copy(root / "pyproject.toml", folder)
    return folder


def broken_contracts(copy, contracts) -> set[str]:
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "NO_COLOR": "1", "COLUMNS": "200"}
    run = subprocess.run(
        [sys.executable, "-c", LINT], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    verdicts = {
        contract: found[1]
        for contract, name in contracts.items()
        if (found := re.search(rf"^{re.escape(name)} .*?(KEPT|BROKEN)", run.stdout, re.MULTILINE))
    }
    assert verdicts.keys() == contracts.keys(), run.stdout + run.stderr
    return {contract for contract, verdict in verdicts.items() if verdict == "BROKEN"}


@pytest.fixture(scope="module")
def standing(copy, contracts):
    """Contracts broken before any offence: none, or one test says so and the others stay readable."""
    return broken_contracts(copy, contracts)


def test_the_house_as_it_stands_keeps_every_contract(standing):
    assert standing == set()


@pytest.mark.parametrize("offence", OFFENCES)
def test_an_offence_breaks_its_contract_and_no_other(offence, copy, contracts, standing):
    contract, files = OFFENCES[offence]
    paths = [copy / "src" / "beffroi" / name for name in files]
    new_folders = [path.parent for path in paths if not path.parent.exists()]
    for path, line in zip(paths, files.values(), strict=True):
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{line}\n", "utf-8")

    try:
        broken = broken_contracts(copy, contracts)
    finally:
        for path in paths:
            path.unlink()
        for folder in new_folders:
            shutil.rmtree(folder)

    assert broken - standing == {contract}


def test_every_contract_has_an_offence(contracts):
    assert {contract for contract, _ in OFFENCES.values()} == set(contracts)
