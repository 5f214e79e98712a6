"""The composite engine in seconds, memory and beside a baseline of the same run.

    python bench/composite.py [--json] [--only NAME]

Each row runs in a fresh process, so that its peak memory is its own. The baseline of a row of scenarios is a plain loop
that rebuilds the index from the raw figures for each scenario, with the same choices; it is timed on a few scenarios
and scaled by the number of scenarios, and gives the same scores, which is checked. (COINr 1.1.14 was measured elsewhere
at 0.33 processor seconds for each scenario of 300 × 50, and 0.155 of ASEM.) `floor_*` rows hold what matrix
product and ranking must cost at least (the same sizes, one call of BLAS and of an integer sort each); their ratio says
which share of the whole row they are. A `ratio` is baseline ÷ seconds: how many times faster than the baseline.

Figures are made up (skewed, 5 % of holes, three groups), except ASEM where ../shared holds it.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from beffroi.catalogue.load import load
from beffroi.composite.aggregate import arithmetic, geometric
from beffroi.composite.build import build as build_observatory
from beffroi.composite.coin import Coin, Framework, Node
from beffroi.composite.coin_input import read_coin
from beffroi.composite.draws import SobolDraws
from beffroi.composite.impute import draw_imputation
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.normalise import normalise
from beffroi.composite.outliers import OutlierSpec
from beffroi.composite.rank import rank
from beffroi.composite.recipe import Recipe, build_index
from beffroi.composite.robustness import pairwise_above
from beffroi.composite.scaling import Scale
from beffroi.composite.scenarios import rebuild
from beffroi.composite.steps import Aggregate, Denominate, Impute, Normalise, Screen, Treat
from beffroi.composite.treat import treat
from beffroi.composite.uncertainty import run as run_observatory
from beffroi.composite.vary import Specification, VaryParameter, VaryStep, WeightNoise
from beffroi.composite.vary_check import check
from beffroi.composite.vary_sensitivity import run_sensitivity
from beffroi.composite.vary_uncertainty import Collect, run_uncertainty

SHARED = Path(__file__).resolve().parents[2] / "shared" / "reference" / "coinr" / "raw"
WORKERS = 2
LOOPED = 24  # scenarios of a baseline
COUNTS = Collect(pairs=False, top=())
MINMAX, ZSCORE = Normalise(scale=Scale(low=1.0)), Normalise(scale=Scale(method="zscore", mean=100.0, sd=5.0))


def spec(top: int) -> Specification:
    """Six things vary: points winsorised, treatment at all, scale, mean, and the weights of two levels."""
    return Specification(
        (
            VaryStep("treatment", "treat", (Treat(), None)),
            VaryParameter("points", "treat", "spec.win_most", (1, 3, 5)),
            VaryStep("scale", "normalise", (MINMAX, ZSCORE)),
            VaryStep("mean", "aggregate", (Aggregate(), Aggregate(rules="gmean"))),
            WeightNoise("indicator weights", 1, 0.25),
            WeightNoise("pillar weights", top, 0.25),
        )
    )


def made_up(units: int, indicators: int) -> tuple[Coin, Recipe]:
    """A tree of three levels, about seven indicators a pillar."""
    rng = np.random.default_rng(1)
    pillars = max(2, round(indicators / 7))
    nodes = [Node(f"i{k}", 1, f"p{k % pillars}", direction=1 if k % 5 else -1) for k in range(indicators)]
    nodes += [Node(f"p{k}", 2, "top") for k in range(pillars)]
    values = rng.lognormal(sigma=0.5, size=(units, indicators))
    values[rng.random(values.shape) < 0.05] = np.nan
    names = tuple(f"R{k:04d}" for k in range(units))
    groups = tuple("abc"[k % 3] for k in range(units))
    table = IndicatorMatrix(names, tuple(node.code for node in nodes if node.level == 1), values)
    coin = Coin(table, Framework((*nodes, Node("top", 3, ""))), names, {"group": groups})
    return coin, Recipe((Impute(group="group"), Treat(), MINMAX, Aggregate()))


def asem() -> tuple[Coin, Recipe, Specification]:
    """ASEM with the example pipeline and the choices of COINr's vignette, or a table of its size."""
    if not SHARED.is_dir():
        coin, recipe = made_up(51, 49)
        return coin, recipe, spec(2)
    coin = read_coin((SHARED / "ASEM_iData.csv").read_text("utf-8"), (SHARED / "ASEM_iMeta.csv").read_text("utf-8"))
    recipe = Recipe(
        (Denominate(), Impute(group="EurAsia_group"), Screen(least_available=0.9), Treat(), MINMAX, Aggregate())
    )
    choices = Specification(
        (
            VaryParameter("winmax", "treat", "spec.win_most", (1, 2, 3, 4, 5)),
            VaryStep("scale", "normalise", (MINMAX, Normalise(scale=Scale(method="zscore", mean=10.0, sd=2.0)))),
            VaryStep("mean", "aggregate", (Aggregate(), Aggregate(rules="gmean"))),
            WeightNoise("pillar weights", 2, 0.25),
            WeightNoise("sub-index weights", 3, 0.25),
        )
    )
    return coin, recipe, choices


def timed(call, *, times: int = 1) -> tuple[float, float, object]:
    """Least seconds and processor seconds of some calls, and what the last gave back."""
    best = (np.inf, np.inf)
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        made = call()
        best = min(best, (time.perf_counter() - wall, time.process_time() - cpu))
    return *best, made


def row(name: str, seconds: float, cpu: float, baseline: float, **more: object) -> dict[str, object]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ratio = baseline / seconds if baseline else None
    out = {"name": name, "seconds": seconds, "cpu_seconds": cpu, "peak_mb": peak, "baseline": baseline or None}
    return {**out, "ratio": ratio, **more}


def loop(coin: Coin, recipe: Recipe, choices: Specification, count: int) -> tuple[float, np.ndarray]:
    """Rebuild the index for each of a few scenarios; return the seconds that `count` of them would take."""
    setup = check(coin, recipe, choices, seed=1).setup
    draws = SobolDraws(setup, 1024, 1).table()
    seconds, _, scores = timed(lambda: np.stack([rebuild(setup, draws, m, seed=1) for m in range(LOOPED)]))
    return seconds / LOOPED * count, scores


def uncertainty(name: str, units: int, indicators: int, count: int, *, beside: bool) -> dict[str, object]:
    """Ranks with percentiles. The baseline is the loop, except in rows of growth, which have none."""
    coin, recipe = made_up(units, indicators)
    choices = spec(2)

    def whole():
        found = run_uncertainty(coin, recipe, choices, scenarios=count, seed=1, workers=WORKERS, collect=COUNTS)
        return found, found.median, found.interval(0.9), found.top_chance(10)

    seconds, cpu, _ = timed(whole, times=3 if beside else 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    baseline = 0.0
    if beside:
        kept = run_uncertainty(coin, recipe, choices, scenarios=1024, seed=1, collect=Collect(scores=True)).scores
        baseline, scores = loop(coin, recipe, choices, count)
        np.testing.assert_allclose(kept[:LOOPED], scores, rtol=1e-10)
    return {**row(name, seconds, cpu, baseline), "peak_mb": peak}


def pairs(name: str) -> dict[str, object]:
    """The same with who is above whom and central weights; the baseline is the plain comparison of all ranks."""
    coin, recipe = made_up(300, 50)
    collect = Collect(ranks=True)
    seconds, cpu, found = timed(
        lambda: run_uncertainty(coin, recipe, spec(2), scenarios=10_000, seed=1, workers=WORKERS, collect=collect)
    )
    few = found.ranks[:200]
    spent, _, _ = timed(lambda: (few[:, :, None] < few[:, None, :]).mean(axis=0))
    return row(name, seconds, cpu, spent * 50, note="baseline: comparing all ranks at once, without the run")


def sobol(name: str) -> dict[str, object]:
    """Shares of variance for every unit and for the mean change of rank; the baseline is the loop."""
    coin, recipe, choices = asem()
    seconds, cpu, found = timed(
        lambda: run_sensitivity(coin, recipe, choices, points=4096, seed=1, workers=WORKERS), times=3
    )
    baseline, _ = loop(coin, recipe, choices, found.scenarios)
    return row(name, seconds, cpu, baseline, scenarios=found.scenarios)


def build(name: str) -> dict[str, object]:
    """One build of ASEM from raw figures to ranks; the baseline is the same, one indicator after the other."""
    coin, recipe, _ = asem()
    seconds, cpu, _ = timed(lambda: build_index(coin, recipe).ranks, times=200)
    alone = recipe.with_steps(
        Treat(by_indicator={code: OutlierSpec(skew_limit=2.0) for code in coin.framework.indicators}),
        Normalise(by_indicator=dict.fromkeys(coin.framework.indicators, Scale(low=1.0))),
    )
    baseline, _, _ = timed(lambda: build_index(coin, alone).ranks, times=50)
    return row(name, seconds, cpu, baseline)


def floor(name: str, units: int, indicators: int, count: int) -> dict[str, object]:
    """What one product of all weights with the table and one sort of every scenario cost; baseline: the whole row."""
    rng = np.random.default_rng(1)
    weights, values = rng.random((count, indicators)), rng.random((units, indicators))
    product, one, scores = timed(lambda: weights @ values.T, times=5)
    keys = (scores * 1e9).astype(np.int64)
    sorting, two, _ = timed(lambda: np.sort(keys, axis=1), times=5)
    whole = uncertainty("", units, indicators, count, beside=False)["seconds"]
    both = product + sorting
    return row(name, both, one + two, whole, product=product, sorting=sorting, share=both / whole)


def observatory(name: str, regions: int) -> dict[str, object]:
    """The observatory's own chain on made-up figures; the baseline is its loop, one scenario after the other."""
    index = load().indices["digital_region"]
    rng = np.random.default_rng(1)
    values = rng.lognormal(sigma=0.6, size=(regions, len(index.indicators)))
    values[rng.random(values.shape) < 0.07] = np.nan
    names = tuple(f"{chr(65 + i % 30 // 6)}{chr(65 + i % 6)}{i:04d}" for i in range(regions))
    raw = IndicatorMatrix(names, index.indicators, values)
    built = build_observatory(
        raw, index, directions=dict.fromkeys(index.indicators, 1), countries={one: one[:2] for one in names}
    )
    seconds, cpu, made = timed(lambda: run_observatory(built, index, workers=WORKERS))
    several, _, _ = timed(lambda: pairwise_above(made, workers=WORKERS))
    spent, _, looped = timed(lambda: observatory_loop(built, index, made.draws, LOOPED))
    assert (looped == made.ranks[:LOOPED]).all(), "the loop and the run disagree"
    return row(name, seconds, cpu, spent / LOOPED * index.uncertainty.scenarios, pairs=several)


def observatory_loop(built, index, draws, count: int):
    """What the method says for one scenario, with plain calls and nothing shared between scenarios."""
    choices, shape = index.uncertainty, built.shape
    seeds = np.random.SeedSequence(choices.seed).spawn(choices.imputation_draws)
    out = []
    for m in range(count):
        filled = built.imputed.matrix
        if draws.imputation[m]:
            rng = np.random.default_rng(seeds[draws.imputation[m]])
            filled = draw_imputation(built.screened.matrix, built.countries, rng=rng).matrix
        treated = treat(filled, method=choices.treatments[draws.treatment[m]]).matrix
        points = normalise(treated, built.directions, method=choices.normalisations[draws.normalisation[m]]).values
        weights = draws.indicator_weights[m]
        pillars = np.stack([arithmetic(points[:, c], weights[c]) for c in shape.members], axis=1)
        mean = {"arithmetic": arithmetic, "geometric": geometric}[choices.aggregations[draws.aggregation[m]]]
        out.append(rank(mean(pillars, draws.pillar_weights[m])))
    return np.stack(out)


ROWS = {
    "uncertainty_300x50_10000": lambda name: uncertainty(name, 300, 50, 10_000, beside=True),
    "uncertainty_300x50_10000_pairs": pairs,
    "sobol_asem_4096": sobol,
    "build_asem": build,
    "floor_300x50_10000": lambda name: floor(name, 300, 50, 10_000),
    **{
        f"observatory_{regions}": lambda name, regions=regions: observatory(name, regions)
        for regions in (50, 300, 1_500)
    },
    **{
        f"scenarios_{count}": lambda name, count=count: uncertainty(name, 300, 50, count, beside=False)
        for count in (1_000, 10_000, 100_000, 1_000_000)
    },
    **{
        f"regions_{units}": lambda name, units=units: uncertainty(name, units, 50, 10_000, beside=False)
        for units in (50, 300, 1_500, 5_000)
    },
    **{
        f"indicators_{size}": lambda name, size=size: uncertainty(name, 300, size, 10_000, beside=False)
        for size in (10, 50, 200, 500)
    },
}


def show(made: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(made), flush=True)
        return
    ratio = f"{made['ratio']:>9.1f}×" if made["ratio"] else " " * 10
    base = f"{made['baseline']:>10.3f}" if made["baseline"] else " " * 10
    share = f"  share of the whole {made['share']:.0%}" if "share" in made else ""
    print(
        f"{made['name']:<32}{made['seconds']:>9.4f}{made['cpu_seconds']:>9.4f}{made['peak_mb']:>9.0f}{base}{ratio}{share}",
        flush=True,
    )


def main() -> None:
    """Run each row in a process of its own and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON line a row")
    parser.add_argument("--only", choices=sorted(ROWS), metavar="NAME", help=f"one of {', '.join(ROWS)}")
    given = parser.parse_args()
    if given.only:
        show(ROWS[given.only](given.only), as_json=given.json)
        return
    if not given.json:
        print(f"{'row':<32}{'seconds':>9}{'cpu s':>9}{'peak MB':>9}{'baseline':>10}{'ratio':>10}", flush=True)
    for name in ROWS:
        command = [sys.executable, __file__, "--json", "--only", name]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        show(json.loads(done.stdout), as_json=given.json)


if __name__ == "__main__":
    main()
