"""Build, list and verify editions. An edition is a folder that never changes once it is there.

editions/2026-1/manifest.json         id, day, versions, fingerprints
editions/2026-1/tables/*.parquet      core__* inputs, out__* results
editions/2026-1/definitions/**/*.yaml catalogue as it stood
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from beffroi import __version__
from beffroi.catalogue.load import load, load_texts
from beffroi.catalogue.members import members
from beffroi.observatory.assemble import assemble, by_series
from beffroi.observatory.bases import bases
from beffroi.observatory.compute import Around, compute
from beffroi.observatory.core import (
    observation_columns,
    observations_from,
    provenance_columns,
    provenance_from,
    read_core,
)
from beffroi.observatory.frozen import freeze_places, freeze_series, freeze_sets
from beffroi.observatory.places import places_of
from beffroi.observatory.question import Question
from beffroi.observatory.reading import Point
from beffroi.observatory.structure import WEALTH, inhabitants_of, traits
from beffroi.store.digest import digest_all, digest_file, digest_table, digest_text
from beffroi.store.swap import locked, new_folder, told, write_text
from beffroi.store.tables import read_parquet, write_parquet
from beffroi.vocabulary.errors import StoreError, UnknownDefinitionError, UnknownEditionError
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from beffroi.catalogue.schema import Catalogue, Series
    from beffroi.observatory.columns import Columns
    from beffroi.observatory.core import Core
    from beffroi.observatory.home import Home
    from beffroi.observatory.reading import SetReading

DEFAULT_INDEX = "digital_region"
POPULATION = "demo_r_d2jan"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an edition says of itself. `digest` covers every table and definition by content."""

    id: str
    built_on: str
    version: str
    index: str
    first_year: int
    last_year: int
    digest: str
    tables: dict[str, str]
    definitions: dict[str, str]
    files: dict[str, str]


def build_edition(
    home: Home, *, today: date, index: str = DEFAULT_INDEX, workers: int | None = None,
    report: Callable[[str, int, int], None] | None = None,
) -> Manifest:  # fmt: skip
    """Freeze what the house knows today into a new edition and make it the current one.

    Args:
        home: the house.
        today: the day printed on the edition; its year numbers it (`2026-1`, `2026-2` …).
        index: which index of the catalogue.
        workers: threads (default: the machine's cores); the figures do not depend on it.
        report: called with (step, done, total) as work goes on.

    Returns:
        The manifest of the new edition.

    Raises:
        CatalogueError, StoreError, MethodError: nothing was changed.
    """
    with locked(home.editions, doing="build an edition"):
        catalogue = load(home.definitions if home.definitions.exists() else None)
        core = read_core(home)
        tables = make_tables(
            core,
            catalogue,
            index=index,
            year=today.year,
            workers=workers or os.cpu_count() or 1,
            report=report,
        )
        edition_id = next_id(home, today.year)
        manifest = _write(home.edition(edition_id), edition_id, today, index, tables, catalogue)
        write_text(home.current, edition_id + "\n")
    return manifest


def make_tables(
    core: Core, catalogue: Catalogue, *, index: str, year: int, workers: int,
    report: Callable[[str, int, int], None] | None = None,
) -> dict[str, Columns]:  # fmt: skip
    """Compute every table of an edition from observations and definitions: a pure function of its inputs."""
    if index not in catalogue.indices:
        known = ", ".join(sorted(catalogue.indices))
        raise UnknownDefinitionError(f"Index '{index}' is not in the catalogue (known: {known}).")
    used = catalogue.indices[index]
    indicators = {name: catalogue.indicators[name] for name in used.indicators}
    observations = by_series(core[0])
    readings: dict[str, SetReading] = {}
    points: dict[tuple[str, str], tuple[Point, ...]] = {}
    places = places_of(catalogue.sets.values())
    population = population_of(catalogue)
    beside = tuple(
        catalogue.indicators[one] for one in (WEALTH,) if one in catalogue.indicators and one not in indicators
    )
    total = used.uncertainty.scenarios * len(catalogue.sets)
    done = 0

    def progress(scenarios: int) -> None:
        nonlocal done
        done += scenarios
        if report is not None:
            report("scenarios", done, total)

    for chosen in catalogue.sets.values():
        if report is not None:
            report(f"set {chosen.id}", done, total)
        regions = members(chosen)
        panel = assemble(
            observations,
            (*indicators.values(), *beside),
            regions,
            vintage=chosen.vintage,
            population=population,
        )
        question = Question(chosen.id, regions, used, indicators, year)
        persons = inhabitants_of(observations, population, regions, chosen.vintage)
        around = Around(
            traits(regions, panel, places, persons),
            bases(panel, tuple(indicators.values()), regions,
                  observations=observations, catalogue=catalogue, vintage=chosen.vintage),
        )  # fmt: skip
        readings[chosen.id] = compute(panel, question, around, workers=workers, progress=progress)
        for key, figures in panel.figures.items():
            if key[0] not in indicators:
                continue
            points.setdefault(key, tuple(Point(one.year, one.value, one.status, one.origin) for one in figures))
    return {
        "core__observations": observation_columns(core[0]),
        "core__provenance": provenance_columns(core[1]),
        "out__series": freeze_series(points),
        "out__places": freeze_places(places),
        **freeze_sets(readings),
    }


def edition_ids(home: Home) -> tuple[str, ...]:
    """Return the ids of all finished editions, newest first."""
    if not home.editions.exists():
        return ()
    found = [one.parent.name for one in home.editions.glob("*/manifest.json") if not one.parent.name.startswith(".")]
    return tuple(sorted(found, key=_order, reverse=True))


def next_id(home: Home, year: int) -> str:
    """Return the next free id of a year: `2026-1`, then `2026-2`."""
    numbers = [_order(one)[1] for one in edition_ids(home) if _order(one)[0] == year]
    return f"{year}-{max(numbers, default=0) + 1}"


def current_id(home: Home) -> str:
    """Return the id of the edition shown by default.

    Raises:
        UnknownEditionError: no edition was built yet.
    """
    held = edition_ids(home)
    if not held:
        raise UnknownEditionError(
            Text(
                f"Il n’y a pas encore d’édition dans {home.editions}. Lancez « beffroi edition build » "
                "(ou « beffroi up »).",
                f"There is no edition in {home.editions} yet. Run 'beffroi edition build' (or 'beffroi up').",
            )
        )
    named = home.current.read_text(encoding="utf-8").strip() if home.current.exists() else ""
    return named if named in held else held[0]


def read_manifest(home: Home, edition_id: str) -> Manifest:
    """Return what an edition says of itself.

    Raises:
        UnknownEditionError: this house does not hold it.
        StoreError: its manifest is damaged.
    """
    path = home.edition(edition_id) / "manifest.json"
    if edition_id not in edition_ids(home):
        held = ", ".join(edition_ids(home)) or "none yet"
        raise UnknownEditionError(
            Text(
                f"L’édition « {edition_id} » n’est pas dans {home.editions} (il y a : {held}).",
                f"Edition '{edition_id}' is not in {home.editions} (held: {held}).",
            )
        )
    try:
        return Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise StoreError(f"{path} is damaged ({error}). Restore it from a copy or build a new edition.") from error


def frozen_core(home: Home, edition_id: str) -> Core:
    """Return the observations an edition was built from."""
    tables = home.edition(edition_id) / "tables"
    return (
        observations_from(read_parquet(tables / "core__observations.parquet")[1]),
        provenance_from(read_parquet(tables / "core__provenance.parquet")[1]),
    )


def frozen_catalogue(home: Home, edition_id: str) -> Catalogue:
    """Return the definitions an edition was built with."""
    folder = home.edition(edition_id) / "definitions"
    with told(folder):
        texts = {
            one.relative_to(folder).as_posix(): one.read_text(encoding="utf-8")
            for one in sorted(folder.rglob("*.yaml"))
        }
    return load_texts(texts)


def population_of(catalogue: Catalogue) -> Series | None:
    """Return the series of inhabitants, None where no indicator uses it."""
    every = (one for indicator in catalogue.indicators.values() for one in indicator.series)
    return next((one for one in every if one.dataset == POPULATION), None)


def _write(
    folder: Path,
    edition_id: str,
    today: date,
    index: str,
    tables: Mapping[str, Columns],
    catalogue: Catalogue,
) -> Manifest:
    digests = {name: digest_table(columns) for name, columns in tables.items()}
    definitions = {name: digest_text(text) for name, text in catalogue.files.items()}
    years = [int(str(year)) for year in tables["out__cells"]["year"] if year is not None]
    with new_folder(folder) as part:
        (part / "tables").mkdir()
        for name, columns in tables.items():
            write_parquet(part / "tables" / f"{name}.parquet", columns)
        for name, text in catalogue.files.items():
            place = part / "definitions" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        files = {one.relative_to(part).as_posix(): digest_file(one) for one in sorted(part.rglob("*")) if one.is_file()}
        manifest = Manifest(
            edition_id, today.isoformat(), __version__, index, min(years), max(years),
            digest_all({**digests, **definitions}), digests, definitions, files,
        )  # fmt: skip
        (part / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")
    return manifest


def _order(edition_id: str) -> tuple[int, int]:
    year, _, number = edition_id.partition("-")
    return (int(year), int(number)) if year.isdigit() and number.isdigit() else (0, 0)
