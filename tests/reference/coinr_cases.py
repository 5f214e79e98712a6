"""Run every row of a COINr reference folder through the public API: `coinr_cases.py FOLDER`.

Prints, per row, the largest relative difference, and last `cases=N agree=M max_rel=…`; ends with 1 unless all agree.
A row that cannot be expressed counts as a difference, never as a skip.
"""

# ruff: noqa: BLE001, T201 -- a script that prints; whatever fails in a row is a row that differs
from __future__ import annotations

import sys
import traceback
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from typing import TYPE_CHECKING

from coinr_files import Case, cases, compare
from coinr_others import author_v06, author_vignette, compind, refused, replications, synthetic, vector, weights
from coinr_pipeline import SCALE, grid, pipeline, scores, stage, treated, words
from coinr_tables import analysis, panel, stages

from beffroi.composite.steps import Normalise

if TYPE_CHECKING:
    from collections.abc import Callable

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Result:
    case: Case
    difference: float
    note: str = ""

    @property
    def agrees(self) -> bool:
        return self.difference <= TOLERANCE


def grids(case: Case) -> float:
    return compare(scores(grid(case)), case.expected, keys=("uCode",))


def copeland(case: Case) -> float:
    said = words(case.spec)
    made = pipeline(
        case.folder, {"impute": "mean_grp", "treat": "default", "norm": said["norm"], "agg": said["levels"]}
    )
    return compare(scores(made), case.expected, keys=("uCode",))


def treated_data(case: Case) -> float:
    _, impute, treat = case.id.split("__")
    made = treated(case.folder, impute, treat)
    return compare({**stage(made, "raw"), "uCode": list(made.coin.units), **stage(made, _last(made))}, case.expected)


def imputed(case: Case) -> float:
    made = treated(case.folder, case.id.split("__")[1], "none")
    return compare(stage(made, _last(made)), case.expected)


def normalised(case: Case) -> float:
    made = treated(case.folder, "none", "none").replay(Normalise(scale=SCALE[case.id.split("__")[1]]))
    return compare(stage(made, "normalise"), case.expected)


def _last(made: object) -> str:
    return list(made.stages)[-1]


KINDS: dict[str, Callable[[Case], float]] = {
    "grid_imp_treat": grids,
    "grid_norm_agg": grids,
    "grid_weights": grids,
    "missing": grids,
    "grid_copeland": copeland,
    "treated": treated_data,
    "imputed": imputed,
    "normalised": normalised,
    "stages": stages,
    "analysis": analysis,
    "panel": panel,
    "vector": vector,
    "weights": weights,
    "meta": refused,
    "compind": compind,
    "synthetic": synthetic,
    "sa_vignette": replications,
    "ua_vignette": replications,
    "author_vignette": author_vignette,
    "author_v06": author_v06,
}


def run(case: Case) -> Result:
    if case.kind not in KINDS:
        return Result(case, float("inf"), f"no runner for kind '{case.kind}'")
    try:
        return Result(case, KINDS[case.kind](case))
    except Exception as wrong:  # a row that fails is a row that disagrees
        last = traceback.extract_tb(wrong.__traceback__)[-1]
        return Result(case, float("inf"), f"{type(wrong).__name__}: {wrong} ({Path(last.filename).name}:{last.lineno})")


def main(folder: Path) -> int:
    results = [run(case) for case in cases(folder)]
    tally: dict[str, list[bool]] = defaultdict(list)
    for one in results:
        tally[one.case.kind].append(one.agrees)
        said = "ok" if one.agrees else f"DIFFERS {one.note}"
        print(f"{one.case.kind}/{one.case.id} max_rel={one.difference:.3g} {said}")
    for kind, agrees in tally.items():
        print(f"# {kind}: {sum(agrees)} of {len(agrees)}")
    worst = max((one.difference for one in results), default=0.0)
    agree = sum(one.agrees for one in results)
    print(f"cases={len(results)} agree={agree} max_rel={worst:.3g}")
    return 0 if agree == len(results) else 1


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
