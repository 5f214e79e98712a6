"""A map of the label points of one territory: circles sized by count, shaded by class, over Europe's quiet outline."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.web.svg.labels import Box, Wish, place
from beffroi.web.svg.map import NORTH, OUTLINE_UNIT_KM, WEST, outline
from beffroi.web.svg.primitives import Drawing, Layout, element, line, short, text, text_width
from beffroi.web.svg.projection import from_lambert93, laea

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH = {"wide": 760, "narrow": 340}
_LEAST_KM = 24.0  # a territory smaller than this is drawn at this size
_MARGIN = 0.08
_MOST_HEIGHT = 1.15  # of the width
_LARGEST = {"wide": 22.0, "narrow": 14.0}
_SMALLEST = 3.0
_LABELS = {"wide": 12, "narrow": 6}


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of the territory: hectometres of Lambert-93, its count (None: secret) and its class, 0 for none to 3."""

    code: str
    label: str
    x: float
    y: float
    count: float | None
    level: int


def draw(spots: Sequence[Spot], legend: Sequence[tuple[int, str]], *, layout: Layout, is_standalone: bool) -> Drawing:
    """Draw the spots, the largest first; the largest are named. `legend` pairs a class with its words."""
    width = _WIDTH[layout]
    at = {one.code: _kilometres(one) for one in spots}
    west, east, south, north = _frame(list(at.values()))
    scale = width / (east - west)
    height = round((north - south) * scale)
    unit = scale * OUTLINE_UNIT_KM
    place_land = f"translate({short((WEST - west) * scale)} {short((north - NORTH) * scale)}) scale({unit:.5f})"
    land = (
        element("path", d=outline(), class_="land", transform=place_land)
        if is_standalone
        else element("use", href="#europe", class_="land", transform=place_land)
    )
    body = [element("svg", land, x=0, y=0, width=width, height=height, class_="clip", viewBox=f"0 0 {width} {height}")]
    most = max((one.count or 0.0 for one in spots), default=0.0) or 1.0
    drawn = {
        one.code: (
            (at[one.code][0] - west) * scale,
            (north - at[one.code][1]) * scale,
            max(_SMALLEST, math.sqrt((one.count or 0.0) / most) * _LARGEST[layout]),
        )
        for one in spots
    }
    order = sorted(spots, key=lambda one: -(one.count or 0.0))
    for one in order:
        x, y, radius = drawn[one.code]
        class_ = "spot none" if one.count is None else f"spot q{(1, 2, 3, 5)[one.level]}"
        body.append(element("circle", cx=x, cy=y, r=radius, class_=class_))
    body.append(_names(order[: _LABELS[layout]], drawn, Box(0, 0, width, height)))
    foot = height + 10
    for number, (level, words) in enumerate(legend):
        class_ = "spot none" if level < 0 else f"spot q{(1, 2, 3, 5)[level]}"
        y = foot + 12 + 24 * number
        body.append(element("circle", cx=12, cy=y, r=7.0, class_=class_) + text(28, y + 5, words, class_="tick"))
    return Drawing(width, foot + 24 * len(legend) + 6, "".join(body))


def _kilometres(one: Spot) -> tuple[float, float]:
    east, north = laea(*from_lambert93(one.x * 100, one.y * 100))
    return east / 1000, north / 1000


def _frame(points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    """West, east, south and north of what is drawn, in kilometres."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    wide, high = max(max(xs) - min(xs), _LEAST_KM), max(max(ys) - min(ys), _LEAST_KM / 2)
    middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    wide = max(wide, high / _MOST_HEIGHT) * (1 + 2 * _MARGIN)
    high = high * (1 + 2 * _MARGIN)
    return middle[0] - wide / 2, middle[0] + wide / 2, middle[1] - high / 2, middle[1] + high / 2


def _names(spots: Sequence[Spot], drawn: dict[str, tuple[float, float, float]], frame: Box) -> str:
    size = 14
    wishes = [
        Wish(one.code, drawn[one.code][0], drawn[one.code][1] - drawn[one.code][2],
             drawn[one.code][1] + drawn[one.code][2], text_width(one.label, size * 1.05), size * 1.2)
        for one in spots
    ]  # fmt: skip
    labels = {one.code: one.label for one in spots}
    body = []
    for one in place(wishes, [Box(x - 2, y - 2, x + 2, y + 2) for x, y, _ in drawn.values()], frame):
        x = one.box.right if one.is_end_anchored else one.box.left
        body.append(line(one.leader.left + 0.5, one.leader.top, one.leader.left + 0.5, one.leader.bottom, "stem riv"))
        body.append(text(x, one.box.bottom - size * 0.3, labels[one.key], class_="lab halo riv",
                         text_anchor="end" if one.is_end_anchored else None))  # fmt: skip
    return "".join(body)
