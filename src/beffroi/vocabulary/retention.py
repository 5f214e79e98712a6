"""What a retention job finds due, in whichever room it lies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """Something that may be kept no longer: activity, table, row, what happens to it and why."""

    activity: str
    table: str
    key: str
    act: str
    why: str
