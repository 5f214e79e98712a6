"""Pages of the strategy: what everybody reads, what partners read, forms, and the vision on one page."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beffroi.charter import entries
from beffroi.records.ballots import BallotVote
from beffroi.strategy import write
from beffroi.strategy.decision import Outcome
from beffroi.strategy.vision import fingerprint
from beffroi.strategy.vote_outcomes import outcomes
from beffroi.web import strategy_facts
from beffroi.web.one_page import Line, Sheet, draw, measure, wrapped

BOTH = pytest.mark.parametrize("lang", ["fr", "en"])
PAGES = (
    "strategy/", "strategy/orphans/", "strategy/genericity/", "strategy/indicator/hrst_pct/", "vision/", "vision/1/",
    "factors/", "factors/compare/", "objectives/", "actions/", "projects/", "strategy/results/", "strategy/assets/",
    "strategy/programmes/", "strategy/figures/", "strategy/decisions/", "strategy/visions/", "factors/factor-1/",
    "objectives/objective-1/", "actions/action-2/", "projects/project-1/", "strategy/results/result-1/",
    "strategy/programmes/programme-1/", "strategy/figures/figure-1/", "strategy/visions/vision-1/",
    "actions/?state=published", "factors/?q=zzz", "strategy/?on=2006-04-11", "vision/?on=2006-04-11",
)  # fmt: skip
FORMS = (
    "strategy/new/vision/", "strategy/new/project/", "strategy/edit/vision-1/", "strategy/edit/action-1/",
    "strategy/state/objective-2/", "strategy/approve/vision-1/", "strategy/review/action-1/",
    "strategy/override/action-2/", "strategy/put-away/factor-1/",
)  # fmt: skip


def book():
    return entries.book()


@BOTH
@pytest.mark.parametrize("role", ["visitor", "office"])
def test_pages_are_well_formed_and_change_nothing(people, read_page, role, lang):
    browser = people(role)
    before = book().last
    for path in (*PAGES, *(FORMS if role == "office" else ())):
        response = browser.get(f"/{lang}/{path}")
        assert response.status_code == 200, path
        page = read_page(response)
        assert page.faults == [], path
        assert len(page.ids) == len(set(page.ids)), (path, page.ids)
        assert set(page.refers) <= set(page.ids), path
        assert page.headings.count(1) == 1, path
        assert "%(" not in page.text, path
    assert book().last == before


@BOTH
def test_an_empty_house_says_what_comes_next(client, read_page, lang):
    for path in ("strategy/", "vision/", "factors/", "objectives/", "actions/", "projects/", "strategy/orphans/"):
        response = client.get(f"/{lang}/{path}")
        page = read_page(response)
        assert response.status_code == 200
        assert page.faults == [], path
    assert "./beffroi strategy template" in read_page(client.get(f"/{lang}/factors/")).text


@BOTH
def test_s02_1_a_visitor_reads_statement_stages_and_figures(client, people, read_page, lang):
    people("visitor")
    page = read_page(client.get(f"/{lang}/vision/"))
    vision = book().thing("vision-1")

    assert " ".join(vision.text("statement", lang).split()) in page.text
    for stage in vision.rows("stages"):
        assert stage["name"][lang] in page.text
    rank = next(row for row in page.rows if row and "2056" in "".join(row))
    figure = strategy_facts.figures().find("rank", "FRK")
    assert str(figure.value) in rank[1]
    assert str(figure.dated.year) in rank[1]
    assert figure.source.say(lang) in rank[1]
    assert "5" in rank[2]
    assert str(figure.value - 5) in rank[3]


def texts(pdf):
    """What the page shows, line by line."""
    shown = re.findall(rb"BT /F\d [\d.]+ Tf ([\d.]+) ([\d.]+) Td \((.*?)\) Tj ET", pdf, re.DOTALL)
    return [(float(x), float(y), re.sub(rb"\\(.)", rb"\1", raw).decode("cp1252")) for x, y, raw in shown]


@BOTH
def test_s02_2_the_vision_prints_on_one_a4_page(client, people, lang):
    people("visitor")
    response = client.get(f"/{lang}/vision/vision.pdf")
    body = response.content

    assert response.headers["Content-Type"] == "application/pdf"
    assert body.count(b"/Type /Page ") == 1
    assert b"/Count 1 " in body
    assert b"/MediaBox [0 0 595.28 841.89]" in body
    said = " ".join(text for _x, _y, text in texts(body))
    assert book().thing("vision-1").text("statement", lang).replace("\u202f", "\u00a0") in said
    for place in re.findall(rb"(\d{10}) 00000 n ", body):
        assert re.match(rb"\d 0 obj", body[int(place) : int(place) + 9])
    assert body[int(re.search(rb"startxref\n(\d+)", body)[1]) :].startswith(b"xref")
    assert body == client.get(f"/{lang}/vision/vision.pdf").content


@settings(max_examples=25)
@given(st.text(max_size=1500), st.lists(st.text(max_size=330), max_size=24))
def test_s02_2_whatever_a_vision_says_fits_on_the_page(statement, more):
    body = draw(
        Sheet(statement[:200], (Line(statement, 12.5), *(Line(one, 10.5, gap=5) for one in more)), "foot", "fr")
    )
    for x, y, line in texts(body):
        assert 56 <= y <= 841.89 - 56
        assert x + measure(line, 5) <= 595.28
    assert body.count(b"/Type /Page ") == 1


def test_s02_2_the_longest_vision_that_the_rules_allow_fits():
    lines = [Line("m" * 1500, 12.5), *(Line("w" * 330, 11) for _ in range(8)), *(Line("w" * 120, 11) for _ in range(8)),
             *(Line("w" * 300, 10.5) for _ in range(8))]  # fmt: skip
    assert texts(draw(Sheet("W" * 200, tuple(lines), "foot " * 40, "en")))
    with pytest.raises(ValueError, match="too many"):
        draw(Sheet("a", (Line("w" * 20_000, 12),), "f", "en"))


@given(st.text(max_size=400), st.floats(20, 500))
def test_lines_are_never_wider_than_the_page(said, width):
    lines = wrapped(said, 10, width)
    assert all(measure(line, 10) <= width + 1e-6 or len(line) == 1 for line in lines)
    assert "".join(lines).replace(" ", "") == said.replace("\n", "").replace(" ", "")


def main_part(response):
    """Title, statement, stages and figures of a version; its list of versions may grow."""
    return re.search(r"<h1>.*?<div class=\"aside\">", response.content.decode(), re.DOTALL)[0]


def test_s02_3_4_a_version_keeps_its_address_and_content(people, read_page):
    office = people("office")
    first, paper = main_part(office.get("/en/vision/1/")), office.get("/en/vision/1/vision.pdf").content
    vision = book().thing("vision-1")
    form = read_form(office.get("/en/strategy/edit/vision-1/"))
    form["statement_fr"], form["statement_en"] = "Autre chose.", "Something else."
    assert office.post("/en/strategy/edit/vision-1/", form).status_code == 302

    assert "Something else." not in office.get("/en/vision/").content.decode()
    assert "draft of the next version" in office.get("/en/vision/").content.decode()
    assert office.post("/en/strategy/approve/vision-1/", {"said": "resolution-9"}).status_code == 422
    assert office.post("/en/strategy/approve/vision-1/", {"said": "resolution-1"}).status_code == 302

    assert "Something else." in office.get("/en/vision/").content.decode()
    assert main_part(office.get("/en/vision/2/")).count("Something else.") == 1
    again = office.get("/en/vision/1/")
    assert main_part(again).replace("A later version is in force.", "") == first
    assert "A later version is in force." in again.content.decode()
    assert office.get("/en/vision/1/vision.pdf").content == paper
    assert vision.text("statement", "en") in first
    assert office.get("/en/vision/3/").status_code == 404


def read_form(response):
    """Names and values of a form as a browser would send them."""
    html = response.content.decode()
    found = {}
    for tag in re.findall(r"<input [^>]*>", html):
        kind, name = re.search(r'type="(\w+)"', tag), re.search(r'name="([^"]+)"', tag)
        if name and not (kind and kind[1] in {"checkbox", "radio"} and " checked" not in tag):
            value = re.search(r'value="([^"]*)"', tag)
            found.setdefault(name[1], []).append(value[1] if value else "")
    for name, inner in re.findall(r'<textarea name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', html, re.DOTALL):
        found[name] = [inner]
    for name, inner in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        found[name] = re.findall(r'<option value="([^"]*)" selected', inner) or [""]
    from html import unescape  # noqa: PLC0415 -- only here

    return {name: [unescape(one) for one in values] for name, values in found.items()}


def test_s02_5_a_figure_past_its_refresh_period_is_marked_stale(people, client, read_page):
    people("visitor")
    page = read_page(client.get("/en/strategy/indicator/hrst_pct/"))
    assert page.text
    results = read_page(client.get("/en/objectives/objective-1/"))
    row = next(row for row in results.rows if row and "Employment" in row[0])
    figure = strategy_facts.figures().find("hrst_pct", "FRK")
    assert figure.is_stale(datetime.now(UTC).date())
    assert "stale" in row[2]
    rank = next(row for row in read_page(client.get("/en/vision/")).rows if row and "2056" in "".join(row))
    assert "stale" not in rank[1]


def test_s04_6_evidence_opens_the_exact_version_of_the_figure(people, client, read_page):
    office = people("office")
    factor = book().thing("factor-1")
    form = read_form(office.get(f"/en/strategy/edit/{factor.id}/"))
    form |= {"severity": "4", "evidence-0-day": "2025-12-01", "evidence-0-indicator": "hrst_pct",
             "evidence-0-region": "FRK", "evidence-0-edition": "2025-1", "reason": "first rating"}  # fmt: skip
    assert office.post(f"/en/strategy/edit/{factor.id}/", form).status_code == 302

    page = read_page(client.get(f"/en/factors/{factor.id}/"))

    (link,) = {one for one in page.links if "/number/" in one}
    assert link.startswith("/en/edition/2025-1/number/")
    exact = client.get(link)
    figure = strategy_facts.figures().find("hrst_pct", "FRK", "2025-1")
    assert exact.status_code == 200
    assert f"{round(figure.value, figure.decimals)}" in exact.content.decode()
    assert "first rating" in page.text


def test_s04_5_two_editions_side_by_side(people, client, read_page):
    office = people("office")
    form = read_form(office.get("/en/strategy/edit/factor-1/"))
    office.post("/en/strategy/edit/factor-1/", {**form, "indicators": "hrst_pct"})
    page = read_page(client.get("/en/factors/compare/?before=2025-1&after=2026-1"))
    old, new = (strategy_facts.figures().find("hrst_pct", "FRK", one) for one in ("2025-1", "2026-1"))

    rows = [row for row in page.rows if len(row) == 5 and "(20" in row[2]]
    assert rows
    assert str(round(old.value, 1)) in rows[0][2]
    assert str(round(new.value, 1)) in rows[0][3]
    assert {one.split("/")[3] for one in page.links if "/number/" in one} == {"2025-1", "2026-1"}
    assert client.get("/en/factors/compare/?before=1999-1").status_code == 404
    held = list(csv.DictReader(io.StringIO(client.get("/en/factors/compare.csv").content.decode())))
    assert held[0]["value_after"] == str(new.value)


def test_s08_4_table_and_bars_give_the_same_order(people, read_page):
    office = people("office")
    form = read_form(office.get("/en/strategy/edit/action-1/"))
    office.post("/en/strategy/edit/action-1/", {**form, "starts": "2027-03-01", "ends": "2027-06-30"})
    page = read_page(office.get("/en/actions/"))
    shown = [row[0] for row in page.rows if row and row[0] != "Action"]
    names = [one.text("name", "en") for one in book().of("action")]
    assert len(shown) == 16
    assert shown[:8] == shown[8:]
    assert sorted(shown[:8]) == sorted(names)
    assert shown.index(book().thing("action-8").text("name", "en")) == 7


SECRET = ("777777", "777,777", "777\u202f777", "Banque discrète", "Banque discr\\u00e8te")


def test_s09_4_confidential_amounts_are_for_partners_only(people):
    address = "/en/projects/project-1/amounts/"
    partner = people("representative")
    assert "777,777" in partner.get(address).content.decode()
    assert address in partner.get("/en/projects/project-1/").content.decode()
    for role in ("visitor", "stranger", "office", "operator", "secretary"):
        other = people(role)
        assert other.get(address).status_code == 404, role
        assert other.post(f"{address}edit/", {"private_funding-rows": "1"}).status_code == 404, role
        for path in ("projects/project-1/", "projects/", "projects/export.csv", "projects/export.json", "strategy/",
                     "projects/project-1/values.json", "actions/export.csv", "projects/?q=Banque"):  # fmt: skip
            shown = other.get(f"/en/{path}").content.decode()
            assert not [one for one in SECRET if one in shown], (role, path)
    for path in ("things/project", "funders", ""):
        assert not [one for one in SECRET if one in other.get(f"/api/v1/strategy/{path}").content.decode()]


def test_a_partner_enters_confidential_amounts(people):
    partner = people("representative")
    form = read_form(partner.get("/en/projects/project-1/amounts/edit/"))
    form |= {"private_funding-1-funder": "Fund", "private_funding-1-year": "2027",
             "private_funding-1-committed_eur": "12,5"}  # fmt: skip
    assert partner.post("/en/projects/project-1/amounts/edit/", form).status_code == 302
    assert [row["committed_eur"] for row in book().thing("project-1").rows("private_funding")] == ["777777", "12.5"]


def test_s09_2_the_owner_is_told_of_a_late_milestone(people):
    assert "Late milestones that are yours" in people("representative").get("/en/strategy/").content.decode()
    assert "Late milestones that are yours" not in people("stranger").get("/en/strategy/").content.decode()
    assert "days late" in people("visitor").get("/en/projects/project-1/").content.decode()


def test_s14_5_all_actions_with_funders_in_one_file(people):
    office, visitor = people("office"), people("visitor")
    rows = list(csv.DictReader(io.StringIO(office.get("/en/actions/export.csv").content.decode())))
    assert {row["action"] for row in rows} == {f"action-{n}" for n in range(1, 9)}
    paid = next(row for row in rows if row["action"] == "action-2")
    assert (paid["funder"], paid["year"], paid["committed_eur"], paid["spent_eur"]) == (
        "Région",
        "2026",
        "90000",
        "20000",
    )
    assert paid["effect_status"] == "unknown"
    assert "no cost per result" in paid["why_no_cost_per_result_en"]
    public = csv.DictReader(io.StringIO(visitor.get("/en/actions/export.csv").content.decode()))
    assert [row["action"] for row in public] == ["action-2"]
    assert "No cost" not in rows[0]["name_en"]


def test_s01_1_the_chain_is_walked_by_links_both_ways(people, client, read_page):
    people("visitor")
    page = read_page(client.get("/en/projects/project-1/"))
    assert "/en/objectives/objective-1/" in page.links
    page = read_page(client.get("/en/objectives/objective-1/"))
    assert {"/en/strategy/visions/vision-1/", "/en/factors/factor-1/", "/en/actions/action-2/",
            "/en/projects/project-1/"} <= set(page.links)  # fmt: skip
    assert "/en/projects/project-1/" in read_page(client.get("/en/strategy/visions/vision-1/")).links


def test_s01_2_the_form_says_why_an_action_must_wait(people, read_page):
    office = people("office")
    whole = {"name_fr": "B", "name_en": "B", "statement_fr": "x", "statement_en": "x"}
    office.post("/en/strategy/new/vision/", whole)
    office.post("/en/strategy/new/programme/", {"name_fr": "P", "name_en": "P", "vision": "vision-2"})
    response = office.post("/en/strategy/new/action/", {"name_fr": "A", "name_en": "A", "programme": "programme-2"})
    assert response.status_code == 422
    assert "Vision first, then means" in read_page(response).text
    assert len(book().of("action")) == 8


def test_s03_2_s01_3_an_action_goes_from_draft_to_published_by_two_people(people, read_page):
    office = people("office")
    said = {"answer": "ours", "said": "Only our retailers can open their tills."}
    state = {**read_form(office.get("/en/strategy/state/action-3/")), "state": "published"}
    refused = office.post("/en/strategy/state/action-3/", state)
    assert "Somebody other than the author" in read_page(refused).text
    form = read_form(office.get("/en/strategy/edit/action-3/"))
    office.post("/en/strategy/edit/action-3/", {**form, "said_fr": "Y", "said_en": "Y"})
    assert "You wrote this text" in read_page(office.post("/en/strategy/review/action-3/", said)).text
    last = book().thing("action-3").entry
    secretary = people("secretary")
    assert secretary.post("/en/strategy/review/action-3/", said).status_code == 302
    assert book().thing("action-3").entry > last
    state["expected"] = str(book().thing("action-3").entry)
    assert office.post("/en/strategy/state/action-3/", state).status_code == 302
    assert "Only our retailers" in people_free(office, "/en/actions/action-3/")


def people_free(browser, path):
    return browser.get(path).content.decode()


def test_s08_2_the_owner_overrides_with_a_reason(people, read_page):
    owner = people("representative")
    assert "written reason" in read_page(owner.post("/en/strategy/override/action-2/", {"said": " "})).text
    assert owner.post("/en/strategy/override/action-2/", {"said": "The tender closes."}).status_code == 302
    page = read_page(owner.get("/en/actions/action-2/"))
    assert "The tender closes." in page.text
    assert "started although a prerequisite was unmet" in page.text
    assert people("stranger").post("/en/strategy/override/action-2/", {"said": "x"}).status_code == 404


def test_s01_5_things_are_put_away_and_taken_back_never_deleted(people):
    office = people("office")
    for method in (office.delete, office.put, office.patch):
        method("/en/objectives/objective-1/")
    assert book().thing("objective-1").get("state") == "approved"
    office.post("/en/strategy/put-away/objective-1/", {"said": "merged"})
    assert "objective-1" not in [one.id for one in book().of("objective")]
    assert "merged" in office.get("/en/objectives/objective-1/").content.decode()
    office.post("/en/strategy/put-away/objective-1/", {"said": ""})
    assert "objective-1" in [one.id for one in book().of("objective")]


@pytest.mark.parametrize(("field", "value", "why"), [
    ("owner", "o-none", "no organisation o-none"), ("region", "ZZ9", "no region ZZ9"),
    ("indicators", "nothing_pct", "no indicator nothing_pct"), ("indicators", "figure-99", "no indicator figure-99"),
])  # fmt: skip
def test_s09_1_what_is_named_elsewhere_must_exist(people, read_page, field, value, why):
    office = people("office")
    form = read_form(office.get("/en/strategy/edit/factor-1/"))
    response = office.post("/en/strategy/edit/factor-1/", {**form, field: value})
    assert response.status_code == 422
    assert why in read_page(response).text


def test_s45_2_what_was_believed_on_a_day(people, read_page):
    office = people("office")
    page = read_page(office.get("/en/strategy/?on=2026-11-21"))
    assert "what was held true at the end of 21" in page.text.replace("\u00a0", " ")
    assert "No vision is in force yet" in page.text
    for path in ("factors/factor-1/", "strategy/visions/vision-1/"):
        assert office.get(f"/en/{path}?on=2026-11-21").status_code == 404
        assert office.get(f"/en/{path}?on=2026-11-22").status_code == 200
    assert office.get("/en/strategy/?on=yesterday").status_code in {400, 404}
    assert "/strategy/edit/" not in office.get("/en/factors/factor-1/?on=2026-11-22").content.decode()


def test_s45_1_every_target_stays_with_its_day_and_reason(people, read_page):
    office = people("office")
    form = read_form(office.get("/en/strategy/edit/result-1/"))
    refused = office.post("/en/strategy/edit/result-1/", {**form, "target": "50"})
    assert "say why" in read_page(refused).text
    assert (
        office.post("/en/strategy/edit/result-1/", {**form, "target": "50", "reason": "Too high."}).status_code == 302
    )
    rows = [row for row in read_page(office.get("/en/strategy/results/result-1/")).rows if len(row) == 5]
    kept = [(row[1], row[4]) for row in rows if row[1] in {"50", "60"}]
    assert kept == [("50", "Too high."), ("60", "")]


def test_s28_4_from_a_weakness_one_click_leads_to_what_is_done(people, client, read_page):
    office = people("office")
    weak = [one for one in read_page(client.get("/en/region/FRK/")).links if "/strategy/indicator/" in one]
    weak = weak or [one for one in read_page(client.get("/en/region/ITG1/")).links if "/strategy/indicator/" in one]
    assert weak
    indicator = weak[0].rstrip("/").rpartition("/")[2]
    assert "Nothing yet" in client.get(weak[0]).content.decode()
    form = read_form(office.get("/en/strategy/edit/factor-1/"))
    office.post("/en/strategy/edit/factor-1/", {**form, "indicators": indicator})
    links = read_page(client.get(weak[0])).links
    assert {"/en/factors/factor-1/", "/en/objectives/objective-1/", "/en/actions/action-2/"} <= set(links)
    assert client.get("/en/strategy/indicator/none_such/").status_code == 404


def test_drafts_are_for_those_who_prepare_them(people, client):
    office = people("office")
    name = book().thing("action-1").text("name", "en")
    assert name in office.get("/en/actions/").content.decode()
    for path in ("actions/", "strategy/programmes/programme-1/", "factors/factor-3/", "strategy/orphans/",
                 "strategy/genericity/", "actions/export.json", "actions/action-2/"):  # fmt: skip
        assert name not in client.get(f"/en/{path}").content.decode(), path
    rows = json.loads(client.get("/api/v1/strategy/things/action").content)["rows"]
    assert [one["id"] for one in rows] == ["action-2"]
    assert client.get("/api/v1/strategy/things/king").status_code == 404


def test_the_read_api_tells_the_strategy(people, client):
    people("visitor")
    told = client.get("/api/v1/strategy?on=2026-11-22").json()
    assert told["on"] == "2026-11-22"
    rank = next(one for one in told["rows"] if one["what"] == "headline")
    assert rank["value"] == str(strategy_facts.figures().find("rank", "FRK").value)
    assert client.get("/api/v1/strategy?on=2026-11-21").json()["rows"][0]["what"] == "money"
    chain = client.get("/api/v1/strategy/things/objective/objective-1/chain").json()["rows"]
    assert {"way": "above", "kind": "vision", "id": "vision-1"}.items() <= chain[0].items()
    for path in ("orphans", "genericity", "indicator/hrst_pct", "funders", "things/vision"):
        assert client.get(f"/api/v1/strategy/{path}").status_code == 200
    for wrong in ("strategy?on=never", "strategy?lang=de", "strategy/things/objective/objective-99/chain"):
        assert client.get(f"/api/v1/{wrong}").status_code in {404, 422}, wrong


def test_the_public_reads_numbers_and_no_names_of_people(people):
    path = "/en/actions/action-2/"
    page = people("visitor").get(path).content.decode()
    assert "account 3" in page
    assert "Reviewer" not in page
    assert "@example.org" not in page
    assert "Office" in people("secretary").get(path).content.decode()


def test_hostile_words_stay_words(people, client):
    office = people("office")
    bad = '<script>alert("x")</script>=1+1'
    whole = {"name_fr": bad, "name_en": bad, "source": bad, "said_fr": bad, "said_en": bad}
    assert office.post("/en/strategy/new/asset/", whole).status_code == 302
    for path in ("strategy/assets/", "strategy/assets/asset-3/"):
        assert "<script>alert" not in client.get(f"/en/{path}").content.decode()
    office.post("/en/strategy/new/asset/", {**whole, "name_fr": "=1+1", "name_en": "=1+1"})
    rows = list(csv.DictReader(io.StringIO(client.get("/en/strategy/assets/export.csv").content.decode())))
    assert rows[-1]["name_en"] == "'=1+1"


def test_votes_of_the_house_are_heard_and_must_be_on_this_very_text(people, monkeypatch):
    office, held = people("office"), {}
    monkeypatch.setattr(strategy_facts, "outcomes", lambda: held)
    held["2026-7"] = Outcome("refused")
    assert office.post("/en/strategy/approve/vision-1/", {"said": "2026-7"}).status_code == 422
    write.change("vision-1", {"horizon": 2060}, by=entries.By("account 3", datetime.now(UTC)))
    held["2026-7"] = Outcome("approved", "0" * 64)
    assert office.post("/en/strategy/approve/vision-1/", {"said": "2026-7"}).status_code == 422
    held["2026-7"] = Outcome("approved", fingerprint(book().thing("vision-1").values))
    assert office.post("/en/strategy/approve/vision-1/", {"said": "2026-7"}).status_code == 302


def test_the_outcome_of_a_vote_is_open_until_it_is_written_down(people):
    people("visitor")
    assert {one.outcome for one in outcomes().values()} <= {"approved", "refused", "open"}
    [row] = BallotVote.objects.all()
    assert outcomes()[row.pk] == Outcome("open" if row.closing.outcome == "no_decision" else row.closing.outcome)
