"""What a new version of a register says of units that we hold: each change opens a task, none moves a link."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from beffroi.federation import derive
from beffroi.federation.rows import plain
from beffroi.records import models

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from beffroi.federation.rows import Row

CLOSED_WORDS = frozenset({"f", "c", "closed", "ferme", "fermee", "cessee", "radiee", "cesse"})
KINDS = ("absorbed", "closed", "moved", "renamed", "vanished")


@lru_cache(maxsize=1024)
def is_closed(state: str) -> bool:
    """Whether a register's word for the state of a unit means closed (SIRENE writes `F` for sites, `C` for units).

    >>> is_closed("Fermée"), is_closed("A"), is_closed("")
    (True, False, False)
    """
    return plain(state) in CLOSED_WORDS


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return what changed between two rows of one unit, by kind; a cell that became empty says nothing.

    >>> changes({"name": "Edit", "city": "Lyon"}, {"name": "EDIT", "city": "Écully"})
    {'moved': {'before': 'Lyon', 'after': 'Écully'}}
    """
    found = {}
    if after.get("successor") and after.get("successor") != before.get("successor"):
        found["absorbed"] = {"before": before.get("successor", ""), "after": after["successor"]}
    if is_closed(after.get("state", "")) and not is_closed(before.get("state", "")):
        found["closed"] = {"before": before.get("state", ""), "after": after["state"]}
    for kind, names in (("moved", ("postcode", "city")), ("renamed", ("name",))):
        old, new = _said(before, names), _said(after, names)
        if new and plain(old) != plain(new):
            found[kind] = {"before": old, "after": new}
    return found


def tasks_of(source: models.Source, rows: Sequence[tuple[int, Row]], gone: Sequence[int]) -> list[models.Task]:
    """Return unsaved tasks for what a register's new version changed; none for a list, none for a first sight."""
    if source.kind != "register":
        return []
    before = {}
    for piece in derive.chunks([*(record for record, _ in rows), *gone]):
        for one in models.Placement.objects.filter(record__in=piece).select_related("version"):
            if one.version is not None:
                before[one.record_id] = one.version.fields
    found = [
        models.Task(record_id=record, kind=kind, detail=detail)
        for record, row in rows
        if record in before
        for kind, detail in changes(before[record], row.fields).items()
    ]
    return found + [models.Task(record_id=one, kind="vanished", detail={}) for one in gone]


def _said(fields: Mapping[str, str], names: Sequence[str]) -> str:
    return " ".join(fields[name] for name in names if fields.get(name))
