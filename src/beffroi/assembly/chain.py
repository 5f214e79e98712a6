"""A log that only grows: each entry carries the fingerprint of the one before, so a change anywhere is seen after it.

The chain shows that nothing was changed, left out or moved between two known fingerprints. It does not stop somebody
who holds the whole log from writing a new one: the last fingerprint has to be known elsewhere (printed, mailed, shown
on a page) for that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.assembly.exact import digest
from beffroi.assembly.faults import InexactNumberError

if TYPE_CHECKING:
    from collections.abc import Iterable

START = "0" * 64
_FIELDS = {"number", "previous", "body", "hash"}

Entry = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain breaks: the place counted from 1, and why (a message id of `words`)."""

    place: int
    reason: str


def append(entries: Sequence[Entry], body: Mapping[str, object]) -> dict[str, object]:
    """Return the entry that follows the others; the caller keeps it.

    Args:
        entries: the log so far, or only its last entry.
        body: what is logged, in values that `canonical` takes.

    >>> first = append((), {"act": "opened"})
    >>> second = append((first,), {"act": "closed"})
    >>> second["number"], second["previous"] == first["hash"]
    (2, True)
    """
    last = entries[-1] if entries else None
    number = int(str(last["number"])) + 1 if last else 1
    return linked(number, str(last["hash"]) if last else START, body)


def linked(number: int, previous: str, body: Mapping[str, object]) -> dict[str, object]:
    """Return entry `number`, which follows the entry with the fingerprint `previous`.

    >>> linked(1, START, {"act": "opened"}) == append((), {"act": "opened"})
    True
    """
    entry: dict[str, object] = {"number": number, "previous": previous, "body": dict(body)}
    return {**entry, "hash": digest(entry)}


def chained(bodies: Iterable[Mapping[str, object]]) -> tuple[dict[str, object], ...]:
    """Return the log of several bodies, in their order.

    >>> [one["number"] for one in chained([{"a": 1}, {"a": 2}])]
    [1, 2]
    """
    log: list[dict[str, object]] = []
    for body in bodies:
        log.append(append(log[-1:], body))
    return tuple(log)


def first_break(entries: Sequence[object], *, head: str | None = None) -> Break | None:
    """Name the first entry that does not follow from those before it, or nothing.

    Args:
        entries: the whole log.
        head: the last fingerprint as it was published; with it, entries cut off the end are seen too.

    >>> log = chained([{"a": 1}, {"a": 2}, {"a": 3}])
    >>> first_break(log) is None
    True
    >>> first_break((log[0], log[2]))
    Break(place=2, reason='chain_previous')
    >>> first_break(log[:2], head=str(log[2]["hash"]))
    Break(place=2, reason='chain_head')
    """
    previous = START
    for place, entry in enumerate(entries, start=1):
        if reason := _fault(entry, place, previous):
            return Break(place, reason)
        previous = str(entry["hash"])  # type: ignore[index]  # -- _fault has seen a mapping
    if head is not None and previous != head:
        return Break(len(entries), "chain_head")
    return None


def _fault(entry: object, place: int, previous: str) -> str:
    if not isinstance(entry, Mapping) or set(entry) != _FIELDS or not isinstance(entry["body"], Mapping):
        return "chain_form"
    if entry["previous"] != previous:
        return "chain_previous"
    if entry["number"] != place or isinstance(entry["number"], bool):
        return "chain_number"
    try:
        expected = digest({name: entry[name] for name in ("number", "previous", "body")})
    except InexactNumberError:
        return "chain_form"
    return "" if expected == entry["hash"] else "chain_hash"
