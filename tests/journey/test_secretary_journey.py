"""A territorial secretary at her desk: she prepares and convenes her meeting, and never sees her neighbour's drafts."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
OWN, OTHER = "meeting-4", "meeting-5"
PUBLIC = ("bodies/", "bodies/body-3/", "meetings/", "meetings/meeting-1/", "seats/?from=growth-2015&least_women=16",
          "money/", "offices/", "offices/office-1/", "government/decision/")  # fmt: skip
HERS = ("government/", "meetings/meeting-4/", "government/meeting/meeting-4/edit/", "money/import/")


@pytest.fixture(scope="module")
def house(tmp_path_factory, open_house):
    """The address of a house with the invented government and the secretary of its first territory."""
    made = open_house(tmp_path_factory.mktemp("government"))
    made.run("bodies", "demo")
    made.add("sacha")
    made.run("account", "role", "sacha@example.org", "--give", "secretary:territory-1")
    with made.served("/en/bodies/") as address:
        yield address


@pytest.fixture
def desk(browse, house):
    """A browser in which the secretary has signed in."""
    with browse(house) as entered:
        yield entered("sacha")


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
