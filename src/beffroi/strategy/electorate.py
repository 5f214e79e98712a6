"""The roll of a vote: who may vote, with what weight, through whom, and who is left out for a conflict of interest.

Doors pass the organisations with their representatives; weights, colleges and conflicts come from a table that the
election officer gives. Nothing is guessed: a line for an organisation that is not on the list is an error.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from beffroi.assembly.exact import digest, fraction, written
from beffroi.assembly.faults import InexactNumberError
from beffroi.assembly.vote import Elector, Mandate
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COLUMNS = ("organisation", "weight", "college", "territory", "aggregated", "conflict")
_YES, _NO = {"yes", "oui", "true", "1", "x"}, {"", "no", "non", "false", "0"}


class RollError(UsageError):
    """The table of the roll has faults; each is listed with its line."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An organisation on its way to the roll; `name` is shown beside its id and is no part of what is frozen."""

    name: str
    elector: Elector


def equal_weights(organisations: Mapping[str, str], mandates: Mapping[str, Sequence[Mandate]]) -> tuple[Enrolled, ...]:
    """Enrol organisations with one vote each.

    Args:
        organisations: id to name.
        mandates: id to its representatives. An organisation without one is enrolled all the same: it counts for the
            quorum and cannot vote.

    >>> equal_weights({"o1": "Firm"}, {})[0].elector.weight
    Fraction(1, 1)
    """
    return tuple(
        Enrolled(name, Elector(key, Fraction(1), tuple(mandates.get(key, ()))))
        for key, name in sorted(organisations.items())
    )


def with_table(enrolled: Sequence[Enrolled], content: str) -> tuple[Enrolled, ...]:
    r"""Set weights, colleges, territories, aggregation and conflicts from a CSV table.

    Args:
        enrolled: all that may stand on the roll.
        content: CSV with a header out of `COLUMNS`, `organisation` among them, separated by comma or semicolon. With a
            column `weight`, only the organisations of the table are enrolled; without, all are, and the table adds to
            them.

    Raises:
        RollError: an unknown or double organisation, column, or a value that is no exact weight or no yes or no.

    >>> one = equal_weights({"o1": "Firm", "o2": "Other"}, {})
    >>> [each.elector.weight for each in with_table(one, "organisation;weight\no1;3/2")]
    [Fraction(3, 2)]
    """
    if not content.strip():
        return tuple(enrolled)
    lines = content.strip().splitlines()
    reader = csv.DictReader(io.StringIO("\n".join(lines)), delimiter=";" if ";" in lines[0] else ",")
    heads = [one.strip().lower() for one in reader.fieldnames or ()]
    if unknown := sorted(set(heads) - set(COLUMNS)):
        raise RollError(
            Text(
                f"Colonnes inconnues : {', '.join(unknown)}. Prenez : {', '.join(COLUMNS)}.",
                f"Unknown columns: {', '.join(unknown)}. Use: {', '.join(COLUMNS)}.",
            )
        )
    if "organisation" not in heads:
        raise RollError(
            Text(
                "Il manque au tableau la colonne « organisation ».",
                "The table has no column 'organisation'.",
            )
        )
    reader.fieldnames = heads
    known = {one.elector.organisation: one for one in enrolled}
    given: dict[str, Enrolled] = {}
    faults = []
    for number, row in enumerate(reader, start=2):
        key = (row.get("organisation") or "").strip()
        if key in given or key not in known:
            faults.append(f"line {number}: '{key}' {'stands twice' if key in given else 'is not on the list'}")
            continue
        try:
            given[key] = replace(known[key], elector=_set(known[key].elector, row))
        except (InexactNumberError, ValueError) as error:
            faults.append(f"line {number}: {error}")
    if faults:
        raise RollError("The roll was not read. " + "; ".join(faults) + ".")
    if "weight" in heads:
        return tuple(given[key] for key in sorted(given))
    return tuple(given.get(one.elector.organisation, one) for one in enrolled)


def with_conflicts(enrolled: Sequence[Enrolled], conflicts: Mapping[str, str]) -> tuple[Enrolled, ...]:
    """Leave out those who declared a conflict of interest: they stay on the roll, with the reason, and are not counted.

    >>> one = equal_weights({"o1": "Firm"}, {})
    >>> with_conflicts(one, {"o1": "supplier of the project"})[0].elector.conflict
    'supplier of the project'
    """
    return tuple(
        replace(one, elector=replace(one.elector, conflict=conflicts[one.elector.organisation]))
        if one.elector.organisation in conflicts
        else one
        for one in enrolled
    )


def roll_record(electors: Sequence[Elector]) -> list[dict[str, object]]:
    """Return the roll as the box has it."""
    return [
        {
            "organisation": one.organisation, "weight": written(one.weight),
            "mandates": [{"person": each.person, "since": each.since, "until": each.until} for each in one.mandates],
            "college": one.college, "territory": one.territory, "aggregated": one.aggregated, "conflict": one.conflict,
        }
        for one in electors
    ]  # fmt: skip


def roll_sha256(electors: Sequence[Elector]) -> str:
    """Return the fingerprint of a roll, as the ballot page shows it."""
    return digest(roll_record(electors))


def _set(one: Elector, row: Mapping[str, str | None]) -> Elector:
    said = {name: (value or "").strip() for name, value in row.items() if name is not None and isinstance(value, str)}
    aggregated = said.get("aggregated", "").casefold()
    if aggregated not in _YES | _NO:
        raise ValueError(f"'{said['aggregated']}' under 'aggregated' is neither yes nor no")
    return replace(
        one,
        weight=fraction(said["weight"]) if said.get("weight") else one.weight,
        college=said.get("college") or one.college,
        territory=said.get("territory") or one.territory,
        aggregated=aggregated in _YES,
        conflict=said.get("conflict") or one.conflict,
    )
