"""Faulty cells as a table that a person fills in, and the list with what was filled in put in its place."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from beffroi.federation.list_file import headers_of
from beffroi.linkage.sheet import read_sheet
from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

COLUMNS = ("row", "field", "column", "given", "problem", "remedy", "fatal", "corrected")
_NEEDED = ("row", "column", "corrected")


def fault_rows(
    faults: Iterable[Mapping[str, object]], mapping: Mapping[str, str]
) -> list[tuple[str | int | float | None, ...]]:
    """Return the rows of the table of faults; `corrected` is for the person to fill in.

    >>> one = {"row": 3, "field": "siren", "given": "12", "problem": "p", "remedy": "r", "is_fatal": False}
    >>> fault_rows([one], {"siren": "N° SIREN"})
    [(3, 'siren', 'N° SIREN', '12', 'p', 'r', '', '')]
    """
    return [
        (int(str(one["row"])), str(one["field"]), mapping.get(str(one["field"]), ""), str(one["given"]),
         str(one["problem"]), str(one["remedy"]), "yes" if one["is_fatal"] else "", "")
        for one in faults
    ]  # fmt: skip


def corrected(content: bytes, table: bytes, *, name: str) -> tuple[bytes, int]:
    r"""Return the list as CSV in UTF-8 with corrected cells in their places, and how many there are.

    Args:
        content: the list.
        table: the table of faults; only its columns `row`, `column` and `corrected` are read.
        name: what to call the list in messages.

    Raises:
        UsageError: the table is none, names a row or a column that the list has not, or corrects nothing.

    >>> corrected(b"Nom;CP\nA;1\n", b"row,column,corrected\n1,CP,69001\n", name="a.csv")
    (b'Nom,CP\r\nA,69001\r\n', 1)
    """
    given = read_sheet(table, name="the table of faults")
    places = {one.strip().casefold(): place for place, one in enumerate(given.header)}
    missing = [one for one in _NEEDED if one not in places]
    if missing:
        raise UsageError(
            Text(
                f"Il manque au tableau des erreurs les colonnes {', '.join(missing)}. Téléchargez-le, "
                "remplissez « corrected », envoyez-le.",
                f"The table of faults lacks the columns {', '.join(missing)}. Download it, fill in "
                "'corrected', upload it.",
            )
        )
    sheet = read_sheet(content, name=name)
    header = headers_of(sheet)
    rows = [list(row) for row in sheet.rows]
    columns = {one: place for place, one in enumerate(header)}
    changed = 0
    for line in given.rows:
        row, column, cell = (line[places[one]].strip() for one in _NEEDED)
        if cell:
            _place(rows, columns, row, column)[columns[column]] = cell
            changed += 1
    if not changed:
        raise UsageError(
            Text(
                "Le tableau des erreurs ne corrige rien : remplissez sa colonne « corrected » et envoyez-le "
                "de nouveau.",
                "The table of faults corrects nothing: fill in its column 'corrected' and upload it again.",
            )
        )
    page = io.StringIO(newline="")
    csv.writer(page).writerows([header, *rows])
    return page.getvalue().encode("utf-8", "replace"), changed


def _place(rows: list[list[str]], columns: Mapping[str, int], row: str, column: str) -> list[str]:
    known = row.isascii() and row.isdecimal() and 0 < int(row[:9]) <= len(rows)
    if not known or column not in columns:
        raise UsageError(
            Text(
                f"Le tableau des erreurs nomme la ligne « {row[:20]} », colonne « {column[:60]} », "
                "que cette liste n’a pas. Envoyez le tableau de cette liste-ci.",
                f"The table of faults names row '{row[:20]}', column '{column[:60]}', which this list does not have. "
                "Upload the table of this very list.",
            )
        )
    return rows[int(row) - 1]


def corrected_name(name: str) -> str:
    """Return what to call a corrected list.

    >>> corrected_name("liste.xlsx"), corrected_name("liste (corrected).csv")
    ('liste (corrected).csv', 'liste (corrected).csv')
    """
    stem = name.rpartition(".")[0] or name
    return f"{stem.removesuffix(' (corrected)')} (corrected).csv"


def all_fields(header: Sequence[str], chosen: Sequence[str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return field → header as chosen for each column, and the fields chosen for several columns.

    >>> all_fields(("a", "b", "c"), ("name", "", "name"))
    ({'name': 'a'}, {'name': ['a', 'c']})
    """
    taken: dict[str, list[str]] = {}
    for column, field in zip(header, chosen, strict=True):
        if field:
            taken.setdefault(field, []).append(column)
    return {field: held[0] for field, held in taken.items()}, {one: held for one, held in taken.items() if held[1:]}
