"""Read all definitions: the files shipped with the house and, over them, those of its users.

A catalogue is a set of texts by path (`indicators/berd_pct_gdp.yaml` …). `load` finds the texts; `load_texts`
turns them into definitions, checks them against each other and reports every fault at once.
"""

from __future__ import annotations

from importlib import resources
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from beffroi.catalogue.faults import Faults
from beffroi.catalogue.nodes import Fields, compose
from beffroi.catalogue.read_index import read_index
from beffroi.catalogue.read_indicator import read_indicator
from beffroi.catalogue.read_plain import check_id, read_set, read_source, read_units
from beffroi.catalogue.schema import Catalogue, ComparisonSet, Index, Indicator, Source, Unit
from beffroi.vocabulary.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

FOLDERS = ("sources", "indicators", "indices", "comparison_sets")
UNITS = "units.yaml"
EXTRA_UNITS = "units_extra.yaml"  # users' units stand beside ours: one file would replace the other


def load(extra: Path | None = None) -> Catalogue:
    """Read the catalogue of the house, and over it the files of `extra`, laid out in the same way.

    Args:
        extra: a folder of the users' own definitions. A file of the same name replaces ours; units are added.

    Returns:
        Every definition, and in `files` the texts they were read from.

    Raises:
        CatalogueError: some definition is wrong; the message has one line per fault, for all files.

    >>> load().indices["digital_region"].name.en
    'Digital region index'
    """
    files = _collect(resources.files("beffroi.catalogue"))
    shown = {path: f"catalogue/{path}" for path in files}
    if extra is not None:
        if not extra.is_dir():
            raise CatalogueError(
                f"{extra}: there is no such folder; expected a folder with indicators/, indices/ or "
                "comparison_sets/; create it or leave the option out."
            )
        theirs = {EXTRA_UNITS if path == UNITS else path: text for path, text in _collect(extra).items()}
        files |= theirs
        shown |= {path: str(extra / (UNITS if path == EXTRA_UNITS else path)) for path in theirs}
    return _read(files, shown)


def load_texts(files: Mapping[str, str]) -> Catalogue:
    """Read a catalogue from the texts an edition froze (`Catalogue.files`).

    Raises:
        CatalogueError: some definition is wrong; the message has one line per fault, for all files.

    >>> load_texts(load().files) == load()
    True
    """
    return _read(dict(files), {path: path for path in files})


def _collect(root: Traversable | Path) -> dict[str, str]:
    """Texts of the definition files under a folder, by path, sorted."""
    found = {}
    for folder in FOLDERS:
        place = root.joinpath(folder)
        for file in sorted(place.iterdir(), key=lambda one: one.name) if place.is_dir() else ():
            if file.name.endswith(".yaml"):
                found[f"{folder}/{file.name}"] = file.read_text(encoding="utf-8")
    if root.joinpath(UNITS).is_file():
        found[UNITS] = root.joinpath(UNITS).read_text(encoding="utf-8")
    return found


def _read(files: dict[str, str], shown: Mapping[str, str]) -> Catalogue:
    faults = Faults()
    composed = {path: compose(shown[path], text, faults) for path, text in files.items()}
    ids = {folder: {_stem(path) for path in files if path.startswith(f"{folder}/")} for folder in FOLDERS}

    def definitions(folder: str) -> list[Fields]:
        found = [(path, composed[path]) for path in sorted(files) if path.startswith(f"{folder}/")]
        for path, fields in found:
            if fields is not None:
                check_id(fields, _stem(path))
        return [fields for _, fields in found if fields is not None]

    units: dict[str, Unit] = {}
    for path in (UNITS, EXTRA_UNITS):
        fields = composed.get(path)
        units |= read_units(fields) if fields else {}
    sources: list[Source] = [read_source(one) for one in definitions("sources")]
    indicators: list[Indicator] = [
        read_indicator(one, units=units, unit_ids=units.keys(), sources=ids["sources"])
        for one in definitions("indicators")
    ]
    indices: list[Index] = [read_index(one, indicators=ids["indicators"]) for one in definitions("indices")]
    sets: list[ComparisonSet] = [read_set(one) for one in definitions("comparison_sets")]
    if faults.found:
        raise CatalogueError("\n".join(faults.found))
    return Catalogue(
        units=units,
        sources={one.id: one for one in sources},
        indicators={one.id: one for one in indicators},
        indices={one.id: one for one in indices},
        sets={one.id: one for one in sets},
        files=dict(sorted(files.items())),
    )


def _stem(path: str) -> str:
    return PurePosixPath(path).stem
