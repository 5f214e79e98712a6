"""The directory by every way of asking, linked data, freshness, profile, trades, history and checked links."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime
from html import unescape

import pytest

from beffroi.catalogue.trades import load_trades, merge_concepts, to_yaml, use_own_trades
from beffroi.federation import directory, precision
from beffroi.federation.directory_entries import entries
from beffroi.federation.judgement import merge, override, verify
from beffroi.federation.log import Act
from beffroi.federation.profile import profile
from beffroi.federation.read import count_members
from beffroi.federation.taxonomy import decide_trade
from beffroi.federation.territories_of_action import set_territories
from beffroi.records import models
from beffroi.vocabulary.errors import UnknownRegionError
from beffroi.web.svg import points_map

BOTH = pytest.mark.parametrize("lang", ["fr", "en"])
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = datetime.now(UTC).date()
QUERIES = (
    {"q": "lyno jeux"}, {"territory": "69", "q": "studio"}, {"territory": "FRK", "trade": "hosting"},
    {"q": "veldan", "sort": "-name"}, {"membership": "several", "sort": "city", "territory": "42"},
    {"status": "lapsed"},
    {"size": "micro", "list": "Liste d’Aval (inventée)", "q": "veldan"},
    {"territory": "200046977", "sort": "size", "q": "conseil"}, {"department": "26"}, {"q": "zzzzzz"},
)  # fmt: skip


def act(kind="override"):
    return Act("account 1", AT, kind)


def public(number=0):
    held = [one for one in entries(TODAY) if one.is_public and len(one.lists) > 1]
    return held[number]


def ids_on_pages(browser, read, query, view):
    found, page = [], 1
    while True:
        response = browser.get("/en/registry/", {**query, "view": view, "page": page})
        links = [one for one in read(response).links if "/organisation/" in one]
        found += [one.split("/")[-2] for one in links]
        if f"page={page + 1}" not in response.content.decode():
            return found
        page += 1


@pytest.mark.parametrize("role", ["visitor", "office"])
def test_s20_6_page_list_map_files_linked_data_and_interface_show_the_same(people, read_page, role):
    browser = people(role)
    for query in QUERIES:
        rows = list(csv.DictReader(io.StringIO(browser.get("/en/registry/organisations.csv", query).content.decode())))
        wanted = [row["organisation"] for row in rows]
        if query.get("q") != "zzzzzz" and not (role == "visitor" and set(query) & {"status"}):
            assert wanted, query

        for view in ("table", "list"):
            assert ids_on_pages(browser, read_page, query, view) == wanted, (query, view)
        held = json.loads(browser.get("/en/registry/organisations.json", query).content)["rows"]
        assert [row["organisation"] for row in held] == wanted
        sheet = zipfile.ZipFile(io.BytesIO(browser.get("/en/registry/organisations.xlsx", query).content))
        strings = sheet.read("xl/sharedStrings.xml").decode() if wanted else ""
        assert all(one in strings for one in wanted)
        graph = json.loads(browser.get("/fr/registry/organisations.jsonld", query).content)["@graph"]
        assert [one["@id"].split("/")[-2] for one in graph] == wanted
        asked = {**query, "territory": query.get("territory", query.get("department", "")), "size_of_page": 500}
        answer = browser.get(
            "/api/v1/registry/organisations", {k: v for k, v in asked.items() if k != "department"}
        ).json()
        assert [one["id"] for one in answer["rows"]] == wanted
        page = read_page(browser.get("/en/registry/", {**query, "view": "map"}))
        places = [int(row[1].replace(",", "")) for row in page.rows[1:] if len(row) == 3]
        nowhere = re.search(r"Without a place on the map: (\d+)", page.text)
        assert sum(places) + int(nowhere[1] if nowhere else 0) == len(wanted), query


def test_each_facet_says_how_many_there_would_be(people):
    browser = people("office")
    query = {"q": "studio", "territory": "FRK"}
    answer = browser.get("/api/v1/registry/organisations", query).json()
    assert answer["count"]
    for name in ("territory", "trade", "list", "membership", "size", "status"):
        for facet in answer["facets"][name][:4]:
            left = browser.get("/api/v1/registry/organisations", {**query, name: facet["value"]}).json()
            assert left["count"] == facet["count"], (name, facet)


def test_a_broader_trade_finds_the_narrower_and_status_agrees_with_the_count(people):
    people("visitor")

    def count(**query):
        return {one.id for one in directory.search(directory.Query(**query), day=TODAY, sees_all=True).entries}

    assert count(trade="programming") < count(trade="it_services")
    assert count(trade="video_games") == count(trade="software_publishing")
    assert count(trade="unknown").isdisjoint(count(trade="it_services"))
    assert len(count(status="member")) == count_members(TODAY).members.count == 510
    everything = count(status="any")
    parts = [count(status=one) for one in ("member", "lapsed", "closed", "former", "outside")]
    assert set().union(*parts) == everything
    assert sum(map(len, parts)) == len(everything) == models.Organisation.objects.count()


def test_what_a_visitor_may_not_read_no_question_tells(people):
    browser = people("visitor")
    plain = browser.get("/en/registry/organisations.csv").content
    one = public()
    override(one.id, "email", "secret-box@nowhere.example", act=act())
    override(one.id, "employees", "7", act=act())

    assert browser.get("/en/registry/organisations.csv", {"size": "micro"}).content == plain
    assert browser.get("/en/registry/organisations.csv", {"status": "closed"}).content == plain
    assert browser.get("/api/v1/registry/organisations", {"q": "secret"}).json()["count"] == 0
    assert "size" not in browser.get("/api/v1/registry/organisations").json()["facets"]
    assert browser.get("/api/v1/registry/organisations").json()["rows"][0]["size"] is None
    officer = people("office")
    assert officer.get("/api/v1/registry/organisations", {"q": "secret"}).json()["rows"][0]["id"] == one.id


def test_pages_stop_where_there_is_no_more_and_nonsense_is_left_out(people, read_page):
    browser = people("visitor")
    for query in ({"page": "99999"}, {"page": "-1"}, {"view": "x"}, {"sort": "revenue"}, {"membership": "x"},
                  {"territory": "nowhere"}, {"q": "x" * 999}, {"q": "' OR 1=1 --"}, {"trade": "<script>"}):  # fmt: skip
        response = browser.get("/en/registry/", query)
        assert response.status_code == 200, query
        assert read_page(response).faults == []
        assert b"<script>" not in response.content.replace(b'<script type="application/ld+json">', b"")


@BOTH
def test_the_map_names_its_places_and_says_which_points_are_shared(people, read_page, lang):
    page = read_page(people("visitor").get(f"/{lang}/registry/?view=map"))

    assert page.faults == []
    assert {"Lyon", "Saint-Étienne"} <= {row[0] for row in page.rows if row}
    drawing = points_map.draw(
        [points_map.Spot("<b>", 4.8, 45.7, 9), points_map.Spot("Isère", 5.6, 45.3, 1, is_own=False)], layout="wide"
    )
    assert "&lt;b&gt; 9" in drawing.body
    assert "spot shared" in drawing.body
    assert points_map.draw([], layout="narrow").body
    assert people("visitor").get(f"/{lang}/registry/organisations.svg?q=zzzzzz").status_code == 404


def test_s20_1_a_permanent_address_checked_numbers_and_territories_of_action_at_any_level(people, read_page):
    browser = people("reviewer")
    first, second = [one.id for one in entries(TODAY) if not one.legal_unit and one.lists][:2]
    done = merge(first, second, act=act("merge"))
    kept = next(iter(done.after))
    gone = ({first, second} - {kept}).pop()
    for tail in ("", "history/"):
        moved = browser.get(f"/fr/registry/organisation/{gone}/{tail}")
        assert (moved.status_code, moved.headers["Location"]) == (301, f"/fr/registry/organisation/{kept}/{tail}")
    moved = browser.get(f"/api/v1/registry/organisations/{gone}")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/api/v1/registry/organisations/{kept}")

    set_territories(kept, ["FRE", "59", "200093201", "59350"], act=act("territories"))
    text = read_page(browser.get(f"/fr/registry/organisation/{kept}/")).text
    assert "Hauts-de-France · Nord · Métropole Européenne de Lille · Lille" in text
    assert browser.get("/api/v1/registry/organisations", {"acts_in": "59350"}).json()["count"] == 1
    assert browser.get("/api/v1/registry/organisations", {"territory": "59350"}).json()["count"] == 0
    with pytest.raises(UnknownRegionError, match="'xx' is no territory"):
        set_territories(kept, ["xx"], act=act("territories"))


def test_s20_2_an_organisation_carries_schema_org_data_without_a_person(people):
    browser = people("visitor")
    one = public()
    override(one.id, "website", "javascript:alert(1)//</script>.fr", act=act())
    override(one.id, "email", "camille.durand@example.org", act=act())
    override(one.id, "address", "</script><b>1</b>", act=act())

    page = browser.get(f"/fr/registry/organisation/{one.id}/").content.decode()

    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    data = json.loads(found[1])
    assert data["@type"] == "Organization"
    assert data["@context"] == "https://schema.org"
    assert data["@id"].endswith(f"/fr/registry/organisation/{one.id}/")
    assert {each["@type"] for each in data["identifier"]} == {"PropertyValue"}
    assert {each["propertyID"] for each in data["identifier"]} == {"Beffroi", "demo"}
    assert "sameAs" not in data
    assert data["address"]["streetAddress"] == "</script><b>1</b>"
    assert "camille" not in page
    assert "<b>1</b>" not in page
    assert 'href="javascript' not in page


def test_schema_org_names_siren_and_vat_as_property_values(people, monkeypatch):
    from beffroi.web import organisation_data  # noqa: PLC0415 -- used here alone

    people("visitor")
    from dataclasses import replace  # noqa: PLC0415 -- used here alone

    from django.test import RequestFactory  # noqa: PLC0415 -- used here alone

    one = replace(public(), legal_unit="siren:732829320", website="edit.fr")
    data = organisation_data.describe(RequestFactory(SERVER_NAME="localhost").get("/"), "fr", one, naf="62.01Z")

    assert [(each["propertyID"], each["value"]) for each in data["identifier"]][1:] == [
        ("SIREN", "732829320"), ("VAT", "FR44732829320"),
    ]  # fmt: skip
    assert data["vatID"] == "FR44732829320"
    assert data["sameAs"] == "https://edit.fr"


@BOTH
def test_s20_3_each_page_says_when_and_against_what_it_was_verified(people, read_page, lang):
    browser = people("visitor")
    one = public()
    text = read_page(browser.get(f"/{lang}/registry/organisation/{one.id}/")).text
    assert "Registre inventé" in text

    school = next(each for each in entries(TODAY) if not each.legal_unit and each.is_public and each.lists)
    text = read_page(browser.get(f"/{lang}/registry/organisation/{school.id}/")).text
    assert ("Personne ne l’a encore vérifiée" if lang == "fr" else "Nobody has verified it yet") in text
    verify(school.id, on=date(2024, 1, 2), against="annual letter", act=act("verify"))
    text = read_page(browser.get(f"/{lang}/registry/organisation/{school.id}/")).text
    assert "annual letter" in text
    assert ("plus de douze mois" if lang == "fr" else "more than twelve months") in text


def test_s06_2_several_trades_one_of_them_main_each_with_its_version(people, read_page):
    browser = people("visitor")
    one = public()
    decide_trade(one.id, "digital", "hosting", is_accepted=True, act=act("trade"))
    decide_trade(one.id, "digital", "games", is_accepted=True, is_main=True, act=act("trade"))

    page = read_page(browser.get(f"/en/registry/organisation/{one.id}/"))

    assert "Video games main (scheme 2026.1), Hosting, data and cloud (scheme 2026.1)" in page.text
    assert browser.get("/api/v1/registry/organisations", {"trade": "video_games", "q": one.name}).json()["count"] == 1


@BOTH
def test_s06_5_the_page_of_a_merged_trade_leads_to_the_new_one(people, read_page, tmp_path, lang):
    browser = people("visitor")
    page = read_page(browser.get(f"/{lang}/trades/"))
    assert "2026.1" in page.text
    moved = browser.get(f"/{lang}/trades/games/")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/{lang}/trades/video_games/")
    assert browser.get(f"/{lang}/trades/digital/games/").headers["Location"] == f"/{lang}/trades/video_games/"
    assert browser.get("/trades/repair/").status_code == 302
    assert browser.get(f"/{lang}/trades/nothing/").status_code == 404
    (tmp_path / "digital.yaml").write_text(
        to_yaml(merge_concepts(load_trades(), "repair", "wholesale", version="2027.1")), "utf-8"
    )
    try:
        use_own_trades(tmp_path)
        assert browser.get(f"/{lang}/trades/repair/").headers["Location"] == f"/{lang}/trades/wholesale/"
        assert "repair" in read_page(browser.get(f"/{lang}/trades/wholesale/")).text
        assert browser.get("/api/v1/registry/trades").json()["version"] == "2027.1"
        assert browser.get("/api/v1/registry/organisations").json()["trades_version"] == "2027.1"
    finally:
        use_own_trades(tmp_path / "none")
    turtle = browser.get(f"/{lang}/trades/scheme.ttl")
    assert "<http://localhost/trades/digital/video_games> a skos:Concept" in turtle.content.decode()
    assert browser.get(f"/{lang}/trades/scheme.csv").content.startswith(b"id,label_fr")


def test_s27_3_visitors_are_shown_no_cell_under_three_and_officers_are(people, read_page):
    page = read_page(people("visitor").get("/en/registry/profile/"))
    assert "hidden" in page.text
    assert "décret" in page.text.lower()
    rows = list(csv.DictReader(io.StringIO(people("visitor").get("/en/registry/profile/figures.csv").content.decode())))
    numbers = [value for row in rows for key, value in row.items() if key not in {"dimension", "class", "name"}]
    assert not {"1", "2"} & set(numbers)
    assert "" in numbers
    answer = people("visitor").get("/api/v1/registry/profile").json()
    assert not {1, 2} & {count for line in answer["lines"] for count in line["counts"].values()}
    people("visitor")
    assert profile(TODAY, is_public=True).hidden == numbers.count("")
    text = people("office").get("/en/registry/profile/figures.csv").content.decode()
    assert ",2," in text
    assert {"size", "trade", "territory"} == {row["dimension"] for row in rows} - {"total"}


@BOTH
def test_new_pages_are_well_formed(people, read_page, lang):
    browser = people("reviewer")
    one = public()
    for path in ("registry/?view=map", "registry/?view=list&q=lyon", "registry/profile/", "trades/",
                 "trades/it_services/", f"registry/organisation/{one.id}/", "registry/review/sample/",
                 f"registry/organisation/{one.id}/history/", "registry/count/", "registry/review/"):  # fmt: skip
        response = browser.get(f"/{lang}/{path}")
        assert response.status_code == 200, path
        page = read_page(response)
        assert page.faults == [], path
        assert len(page.ids) == len(set(page.ids)), path
        assert set(page.refers) <= set(page.ids), path
        assert page.headings.count(1) == 1, path
        assert "%(" not in page.text
        assert len(response.content) < 200_000, path
    for path in ("count/figures.svg", "profile/trade.svg", "organisations.svg"):
        assert browser.get(f"/{lang}/registry/{path}").content.startswith(b"<?xml")
    assert browser.get(f"/{lang}/registry/profile/x.svg").status_code == 404


def test_french_pages_say_reasons_in_french(people, read_page):
    browser = people("reviewer")
    case = next(iter(precision.sample(1)))
    text = read_page(browser.get("/fr/registry/review/sample/")).text
    assert "bits" in text
    for english in ("same ", "names share", "web domain", "candidate", "commune '", "The register says"):
        assert english not in text, english
    left = case.sides[0].organisation
    page = read_page(browser.get(f"/fr/registry/organisation/{left}/history/"))
    assert "la ligne indique l’unité légale" in page.text or "même" in page.text
    assert "The row states" not in page.text


def test_links_drawn_at_random_are_checked_one_by_one_and_counted_by_themselves(people, read_page):
    browser = people("reviewer")
    before = {one.name: one for one in precision.bands()}
    assert before["automatic_sampled"].decided == 0
    assert [one.id for one in precision.sample(5)] == [one.id for one in precision.sample(9)][:5]
    assert [one.id for one in precision.sample(9, seed="2")] != [one.id for one in precision.sample(9)]
    groups = models.Organisation.objects.count()

    for decision in ("same", "different"):
        page = browser.get("/en/registry/review/sample/").content.decode()
        case = re.search(r'name="case" value="([\d-]+)"', page)[1]
        done = browser.post("/en/registry/review/sample/", {"case": case, "decision": decision})
        assert done.status_code == 302
        assert browser.post("/en/registry/review/sample/", {"case": case, "decision": decision}).status_code == 404

    found = {one.name: one for one in precision.bands()}
    assert (found["automatic_sampled"].decided, found["automatic_sampled"].same) == (2, 1)
    assert found["automatic_sampled"].low < 0.5 < found["automatic_sampled"].high
    assert found["automatic_looked_at"].decided == 0
    assert found["reviewed"] == before["reviewed"]
    assert models.Organisation.objects.count() == groups + 1
    text = unescape(read_page(browser.get(done.headers["Location"])).text)
    assert "Of 2 automatic links drawn at random, persons found 1 to be right" in text
    refused = browser.post("/en/registry/review/sample/", {"case": precision.sample(1)[0].id, "decision": "king"})
    assert refused.status_code == 409


def test_s22_3_old_names_still_lead_to_the_organisation(people, read_page):
    browser = people("reviewer")
    heir, former = public(0), public(3)
    other = next(one for one in entries(TODAY) if one.lists and not one.is_public)
    left, right = (models.Placement.objects.filter(organisation=one.id, version__isnull=False).first().record_id
                   for one in (heir, former))  # fmt: skip
    from beffroi.federation.judgement import decide  # noqa: PLC0415 -- used here alone

    decide(left, right, "related", relation="successor_of", act=act("decide"), reason="Absorbed in 2026.")
    word = former.name.split()[0]
    for role in ("visitor", "office"):
        found = people_of(browser, role).get("/api/v1/registry/organisations", {"q": word}).json()["rows"]
        assert {heir.id, former.id} <= {one["id"] for one in found}
    page = read_page(browser.get(f"/en/registry/organisation/{heir.id}/"))
    assert f"{heir.name} followed {former.name}" in page.text
    third = models.Placement.objects.filter(organisation=other.id, version__isnull=False).first().record_id
    decide(left, third, "related", relation="successor_of", act=act("decide"), reason="x")
    visitor = people_of(browser, "visitor")
    assert other.name not in visitor.get(f"/en/registry/organisation/{heir.id}/").content.decode()
    found = visitor.get("/api/v1/registry/organisations", {"q": other.name}).json()["rows"]
    assert heir.id not in {one["id"] for one in found}
    found = people_of(browser, "office").get("/api/v1/registry/organisations", {"q": other.name}).json()["rows"]
    assert heir.id in {one["id"] for one in found}


def people_of(browser, role):
    """Another browser over the same registry."""
    from django.contrib.auth.models import User  # noqa: PLC0415 -- after Django is ready
    from django.test import Client  # noqa: PLC0415 -- as above

    found = Client(SERVER_NAME="localhost", raise_request_exception=False)
    if role != "visitor":
        found.force_login(User.objects.get(email=f"{role}@example.org"))
    return found


def test_the_history_names_who_decided_what_and_goes_as_a_file(people, read_page):
    browser = people("reviewer")
    first, second = [one.id for one in entries(TODAY) if not one.legal_unit and one.lists][:2]
    done = merge(first, second, act=Act("account 1", AT, "merge"), reason="One school.")
    kept = next(iter(done.after))

    page = read_page(browser.get(f"/en/registry/organisation/{kept}/history/"))
    rows = list(
        csv.DictReader(io.StringIO(browser.get(f"/en/registry/organisation/{kept}/history.csv").content.decode()))
    )

    assert "One school." in page.text
    assert f"/en/registry/undo/{done.event}/" in page.links
    assert {row["what"] for row in rows} >= {"same", "merge"}
    assert people("visitor").get(f"/en/registry/organisation/{kept}/history/").status_code == 404
