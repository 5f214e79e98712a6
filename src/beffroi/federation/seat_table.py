"""Territories with their measures from a table as people write it: CSV, in exact numbers."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from beffroi.assembly.exact import fraction
from beffroi.assembly.faults import InexactNumberError
from beffroi.assembly.seat_rule import Territory
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

BOUNDS = ("floor", "ceiling")
CLASS = "class_"


class SeatTableError(UsageError):
    """A table of another form: the message names row and cell."""


def read_table(text: str) -> tuple[Territory, ...]:
    r"""Return territories from CSV: `territory`, maybe `floor` and `ceiling`, a column a measure.

    Columns that begin with `class_` count members by class (`read_classes`) and are no measures.

    Raises:
        SeatTableError: no column `territory`, a row of another length, a cell that is no exact number.

    >>> read_table("territory;members\nLyon;1,5")[0].measures
    {'members': Fraction(3, 2)}
    """
    found = []
    for number, row in _rows(text):
        low, high = (count(row.get(name) or None, f"row {number}, {name}") for name in BOUNDS)
        skipped = {"territory", *BOUNDS}
        measures = _numbers(number, {name: cell for name, cell in row.items()
                                     if name not in skipped and not name.startswith(CLASS)})  # fmt: skip
        found.append(Territory(row["territory"], measures, low, high))
    return tuple(found)


def read_classes(text: str) -> dict[str, dict[str, Fraction]]:
    r"""Return members by territory and class from the columns `class_…` of the same table; empty without any.

    Raises:
        SeatTableError: as for `read_table`.

    >>> read_classes("territory,class_small\nLyon,4")
    {'Lyon': {'small': Fraction(4, 1)}}
    """
    found = {
        row["territory"]: _numbers(
            number, {name[len(CLASS) :]: cell for name, cell in row.items() if name.startswith(CLASS)}
        )
        for number, row in _rows(text)
    }
    return found if any(found.values()) else {}


def count(given: Any, name: str) -> int | None:
    """Return a whole number from its text; None stays None.

    Raises:
        SeatTableError: it is no whole number from 0 up.
    """
    if given is None:
        return None
    if not isinstance(given, str) or not given.strip().isdecimal():
        raise SeatTableError(
            Text(
                f"{name} : {given!r} n’est pas un nombre entier à partir de 0",
                f"{name}: {given!r} is no whole number from 0 up",
            )
        )
    return int(given)


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.split("\n", 1)[0] else ",")
    names = rows.fieldnames or ()
    if "territory" not in names:
        raise SeatTableError(
            Text(
                f"il manque la colonne « territory » (il y a : {', '.join(names) or 'rien'})",
                f"there is no column 'territory' (there is: {', '.join(names) or 'nothing'})",
            )
        )
    found = []
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise SeatTableError(
                Text(
                    f"la ligne {number} a plus ou moins de cellules que l’en-tête",
                    f"row {number} has more or fewer cells than the header",
                )
            )
        found.append((number, dict(row)))
    return found


def _numbers(number: int, cells: Mapping[str, str]) -> dict[str, Fraction]:
    try:
        return {
            name: fraction(cell.replace(",", ".").replace("\u202f", "").replace("\u00a0", ""))
            for name, cell in cells.items()
            if cell.strip()
        }
    except InexactNumberError as error:
        raise SeatTableError(
            Text(
                f"ligne {number} : {error.told('fr') if isinstance(error, SeatTableError) else error}",
                f"row {number}: {error}",
            )
        ) from error
