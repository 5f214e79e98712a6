"""Location quotients with their intervals, one row a territory, on a scale where half and twice are equally far."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.web.svg.primitives import Drawing, Layout, element, line, text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LEAST, MOST = 0.25, 4.0
MARKS = (0.25, 0.5, 1.0, 2.0, 4.0)
_SIZE = {"wide": (640, 230, 26), "narrow": (340, 24, 44)}  # width, left edge of the scale, height of a row


@dataclass(frozen=True, slots=True)
class QuotientRow:
    """A territory's name, quotient and interval."""

    label: str
    value: float
    low: float
    high: float


def draw(rows: Sequence[QuotientRow], *, layout: Layout, number: Callable[[float], str]) -> Drawing:
    """Draw the rows; what lies beyond the scale ends at its edge."""
    width, left, step = _SIZE[layout]
    right = width - 16
    height = 30 + step * len(rows)

    def at(value: float) -> float:
        share = math.log(min(max(value, LEAST), MOST) / LEAST) / math.log(MOST / LEAST)
        return left + share * (right - left)

    body = []
    for mark in MARKS:
        body.append(line(at(mark), 4, at(mark), height - 24, "axis" if mark == 1 else "grid"))
        body.append(text(at(mark), height - 6, number(mark), class_="tick", text_anchor="middle"))
    for k, one in enumerate(rows):
        y = 8 + step * k + (step - 12 if layout == "narrow" else step / 2)
        beside = layout == "wide"
        body.append(
            text(left - 10 if beside else left, y + 5 if beside else y - 12, one.label, class_="lab",
                 text_anchor="end" if beside else None)
        )  # fmt: skip
        body.append(line(at(one.low), y, at(one.high), y, "trace me"))
        body.append(element("circle", cx=at(one.value), cy=float(y), r=5.0, class_="spot q4 me"))
    return Drawing(width, height, "".join(body))
