"""An anonymous idea in a real browser: asked, posted, read, answered; and its pages, by keyboard and by axe."""

from __future__ import annotations

import re
import sqlite3
from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
SECRET = "Ouvrir les comptes de la maison"  # noqa: S105 -- words of an invented person


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("ideas")


@pytest.fixture(scope="module")
def house(home, open_house):
    """The address of a house with an office, a member and a data protection contact, and nothing else."""
    made = open_house(home)
    made.add("office", "office")
    made.add("member")
    made.add("contact", "data_protection")
    with made.served("/en/ideas/") as address:
        yield address


@pytest.fixture(scope="module")
def enter(browse, house):
    """A browser for each person, signed in once."""
    with browse(house) as entered:
        yield cache(lambda name, lang="fr", *, width=1280: entered(name, lang, width=width))


@pytest.fixture(scope="module")
def campaign(enter, house):
    """The office asks a question without names, by the form."""
    page = enter("office")
    page.goto(f"{house}/fr/ideas/")
    assert "Rien encore" in page.inner_text("main")
    page.click("a[href$='/ideas/new/']")
    page.fill("#question_fr", "Que ne peut-on pas dire ?")
    page.fill("#question_en", "What cannot be said?")
    page.select_option("#names", "anonymous")
    page.fill("#groups", "Amont\nAval")
    page.click("main form button")
    page.wait_for_url(re.compile(r"/fr/ideas/\d+/$"))
    return page.url.removeprefix(f"{house}/fr")


def press(page, what):
    with page.expect_navigation():
        page.click(what)


def test_an_idea_without_a_name_goes_all_the_way_and_leaves_no_trace(enter, house, campaign, home):
    member, office = enter("member"), enter("office")
    addresses = []
    for number in range(5):
        member.goto(f"{house}/fr{campaign}post/")
        member.focus("#title")
        member.keyboard.type(SECRET if number == 0 else f"Autre idée {number}")
        member.keyboard.press("Tab")
        member.keyboard.type("Pour que chacun voie.")
        member.focus("main form.stack button")
        member.keyboard.press("Enter")
        member.wait_for_url("**?new=1")
        addresses.append(member.url.removesuffix("?new=1"))
    text = member.inner_text("main")
    assert "Gardez cette adresse" in text
    assert addresses[-1] in text

    for _ in range(5):
        office.goto(f"{house}/fr{campaign}desk/")
        press(office, "button[value=published]")
    visitor = enter("")
    visitor.goto(f"{house}/fr{campaign}")
    assert SECRET in visitor.inner_text("main")
    for one in addresses:
        office.goto(f"{house}/fr{campaign}desk/")
        form = f"form[action$='{one.removeprefix(house)}answer/']"
        office.fill(f"{form} textarea", "Oui, dès le printemps.")
        press(office, f"{form} button[value=accepted]")
    office.goto(f"{house}/fr{campaign}desk/")
    press(office, "form[action$='/close/'] button")
    visitor.goto(addresses[0])
    assert "Oui, dès le printemps." in visitor.inner_text("main")

    keys = [one.rstrip("/").rsplit("/", 1)[1] for one in addresses]
    with sqlite3.connect(home / "registry.sqlite3") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        held = {name: repr(database.execute(f'SELECT * FROM "{name}"').fetchall()) for name in tables}  # noqa: S608 -- our own tables
    assert {name for name, rows in held.items() if SECRET in rows} == {"records_anonymousidea"}
    assert {name for name, rows in held.items() if any(key in rows for key in keys)} <= {
        "records_anonymousidea", "records_ideamoderation", "records_ideaanswer", "sqlite_sequence",
    }  # fmt: skip
    assert "'contributed', ''" in held["records_auditentry"]
    assert "/ideas/" not in held["records_auditentry"]


def test_a_guest_and_a_member_see_what_is_for_them(enter, house, campaign):
    visitor = enter("")
    visitor.goto(f"{house}/en{campaign}")
    assert "What cannot be said?" in visitor.inner_text("h1")
    assert visitor.goto(f"{house}/en{campaign}desk/").status == 404


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(enter, house, campaign, lang, width):
    paths = {
        "": ["/ideas/", campaign, "/privacy/"],
        "member": ["/account/", "/account/data/", "/account/second-factor/"],
        "office": ["/ideas/new/", f"{campaign}desk/", f"{campaign}join/"],
        "contact": ["/account/requests/", "/account/log/", "/account/log/?check=1"],
    }
    for name, each in paths.items():
        page = enter(name, width=width)
        for path in each:
            page.goto(f"{house}/{lang}{path}")
            result = Axe().run(page)
            found = [(one["id"], one["nodes"][0]["html"][:200]) for one in result.response["violations"]]
            assert found == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
