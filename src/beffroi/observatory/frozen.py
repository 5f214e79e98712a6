"""Readings as tables and back: what an edition's files hold, column by column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from beffroi.observatory.columns import columns_of, rows_of
from beffroi.observatory.frozen_outlook import freeze_outlook, thaw_outlook
from beffroi.observatory.reading import (
    Cell,
    Exclusion,
    Goal,
    Hang,
    Lever,
    PillarStanding,
    Place,
    Point,
    SetReading,
    Standing,
    Treated,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from beffroi.observatory.columns import Columns, Table
    from beffroi.store.tables import Rows, Value


def freeze_sets(readings: Mapping[str, SetReading]) -> dict[str, Columns]:
    """Return every table of every comparison set, sets one below the other."""
    tables: dict[str, Columns] = {}
    for reading in readings.values():
        mark: dict[str, Value] = {"set_id": reading.set_id}
        parts: dict[str, Columns] = {
            "out__standings": columns_of(Standing, reading.standings, fixed=mark),
            "out__excluded": columns_of(Exclusion, reading.excluded, fixed=mark),
            "out__pillars": columns_of(PillarStanding, reading.pillars.values(), fixed=mark),
            "out__cells": columns_of(Cell, reading.cells.values(), fixed=mark),
            "out__treated": columns_of(Treated, reading.treated.values(), fixed=mark),
            "out__dropped": {
                "set_id": [reading.set_id] * len(reading.dropped),
                "indicator": list(reading.dropped),
                "coverage": list(reading.dropped.values()),
            },
            "out__pairwise": _pairs(reading),
            "out__runs": _run(reading),
            **_goals(reading),
            "out__hangs": _hangs(reading),
            **freeze_outlook(reading.set_id, reading.outlook),
        }
        for name, columns in parts.items():
            held = tables.setdefault(name, {column: [] for column in columns})
            for column, values in columns.items():
                held[column].extend(values)
    return tables


def thaw_sets(tables: Mapping[str, Table]) -> dict[str, SetReading]:
    """Return the readings frozen by `freeze_sets`, in their order."""
    names, runs = tables["out__runs"]
    at = {name: number for number, name in enumerate(names)}
    order = list(dict.fromkeys(row[at["set_id"]] for row in runs))
    return {str(set_id): _thaw(str(set_id), tables, [row for row in runs if row[0] == set_id]) for set_id in order}


def _pairs(reading: SetReading) -> Columns:
    regions = [one.region for one in reading.standings]
    upper = np.triu_indices(len(regions), 1)
    return {
        "set_id": [reading.set_id] * upper[0].size,
        "region": [regions[i] for i in upper[0]],
        "rival": [regions[k] for k in upper[1]],
        "p_above": [float(p) for p in reading.pairwise[upper]],
    }


def _goals(reading: SetReading) -> dict[str, Columns]:
    found = reading.goals.values()
    plain = ("region", "top", "is_feasible", "years", "rank")
    goals: Columns = {name: [getattr(one, name) for one in found] for name in plain}
    flat = [(one, lever) for one in found for lever in one.levers]
    levers: Columns = {
        "region": [one.region for one, _ in flat],
        "top": [one.top for one, _ in flat],
        **columns_of(Lever, [lever for _, lever in flat]),
    }
    return {
        "out__goals": {"set_id": [reading.set_id] * len(reading.goals), **goals},
        "out__levers": {"set_id": [reading.set_id] * len(flat), **levers},
    }


def _hangs(reading: SetReading) -> Columns:
    flat = [(region, one) for region, found in reading.hangs.items() for one in found]
    return {
        "set_id": [reading.set_id] * len(flat),
        "region": [region for region, _ in flat],
        **columns_of(Hang, [one for _, one in flat]),
    }


def _thaw_hangs(set_id: str, tables: Mapping[str, Table]) -> dict[str, tuple[Hang, ...]]:
    found: dict[str, list[Hang]] = {}
    for chosen, region, *rest in tables["out__hangs"][1]:
        if chosen == set_id:
            found.setdefault(region, []).append(Hang(*rest))
    return {region: tuple(hangs) for region, hangs in found.items()}


def _thaw_goals(set_id: str, tables: Mapping[str, Table]) -> dict[tuple[str, int], Goal]:
    levers: dict[tuple[str, int], list[Lever]] = {}
    for chosen, region, top, *rest in tables["out__levers"][1]:
        if chosen == set_id:
            levers.setdefault((region, top), []).append(Lever(*rest))
    return {
        (region, top): Goal(region, top, is_feasible, years, rank, tuple(levers.get((region, top), ())))
        for chosen, region, top, is_feasible, years, rank in tables["out__goals"][1]
        if chosen == set_id
    }


def _run(reading: SetReading) -> Columns:
    n = len(reading.choices)
    return {
        "set_id": [reading.set_id] * n,
        "index_id": [reading.index_id] * n,
        "scenarios": [reading.scenarios] * n,
        "seed": [reading.seed] * n,
        "choice": [name for name, _ in reading.choices],
        "drawn": [count for _, count in reading.choices],
    }


def _thaw(set_id: str, tables: Mapping[str, Table], runs: Rows) -> SetReading:
    standings = tuple(rows_of(Standing, tables["out__standings"], set_id=set_id))
    pillars = rows_of(PillarStanding, tables["out__pillars"], set_id=set_id)
    cells = rows_of(Cell, tables["out__cells"], set_id=set_id)
    treated = rows_of(Treated, tables["out__treated"], set_id=set_id)
    _, index_id, scenarios, seed, _, _ = runs[0]
    return SetReading(
        set_id=set_id,
        index_id=str(index_id),
        standings=standings,
        excluded=tuple(rows_of(Exclusion, tables["out__excluded"], set_id=set_id)),
        pillars={(one.region, one.pillar): one for one in pillars},
        cells={(one.region, one.indicator): one for one in cells},
        treated={one.indicator: one for one in treated},
        dropped={str(row[1]): float(row[2]) for row in tables["out__dropped"][1] if row[0] == set_id},
        pairwise=_matrix(tables["out__pairwise"][1], set_id, [one.region for one in standings]),
        scenarios=int(scenarios),
        seed=int(seed),
        choices=tuple((str(row[4]), int(row[5])) for row in runs),
        goals=_thaw_goals(set_id, tables),
        hangs=_thaw_hangs(set_id, tables),
        outlook=thaw_outlook(set_id, tables),
    )


def _matrix(rows: Rows, set_id: str, regions: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    n = len(regions)
    out = np.full((n, n), 0.5, dtype=np.float32)
    p = np.array([row[3] for row in rows if row[0] == set_id], dtype=np.float32)
    upper = np.triu_indices(n, 1)
    out[upper] = p
    out[(upper[1], upper[0])] = 1 - p
    return out


def freeze_series(series: Mapping[tuple[str, str], Sequence[Point]]) -> Columns:
    """Return all points as one table: indicator, region, year, value, status, origin."""
    flat = [(indicator, region, point) for (indicator, region), points in series.items() for point in points]
    return {
        "indicator": [one for one, _, _ in flat],
        "region": [one for _, one, _ in flat],
        **columns_of(Point, [point for _, _, point in flat]),
    }


def thaw_series(table: Table) -> dict[tuple[str, str], tuple[Point, ...]]:
    """Return the points frozen by `freeze_series`."""
    out: dict[tuple[str, str], list[Point]] = {}
    for indicator, region, year, value, status, origin in table[1]:
        out.setdefault((str(indicator), str(region)), []).append(Point(year, float(value), status, origin))
    return {key: tuple(points) for key, points in out.items()}


def freeze_places(places: Mapping[str, Place]) -> Columns:
    """Return the places as one table."""
    return columns_of(Place, places.values())


def thaw_places(table: Table) -> dict[str, Place]:
    """Return the places frozen by `freeze_places`, by code."""
    return {one.code: one for one in rows_of(Place, table)}
