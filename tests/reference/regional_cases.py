"""Run every case of a regional reference folder through the public API: `regional_cases.py FOLDER`.

Prints, per case, the largest relative difference, and last `cases=N agree=M max_rel=…`; ends with 1 unless every number
of every case lies within that case's own tolerance. A case that cannot be run counts as a difference, never as a skip.
"""

# ruff: noqa: BLE001, T201 -- a script that prints; whatever fails in a case is a case that differs
from __future__ import annotations

import sys
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

import math
from collections import defaultdict

from regional_files import Case, Distance, cases, compare
from regional_specialisation import METHODS as SPECIALISATION
from regional_survey import METHODS as SURVEY

METHODS = {**SPECIALISATION, **SURVEY}


def run(case: Case) -> Distance:
    if case.method not in METHODS:
        return Distance(math.inf, math.inf, f"no method '{case.method}'")
    try:
        return compare(METHODS[case.method](case), case)
    except Exception as wrong:  # a case that fails is a case that disagrees
        last = traceback.extract_tb(wrong.__traceback__)[-1]
        note = f"{type(wrong).__name__}: {wrong} ({Path(last.filename).name}:{last.lineno})"
        return Distance(math.inf, math.inf, note)


def main(folder: Path) -> int:
    worst, agree, tally = 0.0, 0, defaultdict(list)
    found = cases(folder)
    for case in found:
        result = run(case)
        said = "ok" if result.agrees else f"DIFFERS {result.note}"
        print(f"{case.method}/{case.id} max_rel={result.relative:.3g} of_tolerance={result.of_tolerance:.3g} {said}")
        worst, agree = max(worst, result.relative), agree + result.agrees
        tally[case.method].append(result.agrees)
    for method, agreed in tally.items():
        print(f"# {method}: {sum(agreed)} of {len(agreed)}")
    print(f"cases={len(found)} agree={agree} max_rel={worst:.3g}")
    return 0 if found and agree == len(found) else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: regional_cases.py FOLDER")
    raise SystemExit(main(Path(sys.argv[1])))
