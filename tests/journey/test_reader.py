"""What a reader does and meets, in a real browser."""

# ruff: noqa: E501 -- sentences and rows of data stay whole, to be read and searched for

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
PAGES = (
    "/", "/region/FRE/", "/region/FRM/", "/regions/", "/regions/?q=zzz", "/regions/?top=x", "/compare/",
    "/compare/?r=FRK&add=zzz", "/indicators/", "/indicator/gdp_eur_per_head/", "/number/administrative_2016/FRK/gdp_eur_per_head/",
    "/number/administrative_2016/FRK/index/", "/number/administrative_2016/FRK/talent/", "/region/FRY5/",
    "/regions/?set=nuts2_2016", "/method/", "/data/", "/about/", "/editions/",
    "/region/FRK/when/", "/region/FRK/peers/", "/region/FRK/why/?with=FRE", "/merge/",
    "/merge/?regions=FRK1&regions=FRK2&set=nuts2_2016", "/weights/?w.talent=3", "/fabric/", "/fabric/?code=Paris",
)  # fmt: skip
# Of two hundred rows, those after the fortieth are asked only if they are marked: axe takes time with each cell.
SHORTEN = """() => document.querySelectorAll('tbody tr:nth-child(n+41):not([class]):not([id])').forEach(one => one.remove())"""


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_axe_finds_nothing(visit, lang):
    found = {}
    page = visit(f"/{lang}/")
    origin = page.url.split(f"/{lang}/")[0]
    asked = {"rules": {"color-contrast": {"enabled": lang == "fr"}}}  # most of the time, and colours speak no language
    for path in PAGES:
        page.goto(f"{origin}/{lang}{path}")
        for one in page.query_selector_all("summary"):
            one.click()
        page.evaluate(SHORTEN)
        result = Axe().run(page, options=asked)
        for each in result.response["violations"]:
            found.setdefault(each["id"], []).append((path, each["nodes"][0]["html"][:160]))

    assert found == {}


def test_axe_finds_nothing_in_the_dark(visit):
    for path in ("/fr/", "/fr/regions/", "/fr/indicator/gdp_eur_per_head/"):
        page = visit(path, color_scheme="dark")
        page.evaluate(SHORTEN)
        result = Axe().run(page)

        assert [(one["id"], one["nodes"][0]["html"][:160]) for one in result.response["violations"]] == []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_page_scrolls_sideways_on_a_phone_and_no_text_is_tiny(visit, lang):
    page = visit(f"/{lang}/", width=360)
    origin = page.url.split(f"/{lang}/")[0]
    for path in PAGES:
        page.goto(f"{origin}/{lang}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        smallest = page.evaluate(
            """() => Math.min(99, ...[...document.querySelectorAll('svg.pic text')].filter(t => t.getClientRects().length)
            .map(t => parseFloat(getComputedStyle(t).fontSize) * t.ownerSVGElement.getBoundingClientRect().width
                 / t.ownerSVGElement.viewBox.baseVal.width))"""
        )
        assert smallest >= 11, path


@pytest.mark.parametrize("width", [768, 900, 1280])
def test_pictures_are_readable_at_every_width(visit, width):
    page = visit("/fr/indicator/gdp_eur_per_head/", width=width)

    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('svg.pic text')].filter(t => t.getClientRects().length)
        .map(t => parseFloat(getComputedStyle(t).fontSize) * t.ownerSVGElement.getBoundingClientRect().width
             / t.ownerSVGElement.viewBox.baseVal.width))"""
    )
    assert smallest >= 11


def test_the_keyboard_reaches_content_first_then_every_link(visit):
    page = visit("/fr/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "document.activeElement.tagName + ':' + (document.activeElement.id || document.activeElement.textContent.slice(0,20))"
            )
        )
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style != "none" or seen[-1].startswith("BODY"), seen[-1]
    assert "SELECT:code" in seen
    assert "SELECT:rival" in seen
    assert any(one.startswith("SUMMARY") for one in seen)


def test_targets_are_large_enough(visit):
    page = visit("/fr/", width=360)

    small = page.evaluate(
        """() => [...document.querySelectorAll('nav a, .take a, footer a, button, select, summary, .lang a')]
        .filter(e => e.getClientRects().length).map(e => [e.textContent.trim().slice(0,20), e.getBoundingClientRect().height])
        .filter(([, h]) => h < 24)"""
    )
    assert small == []


def test_a_newcomer_finds_a_weakness_and_takes_its_figures_home(visit, tmp_path):
    page = visit("/fr/", has_script=False)
    assert page.title() == "Où en est Auvergne-Rhône-Alpes en Europe\u00a0? · Beffroi"

    page.click("text=English")
    assert "Where does Auvergne-Rhône-Alpes stand in Europe?" in page.inner_text("h1")
    page.select_option("#code", label="Hauts-de-France")
    page.click("text=Show the region")
    assert "Hauts-de-France" in page.inner_text("h1")
    page.click("nav >> text=Compare")
    page.fill("#add", "Île-de-France")
    with page.expect_navigation():  # to the end of the page: a click waits only until one begins
        page.click("button:has-text('Add')")
    assert [one.inner_text().split("\n")[0].split(" Remove")[0] for one in page.query_selector_all(".chips li")] == [
        "Auvergne-Rhône-Alpes", "Hauts-de-France", "Île-de-France"
    ]  # fmt: skip
    page.goto(page.url.split("/en/")[0] + "/en/region/FRE/")
    with page.expect_navigation():
        page.click("section[aria-labelledby=h-weak] li a >> nth=0")
    shown = {
        row.query_selector("th").inner_text(): [cell.inner_text() for cell in row.query_selector_all("td")]
        for row in page.query_selector_all("#t-ranking tbody tr")
    }
    with page.expect_download() as waiting:
        page.click("#t-ranking >> xpath=../following-sibling::ul[1] >> text=CSV >> nth=0")
    target = tmp_path / "figures.csv"
    waiting.value.save_as(target)
    rows = list(csv.DictReader(io.StringIO(Path(target).read_text("utf-8"))))

    assert len(rows) == len(shown)
    for row in rows:
        figure = shown[row["region_name"]][1]
        if not row["value"]:
            assert figure == "–"
            continue
        digits = figure.split("%")[0].split("\u00a0")[0].replace(",", "")
        decimals = len(digits.partition(".")[2])
        assert digits == f"{float(row['value']):.{decimals}f}"
        assert shown[row["region_name"]][2] == row["year"]


def test_weights_are_set_by_slider_by_number_and_without_script(visit):
    page = visit("/en/weights/")
    page.eval_on_selector("input[type=range]", "one => { one.value = '2.5'; one.dispatchEvent(new Event('input')) }")
    assert page.input_value("#w-talent") == "2.5"
    page.fill("#w-use", "7")
    assert page.eval_on_selector("#w-use", "one => one.previousElementSibling.value") == "7"
    page.click("text=Rank with these weights")
    assert "w.talent=2.5" in page.url
    said = page.inner_text(".lead")

    plain = visit("/en/weights/", has_script=False)
    plain.fill("#w-talent", "2.5")
    plain.fill("#w-use", "7")
    plain.click("text=Rank with these weights")

    assert plain.query_selector("input[type=range]") is None
    assert plain.inner_text(".lead") == said


def test_a_page_prints_with_its_pictures(visit):
    page = visit("/fr/")
    page.emulate_media(media="print")

    assert page.is_visible("svg.wide.p-rank")
    assert not page.is_visible("header nav")
