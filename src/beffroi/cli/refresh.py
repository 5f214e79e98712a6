"""`beffroi refresh`: fetch live figures from their publishers."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from beffroi.cli.show import add_format, print_json, progress
from beffroi.observatory.home import Home, home_folder
from beffroi.observatory.refresh import refresh
from beffroi.sources.addresses import EUROSTAT_BASE
from beffroi.vocabulary.errors import SourceError

if TYPE_CHECKING:
    import argparse


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    one = verbs.add_parser("refresh", help=words)
    one.add_argument("--dataset", action="append", default=[], help="only this dataset code (may be repeated)")
    one.add_argument("--base", default=EUROSTAT_BASE, help="address of the dissemination API")
    one.add_argument(
        "--form", choices=("csv", "tsv"), default="csv", help="SDMX-CSV by series, or whole datasets as TSV"
    )
    add_format(one)
    one.set_defaults(do=_refresh)


def _refresh(given: argparse.Namespace) -> int:
    with progress() as report:
        done = refresh(
            Home(home_folder()),
            base=given.base,
            today=datetime.now(UTC).date().isoformat(),
            datasets=given.dataset,
            form=given.form,
            progress=report,
        )
    if given.format == "json":
        print_json(asdict(done))
    else:
        print(f"{len(done.replaced)} series replaced ({done.figures} figures), {len(done.kept)} have no live source "
              "and stay as they were. Run 'beffroi edition build' to publish them.")  # fmt: skip
        for warning in done.warnings:
            print(f"  note: {warning}")
        for series, reason in done.failed.items():
            print(f"  not refreshed: {series}: {reason}", file=sys.stderr)
    return SourceError.exit_code if done.failed else 0
