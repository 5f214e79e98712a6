"""Drafts and votes by their pages: who gets in, what is frozen, casting, secret ballots, results, mail, files."""

from __future__ import annotations

import csv
import io
import json
import re
import secrets
from datetime import UTC, datetime, timedelta

import pytest
import web_house as site
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection

from beffroi.assembly.verify_box import verify_box
from beffroi.assembly.vote import Candidate, Text
from beffroi.charter import entries
from beffroi.federation import audit
from beffroi.records.accounts import AuditEntry
from beffroi.records.ballots import BallotAct, BallotMail, BallotVote, DraftVersion, UrnSlip
from beffroi.strategy import casting, closing, drafting, opening, voter
from beffroi.web import vote_frame
from beffroi.web.vote_roll import roll

BOTH = pytest.mark.parametrize("lang", ["fr", "en"])


@pytest.fixture
def house(people, tmp_path, monkeypatch):
    """The invented cluster, with its home in a folder of this test; call it with a role for a browser."""
    monkeypatch.setenv("BEFFROI_HOME", str(tmp_path))
    monkeypatch.setattr("beffroi.strategy.office_keys.KEY_BITS", 1024)
    people.home = tmp_path
    return people


def person(role):
    return f"account {site.account(role)}"


def at(hours):
    moment = datetime.now(UTC) + timedelta(hours=hours)
    return lambda: moment


def cast(row, organisation, role, choice, hours=-1.0, **more):
    return casting.cast(row.pk, casting.Actor(organisation, person(role)), choice, clock=at(hours), **more)


def orgs():
    """The organisations of the representative (one of two) and of the stranger."""
    return site.organisation(), site.organisation(1)


def refused_vote(home, **more):
    row = site.a_vote(home, hours=(-2, -0.5), **more)
    ours, theirs = orgs()
    cast(row, ours, "representative", "for", -1.5)
    cast(row, ours, "representative", "against", -1.4, objection="Trop <cher>.")
    cast(row, theirs, "stranger", "against", -1.3)
    return row


def test_s17_1_strangers_get_404_on_drafts_and_it_is_logged(house):
    outsider = house("representative")
    room = site.a_draft(at=datetime.now(UTC))
    before = AuditEntry.objects.filter(act="refused").count()

    for path in ("", "edit/", "diff/?from=1.1&to=1.1", "version/1.1/"):
        assert outsider.get(f"/fr/drafts/{room}/{path}").status_code == 404
    assert outsider.post(f"/fr/drafts/{room}/remark/", {"content": "x", "kind": "comment"}).status_code == 404
    refusal = outsider.get(f"/fr/drafts/{room}/").content.decode().replace(f"drafts/{room}/", "drafts/99999/")
    assert outsider.get("/fr/drafts/99999/").content.decode() == refusal
    assert AuditEntry.objects.filter(act="refused").count() > before
    assert "Réseau" not in outsider.get("/fr/drafts/").content.decode()
    member = house("drafter")
    assert "Nous posons la fibre" in member.get(f"/fr/drafts/{room}/").content.decode()
    assert audit.broken() == []


def test_a_draft_is_written_discussed_and_handed_in(house):
    browser = house("drafter")
    started = browser.post("/en/drafts/new/", {"title": "A <b>network</b>"})
    here = started.headers["Location"]
    assert browser.post("/en/drafts/new/", {"title": ""}).status_code == 200
    browser.post(f"{here}edit/", {"content": "One\n\n<script>x</script>", "base": ""})
    for email, status in (("nobody@example.org", 409), ("secretary@example.org", 302), ("secretary@example.org", 409)):
        assert browser.post(f"{here}team/", {"email": email}).status_code == status
    assert browser.post(f"{here}team/", {"email": "x"}).status_code == 409
    other = house("secretary")
    assert other.post(f"{here}edit/", {"content": "Two", "base": "1.1"}).status_code == 302

    stale = browser.post(f"{here}edit/", {"content": "Three & more", "base": "1.1"})

    page = stale.content.decode()
    assert stale.status_code == 409
    assert "Three &amp; more" in page
    assert "Secretary saved version 1.2" in page
    assert 'value="1.2"' in page
    assert DraftVersion.objects.filter(room=int(here.split("/")[-2])).count() == 2
    assert browser.post(f"{here}edit/", {"content": "Two and three", "base": "1.2"}).status_code == 302
    assert browser.post(f"{here}edit/", {"content": " ", "base": "1.3"}).status_code == 200
    shown = browser.get(f"{here}diff/?from=1.2&to=1.3").content.decode()
    assert re.search(r"<ins>.*and three</ins>", shown)
    assert browser.get(f"{here}diff/?from=9.9&to=1.3").status_code == 404
    assert "&lt;script&gt;" in browser.get(f"{here}version/1.1/").content.decode()

    assert browser.post(f"{here}remark/", {"content": "Too <dear>", "kind": "objection"}).status_code == 302
    assert browser.post(f"{here}remark/", {"content": "", "kind": "praise"}).status_code == 409
    page = browser.get(here).content.decode()
    assert "Too &lt;dear&gt;" in page
    assert "Hand in version" not in page
    assert "Each objection needs" in browser.post(f"{here}hand-in/", {"base": "1.3"}).content.decode()
    number = re.search(r'name="remark" value="(\d+)"', page)[1]
    assert browser.post(f"{here}remark/", {"remark": number, "content": ""}).status_code == 409
    assert browser.post(f"{here}remark/", {"remark": number, "content": "Cheaper now"}).status_code == 302
    assert "newer version" in browser.post(f"{here}hand-in/", {"base": "1.2"}).content.decode()
    assert browser.post(f"{here}hand-in/", {"base": "1.3"}).status_code == 302
    assert browser.post(f"{here}edit/", {"content": "Four", "base": "1.3"}).status_code == 409
    assert "cannot be changed now" in browser.get(f"{here}edit/").content.decode()
    assert browser.post(f"{here}hand-in/", {"back": "1"}).status_code == 302
    assert browser.post(f"{here}team/", {"leave": "1"}).headers["Location"] == "/en/drafts/"
    assert browser.get(here).status_code == 404
    assert "last one here" in other.post(f"{here}team/", {"leave": "1"}).content.decode()
    acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert {"draft_opened", "draft_invited", "draft_left", "draft_handed_in", "draft_taken_back"} <= acts


def form(room, **more):
    closes = datetime.now(vote_frame.moments.zone()) + timedelta(hours=2)
    return {
        "room": room, "rule": "body-9:ordinary", "opens": "", "closes": f"{closes:%Y-%m-%dT%H:%M}",
        "secrecy": "public", "channels": ["remote"], "visibility": "public", "roll": "represented", **more,
    }  # fmt: skip


def handed_in():
    room = site.a_draft(at=datetime.now(UTC))
    drafting.hand_in(room, base="1.1", by=person("drafter"), at=datetime.now(UTC))
    return room


def test_s17_2_the_officer_freezes_text_and_roll_and_the_page_shows_both_fingerprints(house):
    room = handed_in()
    browser = house("election_officer")
    assert f"?draft={room}" in browser.get("/fr/votes/new/").content.decode()
    assert browser.get(f"/fr/votes/new/?draft={room}").status_code == 200

    opened = browser.post("/fr/votes/new/", form(room))

    row = BallotVote.objects.latest("at")
    assert opened.headers["Location"] == f"/fr/votes/{row.pk}/"
    page = house("visitor").get(opened.headers["Location"]).content.decode()
    assert row.text_sha256 in page
    assert row.electorate_sha256 in page
    assert row.enrolled == 3
    assert "moitié des voix pour et contre" in page
    detail = AuditEntry.objects.get(act="vote_opened").detail
    assert (detail["vote"], detail["electorate_sha256"]) == (row.pk, row.electorate_sha256)
    assert "No draft waits" in browser.get("/en/votes/new/").content.decode()


def test_s17_7_the_page_refuses_remote_votes_that_the_statutes_forbid_and_shows_the_rule(house):
    room = handed_in()
    browser = house("election_officer")
    wrong = browser.post("/en/votes/new/", form(room, rule="body-9:statutes", table="organisation\nnobody"))
    assert "not on the list" in wrong.content.decode()
    wrong = browser.post("/en/votes/new/", form(room, rule="body-9:statutes"))
    assert wrong.status_code == 409
    assert "Remote votes are not admitted" in wrong.content.decode()
    assert "{" in browser.post("/en/votes/new/", form(room, seat_rule="{")).content.decode()
    assert "no frozen seat rule" in browser.post("/en/votes/new/", form(room, seat_rule="[]")).content.decode()
    row = site.a_vote(house.home, rule="statutes")
    voter_browser = house("representative")

    page = voter_browser.get(f"/en/votes/{row.pk}/").content.decode()
    sent = voter_browser.post(f"/en/votes/{row.pk}/cast/", {"organisation": orgs()[0], "choice": "for"})

    assert "Remote votes are not admitted" in page
    assert "Cast the ballot" not in page
    assert sent.status_code == 409
    assert "do not admit votes by" in sent.content.decode()
    officer = house("election_officer")
    for data, status in (({"organisation": orgs()[0], "what": "for", "channel": "room"}, 302),
                         ({"organisation": orgs()[1], "what": "attend", "channel": "room"}, 302),
                         ({"organisation": "o-none", "what": "for", "channel": "room"}, 409),
                         ({"organisation": "", "what": "for", "channel": "room"}, 409)):  # fmt: skip
        assert officer.post(f"/en/votes/{row.pk}/office/record/", data).status_code == status
    assert BallotAct.objects.filter(vote=row, act__in=("cast", "attend")).count() == 2


def test_s17_3_a_representative_casts_replaces_delegates_and_nobody_else_can(house):
    row = site.a_vote(house.home)
    here, (ours, theirs) = f"/fr/votes/{row.pk}/", orgs()
    browser = house("representative")
    assert "Votre bulletin est attendu" in browser.get("/fr/votes/").content.decode()

    for choice in ("against", "for"):
        done = browser.post(f"{here}cast/", {"organisation": ours, "choice": choice, "objection": "Non"})
        assert done.headers["Location"] == f"{here}?done=cast"
    page = browser.get(here).content.decode()
    assert "remplace" in page
    assert BallotAct.objects.filter(act="cast").latest("number").hash in page  # the receipt
    assert browser.post(f"{here}cast/", {"organisation": theirs, "choice": "for"}).status_code == 404
    assert browser.post(f"{here}cast/", {"organisation": ours, "choice": "perhaps"}).status_code == 409
    assert browser.get(f"{here}cast/").status_code == 405
    assert house("visitor").post(f"{here}cast/", {"organisation": ours, "choice": "for"}).status_code == 404

    second = BallotAct.objects.filter(act="cast").count()
    mine = [one for one in roll(datetime.now(UTC)) if one.elector.organisation not in {ours, theirs}]
    other = mine[0].elector.organisation
    assert browser.post(f"{here}delegate/", {"organisation": other, "to": other}).status_code == 409
    assert browser.post(f"{here}delegate/", {"organisation": other, "to": theirs}).status_code == 302
    stranger = house("stranger")
    page = stranger.get(here).content.decode()
    assert "vous est confié" in page
    assert browser.post(f"{here}revoke/", {"organisation": other}).status_code == 302
    assert browser.post(f"{here}delegate/", {"organisation": other, "to": theirs}).status_code == 302
    assert stranger.post(f"{here}cast/", {"organisation": other, "choice": "abstain"}).status_code == 302
    assert browser.post(f"{here}revoke/", {"organisation": other}).status_code == 409
    assert BallotAct.objects.filter(act="cast").count() == second + 1
    for refusal in ("box.json", "ballots.csv", "log/", "receipt/"):
        assert browser.get(here + refusal).status_code == 404, refusal
    entries = AuditEntry.objects.filter(act="ballot_cast").values_list("detail", flat=True)
    assert all(set(one) == {"vote", "organisation"} for one in entries)


def test_a_mandate_that_ended_since_the_roll_was_frozen_no_longer_votes(house):
    from beffroi.federation import people as mandates  # noqa: PLC0415 -- for this test only

    row = site.a_vote(house.home)
    browser, (ours, _theirs) = house("representative"), orgs()
    mandates.end(site.account("representative"), "representative", scope=ours, by="test", at=datetime.now(UTC))

    assert browser.post(f"/fr/votes/{row.pk}/cast/", {"organisation": ours, "choice": "for"}).status_code == 404


def test_a_split_vote_is_typed_in_parts(house):
    ours, _theirs = orgs()
    row = site.a_vote(house.home, table=f"organisation;weight;aggregated\n{ours};3;oui\n{orgs()[1]};1/3;")
    browser = house("representative")
    data = {"organisation": ours, "choice": "split", "part_for": "3/2", "part_against": "0.5"}

    assert "part_for" in browser.get(f"/fr/votes/{row.pk}/").content.decode()
    assert browser.post(f"/fr/votes/{row.pk}/cast/", data).status_code == 302
    assert BallotAct.objects.get(vote=row, act="cast").body["choice"] == {
        "for": "3/2",
        "against": "0.5",
        "abstain": "1",
    }
    for part in ("x", "9"):
        assert browser.post(f"/fr/votes/{row.pk}/cast/", {**data, "part_for": part}).status_code == 409


def test_s17_6_a_refused_text_comes_back_and_its_next_vote_shows_what_changed(house, read_page):
    row = refused_vote(house.home)
    drafter = house("drafter")
    here = f"/en/drafts/{row.room_id}/"
    page = house("visitor").get(f"/en/votes/{row.pk}/").content.decode()
    assert "The text is refused." in page
    assert "Trop &lt;cher&gt;." in page
    assert "has not written it down yet" in page

    stale = drafter.post(f"{here}edit/", {"content": "Nous posons la fibre, moins cher.", "base": "1.1"})

    assert stale.status_code == 409  # saving wrote the refusal down, which opened round 2
    assert BallotVote.objects.get(pk=row.pk).closing.outcome == "refused"
    assert (
        drafter.post(f"{here}edit/", {"content": "Nous posons la fibre, moins cher.", "base": "2.1"}).status_code == 302
    )
    page = drafter.get(here)
    assert "needs an answer" in page.content.decode()
    assert "Each objection" in drafter.post(f"{here}hand-in/", {"base": "2.2"}).content.decode()
    number = re.search(r'name="remark" value="(\d+)"', page.content.decode())[1]
    drafter.post(f"{here}remark/", {"remark": number, "content": "Le prix baisse."})
    second = site.a_vote(house.home, hours=(0, 24), room=row.room_id)
    shown = house("visitor").get(f"/en/votes/{second.pk}/changes/").content.decode()
    assert "From version 1 to version 2." in shown
    assert "Le prix baisse." in shown
    assert "moins cher" in shown
    assert f"/en/votes/{second.pk}/changes/" in house("visitor").get(f"/en/votes/{second.pk}/").content.decode()
    text = house("visitor").get(f"/en/votes/{row.pk}/text/").content.decode()
    assert row.text_sha256 in text
    assert "first time" in house("visitor").get(f"/en/votes/{row.pk}/changes/").content.decode()


def test_s17_5_the_box_that_the_page_gives_away_is_verified_and_stays_the_same(house):
    row = refused_vote(house.home)
    visitor = house("visitor")

    before = visitor.get(f"/fr/votes/{row.pk}/box.json").content
    officer = house("election_officer")
    assert officer.post(f"/fr/votes/{row.pk}/office/close/").status_code == 302
    after = visitor.get(f"/fr/votes/{row.pk}/box.json").content

    sha256 = BallotVote.objects.get(pk=row.pk).closing.sha256
    assert before == after
    assert verify_box(after, published=sha256) == ()
    assert sha256 in visitor.get(f"/fr/votes/{row.pk}/").content.decode()
    rows = list(csv.DictReader(io.StringIO(visitor.get(f"/fr/votes/{row.pk}/ballots.csv").content.decode("utf-8-sig"))))
    assert sorted((one["organisation"], one["choice"], one["changes"]) for one in rows) == sorted(
        [(orgs()[0], "contre", "1"), (orgs()[1], "contre", "0")]
    )
    log = visitor.get(f"/en/votes/{row.pk}/log/").content.decode()
    assert log.count("ballot</td>") == 3
    assert officer.post(f"/fr/votes/{site.a_vote(house.home).pk}/office/close/").status_code == 409


def test_quorum_missed_is_said_to_be_no_refusal(house):
    row = site.a_vote(house.home, hours=(-2, -0.5), which="members")
    page = house("visitor").get(f"/en/votes/{row.pk}/").content.decode()

    assert "There is no decision: too few took part. That is no refusal." in page
    assert "The text is refused" not in page


def test_s16_3_a_secret_ballot_by_this_page_leaves_no_trace_of_who_cast_it(house):
    row = site.a_vote(house.home, is_secret=True, which="members")
    here, (ours, _theirs) = f"/en/votes/{row.pk}/", orgs()
    browser = house("representative")
    assert "you trust that it does as it says" in browser.get(here).content.decode()

    shown = browser.post(f"{here}token/", {"organisation": ours}).content.decode()
    token = re.search(r'name="token" value="([0-9a-f]{64})"', shown)[1]
    signature = re.search(r'name="signature"[^>]*>([0-9a-f]+)<', shown)[1]
    class_id = row.keys and next(iter(row.keys))
    slip = {"class": class_id, "token": token, "signature": signature, "choice": "for", "objection": "Trop vite."}
    assert browser.post(f"{here}token/", {"organisation": ours}).status_code == 409
    stranger = house("visitor")  # any browser: nobody asks
    assert stranger.post(f"{here}urn/", {**slip, "signature": "00"}).status_code == 409
    seen = []

    def watch(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        assert browser.post(f"{here}urn/", slip).headers["Location"] == f"{here}urn/?done=1"

    assert not [one for one in seen if "auth_user" in one or "session" in one or "auditentry" in one]
    everything = json.dumps(list(AuditEntry.objects.values()), default=str)
    acts = json.dumps(list(BallotAct.objects.values()), default=str)
    for private in (token, signature, '"for"', "Trop vite"):
        assert private not in everything
        assert private not in acts
    entry = AuditEntry.objects.get(act="token_taken")
    assert (entry.account, entry.detail) == (site.account("representative"), {"vote": row.pk})
    assert UrnSlip.objects.filter(vote=row).count() == 1
    assert "token was taken" in browser.get(here).content.decode()


def test_a_secret_ballot_by_one_s_own_program_and_the_receipt(house):
    row = site.a_vote(house.home, hours=(-2, 24), is_secret=True, which="members")
    here, (ours, _theirs) = f"/fr/votes/{row.pk}/", orgs()
    browser = house("representative")
    paper = json.loads(browser.get(f"{here}paper.json").content)
    ((class_id, key),) = voter.keys_of_paper(paper).items()
    hidden = voter.hide(row.pk, class_id, key, random_bytes=secrets.token_bytes)

    assert browser.post(f"{here}token/", {"organisation": ours, "blinded": "zz"}).status_code == 409
    shown = browser.post(f"{here}token/", {"organisation": ours, "blinded": hidden.blinded}).content.decode()
    signed = re.search(r'<code class="block">([0-9a-f]+)</code>', shown)[1]
    slip = voter.slip(hidden, voter.uncover(hidden, signed, key), "against")
    assert hidden.token not in shown
    data = {"class": class_id, "token": slip.token, "signature": slip.signature, "choice": "against"}
    assert house("visitor").post(f"{here}urn/", data).status_code == 302

    over = BallotVote.objects.exclude(pk=row.pk).get()  # of the sample, which is over
    assert house("visitor").get(f"/fr/votes/{over.pk}/receipt/?token=00").status_code == 404
    assert house("visitor").get(f"/fr/votes/{over.pk}/urn/").status_code == 200
    public = site.a_vote(house.home)
    for nothing in (public.pk, "2026-99"):
        assert house("visitor").get(f"/fr/votes/{nothing}/urn/").status_code == 404
    assert browser.post(f"/fr/votes/{public.pk}/token/", {"organisation": ours}).status_code == 409
    assert browser.get(f"{here}token/").status_code == 405


def test_a_receipt_is_shown_after_the_close(house):
    row = site.a_vote(house.home, hours=(-3, -1), is_secret=True, which="members")
    class_id, key = next(iter(voter.keys_of_paper(closing.paper_of(row)).items()))
    hidden = voter.hide(row.pk, class_id, key, random_bytes=secrets.token_bytes)
    actor = casting.Actor(orgs()[0], person("representative"))
    signed = casting.sign_token(row.pk, actor, hidden.blinded, home=house.home, clock=at(-2))
    from beffroi.strategy import urn  # noqa: PLC0415 -- for this test only

    urn.put_in(row.pk, voter.slip(hidden, voter.uncover(hidden, signed, key), "for"), clock=at(-1.5))

    page = house("visitor").get(f"/en/votes/{row.pk}/receipt/?token={hidden.token}").content.decode()
    assert "It is there." in page
    assert "Ballot 1 of 1" in page
    assert hidden.token in house("visitor").get(f"/en/votes/{row.pk}/ballots.json").content.decode()


def election_form(**more):
    return {
        **form(""), "rule": "body-9:board", "title": "Board", "content": "", "seats": "2",
        "candidates": "Camille Roche; territory=Lyon\nSacha Morel\n\nLou Garnier", **more,
    }  # fmt: skip


def test_a_board_is_elected_through_the_pages(house):
    officer = house("election_officer")
    assert officer.post("/en/votes/new/election/", election_form(candidates=" ")).status_code == 409
    assert officer.post("/en/votes/new/election/", election_form(seats="9")).status_code == 409
    opened = officer.post("/en/votes/new/election/", election_form(breaks_ties="on"))
    here = opened.headers["Location"]
    browser, (ours, _theirs) = house("representative"), orgs()
    page = browser.get(here).content.decode()
    assert "Camille Roche" in page
    assert "Name 2 candidates at most" in page

    assert browser.post(f"{here}cast/", {"organisation": ours, "names": ["c1", "c3"]}).status_code == 302
    assert browser.post(f"{here}cast/", {"organisation": ours, "names": ["c1", "c2", "c3"]}).status_code == 409
    assert "Camille Roche, Lou Garnier" in browser.get(here).content.decode()


def test_the_result_of_an_election_names_who_is_elected(house):
    opens, closes = at(-2)(), at(-0.5)()
    terms = opening.Terms(site.rule_of("board", opens).for_seats(1), opens, closes, False, ("remote",))
    matter = opening.Matter(
        "Board", Text(1, "x"), (Candidate("c1", {"name": "Camille"}), Candidate("c2", {"name": "Lou"}))
    )
    office = opening.Office("t", opens, house.home)
    row = opening.open_election(matter, terms, roll(datetime.now(UTC)), office=office)
    cast(row, orgs()[0], "representative", ["c2"])

    page = house("visitor").get(f"/en/votes/{row.pk}/").content.decode()
    assert "The election is decided." in page
    assert "<ol><li>Lou</li></ol>" in page
    assert "Elected: Lou." in page


def test_mail_goes_only_when_the_officer_asks_and_only_to_those_it_is_for(house):
    row = site.a_vote(house.home)
    cast(row, orgs()[1], "stranger", "for", 0)
    officer = house("election_officer")
    officer.get(f"/fr/votes/{row.pk}/office/")
    assert mail.outbox == []

    sent = officer.post(f"/fr/votes/{row.pk}/office/mail/", {"kind": "invitation"})
    assert sent.headers["Location"].endswith("?sent=2")
    assert sorted(one.to[0] for one in mail.outbox) == ["representative@example.org", "stranger@example.org"]
    assert "Vous êtes appelé" in mail.outbox[0].body
    assert "You are called" in mail.outbox[0].body
    assert f"http://localhost/en/votes/{row.pk}/" in mail.outbox[0].body
    assert mail.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"
    officer.post(f"/fr/votes/{row.pk}/office/mail/", {"kind": "invitation"})
    assert len(mail.outbox) == 2
    for _ in range(2):
        officer.post(f"/fr/votes/{row.pk}/office/mail/", {"kind": "reminder"})
    assert [one.to for one in mail.outbox[2:]] == [["representative@example.org"]] * 2
    officer.post(f"/fr/votes/{row.pk}/office/mail/", {"kind": "result"})
    assert len(mail.outbox) == 4
    assert BallotMail.objects.count() == 4
    assert officer.get(f"/fr/votes/{row.pk}/office/?sent=2").status_code == 200
    over = refused_vote(house.home)
    officer.post(f"/fr/votes/{over.pk}/office/close/")
    officer.post(f"/fr/votes/{over.pk}/office/mail/", {"kind": "result"})
    assert BallotVote.objects.get(pk=over.pk).closing.sha256 in mail.outbox[-1].body


def test_a_mail_server_that_does_not_answer_is_said_to(house, settings_of_house):
    row = site.a_vote(house.home)
    settings_of_house("EMAIL_BACKEND", value="django.core.mail.backends.smtp.EmailBackend")
    settings_of_house("EMAIL_HOST", value="127.0.0.1")
    settings_of_house("EMAIL_PORT", value=9)

    answer = house("election_officer").post(f"/en/votes/{row.pk}/office/mail/", {"kind": "invitation"})

    assert answer.status_code == 409
    assert "does not answer" in answer.content.decode()
    assert not BallotMail.objects.exists()


def test_votes_for_members_are_nothing_to_visitors(house):
    room = handed_in()
    house("election_officer").post("/fr/votes/new/", form(room, visibility="members"))
    row = BallotVote.objects.latest("at")
    for path in ("", "text/", "changes/", "paper.json", "roll.csv", "deadline.ics"):
        assert house("visitor").get(f"/fr/votes/{row.pk}/{path}").status_code == 404, path
        assert house("registered").get(f"/fr/votes/{row.pk}/{path}").status_code == 404, path
        assert house("stranger").get(f"/fr/votes/{row.pk}/{path}").status_code == 200, path
    assert f">{row.pk}<" not in house("visitor").get("/fr/votes/").content.decode()
    assert f">{row.pk}<" in house("stranger").get("/fr/votes/").content.decode()


def test_the_list_is_filtered_by_its_address_and_its_files_hold_the_same(house):
    refused_vote(house.home, title="Fibre & cuivre")
    site.a_vote(house.home, title="Charte")
    visitor = house("visitor")

    rows = json.loads(visitor.get("/en/votes/votes.json?state=open").content)["rows"]
    assert [one["title"] for one in rows] == ["Charte"]
    assert "Charte" not in visitor.get("/en/votes/?q=fibre").content.decode()
    assert "No vote fits" in visitor.get("/en/votes/?q=zzz").content.decode()
    assert visitor.get("/en/votes/votes.xlsx?state=nonsense").status_code == 200


def test_the_read_api_gives_closed_public_votes(house):
    row = refused_vote(house.home)
    visitor = house("visitor")
    found = visitor.get("/api/v1/votes").json()
    assert {one["state"] for one in found["rows"]} == {"no_decision"}  # the sample; the other is not written down yet
    house("election_officer").post(f"/fr/votes/{row.pk}/office/close/")
    found = visitor.get("/api/v1/votes?state=refused").json()
    assert [one["vote"] for one in found["rows"]] == [row.pk]
    one = visitor.get(f"/api/v1/votes/{row.pk}").json()
    assert (one["outcome"], one["text_sha256"]) == ("refused", row.text_sha256)
    assert visitor.get("/api/v1/votes/2026-99").status_code == 404
    assert visitor.get("/api/v1/votes?state=x").status_code == 422


def test_the_deadline_goes_into_a_calendar(house):
    row = site.a_vote(house.home, title="Fibre, cuivre; et plus")
    body = house("visitor").get(f"/fr/votes/{row.pk}/deadline.ics").content.decode()

    assert body.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert f"DTEND:{row.closes.replace('-', '').replace(':', '')}\r\n" in body
    assert "Fibre\\, cuivre\\; et plus" in body.replace("\r\n ", "")
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))


@BOTH
def test_pages_are_well_formed_labelled_and_in_their_language(house, read_page, lang):
    row = refused_vote(house.home)
    live, secret = site.a_vote(house.home), site.a_vote(house.home, is_secret=True, which="members")
    sample = BallotVote.objects.order_by("at").first()
    assert sample
    house("election_officer").post("/fr/votes/new/election/", election_form())
    election = BallotVote.objects.latest("at")
    room = handed_in()
    pages = {
        "visitor": ["votes/", f"votes/{row.pk}/", f"votes/{row.pk}/log/", f"votes/{sample.pk}/",
                    f"votes/{row.pk}/text/", f"votes/{sample.pk}/receipt/", f"votes/{live.pk}/",
                    f"votes/{secret.pk}/urn/"],
        "representative": ["votes/", f"votes/{live.pk}/", f"votes/{secret.pk}/", f"votes/{election.pk}/"],
        "drafter": ["drafts/", "drafts/new/", f"drafts/{row.room_id}/", f"drafts/{row.room_id}/edit/",
                    f"drafts/{row.room_id}/diff/?from=1.1&to=1.1", f"drafts/{room}/"],
        "election_officer": ["votes/new/", f"votes/new/?draft={room}", "votes/new/election/",
                             f"votes/{live.pk}/office/", f"votes/{row.pk}/office/"],
    }  # fmt: skip
    for role, paths in pages.items():
        browser = house(role)
        for path in paths:
            response = browser.get(f"/{lang}/{path}")
            assert response.status_code == 200, path
            page = read_page(response)
            assert page.faults == [], path
            assert len(page.ids) == len(set(page.ids)), path
            assert set(page.refers) <= set(page.ids), path
            assert page.headings.count(1) == 1, path
            assert all(b <= a + 1 for a, b in zip(page.headings, page.headings[1:], strict=False)), path
            html = response.content.decode()
            assert unlabelled(html) == [], path
            assert "unsafe" not in response.headers["Content-Security-Policy"]


def unlabelled(html):
    """Fields without a name that a screen reader could say."""
    labels = set(re.findall(r'<label[^>]*for="([^"]+)"', html))
    fields = re.findall(r"<(?:input|select|textarea)\b[^>]*>", html)
    found = []
    for one in fields:
        if 'type="hidden"' in one or 'type="submit"' in one:
            continue
        name = re.search(r'\bid="([^"]+)"', one)
        if name is None or name[1] not in labels:
            found.append(one)
    return found


def test_reading_changes_nothing(house):
    row = refused_vote(house.home)
    readers = [house(role) for role in ("visitor", "drafter")]
    before = _tables()
    for path in ("", "text/", "changes/", "log/", "box.json", "paper.json", "roll.csv", "ballots.csv", "deadline.ics"):
        for reader in readers:
            assert reader.get(f"/fr/votes/{row.pk}/{path}").status_code == 200
    readers[1].get(f"/fr/drafts/{row.room_id}/")

    assert _tables() == before


def _tables():
    from django.apps import apps  # noqa: PLC0415 -- after the site is open

    found = {}
    for model in apps.get_app_config("records").get_models():
        found[model.__name__] = sorted(map(repr, model._default_manager.values_list()))
    found["users"] = sorted(map(repr, User.objects.values_list("id", "password")))
    return found


def test_hostile_titles_and_texts_stay_text(house):
    evil = "<img src=x onerror=alert(1)>=cmd|' /C calc'!A1"
    row = site.a_vote(house.home, hours=(-2, -0.5), title=evil, content=f"# {evil}\n\n- {evil}\n\n{evil}")
    visitor = house("visitor")
    for path in ("votes/", f"votes/{row.pk}/", f"votes/{row.pk}/text/", f"votes/{row.pk}/log/"):
        assert "<img src=x" not in visitor.get(f"/fr/{path}").content.decode()
    table = visitor.get("/fr/votes/votes.csv").content.decode("utf-8-sig")
    assert ",=" not in table


def test_the_officer_opens_a_vote_under_the_statutes_of_a_body_and_nothing_else(house):
    room = handed_in()
    officer = house("election_officer")
    page = officer.get(f"/en/votes/new/?draft={room}").content.decode()
    assert 'value="body-9:ordinary"' in page
    assert "General assembly, change of the statutes" in page
    assert 'value="body-3:budget"' in page
    assert "body-9:board" not in page  # an election of candidates
    assert "body-9:board" in officer.get("/en/votes/new/election/").content.decode()
    assert officer.post("/en/votes/new/", form(room, rule="body-9:budget")).status_code == 409
    nobody = officer.post("/en/votes/new/", form(room, rule="body-3:budget", roll="body"))
    assert "Nobody may vote" in nobody.content.decode()

    assert officer.post("/en/votes/new/", form(room, rule="body-3:budget")).status_code == 302

    row = BallotVote.objects.latest("at")
    assert (row.body, row.rule["id"], row.rule["version"]) == ("body-3", "budget", "statutes-1, 2016-01-01")
    visitor = house("visitor")
    assert '<a href="/en/bodies/body-3/">Regional committee</a>' in visitor.get(f"/en/votes/{row.pk}/").content.decode()
    body = visitor.get("/en/bodies/body-3/").content.decode()
    assert f'<a href="/en/votes/{row.pk}/">{row.pk}</a>' in body
    rows = json.loads(visitor.get("/en/votes/votes.json?body=body-3").content)["rows"]
    assert [(one["vote"], one["body"], one["kind"]) for one in rows] == [(row.pk, "body-3", "budget")]
    assert row.pk in visitor.get("/en/votes/?body=body-3").content.decode()
    assert row.pk not in visitor.get("/en/votes/?body=body-4").content.decode().split("<table")[-1]


def test_a_vote_of_before_bodies_stays_readable(house):
    row = site.a_vote(house.home)
    old = {key: row.rule[key] for key in row.rule if key not in {"body_name", "least_notice_hours"}} | {
        "body": "general_assembly", "version": "2026"}  # fmt: skip
    fields = {one.attname: getattr(row, one.attname) for one in BallotVote._meta.concrete_fields}
    legacy = BallotVote.objects.create(**{**fields, "id": "2025-1", "body": "general_assembly", "rule": old})
    visitor = house("visitor")
    assert "general_assembly" in visitor.get(f"/en/votes/{legacy.pk}/").content.decode()
    assert "2025-1" in visitor.get("/en/votes/?body=general_assembly").content.decode()


def test_a_closed_vote_is_entered_as_a_decision_of_its_body(house):
    row = refused_vote(house.home)
    office, here = house("office"), f"/en/votes/{row.pk}/"
    new = f"/en/government/decision/new/?vote={row.pk}"
    assert "decision/new" not in office.get(here).content.decode()  # not written down yet
    house("election_officer").post(f"{here}office/close/")
    assert new in office.get(here).content.decode()
    for role in ("visitor", "secretary", "election_officer"):
        assert "decision/new" not in house(role).get(here).content.decode()
    assert house("secretary").post(new, {"name_fr": "x", "name_en": "x"}).status_code == 404
    assert office.get("/en/government/decision/new/?vote=2026-999").status_code == 404

    page = office.get(new).content.decode()
    assert f"Enter vote {row.pk} as a decision: General assembly (refused)" in page
    assert f'value="{row.title}"' in page
    sent = office.post(new, {"name_fr": row.title, "name_en": "A network", "day": row.closes[:10]})

    decision = entries.book().of("decision")[-1]
    assert sent.headers["Location"] == f"/en/government/decision/{decision.id}/"
    assert {key: decision.get(key) for key in ("vote", "body", "type", "outcome")} == {
        "vote": row.pk, "body": "body-9", "type": "ordinary", "outcome": "refused"}  # fmt: skip
    assert f'<a href="/en/votes/{row.pk}/">{row.pk}</a>' in office.get(sent.headers["Location"]).content.decode()
    visitor = house("visitor")
    assert f"/en/government/decision/{decision.id}/" in visitor.get(here).content.decode()
    assert decision.id in visitor.get("/en/bodies/body-9/").content.decode()
    again = office.post(new, {"name_fr": "x", "name_en": "x", "day": row.closes[:10]})
    assert again.status_code == 422
    assert f"{decision.id} already enters what vote {row.pk} decided." in again.content.decode()

    typed = {"name_fr": "x", "name_en": "x", "type": "budget", "day": row.closes[:10], "outcome": "adopted"}
    for vote, said in ((row.pk, f"Vote {row.pk} is a vote of body-9, not of body-3."),
                       ("2026-999", "There is no vote 2026-999"),
                       (site.a_vote(house.home).pk, "is not counted")):  # fmt: skip
        refused = office.post("/en/government/decision/new/?body=body-3", {**typed, "vote": vote})
        assert (refused.status_code, said in refused.content.decode()) == (422, True), said
    french = office.post("/fr/government/decision/new/?body=body-3", {**typed, "vote": row.pk}).content.decode()
    assert "est un vote de body-9, et non de body-3." in french


@pytest.mark.parametrize("is_secret", [False, True])
def test_an_open_vote_is_cancelled_with_a_reason_that_its_page_shows(house, is_secret):
    row = site.a_vote(house.home, is_secret=is_secret, which="members" if is_secret else "represented")
    here, officer = f"/en/votes/{row.pk}/", house("election_officer")
    assert "Cancel this vote" in officer.get(f"{here}office/").content.decode()
    assert officer.get(f"{here}office/cancel/").status_code == 405
    assert officer.post(f"{here}office/cancel/", {"reason": " "}).status_code == 409
    assert not BallotVote.objects.filter(cancelling__isnull=False).exists()
    if not is_secret:
        cast(row, orgs()[0], "representative", "for", 0)

    assert officer.post(f"{here}office/cancel/", {"reason": "Wrong <roll>."}).status_code == 302

    visitor, voter_browser = house("visitor"), house("representative")
    page = visitor.get(here).content.decode()
    assert "This vote was cancelled on" in page
    assert "by the election officer" in page
    assert "Wrong &lt;roll&gt;." in page
    assert BallotAct.objects.get(vote=row, act="cancel").hash in page
    assert "Cast the ballot" not in voter_browser.get(here).content.decode()
    assert row.title not in voter_browser.get("/en/votes/").content.decode().split("Waiting for your ballot")[-1][:300]
    act = "token" if is_secret else "cast"
    refused = voter_browser.post(f"{here}{act}/", {"organisation": orgs()[0], "choice": "for"})
    assert (refused.status_code, "was cancelled" in refused.content.decode()) == (409, True)
    assert visitor.get(f"{here}box.json").status_code == 410
    for sealed in ("ballots.csv", "log/", "receipt/?token=00"):
        assert visitor.get(here + sealed).status_code == 404, sealed
    assert officer.post(f"{here}office/cancel/", {"reason": "Again"}).status_code == 409
    assert officer.post(f"{here}office/close/").status_code == 409
    page = officer.get(f"{here}office/").content.decode()
    assert "Say that it is cancelled (" in page
    officer.post(f"{here}office/mail/", {"kind": "cancelled"})
    assert "Reason: Wrong <roll>." in mail.outbox[-1].body
    assert AuditEntry.objects.get(act="vote_cancelled").detail == {"vote": row.pk}
    rows = json.loads(visitor.get("/en/votes/votes.json?state=cancelled").content)["rows"]
    assert [one["vote"] for one in rows] == [row.pk]
    assert "annulé" in visitor.get(f"/fr/votes/{row.pk}/").content.decode()
    assert f"?draft={row.room_id}" in officer.get("/en/votes/new/").content.decode()
    assert audit.broken() == []


def test_a_house_without_bodies_says_what_a_vote_needs(house, monkeypatch):
    monkeypatch.setattr("beffroi.web.pages.vote_office.vote_rules", lambda _book, _day: ())
    room = handed_in()
    for path in (f"new/?draft={room}", "new/election/"):
        page = house("election_officer").get(f"/en/votes/{path}").content.decode()
        assert "No body may take such a decision today." in page
        assert '<form method="post" class="stack"' not in page
