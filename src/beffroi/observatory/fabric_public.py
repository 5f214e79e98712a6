"""The fabric as it may be shown: firms, establishments and jobs of every territory, secrets kept across all of them.

Regions, départements and EPCI overlap, and readers see them all; so they are protected together, once for a perimeter
and a month, and every page, export and measure takes its figures from here. Communes are told within their EPCI: where
that is secret so are they.

What is inside a perimeter and all activities together are shown; what lies outside is their difference, and is kept as
secret as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from beffroi.observatory.fabric_subject import outside
from beffroi.store.registers import within
from beffroi.store.registers_figures import Question, contributors_sql, counts_sql
from beffroi.survey.disclosure import COMPLEMENTARY, SHOWN, Rule
from beffroi.survey.overlaps import Sets, primary_of, protect_sets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from beffroi.observatory.fabric_subject import Subject
    from beffroi.store.registers_engine import Engine
    from beffroi.store.registers_figures import Ranges

    Flags = npt.NDArray[np.bool_]
    Figures = dict[str, npt.NDArray[np.float64]]
    _Reasons = dict[str, npt.NDArray[np.str_]]

LEVELS = ("country", "nuts1", "nuts2", "nuts3", "epci")
INSIDE, ALL, REST = "perimeter", "all activities", "other activities"
MEASURES = ("establishments", "jobs")
KINDS = {"counts": "establishments", "jobs": "jobs"}
_COLUMNS = ("units", "establishments", "employers", "jobs", "largest")
_OWN, _PARENT = "commune", "epci"


@dataclass(frozen=True, slots=True)
class Figure:
    """One territory's figures; counts are missing where `reason` says why they are secret, jobs where `jobs_reason`.

    `units` are legal units with an active establishment here, `establishments` active ones, `jobs` the middles of staff
    bands (the lower bound of the open one). One firm with most of the jobs is no secret of the counts.
    """

    level: str
    code: str
    units: int | None
    establishments: int | None
    jobs: float | None
    reason: str
    jobs_reason: str

    @property
    def is_shown(self) -> bool:
        """Whether the counts may be seen."""
        return self.reason == SHOWN


@dataclass(frozen=True, slots=True)
class Public:
    """Figures of every territory: inside the perimeter, and of all activities, by (level, code)."""

    inside: Mapping[tuple[str, str], Figure]
    whole: Mapping[tuple[str, str], Figure]

    def of(self, level: str, codes: Sequence[str] | None = None) -> list[tuple[Figure, Figure]]:
        """Inside and whole of each territory of a level, in order of codes; of these codes only, where given."""
        keys = [key for key in self.whole if key[0] == level and (codes is None or key[1] in codes)]
        return [(self.inside[key], self.whole[key]) for key in sorted(keys)]


def public_figures(asked: Subject, engine: Engine, *, rule: Rule | None = None) -> Public:
    """Count and protect the country, NUTS regions, départements (NUTS-3) and EPCI.

    Raises:
        StoreError: the tables cannot be read.
    """
    rows = _places(engine)
    parts = sorted({row[:-1] for row in rows})  # country, nuts1, nuts2, nuts3, epci
    keys = [(level, code) for k, level in enumerate(LEVELS) for code in sorted({part[k] for part in parts}) if code]
    codes = {level: np.array([part[k] for part in parts]) for k, level in enumerate(LEVELS)}
    members = np.array([codes[level] == code for level, code in keys])
    number = {part: n for n, part in enumerate(parts)}
    part_of = {row[-1]: number[row[:-1]] for row in rows}
    counted = {
        what: _counted(asked, engine, ranges, keys, part_of=part_of, parts=len(parts))
        for what, ranges in _ranges(asked, engine).items()
    }
    inside, whole = _protected(counted, members, rule or Rule())
    return Public(
        {key: _figure(key, counted[INSIDE][0], inside, n) for n, key in enumerate(keys)},
        {key: _figure(key, counted[ALL][0], whole, n) for n, key in enumerate(keys)},
    )


def communes_of(asked: Subject, engine: Engine, public: Public, epci: str, *, rule: Rule | None = None) -> Public:
    """Figures of the communes of an EPCI; all secret where the EPCI itself is."""
    held = [row for row in _places(engine) if row[LEVELS.index(_PARENT)] == epci]
    codes = sorted({row[-1] for row in held})
    keys = [(_PARENT, epci), *((_OWN, code) for code in codes)]
    members = np.array([np.ones(len(codes), bool), *np.eye(len(codes), dtype=bool)])
    part_of = {code: n for n, code in enumerate(codes)}
    places = within(engine, epci)
    counted = {
        what: _counted(asked, engine, ranges, keys, part_of=part_of, parts=len(codes), places=places)
        for what, ranges in _ranges(asked, engine).items()
    }
    inside, whole = _protected(counted, members, rule or Rule())
    for shown, reasons in ((public.inside[_PARENT, epci], inside), (public.whole[_PARENT, epci], whole)):
        # The total is what the country's tables say of it: where they hide it, its parts may not lead to it.
        for kind, why in (("counts", shown.reason), ("jobs", shown.jobs_reason)):
            if why != SHOWN or reasons[kind][0] != SHOWN:
                reasons[kind][reasons[kind] == SHOWN] = COMPLEMENTARY
    return Public(
        {key: _figure(key, counted[INSIDE][0], inside, n) for n, key in enumerate(keys) if n},
        {key: _figure(key, counted[ALL][0], whole, n) for n, key in enumerate(keys) if n},
    )


def _places(engine: Engine) -> list[tuple[str, ...]]:
    """Country, NUTS 1 to 3, EPCI and commune of every commune in France."""
    _, rows = engine.rows(
        "SELECT DISTINCT country, nuts1, nuts2, nuts3, epci, commune FROM places WHERE country = 'FR' ORDER BY commune"
    )
    return [tuple(map(str, row)) for row in rows]


def _ranges(asked: Subject, engine: Engine) -> dict[str, Ranges | None]:
    inside = asked.inside(engine)
    _, rows = engine.rows("SELECT max(key) FROM activities")
    return {INSIDE: inside, ALL: None, REST: outside(inside, last=int(rows[0][0]))}


def _counted(
    asked: Subject, engine: Engine, ranges: Ranges | None, keys: Sequence[tuple[str, str]], *,
    part_of: Mapping[str, int], parts: int, places: Ranges | None = None,
) -> tuple[Figures, Figures]:  # fmt: skip
    """Figures of each territory, in the order of `keys`, and of each part."""
    totals = {name: np.zeros(len(keys)) for name in _COLUMNS}
    small = {name: np.zeros(parts) for name in MEASURES}
    at = {key: n for n, key in enumerate(keys)}
    for level in dict.fromkeys(level for level, _ in keys):
        question = Question(by=("territory",), territory=level, vintage=asked.vintage, places=places, activities=ranges)
        for code, *values in engine.rows(contributors_sql(question, ordered=False))[1]:
            for name, value in zip(_COLUMNS, values, strict=True):
                if (level, code) in at:
                    totals[name][at[level, code]] = value or 0
    parts_asked = Question(by=("territory",), territory=_OWN, vintage=asked.vintage, places=places, activities=ranges)
    for code, sites, _, low, high in engine.rows(counts_sql(parts_asked, ordered=False))[1]:
        if code in part_of:
            small["establishments"][part_of[code]] += sites
            small["jobs"][part_of[code]] += low + high
    return totals, small


def _protected(counted: Mapping[str, tuple[Figures, Figures]], members: Flags, rule: Rule) -> tuple[_Reasons, _Reasons]:
    """Reasons inside and for all activities."""
    inside = _reasons(counted[INSIDE], members, rule, start=None)
    # Whoever knows what is inside and the whole knows the rest; and a whole that leaves no doubt tells what is inside.
    rest = _reasons(counted[REST], members, rule, start=None, alone=True)
    near = counted[REST][0]["establishments"] < rule.least_units
    start = {
        kind: ((rest[kind] != SHOWN) & (inside[kind] == SHOWN)) | ((inside[kind] != SHOWN) & near) for kind in KINDS
    }
    return inside, _reasons(counted[ALL], members, rule, start=start)


def _reasons(
    figures: tuple[Figures, Figures], members: Flags, rule: Rule, *, start: Mapping[str, Flags] | None,
    alone: bool = False,
) -> _Reasons:  # fmt: skip
    """Why counts and jobs are secret; `alone` without what must be hidden besides."""
    found: _Reasons = {}
    secret = np.zeros(members.shape[0], dtype=bool)
    for kind, name in KINDS.items():
        sets = _sets(figures, members, name)
        first = primary_of(sets, rule)
        others = secret if start is None else secret | start[kind]
        first = np.where((first == SHOWN) & others, COMPLEMENTARY, first)
        more = first if alone else protect_sets(sets, rule, hidden=first != SHOWN)
        found[kind] = np.where(first == SHOWN, more, first)
        secret = found[kind] != SHOWN
    return found


def _sets(figures: tuple[Figures, Figures], members: Flags, name: str) -> Sets:
    totals, parts = figures
    largest = totals["largest"] if name == "jobs" else np.zeros(members.shape[0])
    # Where somebody is, more could be; where nobody is, everybody knows.
    room = np.where(parts["establishments"] > 0, np.inf, 0.0)
    return Sets(parts[name], members, totals["units"].astype(np.int64), largest, room)


def _figure(key: tuple[str, str], figures: Figures, reasons: _Reasons, n: int) -> Figure:
    why, why_jobs = (str(reasons[kind][n]) for kind in ("counts", "jobs"))
    units, sites = (int(figures[name][n]) if why == SHOWN else None for name in ("units", "establishments"))
    # Middles of staff bands are halves: the register counts them doubled.
    jobs = float(figures["jobs"][n]) / 2 if why_jobs == SHOWN else None
    return Figure(*key, units, sites, jobs, why, why_jobs)
