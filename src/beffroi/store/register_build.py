"""Build the index of a register of any size (`register_index`): in SQL and arrays, never unit by unit in Python."""

from __future__ import annotations

import json
import shutil
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import duckdb
import numpy as np

from beffroi.store import register_steps as steps
from beffroi.store.register_lists import unit_bits, write_lists, write_words
from beffroi.store.register_source import readable
from beffroi.store.registers_encode import Machine
from beffroi.store.swap import locked, new_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from beffroi.store.register_steps import Standards

VERSION = 2  # of what the files hold: an index of another version is built again
IN_BLOCK = 64
SHORTEST_TYPO = 5
BITS_STEP = 0.5
_PART = 8_000_000
_CELLS_PART = 64 * 4096
_FEWEST_BUCKETS = 1024
_PACKED = 4
STAGES = 8


def build(
    folder: Path,
    source: str,
    fields: Sequence[str],
    *,
    given: Path,
    standards: Standards,
    machine: Machine | None = None,
    step: Callable[[str], object] = lambda _stage: None,
) -> None:
    """Index a register into a new folder; nothing is left behind when it fails or is killed.

    Args:
        folder: where the index will lie; it does not exist.
        source: SQL that selects `row` and the fields, such as `register_source` writes.
        fields: names of the fields, of `linkage.record.FIELDS`.
        given: the file that the SQL reads, to name it in messages.
        standards: how cells are brought into one writing.
        machine: what the build may take.
        step: called with the name of each of the `STAGES` stages as it begins.

    Raises:
        StoreError: the folder exists, or the disk is full.
        UsageError: the register cannot be read.
    """
    with locked(folder.parent, doing="index a register"), new_folder(folder) as part:
        with _opened(part / "spill", machine or Machine()) as connection:
            step("reading the register")
            with readable(given):
                steps.take(connection, source, fields)
            step("reading places and names")
            steps.add_writings(connection, fields, standards)
            step("sorting units")
            steps.add_units(connection, fields, standards["weak"])
            meta = _meta(connection, fields)
            step("counting words")
            steps.add_words(connection, standards)
            step("listing words")
            _write_words(connection, part, int(str(meta["units"])))
            step("listing names")
            _write_buckets(connection, part, meta)
            step("packing cells")
            _write_cells(connection, part)
            step("listing SIREN")
            _write_sirens(connection, part)
            (part / "meta.json").write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")
        shutil.rmtree(part / "spill", ignore_errors=True)


def _opened(spill: Path, machine: Machine) -> duckdb.DuckDBPyConnection:
    """Open a database in memory, of which what does not fit goes to disk."""
    spill.mkdir()
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"SET threads = {machine.threads}")
    connection.execute(f"SET memory_limit = '{machine.memory_gb}GB'")
    connection.execute("SET temp_directory = '" + str(spill).replace("'", "''") + "'")
    return connection


def _meta(connection: duckdb.DuckDBPyConnection, fields: Sequence[str]) -> dict[str, object]:
    def rows(sql: str) -> list[tuple[object, ...]]:
        return connection.execute(sql).fetchall()

    places = rows("SELECT department, commune, min(rowid), count(*) FROM units GROUP BY ALL ORDER BY 3")
    kinds = rows(
        "SELECT kind, count(*) FROM (SELECT unnest(list_distinct([left(activity, 2), left(activity, 4)])) AS kind "
        "FROM units WHERE activity <> '') GROUP BY kind ORDER BY kind"
    )
    return {
        "version": VERSION,
        "units": rows("SELECT count(*) FROM units")[0][0],
        "fields": list(fields),
        "places": places,
        "activities": dict(kinds),  # type: ignore[arg-type]  # -- pairs
    }


def _write_words(connection: duckdb.DuckDBPyConnection, part: Path, units: int) -> None:
    words = connection.execute("SELECT word, weak_found FROM words ORDER BY number").fetchnumpy()
    write_words(part, words["word"])
    lengths = write_lists(part, "units", size=len(words["word"]), parts=_pairs(connection, "pairs"))
    counts = np.maximum(lengths, np.asarray(words["weak_found"]))
    counts.astype(np.uint32).tofile(part / "words.counts")
    bits = np.log2((units + 1) / np.maximum(counts, 1)).astype(np.float32)
    total = np.zeros(units, dtype=np.float32)
    values = np.memmap(part / "units.values", dtype=np.int32, mode="r") if lengths.any() else np.zeros(0, np.int32)
    ends = np.cumsum(lengths)
    for start in range(0, len(values), _PART):
        places = np.arange(start, min(start + _PART, len(values)))
        np.add.at(total, values[places[0] : places[-1] + 1], bits[np.searchsorted(ends, places, side="right")])
    np.minimum(np.rint(total / BITS_STEP), 255).astype(np.uint8).tofile(part / "units.bits")


def _write_buckets(connection: duckdb.DuckDBPyConnection, part: Path, meta: dict[str, object]) -> None:
    buckets = _buckets(steps.glued_terms(connection))
    connection.execute("DROP TABLE pairs")
    steps.add_glued(connection, buckets=buckets, unit_bits=unit_bits(int(str(meta["units"]))))
    write_lists(part, "glued", size=buckets, parts=_pairs(connection, "glued"))
    connection.execute("DROP TABLE glued")
    letters = int(connection.execute("SELECT coalesce(sum(length(word)), 0) FROM words").fetchall()[0][0])
    typos = _buckets(letters)
    steps.add_typos(connection, buckets=typos, shortest=SHORTEST_TYPO)
    write_lists(part, "typos", size=typos, parts=_pairs(connection, "typos"))
    connection.execute("DROP TABLE typos")
    meta |= {"glued": buckets, "typos": typos}


def _buckets(terms: int) -> int:
    """Return a power of two, about one for every two terms: a list holds few that do not belong there."""
    return max(_FEWEST_BUCKETS, 1 << max(0, (terms - 1).bit_length() - 1))


def _pairs(connection: duckdb.DuckDBPyConnection, table: str) -> Iterable[tuple[np.ndarray, np.ndarray]]:
    for one in steps.parts(connection, table, "number, unit", _PART):
        yield one["number"], one["unit"]


def _write_cells(connection: duckdb.DuckDBPyConnection, part: Path) -> None:
    """Write the cells in blocks of so many units, packed: neighbours have much in common."""
    lengths: list[int] = []
    with (part / "cells.packed").open("wb") as file, ThreadPoolExecutor(2) as pool:
        for one in steps.parts(connection, "units", f'cells || chr({ord(steps.SEPARATOR)}) || "row" AS c', _CELLS_PART):
            cells = one["c"].tolist()
            blocks = (cells[start : start + IN_BLOCK] for start in range(0, len(cells), IN_BLOCK))
            for packed in pool.map(_packed, blocks):
                lengths.append(len(packed))
                file.write(packed)
    np.concatenate([[0], np.cumsum(lengths)]).astype(np.uint64).tofile(part / "cells.starts")


def _packed(cells: list[str]) -> bytes:
    return zlib.compress(steps.BLOCK_SEPARATOR.join(cells).encode(), _PACKED)


def _write_sirens(connection: duckdb.DuckDBPyConnection, part: Path) -> None:
    found = connection.execute(
        "SELECT siren, CAST(rowid AS INTEGER) AS unit FROM units WHERE siren > 0 ORDER BY siren, rowid"
    ).fetchnumpy()
    np.asarray(found["siren"]).astype(np.int32).tofile(part / "siren.numbers")
    np.asarray(found["unit"]).astype(np.int32).tofile(part / "siren.units")
