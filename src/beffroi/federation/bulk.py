"""Write and number many rows at once: what an import of fifty thousand rows would otherwise wait for.

Rows of the registry are values that need no conversion but days and JSON, so that Django's careful way through every
field of every row is left out; types and constraints are the database's own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import connection, models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

BATCH = 2_000


def insert(rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows of one table; those without number get theirs from the database and do not learn it."""
    if not rows:
        return
    columns = [one for one in rows[0]._meta.concrete_fields if not _is_numbered_there(one, rows[0])]  # noqa: SLF001 -- Django's public-by-convention name
    names = [one.attname for one in columns]
    insert_values(type(rows[0]), names, ([getattr(row, name) for name in names] for row in rows))


def insert_values(table: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as values.

    Args:
        table: where.
        names: the attributes (`record_id`, not `record`) that the values are of; the others must have a default there.
        rows: values in that order.
    """
    meta = table._meta  # noqa: SLF001 -- Django's public-by-convention name
    by_name = {one.attname: one for one in meta.concrete_fields}
    columns = [by_name[name] for name in names]
    prepare = [(place, _preparing(one)) for place, one in enumerate(columns)]
    special = [(place, change) for place, change in prepare if change is not None]
    quoted = ", ".join(connection.ops.quote_name(str(one.column)) for one in columns)
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {connection.ops.quote_name(meta.db_table)} ({quoted}) VALUES ({marks})"  # noqa: S608 -- names of our own tables
    with connection.cursor() as cursor:
        batch: list[list[Any]] = []
        for row in rows:
            values = list(row)
            for place, change in special:
                values[place] = change(values[place])
            batch.append(values)
            if len(batch) == BATCH:
                cursor.executemany(statement, batch)
                batch = []
        if batch:
            cursor.executemany(statement, batch)


def numbers(table: type[models.Model], count: int) -> list[int]:
    """Return numbers that no row of the table has or had; whoever asks holds the pen."""
    if not count:
        return []
    name = table._meta.db_table  # noqa: SLF001 -- Django's public-by-convention name
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [name, count]
            )
            return sorted(int(one) for (one,) in cursor.fetchall())
        # The row that will be written with the last number moves the counter on.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [name])
        found = cursor.fetchone()
    start = int(found[0]) if found else 0
    return list(range(start + 1, start + count + 1))


def _is_numbered_there(column: models.Field[Any, Any], row: models.Model) -> bool:
    return isinstance(column, models.AutoField | models.BigAutoField) and row.pk is None


def _preparing(column: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    if isinstance(column, models.JSONField):
        if connection.vendor == "postgresql":
            return lambda value: column.get_db_prep_save(value, connection)
        return json.dumps
    if isinstance(column, models.DateField | models.BinaryField):  # a time is a day too
        return lambda value: column.get_db_prep_save(value, connection)
    return None
