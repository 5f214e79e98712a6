"""`beffroi bodies`: who sits where, who decides what, and when they meet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.cli.members_tables import now, open_here
from beffroi.cli.show import add_format, print_json, print_table
from beffroi.store.swap import new_file
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from beffroi.charter.book import Book, Thing


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("bodies", help=words)
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    one = ways.add_parser("list", help="the bodies of a day, as a tree")
    _add_day(one)
    one.set_defaults(do=_list)
    one = ways.add_parser("show", help="one body: its days, statutes, meetings and decisions")
    one.add_argument("body", help="such as body-3")
    _add_day(one)
    one.set_defaults(do=_show)
    one = ways.add_parser("compose", help="who sits in a body on a day")
    one.add_argument("body", help="such as body-3")
    _add_day(one)
    one.set_defaults(do=_compose)
    one = ways.add_parser("calendar", help="the convened meetings of a body as iCalendar")
    one.add_argument("body", help="such as body-3")
    one.add_argument("--language", choices=("fr", "en"), default="en", help="of names (default: en)")
    one.add_argument("--into", type=Path, default=None, help="file to write (default: standard output)")
    one.set_defaults(do=_calendar)
    one = ways.add_parser("check-statutes", help="read a YAML or JSON file of statutes and name every fault")
    one.add_argument("file", type=Path)
    one.set_defaults(do=_check)
    one = ways.add_parser("demo", help="fill an empty charter with an invented government")
    one.set_defaults(do=_demo)


def _add_day(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", default="", metavar="DAY", help="such as 2026-11-22 (default: today)")
    add_format(parser)


def _opened(given: argparse.Namespace) -> tuple[Book, str]:
    open_here()
    from beffroi.charter import entries  # noqa: PLC0415 -- after the registry is open
    from beffroi.charter.holds import Day  # noqa: PLC0415 -- as above
    from beffroi.federation.reach import Reach, visible_book  # noqa: PLC0415 -- as above

    day = given.on or now().date().isoformat()
    if Day().fault(day) is not None:
        raise UsageError(f"'{day}' is no day. Write --on 2026-11-22.")
    return visible_book(Reach(), entries.book()), day


def _list(given: argparse.Namespace) -> int:
    book, day = _opened(given)
    from beffroi.federation.bodies import parent_on, tree_on  # noqa: PLC0415 -- after the registry is open
    from beffroi.federation.mandates import composition_on  # noqa: PLC0415 -- as above

    rows = [
        (one.body.id, "  " * one.depth + one.body.text("name", given.language), one.body.text("type"),
         parent_on(one.body, day), one.body.text("since"), len(composition_on(book, one.body.id, day)))
        for one in tree_on(book, day)
    ]  # fmt: skip
    return _print(given, ("body", "name", "type", "parent", "since", "seats"), rows)


def _show(given: argparse.Namespace) -> int:
    book, day = _opened(given)
    from beffroi.federation.bodies import forebears, survivor  # noqa: PLC0415 -- after the registry is open
    from beffroi.federation.decisions import decisions_of  # noqa: PLC0415 -- as above
    from beffroi.federation.meetings import meetings_of  # noqa: PLC0415 -- as above
    from beffroi.federation.statutes_in_force import statutes_on  # noqa: PLC0415 -- as above

    one = _body(book, given.body)
    found = statutes_on(book, one.id, day)
    rows = [("name", one.text("name", given.language)), ("type", one.text("type")), ("since", one.text("since")),
            ("until", one.text("until")), ("became", survivor(book, one.id).id if one.get("merged_into") else ""),
            ("comes from", ", ".join(each.id for each in forebears(book, one.id))),
            ("notice, days", str(found.notice_for("ordinary")) if found else ""),
            ("statutes", found.source("notice_days") if found else "")]  # fmt: skip
    rows += [("meeting", f"{each.id} {each.text('day')} {each.text('name')}") for each in meetings_of(book, one.id)]
    rows += [("decision", f"{each.id} {each.text('day')} {each.text('name', given.language)}: {each.text('outcome')}")
             for each in decisions_of(book, one.id)]  # fmt: skip
    return _print(given, ("what", "value"), rows)


def _compose(given: argparse.Namespace) -> int:
    book, day = _opened(given)
    from beffroi.federation.mandates import composition_on  # noqa: PLC0415 -- after the registry is open

    rows = [
        (one.mandate.id, one.mandate.text("function"), one.mandate.text("person"), one.mandate.text("organisation"),
         one.mandate.text("since"), one.mandate.text("until"),
         "; ".join(each.text("person") for each in one.substitutes))
        for one in composition_on(book, _body(book, given.body).id, day)
    ]  # fmt: skip
    return _print(given, ("mandate", "function", "person", "organisation", "since", "until", "substitutes"), rows)


def _calendar(given: argparse.Namespace) -> int:
    given.on = ""
    book, _day = _opened(given)
    from beffroi.federation.calendar import feed  # noqa: PLC0415 -- after the registry is open

    content = feed(book, _body(book, given.body).id, language=given.language)
    if given.into is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return 0
    with new_file(given.into) as part:
        part.write_bytes(content)
    return 0


def _check(given: argparse.Namespace) -> int:
    from beffroi.federation.statutes import parse  # noqa: PLC0415 -- only where it is asked for

    try:
        text = given.file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{given.file} cannot be read as UTF-8 text: {error}.") from error
    found = parse(text, str(given.file))
    print(f"{given.file}: {len(found)} sections, no fault.")
    return 0


def _demo(_given: argparse.Namespace) -> int:
    open_here()
    from beffroi.federation.demo_government import load_government  # noqa: PLC0415 -- after the registry is open

    print(f"Every person, body and amount is invented: {load_government(at=now())} things.")
    return 0


def _body(book: Book, name: str) -> Thing:
    found = book.thing(name)
    if found.kind != "body":
        raise UsageError(f"{name} is no body; 'beffroi bodies list' shows them.")
    return found


def _print(given: argparse.Namespace, columns: tuple[str, ...], rows: Sequence[tuple[str | int, ...]]) -> int:
    if given.format == "json":
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)
    return 0
