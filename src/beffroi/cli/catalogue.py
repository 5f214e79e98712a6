"""`beffroi catalogue`: check the definitions, write their pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.catalogue.load import load
from beffroi.catalogue.pages import method_pages
from beffroi.observatory.home import Home, home_folder
from beffroi.store.swap import write_text

if TYPE_CHECKING:
    import argparse


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("catalogue", help=words)
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    one = ways.add_parser("check", help="report every fault of every definition at once, with file and line")
    one.add_argument("folder", nargs="?", type=Path, help="your own definitions (default: those under BEFFROI_HOME)")
    one.set_defaults(do=_check)
    one = ways.add_parser("pages", help="write one Markdown page for each definition")
    one.add_argument("into", type=Path)
    one.set_defaults(do=_pages)


def _check(given: argparse.Namespace) -> int:
    own = given.folder or Home(home_folder()).definitions
    found = load(own if given.folder or own.exists() else None)
    print(f"No fault in {len(found.files)} files: {len(found.indicators)} indicators, {len(found.indices)} indices, "
          f"{len(found.sets)} comparison sets, {len(found.sources)} sources.")  # fmt: skip
    return 0


def _pages(given: argparse.Namespace) -> int:
    pages = method_pages(load())
    for name, text in pages.items():
        write_text(given.into / name, text)
    print(f"{len(pages)} pages written into {given.into}.")
    return 0
