"""`beffroi fabric`: load the national register, and count a territory's fabric in it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.cli import fabric_fetch
from beffroi.cli.fabric_build import add_way
from beffroi.cli.fabric_measures import add_ways
from beffroi.cli.show import print_json, print_table, progress
from beffroi.observatory import export
from beffroi.observatory.fabric import BY, fabric_table
from beffroi.observatory.home import home_folder
from beffroi.sources.sirene_load import load_snapshot
from beffroi.store.registers_encode import Machine
from beffroi.store.registers_months import folder_of, months, read_manifest
from beffroi.store.registers_tables import REV2, REV21
from beffroi.store.swap import new_file
from beffroi.store.tables import write_parquet
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from beffroi.store.registers_months import Manifest

FORMATS = ("text", "csv", "parquet", "xlsx", "json")


def register_folder() -> Path:
    """Where the register of this house lies."""
    return home_folder() / "registers" / "sirene"


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("fabric", help="load the national register and count a territory's firms in it")
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    fabric_fetch.add_to(ways)
    one = ways.add_parser("load", help="load stock files of SIRENE of one month")
    one.add_argument("files", nargs="+", type=Path, help="stock files as published: Parquet, CSV or zip")
    one.add_argument("--month", required=True, help="month of the snapshot, such as 2026-11")
    one.add_argument("--older", action="store_true", help="load a month older than the newest one loaded")
    one.add_argument("--again", action="store_true", help="put these files in the place of others of this month")
    one.add_argument("--checksum", action="append", default=[], metavar="NAME=SHA256", help="what a file must be")
    one.add_argument("--threads", type=int, default=2, help="default: 2")
    one.add_argument("--memory", type=float, default=3.0, help="GB that may be taken (default: 3)")
    one.set_defaults(do=_load)
    one = ways.add_parser("months", help="list the months loaded, with their rows and faults")
    one.add_argument("--format", choices=("text", "json"), default="text", help="text for people, json for machines")
    one.set_defaults(do=_months)
    one = ways.add_parser("table", help="count establishments and jobs by place, activity and size")
    one.add_argument(
        "--territory", default="FR", help="code of a commune, EPCI, département or NUTS region (default: FR)"
    )
    one.add_argument("--by", nargs="+", choices=BY, default=["nuts3"], help="one or two dimensions (default: nuts3)")
    one.add_argument("--naf", default="", help="only activities that begin so, such as 62,63.1")
    one.add_argument("--nomenclature", choices=(REV2, REV21), default=REV2, help=f"of activities (default: {REV2})")
    one.add_argument("--month", default=None, help="month of the register (default: the newest)")
    one.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    one.add_argument("--into", type=Path, default=None, help="file to write (default: standard output)")
    one.set_defaults(do=_table)
    add_way(ways)
    add_ways(ways)


def _load(given: argparse.Namespace) -> int:
    with progress() as report:
        manifest = load_snapshot(
            given.files,
            register_folder(),
            month=given.month,
            today=datetime.now(UTC).date().isoformat(),
            older=given.older,
            again=given.again,
            machine=Machine(given.threads, given.memory),
            checksums=dict(_pair(one) for one in given.checksum),
            progress=report,
        )
    print(_said(manifest))
    return 0


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.rpartition("=")
    if not sign:
        raise UsageError(f"'{text}' is no checksum of a file. Write --checksum NAME=SHA256.")
    return name, value


def _said(manifest: Manifest) -> str:
    lines = [f"Month {manifest.month} is loaded" + (" (synthetic: no real firm)." if manifest.synthetic else ".")]
    lines += [f"  {count:>12,}  {table.replace('_', ' ')}" for table, count in manifest.rows.items()]
    if manifest.faults:
        lines.append("Rows not kept, and communes not known; each stands in the table of faults:")
        lines += [f"  {count:>12,}  {reason.replace('_', ' ')}" for reason, count in manifest.faults.items()]
    return "\n".join(lines)


def _months(given: argparse.Namespace) -> int:
    register = register_folder()
    held = [read_manifest(folder_of(register, month)) for month in months(register)]
    if given.format == "json":
        print_json([asdict(one) for one in held])
    elif held:
        print("\n".join(_said(one) for one in held))
    else:
        print("No month is loaded. Run './beffroi fabric load FILES --month YYYY-MM'.")
    return 0


def _table(given: argparse.Namespace) -> int:
    if given.format in ("parquet", "xlsx") and given.into is None:
        raise UsageError(f"{given.format} is not text: say where to write it with --into FILE.{given.format}.")
    found = fabric_table(
        register_folder(),
        by=given.by,
        territory=given.territory,
        codes=tuple(one for one in given.naf.split(",") if one),
        vintage=given.nomenclature,
        month=given.month,
    )
    table = found.table
    if found.synthetic:
        print("These firms are invented: the register loaded is synthetic.", file=sys.stderr)
    if given.format == "text":
        print_table(table.columns, [[None if value is None else value for value in row] for row in table.rows])
        print(f"\nSirene, {found.month}. {found.secret_cells} of {len(table.rows)} cells are secret.")
    elif given.format == "parquet":
        with new_file(given.into) as part:
            columns = [list(column) for column in zip(*table.rows, strict=True)]
            write_parquet(part, dict(zip(table.columns, columns, strict=True)))
    else:
        write = {"csv": export.to_csv, "json": export.to_json, "xlsx": export.to_xlsx}[given.format]
        content = write(table)
        if given.into is None:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            with new_file(given.into) as part:
                part.write_bytes(content)
    return 0
