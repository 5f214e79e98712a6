"""S05, S07 and S45: cooperation from recorded ties, position notes that cite, and a year in review."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from beffroi.charter import entries
from beffroi.charter.entries import By
from beffroi.charter.faults import RefusedError
from beffroi.charter.field import Field
from beffroi.charter.holds import Day, Line, Outside, Rows
from beffroi.charter.shape import Kind
from beffroi.strategy.cooperation import DISCRETION, TIE, for_the_public, measures, ties
from beffroi.strategy.position import CONTACT, NOTE
from beffroi.strategy.stage import STAGE
from beffroi.strategy.year_review import count_by_fate, review
from beffroi.vocabulary.text import Text
from beffroi.web.charter_words import Reader

START = datetime(2025, 1, 1, 8, tzinfo=UTC)
WORD = Text("mot", "word")
# Only what a tie reads of a project; the whole kind has its own tests.
PROJECT = Kind("project", WORD, WORD, (
    Field("name", Line(), WORD), Field("starts", Day(), WORD),
    Field("partners", Rows((Field("organisation", Outside("organisation"), WORD),)), WORD),
))  # fmt: skip
TERRITORY_OF = {"o1": "Lyon", "o2": "Grenoble", "o3": "Lyon", "o4": ""}


def by(days=0, author="account 3"):
    return By(author, START + timedelta(days=days))


def tie(*organisations, on="2025-03-01", how="meeting", days=400):
    given = {"how": how, "organisations": list(organisations), "on": on, "evidence": "minutes 12"}
    return entries.create(TIE, given, by=by(days))


@pytest.fixture
def tied(registry):
    tie("o1", "o2")
    tie("o2", "o1", "o3", on="2025-05-01", how="grouping")
    tie("o1", "o3", on="2024-05-01", how="co_signature")
    given = {"name": "P", "starts": "2025-09-01", "partners": [{"organisation": "o3"}, {"organisation": "o9"}]}
    entries.create(PROJECT, given, by=by(400))
    entries.create(PROJECT, {"name": "Q", "partners": [{"organisation": "o1"}, {"organisation": "o4"}]}, by=by(400))
    return registry


def test_s05_1_ties_come_from_what_is_recorded_each_with_its_day(tied):
    found = ties(entries.book())
    assert [(one.left, one.right, one.how, one.on.isoformat(), one.thing) for one in found] == [
        ("o1", "o3", "co_signature", "2024-05-01", "tie-3"), ("o1", "o2", "meeting", "2025-03-01", "tie-1"),
        ("o1", "o2", "grouping", "2025-05-01", "tie-2"), ("o1", "o3", "grouping", "2025-05-01", "tie-2"),
        ("o2", "o3", "grouping", "2025-05-01", "tie-2"), ("o3", "o9", "project", "2025-09-01", "project-1"),
    ]  # fmt: skip
    with pytest.raises(RefusedError, match="two organisations at least"):
        tie("o1")
    with pytest.raises(RefusedError, match="has not come yet"):
        tie("o1", "o2", on="2099-01-01")


def test_s05_2_measures_of_a_year_by_their_definitions(tied):
    before, now = measures(ties(entries.book()), TERRITORY_OF, [2024, 2025])
    assert (before.ties, before.across, before.isolated) == (1, 0.0, ("o2", "o4"))
    assert (now.members, now.ties, now.ties_per_member, now.isolated) == (4, 3, 1.5, ("o4",))
    assert now.across == pytest.approx(2 / 3)  # o1-o2 and o2-o3 of three; the pair with o9 is no pair of members
    [empty] = measures([], {}, [2025])
    assert (empty.ties_per_member, empty.across) == (None, None)


def test_s05_3_a_member_hides_its_own_ties_from_the_public(tied):
    entries.create(DISCRETION, {"organisation": "o2", "hides_ties": True}, by=by(401))
    shown, hidden = for_the_public(ties(entries.book()), entries.book())
    assert hidden == 3
    assert "o2" not in {name for one in shown for name in (one.left, one.right)}
    assert measures(ties(entries.book()), TERRITORY_OF, [2025])[0].ties == 3


CITED = {
    "says": {"fr": "Part", "en": "Share"}, "value": "4.2 %", "year": "2024", "source": "Eurostat",
    "permalink": "/fr/edition/e1/number/a/FRK/x/",
}  # fmt: skip
A_NOTE = {
    "name": {"fr": "Peser", "en": "Weigh"}, "on": "2025-06-01", "for_whom": "politicians",
    "position": {"fr": "Nous pesons.", "en": "We weigh."}, "figures": [CITED], "state": "published",
}  # fmt: skip


def test_s07_3_a_note_cites_figures_by_their_permalink(registry):
    entries.create(NOTE, A_NOTE, by=by())
    with pytest.raises(RefusedError, match="not that of an edition"):
        entries.create(NOTE, {**A_NOTE, "figures": [{**CITED, "permalink": "/fr/regions/"}]}, by=by())
    with pytest.raises(RefusedError, match="cites one figure"):
        entries.create(NOTE, {**A_NOTE, "figures": []}, by=by())


def test_s07_4_a_contact_is_for_officers_and_says_why_it_names_a_person(registry):
    given = {"institution": "Région", "person": "X, vice-présidente", "on": "2025-02-03", "subject": "Fibre"}
    one = entries.create(CONTACT, given, by=by())
    public = Reader("fr", entries.book())
    assert public.facts(CONTACT, one) == []
    assert "vice-présidente" not in public.history(CONTACT, entries.history(one.id))
    assert CONTACT.field("person").personal.retention_days == 1825


TOP = {
    "name": {"fr": "Premier", "en": "First"}, "track": "rank", "place": 1, "metric": "rank", "region": "FRK",
    "population": "france", "threshold": "1", "better": "low", "by": "2036-01-01", "status": "open",
}  # fmt: skip


def test_s45_3_a_year_in_review_says_what_was_kept_changed_dropped_and_why(registry):
    for place in range(1, 5):
        entries.create(STAGE, {**TOP, "place": place}, by=by())
    entries.archive(STAGE, "stage-4", by=by(10), reason="gone before")
    start = entries.book(START + timedelta(days=365))
    entries.change(STAGE, "stage-2", {"threshold": "5"}, by=by(400), reason="too easy")
    entries.change(STAGE, "stage-2", {"threshold": "3"}, by=by(410), reason="too hard")
    entries.archive(STAGE, "stage-3", by=by(420), reason="no rivals known")
    entries.create(STAGE, {**TOP, "place": 5}, by=by(430), reason="asked by the members")
    end = entries.book(START + timedelta(days=730))
    entries.change(STAGE, "stage-1", {"threshold": "9"}, by=by(800), reason="a year later")
    found = review(start, end, entries.history, ["stage"])
    assert [(one.thing.id, one.fate, one.reason) for one in found] == [
        ("stage-1", "kept", ""), ("stage-2", "changed", "too easy; too hard"),
        ("stage-3", "dropped", "no rivals known"), ("stage-5", "added", "asked by the members"),
    ]  # fmt: skip
    assert [(one.field, one.before, one.after) for one in found[1].steps] == [
        ("threshold", "1", "5"), ("threshold", "5", "3"),
    ]  # fmt: skip
    assert count_by_fate(found) == {"kept": 1, "changed": 1, "dropped": 1, "added": 1}


def test_s45_1_and_2_what_we_believed_on_a_day_is_never_overwritten(registry):
    entries.create(STAGE, TOP, by=by())
    for year in range(1, 11):
        entries.change(STAGE, "stage-1", {"threshold": str(year + 1)}, by=by(365 * year), reason=f"year {year}")
    believed = [entries.book(START + timedelta(days=365 * year + 1)).thing("stage-1").text("threshold")
                for year in range(11)]  # fmt: skip
    assert believed == [str(year + 1) for year in range(11)]
    assert [one.change["threshold"] for one in entries.history("stage-1")] == believed
    assert date(2025, 1, 1) == entries.history("stage-1")[0].at.date()
