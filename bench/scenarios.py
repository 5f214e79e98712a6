"""10,000 scenarios and more: our vectorised run against a plain loop, at 50, 300 and 1,500 regions.

    python bench/scenarios.py [--regions 50 300 1500]

The loop does for one scenario what the method says, with plain numpy calls for each scenario and no sharing between
them; it is timed on 64 scenarios and scaled. Both give the same ranks, which is checked. Peak memory is that of a
fresh process for each size.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time

import numpy as np

from beffroi.catalogue.load import load
from beffroi.composite.aggregate import arithmetic, geometric
from beffroi.composite.build import Built, build
from beffroi.composite.impute import draw_imputation
from beffroi.composite.matrix import IndicatorMatrix
from beffroi.composite.normalise import normalise
from beffroi.composite.rank import rank
from beffroi.composite.robustness import pairwise_above
from beffroi.composite.treat import treat
from beffroi.composite.uncertainty import run

LOOPED = 64
INDEX = load().indices["digital_region"]


def synthetic(regions: int) -> Built:
    """Figures drawn at random with 7 % of holes, in 30 countries: for speed only."""
    rng = np.random.default_rng(1)
    values = rng.lognormal(sigma=0.6, size=(regions, len(INDEX.indicators)))
    values[rng.random(values.shape) < 0.07] = np.nan
    names = tuple(f"{chr(65 + i % 30 // 6)}{chr(65 + i % 6)}{i:04d}" for i in range(regions))
    raw = IndicatorMatrix(names, INDEX.indicators, values)
    return build(raw, INDEX, directions=dict.fromkeys(INDEX.indicators, 1), countries={n: n[:2] for n in names})


def loop(built: Built, draws, count: int):
    """One scenario after the other."""
    spec = INDEX.uncertainty
    seeds = np.random.SeedSequence(spec.seed).spawn(spec.imputation_draws)
    out = []
    for m in range(count):
        filled = built.imputed.matrix
        if draws.imputation[m]:
            rng = np.random.default_rng(seeds[draws.imputation[m]])
            filled = draw_imputation(built.screened.matrix, built.countries, rng=rng).matrix
        treated = treat(filled, method=spec.treatments[draws.treatment[m]]).matrix
        points = normalise(treated, built.directions, method=spec.normalisations[draws.normalisation[m]]).values
        pillars = np.stack(
            [arithmetic(points[:, c], draws.indicator_weights[m, c]) for c in built.shape.members], axis=1
        )
        mean = {"arithmetic": arithmetic, "geometric": geometric}[spec.aggregations[draws.aggregation[m]]]
        out.append(rank(mean(pillars, draws.pillar_weights[m])))
    return np.stack(out)


def measure(regions: int) -> None:
    built = synthetic(regions)
    start = time.perf_counter()
    scenarios = run(built, INDEX, workers=2)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    pairwise_above(scenarios, workers=2)
    pairs = time.perf_counter() - start
    start = time.perf_counter()
    looped = loop(built, scenarios.draws, LOOPED)
    plain = (time.perf_counter() - start) / LOOPED * INDEX.uncertainty.scenarios
    assert (looped == scenarios.ranks[:LOOPED]).all(), "the loop and the run disagree"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    count = INDEX.uncertainty.scenarios
    ratio = plain / ours
    print(f"{regions:>7} {count:>9} {ours:>8.2f} {pairs:>8.2f} {plain:>9.1f} {ratio:>6.0f}× {peak:>8.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regions", type=int, nargs="+", default=[50, 300, 1500])
    parser.add_argument("--one", type=int)
    given = parser.parse_args()
    if given.one:
        measure(given.one)
        return
    print("regions scenarios    run s  pairs s    loop s   ratio  peak MB", flush=True)
    for regions in given.regions:
        subprocess.run([sys.executable, __file__, "--one", str(regions)], check=True)


if __name__ == "__main__":
    main()
