"""`beffroi vote open` and `cancel`, over a charter with bodies and an invented cluster."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import ballot_house as house
import pytest
from django.contrib.auth.models import User

from beffroi.charter import entries
from beffroi.charter.entries import By
from beffroi.cli.main import main
from beffroi.federation import government
from beffroi.federation.people import give
from beffroi.federation.reach import Reach
from beffroi.records.accounts import AuditEntry
from beffroi.records.ballots import BallotVote
from beffroi.strategy import drafting

NOW = datetime.now(UTC).replace(microsecond=0)
CLOSES = (NOW + timedelta(days=2)).isoformat()
ALL = Reach(is_all=True)


@pytest.fixture
def place(registry, home, monkeypatch):
    """A registry with two members, one represented, the general assembly, a draft that was handed in, an officer."""
    monkeypatch.setattr("beffroi.cli.vote_open.open_site", lambda: None)  # the test has opened its own database
    registry.take("A", [("Alpha", "", "69001", ""), ("Beta", "", "69002", "")])
    for number, thing in enumerate(house.body_book()):
        government.create(
            thing.kind, thing.values, by=By("t", NOW - timedelta(days=1) + timedelta(minutes=number)), reach=ALL
        )
    officer = User.objects.create_user("o@example.org", "o@example.org")
    speaker = User.objects.create_user("s@example.org", "s@example.org")
    give(officer.pk, "election_officer", by="t", at=NOW - timedelta(days=1))
    give(speaker.pk, "representative", scope=registry.home("A", "Alpha"), by="t", at=NOW - timedelta(days=1))
    held = house.Room(home)
    held.save(at=NOW - timedelta(hours=2))
    held.hand_in(at=NOW - timedelta(hours=1))
    held.officer, held.alpha = officer, registry.home("A", "Alpha")
    return held


def opened(place, *more, kind="ordinary", body="body-1"):
    return main(["vote", "open", "--room", str(place.id), "--body", body, "--type", kind, "--closes", CLOSES, *more])


def test_a_draft_is_put_to_the_vote_and_cancelled_from_the_command_line(place, capsys):
    assert opened(place, "--as", "o@example.org", "--format", "json") == 0

    told = json.loads(capsys.readouterr().out)
    row = BallotVote.objects.get()
    assert (told["vote"], told["body"], told["type"], told["enrolled"]) == (row.pk, "body-1", "ordinary", 1)
    assert list(row.electors.values_list("organisation", flat=True)) == [place.alpha]
    assert (row.by, row.statutes["channels"], row.is_secret) == (f"account {place.officer.pk}", ["remote"], False)
    assert AuditEntry.objects.get(act="vote_opened").account == place.officer.pk
    assert opened(place) == 2
    assert "handed in no text" in capsys.readouterr().err

    assert main(["vote", "cancel", row.pk, "--reason", " "]) == 2
    assert "a cancelled vote says why" in capsys.readouterr().err.lower()
    assert main(["vote", "cancel", row.pk, "--reason", "Wrong roll."]) == 0
    assert "stay sealed" in capsys.readouterr().out
    held = BallotVote.objects.get().cancelling
    assert (held.office, held.by, held.reason) == ("operator", "operator", "Wrong roll.")
    assert main(["vote", "export", row.pk]) == 2
    assert "was cancelled" in capsys.readouterr().err
    assert main(["vote", "list", "--format", "json"]) == 0
    assert [one["state"] for one in json.loads(capsys.readouterr().out)] == ["cancelled"]
    assert drafting.look(place.id, clock=datetime.now(UTC)).state == "handed_in"

    assert opened(place, "--roll", "members", "--channels", "room", "remote", "--visibility", "members") == 0
    assert "2 organisations" in capsys.readouterr().out
    again = BallotVote.objects.exclude(pk=row.pk).get()
    assert (again.by, again.visibility, again.statutes["channels"]) == ("operator", "members", ["room", "remote"])
    assert main(["vote", "cancel", again.pk, "--reason", "x", "--as", str(place.officer.pk), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["office"] == "election_officer"


REFUSALS = (
    ({"body": "body-7"}, (), "is no body that stands on"),
    ({"kind": "budget"}, (), "do not say who decides 'budget'; they know: "),
    ({"kind": "board"}, (), "is an election of candidates"),
    ({"kind": "statutes"}, (), "Remote votes are not admitted"),
    ({}, ("--secret", "--channels", "post"), "do not admit votes by 'post'"),
    ({}, ("--opens", "demain"), "--opens: 'demain' is no time."),
    ({}, ("--opens", "2026-12-01T18:00"), "has no time zone. Write 2026-12-01T18:00+01:00"),
    ({}, ("--as", "nobody@example.org"), "There is no account 'nobody@example.org'"),
    ({}, ("--as", "s@example.org"), "is no election officer today"),
    ({}, ("--roll", "body"), "Nobody may vote."),
    ({}, ("--table", "/nowhere.csv"), "cannot be read"),
)


def test_what_speaks_against_a_vote_is_said(place, capsys):
    for more, given, said in REFUSALS:
        assert opened(place, *given, **more) == 2, said
        assert said in capsys.readouterr().err
    assert not BallotVote.objects.exists()


def test_the_roll_may_be_those_that_sit_in_the_body_and_a_table_adds_to_it(place, capsys, tmp_path):
    member = {"body": "body-1", "person": "A", "organisation": place.alpha, "function": "member", "since": "2020-01-01"}
    government.create("mandate", member, by=By("t", NOW), reach=ALL)
    conflict = {"subject": "project-3", "organisation": place.alpha, "nature": "supplier", "reason": "Sells",
                "since": "2020-01-01"}  # fmt: skip
    government.create("conflict", conflict, by=By("t", NOW), reach=ALL)
    assert opened(place, "--roll", "body", "--subjects", "project-3") == 2
    assert "Nobody may vote" in capsys.readouterr().err
    table = tmp_path / "roll.csv"
    table.write_text(f"organisation;weight\n{place.alpha};3/2\n", "utf-8")
    assert opened(place, "--roll", "body", "--table", str(table)) == 0
    assert BallotVote.objects.get().enrolled_weight == "3/2"
    assert entries.broken() == []
