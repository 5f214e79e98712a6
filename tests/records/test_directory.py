"""The directory, lineage, precision and the commands that read, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beffroi.federation import directory, lineage, precision, reconcile
from beffroi.federation.directory_entries import entries
from beffroi.federation.freshness import freshness
from beffroi.federation.history import decisions, ties
from beffroi.federation.judgement import decide, merge, override
from beffroi.federation.profile import profile
from beffroi.federation.propose import Proposed
from beffroi.federation.read import count_members
from beffroi.federation.territories_of_action import set_territories
from beffroi.federation.undo import undo
from beffroi.records import models

DAY = date(2026, 6, 1)
COLUMNS = ("name", "siren", "postcode", "city", "naf", "employees", "member_until", "consent_directory")
AMONT = [
    ("Éditions du Lac", "732829320", "74000", "Annecy", "58.29C", "12", "", "oui"),
    ("Numélink", "", "42000", "Saint-Étienne", "94.99Z", "", "2026-01-31", "oui"),
    ("Pixel Jeux", "", "69003", "LYON CEDEX 03", "58.21Z", "4", "", "non"),
]
AVAL = [
    ("Éditions du Lac", "732829320", "74000", "Annecy", "58.29C", "300", "", "oui"),
    ("Ajaccio Web", "", "20090", "Ajaccio", "62.01Z", "7", "", "oui"),
]


@pytest.fixture
def held(registry):
    registry.take("Amont", AMONT, columns=COLUMNS)
    registry.take("Aval", AVAL, columns=COLUMNS)
    return registry


def names(*, sees_all=True, **query):
    return [one.name for one in directory.search(directory.Query(**query), day=DAY, sees_all=sees_all).entries]


def test_both_databases_answer_alike(held):
    assert names() == ["Ajaccio Web", "Éditions du Lac", "Numélink", "Pixel Jeux"]
    assert names(words="editions lac") == names(words="ÉDITOINS lac") == ["Éditions du Lac"]
    assert names(words="732829320") == ["Éditions du Lac"]
    assert names(territory="2A") == ["Ajaccio Web"]
    assert names(territory="69123") == names(territory="200046977") == ["Pixel Jeux"]
    assert names(trade="software_publishing") == ["Pixel Jeux"]
    assert names(status="lapsed") == ["Numélink"]
    assert names(membership="several") == ["Éditions du Lac"]
    assert names(size="unknown") == ["Numélink"]
    assert names(sort="-name")[0] == "Pixel Jeux"
    assert names(sort="size")[-1] == "Numélink"
    assert names(sees_all=False) == ["Ajaccio Web", "Éditions du Lac", "Numélink"]
    assert names(sees_all=False, size="unknown") == names(sees_all=False)
    assert [len(directory.cut([1, 2, 3], page, 2)[2]) for page in (1, 2, 3, -1)] == [2, 1, 1, 2]


def test_what_was_read_holds_until_somebody_writes_and_is_new_thereafter(held):
    first = entries(DAY)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert entries(DAY) is first
    assert len(asked) == 1
    assert entries(date(2026, 1, 1)) != first  # nobody has lapsed yet

    address = held.home("Aval", "Ajaccio Web")
    done = override(address, "city", "Bastia", act=held.act("override"))

    changed = {one.id: one for one in entries(DAY)}
    assert changed[address].city == "Bastia"
    undo(done.event, act=held.act("undo"))
    assert entries(DAY) == first


def test_the_number_of_questions_to_the_database_does_not_hang_on_the_number_of_rows(held):
    def asked():
        with CaptureQueriesContext(connection) as found:
            directory.search(directory.Query("lac"), day=DAY, sees_all=True)
        return len(found)

    entries(date(2020, 1, 1))
    few = asked()
    held.take(
        "Tiers", [(f"Firme {n}", "", f"69{n:03}", "Lyon", "", "", "", "oui") for n in range(300)], columns=COLUMNS
    )
    assert asked() == few <= 9


def test_a_search_finds_what_a_plain_look_at_every_word_finds(held):
    """The sorted words against the definition: each word begins, or nearly is, a word of the organisation."""
    parts = product(("Nova", "Novo", "Lumi"), ("tec", "teck", "ciel"), ("Conseil", "Cloud", "SARL"))
    rows = [(f"{a}{b} {c}", "", "69001", "Lyon", "", "", "", "oui") for a, b, c in parts]
    held.take("Tiers", rows, columns=COLUMNS)

    def near(word, other):
        slips = 2 if len(word) >= 8 else 1 if len(word) >= 4 else 0
        heads = {other[: len(word) + slips], other[: len(word)]}
        return other.startswith(word) or (slips and min(directory.slips_between(word, one) for one in heads) <= slips)

    for asked in ("novatec", "novatce", "lumiciel clodu", "conseil novo", "novateckk", "lum", "sral", "xx", "lyon"):
        wanted = {one.name for one in entries(DAY) if one.lists
                  and all(any(near(word, other) for other in one.all_words) for word in asked.split())}  # fmt: skip
        assert set(names(words=asked)) == wanted, asked


def test_s22_3_a_register_s_successor_makes_the_old_name_lead_on(held):
    columns = (*COLUMNS[:4], "successor")
    held.take("Registre", [("VIEUX PIXEL", "552100554", "69003", "Lyon", "732829320"),
                           ("EDITIONS DU LAC", "732829320", "74000", "Annecy", "")], columns=columns,
              kind="register", as_of=date(2026, 3, 1))  # fmt: skip
    heir, former = held.home("Registre", "EDITIONS DU LAC"), held.home("Registre", "VIEUX PIXEL")

    assert [(one.heir, one.former, one.since, one.source) for one in lineage.steps()] == [
        (heir, former, "2026-03-01", "Registre")
    ]
    assert "EDITIONS DU LAC" in names(words="vieux pixel")
    assert "VIEUX PIXEL" in names(words="vieux pixel", status="any")
    left, right = held.record("Aval", "Ajaccio Web"), held.record("Amont", "Pixel Jeux")
    decide(max(left, right), min(left, right), "related", relation="successor_of", act=held.act())
    by_person = next(one for one in lineage.steps() if one.source == "person")
    first = models.Placement.objects.get(record=max(left, right)).organisation_id
    assert by_person.heir == first  # as the person said it, whichever record is older
    assert {one.heir for one in lineage.steps_of(former)} == {heir}
    assert freshness(heir)[0].against == "Registre"


def test_precision_counts_by_band_and_an_undo_takes_it_back(registry):
    rows = [(f"Firme {n}", "", "69001", "") for n in range(8)]
    registry.take("A", rows)

    def linked(fresh, standing):
        held = {one.fields["name"]: one.reference for one in (*fresh, *standing) if one.reference[0] == "A"}
        for one in fresh:
            value = "same" if int(one.fields["name"].split()[1]) < 6 else "unsure"
            yield Proposed(held[one.fields["name"]], one.reference, value, "same name 'x' (+9.0 bits)", probability=0.9,
                           bits=9.0)  # fmt: skip

    registry.take("B", rows, propose=linked)
    drawn = precision.sample(6)
    assert len(drawn) == 6
    assert sorted(one.id for one in drawn) == sorted(one.id for one in precision.sample(6, seed="x"))

    for case, value in zip(drawn, ("same", "same", "different"), strict=False):
        left, right = map(int, case.id.split("-"))
        done = decide(left, right, value, act=registry.act(precision.CHECK))
    other = precision.sample(1)[0]
    decide(*map(int, other.id.split("-")), "different", act=registry.act("decide"))
    doubtful = models.Judgement.objects.filter(value="unsure").first()
    decide(doubtful.left_id, doubtful.right_id, "same", act=registry.act("decide"))

    found = {one.name: (one.links, one.decided, one.same) for one in precision.bands()}
    assert found == {"automatic_sampled": (6, 3, 2), "automatic_looked_at": (6, 1, 0), "reviewed": (2, 1, 1)}
    low, high = precision.bands()[0].low, precision.bands()[0].high
    assert 0.2 < low < 2 / 3 < high < 0.95
    undo(done.event, act=registry.act("undo"))
    assert (precision.bands()[0].decided, precision.bands()[0].same) == (2, 2)
    assert precision.sampled(*map(int, drawn[2].id.split("-"))) is not None
    assert precision.sampled(*map(int, drawn[0].id.split("-"))) is None


def test_history_keeps_what_was_taken_back(held):
    first, second = held.home("Amont", "Numélink"), held.home("Amont", "Pixel Jeux")
    done = merge(first, second, act=held.act("merge"), reason="One house.")
    kept = next(iter(done.after))
    assert [one.value for one in ties(kept)] == ["same"]
    assert decisions(kept)[0].reason == "One house."
    assert len(decisions(kept)[0].names) == 2

    undo(done.event, act=held.act("undo"))

    assert ties(kept) == []
    assert [(one.kind, one.is_undone) for one in decisions(kept)] == [("undo", False), ("merge", True)]
    assert len(decisions(second)) == 2


def test_profile_and_count_agree_and_years_are_said(held):
    found = profile(DAY, is_public=False)

    assert found.lists == ("Amont", "Aval")
    assert found.line("total", "total").counts == (3, 2, 1, 4, count_members(DAY).members.count, 1)
    assert found.years == (2026,)
    assert found.line("territory", "2A").counts[1] == 1


def test_candidates_are_those_that_may_be_shown(held):
    asked = reconcile.Asked("Pixel Jeux", {"commune": "Lyon"})

    assert reconcile.find(asked, day=DAY, sees_all=True)[0].entity.name == "Pixel Jeux"
    assert "Pixel Jeux" not in {one.entity.name for one in reconcile.find(asked, day=DAY, sees_all=False)}
    exact = reconcile.find(reconcile.Asked("732 829 320"), day=DAY, sees_all=False)
    assert [(one.entity.name, one.score, one.is_match) for one in exact] == [("Éditions du Lac", 100.0, True)]
    set_territories(exact[0].entity.id, ["73"], act=held.act("territories"))
    assert names(acts_in="73") == ["Éditions du Lac"]
    assert names(acts_in="74") == ["Éditions du Lac"]
