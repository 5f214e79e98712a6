"""Ideas from the question to the closing, under names and without any, on every engine."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from beffroi.records.ideas import (
    AnonymousIdea,
    Idea,
    IdeaAnswer,
    IdeaCampaign,
    IdeaDraft,
    IdeaGuest,
    IdeaLink,
    IdeaModeration,
)
from beffroi.strategy import ideas, ideas_retention
from beffroi.strategy.ideas import Question, UnknownIdeaError, Words
from beffroi.strategy.ideas_moderate import answer, close, merge, moderate, split
from beffroi.strategy.ideas_read import FEWEST, group_counts, moderation_log, public, shown_groups, standings
from beffroi.vocabulary.errors import UsageError

AT = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)
DAY = AT.date()
OFFICE = "account 9"


@pytest.fixture
def asked(registry):
    def asks(*, is_anonymous=False, audience="guests", groups=("Lyon", "Clermont"), opens=DAY, closes=DAY):
        number = ideas.open_campaign(
            Question("Que faire ?", "What to do?", opens, closes, is_anonymous=is_anonymous, audience=audience,
                     groups=groups),
            by=OFFICE, at=AT,
        )  # fmt: skip
        return ideas.campaign_of(number)

    return asks


def user(name):
    return User.objects.create(username=f"{name}@example.org", email=f"{name}@example.org").pk


def posted(campaign, account, title, *, group=""):
    made = ideas.post(campaign, Words(title, f"{title}!", group), account=account, lang="fr", at=AT)
    moderate(campaign, made, "published", by=OFFICE, at=AT)
    return made


def of(campaign, idea):
    return next(one for one in standings(campaign) if one.id == idea)


def test_s15_1_a_member_posts_at_once_and_a_guest_after_confirming_by_mail_and_both_wait(asked):
    campaign, member = asked(), user("ada")

    mine = ideas.post(campaign, Words("Une école", "Pour tous"), account=member, lang="fr", at=AT)
    token = ideas.draft(campaign, Words("Un fonds", "Commun"), email="g@example.org", name="G", lang="fr", at=AT)
    assert [one.id for one in standings(campaign)] == [mine]
    theirs = ideas.confirm(token, at=AT + timedelta(hours=1)).pk

    assert {one.id: (one.state, one.accounts) for one in standings(campaign)} == {
        mine: ("waiting", (member,)), theirs: ("waiting", ()),
    }  # fmt: skip
    assert public(campaign, standings(campaign)) == []
    assert IdeaGuest.objects.get().email == "g@example.org"
    assert not IdeaDraft.objects.exists()
    with pytest.raises(UnknownIdeaError, match="used already"):
        ideas.confirm(token, at=AT)
    for forged in (
        "x",
        token[:-2] + "zz",
        signing.dumps({"draft": 1}, salt="other"),
        signing.dumps(7, salt=ideas._SALT),
    ):
        with pytest.raises(UnknownIdeaError):
            ideas.draft_of(forged)


def test_s15_1_what_is_posted_is_checked(asked):
    campaign, member = asked(audience="members"), user("ada")
    for words in (
        Words(" ", "x"),
        Words("x", "\0 "),
        Words("x" * 201, "y"),
        Words("x", "y" * 4001),
        Words("x", "y", "Z"),
    ):
        with pytest.raises(UsageError):
            ideas.post(campaign, words, account=member, lang="fr", at=AT)
    with pytest.raises(UsageError, match="members only"):
        ideas.draft(campaign, Words("x", "y"), email="g@example.org", name="", lang="fr", at=AT)
    with pytest.raises(UsageError, match="no voice"):
        ideas.post(campaign, Words("x", "y"), account=member, lang="fr", at=AT, voice="king")
    for day in (-1, 1):
        with pytest.raises(UsageError, match="only"):
            ideas.post(campaign, Words("x", "y"), account=member, lang="fr", at=AT + timedelta(days=day))
    with pytest.raises(UnknownIdeaError):
        ideas.campaign_of(10**30)
    assert [ideas.state_of(campaign, DAY + timedelta(days=n)) for n in (-1, 0, 1)] == ["planned", "open", "ended"]


def test_s15_2_joining_and_splitting_keep_links_and_all_authors(asked):
    campaign = asked()
    a, b, c = user("a"), user("b"), user("c")
    guest = ideas.confirm(ideas.draft(campaign, Words("G", "g"), email="g@x.org", name="", lang="en", at=AT), at=AT)
    moderate(campaign, guest.pk, "published", by=OFFICE, at=AT)
    one, two, three = (posted(campaign, who, title) for who, title in ((a, "A"), (b, "B"), (c, "C")))

    joined = merge(campaign, [one, two, guest.pk], Words("AB", "ab"), by=OFFICE, at=AT)
    again = merge(campaign, [joined, three], Words("ABC", "abc"), by=OFFICE, at=AT)
    left, right = split(campaign, again, [Words("L", "l"), Words("R", "r")], by=OFFICE, at=AT)

    for part in (left, right):
        assert of(campaign, part).accounts == (a, b, c)
        assert of(campaign, part).guests == (guest.guest_id,)
        assert of(campaign, part).parents == (again,)
    assert of(campaign, again).children == tuple(sorted((left, right)))
    assert (of(campaign, one).state, of(campaign, joined).state, of(campaign, again).state) == (
        "merged",
        "merged",
        "split",
    )
    assert {one.id for one in public(campaign, standings(campaign))} >= {one, two, joined, again, left, right}
    with pytest.raises(UsageError, match="not published"):
        merge(campaign, [one, left], Words("x", "y"), by=OFFICE, at=AT)
    for wrong in ([left], [left, left], []):
        with pytest.raises(UsageError, match="two"):
            merge(campaign, wrong, Words("x", "y"), by=OFFICE, at=AT)
    with pytest.raises(UsageError, match="two"):
        split(campaign, left, [Words("x", "y")], by=OFFICE, at=AT)
    with pytest.raises(UnknownIdeaError):
        split(campaign, 1, [Words("x", "y")] * 2, by=OFFICE, at=AT)


def test_s15_3_a_campaign_closes_only_when_every_idea_has_a_reasoned_answer(asked):
    campaign, member = asked(), user("ada")
    one, two = posted(campaign, member, "A"), posted(campaign, member, "B")
    waiting = ideas.post(campaign, Words("W", "w"), account=member, lang="fr", at=AT)
    for outcome, reason in (("accepted", " "), ("perhaps", "x")):
        with pytest.raises(UsageError):
            answer(campaign, one, outcome, reason=reason, by=OFFICE, at=AT)
    with pytest.raises(UsageError, match="not published"):
        answer(campaign, waiting, "later", reason="x", by=OFFICE, at=AT)

    answer(campaign, one, "accepted", reason="en 2027", by=OFFICE, at=AT)
    answer(campaign, one, "later", reason="finalement en 2028", by=OFFICE, at=AT)
    with pytest.raises(UsageError, match=r"“B”.*“W”|“W”.*“B”"):
        close(campaign, by=OFFICE, at=AT)
    answer(campaign, two, "refused", reason="trop cher", by=OFFICE, at=AT)
    with pytest.raises(UsageError, match="“W”"):
        close(campaign, by=OFFICE, at=AT)
    with pytest.raises(UsageError, match="why"):
        moderate(campaign, waiting, "refused", by=OFFICE, at=AT)
    moderate(campaign, waiting, "refused", reason="déjà dit", by=OFFICE, at=AT)
    close(campaign, by=OFFICE, at=AT, text="merci")

    assert (of(campaign, one).answer.outcome, IdeaAnswer.objects.filter(idea=one).count()) == ("later", 2)
    assert ideas.state_of(ideas.campaign_of(campaign.pk), DAY) == "closed"
    for late in (lambda: answer(campaign, one, "later", reason="x", by=OFFICE, at=AT),
                 lambda: moderate(campaign, waiting, "published", by=OFFICE, at=AT),
                 lambda: close(campaign, by=OFFICE, at=AT),
                 lambda: posted(ideas.campaign_of(campaign.pk), member, "late")):  # fmt: skip
        with pytest.raises(UsageError):
            late()


def test_s15_4_every_statement_says_whether_it_comes_from_a_participant_or_the_organiser(asked):
    campaign, member = asked(), user("ada")
    mine = posted(campaign, member, "A")
    office = ideas.post(campaign, Words("O", "o"), account=member, lang="fr", at=AT, voice="organiser")
    moderate(campaign, office, "published", by=OFFICE, at=AT)
    joined = merge(campaign, [mine, office], Words("AO", "ao"), by=OFFICE, at=AT)

    assert [of(campaign, one).voice for one in (mine, office, joined)] == ["participant", "organiser", "organiser"]
    with pytest.raises(DatabaseError), transaction.atomic():
        Idea.objects.create(id=5, campaign=campaign, title="x", text="y", voice="", lang="fr", at=AT)


def test_s15_5_the_log_of_moderation_holds_every_deed_with_its_reason(asked):
    campaign, member = asked(), user("ada")
    one, two = posted(campaign, member, "A"), posted(campaign, member, "B")
    moderate(campaign, two, "refused", reason="hors sujet", by=OFFICE, at=AT)
    answer(campaign, one, "accepted", reason="oui", by=OFFICE, at=AT + timedelta(days=1))

    log = moderation_log(campaign)

    assert sorted(log, key=repr) == sorted(
        [(one, "published", "", "", OFFICE, DAY), (two, "published", "", "", OFFICE, DAY),
         (two, "refused", "", "hors sujet", OFFICE, DAY),
         (one, "answered", "accepted", "oui", OFFICE, DAY + timedelta(1))],
        key=repr,
    )  # fmt: skip
    merge(campaign, [posted(campaign, member, "C"), posted(campaign, member, "D")], Words("CD", "cd"), by=OFFICE, at=AT)
    for table in (IdeaModeration, IdeaAnswer, IdeaLink, Idea):
        for change in (lambda held: held.update(campaign=campaign), lambda held: held._raw_delete("default")):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                change(table.objects.all())


def test_s15_6_every_author_that_can_be_reached_is_told_the_answer(asked):
    campaign = asked()
    a, b, gone = user("a"), user("b"), user("gone")
    User.objects.filter(pk=gone).update(is_active=False)
    guest = ideas.confirm(ideas.draft(campaign, Words("G", "g"), email="g@x.org", name="", lang="en", at=AT), at=AT)
    moderate(campaign, guest.pk, "published", by=OFFICE, at=AT)
    alone = answer(campaign, guest.pk, "later", reason="soon", by=OFFICE, at=AT)
    assert [(one.email, one.lang) for one in alone] == [("g@x.org", "en")]
    joined = merge(campaign, [guest.pk, *(posted(campaign, who, str(who)) for who in (a, b, gone))], Words("J", "j"),
                   by=OFFICE, at=AT)  # fmt: skip

    told = answer(campaign, joined, "accepted", reason="oui", by=OFFICE, at=AT)

    assert [one.email for one in told] == ["a@example.org", "b@example.org", "g@x.org"]
    assert {(one.outcome, one.reason) for one in told} == {("accepted", "oui")}


def test_s16_2_groups_and_campaigns_under_five_are_not_shown(asked):
    campaign = asked(is_anonymous=True)
    for number in range(FEWEST - 1):
        made = ideas.post_without_name(campaign, Words(f"L{number}", "x", "Lyon"), day=DAY)
        moderate(campaign, made, "published", by=OFFICE, at=AT)
    assert public(campaign, standings(campaign)) == []
    assert {one.group for one in standings(campaign)} == {""}

    for number in range(FEWEST):
        made = ideas.post_without_name(campaign, Words(f"M{number}", "x", "Lyon"), day=DAY)
        moderate(campaign, made, "published", by=OFFICE, at=AT)
    assert len(public(campaign, standings(campaign))) == 2 * FEWEST - 1
    assert group_counts(campaign) == {"Lyon": 9}
    ideas.post_without_name(campaign, Words("C", "x", "Clermont"), day=DAY)
    assert group_counts(campaign) == {}  # 10 - 9 would tell that Clermont has one
    assert {one.group for one in standings(campaign)} == {""}


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 12), max_size=6))
def test_s16_2_no_small_group_can_be_found_by_subtraction(counts):
    shown = shown_groups(counts)
    hidden = [count for name, count in counts.items() if name not in shown and count]

    assert all(count >= FEWEST for count in shown.values())
    assert not shown or not hidden or (len(hidden) > 1 and sum(hidden) >= FEWEST)


def test_s16_3_the_database_keeps_no_order_of_anonymous_ideas(asked):
    campaign, other = asked(is_anonymous=True), asked(is_anonymous=True)
    made = [ideas.post_without_name(one, Words(f"{number}", "x"), day=DAY)
            for number in range(12) for one in (campaign, other)]  # fmt: skip

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT rowid, id FROM records_anonymousidea")
            rows = cursor.fetchall()
            assert all(row == key for row, key in rows)  # SQLite numbers rows by the number that was drawn
        else:
            for one in (campaign, other):
                cursor.execute(
                    "SELECT count(DISTINCT xmin::text), array_agg(id ORDER BY ctid) FROM records_anonymousidea "
                    "WHERE campaign_id = %s", [one.pk]
                )  # fmt: skip
                transactions, order = cursor.fetchone()
                assert transactions == 1
                assert order == sorted(order)
    assert made != sorted(made)
    names = {one.name for one in AnonymousIdea._meta.get_fields()}
    assert names == {"id", "campaign", "title", "text", "voice", "group"}


def test_s16_4_the_choice_of_names_is_settled_with_the_question(asked):
    named, nameless = asked(), asked(is_anonymous=True)

    with pytest.raises(UsageError, match="settled"):
        ideas.post_without_name(named, Words("x", "y"), day=DAY)
    with pytest.raises(UsageError, match="settled"):
        ideas.post(nameless, Words("x", "y"), account=1, lang="fr", at=AT)
    for turned in (True, False):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            IdeaCampaign.objects.update(is_anonymous=turned)
    assert (ideas.campaign_of(named.pk).is_anonymous, ideas.campaign_of(nameless.pk).is_anonymous) == (False, True)


def test_s16_5_no_time_finer_than_a_day_is_kept_of_an_anonymous_campaign(asked):
    campaign = asked(is_anonymous=True)
    made = [ideas.post_without_name(campaign, Words(f"T{n}", "x"), day=DAY) for n in range(FEWEST)]
    for one in made:
        moderate(campaign, one, "published", by=OFFICE, at=AT)
        answer(campaign, one, "later", reason="r", by=OFFICE, at=AT)
    joined = merge(campaign, made[:2], Words("J", "j"), by=OFFICE, at=AT)
    split(campaign, joined, [Words("1", "x"), Words("2", "x")], by=OFFICE, at=AT)

    text = json.dumps([standings(campaign), moderation_log(campaign)], default=str)
    assert "12:34" not in text
    assert all(one.day is None for one in standings(campaign))
    with connection.cursor() as cursor:
        for table in ("anonymousidea", "ideamoderation", "ideaanswer", "idealink"):
            cursor.execute(f"SELECT * FROM records_{table}")
            rows = repr(cursor.fetchall())
            assert rows != "[]", table
            assert "12, 34" not in rows
            assert "12:34" not in rows


def test_an_anonymous_answer_tells_nobody(asked):
    campaign = asked(is_anonymous=True)
    made = ideas.post_without_name(campaign, Words("x", "y"), day=DAY)
    assert moderate(campaign, made, "published", by=OFFICE, at=AT).is_first

    assert answer(campaign, made, "later", reason="r", by=OFFICE, at=AT) == ()
    with pytest.raises(UsageError, match="meanwhile"):
        moderate(campaign, made, "refused", reason="x", by=OFFICE, at=AT)


def test_a_question_is_asked_whole(registry):
    good = {"question_fr": "Q", "question_en": "Q", "opens": DAY, "closes": DAY, "is_anonymous": False}
    for change in ({"question_en": " "}, {"closes": date(2020, 1, 1)}, {"audience": "kings"}, {"groups": ["a", "a"]},
                   {"groups": [str(n) for n in range(40)]}):  # fmt: skip
        with pytest.raises(UsageError):
            ideas.open_campaign(Question(**{**good, **change}), by=OFFICE, at=AT)
    assert not IdeaCampaign.objects.exists()


def test_drafts_and_guests_are_kept_no_longer_than_declared(asked):
    campaign = asked(closes=DAY + timedelta(days=10))
    ideas.draft(campaign, Words("old", "x"), email="old@x.org", name="", lang="fr", at=AT)
    guest = ideas.confirm(ideas.draft(campaign, Words("G", "g"), email="g@x.org", name="G", lang="fr", at=AT), at=AT)
    moderate(campaign, guest.pk, "refused", reason="r", by=OFFICE, at=AT)
    close(campaign, by=OFFICE, at=AT)

    assert [one.table for one in ideas_retention.due(at=AT + timedelta(days=4))] == ["records.IdeaDraft"]
    later = AT + timedelta(days=91)
    assert [one.table for one in ideas_retention.apply(at=later)] == ["records.IdeaDraft", "records.IdeaGuest"]
    assert (IdeaGuest.objects.get().email, IdeaDraft.objects.count(), ideas_retention.due(at=later)) == ("", 0, [])


def test_a_guest_is_forgotten_on_request(asked):
    campaign = asked()
    ideas.confirm(ideas.draft(campaign, Words("G", "g"), email="g@x.org", name="G", lang="fr", at=AT), at=AT)
    ideas.draft(campaign, Words("H", "h"), email="G@x.org", name="", lang="fr", at=AT)

    assert ideas_retention.forget_guest("g@x.org") == 2
    assert (IdeaGuest.objects.get().name, IdeaDraft.objects.count(), Idea.objects.count()) == ("", 0, 1)
