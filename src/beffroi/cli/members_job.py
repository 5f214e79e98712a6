"""`beffroi members job`: carry on a list that was uploaded through the pages. The pages start it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.cli.members_tables import now, open_here
from beffroi.cli.show import add_format, print_json
from beffroi.observatory.home import home_folder

if TYPE_CHECKING:
    import argparse


def add_to(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the way to the parser of `members`."""
    one = ways.add_parser("job", help="carry on a list that was uploaded through the pages (the pages start it)")
    one.add_argument("upload", help="the upload, as its page is named")
    add_format(one)
    one.set_defaults(do=_job)


def _job(given: argparse.Namespace) -> int:
    open_here()
    from beffroi.federation.import_job import work  # noqa: PLC0415 -- after the registry is open
    from beffroi.federation.uploads import Shelf  # noqa: PLC0415 -- the other verbs do not need it

    result = work(Shelf(home_folder()), given.upload, at=now())
    if given.format == "json":
        print_json(result)
    else:
        print(f"{given.upload}: {result['outcome']} ({result['stage']}).")
    return 0
