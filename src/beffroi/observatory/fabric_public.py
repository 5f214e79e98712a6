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
    _Counted = tuple[Figures, Figures]  # of each territory, and of each part
    Held = dict[tuple[str, str], _Counted]

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


def public_figures(
    asked: Subject, engine: Engine, *, rule: Rule | None = None, beside: Sequence[Public] = (),
    held: Held | None = None,
) -> Public:  # fmt: skip
    """Count and protect the country, NUTS regions, départements (NUTS-3) and EPCI.

    Args:
        asked: perimeter and month.
        engine: knows the tables of the month.
        rule: what is secret; by default three units and 85 %.
        beside: other perimeters of the same month that are shown beside this one: a figure that differs from one of
            theirs by fewer establishments than the rule asks for is a secret too.
        held: counts of all activities, kept here between perimeters of one month.

    Raises:
        StoreError: the tables cannot be read.
    """
    rule = rule or Rule()
    rows = _places(engine)
    parts = sorted({row[:-1] for row in rows})  # country, nuts1, nuts2, nuts3, epci
    keys = [(level, code) for k, level in enumerate(LEVELS) for code in sorted({part[k] for part in parts}) if code]
    codes = {level: np.array([part[k] for part in parts]) for k, level in enumerate(LEVELS)}
    members = np.array([codes[level] == code for level, code in keys])
    number = {part: n for n, part in enumerate(parts)}
    part_of = {row[-1]: number[row[:-1]] for row in rows}
    grid = _Grid(keys, part_of, len(parts))
    counted = _count(asked, engine, grid, rule, held=held)
    inside, whole = _protected(counted, members, rule, near=_near(counted[INSIDE][0], keys, beside, rule))
    return Public(
        {key: _figure(key, counted[INSIDE][0], inside, n) for n, key in enumerate(keys)},
        {key: _figure(key, counted[ALL][0], whole, n) for n, key in enumerate(keys)},
    )


def communes_of(asked: Subject, engine: Engine, public: Public, epci: str, *, rule: Rule | None = None) -> Public:
    """Figures of the communes of an EPCI; all secret where the EPCI itself is."""
    return communes_within(asked, engine, public, [epci], rule=rule, places=within(engine, epci))


def communes_within(
    asked: Subject, engine: Engine, public: Public, epcis: Sequence[str], *, rule: Rule | None = None,
    places: Ranges | None = None, beside: Sequence[Public] = (), held: Held | None = None,
) -> Public:  # fmt: skip
    """Figures of the communes of these EPCI, counted at once and protected one EPCI after the other.

    Args:
        asked: perimeter and month.
        engine: knows the tables of the month.
        public: figures of the EPCI.
        epcis: their codes.
        rule: what is secret.
        places: ranges of keys that hold these communes; None reads all.
        beside: communes of other perimeters of this month that are shown beside this one.
        held: counts of all activities, kept here between perimeters of one month.
    """
    rule = rule or Rule()
    wanted = set(epcis)
    above = {row[-1]: row[LEVELS.index(_PARENT)] for row in _places(engine) if row[LEVELS.index(_PARENT)] in wanted}
    codes = sorted(above)
    keys = [*((_PARENT, one) for one in sorted(wanted)), *((_OWN, code) for code in codes)]
    grid = _Grid(keys, {code: n for n, code in enumerate(codes)}, len(codes))
    counted = _count(asked, engine, grid, rule, places=places, held=held)
    near = _near(counted[INSIDE][0], keys, beside, rule)
    own: dict[str, list[int]] = {}
    for n, code in enumerate(codes):
        own.setdefault(above[code], []).append(n)
    inside: dict[tuple[str, str], Figure] = {}
    whole: dict[tuple[str, str], Figure] = {}
    for k, epci in enumerate(sorted(wanted)):
        at = np.array(own.get(epci, []), dtype=int)
        rows = np.array([k, *(len(wanted) + at)])
        members = np.array([np.ones(at.size, bool), *np.eye(at.size, dtype=bool)])
        these = {what: _cut(each, rows, at) for what, each in counted.items()}
        reasons = _protected(these, members, rule, near=near[rows])
        for shown, why_of in zip((public.inside[_PARENT, epci], public.whole[_PARENT, epci]), reasons, strict=True):
            # The total is what the country's tables say of it: where they hide it, its parts may not lead to it.
            for kind, why in (("counts", shown.reason), ("jobs", shown.jobs_reason)):
                if why != SHOWN or why_of[kind][0] != SHOWN:
                    why_of[kind][why_of[kind] == SHOWN] = COMPLEMENTARY
        for n, code in enumerate((codes[each] for each in at), start=1):
            inside[_OWN, code] = _figure((_OWN, code), these[INSIDE][0], reasons[0], n)
            whole[_OWN, code] = _figure((_OWN, code), these[ALL][0], reasons[1], n)
    return Public(inside, whole)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Territories counted, and the small parts they are made of."""

    keys: Sequence[tuple[str, str]]
    part_of: Mapping[str, int]
    parts: int


def _cut(counted: _Counted, rows: npt.NDArray[np.intp], parts: npt.NDArray[np.intp]) -> _Counted:
    totals, small = counted
    return {name: each[rows] for name, each in totals.items()}, {name: each[parts] for name, each in small.items()}


def _near(figures: Figures, keys: Sequence[tuple[str, str]], beside: Sequence[Public], rule: Rule) -> Flags:
    """Territories where another perimeter shows so nearly the same that the difference is one or two firms."""
    found = np.zeros(len(keys), dtype=bool)
    for n, key in enumerate(keys):
        own = figures["establishments"][n]
        for other in beside:
            known = other.inside[key].establishments if key in other.inside else None
            found[n] |= known is not None and 0 < abs(own - known) < rule.least_units
    return found


def _places(engine: Engine) -> list[tuple[str, ...]]:
    """Country, NUTS 1 to 3, EPCI and commune of every commune in France."""
    _, rows = engine.rows(
        "SELECT DISTINCT country, nuts1, nuts2, nuts3, epci, commune FROM places WHERE country = 'FR' ORDER BY commune"
    )
    return [tuple(map(str, row)) for row in rows]


def _count(
    asked: Subject, engine: Engine, grid: _Grid, rule: Rule, *, places: Ranges | None = None,
    held: Held | None = None,
) -> dict[str, _Counted]:  # fmt: skip
    """Counts inside, of all activities, and of the rest."""
    inside = asked.inside(engine)
    own = _counted(asked, engine, inside, grid, places=places)
    kept = {} if held is None else held
    if (ALL, grid.keys[-1][0]) not in kept:
        kept[ALL, grid.keys[-1][0]] = _counted(asked, engine, None, grid, places=places)
    whole = kept[ALL, grid.keys[-1][0]]
    return {INSIDE: own, ALL: whole, REST: _rest(asked, engine, grid, (own, whole), rule, places=places)}


def _rest(
    asked: Subject, engine: Engine, grid: _Grid, known: tuple[_Counted, _Counted], rule: Rule, *, places: Ranges | None
) -> _Counted:
    """The rest is counted only where its firms could be few or one of them large: elsewhere the difference says so."""
    (own, own_small), (whole, small) = known
    rest = {name: whole[name] - own[name] for name in _COLUMNS}
    rest["largest"] = whole["largest"]  # at most
    parts = {name: small[name] - own_small[name] for name in small}
    few = (rest["establishments"] > 0) & (rest["units"] < rule.least_units)
    doubtful = few | ((rest["jobs"] > 0) & (rest["largest"] > rule.most_share * rest["jobs"]))
    if doubtful.any():
        _, rows = engine.rows("SELECT max(key) FROM activities")
        others = outside(asked.inside(engine), last=int(rows[0][0]))
        exact, _ = _counted(asked, engine, others, grid, places=places, only=doubtful)
        rest = {name: np.where(doubtful, exact[name], rest[name]) for name in _COLUMNS}
    return rest, parts


def _counted(
    asked: Subject, engine: Engine, ranges: Ranges | None, grid: _Grid, *, places: Ranges | None = None,
    only: Flags | None = None,
) -> _Counted:  # fmt: skip
    """Figures of each territory, in the order of the grid, and of each part; of some territories without parts."""
    totals = {name: np.zeros(len(grid.keys)) for name in _COLUMNS}
    small = {name: np.zeros(grid.parts) for name in MEASURES}
    at = {key: n for n, key in enumerate(grid.keys) if only is None or only[n]}
    for level in dict.fromkeys(level for level, _ in at):
        question = Question(by=("territory",), territory=level, vintage=asked.vintage, places=places, activities=ranges)
        for code, *values in engine.rows(contributors_sql(question, ordered=False))[1]:
            if (level, code) in at:
                for name, value in zip(_COLUMNS, values, strict=True):
                    totals[name][at[level, code]] = value or 0
    if only is not None:
        return totals, small
    parts_asked = Question(by=("territory",), territory=_OWN, vintage=asked.vintage, places=places, activities=ranges)
    for code, sites, _, low, high in engine.rows(counts_sql(parts_asked, ordered=False))[1]:
        if code in grid.part_of:
            small["establishments"][grid.part_of[code]] += sites
            small["jobs"][grid.part_of[code]] += low + high
    return totals, small


def _protected(
    counted: Mapping[str, _Counted], members: Flags, rule: Rule, *, near: Flags
) -> tuple[_Reasons, _Reasons]:
    """Reasons inside and for all activities."""
    inside = _reasons(counted[INSIDE], members, rule, start=None, near=near)
    # Whoever knows what is inside and the whole knows the rest; and a whole that leaves no doubt tells what is inside.
    rest = _reasons(counted[REST], members, rule, start=None, alone=True)
    few = counted[REST][0]["establishments"] < rule.least_units
    start = {
        kind: ((rest[kind] != SHOWN) & (inside[kind] == SHOWN)) | ((inside[kind] != SHOWN) & few) for kind in KINDS
    }
    return inside, _reasons(counted[ALL], members, rule, start=start)


def _reasons(
    figures: _Counted, members: Flags, rule: Rule, *, start: Mapping[str, Flags] | None,
    alone: bool = False, near: Flags | None = None,
) -> _Reasons:  # fmt: skip
    """Why counts and jobs are secret; `alone` without what must be hidden besides, `near` with secrets of others."""
    found: _Reasons = {}
    secret = np.zeros(members.shape[0], dtype=bool)
    for kind, name in KINDS.items():
        sets = _sets(figures, members, name)
        first = primary_of(sets, rule)
        others = secret if start is None else secret | start[kind]
        others = others if near is None else others | near
        first = np.where((first == SHOWN) & others, COMPLEMENTARY, first)
        more = first if alone else protect_sets(sets, rule, hidden=first != SHOWN, also_secret=near)
        found[kind] = np.where(first == SHOWN, more, first)
        secret = found[kind] != SHOWN
    return found


def _sets(figures: _Counted, members: Flags, name: str) -> Sets:
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
