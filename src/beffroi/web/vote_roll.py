"""From the registry to a roll: members and their representatives, as a vote wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.assembly.vote import Mandate
from beffroi.federation import electors
from beffroi.strategy.electorate import Enrolled, equal_weights, with_table
from beffroi.strategy.moments import utc

if TYPE_CHECKING:
    from datetime import datetime


def roll(at: datetime, table: str = "", *, which: str = "represented") -> tuple[Enrolled, ...]:
    """Return the roll of a moment: `which` is `members`, or `represented` for those that somebody speaks for.

    Raises:
        RollError: the table has faults.
    """
    names = electors.members(at.date())
    mandates = {
        organisation: [
            Mandate(f"account {one.account}", utc(one.since), utc(one.until) if one.until else None) for one in held
        ]
        for organisation, held in electors.representatives(at.date()).items()
    }
    if which == "represented":
        names = {one: name for one, name in names.items() if one in mandates}
    return with_table(equal_weights(names, mandates), table)
