"""`beffroi house`: the whole house in one file, and back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.cli.account import open_site
from beffroi.observatory.home import home_folder

if TYPE_CHECKING:
    import argparse


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("house", help=words)
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    one = ways.add_parser("export", help="write everything into a zip; it holds accounts: keep it to yourself")
    one.add_argument("file", type=Path, help="the zip to write; it must not exist")
    one.set_defaults(do=_export)
    one = ways.add_parser("import", help="fill an empty house from such a zip, all of it or nothing")
    one.add_argument("file", type=Path, help="a zip written by 'beffroi house export'")
    one.set_defaults(do=_import)


def _export(given: argparse.Namespace) -> int:
    open_site()
    from beffroi.charter.instance import export_instance  # noqa: PLC0415 -- after the site is open

    carried = export_instance(given.file, home_folder(), told=_tell)
    print(f"{given.file}: {sum(carried.rows.values())} rows of {len(carried.rows)} tables, {carried.files} files.")
    return 0


def _import(given: argparse.Namespace) -> int:
    open_site()
    from beffroi.charter.instance import import_instance  # noqa: PLC0415 -- after the site is open

    carried = import_instance(given.file, home_folder(), told=_tell)
    print(f"{home_folder()}: {sum(carried.rows.values())} rows of {len(carried.rows)} tables, {carried.files} files.")
    return 0


def _tell(table: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{table}", end="", file=sys.stderr, flush=True)
