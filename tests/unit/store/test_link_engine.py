"""Lists linked by SQL give the links of one process: on DuckDB, and on a real Spark with a master and a worker."""

from __future__ import annotations

import random

import pytest

from beffroi.cli import link_engine
from beffroi.cli.link_engine import link_on
from beffroi.linkage.block import pairs
from beffroi.linkage.link import in_order, link_lists
from beffroi.linkage.record import Record, tidy
from beffroi.linkage.spread import list_terms, rows_table
from beffroi.store.link_engine import TERMS, LinkDuckDb, LinkSpark
from beffroi.store.link_sql import steps
from beffroi.store.registers_engine import open_duckdb, open_spark
from beffroi.vocabulary.errors import StoreError

STEMS = ("minalogic", "talend", "nuxeo", "proxem", "systran", "aerys", "cedexis", "olfeo", "kelkoo", "sensee")
TRADES = ("conseil", "logiciels", "digital", "services", "studio", "lyon")
CITIES = ("Lyon", "Paris", "Grenoble", "Saint-Étienne", "")


def drawn(count, *, lists="ab", seed=1):
    """Lists that share names, some of them mistyped, glued or far away; some rows have a site, a few a SIREN."""
    chance = random.Random(seed)  # noqa: S311 -- cases, no secret
    rows = []
    for source in lists:
        for number in range(1, count + 1):
            words = [chance.choice(STEMS) + chance.choice(("", "", "s", "ia")), *chance.sample(TRADES, 2)]
            words = words[: chance.randint(1, 3)]
            if chance.random() < 0.2:
                place = chance.randrange(len(words[0]))
                words[0] = words[0][:place] + words[0][place + 1 :]
            city = chance.choice(CITIES)
            cells = {"name": (" " if chance.random() < 0.9 else "").join(words), "city": city}
            cells["postcode"] = chance.choice(("69001", "75011", "")) if city else ""
            cells["website"] = f"{words[0]}.fr" if chance.random() < 0.2 else ""
            cells["siren"] = chance.choice(("732829320", "443061841")) if chance.random() < 0.02 else ""
            rows.append(tidy(Record(source, number, **cells)))
    return rows


def told(links):
    return [
        (one.left.id, one.right.id, one.decision, one.probability, one.reason, one.evidence, one.origin)
        for one in links
    ]


@pytest.mark.parametrize("lists", ["ab", "a", "abc"])
def test_duckdb_links_as_one_process_does(lists):
    rows = drawn(60, lists=lists)
    with open_duckdb() as duck:
        found = told(link_on(LinkDuckDb(duck), rows))

    assert found == told(link_lists(rows))
    assert {one[2] for one in found} >= {"automatic", "review"}


@pytest.mark.parametrize("most", [2, 5])
def test_words_that_many_rows_have_lead_only_within_a_place_in_sql_and_in_arrays(monkeypatch, most):
    monkeypatch.setattr("beffroi.linkage.lead.MOST", most)
    ordered = in_order(drawn(80))
    limits = link_engine.Limits(most, *(getattr(link_engine.LIMITS, one) for one in (
        "kept", "sure", "place_share", "near_share", "typo_from")))  # fmt: skip
    with open_duckdb() as duck:
        engine = LinkDuckDb(duck)
        engine.add("rows", rows_table(ordered))
        duck.connection.execute("CREATE TABLE letters AS SELECT range AS letter FROM range(1, 100)")
        engine.keep("terms", "SELECT place, source, cells FROM rows", list_terms, TERMS)
        for name, sql in steps(limits, sources=2):
            engine.make(name, sql)
        found = duck.rows("SELECT one, other FROM pairs ORDER BY 1, 2")[1]
        within = duck.rows("SELECT count(*) FROM within")[1][0][0]

    assert found == pairs(ordered)
    assert within > 0


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning")
def test_a_spark_of_a_master_and_a_worker_links_as_one_process_does(spark_master, spark_settings):
    rows = drawn(40)
    with open_spark(spark_master, settings=spark_settings) as spark:
        assert spark.session.sparkContext.master == spark_master
        found = told(link_on(LinkSpark(spark), rows))

    assert found == told(link_lists(rows))
    assert {one[2] for one in found} >= {"automatic", "review"}


def test_without_pyspark_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyspark.sql", None)

    with pytest.raises(StoreError, match=r"Install beffroi\[spark\]"):
        link_engine.link_on_spark(drawn(2), "local[1]")
