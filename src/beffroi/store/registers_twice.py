"""Rows that a register gives twice: one of each is kept by a declared rule, the others are faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.store.registers_sql import CODED
from beffroi.store.swap import new_file

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    import numpy.typing as npt

    from beffroi.store.registers_sql import Coding

REASON = "given_twice"
_NIC_DIGITS = 5
_LONG_RUN = 50_000  # rows between breaks


def faults_path(into: Path, table: str) -> Path:
    """Where the rows given twice of a table are noted."""
    return into / f"faults_{table}_twice.parquet"


def keep_one(connection: duckdb.DuckDBPyConnection, part: Path, coding: Coding, into: Path) -> None:
    """Leave one row of each key in a coded table and note the others.

    The open row is kept before a closed one, then the one that closed last, then the first by all its columns: the
    same rows give the same table in whatever order they come.

    Args:
        connection: an engine within the limits of the machine.
        part: the coded table, not yet readable by others; rewritten only if a key is there twice.
        coding: its key and which row is kept first.
        into: folder of the load.
    """
    faults_path(into, coding.table).unlink(missing_ok=True)
    key = _key_sql(coding.key)
    twice = repeated(connection.execute(f"SELECT {key} AS key FROM {_read(part)}").fetchnumpy()["key"])
    if not len(twice):
        return
    connection.execute("CREATE OR REPLACE TEMP TABLE twice AS SELECT key FROM (SELECT unnest($keys) AS key)",
                       {"keys": twice.tolist()})  # fmt: skip
    columns = ", ".join(row[0] for row in connection.execute(f"DESCRIBE FROM {_read(part)}").fetchall())
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE ranked AS SELECT *, row_number() OVER "
        f"(PARTITION BY {key} ORDER BY {coding.kept_first}, {columns}) AS nth "
        f"FROM {_read(part)} WHERE {key} IN (SELECT key FROM twice)"
    )
    digits = 9 + _NIC_DIGITS * (len(coding.key) - 1)
    with new_file(faults_path(into, coding.table)) as noted:
        connection.execute(
            f"COPY (SELECT '{coding.table}' AS file, lpad(({key})::VARCHAR, {digits}, '0') AS row_key, "
            f"'{REASON}' AS reason, '' AS detail, false AS kept FROM ranked WHERE nth > 1 ORDER BY row_key) "
            f"TO '{_path(noted)}' (FORMAT parquet)"
        )
    single = part.with_name(f"{part.name}.single")
    connection.execute(
        f"COPY (SELECT * FROM {_read(part)} WHERE {key} NOT IN (SELECT key FROM twice) "
        f"UNION ALL SELECT * EXCLUDE (nth) FROM ranked WHERE nth = 1 ORDER BY {coding.order}) "
        f"TO '{_path(single)}' ({CODED})"
    )
    single.replace(part)


def repeated(keys: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the keys that come more than once, in order.

    Sorting numbers takes half the time of counting them in a table of hashes; those in order already are not sorted.

    >>> repeated(np.array([3, 1, 3, 2, 3])).tolist()
    [3]
    """
    given = np.asarray(keys)
    ordered = given if is_in_order(given) else np.sort(given)
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def is_in_order(keys: npt.NDArray[np.int64]) -> bool:
    """Whether no key is smaller than the one before it."""
    return bool((keys[1:] >= keys[:-1]).all())


def sorted_again(connection: duckdb.DuckDBPyConnection, part: Path, order: str) -> None:
    """Sort a coded table by a column, unless its rows came in that order but for a few breaks.

    Order is there for row groups to be passed over by the smallest and largest value they hold: a break in several
    tens of thousands of rows costs nothing.
    """
    found = np.asarray(connection.execute(f"SELECT {order} FROM {_read(part)}").fetchnumpy()[order])
    if np.count_nonzero(found[1:] < found[:-1]) * _LONG_RUN <= found.size:
        return
    ordered = part.with_name(f"{part.name}.ordered")
    connection.execute(f"COPY (SELECT * FROM {_read(part)} ORDER BY {order}) TO '{_path(ordered)}' ({CODED})")
    ordered.replace(part)


def _key_sql(key: tuple[str, ...]) -> str:
    siren, *nic = key
    return f"(CAST({siren} AS BIGINT) * {10**_NIC_DIGITS} + {nic[0]})" if nic else f"CAST({siren} AS BIGINT)"


def _read(path: Path) -> str:
    return f"read_parquet('{_path(path)}')"


def _path(path: Path) -> str:
    return str(path).replace("'", "''")
