"""The register at 1, 10 and 43 million establishments: our figures against DuckDB by hand, Polars, pandas and Spark.

    python bench/register.py FOLDER [--establishments 1000000 10000000 43000000] [--only cells quotients] [--json FILE]

FOLDER receives the invented stock files and the coded register of each size, and keeps them. Each engine answers each
question in a process of its own, twice (Spark once); the better time counts. All read the same coded Parquet files and
write their answer as Parquet; `agrees` says whether rows and the sum of counts are ours. Raw DuckDB is what an
analyst writes by hand: joins, then counts by the words themselves. `load` compares the load of a month with reading
every column that it needs (`reading`: each value decoded and hashed, none kept), with bringing both files whole into
the memory of Arrow (`whole`), and with what DuckDB by hand takes to read, sort and write the needed columns without
checking or coding anything (`by_hand`, up to 10 million), in the same number of threads; `writing` is what it takes to
read, sort and write the coded tables alone, once they are there. Seconds of waiting and of the processor are both
given: on a machine that others use, the second is the steadier. pandas is left out where its columns would not fit.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

SIZES = (1_000_000, 10_000_000, 43_000_000)
QUESTIONS = ("cells", "coarse", "quotients", "demography")
ENGINES = ("ours", "duckdb", "polars", "pandas", "spark")
MOST_PANDAS = 50_000_000  # rows for which it takes up to 8 GB
MOST_BY_HAND = 10_000_000  # rows that DuckDB by hand sorts as words while this is run
THREADS = 2
MEMORY_GB = 4.0

_NAMED = (
    "FROM establishments AS e JOIN places AS p ON p.key = e.place "
    "JOIN activities AS a ON a.key = e.naf WHERE e.active AND a.vintage = 'NAFRev2'"
)
BY_HAND = {
    "cells": f"SELECT p.commune, a.code, count(*) AS n {_NAMED} GROUP BY ALL",
    "coarse": f"SELECT p.nuts3, a.division, count(*) AS n {_NAMED} GROUP BY ALL",
    "quotients": (
        f"WITH c AS (SELECT p.commune AS t, a.code AS a, count(*) AS n {_NAMED} AND p.commune <> '' GROUP BY ALL), "
        "t AS (SELECT t, sum(n) AS n FROM c GROUP BY 1), a AS (SELECT a, sum(n) AS n FROM c GROUP BY 1) "
        "SELECT c.t, c.a, c.n, t.n AS in_territory, a.n AS in_activity, (SELECT sum(n) FROM c) AS total, "
        "c.n / t.n / (a.n / (SELECT sum(n) FROM c)) AS quotient FROM c JOIN t USING (t) JOIN a USING (a)"
    ),
    "demography": (
        "SELECT nuts3, year, sum(births) AS n, sum(deaths) AS deaths FROM ("
        "SELECT p.nuts3, year(e.created) AS year, count(*) AS births, 0 AS deaths "
        "FROM establishments AS e JOIN places AS p ON p.key = e.place GROUP BY ALL UNION ALL "
        "SELECT p.nuts3, year(e.closed), 0, count(*) FROM establishments AS e JOIN places AS p ON p.key = e.place "
        "WHERE NOT e.active AND e.closed IS NOT NULL GROUP BY ALL) WHERE year BETWEEN 2015 AND 2025 GROUP BY ALL"
    ),
}
COUNTED = {"cells": "establishments", "coarse": "establishments", "quotients": "establishments", "demography": "births"}


def our_sql(question: str) -> str:
    from beffroi.store.registers_figures import Question, births_sql, cells_sql, quotients_sql  # noqa: PLC0415

    if question == "cells":
        return cells_sql(Question(), ordered=False)
    if question == "coarse":
        return cells_sql(Question(territory="nuts3", activity="division"), ordered=False)
    if question == "quotients":
        return quotients_sql(Question(), ordered=False)
    return births_sql(Question(by=("territory",), territory="nuts3"), first=2015, last=2025, ordered=False)


def ours(question: str, folder: Path, out: Path) -> None:
    from beffroi.store.registers_encode import Machine  # noqa: PLC0415
    from beffroi.store.registers_engine import open_duckdb  # noqa: PLC0415

    with open_duckdb(machine=Machine(THREADS, MEMORY_GB), spill=out.parent / "spill") as engine:
        engine.add_tables(folder)
        engine.write(our_sql(question), out)


def duckdb_by_hand(question: str, folder: Path, out: Path) -> None:
    import duckdb  # noqa: PLC0415 -- each engine is imported in the process that it is measured in

    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}; SET memory_limit = '{MEMORY_GB}GB'")
    for name in ("establishments", "places", "activities"):
        connection.execute(f"CREATE VIEW {name} AS FROM '{folder}/{name}.parquet'")
    connection.execute(f"COPY ({BY_HAND[question]}) TO '{out}' (FORMAT parquet, COMPRESSION zstd)")


def polars_by_hand(question: str, folder: Path, out: Path) -> None:
    import polars as pl  # noqa: PLC0415

    sites, places, activities = (
        pl.scan_parquet(folder / f"{name}.parquet") for name in ("establishments", "places", "activities")
    )
    places = places.select("key", "commune", "nuts3")
    activities = activities.filter(pl.col("vintage") == "NAFRev2").select("key", "code", "division")
    named = sites.filter("active").select("place", "naf").join(places, left_on="place", right_on="key")
    named = named.join(activities, left_on="naf", right_on="key")
    if question == "cells":
        answer = named.group_by("commune", "code").agg(pl.len().alias("n"))
    elif question == "coarse":
        answer = named.group_by("nuts3", "division").agg(pl.len().alias("n"))
    elif question == "quotients":
        cells = named.filter(pl.col("commune") != "").group_by("commune", "code").agg(pl.len().alias("n"))
        cells = cells.collect(engine="streaming").lazy()
        answer = (
            cells.join(cells.group_by("commune").agg(pl.col("n").sum().alias("t")), on="commune")
            .join(cells.group_by("code").agg(pl.col("n").sum().alias("a")), on="code")
            .join(cells.select(pl.col("n").sum().alias("total")), how="cross")
            .with_columns(((pl.col("n") / pl.col("t")) / (pl.col("a") / pl.col("total"))).alias("quotient"))
        )
    else:
        dated = sites.join(places, left_on="place", right_on="key")
        born = dated.group_by("nuts3", pl.col("created").dt.year().alias("year")).agg(pl.len().alias("n"))
        gone = dated.filter(~pl.col("active") & pl.col("closed").is_not_null())
        died = gone.group_by("nuts3", pl.col("closed").dt.year().alias("year")).agg(pl.len().alias("deaths"))
        answer = born.join(died, on=("nuts3", "year"), how="full", coalesce=True).fill_null(0)
        answer = answer.filter(pl.col("year").is_between(2015, 2025))
    answer.collect(engine="streaming").write_parquet(out)


def pandas_by_hand(question: str, folder: Path, out: Path) -> None:
    import duckdb  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    # Without pyarrow pandas reads no Parquet: DuckDB hands it the columns.
    columns = {"demography": "place, created, closed, active"}.get(question, "place, naf")
    where = "" if question == "demography" else " WHERE active"
    sites = duckdb.sql(f"SELECT {columns} FROM '{folder}/establishments.parquet'{where}").df()
    places = duckdb.sql(f"SELECT key AS place, commune, nuts3 FROM '{folder}/places.parquet'").df()
    known = f"SELECT key AS naf, code, division FROM '{folder}/activities.parquet' WHERE vintage = 'NAFRev2'"
    named = sites.merge(places, on="place")
    if question == "demography":
        born = named.groupby(["nuts3", named["created"].dt.year.rename("year")]).size().rename("n")
        gone = named[~named["active"] & named["closed"].notna()]
        died = gone.groupby(["nuts3", gone["closed"].dt.year.rename("year")]).size().rename("deaths")
        answer = pd.concat([born, died], axis=1).fillna(0).reset_index()
        answer = answer[answer["year"].between(2015, 2025)]
    else:
        named = named.merge(duckdb.sql(known).df(), on="naf")
        by = ["nuts3", "division"] if question == "coarse" else ["commune", "code"]
        answer = named.groupby(by).size().rename("n").reset_index()
        if question == "quotients":
            answer = answer[answer["commune"] != ""]
            here, there = (answer.groupby(one)["n"].transform("sum") for one in by)
            answer["quotient"] = (answer["n"] / here) / (there / answer["n"].sum())
    duckdb.sql(f"COPY (FROM answer) TO '{out}' (FORMAT parquet)")


def spark_by_ours(question: str, folder: Path, out: Path) -> None:
    from beffroi.store.registers_engine import open_spark  # noqa: PLC0415

    settings = {
        "spark.driver.memory": "3g", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "8", "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(out.parent / "spill"),
    }  # fmt: skip
    with open_spark(f"local[{THREADS}]", settings=settings) as engine:
        start = time.perf_counter()  # a session is started once, not for each figure
        engine.add_tables(folder)
        engine.write(our_sql(question), out)
        print(json.dumps({"seconds": time.perf_counter() - start}))


RUNS = {
    "ours": ours, "duckdb": duckdb_by_hand, "polars": polars_by_hand, "pandas": pandas_by_hand, "spark": spark_by_ours,
}  # fmt: skip


def one(engine: str, question: str, folder: Path, out: Path) -> None:
    """Answer once and print seconds and the peak of this process's memory."""
    seconds, processor = [], []
    for _ in range(1 if engine == "spark" else 2):
        shutil.rmtree(out, ignore_errors=True) if out.is_dir() else out.unlink(missing_ok=True)
        start, spent = time.perf_counter(), time.process_time()
        RUNS[engine](question, folder, out)
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - spent)
    print(json.dumps({"seconds": min(seconds), "cpu_s": min(processor), "peak_mb": peak_mb()}))


def peak_mb() -> float:
    """Peak of this process's memory and of its children's: Spark counts in a machine of its own."""
    mine = {str(os.getpid())}
    peak = 0.0
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            said = dict(line.split(":", 1) for line in path.read_text().splitlines())
        except OSError:  # it has ended meanwhile
            continue
        if path.parent.name in mine or said["PPid"].strip() in mine:
            peak += float(said.get("VmHWM", "0 kB").split()[0]) / 1024
    return peak


def measured(command: list[str]) -> dict[str, float]:
    env = os.environ | {"POLARS_MAX_THREADS": str(THREADS)}
    done = subprocess.run([sys.executable, __file__, *command], capture_output=True, text=True, env=env, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        return {"failed": 1.0, "code": done.returncode}
    return {**lines[-1], **({"seconds": lines[0]["seconds"]} if len(lines) > 1 else {})}


def answer_of(out: Path, column: str) -> tuple[int, int]:
    """Rows and the sum of counts."""
    import duckdb  # noqa: PLC0415

    path = f"{out}/*.parquet" if out.is_dir() else str(out)
    names = [row[0] for row in duckdb.sql(f"DESCRIBE FROM '{path}'").fetchall()]
    counted = "n" if "n" in names else column
    rows, total = duckdb.sql(f"SELECT count(*), sum({counted}) FROM '{path}'").fetchall()[0]
    return int(rows), int(total)


def measure_load(files: tuple[Path, Path], register: Path, *, with_hand: bool) -> dict[str, float]:
    """Time the load of a month, and reading alone what it reads."""
    import duckdb  # noqa: PLC0415

    from beffroi.sources.sirene import ESTABLISHMENTS, LEGAL_UNITS  # noqa: PLC0415
    from beffroi.sources.sirene_load import load_snapshot  # noqa: PLC0415
    from beffroi.store.registers_encode import Machine  # noqa: PLC0415
    from beffroi.store.registers_months import folder_of  # noqa: PLC0415

    start, spent = time.perf_counter(), time.process_time()
    for path, stock in zip(files, (LEGAL_UNITS, ESTABLISHMENTS), strict=True):
        connection = duckdb.connect()
        connection.execute(f"SET threads = {THREADS}")
        columns = ", ".join(f'max(hash("{name}"))' for name in {**stock.needed, **stock.optional}.values())
        connection.execute(f"SELECT {columns} FROM '{path}'").fetchall()
    reading, reading_cpu = time.perf_counter() - start, time.process_time() - spent
    found = {"reading_s": reading, "reading_cpu_s": reading_cpu} | read_whole(files)
    found |= by_hand(files) if with_hand else {}
    start, spent = time.perf_counter(), time.process_time()
    manifest = load_snapshot(
        list(files), register, month="2026-11", today="2026-11-22", machine=Machine(THREADS, MEMORY_GB), again=True
    )
    loading, loading_cpu = time.perf_counter() - start, time.process_time() - spent
    assert manifest.synthetic, "an invented register must be marked"
    written, written_cpu = written_again(folder_of(register))
    return found | {
        "loading_s": loading, "ratio": loading / reading, "loading_cpu_s": loading_cpu,
        "cpu_ratio": loading_cpu / reading_cpu, "whole_ratio": loading / found["whole_s"],
        "whole_cpu_ratio": loading_cpu / found["whole_cpu_s"], "writing_s": written, "writing_cpu_s": written_cpu,
        "peak_mb": peak_mb(),
    }  # fmt: skip


def read_whole(files: tuple[Path, Path]) -> dict[str, float]:
    """Time what Arrow takes to bring both files into memory, all columns, a group of rows at a time."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    pa.set_cpu_count(THREADS)
    start, spent = time.perf_counter(), time.process_time()
    for path in files:
        with pq.ParquetFile(path) as file:
            rows = sum(file.read_row_group(number).num_rows for number in range(file.num_row_groups))
            assert rows == file.metadata.num_rows
    return {"whole_s": time.perf_counter() - start, "whole_cpu_s": time.process_time() - spent}


def written_again(folder: Path) -> tuple[float, float]:
    """Seconds that reading the coded tables, sorting them and writing them once more takes: no load can be cheaper."""
    import duckdb  # noqa: PLC0415

    from beffroi.store.registers_sql import CODED  # noqa: PLC0415

    start, spent = time.perf_counter(), time.process_time()
    for name, order in (("legal_units", ""), ("establishments", " ORDER BY place, naf")):
        copied = folder.parent / f"{name}.copied"
        with duckdb.connect() as connection:
            connection.execute(f"SET threads = {THREADS}; SET memory_limit = '{MEMORY_GB}GB'")
            connection.execute(f"SET preserve_insertion_order = false; SET temp_directory = '{folder.parent}/spill'")
            connection.execute(f"COPY (FROM '{folder}/{name}.parquet'{order}) TO '{copied}' ({CODED})")
        copied.unlink()
    return time.perf_counter() - start, time.process_time() - spent


def by_hand(files: tuple[Path, Path]) -> dict[str, float]:
    """Time what DuckDB by hand takes to read, sort and write the same columns as words."""
    import duckdb  # noqa: PLC0415

    from beffroi.sources.sirene import ESTABLISHMENTS, LEGAL_UNITS  # noqa: PLC0415

    start, spent = time.perf_counter(), time.process_time()
    for path, stock in zip(files, (LEGAL_UNITS, ESTABLISHMENTS), strict=True):
        copied = path.with_suffix(".copied")
        columns = ", ".join(f'"{name}"' for name in {**stock.needed, **stock.optional}.values())
        order = "siren" if stock is LEGAL_UNITS else f"{stock.needed['commune']}, {stock.needed['naf']}"
        with duckdb.connect() as connection:
            connection.execute(f"SET threads = {THREADS}; SET memory_limit = '{MEMORY_GB}GB'")
            connection.execute(f"SET preserve_insertion_order = false; SET temp_directory = '{path.parent}/spill'")
            sorted_sql = f"SELECT {columns} FROM '{path}' ORDER BY {order}"
            connection.execute(f"COPY ({sorted_sql}) TO '{copied}' (FORMAT parquet, COMPRESSION zstd)")
        copied.unlink()
    return {"by_hand_s": time.perf_counter() - start, "by_hand_cpu_s": time.process_time() - spent}


def bench(establishments: int, base: Path, only: list[str], engines: list[str]) -> list[dict[str, object]]:
    from register_data import generate  # noqa: PLC0415

    from beffroi.store.registers_months import folder_of, months  # noqa: PLC0415

    place = base / f"{establishments // 1_000_000}m"
    files = generate(place, establishments)
    register = place / "register"
    results: list[dict[str, object]] = []
    if "load" in only or not (register.exists() and months(register)):
        shutil.rmtree(register, ignore_errors=True)
        found = measure_load(files, register, with_hand=establishments <= MOST_BY_HAND)
        results.append({"establishments": establishments, "question": "load", "engine": "ours", **found})
        said = (f"{key} {value:,.1f}" for key, value in found.items())
        print(f"{establishments:>11,}  load        {', '.join(said)}", flush=True)
    folder = folder_of(register)
    for question in (name for name in QUESTIONS if name in only):
        expected: tuple[int, int] | None = None
        for engine in engines:
            if engine == "pandas" and establishments > MOST_PANDAS:
                continue
            out = place / f"answer_{question}_{engine}.parquet"
            best = measured(["--one", engine, question, str(folder), str(out)])
            row: dict[str, object] = {"establishments": establishments, "question": question, "engine": engine, **best}
            if "failed" not in best:
                found_here = answer_of(out, COUNTED[question])
                expected = expected or found_here
                row |= {"rows": found_here[0], "agrees": found_here == expected}
            results.append(row)
            said = {key: f"{value:,.2f}" if isinstance(value, float) else value for key, value in row.items()}
            print(
                f"{establishments:>11,}  {question:<10}  {engine:<7}  {said.get('seconds', 'failed'):>8} s  "
                f"cpu {said.get('cpu_s', '–'):>8} s  {said.get('peak_mb', '–'):>9} MB  "
                f"{said.get('rows', '–'):>9} rows  agrees {said.get('agrees', '–')}",
                flush=True,
            )
            shutil.rmtree(out, ignore_errors=True) if out.is_dir() else out.unlink(missing_ok=True)
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--establishments", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--only", nargs="+", default=["load", *QUESTIONS], choices=["load", *QUESTIONS])
    parser.add_argument("--engines", nargs="+", default=list(ENGINES), choices=ENGINES)
    parser.add_argument("--json", type=Path, help="write the results to this file")
    parser.add_argument("--one", nargs=4, metavar=("ENGINE", "QUESTION", "REGISTER", "OUT"))
    given = parser.parse_args()
    if given.one:
        engine, question, folder, out = given.one
        one(engine, question, Path(folder), Path(out))
        return
    if given.folder is None:
        parser.error("say in which folder the invented files may be kept")
    results = [row for size in given.establishments for row in bench(size, given.folder, given.only, given.engines)]
    if given.json:
        given.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
