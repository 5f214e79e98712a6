"""Numbers as readers write them."""

# ruff: noqa: E501 -- sentences and rows of data stay whole, to be read and searched for

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.web import words

LANGUAGES = st.sampled_from(["fr", "en"])


@given(st.floats(-1e9, 1e9), st.integers(0, 4), LANGUAGES)
def test_a_number_reads_back(value, decimals, language):
    text = words.number(value, decimals, language)

    plain = text.replace(words.MINUS, "-").replace(words.NARROW, "")
    plain = plain.replace(",", ".") if language == "fr" else plain.replace(",", "")
    assert float(plain) == pytest.approx(round(value, decimals), abs=10**-decimals)
    assert "-" not in text


@given(st.integers(1, 5000))
def test_ordinals_end_as_each_language_wants(rank):
    assert re.fullmatch(r"[\d\u202f]+(re|e)", words.ordinal(rank, "fr"))
    assert re.fullmatch(r"[\d,]+(st|nd|rd|th)", words.ordinal(rank, "en"))
    assert words.ordinal(rank, "fr").endswith("re") == (rank == 1)


@pytest.mark.parametrize(
    ("rank", "text"),
    [(1, "1st"), (2, "2nd"), (11, "11th"), (12, "12th"), (21, "21st"), (111, "111th"), (103, "103rd")],
)
def test_english_ordinals(rank, text):
    assert words.ordinal(rank, "en") == text


@given(st.floats(0, 1), LANGUAGES)
def test_a_chance_in_words_stays_close_to_its_share(p, language):
    text = words.chance(p, language).replace(words.JOINED, " ").replace(words.NARROW, "").replace(",", "")
    text = (
        text.replace("une chance", "1 chance").replace("1 chance", "1 chances")
        if language == "fr"
        else text.replace("1 chance ", "1 chances ")
    )
    match = re.search(r"(\d+) chances (?:sur|in) (\d+)", text)
    assert match
    count, base = int(match[1]), int(match[2])
    assert 0 < count < base
    assert abs(count / base - p) <= 0.5 / base + 0.001


@pytest.mark.parametrize(
    ("p", "french"),
    [(0.0, "moins d’une chance sur 1\u202f000"), (0.04, "4 chances sur 100"), (0.1, "une chance sur 10"), (0.333, "3 chances sur 10"),
     (0.9, "9 chances sur 10"), (0.97, "97 chances sur 100"), (0.004, "4 chances sur 1\u202f000"), (1.0, "plus de 999 chances sur 1\u202f000")],
)  # fmt: skip
def test_chances_in_french(p, french):
    assert words.chance(p, "fr").replace(words.JOINED, " ") == french


def test_a_chance_outside_its_bounds_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        words.chance(1.2, "fr")


def test_units_are_joined_without_a_break():
    assert words.measure(1234.5, "€/hab.", 0, "fr") == "1\u202f234\u00a0€/hab."
    assert words.measure(2.86, "% du PIB", 2, "fr") == "2,86\u202f%\u00a0du\u00a0PIB"
    assert words.measure(None, "%", 1, "fr") == "–"


def test_a_date_that_is_none_is_shown_as_given():
    assert words.day("soon", "fr") == "soon"


@given(st.floats(0, 1), LANGUAGES)
def test_a_share_of_scenarios_never_claims_certainty(p, language):
    text = words.share(p, language)

    assert not re.match(r"(0|100)[^\d]", text)
