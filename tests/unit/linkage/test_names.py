"""Names are read so that what the law and the typist add makes no difference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.linkage.fold import fold
from beffroi.linkage.legal_forms import conflict, split_legal_form
from beffroi.linkage.names import acronyms, read_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("S.A.S. Numelink", "NUMÉLINK"),
        ("EURL Dupont", "Dupont E.U.R.L."),
        ("Société par actions simplifiée Anévia", "ANEVIA SASU"),
        ("Volkswagen Bank G.m.b.H.", "Volkswagen Bank GmbH"),
        ("FABERLIC EUROPE Sp. z o.o.", "Faberlic Europe"),
        ("JSC Tactical Missiles Corporation", "Tactical Missiles Corporation Joynt Stock Company"),
        ("J.P. Morgan & Co.", "JP Morgan and Co."),
        ("ООО «Бай»", "OOO Bai"),
        ("Brigade Forty-four", "Brigade 44"),
        ("Fund VIII L.P.", "Fund 8"),
        ("Ste Geneviève", "Sainte-Genevieve"),
        ("Cœur de Réseau", "COEUR DE RESEAU"),
    ],
)
def test_two_writings_of_a_name_are_read_alike(one, other):
    assert read_name(one).tokens == read_name(other).tokens


@pytest.mark.parametrize(("one", "other"), [("Atos", "Altos"), ("Fund VIII", "Fund IX"), ("Bank of Spain", "Bank")])
def test_two_names_stay_two(one, other):
    assert read_name(one).squashed != read_name(other).squashed


def test_a_name_that_is_a_legal_form_keeps_it():
    assert read_name("SA").tokens == ("sa",)
    assert read_name("Limited").tokens == ("limited",)


def test_forms_conflict_only_when_both_are_named():
    assert conflict(frozenset({"stock"}), frozenset({"limited"}))
    assert not conflict(frozenset({"stock"}), frozenset())
    assert not conflict(frozenset({"company"}), frozenset({"stock"}))


def test_forms_are_taken_off_both_ends():
    assert split_legal_form(("sas", "groupe", "alpha", "sa")) == (
        ("groupe", "alpha"),
        frozenset({"simplified", "stock"}),
    )


def test_an_acronym_in_brackets_is_another_name():
    assert acronyms("Institut national de recherche (INRIA)") == ("inria",)
    assert acronyms("Deutsche Bank (Schweiz) AG") == ()


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_any_text_can_be_read_and_case_says_nothing(text):
    name = read_name(text)

    assert bool(name.tokens) == bool(fold(text))
    assert all(word == word.lower() for word in name.tokens)
