"""Who may do what in a vote, and what comes out: by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import made_up_votes as votes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beffroi.assembly.election import instant_runoff, most_votes, schulze
from beffroi.assembly.ledger import Ledger
from beffroi.assembly.tally import tally
from beffroi.assembly.vote import Delegation, Election, Majority, Mandate, Quorum, Statutes
from beffroi.assembly.vote_faults import vote_faults

elector, vote, act, cast = votes.elector, votes.vote, votes.act, votes.cast


def ids(faults):
    return [one.id for one in faults]


def reasons(result):
    return [one["id"] for one in result["reasons"]]


FIVE = [elector(number) for number in range(5)]


def test_more_than_half_of_those_who_say_for_or_against_approves():
    result = tally(vote(FIVE), [cast(0, "for"), cast(1, "for"), cast(2, "against"), cast(3, "abstain")])

    assert result["outcome"] == "approved"
    assert result["counts"]["for"] == {"members": "2", "weight": "2"}
    assert result["turnout"]["cast"] == {"members": "4", "weight": "4"}
    assert result["majorities"][0]["groups"][0]["needed"] == "3/2"
    assert reasons(result) == ["majority_reached"]


@pytest.mark.parametrize(
    ("base", "outcome"),
    [("expressed", "approved"), ("cast", "refused"), ("present", "refused"), ("enrolled", "refused")],
)
def test_abstentions_weigh_as_the_base_says(base, outcome):
    acts = [cast(0, "for"), cast(1, "for"), cast(2, "against"), cast(3, "abstain"), act("attend", "O4")]
    result = tally(vote(FIVE, Statutes(majorities=(Majority(base=base),))), acts)

    assert result["outcome"] == outcome
    needed = {"expressed": "3/2", "cast": "2", "present": "5/2", "enrolled": "5/2"}[base]
    assert result["majorities"][0]["groups"][0]["needed"] == needed


def test_s17_5_a_missed_quorum_is_no_decision_and_never_a_refusal():
    statutes = Statutes(quorum=(Quorum(share=Fraction(3, 5)),))

    missed = tally(vote(FIVE, statutes), [cast(0, "against"), cast(1, "against")])
    met = tally(vote(FIVE, statutes), [cast(0, "against"), cast(1, "against"), act("attend", "O2")])

    assert missed["outcome"] == "no_decision"
    assert missed["reasons"][0]["params"] == {"of": "members", "group": "", "needed": "3", "reached": "2"}
    assert met["outcome"] == "refused"
    assert tally(vote(FIVE, Statutes(quorum=(Quorum(share=Fraction(3, 5), strict=True),))), [
        cast(n, "for") for n in range(3)
    ])["outcome"] == "no_decision"  # fmt: skip


def test_s17_5_weights_are_exact():
    """Three thirds against one: a float sum of 1/3 would fall short of it."""
    roll = [*(elector(n, weight=Fraction(1, 3)) for n in range(3)), elector(3)]

    result = tally(vote(roll, Statutes(majorities=(Majority(strict=False),))), [
        *(cast(n, "for") for n in range(3)), cast(3, "against"),
    ])  # fmt: skip

    assert result["counts"]["for"]["weight"] == result["counts"]["against"]["weight"] == "1"
    assert result["outcome"] == "approved"


def test_exactly_half_is_refused_unless_a_casting_vote_is_declared():
    acts = [cast(0, "for"), cast(1, "against")]

    plain = tally(vote(FIVE), acts)
    chair = tally(vote(FIVE, Statutes(casting_vote="O0")), acts)
    against = tally(vote(FIVE, Statutes(casting_vote="O1")), acts)

    assert (plain["outcome"], reasons(plain)) == ("refused", ["majority_missed_by_nothing"])
    assert (chair["outcome"], reasons(chair)) == ("approved", ["casting_vote_for", "majority_reached"])
    assert against["outcome"] == "refused"
    assert reasons(tally(vote(FIVE), [cast(0, "abstain")])) == ["nobody_expressed"]


def test_a_double_majority_asks_colleges_or_territories():
    roll = [elector(n, territory=name) for n, name in enumerate(["Lyon", "Lyon", "Lyon", "Grenoble", "Valence"])]
    acts = [*(cast(n, "for") for n in range(3)), cast(3, "against"), cast(4, "against")]
    both = Statutes(majorities=(Majority(), Majority(within="territory", groups=Fraction(2, 3))))

    result = tally(vote(roll, both), acts)

    assert result["outcome"] == "refused"
    assert reasons(result) == ["majority_reached", "groups_missed"]
    assert result["majorities"][1]["met_in"] == 1
    turned = tally(vote(roll, both), [*acts, cast(4, "for", 5)])
    assert (turned["outcome"], turned["majorities"][1]["met_in"]) == ("approved", 2)


def test_s17_3_a_second_ballot_replaces_the_first_until_the_deadline():
    acts = [cast(0, "for", 0), cast(0, "against", 30), cast(0, "for", 600)]

    result = tally(vote(FIVE), acts)

    assert result["counts"]["against"]["members"] == "1"
    assert result["counts"]["for"]["members"] == "0"
    assert [(one["entry"], one["id"]) for one in result["not_counted"]] == [(4, "after_deadline")]


def test_s17_3_only_a_mandated_representative_casts():
    roll = [elector(0, mandates=(Mandate("P0", "2026-01-01T00:00:00Z", f"{votes.DAY}09:00:00Z"),)), elector(1)]
    ledger = Ledger(vote(roll))

    assert ids(ledger.enter(cast(0, "for", 0, by="P1"))) == ["no_mandate"]
    assert ids(ledger.enter(cast(0, "for", 59))) == []
    assert ids(ledger.enter(cast(0, "against", 60))) == ["no_mandate"]
    assert ids(ledger.enter(cast(9, "for", 60))) == ["not_enrolled"]
    assert ledger.ballots["O0"].choice == {"for": 1}


def test_s17_4_delegation_keeps_to_depth_ceiling_and_never_turns_in_a_ring():
    roll = [elector(n) for n in range(6)]
    ledger = Ledger(vote(roll, Statutes(delegation=Delegation(depth=1, per_person=2))))

    def delegate(one, to, minute=0, by=""):
        return ids(ledger.enter(act("delegate", f"O{one}", minute, by=by or f"P{one}", to=f"O{to}")))

    assert delegate(0, 0) == ["delegates_to_itself"]
    assert delegate(0, 1) == []
    assert delegate(0, 2) == ["already_delegated"]
    assert delegate(1, 0) == ["delegation_cycle"]
    assert delegate(1, 2) == ["delegation_too_deep"]
    assert delegate(2, 0) == ["delegation_too_deep"]
    assert delegate(2, 1) == []
    assert delegate(3, 1) == ["too_many_mandates"]
    assert delegate(3, 9) == ["not_enrolled"]
    assert delegate(4, 3, by="P5") == ["no_mandate"]
    assert ids(ledger.enter(cast(0, "for", 1))) == ["delegated_revoke_first"]
    assert ids(ledger.enter(cast(0, "for", 1, by="P1"))) == []
    assert ids(ledger.enter(act("revoke", "O0", 2, by="P0"))) == ["already_cast"]
    assert ids(ledger.enter(act("revoke", "O2", 2, by="P2"))) == []
    assert ids(ledger.enter(act("revoke", "O2", 2, by="P2"))) == ["not_delegated"]
    assert ids(ledger.enter(cast(2, "for", 3))) == []
    assert delegate(3, 1, 4) == []


def test_s17_4_faults_of_a_delegation_come_at_once():
    roll = [elector(n, weight=Fraction(2)) for n in range(4)]
    ledger = Ledger(vote(roll, Statutes(delegation=Delegation(1, 1, Fraction(1, 2)))))
    assert ledger.enter(act("delegate", "O0", by="P0", to="O1")) == ()

    found = ledger.objections(act("delegate", "O2", -10, by="P9", to="O1"))

    assert ids(found) == ["before_opening", "no_mandate", "too_many_mandates", "too_much_weight"]


def test_a_chain_of_delegations_moves_all_it_carries_and_gives_it_back():
    roll = [elector(n) for n in range(4)]
    ledger = Ledger(vote(roll, Statutes(delegation=Delegation(depth=3))))
    for one, to in ((0, 1), (1, 2), (2, 3)):
        assert ledger.enter(act("delegate", f"O{one}", by=f"P{one}", to=f"O{to}")) == ()

    assert (ledger.holder("O0"), ledger.carried["O3"]) == ("O3", {"O0", "O1", "O2"})
    assert ledger.enter(act("revoke", "O1", by="P1")) == ()
    assert (ledger.holder("O0"), ledger.carried["O1"], ledger.carried["O3"]) == ("O1", {"O0"}, {"O2"})


def test_delegation_is_refused_where_the_statutes_say_nothing_of_it():
    assert ids(Ledger(vote(FIVE)).enter(act("delegate", "O0", by="P0", to="O1"))) == ["delegation_forbidden"]
    conflicted = [elector(0), elector(1, conflict="supplier")]
    ledger = Ledger(vote(conflicted, Statutes(delegation=Delegation())))
    assert ids(ledger.enter(act("delegate", "O0", by="P0", to="O1"))) == ["conflict_of_interest"]


def test_s17_7_a_remote_vote_is_refused_when_the_statutes_forbid_it():
    result = tally(vote(FIVE, Statutes(channels=("room", "post"))), [cast(0, "for", channel="remote")])

    assert result["turnout"]["cast"]["members"] == "0"
    assert result["not_counted"] == [{"entry": 2, "id": "channel_forbidden", "params": {"channel": "remote"}}]


def test_s26_3_a_conflict_of_interest_is_excluded_from_every_count():
    roll = [elector(0, weight=Fraction(10), conflict="supplier"), elector(1), elector(2)]

    result = tally(vote(roll, Statutes(quorum=(Quorum("weight"),))), [cast(0, "for"), cast(1, "against")])

    assert result["turnout"]["enrolled"] == {"members": "2", "weight": "2"}
    assert result["outcome"] == "refused"
    assert result["not_counted"][0]["id"] == "conflict_of_interest"


def test_an_aggregated_organisation_may_split_its_weight():
    roll = [elector(0, weight=Fraction(7, 2), aggregated=True), elector(1, weight=Fraction(3))]
    ledger = Ledger(vote(roll, Statutes(split=True)))

    assert ids(ledger.enter(cast(0, {"for": "2", "against": "1"}))) == ["split_sum"]
    assert ids(ledger.enter(cast(0, {"for": "9/2", "against": "-1"}))) == ["split_sum"]
    assert ids(ledger.enter(cast(0, {"for": "2", "maybe": "3/2"}))) == ["choice_unknown"]
    assert ids(ledger.enter(cast(0, {"for": 3.5}))) == ["split_sum"]
    assert ids(ledger.enter(cast(1, {"for": "3"}))) == ["split_forbidden"]
    assert ids(Ledger(vote(roll)).enter(cast(0, {"for": "7/2"}))) == ["split_forbidden"]
    result = tally(vote(roll, Statutes(split=True)), [cast(0, {"for": "5/2", "against": "1"}), cast(1, "abstain")])
    assert result["counts"]["for"] == {"members": "5/7", "weight": "5/2"}
    assert result["outcome"] == "approved"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"act": "bribe"}, "act_form"),
        ({"act": ["cast"]}, "act_form"),
        ({**cast(0, "for"), "more": "x"}, "act_form"),
        ({**cast(0, "for"), "by": 3}, "act_form"),
        ({**cast(0, "for"), "at": "tomorrow"}, "time_form"),
        (cast(0, "perhaps"), "choice_unknown"),
        ({**act("token", "O0", by="P0"), "channel": "room", "class": "x", "blinded_sha256": ""}, "vote_is_public"),
    ],
)
def test_acts_of_another_form_are_named(body, message):
    assert ids(Ledger(vote(FIVE)).enter(body))[0] == message


def test_time_never_runs_back_in_a_log():
    ledger = Ledger(vote(FIVE))

    assert ledger.enter(cast(0, "for", 10)) == ()
    assert ids(ledger.enter(cast(1, "for", 9))) == ["time_runs_back"]


def test_plurality_at_large_fills_the_board_and_shows_the_missed_balance():
    election = Election("plurality", 2, 2, balance=(votes.Balance("gender", "F", 2),))
    ballots = [["A", "B"], ["A", "B"], ["C"], []]
    given = vote(FIVE, Statutes(election=election), candidates="ABCD")

    result = tally(given, [cast(n, choice) for n, choice in enumerate(ballots)])

    assert result["outcome"] == "elected"
    assert result["election"]["elected"] == ["A", "B"]
    assert result["election"]["rounds"] == [{"A": "2", "B": "2", "C": "1", "D": "0"}]
    assert result["election"]["balance"][0]["held"] == 1
    assert reasons(result) == ["elected", "balance_missed"]
    bad = tally(given, [cast(0, ["A", "B", "C"]), cast(1, ["A", "A"]), cast(2, ["Z"]), cast(3, "for"), cast(4, [1])])
    assert [one["id"] for one in bad["not_counted"]] == [
        "too_many_choices", "too_many_choices", "choice_unknown", "choice_form", "choice_form",
    ]  # fmt: skip
    assert reasons(bad) == ["seats_vacant", "balance_missed"]


def test_a_tie_in_an_election_stays_open_or_falls_by_the_declared_order():
    acts = [cast(0, ["A"]), cast(1, ["B"]), cast(2, ["C"]), cast(3, ["A"])]
    open_ = tally(vote(FIVE, Statutes(election=Election("approval", 2)), candidates="ABC"), acts)
    drawn = tally(vote(FIVE, Statutes(election=Election("approval", 2, order=("C", "B", "A"))), candidates="ABC"), acts)

    assert (open_["outcome"], open_["election"]["elected"], open_["election"]["tied"]) == ("tie", ["A"], ["B", "C"])
    assert (drawn["outcome"], drawn["election"]["elected"], drawn["election"]["by_order"]) == (
        "elected",
        ["A", "C"],
        ["C"],
    )


# The capital of Tennessee: a textbook example; Condorcet's winner is Nashville, instant run-off elects Knoxville.
TENNESSEE = {
    ("Memphis", "Nashville", "Chattanooga", "Knoxville"): Fraction(42),
    ("Nashville", "Chattanooga", "Knoxville", "Memphis"): Fraction(26),
    ("Chattanooga", "Knoxville", "Nashville", "Memphis"): Fraction(15),
    ("Knoxville", "Chattanooga", "Nashville", "Memphis"): Fraction(17),
}
TOWNS = ("Memphis", "Nashville", "Chattanooga", "Knoxville")
# Schulze (2011), section 3.1: 45 voters, E wins.
SCHULZE = {
    "ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8,
}  # fmt: skip


def test_known_elections_come_out():
    assert instant_runoff(TENNESSEE, TOWNS).elected == ("Knoxville",)
    assert [list(one) for one in instant_runoff(TENNESSEE, TOWNS).rounds] == [
        list(TOWNS), ["Memphis", "Nashville", "Knoxville"], ["Memphis", "Knoxville"],
    ]  # fmt: skip
    assert schulze(TENNESSEE, TOWNS).elected == ("Nashville",)
    assert most_votes({names[:1]: weight for names, weight in TENNESSEE.items()}, TOWNS, seats=1).elected == (
        "Memphis",
    )
    assert schulze({tuple(names): Fraction(count) for names, count in SCHULZE.items()}, "ABCDE").elected == ("E",)


def test_ties_of_ranked_elections_are_named_or_ordered():
    even = {("A", "B"): Fraction(1), ("B", "A"): Fraction(1)}

    assert instant_runoff(even, "AB").tied == ("A", "B")
    assert instant_runoff(even, "AB", order=("B", "A")).elected == ("B",)
    assert schulze(even, "AB").tied == ("A", "B")
    assert schulze(even, "AB", order=("B", "A")).by_order == ("B",)
    assert instant_runoff({(): Fraction(1)}, "AB").elected == ()
    assert schulze({(): Fraction(1)}, "AB").elected == ()
    assert instant_runoff({("A",): Fraction(1), ("B",): Fraction(1)}, "ABC", order="BAC").elected == ("B",)


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_the_order_of_ballots_changes_nothing(data):
    drawn = data.draw(votes.votes())
    plain = replace(drawn.statutes, delegation=None)
    given_vote = replace(drawn, statutes=plain)
    acts = [cast(number, data.draw(votes.choices(given_vote))) for number in range(len(given_vote.electorate))]
    first = tally(given_vote, acts)

    for turned in list(permutations(acts))[:24]:
        again = tally(given_vote, turned)
        assert {**again, "not_counted": 0} == {**first, "not_counted": 0}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"opens": votes.CLOSES}, "times"),
        ({"opens": "today"}, "times"),
        ({"electorate": ()}, "nobody_enrolled"),
        ({"electorate": (elector(0), elector(0))}, "enrolled_twice"),
        ({"electorate": (elector(0, weight=Fraction(0)),)}, "weight_not_above_zero"),
        ({"electorate": (elector(0, mandates=(Mandate("P", "once"),)),)}, "mandate_times"),
        ({"statutes": Statutes(quorum=(Quorum(share=Fraction(3, 2)),))}, "share_outside"),
        ({"statutes": Statutes(channels=("pigeon",))}, "unknown_name"),
        ({"statutes": Statutes(majorities=())}, "no_majority"),
        ({"statutes": Statutes(delegation=Delegation(0))}, "delegation_depth"),
        ({"statutes": Statutes(casting_vote="O9")}, "casting_vote"),
        ({"statutes": Statutes(split=True), "is_secret": True}, "split_and_secret"),
        ({"candidates": votes.vote(FIVE, candidates="AB").candidates}, "candidates_without_election"),
        ({"statutes": Statutes(election=Election("approval", 1))}, "seats_and_candidates"),
    ],
)
def test_a_vote_that_cannot_be_opened_says_why(change, message):
    assert message in ids(vote_faults(replace(vote(FIVE), **change)))


def test_faults_of_an_election_come_at_once():
    election = Election("schulze", 2, order=("A",))

    found = vote_faults(vote(FIVE, Statutes(election=election, split=True), candidates="AABC"))

    assert ids(found) == ["candidate_twice", "order_incomplete", "split_in_election", "one_seat_only"]
    unknown = vote_faults(vote(FIVE, Statutes(election=Election("lot", 1)), candidates="AB"))
    assert ids(unknown) == ["unknown_name"]
