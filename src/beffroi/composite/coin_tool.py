"""Read a workbook of the JRC's COIN Tool as it is, and name every cell at fault.

The layout is the one that COINr's import_coin_tool reads (see docs/decisions/0016-coin-tool-workbooks.md). Sheet
`Database`, from column E on, one column an indicator: row 7 weight, 8 direction, 9 and 10 goalposts, 11 to 14 the
codes of index, sub-index, pillar and sub-pillar, 15 name, 16 code, from row 17 on one row a unit (B name, C code).
Sheet `Framework`, from column C on, one row a node: C code, E weight, H name.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from beffroi.composite.coin_input import TableError, read_coin
from beffroi.composite.tables import MISSING
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from beffroi.composite.coin import Coin

    Sheet = Sequence[Sequence[object]]
    Cells = dict[str, list[object]]

WEIGHT, DIRECTION, LOWER, UPPER, NAME, CODE, FIRST_UNIT, LAST_UNIT = 7, 8, 9, 10, 15, 16, 17, 315
LEVELS = (14, 13, 12, 11)  # sub-pillar, pillar, sub-index, index: from the indicators up
UNIT_NAME, UNIT_CODE, FIRST_INDICATOR, LAST_INDICATOR = 2, 3, 5, 103  # columns B, C, E … CY
NODE_CODE, NODE_WEIGHT, NODE_NAME = 3, 5, 8  # columns C, E, H
HEADERS, NODES = (4, 5), 48  # row of the header: 4, or 5 in the tool before its release; rows below it
TITLE = "Dimension/indicator"
EMPTY = MISSING | {"n/a", "--"}


def read_coin_tool(content: bytes) -> Coin:
    """Make a coin from a COIN Tool workbook.

    Args:
        content: the bytes of the workbook (XLSX or XLSM).

    Returns:
        The coin. Units and indicators without any figure are left out, as the tool does; so is a level with one
        element, which is one that the tool offers and the index does not use. Goalposts become the parameters
        `goalpost_lower` and `goalpost_upper` of each indicator.

    Raises:
        UsageError: the bytes are no workbook, or it lacks a sheet.
        TableError: every fault at once, each with its sheet and cell.

    Source: Becker et al. (2019), COIN Tool user guide, doi:10.2760/523877; COINr's import_coin_tool (Becker et al.
    2022, doi:10.21105/joss.04567).
    """
    database, framework = _sheets(content)
    book = _Book(database, framework)
    columns = [k for k in range(FIRST_INDICATOR, LAST_INDICATOR + 1) if book.any_figure(k)]
    rows = [k for k in range(FIRST_UNIT, LAST_UNIT + 1) if any(book.cell(k, c) is not None for c in columns)]
    if not rows:
        book.fault("Database", FIRST_UNIT, FIRST_INDICATOR, "no figure stands from here on. Fill in the sheet.")
        book.refuse()
    codes = [book.text(CODE, c, "the indicator's code") for c in columns]
    data: Cells = {
        "uCode": [book.text(r, UNIT_CODE, "the unit's code") for r in rows],
        "uName": [book.cell(r, UNIT_NAME) or book.cell(r, UNIT_CODE) for r in rows],
    }
    book.once("Database", [(r, UNIT_CODE) for r in rows], data["uCode"])
    book.once("Database", [(CODE, c) for c in columns], codes)
    data |= {str(code): [book.number(r, c) for r in rows] for code, c in zip(codes, columns, strict=True)}
    meta = _meta(book, columns, codes)
    book.refuse()
    return read_coin(data, meta)


@dataclass(slots=True)
class _Book:
    database: Sheet
    framework: Sheet
    faults: list[str] = field(default_factory=list)

    def cell(self, row: int, column: int, *, sheet: str = "Database") -> object:
        """The cell, counted from 1; None where it is empty or says that nothing is there."""
        table = self.database if sheet == "Database" else self.framework
        if row > len(table) or column > len(table[row - 1]):
            return None
        value = table[row - 1][column - 1]
        return None if value is None or (isinstance(value, str) and value.strip() in EMPTY) else value

    def any_figure(self, column: int) -> bool:
        return any(self.cell(row, column) is not None for row in range(FIRST_UNIT, LAST_UNIT + 1))

    def fault(self, sheet: str, row: int, column: int, what: str) -> None:
        self.faults.append(f"{sheet}, cell {_letters(column)}{row}: {what}")

    def text(self, row: int, column: int, what: str) -> str:
        value = self.cell(row, column)
        if value is None:
            self.fault("Database", row, column, f"{what} is missing. Give it.")
            return ""
        return str(value).strip()

    def number(self, row: int, column: int, *, sheet: str = "Database") -> float | None:
        value = self.cell(row, column, sheet=sheet)
        if value is None:
            return None
        try:
            return float(str(value))
        except ValueError:
            self.fault(sheet, row, column, f"'{value}' is not a number. Write a number, or n/a.")
            return None

    def needed(self, row: int, column: int, what: str, *, sheet: str = "Database") -> float:
        value = self.number(row, column, sheet=sheet)
        if value is None and self.cell(row, column, sheet=sheet) is None:
            self.fault(sheet, row, column, f"{what} is missing. Give it.")
        return 1.0 if value is None else value

    def once(self, sheet: str, places: Sequence[tuple[int, int]], values: Sequence[object]) -> None:
        seen: dict[object, tuple[int, int]] = {}
        for place, value in zip(places, values, strict=True):
            if value and value in seen:
                first = f"{_letters(seen[value][1])}{seen[value][0]}"
                self.fault(sheet, *place, f"'{value}' already stands in {first}. Give each its own code.")
            seen.setdefault(value, place)

    def refuse(self) -> None:
        if self.faults:
            raise TableError(f"{len(self.faults)} fault(s) in the workbook:\n" + "\n".join(self.faults))


def _meta(book: _Book, columns: Sequence[int], codes: Sequence[str]) -> Cells:
    levels = [row for row in LEVELS[:-1] if len({book.cell(row, c) for c in columns}) > 1] + [LEVELS[-1]]
    lines: list[tuple[object, ...]] = []
    parents: dict[str, tuple[int, str, str]] = {}
    for code, column in zip(codes, columns, strict=True):
        chain = [code, *(book.text(row, column, "the code of the group") for row in levels)]
        direction = book.needed(DIRECTION, column, "the direction (1 or -1)")
        if direction not in (-1.0, 1.0):
            book.fault("Database", DIRECTION, column, f"{direction:g} is not a direction. Give 1 or -1.")
        weight, posts = (
            book.needed(WEIGHT, column, "the weight"),
            (book.number(LOWER, column), book.number(UPPER, column)),
        )
        lines.append((1, code, book.cell(NAME, column), chain[1], direction, weight, "Indicator", *posts))
        for level, (row, child, parent) in enumerate(zip(levels, chain[1:], [*chain[2:], ""], strict=True), start=2):
            known = parents.setdefault(child, (level, parent, f"{_letters(column)}{row}"))
            if known[:2] != (level, parent):
                above = f"'{parent}'" if parent else "no parent"
                book.fault("Database", row, column, f"'{child}' stands under {above} here, but not so in {known[2]}.")
    nodes = _nodes(book)
    for code, (level, parent, cell) in sorted(parents.items(), key=lambda one: one[1][0]):
        if code and code not in nodes:
            book.faults.append(f"Database, cell {cell}: '{code}' is not a code of column C of sheet Framework.")
            continue
        name, weight = nodes.get(code, (None, 1.0))
        lines.append((level, code, name, parent or None, 1, weight, "Aggregate", None, None))
    names = ("Level", "iCode", "iName", "Parent", "Direction", "Weight", "Type", "goalpost_lower", "goalpost_upper")
    return {name: [line[place] for line in lines] for place, name in enumerate(names)}


def _nodes(book: _Book) -> dict[str, tuple[object, float]]:
    """Code of each node of the framework → its name and weight."""
    width = range(NODE_CODE, NODE_NAME + 1)
    found = [(row, column) for row in HEADERS for column in width if book.cell(row, column, sheet="Framework") == TITLE]
    if not found:
        book.fault("Framework", HEADERS[0], NODE_NAME, f"no column is headed '{TITLE}'. Take the tool's own sheet.")
        return {}
    header, title = found[0]
    out: dict[str, tuple[object, float]] = {}
    for row in range(header + 1, header + NODES + 1):
        code = book.cell(row, NODE_CODE, sheet="Framework")
        if code is None or book.cell(row, title, sheet="Framework") is None:
            continue
        if str(code).strip() in out:
            book.fault("Framework", row, NODE_CODE, f"'{code}' comes twice. Give each node its own code.")
        weight = book.needed(row, NODE_WEIGHT, "the weight", sheet="Framework")
        out[str(code).strip()] = (book.cell(row, NODE_NAME, sheet="Framework"), weight)
    return out


def _sheets(content: bytes) -> tuple[Sheet, Sheet]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 -- only a workbook needs its reader
    except ImportError as missing:  # pragma: no cover -- the reader is installed with Beffroi
        raise UsageError("Reading a workbook needs python-calamine. Install it.") from missing
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError as error:
        raise UsageError(f"This is no workbook that can be read ({error}). Give an XLSX or XLSM file.") from error
    absent = [name for name in ("Database", "Framework") if name not in book.sheet_names]
    if absent:
        raise UsageError(
            f"The workbook has no sheet '{absent[0]}' (it has: {', '.join(book.sheet_names)}). Give a workbook of the "
            "COIN Tool, or two tables iData and iMeta."
        )
    database, framework = (
        book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in ("Database", "Framework")
    )
    return database, framework


def _letters(column: int) -> str:
    """Return the letters of a column counted from 1.

    >>> _letters(5), _letters(103)
    ('E', 'CY')
    """
    first, last = divmod(column - 1, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)
