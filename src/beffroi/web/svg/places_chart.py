"""A window of the map of Europe around a few label points, such as local offices; the points are named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.web.svg.labels import Box, Wish, place
from beffroi.web.svg.map import NORTH, OUTLINE_UNIT_KM, WEST, outline
from beffroi.web.svg.primitives import Drawing, Layout, element, text, text_width
from beffroi.web.svg.projection import laea

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_KM, MARGIN_KM = 900.0, 120.0
HIGH = 0.7  # height of the window over its width


@dataclass(frozen=True, slots=True)
class Point:
    """A named point."""

    name: str
    longitude: float
    latitude: float


def draw(points: Sequence[Point], *, layout: Layout) -> Drawing:
    """Draw the window: wide enough for every point, never under 900 km, so that coasts tell where it is."""
    width = 640 if layout == "wide" else 340
    size = 14 if layout == "wide" else 13
    flat = [(east / 1000, north / 1000) for east, north in (laea(one.longitude, one.latitude) for one in points)]
    wide = max([LEAST_KM, *(2 * MARGIN_KM + axis for axis in _spans(flat))])
    west = (min(x for x, _ in flat) + max(x for x, _ in flat) - wide) / 2
    north = (min(y for _, y in flat) + max(y for _, y in flat) + wide * HIGH) / 2
    scale, height = width / wide, round(width * HIGH)
    unit = scale * OUTLINE_UNIT_KM
    shift = f"translate({(WEST - west) * scale:.2f} {(north - NORTH) * scale:.2f}) scale({unit:.5f})"
    clip = element(
        "clipPath", element("rect", x=0.0, y=0.0, width=float(width), height=float(height)), id=f"w-{layout}"
    )
    land = element("g", element("path", d=outline(), class_="land", transform=shift), clip_path=f"url(#w-{layout})")
    body = [clip, land]
    spots = [((x - west) * scale, (north - y) * scale) for x, y in flat]
    body += [element("circle", cx=float(x), cy=float(y), r=6.0, class_="spot q4 me") for x, y in spots]
    wishes = [
        Wish(str(number), x, y - 7, y + 7, text_width(one.name, size * 1.05), size * 1.2)
        for number, (one, (x, y)) in enumerate(zip(points, spots, strict=True))
    ]
    taken = [Box(x - 6, y - 6, x + 6, y + 6) for x, y in spots]
    for one in place(wishes, taken, Box(0, 0, width, height)):
        x = one.box.right if one.is_end_anchored else one.box.left
        body.append(text(x, one.box.bottom - size * 0.3, points[int(one.key)].name, class_="lab halo strong",
                         text_anchor="end" if one.is_end_anchored else None))  # fmt: skip
    return Drawing(width, height, "".join(body))


def _spans(flat: Sequence[tuple[float, float]]) -> tuple[float, float]:
    xs, ys = [x for x, _ in flat], [y for _, y in flat]
    return max(xs) - min(xs), (max(ys) - min(ys)) / HIGH
