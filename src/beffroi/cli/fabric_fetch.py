"""`beffroi fabric download` and `look-up`: a stock file from its publisher, or one legal unit."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from beffroi.cli.show import print_json, print_table, progress
from beffroi.observatory.home import home_folder
from beffroi.sources.ratios import ADDRESS as RATIOS
from beffroi.sources.sirene_download import LOOK_UP_BASE, download, look_up
from beffroi.vocabulary.errors import SourceError

if TYPE_CHECKING:
    import argparse


def add_to(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add both ways to the verb."""
    one = ways.add_parser("download", help="fetch a stock file, going on where a transfer was cut")
    one.add_argument("address", help="https address of the file, as the publisher gives it, or the word ratios")
    one.add_argument("--sha256", default=None, help="what the file must be")
    one.set_defaults(do=_download)
    one = ways.add_parser("look-up", help="ask the public search interface for one legal unit")
    one.add_argument("siren", help="nine digits")
    one.add_argument("--interface", default=LOOK_UP_BASE, help="address of the interface")
    one.add_argument("--format", choices=("text", "json"), default="text", help="text for people, json for machines")
    one.set_defaults(do=_look_up)


def _download(given: argparse.Namespace) -> int:
    with progress() as report:
        found = download(
            RATIOS if given.address == "ratios" else given.address,
            into=home_folder() / "downloads",
            sha256=given.sha256,
            progress=lambda done, total: report("downloading", done, total or done),
            today=datetime.now(UTC).date().isoformat(),
        )
    print(f"{found.path}\nSHA-256 {found.sha256}")
    return 0


def _look_up(given: argparse.Namespace) -> int:
    today = datetime.now(UTC).date().isoformat()
    found = look_up(given.siren, into=home_folder() / "look-ups", base=given.interface, today=today)
    if found is None:
        raise SourceError(f"The search interface knows no legal unit {given.siren}. Check its nine digits.")
    if given.format == "json":
        print_json(asdict(found))
    else:
        print_table(("what", "value"), [[name, str(value)] for name, value in asdict(found).items()])
    return 0
