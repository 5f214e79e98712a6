"""The count, explained record by record: 300 + 300 = 600 → − same organisation → − gone → − lapsed → … = 510.

Every row that a list ever held stands in exactly one place: it is taken off by one step, or it is the row by which its
organisation is counted at the end. Sums are exact by construction, and `explain` shows the records of each step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SAME_IN_LIST = "same_organisation_in_one_list"
SAME_ACROSS = "same_organisation_in_several_lists"
GONE, LAPSED, CLOSED = "gone_from_the_list", "membership_lapsed", "closed_in_the_register"
STEPS = (SAME_IN_LIST, SAME_ACROSS, GONE, LAPSED, CLOSED)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list. `key` orders rows by content; `is_closed` is what the register says of its organisation."""

    record: int
    key: str
    source: str
    organisation: str
    is_gone: bool = False
    is_lapsed: bool = False
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One bar: what is taken off (or, for a list, brought in), and the records it is made of."""

    name: str
    records: tuple[int, ...]

    @property
    def count(self) -> int:
        """Number of records."""
        return len(self.records)


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Rows by list, what is taken off in order, and the records by which organisations are counted at the end."""

    lists: tuple[Step, ...]
    removed: tuple[Step, ...]
    members: Step

    @property
    def sentence(self) -> str:
        """The sum in one line.

        >>> explain([Line(1, "a", "A", "o"), Line(2, "b", "B", "o")]).sentence
        '1 + 1 = 2 → − 1 same organisation in several lists = 1'
        """
        total = sum(one.count for one in self.lists)
        start = " + ".join(f"{one.count:,}" for one in self.lists) or "0"
        off = [f"− {one.count:,} {one.name.replace('_', ' ')}" for one in self.removed if one.count]
        return f"{start} = {total:,}{''.join(f' → {one}' for one in off)} = {self.members.count:,}"


def explain(lines: Sequence[Line]) -> Waterfall:
    """Account for every row.

    An organisation is counted by its best row: one that still stands in its list, whose membership has not lapsed.
    Its other rows are "same organisation". When even the best row is gone or lapsed, or the register says closed, that
    row is taken off under the first of these names.

    Returns:
        Steps in the order of `STEPS`, each present even when empty; any order of `lines` gives the same.
    """
    ordered = sorted(lines, key=lambda one: (one.source, one.key, one.record))
    best: dict[str, Line] = {}
    for line in ordered:
        held = best.get(line.organisation)
        if held is None or _standing(line) < _standing(held):
            best[line.organisation] = line
    taken: dict[str, list[int]] = {name: [] for name in STEPS}
    members: list[int] = []
    for line in ordered:
        step = _step(line, best[line.organisation])
        (taken[step] if step else members).append(line.record)
    sources = sorted({line.source for line in ordered})
    return Waterfall(
        tuple(Step(name, tuple(one.record for one in ordered if one.source == name)) for name in sources),
        tuple(Step(name, tuple(taken[name])) for name in STEPS),
        Step("members", tuple(members)),
    )


def fate(lines: Sequence[Line]) -> dict[str, str]:
    """Return for each organisation the step that takes its best row off; empty for a member.

    >>> fate([Line(1, "a", "A", "o1", is_gone=True), Line(2, "a", "B", "o1"), Line(3, "b", "B", "o2", is_lapsed=True)])
    {'o1': '', 'o2': 'membership_lapsed'}
    """
    best: dict[str, Line] = {}
    for line in lines:
        held = best.get(line.organisation)
        if held is None or _standing(line) < _standing(held):
            best[line.organisation] = line
    return {organisation: _step(line, line) for organisation, line in best.items()}


def _standing(line: Line) -> tuple[bool, bool]:
    return line.is_gone, line.is_lapsed


def _step(line: Line, best: Line) -> str:
    if line is not best:
        return SAME_IN_LIST if line.source == best.source else SAME_ACROSS
    if line.is_gone:
        return GONE
    if line.is_lapsed:
        return LAPSED
    return CLOSED if line.is_closed else ""
