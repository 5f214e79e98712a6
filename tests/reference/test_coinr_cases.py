"""Every row of the shared COINr reference agrees, and a wrong figure does not pass unnoticed."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from coinr_files import compare, relative  # noqa: E402 -- the runner's own folder is not a package


@pytest.mark.shared
def test_all_rows_of_the_reference_agree(shared: Path) -> None:
    run = subprocess.run(
        [sys.executable, str(HERE / "coinr_cases.py"), str(shared / "reference" / "coinr")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    last = run.stdout.strip().splitlines()[-1]
    found = dict(word.split("=") for word in last.split())
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr
    assert found["cases"] == found["agree"]
    assert float(found["max_rel"]) <= 1e-9


def test_a_wrong_figure_a_hole_and_a_missing_column_are_differences() -> None:
    expected = {"uCode": ["A", "B"], "x": ["1", ""]}

    assert compare({"uCode": ["B", "A"], "x": [math.nan, 1.0]}, expected, keys=("uCode",)) == 0
    assert compare({"uCode": ["A", "B"], "x": [1.1, math.nan]}, expected) == pytest.approx(0.1)
    assert compare({"uCode": ["A", "B"], "x": [1.0, 0.0]}, expected) == math.inf
    assert compare({"uCode": ["A", "B"]}, expected) == math.inf


def test_infinite_figures_agree_only_with_their_like() -> None:
    assert relative(np.array([math.inf, 1.0]), np.array([math.inf, 1.0])) == 0
    assert relative(np.array([math.inf]), np.array([-math.inf])) == math.inf
