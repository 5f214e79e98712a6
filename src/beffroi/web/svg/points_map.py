"""A map of a few places: circles whose area is a number, over what the outline shows of coasts and borders."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from beffroi.web.svg.labels import Box, Wish, place
from beffroi.web.svg.primitives import Drawing, Layout, element, line, short, text, text_width
from beffroi.web.svg.projection import laea

if TYPE_CHECKING:
    from collections.abc import Sequence

WEST, NORTH, UNIT_KM = 2500, 5450, 4  # the frame of outline.json, kilometres
_WIDTH = {"wide": 640, "narrow": 340}
_LARGEST = {"wide": 26.0, "narrow": 18.0}
_LEAST_KM, _MARGIN, _TALLEST, _LOWEST = 60.0, 0.14, 1.15, 0.55


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with its number. `is_own` is False where many places share a point that stands for them all."""

    label: str
    longitude: float
    latitude: float
    count: int
    is_own: bool = True


@cache
def _rings() -> tuple[tuple[tuple[float, float], ...], ...]:
    """Coasts and borders in kilometres of the projection (Natural Earth, public domain)."""
    found = []
    for ring in json.loads(files("beffroi.web.svg").joinpath("outline.json").read_text("utf-8"))["rings"]:
        x, y, points = 0, 0, []
        for place_ in range(0, len(ring), 2):
            x, y = x + ring[place_], y + ring[place_ + 1]
            points.append((WEST + x * UNIT_KM, NORTH - y * UNIT_KM))
        found.append(tuple(points))
    return tuple(found)


def draw(spots: Sequence[Spot], *, layout: Layout, named: int = 12) -> Drawing:
    """Draw the places, the smallest last so that none is covered; names for the largest that find room."""
    width, largest = _WIDTH[layout], _LARGEST[layout]
    if not spots:
        return Drawing(width, 40, text(0, 24, "–", class_="tick"))
    at = [tuple(part / 1000 for part in laea(one.longitude, one.latitude)) for one in spots]
    west, east, south, north = _frame(at)
    scale = width / (east - west)
    height = round((north - south) * scale)
    body = [element("rect", x=0, y=0, width=width, height=height, class_="sea"), _land(west, east, south, north, scale)]
    most = max(one.count for one in spots)
    circles = {}
    for number, (one, (x, y)) in enumerate(zip(spots, at, strict=True)):
        circles[number] = ((x - west) * scale, (north - y) * scale, max(largest * math.sqrt(one.count / most), 2.5))
    order = sorted(circles, key=lambda number: (-circles[number][2], number))
    for number in order:
        x, y, radius = circles[number]
        kind = "spot q3" if spots[number].is_own else "spot shared"
        body.append(element("circle", cx=float(x), cy=float(y), r=float(radius), class_=kind))
    size = 14 if layout == "wide" else 13
    wishes = [
        Wish(str(number), circles[number][0], circles[number][1] - circles[number][2],
             circles[number][1] + circles[number][2], text_width(_words(spots[number]), size * 1.05), size * 1.2)
        for number in order[:named]
    ]  # fmt: skip
    marks = [Box(x - 2, y - 2, x + 2, y + 2) for x, y, _ in circles.values()]
    for name in place(wishes, marks, Box(0, 0, width, height)):
        end = name.leader.left + 0.5
        body.append(line(end, name.leader.top, end, name.leader.bottom, "stem riv"))
        x, anchor = (name.box.right, "end") if name.is_end_anchored else (name.box.left, None)
        said = _words(spots[int(name.key)])
        body.append(text(x, name.box.bottom - size * 0.3, said, class_="lab halo riv", text_anchor=anchor))
    return Drawing(width, height, "".join(body))


def _words(one: Spot) -> str:
    return f"{one.label} {one.count}"


def _frame(at: Sequence[tuple[float, ...]]) -> tuple[float, float, float, float]:
    """A frame around all places: never too close, never much taller than wide, never a strip."""
    xs, ys = [one[0] for one in at], [one[1] for one in at]
    middle_x, middle_y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    across = max(max(xs) - min(xs), _LEAST_KM) * (1 + 2 * _MARGIN)
    down = max(max(ys) - min(ys), _LEAST_KM) * (1 + 2 * _MARGIN)
    across = max(across, down / _TALLEST)
    down = max(down, across * _LOWEST)
    return middle_x - across / 2, middle_x + across / 2, middle_y - down / 2, middle_y + down / 2


def _land(west: float, east: float, south: float, north: float, scale: float) -> str:
    parts = []
    for ring in _rings():
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        if max(xs) < west or min(xs) > east or max(ys) < south or min(ys) > north:
            continue
        clipped = _clipped(ring, west, east, south, north)
        if clipped:
            steps = "L".join(f"{short((x - west) * scale)} {short((north - y) * scale)}" for x, y in clipped)
            parts.append(f"M{steps}Z")
    return element("path", d="".join(parts), class_="land") if parts else ""


def _clipped(
    ring: Sequence[tuple[float, float]], west: float, east: float, south: float, north: float
) -> list[tuple[float, float]]:
    """Cut a ring at the frame, a little outside of it, so that the cut itself is never seen.

    Source: Sutherland and Hodgman (1974), Reentrant polygon clipping, CACM 17(1), doi:10.1145/360767.360802.
    """
    more = (east - west) * 0.02
    found = list(ring)
    for axis, bound, sign in ((0, west - more, 1), (0, east + more, -1), (1, south - more, 1), (1, north + more, -1)):
        given, found = found, []
        for last, here in zip([*given[-1:], *given[:-1]], given, strict=True):
            was, is_ = sign * (last[axis] - bound) >= 0, sign * (here[axis] - bound) >= 0
            if was != is_:
                share = (bound - last[axis]) / (here[axis] - last[axis])
                found.append((last[0] + share * (here[0] - last[0]), last[1] + share * (here[1] - last[1])))
            if is_:
                found.append(here)
    return found
