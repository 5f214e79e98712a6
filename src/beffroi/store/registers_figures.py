"""The figures of a register as SQL: one text that DuckDB and Spark read alike.

Rows are counted by integer keys and named at the end, so that a table of ten million cells costs one pass. Territories
and activities are ranges of keys, which Parquet's row groups are pruned by. Only standard words are used; whatever two
engines say differently stands in `registers_engine`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from beffroi.store.registers_tables import ACTIVITY_LEVELS, REV2, REV21, TERRITORY_LEVELS, check_level
from beffroi.vocabulary.errors import UsageError

DIMENSIONS = ("territory", "activity", "size")
Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is counted: by which dimensions, at which levels, and of which part of the register.

    `by` lists dimensions of `DIMENSIONS`. `places` and `activities` are ranges of keys that rows must lie in, from
    `registers.within` and `registers.perimeter`; None stands for all. `vintage` is the nomenclature of activities:
    rows whose activity was coded in another one only are counted under no activity.
    """

    by: tuple[str, ...] = ("territory", "activity")
    territory: str = "commune"
    activity: str = "code"
    vintage: str = REV2
    places: Ranges | None = None
    activities: Ranges | None = None
    prefix: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        """Refuse what no table can answer.

        Raises:
            UsageError: an unknown dimension or nomenclature.
            UnknownDefinitionError: an unknown level.
        """
        wrong = [one for one in self.by if one not in DIMENSIONS]
        if wrong or len(set(self.by)) < len(self.by):
            raise UsageError(
                f"Figures are given by {', '.join(DIMENSIONS)}, each once; {', '.join(self.by)} was asked."
            )
        check_level(self.territory, TERRITORY_LEVELS, what="territories")
        check_level(self.activity, ACTIVITY_LEVELS, what="activities")
        check_level(self.vintage, (REV2, REV21), what="the nomenclature of activities")


def counts_sql(question: Question, *, ordered: bool = True) -> str:
    """Active establishments, those with staff, and persons employed between two bounds.

    Columns: the dimensions asked, `establishments`, `employers`, `jobs_low`, `jobs_high`. The open staff band counts
    with its lower bound in both. Staff bands are of the year before last and missing for most of those without staff.

    >>> print(counts_sql(Question(by=("size",)), ordered=False))  # doctest: +ELLIPSIS
    SELECT z.code AS size, g.establishments, g.employers, g.jobs_low, g.jobs_high FROM (...
    """
    measures = (
        "CAST(count(*) AS BIGINT) AS establishments, "
        "CAST(sum(CASE WHEN e.employer THEN 1 ELSE 0 END) AS BIGINT) AS employers, "
        "CAST(sum(s.low) AS BIGINT) AS jobs_low, CAST(sum(coalesce(s.high, s.low)) AS BIGINT) AS jobs_high"
    )
    names = ("establishments", "employers", "jobs_low", "jobs_high")
    return _named(question, _grouped(question, measures, with_sizes=True), names, ordered=ordered)


def cells_sql(question: Question, *, ordered: bool = True) -> str:
    """Active establishments only: the table of all pairs. Columns: the dimensions asked, `establishments`."""
    grouped = _grouped(question, "CAST(count(*) AS BIGINT) AS establishments")
    return _named(question, grouped, ("establishments",), ordered=ordered)


def contributors_sql(question: Question, *, ordered: bool = True) -> str:
    """What disclosure control asks of each cell: legal units, their jobs, and the jobs of the largest of them.

    Columns: the dimensions asked, `units`, `establishments`, `employers`, `jobs`, `largest`. Jobs are the middles of
    staff bands, the lower bound for the open one; `jobs` and `largest` are doubled, so that they stay whole.
    """
    keys = _keys(question)
    listed = ", ".join(keys.values())
    measures = (
        "count(*) AS establishments, sum(CASE WHEN e.employer THEN 1 ELSE 0 END) AS employers, "
        "sum(s.low + coalesce(s.high, s.low)) AS jobs"
    )
    by_unit = _grouped(question, measures, with_sizes=True, extra=("e.siren",))
    outer = ", ".join(f"u.{one}" for one in question.by) or "1"
    chosen = "".join(f"u.{one}, " for one in question.by)
    grouped = (
        f"SELECT {chosen}CAST(count(*) AS BIGINT) AS units, CAST(sum(u.establishments) AS BIGINT) AS establishments, "
        "CAST(sum(u.employers) AS BIGINT) AS employers, CAST(sum(u.jobs) AS BIGINT) AS jobs, "
        f"CAST(max(u.jobs) AS BIGINT) AS largest FROM ({by_unit}) AS u"
    )
    grouped += f" GROUP BY {outer}" if listed else ""
    return _named(question, grouped, ("units", "establishments", "employers", "jobs", "largest"), ordered=ordered)


def quotients_sql(question: Question, *, ordered: bool = True) -> str:
    """Location quotients of all pairs (territory, activity) that hold an establishment, with their totals.

    Columns: `territory`, `activity`, `establishments`, `in_territory`, `in_activity`, `total`, `quotient`. Totals
    are those of the question's part of the register, without what has no territory at this level (abroad, no EPCI) or
    no activity of the nomenclature.

    Source: Florence (1939), Report on the Location of Industry.
    """
    pairs = replace(question, by=("territory", "activity"))
    counted = _grouped(pairs, "CAST(count(*) AS BIGINT) AS n")
    cells = f"SELECT * FROM ({counted}) AS c WHERE c.territory > 0 AND c.activity > 0"
    grouped = (
        f"WITH cells AS ({cells}), "
        "by_territory AS (SELECT territory, sum(n) AS n FROM cells GROUP BY territory), "
        "by_activity AS (SELECT activity, sum(n) AS n FROM cells GROUP BY activity), "
        "whole AS (SELECT sum(n) AS n FROM cells) "
        "SELECT c.territory, c.activity, c.n AS establishments, CAST(t.n AS BIGINT) AS in_territory, "
        "CAST(a.n AS BIGINT) AS in_activity, CAST(w.n AS BIGINT) AS total, "
        "(CAST(c.n AS DOUBLE) / CAST(t.n AS DOUBLE)) / (CAST(a.n AS DOUBLE) / CAST(w.n AS DOUBLE)) AS quotient "
        "FROM cells AS c JOIN by_territory AS t ON t.territory = c.territory "
        "JOIN by_activity AS a ON a.activity = c.activity CROSS JOIN whole AS w"
    )
    names = ("establishments", "in_territory", "in_activity", "total", "quotient")
    return _named(pairs, grouped, names, ordered=ordered)


def demography_sql(question: Question, *, first: int, last: int, ordered: bool = True) -> str:
    """Births, deaths and the stock at the end of each year, years without events included.

    Columns: the dimensions asked, `year`, `births`, `deaths`, `stock`. An establishment is born in the year of its
    creation and dies in that in which its last period, closed, began; one that closed on an unknown day is left out
    of all three. Activity and staff band are those of today. A creation may continue another establishment: where
    successions are loaded, compare with them.

    Source: Eurostat and OECD (2007), Manual on Business Demography Statistics, chapters 5 and 7.
    """
    keys = tuple(question.by)
    listed = "".join(f"{one}, " for one in keys)
    dated = "(e.active OR e.closed IS NOT NULL)"
    born = _grouped(
        question, "count(*) AS births, CAST(0 AS BIGINT) AS deaths", where=dated,
        extra=("coalesce(year(e.created), 0) AS year",),
    )  # fmt: skip
    died = _grouped(
        question, "CAST(0 AS BIGINT) AS births, count(*) AS deaths", where="NOT e.active AND e.closed IS NOT NULL",
        extra=("year(e.closed) AS year",),
    )  # fmt: skip
    span = range(first - 1, last + 1)  # all that was before the first year is one year more
    before = f"CASE WHEN year < {first} THEN {first - 1} ELSE year END"
    # Each table is read once only: a part of a query that is named twice may be run twice.
    wide = ", ".join(
        f"sum(CASE WHEN {before} = {year} THEN {one} ELSE 0 END) AS {one}_{year}"
        for year in span
        for one in ("births", "deaths")
    )
    births, deaths = (
        "CASE y.year " + " ".join(f"WHEN {year} THEN w.{one}_{year}" for year in span) + " END"
        for one in ("births", "deaths")
    )
    partition = f"PARTITION BY {', '.join(keys)} " if keys else ""
    by_key = f" GROUP BY {', '.join(keys)}" if keys else ""
    grouped = (
        f"WITH events AS ({born} UNION ALL {died}), "
        f"wide AS (SELECT {listed}{wide} FROM events WHERE year <= {last}{by_key}), "
        f"years AS (SELECT v.year FROM (VALUES {', '.join(f'({year})' for year in span)}) AS v(year)), "
        f"cells AS (SELECT {''.join(f'w.{one}, ' for one in keys)}y.year, {births} AS births, {deaths} AS deaths "
        "FROM wide AS w CROSS JOIN years AS y), "
        f"dense AS (SELECT {listed}year, births, deaths, sum(births - deaths) OVER ({partition}ORDER BY year "
        "ROWS UNBOUNDED PRECEDING) AS stock FROM cells) "
        f"SELECT {listed}year, CAST(births AS BIGINT) AS births, CAST(deaths AS BIGINT) AS deaths, "
        f"CAST(stock AS BIGINT) AS stock FROM dense WHERE year >= {first}"
    )
    return _named(question, grouped, ("year", "births", "deaths", "stock"), ordered=ordered, then=("g.year",))


def births_sql(question: Question, *, first: int, last: int, ordered: bool = True) -> str:
    """Births and deaths of each year alone, without the stock: only rows of these years are read.

    Columns: the dimensions asked, `year`, `births`, `deaths`; a year without either has no row. Births and deaths are
    those of `demography_sql`, with the births of establishments that closed on an unknown day.
    """
    during = f"BETWEEN DATE '{first}-01-01' AND DATE '{last}-12-31'"
    nought = "CAST(0 AS BIGINT)"
    born = _grouped(
        question,
        f"count(*) AS births, {nought} AS deaths",
        where=f"e.created {during}",
        extra=("year(e.created) AS year",),
    )
    died = _grouped(
        question,
        f"{nought} AS births, count(*) AS deaths",
        where=f"NOT e.active AND e.closed {during}",
        extra=("year(e.closed) AS year",),
    )
    keys = ", ".join((*question.by, "year"))
    grouped = (
        f"SELECT {keys}, CAST(sum(births) AS BIGINT) AS births, CAST(sum(deaths) AS BIGINT) AS deaths "
        f"FROM ({born} UNION ALL {died}) AS v GROUP BY {keys}"
    )
    return _named(question, grouped, ("year", "births", "deaths"), ordered=ordered, then=("g.year",))


def change_sql(before: Question, after: Question, *, ordered: bool = True) -> str:
    """Active establishments in two snapshots, matched by the codes of territory, activity and size.

    Columns: the dimensions asked, `before`, `after`, `change`. Each question carries the prefix of its own tables and
    the ranges of their keys, which differ from month to month. A cell that one snapshot lacks counts 0 there.

    Raises:
        UsageError: the two questions ask for other dimensions or levels.
    """
    if (before.by, before.territory, before.activity) != (after.by, after.territory, after.activity):
        raise UsageError("Two snapshots are compared by the same dimensions and levels; the two questions differ.")
    keys = after.by
    same = " AND ".join(f"n.{one} = b.{one}" for one in keys) or "1 = 1"
    chosen = "".join(f"coalesce(n.{one}, b.{one}) AS {one}, " for one in keys)
    sql = (
        f"SELECT {chosen}coalesce(b.establishments, 0) AS before, coalesce(n.establishments, 0) AS after, "
        f"coalesce(n.establishments, 0) - coalesce(b.establishments, 0) AS change "
        f"FROM ({cells_sql(after, ordered=False)}) AS n "
        f"FULL OUTER JOIN ({cells_sql(before, ordered=False)}) AS b ON {same}"
    )
    return f"{sql} ORDER BY {', '.join(keys)}" if ordered and keys else sql


def _keys(question: Question) -> dict[str, str]:
    keys = {"territory": f"p.{question.territory}_key", "activity": f"a.{question.activity}_key", "size": "e.size"}
    return {one: keys[one] for one in question.by}


def _grouped(
    question: Question, measures: str, *, where: str = "e.active", with_sizes: bool = False, extra: tuple[str, ...] = ()
) -> str:
    """Count by integer keys; `extra` are further columns to count by, `expression AS name`."""
    keys = _keys(question)
    coded = "naf" if question.vintage == REV2 else "naf25"
    tables = f"{question.prefix}establishments AS e"
    if "territory" in keys:
        tables += f" JOIN {question.prefix}places AS p ON p.key = e.place"
    if "activity" in keys:
        # Codes of older nomenclatures are no activity of this one.
        tables += (
            f" JOIN (SELECT key, CASE WHEN vintage = '{question.vintage}' THEN {question.activity}_key ELSE 0 END "
            f"AS {question.activity}_key FROM {question.prefix}activities) AS a ON a.key = e.{coded}"
        )
    if with_sizes:
        tables += f" JOIN {question.prefix}sizes AS s ON s.key = e.size"
    wanted = [where, _in_ranges("e.place", question.places), _in_ranges(f"e.{coded}", question.activities)]
    chosen = [f"{key} AS {one}" for one, key in keys.items()] + list(extra)
    counted = [*keys.values(), *(one.split(" AS ")[0] for one in extra)]
    sql = f"SELECT {', '.join([*chosen, measures])} FROM {tables} WHERE {' AND '.join(one for one in wanted if one)}"
    return f"{sql} GROUP BY {', '.join(counted)}" if counted else sql


def _in_ranges(column: str, ranges: Ranges | None) -> str:
    if ranges is None:
        return ""
    return "(" + " OR ".join(f"{column} BETWEEN {low} AND {high}" for low, high in ranges) + ")" if ranges else "1 = 0"


def _named(
    question: Question, grouped: str, measures: tuple[str, ...], *, ordered: bool, then: tuple[str, ...] = ()
) -> str:
    """Give keys their names."""
    said = {"territory": f"t.{question.territory}", "activity": f"n.{question.activity}", "size": "z.code"}
    tables = {"territory": ("places", "t"), "activity": ("activities", "n"), "size": ("sizes", "z")}
    chosen = [f"{said[one]} AS {one}" for one in question.by] + [f"g.{one}" for one in measures]
    joins = "".join(
        f" JOIN {question.prefix}{tables[one][0]} AS {tables[one][1]} ON {tables[one][1]}.key = g.{one}"
        for one in question.by
    )
    sql = f"SELECT {', '.join(chosen)} FROM ({grouped}) AS g{joins}"
    keys = [*(f"g.{one}" for one in question.by), *then]
    return f"{sql} ORDER BY {', '.join(keys)}" if ordered and keys else sql
