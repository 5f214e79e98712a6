"""Figures as the strategy needs them: one value with its year, source, interval and address, and when it is stale.

The observatory's figures come through a reader that the door passes (`Figures`); figures of the cluster's own are
things of the charter (`own_figure`). `figure_of` finds either.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from beffroi.vocabulary.figure import Figure
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beffroi.charter.book import Book, Thing

OWN = "figure-"
LESS_IS_BETTER = -1


class Figures(Protocol):
    """Where the observatory's figures come from; doors pass one."""

    def editions(self) -> tuple[str, ...]:
        """Return the ids of the editions held, newest first."""

    def edition_on(self, day: date) -> str:
        """Return the edition that was current on a day; empty when there was none."""

    def built_on(self, edition: str) -> date | None:
        """Return the day of an edition; None when it is not held."""

    def find(self, indicator: str, region: str, edition: str = "") -> Figure | None:
        """Return a figure of an edition (empty: the current one); None when it holds none."""


class NoFigures:
    """A house without an edition."""

    def editions(self) -> tuple[str, ...]:
        """None."""
        return ()

    def edition_on(self, day: date) -> str:  # noqa: ARG002 -- the reader's signature
        """None."""
        return ""

    def built_on(self, edition: str) -> date | None:  # noqa: ARG002 -- as above
        """None."""
        return None

    def find(self, indicator: str, region: str, edition: str = "") -> Figure | None:  # noqa: ARG002 -- as above
        """None."""
        return None


def figure_of(figures: Figures, book: Book, indicator: str, region: str = "", edition: str = "") -> Figure | None:
    """Return a figure, of the observatory or of the cluster's own; None when there is none."""
    if not indicator.startswith(OWN):
        return figures.find(indicator, region, edition)
    thing = book.find(indicator)
    return newest_reading(thing) if thing is not None else None


def newest_reading(thing: Thing) -> Figure | None:
    """Return the newest reading of a figure of the cluster's own; None when nobody read it yet."""
    rows = sorted(thing.rows("readings"), key=lambda row: str(row["day"]))
    return reading(thing, rows[-1]) if rows else None


def reading(thing: Thing, row: Mapping[str, object]) -> Figure:
    """Return one reading of a figure of the cluster's own."""
    value = Decimal(str(row["value"]))
    exponent = value.normalize().as_tuple().exponent
    return Figure(
        thing.id, "", value, date.fromisoformat(str(row["day"])), _text(thing, "name"), _text(thing, "unit"),
        Text(str(row["source"]), str(row["source"])), f"/strategy/{thing.id}/#reading-{row['day']}",
        low=_decimal(row.get("low")), high=_decimal(row.get("high")),
        fresh_months=int(str(thing.get("refresh_months", 12))),
        direction=LESS_IS_BETTER if thing.get("better") == "less" else 1,
        decimals=max(0, -exponent) if isinstance(exponent, int) else 0,
    )  # fmt: skip


def _text(thing: Thing, name: str) -> Text:
    return Text(thing.text(name, "fr"), thing.text(name, "en"))


def _decimal(value: object) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))
