"""A small strategy, entered step by step, and figures to hold it against."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from beffroi.charter import entries
from beffroi.charter.entries import By
from beffroi.strategy import write
from beffroi.strategy.facts import Facts
from beffroi.strategy.figures import NoFigures
from beffroi.vocabulary.figure import Figure
from beffroi.vocabulary.text import Text

HERE = Path(__file__).parent
START = datetime(2026, 11, 22, 8, tzinfo=UTC)


def pytest_collection_modifyitems(items):
    """Rules are the same on every engine, and `test_charter` shows that storage is: SQLite is enough here."""
    items[:] = [one for one in items if HERE not in one.path.parents or "postgresql" not in one.name]


class Shelf(NoFigures):
    """Editions in memory: edition → (indicator, region) → value."""

    def __init__(self, **held):
        self.held = {key.replace("e", "", 1).replace("_", "-"): value for key, value in held.items()}

    def editions(self):
        return tuple(sorted(self.held, reverse=True))

    def built_on(self, edition):
        return date(int(edition[:4]), 6, 1) if edition in self.held else None

    def edition_on(self, day):
        return next((one for one in self.editions() if self.built_on(one) <= day), "")

    def find(self, indicator, region, edition=""):
        chosen = edition or next(iter(self.editions()), "")
        value = self.held.get(chosen, {}).get((indicator, region))
        if value is None:
            return None
        said = Text(indicator, indicator)
        return Figure(indicator, region, Decimal(value), date(int(chosen[:4]) - 1, 12, 31), said, Text("%", "%"),
                      said, f"/edition/{chosen}/number/all/{region}/{indicator}/", chosen, fresh_months=24)  # fmt: skip


class Cluster:
    """Short words for what tests do; every act is a minute later than the one before."""

    def __init__(self):
        self.ticks = itertools.count()
        self.figures = Shelf(e2025_1={("jobs", "FRE"): "3.0"}, e2026_1={("jobs", "FRE"): "3.5", ("rank", "FRE"): "40"})
        self.votes = {}

    @property
    def book(self):
        return entries.book()

    def facts(self, **more):
        return Facts(**{"figures": self.figures, "votes": self.votes, **more})

    def by(self, author="account 3"):
        return By(author, START + timedelta(minutes=next(self.ticks)))

    def enter(self, kind, name="A", **values):
        if kind not in {"action", "project", "objective", "factor"}:
            values = {"name": both(name), **values}
        else:
            values = {"name": both(name), "state": "open" if kind == "factor" else "draft", **values}
        return write.create(kind, values, by=self.by(), facts=self.facts())

    def set(self, thing, reason="", author="account 3", act="changed", **values):
        return write.change(thing.id, values, by=self.by(author), facts=self.facts(), act=act, reason=reason)

    def vision(self, *, is_approved=True):
        one = self.enter(
            "vision", "V", statement=both("We want."), horizon=2036,
            claims=[{"name": both("jobs"), "indicator": "jobs", "region": "FRE", "target": "5", "due": 2036}],
            stages=[{"name": both("first"), "due": 2028}],
        )  # fmt: skip
        return self.approve(one) if is_approved else one

    def approve(self, vision, decision=""):
        if not decision:
            decision = self.enter("resolution", body="Assembly", day="2026-11-20", outcome="approved", document="m1").id
        return write.approve(vision.id, decision, by=self.by(), facts=self.facts())

    def programme(self):
        return self.enter("programme", vision=self.vision().id)

    def objective(self, programme):
        return self.enter("objective", vision=programme.text("vision"))

    def result(self, objective, **values):
        whole = {"indicator": "jobs", "region": "FRE", "baseline": "3", "baseline_on": "2025-01-01", "target": "5",
                 "due": "2031-01-01", "source": "edition 2025-1"}  # fmt: skip
        return self.enter("result", objective=objective.id, **{**whole, **values})

    def action(self, programme, name="A", **values):
        return self.enter("action", name, programme=programme.id, **values)

    def published(self, programme=None, name="A", **values):
        programme = programme or self.programme()
        objective = self.objective(programme)
        tied = {"objectives": [objective.id], "assets": [self.enter("asset", source="seen").id]}
        one = self.action(programme, name, **{**tied, **values})
        write.review(one.id, "ours", "It needs our dunes.", by=self.by("account 4"))
        return self.set(one, state="published")


def both(text):
    return {"fr": f"{text} fr", "en": text}


@pytest.fixture
def cluster(registry):
    return Cluster()


@pytest.fixture
def said():
    return both
