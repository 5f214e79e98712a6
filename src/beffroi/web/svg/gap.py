"""A gap split into parts: bars to the right are points missing, bars to the left points ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.web.svg.primitives import Drawing, Layout, element, line, text

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class GapRow:
    """One part of the gap: its name, points (positive: missing) and the points in words."""

    label: str
    points: float
    value: str


def draw(rows: Sequence[GapRow], *, layout: Layout) -> Drawing:
    """Draw the bars, in the order given."""
    is_wide = layout == "wide"
    width, left, right, step = (920, 290, 850, 36) if is_wide else (340, 6, 276, 52)
    lowest, highest = min(0.0, *(row.points for row in rows)), max(0.1, *(row.points for row in rows))
    low_room = 70 if lowest < 0 else 0
    scale = (right - left - low_room) / (highest - lowest)
    zero = left + low_room - lowest * scale
    body = []
    for number, row in enumerate(rows):
        base = 6 + number * step
        y = base + (4 if is_wide else 22)
        label_y = base + (24 if is_wide else 15)
        body.append(
            text(
                left - 16 if is_wide else left,
                label_y,
                row.label,
                class_="strong",
                text_anchor="end" if is_wide else None,
            )
        )
        length = abs(row.points) * scale
        start = zero if row.points >= 0 else zero - length
        tone = "behind" if row.points >= 0 else "ahead"
        body.append(element("rect", x=float(start), y=y, width=max(length, 0.5), height=22, class_=f"bar {tone}"))
        at, anchor = (zero + length + 8, None) if row.points >= 0 else (zero - length - 8, "end")
        body.append(text(at, y + 16, row.value, class_="val", text_anchor=anchor))
    height = 12 + step * len(rows)
    body.append(line(zero, 4, zero, height - 4, "axis"))
    return Drawing(width, height, "".join(body))
