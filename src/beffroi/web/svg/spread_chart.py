"""A few regions on each indicator, from the last region (left) to the first (right): one in front, others beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.web.svg.primitives import Drawing, Layout, element, line, short, text, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """One indicator: positions from 0 to 1 of the region in front, of one beside it, and of the others' range.

    A position that is None is not drawn.
    """

    label: str
    value: str
    own: float | None
    beside: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SpreadWords:
    """Words at the ends of the scale, and the key to the marks."""

    last: str
    first: str
    own: str
    beside: str
    others: str


_LAYOUTS: dict[Layout, tuple[int, int, int, int]] = {"wide": (920, 300, 730, 34), "narrow": (340, 10, 330, 50)}


def draw(rows: Sequence[SpreadRow], *, words: SpreadWords, layout: Layout) -> Drawing:
    """Draw one row an indicator, in the order given, under a key to the marks."""
    width, left, right, step = _LAYOUTS[layout]
    is_wide = layout == "wide"
    top = 40 if is_wide else 78
    body = [_key(words, left, is_wide=is_wide)]

    def at(position: float) -> float:
        return left + min(max(position, 0.0), 1.0) * (right - left)

    for number, row in enumerate(rows):
        base = top + number * step
        y = base + step / 2 + (0 if is_wide else 10)
        label_y = y + 5 if is_wide else y - 12
        body.append(
            text(
                left - 16 if is_wide else left,
                label_y,
                row.label,
                class_="strong",
                text_anchor="end" if is_wide else None,
            )
        )
        body.append(line(left, y, right, y, "grid"))
        if row.low is not None and row.high is not None:
            body.append(
                element("path", d=f"M{short(at(row.low))} {short(y)}H{short(at(row.high) + 0.1)}", class_="span mid")
            )
        if row.beside is not None:
            body.append(_lozenge(at(row.beside), y))
        if row.own is not None:
            body.append(element("circle", cx=float(at(row.own)), cy=float(y), r=6, class_="dot me"))
        if is_wide:
            body.append(text(right + 16, y + 5, row.value, class_="val"))
        else:
            body.append(text(right, label_y, row.value, class_="val", text_anchor="end"))
    height = top + step * len(rows) + 24
    body.append(text(left, height - 6, words.last, class_="tick"))
    body.append(text(right, height - 6, words.first, class_="tick", text_anchor="end"))
    return Drawing(width, height, "".join(body))


def _lozenge(x: float, y: float) -> str:
    d = f"M{short(x - 7)} {short(y)}L{short(x)} {short(y - 7)}L{short(x + 7)} {short(y)}L{short(x)} {short(y + 7)}z"
    return element("path", d=d, class_="dot riv")


def _key(words: SpreadWords, left: int, *, is_wide: bool) -> str:
    out, x, y = [], 12.0 if is_wide else float(left), 14.0
    for mark, label in (("own", words.own), ("beside", words.beside), ("others", words.others)):
        if not label:
            continue
        if mark == "own":
            out.append(element("circle", cx=x + 7, cy=y, r=6, class_="dot me"))
        elif mark == "beside":
            out.append(_lozenge(x + 7, y))
        else:
            out.append(element("path", d=f"M{short(x + 4)} {short(y)}H{short(x + 22)}", class_="span mid"))
        out.append(text(x + (32 if mark == "others" else 20), y + 5, label, class_="tick"))
        if is_wide:
            x += 60 + text_width(label, 14)
        else:
            y += 22
    return "".join(out)
