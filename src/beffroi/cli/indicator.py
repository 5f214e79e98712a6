"""`beffroi indicator`: what is measured, why, and from which series."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from beffroi.catalogue.load import load
from beffroi.cli.show import add_format, print_json, print_table
from beffroi.observatory.home import Home, home_folder
from beffroi.vocabulary.errors import UnknownDefinitionError

if TYPE_CHECKING:
    import argparse

    from beffroi.catalogue.schema import Catalogue


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("indicator", help=words)
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    one = ways.add_parser("list", help="list the indicators of the catalogue")
    add_format(one)
    one.set_defaults(do=_list)
    one = ways.add_parser("show", help="show one definition")
    one.add_argument("indicator")
    add_format(one)
    one.set_defaults(do=_show)


def _catalogue() -> Catalogue:
    home = Home(home_folder())
    return load(home.definitions if home.definitions.exists() else None)


def _list(given: argparse.Namespace) -> int:
    found = _catalogue().indicators.values()
    if given.format == "json":
        print_json([{"id": one.id, "name": asdict(one.name), "unit": one.unit.id} for one in found])
    else:
        print_table(
            ("indicator", "name", "unit"),
            [(one.id, one.name.say(given.language), one.unit.name.say(given.language)) for one in found],
        )
    return 0


def _show(given: argparse.Namespace) -> int:
    catalogue = _catalogue()
    one = catalogue.indicators.get(given.indicator)
    if one is None:
        raise UnknownDefinitionError(
            f"Indicator '{given.indicator}' is not in the catalogue. List them with 'beffroi indicator list'."
        )
    if given.format == "json":
        print_json(asdict(one))
        return 0
    say = given.language
    print(f"{one.name.say(say)} [{one.id}]\n{one.definition.say(say)}\n\n{one.why.say(say)}\n{one.seed}\n")
    print(f"unit: {one.unit.name.say(say)}; {'more' if one.direction > 0 else 'less'} is better; "
          f"refreshed every {one.refresh_months} months; reviewed on {one.reviewed_on} by {one.author}")  # fmt: skip
    for series in one.series:
        source = catalogue.sources[series.source]
        print(f"series: {series.key} ({source.name.say(say)}, {source.licence})")
    for text in one.breaks:
        print(f"note: {text.say(say)}")
    return 0
