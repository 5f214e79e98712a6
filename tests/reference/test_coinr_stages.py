"""Treatment and scaling agree with what COINr 1.1.14 computed on its own example (51 countries × 49 indicators)."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
import pytest

from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.normalise import normalise
from beffroi.composite.treat import treat

if TYPE_CHECKING:
    from pathlib import Path


def stage(shared: Path, name: str) -> IndicatorMatrix:
    with (shared / "reference/coinr/expected/stages" / f"{name}.csv").open(encoding="utf-8") as handle:
        header, *rows = csv.reader(handle)
    values = np.array([[float(cell) for cell in row[1:]] for row in rows])
    return IndicatorMatrix(tuple(row[0] for row in rows), tuple(header[1:]), values)


@pytest.mark.shared
def test_treatment_is_coinrs_to_the_last_digits(shared: Path) -> None:
    ours = treat(stage(shared, "Screened"), method="winsorise_or_log")

    np.testing.assert_allclose(ours.matrix.values, stage(shared, "Treated").values, rtol=1e-9)
    assert sum(one.method == "winsorised" for one in ours.decisions) == 15


@pytest.mark.shared
def test_min_max_is_coinrs_with_its_directions(shared: Path) -> None:
    with (shared / "reference/coinr/raw/ASEM_iMeta.csv").open(encoding="utf-8") as handle:
        directions = {row["iCode"]: int(float(row["Direction"])) for row in csv.DictReader(handle) if row["Direction"]}
    treated = stage(shared, "Treated")

    ours = normalise(treated, [directions[one] for one in treated.indicators], method="min_max")

    np.testing.assert_allclose(ours.values, stage(shared, "Normalised").values, rtol=1e-9, atol=1e-9)
