"""Two lists side by side, class by class: a dot for the share of each, joined by a line; small multiples by topic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.web.svg.primitives import Drawing, Layout, element, line, text

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDE, _NARROW = 760, 340


@dataclass(frozen=True, slots=True)
class Pair:
    """A class with the share of each list in it, 0 to 1, and both in words; None where it is hidden."""

    label: str
    first: float | None
    second: float | None
    first_words: str
    second_words: str


@dataclass(frozen=True, slots=True)
class Names:
    """The two lists, and what stands where a share is hidden."""

    first: str
    second: str
    hidden: str


def draw(pairs: Sequence[Pair], names: Names, *, layout: Layout) -> Drawing:
    """Draw one line for each class; the key stands above, a square for the first list and a circle for the second."""
    is_wide = layout == "wide"
    width, left, room = (_WIDE, 270, 70) if is_wide else (_NARROW, 8, 52)
    step = 28 if is_wide else 46
    most = max([one for pair in pairs for one in (pair.first, pair.second) if one is not None], default=1.0) or 1.0
    scale = (width - left - room) / most
    key = [element("rect", x=left, y=4, width=10, height=10, class_="bar whole"),
           text(left + 16, 14, names.first, class_="val"),
           element("circle", cx=left + 5, cy=30, r=5, class_="dot me"),
           text(left + 16, 34, names.second, class_="val")]  # fmt: skip
    body, top = [*key], 48
    for pair in pairs:
        y = top + (14 if is_wide else 32)
        if is_wide:
            body.append(text(left - 12, y + 4, pair.label, class_="strong", text_anchor="end"))
        else:
            body.append(text(0, y - 12, pair.label, class_="strong"))
        body.append(line(left, y, width - room, y, "grid"))
        places = [None if one is None else left + one * scale for one in (pair.first, pair.second)]
        shown = [one for one in places if one is not None]
        if len(shown) > 1:
            body.append(line(min(shown), y, max(shown), y, "iv riv"))
        if places[0] is not None:
            body.append(element("rect", x=float(places[0] - 5), y=y - 5, width=10, height=10, class_="bar whole"))
        if places[1] is not None:
            body.append(element("circle", cx=float(places[1]), cy=y, r=5, class_="dot me"))
        if len(shown) < 2:  # noqa: PLR2004 -- one of the two is hidden
            body.append(text(width - room + 4, y + 4, names.hidden, class_="tick"))
        top += step
    return Drawing(width, top + 6, "".join(body))
