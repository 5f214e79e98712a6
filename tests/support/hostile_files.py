"""Files made to harm, and what is said of each."""

from __future__ import annotations

import io
import zipfile

import xlsxwriter


def workbook(*, merged=False, formula=False, far=False):
    page = io.BytesIO()
    with xlsxwriter.Workbook(page) as book:
        one = book.add_worksheet()
        one.write_row(0, 0, ["Nom", "CP"])
        one.write_row(1, 0, ["Alpha", "69001"])
        one.write_row(2, 0, ["Beta", "42000"])
        if merged:
            one.merge_range(3, 0, 4, 0, "Gamma")
            one.write(4, 1, "38000")
        if far:
            one.write(1_048_575, 16_383, "far")
        if formula:
            one.write_formula(3, 0, '=HYPERLINK("http://evil.example","Gamma")', None, "Gamma")
            one.write(3, 1, "=cmd|' /C calc'!A0")
    return page.getvalue()


def bomb():
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 80_000_000)
    return page.getvalue()


def repeated():
    """An OpenDocument sheet of one cell, said to stand 65,536 times in each of 65,536 rows."""
    spaces = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text")
    )
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="a">'
            '<table:table-row table:number-rows-repeated="65536"><table:table-cell office:value-type="string" '
            'table:number-columns-repeated="65536"><text:p>Nom</text:p></table:table-cell></table:table-row>'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return page.getvalue()


def lying():
    """A workbook whose sheet unpacks to 30 MB and says that it unpacks to 1,000 bytes."""
    page = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as honest, zipfile.ZipFile(page, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in honest.namelist():
            archive.writestr(one, honest.read(one) + b" " * 30_000_000 * ("sheet1" in one))
    content, size = page.getvalue(), honest.getinfo("xl/worksheets/sheet1.xml").file_size + 30_000_000
    return content.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))


REFUSED = {
    "zip bomb": (bomb(), "was not opened"),
    "one cell far away": (workbook(far=True), "spreads over 17,179,869,184 cells"),
    "repeated cells": (repeated(), "spreads over 4,294,967,296 cells"),
    "lying archive": (lying(), "Save it again, or as CSV"),
    "one endless line": (b"Nom;CP\n" + b"x" * 5_000_000, "Is it a list, one row a line?"),
    "merged cells": (workbook(merged=True), "Unmerge them"),
    "wrong encoding": ("Nom;CP\nAlpha;1\n".encode("utf-16")[:-1], "byte"),
    "program": (b"\x7fELF\x00\x00\x00", "holds zero bytes"),
    "cut workbook": (workbook()[:2000], "Save it again, or as CSV"),
    "quotation mark open at the end": (b'Nom;CP\nAlpha;1\n"Beta;2\nGamma;3\n', "quotation mark left open"),
    "open quotation mark": (b'Nom;CP\n"Alpha;' + b"1\n" * 600_000, "quotation mark left open"),
    "too many columns": (b"Nom" + b";x" * 3_000 + b"\nAlpha" + b";1" * 3_000 + b"\n", "columns; 2,000 are the most"),
    "deep nesting": (b"[" * 100_000, "looks like JSON and is not"),
}
