"""The tutorial's notebooks: run from the first cell to the last in a kernel of their own; both languages, one code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

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


# A kernel is spoken to over socket files; a process of its own keeps them away from all other tests.
RUN = """
import sys, nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
source, target, folder = sys.argv[1:]
manager = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=folder + "/kernel")
client = NotebookClient(nbformat.read(source, as_version=4), timeout=120, km=manager,
                        resources={"metadata": {"path": folder}})
nbformat.write(client.execute(), target)
"""


def test_the_notebook_runs(root: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(root / "src"), os.environ.get("PYTHONPATH", "")]),
        "IPYTHONDIR": str(tmp_path / "ipython"),
    }
    target = tmp_path / "done.ipynb"
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(root / "docs/tutorial" / ENGLISH), str(target), str(tmp_path)],
        check=False, capture_output=True, text=True, env=environment, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    shown = [one for cell in json.loads(target.read_text(encoding="utf-8"))["cells"] for one in cell.get("outputs", ())]
    assert not [one for one in shown if one["output_type"] == "error"]
    assert any("text/html" in one.get("data", {}) for one in shown)
