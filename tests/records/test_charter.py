"""The charter: entries written whole or not at all, never changed, and summed up as of any day."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from beffroi.charter import entries
from beffroi.charter.book import Entry, sum_up
from beffroi.charter.entries import By
from beffroi.charter.faults import ConflictError, Fault, RefusedError, UnknownThingError
from beffroi.charter.field import Field
from beffroi.charter.holds import Both, Day, Line, Links, Number, Rows
from beffroi.charter.shape import Kind
from beffroi.records.charter import CharterEntry
from beffroi.vocabulary.text import Text

WORD = Text("mot", "word")
START = datetime(2026, 11, 22, 8, tzinfo=UTC)


def no_bad_name(change):
    if change.after.get("name") == "bad":
        yield Fault("name", Text("Non.", "No."))


OAK = Kind(
    "oak", WORD, WORD,
    (
        Field("name", Line(20), WORD, is_required=True),
        Field("said", Both(), WORD), Field("height_m", Number(0), WORD),
        Field("planted", Day(), WORD), Field("beside", Links(("oak",)), WORD),
        Field("branches", Rows((Field("girth", Number(0), WORD, is_required=True),)), WORD),
    ),
    rules=(no_bad_name,),
)  # fmt: skip


def by(minutes=0, author="account 3"):
    return By(author, START + timedelta(minutes=minutes))


def test_a_thing_is_the_sum_of_its_entries_on_any_day(registry):
    one = entries.create(OAK, {"name": "A", "height_m": "3"}, by=by())
    entries.change(OAK, one.id, {"height_m": "4.5"}, by=by(10), reason="measured")
    entries.change(OAK, one.id, {"height_m": ""}, by=by(20))
    assert [entries.book(START + timedelta(minutes=m)).thing("oak-1").get("height_m") for m in (0, 10, 19, 20)] == [
        "3", "4.5", "4.5", None,
    ]  # fmt: skip
    assert [(e.act, e.change, e.reason) for e in entries.history("oak-1")][1] == (
        "changed",
        {"height_m": "4.5"},
        "measured",
    )
    assert entries.book().thing("oak-1").by == "account 3"
    assert entries.broken() == []


def test_every_reason_of_a_refusal_is_told_and_nothing_written(registry):
    with pytest.raises(RefusedError) as refused:
        entries.create(OAK, {"said": {"fr": "x"}, "height_m": "-1", "leaf": 1}, by=by())
    assert [one.field for one in refused.value.faults] == ["leaf", "name", "said", "height_m"]
    with pytest.raises(RefusedError, match="No"):
        entries.create(OAK, {"name": "bad"}, by=by())
    with pytest.raises(RefusedError, match="no oak-9"):
        entries.create(OAK, {"name": "A", "beside": ["oak-9"]}, by=by())
    with pytest.raises(RefusedError, match=r"row 2: word: '-1' was given|row 2"):
        entries.create(OAK, {"name": "A", "branches": [{"girth": "1"}, {"girth": "-1"}]}, by=by())
    assert len(entries.book()) == 0


def test_two_editors_do_not_overwrite_each_other(registry):
    one = entries.create(OAK, {"name": "A"}, by=by())
    entries.change(OAK, one.id, {"name": "B"}, by=by(1), expected=one.entry)
    with pytest.raises(ConflictError, match="account 3 changed oak-1"):
        entries.change(OAK, one.id, {"name": "C"}, by=by(2, "account 4"), expected=one.entry)
    assert entries.book().thing("oak-1").get("name") == "B"


def test_what_is_equal_is_not_entered(registry):
    one = entries.create(OAK, {"name": "A", "branches": ({"girth": "1"},)}, by=by())
    assert entries.change(OAK, one.id, {"name": "A", "branches": ({"girth": "1"},), "planted": ""}, by=by(1)) == one
    assert len(entries.history("oak-1")) == 1


def test_what_is_archived_leaves_the_lists_and_keeps_its_history(registry):
    one = entries.create(OAK, {"name": "A"}, by=by())
    two = entries.create(OAK, {"name": "B", "beside": [one.id]}, by=by())
    assert entries.book().linking(one.id) == (two,)
    entries.archive(OAK, two.id, by=by(1), reason="felled")
    book = entries.book()
    assert (book.of("oak"), book.linking(one.id)) == ((one,), ())
    assert [x.id for x in book.of("oak", archived=True)] == ["oak-1", "oak-2"]
    entries.restore(OAK, two.id, by=by(2))
    assert len(entries.book().of("oak")) == 2
    assert entries.create(OAK, {"name": "C"}, by=by(3)).id == "oak-3"
    with pytest.raises(UnknownThingError, match="oak-9"):
        entries.archive(OAK, "oak-9", by=by(4))


def test_time_does_not_run_back(registry):
    entries.create(OAK, {"name": "A"}, by=by(60))
    assert entries.create(OAK, {"name": "B"}, by=by(58)).at == START + timedelta(minutes=60)
    with pytest.raises(RefusedError, match="before the last entry"):
        entries.create(OAK, {"name": "C"}, by=by(0))


def test_the_database_refuses_a_change_and_the_log_shows_one_made_all_the_same(registry):
    entries.create(OAK, {"name": "A"}, by=by())
    entries.create(OAK, {"name": "B"}, by=by(1))
    with pytest.raises(DatabaseError), transaction.atomic():
        CharterEntry.objects.filter(pk=1).update(change={"name": "Z"})
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE records_charterentry DISABLE TRIGGER ALL")
        else:
            cursor.execute("DROP TRIGGER records_charterentry_no_update")
            cursor.execute("DROP TRIGGER records_charterentry_no_delete")
    CharterEntry.objects.filter(pk=1).update(change={"name": "Z"})
    assert (1, "the entry was changed") in entries.broken()
    CharterEntry.objects.filter(pk=2).delete()
    assert entries.broken()[-1][1] == "entries at the end are missing"


def test_writers_take_turns(registry):
    faults = []

    def plant(who):
        try:
            for _ in range(5):
                entries.create(OAK, {"name": who}, by=By(who, datetime.now(UTC)))
        except Exception as error:  # noqa: BLE001 -- told below
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=plant, args=(f"account {n}",)) for n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []
    assert [x.id for x in entries.book().of("oak")] == [f"oak-{n}" for n in range(1, 21)]
    assert entries.broken() == []


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.dictionaries(st.sampled_from("abc"), st.none() | st.integers())), max_size=12
    )
)
def test_the_book_equals_values_replayed_one_by_one(steps):
    log = [Entry(n, START, "x", "oak", f"oak-{thing}", "changed", change) for n, (thing, change) in enumerate(steps, 1)]
    slow: dict[str, dict[str, object]] = {}
    for entry in log:
        values = slow.setdefault(entry.thing, {})
        for name, value in entry.change.items():
            values.pop(name, None) if value is None else values.__setitem__(name, value)
    assert {one.id: dict(one.values) for one in sum_up(log)} == slow
