"""`beffroi composite peers|explain|compare`: who is alike, why one is ahead, and what another recipe changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from beffroi.cli.composite_tables import (
    add_recipe,
    add_tables,
    built_from,
    definition_file,
    write,
    write_recipe,
    write_rows,
)
from beffroi.composite.explain_tree import explain_change, explain_units
from beffroi.composite.options import peer_options
from beffroi.composite.peers_index import peers_of
from beffroi.composite.recipe import build_index
from beffroi.composite.versions import compare_builds
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse


def add_to(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the ways to the parser."""
    one = ways.add_parser("peers", help="units alike in structure, and what the best of them reach")
    _common(one)
    one.add_argument("--unit", required=True, help="code of the unit that asks")
    one.add_argument("--structure", default=None, help="denominator columns that say what a unit cannot change: A,B")
    one.add_argument("--logs", default=None, help="those among them to take the logarithm of: A,B")
    one.add_argument("--peers", type=int, default=None, help="how many (default: 10)")
    one.set_defaults(do=_peers)
    one = ways.add_parser("explain", help="why a unit is ahead of another, or why its rank changed")
    _common(one)
    one.add_argument("--unit", required=True, help="code of the unit that asks")
    one.add_argument("--with", dest="other", default=None, help="code of the unit to compare with")
    one.add_argument("--time", type=float, default=None, help="the year, in a panel")
    one.add_argument("--between", nargs=2, type=float, default=None, metavar=("YEAR", "YEAR"), help="change of rank")
    one.set_defaults(do=_explain)
    one = ways.add_parser("compare", help="what another recipe changes: ranks or scores side by side")
    _common(one)
    one.add_argument("--with", dest="other", type=Path, required=True, help="the other definition (YAML or JSON)")
    one.add_argument("--use", choices=("ranks", "scores"), default="ranks", help="default: ranks")
    one.set_defaults(do=_compare)


def _common(parser: argparse.ArgumentParser) -> None:
    add_tables(parser)
    add_recipe(parser)


def _peers(given: argparse.Namespace) -> int:
    built, made = built_from(given)
    options = peer_options(made.sections.get("peers", {}))
    structure = _listed(given.structure) or options.structure
    if not structure:
        raise UsageError("No structural column was named. Give --structure, or `peers: {structure: [...]}`.")
    logs = _listed(given.logs) or options.logs
    found = peers_of(built, given.unit, structure=structure, logs=logs, k=given.peers or options.k)
    write_rows(
        given, "peers", ("unit", "distance", "mutual", "rank"),
        [(one.code, one.distance, int(one.mutual), one.rank) for one in found.peers],
    )  # fmt: skip
    write_rows(
        given, "reach", ("indicator", "points", "reachable", "example"),
        [(one.code, one.own, one.reachable, one.example) for one in found.reach],
    )  # fmt: skip
    write_recipe(given, made)
    print(f"{given.unit} is most like {', '.join(f'{one.code} ({one.distance:.2f})' for one in found.peers)}.")
    behind = sorted(found.reach, key=lambda one: one.own - one.reachable)[:3]
    print(f"Furthest behind its peers on {', '.join(f'{one.code} (see {one.example})' for one in behind)}.")
    return 0


def _explain(given: argparse.Namespace) -> int:
    if (given.other is None) == (given.between is None):
        raise UsageError("Say either --with UNIT (why the gap) or --between YEAR YEAR (why the rank changed).")
    built, made = built_from(given)
    write_recipe(given, made)
    framework = built.coin.framework
    if given.between is not None:
        start, end = given.between
        change = explain_change(built, given.unit, start=start, end=end)
        write(given, "change", {"cause": change.causes, "ranks": change.parts})
        parts = ", ".join(f"{name} {part:+.2f}" for name, part in zip(change.causes, change.parts, strict=True))
        print(f"{given.unit}: rank {change.before} in {start:g}, {change.after} in {end:g} (of which {parts}).")
        return 0
    gap = explain_units(built, given.unit, given.other, time=given.time)
    nodes = sorted(framework.nodes, key=lambda node: (-node.level, -abs(gap.parts[node.code])))
    write_rows(
        given, "gap", ("element", "name", "level", "parent", "points"),
        [(node.code, node.name, node.level, node.parent, gap.parts[node.code]) for node in nodes],
    )  # fmt: skip
    print(f"{given.unit} less {given.other}: {gap.gap:+.3f} points. Most of it:")
    for code in sorted(framework.indicators, key=lambda one: -abs(gap.parts[one]))[:5]:
        print(f"  {code:20} {gap.parts[code]:+.3f}")
    return 0


def _compare(given: argparse.Namespace) -> int:
    first, made = built_from(given)
    second = build_index(first.source, definition_file(given.other).recipe)
    found = compare_builds(first, second, ranks=given.use == "ranks")
    # A rank gained is a smaller number, a score gained a greater one.
    change = found.difference if given.use == "ranks" else -found.difference
    write(
        given, "comparison",
        {
            "unit": found.units, "first": found.first.tolist(), "second": found.second.tolist(),
            "gain": change.tolist(),
        },
    )  # fmt: skip
    write_recipe(given, made)
    seen = ~np.isnan(change)
    if not seen.any():
        raise UsageError("No unit has a score by both definitions. Fill missing figures, or lower the thresholds.")
    order = np.argsort(np.where(seen, change, 0.0))
    what = "places" if given.use == "ranks" else "points"
    print(f"{int(seen.sum())} units; a mean change of {np.abs(change[seen]).mean():.2f} {what}.")
    print(f"Gains most: {found.units[order[-1]]} ({change[order[-1]]:+.3g}); loses most: "
          f"{found.units[order[0]]} ({change[order[0]]:+.3g}).")  # fmt: skip
    return 0


def _listed(given: str | None) -> tuple[str, ...]:
    return tuple(one.strip() for one in given.split(",") if one.strip()) if given else ()
