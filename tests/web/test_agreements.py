"""Agreements: a funder reads its own, chair and office all, nobody else any; and what the page says of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from beffroi.charter import entries
from beffroi.charter.entries import By
from beffroi.charter.faults import RefusedError
from beffroi.federation import government
from beffroi.federation.agreements import DONE, DUE, LATE, duties, paid_by_year
from beffroi.federation.people import give
from beffroi.federation.reach import Reach

ALL = Reach(is_all=True)


def by():
    return By("test", datetime.now(UTC))


def another(**more):
    funder = entries.book().of("funder")[1]
    values = {
        "name": {"fr": "Autre convention", "en": "Other agreement"},
        "funder": funder.id,
        "signed_on": "2026-01-01",
        "since": "2026-01-01",
        "amount_eur": "1000",
        "document": "B-2",
    }
    return government.create("agreement", {**values, **more}, by=by(), reach=ALL)


def test_a_funder_reads_its_agreement_and_no_other(people, read):
    funder, office = people("funder"), people("office")
    other = another()

    listed = read(funder.get("/fr/agreements/"))
    assert "Convention d’objectifs" in listed.text
    assert "Autre convention" not in listed.text
    assert listed.faults == []
    assert funder.get(f"/fr/agreements/{other.id}/").status_code == 404
    assert funder.get(f"/fr/agreements/{other.id}/money.csv").status_code == 404
    assert funder.get("/fr/government/agreement/agreement-1/").status_code == 404
    assert "Autre" not in funder.get("/fr/agreements/export.csv").content.decode()
    assert "Autre convention" in read(office.get("/fr/agreements/")).text
    assert "Autre convention" not in read(office.get("/fr/agreements/?q=objectifs")).text
    # What the funder may not read by the generic pages, everybody else may not either.
    for role in ("visitor", "secretary", "registered"):
        assert "Convention d’objectifs" not in people(role).get("/fr/government/agreement/").content.decode()


def test_the_read_interface_tells_each_their_own(people):
    another()

    assert [one["id"] for one in people("funder").get("/api/v1/agreements").json()["rows"]] == ["agreement-1"]
    assert people("office").get("/api/v1/agreements").json()["count"] == 2
    assert people("visitor").get("/api/v1/agreements").json() == {"count": 0, "rows": []}


def test_the_page_says_money_state_effects_and_reports_due(people, read):
    response = people("funder").get("/fr/agreements/agreement-1/")
    page = read(response)

    assert page.faults == []
    assert len(page.ids) == len(set(page.ids))
    assert "1 rapport est en retard." in page.text
    assert any(row[0] == "État des dépenses" and row[2] == "en retard" for row in page.rows if len(row) == 5)
    assert any(row[0] == "Rapport d’exécution" and row[2] == "remis" for row in page.rows if len(row) == 5)
    assert "Résultats clés" in page.text
    assert "inconnu" in page.text
    assert "/fr/government/agreement/agreement-1/edit/" not in page.links
    assert (
        "/fr/government/agreement/agreement-1/edit/" in read(people("chair").get("/fr/agreements/agreement-1/")).links
    )


def test_money_of_the_funder_is_summed_by_year_exactly(people, read):
    browser = people("funder")
    agreement = entries.book().thing("agreement-1")
    paid = paid_by_year(entries.book(), agreement)
    assert paid == {2025: Decimal(180_000)}  # the grant of the invented year before last is before the agreement

    lines = browser.get("/fr/agreements/agreement-1/money.csv").content.decode("utf-8-sig").splitlines()

    assert lines[0].replace(";", ",") == "year,committed_eur,spent_eur,paid_eur"
    assert [line.replace(";", ",").split(",")[0] for line in lines[1:]] == ["2025", "2026", "2027"]
    assert any("180000" in line for line in lines)
    financed = browser.get("/fr/agreements/agreement-1/financed.json").json()
    assert len(financed["rows"]) <= len(agreement.ids("finances"))
    assert browser.get("/fr/agreements/agreement-1/nothing.csv").status_code == 404
    assert len(browser.get("/fr/agreements/agreement-1/reports.json").json()["rows"]) == 3


def test_only_costs_that_name_the_funder_count_and_drafts_stay_hidden(people, read):
    people("visitor")
    book = entries.book()
    published = next(one for one in book.of("action") if one.get("state") == "published" and one.rows("costs"))
    draft = next(one for one in book.of("action") if one.get("state") == "draft")
    funder = government.create("funder", {"name": published.rows("costs")[0]["funder"], "sector": "public"},
                               by=by(), reach=ALL)  # fmt: skip
    made = another(funder=funder.id, finances=[published.id, draft.id])
    user = User.objects.get(email="registered@example.org").pk
    give(user, "funder", scope=made.id, by="test", at=datetime.now(UTC))

    browser = people("registered")
    page = read(browser.get(f"/fr/agreements/{made.id}/"))
    assert draft.text("name", "fr") not in page.text
    assert "1 autre est encore en préparation." in page.text
    money = browser.get(f"/fr/agreements/{made.id}/money.json").json()["rows"]
    stated = sum(Decimal(row["committed_eur"]) for row in published.rows("costs"))
    assert sum(Decimal(row["committed_eur"]) for row in money) == stated > 0
    first = browser.get("/fr/agreements/agreement-1/")
    assert first.status_code == 404


def test_reports_are_done_due_or_late_by_the_day(people):
    people("visitor")
    today = datetime.now(UTC).date()
    rows = [
        {"name": {"fr": "Un", "en": "One"}, "due": (today + timedelta(days=step)).isoformat(),
         **({"delivered": today.isoformat()} if is_done else {})}
        for step, is_done in ((5, False), (-5, False), (-9, True), (0, False))
    ]  # fmt: skip
    made = another(duties=rows)

    assert [one.state for one in duties(made, today.isoformat())] == [DONE, LATE, DUE, DUE]
    assert {one.state for one in duties(made, date(2020, 1, 1).isoformat())} == {DUE}
    late = [{**rows[0], "delivered": (today + timedelta(days=1)).isoformat()}]
    with pytest.raises(RefusedError, match="a day to come"):
        another(duties=late)
    with pytest.raises(RefusedError):
        another(until="2025-12-31")


def test_an_office_enters_an_agreement_and_its_history_stays(people, read):
    office = people("office")
    assert people("secretary").get("/fr/government/agreement/agreement-1/edit/").status_code == 404
    form = office.get("/fr/government/agreement/agreement-1/edit/")
    assert form.status_code == 200
    government.change("agreement-1", {"amount_eur": "460000"}, by=by(), reach=ALL, reason="Avenant")

    page = read(people("funder").get("/en/agreements/agreement-1/"))
    assert "Avenant" in page.text
    assert "450,000" in page.text
    assert "460,000" in page.text
