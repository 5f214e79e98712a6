"""A reviewer at the registry, by keyboard, over the invented cluster."""

from __future__ import annotations

import re
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(tmp_path_factory, open_house):
    """The address of a house with the invented cluster and one reviewer, without an edition."""
    made = open_house(tmp_path_factory.mktemp("registry"))
    made.run("members", "demo")
    made.add("camille", "reviewer")
    with made.served() as address:
        yield address


@pytest.fixture
def enter(browse, house):
    """Sign the reviewer in."""
    with browse(house) as entered:
        yield partial(entered, "camille")


def at(page, house, path):
    page.goto(house + path)
    return page.inner_text("main")


def key(page, letter):
    with page.expect_navigation():
        page.keyboard.press(letter)
    return page.inner_text("main")


def open_cases(text):
    found = re.search(r"To decide \((\d+)\)", text)
    assert found, text
    return int(found[1])


def members(page, house):
    return re.search(r"= (\d+)$", at(page, house, "/en/registry/count/"), re.MULTILINE)[1]


def test_a_reviewer_decides_by_keyboard_finds_the_organisation_and_takes_it_back(enter, house):
    page = enter()
    assert members(page, house) == "510"
    text = at(page, house, "/en/registry/review/")
    before = open_cases(text)
    kept = []
    while "Are these one organisation?" not in text:  # tasks of the register come first
        text = key(page, "s")
        kept.append(text)
    name = page.inner_text("#t-case tbody td").strip()

    joined = key(page, "s")

    assert open_cases(joined) == before - len(kept) - 1
    assert members(page, house) == "509"
    found = at(page, house, f"/en/registry/?q={name.split()[0]}")
    assert name.split()[0].lower() in found.lower()
    page.go_back()
    page.go_back()
    back = key(page, "z")
    assert open_cases(back) == before - len(kept)
    assert members(page, house) == "510"

    at(page, house, "/en/registry/review/")
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.value") == "related:part_of"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert open_cases(page.inner_text("main")) == before - len(kept) - 1


def test_letters_typed_into_the_reason_decide_nothing(enter, house):
    page = enter()
    text = at(page, house, "/en/registry/review/")

    page.focus("#reason")
    page.keyboard.type("sdurz")

    assert page.input_value("#reason") == "sdurz"
    assert open_cases(page.inner_text("main")) == open_cases(text)


def test_without_script_the_buttons_do_the_same(enter, house):
    page = enter(has_script=False)
    before = open_cases(at(page, house, "/en/registry/review/"))

    page.click("button[value=unsure]")

    assert open_cases(page.inner_text("main")) == before - 1
    page.click("button[data-key=z]")
    assert open_cases(page.inner_text("main")) == before


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(enter, house, lang, width):
    page = enter(lang, width=width)
    paths = ["/account/", "/account/password/change/", "/account/logout/", "/registry/", "/registry/count/",
             "/registry/count/records/?step=membership_lapsed", "/registry/review/", "/registry/undo/5/",
             "/registry/nothing/", "/registry/?view=map", "/registry/?view=list&q=lyon", "/registry/profile/",
             "/registry/review/sample/", "/registry/reconcile/preview/?id=", "/trades/",
             "/trades/it_services/"]  # fmt: skip
    at(page, house, f"/{lang}/registry/?membership=several")
    one = page.get_attribute("#t-directory tbody a", "href").removeprefix(f"/{lang}")
    paths += [one, f"{one}history/"]
    paths = [path + one.split("/")[-2] if path.endswith("id=") else path for path in paths]
    for path in paths:
        page.goto(f"{house}/{lang}{path}")
        result = Axe().run(page)
        found = [(one["id"], one["nodes"][0]["html"][:200]) for one in result.response["violations"]]
        assert found == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
