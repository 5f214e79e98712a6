"""The work of an import in a real process of its own, over a house of its own."""

from __future__ import annotations

import importlib.util
import re
import shutil
import time
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections

from beffroi.observatory.home import home_folder
from beffroi.records import models

PATIENCE_SECONDS = 120
_spec = importlib.util.spec_from_file_location("site_for_process", Path(__file__).with_name("site.py"))
site = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(site)


def wait(browser, address, words):
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        page = browser.get(address)
        text = page.content.decode()
        if words in text:
            return text
        assert page.headers.get("Refresh") == "3", text
        time.sleep(0.3)
    raise AssertionError(text)


def test_the_pages_start_a_process_and_show_what_it_did(people):
    browser = people("operator")
    house = home_folder() / "registry.sqlite3"
    house.parent.mkdir(parents=True, exist_ok=True)
    here = connection.settings_dict["NAME"]
    connections.close_all()  # so that nothing of it lies beside the file
    shutil.copy(here, house)
    site.point_to(site.sqlite(house))
    file = SimpleUploadedFile("a.csv", b"Nom;CP\nAlpha;69001\nBeta;42000\n")
    given = {"file": file, "source": "Amont", "as_of": "2026-01-01", "kind": "list", "trust_rank": "100"}
    address = browser.post("/en/registry/import/", given).headers["Location"]

    browser.post(address, {"c0": "name", "c1": "postcode", "act": "columns"})
    wait(browser, address, "This is what would change")
    browser.post(address, {"act": "import"})
    done = wait(browser, address, "The list is taken in")

    number = int(re.search(r"event (\d+)", done)[1])
    assert models.Event.objects.get(pk=number).versions.get().source.name == "Amont"
