"""`beffroi account …`, what concerns people's data: check the logs, export, erase, retention, second factors."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.cli.show import add_format, print_json, print_table
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

AUTHOR = "operator"


def add_to(ways: argparse._SubParsersAction[argparse.ArgumentParser], open_site: Callable[[], None]) -> None:
    """Add the ways to `beffroi account`. `open_site` makes the tables ready before each of them."""
    one = ways.add_parser("verify", help="check every log from end to end; exit code 1 when an entry was changed")
    add_format(one)
    one.set_defaults(do=lambda given: _opened(open_site, _verify, given))
    one = ways.add_parser("export", help="everything that is held about a person, as JSON")
    one.add_argument("email")
    one.add_argument("--output", metavar="FILE", default="", help="a file, written new (default: standard output)")
    one.set_defaults(do=lambda given: _opened(open_site, _export, given))
    one = ways.add_parser("erase", help="make an account anonymous: its number stays in the logs and names nobody")
    one.add_argument("email")
    one.add_argument("--reason", required=True, help="why, for the log of the registry")
    one.set_defaults(do=lambda given: _opened(open_site, _erase, given))
    one = ways.add_parser("retention", help="what may be kept no longer, and why; --apply lets it go")
    choice = one.add_mutually_exclusive_group()
    choice.add_argument("--dry-run", action="store_true", help="list and change nothing (the default)")
    choice.add_argument("--apply", action="store_true", help="delete, or make anonymous, what is listed")
    add_format(one)
    one.set_defaults(do=lambda given: _opened(open_site, _retention, given))
    one = ways.add_parser("second-factor", help="say whether an account has a second factor, or take it away")
    one.add_argument("email")
    one.add_argument("--reset", action="store_true", help="take it away: telephone and recovery codes are lost")
    one.set_defaults(do=lambda given: _opened(open_site, _second_factor, given))


def _opened(open_site: Callable[[], None], way: Callable[[argparse.Namespace], int], given: argparse.Namespace) -> int:
    open_site()
    return way(given)


def _verify(given: argparse.Namespace) -> int:
    from beffroi.federation.chains import verify  # noqa: PLC0415 -- after the site is open

    found = verify()
    for name, (_, breaks) in found.items():
        for one in breaks:
            print(f"beffroi: log '{name}', entry {one.event}: {one.problem}", file=sys.stderr)
    rows = [(name, entries, len(breaks)) for name, (entries, breaks) in found.items()]
    columns = ("log", "entries", "breaks")
    if given.format == "json":
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)
    return 1 if any(breaks for _, breaks in found.values()) else 0


def _export(given: argparse.Namespace) -> int:
    from beffroi.federation.person_export import account_of, everything  # noqa: PLC0415 -- after the site is open

    found = everything(account_of(given.email), at=datetime.now(UTC))
    text = json.dumps(found, ensure_ascii=False, indent=2)
    if not given.output:
        print(text)
        return 0
    try:
        with Path(given.output).open("x", encoding="utf-8") as file:
            file.write(text + "\n")
    except FileExistsError as error:
        raise UsageError(f"{given.output} exists. Name a new file; nothing is overwritten.") from error
    except OSError as error:
        raise UsageError(f"{given.output} cannot be written ({error.strerror}). Name another file.") from error
    rows = sum(len(one["rows"]) for one in found["tables"].values())
    print(f"{given.output}: {rows} rows of {len(found['tables'])} tables. It is personal: keep it where it is safe.")
    return 0


def _erase(given: argparse.Namespace) -> int:
    from beffroi.federation.erase import erase  # noqa: PLC0415 -- after the site is open
    from beffroi.federation.person_export import account_of  # noqa: PLC0415 -- as above
    from beffroi.strategy.ideas_retention import forget_guest  # noqa: PLC0415 -- as above

    guests = forget_guest(given.email)
    if guests:
        print(f"Address and name of a guest are taken from {guests} ideas.")
    try:
        account = account_of(given.email)
    except UsageError:
        if guests:
            return 0
        raise
    gone = erase(account, by=AUTHOR, at=datetime.now(UTC), reason=given.reason)
    print(
        f"Account {account} names nobody any more: {gone.roles} roles ended, {gone.sessions} sessions closed, "
        f"{len(gone.contacts)} values of the registry taken away. Its entries in the logs stay under its number."
    )
    return 0


def _retention(given: argparse.Namespace) -> int:
    from beffroi.federation import retention  # noqa: PLC0415 -- after the site is open
    from beffroi.strategy import ideas_retention  # noqa: PLC0415 -- as above

    at = datetime.now(UTC)
    rooms = (retention.apply, ideas_retention.apply) if given.apply else (retention.due, ideas_retention.due)
    found = [one for room in rooms for one in room(at=at)]
    rows = [(one.activity, one.table, one.key, one.act, one.why) for one in found]
    columns = ("activity", "table", "row", "what happens", "why")
    if given.format == "json":
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)
        said = "done" if given.apply else "nothing was changed; --apply does it"
        print(f"{len(rows)} due: {said}.", file=sys.stderr)
    return 0


def _second_factor(given: argparse.Namespace) -> int:
    from beffroi.federation import second_factor  # noqa: PLC0415 -- after the site is open
    from beffroi.federation.person_export import account_of  # noqa: PLC0415 -- as above

    account = account_of(given.email)
    if given.reset:
        gone = second_factor.forget(account, at=datetime.now(UTC), by=AUTHOR)
        print(f"Account {account}: {'second factor taken away' if gone else 'there was none'}.")
        return 0
    state = "has a second factor" if second_factor.is_set_up(account) else "has no second factor"
    print(f"Account {account} {state}; {second_factor.codes_left(account)} recovery codes left.")
    return 0
