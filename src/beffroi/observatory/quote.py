"""Quote figures of editions to other rooms: a region's newest value of an indicator, or its rank, as published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from beffroi.vocabulary.errors import UnknownEditionError
from beffroi.vocabulary.figure import Figure
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from beffroi.observatory.reading import Cell, Edition, SetReading, Standing

RANK = "rank"
PUBLISHED_WITHIN = 12  # months that a publisher takes after a period has ended
LESS_IS_BETTER = -1


@dataclass(frozen=True, slots=True)
class Quotes:
    """Figures of the editions of a house.

    Attributes:
        held: gives the ids of the editions held, newest first.
        open_edition: opens one.
    """

    held: Callable[[], tuple[str, ...]]
    open_edition: Callable[[str], Edition]

    def editions(self) -> tuple[str, ...]:
        """Return the ids of the editions held, newest first."""
        return self.held()

    def edition_on(self, day: date) -> str:
        """Return the edition that was the newest on a day; empty when there was none yet."""
        return next((one for one in self.held() if self.open_edition(one).built_on <= day.isoformat()), "")

    def built_on(self, edition: str) -> date | None:
        """Return the day of an edition; None when it is not held."""
        return date.fromisoformat(self.open_edition(edition).built_on) if edition in self.held() else None

    def knows(self, indicator: str) -> bool:
        """Whether the newest edition has such an indicator; `rank` is one, and all pass when there is no edition."""
        held = self.held()
        return indicator == RANK or not held or indicator in self.open_edition(held[0]).indicators

    def find(self, indicator: str, region: str, edition: str = "") -> Figure | None:
        """Return a region's figure of an edition (empty: the newest), in the first set that has it; else None."""
        chosen = edition or next(iter(self.held()), "")
        if not chosen or not region:
            return None
        try:
            opened = self.open_edition(chosen)
        except UnknownEditionError:
            return None
        for reading in opened.sets.values():
            standing, cell = reading.standing(region), reading.cells.get((region, indicator))
            if indicator == RANK and standing is not None:
                return _rank(opened, reading, standing)
            if cell is not None and cell.raw is not None and cell.year is not None:
                return _cell(opened, reading, cell, cell.raw, cell.year)
        return None


def _cell(edition: Edition, reading: SetReading, cell: Cell, raw: float, year: int) -> Figure:
    one = edition.indicators[cell.indicator]
    sources = {series.source for series in one.series}
    names = [source.name for key, source in edition.sources.items() if key in sources]
    return Figure(
        one.id, cell.region, round(Decimal(repr(raw)), one.unit.decimals + 2), date(year, 12, 31), one.name,
        one.unit.symbol, Text(", ".join(each.fr for each in names), ", ".join(each.en for each in names)),
        f"/edition/{edition.id}/number/{reading.set_id}/{cell.region}/{one.id}/", edition.id,
        fresh_months=one.refresh_months + PUBLISHED_WITHIN, direction=one.direction, decimals=one.unit.decimals,
        place=edition.places[cell.region].name,
    )  # fmt: skip


def _rank(edition: Edition, reading: SetReading, standing: Standing) -> Figure:
    count, index = len(reading.standings), edition.indices[reading.index_id]
    months = min((one.refresh_months for one in edition.indicators.values()), default=12)
    return Figure(
        RANK, standing.region, Decimal(standing.rank), date.fromisoformat(edition.built_on),
        Text(f"rang, {index.name.fr}", f"rank, {index.name.en}"), Text(f"sur {count}", f"of {count}"),
        Text(f"édition {edition.id} de l’observatoire", f"edition {edition.id} of the observatory"),
        f"/edition/{edition.id}/number/{reading.set_id}/{standing.region}/index/", edition.id,
        Decimal(standing.rank_low), Decimal(standing.rank_high), fresh_months=months, direction=LESS_IS_BETTER,
        decimals=0, place=edition.places[standing.region].name,
    )  # fmt: skip
