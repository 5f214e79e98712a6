"""Statutes as data: read with every fault at its path, handed to votes as the assembly room understands them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from beffroi.assembly.vote import Delegation, Election, Majority, Quorum
from beffroi.federation.statutes import StatutesError, fault_of, parse, read_statutes

YAML = """
title: {fr: Statuts, en: Statutes}
notice_days: {default: 15, extraordinary: 8}
competences:
  budget: {bodies: [regional_committee], words: {fr: le budget, en: the budget}}
quorum: [{of: members, share: 1/3}, {of: weight, share: '0.25', strict: true, within: territory}]
majorities:
  default: [{of: members, base: expressed, share: 1/2}]
  statutes: [{share: 2/3, strict: false}, {share: 1/2, within: territory, groups: 1/2}]
channels: [room, remote]
delegation: {depth: 1, per_person: 2, weight_share: 1/10}
secret_types: [election]
may_split: true
ceilings: {public_pct: 60, funder_pct: '33.5'}
functions:
  president: {most: 1, transitions: [{since: 2016-01-01, until: 2016-12-31, most: 2}]}
"""


VOTES = """
quorum: {default: [{share: 1/4}], statutes: [{share: 1/2}]}
channels: {default: [room, remote], statutes: [room]}
secret_channels: {board: [post]}
secret_types: [board]
may_be_secret: [motion, default]
casting_vote: o-chair
vote_notice_hours: {default: 48}
least_open_hours: {default: 1, board: 24}
elections: {board: {}, chair: {method: schulze, seats: 1, most_choices: null}}
articles: {board: {fr: Le conseil est élu., en: The board is elected.}}
"""


def test_what_a_vote_needs_comes_out_as_pure_data():
    found = read_statutes(parse(YAML))
    assert found.quorum_for("statutes") == (
        Quorum("members", Fraction(1, 3)), Quorum("weight", Fraction(1, 4), strict=True, within="territory"),
    )  # fmt: skip
    assert found.majorities_for("statutes") == (
        Majority("members", "expressed", Fraction(2, 3), strict=False),
        Majority("members", "expressed", Fraction(1, 2), within="territory", groups=Fraction(1, 2)),
    )
    assert (found.channels_for("statutes"), found.delegation, found.may_split) == (
        ("room", "remote"), Delegation(1, 2, Fraction(1, 10)), True,
    )  # fmt: skip
    assert found.majorities_for("budget") == (Majority("members"),)
    assert (found.secrecies("election"), found.secrecies("budget")) == (("secret",), ("public",))
    assert (found.public_pct_most, found.funder_pct_most) == (60, Fraction(67, 2))
    assert [found.notice_for(one) for one in ("extraordinary", "ordinary")] == [8, 15]
    assert [found.functions["president"].on(day) for day in ("2016-12-31", "2017-01-01")] == [2, 1]


def test_empty_statutes_ask_for_nothing():
    found = read_statutes({})
    assert (found.notice_for("ordinary"), found.quorum_for("x"), found.delegation, found.public_pct_most) == (
        0, (), None, None,
    )  # fmt: skip
    assert found.channels_for("x") == found.secret_channels_for("x") == ("room", "remote", "post")
    assert found.majorities_for("x") == (Majority(),)


def test_sections_of_votes_hold_by_type_of_decision():
    found = read_statutes(parse(VOTES))
    assert [one.share for one in (*found.quorum_for("statutes"), *found.quorum_for("budget"))] == [
        Fraction(1, 2), Fraction(1, 4),
    ]  # fmt: skip
    assert (found.channels_for("statutes"), found.channels_for("budget")) == (("room",), ("room", "remote"))
    assert (found.secret_channels_for("board"), found.secret_channels_for("motion")) == (("post",), ("room", "remote"))
    assert found.secrecies("motion") == found.secrecies("budget") == ("public", "secret")
    assert found.elections == {"board": Election("approval", 0, 0), "chair": Election("schulze", 1, None)}
    assert (found.vote_notice_hours, found.least_open_hours) == ({"default": 48}, {"default": 1, "board": 24})
    assert (found.casting_vote, found.articles["board"].fr) == ("o-chair", "Le conseil est élu.")


@pytest.mark.parametrize(("given", "said"), [
    ([], "[] is no mapping."),
    ({"kings": 1}, "kings: unknown; known: title, notice_days"),
    ({"notice_days": {"default": -1}}, "notice_days.default: -1: a whole number of at least 0"),
    ({"notice_days": {"default": True}}, "notice_days.default: True: a whole number"),
    ({"competences": {"budget": {"bodies": []}}}, "competences.budget.bodies: some body has to decide."),
    ({"competences": {"budget": {"bodies": "board"}}}, "competences.budget.bodies: 'board' is no list of words."),
    ({"quorum": {"share": 1}}, "quorum.share: 1 is no list."),
    ({"quorum": "1/3"}, "quorum: '1/3' is no mapping."),
    ({"quorum": {"board": [{"share": "3/2"}]}}, "quorum.board[0].share: 3/2 is not between 0 and 1."),
    ({"channels": {"board": ["pigeon"]}}, "channels.board[0]: 'pigeon': one of room, remote, post is expected."),
    ({"secret_channels": {"board": "room"}}, "secret_channels.board: 'room' is no list of words."),
    ({"casting_vote": 3}, "casting_vote: 3 is no line of text."),
    ({"least_open_hours": {"board": -1}}, "least_open_hours.board: -1: a whole number of at least 0"),
    ({"elections": {"board": {"method": "lot"}}}, "elections.board.method: 'lot': one of approval, plurality"),
    ({"elections": {"board": {"seats": "3"}}}, "elections.board.seats: '3': a whole number of at least 0"),
    ({"elections": {"board": {"most_choices": -1}}}, "elections.board.most_choices: -1: a whole number"),
    ({"articles": {"board": {"fr": "Oui."}}}, "articles.board.en: the sentence is missing."),
    ({"articles": {"board": {"fr": "Oui.", "en": "Yes.", "de": "Ja."}}}, "articles.board.de: unknown; known: fr, en."),
    ({"quorum": [{"share": 0.5}]}, "quorum[0].share: 0.5 is no exact number; write 1/2 or '0.5'."),
    ({"quorum": [{"share": "3/2"}]}, "quorum[0].share: 3/2 is not between 0 and 1."),
    ({"quorum": [{"of": "heads"}]}, "quorum[0].of: 'heads': one of members, weight is expected."),
    ({"majorities": {"default": []}}, "majorities.default: at least one majority is expected."),
    ({"majorities": {"default": [{"base": "all"}]}}, "majorities.default[0].base: 'all': one of expressed"),
    ({"channels": ["room", "pigeon"]}, "channels[1]: 'pigeon': one of room, remote, post is expected."),
    ({"delegation": {"depth": 0}}, "delegation.depth: 0: a whole number of at least 1"),
    ({"may_split": "yes"}, "may_split: 'yes': true or false is expected."),
    ({"ceilings": {"public_pct": 120}}, "ceilings.public_pct: 120 is not between 0 and 100."),
    ({"ceilings": {"private_pct": 1}}, "ceilings.private_pct: unknown"),
    ({"functions": {"president": {"transitions": [{"since": "2016", "until": "2016-12-31", "most": 2}]}}},
     "functions.president.transitions[0].since: '2016': a day such as"),
])  # fmt: skip
def test_each_fault_names_its_path_in_both_languages(given, said):
    assert said in fault_of(given).en
    assert fault_of(given).fr
    assert fault_of(given).fr != fault_of(given).en


def test_every_fault_is_told_at_once_with_the_name_of_the_file():
    with pytest.raises(StatutesError, match=r"^house\.yaml: kings: .* channels\[0\]: "):
        parse("kings: 1\nchannels: [pigeon]", "house.yaml")
    with pytest.raises(StatutesError, match=r"house\.yaml: line 2: neither YAML nor JSON"):
        parse("a: 1\nb: [", "house.yaml")
    with pytest.raises(StatutesError, match="no mapping"):
        parse("- 1")


def test_json_is_read_as_yaml_is():
    assert parse('{"channels": ["room"]}') == {"channels": ["room"]}
