"""The roll from a table, differences of texts, words: each by example and by property."""

from __future__ import annotations

from fractions import Fraction
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.assembly.exact import digest
from beffroi.assembly.faults import fault
from beffroi.assembly.vote import Mandate
from beffroi.strategy import approval_words
from beffroi.strategy.electorate import RollError, equal_weights, roll_record, roll_sha256, with_conflicts, with_table
from beffroi.strategy.text_diff import differences
from beffroi.strategy.vote_mail import BODIES, SUBJECTS, message

ROLL = equal_weights({"o1": "Un", "o2": "Deux"}, {"o1": [Mandate("account 1", "2026-01-01T00:00:00Z")]})
LINES = st.lists(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12), max_size=8)


def test_a_table_sets_weights_and_says_who_is_left_out():
    table = "organisation,weight,college,territory,aggregated,conflict\no2,3/2,firms,Lyon,oui,fournisseur\no1,,,,,\n"
    one, two = (each.elector for each in with_table(ROLL, table))

    assert (one.weight, one.mandates[0].person) == (Fraction(1), "account 1")
    assert (two.weight, two.college, two.territory, two.aggregated, two.conflict) == (
        Fraction(3, 2), "firms", "Lyon", True, "fournisseur",
    )  # fmt: skip
    assert with_table(ROLL, " ") == ROLL
    assert len(with_table(ROLL, "organisation;conflict\no1;x")) == 2
    assert [each.elector.organisation for each in with_table(ROLL, "organisation;weight\no2;1")] == ["o2"]
    assert with_conflicts(ROLL, {"o2": "x"})[0] == ROLL[0]


@pytest.mark.parametrize(
    ("table", "message_"),
    [
        ("name\no1", "Unknown columns: name"), ("weight\n1", "no column 'organisation'"),
        ("organisation\no9", "line 2: 'o9' is not on the list"), ("organisation\no1\no1", "line 3: 'o1' stands twice"),
        ("organisation;weight\no1;1.5e3", "line 2"), ("organisation;aggregated\no1;maybe", "neither yes nor no"),
    ],
)  # fmt: skip
def test_every_fault_of_a_table_is_named_with_its_line(table, message_):
    with pytest.raises(RollError, match=message_):
        with_table(ROLL, table)


def test_the_fingerprint_of_a_roll_is_that_of_the_box():
    electors = [one.elector for one in ROLL]
    assert roll_sha256(electors) == digest(roll_record(electors))
    assert roll_sha256(electors) != roll_sha256(electors[:1])


@given(LINES, LINES)
def test_a_difference_holds_both_texts_whole(before, after):
    lines = differences("\n".join(before), "\n".join(after))

    def side(kinds):
        return ["".join(p.text for p in line.pieces if p.kind in kinds) for line in lines
                if line.kind in {*kinds, "changed"}]  # fmt: skip

    assert side({"same", "removed"}) == "\n".join(before).splitlines()
    assert side({"same", "added"}) == "\n".join(after).splitlines()


def test_every_message_says_the_same_in_both_languages():
    for english, french in approval_words.MESSAGES.values():
        sides = [{name.removesuffix("_en").removesuffix("_fr") for _, name, _, _ in Formatter().parse(text) if name}
                 for text in (english, french)]  # fmt: skip
        assert sides[0] == sides[1]
    assert approval_words.say(fault("open_too_short", hours=2), approval_words.FRENCH).startswith("Les statuts")


def test_mail_is_in_the_reader_s_language_or_in_both_and_on_one_line_of_subject():
    names = ("title", "opens", "closes", "url", "sha256", "reason")
    words = {one: dict.fromkeys(names, f"A\nBcc: x {one}") for one in ("fr", "en")}
    for kind in SUBJECTS:
        assert "\n" not in message(kind, words, "")[0]
        assert message(kind, words, "en")[1] == BODIES[kind].en.format_map(words["en"])
        assert BODIES[kind].fr.format_map(words["fr"]) in message(kind, words, "")[1]
        assert BODIES[kind].en.format_map(words["en"]) in message(kind, words, "de")[1]
