"""The perimeter through the years: births, deaths and survival, and how many stood at the end of each year.

A snapshot holds the dates of creation and closing of every establishment, also of those long gone; years are rebuilt
from them. Their staff is of today and is not: years are told in establishments. Activity is that of today, so an
establishment that changed it counts where it stands now.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.observatory.fabric_answer import Answer
from beffroi.observatory.fabric_public import LEVELS
from beffroi.observatory.fabric_subject import ranges_of
from beffroi.observatory.fabric_territories import COUNTRY, inside, level_of, name_of
from beffroi.specialisation.business_demography import demography, survival_rates
from beffroi.store.registers_lives import events_sql, lines_sql, stocks_sql
from beffroi.survey.disclosure import COMPLEMENTARY, SHOWN, Rule
from beffroi.survey.overlaps import Sets, protect_sets
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from beffroi.observatory.fabric_subject import Subject
    from beffroi.store.registers_engine import Engine
    from beffroi.store.tables import Value

    Floats = npt.NDArray[np.float64]
    Known = Mapping[tuple[str, int], int | None]
    Stocks = dict[tuple[str, int], tuple[int | None, str]]

TREE = LEVELS[:4]  # country, nuts1, nuts2, nuts3: one lies in another
YEARS = 10
SURVIVAL = (1, 3, 5)
DEMOGRAPHY = ("active", "births", "deaths", "birth_rate", "death_rate", "survival_1", "survival_3", "survival_5")


@dataclass(frozen=True, slots=True)
class Lives:
    """Establishments of one territory by year of birth and of death (NaN while active).

    `took` and `gave` say who took over another and who was taken over, `ended` in which year the last of its line
    closed; without links of succession nobody did, and a line is one life.
    """

    born: Floats
    died: Floats
    took: npt.NDArray[np.bool_]
    gave: npt.NDArray[np.bool_]
    ended: Floats

    def at_end(self, year: int) -> int:
        """How many stood at the end of a year."""
        return int(((self.born <= year) & ~(self.died <= year)).sum())

    def born_in(self, year: int) -> int:
        """How many were born in a year and took over nobody."""
        return int(((self.born == year) & ~self.took).sum())

    def died_in(self, year: int) -> int:
        """How many died in a year and were taken over by nobody."""
        return int(((self.died == year) & ~self.gave).sum())


def demography_of(
    asked: Subject, *, territory: str = COUNTRY, by: str = "nuts3", first: int | None = None, last: int | None = None
) -> Answer:
    """Births, deaths, their rates and survival after 1, 3 and 5 years, one row a territory and year.

    Active in a year is who stood at any time of it. Where links of succession are loaded, who takes over another is
    not born, who is taken over does not die, and survival follows the line. Survival is that of those born in the
    year. A year with a secret among births or deaths shows neither, and no stock of its territory is shown then, for
    stocks differ by both.

    Args:
        asked: perimeter and month.
        territory: which territory.
        by: `nuts1`, `nuts2` or `nuts3`, or the level of the territory itself.
        first: first year; by default ten years.
        last: last year; by default the one before the snapshot's.

    Raises:
        UsageError: a level of communes or EPCI, whose years would tell of single firms; years in the wrong order.
        UnknownRegionError: no such territory.

    Source: Eurostat and OECD (2007), Manual on Business Demography Statistics, chapters 5 to 8.
    """
    codes = _tree_codes(territory, by)
    years = years_of(asked, first, last)
    rows: list[tuple[Value, ...]] = []
    with asked.engine() as engine:
        told = demography_told(asked, engine, years)
    for code in codes:
        rows += told.get(code, [])
    line = (NET if asked.has("successions") else GROSS,)
    return Answer("demography", asked, ("territory", "name", "year"), DEMOGRAPHY, tuple(rows), line)


NET = "Net of succession: who takes over another is not born, who is taken over does not die."
GROSS = "No links of succession are loaded: a move counts as a death and a birth."


def years_of(asked: Subject, first: int | None = None, last: int | None = None) -> list[int]:
    """The years told: by default the ten before the snapshot's.

    Raises:
        UsageError: the first year comes after the last.
    """
    final = last or int(asked.month[:4]) - 1
    start = first or final - YEARS + 1
    if start > final:
        raise UsageError(f"From {start} to {final}: expected the earlier year first.")
    return list(range(start, final + 1))


def demography_told(
    asked: Subject, engine: Engine, years: Sequence[int], *, beside: Sequence[Mapping[str, Known]] = ()
) -> dict[str, list[tuple[Value, ...]]]:
    """Rows of the country and every NUTS region, counted and protected once; `beside` as in `event_secrets`."""
    held, reasons = tree_lives(asked, engine), event_secrets(asked, engine, years, beside=beside)
    codes = [COUNTRY, *(code for level in TREE[1:] for code in inside(COUNTRY, level))]
    return {code: demography_rows(code, held.get(code), years, reasons, until=years[-1]) for code in codes}


def demography_rows(
    code: str, lives: Lives | None, years: Sequence[int], reasons: Mapping[tuple[str, int], str], *, until: int
) -> list[tuple[Value, ...]]:
    """Rows of one territory."""
    if lives is None:
        return [(code, name_of(code), year, 0, 0, 0, *(None,) * 5, SHOWN) for year in years]
    found = demography(lives.born, lives.died, years)
    fresh = ~lives.took
    any_secret = any(reasons.get((code, year)) for year in years)
    rows: list[tuple[Value, ...]] = []
    for k, year in enumerate(years):
        why = reasons.get((code, year), SHOWN)
        if why:
            rows.append((code, name_of(code), year, *(None,) * len(DEMOGRAPHY), why))
            continue
        births, deaths = lives.born_in(year), lives.died_in(year)
        active = None if any_secret else int(found.active[k])
        rates = tuple(one / active if active else None for one in (births, deaths))
        kept = (
            survival_rates(lives.born[fresh], lives.ended[fresh], cohort=year, until=until)
            if year < until
            else np.array([])
        )
        lasting = [_clean(kept[after - 1]) if after <= kept.size and not any_secret else None for after in SURVIVAL]
        rows.append((code, name_of(code), year, active, births, deaths, *rates, *lasting, SHOWN))
    return rows


def tree_lives(asked: Subject, engine: Engine) -> dict[str, Lives]:
    """Lives inside the perimeter of the country and every NUTS region; départements are read and added up."""
    sql = lines_sql("nuts3", activities=asked.inside(engine), vintage=asked.vintage, has_links=asked.has("successions"))
    at: dict[str, list[tuple[float, float, bool, bool, float, int]]] = {}
    for code, born, died, took, gave, ended, count in engine.rows(sql)[1]:
        row = (born, math.nan if died is None else died, took, gave, math.nan if ended is None else ended, count)
        for each in {COUNTRY, *(code[:size] for size in (3, 4, 5) if code)}:
            at.setdefault(each, []).append(row)
    return {code: _lives(rows) for code, rows in at.items()}


def _lives(rows: Sequence[tuple[float, float, bool, bool, float, int]]) -> Lives:
    given = np.array(rows, dtype=np.float64)
    times = given[:, 5].astype(np.int64)
    born, died, took, gave, ended = (np.repeat(given[:, k], times) for k in range(5))
    return Lives(born, died, took > 0, gave > 0, ended)


def stocks_told(
    asked: Subject, engine: Engine, years: Sequence[int], *, codes: Sequence[str] | None = None,
    beside: Sequence[Stocks] = (),
) -> Stocks:  # fmt: skip
    """Who stood at the end of each year in the country and every NUTS region, and why it is secret.

    Args:
        asked: perimeter and month.
        engine: knows the tables.
        years: which years.
        codes: another sector's codes; by default those of the perimeter.
        beside: stocks of other perimeters that are shown too: a difference of one or two firms is a secret.
    """
    tree = _Tree.made()
    ranges = asked.inside(engine) if codes is None else ranges_of(engine, codes, asked.vintage)
    shape = (len(tree.codes), len(years))
    values, units = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    for level in TREE:
        sql = stocks_sql(level, activities=ranges, vintage=asked.vintage, years=years, has_history=asked.has("periods"))
        for code, year, sites, firms in engine.rows(sql)[1]:
            if code in tree.order:
                at = tree.order[code], int(year) - years[0]
                values[at], units[at] = sites, firms
    near = tree.near(values, years, [{key: value for key, (value, _) in one.items()} for one in beside])
    why = tree.protected(values, units, np.zeros(shape, dtype=bool), near)
    return {
        (code, year): (None if why[n, k] else int(values[n, k]), str(why[n, k]))
        for n, code in enumerate(tree.codes)
        for k, year in enumerate(years)
    }


def event_secrets(
    asked: Subject, engine: Engine, years: Sequence[int], *, beside: Sequence[Mapping[str, Known]] = ()
) -> dict[tuple[str, int], str]:
    """Why births and deaths of a territory and year are secret, protected over country and NUTS at once.

    `beside` are births and deaths of other perimeters that are shown too, by kind, territory and year.
    """
    tree = _Tree.made()
    shape = (len(tree.codes), len(years))
    cells = {kind: (np.zeros(shape), np.zeros(shape, dtype=np.int64)) for kind in ("births", "deaths")}
    for level in TREE:
        sql = events_sql(
            level, activities=asked.inside(engine), vintage=asked.vintage, last_years=(years[0], years[-1]),
            has_links=asked.has("successions"),
        )  # fmt: skip
        for code, kind, year, events, units in engine.rows(sql)[1]:
            if code in tree.order:
                at = tree.order[code], int(year) - years[0]
                cells[kind][0][at], cells[kind][1][at] = events, units
    hidden: npt.NDArray[np.bool_] = np.zeros(shape, dtype=bool)
    why = np.zeros(shape, dtype="U32")
    for _ in range(2):  # what one kind hides, the other hides too
        for kind, (events, units) in cells.items():
            near = tree.near(events, years, [one[kind] for one in beside])
            reasons = tree.protected(events, units, hidden, near)
            why = np.where(why == SHOWN, reasons, why)
            hidden = why != SHOWN
    return {(code, year): str(why[n, k]) for n, code in enumerate(tree.codes) for k, year in enumerate(years)}


@dataclass(frozen=True, slots=True)
class _Tree:
    """The country, NUTS regions and what they are made of: départements, and places in France outside NUTS."""

    codes: tuple[str, ...]
    order: Mapping[str, int]
    members: npt.NDArray[np.bool_]

    @classmethod
    def made(cls) -> _Tree:
        """Lay the tree out."""
        codes = (COUNTRY, *(code for level in TREE[1:] for code in inside(COUNTRY, level)))
        leaves = inside(COUNTRY, TREE[-1])
        members = np.array([[code == COUNTRY or leaf.startswith(code) for leaf in leaves] for code in codes])
        # Overseas collectivities are in the country and in no NUTS region.
        beyond = np.array([[code == COUNTRY] for code in codes])
        return cls(codes, {code: n for n, code in enumerate(codes)}, np.hstack([members, beyond]))

    def near(self, values: Floats, years: Sequence[int], beside: Sequence[Known]) -> npt.NDArray[np.bool_]:
        """Cells that differ by one or two from what another perimeter shows."""
        found = np.zeros(values.shape, dtype=bool)
        for known in beside:
            for n, code in enumerate(self.codes):
                for k, year in enumerate(years):
                    other = known.get((code, year))
                    found[n, k] |= other is not None and 0 < abs(values[n, k] - other) < Rule().least_units
        return found

    def protected(
        self, values: Floats, units: npt.NDArray[np.int64], hidden: npt.NDArray[np.bool_], near: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.str_]:
        """Reasons by territory and year. Each year is a table of its own: no total over years is shown."""
        leaves = self.members[:, :-1].sum(axis=1) == 1
        at = [int(np.flatnonzero(self.members[:, part] & leaves)[-1]) for part in range(self.members.shape[1] - 1)]
        regions = [n for n, code in enumerate(self.codes) if len(code) == len("FR1")]
        out = []
        for k in range(values.shape[1]):
            column = values[:, k]
            left = max(column[0] - column[regions].sum(), 0.0)
            sets = Sets(np.append(column[at], left), self.members, units[:, k], np.zeros(len(self.codes)))
            reasons = protect_sets(sets, hidden=hidden[:, k], also_secret=near[:, k])
            out.append(np.where((reasons == SHOWN) & hidden[:, k], COMPLEMENTARY, reasons))
        return np.stack(out, axis=1)


def _tree_codes(territory: str, by: str) -> list[str]:
    own = level_of(territory)
    if by not in TREE:
        raise UsageError(f"Years are told for {', '.join(TREE)}: below, they would tell of single firms; not for {by}.")
    return [territory] if own == by else inside(territory, by)


def _clean(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
