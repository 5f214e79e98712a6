"""`beffroi fabric quotient`, `concentration`, `shift-share`, `relatedness`, `demography`, `against`: what it says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.cli.show import print_table
from beffroi.observatory import export
from beffroi.observatory.fabric_growth import shift_share_of
from beffroi.observatory.fabric_measures import concentration, quotient
from beffroi.observatory.fabric_race import FIRST_YEAR, race, race_answer
from beffroi.observatory.fabric_related import related_of
from beffroi.observatory.fabric_subject import DEFAULT_PERIMETER, Subject, subject
from beffroi.observatory.fabric_territories import TOLD, canonical
from beffroi.observatory.fabric_years import demography_of
from beffroi.observatory.home import Home, home_folder
from beffroi.store.registers_tables import ACTIVITY_LEVELS, REV2, REV21
from beffroi.store.swap import new_file
from beffroi.store.tables import write_parquet
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from beffroi.observatory.fabric_answer import Answer
    from beffroi.observatory.tables import Table

FORMATS = ("text", "csv", "parquet", "xlsx", "json", "sdmx-csv")
MEASURES_OF_RELATEDNESS = ("proximity", "cosine", "jaccard", "association", "probability")


def add_ways(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the measures to `beffroi fabric`."""
    one = _way(ways, "quotient", "say where the perimeter is at home: location quotients with intervals", _quotient)
    _territory(one, by=TOLD, default="nuts3")
    one = _way(ways, "concentration", "say how unevenly the perimeter lies over territories", _concentration)
    _territory(one, by=TOLD, default="nuts3")
    one = _way(ways, "shift-share", "say why the perimeter grew in a territory", _shift_share)
    one.add_argument("--territory", required=True, help="code of an EPCI, département or NUTS region")
    one.add_argument("--start", required=True, help="month loaded (2025-11) or year (2015)")
    one.add_argument("--end", required=True, help="later month or year")
    one.add_argument("--by", choices=ACTIVITY_LEVELS, default="class", help="industries (default: class)")
    one.add_argument("--form", choices=("dunn", "esteban-marquillas"), default="dunn", help="default: dunn")
    one = _way(ways, "relatedness", "say which activities go with those a territory has", _relatedness)
    one.add_argument("--territory", default="FR", help="code of a NUTS region (default: FR)")
    one.add_argument("--by", choices=ACTIVITY_LEVELS[1:], default="branch", help="activities (default: branch)")
    one.add_argument("--measure", choices=MEASURES_OF_RELATEDNESS, default="proximity", help="default: proximity")
    one = _way(ways, "demography", "count births, deaths and survival of establishments by year", _demography)
    _territory(one, by=("country", *TOLD[:3]), default="nuts3")
    one.add_argument("--first", type=int, default=None, help="first year (default: ten years)")
    one.add_argument("--last", type=int, default=None, help="last year (default: the one before the month's)")
    one = _way(ways, "against", "say when the perimeter will weigh as much as another sector", _against)
    one.add_argument("--territory", default="FR", help="code of a NUTS region (default: FR)")
    one.add_argument("--sector", default="47", help="codes of the other sector (default: 47, retail trade)")
    one.add_argument("--first", type=int, default=FIRST_YEAR, help=f"first year (default: {FIRST_YEAR})")
    one.add_argument("--scale", choices=("difference", "ratio"), default="difference", help="default: difference")


def _way(
    ways: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    words: str,
    do: Callable[[argparse.Namespace], Answer],
) -> argparse.ArgumentParser:
    one = ways.add_parser(name, help=words)
    add_subject(one)
    one.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    one.add_argument("--into", "--out", type=Path, default=None, help="file to write (default: standard output)")
    one.set_defaults(do=lambda given: _told(do(_read(given)), given))
    return one


def _read(given: argparse.Namespace) -> argparse.Namespace:
    given.territory = canonical(given.territory)
    return given


def add_subject(one: argparse.ArgumentParser) -> None:
    """Give a command `--perimeter`, `--nomenclature` and `--month`."""
    one.add_argument("--perimeter", default=DEFAULT_PERIMETER, help=f"what counts as digital ({DEFAULT_PERIMETER})")
    one.add_argument("--nomenclature", choices=(REV2, REV21), default=REV2, help=f"of activities (default: {REV2})")
    one.add_argument("--month", default=None, help="month of the register (default: the newest)")


def _territory(one: argparse.ArgumentParser, *, by: tuple[str, ...], default: str) -> None:
    one.add_argument("--territory", default="FR", help="code of a commune, EPCI or NUTS region (default: FR)")
    one.add_argument("--by", choices=by, default=default, help=f"territories told (default: {default})")


def asked(given: argparse.Namespace) -> Subject:
    """The perimeter and month that a command names."""
    return subject(
        register_folder(),
        perimeter=given.perimeter,
        month=given.month,
        vintage=given.nomenclature,
        extra=own_catalogue(),
    )


def register_folder() -> Path:
    """Where the register of this house lies."""
    return home_folder() / "registers" / "sirene"


def own_catalogue() -> Path | None:
    """The house's own catalogue files, where there are some."""
    folder = Home(home_folder()).definitions
    return folder if folder.is_dir() else None


def _quotient(given: argparse.Namespace) -> Answer:
    return quotient(asked(given), territory=given.territory, by=given.by)


def _concentration(given: argparse.Namespace) -> Answer:
    return concentration(asked(given), territory=given.territory, by=given.by)


def _shift_share(given: argparse.Namespace) -> Answer:
    if given.month is not None:
        raise UsageError("shift-share takes its months from --start and --end; leave --month away.")
    return shift_share_of(
        register_folder(), (given.start, given.end), territory=given.territory, by=given.by,
        perimeter=given.perimeter, vintage=given.nomenclature, extra=own_catalogue(), classic=given.form == "dunn",
    )  # fmt: skip


def _relatedness(given: argparse.Namespace) -> Answer:
    return related_of(asked(given), territory=given.territory, by=given.by, measure=given.measure)


def _demography(given: argparse.Namespace) -> Answer:
    return demography_of(asked(given), territory=given.territory, by=given.by, first=given.first, last=given.last)


def _against(given: argparse.Namespace) -> Answer:
    codes = tuple(one for one in given.sector.split(",") if one)
    of = asked(given)
    return race_answer(of, race(of, territory=given.territory, against=codes, first=given.first, scale=given.scale),
                       against=codes)  # fmt: skip


def _told(answer: Answer, given: argparse.Namespace) -> int:
    if given.format in ("parquet", "xlsx") and given.into is None:
        raise UsageError(f"{given.format} is not text: say where to write it with --into FILE.{given.format}.")
    if answer.synthetic:
        print("These firms are invented: the register loaded is synthetic.", file=sys.stderr)
    if given.format == "text":
        _print(answer)
        return 0
    _write(answer.sdmx() if given.format == "sdmx-csv" else answer.table(), given.format, given.into)
    return 0


def _print(answer: Answer) -> None:
    of = answer.subject
    print_table((*answer.dimensions, *answer.measures, "secret"), answer.rows)
    print(
        f"\n{of.perimeter.name.en}, {of.perimeter.version} ({of.perimeter.id}), {of.vintage}. {of.source}, {of.month}."
    )
    for line in answer.lines:
        print(line)
    print(f"{answer.secret_rows} of {len(answer.rows)} rows are secret.")


def _write(table: Table, form: str, into: Path | None) -> None:
    if form == "parquet" and into is not None:
        with new_file(into) as part:
            columns = [list(column) for column in zip(*table.rows, strict=True)] or [[] for _ in table.columns]
            write_parquet(part, dict(zip(table.columns, columns, strict=True)))
        return
    write = {"csv": export.to_csv, "sdmx-csv": export.to_csv, "json": export.to_json, "xlsx": export.to_xlsx}
    content = write[form](table)
    if into is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        with new_file(into) as part:
            part.write_bytes(content)
