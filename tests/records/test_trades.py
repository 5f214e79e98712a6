from __future__ import annotations

import csv

import pytest

from beffroi.catalogue.trade_files import to_csv, to_turtle
from beffroi.catalogue.trades import Concept, load_trades, scheme
from beffroi.federation.freshness import freshness
from beffroi.federation.taxonomy import count_trades, decide_trade, suggest
from beffroi.records import models
from beffroi.vocabulary.errors import CatalogueError, UnknownDefinitionError
from beffroi.vocabulary.text import Text


def test_a_trade_is_accepted_or_refused_and_one_is_the_main_one(registry):
    registry.take("A", [("Alpha", "", "1", ""), ("Beta", "", "2", "")])
    address = registry.home("A", "Alpha")

    def say(concept, **more):
        return decide_trade(address, "digital", concept, act=registry.act("trade"), **{"is_accepted": True, **more})

    say("games", is_main=True, evidence="NAF 58.21Z is this trade.")
    say("consulting")
    say("hosting", is_accepted=False)
    held = {one["concept"]: one["is_main"] for one in models.Organisation.objects.get(pk=address).trades}
    assert held == {"video_games": True, "consulting": False}

    say("consulting", is_main=True)
    held = {one["concept"]: one["is_main"] for one in models.Organisation.objects.get(pk=address).trades}
    assert held == {"video_games": False, "consulting": True}
    assert count_trades("digital") == (
        "2026.1",
        {"consulting": 1, "it_services": 1, "software_publishing": 1, "unknown": 1, "video_games": 1},
    )
    with pytest.raises(UnknownDefinitionError, match="Trade 'x' is not in scheme"):
        say("x")
    assert [one.on for one in freshness()] == [None, None]


def test_a_suggestion_says_its_evidence():
    found = suggest({"naf": "62.02A", "description": "Éditeur SaaS"}, load_trades())

    assert [(one.concept, one.is_exact) for one in found][:2] == [("consulting", True), ("it_services", False)]
    assert found[-1].evidence == "The row says: saas, éditeur."
    assert suggest({"name": "Boulangerie"}, load_trades()) == []


def test_codes_of_the_scheme_exist(shared):
    held = {"naf": set(), "nace": set()}
    for name, code in (("naf_rev2_fr.csv", "naf"), ("nace_rev2_1_en.csv", "nace")):
        with (shared / "data" / "nomenclatures" / name).open(encoding="utf-8") as page:
            held[code] = {row[0] for row in csv.reader(page)}

    for concept in load_trades().concepts.values():
        for (_, code), values in concept.matches.items():
            assert set(values) <= held[code], concept.id


def test_turtle_names_labels_broader_terms_and_codes():
    page = to_turtle(load_trades(), base="https://example.org/trades/")

    assert "<https://example.org/trades/digital/programming> a skos:Concept ;" in page
    assert "skos:broader <https://example.org/trades/digital/it_services>" in page
    assert "skos:exactMatch <urn:naf:62.01Z>" in page
    assert "dct:isReplacedBy <https://example.org/trades/digital/video_games>" in page
    assert to_csv(load_trades()).startswith("id,label_fr,label_en,also,broader,replaced_by,exact_naf")


@pytest.mark.parametrize(
    ("concepts", "fault"),
    [
        ([("a", "", ""), ("a", "", "")], "'a' is written 2 times"), ([("a", "b", "")], "'a' names 'b'"),
        ([("a", "b", ""), ("b", "a", "")], "'a' leads back to itself"), ([("a", "", "a")], "'a' leads back to itself"),
    ],
)  # fmt: skip
def test_a_scheme_that_does_not_hold_together_is_refused(concepts, fault):
    made = [Concept(one, Text(one, one), broader=broader, replaced_by=by) for one, broader, by in concepts]

    with pytest.raises(CatalogueError, match=fault):
        scheme("x", Text("x", "x"), "1", made)
