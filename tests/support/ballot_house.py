"""A drafting room, a roll and votes for tests: short words for what they do."""

from __future__ import annotations

import importlib.resources
import itertools
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.assembly.box import exported
from beffroi.assembly.verify_box import verify_box
from beffroi.assembly.vote import Elector, Mandate
from beffroi.charter.book import Book, Thing
from beffroi.federation.statutes import parse
from beffroi.federation.vote_rules import vote_rule
from beffroi.strategy import casting, closing, drafting, opening, urn, voter
from beffroi.strategy.electorate import Enrolled
from beffroi.strategy.vote_rows import keys_of, vote_row

if TYPE_CHECKING:
    from beffroi.assembly.decision_rule import DecisionRule
    from beffroi.records.ballots import BallotVote

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tools" / "verify_ballots.py"
START = datetime(2026, 11, 22, 8, tzinfo=UTC)
HOURS = 10
COMPETENCES = {one: {"bodies": ["general_assembly"], "words": {"fr": f"la {one}", "en": f"the {one}"}}
               for one in ("ordinary", "statutes", "board")}  # fmt: skip


def body_book(**sections) -> Book:
    """A charter with one body, the general assembly, under the demonstration's rules; `sections` take their place."""
    shipped = importlib.resources.files("beffroi.federation").joinpath("demo_assembly.yaml").read_text("utf-8")
    rules = {**parse(shipped), "competences": COMPETENCES, **sections}
    things = {
        "body-1": {"name": {"fr": "Assemblée", "en": "Assembly"}, "type": "general_assembly", "since": "2020-01-01"},
        "statutes-1": {"name": "Statuts", "body": "body-1", "since": "2020-01-01", "rules": rules},
    }
    return Book({key: Thing(key.partition("-")[0], key, values, START, "test", START, "test", number)
                 for number, (key, values) in enumerate(things.items(), 1)})  # fmt: skip


def rule_of(name="ordinary", **sections) -> DecisionRule:
    """A rule of that assembly, as statutes in force give it."""
    return vote_rule(body_book(**sections), "body-1", name, f"{START:%Y-%m-%d}")


def enrolled(count: int, **more) -> list[Enrolled]:
    """Organisations O0, O1 … with one representative each (P0, P1 …); `more` maps a number to changed fields."""
    found = []
    for number in range(count):
        fields = {"weight": Fraction(1), "mandates": (Mandate(f"P{number}", "2026-01-01T00:00:00Z"),)}
        fields |= more.get(f"O{number}", {})
        found.append(Enrolled(f"Firm {number}", Elector(f"O{number}", **fields)))
    return found


def terms(rule="ordinary", *, is_secret=False, channels=("remote",), opens=START, hours=HOURS, visibility="public"):
    return opening.Terms(rule_of(rule), opens, opens + timedelta(hours=hours), is_secret, tuple(channels), visibility)


class Room:
    """A room with two drafters, accounts 1 and 2."""

    def __init__(self, home: Path, title="Réseau de fibre") -> None:
        self.home, self.ticks = home, itertools.count(1)
        self.id = drafting.create(title, account=1, by="account 1", at=self.tick())
        drafting.seat(self.id, 2, by="account 1", at=self.tick())

    def tick(self) -> datetime:
        return START - timedelta(days=1) + timedelta(seconds=next(self.ticks))

    def look(self, at=None):
        return drafting.look(self.id, clock=at or self.tick())

    def save(self, content="Nous posons la fibre.", at=None):
        at = at or self.tick()
        return drafting.save(self.id, content, base=self.look(at).label, by="account 1", at=at)

    def hand_in(self, at=None):
        at = at or self.tick()
        return drafting.hand_in(self.id, base=self.look(at).label, by="account 2", at=at)

    def open(self, roll, given=None, *, at=None, **more) -> BallotVote:
        """Save, hand in and put to the vote whatever is not yet."""
        if not self.look().latest:
            self.save()
        if self.look().state == "drafting":
            self.hand_in()
        office = opening.Office("account 9", at or self.tick(), self.home)
        return opening.open_draft(self.id, given or terms(), roll, office=office, **more)


def at(minutes: float = 1) -> casting.Clock:
    """A clock that stands so many minutes after the opening."""
    return lambda: START + timedelta(minutes=minutes)


def vote(row, number, choice, *, minutes=1, by=None, channel="remote", **more):
    actor = casting.Actor(f"O{number}", by or f"P{number}", channel)
    return casting.cast(row.pk, actor, choice, clock=at(minutes), **more)


def token(row, number, home, *, minutes=1):
    """Draw a token as the voter's program does, have it signed, and take the factor off."""
    roll = {one.organisation: one for one in closing.electors(row)}
    given = closing.vote_from(row, tuple(roll.values()))
    class_id = given.class_of(roll[f"O{number}"])
    key = keys_of(row)[class_id]
    numbers = itertools.count(number * 1000)
    hidden = voter.hide(row.pk, class_id, key, random_bytes=lambda size: _bytes(next(numbers), size))
    actor = casting.Actor(f"O{number}", f"P{number}")
    signed = casting.sign_token(row.pk, actor, hidden.blinded, home=home, clock=at(minutes))
    return hidden, voter.uncover(hidden, signed, key)


def drop(row, held, choice, *, minutes=2, **more):
    return urn.put_in(row.pk, voter.slip(*held, choice), clock=at(minutes), **more)


def end(row, home, *, minutes=60 * HOURS + 1):
    """Settle the vote and return its box, checked by both programs."""
    late = at(minutes)()
    looked = closing.result_of(vote_row(row.pk), at=late)
    settled = closing.settle(row.pk, by="account 9", at=late, home=home)
    assert (looked.outcome, looked.sha256) == (settled.outcome, settled.sha256)
    box = closing.box_of(vote_row(row.pk), at=late)
    assert box["sha256"] == settled.sha256
    content = exported(box)
    assert verify_box(content, published=settled.sha256) == ()
    return box


def run_script(content: bytes, folder: Path) -> subprocess.CompletedProcess:
    (folder / "box.json").write_bytes(content)
    return subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), "box.json"], cwd=folder, capture_output=True, text=True, check=False
    )


def _bytes(seed: int, size: int) -> bytes:
    import random  # noqa: PLC0415 -- chance that a test can repeat

    return random.Random(seed).randbytes(size)


def said(record) -> str:
    return json.dumps(record, sort_keys=True, default=str)
