"""The demonstration: it ends at 510, every vote of the story is counted by the rules, and nothing of it is real."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from django.contrib.auth.models import User

from beffroi.assembly.box import exported
from beffroi.assembly.verify_box import verify_box
from beffroi.charter import entries
from beffroi.cli.main import main
from beffroi.federation import audit, chains
from beffroi.records.ballots import BallotVote
from beffroi.strategy import closing, read
from beffroi.strategy.chain import paths
from beffroi.strategy.figures import NoFigures


def test_the_demonstration_is_told_by_the_rules_and_says_that_it_is_invented(registry, home, monkeypatch, capsysbinary):
    monkeypatch.setattr("beffroi.strategy.office_keys.KEY_BITS", 1024)  # for speed in tests only

    def command(*words, code=0):
        answer = main(["members", *words])
        out, err = (one.decode() for one in capsysbinary.readouterr())
        assert answer == code, err
        return err if code else out

    said = command("demo")

    assert "is invented" in said
    assert "votes: 2026-1 approved, 2026-2 refused, 2026-3 approved, 2026-4 approved." in said
    assert "not empty" in command("demo", code=2)
    it_ends_at_510(said, command)
    every_box_holds()
    the_course_is_set()
    assert not User.objects.filter(is_active=True).exists()


def it_ends_at_510(said, command):
    assert "300 + 300 = 600 → − 2 same organisation in one list → − 58 same organisation in several lists" in said
    assert "→ − 18 membership lapsed → − 12 closed in the register = 510" in said
    gap = list(csv.DictReader(io.StringIO(command("export", "--what", "gap"))))
    assert float(gap[-1]["reached_eur"]) >= 5e9 > float(gap[-2]["reached_eur"])
    total = float(gap[0]["reached_eur"]) - float(gap[0]["revenue_eur"])
    assert total == 2_970_000_000
    rows = list(csv.DictReader(io.StringIO(command("export"))))
    assert all("[fictif]" in row["name"].lower() for row in rows)
    assert {row["legal_unit"].partition(":")[0] for row in rows} == {"demo", ""}
    assert {row["website"].rpartition(".")[2] for row in rows} == {"example", ""}


def every_box_holds():
    assert BallotVote.objects.count() == 4
    for row in BallotVote.objects.all():
        assert verify_box(exported(closing.box_of(row, at=datetime.now(UTC)))) == ()
        assert row.enrolled == 510
    assert all(found == [] for _count, found in chains.verify().values())
    assert audit.broken() == []


def the_course_is_set():
    book = entries.book()
    assert len(book.of("factor")) == 5
    assert len(book.of("action")) == 8
    assert not read.orphans(book)
    assert book.of("vision")[0].get("version") == 1
    assert [one.text("metric") for one in book.of("stage")] == ["rank", "member_revenue"]
    led = paths(book, NoFigures(), thing=book.of("project")[0].id, on=datetime.now(UTC).date())
    assert led
    assert all("2026-1" in one.decisions for one in led)
