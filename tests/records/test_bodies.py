"""Federal governance (S23): the tree of bodies, who sits on any day, who decides what, meetings, minutes, mergers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from government_house import NOW, RULES, House, both, refused

from beffroi.charter import entries
from beffroi.federation import government, reach
from beffroi.federation.bodies import ancestors_on, forebears, parent_on, survivor, tree_on
from beffroi.federation.calendar import feed
from beffroi.federation.competence import fault_of, table_on
from beffroi.federation.government import OutOfReachError
from beffroi.federation.mandates import bodies_of, composition_on, days_of_change, voters_on
from beffroi.federation.meetings import begins_at, cancel, convene, notice_rule, sequence
from beffroi.federation.merge_bodies import merge_bodies
from beffroi.federation.minutes import approve, minutes_of, versions
from beffroi.federation.people import Held
from beffroi.federation.reach import Reach
from beffroi.federation.statutes_in_force import statutes_on


@pytest.fixture
def house(registry):
    return House()


def names(seats):
    return [one.mandate.get("person") for one in seats]


def test_s23_1_bodies_form_a_tree_and_the_composition_of_any_past_day_is_read(house):
    book = entries.book()
    assert [(one.body.id, one.depth) for one in tree_on(book, "2020-01-01")] == [
        (house.region, 0), (house.in_loire, 1), (house.in_rhone, 1),
    ]  # fmt: skip
    assert tree_on(book, "2005-12-31") == ()
    office = house.body("Bureau", "office", "", house.in_loire, "2015-01-01")
    house.set(office, parents=[{"body": house.in_loire, "since": "2015-01-01"},
                               {"body": house.region, "since": "2020-01-01"}])  # fmt: skip
    book = entries.book()
    days = ("2014-12-31", "2019-12-31", "2020-01-01")
    assert [parent_on(book.thing(office), day) for day in days] == ["", house.in_loire, house.region]
    assert [one.id for one in ancestors_on(book, office, "2019-01-01")] == [office, house.in_loire, house.region]
    assert "above itself" in refused(house.set, house.in_loire, parents=[{"body": office, "since": "2016-01-01"}])
    assert "one top" in refused(house.body, "Autre", "regional_committee", "")
    assert "nothing above" in refused(house.body, "Perdu", "board", "")
    assert "does not stand" in refused(house.body, "Tôt", "office", "", house.region, "2001-01-01")

    before = NOW + timedelta(minutes=house.minutes)
    ana = house.sits(house.in_loire, "Ana", "president", until="2012-06-30")
    house.sits(house.in_loire, "Bo", "president", since="2012-07-01")
    chloe = house.sits(house.in_loire, "Chloé")
    dan = house.sits(house.in_loire, "Dan", "substitute", substitute_of=chloe)
    house.set(chloe, until="2018-12-31")
    book = entries.book()
    held = {day: composition_on(book, house.in_loire, day) for day in ("2006-01-01", "2012-07-01", "2019-01-01")}
    assert {day: names(one) for day, one in held.items()} == {
        "2006-01-01": ["Ana", "Chloé"], "2012-07-01": ["Bo", "Chloé"], "2019-01-01": ["Bo", "Dan"],
    }  # fmt: skip
    assert [one.id for one in held["2006-01-01"][1].substitutes] == [dan]
    assert held["2019-01-01"][1].stands_in
    assert names(composition_on(entries.book(before), house.in_loire, "2006-01-01")) == []
    assert days_of_change(book, house.in_loire) == ("2012-07-01", "2006-01-01")
    assert [one.get("person") for one in voters_on(book, house.in_loire, "2019-01-01")] == ["Bo", "Dan"]
    assert "already sits" in refused(house.sits, house.in_loire, "Bo", since="2020-01-01")
    assert "within these days" in refused(house.sits, house.in_loire, "Eve", since="2001-01-01")
    assert "no full mandate" in refused(house.sits, house.region, "Eve", "substitute", substitute_of=ana)
    house.sits(house.region, "", account=7)
    assert bodies_of(entries.book(), 7, "2020-01-01") == (house.region,)


def test_s23_1_two_presidents_for_a_year_of_transition_and_no_longer(house):
    house.sits(house.region, "Ana", "president", since="2015-01-01", until="2016-12-31")
    assert "1" in refused(house.sits, house.region, "Bo", "president", since="2015-06-01")
    house.sits(house.region, "Bo", "president", since="2016-01-01", until="2020-12-31")
    assert "2016-06-01 there would be 3" in refused(house.sits, house.region, "Cy", "president", since="2016-06-01",
                                                    until="2016-07-01")  # fmt: skip
    assert names(composition_on(entries.book(), house.region, "2016-05-01")) == ["Ana", "Bo"]
    assert names(composition_on(entries.book(), house.region, "2017-01-01")) == ["Bo"]
    one = entries.book().of("mandate")[0].id
    assert "2017-01-01 there would be 2" in refused(house.set, one, until="2017-03-01")


def test_s23_2_a_decision_in_the_wrong_body_is_refused_and_the_rule_shown(house):
    given = {"name": both("Budget 2026"), "type": "budget", "day": "2026-02-01", "outcome": "adopted"}
    said = refused(house.new, "decision", body=house.in_loire, **given)
    assert "'the budget' is decided by: regional committee (statutes-1, 2006-01-01)" in said
    assert house.new("decision", body=house.region, **given).get("outcome") == "adopted"
    assert "do not say who decides 'war'" in refused(
        house.new, "decision", body=house.region, **{**given, "type": "war"}
    )
    local = {**given, "type": "local_action", "territory": house.rhone}
    assert "for its own territory only" in refused(house.new, "decision", body=house.in_loire, **local)
    assert house.new("decision", body=house.in_rhone, **local)
    assert "to come" in refused(house.new, "decision", body=house.region, **{**given, "day": "2026-04-01"})
    assert [one.decision_type for one in table_on(entries.book(), "2026-01-01")] == sorted(RULES["competences"])
    assert fault_of(entries.book(), house.region, "budget", "2005-01-01") is not None


def test_s23_2_no_body_widens_its_own_powers(house):
    grab = {"competences": {"budget": {"bodies": ["territorial_committee"]}}, "notice_days": {"default": 3}}
    house.new("statutes", name="Règlement", body=house.in_loire, since="2010-01-01", rules=grab)
    found = statutes_on(entries.book(), house.in_loire, "2026-01-01")
    assert found.competences["budget"].bodies == ("regional_committee",)
    assert (found.notice_for("ordinary"), found.source("notice_days")) == (3, "statutes-2, 2010-01-01")
    assert statutes_on(entries.book(), house.in_loire, "2009-12-31").notice_for("extraordinary") == 8


def test_statutes_in_force_are_not_rewritten(house):
    said = refused(house.set, house.statutes, rules={**RULES, "channels": ["room", "remote"]})
    assert "is in force since 2006-01-01" in said
    assert "holds since" in refused(house.new, "statutes", name="x", body=house.region, since="2006-01-01", rules=RULES)
    house.new("statutes", name="Statuts 2027", body=house.region, since="2027-01-01",
              rules={**RULES, "channels": ["room", "remote"]})  # fmt: skip
    in_force = [statutes_on(entries.book(), house.in_rhone, day) for day in ("2026-12-31", "2027-01-01")]
    allowed = ["remote" in one.channels_for("budget") for one in in_force]
    assert allowed == [False, True]
    wrong = {**RULES, "quorum": [{"share": 0.5}], "kingdom": 1}
    said = refused(house.new, "statutes", name="x", body=house.region, since="2028-01-01", rules=wrong)
    assert "kingdom: unknown" in said
    assert "quorum[0].share: 0.5 is no exact number" in said


def test_s23_3_a_territorial_secretary_reaches_only_her_territory(house):
    hers = reach.reach_of([Held("secretary", house.loire)])
    draft = house.meeting(house.in_loire, "2026-04-01")
    other = house.meeting(house.in_rhone, "2026-04-01")
    book = entries.book()
    assert [one.id for one in reach.readable(hers, book, "meeting")] == [draft]
    assert [one.id for one in reach.editable(hers, book, "body")] == [house.in_loire]
    assert house.set(draft, within=hers, place="Gare").get("place") == "Gare"
    day = "2020-01-01"
    for wrong in (
        lambda: house.set(other, within=hers, place="Gare"),
        lambda: house.set(draft, within=hers, body=house.in_rhone),
        lambda: house.set(house.region, within=hers, mission="x"),
        lambda: house.new("mandate", within=hers, body=house.in_rhone, person="X", function="member", since=day),
        lambda: house.new("body", within=hers, name=both("x"), type="office", territory=house.rhone, since=day),
        lambda: house.new("statutes", within=hers, name="x", body=house.region, since="2030-01-01", rules=RULES),
        lambda: house.set(house.loire, within=hers, departments=["42", "43"]),
        lambda: house.set(draft, convened_on="2026-03-02"),
    ):
        with pytest.raises(OutOfReachError):
            wrong()
    assert reach.readable(Reach(), book, "meeting") == ()
    assert reach.reach_of([Held("chair", "")]).is_all
    assert reach.reach_of([Held("reviewer", "")]).is_nothing


def test_s23_4_minutes_keep_versions_are_approved_at_the_next_meeting_and_then_stay(house):
    first = house.meeting(house.in_loire, "2026-03-20")
    convene(first, by=house.by())
    assert "still to come" in refused(house.new, "minutes", meeting=first, name="CR", text="v1")
    said = house.new("minutes", days=20, meeting=first, name="CR", text="v1").id
    house.set(said, days=20, text="v2")
    house.set(said, days=20, text="v3")
    assert [one.change["text"] for one in versions(said)] == ["v1", "v2", "v3"]
    assert "none is convened" in refused(approve, said, first, by=house.by(20))
    second = house.meeting(house.in_loire, "2026-04-20", days=20)
    third = house.meeting(house.in_loire, "2026-05-20", days=20)
    for one in (second, third):
        convene(one, by=house.by(20))
    assert "still to come" in refused(approve, said, second, by=house.by(20))
    assert f"next meeting: {second}" in refused(approve, said, third, by=house.by(90))
    assert not reach.is_public(entries.book(), entries.book().thing(said))

    approve(said, second, by=house.by(90))

    done = minutes_of(entries.book(), first)
    assert (done.get("text"), done.get("approved_at"), done.get("approved_on")) == ("v3", second, "2026-04-20")
    assert reach.is_public(entries.book(), done)
    assert "never change again" in refused(house.set, said, days=90, text="v4")
    assert "never change again" in refused(entries.archive, government.KINDS["minutes"], said, by=house.by(90))
    assert "never change again" in refused(approve, said, third, by=house.by(90))
    assert "has minutes already" in refused(house.new, "minutes", days=90, meeting=first, name="CR", text="v1")
    assert entries.broken() == []


def test_s23_5_convening_keeps_the_notice_of_the_statutes_or_is_refused_with_the_rule(house):
    late = house.meeting(house.region, "2026-03-16")
    said = refused(convene, late, by=house.by())
    assert said == (
        "14 days lie between 2026-03-02 and 2026-03-16; the statutes ask for 15 for a meeting of type 'ordinary' "
        "(statutes-1, 2006-01-01)."
    )
    house.set(late, day="2026-03-17")
    assert convene(late, by=house.by()).get("convened_on") == "2026-03-02"
    assert "convened already" in refused(convene, late, by=house.by())
    assert house.set(late, place="Gare").get("place") == "Gare"
    assert "statutes ask for 15" in refused(house.set, late, days=1, day="2026-03-10")
    assert "Stays as it is" in refused(house.set, late, type="extraordinary")
    soon = house.meeting(house.region, "2026-03-10", type="extraordinary")
    assert notice_rule(entries.book(), entries.book().thing(soon)) == (8, "statutes-1, 2006-01-01")
    convene(soon, by=house.by())
    empty = house.meeting(house.region, "2026-04-10", agenda=[])
    assert "agenda is empty" in refused(convene, empty, by=house.by())
    assert "before 18:30" in refused(house.meeting, house.region, "2026-04-10", ends="18:00")
    assert "no hour" in refused(house.meeting, house.region, "2026-04-10", begins="24:00")


def test_a_meeting_is_moved_cancelled_attended_and_stays_in_the_calendar(house):
    chair = house.sits(house.region, "Ana", "president", since="2020-01-01")
    one = house.meeting(house.region, "2026-07-01")
    convene(one, by=house.by())
    before = feed(entries.book(), house.region, language="fr", url="https://x.example").decode()
    assert sequence(one) == 0
    assert "DTSTART:20260701T163000Z" in before
    assert begins_at(entries.book().thing(one)) == datetime(2026, 7, 1, 16, 30, tzinfo=UTC)

    house.set(one, day="2026-07-08")
    house.set(one, place="Gare")
    assert "entered from the day" in refused(house.set, one, attendance=[{"mandate": chair, "state": "present"}])
    cancel(one, by=house.by())

    after = feed(entries.book(), house.region, language="fr", url="https://x.example").decode()
    uid = next(line for line in before.split("\r\n") if line.startswith("UID:"))
    assert uid in after
    assert "SEQUENCE:3" in after
    assert "STATUS:CANCELLED" in after
    assert feed(entries.book(), house.in_loire, language="fr").count(b"BEGIN:VEVENT") == 0
    assert "cancelled, not put away" in refused(entries.archive, government.KINDS["meeting"], one, by=house.by())

    held = house.meeting(house.region, "2026-04-01")
    assert "put away, not cancelled" in refused(cancel, held, by=house.by())
    convene(held, by=house.by())
    house.set(held, days=40, attendance=[{"mandate": chair, "state": "present"}])
    assert "has been held" in refused(house.set, held, days=40, place="Ailleurs")
    assert "no mandate of this body" in refused(
        house.set, held, days=40, attendance=[{"mandate": "mandate-99", "state": "present"}]
    )
    decided = {"name": both("Budget"), "type": "budget", "body": house.region, "outcome": "adopted"}
    assert "same body and day" in refused(house.new, "decision", days=40, meeting=held, day="2026-04-02", **decided)
    assert "is cancelled" in refused(house.new, "decision", days=140, meeting=one, day="2026-07-08", **decided)
    house.new("decision", days=140, meeting=held, day="2026-04-01", **decided)


def test_s23_6_merging_two_bodies_keeps_both_histories_and_old_addresses_lead_on(house):
    house.sits(house.in_loire, "Ana", "president")
    house.sits(house.in_rhone, "Bo", "president")
    group = house.body("Groupe", "working_group", "", house.in_loire, "2010-01-01")
    held = house.meeting(house.in_loire, "2026-03-25")
    convene(held, by=house.by())
    both_of = house.new("territory", name=both("Loire-Rhône"), departments=["43"], since="2026-01-01").id
    values = {"name": both("Comité Loire-Rhône"), "type": "territorial_committee", "territory": both_of,
              "parents": [{"body": house.region, "since": "2026-05-01"}]}  # fmt: skip

    new = merge_bodies([house.in_loire, house.in_rhone], values, day="2026-05-01", by=house.by(1), reason="vote 12")

    book = entries.book()
    assert [survivor(book, one).id for one in (house.in_loire, house.in_rhone, new.id)] == [new.id] * 3
    assert [one.id for one in forebears(book, new.id)] == [house.in_loire, house.in_rhone]
    assert [names(composition_on(book, one, "2026-04-30")) for one in (house.in_loire, house.in_rhone)] == [
        ["Ana"], ["Bo"],
    ]  # fmt: skip
    assert composition_on(book, house.in_loire, "2026-05-01") == ()
    assert [one.body.id for one in tree_on(book, "2026-05-01")] == [house.region, new.id, group]
    assert parent_on(book.thing(group), "2026-04-30") == house.in_loire
    assert b"Comit\xc3\xa9 Loire" in feed(book, new.id, language="fr")
    assert "history is closed" in refused(house.set, house.in_loire, days=1, mission="x")
    assert [one.act for one in entries.history(house.in_loire)] == ["created", "merged"]
    assert entries.history(house.in_loire)[1].reason == "vote 12"

    # minutes of the last meeting before the merger are approved at the first one after it
    said = house.new("minutes", days=100, meeting=held, name="CR", text="v1").id
    first = house.meeting(new.id, "2026-07-25", days=100)
    convene(first, by=house.by(100))
    approve(said, first, by=house.by(150))

    count = len(entries.book())
    assert "at least two" in refused(merge_bodies, [new.id], values, day="2026-12-01", by=house.by(200))
    assert "does not stand" in refused(merge_bodies, [new.id, house.in_loire], values, day="2026-12-01",
                                       by=house.by(200))  # fmt: skip
    wrong = {**values, "parents": []}
    assert "nothing above" in refused(merge_bodies, [new.id, group], wrong, day="2026-12-01", by=house.by(200))
    assert len(entries.book()) == count
