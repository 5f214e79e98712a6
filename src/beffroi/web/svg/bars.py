"""Counts as bars from one base, each with its figure; what is secret has its reason in place of a bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.web.svg.primitives import Drawing, Layout, element, line, text

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIZE = {"wide": (920, 230, 780, 34), "narrow": (340, 6, 258, 50)}  # width, base, end of the longest bar, step


@dataclass(frozen=True, slots=True)
class BarRow:
    """A label, a count (None where there is none to show) and the words beside the bar."""

    label: str
    value: float | None
    said: str


def draw(rows: Sequence[BarRow], *, layout: Layout) -> Drawing:
    """Draw the bars, in the order given."""
    width, left, right, step = _SIZE[layout]
    is_wide = layout == "wide"
    most = max((one.value or 0.0 for one in rows), default=0.0) or 1.0
    body = []
    for number, one in enumerate(rows):
        base = 4 + number * step
        y = base + (3 if is_wide else 20)
        body.append(text(left - 14 if is_wide else left, base + (20 if is_wide else 14), one.label, class_="strong",
                         text_anchor="end" if is_wide else None))  # fmt: skip
        length = (one.value or 0.0) / most * (right - left)
        if one.value is not None:
            body.append(element("rect", x=float(left), y=y, width=max(length, 0.5), height=22, class_="bar whole"))
        body.append(text(left + length + 8, y + 16, one.said, class_="val"))
    height = 8 + step * len(rows)
    body.append(line(left, 2, left, height - 2, "axis"))
    return Drawing(width, height, "".join(body))
