"""What others do with the same rows: plain Splink, PostgreSQL's pg_trgm, and a join in SQL alone."""

from __future__ import annotations

import csv
import os
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import duckdb
import numpy as np
from linkage_register import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


ASKED = 1_000


def load() -> str:
    return f"load={os.getloadavg()[0]:.1f}"


@contextmanager
def postgres_server(binaries: Path) -> Iterator[tuple[Callable[..., str], list[str], str]]:
    """A server of its own on a socket, with pg_trgm: how to run a program, psql's command, and a folder."""
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
            run(*sql, text="create extension pg_trgm;")
            yield run, sql, folder
        finally:
            run(str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "stop")


def with_trigrams(register: Path, spoiled: list[dict[str, str]], binaries: Path) -> None:
    """pg_trgm over the names of a register: one name after the other."""
    with postgres_server(binaries) as (run, sql, folder):
        rows = f"{folder}/rows.tsv"
        with duckdb.connect() as connection:
            named = f"SELECT key, lower(name) FROM '{register}'"  # noqa: S608 -- our own file
            connection.execute(f"COPY ({named}) TO '{rows}' (HEADER false, DELIMITER '\t')")
            [(units,)] = connection.execute(f"SELECT count(*) FROM '{register}'").fetchall()  # noqa: S608 -- as above
        start = perf_counter()
        run(*sql, text="create table u(k text, name text);\n")
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


def trigrams_between(binaries: Path, paths: list[str], count: int) -> None:
    """pg_trgm between two lists: for each row the most similar name of at least 0.5 that no département contradicts.

    What one row costs grows with the list, so that a hundred thousand rows take over an hour: of a list longer than
    `ASKED` that many rows, drawn by their fingerprint, are asked; `all_s` is then what all would take.
    """
    with postgres_server(binaries) as (run, sql, folder):
        start = perf_counter()
        for name, path in zip("ab", paths, strict=True):
            place = Path(folder) / f"{name}.csv"
            place.write_bytes(Path(path).read_bytes())
            text = f"create table {name}(id text, name text, department text, city text);\n"
            run(*sql, text=f"{text}\\copy {name} from '{place}' with (format csv, header)")
        run(*sql, text="create index on b using gin (lower(name) gin_trgm_ops); analyze;")
        ready, asked = perf_counter() - start, min(count, ASKED)
        start = perf_counter()
        answer = run(
            *sql,
            text=f"""
            set pg_trgm.similarity_threshold = 0.5;
            create temp table asked as select * from a order by md5(id) limit {asked};
            with best as (
              select distinct on (a.id) a.id as one, b.id as other
              from asked a join b on lower(a.name) % lower(b.name)
              where coalesce(a.department = b.department, true)
              order by a.id, similarity(lower(a.name), lower(b.name)) desc, b.id
            ) select count(*), count(*) filter (where one = other) from best;
            select count(*) from asked join b using (id);
            """,  # noqa: S608 -- a number of ours
        )
        links, right, shared = (int(one) for one in answer.replace("|", " ").split())
        all_s = ready + (perf_counter() - start) * count / asked
        peak = max(_peak_mb(Path(one)) for one in Path("/proc").glob("[0-9]*") if _is_of(one, folder))
        print(
            f"pg_trgm rows={count}+{count} asked={asked} all_s={all_s:.1f} precision={right / max(1, links):.4f} "
            f"recall={right / max(1, shared):.3f} server_rss_mb={peak:.0f} {load()}",
            flush=True,
        )


def _is_of(process: Path, folder: str) -> bool:
    try:
        return folder in (process / "cmdline").read_text()
    except OSError:
        return False


def _peak_mb(process: Path) -> float:
    found = [line.split()[1] for line in (process / "status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(found[0]) / 1024 if found else 0.0


SPLINK = """
import resource, sys, time
import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
start = time.perf_counter()
api = DuckDBAPI()
def read(name):
    return duckdb.read_csv(name, all_varchar=True) if name.endswith("csv") else duckdb.read_parquet(name)
tables = [
    api.register(read(name).to_arrow_table(), dataset_display_name=label) for name, label in zip(sys.argv[1:3], "ab")
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
print("RESULT", time.perf_counter() - start, len(best), sum(left == one for left, (one, _) in best.items()),
      time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


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


def splink_in_register(splink: str, register: Path, spoiled: list[dict[str, str]]) -> None:
    """Plain Splink between rows and a register: it has no index to ask, so the whole register is read."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        paths = [f"{folder}/a.csv", f"{folder}/b.parquet"]
        with Path(paths[0]).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("id", "name", "department", "city"))
            writer.writerows((one["key"], one["name"], one.get("department"), one.get("city")) for one in spoiled)
        named = f"SELECT CAST(key AS VARCHAR) AS id, name, left(postcode, 2) AS department, city FROM '{register}'"  # noqa: S608 -- our own file
        connection.execute(f"COPY ({named}) TO '{paths[1]}' (FORMAT parquet)")
        [(units,)] = connection.execute(f"SELECT count(*) FROM '{register}'").fetchall()  # noqa: S608 -- as above
        connection.close()
        with_splink(splink, paths, f"rows={len(spoiled)} units={units}", len(spoiled))


def with_splink(splink: str, paths: list[str], size: str, shared: int) -> None:
    done = subprocess.run([splink, "-c", SPLINK, *paths], capture_output=True, text=True, check=False)
    said = [line for line in done.stdout.splitlines() if line.startswith("RESULT")]
    if not said:
        print(f"splink {size} failed: {done.stderr.strip().splitlines()[-1:]}", flush=True)
        return
    _, seconds, links, good, processor, memory = said[0].split()
    print(
        f"splink {size} all_s={float(seconds):.1f} all_cpu_s={float(processor):.1f} "
        f"precision={int(good) / max(1, int(links)):.4f} recall={int(good) / shared:.3f} "
        f"rss_mb={float(memory):.0f} {load()}",
        flush=True,
    )
