"""Pages of the fabric: in both languages, with what it is of, nothing secret, and a way to a register where none is."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import parse_qs, urlsplit

import duckdb
import fabric_house as house
import pytest

from beffroi.observatory.fabric_build import build
from beffroi.observatory.fabric_frozen import TABLES, read, table_rows
from beffroi.observatory.fabric_read import WHATS
from beffroi.sources.sirene_load import load_snapshot

PAGES = (
    "/fabric/", "/fabric/FRE/", "/fabric/FRE11/", "/fabric/200093201/", "/fabric/FR/perimeters/",
    "/fabric/200093201/perimeters/", "/fabric/FR/map/", "/fabric/FRE11/map/", "/fabric/200093201/map/",
    "/fabric/FRK/related/", "/fabric/FR/related/", "/fabric/FR/against/", "/fabric/FRE/against/",
    "/fabric/200093201/against/", "/fabric/FRE/?perimeter=software_and_services&month=2025-11",
)  # fmt: skip


@pytest.fixture(scope="module")
def frozen_home(tmp_path_factory):
    return house.furnished(tmp_path_factory.mktemp("fabric"))


@pytest.fixture
def site(frozen_home, monkeypatch, client):
    monkeypatch.setenv("BEFFROI_HOME", str(frozen_home))
    return client


def rows_of(answer):
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


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
    assert ("2025" if "month" in page else "2026") in found.text
    assert {"fr": "Registre synthétique", "en": "Synthetic register"}[lang] in found.text


def test_own_links_lead_somewhere(site, read):
    seen = set()
    for page in PAGES[2:]:
        seen |= {one for one in read(site.get(f"/fr{page}")).links if "/fabric/" in one and one.startswith("/")}
    files = {one for one in seen if "." in one}
    for url in [*files, *sorted(seen - files)[::8]]:
        assert site.get(url).status_code == 200, url
    assert {one for one in seen if one.endswith(".svg")}


def test_a_page_offers_every_table_it_shows_and_every_picture(site):
    page = site.get("/en/fabric/FR/").content.decode()

    for what, key in (("figures", "parts"), ("sizes", "size-table"), ("years", "year-table"),
                      ("accounts", "account-table")):  # fmt: skip
        assert f'<table id="{key}">' in page
        assert f"/en/fabric/FR/{what}.csv" in page
    for what in ("quotient", "sizes", "years"):
        assert f'<figure id="{what}">' in page
        svg = site.get(f"/en/fabric/FR/{what}.svg")
        assert svg.content.startswith(b"<?xml")
        assert b"Synthetic register" in svg.content


def test_perimeter_and_month_choose_what_pages_and_files_say(site):
    usual = rows_of(site.get("/en/fabric/FR/figures.csv"))
    other = rows_of(site.get("/en/fabric/FR/figures.csv?perimeter=software_and_services"))
    past = rows_of(site.get("/en/fabric/FR/figures.csv?month=2025-11"))

    assert {row["of_perimeter"] for row in usual} == {"oecd_ict_sector"}
    assert {row["of_perimeter"] for row in other} == {"software_and_services"}
    assert {row["month"] for row in past} == {"2025-11"}
    assert int(other[0]["establishments"]) < int(usual[0]["establishments"])
    assert usual[0]["before"] == past[0]["establishments"] != usual[0]["establishments"]
    page = site.get("/en/fabric/FR/?perimeter=software_and_services&month=2025-11").content.decode()
    assert "Software" in page
    assert "perimeter=software_and_services&amp;month=2025-11" in page  # links go on with it
    for wrong in ("perimeter=nothing", "month=1999-01"):
        assert site.get(f"/en/fabric/FR/?{wrong}").status_code == 404


@pytest.mark.parametrize("what", WHATS)
def test_every_table_is_a_file_in_every_form_that_names_its_subject(site, what):
    rows = rows_of(site.get(f"/en/fabric/FR/{what}.csv"))

    assert {row["month"] for row in rows} <= {"2026-11"}
    assert all("synthetic register: no real firm" in row["source"] for row in rows)
    assert len(json.loads(site.get(f"/en/fabric/FR/{what}.json").content)["rows"]) == len(rows)
    answer = site.get(f"/en/fabric/FR/{what}.xlsx")
    assert answer.content[:2] == b"PK"
    assert "attachment" in answer["Content-Disposition"]


def test_a_secret_is_a_value_with_a_reason(site, frozen_home):
    found = 0
    for table in ("territories", "communes", "sizes", "years", "stocks", "perimeters"):
        columns = TABLES[table]
        for row in table_rows(read(frozen_home / "fabric"), table):
            one = dict(zip(columns, row, strict=True))
            number = one["births"] if table == "years" else one["establishments"]
            assert (number is None) == bool(one["reason"]), (table, one)
            assert number is None or number == 0 or number >= 1
            found += bool(one["reason"])
    assert found > 50


def test_no_page_shows_a_sum_that_gives_a_secret_away(site, frozen_home):
    rows = rows_of(site.get("/en/fabric/FRE11/figures.csv"))
    whole, parts = rows[0], rows[1:]

    for row in rows:
        if row["reason"]:
            assert not row["establishments"]
            assert not row["quotient"]
    hidden = [row for row in parts if row["reason"]]
    if whole["establishments"] and len(hidden) == 1:
        # One secret alone is safe only where EPCI reach across the border: the sum of the parts is not the whole.
        assert sum(int(row["establishments"] or 0) for row in parts) != int(whole["establishments"])


def test_units_below_three_are_on_no_page(frozen_home):
    frozen = read(frozen_home / "fabric")

    for table in ("territories", "communes", "perimeters"):
        at = TABLES[table].index("units")
        assert all(row[at] is None or row[at] == 0 or row[at] >= 3 for row in table_rows(frozen, table)), table
    at = TABLES["accounts"].index("firms")
    assert all(row[at] is None or row[at] == 0 or row[at] >= 5 for row in table_rows(frozen, "accounts"))


def test_perimeters_shown_beside_each_other_differ_by_nobody_or_by_three(frozen_home):
    frozen = read(frozen_home / "fabric")
    shown: dict[tuple[str, str], dict[str, int]] = {}
    for row in table_rows(frozen, "territories") + table_rows(frozen, "communes"):
        one = dict(zip(TABLES["territories"], row, strict=True))
        if one["establishments"] is not None:
            shown.setdefault((one["level"], one["territory"]), {})[one["perimeter"]] = one["establishments"]

    gaps = [abs(a - b) for each in shown.values() for a in each.values() for b in each.values()]

    assert not [gap for gap in gaps if 0 < gap < 3]
    assert max(gaps) > 3


def test_no_name_of_a_firm_is_on_any_page_or_in_any_file(site, frozen_home):
    names = {"PERSONNESECRETE", "SOCIETE "}
    for page in PAGES:
        text = site.get(f"/fr{page}").content.decode()
        assert not [one for one in names if one in text]
    for what in WHATS:
        for code in ("FR", "FRE11", "200093201"):
            text = site.get(f"/fr/fabric/{code}/{what}.csv").content.decode()
            assert not [one for one in names if one in text], (what, code)
    for path in (frozen_home / "fabric").rglob("*.parquet"):
        assert b"PERSONNESECRETE" not in path.read_bytes()
        assert b"siren" not in path.read_bytes()


def test_s07_1_and_2_digital_against_trade_says_when_or_that_it_does_not(site):
    page = site.get("/en/fabric/FR/against/").content.decode()

    assert "45, 46, 47" in page
    assert "62" in page.split('<dl class="codes">')[1].split("</dl>")[0]
    assert "Against Retail trade (NAF rev. 2, 47):" in page
    rows = rows_of(site.get("/en/fabric/FR/against.csv"))
    assert rows[0]["year"] == "2008"
    assert rows[-1]["retail_answer"] in ("crosses", "has crossed", "does not cross")
    assert all(int(row["trade"]) >= int(row["retail"]) for row in rows)


def test_a_territory_is_found_by_its_name_or_code(site, read):
    def goes(query):
        return site.get(f"/fr/fabric/?{query}")["Location"]

    assert goes("code=59") == "/fr/fabric/FRE11/"
    assert goes("code=hauts+de+france&page=map/") == "/fr/fabric/FRE/map/"
    url = urlsplit(goes("code=FRK&page=related/&month=2025-11"))
    assert (url.path, parse_qs(url.query)) == ("/fr/fabric/FRK/related/", {"month": ["2025-11"]})
    listed = site.get("/fr/fabric/?code=Paris")
    assert listed.status_code == 200
    assert {"/fr/fabric/FR101/", "/fr/fabric/75056/"} <= set(read(listed).links)
    nothing = site.get("/fr/fabric/?code=" + "%3Cb%3Enulle+part")
    assert nothing.status_code == 400
    assert b"<b>nulle" not in nothing.content
    assert site.get("/fr/fabric/XYZ/").status_code == 404
    assert site.get("/fr/fabric/FR/nothing.csv").status_code == 404
    assert site.get("/fr/fabric/FR/nothing.svg").status_code == 404


def test_a_house_without_a_register_says_how_to_load_one(client, read, monkeypatch, tmp_path):
    monkeypatch.setenv("BEFFROI_HOME", str(tmp_path))
    for lang, words in (("fr", "Ces commandes y mènent"), ("en", "These commands lead there")):
        for page in PAGES:
            answer = client.get(f"/{lang}{page}")
            found = read(answer)
            assert answer.status_code == 200
            assert words in found.text
            assert "./beffroi fabric build" in found.text


def test_the_interface_tells_the_same_figures_and_secrets_as_pages(site):
    base = "/api/v1/fabric"
    months = site.get(f"{base}/months").json()
    assert [one["month"] for one in months["rows"]] == ["2026-11", "2025-11"]
    assert months["synthetic"] is True
    perimeters = site.get(f"{base}/perimeters?lang=fr").json()["rows"]
    assert [one["id"] for one in perimeters] == list(house.PERIMETERS)
    assert site.get(f"{base}/territories?q=Lille").json()["rows"][0] == {
        "territory": "59350", "level": "commune", "name": "Lille",
    }  # fmt: skip
    for what in WHATS:
        for code in ("FR", "FRE11"):
            answer = site.get(f"{base}/territories/{code}/{what}")
            assert answer.status_code == 200
            twin = json.loads(site.get(f"/en/fabric/{code}/{what}.json").content)["rows"]
            assert answer.json()["count"] == len(twin)
            assert [one.get("reason") for one in answer.json()["rows"]] == [one.get("reason") for one in twin]
            assert "PERSONNESECRETE" not in answer.content.decode()
    past = site.get(f"{base}/territories/FR/figures?month=2025-11&perimeter=software_and_services").json()
    assert (past["month"], past["rows"][0]["of_perimeter"]) == ("2025-11", "software_and_services")
    for wrong, status in (("territories/XYZ/figures", 404), ("territories/FR/nothing", 422),
                          ("territories/FR/figures?month=1999-01", 404), ("perimeters?lang=de", 422)):  # fmt: skip
        refused = site.get(f"{base}/{wrong}")
        assert refused.status_code == status, wrong
        assert refused["Content-Type"] == "application/problem+json"


def test_the_interface_says_when_nothing_is_frozen(client, monkeypatch, tmp_path):
    monkeypatch.setenv("BEFFROI_HOME", str(tmp_path))

    refused = client.get("/api/v1/fabric/months")

    assert refused.status_code == 404
    assert "fabric build" in refused.json()["detail"]


def test_real_rows_pass_through_the_same_reader_and_pages(client, read, shared, tmp_path, monkeypatch):
    source = shared / "data/companies/sirene_ess_numerique_2026/structures.parquet"
    codes = shared / "data/geography/fr_cog_2026/communes.parquet"
    stock = tmp_path / "StockEtablissement_utf8.csv"
    # The extract names communes and not their codes: those that one commune alone bears are looked up.
    duckdb.execute(
        f"""COPY (SELECT s.siren, right(siret_siege, 5) AS nic, siret_siege AS siret,
            'O' AS "statutDiffusionEtablissement", date_creation AS "dateCreationEtablissement",
            tranche_effectifs AS "trancheEffectifsEtablissement", 'true' AS "etablissementSiege",
            c.code AS "codeCommuneEtablissement", NULL AS "codePaysEtrangerEtablissement", date_creation AS "dateDebut",
            CASE est_active WHEN 'True' THEN 'A' ELSE 'F' END AS "etatAdministratifEtablissement",
            replace(naf, ' ', '') AS "activitePrincipaleEtablissement",
            'NAFRev2' AS "nomenclatureActivitePrincipaleEtablissement", 'N' AS "caractereEmployeurEtablissement"
            FROM '{source}' AS s LEFT JOIN (SELECT upper(nom) AS nom, min(code) AS code FROM '{codes}'
            WHERE type = 'commune-actuelle' GROUP BY 1 HAVING count(*) = 1) AS c ON c.nom = upper(s.commune)
            ) TO '{stock}' (HEADER)"""
    )
    register = tmp_path / "registers" / "sirene"
    load_snapshot([stock], register, month="2026-11", today="2026-11-22")
    build(register, tmp_path / "fabric", today="2026-11-22", perimeters=("oecd_ict_sector",))
    monkeypatch.setenv("BEFFROI_HOME", str(tmp_path))
    # Few rows of the extract say where they are; those of the sector that do are all on the page.
    whole = duckdb.execute(
        f"""SELECT count(DISTINCT siren) FROM read_csv('{stock}', all_varchar = true)
            WHERE "codeCommuneEtablissement" IS NOT NULL AND "etatAdministratifEtablissement" = 'A'
            AND regexp_matches("activitePrincipaleEtablissement", '^(58.2|61|62|63.1|95.1)')"""
    ).fetchone()[0]
    names = duckdb.execute(
        f"SELECT DISTINCT denomination FROM '{source}' WHERE length(denomination) > 14 LIMIT 400"
    ).fetchall()

    rows = rows_of(client.get("/en/fabric/FR/figures.csv"))

    assert {row["source"] for row in rows} == {"SIRENE (INSEE), Licence Ouverte 2.0"}
    assert whole >= 3
    assert int(rows[0]["establishments"]) == whole
    for page in ("/fabric/FR/", "/fabric/FRE/", "/fabric/FR/map/", "/fabric/FRK/related/", "/fabric/FR/against/"):
        answer = client.get(f"/fr{page}")
        found = read(answer)
        assert answer.status_code == 200
        assert found.faults == []
        assert "Registre synthétique" not in found.text
        assert not [name for (name,) in names if name in found.text]
