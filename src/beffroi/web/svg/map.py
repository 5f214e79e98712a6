"""A map of label points: circles scaled and shaded by class over a quiet outline of Europe."""

# ruff: noqa: E501 -- sentences and rows of data stay whole, to be read and searched for

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from beffroi.web.svg.labels import Box, Wish, place
from beffroi.web.svg.primitives import Drawing, Layout, element, line, text, text_width
from beffroi.web.svg.projection import laea

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WEST, SOUTH, EAST, NORTH = 2500, 1350, 6550, 5450  # kilometres: the frame of outline.json
_WIDE, _NARROW = 640, 340
CLASSES = 5


@dataclass(frozen=True, slots=True)
class Spot:
    """A region's label point and its class, 1 (lowest fifth) to 5 (highest)."""

    region: str
    longitude: float
    latitude: float
    level: int


@dataclass(frozen=True, slots=True)
class MapNames:
    """Regions to name (label by code), the reader's own code, and the words of the legend, lowest first."""

    own: str
    labels: Mapping[str, str]
    legend: Sequence[str]


@cache
def outline() -> str:
    """Path of Europe's coasts and borders in frame units (4 km), from Natural Earth (public domain)."""
    rings = json.loads(files("beffroi.web.svg").joinpath("outline.json").read_text("utf-8"))["rings"]
    parts = []
    for ring in rings:
        x, y, *rest = ring
        steps = " ".join(f"{rest[i]} {rest[i + 1]}" for i in range(0, len(rest), 2))
        parts.append(f"M{x} {y}l{steps}z")
    return "".join(parts).replace(" -", "-")


OUTLINE_UNIT_KM = 4


def outline_definition() -> str:
    """The outline once for both layouts of a page (they refer to it)."""
    return f'<svg class="defs" width="0" height="0" aria-hidden="true" focusable="false"><defs><path id="europe" d="{outline()}"/></defs></svg>'


def draw(spots: Sequence[Spot], names: MapNames, *, layout: Layout, is_standalone: bool = False) -> Drawing:
    """Draw the map. Large circles are drawn first so that small ones stay visible."""
    width = _WIDE if layout == "wide" else _NARROW
    scale = width / (EAST - WEST)
    height = round((NORTH - SOUTH) * scale)
    size = 14 if layout == "wide" else 13
    unit = scale * OUTLINE_UNIT_KM
    land = f"scale({unit:.5f})"
    body = [
        element("path", d=outline(), class_="land", transform=land)
        if is_standalone
        else element("use", href="#europe", class_="land", transform=land)
    ]
    base = 2.6 if layout == "narrow" else 4.0
    at = {}
    for one in spots:
        east, north = laea(one.longitude, one.latitude)
        at[one.region] = (
            (east / 1000 - WEST) * scale,
            (NORTH - north / 1000) * scale,
            base + one.level * base * 0.38,
        )
    inside = [one for one in spots if 0 <= at[one.region][0] <= width and 0 <= at[one.region][1] <= height]
    own = names.own
    for one in sorted(inside, key=lambda each: (each.region == own, -each.level)):
        x, y, radius = at[one.region]
        class_ = f"spot q{one.level}{' me' if one.region == own else ''}"
        body.append(element("circle", cx=float(x), cy=float(y), r=float(radius), class_=class_))
    body.append(_names(inside, at, names, Box(0, 0, width, height), size))
    foot, legend = _legend(names.legend, height + 10, width, size, base)
    body.append(legend)
    return Drawing(width, foot, "".join(body))


def _names(
    spots: Sequence[Spot],
    at: Mapping[str, tuple[float, float, float]],
    names: MapNames,
    frame: Box,
    size: int,
) -> str:
    present = {one.region for one in spots}
    wishes = [
        Wish(
            key,
            at[key][0],
            at[key][1] - at[key][2],
            at[key][1] + at[key][2],
            text_width(label, size * 1.05),
            size * 1.2,
        )
        for key, label in names.labels.items()
        if key in present
    ]
    own = names.own
    body = []
    for one in place(wishes, [Box(x - 2, y - 2, x + 2, y + 2) for x, y, _ in at.values()], frame):
        kind = "me" if one.key == own else "riv"
        x = one.box.right if one.is_end_anchored else one.box.left
        body.append(
            line(
                one.leader.left + 0.5,
                one.leader.top,
                one.leader.left + 0.5,
                one.leader.bottom,
                f"stem {kind}",
            )
        )
        body.append(
            text(
                x,
                one.box.bottom - size * 0.3,
                names.labels[one.key],
                class_=f"lab halo {kind}",
                text_anchor="end" if one.is_end_anchored else None,
            )
        )
    return "".join(body)


def _legend(words: Sequence[str], top: int, width: int, size: int, base: float) -> tuple[int, str]:
    columns = 1 if width < _WIDE else min(len(words), 3)
    step, across = size + 10, width / columns
    body = []
    for number, label in enumerate(words):
        x, y = 12 + (number % columns) * across, top + 10 + (number // columns) * step
        body.append(
            element("circle", cx=x, cy=y, r=float(base + (number + 1) * base * 0.38), class_=f"spot q{number + 1}")
        )
        body.append(text(x + 18, y + 5, label, class_="tick"))
    rows = -(-len(words) // columns)
    return top + rows * step + 8, "".join(body)


def levels(values: Mapping[str, float]) -> tuple[dict[str, int], tuple[float, ...]]:
    """Share values out over five classes of equal number; return each one's class and the four bounds."""
    ordered = sorted(values.values())
    bounds = tuple(ordered[len(ordered) * number // CLASSES] for number in range(1, CLASSES))
    return {key: 1 + sum(value >= bound for bound in bounds) for key, value in values.items()}, bounds
