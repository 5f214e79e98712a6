"""S45, check 5: a database made by the first release is brought up to date with nothing lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from django.core.management import call_command
from django.db import connections

from beffroi.charter import entries
from beffroi.federation import audit, log
from beffroi.federation.derive import rebuild
from beffroi.records import models
from beffroi.records.accounts import AuditEntry, Mandate
from beffroi.records.settings import sqlite

# Written by the program as it was on 22 November 2026: two lists, two organisations joined twice, one reviewer.
FIRST = Path(__file__).parent / "fixtures" / "first_release.sql"
KEPT = ("records_event", "records_judgement", "records_auditentry", "records_recordversion", "records_mandate")


def rows(path, columns=None):
    with closing(sqlite3.connect(path)) as database:
        found = {}
        for name in KEPT:
            wanted = ", ".join(f'"{one}"' for one in columns[name]) if columns else "*"
            cursor = database.execute(f"SELECT {wanted} FROM {name} ORDER BY 1")
            found[name] = [one[0] for one in cursor.description], cursor.fetchall()
    return found


def test_s45_5_a_database_of_the_first_release_is_migrated_whole(tmp_path, opened):
    path = tmp_path / "registry.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(FIRST.read_text("utf-8"))
    before = rows(path)
    opened(sqlite(path))
    call_command("migrate", verbosity=0)
    assert (log.broken(), audit.broken(), entries.broken()) == ([], [], [])
    assert (models.Event.objects.count(), Mandate.objects.count(), AuditEntry.objects.count()) == (4, 1, 1)
    readings = sorted(models.Organisation.objects.values_list("id", "name", "values"), key=repr)
    rebuild()
    assert sorted(models.Organisation.objects.values_list("id", "name", "values"), key=repr) == readings
    assert len(readings) == 2
    connections.close_all()
    assert rows(path, {name: columns for name, (columns, _rows) in before.items()}) == before
