"""Pages about personal data: the register for everybody, one's own, requests, the door's log."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.contrib.auth.models import User
from django.db import connection

from beffroi.federation.erase import is_erased
from beffroi.federation.personal_data import register
from beffroi.records.accounts import AuditEntry
from beffroi.records.privacy import DataRequest


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_everybody_reads_the_register_and_it_needs_no_database(client, read, lang):
    def forbidden(*_):
        raise AssertionError("the register of processing asked the database")

    with connection.execute_wrapper(forbidden):
        page = read(client.get(f"/{lang}/privacy/"))
        lines = list(csv.DictReader(io.StringIO(client.get(f"/{lang}/privacy/register.csv").content.decode())))

    for one in register().activities.values():
        assert one.name.say(lang) in page.text
        assert one.retention.say(lang) in page.text
    fields = {(one.table, field) for one in register().tables.values() for field in one.fields}
    assert {(one["table"], one["field"]) for one in lines} == fields
    assert all(one["purpose"] and one["basis"] and one["retention"] for one in lines)


def test_a_person_reads_and_takes_away_all_that_is_held_about_her(people):
    browser = people("reviewer")
    page = browser.get("/fr/account/data/").content.decode()
    found = json.loads(browser.get("/fr/account/data.json").content)

    assert "reviewer@example.org" in page
    assert "representative@example.org" not in page
    assert found["tables"]["auth.User"]["rows"][0]["email"] == "reviewer@example.org"
    assert "password" in found["tables"]["auth.User"]["withheld"]
    assert "pbkdf2" not in json.dumps(found) + page


def test_a_person_asks_the_contact_decides_and_the_account_is_gone(people):
    browser, contact = people("representative"), people("data_protection")
    account = User.objects.get(email="representative@example.org").pk

    assert browser.post("/fr/account/data/", {"kind": "correction", "text": ""}).status_code == 409
    assert browser.post("/fr/account/data/", {"kind": "erasure", "text": "<b>je pars</b>"}).status_code == 302
    shown = contact.get("/fr/account/requests/?state=open").content.decode()
    number = DataRequest.objects.get().pk
    assert "&lt;b&gt;je pars" in shown
    assert contact.post("/fr/account/requests/", {"request": number, "outcome": "granted"}).status_code == 409
    assert (
        browser.post("/fr/account/requests/", {"request": number, "outcome": "granted", "reason": "x"}).status_code
        == 404
    )
    answer = {"request": number, "outcome": "granted", "reason": "rien ne s’y oppose"}
    assert contact.post("/fr/account/requests/", answer).status_code == 302

    assert is_erased(account)
    assert browser.get("/fr/account/").status_code == 404
    assert "rien ne s’y oppose" in contact.get("/fr/account/requests/?state=answered").content.decode()
    rows = list(csv.DictReader(io.StringIO(contact.get("/fr/account/requests.csv").content.decode())))
    assert [(one["account"], one["outcome"]) for one in rows] == [(str(account), "granted")]


def test_a_refused_request_is_read_by_the_person(people):
    browser, contact = people("registered"), people("data_protection")
    browser.post("/en/account/data/", {"kind": "correction", "text": "My name is Ada"})
    number = DataRequest.objects.get().pk
    contact.post("/en/account/requests/", {"request": number, "outcome": "refused", "reason": "it is so already"})

    assert "it is so already" in browser.get("/en/account/data/").content.decode()


def test_the_door_s_log_is_filtered_by_its_address_and_exported(people):
    stranger, watch = people("stranger"), people("operator")
    stranger.get("/fr/registry/review/")
    account = User.objects.get(email="stranger@example.org").pk

    rows = {
        tail: list(csv.DictReader(io.StringIO(watch.get(f"/en/account/log.csv{tail}").content.decode())))
        for tail in ("", "?act=refused", f"?account={account}", "?until=2020-01-01", "?account=x", "?since=nonsense")
    }
    assert {one["act"] for one in rows["?act=refused"]} == {"refused"}
    assert {one["account"] for one in rows[f"?account={account}"]} == {str(account)}
    assert rows["?until=2020-01-01"] == rows["?account=x"] == []
    assert len(rows[""]) == len(rows["?since=nonsense"]) == AuditEntry.objects.count()
    page = watch.get("/en/account/log/?act=refused&check=1").content.decode()
    assert "/fr/registry/review/" in page
    assert "unbroken" in page
    assert "No entry fits" in watch.get("/en/account/log/?until=2020-01-01").content.decode()


def test_a_broken_log_is_shown(people):
    watch = people("operator")
    watch.get("/fr/registry/review/")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER records_auditentry_no_update")
    last = AuditEntry.objects.latest("id")
    AuditEntry.objects.filter(pk=last.pk).update(path="/y")

    page = watch.get("/en/account/log/?check=1").content.decode()

    assert "the entry was changed" in page


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_pages_about_data_are_well_formed(people, read, lang):
    asker = people("registered")
    asker.post(f"/{lang}/account/data/", {"kind": "erasure", "text": ""})
    again = asker.post(f"/{lang}/account/data/", {"kind": "erasure", "text": ""})
    contact = people("data_protection")
    paths = ("privacy/", "account/", "account/data/", "account/requests/", "account/log/", "account/log/?check=1")
    pages = [again, *(contact.get(f"/{lang}/{path}") for path in paths)]
    for one in pages:
        page = read(one)
        assert page.faults == []
        assert len(page.ids) == len(set(page.ids))
        assert set(page.refers) <= set(page.ids)
        assert page.headings.count(1) == 1
