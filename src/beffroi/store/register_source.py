"""The file of a register, CSV or Parquet of any size: its columns, some of its rows, and SQL that reads it whole."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SAMPLED = 400
_LONGEST_LINE = 1_000_000
# Numbers that lost the zeros in front of them when a table held them as integers.
_DIGITS = {"siren": 9, "siret": 14}


def parquet_sample(path: Path) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the columns of a Parquet file and its first rows, as text.

    Raises:
        UsageError: it is damaged, or has no column.
    """
    with readable(path), duckdb.connect() as connection:
        kinds = _described(connection, path)
        cells = ", ".join(f"coalesce({_cell(name, kind)}, '')" for name, kind in kinds.items())
        rows = connection.execute(f"SELECT {cells} FROM read_parquet({_text(path)}) LIMIT {SAMPLED}").fetchall()
    return tuple(kinds), tuple(rows)


def parquet_source(path: Path, columns: Mapping[str, str]) -> str:
    """Return SQL that selects `row`, counted from 1, and the fields of a Parquet file.

    Args:
        path: the file.
        columns: names of its columns by field.
    """
    with readable(path), duckdb.connect() as connection:
        kinds = _described(connection, path)
    cells = ", ".join(f"{_cell(name, kinds[name])} AS {field}" for field, name in columns.items())
    return f'SELECT file_row_number + 1 AS "row", {cells} FROM read_parquet({_text(path)}, file_row_number = true)'


def csv_source(path: Path, columns: Mapping[str, int], *, width: int, separator: str, skipped: int) -> str:
    """Return SQL that selects `row`, counted from 1 after the header, and the fields of a CSV file in UTF-8.

    Args:
        path: the file.
        columns: places of its columns by field, counted from 0.
        width: how many columns it has.
        separator: between cells.
        skipped: lines up to and with the header.
    """
    names = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    cells = ", ".join(f"c{place} AS {field}" for field, place in columns.items())
    return (
        f'SELECT row_number() OVER () AS "row", {cells} FROM read_csv({_text(path)}, columns = {{{names}}}, '
        f"auto_detect = false, header = false, skip = {skipped}, delim = '{separator}', quote = '\"', escape = '\"', "
        f"null_padding = true, strict_mode = false, max_line_size = {_LONGEST_LINE}, parallel = false)"
    )


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Say in words that a register's file cannot be read.

    Raises:
        UsageError: instead of what the engine says.
    """
    try:
        yield
    except (duckdb.InvalidInputException, duckdb.IOException, duckdb.ConversionException) as error:
        said = str(error).splitlines()[0]
        raise UsageError(
            f"{path.name} cannot be read as a register: {said}. Give CSV with one unit a line, or Parquet."
        ) from error


def _described(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    found = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({_text(path)})").fetchall()
    return {str(row[0]): str(row[1]) for row in found}


def _cell(name: str, kind: str) -> str:
    text = f"CAST({_quoted(name)} AS VARCHAR)"
    digits = next((digits for word, digits in _DIGITS.items() if word in name.lower() and "INT" in kind), 0)
    return f"lpad({text}, {digits}, '0')" if digits else text


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
