"""Open an edition for reading: the one way from a door to what was published.

An edition never changes, so an opened one is kept in memory; only which edition is current is looked up each time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from beffroi.observatory.core import provenance_from
from beffroi.observatory.edition import current_id, edition_ids, frozen_catalogue, read_manifest
from beffroi.observatory.errata import read_errata
from beffroi.observatory.frozen import thaw_places, thaw_series, thaw_sets
from beffroi.observatory.frozen_outlook import LATER_TABLES
from beffroi.observatory.home import Home
from beffroi.observatory.reading import Edition
from beffroi.observatory.signatures import read_signatures
from beffroi.store.tables import read_parquet
from beffroi.vocabulary.text import Text

if TYPE_CHECKING:
    from pathlib import Path

KEPT_OPEN = 4
_TABLES = (
    "out__standings", "out__excluded", "out__pillars", "out__cells", "out__treated", "out__dropped",
    "out__pairwise", "out__runs", "out__goals", "out__levers", "out__hangs", "out__series", "out__places",
)  # fmt: skip


def editions(home: Path) -> tuple[str, ...]:
    """Return the ids of the editions under `home`, newest first; none when nothing was built."""
    return edition_ids(Home(home))


def open_edition(home: Path, edition_id: str | None = None) -> Edition:
    """Return an edition, the current one when none is named.

    Args:
        home: the house's folder.
        edition_id: such as `2026-1`.

    Raises:
        UnknownEditionError: nothing was built yet, or this house does not hold that edition.
        StoreError: a file of the edition is missing or damaged.
    """
    house = Home(home)
    chosen = edition_id or current_id(house)
    read_manifest(house, chosen)
    return _opened(home, chosen, _stamp(house.errata(chosen)), _stamp(house.signatures(chosen)))


@lru_cache(maxsize=KEPT_OPEN)
def _opened(path: Path, edition_id: str, errata_stamp: int, signed_stamp: int) -> Edition:
    del errata_stamp, signed_stamp  # parts of the cache's key only: a new erratum or signature is read at once
    home = Home(path)
    manifest = read_manifest(home, edition_id)
    catalogue = frozen_catalogue(home, edition_id)
    folder = home.edition(edition_id) / "tables"
    # An edition from before a question was asked lacks its tables; one that lists them must have them.
    later = [name for name in LATER_TABLES if name in manifest.tables]
    tables = {name: read_parquet(folder / f"{name}.parquet") for name in (*_TABLES, *later)}
    provenance = provenance_from(read_parquet(folder / "core__provenance.parquet")[1])
    used = catalogue.indices[manifest.index]
    indicators = {name: catalogue.indicators[name] for name in used.indicators}
    # A source of other figures (the register of firms) is no source of these.
    asked = {series.source for one in indicators.values() for series in one.series}
    return Edition(
        id=edition_id,
        title=Text(f"Édition {edition_id}", f"Edition {edition_id}"),
        built_on=manifest.built_on,
        digest=manifest.digest,
        version=manifest.version,
        first_year=manifest.first_year,
        last_year=manifest.last_year,
        places=thaw_places(tables["out__places"]),
        indicators=indicators,
        indices={used.id: used},
        definitions=dict(catalogue.sets),
        sources={name: one for name, one in catalogue.sources.items() if name in asked},
        provenance={one.series: one for one in provenance},
        sets=thaw_sets(tables),
        series=thaw_series(tables["out__series"]),
        errata=read_errata(home, edition_id),
        signatures=read_signatures(home, edition_id),
    )


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0
