"""What registers say: tasks for people, never a link by itself; and when each organisation was last verified."""

from __future__ import annotations

from datetime import date

import pytest

from beffroi.federation.errors import AlreadyDecidedError, UnknownEntryError
from beffroi.federation.freshness import freshness, stale
from beffroi.federation.judgement import close_task, verify
from beffroi.federation.read import count_members, portrait
from beffroi.federation.review import open_cases, queue
from beffroi.federation.undo import undo
from beffroi.federation.waterfall import CLOSED, LAPSED, SAME_ACROSS
from beffroi.records import models

COLUMNS = ("name", "siren", "postcode", "city", "state", "successor")
ONE = ("ALPHA", "732829320", "69001", "Lyon", "A", "")
TWO = ("BETA", "443061841", "42000", "Saint-Étienne", "A", "")


@pytest.fixture
def anchored(registry):
    registry.take(
        "A", [("Alpha", "732829320", "69001", ""), ("Beta", "443061841", "42000", ""), ("Gamma", "", "1", "")]
    )
    registry.take("Register", [ONE, TWO], columns=COLUMNS, kind="register", as_of=date(2026, 1, 1))
    return registry


def test_a_first_sight_of_a_register_verifies_and_opens_nothing(anchored):
    assert queue() == []
    assert [(one.name, one.on, one.against) for one in freshness()] == [
        ("Gamma", None, ""), ("ALPHA", date(2026, 1, 1), "Register"), ("BETA", date(2026, 1, 1), "Register"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        (("ALPHA", "732829320", "69001", "Lyon", "C", ""), "closed"),
        (("ALPHA", "732829320", "69130", "Écully", "A", ""), "moved"),
        (("OMEGA", "732829320", "69001", "Lyon", "A", ""), "renamed"),
        (("ALPHA", "732829320", "69001", "Lyon", "A", "443061841"), "absorbed"),
        (None, "vanished"),
    ],
)
def test_s20_5_a_change_opens_a_task_and_moves_no_link(anchored, after, kind):
    groups = {frozenset(one) for one in models.Placement.objects.values_list("record", "organisation")}
    rows = [TWO] if after is None else [after, TWO]
    report = anchored.take("Register", rows, columns=COLUMNS, kind="register", as_of=date(2026, 2, 1))

    assert report.tasks == 1
    [case] = queue()
    assert (case.kind, open_cases()) == (kind, 1)
    assert {frozenset(one) for one in models.Placement.objects.values_list("record", "organisation")} == groups


def test_a_task_ends_once(anchored):
    anchored.take("Register", [(*ONE[:4], "C", ""), TWO], columns=COLUMNS, kind="register", as_of=date(2026, 2, 1))
    task = int(queue()[0].id[1:])
    done = close_task(task, "membership ended", act=anchored.act(author="Sacha"), reason="Confirmed by telephone.")
    assert queue() == []
    with pytest.raises(AlreadyDecidedError, match="Sacha"):
        close_task(task, "noted", act=anchored.act(author="Lou"))
    with pytest.raises(UnknownEntryError, match="no task 99"):
        close_task(99, "noted", act=anchored.act())

    undo(done.event, act=anchored.act("undo"))
    assert open_cases() == 1


def test_what_nobody_verified_for_twelve_months_is_listed(anchored):
    day = date(2027, 1, 15)
    assert [one.name for one in stale(day)] == ["Gamma", "ALPHA", "BETA"]

    verify(anchored.home("A", "Gamma"), on=date(2026, 12, 1), against="telephone", act=anchored.act("verify"))
    anchored.take("Register", [TWO, ONE], columns=COLUMNS, kind="register", as_of=date(2026, 12, 2))

    assert stale(day) == []
    assert freshness()[0].against == "telephone"


def test_the_count_is_explained_from_rows_to_members(registry):
    columns = ("name", "siren", "postcode", "member_until")
    registry.take("A", [("Alpha", "732829320", "1", "2027-01-01"), ("Gone", "", "2", "2020-01-01")], columns=columns)
    registry.take("B", [("ALPHA", "732829320", "1", ""), ("Beta", "443061841", "3", "")], columns=columns)
    registry.take("Register", [(*TWO[:4], "C", ""), ONE], columns=COLUMNS, kind="register")

    found = count_members(date(2026, 6, 1))
    assert found.sentence == (
        "2 + 2 = 4 → − 1 same organisation in several lists → − 1 membership lapsed → − 1 closed in the register = 1"
    )
    steps = {one.name: one.records for one in found.removed}
    assert steps[SAME_ACROSS] == (registry.record("B", "ALPHA"),)
    assert steps[LAPSED] == (registry.record("A", "Gone"),)
    assert steps[CLOSED] == (registry.record("B", "Beta"),)
    assert found.members.records == (registry.record("A", "Alpha"),)
    assert count_members(date(2019, 1, 1)).members.count == 2


def test_a_page_says_where_each_value_comes_from(anchored):
    shown = portrait(anchored.home("A", "Alpha"))
    values = {one.field: one for one in shown.values}

    assert (values["name"].value, values["name"].rule) == ("ALPHA", "the register, for a legal fact")
    assert values["name"].origin == "Register, 2026-01-01, row 1"
    assert values["name"].others == (("Alpha", "A, 2026-01-01, row 1"),)
    assert shown.memberships == (("A", "2026-01-01", ""),)
    assert [one.source for one in shown.records] == ["A", "Register"]
