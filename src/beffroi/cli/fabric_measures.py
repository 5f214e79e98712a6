"""The measures of `beffroi fabric`: quotient, concentration, shift-share, relatedness, demography and others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.cli.fabric_out import (
    TERRITORY,
    add_formats,
    check_format,
    own_catalogue,
    register_folder,
    warn_invented,
    write,
)
from beffroi.cli.show import print_table
from beffroi.observatory.fabric_accounts import accounts_of
from beffroi.observatory.fabric_growth import shift_share_of
from beffroi.observatory.fabric_measures import concentration, quotient
from beffroi.observatory.fabric_race import FIRST_YEAR, race, race_answer
from beffroi.observatory.fabric_related import related_of
from beffroi.observatory.fabric_subject import DEFAULT_PERIMETER, Subject, subject
from beffroi.observatory.fabric_territories import TOLD, resolve
from beffroi.observatory.fabric_years import demography_of
from beffroi.store.registers_tables import ACTIVITY_LEVELS, REV2, REV21
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from beffroi.observatory.fabric_answer import Answer

MEASURES_OF_RELATEDNESS = ("proximity", "cosine", "jaccard", "association", "probability")


def add_ways(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the measures to `beffroi fabric`."""
    one = _way(ways, "quotient", "say where the perimeter is at home: location quotients with intervals", _quotient)
    _territory(one, by=TOLD, default="nuts3")
    one = _way(ways, "concentration", "say how unevenly the perimeter lies over territories", _concentration)
    _territory(one, by=TOLD, default="nuts3")
    one = _way(ways, "shift-share", "say why the perimeter grew in a territory", _shift_share)
    one.add_argument("--territory", required=True, help=TERRITORY)
    one.add_argument("--start", required=True, help="month loaded (2025-11) or year (2015)")
    one.add_argument("--end", required=True, help="later month or year")
    one.add_argument("--by", choices=ACTIVITY_LEVELS, default="class", help="industries (default: class)")
    one.add_argument("--form", choices=("dunn", "esteban-marquillas"), default="dunn", help="default: dunn")
    one = _way(ways, "relatedness", "say which activities go with those a territory has", _relatedness)
    one.add_argument("--territory", default="FR", help="name or code of a NUTS region (default: FR)")
    one.add_argument("--by", choices=ACTIVITY_LEVELS[1:], default="branch", help="activities (default: branch)")
    one.add_argument("--measure", choices=MEASURES_OF_RELATEDNESS, default="proximity", help="default: proximity")
    one = _way(ways, "demography", "count births, deaths and survival of establishments by year", _demography)
    _territory(one, by=("country", *TOLD[:3]), default="nuts3")
    one.add_argument("--first", type=int, default=None, help="first year (default: ten years)")
    one.add_argument("--last", type=int, default=None, help="last year (default: the one before the month's)")
    one = _way(ways, "accounts", "say what public annual accounts say: medians of five firms or more", _accounts)
    _territory(one, by=("country", *TOLD[:3]), default="nuts3")
    one = _way(ways, "against", "say when the perimeter will weigh as much as another sector", _against)
    one.add_argument("--territory", default="FR", help="name or code of a NUTS region (default: FR)")
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
    add_formats(one)
    one.set_defaults(do=lambda given: _told(do(_read(given)), given))
    return one


def _read(given: argparse.Namespace) -> argparse.Namespace:
    check_format(given)
    given.territory = resolve(given.territory)
    return given


def add_subject(one: argparse.ArgumentParser) -> None:
    """Give a command `--perimeter`, `--nomenclature` and `--month`."""
    one.add_argument("--perimeter", default=DEFAULT_PERIMETER, help=f"what counts as digital ({DEFAULT_PERIMETER})")
    one.add_argument("--nomenclature", choices=(REV2, REV21), default=REV2, help=f"of activities (default: {REV2})")
    one.add_argument("--month", default=None, help="month of the register (default: the newest)")


def _territory(one: argparse.ArgumentParser, *, by: tuple[str, ...], default: str) -> None:
    one.add_argument("--territory", default="FR", help=f"{TERRITORY} (default: FR)")
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


def _accounts(given: argparse.Namespace) -> Answer:
    return accounts_of(asked(given), territory=given.territory, by=given.by)


def _against(given: argparse.Namespace) -> Answer:
    codes = tuple(one for one in given.sector.split(",") if one)
    of = asked(given)
    return race_answer(of, race(of, territory=given.territory, against=codes, first=given.first, scale=given.scale),
                       against=codes)  # fmt: skip


def _told(answer: Answer, given: argparse.Namespace) -> int:
    if answer.synthetic:
        warn_invented()
    if given.format == "text":
        _print(answer)
    else:
        write(answer.sdmx() if given.format == "sdmx-csv" else answer.table(), given.format, given.into)
    return 0


def _print(answer: Answer) -> None:
    of = answer.subject
    print_table((*answer.dimensions, *answer.measures, "secret"), answer.rows)
    *_, source = answer.of
    print(f"\n{of.perimeter.name.en}, {of.perimeter.version} ({of.perimeter.id}), {of.vintage}. {source}, {of.month}.")
    for line in answer.lines:
        print(line)
    print(f"{answer.secret_rows} of {len(answer.rows)} rows are secret.")
