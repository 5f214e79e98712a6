"""`beffroi members waterfall` and `export`: tables of the registry, and what all ways of `members` share."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.cli.show import add_format, print_json, print_table
from beffroi.observatory import export
from beffroi.observatory.home import home_folder
from beffroi.observatory.tables import Table
from beffroi.store.swap import new_file
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WHAT = ("organisations", "records", "values", "stale", "gap", "lineage", "log")
WRITERS = {"csv": export.to_csv, "json": export.to_json, "xlsx": export.to_xlsx}


def add_to(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add both ways to the parser of `members`."""
    one = ways.add_parser("waterfall", help="explain the number of members, from rows of lists to organisations")
    one.add_argument("--day", type=day, default=None, help="YYYY-MM-DD (default: today)")
    one.add_argument("--step", default=None, help="list the records of one step instead")
    add_format(one)
    one.set_defaults(do=_waterfall)
    one = ways.add_parser("export", help="write a table of the registry as CSV, XLSX or JSON")
    one.add_argument("--what", choices=WHAT, default="organisations", help="default: organisations")
    one.add_argument("--organisation", default=None, help="address of one organisation (values)")
    one.add_argument("--goal-eur", type=float, default=5e9, help="yearly revenue to reach (gap; default: 5e9)")
    one.add_argument("--day", type=day, default=None, help="YYYY-MM-DD (stale, gap; default: today)")
    one.add_argument("--format", choices=tuple(WRITERS), default="csv", help="default: csv")
    one.add_argument("--into", type=Path, default=None, help="file to write (default: standard output)")
    one.set_defaults(do=_export)


def open_here() -> None:
    """Open the registry of this house."""
    from beffroi.records.settings import open_registry  # noqa: PLC0415 -- the other verbs need no Django

    open_registry(home_folder())


def add_deed(one: argparse.ArgumentParser) -> None:
    """Give a command that writes its author, its reason and a rehearsal."""
    one.add_argument("--by", default="operator", help="who does this, for the log (default: operator)")
    one.add_argument("--reason", default="", help="why, in your words")
    one.add_argument("--dry-run", action="store_true", help="show what would happen and write nothing")
    add_format(one)


def day(text: str) -> date:
    """Read a day given on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; write YYYY-MM-DD") from error


def now() -> datetime:
    """Return the present moment, the only clock of these commands."""
    return datetime.now(UTC)


def _today(given: argparse.Namespace) -> date:
    return given.day or now().date()


def _waterfall(given: argparse.Namespace) -> int:
    open_here()
    from beffroi.federation.read import count_members, record_rows  # noqa: PLC0415 -- after the registry is open

    found = count_members(_today(given))
    steps = [*found.lists, *found.removed, found.members]
    if given.step is not None:
        step = next((one for one in steps if one.name == given.step), None)
        if step is None:
            raise UsageError(f"There is no step '{given.step}'; one of: {', '.join(one.name for one in steps)}.")
        columns, rows = record_rows(only=set(step.records))
        if given.format == "json":
            print_json([dict(zip(columns, row, strict=True)) for row in rows])
        else:
            print_table(columns, rows)
        return 0
    if given.format == "json":
        shape = {"lists": found.lists, "removed": found.removed, "members": (found.members,)}
        said = {name: [{"name": one.name, "count": one.count, "records": one.records} for one in part]
                for name, part in shape.items()}  # fmt: skip
        print_json({"sentence": found.sentence, **said})
    else:
        print(found.sentence)
        signs = [*("+" for _ in found.lists), *("−" for _ in found.removed), "="]
        print_table(
            ("", "step", "records"), [(sign, one.name, one.count) for sign, one in zip(signs, steps, strict=True)]
        )
    return 0


def _export(given: argparse.Namespace) -> int:
    open_here()
    columns, rows = _TABLES[given.what](given)
    write(WRITERS[given.format](Table(given.what, tuple(columns), tuple(tuple(row) for row in rows))), given.into)
    return 0


def write(content: bytes, into: Path | None) -> None:
    """Write bytes into a file, or to standard output."""
    if into is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        with new_file(into) as part:
            part.write_bytes(content)


_Rows = tuple["Sequence[str]", "Sequence[Sequence[str | int | float | None]]"]


def _organisations(given: argparse.Namespace) -> _Rows:  # noqa: ARG001 -- one shape for all tables
    from beffroi.federation.read import organisation_rows  # noqa: PLC0415 -- after the registry is open

    return organisation_rows()


def _records(given: argparse.Namespace) -> _Rows:  # noqa: ARG001 -- one shape for all tables
    from beffroi.federation.read import record_rows  # noqa: PLC0415 -- after the registry is open

    return record_rows()


def _values(given: argparse.Namespace) -> _Rows:
    from beffroi.federation.read import portrait  # noqa: PLC0415 -- after the registry is open

    if given.organisation is None:
        raise UsageError("Name one organisation: beffroi members export --what values --organisation ADDRESS.")
    shown = portrait(given.organisation)
    rows = [
        (
            shown.id,
            one.field,
            one.value,
            one.rule,
            one.origin,
            "; ".join(f"{value} ({said})" for value, said in one.others),
        )
        for one in shown.values
    ]
    return ("organisation", "field", "value", "kept_by", "from", "other_values"), rows


def _stale(given: argparse.Namespace) -> _Rows:
    from beffroi.federation.freshness import stale  # noqa: PLC0415 -- after the registry is open

    rows = [(one.organisation, one.name, one.on.isoformat() if one.on else "", one.against)
            for one in stale(_today(given))]  # fmt: skip
    return ("organisation", "name", "last_verified", "against"), rows


def _gap(given: argparse.Namespace) -> _Rows:
    from beffroi.federation.goal import revenue_gap  # noqa: PLC0415 -- after the registry is open

    gap = revenue_gap(given.goal_eur, day=_today(given))
    verdict = "close" if gap.is_closed else "would not close"
    print(f"Members earn {gap.revenue_eur:,.0f} EUR a year ({gap.known} of {gap.members} say so); the goal is "
          f"{gap.goal_eur:,.0f}. These {len(gap.to_win)} non-members {verdict} the gap.", file=sys.stderr)  # fmt: skip
    reached, rows = gap.revenue_eur, []
    for one in gap.to_win:
        reached += one.revenue_eur or 0
        rows.append((one.organisation, one.name, one.revenue_eur, reached))
    return ("organisation", "name", "revenue_eur", "reached_eur"), rows


def _lineage(given: argparse.Namespace) -> _Rows:  # noqa: ARG001 -- one shape for all tables
    from beffroi.federation.lineage import steps  # noqa: PLC0415 -- after the registry is open

    rows = [(one.heir, one.former, one.since, one.source) for one in steps()]
    return ("organisation", "followed", "since", "said_by"), rows


def _log(given: argparse.Namespace) -> _Rows:  # noqa: ARG001 -- one shape for all tables
    from beffroi.federation.log import broken  # noqa: PLC0415 -- after the registry is open
    from beffroi.federation.read import events  # noqa: PLC0415 -- after the registry is open

    for one in broken():
        print(f"beffroi: event {one.event}: {one.problem}", file=sys.stderr)
    return ("event", "at_utc", "by", "kind", "state"), events(limit=None)


_TABLES: dict[str, Callable[[argparse.Namespace], _Rows]] = {
    "organisations": _organisations, "records": _records, "values": _values, "stale": _stale, "gap": _gap,
    "lineage": _lineage, "log": _log,
}  # fmt: skip
