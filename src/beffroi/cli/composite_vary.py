"""`beffroi composite uncertainty|sensitivity`: how sure each rank is, and which choices it hangs on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from beffroi.cli.composite_tables import (
    add_recipe,
    add_tables,
    coin_of,
    definition,
    read,
    write,
    write_recipe,
    write_rows,
)
from beffroi.cli.show import progress
from beffroi.composite.tables import columns_of
from beffroi.composite.vary import Specification, WeightNoise
from beffroi.composite.vary_exact import exact_ranks
from beffroi.composite.vary_read import UncertaintyOptions, uncertainty_options
from beffroi.composite.vary_sensitivity import run_sensitivity
from beffroi.composite.vary_uncertainty import Collect, replay_uncertainty, run_uncertainty
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from beffroi.composite.coin import Coin
    from beffroi.composite.definition import Definition
    from beffroi.composite.vary_result import UncertaintyResult

USUAL_SPREAD = 0.25
MOST_DRAWS = 1_000_000  # rows that a sheet or a text editor still opens


def add_to(ways: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the ways to the parser."""
    one = ways.add_parser("uncertainty", help="rank intervals, chances and pairs over many scenarios")
    _common(one)
    one.add_argument("--scenarios", type=int, default=None, help="how many (default: the definition's, or 16384)")
    one.add_argument(
        "--draws", type=Path, default=None, help="replay these scenarios: a `draws` table of an earlier run"
    )
    one.add_argument(
        "--exact", action="append", default=[], metavar="UNIT", help="best and worst rank over all weights"
    )
    one.set_defaults(do=_uncertainty)
    one = ways.add_parser("sensitivity", help="which choices the ranks hang on (Sobol indices)")
    _common(one)
    one.add_argument("--points", type=int, default=None, help="base points, a power of two (default: 1024)")
    one.set_defaults(do=_sensitivity)


def _common(parser: argparse.ArgumentParser) -> None:
    add_tables(parser)
    add_recipe(parser)
    parser.add_argument("--seed", type=int, default=None, help="of what is drawn (default: the definition's, or 2006)")


def _options(coin: Coin, made: Definition) -> UncertaintyOptions:
    """Return what the definition says may vary; without a word of it, the weights of every level."""
    if "uncertainty" in made.sections:
        return uncertainty_options(made.sections["uncertainty"])
    levels = range(1, coin.framework.depth)
    spec = Specification(tuple(WeightNoise(f"weights of level {k}", k, USUAL_SPREAD) for k in levels))
    print(f"The definition has no section `uncertainty`: weights vary by {USUAL_SPREAD:.0%} of themselves.")
    return UncertaintyOptions(spec=spec)


def _uncertainty(given: argparse.Namespace) -> int:
    made, coin = definition(given), coin_of(given)
    options = _options(coin, made)
    seed = options.seed if given.seed is None else given.seed
    collect, workers = Collect(top=options.top), os.cpu_count() or 1
    with progress() as report:
        if given.draws is not None:
            draws = _draws(given.draws)
            total = len(next(iter(draws.values())))
            found = replay_uncertainty(
                coin, made.recipe, options.spec, draws=draws, seed=seed, workers=workers, collect=collect,
                progress=lambda done: report("scenarios", done, total),
            )  # fmt: skip
        else:
            count = options.scenarios if given.scenarios is None else given.scenarios
            found = run_uncertainty(
                coin, made.recipe, options.spec, scenarios=count, seed=seed, workers=workers, collect=collect,
                progress=lambda done: report("scenarios", done, count),
            )  # fmt: skip
    _write_uncertainty(given, found, options)
    _write_exact(given, coin, made, options)
    write_recipe(given, made)
    low, high = found.interval()
    width = np.nanmedian(high - low)
    best = int(np.nanargmin(np.where(np.isnan(found.nominal_ranks), np.inf, found.nominal_ranks)))
    print(f"{found.scenarios} scenarios of {len(options.spec.vary)} choices, {len(found.units)} units.")
    print(f"{found.units[best]} is first; in 9 scenarios of 10 its rank is {low[best]:.0f} to {high[best]:.0f}.")
    print(f"Half of the units have an interval of {width:.0f} places or more. Tables are in {given.out}.")
    return 0


def _write_uncertainty(given: argparse.Namespace, found: UncertaintyResult, options: UncertaintyOptions) -> None:
    units = found.units
    write(given, "ranks", found.columns(top=options.top))
    share = found.acceptability().share
    write(given, "acceptability", {"unit": units, **{str(k + 1): share[:, k].tolist() for k in range(share.shape[1])}})
    if found.above is not None and len(set(units)) == len(units):
        above = found.pairwise()
        write(
            given,
            "pairs",
            {"unit": units, **{code: above[:, k].astype(float).tolist() for k, code in enumerate(units)}},
        )
    for k in options.top:
        central = found.central_weights(k)
        codes = found.setup.coin.framework.indicators
        write(
            given, f"central_weights_{k}",
            {
                "unit": units, "scenarios": central.scenarios.tolist(),
                **{code: central.weights[:, j].tolist() for j, code in enumerate(codes)},
            },
        )  # fmt: skip
    if found.scenarios <= MOST_DRAWS:
        drawn = found.draws.table().columns()
        write(given, "draws", {name: np.asarray(values).tolist() for name, values in drawn.items()})
    else:
        print(f"The draws are not written: {found.scenarios} rows. The seed gives them again.")


def _write_exact(given: argparse.Namespace, coin: Coin, made: Definition, options: UncertaintyOptions) -> None:
    if not given.exact:
        return
    found = [(unit, exact_ranks(coin, made.recipe, options.spec, unit)) for unit in given.exact]
    write_rows(
        given, "exact_ranks", ("unit", "best", "worst", "proven"),
        [(unit, one.best, one.worst, int(one.proven)) for unit, one in found],
    )  # fmt: skip
    for unit, one in found:
        how = "" if one.proven else " (search stopped by time; the true bounds may lie beyond)"
        print(f"{unit}: best {one.best}, worst {one.worst} over all weights that are allowed{how}.")


def _sensitivity(given: argparse.Namespace) -> int:
    made, coin = definition(given), coin_of(given)
    options = _options(coin, made)
    points = options.points if given.points is None else given.points
    total = points * (len(options.spec.vary) + 2)
    with progress() as report:
        found = run_sensitivity(
            coin, made.recipe, options.spec, points=points, workers=os.cpu_count() or 1,
            seed=options.seed if given.seed is None else given.seed,
            progress=lambda done: report("scenarios", done, total),
        )  # fmt: skip
    write(given, "sensitivity", found.columns())
    write_rows(
        given, "options", ("choice", "option", "unit", "shift"),
        [
            (one.choice, one.option, unit, float(shift))
            for one in found.effects
            for unit, shift in zip(coin.units, one.shift, strict=True)
        ],
    )  # fmt: skip
    write_recipe(given, made)
    overall = found.shares.overall
    order = np.argsort(-np.nan_to_num(overall.total[:, 0]))
    print(f"{found.scenarios} scenarios. The mean change of rank hangs on, alone (first) and with all others (total):")
    for k in order:
        print(f"  {found.shares.factors[k]:30} {overall.first[k, 0]:6.3f} {overall.total[k, 0]:6.3f}")
    print(f"Shares of every unit's rank, with intervals, are in {given.out}.")
    return 0


def _draws(path: Path) -> Mapping[str, list[float]]:
    columns = columns_of(read(path))
    return {name: list(_numbers(path, name, cells)) for name, cells in columns.items()}


def _numbers(path: Path, name: str, cells: list[object]) -> Iterator[float]:
    for row, cell in enumerate(cells, start=2):
        try:
            yield float(str(cell))
        except ValueError as error:
            raise UsageError(
                f"{path}: row {row}, column '{name}': '{cell}' is no number. Give draws as written."
            ) from error
