"""`beffroi composite preset`: apply a published index to its publisher's figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.catalogue.presets import load_preset, preset_ids
from beffroi.cli.composite_tables import FORMATS, read, write
from beffroi.composite.preset import apply_preset
from beffroi.composite.results import results
from beffroi.composite.tables import columns_of
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from beffroi.catalogue.presets import Preset
    from beffroi.composite.tables import Columns


def add_to(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the way to the parser."""
    one = ways.add_parser("preset", help="apply a published index to its publisher's figures")
    one.add_argument("preset", help=f"one of: {', '.join(preset_ids())}")
    one.add_argument("--input", type=Path, required=True, help="folder with the publisher's table")
    one.add_argument("--edition", default=None, help="edition of the figures (default: that of the preset)")
    one.add_argument("--out", type=Path, required=True, help="folder for the results; files there are replaced")
    one.add_argument("--format", choices=FORMATS, default="csv", help="default: csv")
    one.set_defaults(do=_preset)


def _preset(given: argparse.Namespace) -> int:
    chosen = load_preset(given.preset)
    wanted = given.edition or chosen.edition
    editions = _editions(given.input / chosen.file, chosen, wanted)
    built = apply_preset(chosen, editions.pop(wanted, {}), other_editions=editions)
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
    best = f"{scores[0]:.1f}" if chosen.method.points > 1 else f"{scores[0]:.3f}"
    print(f"{chosen.name.en}: {len(table.units)} units; first: {table.units[0]} ({best}). {chosen.source}.")
    if chosen.differs:
        print(f"Not the publisher's own: {chosen.differs.en}")
    return 0


def _editions(path: Path, chosen: Preset, wanted: str) -> dict[str, dict[tuple[str, str], float]]:
    """Read the publisher's table: edition → (unit, indicator) → figure."""
    content = columns_of(read(path, otherwise=chosen.encoding))
    missing = [name for name in chosen.columns.values() if name not in content]
    if missing:
        raise UsageError(f"{path} has no column '{missing[0]}' (it has: {', '.join(list(content)[:12])}).")
    if not chosen.cell:
        return _long(path, content, chosen.columns)
    units = content[chosen.columns["unit"]]
    names = {code: chosen.cell.format(indicator=code, edition=wanted) for code in chosen.leaves}
    absent = [name for name in names.values() if name not in content]
    if absent:
        raise UsageError(f"{path} has no column '{absent[0]}'. Choose an --edition that the table has.")
    cells = (
        ((str(unit), code), _figure(path, row, name, value))
        for code, name in names.items()
        for row, (unit, value) in enumerate(zip(units, content[name], strict=True), start=2)
        if value is not None and unit is not None
    )
    return {wanted: dict(cells)}


def _long(path: Path, content: Columns, columns: Mapping[str, str]) -> dict[str, dict[tuple[str, str], float]]:
    rows = zip(*(content[columns[name]] for name in ("edition", "unit", "indicator", "value")), strict=True)
    out: dict[str, dict[tuple[str, str], float]] = {}
    for number, (when, unit, code, value) in enumerate(rows, start=2):
        if value is not None:
            out.setdefault(str(when), {})[str(unit), str(code)] = _figure(path, number, columns["value"], value)
    return out


def _figure(path: Path, row: int, column: str, value: object) -> float:
    try:
        return float(str(value))
    except ValueError as error:
        raise UsageError(f"{path}: row {row}, column '{column}': '{value}' is not a number.") from error
