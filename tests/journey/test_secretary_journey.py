"""A territorial secretary at her desk: she prepares and convenes her meeting, and never sees her neighbour's drafts."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
PASSWORD = "quatre mots sans rapport"  # noqa: S105 -- of a person invented for this test
PATIENCE_SECONDS = 300
OWN, OTHER = "meeting-4", "meeting-5"
PUBLIC = ("bodies/", "bodies/body-3/", "meetings/", "meetings/meeting-1/", "seats/?from=growth-2015&least_women=16",
          "money/", "offices/", "offices/office-1/", "government/decision/")  # fmt: skip
HERS = ("government/", "meetings/meeting-4/", "government/meeting/meeting-4/edit/", "money/import/")


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The address of a house with the invented government and the secretary of its first territory."""
    home = tmp_path_factory.mktemp("government")
    surroundings = {**os.environ, "BEFFROI_HOME": str(home)}
    run = [sys.executable, "-m", "beffroi"]
    subprocess.run([*run, "bodies", "demo"], env=surroundings, check=True, capture_output=True)
    add = [*run, "account", "add", "sacha@example.org", "--name", "Sacha"]
    subprocess.run(add, env=surroundings, check=True, capture_output=True, input=PASSWORD + "\n", text=True)
    role = [*run, "account", "role", "sacha@example.org", "--give", "secretary:territory-1"]
    subprocess.run(role, env=surroundings, check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serve = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    serve.append("beffroi.web.wsgi:application")
    with subprocess.Popen(serve, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        _wait(f"http://127.0.0.1:{port}/en/bodies/", server)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def _wait(address, server):
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=30):  # noqa: S310 -- loopback, made above
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    pytest.fail(f"nothing answers at {address}")


@pytest.fixture
def desk(chromium, house):
    """The secretary signed in; fail on a request to anyone else and on anything the content policy blocks."""
    faults = []
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=True)
    page = context.new_page()
    page.on("request", lambda one: None if one.url.startswith((house, "data:")) else faults.append(one.url))
    page.on("console", lambda one: faults.append(one.text) if "Content Security" in one.text else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{house}/en/account/login/")
    page.fill("#id_login", "sacha@example.org")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/account/")
    yield page
    context.close()
    assert faults == []


def test_s23_3_a_secretary_works_in_her_territory_and_cannot_see_her_neighbour_s_drafts(desk, house):
    desk.goto(f"{house}/en/bodies/")
    desk.click("text=My desk")
    main = desk.inner_text("main")
    assert "Comité de Lyon, en préparation" in main
    assert "Comité de la Loire, en préparation" not in main
    assert desk.goto(f"{house}/en/meetings/{OTHER}/").status == 404
    assert desk.goto(f"{house}/en/government/meeting/{OTHER}/edit/").status == 404
    assert "Comité de la Loire" not in desk.inner_text("main")

    desk.goto(f"{house}/en/meetings/{OWN}/")
    assert "In preparation." in desk.inner_text("main")
    desk.click("text=Edit")
    desk.fill("#f-place", "Gare imaginaire")
    desk.click("button:has-text('Save')")
    assert "Gare imaginaire" in desk.inner_text("main")
    desk.click("button:has-text('Convene the meeting')")
    shown = desk.inner_text("main")
    assert "In preparation." not in shown
    assert "Convened on" in shown
    # The Loire committee has a page, and no form of hers leads there.
    desk.goto(f"{house}/en/bodies/body-6/")
    assert "For officers" not in desk.inner_text("main")
    desk.goto(f"{house}/en/government/minutes/new/")
    assert "Comité de la Loire" not in desk.content()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_pages_of_government_break_no_accessibility_rule_and_fit_a_small_screen(desk, house, lang):
    for number, path in enumerate((*PUBLIC, *HERS)):
        desk.set_viewport_size({"width": 360, "height": 800})
        desk.goto(f"{house}/{lang}/{path}")
        wide = desk.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, (path, wide)
        if (number % 2 == 0) == (lang == "fr"):  # each page in one language: the markup is the same in the other
            continue
        found = Axe().run(desk)
        assert found.violations_count == 0, (path, found.generate_report())
    assert re.search(r"Gouvernance|Government", desk.inner_text("nav"))
