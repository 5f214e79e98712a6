"""Decisions, and taking them back: exact, only what is touched, and never twice."""

from __future__ import annotations

import random
from datetime import date

import pytest

from beffroi.federation import derive, log
from beffroi.federation.errors import AlreadyDecidedError, LaterDecisionsError, TwoLegalUnitsError, UnknownEntryError
from beffroi.federation.judgement import decide, merge, override, split, verify
from beffroi.federation.propose import Proposed
from beffroi.federation.read import portrait, resolve
from beffroi.federation.review import queue
from beffroi.federation.undo import undo
from beffroi.records import models
from beffroi.vocabulary.errors import BeffroiError, UsageError

A = [("Alpha SAS", "732829320", "69001", "alpha.fr"), ("Beta", "", "69002", "beta.fr"), ("Gamma", "", "42000", "")]
B = [("Alfa", "443061841", "69001", "alfa.fr"), ("Bêta", "", "69002", "beta.com"), ("Delta", "", "38000", "")]


@pytest.fixture
def lists(registry):
    registry.take("A", A)
    registry.take("B", B)
    return registry


def test_a_join_keeps_the_older_address_and_both_rows(lists):
    old, young = lists.home("A", "Beta"), lists.home("B", "Bêta")
    done = merge(young, old, act=lists.act("merge"), reason="Same street, same director.")

    assert done.after == {old: (lists.record("A", "Beta"), lists.record("B", "Bêta"))}
    assert resolve(young) == old
    shown = {one.field: one for one in portrait(young).values}
    assert (shown["website"].value, shown["website"].origin) == ("beta.com", "B, 2026-01-01, row 2")
    assert shown["website"].others == (("beta.fr", "A, 2026-01-01, row 2"),)


def test_s19_3_undoing_a_join_leaves_identical_tables(lists):
    before = lists.readings()
    done = merge(
        lists.home("A", "Beta"),
        lists.home("B", "Bêta"),
        act=lists.act("merge"),
        keep={"website": lists.home("B", "Bêta")},
    )
    joined = lists.readings()
    taken_back = undo(done.event, act=lists.act("undo"))

    assert joined != before
    assert lists.readings() == before
    assert undo(taken_back.event, act=lists.act("undo")).undone == taken_back.event
    assert lists.readings() == joined
    assert log.broken() == []


def test_a_value_kept_in_a_join_is_shown(lists):
    left, right = lists.home("A", "Beta"), lists.home("B", "Bêta")
    merge(left, right, act=lists.act("merge"), keep={"website": right})

    shown = {one.field: (one.value, one.rule) for one in portrait(left).values}
    assert shown["website"] == ("beta.com", "a person's correction")


def test_two_legal_units_are_never_one_organisation(lists):
    before = lists.readings()
    with pytest.raises(TwoLegalUnitsError, match="two legal units"):
        merge(lists.home("A", "Alpha SAS"), lists.home("B", "Alfa"), act=lists.act("merge"))
    with pytest.raises(TwoLegalUnitsError):
        decide(lists.record("A", "Alpha SAS"), lists.record("B", "Alfa"), "same", act=lists.act())

    assert lists.readings() == before
    assert models.Event.objects.count() == 2


def test_related_is_a_judgement_of_its_own(lists):
    left, right = lists.record("A", "Alpha SAS"), lists.record("B", "Alfa")
    decide(left, right, "related", relation="part_of", act=lists.act(), reason="Same group.")

    [relation] = portrait(lists.home("A", "Alpha SAS")).relations
    assert (relation.kind, relation.organisation) == ("part_of", lists.home("B", "Alfa"))
    with pytest.raises(UsageError, match="Say how they are related"):
        decide(left, right, "related", act=lists.act())
    with pytest.raises(UsageError, match="the same as itself"):
        decide(left, left, "same", act=lists.act())


def test_never_join_again_holds_against_later_models(lists):
    decide(lists.record("A", "Beta"), lists.record("B", "Bêta"), "different", act=lists.act())

    def insist(fresh, standing):
        for one in standing:
            if one.reference[0] == "A":
                yield from (Proposed(one.reference, other.reference, "same", "Same name.", bits=20.0)
                            for other in standing if other.fields["name"] == "Bêta")  # fmt: skip

    lists.take("C", [("New", "", "1", "")], propose=insist)

    assert lists.home("A", "Beta") != lists.home("B", "Bêta")


def test_a_split_leaves_the_address_to_the_legal_unit(registry):
    registry.take("A", [("Old name", "", "69001", "")])
    address = registry.home("A", "Old name")
    registry.take("B", [("Alpha", "732829320", "69001", "")])
    joining = merge(address, registry.home("B", "Alpha"), act=registry.act("merge"))
    assert registry.home("B", "Alpha") == address
    undo(joining.event, act=registry.act("undo"))
    registry.take("C", [("ALPHA", "732829320", "69001", "")])
    decide(registry.record("A", "Old name"), registry.record("C", "ALPHA"), "same", act=registry.act())
    joined = registry.readings()
    assert registry.home("B", "Alpha") == address

    done = split(address, [registry.record("B", "Alpha"), registry.record("C", "ALPHA")], act=registry.act("split"))

    assert registry.home("B", "Alpha") == address
    assert registry.home("A", "Old name") != address
    undo(done.event, act=registry.act("undo"))
    assert registry.readings() == joined


def test_a_split_needs_some_but_not_all_records(lists):
    address = lists.home("A", "Beta")
    with pytest.raises(UsageError, match="some, not all"):
        split(address, [lists.record("A", "Beta")], act=lists.act("split"))
    with pytest.raises(UnknownEntryError, match="not of"):
        split(address, [lists.record("B", "Bêta")], act=lists.act("split"))


def test_rows_that_share_a_number_can_be_separated(registry):
    registry.take(
        "A", [("Site 1", "732829320", "1", ""), ("Site 2", "732829320", "2", ""), ("Site 3", "732829320", "3", "")]
    )
    address = registry.home("A", "Site 1")
    split(address, [registry.record("A", "Site 2")], act=registry.act("split"))

    assert registry.groups() == {frozenset({("A", "Site 1"), ("A", "Site 3")}), frozenset({("A", "Site 2")})}
    assert registry.home("A", "Site 1") == address
    assert models.Organisation.objects.get(pk=registry.home("A", "Site 2")).legal_unit == ""


def test_a_case_is_decided_once(lists):
    left, right = lists.record("A", "Beta"), lists.record("B", "Bêta")
    first = decide(left, right, "same", act=lists.act(author="Sacha"))
    with pytest.raises(AlreadyDecidedError, match=rf"Sacha has decided .* same \(event {first.event}"):
        decide(right, left, "different", act=lists.act(author="Lou"))

    undo(first.event, act=lists.act("undo"))
    decide(left, right, "different", act=lists.act(author="Lou"))
    with pytest.raises(AlreadyDecidedError, match="undone it already"):
        undo(first.event, act=lists.act("undo"))
    with pytest.raises(UnknownEntryError, match="no event 99"):
        undo(99, act=lists.act("undo"))


def test_undo_lists_the_later_decisions_and_waits_for_a_word(lists):
    joined = merge(lists.home("A", "Beta"), lists.home("B", "Bêta"), act=lists.act("merge"))
    later = override(lists.home("A", "Beta"), "website", "beta.eu", act=lists.act("override"))
    elsewhere = override(lists.home("A", "Gamma"), "website", "gamma.eu", act=lists.act("override"))
    with pytest.raises(LaterDecisionsError, match=rf"event {later.event} \(override by Camille\)\. They would stay"):
        undo(joined.event, act=lists.act("undo"))

    shown = undo(joined.event, act=lists.act("undo"), dry_run=True)
    assert [one.event for one in shown.later] == [later.event]
    assert elsewhere.event not in [one.event for one in shown.later]
    assert models.Event.objects.count() == elsewhere.event
    undo(joined.event, act=lists.act("undo"), keep_later=True)
    assert lists.home("A", "Beta") != lists.home("B", "Bêta")


def test_an_undo_computes_only_the_group_it_touches(lists):
    done = merge(lists.home("A", "Beta"), lists.home("B", "Bêta"), act=lists.act("merge"))

    assert undo(done.event, act=lists.act("undo")).records == {lists.record("A", "Beta"), lists.record("B", "Bêta")}


def test_an_import_can_be_taken_back_and_made_again(registry):
    registry.take("A", A)
    before = registry.readings()
    second = registry.take("B", B)
    with_both = registry.readings()
    undo(second.event, act=registry.act("undo"))
    assert registry.readings() == before

    assert registry.take("B", B).new == 0
    assert len(registry.groups()) == len(with_both["Organisation"])
    newer = registry.take("B", B[:1], as_of=date(2026, 5, 1))
    with pytest.raises(UsageError, match=rf"newer version \(event {newer.event}\)"):
        undo(second.event + 2, act=registry.act("undo"), keep_later=True)


def test_a_dry_run_shows_the_consequences_and_writes_nothing(lists):
    before = lists.readings()
    shown = merge(lists.home("A", "Beta"), lists.home("B", "Bêta"), act=lists.act("merge"), dry_run=True)

    assert (len(shown.before), len(shown.after), shown.event) == (2, 1, None)
    assert lists.readings() == before
    assert models.Event.objects.count() == 2


def test_a_refused_model_link_waits_in_the_queue(registry):
    registry.take("A", [("Beta", "", "1", ""), ("Beta Lyon", "", "2", "")])

    def both(fresh, standing):
        for other in standing:
            yield Proposed(fresh[0].reference, other.reference, "same", "Same name.", probability=0.9,
                           bits=8.0 + len(other.fields["name"]))  # fmt: skip

    registry.take("B", [("Beta", "", "1", "")], propose=both)
    [case] = queue()

    assert case.kind == "two_rows_of_one_list"
    assert {side.fields["name"] for side in case.sides} == {"Beta"}
    assert registry.home("B", "Beta") == registry.home("A", "Beta Lyon")


@pytest.mark.parametrize("seed", range(3))
def test_any_sequence_of_decisions_can_be_walked_back_step_by_step(registry, seed):
    chance = random.Random(seed)
    names = [f"N{one}" for one in range(8)]
    for source in "AB":
        registry.take(
            source, [(one, chance.choice(("", "732829320", "443061841")), "1", f"{source}.fr") for one in names]
        )
    states = [registry.readings()]
    events = []
    for _ in range(10):
        try:
            events.append(random_act(registry, chance))
        except BeffroiError:
            continue
        states.append(registry.readings())
        units = [one.legal_unit for one in models.Organisation.objects.exclude(legal_unit="")]
        anchors = models.Placement.objects.filter(record__source__kind="unit")
        assert len(units) == len(set(units)) == len(set(anchors.values_list("organisation", flat=True)))
    kept = registry.readings()
    derive.rebuild()
    assert registry.readings() == kept
    assert log.broken() == []
    for event in reversed(events):
        assert registry.readings() == states.pop()
        undo(event, act=registry.act("undo"), keep_later=True)
    assert registry.readings() == states.pop()
    assert len(events) > 3


def random_act(registry, chance) -> int:
    addresses = sorted(models.Organisation.objects.values_list("id", flat=True))
    one, other = chance.sample(addresses, 2)
    rows = sorted(
        models.Placement.objects.filter(organisation=one, version__isnull=False).values_list("record", flat=True)
    )
    kind = chance.choice(("merge", "merge", "split", "decide", "override", "verify"))
    if kind == "merge":
        done = merge(one, other, act=registry.act(kind))
    elif kind == "split":
        done = split(one, rows[: chance.randint(1, len(rows))], act=registry.act(kind))
    elif kind == "override":
        done = override(one, "website", f"{chance.random()}.fr", act=registry.act(kind))
    elif kind == "verify":
        done = verify(one, on=date(2026, 2, 1), against="telephone", act=registry.act(kind))
    else:
        pair = chance.sample(sorted(models.Placement.objects.values_list("record", flat=True)), 2)
        done = decide(*pair, chance.choice(("same", "different", "unsure")), act=registry.act(kind))
    return done.event
