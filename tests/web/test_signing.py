"""Editors and validators at their desk, and what everybody reads of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from beffroi.observatory.home import Home, home_folder
from beffroi.observatory.signatures import read_signatures
from beffroi.records.accounts import AuditEntry
from beffroi.web import access

DESK = "/fr/account/editions/2026-1/"


class SignedShelf:
    """The made-up editions, with what is signed in this test's home."""

    def __init__(self, shelf):
        self.editions, self._open = shelf.editions, shelf.open

    def open(self, edition_id):
        one = self._open(edition_id)
        return replace(one, signatures=read_signatures(Home(home_folder()), one.id))


@pytest.fixture
def desk(people, shelf):
    home = Home(home_folder())
    for one in (shelf.open(key) for key in shelf.editions()):
        home.edition(one.id).mkdir(parents=True)
        manifest = {"id": one.id, "built_on": one.built_on, "version": one.version, "index": "x", "first_year": 2012,
                    "last_year": 2020, "digest": one.digest, "tables": {}, "definitions": {}, "files": {}}  # fmt: skip
        (home.edition(one.id) / "manifest.json").write_text(json.dumps(manifest))
    access.use(SignedShelf(shelf))
    return people


def test_two_persons_validate_an_edition_and_every_page_says_it(desk, client, read):
    before = read(client.get("/fr/regions/"))
    assert "non validée" in before.text
    assert "/fr/editions/#e-2026-1" in before.links

    editor, validator = desk("editor"), desk("validator")
    sent = editor.post(DESK, {"act": "submitted", "fr": "Relu <b>deux</b> fois.", "en": ""})
    assert (sent.status_code, sent.headers["Location"]) == (302, DESK)
    assert "soumise le" in read(client.get("/fr/")).text
    assert validator.post(DESK, {"act": "validated"}).status_code == 302

    listed = read(client.get("/en/editions/"))
    assert "validated by the validator, account" in listed.text
    assert "Relu <b>deux</b> fois." in listed.text
    assert "non validée" not in read(client.get("/fr/regions/")).text
    assert "non validée" in read(client.get("/fr/edition/2025-1/regions/")).text
    rows = {one["id"]: one for one in client.get("/api/v1/editions").json()["rows"]}
    assert rows["2026-1"]["validation"] == "validated"
    assert rows["2025-1"] | {"validation": "not_validated", "signed_on": None} == rows["2025-1"]
    assert [one.detail["act"] for one in AuditEntry.objects.filter(act="edition_signed").order_by("id")] == [
        "submitted", "validated"]  # fmt: skip


def test_the_editor_cannot_validate_nor_the_validator_hand_in(desk):
    editor, validator = desk("editor"), desk("validator")

    assert validator.post(DESK, {"act": "submitted", "fr": "x"}).status_code == 404
    assert editor.post(DESK, {"act": "submitted", "fr": "x"}).status_code == 302
    for act in ("validated", "sent_back"):
        assert editor.post(DESK, {"act": act, "fr": "x"}).status_code == 404
    assert len(read_signatures(Home(home_folder()), "2026-1")) == 1


def test_what_is_refused_is_told_in_the_reader_s_language_and_nothing_typed_is_lost(desk, read):
    editor, validator = desk("editor"), desk("validator")

    empty = editor.post(DESK, {"act": "submitted", "fr": " ", "en": ""})
    assert empty.status_code == 409
    assert "Dites ce que vous avez vu" in read(empty).text
    assert "Choose one" in read(editor.post(DESK.replace("fr", "en", 1), {"act": "burned"})).text
    editor.post(DESK, {"act": "submitted", "fr": "Relu."})
    page = read(validator.get(DESK))
    assert page.faults == []
    assert "La renvoyer" in page.text
    assert "Soumettre à validation" not in page.text
    bare = validator.post(DESK, {"act": "sent_back", "fr": "", "en": ""})
    assert bare.status_code == 409
    assert validator.post(DESK, {"act": "sent_back", "fr": "", "en": "FRK is missing."}).status_code == 302
    again = editor.get(DESK)
    assert 'lang="en">FRK is missing.' in again.content.decode()
    assert "Soumettre à validation" in read(again).text


def test_a_person_with_both_roles_is_told_that_another_must_validate(desk, read):
    from datetime import UTC, datetime  # noqa: PLC0415 -- here alone

    from django.contrib.auth.models import User  # noqa: PLC0415 -- after Django is ready

    from beffroi.federation.people import give  # noqa: PLC0415 -- as above

    editor = desk("editor")
    give(User.objects.get(email="editor@example.org").pk, "validator", by="test", at=datetime.now(UTC))
    editor.post(DESK, {"act": "submitted", "fr": "x"})

    assert "Une autre personne doit la valider" in read(editor.get(DESK)).text
    refused = editor.post(DESK, {"act": "validated"})
    assert (refused.status_code, "une autre personne" in read(refused).text) == (409, True)
