"""What the ways of `beffroi fabric` share: the register's place, territories by name or code, and every format."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.observatory import export
from beffroi.observatory.home import Home, home_folder
from beffroi.store.swap import new_file
from beffroi.store.tables import write_parquet
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from beffroi.observatory.tables import Table

FORMATS = ("text", "csv", "parquet", "xlsx", "json", "sdmx-csv")
TERRITORY = "name or code of a commune, EPCI, département or NUTS region"


def register_folder() -> Path:
    """Where the register of this house lies."""
    return home_folder() / "registers" / "sirene"


def own_catalogue() -> Path | None:
    """The house's own catalogue files, where there are some."""
    folder = Home(home_folder()).definitions
    return folder if folder.is_dir() else None


def add_formats(one: argparse.ArgumentParser) -> None:
    """Give a command `--format` and `--into`."""
    one.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    one.add_argument("--into", "--out", type=Path, default=None, help="file to write (default: standard output)")


def check_format(given: argparse.Namespace) -> None:
    """Refuse what a terminal cannot show before anything is counted.

    Raises:
        UsageError: Parquet or XLSX without a file to write it to.
    """
    if given.format in ("parquet", "xlsx") and given.into is None:
        raise UsageError(f"{given.format} is not text: say where to write it with --into FILE.{given.format}.")


def write(table: Table, form: str, into: Path | None) -> None:
    """Write a table as a file, or as text to standard output."""
    if form == "parquet" and into is not None:
        with new_file(into) as part:
            columns = [list(column) for column in zip(*table.rows, strict=True)] or [[] for _ in table.columns]
            write_parquet(part, dict(zip(table.columns, columns, strict=True)))
        return
    made = {"csv": export.to_csv, "sdmx-csv": export.to_csv, "json": export.to_json, "xlsx": export.to_xlsx}
    content = made[form](table)
    if into is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        with new_file(into) as part:
            part.write_bytes(content)


def warn_invented() -> None:
    """Say on the side that firms are invented."""
    print("These firms are invented: the register loaded is synthetic.", file=sys.stderr)
