"""`beffroi members`: the registry. Take lists in, review, join, separate, undo, and explain the count."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from beffroi.cli import members_anchor, members_import, members_job, members_read, members_tables
from beffroi.cli.account import open_site
from beffroi.cli.members_tables import add_deed, now, open_here
from beffroi.cli.show import add_format, print_json, print_table
from beffroi.observatory.home import home_folder
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from beffroi.federation.judgement import Consequence
    from beffroi.federation.log import Act


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("members", help=words)
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    members_import.add_to(ways)
    members_anchor.add_to(ways)
    _add_review(ways)
    _add_merge(ways)
    _add_split(ways)
    _add_undo(ways)
    members_tables.add_to(ways)
    members_job.add_to(ways)
    members_read.add_to(ways)
    one = ways.add_parser("demo", help="fill an empty registry with an invented cluster")
    add_format(one)
    one.set_defaults(do=_demo)


def _add_review(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = ways.add_parser("review", help="list the open cases, or decide one")
    one.add_argument("case", nargs="?", default=None, help="such as 12-48 (a pair) or t3 (a task)")
    choice = one.add_mutually_exclusive_group()
    choice.add_argument("--same", action="store_true", help="the two records are one organisation")
    choice.add_argument("--different", action="store_true", help="they are not, and are never to be joined again")
    choice.add_argument("--related", metavar="HOW", default=None, help="part_of, brand_of, site_of, successor_of …")
    choice.add_argument("--unsure", action="store_true", help="nobody can say: take it off the queue")
    choice.add_argument("--close", metavar="OUTCOME", default=None, help="end a task")
    one.add_argument("--limit", type=int, default=20, help="how many cases to list (default: 20)")
    add_deed(one)
    one.set_defaults(do=_review)


def _add_merge(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = ways.add_parser("merge", help="join two organisations")
    one.add_argument("first")
    one.add_argument("second")
    one.add_argument("--keep", action="append", default=[], metavar="FIELD=ORGANISATION", help="whose value is shown")
    add_deed(one)
    one.set_defaults(do=_merge)


def _add_split(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = ways.add_parser("split", help="separate records from an organisation, for good")
    one.add_argument("organisation")
    one.add_argument("records", nargs="+", type=int)
    add_deed(one)
    one.set_defaults(do=_split)


def _add_undo(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = ways.add_parser("undo", help="take an event back, or list the last events")
    one.add_argument("event", nargs="?", type=int, default=None)
    one.add_argument(
        "--keep-later", action="store_true", help="go on although later decisions concern the same records"
    )
    add_deed(one)
    one.set_defaults(do=_undo)


def _act(given: argparse.Namespace, kind: str) -> Act:
    from beffroi.federation.log import Act  # noqa: PLC0415 -- after the registry is open

    return Act(given.by, now(), kind)


def _review(given: argparse.Namespace) -> int:
    open_here()
    from beffroi.federation.judgement import close_task, decide  # noqa: PLC0415 -- after the registry is open
    from beffroi.federation.review import open_cases, queue  # noqa: PLC0415 -- after the registry is open

    if given.case is None:
        cases = queue(given.limit)
        if given.format == "json":
            print_json([asdict(one) for one in cases])
        else:
            print_table(("case", "why", "chance", "first", "second", "said"), [_case_row(one) for one in cases])
            print(f"{len(cases)} of {open_cases()} open cases. Decide one: beffroi members review CASE --same")
        return 0
    if given.case.startswith("t"):
        if given.close is None:
            raise UsageError(f"{given.case} is a task of a register: end it with --close OUTCOME.")
        done = close_task(_number(given.case[1:]), given.close, act=_act(given, "close"), reason=given.reason)
    else:
        left, _, right = given.case.partition("-")
        done = decide(
            _number(left), _number(right), _value(given), relation=given.related or "", reason=given.reason,
            act=_act(given, "decide"), dry_run=given.dry_run,
        )  # fmt: skip
    return _say(given, done)


def _case_row(case: object) -> tuple[str | float | None, ...]:
    sides = [f"{one.fields.get('name', one.fields.get('siren', ''))} ({one.source} {one.row})" for one in case.sides]  # type: ignore[attr-defined]  # -- its type is only known once the registry is open
    first, second = (*sides, "", "")[:2]
    return case.id, case.kind, case.probability, first, second, case.sentence  # type: ignore[attr-defined]  # -- as above


def _value(given: argparse.Namespace) -> str:
    for value in ("same", "different", "unsure"):
        if getattr(given, value):
            return value
    if given.related is None:
        raise UsageError(f"Say what {given.case} is: --same, --different, --related HOW or --unsure.")
    return "related"


def _number(text: str) -> int:
    if not text.isdigit():
        raise UsageError(f"'{text}' is no number. Cases look like 12-48 (a pair) or t3 (a task).")
    return int(text)


def _merge(given: argparse.Namespace) -> int:
    open_here()
    from beffroi.federation.judgement import merge  # noqa: PLC0415 -- after the registry is open

    keep = dict(one.partition("=")[::2] for one in given.keep)
    act = _act(given, "merge")
    return _say(given, merge(given.first, given.second, act=act, keep=keep, reason=given.reason, dry_run=given.dry_run))


def _split(given: argparse.Namespace) -> int:
    open_here()
    from beffroi.federation.judgement import split  # noqa: PLC0415 -- after the registry is open

    act = _act(given, "split")
    return _say(given, split(given.organisation, given.records, act=act, reason=given.reason, dry_run=given.dry_run))


def _say(given: argparse.Namespace, done: Consequence) -> int:
    if given.format == "json":
        print_json(asdict(done))
        return 0
    print("Would be done (nothing was written):" if done.event is None else f"Event {done.event}:")
    for lead, held in (("before", done.before), ("after", done.after)):
        for address, records in held.items():
            print(f"  {lead:6}  {address}  records {', '.join(map(str, records))}")
    if done.event is not None:
        print(f"To take it back: beffroi members undo {done.event}")
    return 0


def _undo(given: argparse.Namespace) -> int:
    open_here()
    from beffroi.federation.read import events  # noqa: PLC0415 -- after the registry is open
    from beffroi.federation.undo import undo  # noqa: PLC0415 -- after the registry is open

    if given.event is None:
        rows = events()
        columns = ("event", "at (UTC)", "by", "what", "")
        if given.format == "json":
            print_json([dict(zip(("event", "at", "by", "kind", "state"), row, strict=True)) for row in rows])
        else:
            print_table(columns, rows)
        return 0
    done = undo(given.event, act=_act(given, "undo"), keep_later=given.keep_later, dry_run=given.dry_run)
    if given.format == "json":
        print_json({**asdict(done), "records": sorted(done.records)})
        return 0
    lead = "Would be done (nothing was written)" if done.event is None else f"Event {done.event}"
    print(f"{lead}: event {done.undone} is undone; {len(done.records)} records were placed again.")
    for one in done.later:
        print(f"  stays: event {one.event} ({one.kind} by {one.author}, {one.at})")
    return 0


def _demo(given: argparse.Namespace) -> int:
    open_site()
    from beffroi.federation.demo import load_demo  # noqa: PLC0415 -- after the registry is open

    print("Inventing 600 rows and a register …", file=sys.stderr, flush=True)
    at = now()
    demo = load_demo(at=at)
    from beffroi.cli.demo_story import tell  # noqa: PLC0415 -- after the registry is open
    from beffroi.cli.strategy import figures  # noqa: PLC0415 -- as above

    told = tell(at=at, home=home_folder(), figures=figures(), region=os.environ.get("BEFFROI_REGION", "FRK"),
                told=lambda line: print(line, file=sys.stderr, flush=True))  # fmt: skip
    if given.format == "json":
        print_json({"sentence": demo.waterfall.sentence, "members": demo.waterfall.members.count,
                    "organisations": demo.organisations, "waiting": demo.waiting, "things": told.things,
                    "votes": told.votes})  # fmt: skip
        return 0
    print("Every firm, number and site of this demonstration is invented.")
    print(demo.waterfall.sentence)
    decided = ", ".join(f"{key} {outcome}" for key, outcome in told.votes.items())
    print(f"{told.things} things of strategy and government; votes: {decided}.")
    print(f"{demo.waiting} cases wait: beffroi members review. To 5 bn EUR: beffroi members export --what gap")
    return 0
