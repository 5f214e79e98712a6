"""Pages of the fabric: in both languages, with what it is of, nothing secret, and a way to a register where none is."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from beffroi.observatory.fabric_frozen import build, read
from beffroi.sources.sirene_load import load_snapshot

_spec = importlib.util.spec_from_file_location("stock_for_pages", Path(__file__).parents[1] / "unit" / "stock.py")
_stock = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = _stock
_spec.loader.exec_module(_stock)

PAGES = ("/fabric/", "/fabric/FRE/", "/fabric/FRE11/", "/fabric/200093201/", "/fabric/FR/perimeters/")


@pytest.fixture(scope="module")
def frozen_home(tmp_path_factory):
    """A house with an invented register of two months and the fabric of the newer one."""
    home = tmp_path_factory.mktemp("fabric")
    register = home / "registers" / "sirene"
    for month, units in (("2025-11", 150), ("2026-11", 180)):
        path = _stock.make(units=units).write(home / month, name="StockEtablissement_synthetic")
        load_snapshot([path], register, month=month, today="2026-11-22")
    build(register, home / "fabric", today="2026-11-22")
    return home


@pytest.fixture
def site(frozen_home, monkeypatch, client):
    monkeypatch.setenv("BEFFROI_HOME", str(frozen_home))
    return client


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_sound_and_says_what_it_is_of(site, read, lang, page):
    answer = site.get(f"/{lang}{page}")

    assert answer.status_code == 200
    found = read(answer)
    assert found.faults == []
    assert len(set(found.ids)) == len(found.ids)
    assert set(found.refers) <= set(found.ids)
    assert found.headings[0] == 1
    assert "None" not in found.text
    assert "2026" in found.text
    assert {"fr": "Registre synthétique", "en": "Synthetic register"}[lang] in found.text


def test_own_links_lead_somewhere(site, read):
    for page in PAGES:
        for url in {one for one in read(site.get(f"/fr{page}")).links if "/fabric/" in one and one.startswith("/")}:
            assert site.get(url).status_code == 200, url


def test_downloads_hold_the_figures_of_the_page(site, frozen_home):
    answer = site.get("/en/fabric/FR/figures.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))

    assert rows[0]["territory"] == "FR"
    assert {row["source"] for row in rows} == {"synthetic register: no real firm"}
    assert {row["of_perimeter"] for row in rows} == {"oecd_ict_sector"}
    assert json.loads(site.get("/en/fabric/FR/perimeters.json").content)["rows"][0]["month"] == "2026-11"
    assert site.get("/en/fabric/FR/years.xlsx").content[:2] == b"PK"
    assert "attachment" in answer["Content-Disposition"]


def test_no_page_shows_a_sum_that_gives_a_secret_away(site, frozen_home):
    rows = list(csv.DictReader(io.StringIO(site.get("/en/fabric/FRE11/figures.csv").content.decode())))
    known = {one[1]: one for one in read(frozen_home / "fabric").territories}

    for row in rows:
        assert bool(row["reason"]) == (known[row["territory"]][-1] != "")
        if row["reason"]:
            assert not row["establishments"]
            assert not row["quotient"]
    whole, parts = rows[0], rows[1:]
    hidden = [row for row in parts if row["reason"]]
    if whole["establishments"] and len(hidden) == 1:
        # One secret alone is safe only where EPCI reach across the border: the sum of the parts is not the whole.
        assert sum(int(row["establishments"] or 0) for row in parts) != int(whole["establishments"])


def test_units_below_three_are_on_no_page(frozen_home):
    frozen = read(frozen_home / "fabric")

    for one in frozen.territories:
        assert one[3] is None or one[3] == 0 or one[3] >= 3
    for one in frozen.perimeters:
        assert one[3] is None or one[3] == 0 or one[3] >= 3
    for one in frozen.years:
        assert all(value is None or value == 0 or value >= 3 for value in one[4:6])


def test_a_house_without_a_register_says_how_to_load_one(client, read, monkeypatch, tmp_path):
    monkeypatch.setenv("BEFFROI_HOME", str(tmp_path))
    for lang, words in (("fr", "Deux commandes y mènent"), ("en", "Two commands lead there")):
        for page in PAGES:
            answer = client.get(f"/{lang}{page}")
            found = read(answer)
            assert answer.status_code == 200
            assert words in found.text
            assert "./beffroi fabric build" in found.text
            others = {f"/{one}{page}" for one in ("fr", "en")} | {f"/{lang}/fabric/"}
            assert {urlsplit(one).path for one in found.links if "/fabric/" in one} <= others


def test_a_territory_that_is_none_is_not_found(site):
    assert site.get("/fr/fabric/XYZ/").status_code == 404
    assert site.get("/fr/fabric/?code=59")["Location"] == "/fr/fabric/FRE11/"
