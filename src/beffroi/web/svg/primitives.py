"""A small SVG writer: escaped elements, short numbers, and the frame every picture shares."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Literal

from beffroi.web.svg.style import STANDALONE_STYLE

Layout = Literal["wide", "narrow"]
AVERAGE_GLYPH = 0.56  # width of a letter over its size: measured on system-ui, a little generous


@dataclass(frozen=True, slots=True)
class Drawing:
    """The body of a picture and the size of its drawing area."""

    width: int
    height: int
    body: str
    defs: str = ""


def short(value: float) -> str:
    """A coordinate with one decimal at most.

    >>> short(12.0), short(3.14159), short(-0.01)
    ('12', '3.1', '0')
    """
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def element(tag: str, content: str = "", /, **attributes: object) -> str:
    """One element; `class_` and `text_anchor` style names become `class` and `text-anchor`; None is left out."""
    parts = []
    for name, value in attributes.items():
        if value is None:
            continue
        text = short(value) if isinstance(value, float) else str(value)
        parts.append(f' {name.rstrip("_").replace("_", "-")}="{escape(text)}"')
    return f"<{tag}{''.join(parts)}>{content}</{tag}>" if content else f"<{tag}{''.join(parts)}/>"


def text(x: float, y: float, words: str, **attributes: object) -> str:
    """A line of text, escaped."""
    return element("text", escape(words), x=float(x), y=float(y), **attributes)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> str:
    """A straight line."""
    return element("path", d=f"M{short(x1)} {short(y1)}L{short(x2)} {short(y2)}", class_=class_)


def text_width(words: str, size: float) -> float:
    """Width a line of text needs at most, in the units of `size`."""
    return len(words) * size * AVERAGE_GLYPH


def inline(drawing: Drawing, *, key: str, layout: Layout, title: str, description: str) -> str:
    """The picture inside a page: named and described for screen readers, coloured by the page's style sheet."""
    ids = f"{key}-{layout}"
    head = f'<title id="{ids}-t">{escape(title)}</title><desc id="{ids}-d">{escape(description)}</desc>'
    return (
        f'<svg class="pic {layout} p-{key}" viewBox="0 0 {drawing.width} {drawing.height}" width="{drawing.width}" '
        f'height="{drawing.height}" role="img" aria-labelledby="{ids}-t" aria-describedby="{ids}-d" '
        f'focusable="false">{head}{drawing.body}</svg>'
    )


def standalone(drawing: Drawing, *, title: str, description: str, credit: str) -> bytes:
    """The picture as a file that carries its own style, title and credit."""
    height = drawing.height + 56
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="-16 -34 {drawing.width + 32} {height + 10}" width="{drawing.width + 32}" height="{height + 10}" '
        f'role="img" aria-labelledby="t" aria-describedby="d"><title id="t">{escape(title)}</title>'
        f'<desc id="d">{escape(description)}</desc><style>{STANDALONE_STYLE}</style>'
        f'<rect class="paper" x="-16" y="-34" width="{drawing.width + 32}" height="{height + 10}"/>'
        f"{text(0, -12, title, class_='head')}{drawing.defs}{drawing.body}"
        f"{text(0, drawing.height + 18, credit, class_='tick')}</svg>\n"
    ).encode()
