"""`beffroi composite`: build and describe an index of your own from a table of figures and a table of indicators."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from beffroi.cli import composite_ask, composite_look, composite_preset, composite_vary
from beffroi.cli.composite_tables import add_recipe, add_tables, built_from, coin_of, write, write_recipe
from beffroi.composite.describe import describe
from beffroi.composite.results import results

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping, Sequence

    from beffroi.composite.matrix import IndicatorMatrix


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("composite", help=words)
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    one = ways.add_parser("build", help="build the index; every stage is written")
    add_tables(one)
    add_recipe(one)
    one.set_defaults(do=_build)
    one = ways.add_parser("stats", help="describe every indicator, with flags")
    add_tables(one)
    one.set_defaults(do=_stats)
    composite_preset.add_to(ways)
    composite_ask.add_to(ways)
    composite_look.add_to(ways)
    composite_vary.add_to(ways)


def _build(given: argparse.Namespace) -> int:
    built, made = built_from(given)
    places = results(built, content="full", use="ranks")
    scores = results(built, content="full")
    for name, table in (("scores", scores), ("ranks", places)):
        write(given, name, {"uCode": table.units, "rank": table.ranks.tolist(), **_plain(table.columns)})
    for number, (name, stage) in enumerate(built.stages.items()):
        write(given, f"stage_{number}_{name}", _columns(stage))
    write_recipe(given, made)
    best = scores.units[0]
    print(f"{len(scores.units)} units, {len(built.coin.framework.indicators)} indicators; first: {best}.")
    print(f"Scores, ranks and {len(built.stages)} stages are in {given.out}.")
    return 0


def _stats(given: argparse.Namespace) -> int:
    found = [asdict(one) for one in describe(coin_of(given).data)]
    rows = [
        {**one, "flags": " ".join(f"{name}:{flag}" for name, flag in one["flags"].items() if flag)} for one in found
    ]
    write(given, "stats", {name: [row[name] for row in rows] for name in rows[0]})
    flagged = sum(bool(row["flags"]) for row in rows)
    print(f"{len(rows)} indicators described in {given.out}; {flagged} carry a flag.")
    return 0


def _columns(stage: IndicatorMatrix) -> dict[str, Sequence[object]]:
    return {"uCode": stage.regions, **{one: stage.column(one).tolist() for one in stage.indicators}}


def _plain(columns: Mapping[str, Iterable[float]]) -> dict[str, Sequence[object]]:
    return {name: [float(value) for value in values] for name, values in columns.items()}
