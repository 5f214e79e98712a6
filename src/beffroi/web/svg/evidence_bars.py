"""Evidence in bits as bars to the right (for one organisation) and to the left (against), and their sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.web.svg.primitives import Drawing, Layout, element, line, text

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDE, _NARROW = 760, 340
_LETTERS = {"wide": 44, "narrow": 40}


@dataclass(frozen=True, slots=True)
class Weight:
    """One piece of evidence: what was seen, its bits, its bits in words; a total closes the picture."""

    label: str
    bits: float
    value: str
    is_total: bool = False


def draw(weights: Sequence[Weight], *, layout: Layout) -> Drawing:
    """Draw one bar for each piece around a common zero."""
    is_wide = layout == "wide"
    width, left = (_WIDE, 330) if is_wide else (_NARROW, 0)
    step, high = (30, 16) if is_wide else (46, 14)
    room = 56
    low, high_bits = (min([0.0, *(one.bits for one in weights)]), max([0.0, *(one.bits for one in weights)]))
    scale = (width - left - 2 * room) / max(high_bits - low, 1.0)
    zero = left + room - low * scale
    body = [line(zero, 0, zero, len(weights) * step + 4, "axis")]
    for number, one in enumerate(weights):
        top = number * step + (7 if is_wide else 24)
        label = one.label if len(one.label) <= _LETTERS[layout] else f"{one.label[: _LETTERS[layout] - 1]}…"
        if is_wide:
            body.append(text(left, top + high - 3, label, class_="strong", text_anchor="end"))
        else:
            body.append(text(0, top - 6, label, class_="strong"))
        across = abs(one.bits) * scale
        class_ = "bar whole" if one.is_total else "bar ahead" if one.bits >= 0 else "bar behind"
        x = zero if one.bits >= 0 else zero - across
        body.append(element("rect", x=float(x), y=top, width=float(max(across, 1.0)), height=high, class_=class_))
        end, anchor = (x + across + 5, None) if one.bits >= 0 else (x - 5, "end")
        body.append(text(end, top + high - 3, one.value, class_="val", text_anchor=anchor))
    return Drawing(width, len(weights) * step + 8, "".join(body))
