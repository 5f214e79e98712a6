"""`beffroi bodies …` over the invented government: the tree, who sits, the calendar, and wrong questions."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from beffroi.cli.main import main
from beffroi.federation.demo_government import load_government


@pytest.fixture
def command(registry, home, capsysbinary):
    load_government(at=datetime(2026, 11, 22, 8, tzinfo=UTC))

    def run(*words, code=0):
        answer = main(["bodies", *map(str, words)])
        out, err = (one.decode() for one in capsysbinary.readouterr())
        assert answer == code, err
        return out if code == 0 else err

    return run


def test_the_government_is_read_from_the_command_line(command, tmp_path):
    rows = json.loads(command("list", "--on", "2010-01-01", "--format", "json"))
    assert [one["body"] for one in rows] == ["body-1", "body-2"]
    seats = json.loads(command("compose", "body-3", "--on", "2016-06-01", "--format", "json"))
    assert [one["person"] for one in seats][:2] == ["Aimée Fictive", "Bruno Inventé"]
    assert "body-3" in command("show", "body-1")
    assert command("calendar", "body-3").count("BEGIN:VEVENT") == 3
    command("calendar", "body-3", "--into", tmp_path / "x.ics")
    assert (tmp_path / "x.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert "no day" in command("list", "--on", "hier", code=2)
    assert "no body" in command("show", "territory-1", code=2)
    assert "not empty" in command("demo", code=2)


def test_statutes_are_checked_before_they_are_entered(capsys, tmp_path):
    file = tmp_path / "statutes.yaml"
    file.write_text("quorum: [{share: 0.5}]", "utf-8")
    assert main(["bodies", "check-statutes", str(file)]) == 2
    assert "quorum[0].share: 0.5 is no exact number" in capsys.readouterr().err
    file.write_text("quorum: [{share: 1/2}]", "utf-8")
    assert main(["bodies", "check-statutes", str(file)]) == 0
    assert main(["bodies", "check-statutes", str(tmp_path / "none")]) == 2
