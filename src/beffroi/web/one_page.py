"""One A4 page of text as PDF 1.7, in the Helvetica that every reader of PDF brings along (WinAnsi letters).

No library of ours writes PDF, and a page of plain text needs little: a catalogue, a page, two fonts, one stream. Lines
are broken by the widths that Adobe published for Helvetica; letters shrink, together, until all fits on the page.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

WIDTH, HEIGHT, MARGIN = 595.28, 841.89, 56.0  # points of A4
TITLE, FOOT, LEADING = 24.0, 8.5, 1.32
LEAST, STEPS = 0.45, 32  # smallest scale, and how finely it is sought
BOLD = 1.07  # Helvetica-Bold is nowhere wider than this, over a line of text
# Widths of Helvetica, in thousandths of the size, for the letters from space to tilde (Adobe core font metrics).
_ASCII = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip
_OTHERS = {"’": 222, "‘": 222, "“": 333, "”": 333, "…": 1000, "—": 1000, "œ": 944, "Œ": 1000, "æ": 889, "Æ": 1000,
           "\u00a0": 278, "·": 278, "°": 400, "•": 350}  # fmt: skip
_BLANKS = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")  # no-break spaces stay
_PLAIN = {"\u202f": "\u00a0", "\u2009": "\u00a0", "\u2212": "\u2013", "\u2011": "-"}  # letters that WinAnsi lacks


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: its text, size in points, whether it is bold, and the space before it in points."""

    text: str
    size: float
    is_bold: bool = False
    gap: float = 0.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: title, paragraphs, a line at the foot, and its language."""

    title: str
    lines: tuple[Line, ...]
    foot: str
    language: str


def draw(sheet: Sheet) -> bytes:
    """Return the page as a file; the same sheet gives the same bytes.

    Raises:
        ValueError: the text is so long that it does not fit in letters one can read.

    >>> draw(Sheet("A", (Line("b", 12),), "c", "en"))[:8]
    b'%PDF-1.7'
    """
    low, high, found = 0, STEPS, None  # the largest scale that fits, sought by halves
    while low <= high:
        middle = (low + high) // 2
        stream = _laid(sheet, LEAST + (1 - LEAST) * middle / STEPS)
        if stream is None:
            high = middle - 1
        else:
            low, found = middle + 1, stream
    if found is not None:
        return _file(sheet, found)
    raise ValueError(f"The page holds {sum(len(one.text) for one in sheet.lines)} letters: too many for one A4 page.")


def wrapped(text: str, size: float, width: float, *, is_bold: bool = False) -> list[str]:
    """Break a text into lines no wider than `width` points; a word that is wider is broken.

    >>> wrapped("one two three", 10, 45)
    ['one two', 'three']
    """
    lines: list[str] = []
    space = measure(" ", size, is_bold=is_bold)
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for word in paragraph.split(" "):
            wide = measure(word, size, is_bold=is_bold)
            if line and used + space + wide <= width:
                line, used = f"{line} {word}", used + space + wide
                continue
            lines += [line] if line else []
            *whole, line = _broken(word, size, width, is_bold=is_bold)
            lines += whole
            used = measure(line, size, is_bold=is_bold)
        lines.append(line)
    return lines


def _broken(word: str, size: float, width: float, *, is_bold: bool) -> list[str]:
    parts, start, used = [], 0, 0.0
    for place, letter in enumerate(word):
        wide = measure(letter, size, is_bold=is_bold)
        if used + wide > width and place > start:
            parts.append(word[start:place])
            start, used = place, 0.0
        used += wide
    return [*parts, word[start:]]


def measure(text: str, size: float, *, is_bold: bool = False) -> float:
    """The width of a text in points, at most.

    >>> measure("Ai", 1000)
    889.0
    """
    return sum(_width(one) for one in text) * size / 1000 * (BOLD if is_bold else 1.0)


@cache
def _width(letter: str) -> int:
    if letter in _OTHERS:
        return _OTHERS[letter]
    base = unicodedata.normalize("NFD", letter)[0]
    return _ASCII[ord(base) - 32] if " " <= base <= "~" else 556


def _laid(sheet: Sheet, scale: float) -> bytes | None:
    top, parts, inner = HEIGHT - MARGIN, [], WIDTH - 2 * MARGIN
    for one in (Line(sheet.title, TITLE, is_bold=True), *sheet.lines):
        size = one.size * scale
        top -= one.gap * scale
        for line in wrapped(_BLANKS.sub(" ", one.text), size, inner, is_bold=one.is_bold):
            top -= size * LEADING
            parts.append(_shown(line, size, top, is_bold=one.is_bold))
    foot = wrapped(sheet.foot, FOOT, inner)
    if top < MARGIN + len(foot) * FOOT * LEADING + FOOT:
        return None
    for number, line in enumerate(reversed(foot)):
        parts.append(_shown(line, FOOT, MARGIN + number * FOOT * LEADING, is_bold=False))
    return b"\n".join(parts)


def _shown(line: str, size: float, top: float, *, is_bold: bool) -> bytes:
    font = b"F2" if is_bold else b"F1"
    head = f" {size:.2f} Tf {MARGIN:.2f} {top:.2f} Td (".encode("ascii")
    return b"BT /" + font + head + _escaped(line) + b") Tj ET"


def _escaped(line: str) -> bytes:
    plain = "".join(_PLAIN.get(one, one) for one in line)
    bare = "".join(one if _fits(one) else unicodedata.normalize("NFKD", one)[0] for one in plain)
    raw = bare.encode("cp1252", "replace")
    for mark in (b"\\", b"(", b")"):
        raw = raw.replace(mark, b"\\" + mark)
    return bytes(one for one in raw if one >= 32)  # noqa: PLR2004 -- no control characters in a page


def _fits(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _file(sheet: Sheet, stream: bytes) -> bytes:
    title = b"\xfe\xff" + sheet.title.encode("utf-16-be", "replace")
    named = title.hex().upper().encode("ascii")
    fonts = b"/Font << /F1 5 0 R /F2 6 0 R >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (" + sheet.language.encode("ascii") + b") "
        b"/ViewerPreferences << /DisplayDocTitle true >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] ".encode("ascii")
        + b"/Resources << " + fonts + b" >> /Contents 4 0 R >>",
        f"<< /Length {len(stream)} >>\nstream\n".encode("ascii") + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< /Title <" + named + b"> /Producer (Beffroi) >>",
    ]  # fmt: skip
    body, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode("ascii") + one + b"\nendobj\n"
    table = b"".join(f"{place:010d} 00000 n \n".encode("ascii") for place in places)
    count = len(objects) + 1
    head = f"xref\n0 {count}\n0000000000 65535 f \n".encode("ascii")
    tail = f"trailer\n<< /Size {count} /Root 1 0 R /Info {count - 1} 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + head + table + tail.encode("ascii")
