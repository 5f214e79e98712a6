"""Schemes of trades as files: round trips, foreign files, faults, and two trades made one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.catalogue.trade_files import from_csv, from_turtle, to_csv, to_turtle
from beffroi.catalogue.trades import Concept, load_trades, merge_concepts, scheme, to_yaml, use_own_trades
from beffroi.vocabulary.errors import CatalogueError, UnknownDefinitionError
from beffroi.vocabulary.text import Text

BASE = "https://example.org/trades/"
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


@given(WORDS, WORDS, st.lists(WORDS.filter(lambda one: "|" not in one), max_size=3, unique=True))
def test_s06_6_csv_and_turtle_come_back_as_they_went_whatever_the_words(fr, en, also):
    given_ = scheme("s", Text(fr, en), "2.1", [
        Concept("a", Text(fr, en), tuple(also), "", "", {("exact", "naf"): ("62.01Z",), ("close", "nace"): ("62.10",)}),
        Concept("b", Text(en, fr), (), "a"), Concept("c", Text("c", "c"), (), "", "a"),
    ])  # fmt: skip

    assert from_turtle(to_turtle(given_, base=BASE)) == given_
    assert from_csv(to_csv(given_), scheme_id="s", name=given_.name, version="2.1") == given_


def test_s06_1_labels_in_two_languages_broader_terms_and_codes_of_naf_and_nace():
    held = load_trades()

    assert all(one.label.fr and one.label.en for one in held.concepts.values())
    assert held.ancestors("video_games") == ("software_publishing",)
    assert held.concepts["video_games"].matches == {("exact", "naf"): ("58.21Z",), ("exact", "nace"): ("58.21",)}


def test_turtle_of_somebody_else_is_read():
    found = from_turtle('''
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        @prefix ex: <http://ex.org/m#> .   # a comment; with marks.
        ex:scheme a skos:ConceptScheme ; skos:prefLabel "Métiers"@fr .
        ex:dev a skos:Concept ; skos:prefLabel """Dév "web\\""""@fr, "Web \\u0064ev"@en ;
            skos:altLabel "front-end"^^<http://www.w3.org/2001/XMLSchema#string> ; skos:exactMatch <urn:naf:62.01Z> ;
            skos:topConceptOf ex:scheme .
        ex:ops a skos:Concept; skos:broader ex:dev; skos:prefLabel "Exploitation" .
    ''')

    assert (found.id, found.name.fr, found.version) == ("scheme", "Métiers", "1")
    assert found.concepts["dev"].label == Text('Dév "web"', "Web dev")
    assert found.concepts["dev"].also == ("front-end",)
    assert found.concepts["ops"].broader == "dev"
    assert found.concepts["ops"].label.en == "Exploitation"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<a> <b> [ ] .", "no Turtle that is read here"), ("ex:a a ex:b .", "prefix 'ex:'"),
        ("", "0 concept schemes"),
    ],
)  # fmt: skip
def test_what_is_no_scheme_is_refused_with_its_place(text, fault):
    with pytest.raises(CatalogueError, match=fault):
        from_turtle(text)


def test_s06_5_a_merged_trade_keeps_its_id_its_words_and_its_codes():
    before = load_trades()

    done = merge_concepts(before, "it_services", "consulting", version="2027.1")

    assert done.resolve("it_services").id == "consulting"
    assert done.version == "2027.1"
    assert done.concepts["programming"].broader == "consulting"
    assert done.concepts["consulting"].broader == ""
    assert "62.09Z" in done.concepts["consulting"].matches["close", "naf"]
    assert "ssii" in done.concepts["consulting"].also
    with pytest.raises(CatalogueError, match="name two trades"):
        merge_concepts(before, "games", "video_games", version="2027.1")
    with pytest.raises(CatalogueError, match="a version other than"):
        merge_concepts(before, "repair", "wholesale", version=before.version)
    with pytest.raises(UnknownDefinitionError):
        merge_concepts(before, "nothing", "wholesale", version="3")


def test_s06_4_a_house_s_own_scheme_stands_before_ours_and_says_its_version(tmp_path):
    own = tmp_path / "trades"
    own.mkdir()
    done = merge_concepts(load_trades(), "repair", "wholesale", version="2026.2-house")
    (own / "digital.yaml").write_text(to_yaml(done), "utf-8")
    try:
        use_own_trades(own)
        assert load_trades() == done
    finally:
        use_own_trades(tmp_path / "none")
    assert load_trades().version == "2026.1"
