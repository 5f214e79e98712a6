"""Two tables are linked without a label, and a weight is what the counts say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from beffroi.linkage.fellegi_sunter import Comparison, block, levels, score
from beffroi.linkage.group import group
from beffroi.vocabulary.errors import MethodError

FIRST = ("anna", "bruno", "chloe", "denis", "elise", "farid", "gilles", "helene", "irene", "jules")
LAST = (
    "martin",
    "bernard",
    "petit",
    "durand",
    "leroy",
    "moreau",
    "simon",
    "laurent",
    "michel",
    "garcia",
    "roux",
    "blanc",
)


def people(seed=3, units=400):
    """Rows of made-up persons, half of them twice, the second time with faults."""
    rng = np.random.default_rng(seed)
    rows, truth = [], []
    for unit in range(units):
        row = [
            str(rng.choice(FIRST)),
            f"{rng.choice(LAST)} {rng.choice(LAST)}",
            str(rng.integers(1930, 2000)),
            f"{rng.integers(1, 96):02d}",
            f"{rng.integers(1, 300)} rue {rng.choice(LAST)}",
        ]
        rows.append(row)
        truth.append(unit)
        if rng.random() < 0.5:
            copy = list(row)
            place = int(rng.integers(0, 5))
            copy[place] = "" if rng.random() < 0.5 else copy[place][::-1]
            rows.append(copy)
            truth.append(unit)
    return {name: [row[n] for row in rows] for n, name in enumerate(("first", "last", "year", "dep", "street"))}, truth


RULES = (("first", "last"), ("last", "year"), ("first", "year"), ("year", "dep"))
COMPARISONS = (
    Comparison("first"), Comparison("last"), Comparison("year", (0.7,), "edits"), Comparison("dep", (0.5,), "edits"),
    Comparison("street"),
)  # fmt: skip


def test_it_finds_the_copies_without_a_label():
    columns, truth = people()
    pairs = block(columns, RULES)
    odds = score(columns, COMPARISONS, pairs)
    labels = group(
        len(truth), ((int(a), int(b), float(x)) for (a, b), x in zip(pairs, odds, strict=True)), missing=-1.0
    )
    said = {(i, j) for i in range(len(truth)) for j in range(i) if labels[i] == labels[j]}
    true = {(i, j) for i in range(len(truth)) for j in range(i) if truth[i] == truth[j]}

    assert len(said & true) > 0.95 * len(true)
    assert len(said & true) > 0.8 * len(said)


def test_the_same_seed_gives_the_same_odds():
    columns, _ = people()
    pairs = block(columns, RULES)
    one, other = (score(columns, COMPARISONS, pairs) for _ in range(2))

    assert (one == other).all()


def test_agreement_on_a_rare_value_says_more():
    columns, _ = people()
    columns["last"][0] = columns["last"][1] = "przybylski"
    columns["first"][0] = columns["first"][1] = "anna"
    common = next(
        (i, j)
        for i in range(2, len(columns["last"]))
        for j in range(2, i)
        if columns["last"][i] == columns["last"][j] and columns["first"][i] == columns["first"][j] == "anna"
    )
    for name in ("year", "dep", "street"):
        for row in (0, 1, *common):
            columns[name][row] = ""
    pairs = np.array([[0, 1], sorted(common), *block(columns, RULES).tolist()])
    odds = score(columns, COMPARISONS, pairs)
    counts = [columns["last"].count(columns["last"][one]) for one in (0, common[0])]

    assert odds[0] - odds[1] == pytest.approx(math.log(counts[1] / counts[0]))


def test_an_empty_cell_says_nothing_and_makes_no_pair():
    columns = {"a": ["x", "", "", "x"]}

    assert block(columns, [["a"]]).tolist() == [[0, 3]]
    assert levels(columns, Comparison("a"), np.array([[0, 1], [1, 2], [0, 3]])).tolist() == [-1, -1, 0]


def test_a_key_that_very_many_share_is_none():
    assert block({"a": ["x"] * 20}, [["a"]], largest=10).tolist() == []


def test_without_a_pair_there_is_nothing_to_learn():
    with pytest.raises(MethodError, match="looser"):
        score({"a": ["x", "y"]}, [Comparison("a")], block({"a": ["x", "y"]}, [["a"]]))
