from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beffroi.survey.disclosure import Rule
from beffroi.survey.disclosure_linked import attack_linked, protect_linked
from beffroi.vocabulary.errors import MethodError

RULE = Rule(least_units=3, width=1.0)


def two_tables(rows):
    """Cells of two tables that share a column of totals: each row is a, b with a + b = t, and c, d with c + d = t."""
    counts, relations = [], []
    for a, b, c in rows:
        at = len(counts)
        total = a + b
        kept = min(c, total)
        counts += [total, a, b, kept, total - kept]
        relations += [{at: -1.0, at + 1: 1.0, at + 2: 1.0}, {at: -1.0, at + 3: 1.0, at + 4: 1.0}]
    sums = [sum(counts[place::5]) for place in range(5)]
    at = len(counts)
    relations += [{at + k: -1.0, **{5 * row + k: 1.0 for row in range(len(rows))}} for k in range(5)]
    return counts + sums, relations


@settings(max_examples=12)
@given(st.lists(st.tuples(*[st.integers(0, 9)] * 3), min_size=2, max_size=3))
def test_no_secret_of_two_tables_that_share_totals_can_be_worked_out(rows):
    counts, relations = two_tables(rows)
    try:
        shown = protect_linked(counts, relations, offered=[True] * len(counts), rule=RULE)
    except MethodError:
        return  # everything is so small that nothing can be hidden behind anything: said, not shown

    for cell, count in enumerate(counts):
        assert not (shown[cell] and 0 < count < 3)
        if 0 < count < 3:
            low, high = attack_linked(counts, relations, shown, cell)
            assert low <= 1e-6
            assert high >= 2 * count - 1e-6


def test_a_cell_that_is_never_shown_is_as_secret_as_one_that_is():
    counts, relations = [10, 9, 1], [{0: -1, 1: 1, 2: 1}]

    shown = protect_linked(counts, relations, offered=[True, True, False], rule=RULE)

    assert not shown.all()
    assert shown[:2].sum() <= 1


def test_a_relation_that_does_not_hold_is_refused():
    with pytest.raises(MethodError, match="does not hold"):
        protect_linked([5, 2, 2], [{0: -1, 1: 1, 2: 1}], offered=np.ones(3, bool))
