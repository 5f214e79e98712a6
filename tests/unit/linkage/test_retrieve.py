"""Candidates are those that share most bits."""

from __future__ import annotations

import random

import numpy as np
import pytest

from beffroi.linkage.record import Record, tidy
from beffroi.linkage.retrieve import Candidates

WORDS = ("lyon", "digital", "conseil", "minalogic", "proxem", "talend", "services", "nuxeo", "systemes", "atelier")


def drawn(count, seed):
    chance = random.Random(seed)  # noqa: S311 -- cases, no secret
    return [
        tidy(
            Record(
                f"list{seed}", n, name=" ".join(chance.choices(WORDS, k=chance.randint(1, 3))),
                city=chance.choice(("Lyon", "Paris", "")),
            )
        )
        for n in range(count)
    ]  # fmt: skip


def scanned(index, record):
    """Bits that every record shares, each looked at."""
    scores = np.zeros(index.size)
    for term, bits in index._worth(record).items():
        for place in range(index.size):
            scores[place] += bits * (place in set(index._places[term].tolist()))
    return scores


@pytest.mark.parametrize("kept", [1, 5, 500])
def test_the_best_are_those_that_a_scan_of_all_finds(kept):
    index = Candidates(drawn(120, 1))
    for record in drawn(25, 2):
        scores = scanned(index, record)
        order = sorted(np.flatnonzero(scores).tolist(), key=lambda place: (-scores[place], place))

        assert index.of(record, kept=kept) == order[:kept]


def test_a_search_leaves_no_trace_for_the_next():
    index, records = Candidates(drawn(60, 1)), drawn(10, 2)
    first = [index.of(one) for one in records]

    assert [index.of(one) for one in reversed(records)] == first[::-1]
    assert not index._scores.any()


def test_a_place_of_thousands_is_no_reason_to_compare(monkeypatch):
    monkeypatch.setattr("beffroi.linkage.retrieve._MOST_PLACE", 3)
    index = Candidates([tidy(Record("b", n, name=f"firme{n}", city="Lyon")) for n in range(10)])

    assert index.of(tidy(Record("a", 1, name="Autre", city="Lyon"))) == []
    assert index.of(tidy(Record("a", 1, name="Firme7", city="Lyon")))[0] == 7
