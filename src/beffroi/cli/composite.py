"""`beffroi composite`: build and describe an index of your own from a table of figures and a table of indicators."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.catalogue.presets import load_preset, preset_ids
from beffroi.composite.coin_input import TableError, read_coin
from beffroi.composite.describe import describe
from beffroi.composite.outliers import OutlierSpec
from beffroi.composite.preset import apply_preset
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.results import results
from beffroi.composite.scaling import Scale
from beffroi.composite.steps import Aggregate, Denominate, Impute, Normalise, Screen, Treat
from beffroi.composite.tables import columns_of
from beffroi.observatory import export
from beffroi.observatory.tables import Table
from beffroi.store.swap import new_file, told
from beffroi.store.tables import write_parquet
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping, Sequence

    from beffroi.composite.coin import Coin
    from beffroi.composite.matrix import IndicatorMatrix
    from beffroi.composite.steps import Step
    from beffroi.observatory.tables import Value

SCALES = ("minmax", "zscore", "dist2max", "fracmax", "rank", "prank", "borda")
MEANS = ("amean", "gmean", "hmean", "copeland")
FORMATS = ("csv", "xlsx", "json", "parquet")


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("composite", help="build or describe an index of your own from iData and iMeta tables")
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    one = ways.add_parser("build", help="build the index; every stage is written")
    _add_tables(one)
    one.add_argument("--denominate", action="store_true", help="divide by the denominators that iMeta names")
    one.add_argument("--screen", type=float, default=None, help="share of indicators a unit needs (default: none)")
    one.add_argument("--impute", choices=("mean", "median"), default=None, help="fill missing figures by column")
    one.add_argument("--treat", action="store_true", help="winsorise outliers, or take logarithms")
    one.add_argument("--scale", choices=SCALES, default="minmax", help="default: minmax")
    one.add_argument("--low", type=float, default=0.0, help="lowest point of minmax (1 suits gmean and hmean)")
    one.add_argument("--mean", choices=MEANS, default="amean", help="default: amean")
    one.add_argument("--compat", choices=("correct", "coinr"), default="correct", help="coinr repeats COINr's answers")
    one.set_defaults(do=_build)
    one = ways.add_parser("stats", help="describe every indicator, with flags")
    _add_tables(one)
    one.set_defaults(do=_stats)
    one = ways.add_parser("preset", help="apply a published index to its publisher's figures")
    one.add_argument("preset", help=f"one of: {', '.join(preset_ids())}")
    one.add_argument("--input", type=Path, required=True, help="folder with the publisher's table")
    one.add_argument("--edition", default=None, help="edition of the figures (default: that of the preset)")
    one.add_argument("--out", type=Path, required=True, help="folder for the results; files there are replaced")
    one.add_argument("--format", choices=FORMATS, default="csv", help="default: csv")
    one.set_defaults(do=_preset)


def _add_tables(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", type=Path, help="figures: a row a unit (uCode), a column an indicator; CSV or XLSX")
    parser.add_argument("meta", type=Path, help="indicators and aggregates (iMeta): Level, iCode, Parent; CSV or XLSX")
    parser.add_argument("--out", type=Path, required=True, help="folder for the results; files there are replaced")
    parser.add_argument("--format", choices=FORMATS, default="csv", help="default: csv")


def _build(given: argparse.Namespace) -> int:
    built = build_index(_coin(given), Recipe(_steps(given), given.compat))
    places = results(built, content="full", use="ranks")
    scores = results(built, content="full")
    for name, table in (("scores", scores), ("ranks", places)):
        _write(given, name, {"uCode": table.units, "rank": table.ranks.tolist(), **_plain(table.columns)})
    for number, (name, stage) in enumerate(built.stages.items()):
        _write(given, f"stage_{number}_{name}", _columns(stage))
    best = scores.units[0]
    print(f"{len(scores.units)} units, {len(built.coin.framework.indicators)} indicators; first: {best}.")
    print(f"Scores, ranks and {len(built.stages)} stages are in {given.out}.")
    return 0


def _stats(given: argparse.Namespace) -> int:
    found = [asdict(one) for one in describe(_coin(given).data)]
    rows = [
        {**one, "flags": " ".join(f"{name}:{flag}" for name, flag in one["flags"].items() if flag)} for one in found
    ]
    _write(given, "stats", {name: [row[name] for row in rows] for name in rows[0]})
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
    _write(given, "scores", {"code": table.units, "score": scores})
    _write(
        given,
        "dimensions",
        {"code": table.units, **{name: [float(x[i]) for i in order] for name, x in dimensions.items()}},
    )
    print(f"{chosen.name.en}: {len(table.units)} units; first: {table.units[0]} ({scores[0]:.1f}). {chosen.source}.")
    return 0


def _figures(path: Path, columns: Mapping[str, str], edition: str) -> dict[tuple[str, str], float]:
    """Read a long table: one figure a row."""
    content = columns_of(_read(path))
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


def _steps(given: argparse.Namespace) -> tuple[Step, ...]:
    steps: list[Step] = []
    if given.denominate:
        steps.append(Denominate())
    if given.impute:
        steps.append(Impute(centre=given.impute))
    if given.screen is not None:
        steps.append(Screen(least_available=given.screen))
    if given.treat:
        steps.append(Treat(spec=OutlierSpec()))
    steps.append(Normalise(scale=Scale(method=given.scale, low=given.low)))
    steps.append(Aggregate(rules=given.mean))
    return tuple(steps)


def _coin(given: argparse.Namespace) -> Coin:
    try:
        return read_coin(_read(given.data), _read(given.meta))
    except TableError as error:
        # The method knows two tables; here each has the name of its file.
        named = str(error).replace("\niData:", f"\n{given.data}:").replace("\niMeta:", f"\n{given.meta}:")
        raise TableError(named) from error


def _read(path: Path) -> str | bytes:
    if not path.is_file():
        raise UsageError(f"{path} is no file. Give the path of a CSV or XLSX table.")
    with told(path):
        content = path.read_bytes()
    if path.suffix.lower() == ".xlsx":
        return content
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 (byte {error.start}). Save it as CSV in UTF-8, or as XLSX.") from error


def _columns(stage: IndicatorMatrix) -> dict[str, Sequence[object]]:
    return {"uCode": stage.regions, **{one: stage.column(one).tolist() for one in stage.indicators}}


def _plain(columns: Mapping[str, Iterable[float]]) -> dict[str, Sequence[object]]:
    return {name: [float(value) for value in values] for name, values in columns.items()}


def _write(given: argparse.Namespace, name: str, columns: Mapping[str, Sequence[object]]) -> None:
    tidy = {one: [_cell(value) for value in values] for one, values in columns.items()}
    with told(given.out):
        given.out.mkdir(parents=True, exist_ok=True)
    with new_file(given.out / f"{name}.{given.format}") as part:
        if given.format == "parquet":
            write_parquet(part, tidy)
            return
        table = Table(name, tuple(tidy), tuple(zip(*tidy.values(), strict=True)))
        write = {"csv": export.to_csv, "json": export.to_json, "xlsx": export.to_xlsx}[given.format]
        part.write_bytes(write(table))


def _cell(value: object) -> Value:
    if isinstance(value, float):
        return None if math.isnan(value) else value
    return value if isinstance(value, str | int) else str(value)
