"""`beffroi strategy`: what the cluster wants and where it stands; reports, files, and the template of 2006."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.cli.members_tables import WRITERS, day, now, open_here, write
from beffroi.cli.show import add_format, add_language, print_json, print_table
from beffroi.observatory.home import home_folder
from beffroi.observatory.quote import Quotes
from beffroi.observatory.read import editions, open_edition
from beffroi.observatory.tables import Table
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from beffroi.charter.book import Book
    from beffroi.strategy.tables import Rows

KINDS = ("vision", "factor", "asset", "objective", "result", "programme", "action", "project", "figure", "resolution")
PARTS = ("aims", "means")


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("strategy", help=words)
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    one = ways.add_parser("show", help="the strategy at a glance, or one thing with its chain and history")
    one.add_argument("thing", nargs="?", default=None, help="such as objective-3")
    _add_on(one)
    add_format(one)
    one.set_defaults(do=_show)
    for way, what in (("orphans", "what hangs on nothing; ends with 1 when there is any"),
                      ("report", "what ties each action to the territory, the least tied first")):  # fmt: skip
        one = ways.add_parser(way, help=what)
        _add_on(one)
        add_format(one)
        one.set_defaults(do=_orphans if way == "orphans" else _report)
    one = ways.add_parser("export", help="write things of one kind, or all actions with their funders")
    one.add_argument("--what", choices=(*KINDS, "funders"), default="funders", help="default: funders")
    _add_on(one)
    one.add_argument("--format", choices=tuple(WRITERS), default="csv", help="default: csv")
    one.add_argument("--into", type=Path, default=None, help="file to write (default: standard output)")
    one.set_defaults(do=_export)
    one = ways.add_parser("template", help="enter the method of the 2006 text as drafts: vision, factors, objectives")
    one.add_argument("--region", default="FRE", help="NUTS code that factors are measured in (default: FRE)")
    one.add_argument("--part", choices=PARTS, default="aims", help="aims, or then means: the eight actions")
    one.add_argument("--vision", default="", help="the vision entered before, for the means: such as vision-1")
    one.add_argument("--by", default="operator", help="who does this, for the history (default: operator)")
    add_language(one)
    one.set_defaults(do=_template)
    one = ways.add_parser("approve", help="enter a decision taken elsewhere, and that it approved a vision")
    one.add_argument("vision", help="such as vision-1")
    one.add_argument("--body", required=True, help="who decided")
    one.add_argument("--day", type=day, required=True, help="YYYY-MM-DD")
    one.add_argument("--document", required=True, help="where it is written")
    one.add_argument("--by", default="operator", help="who enters this, for the history (default: operator)")
    one.set_defaults(do=_approve)


def _add_on(one: argparse.ArgumentParser) -> None:
    one.add_argument("--on", type=day, default=None, help="as it stood at the end of a day, YYYY-MM-DD")


def _book(given: argparse.Namespace) -> Book:
    open_here()
    from beffroi.charter import entries  # noqa: PLC0415 -- after the registry is open

    return entries.book(datetime.combine(given.on, time.max, UTC) if given.on else None)


def figures() -> Quotes:
    """Return the reader of the figures of this house."""
    return Quotes(lambda: editions(home_folder()), lambda one: open_edition(home_folder(), one))


def _print(given: argparse.Namespace, table: Rows) -> None:
    columns, rows = table
    if given.format == "json":
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif rows:
        print_table(columns, rows)


def _show(given: argparse.Namespace) -> int:
    book = _book(given)
    from beffroi.strategy import read, tables  # noqa: PLC0415 -- after the registry is open

    if given.thing is not None:
        return _thing(given, book)
    found = read.overview(book, figures(), on=given.on or now().date())
    if given.format == "text":
        vision = found.vision
        print(vision.text("statement", given.language) if vision else "No vision is in force yet.")
    _print(given, tables.overview(found, language=given.language))
    return 0


def _thing(given: argparse.Namespace, book: Book) -> int:
    from beffroi.charter import entries  # noqa: PLC0415 -- after the registry is open
    from beffroi.strategy import read  # noqa: PLC0415 -- as above

    found = read.chain(book, given.thing)
    told = [one for one in entries.history(given.thing) if one.number <= book.last]
    if given.format == "json":
        print_json({
            "id": found.thing.id, "values": dict(found.thing.values), "is_archived": found.thing.is_archived,
            "above": [one.id for one in found.above], "below": [one.id for one in found.below],
            "history": [{"at": one.at.isoformat(), "by": one.author, "act": one.act, "change": dict(one.change),
                         "reason": one.reason} for one in told],
        })  # fmt: skip
        return 0
    print_table(("field", "value"), [(name, str(value)) for name, value in found.thing.values.items()])
    links = [(way, one.id, one.text("name", given.language)) for way, held in (("serves", found.above),
                                                                              ("served by", found.below))
             for one in held]  # fmt: skip
    print()
    print_table(("chain", "id", "name"), links)
    print()
    heads = ("at_utc", "by", "act", "fields", "reason")
    rows = [(f"{one.at:%Y-%m-%d %H:%M}", one.author, one.act, ", ".join(one.change), one.reason) for one in told]
    print_table(heads, rows)
    return 0


def _orphans(given: argparse.Namespace) -> int:
    book = _book(given)
    from beffroi.strategy import read, tables  # noqa: PLC0415 -- after the registry is open

    found = read.orphans(book)
    _print(given, tables.orphans(found, language=given.language))
    if given.format == "text" and not found:
        print("Nothing hangs loose.")
    return int(bool(found))


def _report(given: argparse.Namespace) -> int:
    book = _book(given)
    from beffroi.strategy import tables  # noqa: PLC0415 -- after the registry is open

    _print(given, tables.genericity(book, language=given.language))
    return 0


def _export(given: argparse.Namespace) -> int:
    book = _book(given)
    from beffroi.strategy import kinds, tables  # noqa: PLC0415 -- after the registry is open

    columns, rows = tables.actions(book) if given.what == "funders" else tables.things(book, kinds.KINDS[given.what])
    write(WRITERS[given.format](Table(given.what, columns, rows)), given.into)
    return 0


def _template(given: argparse.Namespace) -> int:
    open_here()
    from beffroi.charter.entries import By  # noqa: PLC0415 -- after the registry is open
    from beffroi.strategy import template_2006  # noqa: PLC0415 -- as above
    from beffroi.strategy.facts import Facts  # noqa: PLC0415 -- as above
    from beffroi.strategy.vote_outcomes import outcomes  # noqa: PLC0415 -- as above

    by = By(given.by, now())
    if given.part == "aims":
        vision = template_2006.enter_vision(by=by, region=given.region)
        held = template_2006.enter_aims(vision.id, by=by, region=given.region)
        step = f"Next: have {vision.id} approved, then 'beffroi strategy template --part means --vision {vision.id}'."
    elif given.vision:
        held = template_2006.enter_means(template_2006.entered(given.vision), by=by, region=given.region,
                                         facts=Facts(figures(), outcomes()))  # fmt: skip
        step = "Next: somebody else answers for each action whether it would fit any cluster; then publish it."
    else:
        raise UsageError("Name the vision that the actions serve: --vision vision-1.")
    print_table(("id", "name"), [(one.id, one.text("name", given.language)) for one in held.values()])
    print(f"\n{step}")
    return 0


def _approve(given: argparse.Namespace) -> int:
    open_here()
    from beffroi.charter.entries import By  # noqa: PLC0415 -- after the registry is open
    from beffroi.strategy import write as enter  # noqa: PLC0415 -- as above
    from beffroi.strategy.facts import Facts  # noqa: PLC0415 -- as above
    from beffroi.strategy.vote_outcomes import outcomes  # noqa: PLC0415 -- as above

    by = By(given.by, now())
    name = {"fr": f"{given.body}, {given.day}", "en": f"{given.body}, {given.day}"}
    values = {"name": name, "body": given.body, "day": given.day.isoformat(), "outcome": "approved",
              "document": given.document}  # fmt: skip
    found = enter.approve_by_decision(given.vision, values, by=by, facts=Facts(figures(), outcomes()))
    print(f"{found.id} is approved: version {found.get('version')}, by {found.get('decision')}.")
    return 0
