"""Renew or end the memberships of many organisations at once: one preview, one event, one undo."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.federation.derive import chunks
from beffroi.federation.errors import AlreadyDecidedError
from beffroi.federation.judgement import carry_out
from beffroi.records import changes, models
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from beffroi.federation.judgement import Consequence
    from beffroi.federation.log import Act


@dataclass(frozen=True, slots=True)
class Line:
    """A membership of today: a row that stands in a list, and its last day (ISO; empty: none is stated)."""

    organisation: str
    name: str
    list: str
    record: int
    until: str


def memberships(organisations: Iterable[str], *, source: str = "") -> list[Line]:
    """Return the memberships of some organisations, in one list or in all, by name."""
    wanted = set(organisations)
    rows = models.Placement.objects.filter(record__source__kind="list", version__is_gone=False)
    if source:
        rows = rows.filter(record__source__name=source)
    shown = rows.values_list(
        "organisation_id", "organisation__name", "record__source__name", "record_id", "paid_until"
    )  # fmt: skip
    found = [Line(*one) for one in shown.iterator() if one[0] in wanted]
    return sorted(found, key=lambda one: (one.name.casefold(), one.organisation, one.list, one.record))


def fingerprint(lines: Sequence[Line]) -> str:
    """Return what tells whether a preview is still true.

    >>> fingerprint([]) == fingerprint([Line("o", "A", "L", 1, "")])
    False
    """
    return hashlib.sha256(repr([(one.record, one.until) for one in lines]).encode()).hexdigest()[:16]


def renew(lines: Sequence[Line], *, until: date, seen: str, act: Act, reason: str = "") -> Consequence:
    """Let memberships run until a day, past or to come, in one event.

    Args:
        lines: from `memberships`.
        until: their last day; one before today lets them lapse.
        seen: `fingerprint` of what the person saw.
        act: who and when.
        reason: why, in the person's words.

    Raises:
        UsageError: there is nothing to renew.
        AlreadyDecidedError: the list has changed since the preview; nothing is written.
    """
    changed = [one for one in lines if one.until != until.isoformat()]
    if not changed:
        raise UsageError(
            Text(
                "Aucune adhésion ne changerait ici. Choisissez une autre liste ou un autre jour.",
                "There is no membership here that would change. Choose another list or another day.",
            )
        )

    def entries() -> list[changes.Renewal]:
        now: dict[int, str] = {}
        for piece in chunks(one.record for one in lines):
            now |= dict(models.Placement.objects.filter(record__in=piece).values_list("record_id", "paid_until"))
        if seen != fingerprint(lines) or any(now.get(one.record) != one.until for one in lines):
            raise AlreadyDecidedError(
                Text(
                    "Des adhésions ont changé depuis que cette liste a été montrée. Rien n’a été écrit. "
                    "Relisez la liste.",
                    "Memberships have changed since this list was shown. Nothing was written. Look at the list again.",
                )
            )
        return [changes.Renewal(record_id=one.record, until=until) for one in changed]

    payload = {"until": until.isoformat(), "memberships": len(changed), "reason": reason}
    return carry_out(act, payload, entries, {one.record for one in changed})
