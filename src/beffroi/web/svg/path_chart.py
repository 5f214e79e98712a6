"""A rank over the years to come: the path when everybody keeps its pace, within what holds it in 9 futures of 10."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.web.svg.primitives import Drawing, Layout, element, line, short, text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class PathPoint:
    """A year from now, the rank then, and the interval that holds it."""

    year: int
    rank: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A rank sought: a dashed line with its name."""

    rank: int
    label: str


@dataclass(frozen=True, slots=True)
class PathWords:
    """Words written in the picture: ranks, and years from now."""

    ordinal: Callable[[int], str]
    year: Callable[[int], str]
    own: str


TICKS_MOST = 6
ROOM = 4  # ranks shown beyond the interval
CLOSE = 16.0  # labels nearer than this many pixels would touch
_SIZES: dict[Layout, tuple[int, int, int, int]] = {"wide": (920, 360, 64, 730), "narrow": (340, 380, 48, 330)}


def draw(
    points: Sequence[PathPoint], marks: Sequence[Mark], *, count: int, words: PathWords, layout: Layout
) -> Drawing:
    """Draw the path. `points` by year; `count` regions are ranked; best rank at the top."""
    width, height, left, right = _SIZES[layout]
    is_wide = layout == "wide"
    top, bottom = 16, height - 36
    best = max(1, min(one.low for one in points) - ROOM)
    worst = min(count, max(one.high for one in points) + ROOM)
    shown = [one for one in marks if best <= one.rank <= worst]
    last = points[-1].year

    def at_x(year: int) -> float:
        return left + year / max(last, 1) * (right - left)

    def at_y(rank: int) -> float:
        return top + (rank - best) / max(worst - best, 1) * (bottom - top)

    upper = [f"{short(at_x(one.year))} {short(at_y(one.low))}" for one in points]
    lower = [f"{short(at_x(one.year))} {short(at_y(one.high))}" for one in reversed(points)]
    path = "M" + "L".join(f"{short(at_x(one.year))} {short(at_y(one.rank))}" for one in points)
    body = [element("path", d="M" + "L".join(upper + lower) + "z", class_="fan")]
    for rank in _ticks(best, worst):
        body.append(line(left - 4, at_y(rank), right, at_y(rank), "grid"))
        body.append(text(left - 10, at_y(rank) + 5, words.ordinal(rank), class_="tick", text_anchor="end"))
    for year in range(0, last + 1, 5 if is_wide else 10):
        anchor = "middle" if is_wide or 0 < year < last else "start" if year == 0 else "end"
        body.append(text(at_x(year), height - 10, words.year(year), class_="tick", text_anchor=anchor))
    body += [line(left, at_y(one.rank), right, at_y(one.rank), "dash") for one in shown]
    body.append(element("path", d=path, class_="trace me"))
    body.append(element("circle", cx=float(at_x(0)), cy=float(at_y(points[0].rank)), r=5, class_="dot me"))
    if is_wide:
        body.append(_beside(points[-1], shown, at_y, right, words))
    else:
        body.append(_on_lines(points, shown, at_y, right, words))
    return Drawing(width, height, "".join(body))


def _beside(end: PathPoint, marks: Sequence[Mark], at_y: Callable[[int], float], right: int, words: PathWords) -> str:
    wanted = sorted([(at_y(end.rank), words.own, "lab me"), *((at_y(one.rank), one.label, "tick") for one in marks)])
    out, floor = [], -CLOSE
    for y, label, class_ in wanted:
        floor = max(y, floor + CLOSE)
        out.append(text(right + 10, floor + 5, label, class_=class_))
    return "".join(out)


def _on_lines(
    points: Sequence[PathPoint], marks: Sequence[Mark], at_y: Callable[[int], float], right: int, words: PathWords
) -> str:
    """No room at the side: names stand on their lines, the path's under its last half, where it cannot cross it."""
    under = max(at_y(one.rank) for one in points[len(points) // 2 :]) + 20
    own = text(right - 4, under, words.own, class_="lab me halo", text_anchor="end")
    shown = [
        one
        for one in marks
        if all(abs(at_y(one.rank) - at_y(other.rank)) > CLOSE for other in marks[: marks.index(one)])
    ]
    named = [text(right - 4, at_y(one.rank) - 5, one.label, class_="tick halo", text_anchor="end") for one in shown]
    return own + "".join(named)


def _ticks(best: int, worst: int) -> list[int]:
    step = next(each for each in (1, 2, 5, 10, 25, 50, 100, 500) if (worst - best) / each <= TICKS_MOST)
    return [rank for rank in range(best, worst + 1) if rank % step == 0 or (rank == 1 and step > 1)]
