"""Seats of territories as bars, with a tick where strict proportion would be, and reserved seats apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.web.svg.primitives import Drawing, Layout, element, line, text, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW = 34


@dataclass(frozen=True, slots=True)
class Bar:
    """One territory: its name, seats, how many of them are reserved, its seats in proportion, and the words beside."""

    name: str
    seats: int
    reserved: int
    quota: float
    said: str


def draw(bars: Sequence[Bar], *, layout: Layout) -> Drawing:
    """Draw the bars in the order given; names stand above their bars, so that no name is cut on a small screen."""
    width = 720 if layout == "wide" else 330
    most = max((max(one.seats, one.quota) for one in bars), default=1) or 1
    beside = max((text_width(one.said, 15) for one in bars), default=0) + 12
    scale = (width - beside) / most
    body = []
    for number, one in enumerate(bars):
        top = number * (ROW + 12)
        length = one.seats * scale
        body.append(text(0, top + 13, one.name, class_="strong"))
        body.append(element("rect", class_="bar whole", x=0.0, y=float(top + 18), width=float(length), height=16.0))
        if one.reserved:
            body.append(element("rect", class_="bar ahead", x=float(length - one.reserved * scale), y=float(top + 18),
                                width=float(one.reserved * scale), height=16.0))  # fmt: skip
        at = one.quota * scale
        body.append(line(at, top + 15, at, top + 37, "stem me"))
        body.append(text(max(length, at) + 8, top + 31, one.said, class_="val"))
    return Drawing(width, max(len(bars), 1) * (ROW + 12), "".join(body))
