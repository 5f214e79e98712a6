"""Directory, organisation, count, review and undo, over the invented cluster."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.federation import directory, read, review
from beffroi.federation.log import broken
from beffroi.records import models
from beffroi.web.pages.review import _marked

BOTH = pytest.mark.parametrize("lang", ["fr", "en"])
PAGES = (
    "",
    "?q=lyno",
    "?q=zzzzzzzz",
    "?page=2",
    "?page=x",
    "count/",
    "review/",
    "count/records/?step=membership_lapsed",
)


def first_pair():
    return next(one for one in review.queue() if not one.id.startswith("t"))


@BOTH
@pytest.mark.parametrize("role", ["visitor", "reviewer"])
def test_pages_are_well_formed(people, read_page, role, lang):
    browser = people(role)
    for path in (*PAGES, f"review/{first_pair().id}/", "undo/5/"):
        response = browser.get(f"/{lang}/registry/{path}")
        assert response.status_code == (
            404 if role == "visitor" and re.match("review|undo|count/records", path) else 200
        ), path
        page = read_page(response)
        assert page.faults == [], path
        assert len(page.ids) == len(set(page.ids)), path
        assert set(page.refers) <= set(page.ids), path
        assert page.headings.count(1) == 1, path
        assert "%(" not in page.text
        if response.status_code == 200:
            assert ("Données inventées" if lang == "fr" else "Invented data") in page.text


@BOTH
@pytest.mark.parametrize("path", ["", "count/"])
def test_an_empty_registry_names_the_commands(client, read_page, lang, path):
    page = read_page(client.get(f"/{lang}/registry/{path}"))

    assert "./beffroi members import" in page.text
    assert "./beffroi members demo" in page.text
    assert "inventé" not in page.text.replace("pôle inventé", "")


def test_s19_4_the_count_is_explained_and_each_step_opens_its_records(people, read_page):
    browser = people("reviewer")
    page = read_page(browser.get("/en/registry/count/"))

    assert "300 + 300 = 600 → − 2 same organisation in one list → − 58" in page.text.replace("\u00a0", " ")
    assert "= 510" in page.text
    shown = {row[0]: int(row[1].split()[1]) for row in page.rows if len(row) == 3 and row[1][:1] in "+−="}
    for url in page.links:
        if "records/?step=" in url:
            rows = [row for row in read_page(browser.get(url)).rows[1:] if row]
            name = next(label for label, link in zip(shown, [one for one in page.links if "records/?step=" in one],
                                                         strict=True) if link == url)  # fmt: skip
            assert len(rows) == shown[name], url
            held = list(csv.reader(io.StringIO(browser.get(url.replace("records/", "records.csv")).content.decode())))
            assert len(held) == shown[name] + 1
    assert browser.get("/en/registry/count/records/?step=nothing").status_code == 404


def test_a_visitor_sees_the_count_but_no_record_behind_it(people, read_page):
    page = read_page(people("visitor").get("/en/registry/count/"))

    assert "= 510" in page.text
    assert not [one for one in page.links if "step=" in one]


def test_search_takes_accents_and_slips_and_the_files_hold_the_same(people, read_page):
    browser = people("reviewer")
    one = models.Organisation.objects.filter(city="Saint-Étienne", memberships__isnull=False).order_by("name").first()
    word = one.name.split()[0]
    swapped = word[:2] + word[3] + word[2] + word[4:]
    for asked in (word.lower(), swapped, f"{word} saint etienne", word[:4]):
        page = read_page(browser.get("/en/registry/", {"q": asked}))
        assert one.name in page.text, asked
    assert one.name not in read_page(browser.get("/en/registry/", {"q": "zzzzzz"})).text

    query = {"q": "lyon", "department": "69"}
    rows = list(csv.DictReader(io.StringIO(browser.get("/en/registry/organisations.csv", query).content.decode())))
    assert {row["postcode"][:2] for row in rows} == {"69"}
    assert json.loads(browser.get("/en/registry/organisations.json", query).content)
    assert f"Organisations shown: {len(rows)}." in read_page(browser.get("/en/registry/", query)).text
    assert browser.get("/en/registry/organisations.xlsx", query).content[:2] == b"PK"


def test_visitors_see_only_who_agreed_and_no_amount(people, read_page):
    browser = people("visitor")
    rows = list(csv.DictReader(io.StringIO(browser.get("/en/registry/organisations.csv").content.decode())))
    held = {one.pk: one.values for one in models.Organisation.objects.all()}

    assert rows
    assert all(held[row["organisation"]]["consent_directory"]["value"] == "granted" for row in rows)
    assert not {"revenue_eur", "employees", "state"} & set(rows[0])
    refused = next(key for key, value in held.items() if value.get("consent_directory", {}).get("value") == "refused")
    for tail in ("", "values.csv"):
        assert browser.get(f"/en/registry/organisation/{refused}/{tail}").status_code == 404
    shown = read_page(browser.get(f"/en/registry/organisation/{rows[0]['organisation']}/"))
    assert "revenue" not in shown.text
    values = browser.get(f"/en/registry/organisation/{rows[0]['organisation']}/values.csv").content.decode()
    assert "revenue_eur" not in values
    assert "consent" not in values


def test_a_representative_reads_everything_of_the_own_organisation_alone(people, read_page):
    browser = people("representative")
    own, other = site_organisation(0), site_organisation(1)

    assert "Its history" in read_page(browser.get(f"/en/registry/organisation/{own}/")).text
    assert "Its history" not in read_page(browser.get(f"/en/registry/organisation/{other}/")).text


def site_organisation(number):
    held = models.Organisation.objects.filter(values__consent_directory__value="granted").order_by("name", "id")
    return [one.pk for one in held if one.memberships.count() > 1][number]


def test_an_organisation_shows_where_each_value_is_from_and_what_competes(people, read_page):
    browser = people("reviewer")
    shown = read.portrait(site_organisation(0))

    page = read_page(browser.get(f"/en/registry/organisation/{shown.id}/"))

    for one in shown.values:
        assert one.origin in page.text
        assert all(value in page.text for value, _ in one.others)
    rows = list(
        csv.reader(io.StringIO(browser.get(f"/en/registry/organisation/{shown.id}/values.csv").content.decode()))
    )
    assert len(rows) == len(shown.values) + 1
    assert browser.get("/en/registry/organisation/o-nothing/").status_code == 404


def test_a_case_is_decided_undone_and_back_as_it_was(people, read_page):
    browser = people("reviewer")
    case = first_pair()
    before = {one.pk: one.name for one in models.Organisation.objects.all()}
    address = f"/en/registry/review/{case.id}/"
    page = read_page(browser.get(address))
    assert "makes one organisation" in page.text
    assert "differs" in page.text
    assert {one.pk: one.name for one in models.Organisation.objects.all()} == before

    done = browser.post(address, {"decision": "same", "reason": "Même site."})

    number = int(done.headers["Location"].split("done=")[1])
    assert len(before) - models.Organisation.objects.count() == 1
    event = models.Event.objects.get(pk=number)
    assert re.fullmatch(r"account \d+", event.author)
    assert f"Event {number} is written" in read_page(browser.get(done.headers["Location"])).text
    stays = next(one.organisation for one in case.sides if models.Organisation.objects.filter(pk=one.organisation))
    gone = next(one.organisation for one in case.sides if one.organisation != stays)
    moved = browser.get(f"/en/registry/organisation/{gone}/")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/en/registry/organisation/{stays}/")
    history = read_page(browser.get(f"/en/registry/organisation/{stays}/"))
    assert f"/en/registry/undo/{number}/" in history.links
    assert "by Reviewer" in history.text
    assert browser.post(address, {"decision": "different"}).status_code == 302  # too late: on to the queue

    browser.post(f"/en/registry/undo/{number}/")

    assert {one.pk: one.name for one in models.Organisation.objects.all()} == before
    assert first_pair().id == case.id
    assert broken() == []


def test_a_wrong_answer_writes_nothing_and_says_so(people, read_page):
    browser = people("reviewer")
    case, events = first_pair(), models.Event.objects.count()
    for decision in ("", "king", "related", "same:part_of"):
        response = browser.post(f"/en/registry/review/{case.id}/", {"decision": decision})
        assert response.status_code == 409, decision
        assert "Nothing was written" in read_page(response).text
    assert models.Event.objects.count() == events
    for address in ("999-1000", "t999", "nothing"):
        assert browser.get(f"/en/registry/review/{address}/").status_code == 404


def test_the_whole_queue_can_be_worked_off(people, read_page):
    browser = people("reviewer")
    tasks, pairs = itertools.cycle(("noted", "wrong")), itertools.cycle(("unsure", "related:brand_of", "different"))
    waiting = review.open_cases()
    for _ in range(waiting):
        case = review.queue()[0]
        decision = next(tasks if case.id.startswith("t") else pairs)
        assert browser.post(f"/en/registry/review/{case.id}/", {"decision": decision}).status_code == 302, case.id
    assert waiting > 2
    assert "Nothing waits for a person." in read_page(browser.get("/en/registry/review/")).text


def test_a_decision_that_others_rest_on_is_taken_back_only_when_they_may_stay(people, read_page):
    browser = people("reviewer")
    first, second, third = (one.pk for one in models.Organisation.objects.filter(legal_unit="").order_by("id")[:3])
    from datetime import UTC, datetime  # noqa: PLC0415 -- used here alone

    from beffroi.federation.judgement import merge  # noqa: PLC0415 -- as above
    from beffroi.federation.log import Act  # noqa: PLC0415 -- as above

    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    earlier = merge(first, second, act=Act("account 1", at, "merge")).event
    merge(first, third, act=Act("account 1", at, "merge"))
    page = read_page(browser.get(f"/en/registry/undo/{earlier}/"))
    assert "will stay" in page.text

    refused = browser.post(f"/en/registry/undo/{earlier}/")
    assert refused.status_code == 409
    assert browser.post(f"/en/registry/undo/{earlier}/", {"keep_later": "yes"}).status_code == 302


def test_no_get_changes_the_registry(people):
    browser = people("reviewer")
    events = models.Event.objects.count()
    head = models.LogHead.objects.get(pk=1).hash
    for path in (*PAGES, f"review/{first_pair().id}/", "undo/5/", f"organisation/{site_organisation(0)}/"):
        browser.get(f"/fr/registry/{path}")

    assert models.Event.objects.count() == events
    assert models.LogHead.objects.get(pk=1).hash == head


def test_a_hostile_name_stays_text(people):
    browser = people("reviewer")
    hostile = "<script>alert(1)</script>"
    case = first_pair()
    record = case.sides[0].record
    models.Placement.objects.get(record=record)
    assert "<script>" not in _marked(hostile, "ﬁ <b>x</b>")
    assert "<script>alert" not in browser.get("/fr/registry/", {"q": hostile, "list": hostile}).content.decode()


@given(st.text(max_size=30), st.text(max_size=30))
def test_marks_leave_the_text_as_it_is(one, other):
    from html import unescape  # noqa: PLC0415 -- used here alone

    assert unescape(_marked(one, other).replace("<mark>", "").replace("</mark>", "")) == one


def _slow(one, other):
    """Optimal string alignment, as its recursive definition says."""
    if not one or not other:
        return len(one) + len(other)
    found = min(
        _slow(one[:-1], other) + 1, _slow(one, other[:-1]) + 1, _slow(one[:-1], other[:-1]) + (one[-1] != other[-1])
    )
    if len(one) > 1 and len(other) > 1 and one[-1] == other[-2] and one[-2] == other[-1]:
        found = min(found, _slow(one[:-2], other[:-2]) + 1)
    return found


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_slips_are_counted_as_their_definition_says(one, other):
    assert directory.slips_between(one, other) == _slow(one, other)
