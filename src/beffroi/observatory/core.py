"""The observations from which editions are built: the starter's, replaced series by series by live ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beffroi.sources.starter import read_starter
from beffroi.store.swap import new_file
from beffroi.store.tables import read_database, write_database
from beffroi.vocabulary.observation import ConfStatus, Flags, Observation, ObsStatus
from beffroi.vocabulary.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from beffroi.observatory.home import Home
    from beffroi.store.tables import Rows, Value


Core = tuple[tuple[Observation, ...], tuple[Provenance, ...]]


def read_core(home: Home) -> Core:
    """Return what the house holds: the last refresh if there was one, else the starter.

    A starter shipped with a newer version replaces the older starter's figures, never a live one.

    Raises:
        StoreError: the core file is damaged.
    """
    if not home.core.exists():
        return read_starter()
    held = (
        observations_from(read_database(home.core, "observations")[1]),
        provenance_from(read_database(home.core, "provenance")[1]),
    )
    live = {one.series for one in held[1] if not one.is_starter}
    starter = read_starter()
    return (
        tuple(one for one in held[0] if one.series in live)
        + tuple(one for one in starter[0] if one.series not in live),
        tuple(one for one in held[1] if one.series in live)
        + tuple(one for one in starter[1] if one.series not in live),
    )


def write_core(path: Path, core: Core) -> None:
    """Replace the core file in one step."""
    with new_file(path) as part:
        write_database(part, {"observations": observation_columns(core[0]), "provenance": provenance_columns(core[1])})


def replace_series(core: Core, fresh: Mapping[str, tuple[tuple[Observation, ...], Provenance]]) -> Core:
    """Return the core with whole series replaced: a series is all new or all old."""
    return (
        tuple(one for one in core[0] if one.series not in fresh)
        + tuple(one for observations, _ in fresh.values() for one in observations),
        tuple(one for one in core[1] if one.series not in fresh) + tuple(one for _, one in fresh.values()),
    )


def observation_columns(observations: Iterable[Observation]) -> dict[str, list[Value]]:
    """Return observations as columns."""
    listed = list(observations)
    return {
        "series": [one.series for one in listed],
        "region": [one.region for one in listed],
        "year": [one.year for one in listed],
        "value": [one.value for one in listed],
        "status": [one.flags.letters for one in listed],
        "confidentiality": [one.flags.confidentiality.value for one in listed],
    }


def observations_from(rows: Rows) -> tuple[Observation, ...]:
    """Return the observations kept by `observation_columns`."""
    flags: dict[tuple[Value, Value], Flags] = {}
    out = []
    for series, region, year, value, status, confidentiality in rows:
        key = (status, confidentiality)
        if key not in flags:
            flags[key] = Flags(tuple(ObsStatus(letter) for letter in str(status)), ConfStatus(str(confidentiality)))
        out.append(Observation(str(series), str(region), int(year), value, flags[key]))
    return tuple(out)


def provenance_columns(provenance: Iterable[Provenance]) -> dict[str, list[Value]]:
    """Return provenance as columns, filters as `name=value` joined by `&`."""
    listed = list(provenance)
    return {
        "series": [one.series for one in listed],
        "source": [one.source for one in listed],
        "dataset": [one.dataset for one in listed],
        "filters": ["&".join(f"{name}={value}" for name, value in one.filters) for one in listed],
        "licence": [one.licence for one in listed],
        "retrieved_on": [one.retrieved_on for one in listed],
        "sha256": [one.sha256 for one in listed],
        "via": [one.via for one in listed],
        "is_starter": [one.is_starter for one in listed],
    }


def provenance_from(rows: Rows) -> tuple[Provenance, ...]:
    """Return the provenance kept by `provenance_columns`."""
    return tuple(
        Provenance(
            str(series), str(source), str(dataset), _filters(str(filters)), str(licence), str(retrieved_on),
            str(sha256 or ""), str(via or ""), bool(is_starter),
        )
        for series, source, dataset, filters, licence, retrieved_on, sha256, via, is_starter in rows
    )  # fmt: skip


def _filters(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (one.partition("=") for one in text.split("&") if one)
    return tuple((name, value) for name, _, value in pairs)
