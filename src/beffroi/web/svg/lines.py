"""A figure over the years for a few regions, named at the end of their lines, over the span of all regions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.web.svg.primitives import Drawing, Layout, element, line, short, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Trace:
    """One region's line: (year, value) by year."""

    label: str
    points: tuple[tuple[int, float], ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Fan:
    """For each year: 10th percentile, median and 90th percentile of all regions."""

    years: Mapping[int, tuple[float, float, float]]
    label: str


def ticks(low: float, high: float, *, most: int = 5) -> list[float]:
    """Round values that cover low..high, at most `most` + 1 of them.

    >>> ticks(3, 47)
    [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]
    """
    raw = max(high - low, 1e-9) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= raw * (1 - 1e-9))
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(step * number, 9) for number in range(first, max(last, first + 1) + 1)]


def draw(traces: Sequence[Trace], fan: Fan, *, layout: Layout, number: Callable[[float], str]) -> Drawing:
    """Draw the lines, labels spread at the right so that none covers another."""
    width, height, left, right, size = (920, 380, 70, 690, 14) if layout == "wide" else (340, 420, 46, 326, 13)
    top = 12 if layout == "wide" else 24 + 20 * len(traces)
    bottom = height - 30
    years = sorted({year for one in traces for year, _ in one.points} | set(fan.years))
    if not years:
        return Drawing(width, 20, "")
    values = [value for one in traces for _, value in one.points] + [v for each in fan.years.values() for v in each]
    marks = ticks(min(values), max(values))
    low, high = marks[0], marks[-1]

    def at_x(year: int) -> float:
        return left + (year - years[0]) / max(years[-1] - years[0], 1) * (right - left)

    def at_y(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - top)

    body = [_fan(fan, at_x, at_y)]
    for mark in marks:
        body.append(line(left, at_y(mark), right, at_y(mark), "grid"))
        body.append(text(left - 8, at_y(mark) + 5, number(mark), class_="tick", text_anchor="end"))
    step = max(1, round(len(years) / (9 if layout == "wide" else 4)))
    body += [
        text(at_x(year), height - 8, str(year), class_="tick", text_anchor="middle") for year in years[::-step][::-1]
    ]
    ends = []
    for order, one in enumerate(traces):
        path = "M" + "L".join(f"{short(at_x(year))} {short(at_y(value))}" for year, value in one.points)
        kind = "trace me" if one.is_own else f"trace riv t{1 + order % 4}"
        body.append(element("path", d=path, class_=kind))
        ends.append((at_y(one.points[-1][1]), at_x(one.points[-1][0]), one))
    if layout == "wide":
        body.append(_end_labels(ends, right, size * 1.35, bottom))
    else:
        for order, one in enumerate(traces):
            kind = "trace me" if one.is_own else f"trace riv t{1 + order % 4}"
            body.append(line(left, 14 + 20 * order, left + 28, 14 + 20 * order, kind))
            body.append(text(left + 36, 19 + 20 * order, one.label, class_=f"lab {'me' if one.is_own else 'riv'}"))
    return Drawing(width, height, "".join(body))


def _fan(fan: Fan, at_x: Callable[[int], float], at_y: Callable[[float], float]) -> str:
    if len(fan.years) < 2:  # noqa: PLR2004 -- an area needs two years
        return ""
    years = sorted(fan.years)
    upper = [f"{short(at_x(y))} {short(at_y(fan.years[y][2]))}" for y in years]
    lower = [f"{short(at_x(y))} {short(at_y(fan.years[y][0]))}" for y in reversed(years)]
    middle = [f"{short(at_x(y))} {short(at_y(fan.years[y][1]))}" for y in years]
    return element("path", d="M" + "L".join(upper + lower) + "z", class_="fan") + element(
        "path", d="M" + "L".join(middle), class_="dash"
    )


def _end_labels(ends: list[tuple[float, float, Trace]], right: int, step: float, bottom: float) -> str:
    found, last = [], -step
    spread = []
    for y, x, one in sorted(ends, key=lambda end: end[0]):
        last = max(y, last + step)
        spread.append((last, y, x, one))
    overflow = max(0.0, spread[-1][0] - bottom) if spread else 0.0
    for label_y, y, x, one in spread:
        kind = "me" if one.is_own else "riv"
        # A line that ends early is not drawn on: dots lead the eye to its name.
        found.append(line(x + 3, y, right + 14, label_y - overflow, f"stem {kind}{' dots-to' if x < right else ''}"))
        found.append(text(right + 18, label_y - overflow + 5, one.label, class_=f"lab {kind}"))
    return "".join(found)
