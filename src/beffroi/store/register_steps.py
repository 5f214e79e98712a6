"""SQL that brings a register of any size into units, words and terms, one step after the other.

Names are folded by SQL where letters are plain (nearly all of them); the others, and whatever has few distinct values,
are brought into one writing by functions of whoever builds the index. Both ways give the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import numpy as np

from beffroi.store.register_lists import FINGERPRINT_SQL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import duckdb

NAMES = ("name", "trade_name", "acronym")
SEPARATOR, BLOCK_SEPARATOR = "\x1f", "\x1e"
_LONGEST_NAME = 400
_DISTINCT_STEP = 100_000
_MANY = 3


class Standards(TypedDict):
    """How the cells of a register are brought into one writing.

    `plain` gives the folded words of a name, `commune` (of its own cell and its code), `department` (of its own cell,
    the post code and the code of the commune) and `activity` the writing in which these are compared, `label` what a
    web or mail address is searched by. `weak` words do not lead to a unit whose name has others; `one_writing` gives
    the writing of a word that has several.
    """

    plain: Callable[[str], str]
    commune: Callable[[str, str], str]
    department: Callable[[str, str, str], str]
    activity: Callable[[str], str]
    label: Callable[[str], str]
    weak: frozenset[str]
    one_writing: Mapping[str, str]


def take(connection: duckdb.DuckDBPyConnection, source: str, fields: Sequence[str]) -> None:
    """Take a register's rows as text, its names folded where letters are plain; `source` selects `row` and fields."""
    cells = ", ".join(f"{_cell(f'CAST({one} AS VARCHAR)')} AS {one}" for one in fields)
    names = [one for one in NAMES if one in fields]
    low = "".join(f", strip_accents(lower(left({one}, {_LONGEST_NAME}))) AS low_{one}" for one in names)
    plain = "".join(f", {_folded(f'low_{one}')} AS plain_{one}" for one in names)
    connection.execute(
        f'CREATE TABLE raw AS SELECT "row", {", ".join(fields)}{plain} '
        f'FROM (SELECT *{low} FROM (SELECT "row", {cells} FROM ({source})))'
    )


def add_writings(connection: duckdb.DuckDBPyConnection, fields: Sequence[str], standards: Standards) -> None:
    """Add tables of the few distinct places, activities, addresses, and of the names that SQL does not fold."""
    written: dict[str, tuple[str, Callable[[str], str]]] = {
        "communes": (_commune(fields), lambda cell: standards["commune"](*cell.split(SEPARATOR))),
        "activities": (_given("activity", fields), standards["activity"]),
        "sites": (_given("website", fields), standards["label"]),
        "mails": (_given("email", fields), standards["label"]),
        "departments": (_place(fields), lambda cell: standards["department"](*cell.split(SEPARATOR))),
    }
    written |= {f"hard_{one}": (_hard(one), standards["plain"]) for one in NAMES if one in fields}
    for table, (cell, write) in written.items():
        _writings(connection, table, cell, write)


def add_units(connection: duckdb.DuckDBPyConnection, fields: Sequence[str], weak: Iterable[str]) -> None:
    """Put the rows into the order in which they are numbered: by place, then by name, so that a place is a range.

    Only rows that say the same stand in the order of the file.
    """
    names = [one for one in NAMES if one in fields]
    given = {
        "communes": _commune(fields), "activities": _given("activity", fields), "departments": _place(fields),
        "sites": _given("website", fields), "mails": _given("email", fields),
    } | {f"hard_{one}": _hard(one) for one in names}  # fmt: skip
    joins = " ".join(f"LEFT JOIN {table} ON {table}.given = {cell}" for table, cell in given.items())
    plain = [f"coalesce(plain_{one}, hard_{one}.written, '')" for one in names]
    if {"website", "email"} & set(fields):
        plain.append("coalesce(sites.written, mails.written, '')")
    said = " || '|' || ".join(plain) or "''"
    cells = f" || chr({ord(SEPARATOR)}) || ".join(fields)
    connection.execute(
        f"""
        CREATE TABLE units AS
        SELECT department, commune, activity, siren, cells, "row", said,
               regexp_replace(said, '\\b(?:{"|".join(sorted(weak))})\\b ?', '', 'g') AS core
        FROM (
            SELECT coalesce(departments.written, '') AS department, coalesce(communes.written, '') AS commune,
                   coalesce(activities.written, '') AS activity, {_siren(fields)} AS siren, {cells} AS cells, "row",
                   {said} AS said
            FROM raw {joins}
        )
        ORDER BY department, commune, said, hash(cells), "row"
        """
    )
    connection.execute("DROP TABLE raw")


def add_words(connection: duckdb.DuckDBPyConnection, standards: Standards) -> None:
    """Number the words, and bring each pair of a word and a unit in order; weak words lead to units without others."""
    _table(connection, "weak", {"raw": sorted(standards["weak"])})
    writings = sorted(standards["one_writing"].items())
    _table(connection, "writings", {"raw": [one for one, _ in writings], "written": [one for _, one in writings]})
    connection.execute(
        f"""
        CREATE TABLE spoken AS
        SELECT raw, coalesce(written, raw) AS word, raw IN (SELECT raw FROM weak) AS is_weak, found
        FROM (SELECT raw, count(*) AS found FROM ({_SPOKEN}) WHERE raw <> '' GROUP BY raw)
        LEFT JOIN writings USING (raw)
        """
    )
    connection.execute(
        """
        CREATE TABLE words AS
        SELECT CAST(row_number() OVER (ORDER BY word) - 1 AS INTEGER) AS number, word,
               sum(CASE WHEN is_weak THEN found ELSE 0 END)::BIGINT AS weak_found
        FROM spoken GROUP BY word
        """
    )
    connection.execute(
        f"""
        CREATE TABLE pairs AS
        SELECT words.number, CAST(unit AS INTEGER) AS unit
        FROM ({_SPOKEN}) JOIN spoken USING (raw) JOIN words USING (word)
        WHERE NOT is_weak OR is_bare
        ORDER BY number, unit
        """
    )


def add_glued(connection: duckdb.DuckDBPyConnection, *, buckets: int, unit_bits: int) -> None:
    """Bring each neighbour pair of words, each whole name and its initials (`#`) in order by their fingerprint.

    The bits of a number that no unit needs hold more of the fingerprint, so that hardly any unit is in a wrong list.
    """
    check = f"(print >> {buckets.bit_length() - 1}) & {(1 << (32 - unit_bits)) - 1}"
    connection.execute(
        f"""
        CREATE TABLE glued AS
        SELECT CAST(print & {buckets - 1} AS INTEGER) AS number,
               CAST((({check}) << {unit_bits}) | unit AS UINTEGER) AS unit
        FROM (
            SELECT unit, {FINGERPRINT_SQL}(unnest(list_concat(
                [array_to_string(w, '')],
                CASE WHEN len(w) < {_MANY} THEN [] ELSE list_concat(
                    list_transform(range(1, len(w)), lambda k: w[k] || w[k + 1]),
                    ['#' || array_to_string(list_transform(w, lambda x: x[1]), '')]
                ) END
            ))) AS print
            FROM (
                SELECT unit, string_split(trim(part), ' ') AS w
                FROM (SELECT rowid AS unit, unnest(string_split(core, '|')) AS part FROM units)
            )
            WHERE len(w) > 1
        )
        ORDER BY number, unit
        """
    )


def glued_terms(connection: duckdb.DuckDBPyConnection) -> int:
    """Return about how many terms `add_glued` makes: as many as there are words, at most."""
    return int(connection.execute("SELECT count(*) FROM pairs").fetchall()[0][0])


def add_typos(connection: duckdb.DuckDBPyConnection, *, buckets: int, shortest: int) -> None:
    """Bring each word less one letter in order by its fingerprint."""
    connection.execute(
        f"""
        CREATE TABLE typos AS
        SELECT CAST({FINGERPRINT_SQL}(less) & {buckets - 1} AS INTEGER) AS number, word_number AS unit
        FROM (
            SELECT number AS word_number, left(word, k) || substr(word, k + 2) AS less
            FROM (SELECT number, word, CAST(unnest(range(0, length(word))) AS INTEGER) AS k FROM words
                  WHERE length(word) >= {shortest} AND NOT regexp_full_match(word, '[0-9]+'))
        )
        ORDER BY number, unit
        """
    )


def parts(
    connection: duckdb.DuckDBPyConnection, table: str, columns: str, step: int
) -> Iterable[dict[str, np.ndarray]]:
    """Yield the columns of a table, so many rows at a time, in their order."""
    count = int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])
    for start in range(0, count, step):
        found = connection.execute(
            f"SELECT {columns} FROM {table} WHERE rowid >= {start} AND rowid < {start + step} ORDER BY rowid"
        ).fetchnumpy()
        yield {name: np.asarray(values) for name, values in found.items()}


_SPOKEN = (
    "SELECT rowid AS unit, unnest(string_split(replace(said, '|', ' '), ' ')) AS raw, "
    "replace(replace(core, '|', ''), ' ', '') = '' AS is_bare FROM units"
)


def _cell(text: str) -> str:
    """SQL of a cell without spaces around it and without the marks that keep cells apart; hardly any has them."""
    marks = f"chr({ord(SEPARATOR)}) || chr({ord(BLOCK_SEPARATOR)})"
    return (
        f"CASE WHEN regexp_matches({text}, '^\\s|\\s$|[{SEPARATOR}{BLOCK_SEPARATOR}]') "
        f"THEN trim(translate({text}, {marks}, '')) ELSE coalesce({text}, '') END"
    )


def _given(field: str, fields: Sequence[str]) -> str:
    return field if field in fields else "''"


def _place(fields: Sequence[str]) -> str:
    """SQL of what says the département: its own cell, the post code, which may stand in the address, the commune."""
    found = "regexp_extract(address, '\\b(\\d{4,5})\\b', 1)"
    postcode = _given("postcode", fields)
    if "address" in fields:
        postcode = f"CASE WHEN postcode = '' THEN {found} ELSE postcode END" if "postcode" in fields else found
    return _beside(_given("department", fields), postcode, _given("commune_code", fields))


def _commune(fields: Sequence[str]) -> str:
    """SQL of what says the commune: its name and its code."""
    return _beside(_given("city", fields), _given("commune_code", fields))


def _beside(*cells: str) -> str:
    return f" || chr({ord(SEPARATOR)}) || ".join(cells)


def _hard(name: str) -> str:
    return f"CASE WHEN plain_{name} IS NULL THEN left({name}, {_LONGEST_NAME}) END"


def _folded(low: str) -> str:
    """SQL of a folded name; NULL for letters that are not Latin, dotted initials and single letters in a row."""
    marked = f"regexp_replace(replace({low}, '`', ''''), '''s\\b', ' ', 'g')"
    spelled = f"replace(replace({marked}, '&', ' and '), '+', ' plus ')"
    folded = f"trim(regexp_replace({spelled}, '[^0-9a-z]+', ' ', 'g'))"
    initials = "(^| )[a-z] [a-z]( |$)"
    return (
        f"CASE WHEN NOT regexp_matches({low}, '[^0-9a-z ]|  |^ | $|{initials}') THEN {low} "
        f"WHEN regexp_matches({low}, '[^\\x00-\\x7f]|\\b\\w\\.\\w\\b') "
        f"OR regexp_matches({folded}, '{initials}') THEN NULL ELSE {folded} END"
    )


def _siren(fields: Sequence[str]) -> str:
    """SQL of the number to look a unit up by; whether its key is right is seen when the unit is read."""
    spread = "' .-' || chr(160) || chr(8239)"
    found = []
    for one, length in (("siren", 9), ("siret", 14)):
        if one in fields:
            found.append(f"CASE WHEN length({one}) = {length} THEN TRY_CAST(left({one}, 9) AS INTEGER) END")
            digits = f"regexp_extract(translate({one}, {spread}, ''), '^(\\d{{9}})(\\d{{5}})?$', 1)"
            found.append(f"CASE WHEN {one} <> '' THEN TRY_CAST({digits} AS INTEGER) END")
    if "vat" in fields:
        digits = f"regexp_extract(upper(translate(vat, {spread}, '')), '^FR\\d\\d(\\d{{9}})$', 1)"
        found.append(f"CASE WHEN vat <> '' THEN TRY_CAST({digits} AS INTEGER) END")
    return f"coalesce({', '.join([*found, '0'])})"


def _writings(connection: duckdb.DuckDBPyConnection, table: str, cell: str, write: Callable[[str], str]) -> None:
    """Bring the distinct values of a cell into one writing; those that have none are left out."""
    connection.execute(f"CREATE TABLE {table} (given VARCHAR, written VARCHAR)")
    cursor = connection.cursor()
    cursor.execute(f"SELECT DISTINCT {cell} FROM raw")
    while rows := cursor.fetchmany(_DISTINCT_STEP):
        pairs = [(str(row[0]), write(str(row[0]))) for row in rows if row[0]]
        kept = [(given, written) for given, written in pairs if written]
        if kept:
            _insert(connection, table, {"given": [one for one, _ in kept], "written": [one for _, one in kept]})


def _table(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, Sequence[str]]) -> None:
    connection.execute(f"CREATE TABLE {table} ({', '.join(f'{name} VARCHAR' for name in columns)})")
    if next(iter(columns.values())):
        _insert(connection, table, columns)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, Sequence[str]]) -> None:
    given = {name: np.array(values, dtype=object) for name, values in columns.items()}
    connection.register("given_rows", given)
    connection.execute(f"INSERT INTO {table} SELECT {', '.join(columns)} FROM given_rows")
    connection.unregister("given_rows")
