"""`beffroi fabric`: load the national register, and count a territory's fabric in it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.catalogue.perimeters import load_perimeter
from beffroi.cli import fabric_fetch
from beffroi.cli.fabric_build import add_way
from beffroi.cli.fabric_measures import add_ways
from beffroi.cli.fabric_out import (
    TERRITORY,
    add_formats,
    check_format,
    own_catalogue,
    register_folder,
    warn_invented,
    write,
)
from beffroi.cli.show import print_json, print_table, progress
from beffroi.observatory.fabric import BY, fabric_table
from beffroi.observatory.fabric_stock import YEAR, year_table
from beffroi.observatory.fabric_subject import REVISION_OF
from beffroi.observatory.fabric_territories import resolve
from beffroi.sources.sirene_load import load_snapshot
from beffroi.store.registers_encode import Machine
from beffroi.store.registers_months import folder_of, months, read_manifest
from beffroi.store.registers_tables import REV2, REV21
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from beffroi.store.registers_months import Manifest


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("fabric", help=words)
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    fabric_fetch.add_to(ways)
    one = ways.add_parser("load", help="load stock files of SIRENE of one month")
    one.add_argument("files", nargs="+", type=Path, help="stock files as published: Parquet, CSV, zip; and ratios")
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
    one.add_argument("--territory", default="FR", help=f"{TERRITORY} (default: FR)")
    one.add_argument("--by", nargs="+", choices=(*BY, YEAR), default=["nuts3"], help="one or two (default: nuts3)")
    one.add_argument("--perimeter", default="", help="only activities of a perimeter of the catalogue")
    one.add_argument("--naf", default="", help="only activities that begin so, such as 62,63.1")
    one.add_argument("--nomenclature", choices=(REV2, REV21), default=REV2, help=f"of activities (default: {REV2})")
    one.add_argument("--month", default=None, help="month of the register (default: the newest)")
    add_formats(one)
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
    check_format(given)
    if given.naf and given.perimeter:
        raise UsageError("Give activities by --naf or by --perimeter, not both.")
    codes = tuple(one for one in given.naf.split(",") if one)
    if given.perimeter:
        codes = load_perimeter(given.perimeter, own_catalogue()).codes[REVISION_OF[given.nomenclature]]
    of = {"territory": resolve(given.territory), "codes": codes, "vintage": given.nomenclature, "month": given.month}
    if YEAR in given.by:
        levels = [one for one in given.by if one != YEAR]
        if len(levels) > 1:
            raise UsageError("A table by year takes one territory level beside it: --by nuts3 year.")
        found = year_table(register_folder(), level=levels[0] if levels else None, **of)
    else:
        found = fabric_table(register_folder(), by=given.by, **of)
    if found.synthetic:
        warn_invented()
    table = found.table
    if given.format == "text":
        print_table(table.columns, table.rows)
        print(f"\nSirene, {found.month}. {found.secret_cells} of {len(table.rows)} cells are secret.")
    else:
        write(found.sdmx(vintage=given.nomenclature) if given.format == "sdmx-csv" else table, given.format, given.into)
    return 0
