"""Links at scale: rows against a register drawn at random, and list against list, beside pg_trgm and plain Splink.

    PYTHONPATH=src python bench/linkage.py register --units 1000000 [--postgres /usr/lib/postgresql/15/bin]
    PYTHONPATH=src python bench/linkage.py lists --rows 1000 10000 [--splink PYTHON]

What is drawn is told in `bench/linkage_register.py`. `_cpu_s` is processor time, which neighbours on the machine change
little; `_s` is wall time. `@1` and `@5`: the right unit stands first, or among five; homonyms bound them. `--splink` is
an interpreter that has Splink 5.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import duckdb
import numpy as np
from linkage_register import FIELDS, Clock, draw, rss_mb, some, spoilt

from beffroi.linkage.index_words import standards
from beffroi.linkage.link import link_lists
from beffroi.linkage.record import Record, tidy
from beffroi.linkage.seek import link_index
from beffroi.store.register_build import build
from beffroi.store.register_index import RegisterIndex
from beffroi.store.register_source import parquet_source


def load() -> str:
    return f"load={os.getloadavg()[0]:.1f}"


def against_register(units: int, rows: int, keep: Path | None, postgres: Path | None) -> None:
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
        if postgres:
            rng = np.random.default_rng(2)
            with_trigrams(register, [spoilt(one, rng) for one in some(register, rows)][:100], postgres)


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


def with_trigrams(register: Path, spoiled: list[dict[str, str]], binaries: Path) -> None:
    """pg_trgm over the names of the same register, in a server of its own on a socket."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)  # noqa: S103, PTH101 -- the server runs as another user
        data = f"{folder}/data"
        as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []

        def run(*command: str, text: str | None = None) -> str:
            done = subprocess.run([*as_user, *command], input=text, capture_output=True, text=True, check=True)
            return done.stdout

        run(str(binaries / "initdb"), "-D", data, "-A", "trust", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c shared_buffers=512MB"
        run(str(binaries / "pg_ctl"), "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            sql = [str(binaries / "psql"), "-h", folder, "-d", "postgres", "-q", "-A", "-t"]
            rows = f"{folder}/rows.tsv"
            with duckdb.connect() as connection:
                named = f"SELECT key, lower(name) FROM '{register}'"  # noqa: S608 -- our own file
                connection.execute(f"COPY ({named}) TO '{rows}' (HEADER false, DELIMITER '\t')")
                [(units,)] = connection.execute(f"SELECT count(*) FROM '{register}'").fetchall()  # noqa: S608 -- as above
            start = perf_counter()
            run(*sql, text="create extension pg_trgm; create table u(k text, name text);\n")
            run(*sql, text=f"\\copy u from '{rows}'\ncreate index on u using gin (name gin_trgm_ops);\nanalyze u;")
            built = perf_counter() - start
            setting = "set pg_trgm.similarity_threshold = 0.5;\n\\timing on"
            times, hits = [], 0
            for one in spoiled:
                name = one["name"].lower()
                # Letters only, drawn by ourselves.
                order = f"order by similarity(name, '{name}') desc limit 5;"
                answer = run(*sql, text=f"{setting}\nselect k from u where name % '{name}' {order}")
                times.append(float(answer.rpartition("Time: ")[2].split()[0]))
                hits += one["key"] in answer.split("\n")
            p50, p95 = (float(np.quantile(times, q)) for q in (0.5, 0.95))
            print(
                f"pg_trgm units={units} build_s={built:.0f} one_p50_ms={p50:.1f} one_p95_ms={p95:.1f} "
                f"at5={hits / len(spoiled):.3f} rows={len(spoiled)} (name only) {load()}",
                flush=True,
            )
        finally:
            run(str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "stop")


SPLINK = """
import sys, time
import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
start = time.perf_counter()
api = DuckDBAPI()
tables = [
    api.register(duckdb.read_csv(name, all_varchar=True).to_arrow_table(), dataset_display_name=name[-5])
    for name in sys.argv[1:3]
]
names = cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.8])
settings = SettingsCreator(
    link_type="link_only",
    unique_id_column_name="id",
    comparisons=[names, cl.ExactMatch("department"), cl.JaroWinklerAtThresholds("city", [0.9])],
    blocking_rules_to_generate_predictions=[
        block_on("substr(name, 1, 4)", "department"), block_on("name"), block_on("city", "substr(name, 1, 2)"),
    ],
)
linker = Linker(tables, settings)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
for column in ("name", "city"):
    linker.training.estimate_parameters_using_expectation_maximisation(block_on(column))
found = linker.inference.predict(threshold_match_probability=0.9).as_duckdbpyrelation()
best = {}
for left, right, chance in found.project("id_l, id_r, match_probability").fetchall():
    if left not in best or chance > best[left][1]:
        best[left] = (right, chance)
print("RESULT", time.perf_counter() - start, len(best), sum(left == one for left, (one, _) in best.items()))
"""


def between_lists(count: int, splink: str | None) -> None:
    """Two lists of `count` rows of which half are the same units, each row spoilt in its own way."""
    rng = np.random.default_rng(3)
    with tempfile.TemporaryDirectory() as folder:
        draw(Path(folder) / "drawn.parquet", count + count // 2, seed=4)
        drawn = some(Path(folder) / "drawn.parquet", count + count // 2)
        sides = [[spoilt(one, rng) for one in drawn[:count]], [spoilt(one, rng) for one in drawn[count // 2 :]]]
        records = [
            tidy(Record(source, n + 1, **one))
            for source, side in zip("ab", sides, strict=True)
            for n, one in enumerate(side)
        ]
        clock = Clock()
        found = [one for one in link_lists(records) if one.decision == "automatic"]
        took = clock.said("all")
        right = sum(one.left.record.key == one.right.record.key for one in found)
        shared = count - count // 2
        print(
            f"lists rows={count}+{count} {took} automatic_precision={right / max(1, len(found)):.4f} "
            f"automatic_recall={right / shared:.3f} rss_mb={rss_mb():.0f} {load()}",
            flush=True,
        )
        paths = []
        for source, side in zip("ab", sides, strict=True):
            paths.append(f"{folder}/{source}.csv")
            with Path(paths[-1]).open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(("id", "name", "department", "city"))
                writer.writerows(
                    (one["key"], one["name"].removesuffix(" SAS"), one.get("department"), one.get("city"))
                    for one in side
                )
        plainly(paths, count, shared)
        if splink:
            with_splink(splink, paths, count, shared)


def plainly(paths: list[str], count: int, shared: int) -> None:
    """What a person does with SQL alone: one département and four letters, then Jaro–Winkler of at least 0.92."""
    clock = Clock()
    with duckdb.connect() as connection:
        found = connection.execute(
            f"""
            SELECT a.id, arg_max(b.id, jaro_winkler_similarity(a.name, b.name))
            FROM read_csv('{paths[0]}', all_varchar=true) a JOIN read_csv('{paths[1]}', all_varchar=true) b
            ON left(a.name, 4) = left(b.name, 4) AND (a.department = b.department OR a.city = b.city)
            WHERE jaro_winkler_similarity(a.name, b.name) >= 0.92 GROUP BY a.id
            """  # noqa: S608 -- our own files
        ).fetchall()
    right = sum(left == one for left, one in found)
    print(
        f"plain_sql rows={count}+{count} {clock.said('all')} precision={right / max(1, len(found)):.4f} "
        f"recall={right / shared:.3f}",
        flush=True,
    )


def with_splink(splink: str, paths: list[str], count: int, shared: int) -> None:
    done = subprocess.run([splink, "-c", SPLINK, *paths], capture_output=True, text=True, check=False)
    said = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
    if not said:
        print(f"splink rows={count}+{count} failed: {done.stderr.strip().splitlines()[-1:]}", flush=True)
        return
    _, seconds, links, good = said[0].split()
    print(
        f"splink rows={count}+{count} all_s={float(seconds):.1f} "
        f"precision={int(good) / max(1, int(links)):.4f} recall={int(good) / shared:.3f}",
        flush=True,
    )


def main() -> None:
    top = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ways = top.add_subparsers(dest="way", required=True)
    one = ways.add_parser("register")
    one.add_argument("--units", type=int, nargs="+", default=[1_000_000])
    one.add_argument("--rows", type=int, default=600)
    one.add_argument("--folder", type=Path, default=None, help="where register and index are kept and used again")
    one.add_argument("--postgres", type=Path, default=None, help="folder of PostgreSQL's server programs")
    one = ways.add_parser("lists")
    one.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000])
    one.add_argument("--splink", default=None)
    one = ways.add_parser("query")
    one.add_argument("register", type=Path)
    one.add_argument("index", type=Path)
    one.add_argument("rows", type=int)
    given = top.parse_args()
    if given.way == "query":
        query(given.register, given.index, given.rows)
    elif given.way == "register":
        for units in given.units:
            against_register(units, given.rows, given.folder, given.postgres)
    else:
        for count in given.rows:
            between_lists(count, given.splink)


if __name__ == "__main__":
    main()
