"""Stages, chain, cooperation, notes, contacts and the year in review, by their pages."""

from __future__ import annotations

import csv
import io
import json

import pytest

from beffroi.charter import entries

BOTH = pytest.mark.parametrize("lang", ["fr", "en"])
PAGES = ("stages/", "stages/stage-1/", "chain/", "cooperation/", "notes/", "notes/note-1/", "review/2026/")


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@BOTH
@pytest.mark.parametrize("path", PAGES)
def test_everybody_reads_them_in_both_languages_and_takes_them_away(people, lang, path):
    browser = people("visitor")
    answer = browser.get(f"/{lang}/{path}")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<h1>" in page
    assert f"/{lang}/strategy/" in page
    files = [part.split('"')[0] for part in page.split('href="')[1:] if ".csv" in part.split('"')[0]]
    assert files
    for kind in ("csv", "xlsx", "json"):
        assert browser.get(files[0].replace(".csv", f".{kind}")).status_code == 200


def test_s31_2_gap_and_pace_stand_on_the_page_and_in_the_file(people):
    browser = people("visitor")
    page = browser.get("/en/stages/").content.decode()
    assert "Top five" in page
    [one] = [row for row in rows(browser.get("/en/stages/export.csv")) if row["stage"] == "stage-1"]
    assert (one["value"], one["gap"], one["population"]) == ("63", "58", "administrative_2016")
    assert float(one["year"]) > 2040
    assert "never" in page or "(between" in page


def test_a_stage_is_assessed_from_the_edition_of_today(people):
    browser = people("office")
    shown = browser.get("/en/stages/stage-1/assess/").content.decode()
    assert "Enter this assessment" in shown
    assert len(entries.book().of("assessment")) == 4  # looking enters nothing
    answer = browser.post("/en/stages/stage-1/assess/")
    assert answer["Location"] == "/en/stages/stage-1/"
    last = entries.book().of("assessment")[-1]
    assert last.text("permalink").startswith("/edition/")
    assert browser.get("/en" + last.text("permalink")).status_code == 200


def test_s31_3_the_members_revenue_shows_what_is_stated_and_what_is_estimated(people):
    browser = people("office")
    browser.post("/fr/stages/stage-2/assess/")
    last = entries.book().of("assessment")[-1]
    assert int(last.text("stated_sum")) + int(last.text("estimated_sum")) == pytest.approx(
        int(last.text("value")), abs=2
    )
    page = people("visitor").get("/fr/stages/stage-2/").content.decode()
    assert "déclarés par" in page
    assert "estimés pour" in page


def test_s31_5_a_stage_is_not_declared_by_wish_on_the_page_either(people):
    answer = people("office").post("/en/stages/stage-1/declare/", {"reached_on": "2026-11-22", "expected": ""})
    assert answer.status_code == 422
    assert "does not meet the threshold" in answer.content.decode()
    assert entries.book().thing("stage-1").get("status") == "open"


def test_the_chain_leads_from_an_indicator_to_the_vote_and_back(people):
    browser = people("visitor")
    every = rows(browser.get("/en/chain/export.csv"))
    assert any(row["objective"] and row["action"] and row["decisions"] for row in every)
    one = next(row for row in every if row["indicator"] and row["action"])
    by_indicator = rows(browser.get(f"/en/chain/export.csv?indicator={one['indicator']}"))
    assert by_indicator == [row for row in every if row["indicator"] == one["indicator"]]
    through = rows(browser.get(f"/en/chain/export.csv?thing={one['action']}"))
    assert through == [row for row in every if row["action"] == one["action"]]
    vote = one["decisions"].split("; ")[0]
    assert one in rows(browser.get(f"/en/chain/export.csv?thing={vote}"))
    assert "<td>" in browser.get(f"/en/chain/?thing={vote}").content.decode()


def test_s05_3_and_4_table_and_file_leave_out_what_a_member_hides(people):
    browser = people("visitor")
    [first, second] = rows(browser.get("/en/cooperation/ties.csv"))
    assert {first["how"], second["how"]} == {"meeting"}
    member = people("representative")
    own = (
        first["left"]
        if member.get(f"/en/cooperation/discretion/{first['left']}/").status_code == 200
        else first["right"]
    )
    assert member.post(f"/en/cooperation/discretion/{own}/", {"hides_ties": "on"}).status_code == 302
    shown = rows(people("visitor").get("/en/cooperation/ties.csv"))
    assert own not in {name for row in shown for name in (row["left"], row["right"])}
    assert len(shown) < 2
    assert "not shown, as members wished" in people("visitor").get("/en/cooperation/").content.decode()
    assert people("stranger").get(f"/en/cooperation/discretion/{own}/").status_code == 404


def test_s07_3_and_4_a_note_is_escaped_and_a_contact_is_for_officers(people):
    page = people("visitor").get("/fr/notes/note-1/").content.decode()
    assert "&lt;b&gt;pesons" in page
    assert "<b>pesons" not in page
    assert "vice-présidente" in people("office").get("/fr/contacts/").content.decode()
    assert people("reviewer").get("/fr/contacts/").status_code == 404
    assert people("visitor").get("/fr/contacts/export.csv").status_code == 404


def test_s45_3_the_year_says_what_was_added_and_filters_it(people):
    browser = people("visitor")
    answer = browser.get("/en/review/2026/export.json")
    found = {row["id"]: row["fate"] for row in json.loads(answer.content)["rows"]} if answer else {}
    assert found["stage-1"] == "added"
    assert "stage-1" not in browser.get("/en/review/2025/export.csv").content.decode()
    assert "<tbody></tbody>" in browser.get("/en/review/2026/?fate=dropped").content.decode()


def test_s45_2_a_page_of_a_past_day_shows_what_was_believed_then(people):
    browser = people("visitor")
    assert "Top five" not in browser.get("/en/stages/?on=2026-11-01").content.decode()
    assert "Top five" in browser.get("/en/stages/?on=2099-01-01").content.decode()
    assert browser.get("/en/stages/?on=yesterday").status_code == 400
