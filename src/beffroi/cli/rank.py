"""`beffroi rank`: the ranking of a set, or one region's place in it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from beffroi.cli.show import add_format, print_json, print_table
from beffroi.observatory.home import home_folder
from beffroi.observatory.ranking import indicator_ranking, place_in, set_of
from beffroi.observatory.read import open_edition

if TYPE_CHECKING:
    import argparse

    from beffroi.observatory.reading import Edition, SetReading, Standing


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    one = verbs.add_parser("rank", help=words)
    one.add_argument("--region", action="append", default=[], help="only this region, e.g. FRK (may be repeated)")
    one.add_argument("--set", default=None, help="comparison set (default: the edition's first)")
    one.add_argument("--indicator", default=None, help="rank by one indicator instead of the index")
    one.add_argument(
        "--year", type=int, default=None, help="with --indicator: this year (default: newest of each region)"
    )
    one.add_argument("--top", type=int, default=None, help="only the first N")
    one.add_argument("--edition", default=None, help="such as 2026-1 (default: the current one)")
    add_format(one)
    one.set_defaults(do=_rank)


def _rank(given: argparse.Namespace) -> int:
    edition = open_edition(home_folder(), given.edition)
    reading = set_of(edition, given.set)
    if given.indicator:
        return _by_indicator(given, edition, reading)
    found = [place_in(edition, reading, code) for code in given.region] or list(reading.standings[: given.top])
    if given.format == "json":
        print_json({
            "edition": edition.id, "set": reading.set_id, "index": reading.index_id, "ranked": len(reading.standings),
            "scenarios": reading.scenarios, "seed": reading.seed,
            "standings": [{"name": _name(edition, one.region, given.language), **asdict(one)} for one in found],
        })  # fmt: skip
        return 0
    print(
        f"Edition {edition.id}, set {reading.set_id}: {len(reading.standings)} regions, {reading.scenarios} scenarios"
    )
    print_table(
        ("rank", "5–95 %", "region", "", "score", "P(top 5)", "P(top 10)", "P(top quarter)", "clearly"),
        [_row(edition, one, given.language) for one in found],
    )
    return 0


def _row(edition: Edition, one: Standing, language: str) -> tuple[str | int | float, ...]:
    return (
        one.rank, f"{one.rank_low}–{one.rank_high}", one.region, _name(edition, one.region, language),
        round(one.score, 1), _share(one.top_5.p), _share(one.top_10.p), _share(one.top_quarter.p),
        f"{one.robust_best}–{one.robust_worst}",
    )  # fmt: skip


def _name(edition: Edition, code: str, language: str) -> str:
    return edition.places[code].name.say(language)


def _share(p: float) -> str:
    return "< 0.1 %" if 0 <= p < 0.001 else f"{p:.1%}".replace("%", " %")  # noqa: PLR2004 -- one scenario in a thousand


def _by_indicator(given: argparse.Namespace, edition: Edition, reading: SetReading) -> int:
    places = indicator_ranking(edition, reading, given.indicator, year=given.year)
    shown = [one for one in places if not given.region or one.region in given.region][: given.top]
    if given.format == "json":
        print_json({"edition": edition.id, "set": reading.set_id, "indicator": given.indicator, "ranked": len(places),
                    "places": [asdict(one) for one in shown]})  # fmt: skip
        return 0
    print(f"{edition.indicators[given.indicator].name.say(given.language)}: {len(places)} regions of {reading.set_id}")
    print_table(
        ("rank", "region", "", "value", "year", "flags", "origin"),
        [
            (one.rank, one.region, _name(edition, one.region, given.language), one.value, str(one.year), one.status,
             one.origin)
            for one in shown
        ],
    )  # fmt: skip
    return 0
