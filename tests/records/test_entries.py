"""The database itself refuses to change an entry, and the log shows what somebody changed all the same."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from beffroi.federation import log
from beffroi.federation.judgement import close_task, merge, override, split, verify
from beffroi.federation.renewals import fingerprint, memberships, renew
from beffroi.federation.requests import answer, edit, requests
from beffroi.federation.review import queue
from beffroi.federation.taxonomy import decide_trade
from beffroi.records import models

ROW = ("Alpha", "732829320", "69001", "alpha.fr")
COLUMNS = ("name", "siren", "postcode", "website", "state")


@pytest.fixture
def full(registry):
    """At least one row in every table of entries."""
    registry.take("A", [("Beta", "", "69001", "")])
    registry.take("B", [ROW])
    registry.take("Register", [(*ROW, "A")], columns=COLUMNS, kind="register")
    registry.take("Register", [(*ROW, "C")], columns=COLUMNS, kind="register", as_of=date(2026, 2, 1))
    [case] = queue()
    close_task(int(case.id[1:]), "noted", act=registry.act())
    address = registry.home("A", "Beta")
    merge(address, registry.home("B", "Alpha"), act=registry.act("merge"))
    split(address, [registry.record("A", "Beta")], act=registry.act("split"))
    override(address, "website", "x.fr", act=registry.act("override"))
    verify(address, on=date(2026, 3, 1), against="telephone", act=registry.act("verify"))
    edit(address, {"name": "Beta et fils"}, account=7, act=registry.act("edit"))
    answer(requests()[0].id, is_accepted=True, act=registry.act("answer"))
    lines = memberships([address])
    renew(lines, until=date(2027, 1, 1), seen=fingerprint(lines), act=registry.act("renew"))
    decide_trade(address, "digital", "software_publishing", is_accepted=True, is_main=True, act=registry.act("trade"))
    return registry


def test_no_entry_can_be_changed_or_deleted(full):
    for table in models.ENTRIES:
        name = table._meta.db_table
        assert table.objects.exists(), name
        column = table._meta.pk.column
        for statement in (f"UPDATE {name} SET {column} = {column}", f"DELETE FROM {name}"):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                connection.cursor().execute(statement)


def test_a_whole_table_cannot_be_emptied_at_once(full):
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL knows TRUNCATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute("TRUNCATE records_event CASCADE")


def test_the_tables_are_those_that_the_models_describe(registry):
    # Ends the process, and so fails, as soon as a migration is missing.
    call_command("makemigrations", "records", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize(
    ("table", "change", "problem"),
    [
        ("records_event", "author = 'Nobody' WHERE id = 2", "the event was changed"),
        ("records_judgement", "sentence = 'x' WHERE id = 1", "its entries were changed"),
        ("records_override", "value = 'y.fr'", "its entries were changed"),
        ("records_recordversion", "raw = '{}' WHERE id = 1", "a file or its rows were changed"),
        ("records_blob", "content = ''", "a file or its rows were changed"),
    ],
)
def test_a_change_behind_the_back_of_the_program_is_found(full, table, change, problem):
    assert log.broken() == []

    unguard(table)
    change = change.replace("content = ''", "content = x''") if connection.vendor == "sqlite" else change
    connection.cursor().execute(f"UPDATE {table} SET {change}")

    assert problem in {one.problem for one in log.broken()}


def test_an_event_cut_off_the_end_is_found(full):
    last = models.Event.objects.latest("id").id
    for table in ("records_tradedecision", "records_event"):
        unguard(table)
    models.TradeDecision.objects.all().delete()
    connection.cursor().execute(f"DELETE FROM records_event WHERE id = {last}")

    assert [one.problem for one in log.broken()] == ["events at the end are missing"]


def unguard(table):
    cursor = connection.cursor()
    if connection.vendor == "postgresql":
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    else:
        cursor.execute(f"DROP TRIGGER {table}_no_update")
        cursor.execute(f"DROP TRIGGER {table}_no_delete")
