"""The demonstration: every vote of the story is counted by the rules, and nothing of it is real."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.auth.models import User

from beffroi.assembly.box import exported
from beffroi.assembly.verify_box import verify_box
from beffroi.charter import entries
from beffroi.cli.demo_story import tell
from beffroi.federation import audit, chains
from beffroi.federation.demo import load_demo
from beffroi.records.ballots import BallotVote
from beffroi.strategy import closing, read
from beffroi.strategy.chain import paths
from beffroi.strategy.figures import NoFigures

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_the_story_is_told_by_the_rules_and_every_box_of_it_holds(registry, tmp_path, monkeypatch):
    monkeypatch.setattr("beffroi.strategy.office_keys.KEY_BITS", 1024)  # for speed in tests only
    demo = load_demo(at=NOW)
    assert demo.waterfall.members.count == 510

    told = tell(at=NOW, home=tmp_path, figures=NoFigures(), region="FRK", told=lambda _line: None)

    assert list(told.votes.values()) == ["approved", "refused", "approved", "approved"]
    for row in BallotVote.objects.all():
        assert verify_box(exported(closing.box_of(row, at=NOW))) == ()
        assert row.enrolled == 510
    assert all(found == [] for _count, found in chains.verify().values())
    assert audit.broken() == []
    book = entries.book()
    assert len(book.of("factor")) == 5
    assert len(book.of("action")) == 8
    assert not read.orphans(book)
    assert book.of("vision")[0].get("version") == 1
    assert [one.text("metric") for one in book.of("stage")] == ["rank", "member_revenue"]
    led = paths(book, NoFigures(), thing=book.of("project")[0].id, on=NOW.date())
    assert led
    assert all("2026-1" in one.decisions for one in led)
    assert not User.objects.filter(is_active=True).exists()
