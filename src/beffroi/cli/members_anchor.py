"""`beffroi members anchor`: the registry's lists looked up in a register of any size."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from beffroi.cli.link_register import LOADED, index_of, loaded_month
from beffroi.cli.members_tables import add_deed, day, now, open_here
from beffroi.cli.show import print_json

if TYPE_CHECKING:
    import argparse


def add_to(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the way to the parser of `members`."""
    one = ways.add_parser("anchor", help="look every list up in a register of any size, and take in the units found")
    one.add_argument(
        "register", type=Path, metavar="REGISTER",
        help="CSV or Parquet of any size, XLSX, ODS or JSON; or sirene: the month that is loaded, sirene/2026-11",
    )  # fmt: skip
    one.add_argument("--source", required=True, help="name of the register; next month's file has the same name")
    one.add_argument(
        "--as-of", type=day, default=None,
        help="day of its figures, YYYY-MM-DD (default: today; of sirene, the first day of its month)",
    )  # fmt: skip
    one.add_argument(
        "--persons", choices=("ask", "keep", "leave_out"), default=None,
        help="units naming natural persons (default: leave_out; keep of sirene, which has legal persons only)",
    )  # fmt: skip
    add_deed(one)
    one.set_defaults(do=_anchor)


def _anchor(given: argparse.Namespace) -> int:
    open_here()
    from beffroi.cli.members_import import print_report  # noqa: PLC0415 -- after the registry is open
    from beffroi.federation.anchor import Register, anchor, rows_to_look_up  # noqa: PLC0415 -- as above

    month = loaded_month(given.register)
    as_of = given.as_of or (date.fromisoformat(f"{month}-01") if month else now().date())
    name = f"{LOADED}/{month}" if month else given.register.name
    register = Register(given.source, name, as_of, index_of(given.register, name=given.source))
    persons = given.persons or ("keep" if month else "leave_out")
    print(f"{register.index.size:,} units in {name}.", file=sys.stderr)
    with tqdm(total=rows_to_look_up(), desc="looking up", unit=" rows", leave=False, disable=None) as bar:
        report = anchor(register, by=given.by, at=now(), dry_run=given.dry_run, persons=persons, reason=given.reason,
                        step=bar.update)  # fmt: skip
    if given.format == "json":
        print_json({**asdict(report), "dry_run": given.dry_run})
    else:
        print_report(report, is_dry=given.dry_run)
    return 0
