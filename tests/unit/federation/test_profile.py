"""The profile of two lists: what is hidden cannot be worked out, and nothing is dropped."""

from __future__ import annotations

import itertools
import random
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from beffroi.federation.profile import AFTER, SEVERAL, TOGETHER, profile_of
from beffroi.federation.size_class import CLASSES, size_class


def member(lists, size, trade, place, *, stays=True):
    return SimpleNamespace(
        lists=tuple(lists), size=size, trades=(trade,) if trade else (), trades_by="code" if trade else "",
        department=place, status="member" if stays else "lapsed",
    )  # fmt: skip


def members(seed, count):
    chance = random.Random(seed)  # noqa: S311 -- invented members
    return [
        member(chance.choices((("A",), ("B",), ("A", "B")), (5, 5, 1))[0],
               chance.choices(CLASSES, (8, 4, 1, 0, 2))[0], chance.choice(("games", "hosting", "repair", "")),
               chance.choices(("69", "38", "42", ""), (9, 4, 1, 1))[0], stays=chance.random() > 0.1)
        for _ in range(count)
    ]  # fmt: skip


def test_s27_1_size_classes_are_those_of_the_decree():
    assert [size_class(one) for one in ("0", "9", "10", "249", "250", "4999", "5000")] == [
        "micro", "micro", "sme", "sme", "mid_size", "mid_size", "large",
    ]  # fmt: skip
    assert size_class("5", "2000001") == "sme"
    assert size_class("100", "50000001") == "mid_size"
    assert size_class("100", "2000000000") == "large"


def test_s27_2_before_and_after_with_the_overlap_removed():
    found = profile_of(
        [member("A", "micro", "games", "69"), member("AB", "micro", "games", "69"),
         member("B", "sme", "", "38", stays=False)],
        is_public=False,
    )  # fmt: skip

    assert found.columns == ("list:A", "list:B", SEVERAL, TOGETHER, AFTER, "left")
    assert found.line("total", "total").counts == (2, 2, 1, 3, 2, 1)
    assert found.line("size", "micro").counts == (2, 1, 1, 2, 2, 0)
    assert found.line("territory", "38").counts == (0, 1, 0, 1, 0, 1)
    size = next(one for one in found.mixes if one.dimension == "size")
    assert (size.dissimilarity, size.first_code, size.second_code) == (0.5, "micro", "sme")


def test_two_organisations_are_too_few_to_show_anything():
    found = profile_of([member("A", "micro", "", "69"), member("B", "sme", "", "69")], is_public=True)

    assert {count for one in found.lines for count in one.counts} <= {None, 0}
    assert found.mixes == ()


def test_s27_4_unknown_is_a_class_and_never_dropped():
    found = profile_of(members(3, 200), is_public=False)

    for name in ("size", "trade", "territory"):
        lines = [one for one in found.lines if one.dimension == name]
        assert "unknown" in {one.code for one in lines}
        assert [sum(column) for column in zip(*(one.counts for one in lines), strict=True)] == list(
            found.line("total", "total").counts
        )


@pytest.mark.parametrize("seed", range(4))
def test_s27_3_no_hidden_cell_can_be_worked_out(seed):  # noqa: C901 -- an attacker of ours, written as one story
    """With whole numbers: he knows every shown cell, that classes add up, and how lists overlap."""
    people = members(seed, 120)
    public, full = (profile_of(people, is_public=one) for one in (True, False))
    assert public.hidden
    rows = [(one.dimension, one.code) for one in full.lines]
    # Unknown of each class: only A, only B and both, each of which stays or goes.
    unknowns = {(row, kind, end): n for n, (row, kind, end) in
                enumerate(itertools.product(rows, ("A", "B", "AB"), ("stay", "go")))}  # fmt: skip
    columns = {
        "list:A": (("A", "AB"), ("stay", "go")), "list:B": (("B", "AB"), ("stay", "go")),
        SEVERAL: (("AB",), ("stay", "go")), TOGETHER: (("A", "B", "AB"), ("stay", "go")),
        AFTER: (("A", "B", "AB"), ("stay",)), "left": (("A", "B", "AB"), ("go",)),
    }  # fmt: skip

    def cells(row, column):
        found = np.zeros(len(unknowns))
        for kind, end in itertools.product(*columns[column]):
            found[unknowns[row, kind, end]] = 1
        return found

    known, values = [], []
    for row, line in zip(rows, public.lines, strict=True):
        for column, count in zip(public.columns, line.counts, strict=True):
            if count is not None:
                assert not 0 < count < 3, (row, column)
                known.append(cells(row, column))
                values.append(count)
    for name in ("size", "trade", "territory"):
        for kind, end in itertools.product(("A", "B", "AB"), ("stay", "go")):
            sums = np.zeros(len(unknowns))
            for row in rows:
                if row[0] == name:
                    sums[unknowns[row, kind, end]] = 1
            sums[unknowns[("total", "total"), kind, end]] = -1
            known.append(sums)
            values.append(0)
    limits = LinearConstraint(np.array(known), values, values)

    def ends(wanted):
        found = [milp(sign * wanted, constraints=limits, bounds=Bounds(0, np.inf), integrality=np.ones(len(unknowns)))
                 for sign in (1, -1)]  # fmt: skip
        assert found[0].status == 0
        return round(found[0].fun), None if found[1].x is None else round(-found[1].fun)

    for row, line in zip(rows, full.lines, strict=True):
        for column, count in zip(full.columns, line.counts, strict=True):
            shown = public.line(*row).counts[public.columns.index(column)]
            if 0 < count < 3:
                assert shown is None
                low, high = ends(cells(row, column))
                assert low == 0, (row, column)
                assert high is None or high > count, (row, column)
        # What a subtraction of two shown columns gives is as secret as a cell.
        for first, second in itertools.permutations(range(len(columns)), 2):
            a, b = public.line(*row).counts[first], public.line(*row).counts[second]
            is_part = set(itertools.product(*columns[public.columns[second]])) < set(
                itertools.product(*columns[public.columns[first]])
            )
            if is_part and a is not None and b is not None:
                assert not 0 < a - b < 3, (row, public.columns[first], public.columns[second])
