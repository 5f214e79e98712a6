"""Addresses of organisations: never used twice, kept through joins, kept by the right part after a split.

Every record is born with an address of its own (its *title*). An organisation bears the title of its most senior
record, so that joining later records changes nothing, and undoing a join gives both addresses back. The titles of the
other records lead to it. After a split the part with the legal unit keeps the address, else the largest part; a *claim*
writes that down.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LENGTH = 13


@dataclass(frozen=True, slots=True)
class Holder:
    """A record with the title it holds and its seniority (smaller is older)."""

    record: int
    title: str
    seniority: str


@dataclass(frozen=True, slots=True)
class Part:
    """What a group became: its records, and whether the legal unit is among them."""

    holders: tuple[Holder, ...]
    has_unit: bool


def title(source: str, key: str, *, salt: str = "") -> str:
    """Return the address of a record, made of its list and its key: the same on every machine.

    >>> title("Numélink", "siren:732829320")
    'o-qu3j7oprqopcs'
    """
    digest = hashlib.sha256(f"{source}\x1f{key}\x1f{salt}".encode()).digest()
    return "o-" + base64.b32encode(digest).decode().lower()[:_LENGTH]


def seniority(event: int, source: str, key: str) -> str:
    """Order of birth: by event, and within one import by list and key, never by row."""
    return f"{event:012d}:{hashlib.sha256(f'{source}{chr(31)}{key}'.encode()).hexdigest()[:16]}"


def senior(holders: Iterable[Holder]) -> Holder:
    """Return the record whose title the organisation bears.

    >>> senior([Holder(2, "o-b", "2"), Holder(1, "o-a", "1")]).title
    'o-a'
    """
    return min(holders, key=lambda one: (one.seniority, one.title))


def claims(parts: Sequence[Part], *, fresh_title: str, fresh_seniority: str) -> tuple[Holder, ...]:
    """Return the titles that must change hands so that the right part of a split keeps the address.

    The right part holds the legal unit; where none or several do, it is the largest; then the one with the most
    senior record. Nothing changes hands when the most senior record stands there already.

    >>> old, young = Holder(1, "o-a", "1"), Holder(2, "o-b", "2")
    >>> claims([Part((old,), has_unit=False), Part((young,), has_unit=True)], fresh_title="o-n", fresh_seniority="9")
    (Holder(record=2, title='o-a', seniority='1'), Holder(record=1, title='o-n', seniority='9'))
    """
    if len(parts) < 2:  # noqa: PLR2004 -- one part is no split
        return ()
    first = senior(holder for part in parts for holder in part.holders)
    keeper = min(parts, key=lambda part: (not part.has_unit, -len(part.holders), first not in part.holders,
                                          senior(part.holders).seniority))  # fmt: skip
    if first in keeper.holders:
        return ()
    return (
        Holder(senior(keeper.holders).record, first.title, first.seniority),
        Holder(first.record, fresh_title, fresh_seniority),
    )
