"""From the registry to a roll: members and their representatives, as a vote wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.assembly.vote import Mandate
from beffroi.charter import entries
from beffroi.federation import electors
from beffroi.federation.conflicts import conflicts_for
from beffroi.strategy.electorate import Enrolled, equal_weights, with_conflicts, with_table
from beffroi.strategy.moments import utc

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


def roll(
    at: datetime, table: str = "", *, which: str = "represented", subjects: Iterable[str] = (), language: str = "fr"
) -> tuple[Enrolled, ...]:
    """Return the roll of a moment: `which` is `members`, or `represented` for those that somebody speaks for.

    Whoever declared a conflict of interest about one of the subjects stays on the roll with the reason and does not
    vote; so does an organisation for which only an account with a conflict speaks.

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
    declared = _conflicts(at, subjects, language)
    silent = {
        organisation: declared[held[0].person]
        for organisation, held in mandates.items()
        if organisation in names and len(held) == 1 and held[0].person in declared
    }
    return with_table(with_conflicts(equal_weights(names, mandates), {**silent, **declared}), table)


def _conflicts(at: datetime, subjects: Iterable[str], language: str) -> dict[str, str]:
    book, day = entries.book(), at.date().isoformat()
    return {who: why.say(language) for one in subjects for who, why in conflicts_for(book, one, day).items()}
