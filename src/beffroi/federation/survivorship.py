"""Which of several values an organisation shows, by which rule, and which values compete with it.

Per field the first rule that applies:
R1 a person's override (the latest) · R2 a register, for legal facts · R3 for living facts the most recent list, then
the most trusted · R4 for legal facts without a register, what most lists say, then R3 · RC consents, most restrictive.
A row that its list no longer holds speaks only where no other does (but its refusal of consent holds). Ties go to the
smaller value, then the smaller key: never to the order of arrival.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.federation.consent import PREFIX, combine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CONTACT = ("first_name", "last_name", "email", "phone")  # of a person, not of the organisation
LEGAL = frozenset({"name", "siren", "siret", "legal_form", "naf", "state", "address", "postcode", "city", "founded",
                   "commune_code"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """What one row says. `as_of` is the day (ISO) on which its list last confirmed the row; `version` names the row."""

    version: int
    key: str
    source: str
    is_register: bool
    is_gone: bool
    as_of: str
    trust_rank: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's override; `event` orders them."""

    event: int
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Survivor:
    """A value with the rule that kept it, the row (or event, for R1) it comes from, and its competitors."""

    value: str
    rule: str
    origin: int
    others: tuple[tuple[str, int], ...] = ()


def survive(statements: Sequence[Statement], corrections: Iterable[Correction] = ()) -> dict[str, Survivor]:
    """Return the surviving value of every field that anyone states.

    Empty cells state nothing, except for consents.

    >>> old = Statement(1, "a", "A", False, False, "2015-01-01", 1, {"name": "Numelink", "website": "a.fr"})
    >>> new = Statement(2, "b", "B", False, False, "2016-01-01", 9, {"website": "b.fr"})
    >>> kept = survive([old, new])["website"]
    >>> kept.value, kept.rule, kept.others
    ('b.fr', 'R3', (('a.fr', 1),))
    """
    latest: dict[str, Correction] = {}
    for one in corrections:
        if one.field not in latest or one.event > latest[one.field].event:
            latest[one.field] = one
    fields = sorted({name for one in statements for name in one.fields} | latest.keys())
    found = {name: _one_field(name, statements, latest.get(name)) for name in fields}
    return {name: one for name, one in found.items() if one is not None}


def _one_field(name: str, statements: Sequence[Statement], correction: Correction | None) -> Survivor | None:
    if name.startswith(PREFIX):
        return _consent(name, statements, correction)
    said = [(one.fields[name], one) for one in statements if one.fields.get(name)]
    if correction is not None and not correction.value and name in CONTACT:
        return Survivor("", "R1", correction.event)  # a contact that was erased competes with nothing
    if correction is not None:
        return Survivor(correction.value, "R1", correction.event, _others(said, correction.value))
    if not said:
        return None
    speaking = [pair for pair in said if not pair[1].is_gone] or said
    registers = [pair for pair in speaking if pair[1].is_register]
    if name in LEGAL and registers:
        rule, value, origin = "R2", *_most_recent(registers)
    elif name in LEGAL:
        rule, value, origin = "R4", *_most_agreed(speaking)
    else:
        rule, value, origin = "R3", *_most_recent(speaking)
    return Survivor(value, rule, origin.version, _others(said, value))


def _most_recent(said: Sequence[tuple[str, Statement]]) -> tuple[str, Statement]:
    newest = max(one.as_of for _, one in said)
    return min(
        (pair for pair in said if pair[1].as_of == newest),
        key=lambda pair: (pair[1].trust_rank, pair[0], pair[1].source, pair[1].key),
    )


def _most_agreed(said: Sequence[tuple[str, Statement]]) -> tuple[str, Statement]:
    sources: dict[str, set[str]] = {}
    for value, one in said:
        sources.setdefault(value, set()).add(one.source)
    most = max(map(len, sources.values()))
    return _most_recent([pair for pair in said if len(sources[pair[0]]) == most])


def _others(said: Iterable[tuple[str, Statement]], chosen: str) -> tuple[tuple[str, int], ...]:
    # One line for each other value, with the first row by content that states it.
    first: dict[str, Statement] = {}
    for value, one in said:
        if value != chosen and (value not in first or (one.source, one.key) < (first[value].source, first[value].key)):
            first[value] = one
    return tuple((value, first[value].version) for value in sorted(first))


def _consent(name: str, statements: Sequence[Statement], correction: Correction | None) -> Survivor | None:
    # A refusal outlives the row: leaving a list is no consent.
    said = [(one.fields[name], one) for one in statements if name in one.fields]
    if correction is not None:
        return Survivor(correction.value, "R1", correction.event, _others(said, correction.value))
    if not said:
        return None
    value = combine(answer for answer, _ in said)
    origin = _most_recent([pair for pair in said if pair[0] == value])[1]
    return Survivor(value, "RC", origin.version, _others(said, value))
