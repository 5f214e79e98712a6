"""Where a region stands among its peers, indicator by indicator: dot for the position, band for its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.web.svg.primitives import Drawing, Layout, element, line, short, text, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """An indicator's line: name, value in words, position with its interval (shares 0..1), tone of the verdict.

    `tone` is `good`, `bad` or `mid`; `is_hollow` draws an open mark: the position cannot be told from the middle.
    """

    label: str
    value: str
    position: float | None
    low: float | None
    high: float | None
    tone: str
    is_hollow: bool


@dataclass(frozen=True, slots=True)
class ProfileWords:
    """Words written in the picture."""

    last: str
    middle: str
    first: str
    missing: str


@dataclass(frozen=True, slots=True)
class Zones:
    """Shares between which a region is neither strong nor weak."""

    weakness_to: float
    strength_from: float


def draw(rows: Sequence[ProfileRow], *, zones: Zones, words: ProfileWords, layout: Layout) -> Drawing:
    """Draw the chart; rows come in the order given."""
    if layout == "wide":
        return _draw(rows, zones, words, _Frame(920, 330, 730, 32, 15, is_label_above=False))
    return _draw(rows, zones, words, _Frame(340, 12, 328, 52, 13, is_label_above=True))


@dataclass(frozen=True, slots=True)
class _Frame:
    width: int
    left: int
    right: int
    step: int
    size: int
    is_label_above: bool


def _draw(rows: Sequence[ProfileRow], zones: Zones, words: ProfileWords, frame: _Frame) -> Drawing:
    span = frame.right - frame.left
    steps = [frame.step + (0 if _fits(row, frame) else frame.size + 4) for row in rows]
    top, bottom = 8, 8 + sum(steps)

    def at(share: float) -> float:
        return frame.left + share * span

    zone = at(zones.strength_from) - at(zones.weakness_to)
    body = [
        element("rect", x=at(zones.weakness_to), y=top, width=zone, height=bottom - top, class_="zone"),
        line(at(0.5), top, at(0.5), bottom, "dash"),
    ]
    base = top
    for row, step in zip(rows, steps, strict=True):
        y = base + (step - 14 if frame.is_label_above else step / 2)
        body.append(line(frame.left, y, frame.right, y, "grid"))
        body.append(_words_of(row, frame, base, y))
        base += step
        if row.position is None:
            body.append(text(at(0.5), y + 5, words.missing, class_="tick", text_anchor="middle"))
            continue
        low, high = row.low or 0.0, row.high if row.high is not None else row.position
        body.append(line(at(low), y, at(high) + 0.1, y, f"span {row.tone}"))
        body.append(_mark(at(row.position), y, row))
    foot = bottom + 22
    body += [
        text(frame.left, foot, words.last, class_="tick"),
        text(at(0.5), foot, words.middle, class_="tick", text_anchor="middle"),
        text(frame.right, foot, words.first, class_="tick", text_anchor="end"),
    ]
    return Drawing(frame.width, foot + 8, "".join(body))


def _words_of(row: ProfileRow, frame: _Frame, base: float, y: float) -> str:
    if not frame.is_label_above:
        return text(frame.left - 16, y + 5, row.label, class_="strong", text_anchor="end") + text(
            frame.width, y + 5, row.value, class_="val", text_anchor="end"
        )
    value_y = base + 18 + (0 if _fits(row, frame) else frame.size + 4)
    return text(frame.left, base + 18, row.label, class_="strong") + text(
        frame.right, value_y, row.value, class_="val", text_anchor="end"
    )


def _fits(row: ProfileRow, frame: _Frame) -> bool:
    """Whether name and value stand on one line; where names are beside the lines they always do."""
    needed = text_width(row.label, frame.size) + text_width(row.value, frame.size) + 6
    return not frame.is_label_above or needed <= frame.right - frame.left


def _mark(x: float, y: float, row: ProfileRow) -> str:
    class_ = f"mark {row.tone}{' hollow' if row.is_hollow else ''}"
    if row.tone == "bad" and not row.is_hollow:  # a lozenge: told from a disc without colour
        return element("path", d=f"M{short(x)} {short(y - 8)}l8 8l-8 8l-8-8z", class_=class_)
    return element("circle", cx=float(x), cy=float(y), r=6 if row.is_hollow else 7, class_=class_)
