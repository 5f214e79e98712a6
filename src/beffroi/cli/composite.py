"""`beffroi composite`: build and describe an index of your own from a table of figures and a table of indicators."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.catalogue.presets import load_preset, preset_ids
from beffroi.cli import composite_ask, composite_look
from beffroi.cli.composite_tables import FORMATS, add_recipe, add_tables, built_from, coin_of, read, write, write_recipe
from beffroi.composite.describe import describe
from beffroi.composite.preset import apply_preset
from beffroi.composite.results import results
from beffroi.composite.tables import columns_of
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping, Sequence

    from beffroi.composite.matrix import IndicatorMatrix


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("composite", help="build or describe an index of your own from iData and iMeta tables")
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    one = ways.add_parser("build", help="build the index; every stage is written")
    add_tables(one)
    add_recipe(one)
    one.set_defaults(do=_build)
    one = ways.add_parser("stats", help="describe every indicator, with flags")
    add_tables(one)
    one.set_defaults(do=_stats)
    one = ways.add_parser("preset", help="apply a published index to its publisher's figures")
    one.add_argument("preset", help=f"one of: {', '.join(preset_ids())}")
    one.add_argument("--input", type=Path, required=True, help="folder with the publisher's table")
    one.add_argument("--edition", default=None, help="edition of the figures (default: that of the preset)")
    one.add_argument("--out", type=Path, required=True, help="folder for the results; files there are replaced")
    one.add_argument("--format", choices=FORMATS, default="csv", help="default: csv")
    one.set_defaults(do=_preset)
    composite_ask.add_to(ways)
    composite_look.add_to(ways)


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


def _preset(given: argparse.Namespace) -> int:
    chosen = load_preset(given.preset)
    figures = _figures(given.input / chosen.file, chosen.columns, given.edition or chosen.edition)
    built = apply_preset(chosen, figures)
    table = results(built)
    known = built.last.indicators
    dimensions = {one.id: built.last.column(one.id) for one in chosen.dimensions if one.id in known}
    order = [built.coin.units.index(unit) for unit in table.units]
    scores = next(iter(table.columns.values())).tolist()
    write(given, "scores", {"code": table.units, "score": scores})
    write(
        given,
        "dimensions",
        {"code": table.units, **{name: [float(x[i]) for i in order] for name, x in dimensions.items()}},
    )
    print(f"{chosen.name.en}: {len(table.units)} units; first: {table.units[0]} ({scores[0]:.1f}). {chosen.source}.")
    return 0


def _figures(path: Path, columns: Mapping[str, str], edition: str) -> dict[tuple[str, str], float]:
    """Read a long table: one figure a row."""
    content = columns_of(read(path))
    missing = [name for name in columns.values() if name not in content]
    if missing:
        raise UsageError(f"{path} has no column '{missing[0]}' (it has: {', '.join(content)}).")
    rows = zip(*(content[columns[name]] for name in ("edition", "unit", "indicator", "value")), strict=True)
    out = {}
    for number, (when, unit, code, value) in enumerate(rows, start=2):
        if str(when) != edition or value is None:
            continue
        try:
            out[str(unit), str(code)] = float(str(value))
        except ValueError as error:
            raise UsageError(
                f"{path}: row {number}, column '{columns['value']}': '{value}' is not a number."
            ) from error
    return out


def _columns(stage: IndicatorMatrix) -> dict[str, Sequence[object]]:
    return {"uCode": stage.regions, **{one: stage.column(one).tolist() for one in stage.indicators}}


def _plain(columns: Mapping[str, Iterable[float]]) -> dict[str, Sequence[object]]:
    return {name: [float(value) for value in values] for name, values in columns.items()}
