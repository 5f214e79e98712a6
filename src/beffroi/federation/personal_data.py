"""What is held about people: the declarations beside the tables, read and checked against the tables as they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from beffroi.vocabulary.errors import CatalogueError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TEXTS = ("name", "purpose", "basis", "people", "recipients", "retention")
# How rows of a table are found for one person: by the number of her account, by the name logs give it, by her address.
WAYS = ("account", "author", "email")


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of the register of processing. `days`: how long after its last use a field goes, or None."""

    id: str
    name: Text
    purpose: Text
    basis: Text
    people: Text
    recipients: Text
    retention: Text
    days: int | None


@dataclass(frozen=True, slots=True)
class Declared:
    """A table: fields shown to the person they are about, fields withheld, plain fields, and how her rows are found."""

    table: str
    person: str
    by: str
    personal: Mapping[str, str]
    withheld: Mapping[str, str]
    plain: tuple[str, ...]

    @property
    def fields(self) -> dict[str, str]:
        """Personal fields, withheld or not, with their activity."""
        return {**self.personal, **self.withheld}


@dataclass(frozen=True, slots=True)
class Register:
    """Every activity and every table."""

    activities: Mapping[str, Activity]
    tables: Mapping[str, Declared]

    def fields_of(self, activity: str) -> list[tuple[str, str]]:
        """(table, field) of one activity."""
        return [
            (one.table, field)
            for one in self.tables.values()
            for field, named in one.fields.items()
            if named == activity
        ]


@cache
def register() -> Register:
    """Read every declaration.

    Raises:
        CatalogueError: a text is missing, an activity is unknown, a field or table is declared twice.
    """
    folder = resources.files("beffroi.records").joinpath("personal")
    texts = {one.name: one.read_text("utf-8") for one in folder.iterdir() if one.name.endswith(".yaml")}
    return read(texts)


def read(files: Mapping[str, str]) -> Register:
    """Read declarations given as file name → YAML.

    Raises:
        CatalogueError: as in `register`; every fault at once.

    >>> read({"a.yaml": "tables: {x.Y: {plain: [id]}}"}).tables["x.Y"].plain
    ('id',)
    """
    faults: list[str] = []
    activities: dict[str, Activity] = {}
    tables: dict[str, Declared] = {}
    for name, text in sorted(files.items()):
        given = yaml.safe_load(text) or {}
        for key, one in (given.get("activities") or {}).items():
            missing = [part for part in _TEXTS if set(one.get(part) or ()) != {"fr", "en"}]
            if missing or key in activities:
                faults.append(f"{name}: activity '{key}' needs {', '.join(missing) or 'a name of its own'}")
                continue
            said = {part: Text(one[part]["fr"], one[part]["en"]) for part in _TEXTS}
            activities[key] = Activity(id=key, days=one.get("days"), **said)
        for table, one in (given.get("tables") or {}).items():
            if table in tables:
                faults.append(f"{name}: table '{table}' is declared twice")
            tables[table] = _declared(table, one)
    faults += [fault for one in tables.values() for fault in _faults(one, activities)]
    if faults:
        raise CatalogueError("Declarations of personal data are wrong. " + "; ".join(faults) + ".")
    return Register(activities, tables)


def _declared(table: str, given: Mapping[str, Any]) -> Declared:
    return Declared(
        table, given.get("person", ""), given.get("by", "account"), given.get("personal") or {},
        given.get("withheld") or {}, tuple(given.get("plain") or ()),
    )  # fmt: skip


def _faults(one: Declared, activities: Mapping[str, Activity]) -> list[str]:
    named = [*one.personal, *one.withheld, *one.plain]
    faults = [f"{one.table}.{field} stands twice" for field in sorted(set(named)) if named.count(field) > 1]
    faults += [
        f"{one.table}.{field}: no activity '{key}'" for field, key in one.fields.items() if key not in activities
    ]
    if one.fields and not one.person:
        faults.append(f"{one.table} has personal fields, and does not say how a person's rows are found")
    if one.by not in WAYS:
        faults.append(f"{one.table}: rows are found by one of {', '.join(WAYS)}, not '{one.by}'")
    return faults


def undeclared(columns: Iterable[tuple[str, str]], declared: Register) -> list[str]:
    """Return what does not fit: fields of tables that stand nowhere, and declarations without a field.

    Args:
        columns: every (table, field) of the database.
        declared: the declarations.

    >>> undeclared([("x.Y", "id"), ("x.Y", "name")], read({"a.yaml": "tables: {x.Y: {plain: [id, old]}}"}))
    ['x.Y.name is not declared', 'x.Y.old does not exist']
    """
    real = set(columns)
    said = {(one.table, field) for one in declared.tables.values() for field in (*one.fields, *one.plain)}
    return [f"{table}.{field} is not declared" for table, field in sorted(real - said)] + [
        f"{table}.{field} does not exist" for table, field in sorted(said - real)
    ]
