"""`beffroi region`: one region's strengths, weaknesses and every figure behind its score."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from beffroi.cli.show import add_format, print_json, print_table
from beffroi.observatory.home import home_folder
from beffroi.observatory.ranking import place_in, set_of
from beffroi.observatory.read import open_edition

if TYPE_CHECKING:
    import argparse

    from beffroi.observatory.reading import Edition, Goal


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser], words: str) -> None:
    """Add the verb to the parser."""
    one = verbs.add_parser("region", help=words)
    one.add_argument("region", help="NUTS code, e.g. FRK")
    one.add_argument("--set", default=None, help="comparison set (default: the edition's first)")
    one.add_argument("--edition", default=None, help="such as 2026-1 (default: the current one)")
    add_format(one)
    one.set_defaults(do=_region)


def _region(given: argparse.Namespace) -> int:
    edition = open_edition(home_folder(), given.edition)
    reading = set_of(edition, given.set)
    standing = place_in(edition, reading, given.region)
    cells = [one for (code, _), one in reading.cells.items() if code == given.region]
    pillars = [one for (code, _), one in reading.pillars.items() if code == given.region]
    goals = sorted((one for (code, _), one in reading.goals.items() if code == given.region), key=lambda one: -one.top)
    if given.format == "json":
        print_json({"edition": edition.id, "set": reading.set_id, "standing": asdict(standing),
                    "pillars": [asdict(one) for one in pillars], "cells": [asdict(one) for one in cells],
                    "goals": [asdict(one) for one in goals]})  # fmt: skip
        return 0
    name = edition.places[given.region].name.say(given.language)
    print(f"{name}: {standing.rank} of {len(reading.standings)} (5–95 %: {standing.rank_low}–{standing.rank_high}), "
          f"score {standing.score:.1f}")  # fmt: skip
    index = edition.indices[reading.index_id]
    names = {one.id: one.name.say(given.language) for one in index.pillars}
    print_table(("pillar", "score", "rank"), [(names[one.pillar], round(one.score, 1), one.rank) for one in pillars])
    print()
    print_table(
        ("indicator", "value", "year", "rank", "of", "position", "verdict", "trend", "points", "weight", "adds"),
        [
            (edition.indicators[one.indicator].short.say(given.language), one.raw, str(one.year or ""), one.rank,
             one.ranked, one.position, one.verdict, one.trend, round(one.normalised, 1), round(one.weight, 4),
             round(one.contribution, 2))
            for one in cells
        ],
    )  # fmt: skip
    for goal in goals:
        _print_goal(edition, goal, given.language)
    return 0


def _print_goal(edition: Edition, goal: Goal, language: str) -> None:
    if not goal.is_feasible:
        print(
            f"\nAmong the first {goal.top}: out of reach; level with the best tenth everywhere it would be {goal.rank}."
        )
        return
    print(f"\nAmong the first {goal.top}: {goal.years:.1f} years of effort, the others standing still")
    print_table(
        ("lever", "from", "to", "years"),
        [
            (edition.indicators[one.indicator].short.say(language), one.raw_from, one.raw_to, round(one.years, 1))
            for one in goal.levers
        ],
    )
