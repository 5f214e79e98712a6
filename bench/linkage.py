"""Links at scale: rows against a register drawn at random, and list against list, beside pg_trgm and plain Splink.

    PYTHONPATH=src python bench/linkage.py register --units 1000000 [--splink PYTHON] [--postgres …/15/bin]
    PYTHONPATH=src python bench/linkage.py lists --rows 1000 10000 [--splink PYTHON] [--postgres …/15/bin]

What is drawn is told in `bench/linkage_register.py`. `_cpu_s` is processor time, which neighbours on the machine change
little; `_s` is wall time. `@1` and `@5`: the right unit stands first, or among five; homonyms bound them. `--splink` is
an interpreter that has Splink 5.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
from linkage_others import load, plainly, splink_in_register, trigrams_between, with_splink, with_trigrams
from linkage_register import FIELDS, Clock, draw, rss_mb, some, spoilt

from beffroi.linkage.index_words import standards
from beffroi.linkage.link import link_lists
from beffroi.linkage.record import Record, tidy
from beffroi.linkage.seek import link_index
from beffroi.store.register_build import build
from beffroi.store.register_index import RegisterIndex
from beffroi.store.register_source import parquet_source

ASKED_NAMES = 100  # of pg_trgm, which takes seconds for each where the register is large


def against_register(units: int, rows: int, keep: Path | None, splink: str | None, postgres: Path | None) -> None:
    """Draw a register, index it, and look rows up; with `keep` what is there already is used again."""
    with tempfile.TemporaryDirectory() as passing:
        place = keep or Path(passing)
        register, index = place / f"reg{units}.parquet", place / f"idx{units}"
        if not register.exists():
            draw(register, units)
        if not index.exists():
            clock = Clock()
            source = parquet_source(register, {field: field for field in FIELDS})
            build(index, source, FIELDS, given=register, standards=standards())
            print(f"units={units} {clock.said('build')} build_rss_mb={rss_mb():.0f} {load()}", flush=True)
        disk = sum(one.stat().st_size for one in index.iterdir()) / 1e6
        print(f"units={units} disk_mb={disk:.0f}", flush=True)
        # A fresh process, so that memory is that of searching.
        subprocess.run([sys.executable, __file__, "query", str(register), str(index), str(rows)], check=True)
        rng = np.random.default_rng(2)
        spoiled = [spoilt(one, rng) for one in some(register, rows)] if splink or postgres else []
        if splink:
            splink_in_register(splink, register, spoiled)
        if postgres:
            with_trigrams(register, spoiled[:ASKED_NAMES], postgres)


def query(register: Path, folder: Path, count: int) -> None:
    rng, true = np.random.default_rng(2), some(register, count)
    spoiled = [spoilt(one, rng) for one in true]
    before = rss_mb()
    rows = [tidy(Record("rows", n + 1, **{**one, "key": ""})) for n, one in enumerate(spoiled)]
    index = RegisterIndex(folder)
    clock = Clock()
    found = link_index(rows, index, source="register")
    whole = clock.said("all")
    after = rss_mb()
    ranked: dict[int, list[str]] = {}
    automatic = right = 0
    for one in found:
        ranked.setdefault(one.left.record.row - 1, []).append(one.right.record.key)
        if one.decision == "automatic":
            automatic += 1
            right += one.right.record.key == spoiled[one.left.record.row - 1]["key"]
    hits = [[one["key"] in ranked.get(n, [])[:kept] for n, one in enumerate(spoiled)] for kept in (1, 5)]
    times, cpu, lookups = [], [], []
    for row in rows:
        start, used = perf_counter(), Clock.used()
        link_index([row], index, source="register")
        times.append(perf_counter() - start)
        cpu.append(Clock.used() - used)
    for one in true:
        start = perf_counter()
        assert one["key"] in [unit["key"] for unit in index.by_siren(one["siren"])]
        lookups.append(perf_counter() - start)
    p50, p95 = (1000 * float(np.quantile(times, q)) for q in (0.5, 0.95))
    cpu95 = 1000 * float(np.quantile(cpu, 0.95))
    print(
        f"units={index.size} rows={len(rows)} {whole} one_p50_ms={p50:.1f} one_p95_ms={p95:.1f} "
        f"one_p95_cpu_ms={cpu95:.1f} siren_p50_ms={1000 * np.quantile(lookups, 0.5):.3f} "
        f"siren_p95_ms={1000 * np.quantile(lookups, 0.95):.3f} at1={np.mean(hits[0]):.3f} at5={np.mean(hits[1]):.3f} "
        f"automatic={automatic / len(rows):.3f} automatic_precision={right / max(1, automatic):.4f} "
        f"query_rss_mb={after:.0f} (rows read: {before:.0f}) {load()}",
        flush=True,
    )


def between_lists(count: int, splink: str | None, postgres: Path | None) -> None:
    """Two lists of `count` rows of which half are the same units, each row spoilt in its own way."""
    with tempfile.TemporaryDirectory() as folder:
        # A fresh process, so that memory is that of this size.
        subprocess.run([sys.executable, __file__, "pairs", folder, str(count)], check=True)
        paths, shared = [f"{folder}/{source}.csv" for source in "ab"], count - count // 2
        plainly(paths, count, shared)
        if postgres:
            trigrams_between(postgres, paths, count)
        if splink:
            with_splink(splink, paths, f"rows={count}+{count}", shared)


def pairs(folder: Path, count: int) -> None:
    rng = np.random.default_rng(3)
    draw(folder / "drawn.parquet", count + count // 2, seed=4)
    drawn = some(folder / "drawn.parquet", count + count // 2)
    sides = [[spoilt(one, rng) for one in drawn[:count]], [spoilt(one, rng) for one in drawn[count // 2 :]]]
    del drawn
    for source, side in zip("ab", sides, strict=True):
        with (folder / f"{source}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("id", "name", "department", "city"))
            writer.writerows(
                (one["key"], one["name"].removesuffix(" SAS"), one.get("department"), one.get("city")) for one in side
            )
    records = [
        tidy(Record(source, n + 1, **one))
        for source, side in zip("ab", sides, strict=True)
        for n, one in enumerate(side)
    ]
    del sides
    before, clock = rss_mb(), Clock()
    found = link_lists(records)
    took, shared = clock.said("all"), count - count // 2
    said = {one: [link for link in found if link.decision == one] for one in ("automatic", "review")}
    right = {one: sum(x.left.record.key == x.right.record.key for x in links) for one, links in said.items()}
    print(
        f"lists rows={count}+{count} {took} "
        f"automatic_precision={right['automatic'] / max(1, len(said['automatic'])):.4f} "
        f"automatic_recall={right['automatic'] / shared:.3f} recall_with_review={sum(right.values()) / shared:.3f} "
        f"review={len(said['review'])} rss_mb={rss_mb():.0f} (rows read: {before:.0f}) {load()}",
        flush=True,
    )


def main() -> None:
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ways = top.add_subparsers(dest="way", required=True)
    one = ways.add_parser("register")
    one.add_argument("--units", type=int, nargs="+", default=[1_000_000])
    one.add_argument("--rows", type=int, default=600)
    one.add_argument("--folder", type=Path, default=None, help="where register and index are kept and used again")
    one.add_argument("--splink", default=None, help="an interpreter that has Splink 5")
    one.add_argument("--postgres", type=Path, default=None, help="folder of PostgreSQL's server programs")
    one = ways.add_parser("lists")
    one.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000])
    one.add_argument("--splink", default=None, help="an interpreter that has Splink 5")
    one.add_argument("--postgres", type=Path, default=None, help="folder of PostgreSQL's server programs")
    one = ways.add_parser("pairs")
    one.add_argument("folder", type=Path)
    one.add_argument("rows", type=int)
    one = ways.add_parser("query")
    one.add_argument("register", type=Path)
    one.add_argument("index", type=Path)
    one.add_argument("rows", type=int)
    given = top.parse_args()
    if given.way == "query":
        query(given.register, given.index, given.rows)
    elif given.way == "register":
        for units in given.units:
            against_register(units, given.rows, given.folder, given.splink, given.postgres)
    elif given.way == "pairs":
        pairs(given.folder, given.rows)
    else:
        for count in given.rows:
            between_lists(count, given.splink, given.postgres)


if __name__ == "__main__":
    main()
