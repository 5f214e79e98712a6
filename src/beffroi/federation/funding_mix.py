"""Who pays for the federation in a year, how public its money is, and whether the statutes' ceilings are kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from beffroi.federation.bodies import tree_on
from beffroi.federation.money import INCOME, amount_of, lines_of
from beffroi.federation.statutes_in_force import statutes_on
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from beffroi.charter.book import Book, Thing

HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Share:
    """What one funder gave: amount in EUR, exact share of the year's income."""

    funder: Thing
    amount_eur: Decimal
    share: Fraction

    @property
    def is_public(self) -> bool:
        """Whether the funder is a public body."""
        return self.funder.get("sector") == "public"


@dataclass(frozen=True, slots=True)
class FundingMix:
    """The income of a year.

    Attributes:
        year: of the lines.
        total_eur: all income.
        shares: by funder, largest first.
        public_share: exact share of public money; None without income.
        public_pct_most, funder_pct_most: ceilings of the statutes on the last day of the year, in %; None: none.
        source: the statutes that set them.
        warnings: ceilings crossed, in both languages.
    """

    year: int
    total_eur: Decimal
    shares: tuple[Share, ...]
    public_share: Fraction | None
    public_pct_most: Fraction | None
    funder_pct_most: Fraction | None
    source: str
    warnings: tuple[Text, ...]

    @property
    def concentration(self) -> Fraction | None:
        """Herfindahl–Hirschman index of the funders, from 0 (many) to 1 (one); None without income."""
        return sum((one.share**2 for one in self.shares), Fraction(0)) if self.shares else None


def funding_mix(book: Book, year: int) -> FundingMix:
    """Return the funding mix of a year against the ceilings of the statutes."""
    given: Counter[str] = Counter()
    for one in lines_of(book, year):
        if one.get("direction") == INCOME:
            given[str(one.get("funder"))] += amount_of(one)  # type: ignore[assignment]  # -- a counter of decimals
    total = sum(given.values(), Decimal(0))
    shares = tuple(
        Share(book.thing(name), Decimal(amount), Fraction(amount) / Fraction(total) if total else Fraction(0))
        for name, amount in given.most_common()
    )
    public = sum((one.share for one in shares if one.is_public), Fraction(0)) if total else None
    public_most, funder_most, source = _ceilings(book, f"{year}-12-31")
    warnings = _warnings(shares, public, public_most, funder_most, source)
    return FundingMix(year, Decimal(total), shares, public, public_most, funder_most, source, warnings)


def _ceilings(book: Book, day: str) -> tuple[Fraction | None, Fraction | None, str]:
    for branch in tree_on(book, day):
        statutes = statutes_on(book, branch.body.id, day) if branch.depth == 0 else None
        if statutes is not None and (statutes.public_pct_most is not None or statutes.funder_pct_most is not None):
            return statutes.public_pct_most, statutes.funder_pct_most, statutes.source("ceilings")
    return None, None, ""


def _warnings(
    shares: tuple[Share, ...], public: Fraction | None, public_most: Fraction | None, funder_most: Fraction | None,
    source: str,
) -> tuple[Text, ...]:  # fmt: skip
    found = []
    if public is not None and public_most is not None and public * HUNDRED > public_most:
        pct, most = _pct(public), f"{float(public_most):g}"
        found.append(Text(f"L’argent public fait {pct[0]} % des recettes ; le plafond est {most} % ({source}).",
                          f"Public money is {pct[1]} % of income; the ceiling is {most} % ({source})."))  # fmt: skip
    for one in shares:
        if funder_most is not None and one.share * HUNDRED > funder_most:
            pct, most, name = _pct(one.share), f"{float(funder_most):g}", one.funder.text("name")
            found.append(Text(f"{name} apporte {pct[0]} % des recettes ; le plafond est {most} % ({source}).",
                              f"{name} gives {pct[1]} % of income; the ceiling is {most} % ({source})."))  # fmt: skip
    return tuple(found)


def _pct(share: Fraction) -> tuple[str, str]:
    en = f"{float(share * HUNDRED):.1f}"
    return en.replace(".", ","), en
