"""Where to write names in a chart so that none covers another name, a line or a mark.

Greedy: the most important label first, then the others in a few orders, of which the one that places most
labels is kept; each takes the free place with the shortest leader line. A label that finds no place is left
out: the table beside the picture names everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = 4.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, *, margin: float = 0.0) -> bool:
        """Tell whether two rectangles overlap, counting `margin` around them."""
        return (
            self.left < other.right + margin
            and other.left < self.right + margin
            and self.top < other.bottom + margin
            and other.top < self.bottom + margin
        )

    def is_inside(self, other: Box) -> bool:
        """Tell whether this rectangle lies within the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """A label to place: its mark is a vertical line at `x` from `top` to `bottom`; the text needs width × height."""

    key: str
    x: float
    top: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A label with its rectangle, its leader line as a thin rectangle, and the side of its text's start."""

    key: str
    box: Box
    leader: Box
    is_end_anchored: bool


def place(wishes: Sequence[Wish], obstacles: Sequence[Box], frame: Box) -> tuple[Placed, ...]:
    """Place labels in the order given; leave out those without a free place.

    Args:
        wishes: labels, most important first.
        obstacles: marks that no text may cover (a leader may cross them).
        frame: texts stay inside.
    """
    return _place(tuple(wishes), tuple(obstacles), frame)


@lru_cache(maxsize=256)  # an edition never changes, so most readers see a picture that was drawn before
def _place(wishes: tuple[Wish, ...], obstacles: tuple[Box, ...], frame: Box) -> tuple[Placed, ...]:
    first, rest = list(wishes[:1]), list(wishes[1:])
    orders = (rest, sorted(rest, key=lambda one: -one.x), sorted(rest, key=lambda one: one.x))
    found = [_greedy([*first, *order], obstacles, frame) for order in orders]
    return max(found, key=len)


def _greedy(wishes: Sequence[Wish], obstacles: Sequence[Box], frame: Box) -> tuple[Placed, ...]:
    done: list[Placed] = []
    for wish in wishes:
        by_cost = sorted(_candidates(wish, frame), key=lambda one: one[0])
        best = next((one for _cost, one in by_cost if _is_free(one, done, obstacles, frame)), None)
        if best:
            done.append(best)
    return tuple(done)


def _candidates(wish: Wish, frame: Box) -> list[tuple[float, Placed]]:
    found = []
    step = wish.height / 2
    for is_up in (True, False):
        edge = wish.top if is_up else wish.bottom
        room = edge - frame.top if is_up else frame.bottom - edge
        for number in range(1, int(room / step)):
            middle = edge - number * step if is_up else edge + number * step
            for is_end in (False, True):
                left = wish.x - GAP - wish.width if is_end else wish.x + GAP
                box = Box(left, middle - wish.height / 2, left + wish.width, middle + wish.height / 2)
                leader = Box(wish.x - 0.5, min(edge, middle), wish.x + 0.5, max(edge, middle))
                cost = number * step + (wish.height / 4 if is_end else 0.0)
                found.append((cost, Placed(wish.key, box, leader, is_end)))
            # Text across the end of the leader, pushed inside the frame: the last resort of long names.
            left = min(max(wish.x - wish.width / 2, frame.left), frame.right - wish.width)
            box = Box(left, middle - wish.height / 2, left + wish.width, middle + wish.height / 2)
            end = box.bottom if is_up else box.top
            leader = Box(wish.x - 0.5, min(edge, end), wish.x + 0.5, max(edge, end))
            found.append((number * step + wish.height, Placed(wish.key, box, leader, is_end_anchored=False)))
    return found


def _is_free(one: Placed, done: Sequence[Placed], obstacles: Sequence[Box], frame: Box) -> bool:
    if not one.box.is_inside(frame) or any(one.box.meets(each) for each in obstacles):
        return False
    return not any(
        one.box.meets(other.box, margin=2.0)
        or one.box.meets(other.leader, margin=2.0)
        or one.leader.meets(other.box, margin=2.0)
        for other in done
    )
