"""`beffroi link`: link lists to each other, to a register, or one list to itself; no set-up, no server."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from beffroi.cli.given_file import read_given
from beffroi.cli.link_register import loaded_month, say_columns, to_register
from beffroi.linkage.columns import find_columns, records_of
from beffroi.linkage.link import link_lists
from beffroi.linkage.record import FIELDS, Record, tidy
from beffroi.linkage.sheet import read_sheet
from beffroi.observatory.export import to_csv
from beffroi.observatory.tables import Table
from beffroi.store.registers_engine import NO_SPARK
from beffroi.store.swap import new_file
from beffroi.vocabulary.errors import StoreError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from beffroi.linkage.judge import Judgement
    from beffroi.linkage.record import Tidy

COLUMNS = ("left_file", "left_row", "right_file", "right_row", "probability", "decision", "reason")
_PART = re.compile(rf",(?=(?:{'|'.join(FIELDS)}):)")


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    one = verbs.add_parser("link", help=words)
    one.add_argument(
        "lists", type=Path, nargs="+", metavar="LIST", help="CSV, XLSX, ODS or JSON; one alone: duplicates"
    )
    one.add_argument(
        "--register",
        type=Path,
        default=None,
        help="register whose units the rows are to be found in, of any size; sirene: the month loaded, sirene/2026-11",
    )
    one.add_argument("--out", type=Path, required=True, help="CSV of links to write; a file there is replaced")
    one.add_argument(
        "--columns", action="append", default=[], metavar="FILE=FIELD:HEADER,…",
        help="say which columns a file has where detection errs (once a file)",
    )  # fmt: skip
    one.add_argument(
        "--engine", choices=("here", "spark"), default="here",
        help="where pairs are compared: here, or on Spark (beffroi[spark]), with the same links",
    )  # fmt: skip
    one.add_argument("--master", default="local[*]", help="Spark's master, such as spark://host:7077")
    one.set_defaults(do=_link)


def _link(given: argparse.Namespace) -> int:
    paths = [*given.lists, *([given.register] if given.register else [])]
    names = _names(paths)
    if given.register and loaded_month(given.register):
        names[given.register] = str(given.register)
    stated = _stated(given.columns, names)
    rows = [tidy(row) for path in given.lists for row in _read(names[path], path, stated.get(names[path], {}))]
    found: list[Judgement] = []
    if len(given.lists) > 1 or not given.register:
        found += _link_on_spark(rows, given.master) if given.engine == "spark" else _link_here(rows)
    if given.register:
        name = names[given.register]
        found += to_register(rows, given.register, name=name, stated=stated.get(name, {}))
    order = {name: place for place, name in enumerate(names.values())}
    keyed = names[given.register] if given.register else ""
    table = sorted((_ordered(one, order, keyed) for one in found), key=lambda one: one[0])
    with new_file(given.out) as part:
        part.write_bytes(to_csv(Table("links", COLUMNS, tuple(cells for _, cells in table))))
    counts = Counter(one.decision for one in found)
    print(f"{len(rows)} rows: {', '.join(f'{counts[one]} {one}' for one in ('automatic', 'review', 'related'))}.")
    print(f"Links are in {given.out}.")
    return 0


def _link_here(rows: Sequence[Tidy]) -> list[Judgement]:
    with tqdm(total=len(rows), desc="looking up", unit=" rows", leave=False) as bar:
        return link_lists(
            rows, step=bar.update, along=lambda pairs: tqdm(pairs, desc="comparing", unit=" pairs", leave=False)
        )


def _link_on_spark(rows: Sequence[Tidy], master: str) -> list[Judgement]:
    try:
        from beffroi.cli.link_engine import link_on_spark  # noqa: PLC0415 -- needs pyarrow, which comes with the extra
    except ImportError as error:
        raise StoreError(NO_SPARK) from error
    return link_on_spark(rows, master)


def _names(paths: Sequence[Path]) -> dict[Path, str]:
    """Name each file as short as leaves no doubt."""
    twice = [path for path in paths if paths.count(path) > 1]
    if twice:
        raise UsageError(f"{twice[0]} is given twice. Give each list once; one list alone is searched for duplicates.")
    short = Counter(path.name for path in paths)
    return {path: path.name if short[path.name] == 1 else str(path) for path in paths}


def _stated(given: Sequence[str], names: Mapping[Path, str]) -> dict[str, dict[str, str]]:
    """Read `FILE=field:header,field:header`; headers may hold commas and colons."""
    out: dict[str, dict[str, str]] = {}
    for one in given:
        named = [
            (name, one[len(start) + 1 :])
            for path, name in names.items()
            for start in {name, str(path), path.name}
            if one.startswith(f"{start}=")
        ]
        if not named:
            raise UsageError(
                f"--columns '{one}' names none of the files ({', '.join(names.values())}): FILE=FIELD:HEADER."
            )
        name, parts = named[0]
        if name in out:
            raise UsageError(f"--columns is given twice for {name}. Put all its fields into one.")
        pairs = [part.partition(":") for part in _PART.split(parts)]
        wrong = [part[0] for part in pairs if not part[1]]
        if wrong:
            raise UsageError(f"--columns for {name}: '{wrong[0]}' is not FIELD:HEADER (fields: {', '.join(FIELDS)}).")
        out[name] = {field.strip(): header for field, _, header in pairs}
    return out


def _read(name: str, path: Path, stated: Mapping[str, str]) -> list[Record]:
    sheet = read_sheet(read_given(path), name=name)
    found = find_columns(sheet, name=name, stated=stated)
    say_columns(name, sheet, found)
    return records_of(sheet, found, source=name)


def _ordered(
    one: Judgement, order: Mapping[str, int], keyed: str
) -> tuple[tuple[object, ...], tuple[str | int | float, ...]]:
    """Put the earlier file left, and give the place of the link in the table."""
    left, right = one.left.record, one.right.record
    if (order[right.source], right.row) < (order[left.source], left.row):
        left, right = right, left
    place = (order[left.source], order[right.source], left.row, -one.probability, right.row)
    named = (right.source == keyed and right.key) or right.row
    cells = (left.source, left.row, right.source, named, round(one.probability, 4), one.decision)
    return place, (*cells, one.reason)
