"""`beffroi members profile`, `precision`, `territories` and `index`: what is read out of the registry."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.cli.link_register import index_of
from beffroi.cli.members_tables import WRITERS, add_deed, day, now, open_here, write
from beffroi.cli.show import add_format, print_json, print_table
from beffroi.observatory.home import home_folder
from beffroi.observatory.tables import Table
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse


def add_to(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the ways to the parser of `members`."""
    one = ways.add_parser("profile", help="members by size, trade and place, before and after lists are put together")
    one.add_argument("--day", type=day, default=None, help="YYYY-MM-DD (default: today)")
    one.add_argument("--public", action="store_true", help="hide what tells of fewer than three organisations")
    one.add_argument("--format", choices=("text", *WRITERS), default="text", help="default: text")
    one.add_argument("--into", type=Path, default=None, help="file to write (default: standard output)")
    one.set_defaults(do=_profile)
    one = ways.add_parser("precision", help="how many links persons found right, band by band, with intervals")
    one.add_argument("--sample", type=int, default=0, metavar="N", help="also list N automatic links to check")
    one.add_argument("--seed", default="1", help="another random order of the sample (default: 1)")
    add_format(one)
    one.set_defaults(do=_precision)
    one = ways.add_parser("territories", help="say in which territories an organisation acts")
    one.add_argument("organisation")
    one.add_argument("codes", nargs="*", metavar="CODE", help="FRK, 69, 200046977, 69123 …; none: takes them away")
    add_deed(one)
    one.set_defaults(do=_territories)
    one = ways.add_parser("index", help="index a register, so that the reconciliation service finds its units")
    one.add_argument(
        "register", type=Path, metavar="REGISTER", help="CSV, Parquet, XLSX, ODS, JSON, or sirene: the month loaded"
    )
    one.add_argument("--into", type=Path, default=None, help="new folder (default: registers/index in the home folder)")
    one.set_defaults(do=_index)


def _profile(given: argparse.Namespace) -> int:
    open_here()
    from beffroi.federation.profile import profile  # noqa: PLC0415 -- after the registry is open

    found = profile(given.day or now().date(), is_public=given.public)
    rows = tuple((one.dimension, one.code, *one.counts) for one in found.lines)
    if given.format != "text":
        write(WRITERS[given.format](Table("profile", ("dimension", "class", *found.columns), rows)), given.into)
        return 0
    print_table(("", "class", *(one.removeprefix("list:") for one in found.columns)), rows)
    print(f"Trades by version {found.trades_version} of the scheme; {found.by_code} from the activity code alone.")
    for one in found.mixes:
        print(f"By {one.dimension}, {one.dissimilarity:.0%} of either list would change class to match the other.")
    if found.hidden:
        print(f"{found.hidden} cells are hidden (–), so that none under three organisations can be worked out.")
    return 0


def _precision(given: argparse.Namespace) -> int:
    open_here()
    from beffroi.federation.precision import bands, sample  # noqa: PLC0415 -- after the registry is open

    found, cases = bands(), sample(given.sample, seed=given.seed)
    if given.format == "json":
        print_json({"bands": [asdict(one) for one in found], "sample": [asdict(one) for one in cases]})
        return 0
    columns = ("band", "links", "decided by persons", "the same", "share", "from", "to (9 in 10)")
    print_table(columns, [(one.name, one.links, one.decided, one.same, one.share, one.low, one.high) for one in found])
    for one in cases:
        names = " / ".join(str(side.fields.get("name", side.record)) for side in one.sides)
        print(f"{one.id}  {names}  {one.sentence}")
    return 0


def _territories(given: argparse.Namespace) -> int:
    open_here()
    from beffroi.federation.log import Act  # noqa: PLC0415 -- after the registry is open
    from beffroi.federation.territories_of_action import set_territories  # noqa: PLC0415 -- as above
    from beffroi.federation.territory import known, territory_name  # noqa: PLC0415 -- as above

    names = [territory_name(known(one), given.language) for one in given.codes]
    if given.dry_run:
        print(f"Would be said (nothing was written): {given.organisation} acts in {', '.join(names) or 'no place'}.")
        return 0
    act = Act(given.by, now(), "territories")
    done = set_territories(given.organisation, given.codes, act=act, reason=given.reason)
    if given.format == "json":
        print_json(asdict(done))
    else:
        print(f"Event {done.event}: acts in {', '.join(names) or 'no territory in particular'}.")
        print(f"To take it back: beffroi members undo {done.event}")
    return 0


def _index(given: argparse.Namespace) -> int:
    folder = given.into or home_folder() / "registers" / "index"
    if folder.exists():
        raise UsageError(f"{folder} exists already. Give --into a new folder, or delete that one first.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    size = index_of(given.register, name=given.register.name, into=folder).size
    print(f"{size} units are indexed in {folder}. The reconciliation service finds them from now on.")
    return 0
