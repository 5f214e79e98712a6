"""`beffroi fabric build`: freeze the figures that pages show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from beffroi.cli.fabric_out import own_catalogue, register_folder
from beffroi.cli.show import progress
from beffroi.observatory.fabric_build import build
from beffroi.observatory.home import home_folder

if TYPE_CHECKING:
    import argparse


def add_way(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the way to `beffroi fabric`."""
    one = ways.add_parser("build", help="freeze the fabric of a month for the pages")
    one.add_argument("--month", default=None, help="month of the register (default: the newest)")
    one.add_argument("--perimeter", action="append", default=[], metavar="ID", help="freeze this only; repeatable")
    one.set_defaults(do=_build)


def _build(given: argparse.Namespace) -> int:
    with progress() as report:
        about = build(
            register_folder(),
            home_folder() / "fabric",
            today=datetime.now(UTC).date().isoformat(),
            month=given.month,
            extra=own_catalogue(),
            perimeters=given.perimeter,
            report=report,
        )
    made = " The register is synthetic: no real firm." if about.synthetic else ""
    print(f"The fabric of {about.month} is frozen; pages under /fabric/ show it from now on.{made}")
    return 0
