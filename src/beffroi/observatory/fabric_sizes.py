"""How large the establishments of a territory are: active ones by size group, no secret recoverable.

Country and regions are protected together, with their totals over sizes; EPCI within their département, where what is
hidden of the département hides its EPCI too. Départements that share an EPCI are protected together, with all EPCI that
lie in any of them; one that lies in two is hidden where either of them hides.

Groups are those of Eurostat. The staff of an establishment is that of the end of the year before last; who has none
and whose staff is unknown are one group, for the register does not tell them apart.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from beffroi.observatory.fabric_territories import COUNTRY, inside
from beffroi.observatory.fabric_years import TREE
from beffroi.store.registers_lives import sizes_sql
from beffroi.survey.disclosure import COMPLEMENTARY, SHOWN
from beffroi.survey.overlaps import Sets, protect_sets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from beffroi.observatory.fabric_public import Public
    from beffroi.observatory.fabric_subject import Subject
    from beffroi.store.registers_engine import Engine
    from beffroi.store.tables import Value

    Parts = Mapping[str, Mapping[str, tuple[int, int]]]  # EPCI, size → establishments, units
    Counts = Mapping[tuple[str, str, str], tuple[int, int]]  # level or parent, territory, size → establishments, units

SIZES = ("0", "1-9", "10-49", "50-249", "250+")
ALL_SIZES = "total"
_CELLS = (ALL_SIZES, *SIZES)


def size_rows(asked: Subject, engine: Engine, public: Public) -> list[tuple[Value, ...]]:
    """Rows `territory`, `size`, `establishments`, `reason` of the country, NUTS regions and EPCI.

    Args:
        asked: perimeter and month.
        engine: knows the tables.
        public: totals as they are shown; where one is secret, so are its sizes.
    """
    counts: dict[tuple[str, str, str], tuple[int, int]] = {}
    for level in TREE:
        for code, _, size, sites, units in engine.rows(_sql(asked, engine, level))[1]:
            counts[level, str(code), str(size)] = int(sites), int(units)
    found = _regions(counts, public)
    parts: dict[str, dict[str, dict[str, tuple[int, int]]]] = {}
    for code, parent, size, sites, units in engine.rows(_sql(asked, engine, "epci"))[1]:
        parts.setdefault(str(parent), {}).setdefault(str(code), {})[str(size)] = int(sites), int(units)
    rows: list[tuple[Value, ...]] = [
        (code, size, *_said(counts.get((level, code, size), (0, 0))[0], why))
        for (level, code, size), why in found.items()
        if size != ALL_SIZES
    ]
    for departments in neighbours():
        rows += _epcis(departments, parts, found, public)
    return rows


def _sql(asked: Subject, engine: Engine, level: str) -> str:
    return sizes_sql(level, activities=asked.inside(engine), vintage=asked.vintage)


def _said(sites: int, why: str) -> tuple[int | None, str]:
    return (None, why) if why else (sites, SHOWN)


def _regions(counts: Counts, public: Public) -> dict[tuple[str, str, str], str]:
    """Why each cell of the country and NUTS regions is secret."""
    nodes = [(level, code) for level in TREE for code in ([COUNTRY] if level == "country" else inside(COUNTRY, level))]
    leaves = [*inside(COUNTRY, "nuts3"), ""]  # what lies outside NUTS is in the country alone
    values = {
        size: np.array([counts.get(("nuts3", leaf, size), (0, 0))[0] for leaf in leaves], dtype=float) for size in SIZES
    }
    holds = np.array(
        [[code == COUNTRY or (bool(leaf) and leaf.startswith(code)) for leaf in leaves] for _, code in nodes]
    )
    units = {size: np.array([counts.get((level, code, size), (0, 0))[1] for level, code in nodes]) for size in SIZES}
    hidden = np.array([bool(public.inside[node].reason) for node in nodes])
    reasons = _crossed(values, holds, units, hidden)
    return {(*node, size): reasons[n][k] for n, node in enumerate(nodes) for k, size in enumerate(_CELLS)}


@cache
def neighbours() -> tuple[tuple[str, ...], ...]:
    """Départements (NUTS-3) in groups: those that share an EPCI, directly or through others, are in one.

    >>> [one for one in neighbours() if "FRI15" in one or "FRF21" in one]
    [('FRF21',), ('FRI15', 'FRJ26')]
    """
    group = {one: {one} for one in inside(COUNTRY, "nuts3")}
    for epci in inside(COUNTRY, "epci"):
        joined = set().union(*(group[one] for one in inside(epci, "nuts3")))
        group |= dict.fromkeys(joined, joined)
    return tuple(dict.fromkeys(tuple(sorted(one)) for one in group.values()))


def _epcis(
    departments: Sequence[str], counted: Mapping[str, Parts], above: Mapping[tuple[str, str, str], str], public: Public
) -> list[tuple[Value, ...]]:
    """Rows of the EPCI of a group of départements; `counted` holds for each of these its part of each EPCI."""
    own = sorted({one for department in departments for one in inside(department, "epci")})
    if not own:
        return []
    places = sorted({(here, one) for here in departments for one in {*counted.get(here, {}), *inside(here, "epci")}})
    holds = np.array([[here == each for here, _ in places] for each in departments]
                     + [[one == each for _, one in places] for each in own])  # fmt: skip

    def summed(one: str, size: str, at: int) -> int:
        # A firm on both sides of a border counts twice among units: those of an EPCI are at least the larger part's.
        held = [counted.get(here, {}).get(one, {}).get(size, (0, 0))[at] for here in departments]
        return max(held) if at else sum(held)

    values = {
        size: np.array([counted.get(here, {}).get(one, {}).get(size, (0, 0))[0] for here, one in places], dtype=float)
        for size in SIZES
    }
    many = [10**9] * len(departments)  # protected before
    units = {size: np.array([*many, *(summed(one, size, 1) for one in own)]) for size in SIZES}
    hidden = np.array([bool(public.inside["nuts3", one].reason) for one in departments]
                      + [bool(public.inside["epci", one].reason) for one in own])  # fmt: skip
    reasons = _crossed(values, holds, units, hidden)
    rows: list[tuple[Value, ...]] = []
    for n, one in enumerate(own, start=len(departments)):
        around = [(k, each) for k, each in enumerate(departments) if each in inside(one, "nuts3")]
        for k, size in enumerate(_CELLS):
            if size == ALL_SIZES:
                continue
            # What the département hides, or would have to, its EPCI hide: they would add up to it.
            is_above = any(
                above["nuts3", each, size] or above["nuts3", each, ALL_SIZES] or reasons[at][k] for at, each in around
            )
            why = reasons[n][k] or (COMPLEMENTARY if is_above else SHOWN)
            rows.append((one, size, *_said(summed(one, size, 0), why)))
    return rows


def _crossed(
    values: Mapping[str, npt.NDArray[np.float64]], holds: npt.NDArray[np.bool_],
    units: Mapping[str, npt.NDArray[np.int64]], hidden: npt.NDArray[np.bool_],
) -> list[list[str]]:  # fmt: skip
    """Reasons of territories × (total and sizes); a territory that is hidden has all its sizes hidden."""
    cells, parts = holds.shape
    width = len(SIZES)
    small = np.concatenate([values[size] for size in SIZES])
    members = np.zeros((cells, width + 1, width * parts), dtype=bool)
    for k in range(width):
        members[:, k + 1, k * parts : (k + 1) * parts] = holds
    members[:, 0, :] = members[:, 1:, :].any(axis=1)
    # Totals are shown elsewhere and were protected there: many units, so that only sizes are judged here.
    per_cell = np.stack([np.full(cells, 10**9), *(units[size] for size in SIZES)], axis=1)
    start = np.repeat(hidden[:, None], width + 1, axis=1)
    flat = members.reshape(-1, width * parts)
    sets = Sets(small, flat, per_cell.ravel().astype(np.int64), np.zeros(flat.shape[0]), np.full(small.size, np.inf))
    found = protect_sets(sets, hidden=start.ravel()).reshape(cells, width + 1)
    found = np.where((found == SHOWN) & start, COMPLEMENTARY, found)
    # A total that would have to be hidden here is shown elsewhere: its sizes are hidden instead, all of them.
    lost = (found[:, 0] != SHOWN)[:, None]
    return [[str(why) for why in row] for row in np.where(lost & (found == SHOWN), COMPLEMENTARY, found)]
