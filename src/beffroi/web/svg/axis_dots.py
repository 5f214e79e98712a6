"""Things between two poles: one row each, a dot on a line from the left pole (-1) to the right one (1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.web.svg.primitives import Drawing, Layout, element, line, text

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIZE = {"wide": (920, 400, 900, 30), "narrow": (340, 10, 330, 46)}  # width, left pole, right pole, height of a row
_TOP = 34


@dataclass(frozen=True, slots=True)
class DotRow:
    """A label and where it lies, from -1 to 1."""

    label: str
    at: float


def draw(rows: Sequence[DotRow], poles: tuple[str, str], *, layout: Layout) -> Drawing:
    """Draw the rows under the names of the two poles."""
    width, left, right, step = _SIZE[layout]
    is_wide = layout == "wide"
    height = _TOP + step * len(rows) + 6
    middle = (left + right) / 2
    body = [
        text(left, 18, f"← {poles[0]}", class_="tick"),
        text(right, 18, f"{poles[1]} →", class_="tick", text_anchor="end"),
        line(middle, _TOP - 8, middle, height - 4, "axis"),
    ]
    for number, one in enumerate(rows):
        y = _TOP + step * number + (step / 2 if is_wide else step - 12)
        body.append(line(left, y, right, y, "grid"))
        body.append(text(left - 12 if is_wide else left, y + 5 if is_wide else y - 12, one.label, class_="lab",
                         text_anchor="end" if is_wide else None))  # fmt: skip
        x = middle + max(-1.0, min(1.0, one.at)) * (right - left) / 2
        body.append(element("circle", cx=x, cy=float(y), r=6.0, class_="spot q4"))
    return Drawing(width, height, "".join(body))
