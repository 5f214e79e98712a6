"""Dataclasses as columns and back: a column for each field.

A `Chance` becomes two columns, a `Text` as well, a tuple of words one column joined by spaces. None stays None.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from beffroi.observatory.chance import Chance
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from _typeshed import DataclassInstance

    from beffroi.store.tables import Rows, Value

Row = TypeVar("Row", bound="DataclassInstance")
_Reader = Callable[[Sequence[Any]], object]
Columns = dict[str, list["Value"]]
Table = tuple[tuple[str, ...], "Rows"]

_CHANCE = ("__p", "__standard_error")
_TEXT = ("__fr", "__en")
_WORDS = {"series_keys"}


def columns_of(kind: type[Row], rows: Iterable[Row], *, fixed: Mapping[str, Value] | None = None) -> Columns:
    """Return the rows' fields as columns, in the order of the class, after the `fixed` ones.

    >>> from beffroi.observatory.reading import Exclusion
    >>> columns_of(Exclusion, [Exclusion("FRY1", "too_few_figures", 0.4)], fixed={"set_id": "nuts2"})
    {'set_id': ['nuts2'], 'region': ['FRY1'], 'reason': ['too_few_figures'], 'coverage': [0.4]}
    """
    listed = list(rows)
    out: Columns = {name: [value] * len(listed) for name, value in (fixed or {}).items()}
    for one in fields(kind):
        values = [getattr(row, one.name) for row in listed]
        if one.type == "Chance":
            out[one.name + _CHANCE[0]] = [value.p for value in values]
            out[one.name + _CHANCE[1]] = [value.standard_error for value in values]
        elif one.type == "Text":
            out[one.name + _TEXT[0]] = [value.fr for value in values]
            out[one.name + _TEXT[1]] = [value.en for value in values]
        elif one.name in _WORDS:
            out[one.name] = [" ".join(value) for value in values]
        else:
            out[one.name] = values
    return out


def rows_of(kind: type[Row], table: Table, **where: Value) -> list[Row]:
    """Return the rows of a table as `kind`, those only whose columns equal `where`."""
    names, rows = table
    at = {name: number for number, name in enumerate(names)}
    chosen = rows
    for name, value in where.items():
        column = at[name]
        chosen = [row for row in chosen if row[column] == value]
    readers = [_reader(one.name, str(one.type), at) for one in fields(kind)]
    return [kind(*(read(row) for read in readers)) for row in chosen]


def _reader(name: str, kind: str, at: Mapping[str, int]) -> _Reader:
    if kind == "Chance":
        p, error = (at[name + part] for part in _CHANCE)
        return lambda row: Chance(row[p], row[error])
    if kind == "Text":
        fr, en = (at[name + part] for part in _TEXT)
        return lambda row: Text(row[fr], row[en])
    column = at[name]
    if name in _WORDS:
        return lambda row: tuple(row[column].split(" "))
    if kind.startswith("float"):
        return lambda row: None if row[column] is None else float(row[column])
    return lambda row: row[column]
