"""What a field may hold. Every value is JSON; numbers are kept as exact decimal texts, days as `2026-11-22`.

Each type has one method, `fault`: None when a value fits, else what was given and what is expected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from beffroi.vocabulary.text import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from beffroi.charter.field import Field

SHOWN = 60  # characters of a wrong value that a message repeats


@dataclass(frozen=True, slots=True)
class Line:
    """A text without line ends.

    >>> Line(5).fault("abc"), Line(5).fault("abcdef").en
    (None, '6 characters were given; 5 at most are taken.')
    """

    longest: int = 200

    def fault(self, value: object) -> Text | None:
        """Return what is wrong."""
        if not isinstance(value, str) or "\n" in value or "\r" in value:
            return _given(value, Text("une ligne de texte est attendue", "one line of text is expected"))
        return _too_long(value, self.longest)


@dataclass(frozen=True, slots=True)
class Prose:
    """A text with paragraphs. It is never read as HTML."""

    longest: int = 20_000

    def fault(self, value: object) -> Text | None:
        """Return what is wrong."""
        if not isinstance(value, str):
            return _given(value, Text("un texte est attendu", "a text is expected"))
        return _too_long(value, self.longest)


@dataclass(frozen=True, slots=True)
class Both:
    """A text in both languages: `{"fr": …, "en": …}`."""

    longest: int = 400

    def fault(self, value: object) -> Text | None:
        """Return what is wrong."""
        if not isinstance(value, dict) or set(value) != set(LANGUAGES):
            return _given(value, Text("un texte en français et en anglais est attendu",
                                      "a text in French and in English is expected"))  # fmt: skip
        for one in value.values():
            if not isinstance(one, str) or not one.strip():
                return Text("il manque une des deux langues.", "one of the two languages is missing.")
            if (fault := _too_long(one, self.longest)) is not None:
                return fault
        return None


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds."""

    least: int | None = None
    most: int | None = None

    def fault(self, value: object) -> Text | None:
        """Return what is wrong."""
        if not isinstance(value, int) or isinstance(value, bool):
            return _given(value, Text("un nombre entier est attendu", "a whole number is expected"))
        return _outside(Decimal(value), self.least, self.most)


@dataclass(frozen=True, slots=True)
class Number:
    """A number kept as exact decimal text.

    >>> Number(least=0).fault("12.50"), Number(least=0).fault("-1").en
    (None, '-1 was given; it must be 0 or more.')
    >>> Number().fault(0.1).en
    "'0.1' was given; a number such as 12.5, as text, is expected."
    """

    least: int | None = None
    most: int | None = None

    def fault(self, value: object) -> Text | None:
        """Return what is wrong."""
        wanted = Text("un nombre comme 12.5, en texte, est attendu", "a number such as 12.5, as text, is expected")
        if not isinstance(value, str):
            return _given(value, wanted)
        try:
            number = Decimal(value)
        except InvalidOperation:
            return _given(value, wanted)
        return _outside(number, self.least, self.most) if number.is_finite() else _given(value, wanted)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, `2026-11-22`."""

    def fault(self, value: object) -> Text | None:
        """Return what is wrong."""
        try:
            if isinstance(value, str) and date.fromisoformat(value).isoformat() == value:
                return None
        except ValueError:
            pass
        return _given(value, Text("un jour comme 2026-11-22 est attendu", "a day such as 2026-11-22 is expected"))


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    def fault(self, value: object) -> Text | None:
        """Return what is wrong."""
        return None if isinstance(value, bool) else _given(value, Text("oui ou non est attendu", "yes or no"))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several keys, each with its words."""

    options: Mapping[str, Text]

    def fault(self, value: object) -> Text | None:
        """Return what is wrong."""
        if isinstance(value, str) and value in self.options:
            return None
        keys = ", ".join(self.options)
        return _given(value, Text(f"un de ces mots est attendu : {keys}", f"one of these is expected: {keys}"))


@dataclass(frozen=True, slots=True)
class Link:
    """The id of another thing of the charter, of one of these kinds. That it exists is checked with the entry."""

    kinds: tuple[str, ...]

    def fault(self, value: object) -> Text | None:
        """Return what is wrong."""
        if isinstance(value, str) and value.rpartition("-")[0] in self.kinds and value.rpartition("-")[2].isdecimal():
            return None
        wanted = self.kinds[0]
        return _given(value, Text(f"un numéro comme {wanted}-3 est attendu", f"an id such as {wanted}-3 is expected"))


@dataclass(frozen=True, slots=True)
class Links:
    """Several such ids, none twice."""

    kinds: tuple[str, ...]

    def fault(self, value: object) -> Text | None:
        """Return what is wrong."""
        return _each(value, Link(self.kinds).fault)


@dataclass(frozen=True, slots=True)
class Outside:
    """The id of something kept elsewhere: `space` says what (organisation, territory, indicator, region, account …).

    Doors that can look it up say whether it exists; the charter keeps what was entered.
    """

    space: str
    longest: int = 80

    def fault(self, value: object) -> Text | None:
        """Return what is wrong."""
        return Line(self.longest).fault(value)


@dataclass(frozen=True, slots=True)
class Outsides:
    """Several such ids, none twice."""

    space: str

    def fault(self, value: object) -> Text | None:
        """Return what is wrong."""
        return _each(value, Outside(self.space).fault)


@dataclass(frozen=True, slots=True)
class Rows:
    """A small table: a list of rows, each with these columns."""

    columns: tuple[Field, ...]

    def fault(self, value: object) -> Text | None:
        """Return what is wrong, with the number of the row, from 1."""
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            return _given(value, Text("une liste de lignes est attendue", "a list of rows is expected"))
        for number, row in enumerate(value, 1):
            if (fault := self._row(row)) is not None:
                return Text(f"ligne {number} : {fault.fr}", f"row {number}: {fault.en}")
        return None

    def _row(self, row: Mapping[str, object]) -> Text | None:
        unknown = sorted(set(row) - {one.name for one in self.columns})
        if unknown:
            return Text(f"« {unknown[0]} » n’existe pas.", f"there is no '{unknown[0]}'.")
        for one in self.columns:
            value = row.get(one.name)
            if value in (None, "", []):
                if one.is_required:
                    return Text(f"{one.label.fr} : à remplir.", f"{one.label.en}: it must be given.")
            elif (fault := one.type.fault(value)) is not None:
                return Text(f"{one.label.fr} : {fault.fr}", f"{one.label.en}: {fault.en}")
        return None


@dataclass(frozen=True, slots=True)
class Data:
    """A JSON value that a function of a room understands, such as statutes; the function returns its fault."""

    check: Callable[[object], Text | None]

    def fault(self, value: object) -> Text | None:
        """Return what is wrong."""
        return self.check(value)


def _each(value: object, fault_of: Callable[[object], Text | None]) -> Text | None:
    if not isinstance(value, list):
        return _given(value, Text("une liste est attendue", "a list is expected"))
    twice = next((one for place, one in enumerate(value) if one in value[:place]), None)
    if twice is not None:
        return Text(f"{twice} figure deux fois.", f"{twice} is there twice.")
    return next((fault for one in value if (fault := fault_of(one)) is not None), None)


def _too_long(value: str, longest: int) -> Text | None:
    if len(value) <= longest:
        return None
    return Text(f"{len(value)} caractères donnés ; {longest} au plus sont admis.",
                f"{len(value)} characters were given; {longest} at most are taken.")  # fmt: skip


def _outside(number: Decimal, least: int | None, most: int | None) -> Text | None:
    if least is not None and number < least:
        return Text(
            f"{number} est donné ; il faut {least} ou plus.", f"{number} was given; it must be {least} or more."
        )
    if most is not None and number > most:
        return Text(f"{number} est donné ; il faut {most} ou moins.", f"{number} was given; it must be {most} or less.")
    return None


def _given(value: object, wanted: Text) -> Text:
    shown = str(value)[:SHOWN]
    return Text(f"« {shown} » est donné ; {wanted.fr}.", f"'{shown}' was given; {wanted.en}.")
