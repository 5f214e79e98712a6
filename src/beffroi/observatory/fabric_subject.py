"""What a question to the fabric is about: a month of the register, a perimeter, and the territories it can be told for.

Every answer names its subject, so that a figure that leaves its table still says which perimeter, source and month it
is of.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beffroi.catalogue.activity_codes import NACE_2, NACE_2_1
from beffroi.catalogue.perimeters import Perimeter, load_perimeter
from beffroi.store.registers import as_ranges
from beffroi.store.registers_engine import open_duckdb
from beffroi.store.registers_months import Manifest, folder_of, read_manifest
from beffroi.store.registers_tables import REV2, REV21

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from beffroi.store.registers_engine import Engine
    from beffroi.store.registers_figures import Ranges

DEFAULT_PERIMETER = "oecd_ict_sector"
REVISION_OF = {REV2: NACE_2, REV21: NACE_2_1}
SOURCE = "SIRENE (INSEE), Licence Ouverte 2.0"
SYNTHETIC = "synthetic register: no real firm"


@dataclass(frozen=True, slots=True)
class Subject:
    """A perimeter in a month of the register.

    `vintage` is the nomenclature activities are counted by, `NAFRev2` or `NAF2025`; `older` is the month loaded before
    this one, "" when there is none.
    """

    folder: Path
    manifest: Manifest
    perimeter: Perimeter
    vintage: str

    @property
    def codes(self) -> tuple[str, ...]:
        """Beginnings of the codes that the perimeter holds in this nomenclature."""
        return self.perimeter.codes[REVISION_OF[self.vintage]]

    @property
    def month(self) -> str:
        """The snapshot's month."""
        return self.manifest.month

    @property
    def source(self) -> str:
        """Where the figures come from; an invented register says so."""
        return SYNTHETIC if self.manifest.synthetic else SOURCE

    def has(self, table: str) -> bool:
        """Whether a table that need not be there (`successions`, `periods`, `ratios`) was loaded with rows."""
        return bool(self.manifest.rows.get(table))

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Open the tables of the month."""
        with open_duckdb() as engine:
            engine.add_tables(self.folder)
            yield engine

    def inside(self, engine: Engine) -> Ranges:
        """Keys of the activities inside."""
        return ranges_of(engine, self.codes, self.vintage)


def subject(
    register: Path,
    *,
    perimeter: str = DEFAULT_PERIMETER,
    month: str | None = None,
    vintage: str = REV2,
    extra: Path | None = None,
) -> Subject:
    """Name what is asked about.

    Args:
        register: folder of the register.
        perimeter: id of a perimeter of the catalogue.
        month: snapshot; by default the newest.
        vintage: nomenclature of activities.
        extra: the house's own catalogue files.

    Raises:
        StoreError: no register, or not that month.
        UnknownDefinitionError: no such perimeter.
    """
    folder = folder_of(register, month)
    return Subject(folder, read_manifest(folder), load_perimeter(perimeter, extra), vintage)


def ranges_of(engine: Engine, codes: Sequence[str], vintage: str) -> Ranges:
    """Keys of the activities that begin so; codes that no firm of this register carries are left out.

    A small territory's register need not hold every activity of a perimeter.
    """
    _, rows = engine.rows(f"SELECT key, code FROM activities WHERE vintage = '{vintage}' ORDER BY key")  # noqa: S608 -- one of two words
    return as_ranges([int(key) for key, code in rows if str(code).startswith(tuple(codes))])


def merged(ranges: Sequence[tuple[int, int]]) -> Ranges:
    """Bring ranges into order, each key once.

    >>> merged([(5, 6), (1, 2), (3, 3), (6, 9)])
    ((1, 3), (5, 9))
    """
    out: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if out and low <= out[-1][1] + 1:
            out[-1] = out[-1][0], max(out[-1][1], high)
        else:
            out.append((low, high))
    return tuple(out)


def outside(ranges: Ranges, *, last: int) -> Ranges:
    """All other keys from 0 to `last`.

    >>> outside(((1, 3), (5, 9)), last=12)
    ((0, 0), (4, 4), (10, 12))
    """
    out, start = [], 0
    for low, high in merged(ranges):
        if low > start:
            out.append((start, low - 1))
        start = high + 1
    return (*out, (start, last)) if start <= last else tuple(out)
