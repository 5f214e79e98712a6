"""`beffroi seats`: share the seats of a board, compare rules, measure power, compose under wishes."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from beffroi.assembly.apportion import apportion
from beffroi.assembly.balance import compose
from beffroi.assembly.exact import canonical, fraction
from beffroi.assembly.fairness import by_class, fairness
from beffroi.assembly.faults import InexactNumberError, SeatRuleError, UndecidedTieError
from beffroi.assembly.frozen_rule import freeze
from beffroi.assembly.power import power
from beffroi.assembly.seat_rule import METHODS, TIES, SeatRule, Territory
from beffroi.cli.seats_input import read_board, read_mix, read_seats
from beffroi.cli.show import print_table
from beffroi.observatory import export
from beffroi.observatory.tables import Table
from beffroi.store.swap import new_file
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from beffroi.assembly.apportion import Apportionment
    from beffroi.cli.seats_input import SeatsFile
    from beffroi.observatory.tables import Value

FORMATS = ("text", "csv", "xlsx", "json")


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    top = verbs.add_parser("seats", help=words)
    ways = top.add_subparsers(dest="way", metavar="WAY", required=True)
    one = ways.add_parser("simulate", help="seats of each territory under one rule, and how fair they are")
    _add_rule(one)
    one.add_argument("--rule", choices=METHODS, default=None, help="method (default: that of the file)")
    one.add_argument("--freeze", type=Path, default=None, help="also write rule, inputs and result with a SHA-256")
    one.set_defaults(do=_simulate)
    one = ways.add_parser("compare", help="seats of each territory under every rule")
    _add_rule(one)
    one.set_defaults(do=_compare)
    one = ways.add_parser("power", help="power of each territory in a weighted vote")
    one.add_argument("file", type=Path, help="CSV or YAML of territories with their seats or votes")
    one.add_argument("--quota", type=int, required=True, help="sum of weights that wins")
    one.add_argument("--measure", default="seats", help="column of the weights, whole numbers (default: seats)")
    _add_output(one)
    one.set_defaults(do=_power)
    one = ways.add_parser("compose", help="a board nearest to proportion that keeps every wish, or why there is none")
    one.add_argument("file", type=Path, help="YAML with seats, groups and wishes")
    _add_output(one)
    one.set_defaults(do=_compose)


def _add_rule(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV or YAML of territories with their measures")
    parser.add_argument("--seats", type=int, default=None, help="seats of the board (default: those of the file)")
    parser.add_argument("--mix", default=None, help="weights of the measures, such as members=1,jobs=1/2")
    parser.add_argument("--floor", type=int, default=None, help="fewest seats of each territory")
    parser.add_argument("--ceiling", type=int, default=None, help="most seats of each territory")
    parser.add_argument("--base", type=int, default=None, help="seats for each before the rest is shared")
    parser.add_argument("--exponent", default=None, help="power of the weights; 1/2 is the square root")
    parser.add_argument("--ties", choices=TIES, default=None, help="who wins a tie (default: refuse)")
    parser.add_argument("--order", default=None, help="territories, best first, separated by commas, for --ties order")
    _add_output(parser)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument("--into", type=Path, default=None, help="file to write (default: standard output)")


def _simulate(given: argparse.Namespace) -> int:
    read = read_seats(given.file)
    rule = _rule_of(given, read)
    if given.rule is not None:
        rule = replace(rule, method=given.rule)
    found = apportion(read.territories, rule)
    _write(given, _standings(found))
    if read.classes and given.format == "text":
        print()
        held = by_class(found.seats, read.classes)
        rows = [
            (name, float(one.quota), float(one.quota + one.deviation), _float(one.ratio)) for name, one in held.items()
        ]
        print_table(("class", "quota", "seats", "ratio"), rows)
    if given.format == "text":
        _say(found)
    if given.freeze is not None:
        record = freeze(read.territories, found)
        with new_file(given.freeze) as part:
            part.write_bytes(canonical(record))
        print(f"Frozen in {given.freeze}, SHA-256 {record['sha256']}.", file=sys.stderr)
    return 0


def _say(found: Apportionment) -> None:
    fair = fairness(found.seats, found.weights)
    outside = ", ".join(fair.quota_violations) or "nobody"
    print(
        f"\n{found.rule.method}, {found.rule.seats} seats. Loosemore–Hanby {_pct(fair.loosemore_hanby)}, "
        f"Gallagher {_pct(fair.gallagher)}, Rae {_pct(fair.rae)}; largest deviation "
        f"{float(fair.largest_deviation):.2f} seats; outside their quota: {outside}."
    )
    for name, held in found.reserved.items():
        print(f"Reserved '{name}': {', '.join(f'{one} {count}' for one, count in held.items())}.")
    for tie in found.ties:
        print(f"Tie of {', '.join(tie.among)} for {tie.seats}: {', '.join(tie.winners)}, by '{tie.by}'.")


def _standings(found: Apportionment) -> Table:
    fair = fairness(found.seats, found.weights)
    total = sum(found.weights.values())
    reserved: Counter[str] = Counter()
    for held in found.reserved.values():
        reserved.update(held)
    rows = tuple(
        (
            name, _float(found.weights[name] / total), _float(one.quota), one.seats, reserved[name],
            _float(one.deviation), _float(one.ratio), "yes" if one.is_within_quota else "no",
        )
        for name, one in fair.standings.items()
    )  # fmt: skip
    return Table(
        "seats",
        ("territory", "weight_share", "quota", "seats", "of_which_reserved", "deviation", "ratio", "within_quota"),
        rows,
    )


def _compare(given: argparse.Namespace) -> int:
    read = read_seats(given.file)
    rule = _rule_of(given, read)
    columns: dict[str, Apportionment] = {}
    for method in METHODS:
        try:
            columns[method] = apportion(read.territories, replace(rule, method=method))
        except (SeatRuleError, UndecidedTieError) as error:
            print(f"{method}: {error}", file=sys.stderr)
    if not columns:
        raise UsageError("No rule can be applied to this file; the reasons are above.")
    names = [one.id for one in read.territories]
    rows: list[tuple[Value, ...]] = [(name, *(one.seats[name] for one in columns.values())) for name in names]
    if given.format == "text":
        fair = [fairness(one.seats, one.weights) for one in columns.values()]
        rows.append(("Loosemore–Hanby", *(_pct(one.loosemore_hanby) for one in fair)))
        rows.append(("outside quota", *(len(one.quota_violations) for one in fair)))
    _write(given, Table("seats", ("territory", *columns), tuple(rows)))
    return 0


def _power(given: argparse.Namespace) -> int:
    territories = read_seats(given.file).territories
    lacking = [one.id for one in territories if given.measure not in one.measures]
    if lacking or not territories:
        raise UsageError(
            f"{given.file} has no '{given.measure}' for {', '.join(lacking) or 'anybody'}. Name a column by --measure."
        )
    held = {one.id: one.measures[given.measure] for one in territories}
    if broken := [name for name, value in held.items() if value.denominator != 1]:
        raise UsageError(f"'{given.measure}' of {broken[0]} is {held[broken[0]]}; power is counted in whole numbers.")
    weights = {name: int(value) for name, value in held.items()}
    total = sum(weights.values())
    rows = tuple(
        (
            name, weights[name], _float(fraction(weights[name]) / total), _float(one.banzhaf),
            _float(one.banzhaf_normalised), _float(one.shapley_shubik),
        )
        for name, one in power(weights, given.quota).items()
    )  # fmt: skip
    columns = ("territory", "weight", "share", "banzhaf", "banzhaf_normalised", "shapley_shubik")
    _write(given, Table("power", columns, rows))
    return 0


def _compose(given: argparse.Namespace) -> int:
    seats, groups, wishes, order = read_board(given.file)
    found = compose(groups, seats, wishes, order=order)
    _write(given, Table("board", ("group", "seats"), tuple(found.seats.items())))
    if given.format == "text":
        print("\nKept: " + "; ".join(one.in_words for one in wishes) + "." if wishes else "\nNo wish was given.")
    return 0


def _rule_of(given: argparse.Namespace, read: SeatsFile) -> SeatRule:
    said = {name: getattr(given, name) for name in ("seats", "floor", "ceiling", "base", "ties")}
    rule = replace(read.rule, **{name: value for name, value in said.items() if value is not None})
    if given.mix is not None:
        rule = replace(rule, mix=read_mix(given.mix))
    elif not rule.mix and (measures := _measures(read.territories)):
        if len(measures) > 1:
            raise UsageError(f"{given.file} has {', '.join(measures)}: say which count, such as --mix {measures[0]}=1.")
        rule = replace(rule, mix={measures[0]: fraction(1)})
    if given.exponent is not None:
        try:
            rule = replace(rule, exponent=fraction(given.exponent))
        except InexactNumberError as error:
            raise UsageError(f"--exponent: {error}") from error
    if given.order is not None:
        rule = replace(rule, order=tuple(one.strip() for one in given.order.split(",")))
    if not rule.seats:
        raise UsageError("Say how many seats the board has, with --seats or in the file.")
    return rule


def _measures(territories: tuple[Territory, ...]) -> list[str]:
    return sorted({name for one in territories for name in one.measures})


def _write(given: argparse.Namespace, table: Table) -> None:
    if given.format == "text":
        if given.into is not None:
            raise UsageError("Text is for the terminal: choose --format csv, xlsx or json with --into.")
        print_table(table.columns, table.rows)
        return
    content = {"csv": export.to_csv, "json": export.to_json, "xlsx": export.to_xlsx}[given.format](table)
    if given.into is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    with new_file(given.into) as part:
        part.write_bytes(content)


def _float(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]  # -- fractions only


def _pct(value: object) -> str:
    return f"{100 * float(value):.2f} %"  # type: ignore[arg-type]  # -- fractions and floats only
