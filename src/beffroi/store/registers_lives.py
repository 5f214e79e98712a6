"""The lives of establishments as SQL: how many were created in which year and closed in which, and who stood when.

One small table answers births, deaths, stocks and survival alike, and the methods count them as for a list of firms.
Where links of succession are loaded, an establishment that takes over another is not born, and one that is taken over
does not die: its line goes on. Where the history of establishments is loaded, who stood at the end of a year is counted
under the activity of that day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.store.registers_tables import ACTIVITY_LEVELS, REV2, TERRITORY_LEVELS, check_level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from beffroi.store.registers_figures import Ranges

BORN = "coalesce(year(e.created), 0)"
# Who closed before the day of creation that the register gives was born then at the latest.
DIED = "CASE WHEN e.closed IS NOT NULL THEN greatest(year(e.closed), coalesce(year(e.created), 0)) END"
_SIRET = "(CAST({0}.siren AS BIGINT) * 100000 + {0}.nic)"
_LONGEST_LINE = 12  # links followed from one establishment to the next; longer lines end there
# An economic continuity, or a head office that moved, is no new establishment and no end of one.
_LINKS = (
    "links AS (SELECT DISTINCT predecessor, successor FROM successions "
    "WHERE (continuity OR transfer) AND predecessor <> successor), "
)
_LINES = (
    f"WITH RECURSIVE {_LINKS}"
    "chains AS (SELECT predecessor AS head, successor AS last, 1 AS steps FROM links UNION "
    "SELECT c.head, l.successor, c.steps + 1 FROM chains AS c JOIN links AS l ON l.predecessor = c.last "
    f"WHERE c.steps < {_LONGEST_LINE} AND l.successor <> c.head), "
    # A line stands while one of its ends does.
    "tips AS (SELECT c.head, c.last FROM chains AS c ANTI JOIN links AS l ON l.predecessor = c.last), "
    "ends AS (SELECT t.head, bool_or(x.active OR x.closed IS NULL) AS stands, max(year(x.closed)) AS ended "
    f"FROM tips AS t JOIN establishments AS x ON {_SIRET.format('x')} = t.last GROUP BY t.head), "
    "takers AS (SELECT DISTINCT successor FROM links), givers AS (SELECT DISTINCT predecessor FROM links) "
)
_LINE_JOINS = (
    f" LEFT JOIN takers AS k ON k.successor = {_SIRET.format('e')}"
    f" LEFT JOIN givers AS g ON g.predecessor = {_SIRET.format('e')}"
)


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


def lines_sql(
    territory: str, *, activities: Ranges | None, vintage: str = REV2, places: Ranges | None = None,
    has_links: bool = True,
) -> str:  # fmt: skip
    """The same with what succession changes: who took over another, who was taken over, and when its line ended.

    Columns: `territory`, `born`, `died`, `took` and `gave` (truth values), `ended` (year in which the last of its
    line closed, missing while one stands), `establishments`. Without links nobody took or gave.
    """
    level = check_level(territory, TERRITORY_LEVELS, what="territories")
    if not has_links:
        columns = [f"p.{level} AS territory", f"{BORN} AS born", f"{DIED} AS died"]
        more = f"false AS took, false AS gave, {DIED} AS ended, count(*) AS establishments"
        return _counted(columns, more, activities, vintage, places)
    # A link to an establishment that the register does not hold tells no end: it ended when it was taken over.
    ended = f"CASE WHEN coalesce(n.stands, false) THEN NULL ELSE coalesce(greatest(n.ended, {DIED}), {DIED}) END"
    columns = [
        f"p.{level} AS territory", f"{BORN} AS born", f"{DIED} AS died", "k.successor IS NOT NULL AS took",
        "g.predecessor IS NOT NULL AS gave", f"{ended} AS ended",
    ]  # fmt: skip
    joins = f"{_LINE_JOINS} LEFT JOIN ends AS n ON n.head = {_SIRET.format('e')}"
    return _LINES + _counted(columns, "count(*) AS establishments", activities, vintage, places, joins=joins)


def events_sql(
    territory: str, *, activities: Ranges | None, vintage: str = REV2, last_years: tuple[int, int],
    has_links: bool = False,
) -> str:  # fmt: skip
    """Legal units behind the births and deaths of each year: what disclosure control asks.

    Columns: `territory`, `kind` (`births` or `deaths`), `year`, `events`, `units`. Levels and ranges as in `lives_sql`;
    with links, without those that took over or were taken over.
    """
    level = check_level(territory, TERRITORY_LEVELS, what="territories")
    first, last = last_years
    parts = []
    for kind, year, where, gone in (
        ("births", BORN, "(e.active OR e.closed IS NOT NULL)", "k.successor IS NULL"),
        ("deaths", DIED, "NOT e.active AND e.closed IS NOT NULL", "g.predecessor IS NULL"),
    ):
        measures = "count(*) AS events, count(DISTINCT e.siren) AS units"
        columns = [f"p.{level} AS territory", f"'{kind}' AS kind", f"{year} AS year"]
        ranged = f"{where} AND {year} BETWEEN {first} AND {last}" + (f" AND {gone}" if has_links else "")
        joins = _LINE_JOINS if has_links else ""
        parts.append(_counted(columns, measures, activities, vintage, None, where=ranged, joins=joins))
    both = " UNION ALL ".join(f"SELECT * FROM ({one}) AS part" for one in parts)
    return f"{_LINES}{both}" if has_links else both


def stocks_sql(
    territory: str, *, activities: Ranges | None, vintage: str = REV2, years: Sequence[int], has_history: bool = False
) -> str:
    """Who stood at the end of each year: establishments and their legal units.

    Columns: `territory`, `year`, `establishments`, `units`. With the history of establishments, those that were active
    on 31 December under an activity that lies in the ranges that day; without, by today's activity and the dates of
    creation and closing. The history is coded in NAF rev. 2 and older: by NAF 2025 it is not asked.
    """
    level = check_level(territory, TERRITORY_LEVELS, what="territories")
    listed = ", ".join(f"({year})" for year in years)
    measures = "count(*) AS establishments, count(DISTINCT e.siren) AS units"
    columns = [f"p.{level} AS territory", "y.year AS year"]
    if has_history and vintage == REV2:
        tables = (
            "periods AS h JOIN establishments AS e ON e.siren = h.siren AND e.nic = h.nic "
            "JOIN places AS p ON p.key = e.place "
            f"JOIN (VALUES {listed}) AS y(year) ON (h.started IS NULL OR h.started <= make_date(y.year, 12, 31)) "
            "AND (h.ended IS NULL OR h.ended >= make_date(y.year, 12, 31))"
        )
        wanted = ["h.active", "e.place > 0", _in("h.naf", activities)]
        chosen, keys = ", ".join([*columns, measures]), f"p.{level}, y.year"
        return f"SELECT {chosen} FROM {tables} WHERE {' AND '.join(one for one in wanted if one)} GROUP BY {keys}"
    joins = f" JOIN (VALUES {listed}) AS y(year) ON {BORN} <= y.year AND ({DIED} IS NULL OR {DIED} > y.year)"
    return _counted(columns, measures, activities, vintage, None, joins=joins)


def sizes_sql(territory: str, *, activities: Ranges | None, vintage: str = REV2) -> str:
    """Active establishments by territory and size group, and the legal units behind them.

    Columns: `territory`, `parent` (the département of an EPCI's part, "" at other levels), `size` (label of `sizes`),
    `establishments`, `units`. An EPCI across a border has a row on each side.
    """
    level = check_level(territory, TERRITORY_LEVELS, what="territories")
    parent = "p.nuts3" if level == "epci" else "p.country"
    columns = [f"p.{level} AS territory", f"{parent} AS parent", "s.label AS size"]
    measures = "count(*) AS establishments, count(DISTINCT e.siren) AS units"
    return _counted(columns, measures, activities, vintage, None, where="e.active", sizes=True)


def accounts_sql(
    territory: str, figures: Sequence[str], *, activities: Ranges | None, vintage: str = REV2, years: tuple[int, int]
) -> str:
    """Figures of annual accounts of the firms whose active head office lies in the ranges: medians by closing year.

    Columns: `territory`, `year`, then for each figure how many firms give it and its median. Of several accounts of a
    firm and year the complete one counts, then the last; consolidated ones are of groups and are left out.
    """
    level = check_level(territory, TERRITORY_LEVELS, what="territories")
    first, last = years
    one_each = (
        "SELECT *, year(closed) AS year, row_number() OVER (PARTITION BY siren, year(closed) "
        "ORDER BY kind, closed DESC) AS nth FROM ratios "
        f"WHERE kind <> 'K' AND year(closed) BETWEEN {first} AND {last}"
    )
    measures = ", ".join(f"count(r.{one}) AS n_{one}, median(r.{one}) AS {one}" for one in figures)
    columns = [f"p.{level} AS territory", "r.year AS year"]
    joins = f" JOIN ({one_each}) AS r ON r.siren = e.siren AND r.nth = 1"
    return _counted(columns, measures, activities, vintage, None, where="e.active AND e.head_office", joins=joins)


def points_sql(territory: str, *, least: int = 3) -> str:
    """Where a territory's active establishments lie: the median of their coordinates, in hectometres of Lambert-93.

    Columns: `territory`, `x`, `y`. Only diffused establishments have coordinates; fewer than `least` of them in a
    territory and it has no point, for it would be somebody's address. Overseas, coordinates are in other projections.
    """
    level = check_level(territory, TERRITORY_LEVELS, what="territories")
    return (
        f"SELECT p.{level} AS territory, median(e.x) AS x, median(e.y) AS y FROM establishments AS e "
        f"JOIN places AS p ON p.key = e.place WHERE e.active AND e.x IS NOT NULL AND e.y IS NOT NULL "
        f"AND p.department < '97' AND p.{level} <> '' GROUP BY p.{level} HAVING count(*) >= {least}"
    )


def plants_sql(territory: str, *, activities: Ranges | None, vintage: str = REV2, places: Ranges | None = None) -> str:
    """Active establishments with staff by territory and staff band. Columns: `territory`, `low`, `high`, `plants`."""
    level = check_level(territory, TERRITORY_LEVELS, what="territories")
    columns = [f"p.{level} AS territory", "s.low AS low", "coalesce(s.high, s.low) AS high"]
    return _counted(
        columns, "count(*) AS plants", activities, vintage, places, where="e.active AND s.low > 0", sizes=True
    )


def _counted(  # noqa: PLR0913 -- the parts of one statement
    columns: list[str], measures: str, activities: Ranges | None, vintage: str, places: Ranges | None, *,
    where: str = "(e.active OR e.closed IS NOT NULL)", by_activity: bool = False, sizes: bool = False, joins: str = "",
) -> str:  # fmt: skip
    coded = "naf" if vintage == REV2 else "naf25"
    tables = "establishments AS e JOIN places AS p ON p.key = e.place"
    tables += f" JOIN activities AS a ON a.key = e.{coded}" if by_activity else ""
    tables += f"{' JOIN sizes AS s ON s.key = e.size' if sizes else ''}{joins}"
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
