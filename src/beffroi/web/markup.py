"""Small pieces of HTML built in Python, where a template would cost too much or repeat itself: tables, bars, links."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

from beffroi.web import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its words, whether it holds numbers, its sort link and how it is sorted (`ascending`, …)."""

    label: str
    is_number: bool = False
    url: str = ""
    sorted_as: str = ""


def safe(html: str) -> SafeString:
    """Mark markup made of escaped parts as finished."""
    return mark_safe(html)  # noqa: S308 -- every caller escapes what it puts in; tests feed hostile names


def text(value: object) -> str:
    """A value as markup: finished markup stays, anything else is escaped."""
    return str(value) if isinstance(value, SafeString) else escape(str(value))


def link(url: str, label: str, *, class_: str = "") -> SafeString:
    """A link."""
    extra = f' class="{class_}"' if class_ else ""
    return safe(f'<a href="{escape(url)}"{extra}>{text(label)}</a>')


def ordinal(rank: int, language: str) -> SafeString:
    """A rank with its letters raised in French: `38<sup>e</sup>`."""
    figure, end = words.number(rank, 0, language), words.ending(rank, language)
    return safe(f"{figure}<sup>{end}</sup>" if language == "fr" else f"{figure}{end}")


def row(cells: Iterable[object], heads: Sequence[Head], *, class_: str = "") -> str:
    """One table row; its first cell names it."""
    parts = []
    for number, (cell, head) in enumerate(zip(cells, heads, strict=True)):
        kind = ' class="n"' if head.is_number else ""
        if number == 0:
            parts.append(f'<th scope="row"{kind}>{text(cell)}</th>')
        else:
            parts.append(f"<td{kind}>{text(cell)}</td>")
    extra = f' class="{class_}"' if class_ else ""
    return f"<tr{extra}>{''.join(parts)}</tr>"


def table(caption: str, heads: Sequence[Head], rows: Iterable[str], *, key: str) -> SafeString:
    """A table in a region that scrolls sideways by keyboard too."""
    titles = "".join(_head(one) for one in heads)
    return safe(
        f'<div class="scroll" tabindex="0" role="region" aria-labelledby="{key}-caption">'
        f'<table id="{key}"><caption id="{key}-caption">{text(caption)}</caption><thead><tr>{titles}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _head(one: Head) -> str:
    kind = ' class="n"' if one.is_number else ""
    sort = f' aria-sort="{one.sorted_as}"' if one.sorted_as else ""
    label = f'<a href="{escape(one.url)}">{text(one.label)}</a>' if one.url else text(one.label)
    mark = {"ascending": "\u25b2", "descending": "\u25bc"}.get(one.sorted_as, "")
    shown = f'<span aria-hidden="true"> {mark}</span>' if mark else ""
    return f'<th scope="col"{kind}{sort}>{label}{shown}</th>'


def rank_bar(low: int, rank: int, high: int, count: int) -> str:
    """A rank's interval as a bar over the whole range, best at the left; the numbers stand beside it."""
    scale = 116 / max(count - 1, 1)
    x1, x2, dot = 2 + (low - 1) * scale, 2 + (high - 1) * scale, 2 + (rank - 1) * scale
    return (
        f'<svg class="rb" viewBox="0 0 120 12" width="120" height="12" aria-hidden="true" focusable="false">'
        f'<path class="axis" d="M2 6H118"/><path class="b" d="M{x1:.0f} 6H{max(x2, x1 + 1):.0f}"/>'
        f'<circle cx="{dot:.0f}" cy="6" r="3.5"/></svg>'
    )
