"""`beffroi export`: take tables of an edition away as CSV, XLSX, JSON, Parquet or SDMX-CSV."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.cli.show import add_language
from beffroi.observatory import export, tables
from beffroi.observatory.home import home_folder
from beffroi.observatory.ranking import place_in, set_of
from beffroi.observatory.read import open_edition
from beffroi.store.swap import new_file
from beffroi.store.tables import write_parquet
from beffroi.vocabulary.errors import UnknownDefinitionError, UsageError

if TYPE_CHECKING:
    import argparse

    from beffroi.observatory.reading import Edition, SetReading
    from beffroi.observatory.tables import Table

FORMATS = ("csv", "xlsx", "json", "parquet", "sdmx-csv")
WHAT = ("ranks", "cells", "region", "indicator", "series")


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    one = verbs.add_parser("export", help=words)
    one.add_argument("what", choices=WHAT, help="which table")
    one.add_argument("--region", action="append", default=[], help="regions (region, series, sdmx-csv)")
    one.add_argument("--indicator", default=None, help="indicator id (indicator, series, sdmx-csv)")
    one.add_argument("--set", default=None, help="comparison set (default: the edition's first)")
    one.add_argument("--edition", default=None, help="such as 2026-1 (default: the current one)")
    one.add_argument("--format", choices=FORMATS, default="csv", help="default: csv")
    one.add_argument("--into", type=Path, default=None, help="file to write (default: standard output)")
    add_language(one)
    one.set_defaults(do=_export)


def _export(given: argparse.Namespace) -> int:
    edition = open_edition(home_folder(), given.edition)
    table = _table(given, edition, set_of(edition, given.set))
    if given.format == "parquet":
        if given.into is None:
            raise UsageError("Parquet is not text: say where to write it with --into FILE.parquet.")
        with new_file(given.into) as part:
            columns = zip(*table.rows, strict=True) if table.rows else [()] * len(table.columns)
            write_parquet(part, dict(zip(table.columns, map(list, columns), strict=True)))
        return 0
    write = {"csv": export.to_csv, "sdmx-csv": export.to_csv, "json": export.to_json, "xlsx": export.to_xlsx}
    content = write[given.format](table)
    if given.into is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        with new_file(given.into) as part:
            part.write_bytes(content)
    return 0


def _table(given: argparse.Namespace, edition: Edition, reading: SetReading) -> Table:
    language = given.language
    for code in given.region:
        place_in(edition, reading, code)
    if given.what in {"indicator", "series"} or given.format == "sdmx-csv":
        name = _indicator(given, edition)
        regions = given.region or [one.region for one in reading.standings]
        if given.format == "sdmx-csv":
            return tables.sdmx(edition, name, regions)
        if given.what == "series":
            return tables.series(edition, name, regions, language=language)
        return tables.indicator(edition, reading, name, language=language)
    if given.what == "region":
        if len(given.region) != 1:
            raise UsageError("Name one region: beffroi export region --region FRK.")
        return tables.region(edition, reading, given.region[0], language=language)
    if given.what == "cells":
        wanted = [key for key in reading.cells if not given.region or key[0] in given.region]
        return tables.cells(edition, reading, wanted, language=language)
    chosen = [one for one in reading.standings if not given.region or one.region in given.region]
    return tables.ranks(edition, reading, chosen, language=language)


def _indicator(given: argparse.Namespace, edition: Edition) -> str:
    if given.indicator is None:
        raise UsageError(f"Name an indicator with --indicator (one of: {', '.join(edition.indicators)}).")
    if given.indicator not in edition.indicators:
        raise UnknownDefinitionError(
            f"Indicator '{given.indicator}' is not in edition {edition.id} (known: {', '.join(edition.indicators)})."
        )
    return str(given.indicator)
