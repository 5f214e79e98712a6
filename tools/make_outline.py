"""Draw Europe's outline for the map from Natural Earth, once, by a maintainer.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/make_outline.py package/countries-50m.json

Natural Earth is in the public domain. The result is committed, so nobody needs this to run Beffroi.
"""

# ruff: noqa: PLR2004 -- a script run once; the numbers are degrees and counts of points

from __future__ import annotations

import json
import sys
from pathlib import Path

from beffroi.web.svg.map import EAST, NORTH, OUTLINE_UNIT_KM, SOUTH, WEST
from beffroi.web.svg.projection import laea

MARGIN_KM = 60
TOLERANCE_KM = 5.0
SMALLEST_KM2 = 350.0

Ring = list[tuple[float, float]]


def main(source: Path, target: Path) -> None:
    """Decode, project, cut, simplify, quantise, write."""
    topology = json.loads(source.read_text("utf-8"))
    arcs = decode(topology)
    rings = []
    for country in topology["objects"]["countries"]["geometries"]:
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        for polygon in polygons:
            ring = join(arcs, polygon[0])
            if not any(-32 < lon < 62 and 25 < lat < 82 for lon, lat in ring):
                continue
            ring = [(lon, max(lat, 5.0)) for lon, lat in ring if -100 < lon < 120]
            projected = [(laea(lon, lat)[0] / 1000, laea(lon, lat)[1] / 1000) for lon, lat in ring]
            kept = simplify(cut(projected))
            if len(kept) > 3 and area(kept) > SMALLEST_KM2:
                rings.append(quantise(kept))
    rings = [ring for ring in rings if len(ring) >= 8]
    page = {
        "credit": "Natural Earth (public domain), world-atlas 2.0.2",
        "unit_km": OUTLINE_UNIT_KM,
        "rings": rings,
    }
    target.write_text(json.dumps(page, separators=(",", ":")) + "\n", "utf-8")
    print(f"{len(rings)} rings, {target.stat().st_size} bytes")


def decode(topology: dict) -> list[Ring]:
    """Undo TopoJSON's delta coding and scaling."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            ring.append((x * sx + tx, y * sy + ty))
        found.append(ring)
    return found


def join(arcs: list[Ring], numbers: list[int]) -> Ring:
    """Chain arcs into a ring; a negative number means the arc backwards."""
    ring: Ring = []
    for number in numbers:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring.extend(part[1:] if ring else part)
    return ring


def cut(ring: Ring) -> Ring:
    """Clip a ring to the frame, edge after edge (Sutherland and Hodgman)."""
    bounds = (
        (0, WEST - MARGIN_KM, 1),
        (0, EAST + MARGIN_KM, -1),
        (1, SOUTH - MARGIN_KM, 1),
        (1, NORTH + MARGIN_KM, -1),
    )
    for axis, bound, sign in bounds:
        kept: Ring = []
        for before, after in zip(ring[-1:] + ring[:-1], ring, strict=True):
            is_in, was_in = (after[axis] - bound) * sign >= 0, (before[axis] - bound) * sign >= 0
            if is_in != was_in:
                t = (bound - before[axis]) / (after[axis] - before[axis])
                kept.append((before[0] + t * (after[0] - before[0]), before[1] + t * (after[1] - before[1])))
            if is_in:
                kept.append(after)
        ring = kept
        if not ring:
            return ring
    return ring


def simplify(ring: Ring) -> Ring:
    """Drop points closer than the tolerance to the line that replaces them (Douglas and Peucker)."""
    if len(ring) < 4:
        return ring
    far = max(range(len(ring)), key=lambda i: (ring[i][0] - ring[0][0]) ** 2 + (ring[i][1] - ring[0][1]) ** 2)
    return _thin(ring[: far + 1])[:-1] + _thin([*ring[far:], ring[0]])[:-1]


def _thin(points: Ring) -> Ring:
    keep, stack = {0, len(points) - 1}, [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        (x1, y1), (x2, y2) = points[first], points[last]
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        best, where = 0.0, -1
        for i in range(first + 1, last):
            x, y = points[i]
            away = (
                abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length
                if length
                else ((x - x1) ** 2 + (y - y1) ** 2) ** 0.5
            )
            if away > best:
                best, where = away, i
        if best > TOLERANCE_KM:
            keep.add(where)
            stack += [(first, where), (where, last)]
    return [points[i] for i in sorted(keep)]


def area(ring: Ring) -> float:
    """Area by the shoelace formula, km²."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def quantise(ring: Ring) -> list[int]:
    """First point, then steps, in frame units; y grows downwards; points that do not move are dropped."""
    found: list[int] = []
    last = (0, 0)
    for east, north in ring:
        point = (round((east - WEST) / OUTLINE_UNIT_KM), round((NORTH - north) / OUTLINE_UNIT_KM))
        if not found or point != last:
            found += [point[0] - last[0], point[1] - last[1]]
        last = point
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(__file__).parent.parent / "src/beffroi/web/svg/outline.json")
