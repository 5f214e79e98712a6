"""Compare the rows of lists on an engine: pairs are joined by SQL and judged by a function that is given.

The engine never learns what a name is. It is given rows as Arrow, a function that lists the terms of rows, and one that
judges pairs; both take and give Arrow tables, so that the same Python runs here or on the workers of Spark.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from beffroi.store.link_sql import Limits, steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from beffroi.store.registers_engine import DuckDbEngine, SparkEngine

    Batches = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]

ROWS = pa.schema([("place", pa.int64()), ("source", pa.int64()), ("cells", pa.string())])
TERMS = pa.schema([("place", pa.int64()), ("source", pa.int64()), ("term", pa.string())])
PAIRS = "SELECT one, other, a.cells AS left, b.cells AS right FROM pairs JOIN rows a ON a.place = one JOIN rows b ON b.place = other"  # noqa: E501 -- one join
_LONGEST_TERM = 1_000


class LinkEngine(Protocol):
    """What linking asks of an engine."""

    def add(self, name: str, table: pa.Table) -> None:
        """Make a table known."""

    def make(self, name: str, sql: str) -> None:
        """Make a table of a result, worked out once."""

    def through(self, sql: str, batches: Batches, schema: pa.Schema) -> pa.Table:
        """Return what the function makes of the result, which it may be given in any number of parts."""

    def keep(self, name: str, sql: str, batches: Batches, schema: pa.Schema) -> None:
        """Make a table of what the function makes of the result."""


def judged(
    engine: LinkEngine,
    rows: pa.Table,
    *,
    limits: Limits,
    list_terms: Batches,
    judge: Batches,
    answers: pa.Schema,
    step: Callable[[str], object] = lambda _stage: None,
) -> pa.Table:
    """Judge every pair of rows worth comparing.

    Args:
        engine: where the work is done.
        rows: `place`, `source` and `cells`, in the order of `place`.
        limits: what bounds the work.
        list_terms: from batches of `rows` to batches of `place`, `source`, `term`.
        judge: from batches of `one`, `other`, `left`, `right` to batches of answers; a pair without one is left out.
        answers: the schema of the answers.
        step: called with the name of each table made.

    Returns:
        All answers, in no order.
    """
    engine.add("rows", rows.cast(ROWS))
    engine.add("letters", pa.table({"letter": pa.array(range(1, _LONGEST_TERM + 1), type=pa.int64())}))
    engine.keep("terms", "SELECT place, source, cells FROM rows", list_terms, TERMS)
    step("terms")
    for name, sql in steps(limits, sources=len(rows["source"].unique())):
        engine.make(name, sql)
        step(name)
    found = engine.through(PAIRS, judge, answers)
    step("judgements")
    return found


@dataclass(frozen=True, slots=True)
class LinkDuckDb:
    """DuckDB in this process."""

    engine: DuckDbEngine

    def add(self, name: str, table: pa.Table) -> None:
        """See `LinkEngine`."""
        self.engine.connection.register(name, table)

    def make(self, name: str, sql: str) -> None:
        """See `LinkEngine`."""
        self.engine.connection.execute(f"CREATE OR REPLACE TABLE {name} AS {sql}")

    def through(self, sql: str, batches: Batches, schema: pa.Schema) -> pa.Table:
        """See `LinkEngine`."""
        reader: pa.RecordBatchReader = self.engine.connection.sql(sql).to_arrow_reader(100_000)
        return pa.Table.from_batches(batches(reader), schema=schema)

    def keep(self, name: str, sql: str, batches: Batches, schema: pa.Schema) -> None:
        """See `LinkEngine`."""
        self.add(name, self.through(sql, batches, schema))


@dataclass(frozen=True, slots=True)
class LinkSpark:
    """Spark, wherever its master is; the workers need Beffroi too, because the functions run there."""

    engine: SparkEngine

    def add(self, name: str, table: pa.Table) -> None:
        """See `LinkEngine`."""
        self.engine.session.createDataFrame(table).createOrReplaceTempView(name)

    def make(self, name: str, sql: str) -> None:
        """See `LinkEngine`."""
        self._kept(name, self.engine.session.sql(sql))

    def through(self, sql: str, batches: Batches, schema: pa.Schema) -> pa.Table:
        """See `LinkEngine`."""
        return self._mapped(sql, batches, schema).toArrow().cast(schema)

    def keep(self, name: str, sql: str, batches: Batches, schema: pa.Schema) -> None:
        """See `LinkEngine`."""
        self._kept(name, self._mapped(sql, batches, schema))

    def _mapped(self, sql: str, batches: Batches, schema: pa.Schema) -> Any:
        kinds = {pa.int64(): "bigint", pa.float64(): "double", pa.string(): "string"}
        text = ", ".join(f"{field.name} {kinds[field.type]}" for field in schema)
        return self.engine.session.sql(sql).mapInArrow(batches, text)

    def _kept(self, name: str, frame: Any) -> None:
        frame.persist().createOrReplaceTempView(name)
