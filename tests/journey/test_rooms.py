"""Every room of the house, full of invented things: no page fails axe or scrolls sideways, on a desk and on a phone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
FILL = Path(__file__).parents[1] / "support" / "full_house.py"
PASSWORD = "quatre mots sans rapport"  # noqa: S105 -- of people invented for tests
PUBLIC = (
    "strategy/", "vision/", "factors/", "objectives/", "actions/", "projects/", "projects/project-1/", "stages/",
    "stages/stage-2/", "chain/", "cooperation/", "notes/", "notes/note-1/", "review/2026/", "bodies/", "bodies/body-3/",
    "meetings/", "meetings/meeting-1/", "seats/", "offices/", "money/", "votes/", "votes/{over}/", "votes/{over}/log/",
    "votes/{refused}/", "votes/{running}/", "ideas/", "ideas/1/", "registry/", "registry/?view=list",
    "registry/?view=map", "registry/organisation/{organisation}/", "registry/profile/", "registry/count/", "trades/",
    "privacy/",
)  # fmt: skip
ENGLISH = ("strategy/", "votes/{over}/", "bodies/", "seats/", "registry/?view=map")
SIGNED = {
    "office": ("strategy/new/project/", "strategy/edit/action-1/", "stages/new/", "government/", "ideas/1/desk/"),
    "reviewer": ("registry/review/",),
    "operator": ("registry/import/", "registry/roles/"),
    "election_officer": ("votes/new/election/", "votes/{running}/office/"),
    "representative": ("votes/{running}/", "registry/mine/"),
}
OF_LAYOUT = ("color-contrast", "target-size", "scrollable-region-focusable")
LEFT_IN_ENGLISH = re.compile(
    r"\b(?:the|this|with|members|organisation of|entered|approved|closed|opened)\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def rooms(site, home):
    """Addresses within the served house, once every room of it is full."""
    surroundings = {**os.environ, "BEFFROI_HOME": str(home)}
    made = subprocess.run([sys.executable, FILL], env=surroundings, check=True, capture_output=True, text=True)
    return site, json.loads(made.stdout)


def faults(page):
    """What is wrong with the page that is open, on a phone, then on a desk where only layout is new."""
    found = []
    for width, options in ((360, None), (1280, {"runOnly": list(OF_LAYOUT)})):
        page.set_viewport_size({"width": width, "height": 900})
        answer = Axe().run(page, options=options).response
        found += [(width, one["id"], one["nodes"][0]["html"][:160]) for one in answer["violations"]]
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [(width, "scrolls sideways", wide)] if wide > width else []
    return found


def walked(page, paths, origin, names):
    """What is wrong, by address."""
    wrong = {}
    for path in paths:
        address = path.format(**names)
        answer = page.goto(f"{origin}/{address}")
        found = faults(page) if answer.status == 200 else answer.status
        if found:
            wrong[address] = found
    return wrong


@pytest.mark.parametrize("paths", [[f"fr/{one}" for one in PUBLIC], [f"en/{one}" for one in ENGLISH]], ids=["fr", "en"])
def test_what_everybody_reads_passes_axe_and_fits(rooms, visit, paths):
    origin, names = rooms

    assert walked(visit("/fr/about/"), paths, origin, names) == {}


@pytest.mark.parametrize("role", SIGNED)
def test_desks_and_forms_pass_axe_and_fit(rooms, visit, role):
    origin, names = rooms
    page = visit("/fr/account/login/", width=360)
    page.fill("#id_login", f"{role}@example.org")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/fr/account/")

    assert walked(page, [f"fr/{one}" for one in SIGNED[role]], origin, names) == {}


def test_french_pages_speak_french(rooms, visit):
    origin, names = rooms
    page = visit("/fr/about/")

    for path in PUBLIC:
        page.goto(f"{origin}/fr/{path.format(**names)}")
        said = "\n".join(page.inner_text(one) for one in ("header", "main"))
        assert LEFT_IN_ENGLISH.findall(said.replace("English", "")) == [], path


def test_the_sections_stand_in_one_row_on_a_desk_and_in_columns_on_a_phone(rooms, visit):
    assert rooms
    rows = """() => new Set([...document.querySelectorAll('header nav li')]
        .map(one => Math.round(one.getBoundingClientRect().top))).size"""

    assert visit("/fr/strategy/").evaluate(rows) == 1
    assert visit("/fr/strategy/", width=360).evaluate(rows) == 4


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_newcomer_reads_in_two_minutes_what_the_cluster_wants_and_where_it_stands(rooms, visit, lang):
    assert rooms
    page = visit(f"/{lang}/strategy/")
    main = page.locator("main")

    assert len(main.inner_text().split()) <= 500  # two minutes at 250 words
    assert main.locator("table").count() >= 1  # figures beside what is aimed at
    page.get_by_role("link", name="Vision", exact=True).first.click()
    page.wait_for_url(f"**/{lang}/vision/")
    page.get_by_role("link", name="Votes", exact=True).first.click()
    page.wait_for_url(f"**/{lang}/votes/")
    assert page.locator("main table").count() >= 1
