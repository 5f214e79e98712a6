"""The fabric of a territory: its establishments by place, activity and size, with what must stay secret kept so.

Figures are counted in the register of one month; before anybody sees them, cells made up by fewer than three legal
units or dominated by one are hidden, with what would lead back to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.observatory.fabric_answer import marks
from beffroi.observatory.fabric_subject import SOURCE, SYNTHETIC
from beffroi.observatory.tables import Table as OutTable
from beffroi.store.registers import perimeter, within
from beffroi.store.registers_engine import open_duckdb
from beffroi.store.registers_figures import Question, contributors_sql
from beffroi.store.registers_months import folder_of, read_manifest
from beffroi.store.registers_tables import ACTIVITY_LEVELS, REV2, TERRITORY_LEVELS
from beffroi.survey.disclosure import ROOT, Rule, Table, primary, protect
from beffroi.vocabulary.communes import department_names, epci_names, places
from beffroi.vocabulary.errors import MethodError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from beffroi.store.registers_engine import Engine
    from beffroi.store.registers_figures import Ranges
    from beffroi.store.tables import Rows

TOTAL = "total"
SECRET = "secret"  # noqa: S105 -- a statistical secret, shown as such
BY = (*TERRITORY_LEVELS[1:], *ACTIVITY_LEVELS, "size")
_MOST_CELLS = 20_000
_SIDES = 2
_MEASURES = ("establishments", "employers", "jobs")
_COLUMNS = ("units", *_MEASURES, "largest")


@dataclass(frozen=True, slots=True)
class Fabric:
    """A table that may be shown, the month it is of, and whether its firms are invented."""

    table: OutTable
    month: str
    synthetic: bool
    secret_cells: int

    def sdmx(self, *, vintage: str) -> OutTable:
        """One observation a row, in the columns of SDMX-CSV 2.0, as in `fabric_answer`."""
        source = SYNTHETIC if self.synthetic else SOURCE
        columns = self.table.columns
        measures = [k for k, one in enumerate(columns) if one in _MEASURES]
        keys = [k for k in range(measures[0]) if columns[k] not in ("name", "year")]
        year = columns.index("year") if "year" in columns else None
        header = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *(columns[k].upper() for k in keys), "MEASURE",
                  "CLASSIFICATION", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "SOURCE")  # fmt: skip
        rows = [
            ("dataflow", "BEFFROI:DF_FABRIC_TABLE(1.0)", "I", *(row[k] for k in keys), columns[k].upper(), vintage,
             self.month if year is None else str(row[year]), row[k], *marks(row[k], str(row[-1])), source)
            for row in self.table.rows for k in measures
        ]  # fmt: skip
        return OutTable(f"beffroi-fabric-table-{self.month}-sdmx", header, tuple(rows))


def fabric_table(
    register: Path,
    *,
    by: Sequence[str],
    territory: str = "FR",
    codes: Sequence[str] = (),
    vintage: str = REV2,
    month: str | None = None,
    rule: Rule | None = None,
) -> Fabric:
    """Count active establishments, those with staff, and jobs, by one or two dimensions, with totals.

    Args:
        register: folder of the register.
        by: one territory level, one activity level or `size`, or one territory level and one of the others.
        territory: code of the territory counted, of any level.
        codes: beginnings of the activity codes counted (a perimeter); none for all.
        vintage: nomenclature of activities.
        month: snapshot; by default the newest.
        rule: what is secret; by default three units and 85 %.

    Returns:
        Rows of the dimensions, their names, `establishments`, `employers`, `jobs` (middles of staff bands, the lower
        bound of the open one), `status` (`shown` or `secret`) and the `reason` of a secret. A secret value is missing.

    Raises:
        UsageError: dimensions that cannot be crossed.
        UnknownRegionError, UnknownDefinitionError: an unknown territory or activity.
        MethodError: more cells than can be protected.
        StoreError: no register, or not that month.
    """
    rows_by, columns_by = _dimensions(by)
    folder = folder_of(register, month)
    manifest = read_manifest(folder)
    with open_duckdb() as engine:
        engine.add_tables(folder)
        question = Question(
            by=tuple(one for one, _ in (rows_by, columns_by) if one),
            territory=rows_by[1] if rows_by[0] == "territory" else "commune",
            activity=next((level for name, level in (rows_by, columns_by) if name == "activity"), "code"),
            vintage=vintage,
            places=None if territory == "FR" else within(engine, territory),
            activities=_activities(engine, codes, vintage),
        )
        grid = _Grid.of(engine, question)
    shown, reasons = _protected(grid, rule or Rule())
    return Fabric(
        _out(grid, shown, reasons, rows_by[1], columns_by[1]),
        manifest.month,
        manifest.synthetic,
        int((reasons != "").sum()),
    )


def _activities(engine: Engine, codes: Sequence[str], vintage: str) -> Ranges | None:
    return perimeter(engine, codes, vintage=vintage) if codes else None


def _dimensions(by: Sequence[str]) -> tuple[tuple[str, str], tuple[str, str]]:
    kinds = [("territory" if one in TERRITORY_LEVELS else "size" if one == "size" else "activity", one) for one in by]
    unknown = [one for one in by if one not in BY]
    names = [name for name, _ in kinds]
    if unknown or len(by) not in (1, _SIDES) or (len(by) == _SIDES and names.count("territory") != 1):
        raise UsageError(
            f"A table by {', '.join(by) or 'nothing'} cannot be given. Choose one or two of {', '.join(BY)}; of two, "
            "one is a territory level."
        )
    kinds.sort(key=lambda one: one[0] != "territory")
    return kinds[0], kinds[1] if len(kinds) > 1 else ("", "")


@dataclass(frozen=True, slots=True)
class _Grid:
    """Figures with their totals: rows × columns of categories, the first of each being the total."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    figures: dict[str, npt.NDArray[np.float64]]

    @classmethod
    def of(cls, engine: Engine, question: Question) -> _Grid:
        """Ask for the cells and, since a firm counts once in a total, for each total apart."""
        first, second = (*question.by, "")[:2]
        margins = [question.by, (first,), (second,), ()] if second else [question.by, ()]
        answers = {by: _ask(engine, question, by) for by in margins}
        rows = (TOTAL, *sorted({str(row[0]) for row in answers[(first,)]}))
        columns = (TOTAL, *(sorted({str(row[0]) for row in answers[(second,)]}) if second else ()))
        if len(rows) * len(columns) > _MOST_CELLS:
            raise MethodError(
                f"This table has {len(rows) * len(columns):,} cells; up to {_MOST_CELLS:,} can be protected. Ask for a "
                "smaller territory, a coarser level, or fewer activities."
            )
        figures = {name: np.zeros((len(rows), len(columns))) for name in _COLUMNS}
        for by, found in answers.items():
            for row in found:
                keys = dict(zip(by, map(str, row), strict=False))
                at = rows.index(keys.get(first, TOTAL)), columns.index(keys.get(second, TOTAL) if second else TOTAL)
                for name, value in zip(_COLUMNS, row[len(by) :], strict=True):
                    figures[name][at] = value or 0
        return cls(rows, columns, figures)


def _ask(engine: Engine, question: Question, by: tuple[str, ...]) -> Rows:
    sql = contributors_sql(
        Question(
            by=by,
            territory=question.territory,
            activity=question.activity,
            vintage=question.vintage,
            places=question.places,
            activities=question.activities,
        )
    )
    return [tuple(row) for row in engine.rows(sql)[1]]


def _protected(grid: _Grid, rule: Rule) -> tuple[dict[str, npt.NDArray[np.float64]], npt.NDArray[np.str_]]:
    """Hide the same cells of every measure: each measure is attacked by itself."""
    rows, columns = (ROOT, *[0] * (len(grid.rows) - 1)), (ROOT, *[0] * (len(grid.columns) - 1))
    units = grid.figures["units"].astype(np.int64)
    nobody = np.zeros(units.shape)
    tables = {
        name: Table(grid.figures[name], units, grid.figures["largest"] if name == "jobs" else nobody, rows, columns)
        for name in _MEASURES
    }
    reasons = primary(tables["jobs"], rule)
    hidden = reasons != ""
    for table in tables.values():
        hidden = protect(table, rule, hidden=hidden).secret
    why = np.where(hidden & (reasons == ""), "complementary", reasons)
    return {name: np.where(hidden, np.nan, grid.figures[name]) for name in _MEASURES}, why


def _out(
    grid: _Grid, shown: dict[str, npt.NDArray[np.float64]], reasons: npt.NDArray[np.str_], rows_by: str, columns_by: str
) -> OutTable:
    names = _names(rows_by)
    header = (rows_by, "name", *((columns_by,) if columns_by else ()), *_MEASURES, "status", "reason")
    out = []
    for i, row in enumerate(grid.rows):
        for j, column in enumerate(grid.columns):
            values = [None if np.isnan(shown[name][i, j]) else _number(name, shown[name][i, j]) for name in _MEASURES]
            status = SECRET if reasons[i, j] else "shown"
            side = (column,) if columns_by else ()
            out.append((row, names.get(row, ""), *side, *values, status, str(reasons[i, j])))
    return OutTable("fabric", header, tuple(out))


def _number(name: str, value: float) -> float | int:
    # Middles of staff bands are halves: the register counts them doubled.
    return float(value) / 2 if name == "jobs" else int(value)


def _names(level: str) -> dict[str, str]:
    if level == "department":
        return department_names()
    if level == "epci":
        return epci_names()
    if level == "nuts3":
        return {one.nuts3: department_names()[one.department] for one in places().values() if one.nuts3}
    if level == "commune":
        return {one.code: one.name for one in places().values()}
    return {}
