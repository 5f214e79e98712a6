"""Columns in and out of DuckDB and Parquet, with types said once and missing values kept missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np

from beffroi.store.swap import told
from beffroi.vocabulary.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

_TYPE = {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE", str: "VARCHAR"}
_NAME = re.compile(r"[a-z][a-z0-9_]*")

Value = str | int | float | bool | None
Rows = list[tuple[Any, ...]]  # what a row holds is said by its table


def write_parquet(path: Path, columns: Mapping[str, Sequence[Value]]) -> None:
    """Write one table as Parquet (zstd), rows in the order given; None becomes NULL.

    Args:
        path: file to write; its folder exists.
        columns: name → values of one type (int and float mixed become float), all of one length.

    Raises:
        StoreError: the disk is full or the place cannot be written.
    """
    with told(path), duckdb.connect() as connection:
        _create(connection, "rows", columns)
        connection.execute(f"COPY rows TO {_quoted(path)} (FORMAT parquet, COMPRESSION zstd)")


def write_database(path: Path, tables: Mapping[str, Mapping[str, Sequence[Value]]]) -> None:
    """Write tables into a new DuckDB file.

    Raises:
        StoreError: the disk is full or the place cannot be written.
    """
    with told(path), duckdb.connect(str(path)) as connection:
        for name, columns in tables.items():
            _create(connection, _checked(name), columns)


def read_parquet(path: Path, columns: Iterable[str] | None = None) -> tuple[tuple[str, ...], Rows]:
    """Read a Parquet table as column names and rows of plain Python values, NULL as None.

    Raises:
        StoreError: the file is missing or damaged, with the remedy.
    """
    chosen = ", ".join(_column(one) for one in columns) if columns is not None else "*"
    return _query(path, f"SELECT {chosen} FROM read_parquet({_quoted(path)})")  # noqa: S608 -- names are checked


def read_database(path: Path, table: str) -> tuple[tuple[str, ...], Rows]:
    """Read one table of a DuckDB file as column names and rows, in the order written.

    Raises:
        StoreError: the file is missing or damaged, with the remedy.
    """
    return _query(path, f"SELECT * FROM {_checked(table)} ORDER BY rowid", database=path)  # noqa: S608 -- checked


def _query(path: Path, sql: str, *, database: Path | None = None) -> tuple[tuple[str, ...], Rows]:
    if not path.exists():
        raise StoreError(f"{path} is missing. Restore it from a copy, or run 'beffroi edition build' again.")
    try:
        with duckdb.connect(str(database) if database else ":memory:", read_only=database is not None) as connection:
            cursor = connection.execute(sql)
            names = tuple(column[0] for column in cursor.description)
            return names, cursor.fetchall()
    except duckdb.Error as error:
        raise StoreError(
            f"{path} cannot be read ({str(error).splitlines()[0]}). The file is damaged: restore it from a copy, "
            "or remove it and run 'beffroi edition build' again."
        ) from error


def _create(connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, Sequence[Value]]) -> None:
    given: dict[str, npt.NDArray[np.generic]] = {}
    chosen = []
    for column, values in columns.items():
        kind = _kind(values)
        given[column] = _array(values, kind)
        chosen.append(_expression(column, kind))
    connection.execute(f"CREATE TABLE {name} AS SELECT {', '.join(chosen)} FROM given")  # noqa: S608 -- checked


def _kind(values: Sequence[Value]) -> str:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        return "DOUBLE"
    if len(kinds) > 1 or not kinds <= set(_TYPE):
        found = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise TypeError(f"A column holds {found}; one of str, int, float, bool was expected.")
    return _TYPE[kinds.pop()] if kinds else "DOUBLE"


def _array(values: Sequence[Value], kind: str) -> npt.NDArray[np.generic]:
    # DuckDB reads numpy columns without copying rows; None travels as NaN in numbers (an int below 2**53 is exact).
    if kind == "VARCHAR":
        return np.array(values, dtype=object)
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _expression(column: str, kind: str) -> str:
    name = _column(column)
    if kind == "VARCHAR":
        return name
    return f"CAST(CASE WHEN isnan({name}) THEN NULL ELSE {name} END AS {kind}) AS {name}"


def _column(name: str) -> str:
    # Columns may carry the names that their owner gave them; quoted, any name is only a name.
    return '"' + name.replace('"', '""') + '"'


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"'{name}' is not a table name (lower case, digits, _).")
    return name


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
