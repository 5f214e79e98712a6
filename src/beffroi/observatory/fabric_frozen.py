"""The fabric of a month as pages read it: computed once from the register, frozen, and put in place in one step.

    fabric/index.json                  which folder holds which month
    fabric/2026-11-<digest>/           tables of one month as Parquet, with `about.json`

Pages never count in the register: what they show was protected all at once when it was frozen, every perimeter beside
every other. Months stand side by side, each as it was frozen.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from beffroi.observatory.fabric_subject import SOURCE, SYNTHETIC
from beffroi.store.digest import digest_text
from beffroi.store.swap import locked, new_folder, write_text
from beffroi.store.tables import read_parquet, write_parquet
from beffroi.vocabulary.errors import StoreError, UnknownDefinitionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from beffroi.store.tables import Rows, Value

_COUNTS = ("units", "establishments", "jobs", "jobs_reason", "all_establishments", "share", "quotient", "low", "high",
           "symmetric", "reading")  # fmt: skip
_DEMOGRAPHY = ("active", "births", "deaths", "birth_rate", "death_rate", "survival_1", "survival_3", "survival_5")
# Columns of each table. The first is what it is looked up by, the last why a row is secret.
TABLES: dict[str, tuple[str, ...]] = {
    "territories": ("perimeter", "level", "territory", "name", *_COUNTS, "before", "reason"),
    "communes": ("perimeter", "level", "territory", "name", *_COUNTS, "before", "reason"),
    "perimeters": ("perimeter", "nomenclature", "territory", "units", "establishments", "jobs", "jobs_reason",
                   "reason"),
    "sizes": ("perimeter", "territory", "size", "establishments", "reason"),
    "years": ("perimeter", "territory", "name", "year", *_DEMOGRAPHY, "reason"),
    "stocks": ("sector", "territory", "year", "establishments", "reason"),
    "races": ("perimeter", "against", "territory", "answer", "year", "low", "high", "yearly", "reason"),
    "related": ("territory", "activity", "specialised", "density", "reason"),
    "activities": ("perimeter", "activity", "inside", "to_technology", "to_commerce", "axis"),
    "accounts": ("perimeter", "territory", "name", "year", "figure", "firms", "median", "unit", "reason"),
    "points": ("level", "territory", "x", "y"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """What frozen figures say of themselves.

    `before` is the month they are compared with, "" for none; `perimeters` maps each id to its version, the first being
    what pages show unless asked; `has` names the tables of the register that need not be there and were.
    """

    month: str
    before: str
    perimeters: dict[str, str]
    nomenclature: str
    built_on: str
    synthetic: bool
    has: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Where the figures come from."""
        return SYNTHETIC if self.synthetic else SOURCE

    @property
    def perimeter(self) -> str:
        """What pages show unless asked."""
        return next(iter(self.perimeters))


@dataclass(frozen=True)
class Frozen:
    """Figures of a month; a table is read when it is first asked for and stays."""

    about: About
    folder: Path
    _held: dict[str, dict[str, list[dict[str, Value]]]] = field(default_factory=dict)

    def rows(self, table: str, territory: str) -> list[dict[str, Value]]:
        """Rows of a territory by their columns, in the order frozen; of all perimeters.

        Tables without territories are looked up by their first column (`activities` by perimeter).
        """
        if table not in self._held:
            columns, found = read_parquet(self.folder / f"{table}.parquet")
            key = "territory" if "territory" in columns else columns[0]
            by: dict[str, list[dict[str, Value]]] = {}
            for row in found:
                one = dict(zip(columns, row, strict=True))
                by.setdefault(str(one[key]), []).append(one)
            if table == "territories":
                self._leave_out_secrets_of_before(by)
            self._held[table] = by
        return self._held[table].get(territory, [])

    def _leave_out_secrets_of_before(self, rows: Mapping[str, list[dict[str, Value]]]) -> None:
        """Compare only with what is shown of the month before: frozen since, or again, it may hide more."""
        into = self.folder.parent
        earlier = read(into, self.about.before) if self.about.before in months_frozen(into) else None
        if earlier is None:
            return
        shown = shown_then(earlier, self.about.perimeters)
        for one in (row for held in rows.values() for row in held):
            if shown.get((str(one["perimeter"]), str(one["level"]), str(one["territory"]))) != one["before"]:
                one["before"] = None

    def of(self, table: str, territory: str, perimeter: str) -> list[dict[str, Value]]:
        """Rows of a territory and perimeter."""
        return [one for one in self.rows(table, territory) if one["perimeter"] == perimeter]

    def perimeter(self, wanted: str | None) -> str:
        """The perimeter asked for, or the one shown by default.

        Raises:
            UnknownDefinitionError: none of that name was frozen.
        """
        if wanted and wanted not in self.about.perimeters:
            raise UnknownDefinitionError(
                f"'{wanted}' is no perimeter of this fabric. Choose one of {', '.join(self.about.perimeters)}."
            )
        return wanted or self.about.perimeter

    @cached_property
    def codes(self) -> frozenset[str]:
        """Territories that have figures, communes apart."""
        self.rows("territories", "")
        return frozenset(self._held["territories"])


def months_frozen(into: Path) -> dict[str, str]:
    """Folder of each month, oldest first; none where nothing was frozen.

    Raises:
        StoreError: the index is damaged.
    """
    path = into / "index.json"
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return {str(month): str(held[month]) for month in sorted(held)}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError) as error:
        raise StoreError(f"{path} cannot be read ({error}). Run './beffroi fabric build' again.") from error


def read(into: Path, month: str | None = None) -> Frozen | None:
    """The fabric of a month, by default the newest; None when none was built.

    Raises:
        StoreError: it is damaged, or not that month.
    """
    held = months_frozen(into)
    if not held:
        return None
    chosen = month or max(held)
    if chosen not in held:
        raise UnknownDefinitionError(f"The fabric of '{chosen}' is not here. Months frozen: {', '.join(held)}.")
    folder = into / held[chosen]
    try:
        said = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        return Frozen(About(**said | {"has": tuple(said["has"])}), folder)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise StoreError(f"{folder} cannot be read ({error}). Run './beffroi fabric build' again.") from error


def shown_then(frozen: Frozen, perimeters: Mapping[str, str]) -> dict[tuple[str, str, str], int]:
    """Establishments that a month shows, by perimeter, level and code, where it froze the perimeter in this version.

    Args:
        frozen: the month.
        perimeters: versions of the perimeters asked for, by id.
    """
    columns = ("perimeter", "level", "territory", "establishments", "reason")
    _, rows = read_parquet(frozen.folder / "territories.parquet", columns)
    alike = {one for one, version in perimeters.items() if frozen.about.perimeters.get(one) == version}
    return {(one, level, code): int(count) for one, level, code, count, why in rows if one in alike and not why}


def keep(into: Path, about: About, tables: Mapping[str, Sequence[tuple[Value, ...]]]) -> Path:
    """Write the tables of a month and put them in the place of what pages read of it before.

    Raises:
        StoreError: the disk is full; what was there stays.
        BusyError: another build is under way.
    """
    text = json.dumps(asdict(about), ensure_ascii=False, indent=1)
    name = f"{about.month}-{digest_text(text + json.dumps(tables, ensure_ascii=False))[:12]}"
    with locked(into, doing="freeze the fabric"):
        if not (into / name).is_dir():
            with new_folder(into / name) as part:
                (part / "about.json").write_text(text, encoding="utf-8")
                for table, header in TABLES.items():
                    columns = list(zip(*tables[table], strict=True)) or [()] * len(header)
                    write_parquet(part / f"{table}.parquet", dict(zip(header, map(list, columns), strict=True)))
        held = months_frozen(into)
        write_text(into / "index.json", json.dumps(held | {about.month: name}, indent=1) + "\n")
        replaced = held.get(about.month)
        if replaced and replaced != name:
            shutil.rmtree(into / replaced, ignore_errors=True)
    return into / name


def table_rows(frozen: Frozen, table: str) -> Rows:
    """All rows of a table, as they were frozen."""
    return read_parquet(frozen.folder / f"{table}.parquet")[1]
