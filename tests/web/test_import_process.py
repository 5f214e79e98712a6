"""The work of an import in a real process of its own, over a house of its own."""

from __future__ import annotations

import contextlib
import re
import shutil
import time
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from beffroi.federation.people import give
from beffroi.observatory.home import home_folder
from beffroi.records import models
from beffroi.records.settings import sqlite

PATIENCE_SECONDS = 150


@pytest.fixture
def operator(databases, client):
    """A browser of an operator over an empty registry that lies where a process finds it."""
    house = home_folder() / "registry.sqlite3"
    house.parent.mkdir(parents=True)
    shutil.copy(databases.folder / "first", house)
    connections.close_all()
    connections.settings = connections.configure_settings({"default": sqlite(house)})
    with contextlib.suppress(AttributeError):
        del connections["default"]
    cache.clear()
    user = User.objects.create_user("lou", "lou@example.org")
    give(user.pk, "operator", by="test", at=datetime(2026, 11, 1, tzinfo=UTC))
    client.force_login(user)
    return client


def wait(browser, address, words):
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        page = browser.get(address)
        text = re.sub(r"<[^>]+>|\s+", " ", page.content.decode().partition("<main")[2])
        if words in text:
            return text
        assert page.headers.get("Refresh") == "3", text
        time.sleep(0.3)
    raise AssertionError(text)


def test_the_pages_start_a_process_and_show_what_it_did(operator):
    file = SimpleUploadedFile("a.csv", b"Nom;CP\nAlpha;69001\nBeta;42000\n")
    given = {"file": file, "source": "Amont", "as_of": "2026-01-01", "kind": "list", "trust_rank": "100"}
    address = operator.post("/en/registry/import/", given).headers["Location"]

    operator.post(address, {"c0": "name", "c1": "postcode", "act": "columns"})
    wait(operator, address, "This is what would change")
    operator.post(address, {"act": "import"})
    done = wait(operator, address, "The list is taken in")

    number = int(re.search(r"event (\d+)", done)[1])
    assert models.Event.objects.get(pk=number).versions.get().source.name == "Amont"
