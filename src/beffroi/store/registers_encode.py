"""Code the files of a register, one step at a time; each step leaves a whole file or nothing.

A step that finds its file does not run again: a load that was killed goes on where it stopped. Nothing here knows
whose files these are; `sources.sirene` says which column of the publisher is which of ours.
"""

from __future__ import annotations

import csv
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING

import duckdb

from beffroi.store.registers_settle import faults_path, keep_one, keep_true
from beffroi.store.registers_sql import CODED, CODINGS, Coding
from beffroi.store.registers_tables import REV2, REV21, activity_rows, place_rows, size_rows
from beffroi.store.swap import new_file, told
from beffroi.store.tables import write_parquet
from beffroi.vocabulary.communes import places
from beffroi.vocabulary.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from beffroi.store.tables import Value

_POLL_SECONDS = 0.25
_TYPED = {"created", "since", "started", "ended", "on_day", "head_office", "transfer", "continuity", "x", "y"}
_FULL_WORDS = ("no space left", "disk quota", "file too large", "not enough space")
_NO_FAULTS = "SELECT '' AS file, '' AS row_key, '' AS reason, '' AS detail, false AS kept LIMIT 0"
# A quote that never closes takes every line after it along: such a file is refused, not read in part.
_SWALLOWS_LINES = ("UNQUOTED VALUE", "LINE SIZE OVER MAXIMUM")


@dataclass(frozen=True, slots=True)
class Input:
    """One file of the publisher: its kind, where it lies, and which of its columns is which of ours.

    `columns` maps our names to the publisher's; a name that is missing there is missing in every row.
    """

    kind: str
    path: Path
    columns: Mapping[str, str]

    @property
    def is_text(self) -> bool:
        """Whether the file is CSV and not Parquet."""
        return self.path.suffix.lower() != ".parquet"


@dataclass(frozen=True, slots=True)
class Machine:
    """What a load may take of the machine."""

    threads: int = 2
    memory_gb: float = 3.0


def read_header(path: Path) -> tuple[str, ...]:
    """Names of a file's columns, in its order.

    Raises:
        SourceError: the file is cut, empty or no table.
    """
    if path.suffix.lower() != ".parquet":
        line = _first_line(path)
        return tuple(next(csv.reader([line], delimiter=_delimiter(line)), []))
    with read_or_refuse(path), duckdb.connect() as connection:
        described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({_quoted(path)})").fetchall()
    return tuple(row[0] for row in described)


def stage_text(given: Input, into: Path, *, machine: Machine, fraction: Callable[[float], None]) -> Input:
    """Bring the needed columns of a CSV file into Parquet; lines that are no rows are kept as faults.

    Raises:
        SourceError: the file cannot be read as CSV at all.
        StoreError: the disk is full.
    """
    target = into / f"raw_{given.kind}.parquet"
    names = ", ".join(f'"{one}"' for one in dict.fromkeys(given.columns.values()))
    if not target.exists():
        with new_file(target) as part, opened(into, machine) as connection, read_or_refuse(given.path):
            staged = f"SELECT {names} FROM {_csv(given.path)}"
            run(connection, f"COPY ({staged}) TO {_quoted(part)} (FORMAT parquet)", fraction)
            # The text of a broken line may hold a name: only its number and the fault are kept.
            rejected = connection.execute(
                "SELECT DISTINCT line, error_type::VARCHAR FROM reject_errors ORDER BY line"
            ).fetchall()
            _refuse_swallowed(given.path, rejected)
            _write_notes(
                into,
                f"lines_{given.kind}",
                [(f"line {line}", "line_is_no_row", f"{given.path.name}: {kind}", False) for line, kind in rejected],
            )
    return Input(given.kind, target, given.columns)


def write_dictionaries(inputs: tuple[Input, ...], into: Path, *, machine: Machine) -> None:
    """Write `places`, `activities` and `sizes` for the codes that these files hold.

    A commune code that the official geographic code does not know is kept as a place of its own and noted.
    """
    if (into / "sizes.parquet").exists():
        return
    found: set[tuple[str, str]] = set()
    unknown: dict[str, int] = {}
    with opened(into, machine) as connection:
        for one in inputs:
            codings = CODINGS[one.kind]
            with read_or_refuse(one.path):
                if any(coding.has_activities for coding in codings):
                    found |= _activities(connection, one)
                if any(coding.has_places for coding in codings):
                    unknown |= _unknown_communes(connection, one)
    notes = [(code, "unknown_commune", f"{count} rows", True) for code, count in sorted(unknown.items())]
    _write_notes(into, "communes", notes)
    for name, columns in (
        ("places", place_rows(unknown)),
        ("activities", activity_rows(found)),
        ("sizes", size_rows()),
    ):
        _write_coded(into / f"{name}.parquet", columns)


def _write_coded(target: Path, columns: Mapping[str, Sequence[Value]]) -> None:
    # Keys as narrow as those of the rows: widening tens of millions of them at each join costs more than the join.
    keys = [name for name in columns if name == "key" or name.endswith("_key")]
    narrow = ", ".join(f"CAST({name} AS INTEGER) AS {name}" for name in keys)
    with new_file(target) as part, duckdb.connect() as connection:
        wide = part.with_name(f"{part.name}.wide")
        write_parquet(wide, columns)
        chosen = f"SELECT * REPLACE ({narrow}) FROM read_parquet({_quoted(wide)})"
        connection.execute(f"COPY ({chosen}) TO {_quoted(part)} (FORMAT parquet, COMPRESSION zstd)")
        wide.unlink()


def encode(given: Input, coding: Coding, into: Path, *, machine: Machine, fraction: Callable[[float], None]) -> None:
    """Write one coded table, and before it the rows that could not be kept.

    Raises:
        SourceError: the file cannot be read.
        StoreError: the disk is full.
    """
    target = into / f"{coding.table}.parquet"
    if target.exists():
        return
    with opened(into, machine) as connection:
        for name in ("places", "activities", "sizes"):
            connection.execute(
                f"CREATE TABLE {name} AS SELECT * FROM read_parquet({_quoted(into / f'{name}.parquet')})"
            )
        source = _numbered(given, coding)
        with new_file(target) as part, read_or_refuse(given.path):
            sound = f"SELECT * FROM ({source}) WHERE {coding.sound}{_named_once(coding, into)}"
            chosen = f"SELECT {coding.chosen} FROM ({sound}) AS r {coding.joined}"
            connection.execute(f"SET preserve_insertion_order = {str(coding.is_in_order).lower()}")
            ordered = chosen if coding.is_in_order else f"{chosen} ORDER BY {coding.order}"
            run(connection, f"COPY ({ordered}) TO {_quoted(part)} ({CODED})", fraction)
            numbers = keep_true(connection, part, coding)
            kept, held = (rows_in(connection, path) for path in (part, given.path))
            if not kept and not coding.is_partial:
                raise _nothing_kept(connection, given, coding)
            if kept < held and not coding.is_partial:
                _keep_faults(connection, given, coding, into)
            if coding.key:
                keep_one(connection, part, coding, into, numbers)


def _named_once(coding: Coding, into: Path) -> str:
    """SQL that leaves a unit given twice without a name: of its rows, the one kept may be that of a person."""
    twice = faults_path(into, "legal_units")
    if not coding.is_partial or not twice.exists():
        return ""
    return f" AND number NOT IN (SELECT CAST(row_key AS INTEGER) FROM read_parquet({_quoted(twice)}))"


def rows_in(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Rows of a Parquet file, from its footer."""
    return int(connection.execute(f"SELECT count(*) FROM read_parquet({_quoted(path)})").fetchall()[0][0])


def _keep_faults(connection: duckdb.DuckDBPyConnection, given: Input, coding: Coding, into: Path) -> None:
    reasons = f"SELECT {coding.row_key} AS row_key, {coding.reason} AS reason FROM ({_numbered(given, coding)})"
    with new_file(into / f"faults_{coding.table}.parquet") as part:
        connection.execute(
            f"COPY (SELECT '{coding.table}' AS file, row_key, reason, '' AS detail, false AS kept FROM ({reasons}) "
            f"WHERE reason <> '' ORDER BY row_key) TO {_quoted(part)} (FORMAT parquet)"
        )


def _nothing_kept(connection: duckdb.DuckDBPyConnection, given: Input, coding: Coding) -> SourceError:
    """A table without rows from a file with rows means that the file is not what its columns say."""
    counted = f"SELECT {coding.reason} AS reason, count(*) FROM ({_numbered(given, coding)}) GROUP BY 1 ORDER BY 2 DESC"
    said = ", ".join(f"{reason} in {count:,}" for reason, count in connection.execute(counted).fetchall())
    return SourceError(
        f"{given.path.name} has no row that can be kept ({said or 'it has none at all'}). The publisher may "
        "have changed what the columns hold; nothing was loaded."
    )


def gather_faults(into: Path) -> dict[str, int]:
    """Bring the faults of all steps into one table and count them by reason; several rows may share a reason.

    Returns:
        Rows by `table: reason`, in order.
    """
    parts = sorted(into.glob("faults_*.parquet"))
    listed = ", ".join(_quoted(part) for part in parts)
    found = f"SELECT * FROM read_parquet([{listed}])" if parts else _NO_FAULTS
    with new_file(into / "faults.parquet") as target, duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE faults AS {found}")
        connection.execute(f"COPY faults TO {_quoted(target)} (FORMAT parquet, COMPRESSION zstd)")
        counts = connection.execute("SELECT file || ': ' || reason, count(*) FROM faults GROUP BY 1 ORDER BY 1")
        return dict(counts.fetchall())


def count_rows(path: Path) -> int:
    """Rows of a Parquet file on its own, from its footer."""
    with told(path), duckdb.connect() as connection:
        return rows_in(connection, path)


def raw(given: Input, columns: tuple[str, ...]) -> str:
    """SQL of the file under our names; a column that the file lacks is NULL."""
    chosen = ", ".join(_named(one, given.columns.get(one)) for one in columns)
    return f"SELECT {chosen} FROM read_parquet({_quoted(given.path)})"


def _numbered(given: Input, coding: Coding) -> str:
    """SQL of the file with what is computed of it before its rows are judged."""
    more = "".join(f", {one}" for one in coding.numbers)
    return f"SELECT *{more} FROM ({raw(given, coding.columns)})"


def _named(ours: str, theirs: str | None) -> str:
    if theirs is None:
        return f"NULL::VARCHAR AS {ours}"
    # Parquet files carry dates and truth values as such: through text and back would cost as much as reading them.
    return f'"{theirs}" AS {ours}' if ours in _TYPED else f'CAST("{theirs}" AS VARCHAR) AS {ours}'


@contextmanager
def opened(into: Path, machine: Machine) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine within the limits of the machine; what does not fit in memory goes beside the target."""
    spill = into / "spill"
    with told(into), duckdb.connect() as connection:
        connection.execute(f"SET threads = {machine.threads}")
        connection.execute(f"SET memory_limit = '{machine.memory_gb}GB'")
        connection.execute(f"SET temp_directory = {_quoted(spill)}")
        connection.execute("SET preserve_insertion_order = false")
        yield connection
    shutil.rmtree(spill, ignore_errors=True)


@contextmanager
def read_or_refuse(path: Path) -> Iterator[None]:
    """Say of a file that cannot be read that it is the file, and not the disk we write on."""
    try:
        yield
    except (
        duckdb.IOException,
        duckdb.InvalidInputException,
        duckdb.BinderException,
        duckdb.ConversionException,
    ) as error:
        if any(words in str(error).lower() for words in _FULL_WORDS):
            raise
        raise SourceError(
            f"{path} cannot be read ({str(error).splitlines()[0]}). It is cut short, damaged, or not the file its name "
            "says. Fetch it again and compare its size and checksum with the publisher's; nothing was loaded."
        ) from error


def run(connection: duckdb.DuckDBPyConnection, sql: str, fraction: Callable[[float], None]) -> None:
    """Run a statement and tell, from 0 to 1, how far it is."""
    done = Event()

    def watch() -> None:
        while not done.wait(_POLL_SECONDS):
            fraction(max(0.0, float(connection.query_progress())) / 100)

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        connection.execute(sql)
    finally:
        done.set()
        watcher.join()
    fraction(1.0)


def _activities(connection: duckdb.DuckDBPyConnection, given: Input) -> set[tuple[str, str]]:
    # Both codes of a row go together: one reading finds the few hundred pairs there are.
    source = raw(given, ("naf", "nomenclature", "naf25"))
    rows = connection.execute(
        f"SELECT DISTINCT coalesce(nomenclature, '{REV2}'), naf, naf25 FROM ({source})"
    ).fetchall()
    pairs = {pair for vintage, code, new in rows for pair in ((vintage, code), (REV21, new))}
    return {(vintage, code) for vintage, code in pairs if code is not None}


def _unknown_communes(connection: duckdb.DuckDBPyConnection, given: Input) -> dict[str, int]:
    """Rows of each commune code that the official geographic code does not know."""
    counted = f"SELECT commune, count(*) FROM ({raw(given, ('commune',))}) WHERE commune <> '[ND]' GROUP BY 1"
    known = places()
    return {code: count for code, count in connection.execute(counted).fetchall() if code not in known}


def _csv(path: Path) -> str:
    # Nothing is guessed: a guess from the first lines fails on the first line that is broken.
    line = _first_line(path)
    delimiter = _delimiter(line)
    names = ", ".join(f"'{one}': 'VARCHAR'" for one in next(csv.reader([line], delimiter=delimiter), []))
    ending = "\\r\\n" if line.endswith("\r\n") else "\\n"
    return (
        f"read_csv({_quoted(path)}, columns = {{{names}}}, auto_detect = false, header = true, "
        f"delim = '{delimiter}', "
        f"quote = '\"', escape = '\"', new_line = '{ending}', store_rejects = true, rejects_limit = 0)"
    )


def _delimiter(header: str) -> str:
    """The sign between the columns: INSEE writes commas, the ministry of the economy semicolons."""
    return ";" if header.count(";") > header.count(",") else ","


def _first_line(path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return file.readline()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{path} cannot be read as CSV in UTF-8 ({error}). Give the publisher's file as it came: "
            "CSV, zip or Parquet."
        ) from error


def _refuse_swallowed(path: Path, rejected: list[tuple[int, str]]) -> None:
    swallowing = [line for line, kind in rejected if kind in _SWALLOWS_LINES]
    if swallowing:
        raise SourceError(
            f"{path.name}: a quote opens in line {swallowing[0]:,} and does not close, so the lines after it cannot be "
            "told apart. Fetch the file again; nothing was loaded."
        )


def _write_notes(into: Path, name: str, rows: list[tuple[str, str, str, bool]]) -> None:
    columns = ("row_key", "reason", "detail", "kept")
    table = {"file": [name] * len(rows)} | {one: [row[k] for row in rows] for k, one in enumerate(columns)}
    if rows:
        write_parquet(into / f"faults_{name}.parquet", table)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
