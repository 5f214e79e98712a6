"""Two engines for one text: DuckDB on this machine, Spark when one machine is outgrown.

Measured on two cores, Spark takes about fifteen times as long as DuckDB for the same figures; it is there for a
register that no longer fits on one machine, and it is an extra (`beffroi[spark]`, with a Java of its own). What the two
say differently, how a Parquet file becomes a table and how a result leaves, stands here and nowhere else.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import duckdb

from beffroi.store.registers_encode import Machine
from beffroi.store.swap import new_file, told
from beffroi.vocabulary.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from beffroi.store.tables import Rows

TABLES = ("establishments", "legal_units", "periods", "successions", "ratios", "places", "activities", "sizes")
NO_SPARK = (
    "Spark was asked for and pyspark or pyarrow is not installed. Install beffroi[spark], with a Java of version 17 or "
    "later, or leave the engine as it is by default."
)


class Engine(Protocol):
    """What figures ask of an engine."""

    def add_tables(self, folder: Path, *, prefix: str = "") -> None:
        """Make the coded tables of a month known, under their names with `prefix` before them."""

    def rows(self, sql: str) -> tuple[tuple[str, ...], Rows]:
        """Return names of columns and rows of plain Python values."""

    def write(self, sql: str, path: Path) -> None:
        """Write the result as Parquet: one file or a folder of parts, as the engine does."""


@dataclass(frozen=True, slots=True)
class DuckDbEngine:
    """DuckDB in this process."""

    connection: duckdb.DuckDBPyConnection

    def add_tables(self, folder: Path, *, prefix: str = "") -> None:
        """See `Engine`."""
        for name, path in _tables_of(folder).items():
            self.connection.execute(
                f"CREATE OR REPLACE VIEW {prefix}{name} AS SELECT * FROM read_parquet({_quoted(path)})"
            )

    def rows(self, sql: str) -> tuple[tuple[str, ...], Rows]:
        """See `Engine`."""
        with told_reading():
            cursor = self.connection.execute(sql)
            return tuple(column[0] for column in cursor.description), cursor.fetchall()

    def write(self, sql: str, path: Path) -> None:
        """See `Engine`."""
        with new_file(path) as part:
            self.connection.execute(f"COPY ({sql}) TO {_quoted(part)} (FORMAT parquet, COMPRESSION zstd)")


@dataclass(frozen=True, slots=True)
class SparkEngine:
    """Spark, wherever its master is."""

    session: Any  # a pyspark.sql.SparkSession; pyspark is an extra that the checker of types need not have

    def add_tables(self, folder: Path, *, prefix: str = "") -> None:
        """See `Engine`."""
        for name, path in _tables_of(folder).items():
            self.session.read.parquet(str(path)).createOrReplaceTempView(f"{prefix}{name}")

    def rows(self, sql: str) -> tuple[tuple[str, ...], Rows]:
        """See `Engine`."""
        frame = self.session.sql(sql)
        return tuple(frame.columns), [tuple(row) for row in frame.collect()]

    def write(self, sql: str, path: Path) -> None:
        """See `Engine`."""
        self.session.sql(sql).write.parquet(str(path))


@contextmanager
def open_duckdb(*, machine: Machine | None = None, spill: Path | None = None) -> Iterator[DuckDbEngine]:
    """Open DuckDB within the limits of the machine; without `spill` a result that does not fit in memory fails."""
    limits = machine or Machine()
    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {limits.threads}")
        connection.execute(f"SET memory_limit = '{limits.memory_gb}GB'")
        connection.execute("SET preserve_insertion_order = false")
        if spill is not None:
            connection.execute(f"SET temp_directory = {_quoted(spill)}")
        yield DuckDbEngine(connection)


@contextmanager
def open_spark(master: str, *, settings: dict[str, str] | None = None) -> Iterator[SparkEngine]:
    """Open a session on a Spark master (`spark://host:port`, `local[2]`).

    The workers must see the folder of the register under the same path.

    Raises:
        StoreError: pyspark is not installed.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 -- an extra: whoever does not ask for Spark need not have it
    except ImportError as error:
        raise StoreError(NO_SPARK) from error
    # Functions given to Spark run in the Python of its workers: this one, unless somebody says which.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(master).appName("beffroi")
    for name, value in ({"spark.ui.enabled": "false", "spark.sql.session.timeZone": "UTC"} | (settings or {})).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        yield SparkEngine(session)
    finally:
        session.stop()


@contextmanager
def told_reading() -> Iterator[None]:
    """Say in words that a table of the register cannot be read, or that an answer does not fit in memory."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise StoreError(
            "The answer does not fit into the memory allowed. Ask for a coarser level or a part of the register, or "
            "allow more memory."
        ) from error
    except duckdb.IOException as error:
        raise StoreError(
            f"A table of the register cannot be read ({str(error).splitlines()[0]}). Load the month again."
        ) from error


def _tables_of(folder: Path) -> dict[str, Path]:
    with told(folder):
        return {name: folder / f"{name}.parquet" for name in TABLES if (folder / f"{name}.parquet").exists()}


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
