r"""Read Eurostat's own TSV: all codes in the first column, one column for each period.

The header is `freq,unit,…,geo\TIME_PERIOD` and the periods; a cell is a number or `:` (missing), then flags:
`12.3 b`, `: c`, `0n` (less than half of a unit).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from beffroi.sources.table import Cell, Row, Table, check_dimensions, fault, refuse_message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CORNER = re.compile(r"([^\\]+)\\(TIME_PERIOD|time)")
_CELL = re.compile(r"(:|[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)(?:\s+(.*)|([A-Za-z]*))")


def read_tsv(lines: Iterable[str], *, dataset: str) -> Table:
    r"""Read the header now and the rows as they are asked for.

    Args:
        lines: text of the file, line by line.
        dataset: code of the dataset, for messages.

    Returns:
        The table: each row has a cell for every period of the header.

    Raises:
        SourceError: the file is empty, is a message, has another first column, or (while rows are read) a row
            of another width than its header. `QueuedError` when the publisher has queued the request.

    >>> table = read_tsv(["freq,geo\\TIME_PERIOD\t2023 \t2024 ", "A,FRE1\t4.2 p\t: c"], dataset="x")
    >>> [(cell.period, cell.value, cell.status) for row in table.rows for cell in row.cells]
    [('2023', '4.2', 'p'), ('2024', ':', 'c')]
    """
    walk = iter(lines)
    first = next(walk, "")
    refuse_message(first, dataset=dataset)
    corner, *periods = (field.strip() for field in first.rstrip("\r\n").split("\t"))
    match = _CORNER.fullmatch(corner)
    if match is None:
        expected = r"the dimensions and \TIME_PERIOD, as in freq,unit,geo\TIME_PERIOD"
        raise fault(dataset, line=1, given=f"the first column '{corner[:80]}'", expected=expected)
    dimensions = tuple(name.strip().lower() for name in match[1].split(","))
    check_dimensions(dimensions, dataset=dataset)
    return Table(dimensions, _rows(walk, dimensions, tuple(periods), dataset=dataset))


def _rows(
    lines: Iterator[str], dimensions: tuple[str, ...], periods: tuple[str, ...], *, dataset: str
) -> Iterator[Row]:
    for number, line in enumerate(lines, start=2):
        if not line.strip():
            continue
        key, *fields = line.rstrip("\r\n").split("\t")
        codes = tuple(code.strip() for code in key.split(","))
        if len(codes) != len(dimensions) or len(fields) != len(periods):
            given = f"{len(codes)} codes and {len(fields)} figures"
            expected = f"{len(dimensions)} and {len(periods)} as in the header"
            raise fault(dataset, line=number, given=given, expected=expected)
        yield Row(number, codes, map(_cell, periods, fields))


def _cell(period: str, field: str) -> Cell:
    """Part a figure from its flags; what cannot be parted stays whole, for the reader of values to refuse."""
    match = _CELL.fullmatch(field.strip())
    if match is None:
        return Cell(period, period, field.strip(), "")
    return Cell(period, period, match[1], match[2] or match[3] or "")
