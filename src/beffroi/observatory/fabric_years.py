"""The perimeter through the years: births, deaths, survival, and the year it weighs as much as another sector.

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
from beffroi.specialisation.trend_crossing import Crossing, Scale, crossing
from beffroi.store.registers import within
from beffroi.store.registers_lives import events_sql, lives_sql
from beffroi.survey.disclosure import COMPLEMENTARY, ROOT, SHOWN, TOO_FEW, Rule, Table, protect
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from beffroi.observatory.fabric_subject import Subject
    from beffroi.store.registers_engine import Engine
    from beffroi.store.registers_figures import Ranges
    from beffroi.store.tables import Value

    Floats = npt.NDArray[np.float64]

TREE = LEVELS[:4]  # country, nuts1, nuts2, nuts3: one lies in another
YEARS = 10
SURVIVAL = (1, 3, 5)
DEMOGRAPHY = ("active", "births", "deaths", "birth_rate", "death_rate", "survival_1", "survival_3", "survival_5")
RETAIL = ("47",)
FIRST_YEAR = 2008  # NAF rev. 2 codes every establishment that was active since


@dataclass(frozen=True, slots=True)
class Lives:
    """Establishments of one territory by year of birth and of death (NaN while active)."""

    born: Floats
    died: Floats

    def at_end(self, year: int) -> int:
        """How many stood at the end of a year."""
        return int(((self.born <= year) & ~(self.died <= year)).sum())


def demography_of(
    asked: Subject, *, territory: str = COUNTRY, by: str = "nuts3", first: int | None = None, last: int | None = None
) -> Answer:
    """Births, deaths, their rates and survival after 1, 3 and 5 years, one row a territory and year.

    Active in a year is who stood at any time of it. Survival is that of those born in the year. A year with a secret
    among births or deaths shows neither, and no stock of its territory is shown then, for stocks differ by both.

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
    final = last or int(asked.month[:4]) - 1
    start = first or final - YEARS + 1
    if start > final:
        raise UsageError(f"From {start} to {final}: expected the earlier year first.")
    years = list(range(start, final + 1))
    with asked.engine() as engine:
        held = lives_by(asked, engine, by)
        reasons = event_secrets(asked, engine, years)
    rows: list[tuple[Value, ...]] = []
    for code in codes:
        rows += demography_rows(code, held.get(code), years, reasons, until=final)
    return Answer("demography", asked, ("territory", "name", "year"), DEMOGRAPHY, tuple(rows))


def demography_rows(
    code: str, lives: Lives | None, years: Sequence[int], reasons: Mapping[tuple[str, int], str], *, until: int
) -> list[tuple[Value, ...]]:
    """Rows of one territory."""
    if lives is None:
        return [(code, name_of(code), year, 0, 0, 0, *(None,) * 5, SHOWN) for year in years]
    found = demography(lives.born, lives.died, years)
    any_secret = any(reasons.get((code, year)) for year in years)
    rows: list[tuple[Value, ...]] = []
    for k, year in enumerate(years):
        why = reasons.get((code, year), SHOWN)
        if why:
            rows.append((code, name_of(code), year, *(None,) * len(DEMOGRAPHY), why))
            continue
        active = None if any_secret else int(found.active[k])
        rates = (None, None) if any_secret else (_clean(found.birth_rate[k]), _clean(found.death_rate[k]))
        kept = survival_rates(lives.born, lives.died, cohort=year, until=until) if year < until else np.array([])
        lasting = [_clean(kept[after - 1]) if after <= kept.size and not any_secret else None for after in SURVIVAL]
        rows.append(
            (code, name_of(code), year, active, int(found.births[k]), int(found.deaths[k]), *rates, *lasting, SHOWN)
        )
    return rows


def lives_by(
    asked: Subject, engine: Engine, level: str, *, codes: Sequence[str] | None = None, places: Ranges | None = None
) -> dict[str, Lives]:
    """Lives of each territory of a level: of the perimeter, or of other activities by their codes."""
    ranges = asked.inside(engine) if codes is None else ranges_of(engine, codes, asked.vintage)
    sql = lives_sql(level, activities=ranges, vintage=asked.vintage, places=places)
    born: dict[str, list[Floats]] = {}
    died: dict[str, list[Floats]] = {}
    for code, first, last, count in engine.rows(sql)[1]:
        born.setdefault(str(code), []).append(np.full(count, float(first)))
        died.setdefault(str(code), []).append(np.full(count, math.nan if last is None else float(last)))
    return {code: Lives(np.concatenate(born[code]), np.concatenate(died[code])) for code in born}


def event_secrets(asked: Subject, engine: Engine, years: Sequence[int]) -> dict[tuple[str, int], str]:
    """Why births and deaths of a territory and year are secret, protected over country and NUTS at once."""
    nodes = [(level, code) for level in TREE for code in ([COUNTRY] if level == "country" else inside(COUNTRY, level))]
    order = {code: n for n, (_, code) in enumerate(nodes)}
    parents = tuple(_parent(code, order) for _, code in nodes)
    shape = (len(nodes), len(years))
    cells = {kind: (np.zeros(shape), np.zeros(shape, dtype=np.int64)) for kind in ("births", "deaths")}
    for level in TREE:
        sql = events_sql(
            level, activities=asked.inside(engine), vintage=asked.vintage, last_years=(years[0], years[-1])
        )
        for code, kind, year, events, units in engine.rows(sql)[1]:
            if code in order:
                at = order[code], int(year) - years[0]
                cells[kind][0][at], cells[kind][1][at] = events, units
    hidden: npt.NDArray[np.bool_] = np.zeros(shape, dtype=bool)
    why = np.zeros(shape, dtype="U32")
    for _ in range(2):  # what one kind hides, the other hides too
        for events, units in cells.values():
            reasons = _protected_years(events, units, parents, hidden)
            why = np.where(why == SHOWN, reasons, why)
            hidden = why != SHOWN
    return {(code, year): str(why[order[code], k]) for _, code in nodes for k, year in enumerate(years)}


def _protected_years(
    events: Floats, units: npt.NDArray[np.int64], parents: tuple[int, ...], hidden: npt.NDArray[np.bool_]
) -> npt.NDArray[np.str_]:
    """Each year is a table of its own: no total over years is shown."""
    # Overseas collectivities are in the country and in no NUTS region.
    rest = [n for n in range(len(parents)) if parents[n] == 0]
    left = events[0] - events[rest].sum(axis=0)
    full = np.vstack([events, left])
    held = np.vstack([units, np.where(left > 0, Rule().least_units, 0)])
    flags = np.vstack([hidden, np.zeros((1, events.shape[1]), dtype=bool)])
    out = []
    for k in range(events.shape[1]):
        column = np.ascontiguousarray(full[:, [k]])
        table = Table(column, held[:, [k]], np.zeros(column.shape), (*parents, 0), (ROOT,))
        reasons = protect(table, hidden=flags[:, [k]]).reasons.ravel()[:-1]
        out.append(np.where((reasons == SHOWN) & hidden[:, k], COMPLEMENTARY, reasons))
    return np.stack(out, axis=1)


def _parent(code: str, order: Mapping[str, int]) -> int:
    if code == COUNTRY:
        return ROOT
    return order.get(code[:-1], order[COUNTRY])


def _tree_codes(territory: str, by: str) -> list[str]:
    own = level_of(territory)
    if by not in TREE:
        raise UsageError(f"Years are told for {', '.join(TREE)}: below, they would tell of single firms; not for {by}.")
    return [territory] if own == by else inside(territory, by)


def _clean(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


@dataclass(frozen=True, slots=True)
class Race:
    """Two sectors of a territory over the years, in establishments at the end of each, and when they meet."""

    territory: str
    years: tuple[int, ...]
    own: tuple[int, ...]
    other: tuple[int, ...]
    found: Crossing
    reason: str = SHOWN


def race(
    asked: Subject, *, territory: str = COUNTRY, against: Sequence[str] = RETAIL, first: int = FIRST_YEAR,
    last: int | None = None, scale: Scale = "difference",
) -> Race:  # fmt: skip
    """Tell when the perimeter will count as many establishments as another sector, if both go on as they did.

    Args:
        asked: perimeter and month.
        territory: a country or NUTS region.
        against: codes of the other sector; by default retail trade, division 47.
        first: first year.
        last: last year; by default the one before the snapshot's.
        scale: trends by numbers (`difference`) or by percentages (`ratio`).

    Raises:
        UsageError: a territory below NUTS-3, for which years are not told.
        MethodError: fewer than three years, or a sector without an establishment for `ratio`.

    Source: see `beffroi.specialisation.trend_crossing`.
    """
    level = level_of(territory)
    if level not in TREE:
        raise UsageError(f"Years are told for {', '.join(TREE)}; '{territory}' is a territory of level {level}.")
    years = list(range(first, (last or int(asked.month[:4]) - 1) + 1))
    with asked.engine() as engine:
        places = None if territory == COUNTRY else within(engine, territory)
        own = lives_by(asked, engine, level, places=places).get(territory)
        other = lives_by(asked, engine, level, codes=against, places=places).get(territory)
        secret = event_secrets(asked, engine, years)
    return race_of(territory, years, (own, other), secret=secret, scale=scale)


def race_of(
    territory: str, years: Sequence[int], lives: tuple[Lives | None, Lives | None], *,
    secret: Mapping[tuple[str, int], str], scale: Scale = "difference",
) -> Race:  # fmt: skip
    """The same from lives already counted.

    A stock of fewer than three is secret, and so are all years where births or deaths are: stocks differ by them.
    """
    one, two = ([each.at_end(year) if each else 0 for year in years] for each in lives)
    found = crossing(years, one, two, scale=scale)
    few = min([*one, *two], default=0) < Rule().least_units
    told = next((why for year in years if (why := secret.get((territory, year), SHOWN))), SHOWN)
    return Race(territory, tuple(years), tuple(one), tuple(two), found, TOO_FEW if few else told)


RACE = ("own", "other", "difference", "crossing_year", "crossing_low", "crossing_high", "answer")


def race_answer(asked: Subject, found: Race, *, against: Sequence[str]) -> Answer:
    """The years as rows; the year of crossing, its interval and the answer in each."""
    said = [_finite(one) for one in (found.found.year, found.found.low, found.found.high)]
    secret = found.reason
    rows = [
        (found.territory, name_of(found.territory), "+".join(against), year)
        + ((None,) * len(RACE) + (secret,) if secret else (own, other, own - other, *said, found.found.answer, SHOWN))
        for year, own, other in zip(found.years, found.own, found.other, strict=True)
    ]
    return Answer(
        "against", asked, ("territory", "name", "against", "year"), RACE, tuple(rows), () if secret else (_said(found),)
    )


def _said(race_found: Race) -> str:
    found = race_found.found
    ends = [f"{one:.0f}" if math.isfinite(one) else "no end" for one in (found.low, found.high)]
    where = "" if math.isnan(found.year) else f" The fitted trends meet in {found.year:.0f}"
    return (
        f"Answer: {found.answer}.{where} ({found.level:.0%} interval: {ends[0]} to {ends[1]})."
        if where
        else (f"Answer: {found.answer}. The fitted trends never meet.")
    )


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
