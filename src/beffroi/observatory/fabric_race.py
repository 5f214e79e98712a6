"""In which year the perimeter weighs as much as another sector of the same territory, or that it does not.

Establishments that stood at the end of each year are compared: their staff is of today and is not known for years gone
by. Where the history of establishments is loaded they count under the activity of that day, else under today's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.observatory.fabric_answer import Answer
from beffroi.observatory.fabric_territories import COUNTRY, level_of, name_of
from beffroi.observatory.fabric_years import TREE, event_secrets, stocks_told
from beffroi.specialisation.trend_crossing import Crossing, Scale, crossing
from beffroi.store.registers_tables import REV2, REV21
from beffroi.survey.disclosure import SHOWN
from beffroi.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from beffroi.observatory.fabric_subject import Subject
    from beffroi.observatory.fabric_years import Stocks
    from beffroi.store.tables import Value

RETAIL = ("47",)
# Section G: trade. NACE Rev. 2.1 moved the repair of motor vehicles to 95.3 and closed division 45.
TRADE = {REV2: ("45", "46", "47"), REV21: ("46", "47")}
FIRST_YEAR = 2008  # NAF rev. 2 codes every establishment that was active since


@dataclass(frozen=True, slots=True)
class Race:
    """Two sectors of a territory over the years, in establishments at the end of each, and when they meet."""

    territory: str
    years: tuple[int, ...]
    own: tuple[int, ...]
    other: tuple[int, ...]
    found: Crossing | None
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
    if not years:
        raise UsageError(f"From {first} to {last or asked.month}: expected the earlier year first.")
    with asked.engine() as engine:
        own, other = stocks_told(asked, engine, years), stocks_told(asked, engine, years, codes=against)
        secret = event_secrets(asked, engine, years)
    return race_of(territory, years, (own, other), secret=secret, scale=scale)


def race_of(
    territory: str, years: Sequence[int], stocks: tuple[Stocks, Stocks], *,
    secret: Mapping[tuple[str, int], str], scale: Scale = "difference",
) -> Race:  # fmt: skip
    """The same from stocks already counted.

    All years are secret where one of the stocks is, or where births or deaths of the perimeter are: stocks differ by
    them.
    """
    told = [each[territory, year] for each in stocks for year in years]
    reason = next((why for _, why in told if why), SHOWN)
    reason = reason or next((why for year in years if (why := secret.get((territory, year), SHOWN))), SHOWN)
    if reason:
        return Race(territory, tuple(years), (), (), None, reason)
    one, two = (tuple(each[territory, year][0] or 0 for year in years) for each in stocks)
    return Race(territory, tuple(years), one, two, crossing(years, one, two, scale=scale))


RACE = ("own", "other", "difference", "crossing_year", "crossing_low", "crossing_high", "answer")


def race_answer(asked: Subject, found: Race, *, against: Sequence[str]) -> Answer:
    """The years as rows; the year of crossing, its interval and the answer in each."""
    start = found.territory, name_of(found.territory), "+".join(against)
    rows: list[tuple[Value, ...]]
    if found.found is None:
        rows = [(*start, year, *(None,) * len(RACE), found.reason) for year in found.years]
        lines: tuple[str, ...] = ()
    else:
        said = [_finite(one) for one in (found.found.year, found.found.low, found.found.high)]
        rows = [
            (*start, year, own, other, own - other, *said, found.found.answer, SHOWN)
            for year, own, other in zip(found.years, found.own, found.other, strict=True)
        ]
        lines = (_said(found.found),)
    return Answer("against", asked, ("territory", "name", "against", "year"), RACE, tuple(rows), lines)


def _said(found: Crossing) -> str:
    if math.isnan(found.year):
        return f"Answer: {found.answer}. The fitted trends never meet."
    ends = [f"{one:.0f}" if math.isfinite(one) else "no end" for one in (found.low, found.high)]
    where = f"The fitted trends meet in {found.year:.0f}"
    return f"Answer: {found.answer}. {where} ({found.level:.0%} interval: {ends[0]} to {ends[1]})."


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
