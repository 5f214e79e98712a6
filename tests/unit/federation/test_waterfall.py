from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from beffroi.federation.waterfall import CLOSED, GONE, LAPSED, SAME_ACROSS, SAME_IN_LIST, Line, explain


@st.composite
def lines(draw):
    rows = draw(
        st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 5), st.booleans(), st.booleans()), max_size=14)
    )
    closed = draw(st.sets(st.integers(0, 5)))
    return [
        Line(number, f"k{number:02}", source, f"o{one}", is_gone, has_lapsed, one in closed)
        for number, (source, one, is_gone, has_lapsed) in enumerate(rows)
    ]


@given(lines())
def test_every_row_is_accounted_for_exactly_once(rows):
    found = explain(rows)
    parts = [*(one.records for one in found.removed), found.members.records]

    assert sorted(itertools.chain.from_iterable(parts)) == [one.record for one in rows]
    assert sum(one.count for one in found.lists) - sum(one.count for one in found.removed) == found.members.count


@given(lines(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, chance):
    assert explain(chance.sample(rows, len(rows))) == explain(rows)


@given(lines())
def test_the_end_counts_each_organisation_that_is_still_there_once(rows):
    alive = {one.organisation for one in rows if not (one.is_closed or one.is_gone or one.is_lapsed)}

    assert explain(rows).members.count == len(alive)


def test_the_sum_of_two_lists_is_explained():
    rows = [
        Line(1, "a", "A", "o1"), Line(2, "b", "A", "o1"), Line(3, "c", "A", "o2"),
        Line(4, "d", "A", "o3", is_gone=True),
        Line(5, "e", "B", "o2"), Line(6, "f", "B", "o4", is_lapsed=True), Line(7, "g", "B", "o5", is_closed=True),
    ]  # fmt: skip
    found = explain(rows)

    assert {one.name: one.records for one in found.removed} == {
        SAME_IN_LIST: (2,), SAME_ACROSS: (5,), GONE: (4,), LAPSED: (6,), CLOSED: (7,),
    }  # fmt: skip
    assert found.members.records == (1, 3)
    assert found.sentence.startswith("4 + 3 = 7 → − 1 same organisation in one list")
    assert found.sentence.endswith("= 2")


def test_an_organisation_that_left_one_list_and_stays_in_the_other_is_counted():
    found = explain([Line(1, "a", "A", "o", is_gone=True), Line(2, "b", "B", "o")])

    assert found.members.records == (2,)
    assert {one.name: one.count for one in found.removed}[SAME_ACROSS] == 1
