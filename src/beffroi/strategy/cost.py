"""What actions and projects cost, by funder and year, and what one result costs when that can be said at all."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from beffroi.strategy.measure import UNKNOWN, effect_of, status_of
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from beffroi.charter.book import Book, Thing


@dataclass(frozen=True, slots=True)
class Amount:
    """Euros committed and spent by one funder in one year; `of` is the action or project that states them."""

    funder: str
    organisation: str
    year: int
    committed_eur: Decimal
    spent_eur: Decimal
    of: str = ""


@dataclass(frozen=True, slots=True)
class PerResult:
    """Euros spent for one unit of the effect, and on what kind of knowledge that rests; or why it is not said."""

    eur: Decimal | None
    status: str
    refusal: Text | None = None


def amounts(thing: Thing, *fields: str) -> tuple[Amount, ...]:
    """Return the amounts that a thing states in these fields, by year then funder.

    >>> from datetime import datetime, UTC
    >>> from beffroi.charter.book import Thing
    >>> now = datetime(2026, 1, 1, tzinfo=UTC)
    >>> row = {"funder": "Region", "year": 2026, "committed_eur": "10.50", "spent_eur": ""}
    >>> action = Thing("action", "action-1", {"costs": [row]}, now, "", now, "", 1)
    >>> [str(one.committed_eur) for one in amounts(action, "costs")]
    ['10.50']
    """
    found = [_amount(row, thing.id) for name in fields for row in thing.rows(name)]
    return tuple(sorted(found, key=lambda one: (one.year, one.funder)))


def of_action(action: Thing, book: Book) -> tuple[Amount, ...]:
    """Return the public amounts of an action and of the projects that carry it out."""
    projects = book.linking(action.id, "project", "actions")
    return (*amounts(action, "costs"), *(one for project in projects for one in amounts(project, "funding")))


def total(found: Iterable[Amount]) -> tuple[Decimal, Decimal]:
    """Return what was committed and spent in all."""
    held = tuple(found)
    return sum((one.committed_eur for one in held), Decimal(0)), sum((one.spent_eur for one in held), Decimal(0))


def per_result(action: Thing, book: Book) -> PerResult:
    """Return the cost of one result: own amounts spent, divided by the effect; refused when either is not known."""
    status, effect = status_of(action), effect_of(action)
    if effect is None or status == UNKNOWN:
        return PerResult(None, UNKNOWN, Text(
            "Le résultat est inconnu : aucun coût par résultat ne peut être donné.",
            "The result is unknown: no cost per result can be given."))  # fmt: skip
    if effect <= 0:
        return PerResult(
            None,
            status,
            Text(
                "L’effet observé est nul ou négatif : il n’y a pas de coût par résultat.",
                "The effect is zero or negative: there is no cost per result.",
            ),
        )
    hidden = [one.id for one in book.linking(action.id, "project", "actions") if one.rows("private_funding")]
    if hidden:
        return PerResult(None, status, Text(
            f"Des montants sont confidentiels ({', '.join(hidden)}) : le coût entier n’est pas public.",
            f"Some amounts are confidential ({', '.join(hidden)}): the whole cost is not public."))  # fmt: skip
    spent = total(of_action(action, book))[1]
    if not spent:
        return PerResult(None, status, Text("Aucune dépense n’est saisie.", "No spending has been entered."))
    return PerResult(spent / effect, status)


def _amount(row: Mapping[str, object], of: str) -> Amount:
    return Amount(str(row["funder"]), str(row.get("organisation") or ""), int(str(row["year"])),
                  Decimal(str(row["committed_eur"])), Decimal(str(row.get("spent_eur") or 0)), of)  # fmt: skip
