"""Every region's rank with its interval, best at the left: one region in front, rivals named, the rest grey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from beffroi.web.svg.labels import Box, Placed, Wish, place
from beffroi.web.svg.primitives import Drawing, Layout, element, line, short, text, text_width

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Kind = Literal["me", "riv"]


@dataclass(frozen=True, slots=True)
class RankPoint:
    """A region's rank and the interval that holds it in 9 scenarios of 10."""

    region: str
    rank: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Named:
    """A region to name: its label and whether it is the reader's (`me`) or a rival (`riv`)."""

    label: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class RankWords:
    """Words written in the picture."""

    better: str
    worse: str
    ordinal: Callable[[int], str]


TICKS_MOST = 7
_SIZES: dict[Layout, tuple[int, int, int, int]] = {"wide": (920, 360, 56, 14), "narrow": (340, 400, 54, 13)}


def draw(points: Sequence[RankPoint], named: Mapping[str, Named], *, words: RankWords, layout: Layout) -> Drawing:
    """Draw the chart. `points` are in order of rank; `named` most important first."""
    width, height, left, size = _SIZES[layout]
    top, bottom, right = 14, height - 34, width - 10
    count = max(len(points), 2)
    across, down = (right - left) / (count - 1), (bottom - top) / (count - 1)
    at_x = {one.region: left + number * across for number, one in enumerate(points)}

    def at_y(rank: int) -> float:
        return top + (rank - 1) * down

    body = [_grid(count, at_y, left=left, right=right, words=words)]
    obstacles = [
        Box(at_x[one.region] - 2, at_y(one.low) - 4, at_x[one.region] + 2, at_y(one.high) + 4) for one in points
    ]
    by_region = {one.region: one for one in points}
    frame = Box(left + 2, 2, right + 8, bottom + 2)

    def placed_with(labels: Mapping[str, str]) -> tuple[Placed, ...]:
        wishes = []
        for key, label in labels.items():
            width = text_width(label, size * (1.08 if named[key].kind == "me" else 1.0))
            one = by_region[key]
            wishes.append(Wish(key, at_x[key], at_y(one.low), at_y(one.high), width, size * 1.25))
        return place(wishes, obstacles, frame)

    labels = {key: each.label for key, each in named.items() if key in by_region}
    placed = placed_with(labels)
    labelled = [one.key for one in placed]
    crowded = [key for key in labels if named[key].kind == "me" and key not in labelled]
    if crowded:  # no room for the whole name: its last part, the rank, says which line is the reader's
        labels |= {key: labels[key].rsplit(" · ", 1)[-1] for key in crowded}
        placed = placed_with(labels)
        labelled = [one.key for one in placed]
    # The reader's own region stays in front even where its name found no place.
    shown = [key for key in named if key in by_region and (key in labelled or named[key].kind == "me")]
    others = [one for one in points if one.region not in shown]
    body.append(_bars(others, at_x, at_y, "iv oth"))
    dots = "".join(f"M{short(at_x[one.region])} {short(at_y(one.rank))}h0" for one in others)
    body.append(element("path", d=dots or "M0 0", class_="dots"))
    for one in placed:
        kind = named[one.key].kind
        body.append(
            line(
                one.leader.left + 0.5,
                one.leader.top,
                one.leader.left + 0.5,
                one.leader.bottom,
                f"stem {kind}",
            )
        )
        x = one.box.right if one.is_end_anchored else one.box.left
        anchor = "end" if one.is_end_anchored else None
        body.append(
            text(
                x,
                one.box.bottom - size * 0.33,
                labels[one.key],
                class_=f"lab {kind}",
                text_anchor=anchor,
            )
        )
    for key in reversed(shown):
        kind = named[key].kind
        body.append(_bars([by_region[key]], at_x, at_y, f"iv {kind}"))
        radius = 5 if kind == "me" else 4
        body.append(
            element(
                "circle",
                cx=float(at_x[key]),
                cy=float(at_y(by_region[key].rank)),
                r=radius,
                class_=f"dot {kind}",
            )
        )
    body.append(text(left, height - 8, words.better, class_="tick"))
    body.append(text(right, height - 8, words.worse, class_="tick", text_anchor="end"))
    return Drawing(width, height, "".join(body))


def _bars(points: Sequence[RankPoint], at_x: Mapping[str, float], at_y: Callable[[int], float], class_: str) -> str:
    path = "".join(f"M{short(at_x[one.region])} {short(at_y(one.low))}V{short(at_y(one.high) + 0.1)}" for one in points)
    return element("path", d=path or "M0 0", class_=class_)


def _grid(count: int, at_y: Callable[[int], float], *, left: int, right: int, words: RankWords) -> str:
    step = next(each for each in (5, 10, 25, 50, 100, 500) if count / each <= TICKS_MOST)
    ticks = [1, *range(step, count + 1, step)]
    if count - ticks[-1] > step * 0.6:
        ticks.append(count)
    if len(ticks) > 1 and ticks[1] < step:
        ticks.pop(1)
    return "".join(
        line(left - 4, at_y(rank), right, at_y(rank), "grid")
        + text(left - 10, at_y(rank) + 5, words.ordinal(rank), class_="tick", text_anchor="end")
        for rank in ticks
    )
