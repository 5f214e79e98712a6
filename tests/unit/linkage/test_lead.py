"""Pairs of lists are those that chance does not explain, and what a glance leaves out would be judged "no"."""

from __future__ import annotations

import math
import random
from itertools import product

import numpy as np
import pytest

from beffroi.linkage.glance import glance
from beffroi.linkage.judge import judge
from beffroi.linkage.lead import List
from beffroi.linkage.link import link_lists
from beffroi.linkage.model import models
from beffroi.linkage.rarity import Rarity
from beffroi.linkage.record import Record, tidy
from beffroi.linkage.retrieve import Candidates
from beffroi.linkage.terms import terms_of
from beffroi.linkage.weigh import both_ways

WORDS = ("lyon", "digital", "conseil", "minalogic", "minalogik", "proxem", "talend", "services", "nuxeo", "systemes",
         "dataconseil", "incubateur", "dc", "cedexis", "olfeo")  # fmt: skip


def drawn(count, source, seed):
    chance = random.Random(seed)  # noqa: S311 -- cases, no secret
    return [
        tidy(
            Record(
                source, n, name=" ".join(chance.choices(WORDS, k=chance.randint(1, 3))),
                city=chance.choice(("Lyon", "Paris", "Nuxeo", "")), website=chance.choice(("", "olfeo.fr", "dc.fr")),
            )
        )
        for n in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("kept", [1, 5, 500])
def test_arrays_find_the_best_that_the_index_in_memory_finds(kept):
    there, asking = drawn(120, "b", 1), drawn(25, "a", 2)
    index = Candidates(there)
    found = List(terms_of([*there, *asking]), np.arange(120)).best(np.arange(120, 145), kept=500)
    for number, record in enumerate(asking):
        places, bits = index._best(record, 500)
        mine = found.asking == 120 + number

        assert dict(zip(found.found[mine].tolist(), found.shared[mine].tolist(), strict=True)) == pytest.approx(
            dict(zip(places.tolist(), (1000 * bits).tolist(), strict=True)), abs=8
        )
        assert len(found.found[mine][:kept]) == min(kept, len(places))


def test_whoever_shares_less_than_half_of_chance_or_of_the_best_is_not_compared():
    terms = terms_of([*drawn(120, "b", 1), *drawn(25, "a", 2)])
    index, asking = List(terms, np.arange(120)), np.arange(120, 145)
    every, kept = index.best(asking, kept=500), index.alike(asking, kept=500)
    chance = round(1000 * math.log2(121))
    for one in asking:
        shared = every.shared[every.asking == one]
        least = min(max(chance, shared.max(initial=0)) // 2, chance)

        assert sorted(kept.shared[kept.asking == one]) == sorted(shared[shared >= least])


def test_what_a_glance_leaves_out_would_be_judged_no():
    left, right = drawn(60, "a", 3), drawn(60, "b", 4)
    rarity, known = Rarity.of_lists([*left, *right]), models()["lists"]
    worth = glance(rarity, model=known.final, bands=known)
    spared = [pair for pair in product(left, right) if not worth(*pair)]

    assert len(spared) > 1000
    for one, other in spared:
        assert judge(one, other, both_ways(one, other, rarity), model=known.final, bands=known).decision == "no"


def rows(source, cells):
    return [tidy(Record(source, n, name=name, city=city)) for n, (name, city) in enumerate(cells, 1)]


def test_a_name_that_many_bear_is_left_to_a_person_where_no_place_tells():
    cities = [f"Commune{chr(97 + n)}{chr(97 + n)}" for n in range(20)]
    crowd = [("Digitalis", city) for city in cities]
    ends = ("bora", "kelu", "dimo", "nusa", "tivo", "rage", "folu", "hexi")
    rest = [("".join(each), "") for each in product(ends, repeat=3)]
    links = link_lists([*rows("a", [("Digitalys", ""), *rest, *crowd]), *rows("b", [("Digitalys", ""), *rest, *crowd])])
    said = {one.left.record.name: one for one in links if one.left.record.name == one.right.record.name != "Digitalis"}

    assert said["Digitalys"].decision == "review"
    assert "may be another's" in said["Digitalys"].reason
    assert said["borakeludimo"].decision == "automatic"
