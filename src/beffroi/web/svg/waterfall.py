"""The count as bars: each begins where the one before ended; what lists bring in, what is taken off, what remains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.web.svg.primitives import Drawing, Layout, element, line, text

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDE, _NARROW = 760, 340
_CLASSES = {"+": "ahead", "−": "behind", "=": "whole"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A step: its sign (`+`, `−`, `=`), how many records, its words and its number in words."""

    sign: str
    size: int
    label: str
    value: str


def draw(bars: Sequence[Bar], *, layout: Layout) -> Drawing:
    """Draw the bars from top to bottom; on a narrow screen each label stands above its bar."""
    is_wide = layout == "wide"
    width, left = (_WIDE, 300) if is_wide else (_NARROW, 0)
    step, high, room = (34, 18, 90) if is_wide else (48, 16, 74)
    scale = (width - left - room) / max(sum(one.size for one in bars if one.sign == "+"), 1)
    body, level, last = [], 0, 0.0
    for number, one in enumerate(bars):
        top = number * step + (8 if is_wide else 24)
        start = 0 if one.sign == "=" else level if one.sign == "+" else level - one.size
        level = level + one.size if one.sign == "+" else level - one.size if one.sign == "−" else level
        x, across = left + start * scale, max(one.size * scale, 1.5 if one.size else 0.0)
        if number:
            body.append(line(last, top - step + high, last, top, "axis"))
        if is_wide:
            body.append(text(left - 12, top + high - 4, one.label, class_="strong", text_anchor="end"))
        else:
            body.append(text(0, top - 6, one.label, class_="strong"))
        body.append(element("rect", x=float(x), y=top, width=float(across), height=high,
                            class_=f"bar {_CLASSES[one.sign]}"))  # fmt: skip
        body.append(text(x + across + 6, top + high - 4, f"{one.sign} {one.value}", class_="val"))
        last = left + level * scale
    return Drawing(width, len(bars) * step + 16, "".join(body))
