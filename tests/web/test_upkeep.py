"""Join, separate, verify, trades, tasks, renewals, requests and roles, over the invented cluster."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail

from beffroi.federation import read, requests, review
from beffroi.federation.log import broken
from beffroi.federation.people import held_by
from beffroi.records import models
from beffroi.records.accounts import Mandate

BOTH = pytest.mark.parametrize("lang", ["fr", "en"])


def organisation(number=0):
    held = models.Organisation.objects.filter(values__consent_directory__value="granted").order_by("name", "id")
    return [one.pk for one in held if one.memberships.count() > 1][number]


def two_apart():
    """Two organisations of which at most one has a legal unit, with differing cities."""
    first = models.Organisation.objects.filter(legal_unit="", memberships__isnull=False).order_by("id").first()
    second = models.Organisation.objects.exclude(legal_unit="").exclude(city=first.city).filter(
        memberships__until__isnull=True, memberships__isnull=False).order_by("id").first()  # fmt: skip
    return first.pk, second.pk


def names():
    return {one.pk: (one.name, one.values) for one in models.Organisation.objects.all()}


def event_of(response):
    assert response.status_code == 302, response.content.decode()[-2000:]
    return int(response.headers["Location"].split("done=")[1])


@BOTH
def test_officers_pages_are_well_formed(people, read_page, lang):
    here, other = two_apart()
    browser = people("reviewer")
    User.objects.get(email="reviewer@example.org")
    for role in ("reviewer", "operator", "representative"):
        browser.force_login(User.objects.get(email=f"{role}@example.org"))
        for path in (f"organisation/{here}/merge/", f"organisation/{here}/merge/?q=lyon",
                     f"organisation/{here}/merge/?with={other}", f"organisation/{organisation()}/split/",
                     f"organisation/{here}/trades/", f"organisation/{here}/verify/", "tasks/", "tasks/?kind=closed",
                     "stale/", "requests/", "requests/?state=all", "roles/", "import/", "mine/", "renewals/",
                     "renewals/?list=&until=2030-01-01", f"organisation/{organisation()}/edit/",
                     f"organisation/{organisation()}/"):  # fmt: skip
            response = browser.get(f"/{lang}/registry/{path}")
            assert response.status_code in {200, 302, 404}, path
            page = read_page(response)
            assert page.faults == [], path
            assert len(page.ids) == len(set(page.ids)), path
            assert set(page.refers) <= set(page.ids) | {"sources", "emails"}, path
            assert "%(" not in page.text


def test_s19_2_two_organisations_are_joined_with_values_chosen_field_by_field_and_taken_back(people, read_page):
    browser = people("reviewer")
    here, other = two_apart()
    before = names()
    asked = browser.get(f"/en/registry/organisation/{here}/merge/", {"q": before[other][0].split()[0]})
    assert f"?with={other}" in read_page(asked).links
    page = read_page(browser.get(f"/en/registry/organisation/{here}/merge/", {"with": other}))
    assert before[other][1]["city"]["value"] in page.text
    assert "leads to it" in page.text
    assert names() == before

    refused = browser.post(f"/en/registry/organisation/{here}/merge/", {"with": other, "reason": " "})
    assert (refused.status_code, names()) == (409, before)
    kept = {"with": other, "reason": "One director.", "keep.city": "left", "keep.consent_directory": "right"}
    assert browser.post(f"/en/registry/organisation/{here}/merge/", kept).status_code == 409
    kept.pop("keep.consent_directory")
    done = browser.post(f"/en/registry/organisation/{here}/merge/", kept)
    event = event_of(done)

    stays = read.resolve(here)
    assert read.resolve(other) == stays
    gone = other if stays == here else here
    assert browser.get(f"/en/registry/organisation/{gone}/").headers["Location"].endswith(f"/{stays}/")
    shown = read_page(browser.get(done.headers["Location"]))
    assert f"/en/registry/undo/{event}/" in shown.links
    assert "One director." in shown.text
    assert models.Organisation.objects.get(pk=stays).values["city"]["value"] == before[here][1]["city"]["value"]
    browser.post(f"/en/registry/undo/{event}/")
    assert names() == before
    assert broken() == []


def test_two_legal_units_are_refused_before_anything_is_sent(people, read_page):
    browser = people("reviewer")
    one, other = models.Organisation.objects.exclude(legal_unit="").order_by("id").values_list("pk", flat=True)[:2]
    page = read_page(browser.get(f"/en/registry/organisation/{one}/merge/", {"with": other}))

    assert "two legal units" in page.text
    assert "Join them" not in page.text
    response = browser.post(f"/en/registry/organisation/{one}/merge/", {"with": other, "reason": "x"})
    assert response.status_code == 409
    assert browser.get(f"/en/registry/organisation/{one}/merge/", {"with": "o-nothing"}).status_code == 409


def test_rows_are_separated_after_a_look_at_what_follows(people, read_page):
    browser = people("reviewer")
    here = organisation()
    rows = read.portrait(here).records
    going = next(one for one in rows if one.source.startswith("Liste d’Aval"))
    before = names()
    address = f"/en/registry/organisation/{here}/split/"
    for wrong in ({"record": [], "reason": "x"}, {"record": [one.record for one in rows], "reason": "x"},
                  {"record": [going.record], "reason": ""}):  # fmt: skip
        assert browser.post(address, wrong).status_code == 409
    looked = browser.post(address, {"record": [going.record], "reason": "Another firm."})
    assert "They go" in read_page(looked).text
    assert names() == before

    event = event_of(browser.post(address, {"record": [going.record], "reason": "Another firm.", "confirmed": "yes"}))
    assert models.Placement.objects.get(record=going.record).organisation_id != here
    browser.post(f"/en/registry/undo/{event}/")
    assert names() == before


def test_verified_says_when_and_against_what_and_leaves_the_list_of_the_unverified(people, read_page):
    browser = people("reviewer")
    stale = {row["organisation"] for row in csv.DictReader(io.StringIO(
        browser.get("/en/registry/stale.csv").content.decode()))}  # fmt: skip
    here = min(stale)
    assert "Nobody has verified it yet" in read_page(browser.get(f"/en/registry/organisation/{here}/")).text
    address = f"/en/registry/organisation/{here}/verify/"
    for wrong in ({"on": "2099-01-01", "against": "x"}, {"on": "x", "against": "x"}, {"on": "2026-01-01"}):
        assert browser.post(address, wrong).status_code == 409
    today = datetime.now(UTC).date()
    event_of(browser.post(address, {"on": today.isoformat(), "against": "a telephone call"}))

    assert "against a telephone call" in read_page(browser.get(f"/en/registry/organisation/{here}/")).text
    assert here not in browser.get("/en/registry/stale.csv").content.decode()
    old = (today - timedelta(days=400)).isoformat()
    other = sorted(stale)[1]
    event_of(browser.post(f"/en/registry/organisation/{other}/verify/", {"on": old, "against": "a visit"}))
    assert other in browser.get("/en/registry/stale.csv").content.decode()
    assert "more than twelve months" in read_page(browser.get(f"/en/registry/organisation/{other}/")).text


def test_s20_5_a_change_in_a_register_is_told_and_ends_with_an_outcome(people, read_page):
    browser = people("reviewer")
    case = review.tasks()[0]
    assert case.sides[0].organisation in browser.get("/en/registry/tasks/").content.decode()
    assert browser.post("/en/registry/tasks/", {"task": case.id[1:], "outcome": "king"}).status_code == 409

    event_of(browser.post("/en/registry/tasks/", {"task": case.id[1:], "outcome": "noted", "reason": "Seen."}))

    assert case.id not in [one.id for one in review.tasks()]
    assert browser.post("/en/registry/tasks/", {"task": case.id[1:], "outcome": "wrong"}).status_code == 409
    assert models.Organisation.objects.filter(pk=case.sides[0].organisation).exists()


def test_s06_3_a_proposed_trade_shows_its_evidence_and_is_accepted_or_refused(people, read_page):
    browser = people("reviewer")
    here = models.Organisation.objects.filter(values__naf__value="58.21Z", memberships__isnull=False).first().pk
    address = f"/en/registry/organisation/{here}/trades/"
    page = read_page(browser.get(address))
    assert "NAF 58.21Z is this trade." in page.text
    event_of(browser.post(address, {"trade": "video_games", "answer": "accept", "evidence": "NAF 58.21Z"}))
    event_of(browser.post(address, {"trade": "software_publishing", "answer": "main"}))
    event_of(browser.post(address, {"trade": "video_games", "answer": "main"}))

    held = {one["concept"]: one["is_main"] for one in models.Organisation.objects.get(pk=here).trades}
    assert held == {"software_publishing": False, "video_games": True}
    event_of(browser.post(address, {"trade": "video_games", "answer": "refuse"}))
    assert "refused before" in read_page(browser.get(address)).text
    assert browser.post(address, {"trade": "video_games", "answer": "x"}).status_code == 409
    assert browser.post(address, {"trade": "nothing", "answer": "accept"}).status_code in {404, 409}


def test_s19_7_memberships_of_a_filtered_list_are_renewed_at_once_after_one_preview(people, read_page):
    browser = people("operator")
    source = models.Source.objects.filter(name__startswith="Liste d’Aval").get().name
    count = read.count_members(datetime.now(UTC).date()).members.count
    asked = {"list": source, "department": "69", "until": "2031-12-31"}
    page = browser.get("/en/registry/renewals/", asked)
    seen = page.content.decode().split('name="seen" value="')[1].split('"')[0]
    assert "would run until 31 December 2031" in read_page(page).text
    assert browser.post("/en/registry/renewals/", {**asked, "seen": seen, "reason": ""}).status_code == 409
    assert browser.post("/en/registry/renewals/", {**asked, "seen": "x", "reason": "Paid."}).status_code == 409

    event = event_of(browser.post("/en/registry/renewals/", {**asked, "seen": seen, "reason": "Paid."}))

    after = read.count_members(datetime.now(UTC).date()).members.count
    assert after > count
    assert set(models.Placement.objects.filter(paid_until="2031-12-31").values_list(
        "organisation__postcode", flat=True)) == {"69001"}  # fmt: skip
    assert browser.post(f"/en/registry/undo/{event}/").status_code == 404  # an operator does not undo
    browser.force_login(User.objects.get(email="reviewer@example.org"))
    browser.post(f"/en/registry/undo/{event}/")
    assert read.count_members(datetime.now(UTC).date()).members.count == count


@BOTH
def test_s20_4_a_representative_edits_the_own_page_and_sensitive_fields_wait_for_review(people, read_page, lang):
    browser = people("representative")
    here = organisation()
    address = f"/{lang}/registry/organisation/{here}/edit/"
    page = browser.get(address)
    assert read_page(page).faults == []
    now = requests.values_of(here)
    wrong = browser.post(address, {**now, "email": "nobody"})
    assert (wrong.status_code, "f-email-error" in wrong.content.decode()) == (409, True)
    assert "nobody" in wrong.content.decode()

    done = browser.post(address, {**now, "website": "new.example", "name": "<b>New</b>", "reason": "We grew."})
    event_of(done)
    assert requests.values_of(here)["website"] == "new.example"
    assert requests.values_of(here)["name"] == now["name"]
    assert "<b>New" not in browser.get(address).content.decode()
    assert browser.post(address, {**now, "website": "new.example"}).headers["Location"].endswith("?same=1")

    browser.force_login(User.objects.get(email="reviewer@example.org"))
    [asked] = requests.requests(is_open=True)
    assert "We grew." in read_page(browser.get(f"/{lang}/registry/requests/")).text
    answer = {"request": asked.id, "answer": "refuse", "reason": ""}
    assert browser.post(f"/{lang}/registry/requests/", answer).status_code == 409
    assert mail.outbox == []
    event_of(browser.post(f"/{lang}/registry/requests/", {**answer, "reason": "Not in the register."}))
    [sent] = mail.outbox
    assert sent.to == ["representative@example.org"]
    assert "Not in the register." in sent.body
    assert browser.post(f"/{lang}/registry/requests/", {**answer, "answer": "accept"}).status_code == 409
    assert requests.values_of(here)["name"] == now["name"]
    rows = list(csv.DictReader(io.StringIO(browser.get(f"/{lang}/registry/requests.csv?state=all").content.decode())))
    assert [(row["state"], row["answer"]) for row in rows] == [("refused", "Not in the register.")]


def test_nobody_edits_another_s_page(people):
    browser = people("stranger")
    here = organisation()
    for method in (browser.get, browser.post):
        assert method(f"/en/registry/organisation/{here}/edit/").status_code == 404
        assert method("/en/registry/organisation/o-nothing/edit/").status_code == 404
    assert browser.get(f"/en/registry/organisation/{organisation(1)}/edit/").status_code == 200
    mandate = Mandate.objects.get(scope=organisation(1))
    browser.force_login(User.objects.get(email="operator@example.org"))
    browser.post("/en/registry/roles/", {"end": mandate.pk})
    browser.force_login(User.objects.get(email="stranger@example.org"))
    assert browser.get(f"/en/registry/organisation/{organisation(1)}/edit/").status_code == 404


def test_after_a_join_a_representative_speaks_for_the_whole(people):
    browser = people("reviewer")
    here, other = organisation(), two_apart()[0]
    event_of(browser.post(f"/en/registry/organisation/{here}/merge/", {"with": other, "reason": "One."}))
    browser.force_login(User.objects.get(email="representative@example.org"))

    assert browser.get(f"/en/registry/organisation/{read.resolve(other)}/edit/").status_code == 200


def test_an_operator_gives_dated_roles_and_ends_them(people, read_page):
    browser = people("operator")
    user = User.objects.get(email="registered@example.org")
    today = datetime.now(UTC).date()
    good = {"email": "Registered@example.org", "role": "representative", "scope": organisation(2),
            "since": today.isoformat(), "until": (today + timedelta(days=30)).isoformat()}  # fmt: skip
    for wrong in ({"email": "x@example.org"}, {"role": "king"}, {"scope": ""}, {"scope": "o-nothing"},
                  {"since": "2027-13-01"}, {"until": "2020-01-01"}):  # fmt: skip
        response = browser.post("/en/registry/roles/", {**good, **wrong})
        assert response.status_code == 409, wrong
    assert held_by(user.pk, today) == ()
    assert browser.post("/en/registry/roles/", good).status_code == 302

    assert [(one.role, one.scope) for one in held_by(user.pk, today)] == [("representative", organisation(2))]
    assert held_by(user.pk, today + timedelta(days=31)) == ()
    page = read_page(browser.get("/en/registry/roles/"))
    assert "registered@example.org" in page.text
    mandate = Mandate.objects.latest("id")
    assert browser.post("/en/registry/roles/", {"end": mandate.pk}).status_code == 302
    assert browser.post("/en/registry/roles/", {"end": mandate.pk}).status_code == 409
    assert held_by(user.pk, today) == ()
    assert str(mandate.pk) in browser.get("/en/registry/roles.csv").content.decode()
