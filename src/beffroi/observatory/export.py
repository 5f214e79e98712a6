"""Tables as bytes to take away: CSV, XLSX, JSON.

Text that a spreadsheet would run as a formula is made harmless; numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from beffroi.observatory.tables import Table, Value

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON_TYPE = "application/json"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_SIGNIFICANT = 12


def harmless(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula.

    Source: OWASP ASVS 5.0.0, requirement 1.2.10.

    >>> harmless("=1+1")
    "'=1+1"
    >>> harmless("Île-de-France")
    'Île-de-France'
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def tidy(value: Value) -> Value:
    """Cut a float to twelve significant digits, so that 0.1 + 0.2 reads 0.3; the rest is unchanged."""
    return float(f"{value:.{_SIGNIFICANT}g}") if isinstance(value, float) else value


def _plain(value: Value) -> Value:
    return harmless(value) if isinstance(value, str) else tidy(value)


def to_csv(table: Table, *, with_bom: bool = False) -> bytes:
    """Return RFC 4180 CSV in UTF-8: comma, CRLF, point as decimal mark, empty for missing."""
    page = io.StringIO(newline="")
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([["" if value is None else _plain(value) for value in row] for row in table.rows])
    return page.getvalue().encode("utf-8-sig" if with_bom else "utf-8")


def to_json(table: Table) -> bytes:
    """Return a JSON object: the table's name, its columns and its rows as objects."""
    rows = [dict(zip(table.columns, map(tidy, row), strict=True)) for row in table.rows]
    page = {"name": table.name, "columns": table.columns, "rows": rows}
    return (json.dumps(page, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def to_xlsx(table: Table) -> bytes:
    """Return a workbook with one sheet: bold frozen header, text cells as text, numbers as numbers."""
    page = io.BytesIO()
    # Formulas and links are refused outright: a region's name must never become either.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(page, options) as book:
        sheet = book.add_worksheet("beffroi")
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(table.columns):
            sheet.write_string(0, column, name, bold)
            sheet.set_column(column, column, max(10, len(name) + 2))
        for line, row in enumerate(table.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(line, column, harmless(value))
                elif value is not None:
                    sheet.write_number(line, column, float(value))
    return page.getvalue()
