"""Ideas as people meet them: post, confirm, moderate, join, answer, close; and leave no trace when anonymous."""

from __future__ import annotations

import csv
import io
import logging
import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client

from beffroi.federation import audit
from beffroi.records.accounts import AuditEntry
from beffroi.records.ideas import AnonymousIdea, Idea, IdeaCampaign, IdeaDraft
from beffroi.web import permissions
from beffroi.web.pages import ideas as pages

SECRET = "Un patron parle : l’aide va aux amis"  # noqa: S105 -- words of an invented person


@pytest.fixture
def named(people):
    people("visitor")
    return IdeaCampaign.objects.get(is_anonymous=False).pk


@pytest.fixture
def nameless(people):
    people("visitor")
    return IdeaCampaign.objects.get(is_anonymous=True).pk


def rows_of(response):
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def publish_all(browser, campaign):
    for one in re.findall(r'name="idea" value="(\d+)"', browser.get(f"/fr/ideas/{campaign}/desk/").content.decode()):
        assert browser.post(f"/fr/ideas/{campaign}/desk/", {"idea": one, "deed": "published"}).status_code == 302


def test_s15_1_a_member_posts_in_one_form_and_a_moderator_lets_it_in(people, named):
    browser = people("registered")
    assert "Que faire" in browser.get(f"/fr/ideas/{named}/post/").content.decode()

    posted = browser.post(f"/fr/ideas/{named}/post/", {"title": "Un fonds", "text": "Commun"})

    page = browser.get(posted.headers["Location"]).content.decode()
    assert "Commun" not in page
    assert "Un fonds" not in browser.get(f"/fr/ideas/{named}/").content.decode()
    publish_all(people("chair"), named)
    assert "Un fonds" in people("visitor").get(f"/fr/ideas/{named}/").content.decode()


@pytest.mark.parametrize(("lang", "subject"), [("fr", "Confirmez votre idée"), ("en", "Confirm your idea")])
def test_s15_1_a_guest_confirms_by_a_link_and_reading_the_link_changes_nothing(people, named, lang, subject):
    browser = people("visitor")
    form = {"title": "Un fonds\r\nX-Evil: 1", "text": "Commun", "email": "guest@example.org", "name": "<b>G</b>"}
    assert browser.post(f"/{lang}/ideas/{named}/post/", {**form, "email": "nonsense"}).status_code == 400
    assert browser.post(f"/{lang}/ideas/{named}/post/", {**form, "title": ""}).status_code == 400

    assert browser.post(f"/{lang}/ideas/{named}/post/", form).headers["Location"] == f"/{lang}/ideas/{named}/sent/"
    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == (subject, ["guest@example.org"])
    link = re.search(r"http://localhost(/\S+/confirm/\S+)", sent.body)[1]
    assert browser.get(link).status_code == 200
    assert IdeaDraft.objects.count() == 1
    assert browser.post(link).status_code == 302
    assert browser.post(link).status_code == browser.get(link).status_code == 410
    publish_all(people("office"), named)
    page = browser.get(f"/{lang}/ideas/{named}/").content.decode()
    assert "&lt;b&gt;G" in page
    assert "guest@example.org" not in page


def test_s15_1_a_campaign_for_members_is_closed_to_strangers(people, nameless):
    browser = people("visitor")
    assert browser.get(f"/fr/ideas/{nameless}/post/").status_code == 404
    assert browser.post(f"/fr/ideas/{nameless}/post/", {"title": "x", "text": "y"}).status_code == 404
    assert not AnonymousIdea.objects.exists()


def test_s15_2_to_s15_6_ideas_are_joined_split_answered_told_and_closed(people, named):
    office, member = people("office"), people("registered")
    member.post(f"/en/ideas/{named}/post/", {"title": "A fund", "text": "Shared"})
    publish_all(office, named)
    first, second = Idea.objects.order_by("at").values_list("pk", flat=True)
    assert office.post(f"/fr/ideas/{named}/close/").status_code == 409

    assert office.post(f"/fr/ideas/{named}/join/", {"idea": [first], "title": "x", "text": "y"}).status_code == 409
    form = {"idea": [first, second], "title": "École et fonds", "text": "Les deux"}
    joined = office.post(f"/fr/ideas/{named}/join/", form).headers["Location"]
    page = people("visitor").get(joined).content.decode()
    assert "Representative" in page
    assert "Registered" in page
    assert "A fund" in page
    assert "de l’organisateur" in page
    parts = {"title": ["Une part", "Autre part"], "text": ["x", "y"]}
    assert office.post(f"{joined}split/", {"title": ["seule"], "text": ["x"]}).status_code == 409
    assert office.post(f"{joined}split/", parts).status_code == 302
    left, right = Idea.objects.filter(title__endswith="part").values_list("pk", flat=True)
    url = f"/fr/ideas/{named}/idea/{left}/answer/"
    assert office.post(url, {"outcome": "accepted"}).status_code == 409
    assert office.post(url, {"outcome": "accepted", "reason": "oui"}).status_code == 302
    assert sorted(one.to[0] for one in mail.outbox) == ["registered@example.org", "representative@example.org"]
    assert "oui" in mail.outbox[0].body
    assert f"http://localhost/fr/ideas/{named}/idea/{left}/" in mail.outbox[0].body
    assert office.post(f"/fr/ideas/{named}/close/").status_code == 409
    office.post(f"/fr/ideas/{named}/idea/{right}/answer/", {"outcome": "later", "reason": "2027"})
    assert office.post(f"/fr/ideas/{named}/close/", {"text": "merci"}).status_code == 302

    log = rows_of(office.get(f"/fr/ideas/{named}/moderation.csv"))
    assert {one["deed"] for one in log} == {"published", "merged", "split", "answered"}
    public = people("visitor")
    assert "merci" in public.get(f"/fr/ideas/{named}/").content.decode()
    found = {one["idea"]: one for one in rows_of(public.get(f"/fr/ideas/{named}/ideas.csv"))}
    assert found[str(left)]["authors"] == found[str(right)]["authors"] == "Registered; Representative"
    assert set(found[str(left)]["came_from"].split()) < set(found)
    assert {one["state"] for one in rows_of(public.get("/fr/ideas/campaigns.csv?state=closed"))} == {"closed"}
    assert (
        member.post(f"/fr/ideas/{named}/post/", {"title": "x", "text": "y"}).headers["Location"]
        == f"/fr/ideas/{named}/"
    )


def test_ideas_are_found_by_the_address(people, named):
    browser = people("visitor")
    for tail, count in (("?q=ecole", 0), ("?q=école", 1), ("?outcome=none", 1), ("?outcome=accepted", 0)):
        assert len(rows_of(browser.get(f"/fr/ideas/{named}/ideas.csv{tail}"))) == count, tail
    for kind in ("xlsx", "json"):
        assert browser.get(f"/fr/ideas/{named}/ideas.{kind}").status_code == 200
    assert browser.get("/fr/ideas/99/").status_code == browser.get(f"/fr/ideas/{named}/idea/7/").status_code == 404


def test_a_hostile_idea_stays_words_in_pages_files_and_mail(people, named):
    member, office = people("registered"), people("office")
    member.post(f"/fr/ideas/{named}/post/", {"title": "=HYPERLINK(1)", "text": "<script>alert(1)</script>"})
    publish_all(office, named)

    for path in (f"/fr/ideas/{named}/", f"/fr/ideas/{named}/desk/"):
        assert "<script>alert" not in office.get(path).content.decode()
    (row,) = (one for one in rows_of(office.get(f"/fr/ideas/{named}/ideas.csv")) if "HYPERLINK" in one["title"])
    assert row["title"] == "'=HYPERLINK(1)"


def everything_written():
    """Every value of every table, with the table's name."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- tables of our own
            found += [(table, row) for row in cursor.fetchall()]
    return found


@pytest.fixture
def log_lines(tmp_path):
    """Every line that any logger writes, in a file, as a careless operator would have it."""
    path = tmp_path / "everything.log"
    handler = logging.FileHandler(path)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: path.read_text("utf-8")
    root.removeHandler(handler)
    root.setLevel(before)
    handler.close()


def test_s16_1_nothing_anywhere_ties_an_anonymous_idea_to_its_author(people, nameless, log_lines):
    member, office = people("registered"), people("office")
    account = User.objects.get(email="registered@example.org").pk
    member.get(f"/fr/ideas/{nameless}/post/")
    sessions, door = everything_written(), AuditEntry.objects.count()

    posted = member.post(f"/fr/ideas/{nameless}/post/", {"title": SECRET, "text": SECRET, "email": "me@example.org"})
    assert posted.status_code == 302
    member.get(posted.headers["Location"])

    new = [one for one in everything_written() if one not in sessions]
    (row,) = new
    idea = AnonymousIdea.objects.get()
    assert row == ("records_anonymousidea", (idea.pk, SECRET, SECRET, "participant", "", nameless))
    assert AuditEntry.objects.count() == door  # posting itself leaves no line whose neighbours tell who was there
    said = log_lines()
    assert SECRET not in said
    assert str(idea.pk) not in said
    assert "me@example.org" not in said
    assert all(re.fullmatch(r":\d+:often-[0-9a-f]{64}", key) for key in map(str, cache._cache) if "often" in key)

    publish_all(office, nameless)
    texts = [(table, row) for table, row in everything_written() if SECRET in repr(row) or str(idea.pk) in repr(row)]
    assert {table for table, _ in texts} == {"records_anonymousidea", "records_ideamoderation"}
    assert not any(f"account {account}" in repr(row) for _, row in texts)
    assert "registered" not in repr(texts)


def test_s16_1_nobody_is_asked_for_a_name_even_when_one_is_given(people, nameless, monkeypatch):
    asked = []
    monkeypatch.setattr(pages.ideas, "post", lambda *given, **more: asked.append((given, more)))
    monkeypatch.setattr(pages.ideas, "draft", lambda *given, **more: asked.append((given, more)))
    people("office").post(
        f"/fr/ideas/{nameless}/post/", {"title": "x", "text": "y", "name": "Ada", "voice": "organiser"}
    )

    assert asked == []
    assert AnonymousIdea.objects.get().voice == "organiser"


def test_s16_2_a_campaign_with_four_ideas_shows_none_and_with_five_all(people, nameless):
    member, office, visitor = people("registered"), people("office"), people("visitor")
    for number in range(4):
        member.post(f"/fr/ideas/{nameless}/post/", {"title": f"Idée {number}", "text": "x", "group": "Amont"})
    publish_all(office, nameless)
    assert "Idée 1" not in visitor.get(f"/fr/ideas/{nameless}/").content.decode()
    assert rows_of(visitor.get(f"/fr/ideas/{nameless}/ideas.csv")) == []
    assert {one["contributions"] for one in rows_of(visitor.get("/fr/ideas/campaigns.csv"))} == {"1", ""}
    assert "Amont" not in office.get(f"/fr/ideas/{nameless}/desk/").content.decode()

    member.post(f"/fr/ideas/{nameless}/post/", {"title": "Idée 4", "text": "x", "group": "Aval"})
    publish_all(office, nameless)
    page = visitor.get(f"/fr/ideas/{nameless}/").content.decode()
    assert "Idée 1" in page
    assert "Amont" not in page


def test_s16_3_the_log_says_that_somebody_contributed_and_nothing_else(people, nameless):
    member, office = people("registered"), people("office")
    for number in range(3):
        member.post(f"/fr/ideas/{nameless}/post/", {"title": f"Idée {number}", "text": "x"})
    publish_all(office, nameless)

    entries = list(AuditEntry.objects.filter(act="contributed").values_list("account", "path", "detail"))
    assert entries == [(None, "", {"campaign": nameless})] * 3
    assert audit.broken() == []


def test_s16_4_the_form_settles_for_good_whether_names_are_shown(people):
    office = people("office")
    form = {"question_fr": "Quoi ?", "question_en": "What?", "opens": "2026-01-01", "closes": "2099-01-01",
            "audience": "guests", "groups": "A\nB"}  # fmt: skip
    before = IdeaCampaign.objects.count()
    assert office.post("/fr/ideas/new/", form).status_code == 400
    assert office.post("/fr/ideas/new/", {**form, "names": "named", "opens": "soon"}).status_code == 400
    assert IdeaCampaign.objects.count() == before

    made = office.post("/fr/ideas/new/", {**form, "names": "anonymous"}).headers["Location"]
    assert "Anonyme pour tous" in people("visitor").get(made).content.decode()
    visitor = people("visitor")
    assert visitor.post(f"{made}post/", {"title": "x", "text": "y"}).status_code == 302
    assert AnonymousIdea.objects.count() == 1
    assert not any("names" in route or "edit" in route for route in
                   (str(one) for one in permissions._ACT_OF if "ideas" in str(one)))  # fmt: skip


def test_s16_5_exports_of_an_anonymous_campaign_hold_no_time(people, nameless):
    member, office = people("registered"), people("office")
    for number in range(5):
        member.post(f"/fr/ideas/{nameless}/post/", {"title": f"Idée {number}", "text": "x"})
    publish_all(office, nameless)

    for kind in ("csv", "json"):
        for name in ("ideas", "moderation"):
            text = office.get(f"/fr/ideas/{nameless}/{name}.{kind}").content.decode()
            assert "Idée" in text or name == "moderation"
            assert not re.search(r"\d\d:\d\d", text)
    assert {one["day"] for one in rows_of(office.get(f"/fr/ideas/{nameless}/ideas.csv"))} == {""}
    assert {len(one["day"]) for one in rows_of(office.get(f"/fr/ideas/{nameless}/moderation.csv"))} == {10}


def test_a_sender_is_stopped_after_many_ideas_and_stays_unknown(people, nameless, monkeypatch):
    monkeypatch.setattr(pages, "MOST_A_DAY", 2)
    member = people("registered")
    answers = [member.post(f"/fr/ideas/{nameless}/post/", {"title": "x", "text": "y"}).status_code for _ in range(4)]

    assert answers == [302, 302, 429, 429]
    assert not AuditEntry.objects.filter(path__contains="ideas").exists()


def test_a_form_without_its_token_posts_nothing(people, named):
    browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    sent = {"title": "x", "text": "y", "email": "g@example.org"}

    assert browser.post(f"/fr/ideas/{named}/post/", sent).status_code == 403
    assert mail.outbox == []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_pages_of_ideas_are_well_formed(people, read, named, nameless, lang):
    office, idea = people("office"), Idea.objects.get().pk
    base = f"/{lang}/ideas/"
    paths = ["", "?state=planned", "new/", *(f"{campaign}/{tail}" for campaign in (named, nameless)
             for tail in ("", "?q=zzz", "post/", "desk/", "join/", "sent/")), f"{named}/idea/{idea}/",
             f"{named}/idea/{idea}/?new=1", f"{named}/idea/{idea}/split/", "confirm/x/"]  # fmt: skip
    answers = [office.get(base + path) for path in paths]
    answers += [office.post(f"{base}new/", {}), office.post(f"{base}{named}/close/"),
                people("visitor").get(f"{base}{named}/post/"), people("visitor").get(f"{base}{nameless}/")]  # fmt: skip
    for response in answers:
        page = read(response)
        assert page.faults == []
        assert len(page.ids) == len(set(page.ids))
        assert set(page.refers) <= set(page.ids)
        assert page.headings.count(1) == 1
