"""What is held about a person, its export, its erasure, its end by age, and requests, on every engine."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction

from beffroi.cli.main import main
from beffroi.federation import audit, chains, data_requests, people, retention, second_factor
from beffroi.federation.erase import erase, is_erased
from beffroi.federation.person_export import everything, sessions_of
from beffroi.records import models
from beffroi.records.accounts import AuditEntry
from beffroi.records.privacy import DataDecision, DataRequest, SecondFactor
from beffroi.vocabulary.errors import UsageError

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
COLUMNS = ("name", "siren", "email", "first_name", "last_name", "phone")
ROWS = [("Alpha", "732829320", "ada@example.org", "Ada", "Martin", "0102030405"),
        ("Beta", "443061841", "bob@example.org", "Bob", "Durand", "")]  # fmt: skip


@pytest.fixture
def ada(registry):
    user = User.objects.create_user("ada@example.org", "ada@example.org", "quatre mots sans rapport", first_name="Ada")
    people.give(user.pk, "reviewer", by="test", at=AT)
    registry.take("L", ROWS, columns=COLUMNS)
    sessions = import_module(settings.SESSION_ENGINE).SessionStore()
    sessions["_auth_user_id"] = str(user.pk)
    sessions.create()
    second_factor.begin(user.pk, at=AT)
    return user


def whole_database():
    """Every value of every table, as text."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = repr(cursor.fetchall())
    return found


def test_an_export_holds_every_table_that_knows_the_person_and_no_secret(ada):
    found = everything(ada.pk, at=AT)

    text = json.dumps(found, ensure_ascii=False)
    assert {"auth.User", "records.Mandate", "records.AuditEntry", "records.RecordVersion", "records.Organisation",
            "sessions.Session", "records.SecondFactor"} <= set(found["tables"])  # fmt: skip
    assert found["tables"]["records.RecordVersion"]["rows"][0]["fields"]["last_name"] == "Martin"
    assert "Durand" not in text
    assert User.objects.get(pk=ada.pk).password not in text
    assert SecondFactor.objects.get().salt not in text
    assert found["activities"]["accounts"]["retention"]["fr"].startswith("Trois ans")


def test_an_erased_account_is_a_number_and_the_logs_still_hold(ada):
    second_factor.forget(ada.pk, at=AT, by="test")
    gone = erase(ada.pk, by="account 9", at=AT, reason="request 1")

    assert (gone.sessions, gone.roles) == (1, 1)
    assert [field for _, field in gone.contacts] == ["first_name", "last_name", "email", "phone"]
    assert is_erased(ada.pk)
    assert sessions_of(ada.pk) == []
    assert people.held_by(ada.pk, AT.date()) == ()
    assert {name: len(breaks) for name, (_, breaks) in chains.verify().items()} == dict.fromkeys(chains.CHAINS, 0)
    # Her name is left where the sealed history of the list has it, and nowhere else.
    left = {table for table, text in whole_database().items() if "ada@example.org" in text or "Martin" in text}
    assert left <= {"records_recordversion", "records_blob", "records_sourcerecord", "records_event"}
    assert "Durand" in str(models.Organisation.objects.get(name="Beta").values)
    with pytest.raises(UsageError, match="erased already"):
        erase(ada.pk, by="account 9", at=AT, reason="again")


def test_a_contact_that_was_erased_stays_away_when_the_list_comes_again(ada, registry):
    erase(ada.pk, by="account 9", at=AT, reason="request 1")
    registry.take("L", [*ROWS[:1], ("Gamma", "552081317", "", "", "", "")], columns=COLUMNS)

    assert "Martin" not in str(models.Organisation.objects.get(name="Alpha").values)


def test_a_person_asks_once_and_the_answer_has_a_reason(ada):
    number = data_requests.ask(ada.pk, "erasure", text=" I leave ", at=AT)
    with pytest.raises(UsageError, match="already"):
        data_requests.ask(ada.pk, "erasure", text="", at=AT)
    for kind, text in (("correction", "  "), ("gift", "x")):
        with pytest.raises(UsageError):
            data_requests.ask(ada.pk, kind, text=text, at=AT)
    for outcome, reason in (("granted", " "), ("perhaps", "x")):
        with pytest.raises(UsageError):
            data_requests.decide(number, outcome, reason=reason, by="account 9", at=AT)

    data_requests.decide(number, "refused", reason="a vote is open", by="account 9", at=AT)
    assert not is_erased(ada.pk)
    again = data_requests.ask(ada.pk, "erasure", text="", at=AT)
    data_requests.decide(again, "granted", reason="the vote is over", by="account 9", at=AT)

    assert is_erased(ada.pk)
    with pytest.raises(UsageError, match="answered already"):
        data_requests.decide(again, "refused", reason="no", by="account 9", at=AT)
    acts = list(AuditEntry.objects.order_by("id").values_list("act", flat=True))
    assert acts[-5:] == ["data_decided", "data_requested", "data_decided", "role_ended", "account_erased"]


@pytest.mark.parametrize("table", [DataRequest, DataDecision])
def test_requests_and_answers_are_never_changed(ada, table):
    number = data_requests.ask(ada.pk, "correction", text="x", at=AT)
    data_requests.decide(number, "granted", reason="y", by="account 9", at=AT)

    for change in (lambda: table.objects.update(at=AT + timedelta(days=1)), table.objects.all().delete):
        with pytest.raises(DatabaseError, match=r"append-only|protected"), transaction.atomic():
            change()


def test_what_is_kept_no_longer_is_listed_first_and_goes_only_when_told(ada, registry, home, capsys):
    idle = User.objects.create_user("old@example.org", "old@example.org", "quatre mots sans rapport")
    User.objects.filter(pk=idle.pk).update(date_joined=AT - timedelta(days=1200))
    recent = User.objects.create_user("new@example.org", "new@example.org", "quatre mots sans rapport")
    before = whole_database()

    listed = retention.due(at=AT + timedelta(days=2))
    assert main(["account", "retention", "--dry-run", "--format", "json"]) == 0
    assert whole_database() == before
    assert (f"{idle.pk}", "made anonymous") in {(one.key, one.act) for one in listed}
    assert all(one.why for one in listed)
    assert "never signed in since" in capsys.readouterr().out

    assert retention.apply(at=AT + timedelta(days=2)) == listed
    assert (is_erased(idle.pk), is_erased(recent.pk), is_erased(ada.pk)) == (True, False, False)
    assert not SecondFactor.objects.exists()
    assert retention.due(at=AT + timedelta(days=2)) == []


def test_the_command_checks_every_log_and_names_each_break(ada, home, capsys):
    assert main(["account", "verify", "--format", "json"]) == 0
    assert {one["log"]: one["breaks"] for one in json.loads(capsys.readouterr().out)} == dict.fromkeys(chains.CHAINS, 0)

    last = AuditEntry.objects.latest("id")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER records_auditentry_no_update")
            cursor.execute("DROP TRIGGER records_event_no_update")
        else:
            cursor.execute("ALTER TABLE records_auditentry DISABLE TRIGGER ALL")
            cursor.execute("ALTER TABLE records_event DISABLE TRIGGER ALL")
    AuditEntry.objects.filter(pk=last.pk).update(path="/forged")
    models.Event.objects.filter(pk=1).update(author="somebody else")

    assert main(["account", "verify"]) == 1
    said = capsys.readouterr()
    assert f"log 'door', entry {last.pk}: the entry was changed" in said.err
    assert "log 'registry', entry 1: the event was changed" in said.err


def test_the_commands_export_and_erase_and_take_a_second_factor_away(ada, home, tmp_path, capsys):
    file = tmp_path / "ada.json"

    assert main(["account", "export", "ada@example.org"]) == 0
    assert json.loads(capsys.readouterr().out)["account"] == ada.pk
    assert main(["account", "export", "Ada@example.org", "--output", str(file)]) == 0
    assert json.loads(file.read_text("utf-8"))["tables"]["auth.User"]["rows"][0]["email"] == "ada@example.org"
    assert main(["account", "export", "ada@example.org", "--output", str(file)]) == 2
    assert main(["account", "export", "ada@example.org", "--output", str(tmp_path / "no" / "a.json")]) == 2
    assert main(["account", "second-factor", "ada@example.org"]) == 0
    assert main(["account", "second-factor", "ada@example.org", "--reset"]) == 0
    assert "taken away" in capsys.readouterr().out
    assert main(["account", "erase", "ada@example.org", "--reason", "asked by letter"]) == 0
    assert main(["account", "export", "ada@example.org"]) == 2
    assert audit.broken() == []
