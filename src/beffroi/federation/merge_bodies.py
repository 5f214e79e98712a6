"""Join two bodies or more: the old ones end with their history, the new one begins the next day and names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from beffroi.charter import entries
from beffroi.charter.faults import Fault, RefusedError
from beffroi.federation.bodies import BODY, bodies_on, parent_on
from beffroi.federation.dated import day_before, holds_on
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from beffroi.charter.book import Thing
    from beffroi.charter.entries import By

FEWEST = 2


def merge_bodies(
    bodies: Sequence[str], values: Mapping[str, object], *, day: str, by: By, reason: str = ""
) -> Thing:  # fmt: skip
    """Found a body out of others and return it.

    The others end on the day before; their mandates, meetings, minutes and decisions stay with them. Bodies below them
    pass under the new one. All of it is entered, or nothing.

    Args:
        bodies: ids of at least two that stand on the day before.
        values: of the new body; `since` and `merges` are filled in.
        day: first day of the new body.
        by: author and moment.
        reason: why, in the author's words.

    Raises:
        UnknownThingError: no such body.
        RefusedError: fewer than two, or one that does not stand then, or values that the rules refuse.
    """
    named = list(dict.fromkeys(bodies))
    last = day_before(day)
    with transaction.atomic():
        book = entries.book()
        old = [book.thing(one) for one in named]
        faults = [] if len(old) >= FEWEST else [Fault("merges", Text(
            "Une fusion réunit au moins deux instances.", "A merger joins at least two bodies."))]  # fmt: skip
        faults += [
            Fault("merges", Text(f"{one.id} n’existe pas le {last}.", f"{one.id} does not stand on {last}."))
            for one in old if one.kind != BODY.name or not holds_on(one, last)
        ]  # fmt: skip
        if faults:
            raise RefusedError(faults)
        new = entries.create(BODY, {**values, "since": day, "merges": named}, by=by, act="merged", reason=reason)
        for one in bodies_on(book, day):
            if one.id not in named and parent_on(one, day) in named:
                rows = [*one.rows("parents"), {"body": new.id, "since": day}]
                entries.change(BODY, one.id, {"parents": rows}, by=by, act="moved", reason=reason)
        for one in old:
            entries.change(BODY, one.id, {"until": last, "merged_into": new.id}, by=by, act="merged", reason=reason)
    return new
