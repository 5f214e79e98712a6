"""Let the database refuse any change of an entry, whoever asks: program, console or another tool.

SQLite loses its triggers when a later migration remakes a table: such a migration runs `guard` again at its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_FUNCTION = """
CREATE OR REPLACE FUNCTION records_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def guard(editor: BaseDatabaseSchemaEditor, tables: Iterable[str]) -> None:
    """Refuse UPDATE and DELETE (and TRUNCATE where there is one) on these tables."""
    if editor.connection.vendor == "postgresql":
        editor.execute(_FUNCTION, None)  # None: its percent sign is no parameter
    for table in tables:
        for statement in _statements(editor.connection.vendor, table):
            editor.execute(statement, None)


def _statements(vendor: str, table: str) -> tuple[str, ...]:
    if vendor == "postgresql":
        each, whole = (f"FOR EACH {one} EXECUTE FUNCTION records_refuse()" for one in ("ROW", "STATEMENT"))
        return (
            f"CREATE OR REPLACE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} {each}",
            f"CREATE OR REPLACE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table} {whole}",
        )
    refusal = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return tuple(
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act.lower()} BEFORE {act} ON {table} {refusal}"
        for act in ("UPDATE", "DELETE")
    )
