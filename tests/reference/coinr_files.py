"""Read a folder laid out like COINr's reference, and measure how far our figures are from it."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.coin_input import read_coin

if TYPE_CHECKING:
    from beffroi.composite.coin import Coin

FLOOR = 1e-6  # figures below this share of their column's largest are compared on that scale
SHARED = Path(__file__).resolve().parents[3] / "shared" / "reference" / "coinr"
Table = dict[str, list[str]]


@dataclass(frozen=True)
class Case:
    """One row of the manifest, and the folder it lies in."""

    folder: Path
    id: str
    kind: str
    file: str
    spec: str

    @property
    def expected(self) -> Table:
        return read_table(self.folder / self.file)


def cases(folder: Path) -> list[Case]:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as handle:
        return [Case(folder, row["id"], row["kind"], row["file"], row["spec"]) for row in csv.DictReader(handle)]


def located(path: Path) -> Path:
    """The file itself, or the one of the same name in the shared reference: an input need not be copied."""
    if path.is_file() or "expected" not in path.parts:
        return path
    return SHARED.joinpath(*path.parts[path.parts.index("expected") :])


@cache
def read_table(path: Path) -> Table:
    with located(path).open(encoding="utf-8", newline="") as handle:
        header, *rows = csv.reader(handle)
    return {name: [row[place] for row in rows] for place, name in enumerate(header)}


def raw_folder(folder: Path) -> Path:
    """The inputs, in the folder itself or in the shared reference beside the project."""
    here = folder / "raw"
    if here.is_dir():
        return here
    return SHARED / "raw"


@cache
def raw_coin(folder: Path, data: str = "ASEM_iData.csv", meta: str = "ASEM_iMeta.csv") -> Coin:
    inputs = raw_folder(folder)
    return read_coin((inputs / data).read_text("utf-8"), (inputs / meta).read_text("utf-8")).ordered()


def numbers(cells: list[str]) -> np.ndarray:
    return np.array([number(one) for one in cells], dtype=float)


def number(cell: str) -> float:
    if cell in ("", "NA", "NaN"):
        return math.nan
    return float(cell)


def relative(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Largest relative difference of one column; infinite where one is missing and the other not."""
    ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    if ours.shape != theirs.shape or (np.isnan(ours) != np.isnan(theirs)).any():
        return math.inf
    endless = np.isinf(theirs) | np.isinf(ours)
    if (ours[endless] != theirs[endless]).any():
        return math.inf
    seen = ~np.isnan(theirs) & ~endless
    if not seen.any():
        return 0.0
    a, b = ours[seen], theirs[seen]
    scale = np.maximum(np.abs(b), FLOOR * np.abs(b).max())
    gap = np.abs(a - b)
    return float(np.max(np.divide(gap, scale, out=np.where(gap > 0, math.inf, 0.0), where=scale > 0)))


def compare(ours: dict[str, object], expected: Table, *, keys: tuple[str, ...] = ()) -> float:
    """Largest difference over all columns of the reference: numbers by `relative`, words by being equal.

    With `keys`, rows are put in the order of the reference by these columns, which must name each row once.
    """
    lacking = [name for name in expected if name not in ours]
    if lacking:
        return math.inf
    order: list[int] | None = None
    if keys:
        place = {key: row for row, key in enumerate(zip(*(map(str, ours[name]) for name in keys), strict=True))}
        wanted = list(zip(*(expected[name] for name in keys), strict=True))
        if len(place) != len(wanted) or any(key not in place for key in wanted):
            return math.inf
        order = [place[key] for key in wanted]
    return max(_column(list(ours[name]), cells, order) for name, cells in expected.items())


def _column(ours: list[object], cells: list[str], order: list[int] | None) -> float:
    if order is not None:
        ours = [ours[place] for place in order]
    if len(ours) != len(cells):
        return math.inf
    if any(isinstance(one, str) for one in ours):
        return 0.0 if [str(one) for one in ours] == cells else math.inf
    try:
        return relative(np.array([float(one) for one in ours]), numbers(cells))
    except ValueError:
        return math.inf
