"""`beffroi members anchor`: the registry's lists looked up in a register of any size."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from beffroi.cli.link_register import index_of
from beffroi.cli.members_tables import add_deed, day, now, open_here
from beffroi.cli.show import print_json

if TYPE_CHECKING:
    import argparse


def add_to(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the way to the parser of `members`."""
    one = ways.add_parser("anchor", help="look every list up in a register of any size, and take in the units found")
    one.add_argument("register", type=Path, help="the register: CSV or Parquet of any size, XLSX, ODS or JSON")
    one.add_argument("--source", required=True, help="name of the register; next month's file has the same name")
    one.add_argument("--as-of", type=day, default=None, help="day of its figures, YYYY-MM-DD (default: today)")
    one.add_argument(
        "--persons", choices=("ask", "keep", "leave_out"), default="leave_out", help="units naming natural persons"
    )
    add_deed(one)
    one.set_defaults(do=_anchor)


def _anchor(given: argparse.Namespace) -> int:
    open_here()
    from beffroi.cli.members_import import print_report  # noqa: PLC0415 -- after the registry is open
    from beffroi.federation.anchor import Register, anchor, rows_to_look_up  # noqa: PLC0415 -- as above

    register = Register(given.source, given.register.name, given.as_of or now().date(),
                        index_of(given.register, name=given.source))  # fmt: skip
    print(f"{register.index.size:,} units in {given.register.name}.", file=sys.stderr)
    with tqdm(total=rows_to_look_up(), desc="looking up", unit=" rows", leave=False, disable=None) as bar:
        report = anchor(register, by=given.by, at=now(), dry_run=given.dry_run, persons=given.persons,
                        reason=given.reason, step=bar.update)  # fmt: skip
    if given.format == "json":
        print_json({**asdict(report), "dry_run": given.dry_run})
    else:
        print_report(report, is_dry=given.dry_run)
    return 0
