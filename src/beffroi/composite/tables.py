"""Take a table as its owner has it (CSV text, XLSX bytes, rows, columns, pandas, polars, Arrow) as plain columns.

No library is imported for it: frames are known by what they can do.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, cast, runtime_checkable

from beffroi.vocabulary.errors import UsageError

Columns = dict[str, list[object]]
MISSING = frozenset({"", "NA", "NaN", "nan", "NULL", "null", "None", "#N/A"})


@runtime_checkable
class _Polars(Protocol):
    def to_dict(self, *, as_series: bool) -> Mapping[str, Sequence[object]]: ...


@runtime_checkable
class _Arrow(Protocol):
    def to_pydict(self) -> Mapping[str, Sequence[object]]: ...


@runtime_checkable
class _Frame(Protocol):
    columns: Iterable[object]

    def __getitem__(self, name: object) -> Iterable[object]: ...


Table = str | bytes | Mapping[str, Sequence[object]] | Sequence[Mapping[str, object]] | _Arrow | _Polars | _Frame


def columns_of(table: Table) -> Columns:
    r"""Read a table into columns.

    Args:
        table: CSV text with a header, the bytes of an XLSX workbook (first sheet), a mapping of columns, a list of
            rows, or a frame of pandas, polars or Arrow.

    Returns:
        Columns in the order of the table; a missing cell is None; other cells as they were (text in a CSV).

    Raises:
        UsageError: two columns have one name, or the kind of table is not known.

    >>> columns_of("uCode,x\nAUT,1.5\nBEL,NA\n")
    {'uCode': ['AUT', 'BEL'], 'x': ['1.5', None]}
    """
    if isinstance(table, str):
        return _from_rows(list(csv.reader(io.StringIO(table.removeprefix("\ufeff")))))
    if isinstance(table, bytes):
        return _from_xlsx(table)
    if isinstance(table, Mapping):
        return {str(name): _cells(values) for name, values in table.items()}
    if hasattr(table, "collect"):
        raise UsageError("A lazy frame holds no figures yet. Give frame.collect().")
    if isinstance(table, _Arrow):
        _refuse_twice([str(name) for name in getattr(table, "column_names", ())])
        return {str(name): _cells(values) for name, values in table.to_pydict().items()}
    if hasattr(table, "columns"):
        frame = cast("_Frame", table)
        _refuse_twice([str(name) for name in frame.columns])
        return {str(name): _cells(frame[name]) for name in frame.columns}
    if isinstance(table, Sequence):
        rows = [row for row in table if isinstance(row, Mapping)]
        names = list(dict.fromkeys(str(name) for row in rows for name in row))
        return {name: _cells([row.get(name) for row in rows]) for name in names}
    raise UsageError(
        f"A table of kind {type(table).__name__} cannot be read. Give CSV text, XLSX bytes, columns, rows, or a frame."
    )


def _cells(values: Iterable[object]) -> list[object]:
    return [None if _is_missing(one) else one for one in values]


def _is_missing(cell: object) -> bool:
    if cell is None or (isinstance(cell, str) and cell.strip() in MISSING):
        return True
    try:
        return bool(cell != cell)  # noqa: PLR0124 -- NaN, of any library, is the one number unequal to itself
    except TypeError:  # pandas' NA will not say whether it equals itself
        return True


def _from_rows(rows: Sequence[Sequence[object]]) -> Columns:
    if not rows:
        raise UsageError("The table is empty. Give a header and at least one row.")
    header = [str(one).strip() for one in rows[0]]
    _refuse_twice(header)
    body = [row for row in rows[1:] if any(not _is_missing(cell) for cell in row)]
    return {
        name: _cells([row[place] if place < len(row) else None for row in body]) for place, name in enumerate(header)
    }


def _refuse_twice(names: Sequence[str]) -> None:
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise UsageError(f"Column '{twice[0]}' comes twice. Give each column its own name.")


def _from_xlsx(content: bytes) -> Columns:
    try:
        from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 -- only a workbook needs its reader
    except ImportError as missing:  # pragma: no cover -- the reader is part of the test set
        raise UsageError("Reading a workbook needs python-calamine. Install it, or give CSV text.") from missing
    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except CalamineError as error:
        raise UsageError(f"These bytes are no workbook ({error}). Give XLSX bytes, or CSV as text.") from error
    # A workbook knows no whole numbers: the code 11 of a unit would become '11.0'.
    return _from_rows([[int(x) if isinstance(x, float) and x.is_integer() else x for x in row] for row in rows])
