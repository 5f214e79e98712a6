"""Shapes: which fields the things of a kind have, and what must hold before an entry is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from beffroi.charter.faults import Fault
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.field import Field


@dataclass(frozen=True, slots=True)
class Change:
    """What is about to be entered, as rules see it: the thing before (None when it is new), and after.

    `facts` is what the door looked up elsewhere for the rules, such as the newest value of an indicator.
    """

    book: Book
    before: Thing | None
    after: Thing
    act: str
    author: str
    at: datetime
    reason: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    def is_set(self, name: str) -> bool:
        """Whether the change gives this field another value than it had."""
        return self.after.get(name) != (self.before.get(name) if self.before else None)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things.

    Attributes:
        name: prefix of the ids, `objective` for `objective-12`.
        label: what one is called.
        plural: what several are called.
        fields: in the order of the form.
        title: the field that names a thing.
        rules: each yields the faults of a change; all are told at once, and then nothing is written.
    """

    name: str
    label: Text
    plural: Text
    fields: tuple[Field, ...]
    title: str = "name"
    rules: tuple[Callable[[Change], Iterable[Fault]], ...] = field(default=())

    def field(self, name: str) -> Field:
        """Return a field by its name; KeyError when there is none."""
        return next(one for one in self.fields if one.name == name) if name in self.names else _no(name)

    @property
    def names(self) -> frozenset[str]:
        """Names of its fields."""
        return frozenset(one.name for one in self.fields)

    def faults_of(self, values: Mapping[str, object]) -> list[Fault]:
        """Return what is wrong with a whole set of values, before any rule: unknown, missing, of another form."""
        found = [
            Fault(name, Text(f"{self.label.fr} : « {name} » n’existe pas.", f"{self.label.en}: there is no '{name}'."))
            for name in values if name not in self.names
        ]  # fmt: skip
        for one in self.fields:
            value = values.get(one.name)
            if is_blank(value):
                found += [Fault(one.name, _missing(one))] if one.is_required else []
            elif (fault := one.type.fault(value)) is not None:
                found.append(Fault(one.name, _framed(one, fault)))
        return found


def is_blank(value: object) -> bool:
    """Whether a value says nothing: none, an empty text or list.

    >>> is_blank(""), is_blank([]), is_blank(0), is_blank(False)
    (True, True, False, False)
    """
    return value is None or value in ("", [], {})


def _no(name: str) -> Field:
    raise KeyError(name)


def _missing(one: Field) -> Text:
    return Text(f"{one.label.fr} : à remplir.", f"{one.label.en}: it must be given.")


def _framed(one: Field, fault: Text) -> Text:
    return Text(f"{one.label.fr} : {fault.fr}", f"{one.label.en}: {fault.en}")
