"""The lives of establishments as SQL: how many were created in which year and closed in which.

One small table answers births, deaths, stocks and survival alike, and the methods count them as for a list of firms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.store.registers_tables import ACTIVITY_LEVELS, REV2, TERRITORY_LEVELS, check_level

if TYPE_CHECKING:
    from beffroi.store.registers_figures import Ranges

BORN = "coalesce(year(e.created), 0)"
# Who closed before the day of creation that the register gives was born then at the latest.
DIED = "CASE WHEN e.closed IS NOT NULL THEN greatest(year(e.closed), coalesce(year(e.created), 0)) END"


def lives_sql(
    territory: str, *, activities: Ranges | None, activity: str = "", vintage: str = REV2, places: Ranges | None = None
) -> str:
    """Establishments by territory, year of creation and year of closing.

    Columns: `territory`, `activity` (where a level is given), `born`, `died` (missing while active), `establishments`.
    An establishment of which the year of creation is not known is born in year 0; one closed on an unknown day is left
    out. Activity and place are those of today, or of the day it closed.

    Args:
        territory: level of `TERRITORY_LEVELS`.
        activities: ranges of keys that rows must lie in; None for all.
        activity: level of `ACTIVITY_LEVELS` to count by, "" for none.
        vintage: nomenclature of activities.
        places: ranges of keys that rows must lie in; None for all.

    Raises:
        UnknownDefinitionError: no such level.

    >>> print(lives_sql("nuts3", activities=((3, 5),))[:60])
    SELECT p.nuts3 AS territory, coalesce(year(e.created), 0) AS
    """
    level = check_level(territory, TERRITORY_LEVELS, what="territories")
    columns = [f"p.{level} AS territory"]
    if activity:
        columns.append(f"a.{check_level(activity, ACTIVITY_LEVELS, what='activities')} AS activity")
    columns += [f"{BORN} AS born", f"{DIED} AS died"]
    return _counted(columns, "count(*) AS establishments", activities, vintage, places, by_activity=bool(activity))


def events_sql(territory: str, *, activities: Ranges | None, vintage: str = REV2, last_years: tuple[int, int]) -> str:
    """Legal units behind the births and deaths of each year: what disclosure control asks.

    Columns: `territory`, `kind` (`births` or `deaths`), `year`, `events`, `units`. Levels and ranges as in `lives_sql`.
    """
    level = check_level(territory, TERRITORY_LEVELS, what="territories")
    first, last = last_years
    parts = []
    for kind, year, where in (
        ("births", BORN, "(e.active OR e.closed IS NOT NULL)"),
        ("deaths", DIED, "NOT e.active AND e.closed IS NOT NULL"),
    ):
        measures = "count(*) AS events, count(DISTINCT e.siren) AS units"
        columns = [f"p.{level} AS territory", f"'{kind}' AS kind", f"{year} AS year"]
        ranged = f"{where} AND {year} BETWEEN {first} AND {last}"
        parts.append(_counted(columns, measures, activities, vintage, None, where=ranged))
    return " UNION ALL ".join(f"SELECT * FROM ({one}) AS part" for one in parts)


def plants_sql(territory: str, *, activities: Ranges | None, vintage: str = REV2, places: Ranges | None = None) -> str:
    """Active establishments with staff by territory and staff band. Columns: `territory`, `low`, `high`, `plants`."""
    level = check_level(territory, TERRITORY_LEVELS, what="territories")
    columns = [f"p.{level} AS territory", "s.low AS low", "coalesce(s.high, s.low) AS high"]
    return _counted(
        columns, "count(*) AS plants", activities, vintage, places, where="e.active AND s.low > 0", sizes=True
    )


def _counted(
    columns: list[str], measures: str, activities: Ranges | None, vintage: str, places: Ranges | None, *,
    where: str = "(e.active OR e.closed IS NOT NULL)", by_activity: bool = False, sizes: bool = False,
) -> str:  # fmt: skip
    coded = "naf" if vintage == REV2 else "naf25"
    tables = "establishments AS e JOIN places AS p ON p.key = e.place"
    tables += f" JOIN activities AS a ON a.key = e.{coded}" if by_activity else ""
    tables += " JOIN sizes AS s ON s.key = e.size" if sizes else ""
    wanted = [where, "e.place > 0"]
    wanted += [_in(column, ranges) for column, ranges in ((f"e.{coded}", activities), ("e.place", places))]
    if by_activity:
        wanted.append(f"a.vintage = '{vintage}'")
    keys = ", ".join(one.split(" AS ")[0] for one in columns if not one.startswith("'"))
    chosen = ", ".join([*columns, measures])
    return f"SELECT {chosen} FROM {tables} WHERE {' AND '.join(one for one in wanted if one)} GROUP BY {keys}"


def _in(column: str, ranges: Ranges | None) -> str:
    if ranges is None:
        return ""
    return "(" + " OR ".join(f"{column} BETWEEN {low} AND {high}" for low, high in ranges) + ")" if ranges else "1 = 0"
