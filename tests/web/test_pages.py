"""Every page in both languages: well formed, linked, and answering its question in words."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from beffroi.observatory.reading import Goal, Hang, Lever
from beffroi.web import access

PAGES = (
    "/", "/region/FRE/", "/region/FRM/", "/region/FRK2/", "/region/DE11/?set=nuts2_2016", "/regions/",
    "/regions/?columns=indicators", "/regions/?q=zzz", "/regions/?top=x&coverage=900&country=XX&sort=zz",
    "/compare/", "/compare/?r=FRK&r=FRE&r=FR1", "/compare/?r=FRM&add=nowhere", "/indicators/",
    "/indicator/patents/", "/indicator/unemployment/?r=FRE", "/number/administrative_2016/FRK/index/",
    "/number/administrative_2016/FRK/talent/", "/number/administrative_2016/FRE/rd_business/",
    "/number/administrative_2016/FRE/unemployment/", "/method/", "/data/", "/about/", "/editions/",
    "/edition/2025-1/", "/edition/2025-1/regions/?country=FR",
    "/region/FRK/when/", "/region/FRK/peers/", "/region/FRK/why/", "/merge/", "/weights/", "/nowhere/",
)  # fmt: skip
BOTH = pytest.mark.parametrize("lang", ["fr", "en"])


@BOTH
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well_formed(client, read, lang, path):
    response = client.get(f"/{lang}{path}")

    page = read(response)
    assert response.status_code == (404 if path == "/nowhere/" else 200)
    assert page.faults == []
    assert len(page.ids) == len(set(page.ids))
    assert set(page.refers) <= set(page.ids)
    assert page.headings.count(1) == 1
    assert page.headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert f'<html lang="{lang}">' in response.content.decode()
    assert "%(" not in page.text
    assert "None" not in re.sub(r"None (known|stands)|None\.", "", page.text)


@BOTH
def test_every_link_of_the_site_leads_somewhere(client, read, lang):
    waiting, seen = [f"/{lang}{path}" for path in PAGES if path != "/nowhere/"], set()
    per_shape: dict[str, int] = {}
    while waiting:
        url = waiting.pop().split("#")[0]
        path, _, query = url.partition("?")
        shape = re.sub(r"/(region|indicator|edition)/[^/]+|number/[^/]+/[^/]+/[^/]+", r"/\1/*", path)
        shape += "?" + "&".join(sorted({part.split("=")[0] for part in query.split("&")}))
        if not url.startswith("/") or url in seen or per_shape.get(shape, 0) >= 1:
            continue
        seen.add(url)
        per_shape[shape] = per_shape.get(shape, 0) + 1
        response = client.get(url)
        assert response.status_code == 200, url
        if response["Content-Type"].startswith("text/html"):
            waiting += read(response).links
    assert len(seen) > 60


def test_the_front_door_follows_the_browser_and_prefers_french(client):
    for wish, language in {
        "": "fr",
        "de": "fr",
        "en-GB,fr;q=0.8": "en",
        "fr;q=0.2,en;q=0.1": "fr",
        "en;q=0": "fr",
    }.items():
        response = client.get("/?set=x", headers={"accept-language": wish})
        assert response.headers["Location"] == f"/{language}/?set=x"
        assert response.headers["Vary"].startswith("Accept-Language")


def test_the_home_page_answers_in_words_with_its_uncertainty(client, read, edition):
    one = edition.sets["administrative_2016"].standing("FRK")

    french, english = read(client.get("/fr/")).text, read(client.get("/en/")).text

    assert "Où en est Auvergne-Rhône-Alpes en Europe ?" in french
    assert (
        f"Auvergne-Rhône-Alpes est {one.rank}e sur 46 régions, entre la {one.rank_low}e et la {one.rank_high}e"
        in french
    )
    assert "place (9 chances sur 10)" in french
    assert f"ranks {one.rank}th of 46 regions" in english


def test_the_language_switch_keeps_page_and_query(client):
    page = client.get("/fr/edition/2025-1/regions/?country=FR").content.decode()

    assert 'href="/en/edition/2025-1/regions/?country=FR" hreflang="en"' in page
    assert '<link rel="alternate" hreflang="en" href="http://localhost/en/edition/2025-1/regions/?country=FR">' in page


def test_the_canonical_address_is_the_permalink(client):
    page = client.get("/fr/indicator/patents/").content.decode()

    assert '<link rel="canonical" href="http://localhost/fr/edition/2026-1/indicator/patents/">' in page


def test_a_pinned_page_keeps_for_ever_and_a_plain_one_for_minutes(client):
    pinned = client.get("/en/edition/2026-1/regions/").headers["Cache-Control"]
    assert "max-age=300" in pinned  # errata and signatures are added beside it
    assert "immutable" in client.get("/en/edition/2026-1/regions/export.csv").headers["Cache-Control"]
    assert client.get("/en/regions/").headers["Cache-Control"] == "public, max-age=300"


def test_a_page_read_twice_is_not_sent_twice(client):
    first = client.get("/en/regions/")

    assert client.get("/en/regions/", headers={"if-none-match": first.headers["ETag"]}).status_code == 304


def test_s28_5_a_pinned_page_of_the_past_says_so_and_shows_its_erratum(client, read):
    text = read(client.get("/en/edition/2025-1/")).text

    assert "You are reading edition 2025-1, which will never change." in text
    assert "One patent counted twice." in text


def test_the_rival_can_be_chosen_and_a_wrong_one_is_explained(client, read):
    assert "Ahead of Brittany" in read(client.get("/en/?rival=FRH")).text

    page = read(client.get("/en/?rival=ZZ9")).text
    assert "ZZ9 is not ranked in this set, so the usual rival is shown." in page
    assert "Ahead of Baden-Württemberg" in page


def test_an_excluded_region_is_explained_with_what_to_read_instead(client, read):
    text = read(client.get("/en/region/FRM/")).text

    assert "Corsica is not ranked in this comparison set." in text
    assert "too few figures (42% of the indicators have one)" in text


def test_a_region_of_another_size_leads_to_its_whole_and_its_own_set(client):
    page = client.get("/en/region/FRK2/").content.decode()

    assert 'href="/en/region/FRK/"' in page
    assert 'href="/en/region/FRK2/?set=nuts2_2016"' in page


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/en/region/ZZZ/", 404, "This region is not here"),
        ("/en/edition/1999-1/", 404, "This edition is not here"),
        ("/en/regions/?set=zz", 404, "This page is not here"),
        ("/en/indicator/zz/", 404, "This page is not here"),
        ("/fr/region/ZZZ/", 404, "Cette région n’est pas ici"),
        ("/en/number/administrative_2016/FRK/zz/", 404, "There is no page at this address"),
        ("/en/region/FRK/zz.svg", 404, "There is no page at this address"),
    ],
)
def test_a_refusal_says_what_to_do_now(client, read, path, status, words):
    response = client.get(path)

    page = read(response)
    assert response.status_code == status
    assert words in page.text
    assert page.faults == []


@pytest.mark.usefixtures("empty_house")
def test_a_house_without_edition_says_how_to_build_one(client, read):
    response = client.get("/fr/regions/")

    assert response.status_code == 503
    assert "beffroi edition build" in read(response).text


def test_a_fault_of_ours_has_a_page(client, monkeypatch, read):
    monkeypatch.setattr("beffroi.web.pages.ranks.select", lambda *_a, **_k: 1 / 0)

    response = client.get("/en/regions/")

    assert response.status_code == 500
    assert "Something broke on our side" in read(response).text


def test_structured_data_cannot_close_its_script(client):
    page = client.get("/en/indicator/patents/").content.decode()

    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert script
    assert "<" not in script[1]
    found = json.loads(script[1])
    assert found["@type"] == "Dataset"
    assert found["@id"] == "http://localhost/en/edition/2026-1/indicator/patents/"


def test_a_stale_indicator_says_its_age_and_why(client, read):
    text = read(client.get("/en/indicator/patents/")).text

    assert "Newest figure: 2012, 13.9 years old at the edition’s date." in text
    assert "The series ends there" in text


def test_s28_1_an_indicator_says_all_there_is_to_know_and_goes_out_whole(client, read, edition):
    page = read(client.get("/en/indicator/unemployment/"))
    indicator = edition.indicators["unemployment"]
    terms = ("Unit", "Source and licence", "Series", "Coverage", "Next figure", "Treatment before scaling", "Breaks",
             "Change log", "Author and review")  # fmt: skip
    answer = client.get("/en/indicator/unemployment/").content.decode()

    assert [one for one in terms if f"<dt>{one}</dt>" not in answer] == []
    assert indicator.definition.en in page.text
    assert re.search(r"\d+ of \d+ regions of this set, ", page.text)
    assert re.search(r"<dt>Next figure</dt><dd>(to be expected by|expected since|none: the series has end)", answer)
    assert "retrieved on" in page.text
    for name in ("ranking.csv", "ranking.xlsx", "ranking.json", "series.csv", "sdmx.csv"):
        assert f"/indicator/unemployment/{name}" in answer
        assert client.get(f"/en/indicator/unemployment/{name}").status_code == 200


def test_the_gap_by_pillar_adds_up(edition):
    from beffroi.observatory.portrait import gap_to_top  # noqa: PLC0415 -- one test only

    gap = gap_to_top(edition, edition.sets["administrative_2016"], "FRK")

    assert gap.remainder == 0.0
    assert sum(one.points for one in gap.pillars) == pytest.approx(gap.points)


def test_s28_2_a_number_has_its_recipe_and_its_twin(client, read, edition):
    cell = edition.sets["administrative_2016"].cells["FRE", "unemployment"]
    path = "/en/edition/2026-1/number/administrative_2016/FRE/unemployment"

    page, twin = read(client.get(f"{path}/")).text, client.get(f"{path}.json").json()

    assert f"{cell.raw:.1f}%" in page
    assert "How to compute it again" in page
    assert twin["value"] == pytest.approx(cell.raw)
    assert twin["digest"] == edition.digest


@pytest.mark.parametrize(
    ("lang", "asked", "lever", "beyond", "weights"),
    [
        (
            "fr",
            "Que faudrait-il pour faire monter Hauts-de-France",
            "2,5 ans",
            "Hors de portée",
            "le poids des piliers (54",
        ),
        (
            "en",
            "What would it take to lift Hauts-de-France?",
            "2.5 years",
            "Out of reach",
            "the weights of the pillars (54%)",
        ),
    ],
)
def test_a_portrait_says_what_it_would_take(client, read, shelf, lang, asked, lever, beyond, weights):
    edition = shelf.held["2026-1"]
    reading = edition.sets["administrative_2016"]
    indicator = next(iter(edition.indicators))
    goals = {
        ("FRE", 10): Goal("FRE", 10, True, 2.5, 9, (Lever(indicator, 10.0, 12.0, 8.0, 2.5),)),
        ("FRE", 5): Goal("FRE", 5, False, None, 7, ()),
    }
    with_goals = replace(
        edition,
        sets={
            **edition.sets,
            reading.set_id: replace(reading, goals=goals, hangs={"FRE": (Hang("pillar_weights", 0.54, 0.5, 0.6),)}),
        },
    )
    held = {**shelf.held, "2026-1": with_goals}
    asking = type(shelf)()
    asking.held = held
    access.use(asking)

    page = read(client.get(f"/{lang}/region/FRE/"))

    assert page.faults == []
    assert asked in page.text
    assert page.text.index(lever) < page.text.index(beyond)
    assert weights in page.text
    assert asked not in read(client.get(f"/{lang}/region/FRK/")).text


def test_a_source_of_other_figures_is_not_named(client) -> None:
    page = client.get("/en/").content.decode()
    assert "Eurostat" in page
    assert "Sirene" not in page
