"""Figures are checked once, and the check says what is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from beffroi.specialisation import from_columns, to_columns
from beffroi.specialisation.activity import ActivityTable
from beffroi.specialisation.amounts import alike, amounts, divided, known
from beffroi.vocabulary.errors import MethodError


@pytest.mark.parametrize(
    ("given", "said"),
    [([], "shape"), ([[1.0]], "shape"), ([-1.0], "below zero"), ([np.inf], "endless")],
)
def test_figures_that_cannot_be_amounts_are_refused(given, said):
    with pytest.raises(MethodError, match=said):
        amounts(given, "jobs")


def test_a_missing_figure_is_no_fault_of_its_own():
    assert np.isnan(amounts([np.nan, 1], "jobs")[0])
    with pytest.raises(MethodError, match="1 figures of the table are missing"):
        known(amounts([np.nan, 1], "jobs"))


def test_dividing_by_nothing_is_unknown_and_not_endless():
    assert np.isnan(divided(1.0, 0.0))
    with pytest.raises(MethodError, match="same order"):
        alike(np.ones(2), np.ones(3), "jobs")


def test_a_table_is_made_from_columns_in_any_order_and_back():
    table = from_columns(["S", "N", "N", "X"], ["47", "62", "47", "47"], [4, 3, 5, 0])

    assert (table.regions, table.activities) == (("N", "S"), ("47", "62"))  # X has nothing: it has no shares
    assert table.values.tolist() == [[5, 3], [4, 0]]
    again = to_columns(table, table.values)
    assert list(zip(again["region"], again["activity"], again["value"], strict=True))[2] == ("S", "47", 4.0)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ((["N"], ["47", "62"], [1, 2]), "as many of each"),
        ((["N", "S"], ["47", "62"], [1, np.nan]), "'S' and activity '62'"),
        ((["N", "N"], ["47", "47"], [1, 2]), "in two rows"),
        ((["N"], ["47"], [0]), "Every figure is 0"),
    ],
)
def test_columns_that_make_no_table_are_refused(columns, said):
    with pytest.raises(MethodError, match=said):
        from_columns(*columns)


def test_a_table_names_every_row_and_column():
    with pytest.raises(MethodError, match="one figure for each pair"):
        ActivityTable(("N",), ("47", "62"), np.ones((2, 1)))
