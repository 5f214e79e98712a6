"""`beffroi vote list`, `close` and `export` over a registry."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import ballot_house as house
import pytest

from beffroi.assembly.verify_box import verify_box
from beffroi.cli.main import main
from beffroi.strategy import casting


@pytest.fixture
def room(registry, home):
    return house.Room(home)


def test_votes_are_listed_counted_and_exported(room, capsys, tmp_path):
    now = datetime.now(UTC).replace(microsecond=0)
    over = room.open(
        house.enrolled(3), house.terms(opens=now - timedelta(hours=3), hours=2), at=now - timedelta(hours=3)
    )
    for number in range(3):
        actor = casting.Actor(f"O{number}", f"P{number}")
        casting.cast(over.pk, actor, "for", clock=lambda: now - timedelta(hours=2))
    running = house.Room(room.home, "Charte").open(house.enrolled(2), house.terms(opens=now, hours=2), at=now)

    assert main(["vote", "list"]) == 0
    said = capsys.readouterr().out
    assert "to be counted" in said
    assert "running" in said
    assert main(["vote", "close", running.pk]) == 2
    assert "cannot be counted before" in capsys.readouterr().err
    out = tmp_path / "box.json"
    assert main(["vote", "export", over.pk, "--out", str(out)]) == 0
    capsys.readouterr()
    assert main(["vote", "close", "--format", "json"]) == 0
    (closed,) = json.loads(capsys.readouterr().out)
    assert (closed["vote"], closed["outcome"]) == (over.pk, "approved")
    assert verify_box(out.read_bytes(), published=closed["box_sha256"]) == ()
    assert main(["vote", "export", over.pk, "--out", str(out)]) == 2
    assert main(["vote", "export", over.pk, "--out", str(tmp_path / "no" / "box.json")]) == 5
    assert main(["vote", "close", over.pk]) == 0
    capsys.readouterr()
    assert main(["vote", "close"]) == 0
    assert capsys.readouterr().out == "No vote is due.\n"
    assert main(["vote", "list", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[1]["box_sha256"] == closed["box_sha256"]
    assert main(["vote", "close", "2026-99"]) == 2
