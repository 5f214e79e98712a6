"""`beffroi vote verify`: a box that holds, one that does not, and no box."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from beffroi.assembly.box import box, closing, exported, opening
from beffroi.assembly.chain import chained
from beffroi.assembly.vote import Elector, Mandate, Statutes, Text, Vote
from beffroi.cli.main import main


@pytest.fixture
def file(tmp_path):
    roll = tuple(Elector(f"O{n}", Fraction(1), (Mandate(f"P{n}", "2026-01-01T00:00:00Z"),)) for n in range(3))
    day = "2026-11-22T08:00:00Z", "2026-11-22T18:00:00Z"
    vote = Vote("v1", "La fibre", *day, False, Text(1, "Nous posons la fibre."), Statutes(), roll)
    acts = [
        {"act": "cast", "at": day[0], "organisation": f"O{n}", "by": f"P{n}", "channel": "room", "choice": choice}
        for n, choice in enumerate(["for", "for", "against"])
    ]
    log = chained([opening(vote, at=day[0]), *acts, closing(at=day[1])])
    path = tmp_path / "box.json"
    path.write_bytes(exported(box(vote, log)))
    return path


def test_a_box_that_holds_says_its_result_and_reasons(file, capsys):
    seal = json.loads(file.read_bytes())["sha256"]

    assert main(["vote", "verify", str(file), "--published", seal]) == 0

    said = capsys.readouterr().out
    assert f"La fibre: approved. Everything holds. SHA-256 {seal}." in said
    assert "Majority reached (weight, expressed): 2 for, threshold 3/2." in said
    assert main(["vote", "verify", str(file), "--language", "fr"]) == 0
    assert "Majorité atteinte" in capsys.readouterr().out


def test_a_changed_box_says_what_does_not_hold(file, capsys):
    file.write_bytes(file.read_bytes().replace(b'"against"', b'"abstain"', 1))

    assert main(["vote", "verify", str(file)]) == 1
    assert "Entry 4 was changed." in capsys.readouterr().out
    assert main(["vote", "verify", str(file), "--format", "json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["holds"], [one["id"] for one in said["faults"]]) == (False, ["box_hash", "chain_hash"])


def test_another_box_than_the_published_one_is_told(file, capsys):
    assert main(["vote", "verify", str(file), "--published", "0" * 64]) == 1
    assert "was published, this box is" in capsys.readouterr().out


def test_what_is_no_box_is_said_to_be_none(tmp_path, capsys):
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")

    assert main(["vote", "verify", str(tmp_path / "x.json")]) == 6
    assert "This is no ballot box" in capsys.readouterr().err
    assert main(["vote", "verify", str(tmp_path / "gone.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err
