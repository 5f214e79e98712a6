"""`beffroi composite gap|trajectory|merge`: what would it take, by when, and what if units merged."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from beffroi.cli.composite_tables import add_recipe, add_tables, built_from, write, write_recipe, write_rows
from beffroi.composite.gap_convex import Quadratic
from beffroi.composite.gap_index import levers, question_about, solver_for, what_it_takes
from beffroi.composite.gap_integer import Integer, alternatives, one_lever_each
from beffroi.composite.gap_robust import robust_plan
from beffroi.composite.gap_weights import cases_of
from beffroi.composite.options import actions_of, gap_options, merge_options, peer_options
from beffroi.composite.peers_index import peers_of
from beffroi.composite.recombine_index import merge_units
from beffroi.composite.trajectory_index import journey, years_of_peers
from beffroi.composite.tree_score import tree_of
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from beffroi.composite.definition import Definition
    from beffroi.composite.gap import Plan, Solver
    from beffroi.composite.gap_question import Question
    from beffroi.composite.options import GapOptions
    from beffroi.composite.recipe import IndexBuild

LEVERS = ("plan", "wanted", "indicator", "name", "points", "points_after", "figure", "figure_after", "unit", "cost")
PLANS = ("plan", "wanted", "feasible", "cost", "least_cost", "true_rank", "true_score", "best_rank", "rounds")
FRESH = 10_000


def add_to(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the ways to the parser."""
    one = ways.add_parser("gap", help="the least effort that lifts a unit to a rank, certified")
    _common(one, unit=True)
    one.add_argument("--rank", type=int, required=True, help="rank to reach, 1 is best")
    one.add_argument("--most", type=int, default=None, help="move at most so many indicators")
    one.add_argument("--effort", choices=("linear", "quadratic"), default="linear", help="quadratic: many small moves")
    one.add_argument("--alternatives", type=int, default=1, help="so many different plans (arithmetic indices)")
    one.add_argument("--ladder", action="store_true", help="a plan for every rank from the next one to --rank")
    one.add_argument("--chance", type=float, default=None, help="reach the rank with this probability (0..1)")
    one.add_argument("--spread", type=float, default=0.25, help="how far each weight may differ with --chance")
    one.set_defaults(do=_gap)
    one = ways.add_parser("trajectory", help="by when a unit of a panel holds a rank, everybody moving")
    _common(one, unit=True)
    one.add_argument("--rank", type=int, required=True, help="rank to reach, 1 is best")
    one.add_argument("--horizon", type=int, default=30, help="years looked ahead (default: 30)")
    one.add_argument("--futures", type=int, default=1000, help="how many futures are drawn (default: 1000)")
    one.set_defaults(do=_trajectory)
    one = ways.add_parser("merge", help="where merged units would stand")
    _common(one, unit=False)
    one.add_argument("--units", action="append", required=True, metavar="NEW=A+B", help="may be given several times")
    one.set_defaults(do=_merge)


def _common(parser: argparse.ArgumentParser, *, unit: bool) -> None:
    add_tables(parser)
    add_recipe(parser)
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn at random (default: 1)")
    if unit:
        parser.add_argument("--unit", required=True, help="code of the unit that asks")


def _gap(given: argparse.Namespace) -> int:
    built, made = built_from(given)
    options = gap_options(made.sections.get("gap", {}))
    built, costs = _year_and_costs(built, options)
    question = question_about(
        built, given.unit, costs=costs, heads_to=options.heads_to, most_points=options.heads,
        peers=_peers(given, built, made),
    )  # fmt: skip
    if given.chance is not None:
        return _robust(given, built, question)
    plans = _plans(given, built, question, options)
    names = {node.code: node for node in built.coin.framework.nodes}
    rows = [
        (number, plan.wanted, one.code, names[one.code].name, one.points, one.points_after, one.figure,
         one.figure_after, names[one.code].unit, one.cost)
        for number, plan in enumerate(plans, start=1)
        for one in levers(built, question, plan.moves)
    ]  # fmt: skip
    write_rows(given, "levers", LEVERS, rows)
    write_rows(
        given, "plans", PLANS,
        [
            (number, one.wanted, int(one.feasible), one.cost, one.least_cost, one.true_rank, one.true_score,
             one.best_rank, one.rounds)
            for number, one in enumerate(plans, start=1)
        ],
    )  # fmt: skip
    write_recipe(given, made)
    today = int(built.ranks[question.row])
    for one in plans:
        print(_sentence(given.unit, today, one))
    print(f"Levers and plans are in {given.out}.")
    return 0


def _year_and_costs(built: IndexBuild, options: GapOptions) -> tuple[IndexBuild, dict[str, float]]:
    """Take the last year of a panel, where a point costs the years that a typical unit needs for it."""
    if not built.coin.times:
        return built, dict(options.costs)
    paced = years_of_peers(built)
    print("A point costs the years that a typical unit of the panel needs for it, where no cost is given.")
    return built.year(max(built.coin.times)), {**paced, **options.costs}


def _peers(given: argparse.Namespace, built: IndexBuild, made: Definition) -> tuple[str, ...] | None:
    """Return the peers that say how far the unit can go, if the definition says what makes a peer."""
    if "peers" not in made.sections:
        return None
    options = peer_options(made.sections["peers"])
    found = peers_of(built, given.unit, structure=options.structure, logs=options.logs, k=options.k)
    return tuple(one.code for one in found.peers)


def _plans(given: argparse.Namespace, built: IndexBuild, question: Question, options: GapOptions) -> tuple[Plan, ...]:
    solver = _solver(given, built, question, options)
    if given.alternatives > 1:
        if not isinstance(solver, Integer):
            if not tree_of(built).is_linear:
                raise UsageError("--alternatives needs arithmetic means. Ask for one plan, or change the means.")
            solver = Integer(one_lever_each(question), most=given.most)
        return alternatives(question, given.rank, by=solver, count=given.alternatives)
    today = int(built.ranks[question.row])
    ladder = range(today - 1, given.rank - 1, -1) if given.ladder else (given.rank,)
    out: list[Plan] = []
    for wanted in tqdm(ladder, unit="rank", file=sys.stderr, disable=None, leave=False):
        out.append(what_it_takes(built, question, wanted, by=solver))
        if not out[-1].feasible:
            break
    return tuple(out)


def _solver(given: argparse.Namespace, built: IndexBuild, question: Question, options: GapOptions) -> Solver:
    if options.actions:
        if not tree_of(built).is_linear:
            raise UsageError("Actions need arithmetic means. Leave `actions` out, or change the means.")
        return Integer(actions_of(options, question), most=given.most, budget=options.budget)
    if given.effort == "quadratic":
        if given.most is not None or not tree_of(built).is_linear:
            raise UsageError("--effort quadratic needs arithmetic means and goes without --most.")
        return Quadratic()
    return solver_for(built, most=given.most)


def _robust(given: argparse.Namespace, built: IndexBuild, question: Question) -> int:
    rng = np.random.default_rng(given.seed)
    tree = tree_of(built)
    sample, fresh = (cases_of(tree, question, given.rank, spread=given.spread, rng=rng, count=FRESH) for _ in range(2))
    found = robust_plan(question, given.rank, p=given.chance, sample=sample, fresh=fresh)
    write_rows(given, "levers", ("indicator", "points"), found.levers)
    write(
        given, "plans",
        {
            "wanted": [found.wanted], "asked": [found.asked], "feasible": [int(found.feasible)], "cost": [found.cost],
            "chance": [found.verified], "standard_error": [found.standard_error], "chance_today": [found.today],
        },
    )  # fmt: skip
    if found.feasible:
        print(
            f"{given.unit} is {given.rank} or better with a chance of {found.verified:.3f} "
            f"(standard error {found.standard_error:.3f}; today {found.today:.3f}) at a cost of {found.cost:.4g}."
        )
    else:
        print(f"Out of reach: with every head used the chance is {found.verified:.3f}; {given.chance:g} was asked for.")
    return 0


def _sentence(unit: str, today: int, found: Plan) -> str:
    if not found.feasible:
        return (
            f"{unit} (rank {today}) cannot reach {found.wanted}; the best rank within its heads is {found.best_rank}."
        )
    if not found.levers:
        return f"{unit} is at rank {today} already."
    moves = ", ".join(f"{code} +{points:.3g}" for code, points in found.levers[:6])
    more = f" and {len(found.levers) - 6} more" if len(found.levers) > 6 else ""  # noqa: PLR2004 -- a line's worth
    return f"{unit}: rank {today} -> {found.true_rank} at a cost of {found.cost:.4g} ({moves}{more})."


def _trajectory(given: argparse.Namespace) -> int:
    built, made = built_from(given)
    found = journey(
        built, given.unit, wanted=given.rank, rng=np.random.default_rng(given.seed), horizon=given.horizon,
        futures=given.futures,
    )  # fmt: skip
    seen = found.arrival
    rows: list[tuple[str, object]] = [
        ("rank today", found.today), ("median year", found.year + seen.median_year), ("never", seen.never)
    ]  # fmt: skip
    rows += [(f"within {years} years", share) for years, share in seen.chances]
    rows += [(f"within {years} years, standard error", error) for years, error in seen.standard_errors]
    rows.append(("share of weight with a trend", found.moving))
    write_rows(given, "arrival", ("measure", "value"), rows)
    write(given, "path", {"year": [found.year + k for k in range(seen.path.size)], "rank": seen.path.tolist()})
    write_rows(
        given, "paces", ("years", "required", "good", "best", "ratio"),
        [(one.years, one.required, one.good, one.best, one.ratio) for one in found.paces],
    )  # fmt: skip
    write_recipe(given, made)
    by = "in none of the years looked at" if np.isnan(seen.median_year) else f"by {found.year + seen.median_year:.0f}"
    print(f"{given.unit}, rank {found.today} in {found.year}, holds rank {given.rank} {by} in the median future;")
    chances = ", ".join(f"{share:.0%} within {years} years" for years, share in seen.chances)
    print(f"{chances}, {seen.never:.0%} not within {seen.horizon} years.")
    if found.moving < 1:
        print(f"Indicators worth {1 - found.moving:.0%} of the weight have too few years for a trend and stand still.")
    return 0


def _merge(given: argparse.Namespace) -> int:
    built, made = built_from(given)
    options = merge_options(made.sections.get("merge", {}))
    groups = dict(_group(one) for one in given.units)
    found = merge_units(built, groups, kinds=options.kinds, weights=options.weights)
    table, ranks = found.figures, dict(zip(found.built.coin.units, found.built.ranks, strict=True))
    new = [k for k, unit in enumerate(table.regions) if unit in groups]
    write_rows(
        given, "figures", ("unit", "indicator", "figure", "low", "high", "how", "mean_of_parts"),
        [
            (table.regions[k], code, float(table.values[k, j]), float(table.low[k, j]), float(table.high[k, j]),
             str(table.how[k, j]), float(table.plain_mean[k, j]))
            for k in new
            for j, code in enumerate(table.indicators)
        ],
    )  # fmt: skip
    before = dict(zip(built.coin.units, built.ranks, strict=True))
    write(
        given, "ranks",
        {
            "unit": found.built.coin.units, "rank": found.built.ranks.tolist(), "score": found.built.scores.tolist(),
            "rank_frozen": [int(x) or None for x in found.frozen_ranks], "score_frozen": found.frozen_scores.tolist(),
            "rank_before": [float(before[unit]) if unit in before else None for unit in found.built.coin.units],
        },
    )  # fmt: skip
    write_recipe(given, made)
    for unit, parts in groups.items():
        was = ", ".join(f"{one} {before.get(one, float('nan')):.0f}" for one in parts)
        row = table.regions.index(unit)
        exact = int(np.isin(table.how[row], ["exact"]).sum())
        place = ranks.get(unit, float("nan"))
        print(f"{unit} would be {place:.0f} of {len(ranks)} (its parts: {was}).")
        print(f"{exact} of {len(table.indicators)} figures are exact; see the column `how` in {given.out}.")
    return 0


def _group(given: str) -> tuple[str, tuple[str, ...]]:
    name, _, parts = given.partition("=")
    members = tuple(one.strip() for one in parts.split("+") if one.strip())
    if not name.strip() or not members:
        raise UsageError(f"--units {given} says no merger. Write it as NEW=A+B, with the codes of the units.")
    return name.strip(), members
