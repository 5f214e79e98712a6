"""Statutes as data: read, refused with every fault, written down and read again."""

from __future__ import annotations

import copy
import json
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from beffroi.assembly.vote import Majority, Quorum
from beffroi.strategy.body_statutes import read_statutes, rule_of, rule_record, statutes_of
from beffroi.strategy.errors import StatutesError
from beffroi.strategy.statutes_files import FOLDER, known_statutes

SHIPPED = known_statutes(Path("/nowhere"))["general_assembly"]


def given():
    from importlib import resources  # noqa: PLC0415 -- the file as shipped

    return yaml.safe_load(resources.files("beffroi.strategy").joinpath("general_assembly.yaml").read_text("utf-8"))


def test_the_shipped_statutes_say_what_they_say():
    rule = SHIPPED.rule("ordinary")

    assert rule.quorum == (Quorum("members", Fraction(1, 4)),)
    assert rule.majorities == (Majority("weight", "expressed", Fraction(1, 2), strict=True),)
    assert (rule.admitted(is_secret=False), SHIPPED.rule("statutes").admitted(is_secret=True)) == (
        ("room", "remote"),
        (),
    )
    assert rule.statutes(("remote",), is_secret=True).split is False
    with pytest.raises(StatutesError, match="have no rule"):
        SHIPPED.rule("other")
    with pytest.raises(StatutesError, match="elects nobody"):
        rule.for_seats(3)
    board = SHIPPED.rule("board").for_seats(3, order=("a", "b"))
    assert (board.election.seats, board.election.most_choices, board.election.order) == (3, 3, ("a", "b"))


@pytest.mark.parametrize("name", ["ordinary", "statutes", "board"])
def test_a_rule_survives_json(name):
    rule = SHIPPED.rule(name)
    assert rule_of(json.loads(json.dumps(rule_record(rule)))) == rule
    assert read_statutes(json.dumps(given())) == SHIPPED


def spoiled(**changes):
    one = copy.deepcopy(given())
    one["rules"] = {"ordinary": {**one["rules"]["ordinary"], **changes}}
    return one


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"secrecy": ["hidden"]}, "secrecy"),
        ({"channels": "room"}, "channels"),
        ({"split": "yes"}, "split"),
        ({"majorities": []}, "majorities: one at least"),
        ({"quorum": [{"of": "members", "share": 0.25}]}, "another form"),
        ({"quorum": [{"of": "members", "share": "5/4"}]}, "from 0 to 1"),
        ({"quorum": [{"of": "heads", "share": "1/4"}]}, "'heads' is none of"),
        ({"delegation": {"depth": 0}}, "the depth is 1"),
        ({"name": "x"}, "name: a text"),
        ({"election": {"method": "lot", "seats": 1}}, "'lot' is none of"),
        ({"more": 1}, "exactly these parts"),
    ],
)
def test_each_fault_is_named(changes, message):
    with pytest.raises(StatutesError, match=message):
        statutes_of(spoiled(**changes))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[", "no YAML"), ("- 1", "a mapping"), ("body: x\nmore: 1", "more: unknown"),
        (yaml.safe_dump({**given(), "rules": {}}), "at least one kind"),
        (yaml.safe_dump({**given(), "rules": {"a": 1}}), "exactly these parts"),
        (yaml.safe_dump({**given(), "body": "", "name": "", "least_open_hours": -1}), "least_open_hours"),
    ],
)  # fmt: skip
def test_what_is_no_statutes_is_refused(content, message):
    with pytest.raises(StatutesError, match=message):
        read_statutes(content)


def test_a_house_has_statutes_of_its_own(tmp_path):
    folder = tmp_path.joinpath(*FOLDER)
    folder.mkdir(parents=True)
    own = {**given(), "body": "board", "least_open_hours": 0}
    (folder / "board.yaml").write_text(yaml.safe_dump(own), "utf-8")
    assert sorted(known_statutes(tmp_path)) == ["board", "general_assembly"]
    (folder / "ours.yaml").write_text(yaml.safe_dump({**given(), "version": "2030"}), "utf-8")
    assert known_statutes(tmp_path)["general_assembly"].version == "2030"
    (folder / "wrong.yaml").write_text("[", "utf-8")
    with pytest.raises(StatutesError, match=r"wrong\.yaml"):
        known_statutes(tmp_path)
