"""`beffroi vote list`, `close` and `export`: the votes of this house, from its registry."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from beffroi.cli.show import add_format, print_json, print_table
from beffroi.observatory.home import home_folder
from beffroi.records.settings import open_registry
from beffroi.vocabulary.errors import StoreError, UsageError

if TYPE_CHECKING:
    import argparse

AUTHOR = "operator"
COLUMNS = ("vote", "title", "body", "kind", "state", "opens_utc", "closes_utc", "secrecy", "enrolled", "took_part",
           "box_sha256")  # fmt: skip


def add_to(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the ways to the verb `vote`."""
    one = ways.add_parser("list", help="list the votes of this house")
    add_format(one)
    one.set_defaults(do=_list)
    one = ways.add_parser("close", help="count votes whose deadline is past and write the results down")
    one.add_argument("vote", nargs="?", default="", help="id of a vote (default: every vote that is due)")
    add_format(one)
    one.set_defaults(do=_close)
    one = ways.add_parser("export", help="write the ballot box of a vote that is over")
    one.add_argument("vote", help="id of the vote")
    one.add_argument("--out", type=Path, default=None, help="file to write (default: vote-ID-box.json)")
    one.set_defaults(do=_export)


def _list(given: argparse.Namespace) -> int:
    rows = _rows()
    if given.format == "json":
        print_json([dict(zip(COLUMNS, row, strict=True)) for row in rows])
    else:
        print_table(COLUMNS, rows)
    return 0


def _rows() -> list[tuple[Any, ...]]:
    open_registry(home_folder())
    from beffroi.records.ballots import BallotVote  # noqa: PLC0415 -- after the registry is open
    from beffroi.strategy import closing  # noqa: PLC0415 -- as above

    at, rows = datetime.now(UTC), []
    for one in BallotVote.objects.select_related("closing", "cancelling").order_by("-at", "-id"):
        settled = one.closing if hasattr(one, "closing") else None
        running = "cancelled" if closing.is_cancelled(one) else "running"
        state = settled.outcome if settled else "to be counted" if closing.is_over(one, at) else running
        rows.append((one.pk, one.title, one.body, str(one.rule["id"]), state, one.opens, one.closes,
                     "secret" if one.is_secret else "public",
                     one.enrolled, closing.turnout(one), settled.sha256 if settled else None))  # fmt: skip
    return rows


def _close(given: argparse.Namespace) -> int:
    open_registry(home_folder())
    from beffroi.strategy import closing  # noqa: PLC0415 -- after the registry is open
    from beffroi.strategy.vote_rows import vote_row  # noqa: PLC0415 -- as above

    at, home = datetime.now(UTC), home_folder()
    if given.vote:
        closing.settle(given.vote, by=AUTHOR, at=at, home=home)
        ids: tuple[str, ...] = (given.vote,)
    else:
        ids = closing.settle_due(by=AUTHOR, at=at, home=home)
    found = [closing.result_of(vote_row(one), at=at) for one in ids]
    rows = [(one, each.outcome, each.sha256) for one, each in zip(ids, found, strict=True)]
    if given.format == "json":
        print_json([dict(zip(("vote", "outcome", "box_sha256"), row, strict=True)) for row in rows])
    elif rows:
        print_table(("vote", "outcome", "box_sha256"), rows)
    else:
        print("No vote is due.")
    return 0


def _export(given: argparse.Namespace) -> int:
    open_registry(home_folder())
    from beffroi.assembly.box import exported  # noqa: PLC0415 -- beside the others
    from beffroi.strategy import closing  # noqa: PLC0415 -- after the registry is open
    from beffroi.strategy.vote_rows import vote_row  # noqa: PLC0415 -- as above

    found = closing.box_of(vote_row(given.vote), at=datetime.now(UTC))
    path = given.out or Path(f"vote-{given.vote}-box.json")
    if path.exists():
        raise UsageError(f"{path} exists and is not overwritten. Name another file with --out.")
    try:
        path.write_bytes(exported(found))
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}. Name another file with --out.") from error
    print(f"{path}: {found['result']['outcome']}. SHA-256 {found['sha256']}.")
    return 0
