"""Two lists become one registry, through the pages alone: import, columns, review, join, search, undo, count."""

from __future__ import annotations

import csv
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from beffroi.federation.demo_firms import invent, share_out

pytestmark = pytest.mark.browser
PATIENCE_SECONDS = 300
FIRST, SECOND = "Amont", "Aval"
DOUBTFUL = 14  # shared organisations whose row in the second list has no number and a shortened name
TITLES = ("nom", "siren", "naf", "cp", "ville", "site", "notes", "publication")


def rows_of(firms, short):
    for one in firms:
        is_short = one.number in short
        yield (f"{one.name.split()[0]} [fictif]" if is_short else one.name, "" if is_short else one.siren, one.naf,
               one.postcode, one.city, "" if is_short else one.website, "", "oui")  # fmt: skip


@pytest.fixture(scope="module")
def lists(tmp_path_factory):
    """Two files of 300 invented rows each."""
    folder = tmp_path_factory.mktemp("lists")
    inside, _ = invent(seed=2017)
    first, second, both = share_out(inside, seed=2017)
    short = {one.number for one in both[:DOUBTFUL]}
    found = []
    for name, firms, cut in ((FIRST, first, set()), (SECOND, second, short)):
        path = folder / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as page:
            csv.writer(page, delimiter=";").writerows([TITLES, *rows_of(firms, cut)])
        found.append(path)
    return found


@pytest.fixture(scope="module")
def empty_house(tmp_path_factory, open_house):
    """The address of a house with an empty registry, an operator who is reviewer too, and no edition."""
    made = open_house(tmp_path_factory.mktemp("house"))
    made.add("lou", "reviewer", "operator")
    with made.served() as address:
        yield address


@pytest.fixture
def page(browse, empty_house):
    """A browser in which the operator has signed in."""
    with browse(empty_house) as entered:
        yield entered("lou")


def at(page, path):
    page.goto(re.match(r"http://[^/]+", page.url)[0] + path)
    return page.inner_text("main")


def take_in(page, path, name):
    """Upload a list, correct one column, try it out, import it; return what the report says."""
    at(page, "/en/registry/import/")
    page.set_input_files("#file", path)
    page.fill("#source", name)
    page.fill("#as_of", "2026-01-01")
    page.click("text=Look at it")
    page.select_option("tr:has(th:has-text('notes')) select", "description")
    page.click("text=Try it out")
    page.wait_for_selector("button:has-text('Import')", timeout=PATIENCE_SECONDS * 1000)
    assert "Nothing is stored yet" in page.inner_text("main")
    page.click("button:has-text('Import')")
    page.wait_for_selector("text=The list is taken in", timeout=PATIENCE_SECONDS * 1000)
    return page.inner_text("main")


def members(page):
    return int(re.search(r"= (\d+)$", at(page, "/en/registry/count/"), re.MULTILINE)[1])


def key(page, letter):
    with page.expect_navigation():
        page.keyboard.press(letter)
    return page.inner_text("main")


def join_by_hand(page, here, words):
    """From the page of an organisation, find another by words, and join them."""
    at(page, f"{here}merge/")
    page.fill("#q", words)
    page.click("main button:has-text('Search')")
    page.click("main ul.plain a >> nth=0")
    page.fill("#reason", "One director, one site.")
    page.click("text=Join them")
    page.wait_for_selector("text=is written")
    return page.url


def test_two_lists_become_one_registry(page, lists):
    take_in(page, lists[0], FIRST)
    said = take_in(page, lists[1], SECOND)
    assert re.search(r"pairs to review\s+\d\d", said)
    start = members(page)
    assert start < 600

    text = at(page, "/en/registry/review/")
    joined = 0
    for letter in "ssdsssudss":
        assert "Are these one organisation?" in text
        before = int(re.search(r"To decide \((\d+)\)", text)[1])
        joined += letter == "s" and "no organisation disappears" not in text and "is not possible" not in text
        text = key(page, letter)
        assert int(re.search(r"To decide \((\d+)\)", text)[1]) < before
    assert members(page) == start - joined
    assert joined > 3

    rows = [(one["organisation"], one["name"], one["legal_unit"]) for one in exported(page)]
    loose = [one for one in rows if not one[2]]
    for (address, _, _), (_, name, _) in ((loose[0], rows[0]), (loose[1], rows[1])):
        before = members(page)
        done = join_by_hand(page, f"/en/registry/organisation/{address}/", name)
        assert members(page) == before - 1
    assert name.split()[0] in at(page, f"/en/registry/?q={name.split()[0][:-1]}")

    page.goto(done)
    page.click(".note >> text=Take event")
    page.click("button:has-text('Take it back')")
    assert members(page) == before
    again = take_again(page, lists[1])
    assert "Nothing changes" in again


def exported(page):
    """The directory as its file says, those with a legal unit first."""
    with page.expect_download() as waiting:
        at(page, "/en/registry/")
        page.click("a:has-text('CSV') >> nth=0")
    with open(waiting.value.path(), encoding="utf-8", newline="") as held:  # noqa: PTH123 -- a path of the browser's
        return sorted(csv.DictReader(held), key=lambda one: (not one["legal_unit"], one["name"]))


def take_again(page, path):
    at(page, "/en/registry/import/")
    page.set_input_files("#file", path)
    page.fill("#source", SECOND)
    page.click("text=Look at it")
    assert "as last time" in page.inner_text("main")
    page.click("text=Try it out")
    page.wait_for_selector("text=Nothing changes", timeout=PATIENCE_SECONDS * 1000)
    return page.inner_text("main")


@pytest.mark.parametrize(("lang", "width"), [("fr", 360), ("en", 1280)])
def test_axe_finds_nothing_in_officers_pages_and_none_scrolls_sideways(page, lists, lang, width):
    page.set_viewport_size({"width": width, "height": 900})
    at(page, f"/{lang}/registry/import/")
    page.set_input_files("#file", lists[0])
    page.fill("#source", "Third")
    page.click("main button >> nth=0")
    waiting = re.sub(r"^http://[^/]+", "", page.url)
    first = exported(page)[0]["organisation"]
    here = f"/{lang}/registry/organisation/{first}/"
    other = exported(page)[1]["organisation"]
    for path in (f"/{lang}/registry/import/", waiting, here, f"{here}merge/?q=lyon", f"{here}merge/?with={other}",
                 f"{here}split/", f"{here}trades/", f"{here}verify/", f"/{lang}/registry/tasks/",
                 f"/{lang}/registry/requests/", f"/{lang}/registry/stale/",
                 f"/{lang}/registry/renewals/?until=2031-01-01", f"/{lang}/registry/roles/"):  # fmt: skip
        at(page, path)
        found = Axe().run(page)
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
