"""The book: every thing as the sum of its entries up to a moment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from beffroi.charter.faults import UnknownThingError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

ARCHIVED, RESTORED = "archived", "restored"


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody said of one thing at one time; `change` holds the fields that got another value."""

    number: int
    at: datetime
    author: str
    kind: str
    thing: str
    act: str
    change: Mapping[str, object]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing as it stood at a moment. `entry` is its last entry, which a form sends back to notice conflicts."""

    kind: str
    id: str
    values: Mapping[str, object]
    born_at: datetime
    born_by: str
    at: datetime
    by: str
    entry: int
    is_archived: bool = False

    def get(self, name: str, default: object = None) -> object:
        """Return a value, or `default` when it was never given."""
        return self.values.get(name, default)

    def text(self, name: str, language: str = "fr") -> str:
        """Return a value as text: one language of a text in both, else the value; empty when it is missing."""
        value = self.values.get(name)
        if isinstance(value, dict):
            return str(value.get(language, ""))
        return "" if value is None else str(value)

    def ids(self, name: str) -> tuple[str, ...]:
        """Return the ids that a field holds, one or several or none."""
        value = self.values.get(name)
        if isinstance(value, list):
            return tuple(str(one) for one in value)
        return (str(value),) if value else ()

    def rows(self, name: str) -> tuple[Mapping[str, object], ...]:
        """Return the rows of a small table; none when it is missing."""
        value = self.values.get(name)
        return tuple(value) if isinstance(value, list) else ()


class Book:
    """All things as they stood at one moment; read-only, so it may be shared."""

    def __init__(self, things: Mapping[str, Thing], last: int = 0) -> None:
        self._things = MappingProxyType(dict(things))
        self.last = last

    def of(self, kind: str, *, archived: bool = False) -> tuple[Thing, ...]:
        """Return the things of a kind in the order of their birth; archived ones only when asked."""
        return tuple(one for one in self._by_kind.get(kind, ()) if archived or not one.is_archived)

    def find(self, thing: str) -> Thing | None:
        """Return a thing, archived or not; None when there is none of that id."""
        return self._things.get(thing)

    def thing(self, thing: str) -> Thing:
        """Return a thing.

        Raises:
            UnknownThingError: no thing has this id.
        """
        found = self._things.get(thing)
        if found is None:
            raise UnknownThingError(
                Text(
                    f"« {thing} » n’existe pas. Les numéros ressemblent à objective-3 ; les listes de chaque "
                    "sorte les montrent.",
                    f"There is no '{thing}'. Ids look like objective-3; the lists of each kind show them.",
                )
            )
        return found

    def linking(self, thing: str, kind: str = "", field: str = "") -> tuple[Thing, ...]:
        """Return the things, not archived, that name this one, perhaps only of a kind or in a field."""
        return tuple(
            one for one, where in self._links.get(thing, ())
            if not one.is_archived and kind in {"", one.kind} and field in {"", where}
        )  # fmt: skip

    def __iter__(self) -> Iterator[Thing]:
        """Go through every thing, archived ones included, in the order of birth."""
        return iter(self._things.values())

    def __len__(self) -> int:
        """How many things there are, archived ones included."""
        return len(self._things)

    @cached_property
    def _by_kind(self) -> dict[str, list[Thing]]:
        found: dict[str, list[Thing]] = {}
        for one in self:
            found.setdefault(one.kind, []).append(one)
        return found

    @cached_property
    def _links(self) -> dict[str, list[tuple[Thing, str]]]:
        found: dict[str, list[tuple[Thing, str]]] = {}
        for one in self:
            for name in one.values:
                for named in dict.fromkeys(_named(one.values[name])):
                    if named in self._things:
                        found.setdefault(named, []).append((one, name))
        return found


def sum_up(entries: Iterable[Entry]) -> Book:
    """Return the book that entries make, taken in the order given.

    >>> from datetime import datetime, UTC
    >>> then = datetime(2026, 1, 1, tzinfo=UTC)
    >>> book = sum_up([Entry(1, then, "account 3", "vision", "vision-1", "created", {"name": "A"}),
    ...                Entry(2, then, "account 3", "vision", "vision-1", "changed", {"name": "B"})])
    >>> book.thing("vision-1").get("name"), book.last
    ('B', 2)
    """
    things: dict[str, Thing] = {}
    last = 0
    for entry in entries:
        things[entry.thing] = after(things.get(entry.thing), entry)
        last = entry.number
    return Book(things, last)


def after(before: Thing | None, entry: Entry) -> Thing:
    """Return a thing after one more entry; a value set to None is taken away."""
    values = {**(before.values if before else {}), **entry.change}
    kept = MappingProxyType({name: value for name, value in values.items() if value is not None})
    was_archived = before.is_archived if before else False
    archived = entry.act == ARCHIVED or (was_archived and entry.act != RESTORED)
    born = (before.born_at, before.born_by) if before else (entry.at, entry.author)
    return Thing(entry.kind, entry.thing, kept, *born, entry.at, entry.author, entry.number, archived)


def _named(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _named(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _named(one)
