"""From the registry to a roll: who may stand on it, as a vote wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.charter import entries
from beffroi.federation import electors
from beffroi.strategy.electorate import Enrolled, equal_weights, with_conflicts, with_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


def roll(
    at: datetime, table: str = "", *, which: str = "represented", body: str = "", subjects: Iterable[str] = (),
    language: str = "fr",
) -> tuple[Enrolled, ...]:  # fmt: skip
    """Return the roll of a moment, as `federation.electors.standing` finds it and a table changes it.

    Raises:
        RollError: the table has faults.
    """
    found = electors.standing(at, entries.book(), which=which, body=body, subjects=subjects, language=language)
    return with_table(with_conflicts(equal_weights(found.names, found.mandates), found.conflicts), table)
