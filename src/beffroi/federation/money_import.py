"""Take lines of money in from a CSV: all of them or none, each fault with the number of its row."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.db import transaction

from beffroi.charter import entries
from beffroi.charter.faults import Fault, RefusedError
from beffroi.federation.money import MONEY
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from beffroi.charter.book import Book, Thing
    from beffroi.charter.entries import By

COLUMNS = ("reference", "name", "direction", "nature", "day", "amount_eur", "territory", "to_territory", "funder",
           "approval")  # fmt: skip
MOST_ROWS = 5000


class _UndoneError(Exception):
    """Takes the whole import back."""


def read_csv(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV by column: UTF-8, comma or semicolon.

    Raises:
        RefusedError: no UTF-8, unknown or missing columns, rows of another length, more than 5,000 rows.
    """
    try:
        text = content.decode("utf-8-sig")
        lines = list(
            csv.reader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",", strict=True)
        )
    except (UnicodeDecodeError, csv.Error) as error:
        raise _refused(f"ce n’est pas un CSV en UTF-8 : {error}", f"this is no CSV in UTF-8: {error}") from error
    head = [one.strip() for one in lines[0]] if lines else []
    if unknown := [one for one in head if one not in COLUMNS]:
        raise _refused(f"colonne inconnue « {unknown[0]} » ; on connaît {', '.join(COLUMNS)}",
                       f"unknown column '{unknown[0]}'; known: {', '.join(COLUMNS)}")  # fmt: skip
    if lacking := [one.name for one in MONEY.fields if one.is_required and one.name not in head]:
        raise _refused(f"il manque la colonne « {lacking[0]} »", f"the column '{lacking[0]}' is missing")
    rows = [one for one in lines[1:] if any(cell.strip() for cell in one)]
    if len(rows) > MOST_ROWS:
        raise _refused(f"{len(rows)} lignes ; {MOST_ROWS} au plus", f"{len(rows)} rows; {MOST_ROWS} at most")
    for number, one in enumerate(rows, 2):
        if len(one) != len(head):
            raise _refused(f"ligne {number} : {len(one)} cellules, {len(head)} attendues",
                           f"row {number}: {len(one)} cells, {len(head)} expected")  # fmt: skip
    return [{name: cell.strip() for name, cell in zip(head, one, strict=True)} for one in rows]


def import_money(
    rows: list[dict[str, str]], *, by: By, allowed: Callable[[Book, Mapping[str, object]], bool] | None = None,
    dry_run: bool = False,
) -> tuple[Thing, ...]:  # fmt: skip
    """Enter lines and return them; with `dry_run` they are taken back after all checks.

    Args:
        rows: texts by column, as `read_csv` gives them. A decimal comma is read as a point.
        by: author and moment.
        allowed: says whether the author may enter a line, given the book and the line's values; None: any.
        dry_run: check only.

    Raises:
        RefusedError: every fault, with the number of its row (the header is row 1); nothing was entered.
    """
    made: list[Thing] = []
    faults: list[Fault] = []
    try:
        with transaction.atomic():
            for number, row in enumerate(rows, 2):
                values = {**row, "amount_eur": row.get("amount_eur", "").replace(",", ".")}
                try:
                    made.append(_enter(values, by, allowed))
                except RefusedError as error:
                    faults += [
                        Fault(one.field, Text(f"ligne {number} : {one.text.fr}", f"row {number}: {one.text.en}"))
                        for one in error.faults
                    ]
            if faults or dry_run:
                raise _UndoneError  # noqa: TRY301 -- it must cross the transaction to take it back
    except _UndoneError:
        if faults:
            raise RefusedError(faults) from None
    return tuple(made)


def _enter(values: Mapping[str, object], by: By, allowed: Callable[[Book, Mapping[str, object]], bool] | None) -> Thing:
    if allowed is not None and not allowed(entries.book(), values):
        raise _refused("ce territoire n’est pas le vôtre", "this territory is not yours")
    return entries.create(MONEY, values, by=by, act="imported")


def _refused(fr: str, en: str) -> RefusedError:
    return RefusedError([Fault("", Text(f"{fr}.", f"{en}."))])
