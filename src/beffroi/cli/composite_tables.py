"""What the ways of `beffroi composite` share: tables in, a recipe from options or a file, tables out."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from beffroi.composite.coin_input import TableError, read_coin
from beffroi.composite.coin_tool import read_coin_tool
from beffroi.composite.definition import Definition, read_definition, recipe_as_mapping
from beffroi.composite.outliers import OutlierSpec
from beffroi.composite.plain import DefinitionError
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.scaling import Scale
from beffroi.composite.steps import Aggregate, Denominate, Impute, Normalise, Screen, Treat
from beffroi.observatory import export
from beffroi.observatory.tables import Table
from beffroi.store.swap import new_file, told
from beffroi.store.tables import write_parquet
from beffroi.vocabulary.errors import BeffroiError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from beffroi.composite.coin import Coin
    from beffroi.composite.recipe import IndexBuild
    from beffroi.composite.steps import Step
    from beffroi.observatory.tables import Value

SCALES = ("minmax", "zscore", "dist2max", "fracmax", "rank", "prank", "borda")
MEANS = ("amean", "gmean", "hmean", "copeland")
FORMATS = ("csv", "xlsx", "json", "parquet")
STEPS = {
    "denominate": False, "screen": None, "impute": None, "treat": False, "scale": "minmax", "low": 0.0,
    "mean": "amean", "compat": "correct",
}  # fmt: skip


def add_tables(parser: argparse.ArgumentParser) -> None:
    """Add the two tables, the folder for results and their format."""
    parser.add_argument("data", type=Path, help="figures: a row a unit (uCode), a column an indicator; CSV or XLSX")
    parser.add_argument(
        "meta", type=Path, nargs="?", default=None,
        help="indicators and aggregates (iMeta): Level, iCode, Parent; CSV or XLSX; none with a COIN Tool workbook",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, help="folder for the results; files there are replaced")
    parser.add_argument("--format", choices=FORMATS, default="csv", help="default: csv")


def add_recipe(parser: argparse.ArgumentParser) -> None:
    """Add what says how the index is made: a file, or options for the usual choices."""
    add = parser.add_argument
    add("--definition", type=Path, default=None, help="steps and questions in a YAML or JSON file")
    add("--denominate", action="store_true", help="divide by the denominators that iMeta names")
    add("--screen", type=float, default=None, help="share of indicators a unit needs (default: none)")
    add("--impute", choices=("mean", "median"), default=None, help="fill missing figures by column")
    add("--treat", action="store_true", help="winsorise outliers, or take logarithms")
    add("--scale", choices=SCALES, default="minmax", help="default: minmax")
    add("--low", type=float, default=0.0, help="lowest point of minmax (1 suits gmean and hmean)")
    add("--mean", choices=MEANS, default="amean", help="default: amean")
    add("--compat", choices=("correct", "coinr"), default="correct", help="coinr repeats COINr's answers")


def definition(given: argparse.Namespace) -> Definition:
    """Return the definition of the file, or that of the options.

    Raises:
        UsageError: both are given, or the file is no YAML or JSON.
        DefinitionError: the file has faults; each has its place.
    """
    if given.definition is None:
        return Definition(Recipe(_steps(given), given.compat))
    both = [name for name, usual in STEPS.items() if getattr(given, name) != usual]
    if both:
        raise UsageError(f"--{both[0]} and --definition are both given. Say the steps in one place.")
    return definition_file(given.definition)


def definition_file(path: Path) -> Definition:
    """Read a definition from a file."""
    content = read(path)
    try:
        plain = yaml.safe_load(content)  # JSON is YAML
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise UsageError(f"{path} is no YAML or JSON{where}. Mend its layout.") from error
    if not isinstance(plain, dict):
        raise UsageError(f"{path} holds no mapping. Begin with `steps:` and a list.")
    try:
        return read_definition(plain)
    except DefinitionError as error:
        raise DefinitionError(f"{path}: {error}") from error


def coin_of(given: argparse.Namespace) -> Coin:
    """Read both tables, or one workbook of the JRC's COIN Tool; faults name the files."""
    if given.meta is None:
        return _coin_tool(given.data)
    try:
        return read_coin(read(given.data), read(given.meta))
    except TableError as error:
        # The method knows two tables; here each has the name of its file.
        named = str(error).replace("\niData:", f"\n{given.data}:").replace("\niMeta:", f"\n{given.meta}:")
        raise TableError(named) from error


def _coin_tool(path: Path) -> Coin:
    content = read(path)
    if isinstance(content, str):
        raise UsageError(f"{path} is a table of figures alone. Give the table of indicators (iMeta) after it.")
    try:
        return read_coin_tool(content)
    except BeffroiError as error:
        raise type(error)(f"{path}: {error}") from error


def built_from(given: argparse.Namespace) -> tuple[IndexBuild, Definition]:
    """Read the tables and the definition and build the index."""
    made = definition(given)
    return build_index(coin_of(given), made.recipe), made


def read(path: Path, *, otherwise: str = "utf-8") -> str | bytes:
    """Return the text of a file, or the bytes of a workbook; `otherwise` is what it may be encoded in if not UTF-8."""
    if not path.is_file():
        raise UsageError(f"{path} is no file. Give the path of a file that exists.")
    with told(path):
        content = path.read_bytes()
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return content
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if otherwise != "utf-8":
            return content.decode(otherwise)
        raise UsageError(f"{path} is not UTF-8 (byte {error.start}). Save it as CSV in UTF-8, or as XLSX.") from error


def write(given: argparse.Namespace, name: str, columns: Mapping[str, Sequence[object]]) -> None:
    """Write one table into the folder for results, in the format asked for."""
    tidy = {one: [_cell(value) for value in values] for one, values in columns.items()}
    with _open(given, f"{name}.{given.format}") as part:
        if given.format == "parquet":
            write_parquet(part, tidy)
            return
        table = Table(name, tuple(tidy), tuple(zip(*tidy.values(), strict=True)))
        make = {"csv": export.to_csv, "json": export.to_json, "xlsx": export.to_xlsx}[given.format]
        part.write_bytes(make(table))


def write_rows(given: argparse.Namespace, name: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write one table given by its rows."""
    write(given, name, {one: [row[k] for row in rows] for k, one in enumerate(header)})


def write_recipe(given: argparse.Namespace, made: Definition) -> None:
    """Write what was done, so that it can be done again."""
    plain = {**recipe_as_mapping(made.recipe), **{name: dict(one) for name, one in made.sections.items()}}
    with _open(given, "definition.json") as part:
        part.write_text(json.dumps(plain, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _open(given: argparse.Namespace, name: str) -> AbstractContextManager[Path]:
    with told(given.out):
        given.out.mkdir(parents=True, exist_ok=True)
    return new_file(given.out / name)


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


def _cell(value: object) -> Value:
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value if isinstance(value, str | int) or value is None else str(value)
