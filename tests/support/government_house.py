"""A federation of two territories with its statutes, for tests of government; `make` is what fixtures hand on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from beffroi.charter.entries import By
from beffroi.charter.faults import RefusedError
from beffroi.federation import government
from beffroi.federation.reach import Reach

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ALL = Reach(is_all=True)


def both(text):
    return {"fr": text, "en": text}


RULES = {
    "notice_days": {"default": 15, "extraordinary": 8},
    "competences": {
        "budget": {"bodies": ["regional_committee"], "words": {"fr": "budget", "en": "the budget"}},
        "local_action": {"bodies": ["territorial_committee"], "own_territory": True},
        "transfer": {"bodies": ["territorial_committee"], "own_territory": True},
    },
    "quorum": [{"share": "1/3"}],
    "majorities": {"default": [{"share": "1/2"}], "statutes": [{"share": "2/3", "strict": False}]},
    "channels": ["room"],
    "delegation": {"depth": 1, "per_person": 2},
    "secret_types": ["election"],
    "functions": {"president": {"most": 1, "transitions": [
        {"since": "2016-01-01", "until": "2016-12-31", "most": 2}]}},
}  # fmt: skip


class House:
    """A federation of two territories, and short words for what tests do."""

    def __init__(self):
        self.minutes = 0
        self.loire = self.new("territory", name=both("Loire"), departments=["42"], since="2006-01-01").id
        self.rhone = self.new("territory", name=both("Rhône"), departments=["69"], since="2006-01-01").id
        self.region = self.body("Région", "regional_committee", "")
        self.in_loire = self.body("Comité Loire", "territorial_committee", self.loire, self.region)
        self.in_rhone = self.body("Comité Rhône", "territorial_committee", self.rhone, self.region)
        self.statutes = self.new("statutes", name="Statuts", body=self.region, since="2006-01-01", rules=RULES).id

    def by(self, days=0):
        self.minutes += 1
        return By("account 3", NOW + timedelta(days=days, minutes=self.minutes))

    def new(self, kind, *, days=0, within=ALL, **values):
        return government.create(kind, values, by=self.by(days), reach=within)

    def set(self, thing, *, days=0, within=ALL, **values):
        return government.change(thing, values, by=self.by(days), reach=within)

    def body(self, name, type_, territory, parent="", since="2006-01-01", days=0):
        parents = [{"body": parent, "since": since}] if parent else []
        return self.new("body", days=days, name=both(name), type=type_, territory=territory, parents=parents,
                        since=since).id  # fmt: skip

    def sits(self, body, person, function="member", since="2006-01-01", **more):
        return self.new("mandate", body=body, person=person, function=function, since=since, **more).id

    def meeting(self, body, day, *, days=0, **more):
        given = {"name": "Réunion", "type": "ordinary", "begins": "18:30", "ends": "20:00", "place": "Mairie",
                 "agenda": [{"item": "Budget", "type": "budget"}], **more}  # fmt: skip
        return self.new("meeting", days=days, body=body, day=day, **given).id


def refused(action, *args, **kwargs):
    with pytest.raises(RefusedError) as error:
        action(*args, **kwargs)
    assert all(one.text.fr and one.text.en for one in error.value.faults)
    return " ".join(one.text.en for one in error.value.faults)
