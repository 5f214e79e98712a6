"""Pages of government over the invented federation: who reads, who enters, and what a secretary never sees."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from beffroi.charter import entries
from beffroi.charter.entries import By
from beffroi.federation import government
from beffroi.federation.reach import Reach
from beffroi.records.accounts import AuditEntry

BOTH = pytest.mark.parametrize("lang", ["fr", "en"])
ALL = Reach(is_all=True)
# meeting-4 is in preparation in territory-1, meeting-5 in territory-2.
OWN_DRAFT, OTHER_DRAFT = "meeting-4", "meeting-5"
PAGES = (
    "bodies/", "bodies/?on=2010-01-01", "bodies/?type=board", "bodies/body-1/", "bodies/body-3/?on=2016-06-01",
    "meetings/", "meetings/?when=coming", "meetings/meeting-1/", "seats/", "seats/?from=growth-2015&least_women=16",
    "seats/?from=growth-2015&least_women=30&least_men=20", "seats/?from=typed&table=x", "seats/?seats=0",
    "seats/adopted/seating-1/", "money/", "money/?year=2024", "money/?year=1999", "offices/", "offices/office-1/",
    "structures/", "structures/structure-1/", "structures/?service=advice&territory=69123", "structures/overlap/",
    "structures/overlap/?service=export",
    "government/decision/", "government/decision/?q=budget", "government/mandate/mandate-1/", "government/conflict/",
    "government/statutes/statutes-1/", "government/money/", "government/territory/?on=2026-01-01",
)  # fmt: skip
OFFICERS = (
    "government/", "government/merge/", "government/body/new/", "government/statutes/new/?body=body-3",
    "government/meeting/new/?body=body-4", "government/meeting/meeting-4/edit/", "government/minutes/new/",
    "money/import/", "meetings/meeting-4/", "meetings/meeting-2/",
    "government/minutes/minutes-1/", "government/money/money-1/",
    "seats/adopt/?from=growth-2015",
)  # fmt: skip


def now():
    return datetime.now(UTC)


@BOTH
@pytest.mark.parametrize("role", ["visitor", "office"])
def test_pages_are_well_formed(people, read_page, role, lang):
    browser = people(role)
    for path in (*PAGES, *(OFFICERS if role == "office" else ())):
        response = browser.get(f"/{lang}/{path}")
        assert response.status_code in {200, 422}, path
        page = read_page(response)
        assert page.faults == [], path
        assert len(page.ids) == len(set(page.ids)), path
        assert set(page.refers) <= set(page.ids), path
        assert page.headings.count(1) == 1, path
        assert response.headers["Cache-Control"] == "no-store"


@BOTH
def test_every_file_holds_what_is_on_screen(people, lang):
    browser = people("visitor")
    for path in ("bodies/export", "bodies/body-3/composition", "meetings/export", "seats/figures", "money/local",
                 "money/mix", "offices/export", "structures/export", "structures/overlap",
                 "government/decision/export"):  # fmt: skip
        rows = json.loads(browser.get(f"/{lang}/{path}.json").content)["rows"]
        assert rows, path
        assert browser.get(f"/{lang}/{path}.csv").content.count(b"\r\n") == len(rows) + 1
        assert browser.get(f"/{lang}/{path}.xlsx").content[:2] == b"PK"
    assert browser.get(f"/{lang}/seats/seats.svg").headers["Content-Type"].startswith("image/svg+xml")


def test_s22_2_and_4_overlaps_are_filtered_by_their_address_and_taken_away(people):
    browser = people("visitor")

    rows = json.loads(browser.get("/en/structures/overlap.json?service=advice").content)["rows"]
    named = [(one["territory_name"], one["structures"], one["public_eur"]) for one in rows]
    assert named == [("Métropole de Lyon", 2, 275000.0)]
    # The advice point of before was absorbed in 2016; until then three served Lyon itself.
    then = json.loads(browser.get("/en/structures/overlap.json?on=2015-06-01&service=advice").content)["rows"]
    assert [(one["territory"], one["structures"]) for one in then] == [("69123", 3), ("200046977", 2)]
    page = browser.get("/en/structures/structure-1/").content.decode()
    assert "Advice point of before" in page
    assert browser.get("/en/structures/?territory=nowhere").status_code == 404
    assert json.loads(browser.get("/en/structures/overlap.json?service=export").content)["rows"] == []


def test_s23_1_the_composition_of_a_past_day_is_displayed(people):
    browser = people("visitor")
    shown = {day: browser.get(f"/en/bodies/body-3/?on={day}").content.decode() for day in ("2016-06-01", "2017-06-01")}
    table = {
        day: re.search(r'<table id="t-composition">.*?</table>', page, re.DOTALL)[0] for day, page in shown.items()
    }
    assert ("Aimée Fictive" in table["2016-06-01"], "Aimée Fictive" in table["2017-06-01"]) == (True, False)
    assert "Bruno Inventé" in table["2016-06-01"]
    assert browser.get("/en/bodies/body-3/?on=hier").status_code == 400


def test_s23_3_another_territory_is_404_and_filtered_from_list_export_and_api(people):
    browser = people("secretary")
    assert browser.get(f"/fr/meetings/{OWN_DRAFT}/").status_code == 200
    assert entries.book().thing("money-1").get("territory") != "territory-1"
    for path in (
        f"meetings/{OTHER_DRAFT}/", f"government/meeting/{OTHER_DRAFT}/", f"meetings/{OTHER_DRAFT}/meeting.ics",
        f"government/meeting/{OTHER_DRAFT}/edit/", "government/body/body-6/edit/", "government/body/body-3/edit/",
        "government/territory/territory-1/edit/", "government/money/money-1/edit/", "government/money/money-1/",
        "government/meeting/new/?body=nobody-1", "government/seating/new/", "government/kings/",
    ):  # fmt: skip
        assert browser.get(f"/fr/{path}").status_code == 404, path
    for deed in ("convene", "archive"):
        sent = browser.post(f"/fr/government/meeting/{OTHER_DRAFT}/do/{deed}/")
        assert sent.status_code == 404
    for path in (
        "meetings/",
        "meetings/export.csv",
        "government/meeting/",
        "government/meeting/export.json",
        "government/",
    ):
        page = browser.get(f"/fr/{path}").content.decode()
        assert (OWN_DRAFT in page, OTHER_DRAFT in page) == (True, False), path
    rows = browser.get("/api/v1/government/meeting").json()["rows"]
    assert {one["id"] for one in rows} >= {OWN_DRAFT, "meeting-1"}
    assert OTHER_DRAFT not in {one["id"] for one in rows}
    lines = {one["territory"] for one in browser.get("/api/v1/government/money").json()["rows"]}
    assert lines == {"territory-1"}
    assert AuditEntry.objects.filter(act="refused").exists()

    # No form offers the neighbour's things to choose, and none takes them.
    assert OTHER_DRAFT not in browser.get("/fr/government/minutes/new/").content.decode()
    sent = {"name": "x", "body": "body-6", "type": "ordinary", "day": "2027-01-01", "begins": "18:00", "ends": "19:00",
            "place": "y", "agenda-rows": "0", "attendance-rows": "0"}  # fmt: skip
    assert browser.post("/fr/government/meeting/new/", sent).status_code == 404
    done = browser.post("/fr/government/meeting/new/", {**sent, "body": "body-5"})
    assert done.status_code == 302
    assert browser.post(f"/fr/government/meeting/{OWN_DRAFT}/edit/", {**sent, "body": "body-6"}).status_code == 404
    visitor = people("visitor")
    assert OWN_DRAFT not in visitor.get("/fr/meetings/").content.decode()
    assert visitor.get("/api/v1/government/money").json()["count"] == 0


def test_s23_5_convening_by_the_page_shows_the_rule_and_then_invites_only_when_asked(people):
    browser = people("office")
    user = User.objects.get(email="representative@example.org")
    by = By("test", now())
    held = {"body": "body-5", "account": user.pk, "function": "member", "since": "2020-01-01"}
    government.create("mandate", held, by=by, reach=ALL)
    soon = (now().date() + timedelta(days=3)).isoformat()
    government.change(OWN_DRAFT, {"day": soon}, by=by, reach=ALL)
    refused = browser.post(f"/en/government/meeting/{OWN_DRAFT}/do/convene/")
    assert refused.status_code == 422
    assert "the statutes ask for 15 for a meeting" in refused.content.decode()
    early = browser.post(f"/en/government/meeting/{OWN_DRAFT}/do/invite/")
    assert "Convene the meeting first" in early.content.decode()

    government.change(OWN_DRAFT, {"day": (now().date() + timedelta(days=20)).isoformat()}, by=by, reach=ALL)
    assert browser.get(f"/en/government/meeting/{OWN_DRAFT}/do/convene/").status_code == 405
    assert browser.post(f"/en/government/meeting/{OWN_DRAFT}/do/convene/").status_code == 302
    assert mail.outbox == []
    assert browser.post(f"/en/government/meeting/{OWN_DRAFT}/do/invite/").status_code == 302

    (letter,) = mail.outbox
    assert letter.to == ["representative@example.org"]
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "you are invited" in letter.body
    assert "vous êtes convoqué(e)" in letter.body
    assert "BEGIN:VEVENT" in letter.attachments[0][1]
    assert "STATUS:CONFIRMED" in browser.get(f"/fr/meetings/{OWN_DRAFT}/meeting.ics").content.decode()
    assert browser.post(f"/en/government/meeting/{OWN_DRAFT}/do/cancel/").status_code == 302
    browser.post(f"/fr/government/meeting/{OWN_DRAFT}/do/invite/")
    assert mail.outbox[1].subject.startswith("Annulation")
    assert "STATUS:CANCELLED" in browser.get("/en/bodies/body-5/calendar.ics").content.decode()
    assert [one.act for one in entries.history(OWN_DRAFT)][-3:] == ["invited", "cancelled", "invited"]


def test_s23_4_approved_minutes_are_public_and_take_no_change(people):
    browser = people("office")
    assert "Nothing was written" in browser.post("/en/government/minutes/minutes-1/do/approve/").content.decode()
    form = browser.post(
        "/en/government/minutes/minutes-1/edit/", {"name": "x", "meeting": "meeting-1", "text": "autre"}
    )
    assert form.status_code == 422
    assert "never change again" in form.content.decode()
    assert people("visitor").get("/en/government/minutes/minutes-1/").status_code == 200


def test_s23_6_bodies_are_joined_by_a_form_and_the_old_address_leads_on(people):
    browser = people("office")
    day = (now().date() + timedelta(days=1)).isoformat()
    sent = {"name_fr": "Comité de l’Est", "name_en": "Eastern committee", "type": "territorial_committee",
            "territory": "territory-1", "parents-rows": "1", "parents-0-body": "body-3", "parents-0-since": day,
            "merges": ["body-5", "body-6"]}  # fmt: skip
    assert "Since which day" in browser.post("/en/government/merge/", sent).content.decode()
    done = browser.post("/en/government/merge/", {**sent, "since": day})
    assert done.status_code == 302
    old = browser.get("/en/bodies/body-5/").content.decode()
    assert "This body ended" in old
    assert done.headers["Location"] in old
    assert "Camille Exemple" in browser.get("/en/bodies/body-5/?on=2020-01-01").content.decode()


def test_s24_3_the_page_simulates_compares_and_explains(people):
    browser = people("visitor")
    page = browser.get("/en/seats/?from=growth-2015").content.decode()
    assert "30 shared among all that take part, 10 reserved" in page
    assert "Shapley" in page
    assert "Rules side by side" in page
    refused = browser.get("/en/seats/?from=growth-2015&least_women=30&least_men=20").content.decode()
    assert "at least 30 seats: women" in refused
    assert "at least 20 seats: men" in refused
    tie = browser.get("/en/seats/?from=typed&table=territory,members%0AA,1%0AB,1&seats=3&ties=refuse&mix_members=1")
    assert tie.status_code == 422
    assert "A, B tie for 1 seat" in tie.content.decode()
    by_lot = "/en/seats/?from=typed&table=territory,members%0AA,1%0AB,1&seats=3&ties=order&order=B,A&mix_members=1"
    assert "A, B tied for 1; B won by the declared rule: the declared order." in browser.get(by_lot).content.decode()
    shared = json.loads(browser.get(by_lot.replace("/seats/?", "/seats/figures.json?")).content)["rows"]
    assert [(one["territory"], one["seats"]) for one in shared] == [("A", 1), ("B", 2)]


def test_whatever_the_address_says_the_page_answers(people):
    browser = people("visitor")
    for query in (
        "seats=x", "seats=9999999", "method=king", "ties=x", "mix_members=0.1.2", "exponent=a", "from=nowhere",
        "women_pct=z", "from=typed&table=%00", "from=typed&table=territory,m%0AA,<b>", "seats=100000&mix_members=1",
        "women_pct=200&least_women=2", "order=%3Cscript%3E&ties=order", "reserve_seats=5&reserve_for=x",
        "floor=90&seats=3", "women_pct=1/0",
    ):  # fmt: skip
        response = browser.get(f"/fr/seats/?{query}")
        assert response.status_code in {200, 422}, query
        assert b"<script" not in response.content, query
        assert b"<b>" not in response.content, query


def test_s24_5_a_rule_is_adopted_by_the_page_with_its_vote(people):
    browser = people("office")
    sent = {"body": "body-4", "name": "Conseil 2027", "since": "2027-01-01", "until": "2029-12-31", "vote": ""}
    path = "/en/seats/adopt/?method=dhondt&seats=30&mix_members=1&mix_jobs=1/2"
    assert "Vote: it must be given" in browser.post(path, sent).content.decode()
    done = browser.post(path, {**sent, "vote": "vote-12"})
    assert done.status_code == 302
    one = entries.book().thing("seating-2")
    assert one.get("record")["rule"]["mix"] == {"members": "1", "jobs": "1/2"}
    page = browser.get(done.headers["Location"]).content.decode()
    assert one.get("sha256") in page
    assert people("secretary").post(path, {**sent, "vote": "v"}).status_code == 404


def test_s25_3_and_4_the_report_is_public_and_lines_come_by_csv_within_reach(people):
    page = people("visitor").get("/en/money/?year=2025").content.decode()
    assert "Local money of 2025" in page
    browser = people("secretary")
    head = "reference,name,direction,nature,day,amount_eur,territory,to_territory\n"

    def send(rows, **more):
        sent = SimpleUploadedFile("x.csv", (head + rows).encode(), content_type="text/csv")
        return browser.post("/en/money/import/", {"file": sent, **more}).content.decode()

    count = len(entries.book().of("money"))
    own = "Z1,Loyer,spending,other,2026-01-05,300,territory-1,\n"
    assert "1 lines would be entered" in send(own, trial="1")
    assert "row 3: this territory is not yours" in send(own + "Z2,x,spending,other,2026-01-05,3,territory-2,\n")
    assert "leaves it only when" in send("Z3,x,transfer,other,2026-01-05,3,territory-1,territory-2\n")
    assert len(entries.book().of("money")) == count
    assert "1 lines were entered" in send(own)
    assert len(entries.book().of("money")) == count + 1
    assert "is missing" in browser.post("/en/money/import/", {}).content.decode()


def test_s26_2_crossing_a_ceiling_warns_on_the_page(people):
    page = people("visitor").get("/fr/money/?year=2025").content.decode()
    assert "Plafond franchi." in page
    assert "Région inventée apporte" in page


def test_statutes_are_typed_as_yaml_and_faults_name_their_path(people):
    browser = people("office")
    sent = {
        "name": "Statuts 2030",
        "since": "2030-01-01",
        "rules": "notice_days: {default: 20}\nquorum: [{share: 0.5}]",
    }
    refused = browser.post("/en/government/statutes/new/?body=body-3", sent)
    assert refused.status_code == 422
    assert "quorum[0].share: 0.5 is no exact number" in refused.content.decode()
    sent["rules"] = "notice_days: {default: 20}\nquorum: [{share: 1/2}]"
    assert browser.post("/en/government/statutes/new/?body=body-3", sent).status_code == 302
    assert entries.book().thing("statutes-3").get("rules") == {
        "notice_days": {"default": 20},
        "quorum": [{"share": "1/2"}],
    }


def test_the_api_of_government_says_what_is_wrong_and_is_not_stored(people):
    browser = people("visitor")
    bodies = browser.get("/api/v1/bodies?on=2010-01-01")
    assert [one["id"] for one in bodies.json()["rows"]] == ["body-1", "body-2"]
    assert bodies.headers["Cache-Control"] == "no-store"
    seats = browser.get("/api/v1/bodies/body-3?on=2016-06-01").json()["rows"]
    assert [one["person"] for one in seats][:2] == ["Aimée Fictive", "Bruno Inventé"]
    assert browser.get("/api/v1/money/2025/mix").json()["count"] == 4
    for path, status in (("bodies/body-99", 404), ("government/kings", 404), ("money/2025/gold", 404),
                         ("bodies?on=hier", 422)):  # fmt: skip
        assert browser.get(f"/api/v1/{path}").status_code == status, path
    assert not any("account" in one for one in browser.get("/api/v1/government/mandate").json()["rows"])
