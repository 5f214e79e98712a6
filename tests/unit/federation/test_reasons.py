"""Every form in which linkage gives a reason is read back into pieces."""

from __future__ import annotations

import inspect
import re

import pytest

from beffroi.federation.reasons import read_reason, shown_bits
from beffroi.linkage import judge, link, reason, weigh
from beffroi.linkage.link import link_lists
from beffroi.linkage.record import Record, tidy

LISTS = (
    Record("a", 1, name="Minalogic", city="Grenoble", postcode="38000", website="minalogic.com", phone="0476000000"),
    Record("b", 1, name="MINALOGIK", city="Meylan", postcode="38240", website="www.minalogic.com"),
    Record("b", 2, name="Minalogic; Partenaires", city="Paris", postcode="75001", website="autre.fr"),
    Record("a", 2, name="Edit", city="Lyon", postcode="69001", siren="732829320"),
    Record("b", 3, name="Edit Lyon", city="Lyon", postcode="69001", siren="552100554"),
    Record("a", 3, name="HEC", city="Jouy", website="hec.edu"),
    Record("b", 4, name="Incubateur HEC", city="Jouy", website="hec.edu", address="8, rue de la Paix"),
)


def test_what_linkage_says_of_two_lists_is_understood_to_the_last_word():
    found = link_lists([tidy(one) for one in LISTS])

    assert len(found) >= 2
    for one in found:
        pieces = read_reason(one.reason)
        assert all(piece.kind for piece in pieces), one.reason
        weighed = [round(each.bits, 1) for each in one.evidence][: len([p for p in pieces if p.bits is not None])]
        assert [p.bits for p in pieces if p.bits is not None] == weighed


def test_each_form_that_stands_in_linkage_is_understood():
    said = [
        re.sub(r"\{[^}]*\}", "x", text)
        for text in re.findall(r'f?"((?:[^"\\]|\\.)*)"', inspect.getsource(reason._words).partition("return")[2])
        if " " in text
    ]
    assert len(said) >= 13
    points = re.findall(r'"(as [^"]+)"', inspect.getsource(reason._by_points))
    assert len(points) == 4
    said += [f"points {apart} apart, {so}" for so in points for apart in ("55 m", "204 km")]
    more = [
        "same SIREN 732829320", "one of them has no name", "two legal units, SIREN 1 / 2", "one web site, two names",
        "'incubateur' names a part or a sister of it", "one web site, each with words of its own",
        "another row fits better", "the name may be another's (chance 0.25)", "SIREN 1 is not that of the unit",
        "no other candidate", "the next candidate has 0.010, none of them 0.200",
    ]  # fmt: skip
    for one in more:
        words = [each for each in re.split(r"[\d'.]+|SIREN|incubateur|\)", one) if len(each.strip()) > 3]
        source = inspect.getsource(judge) + inspect.getsource(link) + inspect.getsource(weigh)
        assert all(each.strip(" /") in source for each in words), one  # the list above is that of the code
    for text in (*said, *more, "names share no word, not 'a / b'", "names share 'a b', written c/d", "names share 'a'"):
        assert read_reason(text)[0].kind, text
        assert read_reason(f"{text} (−2.3 bits)")[0].bits == -2.3


def test_words_of_a_person_stay_as_they_are():
    assert [(one.kind, one.text) for one in read_reason("Same site; same director (sure)")] == [
        ("", "Same site; same director (sure)")
    ]
    assert read_reason("") == ()


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "; the name may be another's (chance 0.25)",
        "; another row fits better",
        "; no other candidate; another row fits better",
    ],
)
def test_several_pieces_keep_their_order_and_their_sum(tail):
    found = read_reason(f"same name 'A; B' (+9.1 bits); département 75 / 92 (−2.3 bits){tail}")

    assert [one.kind for one in found][:2] == ["same_name", "other_department"]
    assert found[0].facts == ("A; B",)
    assert found[1].facts == ("75", "92")
    assert shown_bits(found) == 6.8
    assert len(found) == 2 + tail.count(";")
