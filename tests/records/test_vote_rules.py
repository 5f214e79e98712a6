"""Votes under the statutes in force of a body: what it may decide, by which rule, and what came of it as a decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import ballot_house as house
import pytest

from beffroi.assembly.decision_rule import SeatsOfRuleError
from beffroi.assembly.vote import Majority, Quorum, Text
from beffroi.charter import entries
from beffroi.charter.entries import By
from beffroi.charter.faults import RefusedError
from beffroi.federation import government
from beffroi.federation.reach import Reach
from beffroi.federation.vote_rules import NoVoteRuleError, vote_rule, vote_rules
from beffroi.strategy import cancelling, closing, opening
from beffroi.strategy.errors import VoteRefusedError
from beffroi.strategy.vote_outcomes import decided
from beffroi.strategy.vote_rows import vote_row

DAY = f"{house.START:%Y-%m-%d}"
ALL = Reach(is_all=True)


@pytest.fixture
def room(registry, home):
    return house.Room(home)


def refused(act):
    with pytest.raises(VoteRefusedError) as caught:
        act()
    return [one.id for one in caught.value.faults]


def test_a_rule_is_what_the_statutes_in_force_say():
    rule = house.rule_of("statutes")
    assert (rule.body, rule.body_name.en, rule.version) == ("body-1", "Assembly", "statutes-1, 2020-01-01")
    assert rule.quorum == (Quorum("members", Fraction(1, 2)),)
    assert rule.majorities == (Majority("weight", "expressed", Fraction(2, 3), strict=False),)
    assert (rule.secrecy, rule.channels, rule.secret_channels) == (("public",), ("room",), ())
    assert "two thirds" in rule.article.en
    board = house.rule_of("board").for_seats(3, order=("a", "b"))
    assert (board.election.seats, board.election.most_choices, board.election.order) == (3, 3, ("a", "b"))
    assert board.majorities == ()
    with pytest.raises(SeatsOfRuleError, match="elects nobody"):
        rule.for_seats(1)
    fixed = house.rule_of("board", elections={"board": {"seats": 3}})
    with pytest.raises(SeatsOfRuleError, match=r"5 seats were given; each election fills 3 by the statutes"):
        fixed.for_seats(5)
    assert house.rule_of("ordinary", articles={}).article.fr.startswith("la ordinary\u00a0: d’après statutes-1")


def test_only_what_the_body_may_decide_is_put_to_the_vote():
    book = house.body_book()
    assert [one.id for one in vote_rules(book, DAY)] == ["board", "ordinary", "statutes"]
    assert vote_rules(book, "2019-12-31") == ()
    for body, kind, day, said in (
        ("body-1", "budget", DAY, "do not say who decides 'budget'"), ("body-9", "ordinary", DAY, "is no body"),
        ("body-1", "ordinary", "2019-12-31", "stands on 2019-12-31"), ("statutes-1", "ordinary", DAY, "is no body"),
    ):  # fmt: skip
        with pytest.raises(NoVoteRuleError, match=said) as caught:
            vote_rule(book, body, kind, day)
        assert caught.value.text.fr != caught.value.text.en
    other = house.body_book(competences={"ordinary": {"bodies": ["board"]}})
    with pytest.raises(NoVoteRuleError, match="may not decide this"):
        vote_rule(other, "body-1", "ordinary", DAY)


def test_notice_and_open_hours_of_the_statutes_are_kept(room):
    rule = house.rule_of(vote_notice_hours={"default": 48}, least_open_hours={"ordinary": 24})
    wrong = replace(house.terms(), rule=rule)
    assert refused(lambda: room.open(house.enrolled(2), wrong)) == ["notice_too_short", "open_too_short"]
    election = opening.Terms(house.rule_of("board"), house.START, house.START + timedelta(hours=9), False, ("room",))
    office = opening.Office("account 9", room.tick(), room.home)
    said = refused(lambda: opening.open_election(
        opening.Matter("Board", Text(1, "x")), election, house.enrolled(2), office=office))  # fmt: skip
    assert "seats_not_given" in said


def test_what_is_frozen_knows_its_body_and_its_article(room):
    row = vote_row(room.open(house.enrolled(2)).pk)
    assert (row.body, row.rule["id"], row.rule["version"]) == ("body-1", "ordinary", "statutes-1, 2020-01-01")
    assert row.rule["body_name"] == {"fr": "Assemblée", "en": "Assembly"}
    assert row.rule["quorum"][0]["share"] == "1/4"


class Charter:
    """A house whose charter has the general assembly, so that decisions can be entered."""

    def __init__(self) -> None:
        self.minutes = 0
        for thing in house.body_book():
            self.enter(thing.kind, thing.values)
        self.body = "body-1"

    def by(self):
        self.minutes += 1
        return By("account 9", house.START + timedelta(days=2, minutes=self.minutes))

    def enter(self, kind, values, **facts):
        return government.create(kind, values, by=self.by(), reach=ALL, facts=facts)

    def decision(self, vote, *, outcome="adopted", kind="ordinary", body="body-1", facts=None):
        values = {"name": {"fr": "x", "en": "x"}, "type": kind, "body": body, "day": DAY, "outcome": outcome,
                  "vote": vote}  # fmt: skip
        return self.enter("decision", values, **({"votes": decided()} if facts is None else facts))

    def refusal(self, vote, language="en", **more):
        with pytest.raises(RefusedError) as caught:
            self.decision(vote, **more)
        return " ".join(caught.value.say(language))


def counted(room, choices, title="x"):
    """A vote of the assembly that is over, with these ballots."""
    row = house.Room(room.home, title).open(house.enrolled(len(choices)))
    for number, choice in enumerate(choices):
        if choice:
            house.vote(row, number, choice)
    house.end(row, room.home)
    return row.pk


def test_a_decision_names_a_closed_vote_of_its_body_with_the_same_outcome(room):
    charter = Charter()
    yes, no = counted(room, ["for", "for"]), counted(room, ["against", "against"])
    nobody = counted(room, ["", "", "", "", ""])
    running = house.Room(room.home, "running").open(house.enrolled(2)).pk

    assert "There is no vote 2026-99" in charter.refusal("2026-99")
    assert "is not counted" in charter.refusal(running)
    assert "says: refused" in charter.refusal(no)
    assert "donne : refusée" in charter.refusal(no, "fr").replace("\u00a0", " ")
    assert "says: adopted" in charter.refusal(yes, outcome="refused")
    assert "says: no decision" in charter.refusal(nobody, outcome="refused")
    assert "is about 'ordinary', not about 'statutes'" in charter.refusal(yes, kind="statutes")
    assert "There is no vote" in charter.refusal(yes, facts={})  # a door that knows no votes names none
    other = {"name": {"fr": "B", "en": "B"}, "type": "general_assembly", "since": "2020-01-01"}
    elsewhere = charter.enter("body", other).id
    charter.enter("statutes", {"name": "S", "body": elsewhere, "since": "2020-01-01",
                               "rules": {"competences": house.COMPETENCES}})  # fmt: skip
    assert "is a vote of body-1, not of body-2" in charter.refusal(yes, body=elsewhere)
    cancelled = house.Room(room.home, "cancelled").open(house.enrolled(2)).pk
    cancelling.cancel(cancelled, "x", office="operator", by="operator", at=house.at(3)(), home=room.home)
    assert "was cancelled" in charter.refusal(cancelled)

    entered = charter.decision(yes)
    assert "already enters what vote" in charter.refusal(yes)
    assert charter.decision(no, outcome="refused").get("vote") == no
    assert charter.decision(nobody, outcome="no_decision").get("outcome") == "no_decision"
    kind = government.KINDS["decision"]
    entries.change(kind, entered.id, {"text": "Texte."}, by=charter.by())  # what is not about the vote stays free
    with pytest.raises(RefusedError, match="no vote"):
        entries.change(kind, entered.id, {"outcome": "refused"}, by=charter.by())
    assert closing.result_of(vote_row(yes), at=house.at(9999)()).outcome == "approved"
