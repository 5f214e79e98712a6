"""What is asked of a coded table as a whole: that each SIREN keeps its key, the order, and one row of each unit.

These are numbers by then, so each question is one pass over arrays instead of a rule that is read row by row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.store.registers_keys import keeps_key, luhn_sql
from beffroi.store.registers_sql import CODED
from beffroi.store.swap import new_file

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    import numpy.typing as npt

    from beffroi.store.registers_sql import Coding

    Numbers = dict[str, npt.NDArray[np.int32]]

REASON = "given_twice"
_NIC_DIGITS = 5
_LONG_RUN = 50_000  # rows between breaks


def faults_path(into: Path, table: str) -> Path:
    """Where the rows given twice of a table are noted."""
    return into / f"faults_{table}_twice.parquet"


def keep_true(connection: duckdb.DuckDBPyConnection, part: Path, coding: Coding) -> Numbers:
    """Leave in a coded table the rows whose SIREN keeps its key, sorted again where their order has broken.

    Args:
        connection: an engine within the limits of the machine, which keeps the order of rows where order is asked.
        part: the coded table, not yet readable by others; rewritten only where something is amiss.
        coding: its numbers and its order.

    Returns:
        The columns that say whose row each is, in whatever order.
    """
    found = _numbers(connection, part, coding)
    if found and not keeps_key(found["siren"]).all():
        sound = f"{luhn_sql('siren')} % 10 = 0"
        _rewrite(connection, part, f"SELECT * FROM {_read(part)} WHERE {sound} ORDER BY {coding.order}")
        found = _numbers(connection, part, coding)
    if coding.is_in_order and has_breaks(found[coding.order]):
        _rewrite(connection, part, f"SELECT * FROM {_read(part)} ORDER BY {coding.order}")
    return found


def keep_one(connection: duckdb.DuckDBPyConnection, part: Path, coding: Coding, into: Path, found: Numbers) -> None:
    """Leave one row of each key in a coded table and note the others.

    The open row is kept before a closed one, then the one that closed last, then the first by all its columns: the
    same rows give the same table in whatever order they come.

    Args:
        connection: an engine within the limits of the machine.
        part: the coded table, not yet readable by others; rewritten only if a key is there twice.
        coding: its key and which row is kept first.
        into: folder of the load.
        found: the columns of the key.
    """
    faults_path(into, coding.table).unlink(missing_ok=True)
    key = _key_sql(coding.key)
    twice = repeated(_as_one(coding.key, found))
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
    _rewrite(
        connection,
        part,
        f"SELECT * FROM {_read(part)} WHERE {key} NOT IN (SELECT key FROM twice) "
        f"UNION ALL SELECT * EXCLUDE (nth) FROM ranked WHERE nth = 1 ORDER BY {coding.order}",
    )


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


def has_breaks(keys: npt.NDArray[np.int32]) -> bool:
    """Whether keys break their order more often than in several tens of thousands of rows.

    Order is there for row groups to be passed over by the smallest and largest value they hold: a few breaks cost
    nothing.

    >>> has_breaks(np.array([1, 2, 3, 2])), has_breaks(np.array([1, 2, 2, 3]))
    (True, False)
    """
    return bool(np.count_nonzero(keys[1:] < keys[:-1]) * _LONG_RUN > keys.size)


def _rewrite(connection: duckdb.DuckDBPyConnection, part: Path, rows: str) -> None:
    again = part.with_name(f"{part.name}.again")
    connection.execute(f"COPY ({rows}) TO '{_path(again)}' ({CODED})")
    again.replace(part)


def _numbers(connection: duckdb.DuckDBPyConnection, part: Path, coding: Coding) -> Numbers:
    names = coding.key or (("siren",) if coding.has_siren else ())
    if not names:
        return {}
    columns = connection.execute(f"SELECT {', '.join(names)} FROM {_read(part)}").fetchnumpy()
    return {name: np.asarray(columns[name]) for name in names}


def _as_one(key: tuple[str, ...], found: Numbers) -> npt.NDArray[np.int64]:
    siren, *nic = (found[name] for name in key)
    return siren.astype(np.int64) * 10**_NIC_DIGITS + nic[0] if nic else siren.astype(np.int64)


def _key_sql(key: tuple[str, ...]) -> str:
    siren, *nic = key
    return f"(CAST({siren} AS BIGINT) * {10**_NIC_DIGITS} + {nic[0]})" if nic else f"CAST({siren} AS BIGINT)"


def _read(path: Path) -> str:
    return f"read_parquet('{_path(path)}')"


def _path(path: Path) -> str:
    return str(path).replace("'", "''")
