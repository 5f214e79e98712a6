"""`beffroi members import`: a list as it comes, its columns shown, its rows linked, whole or not at all."""

from __future__ import annotations

import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from beffroi.cli.given_file import read_given
from beffroi.cli.members_tables import add_deed, day, now, open_here, write
from beffroi.cli.show import print_json, print_table, rows_said
from beffroi.observatory import export
from beffroi.observatory.tables import Table

if TYPE_CHECKING:
    import argparse

    from beffroi.federation.import_plan import Report
    from beffroi.federation.list_file import ListFile


def add_to(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the way to the parser of `members`."""
    one = ways.add_parser("import", help="take a list in, whole or not at all")
    one.add_argument("file", type=Path, help="CSV in any encoding, XLSX, XLS, ODS or JSON")
    one.add_argument("--source", required=True, help="name of the list; a new version of a list has the same name")
    one.add_argument("--kind", choices=("list", "register"), default="list", help="default: list")
    one.add_argument("--columns", default="", help="field:header,… where detection errs; field: alone leaves it out")
    one.add_argument("--as-of", type=day, default=None, help="day of the list, YYYY-MM-DD (default: today)")
    one.add_argument("--trust", type=int, default=100, help="the lower, the more it is believed (default: 100)")
    one.add_argument("--faulty", choices=("refuse", "leave_out"), default="refuse", help="rows that name nobody")
    one.add_argument(
        "--persons", choices=("ask", "keep", "leave_out"), default="ask", help="rows naming natural persons"
    )
    one.add_argument("--faults", type=Path, default=None, help="write every faulty cell into this CSV file")
    add_deed(one)
    one.set_defaults(do=_import)


def _import(given: argparse.Namespace) -> int:
    open_here()
    from beffroi.federation.errors import ImportRefusedError  # noqa: PLC0415 -- after the registry is open
    from beffroi.federation.import_members import import_list  # noqa: PLC0415 -- after the registry is open
    from beffroi.federation.import_plan import Given, remembered_mapping  # noqa: PLC0415 -- after the registry is open
    from beffroi.federation.list_file import read_list, stated_columns  # noqa: PLC0415 -- the other verbs do not need it
    from beffroi.federation.propose_links import propose  # noqa: PLC0415 -- as above

    content, known = read_given(given.file), remembered_mapping(given.source)
    found = read_list(content, name=given.file.name, stated=stated_columns(given.columns), remembered=known)
    _show_columns(found)
    as_of = given.as_of or now().date()
    one = Given(given.source, found.rows, found.mapping, given.file.name, content, as_of, given.kind, given.trust)
    try:
        with tqdm(desc="linking", unit=" rows", leave=False, disable=None) as bar:
            report = import_list(
                one, by=given.by, at=now(), dry_run=given.dry_run, persons=given.persons, faulty=given.faulty,
                propose=partial(propose, step=bar.update),
            )  # fmt: skip
    except ImportRefusedError as refused:
        _write_faults(given, refused.report)
        raise
    _write_faults(given, report)
    if given.format == "json":
        columns = [asdict(each) for each in found.columns]
        print_json({**asdict(report), "mapping": found.mapping, "columns": columns, "unread": found.unread,
                    "notes": found.notes, "dry_run": given.dry_run})  # fmt: skip
        return 0
    print_report(report, is_dry=given.dry_run)
    return 0


def _show_columns(found: ListFile) -> None:
    """Show on the error stream, before anything is refused, which column was taken for what."""
    rows = [(one.field, one.header, one.found_by, " | ".join(one.samples)) for one in found.columns]
    print_table(("field", "column", "found by", "samples"), rows, file=sys.stderr)
    unread = f"Kept, not understood: {', '.join(found.unread)}. " if found.unread else ""
    notes = f"({', '.join(found.notes)}) " if found.notes else ""
    print(f"{rows_said(len(found.rows))} {notes}{unread}To correct: --columns field:header,…", file=sys.stderr)


def print_report(report: Report, *, is_dry: bool) -> None:
    """Say what an import did or would do."""
    if report.event is None and not is_dry:
        print(f"{report.source}: this file is its present version already; nothing to do.")
        return
    lead = "Would be done (nothing was written)" if is_dry else f"Event {report.event}"
    print(f"{lead}: {rows_said(report.rows)} of {report.source}: {report.new} new, {report.changed} changed, "
          f"{report.gone} gone, {report.same} the same, {report.left_out} left out.")  # fmt: skip
    said = ", ".join(f"{count} {value}" for value, count in report.judgements.items()) or "none"
    print(f"Judgements: {said}. Tasks: {report.tasks}. "
          f"Organisations: {report.organisations_before} → {report.organisations_after}.")  # fmt: skip
    if report.faults:
        print(f"{len(report.faults)} cells were kept as they are and not understood; --faults FILE lists them.")


def _write_faults(given: argparse.Namespace, report: Report) -> None:
    if given.faults is not None:
        columns = ("row", "field", "given", "problem", "remedy", "fatal")
        rows = [(one.row, one.field, one.given, one.problem, one.remedy, "yes" if one.is_fatal else "")
                for one in report.faults]  # fmt: skip
        write(export.to_csv(Table("faults", columns, tuple(rows))), given.faults)
