"""What a territory received, what was spent in it, what left it and what came: the proof that local money stays."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from beffroi.federation.money import INCOME, SPENDING, TRANSFER, amount_of, leaves, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from beffroi.charter.book import Book, Thing

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class LocalBalance:
    """One territory in one year, in EUR.

    Attributes:
        territory: the thing.
        received: income that bears the territory.
        spent_here: spending in the territory out of its own money.
        spent_elsewhere: its money spent in, or paid to, other territories, always by consent of its committee.
        came_in: money of others spent in, or paid to, it.
        balance: of its own money: received and transferred in, less spent and transferred out.
    """

    territory: Thing
    received: Decimal
    spent_here: Decimal
    spent_elsewhere: Decimal
    came_in: Decimal
    balance: Decimal

    @property
    def local_share(self) -> Fraction | None:
        """Share of its own spending and transfers that stayed in the territory; None when nothing was spent."""
        out = self.spent_here + self.spent_elsewhere
        return Fraction(self.spent_here) / Fraction(out) if out else None


def balances(book: Book, year: int) -> tuple[LocalBalance, ...]:
    """Return the balance of every territory that has a line in a year, in the order of their birth."""
    lines = lines_of(book, year)
    named = {str(one.get(key)) for one in lines for key in ("territory", "to_territory") if one.get(key)}
    return tuple(_balance(one, lines) for one in book.of("territory", archived=True) if one.id in named)


def total(rows: tuple[LocalBalance, ...], name: str) -> Decimal:
    """Return the sum of a column over territories, such as `received`."""
    return sum((getattr(one, name) for one in rows), ZERO)


def _balance(territory: Thing, lines: tuple[Thing, ...]) -> LocalBalance:
    own = [one for one in lines if one.get("territory") == territory.id]
    received = _sum(one for one in own if one.get("direction") == INCOME)
    here = _sum(one for one in own if one.get("direction") == SPENDING and not leaves(one))
    elsewhere = _sum(one for one in own if leaves(one))
    into = [one for one in lines if leaves(one) and one.get("to_territory") == territory.id]
    paid_in = _sum(one for one in into if one.get("direction") == TRANSFER)
    return LocalBalance(territory, received, here, elsewhere, _sum(into), received + paid_in - here - elsewhere)


def _sum(lines: Iterable[Thing]) -> Decimal:
    return sum((amount_of(one) for one in lines), ZERO)
