"""Complexity and localisation at the size of a country, each beside a plain baseline of the same run.

    python bench/specialisation.py [--json] [--only NAME]

eci_226x785: economic complexity, median of 20 runs; baseline: all eigenvectors of the two matrices as they are written,
with numpy. duranton_overman_6000_1000: 800 of 6,000 sites, 1,000 draws, curve at 200 distances; baseline: a loop that
sums the kernel over all pairs at each distance, timed on 3 draws and scaled. Both give the same figures, which is
checked. Each row runs in a fresh process, so that its peak memory is its own (the baseline's too). `ratio` is baseline
÷ seconds. Goals: 50 ms and 10 s on two free cores; `load` says how free they were.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from beffroi.specialisation import duranton_overman, economic_complexity, on_plane

RUNS, LOOPED, DRAWS = 20, 3, 1000
SITES, MEMBERS = 6000, 800


def timed(call) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - clock, time.process_time() - processor


def eci() -> dict[str, object]:
    """A nested economy with noise, drawn at random."""
    rng = np.random.default_rng(1)
    strength = np.linspace(-2, 2, 226)[:, None] - np.linspace(-2, 2, 785)
    m = (rng.random((226, 785)) < 1 / (1 + np.exp(-3 * strength))).astype(float)
    m[:, 0] = m[-1] = 1.0

    def plain() -> tuple[np.ndarray, np.ndarray]:
        d, u = np.diag(1 / m.sum(axis=1)), np.diag(1 / m.sum(axis=0))
        out = []
        for matrix in (d @ m @ u @ m.T, u @ m.T @ d @ m):
            values, vectors = np.linalg.eig(matrix)
            second = vectors[:, np.argsort(-values.real)[1]].real
            out.append((second - second.mean()) / second.std())
        return out[0], out[1]

    found = economic_complexity(m)
    for ours, theirs in zip((found.eci, found.pci), plain(), strict=True):
        assert min(abs(ours - theirs).max(), abs(ours + theirs).max()) < 1e-8, "the baseline and the run disagree"
    runs = [timed(lambda: economic_complexity(m)) for _ in range(RUNS)]
    spent, processor = (statistics.median(column) for column in zip(*runs, strict=True))
    return {"seconds": spent, "cpu_seconds": processor, "baseline": timed(plain)[0], "goal_seconds": 0.05}


def localisation() -> dict[str, object]:
    """Sites spread evenly over 900 km × 900 km, and an industry drawn among them."""
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0, 900, SITES), rng.uniform(0, 900, SITES)
    sites, members = on_plane(x, y), np.arange(MEMBERS)
    kept = []
    spent, processor = timed(
        lambda: kept.append(duranton_overman(sites, members, rng=np.random.default_rng(2), draws=DRAWS))
    )
    found = kept[0]
    at, h = found.distances_km, found.bandwidth_km
    first, second = np.triu_indices(MEMBERS, 1)

    def curve(rows: np.ndarray) -> np.ndarray:
        d = np.hypot(x[rows[first]] - x[rows[second]], y[rows[first]] - y[rows[second]])
        sums = [(np.exp(-(((a - d) / h) ** 2) / 2) + np.exp(-(((a + d) / h) ** 2) / 2)).sum() for a in at]
        return np.array(sums) / (d.size * h * math.sqrt(2 * math.pi))

    assert np.allclose(curve(members), found.density, rtol=1e-3), "the baseline and the run disagree"
    looped = timed(lambda: [curve(rng.choice(SITES, MEMBERS, replace=False)) for _ in range(LOOPED)])[0]
    baseline = looped / LOOPED * DRAWS
    return {"seconds": spent, "cpu_seconds": processor, "baseline": baseline, "goal_seconds": 10.0}


ROWS = {"eci_226x785": eci, "duranton_overman_6000_1000": localisation}


def show(made: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(made), flush=True)
        return
    print(
        f"{made['name']:<28}{made['seconds']:>9.4f}{made['cpu_seconds']:>9.4f}{made['goal_seconds']:>8.2f}"
        f"{made['peak_mb']:>9.0f}{made['baseline']:>11.3f}{made['ratio']:>9.1f}×{made['load']:>6.1f}",
        flush=True,
    )


def measure(name: str) -> dict[str, object]:
    made = {"name": name, **ROWS[name]()}
    made["ratio"] = made["baseline"] / made["seconds"]
    made["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    made["load"] = os.getloadavg()[0]
    return made


def main() -> None:
    """Run each row in a process of its own and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON line a row")
    parser.add_argument("--only", choices=sorted(ROWS), metavar="NAME", help=f"one of {', '.join(ROWS)}")
    given = parser.parse_args()
    if given.only:
        show(measure(given.only), as_json=given.json)
        return
    if not given.json:
        heads = (
            f"{'row':<28}{'seconds':>9}{'cpu s':>9}{'goal s':>8}{'peak MB':>9}{'baseline':>11}{'ratio':>10}{'load':>6}"
        )
        print(heads, flush=True)
    for name in ROWS:
        command = [sys.executable, __file__, "--json", "--only", name]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        show(json.loads(done.stdout), as_json=given.json)


if __name__ == "__main__":
    main()
