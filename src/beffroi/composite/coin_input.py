"""Read COINr's two tables as they are, and say everything that is wrong with them at once."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from beffroi.composite.coin import Coin, Framework, Label, Node
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.tables import columns_of
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from beffroi.composite.tables import Columns, Table

KINDS = ("Indicator", "Aggregate", "Group", "Denominator", "Other")
REQUIRED = ("Level", "iCode", "Parent", "Direction", "Weight", "Type")
WORDS = frozenset({*REQUIRED, "iName", "Unit", "Target", "Denominator"})
GOOD_CODE = re.compile(r"[^\W\d]\S*")
HEADER_ROWS = 2  # the header is row 1, so the first unit is row 2


class TableError(MethodError):
    """The two tables of a composite indicator hold faults, all of them in the message."""


@dataclass(slots=True)
class _Notes:
    found: list[str] = field(default_factory=list)

    def add(self, table: str, row: int | None, column: str, what: str) -> None:
        where = f"row {row + HEADER_ROWS}, " if row is not None else ""
        self.found.append(f"{table}: {where}column '{column}': {what}")

    def refuse(self) -> None:
        if self.found:
            raise TableError(f"{len(self.found)} fault(s) in the tables:\n" + "\n".join(self.found))


def read_coin(data: Table, meta: Table) -> Coin:
    r"""Make a coin from iData and iMeta, unchanged.

    Args:
        data: iData: `uCode`, optionally `uName` and `Time`, one column an indicator, groups, denominators.
        meta: iMeta: `Level`, `iCode`, `Parent`, `Direction`, `Weight`, `Type`; optionally `iName`, `Unit`, `Target`,
            `Denominator` and parameters of the normalisation.

    Returns:
        The coin; with two or more years in `Time`, a panel with one row a unit and year.

    Raises:
        TableError: every fault at once, each with its table, row (the header is row 1) and column.

    Source: the data model of COINr (Becker et al. 2022, doi:10.21105/joss.04567).

    >>> coin = read_coin("uCode,x,y\nA,1,2\nB,3,\n",
    ...     "Level,iCode,Parent,Direction,Weight,Type\n1,x,top,1,1,Indicator\n1,y,top,-1,2,Indicator\n"
    ...     "2,top,,1,1,Aggregate\n")
    >>> coin.units, coin.framework.indicators, coin.data.values.tolist()
    (('A', 'B'), ('x', 'y'), [[1.0, 2.0], [3.0, nan]])
    """
    notes = _Notes()
    meta_columns, data_columns = columns_of(meta), columns_of(data)
    for name in REQUIRED:
        if name not in meta_columns:
            notes.add("iMeta", None, name, "is missing. Add it.")
    if "uCode" not in data_columns:
        notes.add("iData", None, "uCode", "is missing. Add the code of each unit.")
    notes.refuse()
    kinds = {str(code): str(kind) for code, kind in zip(meta_columns["iCode"], meta_columns["Type"], strict=True)}
    framework = _framework(meta_columns, notes)
    coin = replace(_rows(data_columns, framework, kinds, notes), labels=_labels(meta_columns))
    notes.refuse()
    return coin


def _labels(meta: Columns) -> dict[str, Label]:
    def text(name: str, row: int) -> str:
        cell = meta[name][row] if name in meta else None
        return "" if cell is None else str(cell)

    return {
        text("iCode", row): Label(text("Type", row), text("iName", row), text("Unit", row))
        for row in range(len(meta["iCode"]))
        if text("Type", row) in ("Group", "Denominator", "Other")
    }


def _framework(meta: Columns, notes: _Notes) -> Framework:
    nodes, seen = [], set[str]()
    extra = [name for name in meta if name not in WORDS]
    for row, code in enumerate(meta["iCode"]):
        if code is None:
            notes.add("iMeta", row, "iCode", "is empty. Give a code.")
            continue
        name, kind = str(code), str(meta["Type"][row])
        if name in seen:
            notes.add("iMeta", row, "iCode", f"'{name}' comes twice. Give each line its own code.")
        seen.add(name)
        if not GOOD_CODE.fullmatch(name):
            notes.add("iMeta", row, "iCode", f"'{name}' starts with a digit or holds a blank. Start with a letter.")
        if kind not in KINDS:
            notes.add("iMeta", row, "Type", f"'{kind}' is not a type. Choose one of: {', '.join(KINDS)}.")
        if kind in ("Indicator", "Aggregate"):
            nodes.append(_node(meta, row, extra, notes))
    _check_tree(nodes, meta, notes)
    return Framework(tuple(sorted(nodes, key=lambda one: one.level)))


def _node(meta: Columns, row: int, extra: Sequence[str], notes: _Notes) -> Node:
    level = _number(meta["Level"][row], "iMeta", row, "Level", notes)
    direction = _number(meta["Direction"][row], "iMeta", row, "Direction", notes)
    weight = _number(meta["Weight"][row], "iMeta", row, "Weight", notes)
    if not (level >= 1 and level == int(level)):
        notes.add("iMeta", row, "Level", f"{meta['Level'][row]} is not a level. Give 1 to an indicator, 2 above, …")
        level = 1
    if direction not in (-1, 1):
        notes.add("iMeta", row, "Direction", f"{meta['Direction'][row]} is not a direction. Give 1 or -1.")
        direction = 1
    if not math.isfinite(weight):
        notes.add("iMeta", row, "Weight", f"{meta['Weight'][row]} is not a weight. Give a number.")

    def text(name: str) -> str:
        cell = meta[name][row] if name in meta else None
        return "" if cell is None else str(cell)

    def optional(name: str) -> float:
        cell = meta[name][row] if name in meta else None
        return float("nan") if cell is None else _number(cell, "iMeta", row, name, notes)

    numbers = {name: value for name in extra if (value := _try(meta[name][row])) is not None}
    return Node(
        text("iCode"), int(level), text("Parent"), text("iName") or text("iCode"), int(direction), weight,
        text("Unit"), optional("Target"), text("Denominator"), numbers,
    )  # fmt: skip


def _check_tree(nodes: Sequence[Node], meta: Columns, notes: _Notes) -> None:
    places = {str(code): row for row, code in enumerate(meta["iCode"])}
    levels = {one.code: one.level for one in nodes}
    top = max(levels.values(), default=0)
    if not nodes or 1 not in levels.values():
        notes.add("iMeta", None, "Type", "names no indicator. Give at least one line of type 'Indicator', level 1.")
        return
    for level in range(1, top):
        if level not in levels.values():
            notes.add("iMeta", None, "Level", f"level {level} is empty though level {top} is used. Close the gap.")
    _check_heads([one for one in nodes if one.level == top], places, notes)
    for one in nodes:
        row = places[one.code]
        if not one.parent:
            if one.level < top:
                notes.add("iMeta", row, "Parent", f"'{one.code}' has no parent, but is not at the top level {top}.")
        elif one.parent not in levels:
            notes.add("iMeta", row, "Parent", f"'{one.parent}', parent of '{one.code}', is not a code of the table.")
        elif levels[one.parent] != one.level + 1:
            notes.add(
                "iMeta", row, "Parent",
                f"'{one.parent}' (level {levels[one.parent]}) cannot hold '{one.code}' (level {one.level}): "
                "a parent stands one level above, or the tree would turn in a circle.",
            )  # fmt: skip
        if one.level > 1 and not any(child.parent == one.code for child in nodes):
            notes.add("iMeta", row, "iCode", f"'{one.code}' has no child. Give it one, or take it out.")


def _check_heads(heads: Sequence[Node], places: dict[str, int], notes: _Notes) -> None:
    for one in heads[1:]:
        message = f"'{one.code}' stands on top beside '{heads[0].code}'. Put both under one index, or make two tables."
        notes.add("iMeta", places[one.code], "Level", message)


def _rows(data: Columns, framework: Framework, kinds: dict[str, str], notes: _Notes) -> Coin:
    codes = [str(one) if one is not None else "" for one in data["uCode"]]
    for name in (*framework.indicators, *(code for code, kind in kinds.items() if kind in ("Group", "Denominator"))):
        if name not in data:
            notes.add("iData", None, name, "is in iMeta but not in iData. Add the column or take out its line.")
    wanted = {node.denominator for node in framework.nodes if node.denominator} - set(data)
    for name in sorted(wanted):
        notes.add("iMeta", None, "Denominator", f"'{name}' is not a column of iData. Add it, or empty the cell.")
    times = _column(data, "Time", notes) if "Time" in data else np.full(len(codes), np.nan)
    keys: dict[tuple[str, float | None], int] = {}
    for row, code in enumerate(codes):
        key = (code, None if np.isnan(times[row]) else float(times[row]))
        if not code:
            notes.add("iData", row, "uCode", "is empty. Give the code of the unit.")
        elif key in keys:
            notes.add("iData", row, "uCode", f"'{code}' already stands in row {keys[key] + HEADER_ROWS}.")
        keys.setdefault(key, row)
    for place in np.flatnonzero(np.isnan(times)) if not np.isnan(times).all() else ():
        notes.add("iData", int(place), "Time", "is empty, while other rows have a year. Give it, or take the row out.")
    names = data.get("uName", data["uCode"])
    columns = [_column(data, one, notes) for one in framework.indicators if one in data]
    sizes = [code for code, kind in kinds.items() if kind == "Denominator" and code in data]
    denominators = {name: _column(data, name, notes) for name in sizes}
    denominators |= {
        node.denominator: _column(data, node.denominator, notes)
        for node in framework.nodes
        if node.denominator in data and node.denominator not in sizes
    }
    notes.refuse()
    return Coin(
        IndicatorMatrix(tuple(codes), framework.indicators, np.stack(columns, axis=1)),
        framework,
        tuple("" if one is None else str(one) for one in names),
        {
            code: tuple("" if cell is None else str(cell) for cell in data[code])
            for code, kind in kinds.items()
            if kind == "Group"
        },
        denominators,
        tuple(map(float, times)) if np.unique(times[~np.isnan(times)]).size > 1 else (),
    )


def _column(data: Columns, name: str, notes: _Notes) -> npt.NDArray[np.float64]:
    return np.array([_number(cell, "iData", row, name, notes) for row, cell in enumerate(data[name])], dtype=float)


def _number(cell: object, table: str, row: int, column: str, notes: _Notes) -> float:
    if cell is None:
        return float("nan")
    value = _try(cell)
    if value is None:
        notes.add(table, row, column, f"'{cell}' is not a number. Write it with a decimal point, or leave it empty.")
        return float("nan")
    return value


def _try(cell: object) -> float | None:
    try:
        value = float(str(cell))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
