"""Why the perimeter grew in a territory, between two months of the register or two years: shift-share.

Between months active establishments are compared; between years, those that stood at the end of each year, rebuilt from
the dates of creation and closing of the newest month, so that one nomenclature holds throughout. Industries that are
secret in the territory are counted as one, in the territory and in France alike: from the parts that are shown none of
them can be solved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.observatory.fabric_answer import Answer
from beffroi.observatory.fabric_subject import subject
from beffroi.observatory.fabric_territories import level_of, name_of
from beffroi.specialisation.shift_share_forms import ShiftShare, shift_share, shift_share_esteban_marquillas
from beffroi.store.registers import within
from beffroi.store.registers_figures import Question, contributors_sql
from beffroi.store.registers_lives import lives_sql
from beffroi.store.registers_tables import ACTIVITY_LEVELS, REV2, check_level
from beffroi.survey.disclosure import ROOT, SHOWN, Rule, Table, protect
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from beffroi.observatory.fabric_subject import Subject
    from beffroi.store.registers_engine import Engine
    from beffroi.store.tables import Value

    Counts = dict[str, tuple[int, int]]  # industry → establishments, units

TOTAL, OTHERS = "total", "secret_industries"
PARTS = ("start", "end", "growth", "national", "mix", "regional", "allocation")
_MONTH_LENGTH = len("2026-11")


def shift_share_of(
    register: Path, span: tuple[str, str], *, territory: str, by: str = "class", perimeter: str, vintage: str = REV2,
    extra: Path | None = None, classic: bool = True,
) -> Answer:  # fmt: skip
    """Split the growth of the perimeter's establishments in a territory into national, mix and regional parts.

    Args:
        register: folder of the register.
        span: months (`2025-11`) or years (`2015`) to start from and to end with; both of one kind.
        territory: code of any level but the country's.
        by: level of activities that count as industries.
        perimeter: id of a perimeter.
        vintage: nomenclature.
        extra: the house's own catalogue files.
        classic: Dunn's three parts; else Esteban-Marquillas' four.

    Returns:
        One row for the total and one an industry, in establishments; industries that are secret in the territory stand
        as one, `secret_industries`.

    Raises:
        UsageError: a month and a year mixed, or in the wrong order, or the country itself.
        StoreError: a month that is not loaded.
        UnknownRegionError, UnknownDefinitionError: no such territory, level or perimeter.

    Source: Dunn (1960), doi:10.1111/j.1435-5597.1960.tb01705.x; Esteban-Marquillas (1972), Regional and Urban
    Economics 2(3), 249–255.
    """
    check_level(by, ACTIVITY_LEVELS, what="activities")
    start, end = span
    level = level_of(territory)
    if level == "country":
        raise UsageError("Shift-share compares a territory with France; expected a code within it, such as FRE.")
    if len(start) != len(end) or start >= end:
        raise UsageError(
            f"From {start} to {end}: expected two months (2025-11) or two years (2015), the earlier first."
        )
    by_month = len(start) == _MONTH_LENGTH
    newest = subject(register, perimeter=perimeter, month=end if by_month else None, vintage=vintage, extra=extra)
    if by_month:
        first = subject(register, perimeter=perimeter, month=start, vintage=vintage, extra=extra)
        with first.engine() as engine:
            before = _active(first, engine, territory, by)
        with newest.engine() as engine:
            after = _active(newest, engine, territory, by)
    else:
        with newest.engine() as engine:
            before, after = _stood(newest, engine, territory, level, by, years=(_year(start), _year(end)))
    method = shift_share if classic else shift_share_esteban_marquillas
    rows = _rows(before, after, method)
    return Answer(
        "shift-share",
        newest,
        ("territory", "name", "start_period", "end_period", "industry"),
        PARTS,
        tuple((territory, name_of(territory), start, end, *row) for row in rows),
    )


def _year(text: str) -> int:
    if not (text.isdecimal() and len(text) == len("2015")):
        raise UsageError(f"'{text}' is no year and no month. Write 2015 or 2025-11.")
    return int(text)


def _active(asked: Subject, engine: Engine, territory: str, by: str) -> tuple[Counts, Counts]:
    """Active establishments and their units by industry: in the territory and in France."""
    found = []
    for places in (within(engine, territory), None):
        question = Question(
            by=("activity",), activity=by, vintage=asked.vintage, places=places, activities=asked.inside(engine)
        )
        rows = engine.rows(contributors_sql(question, ordered=False))[1]
        found.append({str(row[0]): (int(row[2]), int(row[1])) for row in rows if row[0]})
    return found[0], found[1]


def _stood(
    asked: Subject, engine: Engine, territory: str, level: str, by: str, *, years: tuple[int, int]
) -> tuple[tuple[Counts, Counts], tuple[Counts, Counts]]:
    """Establishments that stood at the end of each year. Units are not known then: establishments stand for them."""
    sums: list[tuple[Counts, Counts]] = [({}, {}), ({}, {})]
    for own, places in ((0, within(engine, territory)), (1, None)):
        sql = lives_sql(level, activities=asked.inside(engine), activity=by, vintage=asked.vintage, places=places)
        for _, industry, born, died, count in engine.rows(sql)[1]:
            for k, year in enumerate(years):
                if industry and born <= year and (died is None or died > year):
                    held = sums[k][own].get(industry, (0, 0))[0] + count
                    sums[k][own][industry] = (held, held)
    return sums[0], sums[1]


def _rows(
    before: tuple[Counts, Counts], after: tuple[Counts, Counts], method: Callable[..., ShiftShare]
) -> list[tuple[Value, ...]]:
    industries = sorted(set(before[1]) | set(after[1]))
    if not industries:
        return []
    reasons = _secret(before, industries)
    for industry, why in _secret(after, industries).items():
        reasons[industry] = reasons[industry] or why
    if reasons[TOTAL]:
        return [(TOTAL, *(None,) * len(PARTS), reasons[TOTAL])]
    shown = [one for one in industries if not reasons[one]]
    pooled = [one for one in industries if reasons[one]]
    names = [*shown, *([OTHERS] if pooled else [])]
    given = [_column(each, shown, pooled) for each in (before[0], after[0], before[1], after[1])]
    got = method(*given)
    rows = [_row(TOTAL, sum(given[0]), sum(given[1]), [got.national, got.mix, got.regional, got.allocation])]
    for k, name in enumerate(names):
        rows.append(_row(name, given[0][k], given[1][k], got.by_industry[k].tolist()))
    return rows + [(one, *(None,) * len(PARTS), reasons[one]) for one in pooled]


def _column(counts: Mapping[str, tuple[int, int]], shown: Sequence[str], pooled: Sequence[str]) -> list[float]:
    values = [float(counts.get(one, (0, 0))[0]) for one in shown]
    return [*values, float(sum(counts.get(one, (0, 0))[0] for one in pooled))] if pooled else values


def _row(name: str, start: float, end: float, parts: Sequence[float]) -> tuple[Value, ...]:
    clean = [None if np.isnan(one) else float(one) for one in parts]
    return (name, int(start), int(end), int(end - start), *clean, SHOWN)


def _secret(counts: tuple[Counts, Counts], industries: Sequence[str]) -> dict[str, str]:
    """Reasons in the territory by industry, when France, the territory and the rest of France are all known."""
    own = [counts[0].get(one, (0, 0)) for one in industries]
    nation = [counts[1].get(one, (0, 0)) for one in industries]
    values = np.array([[n[0], o[0], n[0] - o[0]] for n, o in zip(nation, own, strict=True)], dtype=float).T
    # Units of the rest are not asked for: a firm on both sides is counted on both, so there are at least these.
    units = np.array([[n[1], o[1], max(n[1] - o[1], 0)] for n, o in zip(nation, own, strict=True)], dtype=np.int64).T
    cells = np.hstack([values.sum(axis=1, keepdims=True), values])
    held = np.hstack([units.sum(axis=1, keepdims=True), units])
    nobody: npt.NDArray[np.float64] = np.zeros(cells.shape)
    table = Table(cells, held, nobody, (ROOT, 0, 0), (ROOT, *[0] * len(industries)))
    reasons = protect(table, Rule()).reasons
    out = {one: str(reasons[1, k + 1]) for k, one in enumerate(industries)}
    out[TOTAL] = str(reasons[1, 0])
    return out
