"""Ballot boxes: two programs agree on every one, and every change is seen by both."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from importlib import util
from pathlib import Path

import made_up_votes as votes
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beffroi.assembly import secret
from beffroi.assembly.box import exported, frozen, vote_of
from beffroi.assembly.chain import chained
from beffroi.assembly.exact import canonical, digest
from beffroi.assembly.faults import BallotBoxError
from beffroi.assembly.verify_box import read_box, verify_box
from beffroi.assembly.vote import Delegation, Election, Majority, Statutes

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "tools" / "verify_ballots.py"


def module(path):
    spec = util.spec_from_file_location(path.stem, path)
    loaded = util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


alone = module(SCRIPT)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def ours(content, published=None):
    try:
        return [one.id for one in verify_box(content, published=published)]
    except BallotBoxError:
        return ["unreadable"]


def theirs(content, published=None):
    try:
        return [one.partition(":")[0] for one in alone.faults_of(content, published)[0]]
    except alone.NoBoxError:
        return ["unreadable"]


@pytest.fixture(scope="module")
def public_box():
    roll = [votes.elector(n, weight=votes.Fraction(n + 1, 2), territory="Lyon", aggregated=n == 2) for n in range(4)]
    statutes = Statutes(delegation=Delegation(), split=True, majorities=(Majority(), Majority(within="territory")))
    acts = [
        votes.act("attend", "O3"), votes.act("delegate", "O0", 1, by="P0", to="O1"),
        votes.cast(0, "for", 2, by="P1"), votes.cast(1, "against", 3), votes.cast(1, "for", 4),
        votes.cast(2, {"for": "1", "abstain": "1/2"}, 5, channel="post"), votes.cast(3, "for", 6, by="P0"),
    ]  # fmt: skip
    return votes.whole_box(votes.vote(roll, statutes), acts)


@pytest.fixture(scope="module")
def secret_box():
    given_vote = votes.vote([votes.elector(n) for n in range(5)], is_secret=True)
    label = given_vote.class_of(given_vote.electorate[0])
    acts = [
        votes.act("token", f"O{n}", n, by=f"P{n}", channel="remote", blinded_sha256="ab" * 32, **{"class": label})
        for n in range(4)
    ]
    urn = [votes.urn_ballot(given_vote, n, choice) for n, choice in enumerate(["for", "for", "against"])]
    return votes.whole_box(given_vote, acts, urn=urn, keys=votes.keys_of(given_vote))


@pytest.mark.parametrize("which", ["public_box", "secret_box"])
def test_s17_5_a_box_that_was_not_touched_holds_for_both_programs(which, request):
    record = request.getfixturevalue(which)
    content = exported(record)

    assert ours(content, record["sha256"]) == theirs(content, record["sha256"]) == []
    assert record["result"]["outcome"] == "approved"
    assert read_box(content) == record


@given(st.data())
@QUICK
def test_s17_5_both_programs_count_every_public_box_alike(data):
    given_vote = data.draw(votes.votes())
    record = votes.whole_box(given_vote, data.draw(votes.acts_of(given_vote)))
    content = exported(record)

    assert ours(content) == theirs(content) == []
    assert canonical(alone.count_box(json.loads(content))) == canonical(record["result"])


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_s17_5_both_programs_count_every_secret_box_alike(data):
    given_vote = data.draw(votes.votes(is_secret=True))
    numbers = [n for n, one in enumerate(given_vote.electorate) if data.draw(st.booleans()) and one.conflict is None]
    drawn = {n: data.draw(votes.choices(given_vote)) for n in numbers[:4]}
    urn = [votes.urn_ballot(given_vote, n, choice) for n, choice in drawn.items()]
    urn = [
        secret.UrnBallot(
            one.class_id, one.token, one.signature, one.choice if isinstance(one.choice, str) else tuple(one.choice)
        )
        for one in urn
    ]
    label = {one.organisation: given_vote.class_of(one) for one in given_vote.electorate}
    tokens = [
        votes.act("token", f"O{n}", 0, by=f"P{n}", channel="room", blinded_sha256="", **{"class": label[f"O{n}"]})
        for n in numbers
        if data.draw(st.integers(0, 5))
    ]
    more = data.draw(votes.acts_of(given_vote, most=5))
    record = votes.whole_box(given_vote, [*tokens, *more], urn=urn, keys=votes.keys_of(given_vote))
    content = exported(record)

    assert ours(content) == theirs(content) == []


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from places(one, (*path, number))


def at(record, path):
    for step in path:
        record = record[step]
    return record


def mutations(value):
    """Every way to change one value: another value, a field or entry more, less, double, or moved."""
    if isinstance(value, dict):
        yield {**value, "added": "1"}
        for key in value:
            yield {name: one for name, one in value.items() if name != key}
    elif isinstance(value, list):
        yield [*value, "1"]
        for number in range(len(value)):
            yield [*value[:number], *value[number + 1 :]]
            yield [*value[: number + 1], *value[number:]]
            if number and value[number] != value[number - 1]:
                yield [*value[: number - 1], value[number], value[number - 1], *value[number + 1 :]]
    elif isinstance(value, bool):
        yield not value
        yield int(value)
    elif isinstance(value, int):
        yield value + 1
        yield str(value)
    elif isinstance(value, str):
        yield value + "x"
        yield "0" + value[1:] if value[:1] not in {"", "0"} else "1"
    yield None if value is not None else "1"


def changed(record, path, value):
    out = copy.deepcopy(record)
    if not path:
        return value
    at(out, path[:-1])[path[-1]] = value
    return out


def sealed(record):
    """What somebody does who has read the manual: write the fingerprints of the box and its log anew."""
    out = copy.deepcopy(record)
    if isinstance(out.get("log"), list) and all(
        isinstance(e, dict) and isinstance(e.get("body"), dict) for e in out["log"]
    ):
        out["log"] = list(chained([entry["body"] for entry in out["log"]]))
    return {**out, "sha256": digest({name: part for name, part in out.items() if name != "sha256"})}


@pytest.mark.parametrize("which", ["public_box", "secret_box"])
def test_s17_5_every_change_at_every_place_of_the_file_is_seen(which, request):
    """Not a sample: each value of the box, in each of the ways above."""
    record = request.getfixturevalue(which)
    tried = 0
    for path in places(record):
        for value in mutations(at(record, path)):
            content = canonical(changed(record, path, value))
            tried += 1
            assert ours(content), path
            assert theirs(content), path
    assert tried > 800


@given(data=st.data())
@QUICK
def test_s17_5_every_change_of_a_byte_is_seen(data, public_box):
    content = exported(public_box)
    place = data.draw(st.integers(0, len(content) - 1))
    kind = data.draw(st.sampled_from(["change", "drop", "insert"]))
    byte = bytes([data.draw(st.integers(0, 255).filter(lambda one: one != content[place]))])
    after = content[place:] if kind == "insert" else content[place + 1 :]
    touched = content[:place] + (b"" if kind == "drop" else byte) + after

    assert ours(touched)
    assert theirs(touched)


@pytest.mark.parametrize("which", ["public_box", "secret_box"])
def test_a_change_under_new_fingerprints_is_seen_by_the_published_one(which, request):
    """And without the published one, when it touches what was frozen, the chain or the result."""
    record = request.getfixturevalue(which)
    unseen = set()
    for path in places(record):
        if not path or path[0] in {"sha256", "format", "version"}:
            continue
        for value in mutations(at(record, path)):
            forged = sealed(changed(record, path, value))
            if forged == record:
                continue  # the chain was written anew over the same acts: nothing has changed
            content = canonical(forged)
            assert ours(content, record["sha256"]), path
            assert theirs(content, record["sha256"]), path
            if not theirs(content) or not ours(content):
                unseen.add(path[0] if path[0] == "log" else path)
    # Only a whole new history can pass alone: that of acts whose result stays the same.
    assert unseen <= {"log"}


def test_ballots_changed_with_a_new_chain_no_longer_give_the_result(public_box):
    record = copy.deepcopy(public_box)
    for entry in record["log"]:
        if entry["body"]["act"] == "cast":
            entry["body"]["choice"] = "against"
    content = exported(sealed(record))

    assert ours(content) == theirs(content) == ["result_differs"]


def test_an_urn_holds_no_ballot_that_no_token_stands_behind(secret_box):
    stuffed = copy.deepcopy(secret_box)
    one = stuffed["urn"]["ballots"][0]
    forged = {**one, "token": "f" * 64}
    given_vote = vote_of(stuffed)
    urn = [
        secret.UrnBallot(b["class"], b["token"], b["signature"], b["choice"])
        for b in [*stuffed["urn"]["ballots"], forged]
    ]
    again = votes.whole_box(
        given_vote, [e["body"] for e in stuffed["log"][1:-1]], urn=urn, keys=votes.keys_of(given_vote)
    )

    assert [fault["id"] for fault in again["result"]["not_counted"]] == ["token_not_signed"]
    assert again["result"]["counts"] == secret_box["result"]["counts"]


def test_more_ballots_than_tokens_and_double_tokens_are_not_counted():
    given_vote = votes.vote([votes.elector(n) for n in range(5)], is_secret=True)
    label = given_vote.class_of(given_vote.electorate[0])

    def result(takers, numbers):
        tokens = [
            votes.act("token", f"O{n}", by=f"P{n}", channel="room", blinded_sha256="", **{"class": label})
            for n in takers
        ]
        urn = [votes.urn_ballot(given_vote, n, "for") for n in numbers]
        found = votes.whole_box(given_vote, tokens, urn=urn, keys=votes.keys_of(given_vote))["result"]
        return [one["id"] for one in found["not_counted"]], found["counts"]["for"]["members"]

    assert result([0, 1], [0, 0]) == (["token_used_twice"], "1")
    assert result([0], [0, 1]) == (["more_ballots_than_tokens"], "1")
    assert result([0, 0], [0]) == (["token_twice"], "1")


def test_s16_1_a_secret_box_holds_no_link_from_organisation_to_ballot(secret_box):
    """Every value that stands beside an organisation, against every value that stands in the urn."""

    def leaves(value):
        if isinstance(value, dict | list):
            for one in value.values() if isinstance(value, dict) else value:
                yield from leaves(one)
        else:
            yield value

    label = next(iter(secret_box["keys"]))
    named = {one for entry in secret_box["log"] for one in leaves(entry)} | set(leaves(secret_box["electorate"]))
    urn = {one for ballot in secret_box["urn"]["ballots"] for one in leaves(ballot)}

    assert named & urn <= {label, 0, None}
    assert [one["token"] for one in secret_box["urn"]["ballots"]] == sorted(
        one["token"] for one in secret_box["urn"]["ballots"]
    )


def test_a_receipt_shows_that_the_ballot_is_in_the_urn(secret_box):
    urn = [secret.UrnBallot(b["class"], b["token"], b["signature"], b["choice"]) for b in secret_box["urn"]["ballots"]]
    shown = secret.receipt(urn, urn[1].token)

    assert secret.is_in_urn(shown, secret_box["urn"]["root"])
    assert not secret.is_in_urn(
        {**shown, "ballot": {**shown["ballot"], "choice": "abstain"}}, secret_box["urn"]["root"]
    )
    with pytest.raises(KeyError):
        secret.receipt(urn, "00")


def test_small_classes_are_named_before_a_secret_vote_opens():
    roll = [*(votes.elector(n) for n in range(5)), votes.elector(5, weight=votes.Fraction(9))]
    given_vote = votes.vote(roll, is_secret=True)

    assert [one.params[0] for one in secret.small_classes(given_vote)] == [("class", '["9","",""]')]
    apart = votes.vote(
        [votes.elector(n, college="c", territory="t") for n in range(2)],
        Statutes(majorities=(Majority(within="college"), Majority(within="territory"))), is_secret=True,
    )  # fmt: skip
    assert given_vote.class_of(roll[0]) == '["1","",""]'
    assert apart.class_of(apart.electorate[0]) == '["1","c","t"]'


@pytest.mark.parametrize("choice", ["maybe", ("A",)])
def test_what_may_not_go_into_the_urn_is_named(choice):
    given_vote = votes.vote([votes.elector(n) for n in range(5)], is_secret=True)
    ballot = votes.urn_ballot(given_vote, 0, choice)

    assert secret.ballot_fault(given_vote, votes.keys_of(given_vote), ballot).id == "choice_unknown"
    election = votes.vote(
        given_vote.electorate, Statutes(election=Election("approval", 1)), candidates="AB", is_secret=True
    )
    found = secret.ballot_fault(election, votes.keys_of(election), ballot)
    assert (found.id if found else "") == ("choice_form" if choice == "maybe" else "")
    for token, signature in (("00", "00"), ("zz" * 32, "00"), ("00" * 32, "0")):
        wrong = secret.UrnBallot(ballot.class_id, token, signature, "for")
        assert secret.ballot_fault(given_vote, votes.keys_of(given_vote), wrong).id == "token_not_signed"


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b"[" * 100000, b'{"version":1}'])
def test_what_is_no_box_is_said_to_be_none(content):
    assert ours(content) == theirs(content) == ["unreadable"]


def test_another_layout_or_a_float_is_refused(public_box):
    assert ours(json.dumps(public_box).encode()) == ["unreadable"]
    with_float = json.dumps(
        {**public_box, "urn": 1.5}, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    ).encode()
    assert ours(with_float) == theirs(with_float) == ["unreadable"]
    for version in (2, True, "1"):
        assert ours(canonical({**public_box, "version": version})) == ["unreadable"]


@given(votes.votes())
@QUICK
def test_the_frozen_part_reads_back_as_it_was(given_vote):
    assert vote_of(json.loads(canonical(frozen(given_vote)))) == given_vote


def test_s17_5_the_script_stands_alone(public_box, tmp_path):
    """Python without our code, without site packages, in an empty folder."""
    (tmp_path / "box.json").write_bytes(exported(public_box))

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-I", "-S", str(SCRIPT), *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    good = run("box.json", "--published", public_box["sha256"])
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.startswith("Réseau de fibre: approved. Everything holds.")
    assert run("box.json", "--published", "0" * 64).returncode == 1
    (tmp_path / "box.json").write_bytes(exported(public_box).replace(b'"for"', b'"fro"', 1))
    assert run("box.json").returncode in {1, 2}
    assert run("gone.json").returncode == 2
    assert run().returncode == 2
    assert "beffroi." not in SCRIPT.read_text(encoding="utf-8").replace("beffroi-ballot-box", "")
