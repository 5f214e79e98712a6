"""The tutorial's notebooks: run from the first cell to the last in a kernel of their own; both languages, one code."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

if TYPE_CHECKING:
    from pathlib import Path

FRENCH, ENGLISH = "an-index-of-your-own.fr.ipynb", "an-index-of-your-own.ipynb"


def _code(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(one["source"]) for one in cells if one["cell_type"] == "code"]


def test_both_languages_hold_the_same_code(root: Path) -> None:
    folder = root / "docs/tutorial"
    assert _code(folder / FRENCH) == _code(folder / ENGLISH)


def test_notebooks_are_kept_without_outputs(root: Path) -> None:
    for path in (root / "docs").rglob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert not any(one.get("outputs") or one.get("execution_count") for one in cells), path.name


@pytest.mark.enable_socket  # a kernel is spoken to over a socket file
def test_the_notebook_runs(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(root / "src"), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = nbformat.read(root / "docs/tutorial" / ENGLISH, as_version=4)
    manager = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=str(tmp_path / "kernel"))
    done = NotebookClient(notebook, timeout=120, km=manager, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [one for cell in done.cells for one in cell.get("outputs", ())]
    assert not [one for one in shown if one["output_type"] == "error"]
    assert any("text/html" in one.get("data", {}) for one in shown)
