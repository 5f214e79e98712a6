"""`beffroi strategy …`: the template of 2006 entered, approved, shown, checked and exported."""

from __future__ import annotations

import csv
import io
import json

import pytest

from beffroi.charter import entries
from beffroi.cli import strategy
from beffroi.cli.main import main
from beffroi.strategy.figures import NoFigures


@pytest.fixture
def command(cluster, monkeypatch, capsysbinary):
    """`command("show", …)` gives what is printed; the registry is the one under test, without an edition."""
    monkeypatch.setattr(strategy, "open_here", lambda: None)
    monkeypatch.setattr(strategy, "figures", NoFigures)

    def run(*words, code=0):
        answer = main(["strategy", *words])
        out, err = (one.decode() for one in capsysbinary.readouterr())
        assert answer == code, err
        return err if code > 1 else out

    return run


def test_a_strategy_is_begun_from_the_template_by_commands(command):
    assert "No vision is in force yet." in command("show")
    assert "vision-1 approved, then" in command("template", "--region", "FRE")
    assert "--vision" in command("template", "--part", "means", code=2)
    assert "still a draft" in command("template", "--part", "means", "--vision", "vision-1", code=2)
    decided = ("--body", "Assembly", "--day", "2026-11-20", "--document", "minutes 3")
    before = len(entries.book())
    assert "no region" not in command("approve", "vision-9", *decided, code=2)
    assert len(entries.book()) == before  # the decision of an approval that failed is not kept either
    assert "version 1, by resolution-1" in command("approve", "vision-1", *decided)
    assert "somebody else answers" in command("template", "--part", "means", "--vision", "vision-1")
    assert "Make our territory" in command("show")


def test_what_is_printed_is_what_the_book_holds(command, cluster):
    programme = cluster.programme()
    action = cluster.action(programme, "alone", costs=[{"funder": "EU", "year": 2026, "committed_eur": "5"}])

    told = json.loads(command("orphans", "--format", "json", code=1))
    assert [(one["list"], one["id"]) for one in told] == [("actions_without_objective", action.id)]
    assert command("orphans", "--on", "2006-04-11") == "Nothing hangs loose.\n"
    assert json.loads(command("report", "--format", "json"))[0]["verdict"] == "unlinked"
    rows = list(csv.DictReader(io.StringIO(command("export").lstrip("\ufeff"))))
    assert [(one["action"], one["funder"], one["committed_eur"]) for one in rows] == [(action.id, "EU", "5")]
    held = json.loads(command("export", "--what", "vision", "--format", "json"))
    assert "We want." in json.dumps(held)
    one = json.loads(command("show", action.id, "--format", "json"))
    assert (one["above"], one["below"]) == (["vision-1", "programme-1"], [])
    assert [entry["act"] for entry in one["history"]] == ["created"]
    assert "served by" in command("show", "vision-1")
    assert "no 'action-99'" in command("show", "action-99", code=2)
    assert json.loads(command("show", "--format", "json", "--on", "2006-04-11"))[0]["what"] == "money"
