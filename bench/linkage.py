"""Links at scale: rows against a synthetic register, and list against list, beside pg_trgm and plain Splink.

    PYTHONPATH=src python bench/linkage.py register --units 1000000 [--postgres /usr/lib/postgresql/15/bin]
    PYTHONPATH=src python bench/linkage.py lists --rows 1000 10000 [--splink PYTHON]

The register is drawn at random: names of one to three made-up words, chosen after Zipf so that homonyms abound, a legal
form, a commune of one of 96 départements. A row is a unit whose name has been spoilt: a letter wrong in the longest
word (30 %), a word left out (15 %), words swapped (7 %) or glued (7 %), a legal form added (40 %); the département is
known for 85 % and the commune for 75 %. `@1` and `@5`: the right unit stands first, or among five; homonyms bound them.
`--splink` is an interpreter that has Splink 5.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from beffroi.linkage.identifiers import luhn
from beffroi.linkage.link import link_lists
from beffroi.linkage.record import Record, tidy
from beffroi.linkage.seek import found_by, link_index
from beffroi.store.register_index import RegisterIndex, Unit

VOWELS = ("a", "e", "i", "o", "u", "ou", "an", "in")
SYLLABLES = [first + vowel + last for first in "bcdfglmnprstv" for vowel in VOWELS for last in ("", "r", "l", "s")]
FORMS = ("SARL", "SAS", "SA", "EURL", "SCI", "")
WORDS, COMMUNES, DEPARTMENTS = 200_000, 20_000, 96


def words(rng):
    sizes = rng.integers(2, 5, WORDS)
    chosen = rng.integers(0, len(SYLLABLES), (WORDS, 4))
    return ["".join(SYLLABLES[one] for one in row[:size]) for row, size in zip(chosen, sizes, strict=True)]


def siren(number: int) -> str:
    stem = f"{10_000_000 + number:08d}"
    return next(f"{stem}{key}" for key in range(10) if luhn(f"{stem}{key}"))


def register(units: int, seed: int = 1):
    """Yield the cells of each unit."""
    rng = np.random.default_rng(seed)
    known = words(rng)
    step = 100_000
    for start in range(0, units, step):
        count = min(step, units - start)
        ranks = np.minimum(rng.zipf(1.15, (count, 3)) - 1, WORDS - 1)
        wide = rng.integers(0, WORDS, (count, 3))
        picked = np.where(rng.random((count, 3)) < 0.5, wide, ranks)
        sizes, forms, communes = rng.integers(1, 4, count), rng.integers(0, 6, count), rng.integers(0, COMMUNES, count)
        for n in range(count):
            commune = int(communes[n])
            department = commune % DEPARTMENTS + 1
            name = " ".join(known[one] for one in picked[n, : sizes[n]]).upper()
            yield {
                "key": str(start + n), "name": f"{name} {FORMS[forms[n]]}".strip(), "siren": siren(start + n),
                "city": f"{known[commune]} sur {known[commune + 1]}",
                "postcode": f"{department:02d}{commune % 1000:03d}",
            }  # fmt: skip


def spoilt(cells: dict[str, str], rng) -> dict[str, str]:
    parts = [one for one in cells["name"].split() if one not in FORMS]
    drawn = rng.random()
    if drawn < 0.3:
        longest = max(range(len(parts)), key=lambda n: len(parts[n]))
        place = int(rng.integers(0, len(parts[longest])))
        parts[longest] = parts[longest][:place] + "X" + parts[longest][place + int(rng.integers(0, 2)) :]
    elif drawn < 0.45 and len(parts) > 1:
        del parts[int(rng.integers(0, len(parts)))]
    elif drawn < 0.52:
        parts.reverse()
    elif drawn < 0.59:
        parts = ["".join(parts)]
    out = {"name": " ".join(parts), "key": cells["key"]}
    if rng.random() < 0.4:
        out["name"] += " SAS"
    if rng.random() < 0.85:
        out["department"] = cells["postcode"][:2]
    if rng.random() < 0.75:
        out["city"] = cells["city"]
    return out


def rss_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def current_mb() -> float:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def against_register(units: int, rows: int, keep: Path | None, postgres: Path | None) -> None:
    rng = np.random.default_rng(2)
    chosen = set(rng.choice(units, rows, replace=False).tolist())
    with tempfile.TemporaryDirectory(dir=keep) as folder:
        place = Path(folder) / "register"
        start = time.perf_counter()
        drawn: dict[int, dict[str, str]] = {}

        def indexed():
            for n, cells in enumerate(register(units)):
                if n in chosen:
                    drawn[n] = cells
                yield Unit(**found_by(tidy(Record("register", n + 1, **cells))))

        RegisterIndex.build(place, indexed())
        built = time.perf_counter() - start
        disk = sum(one.stat().st_size for one in place.rglob("*") if one.is_file()) / 1e6
        print(f"units={units} build_s={built:.0f} disk_mb={disk:.0f} build_rss_mb={rss_mb():.0f}", flush=True)
        spoiled = [spoilt(drawn[n], rng) for n in sorted(chosen)]
        (Path(folder) / "rows.json").write_text(json.dumps([spoiled, [drawn[n] for n in sorted(chosen)]]))
        # A fresh process, so that memory is that of searching.
        subprocess.run([sys.executable, __file__, "query", folder], check=True)
        if postgres:
            with_trigrams(units, spoiled[:100], postgres)


def query(folder: Path) -> None:
    spoiled, true = json.loads((folder / "rows.json").read_text())
    index = RegisterIndex(folder / "register")
    rows = [tidy(Record("rows", n + 1, **{**one, "key": ""})) for n, one in enumerate(spoiled)]
    start = time.perf_counter()
    found = link_index(rows, index)
    whole = time.perf_counter() - start
    ranked: dict[int, list[str]] = {}
    automatic = right = 0
    for one in found:
        ranked.setdefault(one.left.record.row - 1, []).append(one.right.record.key)
        if one.decision == "automatic":
            automatic += 1
            right += one.right.record.key == spoiled[one.left.record.row - 1]["key"]
    hits = [[one["key"] in ranked.get(n, [])[:kept] for n, one in enumerate(spoiled)] for kept in (1, 5)]
    times = []
    for row in rows:
        start = time.perf_counter()
        link_index([row], index)
        times.append(time.perf_counter() - start)
    lookups = []
    for one in true:
        start = time.perf_counter()
        assert one["key"] in [unit["key"] for unit in index.by_siren(one["siren"])]
        lookups.append(time.perf_counter() - start)
    p50, p95 = (1000 * float(np.quantile(times, q)) for q in (0.5, 0.95))
    print(
        f"rows={len(rows)} all_s={whole:.2f} one_p50_ms={p50:.1f} one_p95_ms={p95:.1f} "
        f"siren_p95_ms={1000 * np.quantile(lookups, 0.95):.3f} at1={np.mean(hits[0]):.3f} at5={np.mean(hits[1]):.3f} "
        f"automatic={automatic / len(rows):.3f} automatic_precision={right / max(1, automatic):.4f} "
        f"query_rss_mb={rss_mb():.0f}",
        flush=True,
    )


def with_trigrams(units: int, spoiled: list[dict[str, str]], binaries: Path) -> None:
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
            rows = "".join(f"{one['key']}\t{one['name'].lower()}\n" for one in register(units))
            start = time.perf_counter()
            run(*sql, text="create extension pg_trgm; create table u(k text, name text);\n")
            run(
                *sql,
                text=f"copy u from stdin;\n{rows}\\.\ncreate index on u using gin (name gin_trgm_ops);\nanalyze u;",
            )
            built = time.perf_counter() - start
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
                f"at5={hits / len(spoiled):.3f} rows={len(spoiled)} (name only)",
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
    drawn = list(register(count + count // 2, seed=4))
    sides = [[spoilt(one, rng) for one in drawn[:count]], [spoilt(one, rng) for one in drawn[count // 2 :]]]
    records = [
        tidy(Record(source, n + 1, **one))
        for source, side in zip("ab", sides, strict=True)
        for n, one in enumerate(side)
    ]
    start = time.perf_counter()
    found = [one for one in link_lists(records) if one.decision == "automatic"]
    took = time.perf_counter() - start
    right = sum(one.left.record.key == one.right.record.key for one in found)
    shared = count - count // 2
    print(
        f"lists rows={count}+{count} all_s={took:.1f} automatic_precision={right / max(1, len(found)):.4f} "
        f"automatic_recall={right / shared:.3f} rss_mb={rss_mb():.0f}",
        flush=True,
    )
    if splink:
        with tempfile.TemporaryDirectory() as folder:
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
    one.add_argument("--folder", type=Path, default=None, help="where the index is built (default: the system's)")
    one.add_argument("--postgres", type=Path, default=None, help="folder of PostgreSQL's server programs")
    one = ways.add_parser("lists")
    one.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000])
    one.add_argument("--splink", default=None)
    one = ways.add_parser("query")
    one.add_argument("folder", type=Path)
    given = top.parse_args()
    if given.way == "query":
        query(given.folder)
    elif given.way == "register":
        for units in given.units:
            against_register(units, given.rows, given.folder, given.postgres)
    else:
        for count in given.rows:
            between_lists(count, given.splink)


if __name__ == "__main__":
    main()
