"""Is an edition still what was published, and do its inputs still give its results?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.observatory.edition import frozen_catalogue, frozen_core, make_tables, read_manifest
from beffroi.observatory.signatures import read_signatures, unfit
from beffroi.store.digest import digest_file, digest_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from beffroi.observatory.home import Home


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found.

    `damaged`: files whose bytes changed or are gone; `differing`: tables that come out otherwise; `unfit`: what is
    wrong with the signatures beside the edition.
    """

    edition: str
    files: int
    damaged: tuple[str, ...]
    tables: int
    differing: tuple[str, ...]
    signatures: int = 0
    unfit: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every file is intact, every table was found again, and every signature fits."""
        return not self.damaged and not self.differing and not self.unfit


def verify_edition(
    home: Home, edition_id: str, *, workers: int = 1, report: Callable[[str, int, int], None] | None = None
) -> Verification:
    """Check signatures and every file's fingerprint, then rebuild every table from the frozen inputs and compare.

    A damaged input is reported and nothing is rebuilt from it.

    Raises:
        UnknownEditionError: this house does not hold the edition.
        StoreError: its manifest is damaged.
    """
    manifest = read_manifest(home, edition_id)
    folder = home.edition(edition_id)
    signed = read_signatures(home, edition_id)
    wrong = unfit(signed, manifest.digest)
    damaged = tuple(
        name
        for name, digest in manifest.files.items()
        if not (folder / name).exists() or digest_file(folder / name) != digest
    )
    if damaged:
        return Verification(edition_id, len(manifest.files), damaged, len(manifest.tables), (), len(signed), wrong)
    rebuilt = make_tables(
        frozen_core(home, edition_id),
        frozen_catalogue(home, edition_id),
        index=manifest.index,
        year=int(manifest.built_on[:4]),
        workers=workers,
        report=report,
    )
    differing = tuple(name for name, digest in manifest.tables.items() if digest_table(rebuilt.get(name, {})) != digest)
    return Verification(edition_id, len(manifest.files), (), len(manifest.tables), differing, len(signed), wrong)
