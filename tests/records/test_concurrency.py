"""Several people at once, each with a connection of their own: nothing lost, nothing decided twice."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from django.db import connection, connections

from beffroi.federation import derive, log
from beffroi.federation.errors import AlreadyDecidedError
from beffroi.federation.judgement import decide, merge
from beffroi.federation.undo import undo
from beffroi.records import models
from beffroi.vocabulary.errors import BusyError

A = [(f"Firm {one}", "", str(one), "") for one in range(12)]
B = [(f"Firma {one}", "", str(one), "") for one in range(12)]


@pytest.fixture
def lists(registry):
    registry.take("A", A)
    registry.take("B", B)
    return registry


def together(*jobs):
    """Run jobs at the same moment; return what each gave or raised."""
    gate = threading.Barrier(len(jobs))
    answers: list[object] = [None] * len(jobs)

    def run(place, job):
        gate.wait()
        try:
            answers[place] = job()
        except Exception as error:  # noqa: BLE001 -- the test looks at what came out
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(jobs)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answers


def consistent(registry):
    kept = registry.readings()
    derive.rebuild()
    assert registry.readings() == kept
    assert log.broken() == []


def test_two_reviewers_on_one_case_make_one_decision(lists):
    left, right = lists.record("A", "Firm 1"), lists.record("B", "Firma 1")
    answers = together(
        lambda: decide(left, right, "same", act=lists.act(author="Sacha")),
        lambda: decide(left, right, "different", act=lists.act(author="Lou")),
    )

    assert [type(one) for one in answers].count(AlreadyDecidedError) == 1
    assert models.Judgement.objects.filter(origin="person").count() == 1
    consistent(lists)


def test_reviewers_on_different_cases_lose_nothing(lists):
    pairs = [(lists.record("A", f"Firm {one}"), lists.record("B", f"Firma {one}")) for one in range(8)]
    answers = together(*(lambda pair=pair: decide(*pair, "same", act=lists.act()) for pair in pairs))

    assert sorted(one.event for one in answers) == list(range(3, 11))
    assert models.Organisation.objects.count() == 24 - 8
    consistent(lists)


def test_an_import_during_a_review_loses_neither(lists):
    left, right = lists.record("A", "Firm 1"), lists.record("B", "Firma 1")
    rows = [(f"Firme {one}", "732829320" if one == 1 else "", str(one), "") for one in range(300)]
    report, done, other = together(
        lambda: lists.take("C", rows),
        lambda: decide(left, right, "same", act=lists.act()),
        lambda: decide(left, lists.record("B", "Firma 2"), "different", act=lists.act()),
    )

    assert (report.new, {report.event, done.event, other.event}) == (300, {3, 4, 5})
    assert lists.home("A", "Firm 1") == lists.home("B", "Firma 1")
    consistent(lists)


def test_one_file_imported_twice_at_once_is_imported_once(registry):
    answers = together(lambda: registry.take("A", A), lambda: registry.take("A", A))

    assert sorted(str(one.event) for one in answers) == ["1", "None"]
    assert models.SourceRecord.objects.count() == 12
    consistent(registry)


def test_whoever_waits_too_long_is_told_so(lists):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL waits as long as it takes")
    connection.cursor().execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(BusyError, match="Try again in a minute"):
        decide(lists.record("A", "Firm 1"), lists.record("B", "Firma 1"), "same", act=lists.act())
    other.execute("ROLLBACK")
    other.close()

    assert decide(lists.record("A", "Firm 1"), lists.record("B", "Firma 1"), "same", act=lists.act()).event == 3


def test_an_event_is_undone_once(lists):
    done = merge(lists.home("A", "Firm 1"), lists.home("B", "Firma 1"), act=lists.act("merge"))
    answers = together(*(lambda: undo(done.event, act=lists.act("undo")) for _ in range(3)))

    assert [type(one) for one in answers].count(AlreadyDecidedError) == 2
    assert models.Organisation.objects.count() == 24
    consistent(lists)
