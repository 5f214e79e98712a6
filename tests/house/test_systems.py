"""The table of systems says what the tests hold, no more and no less."""

from __future__ import annotations

import re
from collections import defaultdict

# Every check of these is promised; the others are told as they are.
WHOLE = {"S01": 6, "S02": 5, "S03": 4, "S04": 6, "S05": 4, "S07": 4, "S08": 5, "S09": 5, "S14": 5, "S15": 6, "S16": 5,
         "S17": 7, "S23": 6, "S24": 6, "S31": 5, "S45": 5}  # fmt: skip
ROW = re.compile(r"^\| (S\d\d) \|[^|]*\|[^|]*\| ([^|]*) \| ([^|]*) \|", re.MULTILINE)


def held(root):
    """System → numbers of the checks that a test names."""
    found = defaultdict(set)
    for path in (root / "tests").rglob("test_*.py"):
        for name in re.findall(r"def (test_\w+)", path.read_text("utf-8")):
            for match in re.finditer(r"s(\d\d)_(\d)((?:_and_\d)*)", name):
                found[f"S{match[1]}"] |= {int(one) for one in (match[2], *re.findall(r"\d", match[3]))}
    return found


def numbers(cell):
    return {int(one) for one in re.findall(r"\d", cell)}


def test_the_table_names_the_checks_that_tests_hold(root):
    text = (root / "docs" / "reference" / "systems.md").read_text("utf-8")
    rows = {system: (numbers(have), numbers(lack)) for system, have, lack in ROW.findall(text)}
    found = held(root)
    assert set(found) <= set(rows)
    for system, (have, lack) in rows.items():
        assert have == found[system], system
        assert not have & lack, system


def test_every_check_of_strategy_and_government_has_a_test_of_its_number(root):
    found = held(root)
    missing = {system: set(range(1, count + 1)) - found[system] for system, count in WHOLE.items()}
    assert {system: lack for system, lack in missing.items() if lack} == {}
    assert {2, 3} <= found["S26"]
