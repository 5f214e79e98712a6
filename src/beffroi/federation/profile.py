"""Who the members are before and after lists are put together, by size, trade and place.

So one sees whether two lists repeat or complete each other.

Each organisation counts once in each class. Columns: each list alone, those in several lists, all together with the
overlap removed, and those that remain members (neither lapsed nor closed). "Unknown" is a class and is never dropped.
A public profile hides every cell under three organisations, and as many others as keep these from being worked out,
over all classes and columns at once (`survey.disclosure_linked`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.catalogue.trades import load_trades
from beffroi.federation.derive import order_of_lists
from beffroi.federation.directory_entries import MEMBER, Entry, entries
from beffroi.federation.size_class import CLASSES, UNKNOWN
from beffroi.records import models
from beffroi.survey.disclosure import Rule
from beffroi.survey.disclosure_linked import protect_linked
from beffroi.vocabulary.errors import MethodError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from beffroi.survey.disclosure_linked import Relation

LEAST = 3
TOTAL, TOGETHER, SEVERAL, AFTER, LEFT = "total", "together", "several", "after", "left"
DIMENSIONS = ("size", "trade", "territory")
_RULE = Rule(least_units=LEAST, width=1.0)


@dataclass(frozen=True, slots=True)
class Line:
    """One class: `counts` has a number for each column, None where it is hidden."""

    dimension: str
    code: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Mix:
    """How unlike two lists are in one dimension.

    `dissimilarity` is the share of either that would have to change class for both to be alike, 0 to 1; the codes name
    the class in which each stands out most, the leads by how much (difference of shares).

    Source: Duncan and Duncan (1955), American Sociological Review 20(2), doi:10.2307/2088328.
    """

    dimension: str
    dissimilarity: float
    first_code: str
    first_lead: float
    second_code: str
    second_lead: float


@dataclass(frozen=True, slots=True)
class Profile:
    """`columns` are `list:NAME` for each list, then `several`, `together`, `after`, `left`; lines begin with the total.

    `hidden` counts hidden cells; `years` are those of the lists; `by_code` says how many trades were read from the
    activity code alone; `mixes` compare two lists, from shown cells only when the profile is public.
    """

    lists: tuple[str, ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    hidden: int
    years: tuple[int, ...]
    by_code: int
    trades_version: str
    mixes: tuple[Mix, ...]

    def line(self, dimension: str, code: str) -> Line:
        """Return a line by its class."""
        return next(one for one in self.lines if (one.dimension, one.code) == (dimension, code))


def profile(day: date, *, is_public: bool) -> Profile:
    """Return the profile of all that stand in a list on a day.

    Args:
        day: decides which memberships have lapsed.
        is_public: hide small cells.
    """
    held = entries(day)
    if _known.held is not held:
        _known.held, _known.found = held, {}
    if is_public not in _known.found:
        scheme = load_trades()
        days = order_of_lists()
        names = dict(models.Source.objects.filter(kind="list").values_list("id", "name"))
        years = {one.year for source, one in days.items() if source in names}
        _known.found[is_public] = profile_of(
            [one for one in held if one.lists], is_public=is_public, years=tuple(sorted(years)),
            trades_version=scheme.version,
        )  # fmt: skip
    return _known.found[is_public]


def profile_of(
    members: Sequence[Entry], *, is_public: bool, years: tuple[int, ...] = (), trades_version: str = ""
) -> Profile:
    """Return the profile of given organisations; the pure part of `profile`."""
    lists = tuple(sorted({name for one in members for name in one.lists}))
    classes: dict[str, Callable[[Entry], str]] = {
        "size": lambda one: one.size,
        "trade": lambda one: one.trades[0] if one.trades else UNKNOWN,
        "territory": lambda one: one.department or UNKNOWN,
    }
    cells = _Cells(members, lists)
    rows: list[tuple[str, str]] = [(TOTAL, TOTAL)]
    cells.add(members)
    for name in DIMENSIONS:
        groups: dict[str, list[Entry]] = defaultdict(list)
        for one in members:
            groups[classes[name](one)].append(one)
        for code in _ordered(name, groups):
            rows.append((name, code))
            cells.add(groups[code])
        cells.sum_up([place for place, row in enumerate(rows) if row[0] == name])
    shown = np.ones(len(cells.counts), dtype=bool)
    if is_public:
        try:
            shown = protect_linked(cells.counts, cells.relations, offered=cells.offered, rule=_RULE)
        except MethodError:  # so few organisations that there is nothing to hide them behind
            shown = np.zeros(len(cells.counts), dtype=bool)
    lines = tuple(
        Line(dimension, code, tuple(cells.count(row, column) if shown[cells.at(row, column)] else None
                                    for column in cells.columns))
        for row, (dimension, code) in enumerate(rows)
    )  # fmt: skip
    hidden = sum(count is None for one in lines for count in one.counts)
    by_code = sum(one.trades_by == "code" for one in members)
    return Profile(lists, tuple(cells.columns), lines, hidden, years, by_code, trades_version, _mixes(lists, lines))


class _Known:
    """Profiles of one state of the registry."""

    held: object = None
    found: dict[bool, Profile] = {}  # noqa: RUF012 -- replaced whole whenever the registry changes


_known = _Known()


class _Cells:
    """All cells of all rows in one line, with the relations between them.

    Beside the shown columns each row has, for each set of lists, how many stand in just these and remain, and how many
    do not: what is shown can be worked out from these, and they from what is shown.
    """

    def __init__(self, members: Sequence[Entry], lists: tuple[str, ...]) -> None:
        self.lists = lists
        self.patterns = sorted({one.lists for one in members})
        self.columns = [*(f"list:{one}" for one in lists), SEVERAL, TOGETHER, AFTER, LEFT]
        inner = [f"{kind}:{number}" for kind in ("all", "stay", "go") for number in range(len(self.patterns))]
        self.names = {name: place for place, name in enumerate((*self.columns, *inner))}
        self.counts: list[int] = []
        self.relations: list[Relation] = []
        self.offered: list[bool] = []

    def at(self, row: int, column: str) -> int:
        return row * len(self.names) + self.names[column]

    def count(self, row: int, column: str) -> int:
        return self.counts[self.at(row, column)]

    def add(self, members: Sequence[Entry]) -> None:
        row = len(self.counts) // len(self.names)
        found = Counter((one.lists, one.status == MEMBER) for one in members)
        values = dict.fromkeys(self.names, 0)
        for number, pattern in enumerate(self.patterns):
            stay, go = found[pattern, True], found[pattern, False]
            values |= {f"stay:{number}": stay, f"go:{number}": go, f"all:{number}": stay + go}
            values[TOGETHER] += stay + go
            values[AFTER] += stay
            values[LEFT] += go
            values[SEVERAL] += (stay + go) * (len(pattern) > 1)
            for name in pattern:
                values[f"list:{name}"] += stay + go
        self.counts += values.values()
        self.offered += [name in self.columns for name in self.names]
        numbers = range(len(self.patterns))
        for number in numbers:
            self._relate(row, f"all:{number}", [f"stay:{number}", f"go:{number}"])
        self._relate(row, TOGETHER, [f"all:{number}" for number in numbers])
        self._relate(row, AFTER, [f"stay:{number}" for number in numbers])
        self._relate(row, LEFT, [f"go:{number}" for number in numbers])
        self._relate(row, SEVERAL, [f"all:{number}" for number in numbers if len(self.patterns[number]) > 1])
        for name in self.lists:
            self._relate(row, f"list:{name}", [f"all:{number}" for number in numbers if name in self.patterns[number]])

    def sum_up(self, rows: Sequence[int]) -> None:
        """Every column of these rows adds up to the first row."""
        for name in self.names:
            relation = {self.at(row, name): 1.0 for row in rows}
            self.relations.append({**relation, self.at(0, name): -1.0})

    def _relate(self, row: int, total: str, parts: Sequence[str]) -> None:
        self.relations.append({**{self.at(row, part): 1.0 for part in parts}, self.at(row, total): -1.0})


def _ordered(dimension: str, groups: Mapping[str, Sequence[Entry]]) -> list[str]:
    if dimension == "size":
        return list(CLASSES)  # every class of the decree, empty ones included
    return sorted(groups, key=lambda code: (code == UNKNOWN, -len(groups[code]), code))


def _mixes(lists: tuple[str, ...], lines: tuple[Line, ...]) -> tuple[Mix, ...]:
    if len(lists) != 2:  # noqa: PLR2004 -- two lists are compared, more are not
        return ()
    found = []
    for name in DIMENSIONS:
        shares = shares_of([one for one in lines if one.dimension == name], lines[0])
        if not shares:
            continue
        # What is hidden counts as one class: it is what the total leaves.
        rest = [1 - sum(pair[side] for pair in shares.values()) for side in (0, 1)]
        lead = {code: first - second for code, (first, second) in shares.items()}
        apart = (sum(map(abs, lead.values())) + abs(rest[0] - rest[1])) / 2
        first, second = max(lead, key=lambda code: lead[code]), min(lead, key=lambda code: lead[code])
        found.append(Mix(name, round(apart, 4), first, round(lead[first], 4), second, round(-lead[second], 4)))
    return tuple(found)


def shares_of(lines: Sequence[Line], total: Line) -> dict[str, tuple[float, float]]:
    """Return the share of the first two lists in each class that shows both; nothing where a total is hidden or nought.

    >>> shares_of([Line("size", "sme", (3, 1)), Line("size", "micro", (1, None))], Line("total", "total", (4, 4)))
    {'sme': (0.75, 0.25)}
    """
    first_total, second_total = total.counts[:2]
    if not first_total or not second_total:
        return {}
    found = {}
    for one in lines:
        first, second = one.counts[:2]
        if first is not None and second is not None:
            found[one.code] = (first / first_total, second / second_total)
    return found
