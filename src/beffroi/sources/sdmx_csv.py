"""Read SDMX-CSV as Eurostat writes it: version 1.0 (API 2.1) and version 2.0 (API 3.0).

1.0 begins `DATAFLOW,LAST UPDATE,freq,…`, 2.0 begins `STRUCTURE,STRUCTURE_ID,freq,…`; both go on with the
dimensions, then `TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS`. Columns are found by name. The last two columns
changed names and number in 2025, so OBS_STATUS is taken for OBS_FLAG and CONF_STATUS may be absent.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.sources.table import Cell, Row, Table, check_dimensions, fault, refuse_message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ABOUT_FILE = ("DATAFLOW", "LAST UPDATE", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION")
_STATUS = ("OBS_FLAG", "OBS_STATUS")
_CONF = "CONF_STATUS"


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which position holds what."""

    width: int
    dimensions: tuple[int, ...]
    period: int
    value: int
    status: tuple[int, ...]
    confidentiality: int | None


def read_sdmx_csv(lines: Iterable[str], *, dataset: str) -> Table:
    """Read the header now and the rows as they are asked for.

    Args:
        lines: text of the file, line by line.
        dataset: code of the dataset, for messages.

    Returns:
        The table: each row has one cell.

    Raises:
        SourceError: the file is empty, is a message, misses a column, or (while rows are read) has a row of
            another width than its header. `QueuedError` when the publisher has queued the request.

    >>> text = ["DATAFLOW,LAST UPDATE,freq,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG",
    ...         "ESTAT:X(1.0),05/01/26 11:00:00,A,FRE1,2024,4.2,p"]
    >>> table = read_sdmx_csv(text, dataset="x")
    >>> table.dimensions, [row.codes for row in table.rows]
    (('freq', 'geo'), [('A', 'FRE1')])
    """
    reader = csv.reader(lines, strict=True)
    header = _header(reader, dataset=dataset)
    layout = _layout(header, dataset=dataset)
    dimensions = tuple(header[position].lower() for position in layout.dimensions)
    check_dimensions(dimensions, dataset=dataset)
    known = (*_ABOUT_FILE, *_STATUS, "TIME_PERIOD", "OBS_VALUE", _CONF)
    fresh = [name for name in header[layout.period :] if name not in known]
    warnings = tuple(f"Dataset {dataset}: column '{name}' is new to us and was not read." for name in fresh)
    return Table(dimensions, _rows(reader, layout, dataset=dataset), warnings)


def _header(reader: Iterator[list[str]], *, dataset: str) -> list[str]:
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise fault(dataset, line=1, given=f"text that is not CSV ({error})", expected="a header") from error
    refuse_message(",".join(header), dataset=dataset)
    return header


def _layout(header: list[str], *, dataset: str) -> _Layout:
    at = {name: position for position, name in enumerate(header)}
    if len(at) != len(header):
        raise fault(dataset, line=1, given=f"the columns {', '.join(header)}", expected="each column once")
    missing = [name for name in ("TIME_PERIOD", "OBS_VALUE") if name not in at]
    status = tuple(at[name] for name in _STATUS if name in at)
    if not status:
        missing.append("OBS_FLAG (or OBS_STATUS)")
    if missing:
        given = f"the columns {', '.join(header)}"
        raise fault(dataset, line=1, given=given, expected=f"a column {missing[0]} as well")
    dimensions = tuple(
        position for name, position in at.items() if position < at["TIME_PERIOD"] and name not in _ABOUT_FILE
    )
    return _Layout(len(header), dimensions, at["TIME_PERIOD"], at["OBS_VALUE"], status, at.get(_CONF))


def _rows(reader: Iterator[list[str]], layout: _Layout, *, dataset: str) -> Iterator[Row]:
    line = 1
    try:
        for line, fields in enumerate(reader, start=2):
            if fields:
                yield _row(fields, layout, line=line, dataset=dataset)
    except csv.Error as error:
        given = f"text that is not CSV ({error})"
        raise fault(dataset, line=line + 1, given=given, expected=f"{layout.width} fields") from error


def _row(fields: list[str], layout: _Layout, *, line: int, dataset: str) -> Row:
    if len(fields) != layout.width:
        given, expected = f"{len(fields)} fields", f"{layout.width} as in the header"
        raise fault(dataset, line=line, given=given, expected=expected)
    cell = Cell(
        column="OBS_VALUE",
        period=fields[layout.period].strip(),
        value=fields[layout.value].strip(),
        status="".join(fields[position] for position in layout.status),
        confidentiality="" if layout.confidentiality is None else fields[layout.confidentiality],
    )
    return Row(line, tuple(fields[position].strip() for position in layout.dimensions), (cell,))
