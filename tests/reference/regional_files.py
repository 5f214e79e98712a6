"""Read a folder laid out like the regional reference: cases, tables, filters, expected numbers, and how far we are."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from beffroi.specialisation import ActivityTable, from_columns

if TYPE_CHECKING:
    from pathlib import Path

MISSING = {"", "NA", ":", "NaN"}
Key = tuple[str, ...]
Table = dict[str, list[str]]


@dataclass(frozen=True)
class Case:
    """One line of `cases.jsonl`, and the folder it lies in."""

    folder: Path
    id: str
    method: str
    inputs: dict[str, Any]
    expected: dict[str, Any]
    tolerance: dict[str, float]


def cases(folder: Path) -> list[Case]:
    lines = (folder / "cases.jsonl").read_text("utf-8").splitlines()
    given = [json.loads(line) for line in lines if line.strip()]
    return [Case(folder, g["id"], g["method"], g["inputs"], g["expected"], g.get("tolerance", {})) for g in given]


@cache
def read_table(path: Path) -> Table:
    """Columns of a CSV, as text; a name ending in .gz is gzip."""
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    header, *rows = csv.reader(io.StringIO(text.decode("utf-8"), newline=""))
    return {name: [row[place] for row in rows] for place, name in enumerate(header)}


def number(cell: str) -> float:
    return math.nan if cell.strip() in MISSING else float(cell)


def numbers(cells: list[str]) -> list[float]:
    return [number(cell) for cell in cells]


def passes(cell: str, wanted: object) -> bool:
    """Whether a cell is the value, in the list of values, or starts with a text and has a length."""
    if isinstance(wanted, dict):
        unknown = set(wanted) - {"prefix", "length"}
        if unknown:
            raise ValueError(f"filter with {sorted(unknown)}")
        return cell.startswith(wanted.get("prefix", "")) and len(cell) == wanted.get("length", len(cell))
    if isinstance(wanted, list):
        return any(passes(cell, one) for one in wanted)
    if isinstance(wanted, (bool, str)):
        return cell == str(wanted)
    return number(cell) == wanted  # a number, however the file spells it


def rows_of(folder: Path, given: dict[str, Any]) -> Table:
    """The table of an input after its filter, with its own column names."""
    table = read_table(folder / given["table"])
    keep = range(len(next(iter(table.values()))))
    for column, wanted in (given.get("filter") or {}).items():
        chosen = {cell: passes(cell, wanted) for cell in set(table[column])}
        keep = [row for row in keep if chosen[table[column][row]]]
    return {name: [cells[row] for row in keep] for name, cells in table.items()}


def roles_of(folder: Path, given: dict[str, Any]) -> Table:
    """The table of an input after its filter, by role."""
    rows = rows_of(folder, given)
    return {role: rows[column] for role, column in given["columns"].items()}


def activity_of(case: Case, role: str = "value") -> ActivityTable:
    """The matrix E of a long table; a row without a figure is an absent cell."""
    columns = roles_of(case.folder, case.inputs)
    given = zip(columns["region"], columns["industry"], numbers(columns[role]), strict=True)
    known = [row for row in given if not math.isnan(row[2])]
    return from_columns(*zip(*known, strict=True))


def expected_of(case: Case) -> dict[Key, float]:
    """Expected numbers: by name, or by the key columns of a table; NaN where the result must be missing."""
    given = case.expected
    if "table" not in given:
        return {(name,): math.nan if value in (None, "") else float(value) for name, value in given.items()}
    table = read_table(case.folder / given["table"])
    keys = list(zip(*(table[name] for name in given["key"]), strict=True))
    if len(set(keys)) < len(keys):
        raise ValueError(f"a key stands twice in {given['table']}")
    return dict(zip(keys, numbers(table[given["value"]]), strict=True))


@dataclass(frozen=True)
class Distance:
    """How far the worst number is: relative to the expected one, and in units of its tolerance (1 is the limit)."""

    relative: float
    of_tolerance: float
    note: str = ""

    @property
    def agrees(self) -> bool:
        return self.of_tolerance <= 1


def compare(found: dict[Key, float], case: Case) -> Distance:
    """Compare every expected number; one that was not computed is infinitely far."""
    expected = expected_of(case)
    if not expected:
        return Distance(math.inf, math.inf, "no number is expected")
    rel, absolute = case.tolerance.get("rel", 0.0), case.tolerance.get("abs", 0.0)
    worst, note, relative = 0.0, "", 0.0
    for key, wanted in expected.items():
        if key not in found:
            return Distance(math.inf, math.inf, f"no result for {'/'.join(key)}")
        gap, limit = _gap(float(found[key]), wanted), absolute + rel * abs(wanted)
        share = 0.0 if gap == 0 else gap / limit if limit > 0 else math.inf
        if share > worst:
            worst, note = share, f"{'/'.join(key)}: {found[key]!r} for {wanted!r}"
        relative = max(relative, gap / abs(wanted) if wanted and math.isfinite(wanted) else gap)
    return Distance(relative, worst, note)


def _gap(found: float, wanted: float) -> float:
    if math.isnan(wanted) or math.isnan(found):
        return 0.0 if math.isnan(wanted) and math.isnan(found) else math.inf
    if math.isinf(wanted) or math.isinf(found):
        return 0.0 if wanted == found else math.inf
    return abs(found - wanted)
