"""Take a list as it comes (CSV, XLSX, XLS, ODS, JSON) as rows of text: bytes in, rows out, or a plain refusal.

Nothing in a file is believed: what it says of its size is checked before anything is unpacked, a line has a longest
length, and a cell is text whatever it looks like. Formulas are never computed; their last value is read.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.vocabulary.errors import UsageError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

MOST_BYTES = 400_000_000
MOST_UNPACKED = 600_000_000
MOST_RATIO = 200
MOST_LINE = 1_000_000
MOST_COLUMNS = 2_000
MOST_CELLS = 60_000_000
_CALM_BYTES = 20_000_000
_PIECE = 4_000_000
_OVERLAP = 5_000
_PLACE = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})([0-9]{1,7})")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br=[\"']([0-9]{1,7})")
# Empty cells repeated to the edge of the sheet are usual; ones with a value, or a formula, hold something.
_REPEATED_ROWS = re.compile(
    rb"number-rows-repeated=[\"']([0-9]{1,9})(?:(?!</table:table-row).){0,4000}?(?:value-type|table:formula)", re.DOTALL
)
_REPEATED_CELLS = re.compile(
    rb"<table:table-cell (?=[^>]*(?:value-type|table:formula))[^>]*number-columns-repeated=[\"']([0-9]{1,9})"
)
_SAMPLE_LINES = 60
_HEADER_WITHIN = 25
_HEADER_SHARE = 0.6
_HEADER_DISTINCT = 0.5
_SEPARATORS = ",;\t|"
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class UnreadableListError(UsageError):
    """A file that is no list: too large, damaged, binary, without header or rows."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Header and rows of text; rows count from 1 after the header, rows of empty cells included.

    Attributes:
        notes: what was found out about the file, for its owner to check.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def read_sheet(content: bytes, *, name: str, is_whole: bool = True) -> Sheet:
    r"""Read a list.

    Args:
        content: the file's bytes.
        name: what to call it in messages.
        is_whole: whether these are all bytes of the file; the first lines of a CSV may end within a quotation.

    Returns:
        The first sheet that has rows. A short row is filled up with empty cells.

    Raises:
        UnreadableListError: it is too large, damaged, binary, or has no header with rows below.

    >>> read_sheet("Liste 2026\n\nNom;Ville\nMinalogic;Grenoble\n".encode("cp1252"), name="a.csv").rows
    (('Minalogic', 'Grenoble'),)
    """
    if len(content) > MOST_BYTES:
        raise UnreadableListError(Text(
            f"{name} compte {len(content):,} octets ; {MOST_BYTES:,} au plus. Divisez-le, ou ne "
            "gardez que les colonnes utiles.",
            f"{name} has {len(content):,} bytes; {MOST_BYTES:,} are the most. Split it, or keep only "
            "columns needed."))  # fmt: skip
    if not content.strip():
        raise UnreadableListError(Text(
            f"{name} est vide. Donnez une liste avec un en-tête et au moins une ligne.",
            f"{name} is empty. Give a list with a header and at least one row."))  # fmt: skip
    if content.startswith((_ZIP, _OLE)):
        return _finished(_workbook(content, name), name, ())
    text, encoding = _decoded(content, name)
    if text.lstrip()[:1] in ("[", "{"):
        return _finished(_json(text, name), name, ("JSON",))
    rows, separator = _csv(text, name, is_whole=is_whole)
    shown = {"\t": "tab"}.get(separator, f"'{separator}'")
    return _finished(rows, name, (f"encoding {encoding}", f"separator {shown}"))


@dataclass(frozen=True, slots=True)
class Layout:
    """How a CSV file is laid out: encoding, separator, and how many lines there are up to and with the header."""

    encoding: str
    separator: str
    header_lines: int


def csv_layout(content: bytes, *, name: str) -> Layout:
    r"""Return the layout of a CSV file from its first lines.

    Raises:
        UnreadableListError: it is binary, or no CSV.

    >>> csv_layout("Liste 2026\n\nNom;Ville\nMinalogic;Grenoble\n".encode("cp1252"), name="a.csv")
    Layout(encoding='utf-8', separator=';', header_lines=3)
    """
    text, encoding = _decoded(content, name)
    rows, separator = _csv(text, name, is_whole=False)
    top = _header_place([row for row in rows if row])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    filled = (reader.line_num for row in reader if row)
    return Layout(encoding, separator, next(line for place, line in enumerate(filled) if place == top))


def _decoded(content: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding, name), encoding
    if b"\x00" in content:
        raise UnreadableListError(Text(
            f"{name} contient des octets nuls : ce n’est ni un texte ni un classeur. Enregistrez-le "
            "en CSV (UTF-8) ou en XLSX.",
            f"{name} holds zero bytes, so it is no text and no workbook. Save it as CSV in UTF-8, or as "
            "XLSX."))  # fmt: skip
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "cp1252"


def _strictly(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableListError(Text(
            f"{name} se dit en {encoding}, mais l’octet {error.start} ne l’est pas. Enregistrez-le "
            "en CSV (UTF-8) ou en XLSX.",
            f"{name} says that it is {encoding}, but byte {error.start} is not. Save it as CSV in "
            "UTF-8, or as XLSX.")) from error  # fmt: skip


def _csv(text: str, name: str, *, is_whole: bool) -> tuple[list[list[str]], str]:
    start = number = 0
    while start < len(text):
        number += 1
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start > MOST_LINE:
            raise UnreadableListError(Text(
                f"{name} : la ligne {number} compte {end - start:,} signes ; {MOST_LINE:,} au plus. "
                "Est-ce une liste, une ligne par organisation ?",
                f"{name}: line {number} has {end - start:,} characters; {MOST_LINE:,} are the most. "
                "Is it a list, one row a line?"))  # fmt: skip
        start = end + 1
    separator = max(_SEPARATORS, key=lambda one: _fit(text, one))
    csv.field_size_limit(MOST_LINE)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
        if is_whole:
            _refuse_open_quote(text, separator)
    except csv.Error as error:
        raise UnreadableListError(Text(
            f"{name} ne se lit pas comme un CSV : {error}. Cherchez un guillemet resté ouvert.",
            f"{name} cannot be read as CSV: {error}. Look for a quotation mark left open.")) from error  # fmt: skip
    return rows, separator


def _refuse_open_quote(text: str, separator: str) -> None:
    """Raise where a quotation mark is open at the end: the lines after it would be one cell and no rows."""
    try:
        for _row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            pass
    except csv.Error as error:
        if "end of data" in str(error):  # other oddities are read as they always were
            raise


def _fit(text: str, separator: str) -> tuple[int, int]:
    """How many of the first rows have the commonest width above 1, and that width."""
    sample = io.StringIO("\n".join(text[:200_000].splitlines()[:_SAMPLE_LINES]))
    try:
        widths = [len(row) for row in csv.reader(sample, delimiter=separator) if len(row) > 1]
    except csv.Error:
        return (0, 0)
    common = max(set(widths), key=widths.count, default=0)
    return (widths.count(common), common)


def _json(text: str, name: str) -> list[list[str]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableListError(Text(
            f"{name} ressemble à du JSON et n’en est pas : {error}.",
            f"{name} looks like JSON and is not: {error}.")) from error  # fmt: skip
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        found = max(lists, key=len, default=[])
    rows = [one.get("properties", one) for one in found if isinstance(one, dict)]
    if not rows:
        raise UnreadableListError(Text(
            f"{name} ne contient pas de liste d’objets. Donnez [{{'name': …}}, …].",
            f"{name} holds no list of objects. Give [{{'name': …}}, …]."))  # fmt: skip
    header = list(dict.fromkeys(str(key) for row in rows for key in row))
    return [header, *([_text(row.get(key)) for key in header] for row in rows)]


def _workbook(content: bytes, name: str) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 -- slow to load, few lists need it

    if content.startswith(_ZIP):
        _refuse_bomb(content, name)
        try:
            _refuse_expanse(content, name)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise UnreadableListError(Text(
                f"{name} est une archive endommagée : {error}. Enregistrez-le de nouveau, ou en CSV.",
                f"{name} is a damaged archive: {error}. Save it again, or as CSV.")) from error  # fmt: skip
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet_name in book.sheet_names:
            sheet = book.get_sheet_by_name(sheet_name)
            rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
            if any(any(row) for row in rows):
                _refuse_merged(getattr(sheet, "merged_cell_ranges", None) or [], rows, name)
                return rows
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableListError(Text(
            f"{name} ne s’ouvre pas comme un classeur : {error}. Enregistrez-le de nouveau, ou en CSV.",
            f"{name} cannot be opened as a workbook: {error}. Save it again, or as CSV.")) from error  # fmt: skip
    raise UnreadableListError(Text(
        f"{name} n’a pas de feuille avec des lignes. Donnez une liste avec un en-tête et au moins une ligne.",
        f"{name} has no sheet with rows. Give a list with a header and at least one row."))  # fmt: skip


def _refuse_bomb(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise UnreadableListError(Text(
            f"{name} est une archive endommagée : {error}. Enregistrez-le de nouveau, ou en CSV.",
            f"{name} is a damaged archive: {error}. Save it again, or as CSV.")) from error  # fmt: skip
    # An archive that lies about its sizes is refused by the reader of workbooks.
    if unpacked > MOST_UNPACKED or (unpacked > _CALM_BYTES and unpacked > MOST_RATIO * len(content)):
        raise UnreadableListError(Text(
            f"{name} passerait de {len(content):,} à {unpacked:,} octets une fois décompressé, "
            "ce que ne fait aucune liste. Il n’a pas été ouvert.",
            f"{name} would unpack from {len(content):,} to {unpacked:,} bytes, which no list does. It "
            "was not opened."))  # fmt: skip


def _refuse_expanse(content: bytes, name: str) -> None:
    """One cell in the farthest corner would make a table of seventeen thousand million cells."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            if part.filename.endswith("workbook.bin"):
                raise UnreadableListError(Text(
                    f"{name} est un classeur binaire (XLSB). Enregistrez-le en XLSX ou en CSV.",
                    f"{name} is a binary workbook (XLSB). Save it as XLSX, or as CSV."))  # fmt: skip
            if "worksheets/" in part.filename or part.filename.endswith("content.xml"):
                with archive.open(part) as page:
                    cells = _expanse(page, part.filename)
                if cells > MOST_CELLS:
                    raise UnreadableListError(Text(
                        f"{name} s’étend sur {cells:,} cellules ; {MOST_CELLS:,} au plus. Supprimez les cellules "
                        "loin de la liste, ou enregistrez-la en CSV.",
                        f"{name} spreads over {cells:,} cells; {MOST_CELLS:,} are the most. Delete "
                        "cells that stand "
                        "far from the list, or save it as CSV."))  # fmt: skip


def _expanse(page: IO[bytes], part: str) -> int:
    """Return the cells that a sheet's farthest row and column span, or repetitions amount to."""
    is_open_document = part.endswith("content.xml")
    rows = columns = 0
    rest = b""
    while piece := page.read(_PIECE):
        text = rest + piece
        if is_open_document:
            rows = max([rows, *(int(one) for one in _REPEATED_ROWS.findall(text))])
            columns = max([columns, *(int(one) for one in _REPEATED_CELLS.findall(text))])
        else:
            rows = max([rows, *map(int, _ROW.findall(text))])
            for letters, number in _PLACE.findall(text):
                rows, columns = max(rows, int(number)), max(columns, _column_number(letters))
        rest = text[-_OVERLAP:]
    return max(rows, 1) * max(columns, 1)


def _column_number(letters: bytes) -> int:
    number = 0
    for one in letters:
        number = number * 26 + one - 64
    return number


def _refuse_merged(ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]], rows: list[list[str]], name: str) -> None:
    """A cell merged over several rows below the header leaves open to which of them it belongs."""
    top = _header_place(rows)
    found = [one for one in ranges if one[1][0] > one[0][0] and one[1][0] > top]
    if found:
        places = ", ".join(f"rows {one[0][0] + 1} to {one[1][0] + 1}" for one in found[:3])
        raise UnreadableListError(Text(
            f"{name} a des cellules fusionnées sur plusieurs lignes ({places}). Séparez-les, pour "
            "que chaque ligne dise ce qu’elle contient.",
            f"{name} has cells merged over several rows ({places}). Unmerge them, so that each row "
            "says what it holds."))  # fmt: skip


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dict | list):
        return json.dumps(cell, ensure_ascii=False)
    return str(cell).strip()


def _finished(rows: list[list[str]], name: str, notes: tuple[str, ...]) -> Sheet:
    rows = [row for row in rows if row]
    top = _header_place(rows)
    body = rows[top + 1 :]
    while body and not any(cell.strip() for cell in body[-1]):
        body.pop()
    if not body:
        raise UnreadableListError(Text(
            f"{name} n’a pas de ligne sous son en-tête. Donnez un en-tête et au moins une ligne.",
            f"{name} has no row below its header. Give a header and at least one row."))  # fmt: skip
    width = max(len(rows[top]), *map(len, body))
    if width > MOST_COLUMNS:
        raise UnreadableListError(Text(
            f"{name} a {width:,} colonnes ; {MOST_COLUMNS:,} au plus.",
            f"{name} has {width:,} columns; {MOST_COLUMNS:,} are the most."))  # fmt: skip
    header = [cell.strip() for cell in rows[top]]
    said = (*notes, f"header in row {top + 1}") if top else notes
    return Sheet(_filled(header, width), tuple(_filled(row, width) for row in body), said)


def _filled(row: Sequence[str], width: int) -> tuple[str, ...]:
    return (*row, *[""] * (width - len(row)))


def _header_place(rows: Sequence[Sequence[str]]) -> int:
    """Return the first row that is filled like the rows below it with texts, most of them distinct."""
    usual = sorted(sum(bool(cell.strip()) for cell in row) for row in rows[:_SAMPLE_LINES])
    least = max(1, usual[len(usual) // 2] * _HEADER_SHARE) if usual else 1
    for place, row in enumerate(rows[:_HEADER_WITHIN]):
        texts = [cell.strip() for cell in row if cell.strip() and not _is_number(cell)]
        if len(texts) >= least and len(set(texts)) >= _HEADER_DISTINCT * len(texts):
            return place
    return 0


def _is_number(cell: str) -> bool:
    return cell.strip().replace(",", ".").replace(".", "", 1).lstrip("-").isdigit()
